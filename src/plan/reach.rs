//! What a rule leads to: its sets and conditions, and those that they are made of.

use super::classes::{ClassSet, States};
use super::reads::Reads;
use super::{Condition, ConditionId, Dating, Measure, NumberTest, Plan, Rule, SetId, Test, TestId};
use crate::model::{FieldRef, Noun};

/// What a rule sees of an activity, as far as its verdicts can depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sees {
    /// For each kind, where it stands in what the rule asks; empty where it is not asked for. Two
    /// kinds of which this is equal are one to the rule.
    pub(crate) kinds: Vec<Vec<States>>,
    /// Whether it matters who was spoken to.
    pub(crate) contact: bool,
}

impl Sees {
    /// Whether activities of a kind can make a difference.
    pub(crate) fn asks_for(&self, kind: usize) -> bool {
        self.kinds.get(kind).is_some_and(|states| !states.is_empty())
    }
}

impl Plan {
    /// Which fields a rule names, beside those that the language itself reads.
    pub(crate) fn reads_of(&self, rule: &Rule) -> Reads {
        let mut reach = Reach::new(self);
        reach.test(rule.population);
        reach.asked(rule);
        reach.reads()
    }

    /// Which fields decide who is of a rule's population, and which what is asked of it, those of the
    /// rules that it meets and those that the language itself reads included.
    pub(crate) fn reads_apart(&self, rule: &Rule) -> (Reads, Reads) {
        let following = || Reach { rules: Some(Vec::new()), ..Reach::new(self) };
        let (mut population, mut asked) = (following(), following());
        population.test(rule.population);
        asked.asked(rule);
        let close = self.schema.field_ref(Noun::Opportunity, "expected_close");
        let reads = |reach: Reach<'_>| {
            let mut reads = reach.reads();
            reads.fields.extend(close.filter(|_| reach.overdue));
            reads
        };
        (reads(population), reads(asked))
    }

    /// What a rule, and the rules that it meets, see of an activity.
    pub(crate) fn sees(&self, rule: &Rule) -> Sees {
        let mut reach = Reach { rules: Some(Vec::new()), ..Reach::new(self) };
        reach.asked(rule);
        let reads = reach.reads();
        let names = |name: &str| {
            let field: Option<FieldRef> = self.schema.field_ref(Noun::Activity, name);
            field.is_some_and(|field| reads.fields.contains(&field))
        };
        let (by_name, contact) = (names("kind"), names("contact"));
        let place = |kind: usize| {
            let mut states: Vec<States> =
                reach.classes.iter().map(|class| class.states(kind)).collect();
            if states.iter().all(|states| *states == 0) && !by_name {
                return Vec::new();
            }
            if by_name {
                states.extend(kind.to_le_bytes());
            }
            states
        };
        Sees { kinds: (0..self.schema.kinds().len()).map(place).collect(), contact }
    }
}

struct Reach<'p> {
    plan: &'p Plan,
    sets: Vec<SetId>,
    conditions: Vec<ConditionId>,
    classes: Vec<&'p ClassSet>,
    /// Whether opportunities are asked for that are overdue.
    overdue: bool,
    /// Those that are met, where they are gone through as well.
    rules: Option<Vec<usize>>,
}

impl<'p> Reach<'p> {
    fn new(plan: &'p Plan) -> Self {
        Reach {
            plan,
            sets: Vec::new(),
            conditions: Vec::new(),
            classes: Vec::new(),
            overdue: false,
            rules: None,
        }
    }

    /// What a rule asks, and who is exempt from it.
    fn asked(&mut self, rule: &Rule) {
        self.condition(rule.condition);
        rule.unless.iter().for_each(|unless| self.condition(*unless));
    }

    /// The fields that are named on the way.
    fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        self.sets.iter().for_each(|set| reads.dating(&self.plan.set(*set).dating));
        let conditions = self.conditions.iter().map(|condition| self.plan.condition(*condition));
        conditions.for_each(|condition| reads.condition(condition));
        reads
    }

    fn met(&mut self, index: usize) {
        let Some(rules) = self.rules.as_mut().filter(|rules| !rules.contains(&index)) else {
            return;
        };
        rules.push(index);
        let plan = self.plan;
        if let Some(rule) = plan.rules.get(index) {
            self.test(rule.population);
            self.asked(rule);
        }
    }

    fn test(&mut self, id: TestId) {
        self.in_test(self.plan.test(id));
    }

    fn in_test(&mut self, test: &'p Test) {
        let plan = self.plan;
        match test {
            Test::Class(classes) => self.classes.push(classes),
            Test::On(_, test) => self.test(*test),
            Test::Where(condition) => self.condition(*condition),
            Test::Latest(rest) => self.in_test(rest),
            Test::And(parts) | Test::Or(parts) => parts.iter().for_each(|part| self.in_test(part)),
            Test::Segment(_) => plan.segments.iter().for_each(|(_, test)| self.test(*test)),
            Test::OverdueOpportunity => self.overdue = true,
            Test::Always | Test::Never => {}
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

    fn dating(&mut self, dating: &'p Dating) {
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
            Condition::Meets(rule) => self.met(*rule),
            Condition::KnownWithin { .. } | Condition::Field { .. } => {}
        }
    }

    fn measure(&mut self, measure: &'p Measure) {
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
