//! Rules whose decision rests on one whole number: how many, how long, or whether there is one.
//!
//! Most rules of a company are such rules, and most of the time of an evaluation is theirs. What is
//! the same for every subject (the days of a window, what is due by now) is worked out once; what is
//! left for a subject is a walk over ranks and classes, which stand side by side. A rule that is not
//! of these shapes is judged by [`View::stand`](super::view::View::stand), whose decisions these are
//! too.

use std::cmp::Ordering;
use std::ops::Range;

use chrono::NaiveDate;

use super::answer::Gap;
use super::bound::Bound;
use super::decisions::{Decision, Decisions};
use super::field::holds;
use super::followed::{Followed, Question};
use super::kinds::Kinds;
use super::outcome::{Figures, Outcome};
use super::span::Span;
use super::store::{COMPANY, kind_of, status_of};
use super::view::View;
use crate::check::rules::{FieldTest, Function};
use crate::model::calendar::{Days, plus_days};
use crate::model::{FieldRef, Item, Noun, Number};
use crate::plan::{Class, ClassSet, Cmp, Comparison, Condition, Measure, NumberTest, Rule, Test};
use crate::verdict::Status;

/// A rule that can be judged quickly.
pub(super) struct Quick<'v> {
    gate: Option<Gate<'v>>,
    population: Bound<'v>,
    noun: Noun,
    shape: Shape<'v>,
}

enum Shape<'v> {
    Compare {
        of: Of<'v>,
        periods: Vec<Target>,
    },
    /// The share of these that are followed.
    Share {
        of: Kinds<'v>,
        by: Followed<'v>,
        periods: Vec<Target>,
    },
    /// There is one ahead, up to the end of these ranks.
    Next {
        of: Kinds<'v>,
        ranks: Range<u32>,
    },
    Followed(Followed<'v>),
}

/// Which activities a rule about activities judges, by what is quickly read.
struct Gate<'v> {
    classes: &'v ClassSet,
    /// By class, whether it is of them in any state.
    wanted: Vec<bool>,
    ranks: Range<u32>,
}

/// What is measured.
enum Of<'v> {
    Count(Kinds<'v>),
    Distinct(Kinds<'v>, FieldRef),
    Gap(Kinds<'v>),
}

/// What is asked in a period.
struct Target {
    /// The ranks of the days of the window that have elapsed.
    elapsed: Range<u32>,
    /// The ranks of those that are not over.
    open: Range<u32>,
    days: (NaiveDate, NaiveDate),
    cmp: Cmp,
    target: i64,
    /// What is due by now, of a period that runs.
    due: Option<i64>,
    runs: bool,
    is_over: bool,
    class: Class,
    lasts: bool,
}

impl<'v> Quick<'v> {
    /// None where the rule is of another shape, or the data asks for more care: activities that
    /// are not all known, or that came to be known late.
    /// Rules about activities judge those of a range of days.
    pub(super) fn new(
        view: &View<'v>,
        rule: &'v Rule,
        periods: &[NaiveDate],
        range: Days,
    ) -> Option<Quick<'v>> {
        let store = view.store;
        let is_covered = store.complete_from.is_none() && store.complete_through.is_none();
        let is_plain = rule.unless.is_none()
            && rule.grace.is_none()
            && rule.warn.is_none()
            && !rule.prorate
            && rule.anchor.is_none();
        let is_simple = is_covered && is_plain && store.creation_is_unknown();
        if !is_simple || matches!(rule.noun, Noun::Member | Noun::Company) {
            return None;
        }
        let population = view.plan.test(rule.population);
        let (gate, population) = if rule.noun == Noun::Activity {
            let (gate, rest) = Gate::new(view, population, range.and(rule.in_force))?;
            (Some(gate), Bound::All(rest))
        } else {
            (None, Bound::new(view, population))
        };
        let shape = Shape::new(view, rule, periods)?;
        Some(Quick { gate, population, noun: rule.noun, shape })
    }

    /// What the rule asks to know of whether activities are followed.
    pub(super) fn asks(&mut self) -> Option<(&mut Followed<'v>, Question)> {
        match &mut self.shape {
            Shape::Followed(by) => {
                let Gate { wanted, ranks, .. } = self.gate.as_ref()?;
                Some((by, Question { ranks: ranks.clone(), wanted: wanted.clone() }))
            }
            Shape::Share { of, by, periods } => {
                let start = periods.iter().map(|period| period.elapsed.start).min()?;
                let end = periods.iter().map(|period| period.elapsed.end).max()?;
                Some((by, Question { ranks: start..end, wanted: of.in_any_state() }))
            }
            Shape::Compare { .. } | Shape::Next { .. } => None,
        }
    }

    /// Adds the decisions about those of some rows that are the rule's.
    pub(super) fn judge_all(&self, view: &View<'_>, rows: Range<usize>, decisions: &mut Decisions) {
        let item =
            |row: usize| Item { noun: self.noun, row: u32::try_from(row).unwrap_or(u32::MAX) };
        match &self.gate {
            Some(gate) => view.store.all_activities().each_within(rows, &gate.ranks, |place| {
                if gate.holds(view, item(place).row) && self.population.holds(view, item(place)) {
                    self.judge(view, item(place), decisions);
                }
            }),
            None => {
                let is_one =
                    |item: &Item| self.population.holds(view, *item) && view.is_present(*item);
                for subject in rows.map(item).filter(is_one) {
                    self.judge(view, subject, decisions);
                }
            }
        }
    }

    /// Adds the decisions about a subject.
    fn judge(&self, view: &View<'_>, subject: Item, decisions: &mut Decisions) {
        let row = subject.row;
        decisions.subjects.push(row);
        match &self.shape {
            Shape::Compare { of, periods } => {
                for period in periods {
                    let (left, with_plans) = of.measure(view, subject, period);
                    decisions.add(period.decide_whole(left, with_plans));
                }
            }
            Shape::Share { of, by, periods } => {
                for period in periods {
                    let (mut yes, mut all) = (0, 0);
                    of.each(view, subject, &period.elapsed, false, &mut |run, place| {
                        all += 1;
                        let status = by.decide(view, run.row(place)).status;
                        yes += u32::from(matches!(status, Status::Met | Status::OnTrack));
                    });
                    decisions.push(&period.decide_share((yes, all)));
                }
            }
            Shape::Followed(by) => decisions.add(by.decide(view, row)),
            Shape::Next { of, ranks } => {
                let is_there = of.is_any(view, subject, ranks);
                decisions.add(Decision {
                    status: if is_there { Status::Met } else { Status::Missed },
                    is_final: false,
                    measured: i64::from(is_there),
                    target: 1,
                });
            }
        }
    }
}

impl<'v> Shape<'v> {
    fn new(view: &View<'v>, rule: &'v Rule, periods: &[NaiveDate]) -> Option<Shape<'v>> {
        let times = &view.store.activities.times;
        match view.plan.condition(rule.condition) {
            Condition::Compare(comparison) => {
                let target = |day: &NaiveDate| Target::new(view, rule, comparison, *day);
                let periods = periods.iter().map(target).collect::<Option<_>>()?;
                if let Measure::Share { of, that } = &comparison.left {
                    let of = Kinds::new(view, view.plan.set(*of))?;
                    let by = Followed::new(view, view.plan.condition(*that))?;
                    return Some(Shape::Share { of, by, periods });
                }
                Some(Shape::Compare { of: Of::new(view, comparison)?, periods })
            }
            Condition::Next { set, within } if within.is_none_or(|within| !within.is_clock()) => {
                let last = within.map_or(NaiveDate::MAX, |within| view.day_after(within));
                let first = times.first_from(view.now.first_open_day());
                let ranks = first..times.first_from(plus_days(last, 1)).max(first);
                Some(Shape::Next { of: Kinds::new(view, view.plan.set(*set))?, ranks })
            }
            condition => Followed::new(view, condition).map(Shape::Followed),
        }
    }
}

impl<'v> Gate<'v> {
    /// With what else is asked of an activity.
    fn new(
        view: &View<'v>,
        population: &'v Test,
        range: Days,
    ) -> Option<(Gate<'v>, Vec<Bound<'v>>)> {
        let parts = match population {
            Test::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let (Test::Class(classes), rest) = parts.split_first()? else { return None };
        let mut days = range;
        let mut others = Vec::new();
        for test in rest {
            match at_in(view, test) {
                Some(window) => days = days.and(view.elapsed(window)),
                None => others.push(Bound::new(view, test)),
            }
        }
        let times = &view.store.activities.times;
        let first = times.first_from(days.first);
        let ranks = first..times.first_from(plus_days(days.last, 1)).max(first);
        let codes = 0..4 * u32::try_from(view.store.schema.kinds().len()).ok()?;
        let wanted = codes.map(|code| classes.states(kind_of(code)) != 0).collect();
        Some((Gate { classes, wanted, ranks }, others))
    }

    fn holds(&self, view: &View<'_>, row: u32) -> bool {
        let activities = &view.store.activities;
        let rank = activities.ranks.get(row as usize);
        if !self.ranks.contains(&rank) {
            return false;
        }
        let class = activities.classes.get(row as usize);
        let kind = kind_of(class);
        self.classes.states(kind) != 0
            && view
                .state_of(row, rank, status_of(class))
                .is_some_and(|state| self.classes.has(kind, state))
    }
}

/// The days of a test that asks whether an activity's `at` lies in a window of whole days.
fn at_in(view: &View<'_>, test: &Test) -> Option<Days> {
    let Test::Where(condition) = test else { return None };
    let Condition::Field { path, test: FieldTest::In(window) } = view.plan.condition(*condition)
    else {
        return None;
    };
    let is_at = path.steps.as_slice() == [view.store.fields.activity_at];
    if !is_at || !window.is_same_for_all() {
        return None;
    }
    Span::of(view, COMPANY, window, view.day()).ok().map(|span| span.whole)
}

impl<'v> Of<'v> {
    fn new(view: &View<'v>, comparison: &'v Comparison) -> Option<Of<'v>> {
        let kinds = |set| Kinds::new(view, view.plan.set(set));
        match &comparison.left {
            Measure::Count(set) => kinds(*set).map(Of::Count),
            Measure::Aggregate { function: Function::Distinct, field, of } => {
                let [field] = field.steps.as_slice() else { return None };
                let fields = &view.store.fields;
                let is_known = [fields.activity_seller, fields.activity_contact].contains(field);
                if is_known { Some(Of::Distinct(kinds(*of)?, *field)) } else { None }
            }
            Measure::LongestGap(set) => kinds(*set).map(Of::Gap),
            _ => None,
        }
    }

    fn measure(&self, view: &View<'_>, subject: Item, period: &Target) -> (i64, i64) {
        match self {
            Of::Count(kinds) => {
                let end = if period.runs { period.open.end } else { 0 };
                kinds.count(view, subject, &period.elapsed, end)
            }
            Of::Distinct(kinds, field) => {
                let done = kinds.distinct(view, subject, &period.elapsed, &(0..0), *field);
                let (before, from) = period.with_plans(view);
                if from.is_empty() {
                    return (done, done);
                }
                (done, kinds.distinct(view, subject, &before, &from, *field))
            }
            Of::Gap(kinds) => {
                let gap = kinds.gap(view, subject, &period.elapsed, period.days);
                (gap, gap)
            }
        }
    }
}

impl Target {
    fn new(
        view: &View<'_>,
        rule: &Rule,
        comparison: &Comparison,
        day: NaiveDate,
    ) -> Option<Target> {
        let NumberTest::Is(cmp, Measure::Number(number)) = &comparison.test else { return None };
        let target = Number::from(*number);
        let class = comparison.class;
        let is_count = class == Class::Count && comparison.is_whole;
        // A count above N is a count of at least N + 1.
        let (cmp, target) = match cmp {
            Cmp::More if is_count => (Cmp::AtLeast, target.floor() + Number::from(1)),
            cmp => (*cmp, target),
        };
        if matches!(cmp, Cmp::Equal) {
            return None;
        }
        let target = target.to_whole()?;
        // The window must be the same for every subject, and measured in days.
        let window = &comparison.window;
        if !window.is_same_for_all() {
            return None;
        }
        let span = Span::of(view, COMPANY, window, day).ok()?.within(rule.in_force);
        let whole = span.whole;
        if !span.is_bounded && class == Class::Other {
            return None;
        }
        let times = &view.store.activities.times;
        let ranks = |first: NaiveDate, last: NaiveDate| {
            let start = times.first_from(first);
            start..times.first_from(plus_days(last, 1)).max(start)
        };
        let elapsed = view.elapsed(whole);
        let is_over = span.is_period && view.is_over(whole.last);
        let runs = span.is_period && !is_over;
        let due = || {
            let due = Number::from(target) * Number::from(elapsed.count());
            (due / Number::from(whole.count().max(1))).floor().to_whole()
        };
        Some(Target {
            elapsed: ranks(elapsed.first, elapsed.last),
            open: ranks(view.now.first_open_day().max(whole.first), whole.last),
            days: (whole.first, whole.last.min(view.day())),
            cmp,
            target,
            due: if runs { Some(due()?) } else { None },
            runs,
            is_over,
            class,
            lasts: comparison.left_lasts,
        })
    }

    /// The ranks of the days before the as-of day, and those from it on until the period's end, if
    /// it runs: the as-of day may have both what is done and what is ahead.
    fn with_plans(&self, view: &View<'_>) -> (Range<u32>, Range<u32>) {
        if !self.runs || self.open.is_empty() {
            return (self.elapsed.clone(), 0..0);
        }
        let today = view.store.activities.times.first_from(view.day());
        let today = today.clamp(self.elapsed.start, self.elapsed.end);
        (self.elapsed.start..today, today..self.open.end.max(today))
    }

    /// As [`View::compare`] decides, of a number that is known and lies so to the target.
    /// `is_enough` says whether what is done and planned is, of what is due by now or at all.
    fn decide(&self, order: Ordering, is_enough: impl FnOnce() -> bool) -> (Status, bool) {
        let is_so = holds(self.cmp, order);
        let moves = self.class == Class::Other || self.cmp == Cmp::Unequal;
        let asks_more = matches!(self.cmp, Cmp::AtLeast | Cmp::More);
        let (status, is_final) = match (self.runs, is_so) {
            (false, true) => (Status::Met, self.is_over),
            (false, false) => (Status::Missed, self.is_over),
            (true, true) if moves => (Status::OnTrack, false),
            (true, false) if moves => (Status::AtRisk, false),
            (true, true) if asks_more => (Status::Met, true),
            (true, false) if !asks_more => (Status::Missed, true),
            (true, _) => (if is_enough() { Status::OnTrack } else { Status::AtRisk }, false),
        };
        (status, is_final && self.lasts)
    }

    fn decide_whole(&self, left: i64, with_plans: i64) -> Decision {
        let asks_more = matches!(self.cmp, Cmp::AtLeast | Cmp::More);
        let is_enough = || match self.due {
            Some(due) if asks_more => with_plans >= due,
            _ => holds(self.cmp, with_plans.cmp(&self.target)),
        };
        let (status, is_final) = self.decide(left.cmp(&self.target), is_enough);
        Decision { status, is_final, measured: left, target: self.target }
    }

    /// Of a share: so many of so many.
    fn decide_share(&self, (yes, all): (u32, u32)) -> Outcome {
        let share = (Number::from(100) * Number::from(yes)).checked_div(&Number::from(all));
        let Some(share) = share else {
            let is_final = self.is_over && self.lasts;
            return Outcome { is_final, ..Outcome::gap(Gap::NotApplicable(String::new())) };
        };
        let target = Number::from(self.target);
        let (status, is_final) = self.decide(share.cmp(&target), || false);
        let figures = Figures { measured: Some(share), target: Some(target), ..Figures::default() };
        Outcome { status, is_final, figures, ..Outcome::standing(true, String::new()) }
    }
}
