//! Rules judged as of the ends of earlier periods.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Datelike, NaiveDate};

use super::deals::{Sales, first_activities};
use super::strata::{Sized, in_thirds};
use super::{Desk, Hindsight, LeftOut, Observation, Observed};
use crate::check::rules::{Condition, Rule};
use crate::engine::{Evaluation, Known};
use crate::model::calendar::{Days, Unit, plus_months};
use crate::model::{FieldRef, Item, Noun};
use crate::plan::lasts;
use crate::verdict::{RuleInfo, Status};

/// As of how many periods a rule is judged at most, the latest ones: ten years of weeks.
const MOST_PERIODS: usize = 520;

/// What is observed of one rule, as it comes.
struct Watch {
    info: RuleInfo,
    /// Whether each of its subjects is judged once, when its deadline is over or its day has come.
    is_once: bool,
    /// Whether nothing is asked but that a deadline is kept, so that it is known when it is over who did.
    is_timed: bool,
    seen: HashSet<Item>,
    places: HashMap<Item, usize>,
    subjects: Vec<Sized>,
    observations: Vec<Observation>,
    landmarks: Vec<NaiveDate>,
    left_out: LeftOut,
    hindsight: Hindsight,
}

impl Desk<'_> {
    /// Observes rules as of the end of each earlier period of theirs whose follow-up is over: of a
    /// rule without a period, of each month.
    pub(super) fn observe(
        &self,
        chosen: &[&Rule],
        (now, sales): (&Evaluation<'_>, &Sales),
        months: u32,
    ) -> Vec<Observed> {
        let today = now.day();
        let lowered = |id: &str| self.plan.rules.iter().find(|rule| *rule.id == *id);
        let mut watches: Vec<Watch> = chosen.iter().map(|rule| self.watch(rule, now)).collect();
        for unit in Unit::ALL {
            let is_of_unit = |watch: &&Watch| {
                let of = lowered(&watch.info.id).and_then(|rule| rule.unit);
                of.unwrap_or(Unit::Month) == unit
            };
            let only: Vec<String> =
                watches.iter().filter(is_of_unit).map(|watch| watch.info.id.clone()).collect();
            if only.is_empty() {
                continue;
            }
            for period in self.periods(unit, (today, months)) {
                let evaluation = self.judge(self.plan.calendar.end_of(period.last), &only);
                for (place, _) in evaluation.decided() {
                    let id = evaluation.rule(place);
                    if let Some(watch) = watches.iter_mut().find(|watch| watch.info.id == id) {
                        self.look(watch, (&evaluation, place), sales, (period, months));
                    }
                }
            }
        }
        watches.into_iter().map(Watch::observed).collect()
    }

    fn watch(&self, rule: &Rule, now: &Evaluation<'_>) -> Watch {
        let lowered = self.plan.rules.iter().find(|lowered| *lowered.id == *rule.id);
        let has_anchor = lowered.is_some_and(|lowered| lowered.anchor.is_some());
        let is_once = rule.subject.noun == Noun::Activity || has_anchor;
        let hindsight = lowered.map(|lowered| Hindsight::of(&self.plan, lowered, is_once, now));
        Watch {
            info: self.info(rule),
            is_once,
            is_timed: self.is_timed(rule),
            hindsight: hindsight.unwrap_or_default(),
            seen: HashSet::new(),
            places: HashMap::new(),
            subjects: Vec::new(),
            observations: Vec::new(),
            landmarks: Vec::new(),
            left_out: LeftOut::default(),
        }
    }

    /// Whether a rule asks nothing but that a deadline is kept, of those who are who they are for good.
    fn is_timed(&self, rule: &Rule) -> bool {
        let is_deadline = matches!(
            rule.condition,
            Condition::Within { .. } | Condition::KnownWithin { .. } | Condition::Followed { .. }
        );
        let lowered = self.plan.rules.iter().find(|lowered| *lowered.id == *rule.id);
        let population = lowered.map(|lowered| self.plan.reads_apart(lowered).0.fields);
        let store = &self.store.fields;
        let is_of_now = |fields: BTreeSet<FieldRef>| {
            fields.contains(&store.lead_status) || fields.contains(&store.opportunity_status)
        };
        let stays = lasts(&rule.subject) && !population.is_some_and(is_of_now);
        is_deadline && stays && rule.unless.is_none()
    }

    /// The periods of which all is known and whose follow-up is over, the earliest first.
    fn periods(&self, unit: Unit, (today, months): (NaiveDate, u32)) -> Vec<Days> {
        let calendar = &self.plan.calendar;
        let Some(first) = self.first_day() else { return Vec::new() };
        let mut periods = Vec::new();
        let mut period = calendar.period(unit, today);
        while period.first >= first && periods.len() < MOST_PERIODS {
            if plus_months(period.last, i64::from(months)) <= today {
                periods.push(period);
            }
            let before = calendar.previous(unit, period);
            if before.first >= period.first {
                break;
            }
            period = before;
        }
        periods.reverse();
        periods
    }

    /// From which day on there is data: the one that the dataset names, else that of the earliest activity;
    /// where there is none, of the earliest lead or opportunity.
    fn first_day(&self) -> Option<NaiveDate> {
        let store = self.store;
        let created =
            |noun, field| store.items(noun).filter_map(move |item| store.date(item, field));
        let opportunities = created(Noun::Opportunity, store.fields.opportunity_created);
        let leads = created(Noun::Lead, store.fields.lead_created);
        first_activities(store).or_else(|| opportunities.chain(leads).min())
    }

    /// How many whole months before a day a customer, lead or opportunity was created.
    fn months_old(&self, evaluation: &Evaluation<'_>, whose: Item, day: NaiveDate) -> Option<u32> {
        if !matches!(whose.noun, Noun::Customer | Noun::Lead | Noun::Opportunity) {
            return None;
        }
        let field = self.store.creation_field(whose.noun)?;
        let created = evaluation.value(whose, field).and_then(Known::day)?;
        let months = |day: NaiveDate| 12 * day.year() + day.month0() as i32;
        let begun = months(day) - months(created);
        u32::try_from(begun - i32::from(day.day() < created.day())).ok()
    }

    /// What a rule says as of the end of a period.
    fn look(
        &self,
        watch: &mut Watch,
        (evaluation, place): (&Evaluation<'_>, usize),
        sales: &Sales,
        (period, months): (Days, u32),
    ) {
        let Some(decisions) = evaluation.of_rule(place) else { return };
        let at = watch.landmarks.len();
        watch.landmarks.push(period.last);
        for decision in 0..decisions.len() {
            let Some(judged) = evaluation.item(place, decision) else { continue };
            let landmark = match watch.is_once {
                true => watch.due(evaluation, (place, decision), (judged, period)),
                false => Some(period.last),
            };
            let Some(landmark) = landmark else { continue };
            let left_out = &mut watch.left_out;
            let met = match decisions.status(decision) {
                Status::Met => true,
                Status::Missed => false,
                status => {
                    *match status {
                        Status::NotApplicable => &mut left_out.not_applicable,
                        Status::Unknown => &mut left_out.unknown,
                        _ => &mut left_out.undecided,
                    } += 1;
                    continue;
                }
            };
            let Some(subject) = self.whose(judged) else {
                left_out.about_nobody += 1;
                continue;
            };
            if sales.is_settled(subject, landmark) {
                left_out.settled += 1;
                continue;
            }
            let next = watch.subjects.len();
            let place = *watch.places.entry(subject).or_insert(next);
            if place == next {
                watch.subjects.push(Sized::new(evaluation, subject, self.fields));
            }
            let until = Days { first: period.first, last: landmark };
            let (open_deals, deals_moved) = sales.open_deals(self.store, subject, until);
            watch.observations.push(Observation {
                subject: place,
                period: at,
                landmark,
                months_old: self.months_old(evaluation, subject, landmark),
                open_deals,
                deals_moved,
                met,
                results: sales.results(self.store, subject, (landmark, months)),
            });
        }
    }

    /// Whose results are looked at: a thing's own, unless it can have none.
    fn whose(&self, judged: Item) -> Option<Item> {
        let (store, fields) = (self.store, &self.store.fields);
        let either =
            |one, other| store.reference(judged, one).or_else(|| store.reference(judged, other));
        match judged.noun {
            Noun::Activity => either(fields.activity_opportunity, fields.activity_lead)
                .or_else(|| store.owners(judged, Noun::Customer).into_iter().next()),
            Noun::Member => either(fields.member_lead, fields.member_customer),
            Noun::Contact => store.reference(judged, fields.contact_customer),
            Noun::Absence => store.reference(judged, fields.absence_seller),
            _ => Some(judged),
        }
    }
}

impl Watch {
    /// As of when a subject that is judged once is to be looked at, if its deadline or its day lies in the
    /// period. What is over longer was not judged when it was over.
    fn due(
        &mut self,
        evaluation: &Evaluation<'_>,
        (place, decision): (usize, usize),
        (judged, period): (Item, Days),
    ) -> Option<NaiveDate> {
        if self.seen.contains(&judged) {
            return None;
        }
        let deadline = evaluation.period(place, decision).map(|days| days.to);
        let is_activity = judged.noun == Noun::Activity;
        let own = || is_activity.then(|| evaluation.store().day(judged.row));
        let Some(day) = deadline.or_else(own) else {
            // Nobody knows when its deadline is.
            self.seen.insert(judged);
            return Some(period.last);
        };
        if day > period.last {
            return None;
        }
        self.seen.insert(judged);
        let landmark = deadline.filter(|_| self.is_timed).unwrap_or(period.last);
        (day >= period.first).then_some(landmark)
    }

    fn observed(self) -> Observed {
        Observed {
            rule: self.info,
            subjects: in_thirds(self.subjects),
            observations: self.observations,
            landmarks: self.landmarks,
            left_out: self.left_out,
            hindsight: self.hindsight,
        }
    }
}
