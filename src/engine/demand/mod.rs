//! How many activities rules ask for until a day, if nothing else happens than what is planned.
//!
//! Time is cut into windows that have no day in common, and in each it is asked how many are
//! missing once what is planned is done. No activity lies in two of them, so that their sum is what
//! it takes at least.

mod cadence;
mod count;
mod shape;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use chrono::NaiveDate;

use super::evaluation::Evaluation;
use super::parallel::{in_parts, part_size};
use super::rule::Scope;
use super::store::{Known, kind_of};
use super::view::{Mode, Moment, View};
use crate::model::calendar::{Days, plus_days};
use crate::model::{FieldRef, Item, Noun, Number};
use crate::plan::{Condition, ConditionId, Rule, State};
use crate::verdict::{Status, Subject};
use shape::Shape;

/// How many things are looked at by one rule after the other.
const PART: usize = 1024;

/// Kinds of activities, by their places in the schema, with what one of each is worth.
pub(crate) type Worths = Arc<[(usize, Number)]>;

/// Activities that are asked for.
#[derive(Debug, Clone)]
pub(crate) enum Demand {
    /// So many points, by activities of these kinds; one of each is worth so many. Where activities
    /// are counted, each is worth one.
    Points { points: Number, kinds: Worths },
    /// Each of these.
    All(Vec<Demand>),
    /// One of these.
    Any(Vec<Demand>),
}

/// What a rule asks for a subject.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The place of the rule among those that were asked for.
    pub(crate) rule: usize,
    pub(crate) subject: Item,
    /// None where what would decide is not known.
    pub(crate) demand: Option<Demand>,
}

impl<'a> Evaluation<'a> {
    /// The days that are not over, up to a day.
    pub(crate) fn remaining(&self, until: NaiveDate) -> Days {
        Days { first: self.as_of.first_open_day(), last: until }
    }

    /// What all rules ask until a day: rules as written, subjects in the order in which they are
    /// kept.
    pub(crate) fn asked(&self, until: NaiveDate) -> Vec<Asked> {
        let remaining = self.remaining(until);
        let rules = self.decided().filter_map(|(place, _)| Some((place, self.rule_at(place)?)));
        let asked = rules.flat_map(|(place, rule)| self.asked_by(place, rule, remaining));
        asked.collect()
    }

    /// Why it cannot be said how many activities a rule asks for, where that is so.
    pub(crate) fn not_counted(&self) -> Vec<(usize, &'static str)> {
        let rules = self.decided().filter_map(|(place, _)| Some((place, self.rule_at(place)?)));
        rules
            .filter_map(|(place, rule)| Some((place, self.plan.uncounted(rule.condition)?)))
            .collect()
    }

    fn asked_by(&self, place: usize, rule: &Rule, remaining: Days) -> Vec<Asked> {
        let days = remaining.and(rule.in_force);
        if days.is_empty() || !self.plan.asks(rule.condition) {
            return Vec::new();
        }
        let count = self.store.count(rule.noun) as usize;
        let parts = in_parts(count, part_size(count, PART), |rows| {
            let ahead = Ahead::new(self.view(Mode::Decide));
            let subjects = rows.map(|row| u32::try_from(row).unwrap_or(u32::MAX));
            let subjects = subjects.map(|row| Item { noun: rule.noun, row });
            let asked = subjects.filter_map(|subject| {
                let demand = ahead.of(self.range.first, rule, subject, days)?;
                Some(Asked { rule: place, subject, demand })
            });
            asked.collect::<Vec<_>>()
        });
        parts.into_iter().flatten().collect()
    }

    /// How many workdays a seller is there on some days.
    pub(crate) fn workdays_of(&self, seller: Item, days: Days) -> i64 {
        let view = self.view(Mode::Decide);
        view.eligible_days(&Scope::plain(&view, seller), days).0
    }

    /// Whether a seller is there on the as-of day.
    pub(crate) fn is_present(&self, item: Item) -> bool {
        self.view(Mode::Decide).is_present(item)
    }

    /// How a report names a thing.
    pub(crate) fn named(&self, item: Item) -> Subject {
        self.view(Mode::Decide).subject(item)
    }

    /// The number in a field of a thing.
    pub(crate) fn number(&self, item: Item, field: FieldRef) -> Option<Number> {
        match self.store.raw(item, field)? {
            Known::Number(number) => Some(Number::from(number)),
            _ => None,
        }
    }

    /// The kind of an activity, by its place in the schema.
    pub(crate) fn kind(&self, activity: Item) -> usize {
        kind_of(self.store.activities.class(activity.row))
    }

    /// The as-of day.
    pub(crate) fn day(&self) -> NaiveDate {
        self.as_of.day
    }

    /// All activities that exist, with how they stand.
    pub(crate) fn each_activity(&self, mut each: impl FnMut(Item, State)) {
        let view = self.view(Mode::Decide);
        for activity in self.store.items(Noun::Activity) {
            if let Some(state) = view.state(activity.row) {
                each(activity, state);
            }
        }
    }
}

/// The present, and the days to come if nothing happens but what is planned.
struct Ahead<'a> {
    now: View<'a>,
    later: RefCell<HashMap<NaiveDate, Rc<View<'a>>>>,
    kinds: RefCell<HashMap<ConditionId, Worths>>,
}

/// What is asked for is not known.
struct NotKnown;

/// What a condition asks for, if anything.
type Asks = Result<Option<Demand>, NotKnown>;

impl<'a> Ahead<'a> {
    fn new(now: View<'a>) -> Self {
        Ahead { now, later: RefCell::default(), kinds: RefCell::default() }
    }

    /// A day, when it is over.
    fn on(&self, day: NaiveDate) -> Rc<View<'a>> {
        let mut later = self.later.borrow_mut();
        let view = later.entry(day).or_insert_with(|| {
            let View { plan, store, known, .. } = self.now;
            let instant = plan.calendar.end_of(day);
            let now = Moment { instant, day, day_is_over: true };
            Rc::new(View::new(plan, store, known, now, Mode::Decide))
        });
        view.clone()
    }

    /// What a rule asks for a subject on some days; nothing if it does not judge it, or asks for
    /// nothing.
    fn of(
        &self,
        from: NaiveDate,
        rule: &Rule,
        subject: Item,
        days: Days,
    ) -> Option<Option<Demand>> {
        // What is planned becomes subject of rules about activities.
        let later;
        let view = if subject.noun == Noun::Activity {
            later = self.on(days.last);
            &*later
        } else {
            &self.now
        };
        let is_meant = self.is_in_range(view, rule, subject, Days { first: from, ..days })
            && view.is_one_of(subject, rule.population).is_yes()
            && !rule.unless.is_some_and(|unless| view.passes(subject, unless).is_yes());
        if !is_meant {
            return None;
        }
        let ended = match subject.noun {
            Noun::Seller => view.store.date(subject, view.store.fields.seller_ended),
            _ => None,
        };
        let days = Days { last: days.last.min(ended.unwrap_or(days.last)), ..days };
        let scope = Scope {
            subject,
            period_day: days.last,
            in_force: rule.in_force,
            prorate: rule.prorate,
        };
        match self.demand(&scope, rule.condition, days) {
            _ if days.is_empty() => None,
            Ok(None) => None,
            Ok(Some(demand)) => Some(Some(demand)),
            Err(NotKnown) => Some(None),
        }
    }

    /// As verdicts have it, with a range that goes on until the last day.
    fn is_in_range(&self, view: &View<'_>, rule: &Rule, subject: Item, range: Days) -> bool {
        let range = range.and(rule.in_force);
        if subject.noun == Noun::Activity {
            return range.contains(view.store.day(subject.row));
        }
        let Some((field, before)) = &rule.anchor else { return true };
        match view.day_of(subject, field) {
            Ok(day) => {
                range.contains(before.map_or(day, |length| view.calendar().minus(day, length)))
            }
            Err(_) => true,
        }
    }

    fn demand(&self, scope: &Scope, condition: ConditionId, days: Days) -> Asks {
        let plan = self.now.plan;
        match plan.condition(condition) {
            Condition::And(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.demand(scope, *part, days)?);
                }
                Ok((!all.is_empty()).then_some(Demand::All(all)))
            }
            Condition::Or(parts) => self.any(scope, parts, days),
            Condition::Compare(comparison) => match plan.shape(comparison) {
                Shape::Count(terms) => {
                    let kinds = self.kinds(condition, || plan.kinds_of(&terms));
                    self.count(scope, comparison, kinds, days)
                }
                Shape::Gap { set, days: most, is_longest } => {
                    let kinds = self.kinds(condition, || plan.kinds_of_set(set));
                    self.gap(scope, comparison, (set, most, is_longest), kinds, days)
                }
                Shape::Nothing | Shape::Uncounted(_) => Ok(None),
            },
            Condition::Every { set, every } => {
                let kinds = self.kinds(condition, || plan.kinds_of_set(*set));
                self.every(scope, *set, *every, kinds, days)
            }
            Condition::Next { set, within } => {
                let kinds = self.kinds(condition, || plan.kinds_of_set(*set));
                self.next(scope, *set, *within, kinds, days)
            }
            Condition::Followed { set, .. } | Condition::Within { set, .. } => {
                let kinds = self.kinds(condition, || plan.kinds_of_set(*set));
                let outcome = self.on(days.last).condition(scope, condition);
                let is_due = outcome.days.is_some_and(|term| days.contains(term.last));
                match outcome.status {
                    Status::Missed if is_due => Ok(points(Number::from(1), kinds)),
                    Status::Unknown => Err(NotKnown),
                    _ => Ok(None),
                }
            }
            Condition::Not(_)
            | Condition::KnownWithin { .. }
            | Condition::Field { .. }
            | Condition::Is { .. }
            | Condition::Meets(_) => Ok(None),
        }
    }

    /// One part is enough. What does not ask for activities, or for how many is not known, is so
    /// or is not.
    fn any(&self, scope: &Scope, parts: &[ConditionId], days: Days) -> Asks {
        let mut options = Vec::new();
        for part in parts {
            let plan = self.now.plan;
            if plan.uncounted(*part).is_some() {
                return Ok(None);
            }
            if plan.asks(*part) {
                match self.demand(scope, *part, days)? {
                    Some(demand) => options.push(demand),
                    None => return Ok(None),
                }
            } else {
                let status = self.now.condition(scope, *part).status;
                if matches!(status, Status::Met | Status::OnTrack) {
                    return Ok(None);
                }
            }
        }
        Ok((!options.is_empty()).then_some(Demand::Any(options)))
    }

    fn kinds(
        &self,
        condition: ConditionId,
        kinds: impl FnOnce() -> Vec<(usize, Number)>,
    ) -> Worths {
        self.kinds.borrow_mut().entry(condition).or_insert_with(|| kinds().into()).clone()
    }

    /// The day before the first of some, when it is over; now, if that is today.
    fn before(&self, days: Days) -> (NaiveDate, Option<Rc<View<'a>>>) {
        let day = plus_days(days.first, -1);
        let is_now = day <= self.now.day();
        (day, (!is_now).then(|| self.on(day)))
    }
}

fn points(points: Number, kinds: Worths) -> Option<Demand> {
    let asks = !points.is_zero() && !points.is_negative() && !kinds.is_empty();
    asks.then_some(Demand::Points { points, kinds })
}
