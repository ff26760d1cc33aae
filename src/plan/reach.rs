//! What a rule leads to: its sets and conditions, and those that they are made of.

use super::reads::Reads;
use super::{Condition, ConditionId, Dating, Measure, NumberTest, Plan, Rule, SetId, Test, TestId};

impl Plan {
    /// Which fields a rule names, beside those that the language itself reads.
    pub(crate) fn reads_of(&self, rule: &Rule) -> Reads {
        let mut reach = Reach { plan: self, sets: Vec::new(), conditions: Vec::new() };
        reach.test(rule.population);
        reach.condition(rule.condition);
        rule.unless.iter().for_each(|unless| reach.condition(*unless));
        let mut reads = Reads::default();
        reach.sets.iter().for_each(|set| reads.dating(&self.set(*set).dating));
        reach.conditions.iter().for_each(|condition| reads.condition(self.condition(*condition)));
        reads
    }
}

struct Reach<'p> {
    plan: &'p Plan,
    sets: Vec<SetId>,
    conditions: Vec<ConditionId>,
}

impl Reach<'_> {
    fn test(&mut self, id: TestId) {
        self.in_test(self.plan.test(id));
    }

    fn in_test(&mut self, test: &Test) {
        let plan = self.plan;
        match test {
            Test::On(_, test) => self.test(*test),
            Test::Where(condition) => self.condition(*condition),
            Test::Latest(rest) => self.in_test(rest),
            Test::And(parts) | Test::Or(parts) => parts.iter().for_each(|part| self.in_test(part)),
            Test::Segment(_) => plan.segments.iter().for_each(|(_, test)| self.test(*test)),
            Test::Always | Test::Never | Test::Class(_) | Test::OverdueOpportunity => {}
        }
    }

    fn set(&mut self, id: SetId) {
        if self.sets.contains(&id) {
            return;
        }
        self.sets.push(id);
        let set = self.plan.set(id);
        self.test(set.test);
        self.dating(&set.dating);
    }

    fn dating(&mut self, dating: &Dating) {
        if let Dating::Parts(parts) = dating {
            for (test, dating) in parts {
                self.test(*test);
                self.dating(dating);
            }
        }
    }

    fn condition(&mut self, id: ConditionId) {
        if self.conditions.contains(&id) {
            return;
        }
        self.conditions.push(id);
        match self.plan.condition(id) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.condition(*part));
            }
            Condition::Not(part) => self.condition(*part),
            Condition::Compare(comparison) => {
                self.measure(&comparison.left);
                match &comparison.test {
                    NumberTest::Is(_, value) => self.measure(value),
                    NumberTest::Between(low, high) => {
                        self.measure(low);
                        self.measure(high);
                    }
                }
            }
            Condition::Next { set, .. }
            | Condition::Followed { set, .. }
            | Condition::Within { set, .. }
            | Condition::Every { set, .. } => self.set(*set),
            Condition::Is { test, .. } => self.test(*test),
            Condition::KnownWithin { .. } | Condition::Field { .. } | Condition::Meets(_) => {}
        }
    }

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Count(set)
            | Measure::Aggregate { of: set, .. }
            | Measure::LongestGap(set)
            | Measure::DaysSince(set) => self.set(*set),
            Measure::Share { of, that } => {
                self.set(*of);
                self.condition(*that);
            }
            Measure::Sum(parts) | Measure::Product(parts) => {
                parts.iter().for_each(|(_, part)| self.measure(part));
            }
            Measure::Negative(part) => self.measure(part),
            Measure::Number(_) | Measure::Field(_) => {}
        }
    }
}
