//! From the rules as checked to a plan.

use std::sync::Arc;

use super::classes::{EVERY, States};
use super::rewrite::Rewrite;
use super::{
    ALWAYS, Arena, ClassSet, Comparison, Condition, ConditionId, Dating, Drift, List, Measure,
    NumberTest, Plan, Rule, Set, SetId, Spacing, State, Test, TestId, lasting, rewrite,
};
use crate::check::rules::{
    self, ActivityStatus, Adjective, Base, Class, Compiled, Function, Path, Phrase, Window,
};
use crate::model::Noun;
use crate::model::calendar::{Days, Duration, Unit};

impl Plan {
    /// Lowers all of a rule set, for data with these activity kinds, those of the rules among them.
    pub(crate) fn new(rules: &Compiled, kinds: &[String]) -> Plan {
        Plan::with(rules, kinds, &Rewrite::ALL)
    }

    /// The same, with these rewrites.
    pub(crate) fn with(rules: &Compiled, kinds: &[String], rewrites: &[Rewrite]) -> Plan {
        let mut lower = Lower {
            kinds,
            rewrites,
            tests: Arena::default(),
            sets: Arena::default(),
            conditions: Arena::default(),
        };
        let completed = Reading::of(Bare::Completed);
        let segments = rules.segments.iter();
        let segments =
            segments.map(|s| (s.name.clone(), lower.things(&s.phrase, completed))).collect();
        let planned: Vec<Rule> = rules.rules.iter().map(|rule| lower.rule(rule)).collect();
        let lists = rules.lists.iter().map(|list| lower.list(list)).collect();
        let goals = rules.goals.iter();
        let goals = goals
            .map(|goal| {
                let comparison = lower.comparison(&goal.target);
                lower.conditions.insert(Condition::Compare(comparison))
            })
            .collect();
        Plan {
            schema: rules.schema.clone(),
            calendar: rules.calendar.clone(),
            sets: lower.sets,
            tests: lower.tests,
            conditions: lower.conditions,
            segments,
            rules: planned,
            lists,
            goals,
        }
    }
}

/// How a phrase is to be understood where it stands.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// What an activity must be where the phrase does not say.
    bare: Bare,
    /// Planned activities that can still take place count as completed.
    plans_kept: bool,
}

/// What a bare kind means.
#[derive(Debug, Clone, Copy)]
enum Bare {
    Completed,
    /// After `next`.
    Planned,
    /// After `followed by`: all but cancelled.
    Any,
    /// An adjective has said it, or it is not asked.
    Whatever,
}

impl Reading {
    fn of(bare: Bare) -> Self {
        Reading { bare, plans_kept: false }
    }

    fn kept(self) -> Self {
        Reading { plans_kept: true, ..self }
    }

    fn bare_states(self) -> States {
        match self.bare {
            Bare::Completed => self.states(ActivityStatus::Completed),
            Bare::Planned => self.states(ActivityStatus::Planned),
            Bare::Any => EVERY & !(State::Cancelled as u8),
            Bare::Whatever => EVERY,
        }
    }

    fn states(self, status: ActivityStatus) -> States {
        match status {
            ActivityStatus::Completed if self.plans_kept => {
                State::Completed as u8 | State::Ahead as u8
            }
            ActivityStatus::Completed => State::Completed as u8,
            ActivityStatus::Planned => State::Ahead as u8 | State::Overdue as u8,
            ActivityStatus::Cancelled => State::Cancelled as u8,
        }
    }
}

/// The phrases of the defines that a phrase is made of.
fn parts(phrase: &Phrase) -> impl Iterator<Item = &Phrase> {
    let adjectives = phrase.adjectives.iter().filter_map(|adjective| match adjective {
        Adjective::Is(part) => Some(part.as_ref()),
        _ => None,
    });
    let bases = phrase.bases.iter().filter_map(|base| match base {
        Base::Phrase(part) => Some(part.as_ref()),
        _ => None,
    });
    adjectives.chain(bases)
}

/// Whether something is true of a phrase or of a define that it is made of.
fn any_part(phrase: &Phrase, is_so: &dyn Fn(&Phrase) -> bool) -> bool {
    is_so(phrase) || parts(phrase).any(|part| any_part(part, is_so))
}

struct Lower<'r> {
    kinds: &'r [String],
    rewrites: &'r [Rewrite],
    tests: Arena<Test>,
    sets: Arena<Set>,
    conditions: Arena<Condition>,
}

impl Lower<'_> {
    fn rule(&mut self, rule: &rules::Rule) -> Rule {
        let first = rule.since.unwrap_or(ALWAYS.first);
        let last = rule.until.unwrap_or(ALWAYS.last);
        Rule {
            id: rule.id.as_str().into(),
            noun: rule.subject.noun,
            population: self.things(&rule.subject, Reading::of(Bare::Completed)),
            condition: self.condition(&rule.condition),
            unless: rule.unless.as_ref().map(|unless| self.condition(unless)),
            unless_lasts: rule.unless.as_ref().is_none_or(lasting::condition),
            in_force: Days { first, last },
            prorate: rule.prorate,
            grace: rule.grace,
            warn: rule.warn,
            weight: rule.weight,
            unit: shortest_unit(&rule.condition),
            anchor: anchor(&rule.condition),
        }
    }

    fn list(&mut self, list: &rules::List) -> List {
        List {
            name: list.name.clone(),
            noun: list.phrase.noun,
            population: self.things(&list.phrase, Reading::of(Bare::Completed)),
            sort: list.sort.clone(),
            limit: list.limit,
        }
    }

    /// The test of a phrase, in the arena.
    fn things(&mut self, phrase: &Phrase, reading: Reading) -> TestId {
        let test = self.test(phrase, reading);
        let test = self.rewritten(test);
        self.tests.insert(test)
    }

    fn rewritten(&mut self, test: Test) -> Test {
        rewrite::test(test, &mut self.conditions, self.rewrites)
    }

    fn test(&mut self, phrase: &Phrase, reading: Reading) -> Test {
        let mut all = self.named(phrase, reading, 0);
        if let Some(on) = &phrase.on {
            all.push(Test::On(on.noun, self.things(on, Reading::of(Bare::Completed))));
        }
        if let Some(filter) = &phrase.filter {
            all.push(Test::Where(self.condition(filter)));
        }
        Test::And(all)
    }

    /// What the noun, and the adjectives from the `from`th on, ask.
    fn named(&mut self, phrase: &Phrase, reading: Reading, from: usize) -> Vec<Test> {
        // Once an adjective has said what an activity must be, the bare kind says nothing of it.
        let says_status = |adjective: &Adjective| {
            matches!(adjective, Adjective::Status(_) | Adjective::Any | Adjective::Overdue)
        };
        let said = phrase.adjectives.iter().any(says_status);
        let inner = if said { Reading { bare: Bare::Whatever, ..reading } } else { reading };
        let noun = phrase.noun;
        let bases = phrase.bases.iter().map(|base| self.base(base, noun, inner)).collect();
        let mut all = vec![Test::Or(bases)];
        for (i, adjective) in phrase.adjectives.iter().enumerate().skip(from) {
            let every_kind = |states| Test::Class(ClassSet::all(self.kinds.len(), states));
            all.push(match adjective {
                Adjective::Status(status) => every_kind(reading.states(*status)),
                Adjective::Any => every_kind(Reading::of(Bare::Any).bare_states()),
                Adjective::Overdue if noun == Noun::Activity => every_kind(State::Overdue as u8),
                Adjective::Overdue => Test::OverdueOpportunity,
                Adjective::Latest => {
                    let rest = Test::And(self.named(phrase, reading, i + 1));
                    Test::Latest(Box::new(self.rewritten(rest)))
                }
                Adjective::Is(other) => self.test(other, inner),
            });
        }
        all
    }

    fn base(&mut self, base: &Base, noun: Noun, reading: Reading) -> Test {
        let kinds = self.kinds.len();
        match base {
            Base::All if noun == Noun::Activity => {
                Test::Class(ClassSet::all(kinds, reading.bare_states()))
            }
            Base::All => Test::Always,
            Base::Kind(kind) => match self.kinds.iter().position(|known| known == kind) {
                Some(kind) => Test::Class(ClassSet::one(kinds, kind, reading.bare_states())),
                None => Test::Never,
            },
            Base::Segment(name) => Test::Segment(name.clone()),
            Base::Phrase(phrase) => self.test(phrase, reading),
        }
    }

    /// What a phrase counts.
    fn set(&mut self, phrase: &Arc<Phrase>) -> SetId {
        let completed = Reading::of(Bare::Completed);
        self.set_as(phrase, completed, completed.kept())
    }

    fn set_as(&mut self, phrase: &Arc<Phrase>, reading: Reading, kept: Reading) -> SetId {
        let set = Set {
            noun: phrase.noun,
            test: self.things(phrase, reading),
            kept: self.things(phrase, kept),
            dating: self.dating(phrase),
            spacing: self.spacing(phrase),
            lasts: lasting::phrase(phrase),
            written: phrase.clone(),
        };
        self.sets.insert(set)
    }

    fn dating(&mut self, phrase: &Phrase) -> Dating {
        if let Some(path) = &phrase.dated {
            return Dating::By(path.clone());
        }
        let dated = |part: &&Phrase| any_part(part, &|p| p.dated.is_some());
        let whatever = Reading::of(Bare::Whatever);
        let part = |part: &Phrase| (self.things(part, whatever), self.dating(part));
        let parts: Vec<_> = parts(phrase).filter(dated).map(part).collect();
        if parts.is_empty() { Dating::Own } else { Dating::Parts(parts) }
    }

    fn spacing(&mut self, phrase: &Phrase) -> Option<Spacing> {
        if !any_part(phrase, &|part| part.spaced.is_some()) {
            return None;
        }
        let completed = Reading::of(Bare::Completed);
        let mut spaced = Vec::new();
        for part in parts(phrase) {
            if let Some(spacing) = self.spacing(part) {
                let test = self.things(part, completed);
                let kept = self.things(part, completed.kept());
                spaced.push(super::SpacedPart { test, kept, spacing });
            }
        }
        Some(Spacing { parts: spaced, apart: phrase.spaced })
    }

    fn condition(&mut self, condition: &rules::Condition) -> ConditionId {
        let lowered = match condition {
            rules::Condition::And(parts) => Condition::And(self.conditions(parts)),
            rules::Condition::Or(parts) => Condition::Or(self.conditions(parts)),
            rules::Condition::Not(part) => Condition::Not(self.condition(part)),
            rules::Condition::Compare(comparison) => {
                Condition::Compare(self.comparison(comparison))
            }
            rules::Condition::Next { phrase, within } => {
                let planned = Reading::of(Bare::Planned);
                Condition::Next { set: self.set_as(phrase, planned, planned), within: *within }
            }
            rules::Condition::Followed { phrase, booked, within } => {
                let any = Reading::of(Bare::Any);
                let set = self.set_as(phrase, any, any);
                Condition::Followed { set, booked: *booked, within: *within }
            }
            rules::Condition::Within { phrase, within, before, of } => Condition::Within {
                set: self.set(phrase),
                within: *within,
                before: *before,
                of: of.clone(),
            },
            rules::Condition::KnownWithin { field, within, of } => {
                Condition::KnownWithin { field: field.clone(), within: *within, of: of.clone() }
            }
            rules::Condition::Every { phrase, every } => {
                Condition::Every { set: self.set(phrase), every: *every }
            }
            rules::Condition::Field { path, test } => {
                Condition::Field { path: path.clone(), test: test.clone() }
            }
            rules::Condition::Is(phrase) => {
                let test = self.things(phrase, Reading::of(Bare::Whatever));
                Condition::Is { test, written: phrase.clone() }
            }
            rules::Condition::Meets(rule) => Condition::Meets(*rule),
        };
        self.conditions.insert(lowered)
    }

    fn conditions(&mut self, parts: &[rules::Condition]) -> Vec<ConditionId> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn comparison(&mut self, written: &rules::Comparison) -> Comparison {
        let targets: &[&rules::Measure] = match &written.test {
            rules::NumberTest::Is(_, value) => &[value],
            rules::NumberTest::Between(low, high) => &[low, high],
        };
        let target_drift = match targets {
            [one] => drift(one),
            many if many.iter().all(|one| drift(one) == Drift::Not) => Drift::Not,
            _ => Drift::Somehow,
        };
        let test = match &written.test {
            rules::NumberTest::Is(cmp, value) => NumberTest::Is(*cmp, self.measure(value)),
            rules::NumberTest::Between(low, high) => {
                NumberTest::Between(self.measure(low), self.measure(high))
            }
        };
        Comparison {
            left: self.measure(&written.left),
            test,
            window: written.window.clone(),
            class: Class::of(&written.left),
            is_whole: is_whole(&written.left),
            drift: (drift(&written.left), target_drift),
            left_lasts: lasting::measure(&written.left),
            target_lasts: targets.iter().all(|target| lasting::measure(target)),
            target_is_fixed: targets.iter().all(|target| lasting::is_fixed(target)),
            written: Arc::new(written.clone()),
        }
    }

    fn measure(&mut self, measure: &rules::Measure) -> Measure {
        let lowered = self.measure_as_written(measure);
        rewrite::measure(lowered, self.rewrites)
    }

    fn measure_as_written(&mut self, measure: &rules::Measure) -> Measure {
        match measure {
            rules::Measure::Number(number) => Measure::Number(*number),
            rules::Measure::Field(path) => Measure::Field(path.clone()),
            rules::Measure::Count(phrase) => Measure::Count(self.set(phrase)),
            rules::Measure::Aggregate { function, field, of } => {
                Measure::Aggregate { function: *function, field: field.clone(), of: self.set(of) }
            }
            rules::Measure::LongestGap(phrase) => Measure::LongestGap(self.set(phrase)),
            rules::Measure::DaysSince(phrase) => Measure::DaysSince(self.set(phrase)),
            rules::Measure::Share { of, that } => {
                Measure::Share { of: self.set(of), that: self.condition(that) }
            }
            rules::Measure::Sum(parts) => Measure::Sum(self.parts(parts)),
            rules::Measure::Product(parts) => Measure::Product(self.parts(parts)),
            rules::Measure::Negative(part) => {
                Measure::Negative(Box::new(self.measure_as_written(part)))
            }
        }
    }

    fn parts(&mut self, parts: &[(bool, rules::Measure)]) -> Vec<(bool, Measure)> {
        parts.iter().map(|(inverse, part)| (*inverse, self.measure_as_written(part))).collect()
    }
}

fn shortest_unit(condition: &rules::Condition) -> Option<Unit> {
    match condition {
        rules::Condition::And(parts) | rules::Condition::Or(parts) => {
            parts.iter().filter_map(shortest_unit).min()
        }
        rules::Condition::Not(part) => shortest_unit(part),
        rules::Condition::Compare(comparison) => match comparison.window {
            Window::Per(unit) => Some(unit),
            _ => None,
        },
        _ => None,
    }
}

/// The anchor field of the first deadline, and what lies before it where it runs towards the field.
fn anchor(condition: &rules::Condition) -> Option<(Path, Option<Duration>)> {
    match condition {
        rules::Condition::And(parts) | rules::Condition::Or(parts) => parts.iter().find_map(anchor),
        rules::Condition::Not(part) => anchor(part),
        rules::Condition::Within { of, within, before, .. } => {
            Some((of.clone(), before.then_some(*within)))
        }
        rules::Condition::KnownWithin { of, .. } => Some((of.clone(), None)),
        _ => None,
    }
}

/// Whether a count can only be a whole number: none of its weights is a fraction.
fn is_whole(measure: &rules::Measure) -> bool {
    match measure {
        rules::Measure::Number(number) => number.fract().is_zero(),
        rules::Measure::Sum(terms) => terms.iter().all(|(_, term)| is_whole(term)),
        rules::Measure::Product(factors) => {
            factors.iter().all(|(divides, factor)| !divides && is_whole(factor))
        }
        rules::Measure::Negative(part) => is_whole(part),
        rules::Measure::Count(_)
        | rules::Measure::Aggregate { function: Function::Distinct, .. } => true,
        _ => false,
    }
}

/// How a measure moves while nothing happens: a gap grows as days pass.
fn drift(measure: &rules::Measure) -> Drift {
    match measure {
        rules::Measure::LongestGap(_) | rules::Measure::DaysSince(_) => Drift::ByOneADay,
        rules::Measure::Sum(parts) | rules::Measure::Product(parts)
            if parts.iter().any(|(_, part)| drift(part) != Drift::Not) =>
        {
            Drift::Somehow
        }
        rules::Measure::Negative(part) if drift(part) != Drift::Not => Drift::Somehow,
        _ => Drift::Not,
    }
}
