//! Rules without their wording: what means the same is equal.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::check::rules::{
    Adjective, Base, Comparison, Compiled, Condition, DateExpr, FieldTest, Measure, NumberTest,
    Path, Phrase, Rule, Segment, Window,
};
use crate::diagnostic::Sources;
use crate::model::{FieldRef, Noun, Schema};

/// Takes the wording away. A phrase that is in many places is done once.
#[derive(Default)]
pub(crate) struct Bare<'n> {
    /// By where the phrase lies. Both are kept, so that no other comes to lie there.
    done: HashMap<usize, (Arc<Phrase>, Arc<Phrase>)>,
    /// What places are in another rule set, where rules are to be equal to those of another.
    there: Option<There<'n>>,
    /// The rules that `meets` names, by their places there.
    met: BTreeSet<usize>,
}

/// Another rule set, and which of its rules are whose counterparts.
#[derive(Clone, Copy)]
pub(crate) struct There<'n> {
    pub(crate) here: &'n Schema,
    pub(crate) there: &'n Schema,
    /// By place, the place of the counterpart; none where there is none.
    pub(crate) rules: &'n [Option<usize>],
    /// The names of the segments that mean something else there.
    pub(crate) segments: &'n BTreeSet<String>,
}

/// The place of what has no counterpart: nothing lies there.
const NOWHERE: usize = usize::MAX;

impl There<'_> {
    fn field(&self, field: FieldRef) -> FieldRef {
        let same = self.here.definition(field).and_then(|known| {
            if field.noun == Noun::Customer && known.name == "segment" && !self.segments.is_empty()
            {
                return None;
            }
            let other = self.there.field_ref(field.noun, &known.name)?;
            (self.there.definition(other)?.kind == known.kind).then_some(other)
        });
        same.unwrap_or(FieldRef { index: NOWHERE, ..field })
    }
}

impl<'n> Bare<'n> {
    /// With the places that fields and rules have in another rule set.
    pub(crate) fn seen_from(there: There<'n>) -> Self {
        Bare { there: Some(there), ..Bare::default() }
    }

    /// The rules that were met in what was done, by their places there.
    pub(crate) fn met(self) -> BTreeSet<usize> {
        self.met
    }

    /// The segments and rules; nothing else of a rule set is looked at.
    pub(super) fn compiled(&mut self, rules: &Compiled) -> Compiled {
        let segments = rules.segments.iter().map(|segment| Segment {
            name: segment.name.clone(),
            phrase: self.phrase(&segment.phrase),
        });
        Compiled {
            sources: Sources::default(),
            schema: rules.schema.clone(),
            calendar: rules.calendar.clone(),
            work: rules.work.clone(),
            segments: segments.collect(),
            rules: rules.rules.iter().map(|rule| self.rule(rule)).collect(),
            lists: Vec::new(),
            goals: Vec::new(),
            defines: Vec::new(),
            items: Vec::new(),
            tests: Vec::new(),
        }
    }

    pub(crate) fn rule(&mut self, rule: &Rule) -> Rule {
        Rule {
            subject: self.phrase(&rule.subject),
            condition: self.condition(&rule.condition),
            unless: rule.unless.as_ref().map(|unless| self.condition(unless)),
            ..rule.clone()
        }
    }

    pub(crate) fn phrase(&mut self, phrase: &Arc<Phrase>) -> Arc<Phrase> {
        let place = Arc::as_ptr(phrase) as usize;
        if let Some((_, done)) = self.done.get(&place) {
            return done.clone();
        }
        let bases = phrase.bases.iter().map(|base| match base {
            Base::Phrase(inner) => Base::Phrase(self.phrase(inner)),
            Base::Segment(name)
                if self.there.is_some_and(|there| there.segments.contains(name)) =>
            {
                // No segment has an empty name.
                Base::Segment(String::new())
            }
            other => other.clone(),
        });
        let bases = bases.collect();
        let adjectives = phrase.adjectives.iter().map(|adjective| match adjective {
            Adjective::Is(inner) => Adjective::Is(self.phrase(inner)),
            other => other.clone(),
        });
        let bare = Arc::new(Phrase {
            noun: phrase.noun,
            bases,
            adjectives: adjectives.collect(),
            on: phrase.on.as_ref().map(|on| self.phrase(on)),
            filter: phrase.filter.as_ref().map(|filter| self.condition(filter)),
            dated: phrase.dated.as_ref().map(|dated| self.path(dated)),
            spaced: phrase.spaced,
            text: String::new(),
        });
        self.done.insert(place, (phrase.clone(), bare.clone()));
        bare
    }

    pub(crate) fn condition(&mut self, condition: &Condition) -> Condition {
        match condition {
            Condition::And(parts) => Condition::And(self.conditions(parts)),
            Condition::Or(parts) => Condition::Or(self.conditions(parts)),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner))),
            Condition::Compare(comparison) => Condition::Compare(Comparison {
                left: self.measure(&comparison.left),
                test: match &comparison.test {
                    NumberTest::Is(cmp, right) => NumberTest::Is(*cmp, self.measure(right)),
                    NumberTest::Between(low, high) => {
                        NumberTest::Between(self.measure(low), self.measure(high))
                    }
                },
                window: self.window(&comparison.window),
                text: String::new(),
            }),
            Condition::Next { phrase, within } => {
                Condition::Next { phrase: self.phrase(phrase), within: *within }
            }
            Condition::Followed { phrase, booked, within } => {
                let phrase = self.phrase(phrase);
                Condition::Followed { phrase, booked: *booked, within: *within }
            }
            Condition::Within { phrase, within, before, of } => Condition::Within {
                phrase: self.phrase(phrase),
                within: *within,
                before: *before,
                of: self.path(of),
            },
            Condition::KnownWithin { field, within, of } => Condition::KnownWithin {
                field: self.path(field),
                within: *within,
                of: self.path(of),
            },
            Condition::Every { phrase, every } => {
                Condition::Every { phrase: self.phrase(phrase), every: *every }
            }
            Condition::Field { path: field, test } => {
                Condition::Field { path: self.path(field), test: self.field_test(test) }
            }
            Condition::Is(phrase) => Condition::Is(self.phrase(phrase)),
            Condition::Meets(rule) => {
                let there = self.there.map(|there| there.rules.get(*rule).copied().flatten());
                let rule = there.map_or(*rule, |there| there.unwrap_or(NOWHERE));
                self.met.insert(rule);
                Condition::Meets(rule)
            }
        }
    }

    fn conditions(&mut self, parts: &[Condition]) -> Vec<Condition> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn measure(&mut self, measure: &Measure) -> Measure {
        match measure {
            Measure::Number(number) => Measure::Number(number.normalize()),
            Measure::Field(field) => Measure::Field(self.path(field)),
            Measure::Count(of) => Measure::Count(self.phrase(of)),
            Measure::Aggregate { function, field, of } => Measure::Aggregate {
                function: *function,
                field: self.path(field),
                of: self.phrase(of),
            },
            Measure::LongestGap(of) => Measure::LongestGap(self.phrase(of)),
            Measure::DaysSince(of) => Measure::DaysSince(self.phrase(of)),
            Measure::Share { of, that } => {
                Measure::Share { of: self.phrase(of), that: Box::new(self.condition(that)) }
            }
            Measure::Sum(parts) => Measure::Sum(self.measures(parts)),
            Measure::Product(parts) => Measure::Product(self.measures(parts)),
            Measure::Negative(inner) => Measure::Negative(Box::new(self.measure(inner))),
        }
    }

    fn measures(&mut self, parts: &[(bool, Measure)]) -> Vec<(bool, Measure)> {
        parts.iter().map(|(inverse, part)| (*inverse, self.measure(part))).collect()
    }

    pub(crate) fn path(&self, path: &Path) -> Path {
        let step = |step: &FieldRef| self.there.map_or(*step, |there| there.field(*step));
        Path { steps: path.steps.iter().map(step).collect(), text: String::new() }
    }

    fn window(&self, window: &Window) -> Window {
        match window {
            Window::Since(date) => Window::Since(self.date_expr(date)),
            Window::FromUntil(from, until) => {
                Window::FromUntil(self.date_expr(from), self.date_expr(until))
            }
            other => other.clone(),
        }
    }

    fn date_expr(&self, date: &DateExpr) -> DateExpr {
        match date {
            DateExpr::Field(field) => DateExpr::Field(self.path(field)),
            other => other.clone(),
        }
    }

    fn field_test(&self, test: &FieldTest) -> FieldTest {
        match test {
            FieldTest::Date(cmp, date) => FieldTest::Date(*cmp, self.date_expr(date)),
            FieldTest::In(days) => FieldTest::In(self.window(days)),
            other => other.clone(),
        }
    }
}
