//! What a condition asks for, as far as that shows without data.

use crate::check::rules::{Function, Window};
use crate::model::{Noun, Number};
use crate::plan::{
    Class, Cmp, Comparison, Condition, ConditionId, Measure, NumberTest, Plan, SetId, State, Test,
    TestId,
};

/// What a comparison asks for.
pub(super) enum Shape<'p> {
    /// No activities.
    Nothing,
    /// Activities, but it cannot be said how many.
    Uncounted(&'static str),
    /// Enough activities, each term with what one of it is worth.
    Count(Vec<(Number, SetId)>),
    /// One at least every so many days.
    Gap { set: SetId, days: &'p Measure, is_longest: bool },
}

const NO_COUNT: &str = "it asks for something else than a number of activities";
const HOURS: &str = "its window is in hours or minutes";

impl Plan {
    /// Whether a condition asks for activities that can be counted.
    pub(super) fn asks(&self, condition: ConditionId) -> bool {
        match self.condition(condition) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().any(|part| self.asks(*part))
            }
            Condition::Compare(comparison) => {
                matches!(self.shape(comparison), Shape::Count(_) | Shape::Gap { .. })
            }
            Condition::Every { .. }
            | Condition::Next { .. }
            | Condition::Followed { .. }
            | Condition::Within { .. } => true,
            _ => false,
        }
    }

    /// Why it cannot be said how many activities a condition, or a part of it, asks for.
    pub(super) fn uncounted(&self, condition: ConditionId) -> Option<&'static str> {
        match self.condition(condition) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().find_map(|part| self.uncounted(*part))
            }
            Condition::Compare(comparison) => match self.shape(comparison) {
                Shape::Uncounted(why) => Some(why),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn shape<'p>(&self, comparison: &'p Comparison) -> Shape<'p> {
        let Comparison { left, test, window, class, .. } = comparison;
        if let NumberTest::Is(Cmp::AtMost | Cmp::Less, days) = test {
            return match left {
                Measure::DaysSince(set) => Shape::Gap { set: *set, days, is_longest: false },
                Measure::LongestGap(set) => Shape::Gap { set: *set, days, is_longest: true },
                _ if self.mentions(days) => Shape::Uncounted(NO_COUNT),
                _ => Shape::Nothing,
            };
        }
        let terms = linear(left).filter(|_| *class == Class::Count);
        let is_activity = |(_, set): &(Number, SetId)| self.set(*set).noun == Noun::Activity;
        match terms {
            _ if matches!(test, NumberTest::Is(Cmp::Unequal, _)) => Shape::Nothing,
            Some(terms) if terms.iter().all(is_activity) => match window {
                Window::Last(duration) if duration.is_clock() => Shape::Uncounted(HOURS),
                _ => Shape::Count(terms),
            },
            _ if self.mentions(left) => Shape::Uncounted(NO_COUNT),
            _ => Shape::Nothing,
        }
    }

    /// Whether a measure is taken of activities.
    fn mentions(&self, measure: &Measure) -> bool {
        let of = |set: &SetId| self.set(*set).noun == Noun::Activity;
        match measure {
            Measure::Number(_) | Measure::Field(_) => false,
            Measure::Count(set) | Measure::LongestGap(set) | Measure::DaysSince(set) => of(set),
            Measure::Aggregate { of: set, .. } => of(set),
            Measure::Share { of: set, that } => {
                of(set) || self.asks(*that) || self.uncounted(*that).is_some()
            }
            Measure::Sum(parts) | Measure::Product(parts) => {
                parts.iter().any(|(_, part)| self.mentions(part))
            }
            Measure::Negative(part) => self.mentions(part),
        }
    }

    /// The kinds that count for some terms, with what one of each is worth in all of them together.
    pub(super) fn kinds_of(&self, terms: &[(Number, SetId)]) -> Vec<(usize, Number)> {
        let sets: Vec<(&Number, Vec<bool>)> =
            terms.iter().map(|(worth, set)| (worth, self.kinds(self.set(*set).test))).collect();
        let worth = |kind: usize| {
            let counts = sets.iter().filter(|(_, kinds)| kinds.get(kind) == Some(&true));
            counts.fold(Number::zero(), |sum, (worth, _)| sum + *worth)
        };
        let all = (0..self.schema.kinds().len()).map(|kind| (kind, worth(kind)));
        all.filter(|(_, worth)| !worth.is_zero()).collect()
    }

    pub(super) fn kinds_of_set(&self, set: SetId) -> Vec<(usize, Number)> {
        self.kinds_of(&[(Number::from(1), set)])
    }

    /// Of which kinds activities can be that pass a test: completed ones, or those that are ahead.
    fn kinds(&self, test: TestId) -> Vec<bool> {
        self.kinds_in(self.test(test))
    }

    fn kinds_in(&self, test: &Test) -> Vec<bool> {
        let all = |is| vec![is; self.schema.kinds().len()];
        let each = |parts: &[Test], start, join: fn(bool, bool) -> bool| {
            parts.iter().fold(all(start), |kinds, part| {
                kinds.into_iter().zip(self.kinds_in(part)).map(|(a, b)| join(a, b)).collect()
            })
        };
        match test {
            Test::Never => all(false),
            Test::Class(classes) => {
                let can =
                    |kind| classes.has(kind, State::Completed) || classes.has(kind, State::Ahead);
                (0..self.schema.kinds().len()).map(can).collect()
            }
            Test::And(parts) => each(parts, true, |a, b| a && b),
            Test::Or(parts) => each(parts, false, |a, b| a || b),
            _ => all(true),
        }
    }
}

/// A count as a sum of sets, each with a positive weight.
fn linear(measure: &Measure) -> Option<Vec<(Number, SetId)>> {
    match measure {
        Measure::Count(set) | Measure::Aggregate { function: Function::Distinct, of: set, .. } => {
            Some(vec![(Number::from(1), *set)])
        }
        Measure::Sum(parts) => {
            let mut terms = Vec::new();
            for (minus, part) in parts {
                terms.extend(linear(part).filter(|_| !minus)?);
            }
            Some(terms)
        }
        Measure::Product(factors) => {
            let mut weight = Number::from(1);
            let mut of = None;
            for (divides, factor) in factors {
                match factor {
                    Measure::Number(number) if *divides => {
                        weight = weight.checked_div(&Number::from(*number))?;
                    }
                    Measure::Number(number) => weight = weight * Number::from(*number),
                    other if of.is_none() && !divides => of = Some(linear(other)?),
                    _ => return None,
                }
            }
            let weigh = |(worth, set)| (worth * &weight, set);
            Some(of?.into_iter().map(weigh).collect())
        }
        _ => None,
    }
}
