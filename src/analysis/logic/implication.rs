//! A rule that another implies: whoever meets the other at the end of each of its periods, and on
//! each day where it has none, meets this one at the end of each of its own.

use std::collections::HashMap;

use super::demand::{Counted, Demand, Duty};
use super::windows::Stretch;
use super::{Logic, MOST_COMPARED};
use crate::check::rules::{Function, Window};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Noun;
use crate::model::calendar::{Duration, TimeUnit};
use crate::plan::{Condition, ConditionId, Measure, SetId};

/// A rule, and another that implies it; both by their places among the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implication {
    /// The rule that is implied.
    pub rule: usize,
    /// The one that implies it.
    pub by: usize,
}

pub(super) fn find(logic: &Logic<'_>) -> Vec<Diagnostic> {
    let told = implications(logic).into_iter().filter_map(|Implication { rule, by }| {
        let (rule, by) = (logic.rules.rules.get(rule)?, logic.rules.rules.get(by)?);
        let message = format!("`{}` is implied by `{}`", rule.id, by.id);
        let label = format!("whoever meets `{}` meets this too", by.id);
        let fault = Diagnostic::warning(Code::K071, rule.span, message).label(label);
        Some(fault.note_at(by.span, "this asks for as much or more"))
    });
    told.collect()
}

/// The rules that another implies, each with the first that does.
pub(super) fn implications(logic: &Logic<'_>) -> Vec<Implication> {
    let mut by_noun: HashMap<Noun, Vec<&Duty>> = HashMap::new();
    let mut by_condition: HashMap<ConditionId, Vec<&Duty>> = HashMap::new();
    for duty in logic.duties.iter().filter(|duty| !duty.has_nobody()) {
        by_noun.entry(duty.noun).or_default().push(duty);
        by_condition.entry(duty.condition).or_default().push(duty);
    }
    let mut found: Vec<Implication> = Vec::new();
    for duty in logic.duties.iter().filter(|duty| !duty.has_nobody()) {
        let same = by_condition.get(&duty.condition).into_iter().flatten();
        let others = by_noun.get(&duty.noun).into_iter().flatten();
        let mut others = same.take(MOST_COMPARED).chain(others.take(MOST_COMPARED));
        let implies = |other: &&&Duty| {
            // Of two that imply each other the first has to stay.
            other.place != duty.place
                && logic.implies(other, duty)
                && (other.place < duty.place || !logic.implies(duty, other))
        };
        if let Some(other) = others.find(implies) {
            found.push(Implication { rule: duty.place, by: other.place });
        }
    }
    found
}

impl Logic<'_> {
    fn implies(&self, duty: &Duty, implied: &Duty) -> bool {
        duty.unless.is_none_or(|unless| implied.unless == Some(unless))
            && (duty.since, duty.until) == (implied.since, implied.until)
            && duty.prorate == implied.prorate
            && (!implied.warns || (duty.warns && duty.condition == implied.condition))
            && (implied.has_one_unit || duty.condition == implied.condition)
            && self.test_is_within(implied.population, duty.population)
            && self.condition_implies(duty, duty.condition, implied.condition)
    }

    fn condition_implies(&self, duty: &Duty, given: ConditionId, wanted: ConditionId) -> bool {
        use Condition::{And, Every, Followed, KnownWithin, Next, Or, Within};
        if given == wanted {
            return true;
        }
        match (self.plan.condition(given), self.plan.condition(wanted)) {
            (_, And(parts)) => parts.iter().all(|part| self.condition_implies(duty, given, *part)),
            (Or(parts), _) => parts.iter().all(|part| self.condition_implies(duty, *part, wanted)),
            (And(parts), _) if !duty.prorate => parts.iter().any(|part| {
                self.always_applies(*part) && self.condition_implies(duty, *part, wanted)
            }),
            (_, Or(parts)) => parts.iter().any(|part| self.condition_implies(duty, given, *part)),
            (Next { set: a, within: short }, Next { set: b, within: long }) => {
                let is_sooner = match (short, long) {
                    (_, None) => true,
                    (None, Some(_)) => false,
                    (Some(short), Some(long)) => is_at_most(*short, *long),
                };
                is_sooner && self.has_one_of(*a, *b)
            }
            (Every { set: a, every: short }, Every { set: b, every: long }) => {
                // Who has none yet counts from its creation: others may have some from before.
                is_at_most(*short, *long) && self.has_one_of(*a, *b) && self.has_one_of(*b, *a)
            }
            (
                Followed { set: a, booked: one, within: short },
                Followed { set: b, booked: other, within: long },
            ) => one == other && is_at_most(*short, *long) && self.has_one_of(*a, *b),
            (
                Within { set: a, within: short, before: false, of: anchor },
                Within { set: b, within: long, before: false, of },
            ) => anchor == of && is_at_most(*short, *long) && self.has_one_of(*a, *b),
            (
                KnownWithin { field: a, within: short, of: anchor },
                KnownWithin { field: b, within: long, of },
            ) => a == b && anchor == of && is_at_most(*short, *long),
            _ => {
                self.shape_implies(given, wanted) || {
                    let (given, wanted) = (self.demand(given), self.demand(wanted));
                    // What else is demanded follows from the last.
                    wanted.last().is_some_and(|wanted| {
                        given.iter().any(|given| self.demand_implies(duty, given, wanted))
                    })
                }
            }
        }
    }

    /// Whether it follows from the values that fields and measures have on one day.
    fn shape_implies(&self, given: ConditionId, wanted: ConditionId) -> bool {
        let (given, wanted) = (self.of_condition(given, true), self.of_condition(wanted, true));
        given.zip(wanted).is_some_and(|(given, wanted)| self.is_within(&given, &wanted))
    }

    /// Whether one of the first set is one of the second too.
    fn has_one_of(&self, a: SetId, b: SetId) -> bool {
        self.counts_at_most(a, b)
    }

    fn demand_implies(&self, duty: &Duty, given: &Demand, wanted: &Demand) -> bool {
        let is_cadence =
            |demand: &Demand| matches!(demand.stretch, Stretch::Rolling(r) if r.is_cadence);
        // Who has just been created keeps a cadence without having done anything.
        if is_cadence(given) || is_cadence(wanted) {
            return false;
        }
        if given.stretch == wanted.stretch {
            return self.number_implies(given, wanted);
        }
        if duty.prorate {
            return false;
        }
        let is_told = match given.stretch {
            Stretch::Periods(_) => duty.has_one_unit,
            _ => !duty.has_units,
        };
        if !is_told {
            return false;
        }
        let (Counted::Set(a), Counted::Set(b)) = (&given.counted, &wanted.counted) else {
            return false;
        };
        if self.is_longer(duty, given, wanted) {
            return true;
        }
        let is_plain = self.is_steady(*a)
            && self.is_steady(*b)
            && duty.is_always_in_force()
            && self.is_steady_test(duty.population);
        if !is_plain {
            return false;
        }
        let apart = self.timeline.apart(&given.stretch, &wanted.stretch);
        let enough = wanted.least().is_none_or(|_| {
            let (Some(each), Some(all)) = (given.least(), wanted.least()) else { return false };
            let is_spaced = self.plan.set(*b).spacing.is_some();
            let apart = if is_spaced { apart.min(1) } else { apart };
            each.saturating_mul(apart) >= all && self.counts_at_most(*a, *b)
        });
        let few = wanted.range.high.is_none_or(|_| {
            let cover = self.timeline.cover(&given.stretch, &wanted.stretch);
            let (Some(each), Some(all), Some(cover)) = (given.most(), wanted.most(), cover) else {
                return false;
            };
            each.saturating_mul(cover) <= all && self.counts_at_most(*b, *a)
        });
        enough && few && wanted.is_range_alone()
    }

    /// The same days or more, on the same day: `in last 3 months` and `in last 12 months`.
    fn is_longer(&self, duty: &Duty, given: &Demand, wanted: &Demand) -> bool {
        let (Counted::Set(a), Counted::Set(b)) = (&given.counted, &wanted.counted) else {
            return false;
        };
        let days = |demand: &Demand| match &demand.stretch {
            Stretch::Rolling(rolling) if !rolling.is_cadence => Some((rolling.least, rolling.most)),
            Stretch::Other(Window::Ever) if duty.is_always_in_force() => Some((i64::MAX, i64::MAX)),
            _ => None,
        };
        let (Some(short), Some(long)) = (days(given), days(wanted)) else { return false };
        let enough = wanted.least().is_none_or(|_| {
            short.1 <= long.0 && given.least() >= wanted.least() && self.counts_at_most(*a, *b)
        });
        let few = wanted.range.high.is_none_or(|_| {
            long.1 <= short.0
                && given.most().zip(wanted.most()).is_some_and(|(a, b)| a <= b)
                && self.counts_at_most(*b, *a)
        });
        enough && few && wanted.is_range_alone()
    }

    /// Of numbers over the same days.
    fn number_implies(&self, given: &Demand, wanted: &Demand) -> bool {
        if given.counted == wanted.counted {
            return given.range.is_within(&wanted.range);
        }
        let of_set = |demand: &Demand| match &demand.counted {
            Counted::Set(set) => Some(*set),
            // There are at least as many things as values.
            Counted::Other(Measure::Aggregate { function: Function::Distinct, of, .. }) => {
                Some(*of)
            }
            Counted::Other(_) => None,
        };
        let is_distinct = |demand: &Demand| matches!(demand.counted, Counted::Other(_));
        let (Some(a), Some(b)) = (of_set(given), of_set(wanted)) else { return false };
        let enough = wanted.least().is_none_or(|_| {
            !is_distinct(wanted)
                && given.least().zip(wanted.least()).is_some_and(|(a, b)| a >= b)
                && self.counts_at_most(a, b)
        });
        let few = wanted.range.high.is_none_or(|_| {
            !is_distinct(given)
                && given.most().zip(wanted.most()).is_some_and(|(a, b)| a <= b)
                && self.counts_at_most(b, a)
        });
        enough && few && wanted.is_range_alone()
    }
}

impl Demand {
    /// Whether to be between two numbers is all that it asks, and something.
    fn is_range_alone(&self) -> bool {
        (self.least().is_some() || self.range.high.is_some()) && !self.range.has_gaps()
    }
}

/// Whether a duration is never longer than another.
fn is_at_most(short: Duration, long: Duration) -> bool {
    let months = |duration: Duration| match duration.unit {
        TimeUnit::Month => Some(duration.amount),
        TimeUnit::Quarter => Some(3 * duration.amount),
        TimeUnit::Year => Some(12 * duration.amount),
        _ => None,
    };
    if short.unit == long.unit {
        return short.amount <= long.amount;
    }
    match (short.fixed_days(), long.fixed_days(), months(short), months(long)) {
        (Some(short), Some(long), ..) => short <= long,
        (_, _, Some(short), Some(long)) => short <= long,
        // No month is shorter than 28 days or longer than 31.
        (Some(days), _, _, Some(months)) => days <= 28 * months,
        (_, Some(days), Some(months), _) => 31 * months <= days,
        _ => false,
    }
}
