//! From what will be lost to what is booked, in rounds: acts are proposed, booked, and all is judged
//! again with them; what asks again then, a follow-up of a meeting that was booked say, is for the next
//! round.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use kadence::worklist::rehearsal::{Home, Lost, Rehearsal};
use kadence::{Activity, Dataset, Noun, Number, Options, RuleSet, diagnostic::nearest};

use crate::ask::{Ask, FARTHEST, PlanError};
use crate::diary::{Diary, Hours, Lengths, diaries, slots_of_day};
use crate::id;
use crate::place::Met;
use crate::probe::{Key, Probe, key};
use crate::round::Round;
use crate::schedule::{Kept, Why};

/// How often it is booked and judged again at most, for each day that is looked at.
const ROUNDS: usize = 8;

/// How often acts are left out at most that cost more than they bring.
const RELIEVED: usize = 3;

/// An act that is booked.
#[derive(Debug, Clone)]
pub(crate) struct Act {
    /// As it stands in the data.
    pub(crate) activity: Activity,
    pub(crate) start: NaiveDateTime,
    pub(crate) minutes: u32,
    pub(crate) home: Home,
    pub(crate) seller: String,
    pub(crate) or: Vec<String>,
    pub(crate) by: Option<NaiveDate>,
    /// What it was booked for.
    pub(crate) serves: Vec<Lost>,
    pub(crate) place: Place,
}

/// A place in a diary: the day, the first slot, how many slots, and how many minutes.
pub(crate) type Place = (usize, u32, u32, u32);

/// What changes as acts are booked.
#[derive(Debug, Clone)]
struct Outset {
    diaries: BTreeMap<String, Diary>,
    met: Met,
    ends: HashMap<String, NaiveDateTime>,
    taken: HashSet<String>,
}

/// Where an act would have a place: with a seller on a day, if it starts in one of these slots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Room {
    pub(crate) seller: String,
    pub(crate) day: usize,
    pub(crate) starts: (u32, u32),
    pub(crate) slots: u32,
    pub(crate) minutes: u32,
}

/// Everything that a plan is made with.
pub(crate) struct Planner<'a> {
    pub(crate) ask: &'a Ask,
    pub(crate) rehearsal: Rehearsal<'a>,
    pub(crate) diaries: BTreeMap<String, Diary>,
    pub(crate) booked: Vec<Act>,
    pub(crate) weights: Vec<Number>,
    pub(crate) nouns: Vec<Noun>,
    pub(crate) ids: Vec<String>,
    pub(crate) by_seller: BTreeMap<String, Kept>,
    pub(crate) hours: Number,
    pub(crate) lengths: Lengths,
    /// How many of each kind were done: those are preferred that people do.
    pub(crate) usual: HashMap<String, u64>,
    pub(crate) prefix: String,
    /// The ids of acts of this plan, and of those that came before.
    pub(crate) taken: HashSet<String>,
    pub(crate) met: Met,
    /// When what is planned and booked is over.
    pub(crate) ends: HashMap<String, NaiveDateTime>,
    /// How all that was before anything was booked.
    outset: Outset,
    /// What acts can serve, and where.
    pub(crate) served: BTreeMap<Key, BTreeSet<Room>>,
    /// What acts could serve on days on which the seller is not there.
    missed: BTreeSet<Key>,
    /// What no act was found for as things stand.
    pub(crate) hopeless: BTreeSet<Key>,
    /// What was left since it costs more than it brings, and by which acts.
    pub(crate) costly: BTreeSet<Key>,
    pub(crate) avoided: BTreeSet<(Home, String)>,
    /// The last day by which what can be lost again has to be served.
    pub(crate) due: HashMap<(usize, String), NaiveDate>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(
        rules: &'a RuleSet,
        data: &Dataset,
        options: &Options,
        ask: &'a Ask,
    ) -> Result<Self, PlanError> {
        if let Some(seller) = &ask.seller
            && data.find(Noun::Seller, seller).is_none()
        {
            let ids = data.items(Noun::Seller).map(|item| data.id(item));
            let nearest = nearest(seller, ids).map(str::to_owned);
            return Err(PlanError::UnknownSeller { written: seller.clone(), nearest });
        }
        if ask.slot < 5 || slots_of_day(ask) == 0 {
            let Ask { starts, ends, slot, .. } = *ask;
            return Err(PlanError::NoSlot { starts, ends, slot });
        }
        let rehearsal = Rehearsal::new(rules, data, options)?;
        let first = rehearsal.first_open_day();
        if ask.until < first {
            return Err(PlanError::Past { until: ask.until, first });
        }
        let farthest = first + TimeDelta::days(FARTHEST - 1);
        if ask.until > farthest {
            return Err(PlanError::TooFarAhead { until: ask.until, farthest });
        }
        // What one rule asks is not looked at: only hours and minutes are.
        let only = rules.rules().take(1).map(|rule| rule.id).collect();
        let found = rules.feasibility(data, &Options { only, ..options.clone() }, Some(first))?;
        let hours = ask.hours.clone().unwrap_or_else(|| found.hours_per_workday.clone());
        if hours.is_negative() || hours > Number::from(24) {
            return Err(PlanError::NoSuchDay(hours));
        }
        let lengths = Lengths::new(&found, ask);
        let mut prefix = "act".to_owned();
        while data.items(Noun::Activity).any(|item| data.id(item).starts_with(&prefix)) {
            prefix.push('+');
        }
        let mut usual: HashMap<String, u64> = HashMap::new();
        if let Some(kind) = data.schema().field_ref(Noun::Activity, "kind") {
            for item in data.items(Noun::Activity) {
                if let kadence::internals::Value::Text(kind) = data.value(item, kind) {
                    *usual.entry(kind.to_string()).or_default() += 1;
                }
            }
        }
        let ids = data.items(Noun::Activity).map(|item| data.id(item));
        let ids = ids.filter(|id| id.starts_with(id::START));
        let taken: HashSet<String> = ids.map(str::to_owned).collect();
        let infos: Vec<_> = rehearsal.rules().collect();
        let noun = |name: &str| Noun::ALL.into_iter().find(|noun| noun.singular() == name);
        let diaries = diaries(data, &rehearsal, ask, &lengths, &hours);
        let (mut met, mut ends) = (Met::default(), HashMap::new());
        for planned in diaries.values().flat_map(|diary| &diary.planned) {
            let end = planned.start + TimeDelta::minutes(planned.minutes.into());
            ends.insert(planned.id.clone(), end);
        }
        met.add_planned(data, &diaries);
        let outset = Outset {
            diaries: diaries.clone(),
            met: met.clone(),
            ends: ends.clone(),
            taken: taken.clone(),
        };
        Ok(Planner {
            ask,
            diaries,
            booked: Vec::new(),
            weights: infos.iter().map(|rule| rule.weight.clone()).collect(),
            nouns: infos.iter().map(|rule| noun(&rule.subject).unwrap_or(Noun::Company)).collect(),
            ids: infos.into_iter().map(|rule| rule.id).collect(),
            by_seller: BTreeMap::new(),
            hours,
            lengths,
            usual,
            prefix,
            taken,
            met,
            ends,
            outset,
            served: BTreeMap::new(),
            missed: BTreeSet::new(),
            hopeless: BTreeSet::new(),
            costly: BTreeSet::new(),
            avoided: BTreeSet::new(),
            due: HashMap::new(),
            rehearsal,
        })
    }

    /// Books, and says what is lost in spite of it.
    pub(crate) fn run(&mut self) -> Result<Vec<Lost>, PlanError> {
        let until = self.ask.until;
        let at_first = self.lost(until)?;
        let checks = self.checks();
        for day in checks.iter().rev() {
            for lost in self.lost(*day)?.into_iter().filter(|lost| lost.is_standing) {
                self.due.insert((lost.rule, lost.subject), *day);
            }
        }
        // What is asked of sellers comes after what is asked of others, which may be enough for it.
        let mut most: BTreeMap<String, Number> = BTreeMap::new();
        let mut bounded: BTreeSet<Key> = BTreeSet::new();
        for of_sellers in [false, true] {
            let is_meant =
                |lost: &Lost| of_sellers || lost.home.is_some_and(|home| !home.is_seller());
            let first = self.rounds(until, is_meant)?;
            if !of_sellers {
                most = first;
                bounded = self.served.keys().cloned().collect();
                self.bundles(until)?;
            }
            // What can be lost again is kept on the way too, as far as there is time left.
            for day in &checks {
                self.hopeless.clear();
                self.rounds(*day, |lost| lost.is_standing && is_meant(lost))?;
            }
            self.hopeless.clear();
        }
        self.spare(until)?;
        for _ in 0..RELIEVED {
            let (before, lost) = (self.booked.clone(), self.lost(until)?);
            if !self.relieve(until, &at_first)? {
                break;
            }
            self.hopeless.clear();
            self.rounds(until, |_| true)?;
            if !self.keep_the_better(until, before, &lost)? {
                break;
            }
        }
        let lost = self.lost(until)?;
        self.count_for_others(until, &at_first, &lost);
        self.weigh(&at_first, &lost, &most, &bounded);
        self.hopeless.clear();
        self.look_elsewhere(&lost)?;
        Ok(lost)
    }

    /// Rounds until nothing more is booked, and the bounds of the first.
    fn rounds(
        &mut self,
        day: NaiveDate,
        is_meant: impl Fn(&Lost) -> bool,
    ) -> Result<BTreeMap<String, Number>, PlanError> {
        let Round { bounds, mut touched, mut wanted } = self.round(day, &is_meant)?;
        for _ in 1..ROUNDS {
            if touched.is_empty() {
                break;
            }
            // Elsewhere all is as it was, but for the time that is left.
            let may_do_more = |lost: &Lost| {
                let is_touched = lost.home.is_some_and(|home| touched.contains(&home));
                is_meant(lost) && (is_touched || !wanted.contains(&key(lost)))
            };
            let round = self.round(day, may_do_more)?;
            touched = round.touched;
            wanted.extend(round.wanted);
        }
        Ok(bounds)
    }

    /// Books acts, in the rules' eyes and in the diaries.
    pub(crate) fn book(&mut self, acts: Vec<Act>) -> Result<(), PlanError> {
        let activities: Vec<Activity> = acts.iter().map(|act| act.activity.clone()).collect();
        self.rehearsal.book(&activities)?;
        acts.into_iter().for_each(|act| self.write_down(act));
        Ok(())
    }

    fn write_down(&mut self, act: Act) {
        let (day, slot, slots, minutes) = act.place;
        if let Some(diary) = self.diaries.get_mut(&act.seller) {
            diary.book(day, slot, slots, minutes);
        }
        self.taken.insert(act.activity.id.clone());
        self.met.add(&act.activity, act.start.date());
        let end = act.start + TimeDelta::minutes(act.minutes.into());
        self.ends.insert(act.activity.id.clone(), end);
        self.booked.push(act);
    }

    /// Books these acts instead of all that are booked.
    pub(crate) fn book_instead(&mut self, acts: Vec<Act>) -> Result<(), PlanError> {
        let activities: Vec<Activity> = acts.iter().map(|act| act.activity.clone()).collect();
        self.rehearsal.book_instead(&activities)?;
        let Outset { diaries, met, ends, taken } = self.outset.clone();
        (self.diaries, self.met, self.ends, self.taken) = (diaries, met, ends, taken);
        self.booked.clear();
        acts.into_iter().for_each(|act| self.write_down(act));
        Ok(())
    }

    pub(crate) fn hours(&self) -> Hours<'_> {
        self.hours_of(&self.diaries)
    }

    fn hours_of<'h>(&'h self, diaries: &'h BTreeMap<String, Diary>) -> Hours<'h> {
        let zone = self.rehearsal.calendar().zone;
        let now = self.rehearsal.now().with_timezone(&zone).naive_local();
        Hours { ask: self.ask, now, diaries, ends: &self.ends }
    }

    /// Why something is not in the plan.
    pub(crate) fn why(&self, lost: &Lost) -> Why {
        let is_there = lost.owner.as_ref().is_some_and(|owner| {
            self.diaries.get(owner).is_some_and(|diary| !diary.days.is_empty())
        });
        let key = key(lost);
        match (lost.home, &lost.owner) {
            (None, _) => Why::Shared,
            (Some(_), None) => Why::Nobodys,
            _ if self.costly.contains(&key) => Why::Costs,
            _ if self.has_room(&key) => Why::NotEnough,
            _ if self.served.contains_key(&key) => Why::NoTime,
            _ if !is_there || self.missed.contains(&key) => Why::NotThere,
            _ => Why::NoAct,
        }
    }

    /// What is lost on a day, of whom the plan is for.
    pub(crate) fn lost(&self, day: NaiveDate) -> Result<Vec<Lost>, PlanError> {
        let mut lost = self.rehearsal.lost(day, &[])?;
        if let Some(seller) = &self.ask.seller {
            lost.retain(|one| one.owner.as_ref() == Some(seller));
        }
        Ok(lost)
    }

    /// The last days of the weeks on the way.
    fn checks(&self) -> Vec<NaiveDate> {
        let calendar = self.rehearsal.calendar();
        let week = |day| calendar.period(kadence::internals::calendar::Unit::Week, day).last;
        let mut day = week(self.rehearsal.first_open_day());
        let mut days = Vec::new();
        while day < self.ask.until {
            days.push(day);
            day += TimeDelta::days(7);
        }
        days
    }

    pub(crate) fn sum(&self, lost: &[Lost]) -> Number {
        lost.iter().fold(Number::zero(), |sum, one| sum + self.weight(one))
    }

    pub(crate) fn weight(&self, lost: &Lost) -> Number {
        self.weights.get(lost.rule).cloned().unwrap_or_else(Number::zero)
    }

    /// The id of the rule of a verdict.
    pub(crate) fn rule(&self, lost: &Lost) -> &str {
        self.ids.get(lost.rule).map_or("", String::as_str)
    }

    /// Whether there is time left for an act that would serve.
    fn has_room(&self, key: &Key) -> bool {
        let is_free = |room: &Room| {
            let starts = room.starts.0..=room.starts.1;
            let day = self.diaries.get(&room.seller).and_then(|diary| diary.days.get(room.day));
            day.is_some_and(|day| {
                day.minutes >= i64::from(room.minutes)
                    && day.gaps.iter().any(|gap| gap.first(&starts, room.slots).is_some())
            })
        };
        self.served.get(key).is_some_and(|rooms| rooms.iter().any(is_free))
    }

    /// Acts that were booked for others can count for their sellers, and for what none was booked for:
    /// then they serve that too.
    fn count_for_others(&mut self, day: NaiveDate, at_first: &[Lost], lost: &[Lost]) {
        let still: BTreeSet<Key> = lost.iter().map(key).collect();
        let booked_for: BTreeSet<Key> =
            self.booked.iter().flat_map(|act| &act.serves).map(key).collect();
        let is_kept = |one: &&Lost| {
            one.home.is_some_and(|home| home.is_seller() || !booked_for.contains(&key(one)))
                && !still.contains(&key(one))
        };
        let kept: Vec<Lost> = at_first.iter().filter(is_kept).cloned().collect();
        for (one, ids) in kept.iter().zip(self.rehearsal.counted(day, &kept)) {
            let ids: HashSet<String> = ids.into_iter().collect();
            let serves = |act: &Act| act.serves.iter().any(|other| key(other) == key(one));
            let counts = |act: &&mut Act| ids.contains(&act.activity.id) && !serves(act);
            for act in self.booked.iter_mut().filter(counts) {
                act.serves.push(one.clone());
            }
        }
        let weights = &self.weights;
        for act in &mut self.booked {
            act.serves.sort_by_key(|one| std::cmp::Reverse(weights.get(one.rule)));
        }
    }

    /// What the verdicts of each seller weigh that acts can serve, and what is kept. The bound is of
    /// those that had one; the others could all be kept for all that is known.
    fn weigh(
        &mut self,
        at_first: &[Lost],
        lost: &[Lost],
        most: &BTreeMap<String, Number>,
        bounded: &BTreeSet<Key>,
    ) {
        let still: BTreeSet<Key> = lost.iter().map(key).collect();
        let mut by_seller: BTreeMap<String, Kept> = BTreeMap::new();
        let is_kept = |one: &Lost| !still.contains(&key(one));
        let counts = |one: &&Lost| is_kept(one) || self.served.contains_key(&key(one));
        for one in at_first.iter().filter(counts) {
            let Some(owner) = &one.owner else { continue };
            let kept = by_seller.entry(owner.clone()).or_default();
            let weight = self.weight(one);
            kept.asked = &kept.asked + &weight;
            if is_kept(one) {
                kept.kept = &kept.kept + &weight;
            }
            if !bounded.contains(&key(one)) {
                kept.most = &kept.most + &weight;
            }
        }
        for (seller, kept) in &mut by_seller {
            let most = &kept.most + most.get(seller).unwrap_or(&Number::zero());
            kept.most = most.min(kept.asked.clone()).max(kept.kept.clone());
        }
        self.by_seller = by_seller;
    }

    /// Whether acts on days on which sellers are not there would serve what is lost.
    fn look_elsewhere(&mut self, lost: &[Lost]) -> Result<(), PlanError> {
        let wanted: Vec<Lost> =
            lost.iter().filter(|one| !self.served.contains_key(&key(one))).cloned().collect();
        let (first, until) = (self.rehearsal.first_open_day(), self.ask.until);
        let half = first + TimeDelta::days((until - first).num_days() / 2);
        let mut everywhere = self.diaries.clone();
        let next = until.succ_opt().unwrap_or(until);
        for diary in everywhere.values_mut() {
            *diary = Diary::of_days([first, half, until, next]);
        }
        let probe = Probe::new(&self.rehearsal, until, &wanted, (&self.lengths, &self.prefix));
        let tries = self.rehearsal.tries(&wanted).into_iter().filter_map(|of| {
            let seller = of.seller.clone().filter(|seller| everywhere.contains_key(seller))?;
            let kind = of.kinds.first()?.clone();
            Some((of, seller, kind))
        });
        let tried = probe.run(tries.collect(), &self.hours_of(&everywhere))?;
        let places =
            tried.iter().flat_map(|one| one.effects()).flat_map(|(_, _, effect)| &effect.gains);
        let missed: Vec<Key> =
            places.filter_map(|(place, _)| wanted.get(*place).map(key)).collect();
        self.missed.extend(missed);
        Ok(())
    }
}

/// Something of each, in their order; on several threads where there are some.
pub(crate) fn each<T: Send, U: Send>(of: Vec<T>, make: impl Fn(T) -> U + Sync + Send) -> Vec<U> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::{IntoParallelIterator, ParallelIterator};
        of.into_par_iter().map(make).collect()
    }
    #[cfg(not(feature = "parallel"))]
    of.into_iter().map(make).collect()
}
