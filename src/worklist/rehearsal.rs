//! How things will stand on a later day, if what is planned is done, and some acts beside it.
//!
//! This is what a plan is made of: which verdicts will be lost on a day, which acts could serve them,
//! and how all stands with acts that are tried. Nothing is known here of what rules mean.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::cluster::{Asking, Homes, Target, clusters, least_recent};
use super::open::sees;
use super::trial::{Entry, FIELDS, enter};
use crate::engine::{self, Evaluation, Known, Store, in_parts, part_size};
use crate::model::calendar::{Calendar, Days, Unit};
use crate::model::{
    Activity, ActivityStatus, Dataset, FieldRef, Item, Noun, Number, Problems, Value,
};
use crate::plan::{Plan, Sees};
use crate::ruleset::{EvaluateError, Options, RuleSet};
use crate::verdict::{Period, RuleInfo, Status, Subject};

/// How many of a seller's things are proposed for what is asked of the seller, of each noun.
const MOST_PROPOSED: usize = 40;

/// How many decisions are looked at in one piece of work.
const MOST_AT_A_TIME: usize = 1024;

/// Rules and data as of a moment, from which it is looked ahead.
///
/// What is planned is taken to be done on its day; customers, leads and opportunities stay as they are,
/// and nothing else happens but the acts that are tried or booked.
///
/// ```
/// use kadence::worklist::rehearsal::Rehearsal;
/// use kadence::{AsOf, Customer, Dataset, NoFiles, Options, RuleSet, Seller};
///
/// let rules = RuleSet::compile("calls.kpi", "customer: visit every 90 days", &NoFiles)?;
/// let mut data = Dataset::builder(rules.schema());
/// data.add(Seller::new("kim"));
/// let (owner, created) = (Some("kim".into()), "2024-01-01".parse().ok());
/// data.add(Customer { owner, created, ..Customer::new("acme") });
/// let (data, _notes) = data.build()?;
///
/// let options = Options::at("2026-11-15".parse::<AsOf>()?);
/// let rehearsal = Rehearsal::new(&rules, &data, &options)?;
/// let day = "2026-11-30".parse()?;
/// let lost = rehearsal.lost(day, &[])?;
/// assert_eq!(lost[0].subject, "acme");
///
/// // One visit would do.
/// let tries = rehearsal.tries(&lost);
/// assert_eq!(tries[0].kinds, ["visit"]);
/// let at = "2026-11-20T09:00".parse::<kadence::Moment>()?;
/// let (id, kind) = ("v1".into(), tries[0].kinds[0].clone());
/// let visit = kadence::Activity { id, kind, at, ..tries[0].about[0].clone() };
/// assert!(rehearsal.lost(day, &[visit])?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Rehearsal<'r> {
    rules: &'r RuleSet,
    plan: Arc<Plan>,
    /// As things were at first, and with what is booked.
    base: Store,
    store: Store,
    homes: Homes,
    sees: Vec<Sees>,
    reads: BTreeSet<FieldRef>,
    options: Options,
    /// Where the range of deadlines starts.
    from: NaiveDate,
    /// What is lost for good as of the moment: by rule and subject, the first days of the periods.
    gone: HashMap<usize, HashMap<String, Vec<Option<NaiveDate>>>>,
    /// The ids of what is booked.
    booked: HashSet<String>,
}

/// Acts about different homes touch none of each other's verdicts: a customer with all that is its, a
/// lead, a campaign, or what is asked of a seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Home(Item);

impl Home {
    /// Whether what is judged of it rests on others too: acts about it are tried by themselves.
    pub fn rests_on_others(self) -> bool {
        matches!(self.0.noun, Noun::Campaign | Noun::Seller)
    }

    /// Whether it is what is asked of a seller.
    pub fn is_seller(self) -> bool {
        self.0.noun == Noun::Seller
    }
}

/// A verdict that will be missed or at risk.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// The place of the rule in [`Rehearsal::rules`].
    pub rule: usize,
    /// The id of the subject, which is of the rule's noun.
    pub subject: String,
    /// The id of the seller it belongs to.
    pub owner: Option<String>,
    /// Whose acts could serve it; none of a team's or the company's.
    pub home: Option<Home>,
    /// The days that it is about; none for a standing condition without a window. Where acts are tried,
    /// of rules alone that are judged for every period.
    pub period: Option<Period>,
    /// Whether the rule is judged for every period, as `per month` is.
    pub recurs: bool,
    /// Missed or at risk.
    pub status: Status,
    /// How far what is measured falls short of a target that is higher.
    pub missing: Option<Number>,
    /// Whether it holds or does not on every day anew, as `every 90 days` does: what is kept on one day
    /// can be lost on the next. Not looked at where acts are tried.
    pub is_standing: bool,
    /// Of what is standing, where no acts are tried, the id of the last that counted: what is asked for
    /// again after another is another verdict to a plan.
    pub rests_on: Option<String>,
}

impl Lost {
    /// What tells it from every other of the same day: rule, subject, and the first day of its period
    /// where there are several.
    pub fn key(&self) -> (usize, &str, Option<NaiveDate>) {
        (self.rule, &self.subject, self.period.filter(|_| self.recurs).map(|period| period.from))
    }
}

/// Acts of which one could serve what will be lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// Where it belongs.
    pub home: Home,
    /// The id of the seller who is to act; none where nobody owns what it is about.
    pub seller: Option<String>,
    /// What an act would be about, as a planned activity without id, kind and time. Where there are
    /// several, each serves as well as the first; the one that was left alone longest comes first.
    pub about: Vec<Activity>,
    /// Of one of these kinds: to the rules they are the same.
    pub kinds: Vec<String>,
}

impl<'r> Rehearsal<'r> {
    /// Prepares data for rules as of a moment; [`Options::only`] and [`Options::history`] are not
    /// looked at.
    ///
    /// # Errors
    ///
    /// The dataset was built for rules with another zone, other kinds or other fields.
    pub fn new(
        rules: &'r RuleSet,
        data: &Dataset,
        options: &Options,
    ) -> Result<Self, EvaluateError> {
        if !rules.schema().fits(data.schema()) {
            return Err(EvaluateError::OtherSchema);
        }
        let plan = rules.plan_for(data.schema());
        let reads = plan.reads().fields;
        let done = done_when_planned(data, options.as_of.instant(rules.compiled()));
        let mut store = Store::new(&done, &plan.calendar, &reads);
        store.warm(&plan.owners());
        let now = engine::Moment::new(&plan.calendar, options.as_of.instant(rules.compiled()));
        // Nothing is left out of what happens from now on.
        store.complete_through = store.complete_through.filter(|last| *last < now.day);
        let from = options.from.unwrap_or_else(|| plan.calendar.period(Unit::Year, now.day).first);
        let mut rehearsal = Rehearsal {
            homes: Homes::new(&store),
            sees: sees(&plan),
            rules,
            plan,
            base: store.clone(),
            store,
            reads,
            options: options.clone(),
            from,
            gone: HashMap::new(),
            booked: HashSet::new(),
        };
        let evaluation = rehearsal.evaluation(&rehearsal.store, rehearsal.now()).decide();
        let lost = rehearsal.short(&evaluation, true, |decisions, place| decisions.is_final(place));
        drop(evaluation);
        for one in lost {
            let periods = rehearsal.gone.entry(one.rule).or_default().entry(one.subject);
            periods.or_default().push(one.period.map(|period| period.from));
        }
        Ok(rehearsal)
    }

    /// The first instant that has not happened yet.
    pub fn now(&self) -> DateTime<Utc> {
        self.options.as_of.instant(self.rules.compiled())
    }

    /// The last day of which all activities are known, where that is before the as-of day: after it,
    /// what rules ask is not known.
    pub fn known_through(&self) -> Option<NaiveDate> {
        self.store.complete_through
    }

    /// The first day that is not over.
    pub fn first_open_day(&self) -> NaiveDate {
        self.moment(self.now()).first_open_day()
    }

    /// The rules, as written.
    pub fn rules(&self) -> impl Iterator<Item = RuleInfo> {
        self.rules.rules()
    }

    /// The days of the calendar.
    #[doc(hidden)]
    pub fn calendar(&self) -> &Calendar {
        &self.plan.calendar
    }

    /// A thing with its name.
    pub fn named(&self, noun: Noun, id: &str) -> Option<Subject> {
        let item = self.store.find(noun, id)?;
        Some(Subject {
            kind: noun.singular().to_owned(),
            id: id.to_owned(),
            name: self.store.name(item).map(str::to_owned),
        })
    }

    /// The workdays of a seller among some days: those on which the seller is there.
    pub fn workdays(&self, seller: &str, from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
        let Some(seller) = self.store.find(Noun::Seller, seller) else { return Vec::new() };
        let evaluation = self.evaluation(&self.store, self.now());
        let is_there =
            |day: &NaiveDate| evaluation.workdays_of(seller, Days { first: *day, last: *day }) > 0;
        Days { first: from, last: until }.iter().filter(is_there).collect()
    }

    /// What will be lost when a day is over and can still be kept as of the moment, with acts as if they
    /// had been done: rules as written, the subjects of each in the order in which they are kept,
    /// periods by date. `per UNIT` rules are judged for every period that is not over yet. Of the acts
    /// themselves only what other acts can mend is judged: what has to be written down of them is known
    /// when they are done.
    ///
    /// # Errors
    ///
    /// The id of an act is there already, or its kind or something that it names is not.
    pub fn lost(&self, day: NaiveDate, acts: &[Activity]) -> Result<Vec<Lost>, Problems> {
        match acts {
            [] => Ok(self.lost_in(&self.store, day, acts, true)),
            acts => Ok(self.lost_in(&self.entered(&self.store, acts)?, day, acts, false)),
        }
    }

    fn lost_in(
        &self,
        store: &Store,
        day: NaiveDate,
        acts: &[Activity],
        with_details: bool,
    ) -> Vec<Lost> {
        let evaluation = self.evaluation(store, self.plan.calendar.end_of(day));
        let evaluation = evaluation.with_periods_since(self.first_open_day()).decide();
        let mut lost = self.short(&evaluation, with_details, |_, _| true);
        let tried: HashSet<&str> = acts.iter().map(|act| act.id.as_str()).collect();
        let is_act = |id: &str| tried.contains(id) || self.booked.contains(id);
        lost.retain(|one| {
            let Lost { rule, subject, .. } = one;
            let is_mended =
                || self.asks(*rule) || !self.is_about_activities(*rule) || !is_act(subject);
            let from = one.period.map(|period| period.from);
            let gone = self.gone.get(rule).and_then(|gone| gone.get(subject));
            !gone.is_some_and(|gone| gone.contains(&from)) && is_mended()
        });
        lost
    }

    /// The ids of what counts for verdicts when a day is over, in their order: with what is booked, what
    /// does for those that were lost before.
    pub fn counted(&self, day: NaiveDate, verdicts: &[Lost]) -> Vec<Vec<String>> {
        let evaluation = self.evaluation(&self.store, self.plan.calendar.end_of(day));
        let evaluation = evaluation.with_periods_since(self.first_open_day()).decide();
        let places: HashMap<_, usize> =
            verdicts.iter().enumerate().map(|(place, one)| (one.key(), place)).collect();
        let mut counted = vec![Vec::new(); verdicts.len()];
        for (rule, decisions) in evaluation.decided() {
            if !verdicts.iter().any(|one| one.rule == rule) {
                continue;
            }
            let recurs = self.recurs(rule);
            for decision in 0..decisions.len() {
                let subject = evaluation.subject(rule, decision);
                let period = if recurs { evaluation.period(rule, decision) } else { None };
                let key = (rule, &*subject, period.map(|period| period.from));
                if let Some(counted) = places.get(&key).and_then(|place| counted.get_mut(*place)) {
                    *counted = evaluation.evidence(rule, decision);
                }
            }
        }
        counted
    }

    fn recurs(&self, rule: usize) -> bool {
        self.plan.rules.get(rule).is_some_and(|rule| rule.unit.is_some())
    }

    /// Books acts: from now on they are done on their days, as what is planned is.
    ///
    /// # Errors
    ///
    /// As [`Rehearsal::lost`]; then nothing is booked.
    pub fn book(&mut self, acts: &[Activity]) -> Result<(), Problems> {
        self.store = self.entered(&self.store, acts)?;
        self.booked.extend(acts.iter().map(|act| act.id.clone()));
        Ok(())
    }

    /// Books these acts instead of all that are booked.
    ///
    /// # Errors
    ///
    /// As [`Rehearsal::lost`]; then all stays booked as it was.
    pub fn book_instead(&mut self, acts: &[Activity]) -> Result<(), Problems> {
        self.store = self.entered(&self.base, acts)?;
        self.booked = acts.iter().map(|act| act.id.clone()).collect();
        Ok(())
    }

    /// What [`Rehearsal::lost`] says, if these acts were booked instead of all that are booked.
    ///
    /// # Errors
    ///
    /// As [`Rehearsal::lost`].
    pub fn lost_instead(&self, day: NaiveDate, acts: &[Activity]) -> Result<Vec<Lost>, Problems> {
        Ok(self.lost_in(&self.entered(&self.base, acts)?, day, acts, false))
    }

    /// Whether a rule asks for activities of any kind.
    fn asks(&self, rule: usize) -> bool {
        let sees = self.sees.get(rule);
        sees.is_some_and(|sees| (0..sees.kinds.len()).any(|kind| sees.asks_for(kind)))
    }

    fn is_about_activities(&self, rule: usize) -> bool {
        self.plan.rules.get(rule).is_some_and(|rule| rule.noun == Noun::Activity)
    }

    /// Acts of which one each could serve what will be lost: by home.
    pub fn tries(&self, lost: &[Lost]) -> Vec<Try> {
        let evaluation = &self.evaluation(&self.store, self.now());
        let nouns: Vec<Noun> = self.plan.rules.iter().map(|rule| rule.noun).collect();
        let asking = |lost: &Lost| {
            let subject = self.store.find(*nouns.get(lost.rule)?, &lost.subject)?;
            Some(Asking { rule: lost.rule, subject, owner: self.store.owner(subject) })
        };
        let mut asking: Vec<Asking> = lost.iter().filter_map(asking).collect();
        asking.dedup_by_key(|one| (one.rule, one.subject));
        let of_clusters = clusters(evaluation, &asking, &self.sees).into_iter();
        let of_cluster = |cluster: super::cluster::Cluster| {
            let home = Home(lasting(&self.store, cluster.home));
            let of_trial = move |trial: super::cluster::Trial| Try {
                home,
                seller: trial.target.seller.map(|seller| self.store.id(seller).into_owned()),
                about: self.with_whom(evaluation, &trial.target),
                kinds: self.kinds(&trial.kinds),
            };
            cluster.trials.into_iter().map(of_trial).collect::<Vec<_>>()
        };
        let tries: Vec<Try> = of_clusters.flat_map(of_cluster).collect();
        let of_sellers = self.tries_of_sellers(evaluation, &asking);
        tries.into_iter().chain(of_sellers).collect()
    }

    /// The same act with each of those with whom it could be.
    fn with_whom(&self, evaluation: &Evaluation<'_>, target: &Target) -> Vec<Activity> {
        if target.with.is_none() {
            return vec![self.about(target)];
        }
        let contacts = least_recent(evaluation, target.item).into_iter().take(MOST_PROPOSED);
        contacts.map(|with| self.about(&Target { with: Some(with), ..*target })).collect()
    }

    /// What would serve what is asked of sellers: acts with whom or what they look after.
    fn tries_of_sellers(&self, evaluation: &Evaluation<'_>, asking: &[Asking]) -> Vec<Try> {
        let mut by_seller: BTreeMap<Item, Vec<&Sees>> = BTreeMap::new();
        for one in asking.iter().filter(|one| one.subject.noun == Noun::Seller) {
            by_seller.entry(one.subject).or_default().extend(self.sees.get(one.rule));
        }
        let mut tries = Vec::new();
        for (seller, sees) in by_seller {
            for (noun, things) in self.looked_after(evaluation, seller) {
                let target = |item| Target { item, with: None, seller: Some(seller) };
                let about: Vec<Activity> = match noun {
                    Noun::Seller => vec![self.about(&target(seller))],
                    _ => things.into_iter().map(|thing| self.about(&target(thing))).collect(),
                };
                if about.is_empty() {
                    continue;
                }
                tries.extend(super::cluster::alike(&sees).into_iter().map(|kinds| Try {
                    home: Home(seller),
                    seller: Some(self.store.id(seller).into_owned()),
                    about: about.clone(),
                    kinds: self.kinds(&kinds),
                }));
            }
        }
        tries
    }

    /// A seller's customers, open leads and open opportunities: with whom nobody has spoken for longest
    /// comes first, and who has something planned last. Then the seller, for what is with nobody.
    fn looked_after(&self, evaluation: &Evaluation<'_>, seller: Item) -> Vec<(Noun, Vec<Item>)> {
        let fields = &self.store.fields;
        let is_open = |item: &Item| {
            let field = match item.noun {
                Noun::Lead => fields.lead_status,
                Noun::Opportunity => fields.opportunity_status,
                _ => return true,
            };
            matches!(self.store.raw(*item, field), Some(Known::Text("open")))
        };
        let of = |noun: Noun| {
            let rows = self.store.things_of(seller, noun).iter();
            let things = rows.map(|row| Item { noun, row: *row });
            let things = things.filter(|item| self.store.owner(*item) == Some(seller));
            let mut things: Vec<Item> = things.filter(is_open).collect();
            things.sort_by_cached_key(|item| {
                let (last, next) = evaluation.last_and_next(*item, |_| true);
                let day = |activity: Item| self.store.day(activity.row);
                (next.map(day), last.map(day), *item)
            });
            things.truncate(MOST_PROPOSED);
            (noun, things)
        };
        let nouns = [Noun::Customer, Noun::Lead, Noun::Opportunity];
        nouns.into_iter().map(of).chain([(Noun::Seller, Vec::new())]).collect()
    }

    fn about(&self, target: &Target) -> Activity {
        let name = |noun: Noun| target.thing(&self.store, noun);
        let id = |noun: Noun| name(noun).map(|thing| self.store.id(thing).into_owned());
        Activity {
            seller: id(Noun::Seller),
            customer: id(Noun::Customer),
            contact: id(Noun::Contact),
            lead: id(Noun::Lead),
            opportunity: id(Noun::Opportunity),
            campaign: id(Noun::Campaign),
            follows: id(Noun::Activity),
            ..Activity::new("", "", ActivityStatus::Planned, self.now())
        }
    }

    fn kinds(&self, places: &[usize]) -> Vec<String> {
        let all = self.store.schema.kinds();
        places.iter().filter_map(|place| all.get(*place).cloned()).collect()
    }

    fn moment(&self, at: DateTime<Utc>) -> engine::Moment {
        engine::Moment::new(&self.plan.calendar, at)
    }

    fn evaluation<'s>(&'s self, store: &'s Store, as_of: DateTime<Utc>) -> Evaluation<'s> {
        let options = engine::Options { as_of, from: Some(self.from), history: false, only: &[] };
        Evaluation::new(self.rules.compiled(), self.plan.clone(), store, &options)
            .in_language(self.options.language)
    }

    /// The data with acts in it, each booked at the last moment.
    fn entered(&self, store: &Store, acts: &[Activity]) -> Result<Store, Problems> {
        let created = (self.now() - TimeDelta::microseconds(1)).timestamp_micros();
        let entries = acts.iter().map(|act| Entry {
            id: Cow::Borrowed(&*act.id),
            kind: &act.kind,
            at: act.at.resolve(self.plan.calendar.zone).timestamp_micros(),
            created,
            minutes: act.minutes.and_then(|minutes| i64::try_from(minutes).ok()),
            names: FIELDS.map(|(_, noun)| name(act, noun).as_deref().map(Cow::Borrowed)),
        });
        let entries: Vec<Entry<'_>> = entries.collect();
        enter(store, &entries, &self.reads)
    }

    /// What is missed or at risk, of those that are meant.
    fn short(
        &self,
        evaluation: &Evaluation<'_>,
        with_details: bool,
        is_meant: impl Fn(&engine::Decisions, usize) -> bool + Sync,
    ) -> Vec<Lost> {
        let of_rule = |(rule, decisions): (usize, &engine::Decisions)| {
            let is_short = |place: &usize| {
                matches!(decisions.status(*place), Status::Missed | Status::AtRisk)
                    && is_meant(decisions, *place)
            };
            let of_place =
                |place| self.short_one(evaluation, with_details, (rule, decisions, place));
            let count = decisions.len();
            in_parts(count, part_size(count, MOST_AT_A_TIME), |places| {
                places.filter(is_short).filter_map(of_place).collect::<Vec<_>>()
            })
        };
        evaluation.decided().flat_map(of_rule).flatten().collect()
    }

    fn short_one(
        &self,
        evaluation: &Evaluation<'_>,
        with_details: bool,
        (rule, decisions, place): (usize, &engine::Decisions, usize),
    ) -> Option<Lost> {
        let store = evaluation.store();
        let subject = evaluation.item(rule, place)?;
        let missing = decisions.target(place).zip(decisions.measured(place));
        let missing = missing.map(|(target, measured)| target - measured);
        let id = evaluation.subject(rule, place).into_owned();
        let recurs = self.recurs(rule);
        let may_be_gone = || self.gone.get(&rule).is_some_and(|gone| gone.contains_key(&id));
        let has_period = with_details || recurs || may_be_gone();
        let period = if has_period { evaluation.period(rule, place) } else { None };
        // A window that ends today, and goes on tomorrow.
        let goes_on = |period: Period| period.to == evaluation.day();
        let is_standing = with_details && period.is_none_or(goes_on) && !decisions.is_final(place);
        let rests_on = || evaluation.evidence(rule, place).pop();
        let home = match subject.noun {
            Noun::Seller => Some(subject),
            _ => self.homes.of(store, subject),
        };
        Some(Lost {
            rule,
            subject: id,
            owner: store.owner(subject).map(|owner| store.id(owner).into_owned()),
            home: home.map(|home| Home(lasting(store, home))),
            rests_on: if is_standing { rests_on() } else { None },
            is_standing,
            period,
            recurs,
            status: decisions.status(place),
            missing: missing.filter(|missing| !missing.is_negative() && !missing.is_zero()),
        })
    }
}

/// A home that stays the same when activities are added: their rows do not, and are made from their ids.
fn lasting(store: &Store, home: Item) -> Item {
    let of_id = |id: &str| {
        id.bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    };
    match home.noun {
        Noun::Activity => Item { noun: home.noun, row: of_id(&store.id(home)) },
        _ => home,
    }
}

/// What an activity names.
fn name(act: &Activity, noun: Noun) -> &Option<String> {
    match noun {
        Noun::Seller => &act.seller,
        Noun::Customer => &act.customer,
        Noun::Contact => &act.contact,
        Noun::Lead => &act.lead,
        Noun::Opportunity => &act.opportunity,
        Noun::Campaign => &act.campaign,
        _ => &act.follows,
    }
}

/// The data with what is planned from a moment on as done: before its time it is planned still.
fn done_when_planned(data: &Dataset, now: DateTime<Utc>) -> Dataset {
    let mut done = data.clone();
    let schema = data.schema();
    let (Some(status), Some(at)) =
        (schema.field_ref(Noun::Activity, "status"), schema.field_ref(Noun::Activity, "at"))
    else {
        return done;
    };
    let completed = data.items(Noun::Activity).find_map(|item| match data.value(item, status) {
        Value::Text(text) if &**text == "completed" => Some(Value::Text(text.clone())),
        _ => None,
    });
    let completed = completed.unwrap_or_else(|| Value::Text("completed".into()));
    for item in data.items(Noun::Activity) {
        let is_planned =
            matches!(data.value(item, status), Value::Text(text) if &**text == "planned");
        let is_ahead = matches!(data.value(item, at), Value::Instant(at, _) if *at >= now);
        if is_planned && is_ahead {
            done.set(item, status, completed.clone());
        }
    }
    done
}
