//! The things that a goal counts, wherever they lie in time.

use chrono::NaiveDate;

use super::evaluation::Evaluation;
use super::span::Span;
use super::store::{COMPANY, Known};
use super::view::Mode;
use crate::check::rules::{Function, Window};
use crate::model::calendar::Days;
use crate::model::{Item, Number};
use crate::plan::{Condition, Measure};

/// A thing, with the day on which it counts, if that is known, and what it counts for.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    pub(crate) item: Item,
    pub(crate) day: Option<NaiveDate>,
    /// One, or the value of the field that is summed; none if that is unknown.
    pub(crate) worth: Option<Number>,
}

impl Evaluation<'_> {
    /// The things that a goal counts or sums up, in whichever window, in their order; none if its
    /// measure is neither a count nor a sum. What lies after the as-of day is not among them.
    pub(crate) fn counted(&self, goal: usize) -> Option<Vec<Counted>> {
        let Condition::Compare(comparison) = self.plan.condition(*self.plan.goals.get(goal)?)
        else {
            return None;
        };
        let (set, field) = match &comparison.left {
            Measure::Count(set) => (*set, None),
            Measure::Aggregate { function: Function::Sum, field, of } => (*of, Some(field)),
            _ => return None,
        };
        let set = self.plan.set(set);
        let view = self.view(Mode::Decide);
        let ever = Span::of(&view, COMPANY, &Window::Ever, self.as_of.day).ok()?;
        let counted = |item| {
            if !view.is_one_of(item, set.test).is_yes() {
                return None;
            }
            let day = view.day_in_window(item, &set.dating, &ever);
            let day = day.map(|(day, _)| day).filter(|day| *day > NaiveDate::MIN);
            let worth = match field {
                None => Some(Number::from(1)),
                Some(field) => match view.follow(item, field) {
                    Some(Known::Number(number)) => Some(Number::from(number)),
                    _ => None,
                },
            };
            let is_to_come = day.is_some_and(|day| day > self.as_of.day);
            (!is_to_come).then_some(Counted { item, day, worth })
        };
        Some(self.store.items(set.noun).filter_map(counted).collect())
    }

    /// The days in which a goal is to be reached, where they have an end that does not move.
    pub(crate) fn goal_days(&self, goal: usize) -> Option<Days> {
        let Condition::Compare(comparison) = self.plan.condition(*self.plan.goals.get(goal)?)
        else {
            return None;
        };
        let ends = matches!(
            comparison.window,
            Window::Per(_) | Window::This(_) | Window::FromUntil(..) | Window::Previous(_)
        );
        let view = self.view(Mode::Decide);
        let span = Span::of(&view, COMPANY, &comparison.window, self.as_of.day).ok()?;
        ends.then_some(span.whole)
    }

    /// Whether a seller is there: has started and not ended.
    pub(crate) fn is_there(&self, item: Item) -> bool {
        self.view(Mode::Decide).is_present(item)
    }

    /// How the company stands with a goal.
    pub(crate) fn goal(&self, goal: usize) -> Option<crate::verdict::GoalVerdict> {
        self.goals().into_iter().nth(goal)
    }
}
