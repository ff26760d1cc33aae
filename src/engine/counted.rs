//! The things that a goal counts, wherever they lie in time.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::evaluation::Evaluation;
use super::rule::Scope;
use super::span::Span;
use super::store::{COMPANY, Known};
use super::view::Mode;
use crate::check::rules::{Function, Window};
use crate::model::calendar::Days;
use crate::model::{Item, Number};
use crate::plan::{Condition, Measure};
use crate::verdict::{GoalVerdict, Period};

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
        let found = self.store.items(set.noun).filter_map(counted);
        let Some(spacing) = &set.spacing else { return Some(found.collect()) };
        let found: Vec<Counted> = found.filter(|one| one.day.is_some()).collect();
        let mut apart: Vec<_> = found.iter().filter_map(|one| Some((one.day?, one.item))).collect();
        apart.sort_unstable_by(|a, b| view.by_day_and_id(*a, *b));
        view.space(&mut apart, spacing, false);
        let apart: HashSet<Item> = apart.into_iter().map(|(_, item)| item).collect();
        Some(found.into_iter().filter(|one| apart.contains(&one.item)).collect())
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
    pub(crate) fn goal(&self, goal: usize) -> Option<GoalVerdict> {
        let (goal, target) = (self.rules.goals.get(goal)?, *self.plan.goals.get(goal)?);
        let view = self.view(Mode::Tell);
        let outcome = view.condition(&Scope::plain(&view, COMPANY), target);
        let days = outcome.days.filter(|days| days.first > NaiveDate::MIN);
        Some(GoalVerdict {
            id: goal.name.clone(),
            text: goal.text.clone(),
            period: days.map(|days| Period { from: days.first, to: days.last }),
            status: outcome.status,
            reason: outcome.reason,
            attainment: outcome.figures.attainment(),
            measured: outcome.figures.measured,
            target: outcome.figures.target,
            sentence: outcome.sentence,
        })
    }
}
