//! What a rule demands, in numbers over time: at least so many, at most so many.

use std::rc::Rc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Logic;
use super::shape::{Shape, constant, domain, ranges};
use super::values::Range;
use super::windows::{Rolling, Stretch};
use crate::check::rules::{Cmp, DateExpr, FieldTest, Window};
use crate::model::Noun;
use crate::model::calendar::Unit;
use crate::plan::{
    ClassSet, Comparison, Condition, ConditionId, Dating, Measure, NumberTest, SetId, State, Test,
    TestId,
};

/// What is counted or measured.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Counted {
    /// How many there are of a set.
    Set(SetId),
    Other(Measure),
}

/// A number that must lie in a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Demand {
    pub(super) counted: Counted,
    pub(super) stretch: Stretch,
    pub(super) range: Range,
}

impl Demand {
    /// At least so many, if that is more than none.
    pub(super) fn least(&self) -> Option<i64> {
        let low = self.range.low.filter(|low| low.included)?;
        low.at.ceil().to_i64().filter(|least| *least > 0)
    }

    /// At most so many.
    pub(super) fn most(&self) -> Option<i64> {
        let high = self.range.high.filter(|high| high.included)?;
        high.at.floor().to_i64()
    }
}

/// A rule as it is reasoned about.
#[derive(Debug, Clone)]
pub(super) struct Duty {
    /// Its place among the rules.
    pub(super) place: usize,
    pub(super) noun: Noun,
    pub(super) population: TestId,
    pub(super) shape: Option<Rc<Shape>>,
    pub(super) condition: ConditionId,
    /// All of them must be fulfilled.
    pub(super) demands: Vec<Demand>,
    pub(super) since: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
    pub(super) prorate: bool,
    pub(super) unless: Option<ConditionId>,
    pub(super) warns: bool,
    /// Whether all that runs per period runs per period of one unit.
    pub(super) has_one_unit: bool,
    /// Whether something runs per period.
    pub(super) has_units: bool,
}

impl Duty {
    pub(super) fn is_always_in_force(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }
}

impl Logic<'_> {
    pub(super) fn duty(&self, place: usize) -> Option<Duty> {
        let rule = self.plan.rules.get(place)?;
        let written = self.rules.rules.get(place)?;
        let mut demands = Vec::new();
        self.demands(rule.condition, &mut demands);
        let mut units = Vec::new();
        self.units(rule.condition, &mut units);
        units.dedup();
        let has_one_unit = units.len() <= 1;
        // What stands beside a period is judged when the period ends, and not on all days.
        let is_told = |demand: &Demand| match demand.stretch {
            Stretch::Periods(_) => has_one_unit,
            _ => units.is_empty(),
        };
        demands.retain(is_told);
        Some(Duty {
            place,
            noun: rule.noun,
            population: rule.population,
            shape: self.shape(rule.population),
            condition: rule.condition,
            demands,
            since: written.since,
            until: written.until,
            prorate: rule.prorate,
            unless: rule.unless,
            warns: rule.warn.is_some(),
            has_one_unit,
            has_units: !units.is_empty(),
        })
    }

    /// What must hold if a condition does.
    fn demands(&self, id: ConditionId, found: &mut Vec<Demand>) {
        match self.plan.condition(id) {
            Condition::And(parts) => parts.iter().for_each(|part| self.demands(*part, found)),
            Condition::Not(inner) => {
                if let Condition::Compare(comparison) = self.plan.condition(*inner)
                    && let Some([range]) = ranges(comparison, false).as_deref()
                {
                    found.extend(self.of_range(comparison, range));
                }
            }
            _ => found.extend(self.demand(id)),
        }
    }

    /// What a condition that is no other's part demands.
    pub(super) fn demand(&self, id: ConditionId) -> Vec<Demand> {
        match self.plan.condition(id) {
            Condition::Compare(comparison) => match ranges(comparison, true).as_deref() {
                Some([range]) => self.of_range(comparison, range),
                _ => Vec::new(),
            },
            Condition::Every { set, every } => {
                let rolling = Rolling::every(*every).map(Stretch::Rolling);
                rolling.map(|stretch| at_least(*set, 1, stretch)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn of_range(&self, comparison: &Comparison, range: &Range) -> Vec<Demand> {
        let stretch = Stretch::of(&comparison.window);
        let range = range.and(&domain(comparison));
        let counted = match &comparison.left {
            Measure::Count(set) => Counted::Set(*set),
            Measure::Number(_) | Measure::Field(_) => return Vec::new(),
            other => Counted::Other(other.clone()),
        };
        let mut found = Vec::new();
        let days = range.high.filter(|high| high.included).and_then(|high| high.at.to_i64());
        match (&comparison.left, days) {
            (Measure::LongestGap(set), Some(gap)) if gap > 0 => {
                let shortest = self.timeline.shortest(&stretch);
                let count = shortest.map_or(0, |days| up(days - 1, gap) - 1);
                if count > 0 {
                    found.push(at_least(*set, count, stretch.clone()));
                }
            }
            (Measure::DaysSince(set), Some(days)) if comparison.window == Window::Ever => {
                let days = u32::try_from(days).ok();
                let rolling = days.and_then(|amount| {
                    let unit = crate::model::calendar::TimeUnit::Day;
                    Rolling::every(crate::model::calendar::Duration { amount, unit })
                });
                found.extend(rolling.map(|days| at_least(*set, 1, Stretch::Rolling(days))));
            }
            _ => {}
        }
        found.push(Demand { counted, stretch, range });
        found
    }

    fn units(&self, id: ConditionId, found: &mut Vec<Unit>) {
        match self.plan.condition(id) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.units(*part, found));
            }
            Condition::Not(part) => self.units(*part, found),
            Condition::Compare(Comparison { window: Window::Per(unit), .. }) => found.push(*unit),
            _ => {}
        }
    }

    /// Whether, over whatever days, there are never more of the one than of the other.
    pub(super) fn counts_at_most(&self, few: SetId, many: SetId) -> bool {
        if few == many {
            return true;
        }
        if let Some(known) = self.compared.borrow().get(&(few, many)) {
            return *known;
        }
        let is_so = self.compare_sets(few, many);
        self.compared.borrow_mut().insert((few, many), is_so);
        is_so
    }

    fn compare_sets(&self, few: SetId, many: SetId) -> bool {
        let (few, many) = (self.plan.set(few), self.plan.set(many));
        let is_spaced_further = match (&few.spacing, &many.spacing) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(few), Some(many)) => {
                let days = |apart: Option<crate::model::calendar::Duration>| {
                    apart.and_then(|apart| apart.fixed_days())
                };
                let is_plain = few.parts.is_empty() && many.parts.is_empty();
                is_plain && days(few.apart).zip(days(many.apart)).is_some_and(|(a, b)| a >= b)
            }
        };
        few.noun == many.noun
            && few.dating == many.dating
            && !matches!(few.dating, Dating::Parts(_))
            && is_spaced_further
            && self.test_is_within(few.test, many.test)
    }

    /// Whether of a set it is the same on every later day what was of it: completed activities
    /// that are told apart by what does not change as days pass.
    pub(super) fn is_steady(&self, id: SetId) -> bool {
        let set = self.plan.set(id);
        set.noun == Noun::Activity && set.dating == Dating::Own && self.is_steady_test(set.test)
    }

    pub(super) fn is_steady_test(&self, id: TestId) -> bool {
        self.stays(self.plan.test(id))
    }

    fn stays(&self, test: &Test) -> bool {
        match test {
            Test::Always | Test::Never => true,
            Test::Class(class) => {
                let completed = ClassSet::all(self.plan_kinds(), State::Completed as u8);
                class.and(&completed) == *class
            }
            Test::Segment(name) => {
                let rule = self.plan.segments.iter().find(|(known, _)| known == name);
                rule.is_none_or(|(_, test)| self.is_steady_test(*test))
            }
            Test::On(_, id) => self.is_steady_test(*id),
            Test::Where(condition) => self.condition_stays(*condition),
            Test::And(parts) => {
                // Once the class is of completed ones, it does not matter what else the parts are.
                let is_class = |part: &Test| matches!(part, Test::Class(_));
                let classes = parts.iter().filter(|part| is_class(part));
                let mut others = parts.iter().filter(|part| !is_class(part));
                let classes: Vec<&Test> = classes.collect();
                let completed = classes.is_empty() || classes.iter().any(|class| self.stays(class));
                completed && others.all(|part| self.stays(part))
            }
            Test::Or(parts) => parts.iter().all(|part| self.stays(part)),
            Test::OverdueOpportunity | Test::Latest(_) => false,
        }
    }

    fn condition_stays(&self, id: ConditionId) -> bool {
        match self.plan.condition(id) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().all(|part| self.condition_stays(*part))
            }
            Condition::Not(part) => self.condition_stays(*part),
            Condition::Compare(Comparison { left: Measure::Field(_), test, .. }) => match test {
                NumberTest::Is(_, at) => constant(at).is_some(),
                NumberTest::Between(low, high) => constant(low).and(constant(high)).is_some(),
            },
            Condition::Field { path, test } => {
                let moves = |name: &str| matches!(name, "status" | "closed" | "converted");
                let names = path.steps.iter().filter_map(|step| self.plan.schema.definition(*step));
                let is_fixed = match test {
                    FieldTest::Date(_, date) => matches!(date, DateExpr::Date(_)),
                    FieldTest::In(_) => false,
                    _ => true,
                };
                is_fixed && !names.into_iter().any(|field| moves(&field.name))
            }
            _ => false,
        }
    }

    pub(super) fn plan_kinds(&self) -> usize {
        // Beside those of the rules there is any other that the data may have.
        self.plan.schema.kinds().len() + 1
    }
}

fn at_least(set: SetId, count: i64, stretch: Stretch) -> Demand {
    let range = Range::of(Cmp::AtLeast, Decimal::from(count), true);
    Demand { counted: Counted::Set(set), stretch, range }
}

/// Divided and rounded up.
fn up(days: i64, by: i64) -> i64 {
    days / by + i64::from(days % by > 0)
}
