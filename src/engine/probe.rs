//! What a part of a rule comes to for a subject, asked part by part, and how near it was to coming
//! to something else.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::deadline::Term;
use super::evaluation::Evaluation;
use super::measure::Frame;
use super::outcome::{Joined, Outcome};
use super::rule::Scope;
use super::span::Span;
use super::store::{Flow, Known};
use super::view::{Mode, View};
use crate::check::rules::{DateExpr, FieldTest, Path, Window};
use crate::model::calendar::{Days, Duration, plus_days};
use crate::model::{Item, Noun, Number};
use crate::plan::{
    Class, Cmp, Comparison, Condition, ConditionId, Measure, NumberTest, Set, SetId, Test,
};
use crate::verdict::Status;

/// Where something lies beside a border: of a number, or of some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Edge {
    /// Just below the bound of that place (`between` has two), by at most a step where there are
    /// steps.
    Below(usize),
    At(usize),
    Above(usize),
    DayBefore,
    FirstDay,
    LastDay,
    DayAfter,
}

/// For whom a condition is asked: as a rule asks it of its subjects, or by itself as a `where` does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whom {
    pub(crate) item: Item,
    /// Its place.
    pub(crate) rule: Option<usize>,
}

/// Rules and data as of a moment.
pub(crate) struct Probe<'v> {
    evaluation: &'v Evaluation<'v>,
    view: View<'v>,
}

impl Evaluation<'_> {
    pub(crate) fn probe(&self) -> Probe<'_> {
        Probe { evaluation: self, view: self.view(Mode::Decide) }
    }
}

impl Probe<'_> {
    pub(crate) fn find(&self, noun: Noun, id: &str) -> Option<Item> {
        self.view.store.find(noun, id)
    }

    /// Whether the as-of day lies before, in or after the days in which a rule is in force.
    pub(crate) fn in_force(&self, rule: usize) -> Option<Ordering> {
        let days = self.view.plan.rules.get(rule)?.in_force;
        Some(match self.view.day() {
            day if day < days.first => Ordering::Less,
            day if day > days.last => Ordering::Greater,
            _ => Ordering::Equal,
        })
    }

    /// Whether a rule would judge a thing if it were of its population.
    pub(crate) fn is_within_reach(&self, rule: usize, item: Item) -> bool {
        self.view.plan.rules.get(rule).is_some_and(|rule| {
            self.evaluation.is_in_force(rule)
                && self.view.is_present(item)
                && self.evaluation.is_in_range(&self.view, rule, item)
        })
    }

    pub(crate) fn is_present(&self, item: Item) -> bool {
        self.view.is_present(item)
    }

    /// How many things of a noun there are.
    pub(crate) fn present(&self, noun: Noun) -> usize {
        let items = self.view.store.items(noun);
        items.filter(|item| self.view.is_present(*item)).count()
    }

    pub(crate) fn passes(&self, item: Item, tests: &[Test]) -> bool {
        tests.iter().all(|test| self.view.check(item, test).is_yes())
    }

    pub(crate) fn is_of(&self, item: Item, set: SetId) -> bool {
        self.view.is_one_of(item, self.view.plan.set(set).test).is_yes()
    }

    pub(crate) fn status(&self, whom: Whom, condition: ConditionId) -> Status {
        self.view.condition(&self.scope(whom), condition).status
    }

    fn scope(&self, whom: Whom) -> Scope {
        let plain = Scope::plain(&self.view, whom.item);
        match whom.rule.and_then(|rule| self.view.plan.rules.get(rule)) {
            Some(rule) => Scope { in_force: rule.in_force, prorate: rule.prorate, ..plain },
            None => plain,
        }
    }

    /// What `grace` does for a subject: whether it holds, and whether this is the last day on which
    /// it does or the first on which it does not.
    pub(crate) fn grace(&self, rule: usize, item: Item) -> Option<(bool, Option<Edge>)> {
        let rule = self.view.plan.rules.get(rule)?;
        let (grace, created) = (rule.grace?, self.view.creation_day(item)?);
        let is_young = self.view.young_through(rule, item).is_some();
        let grown = self.view.calendar().plus(created, grace);
        let edge = match grown {
            _ if grace.is_clock() => None,
            day if day == self.view.day() => Some(Edge::DayAfter),
            day if day == plus_days(self.view.day(), 1) => Some(Edge::LastDay),
            _ => None,
        };
        Some((is_young, edge))
    }

    /// Whether `prorate` leaves a subject less than the whole target.
    pub(crate) fn is_prorated(&self, rule: usize, item: Item) -> Option<bool> {
        let rule = self.view.plan.rules.get(rule)?;
        let scope = Scope { in_force: rule.in_force, ..Scope::plain(&self.view, item) };
        let period = self.view.calendar().period(rule.unit?, self.view.day());
        let (eligible, all) = self.view.eligible_days(&scope, period);
        Some(eligible < all)
    }

    /// The things of a set's noun that are a subject's and lie in a window, whatever else is asked
    /// of them. No window: whenever they are.
    pub(crate) fn candidates(&self, of: Item, set: SetId, window: &Window) -> Vec<Item> {
        let set = self.view.plan.set(set);
        let Ok(span) = Span::of(&self.view, of, window, self.view.day()) else { return Vec::new() };
        let mut items = self.belongings(of, set.noun);
        items.retain(|item| {
            let day = self.view.day_in_window(*item, &set.dating, &span);
            day.is_some_and(|(day, at)| span.holds(&self.view, day, || at))
        });
        items
    }

    /// The things of a noun that are a subject's.
    pub(crate) fn belongings(&self, of: Item, noun: Noun) -> Vec<Item> {
        if noun != Noun::Activity {
            let rows = self.view.store.things_of(of, noun);
            return rows.iter().map(|row| Item { noun, row: *row }).collect();
        }
        let mut items = Vec::new();
        let _ = self.view.store.each_run(of, 0, &mut |run| {
            items.extend(run.places.clone().map(|place| Item { noun, row: run.row(place) }));
            Flow::Continue(())
        });
        items
    }

    /// The activities that may follow an activity.
    pub(crate) fn followers(&self, activity: Item) -> Vec<Item> {
        let at = self.view.store.at(activity.row);
        let mut items = Vec::new();
        self.view.each_follower(activity, NaiveDate::MAX, &mut |names_it, row| {
            if row != activity.row && (names_it || self.view.store.at(row) > at) {
                items.push(Item { noun: Noun::Activity, row });
            }
            Flow::Continue(())
        });
        items
    }

    /// The borders that a condition is just beside, for a subject. `step` is by how much its
    /// measure moves at least.
    pub(crate) fn edges(
        &self,
        whom: Whom,
        condition: ConditionId,
        step: Option<&Number>,
    ) -> Vec<Edge> {
        let item = whom.item;
        match self.view.plan.condition(condition) {
            Condition::Not(inner) => self.edges(whom, *inner, step),
            Condition::Compare(comparison) => self.compared(whom, comparison, step),
            Condition::Next { set, within: Some(within) } if !within.is_clock() => {
                let last = self.view.day_after(*within);
                let ahead = self.belongings(item, Noun::Activity).into_iter();
                let ahead =
                    ahead.filter(|one| self.is_of(*one, *set) && self.view.is_ahead(one.row));
                let days = ahead.map(|one| self.view.store.day(one.row));
                let end = Days { first: NaiveDate::MIN, last };
                days.filter_map(|day| beside(end, day)).collect()
            }
            Condition::Within { set, within, before, of } => {
                let done = self.belongings(item, Noun::Activity).into_iter();
                let done = done.filter(|one| self.is_of(*one, *set));
                self.of_deadline(self.term(item, of, *within, *before), *within, done)
            }
            Condition::Followed { set, booked, within } => {
                let (at, day) = (self.view.store.at(item.row), self.view.store.day(item.row));
                let term = Term::new(&self.view, Known::Instant(at, day), *within, false);
                let set = self.view.plan.set(*set);
                let mut followers = self.followers(item);
                followers.retain(|one| self.view.is_one_of(*one, set.test).is_yes());
                if *booked {
                    let created = self.view.store.fields.activity_created;
                    let days = followers.iter().filter_map(|one| self.view.value(*one, created));
                    let days = days.filter_map(Known::day).collect::<Vec<_>>().into_iter();
                    let term = term.filter(|term| term.clock.is_none());
                    return term
                        .map(|term| days.filter_map(|day| beside(term.days, day)).collect())
                        .unwrap_or_default();
                }
                self.of_deadline(term, *within, followers.into_iter())
            }
            Condition::KnownWithin { of, within, .. } if !within.is_clock() => {
                let term = self.term(item, of, *within, false);
                let day = if self.view.now.day_is_over { Some(self.view.day()) } else { None };
                let edge = term.zip(day).and_then(|(term, day)| match term.days.last {
                    last if last == day => Some(Edge::DayAfter),
                    last if last == plus_days(day, 1) => Some(Edge::LastDay),
                    _ => None,
                });
                edge.into_iter().collect()
            }
            Condition::Every { .. } => {
                let figures = self.view.condition(&self.scope(whom), condition).figures;
                let over = figures.measured.zip(figures.target).map(|(gap, most)| gap - most);
                match over.and_then(|over| over.to_whole()) {
                    Some(0) => vec![Edge::LastDay],
                    Some(1) => vec![Edge::DayAfter],
                    _ => Vec::new(),
                }
            }
            Condition::Field { path, test } => self.of_field(item, path, test),
            _ => Vec::new(),
        }
    }

    fn term(&self, item: Item, of: &Path, length: Duration, before: bool) -> Option<Term> {
        Term::new(&self.view, self.view.follow(item, of)?, length, before)
    }

    fn of_deadline(
        &self,
        term: Option<Term>,
        length: Duration,
        done: impl Iterator<Item = Item>,
    ) -> Vec<Edge> {
        let Some(term) = term else { return Vec::new() };
        let Some((from, to)) = term.clock else {
            let days = done.map(|one| self.view.store.day(one.row));
            return days.filter_map(|day| beside(term.days, day)).collect();
        };
        let one = Duration { amount: 1, ..length }.clock().unwrap_or_default();
        let edge = |item: Item| match self.view.store.at(item.row) {
            at if at < from => (at >= from - one).then_some(Edge::DayBefore),
            at if at > to => (at <= to + one).then_some(Edge::DayAfter),
            at if at >= to - one => Some(Edge::LastDay),
            at => (at <= from + one).then_some(Edge::FirstDay),
        };
        done.filter_map(edge).collect()
    }

    fn of_field(&self, item: Item, path: &Path, test: &FieldTest) -> Vec<Edge> {
        let Some(day) = self.view.follow(item, path).and_then(Known::day) else {
            return Vec::new();
        };
        match test {
            FieldTest::Date(_, DateExpr::Instant(_)) => Vec::new(),
            FieldTest::Date(_, date) => {
                let by = self.view.resolve(item, date).map(|other| (day - other).num_days());
                match by {
                    Ok(-1) => vec![Edge::Below(0)],
                    Ok(0) => vec![Edge::At(0)],
                    Ok(1) => vec![Edge::Above(0)],
                    _ => Vec::new(),
                }
            }
            FieldTest::In(window) => {
                let span = Span::of(&self.view, item, window, self.view.day()).ok();
                let span = span.filter(Span::is_of_days);
                span.and_then(|span| beside(span.whole, day)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn compared(&self, whom: Whom, comparison: &Comparison, step: Option<&Number>) -> Vec<Edge> {
        let scope = self.scope(whom);
        let Ok(span) = Span::of(&self.view, whom.item, &comparison.window, scope.period_day) else {
            return Vec::new();
        };
        let span = span.within(scope.in_force);
        let frame = Frame { subject: whom.item, span: &span, plans_until: None };
        let bound = |measure| {
            let target = self.view.measure(measure, frame).ok()?;
            let target = self.view.prorated(&scope, &comparison.window, comparison.class, target);
            target.ok().map(|target| target.value)
        };
        let bounds = match &comparison.test {
            // A count above N is a count of at least N + 1.
            NumberTest::Is(Cmp::More, target)
                if comparison.class == Class::Count && comparison.is_whole =>
            {
                vec![bound(target).map(|target| target.floor() + Number::from(1))]
            }
            NumberTest::Is(_, target) => vec![bound(target)],
            NumberTest::Between(low, high) => vec![bound(low), bound(high)],
        };
        let mut edges = Vec::new();
        if let Ok(left) = self.view.measure(&comparison.left, frame) {
            let near = |by: &Number| step.is_none_or(|step| by <= step);
            for (place, bound) in bounds.into_iter().enumerate() {
                let Some(bound) = bound else { continue };
                edges.extend(match left.value.cmp(&bound) {
                    Ordering::Equal => Some(Edge::At(place)),
                    Ordering::Less => {
                        near(&(bound - left.value.clone())).then_some(Edge::Below(place))
                    }
                    Ordering::Greater => {
                        near(&(left.value.clone() - bound)).then_some(Edge::Above(place))
                    }
                });
            }
        }
        if comparison.window != Window::Ever && span.is_of_days() {
            let mut wide = span;
            let Days { first, last } = span.whole;
            wide.whole = Days { first: plus_days(first, -1), last: plus_days(last, 1) };
            for set in sets(comparison) {
                let set = Set { spacing: None, ..self.view.plan.set(set).clone() };
                let found = self.view.find(whom.item, &set, &wide, None).items;
                edges.extend(found.iter().filter_map(|(day, _)| beside(span.whole, *day)));
            }
        }
        edges
    }
}

/// Where a day lies at the ends of some days.
fn beside(days: Days, day: NaiveDate) -> Option<Edge> {
    match day {
        _ if day == days.last => Some(Edge::LastDay),
        _ if day == days.first => Some(Edge::FirstDay),
        _ if day == plus_days(days.last, 1) => Some(Edge::DayAfter),
        _ if day == plus_days(days.first, -1) => Some(Edge::DayBefore),
        _ => None,
    }
}

/// What a comparison counts over its window: what its left side does, else what its right side does.
pub(crate) fn sets(comparison: &Comparison) -> Vec<SetId> {
    let mut sets = Vec::new();
    collect(&comparison.left, &mut sets);
    if sets.is_empty() {
        match &comparison.test {
            NumberTest::Is(_, target) => collect(target, &mut sets),
            NumberTest::Between(low, high) => {
                collect(low, &mut sets);
                collect(high, &mut sets);
            }
        }
    }
    sets
}

fn collect(measure: &Measure, sets: &mut Vec<SetId>) {
    match measure {
        Measure::Number(_) | Measure::Field(_) => {}
        Measure::Count(set)
        | Measure::LongestGap(set)
        | Measure::DaysSince(set)
        | Measure::Aggregate { of: set, .. }
        | Measure::Share { of: set, .. } => sets.push(*set),
        Measure::Sum(parts) | Measure::Product(parts) => {
            parts.iter().for_each(|(_, part)| collect(part, sets));
        }
        Measure::Negative(part) => collect(part, sets),
    }
}

fn together(joined: Joined, parts: impl IntoIterator<Item = Status>) -> Status {
    let outcome = |status| Outcome { status, ..Outcome::standing(true, String::new()) };
    let parts = parts.into_iter().map(outcome).collect();
    joined.combine(parts).map_or(Status::NotApplicable, |outcome| outcome.status)
}

/// What `and` makes of its parts.
pub(crate) fn all(parts: impl IntoIterator<Item = Status>) -> Status {
    together(Joined::All, parts)
}

/// What `or` makes of its parts.
pub(crate) fn any(parts: impl IntoIterator<Item = Status>) -> Status {
    together(Joined::Any, parts)
}

/// What `not` makes of its part.
pub(crate) fn opposite(status: Status) -> Status {
    Outcome { status, ..Outcome::standing(true, String::new()) }.not().status
}
