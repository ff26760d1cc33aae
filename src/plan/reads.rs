//! Which fields a plan reads.

use std::collections::BTreeSet;

use super::{Condition, DateExpr, Dating, Measure, NumberTest, Plan, Rule};
use crate::check::rules::{FieldTest, Path, Window};
use crate::model::{FieldRef, Noun};

/// The fields that the rules of a plan name, beside those that the language itself reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) fields: BTreeSet<FieldRef>,
}

impl Plan {
    /// Which fields the rules name.
    pub(crate) fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        for (_, set) in self.sets.iter() {
            reads.dating(&set.dating);
        }
        for (_, condition) in self.conditions.iter() {
            reads.condition(condition);
        }
        for list in &self.lists {
            list.sort.iter().for_each(|(path, _)| reads.path(path));
        }
        reads
    }
}

impl Plan {
    /// The nouns by which activities are grouped for these rules, as far as they say so
    /// themselves.
    pub(crate) fn owners(&self) -> BTreeSet<Noun> {
        let subject = |rule: &Rule| match rule.noun {
            Noun::Team => Some(Noun::Seller),
            // Few follow others by name.
            Noun::Activity => None,
            noun => Some(noun),
        };
        let mut owners: BTreeSet<Noun> = self.rules.iter().filter_map(subject).collect();
        let is_followed = |condition: &Condition| matches!(condition, Condition::Followed { .. });
        if self.conditions.iter().any(|(_, condition)| is_followed(condition)) {
            owners.extend([Noun::Lead, Noun::Opportunity]);
        }
        owners
    }
}

impl Reads {
    fn path(&mut self, path: &Path) {
        self.fields.extend(path.steps.iter().copied());
    }

    pub(super) fn dating(&mut self, dating: &Dating) {
        match dating {
            Dating::Own => {}
            Dating::By(path) => self.path(path),
            Dating::Parts(parts) => parts.iter().for_each(|(_, part)| self.dating(part)),
        }
    }

    pub(super) fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Compare(comparison) => {
                self.measure(&comparison.left);
                self.window(&comparison.window);
                match &comparison.test {
                    NumberTest::Is(_, value) => self.measure(value),
                    NumberTest::Between(low, high) => {
                        self.measure(low);
                        self.measure(high);
                    }
                }
            }
            Condition::Within { of, .. } => self.path(of),
            Condition::KnownWithin { field, of, .. } => {
                self.path(field);
                self.path(of);
            }
            Condition::Field { path, test } => {
                self.path(path);
                match test {
                    FieldTest::Date(_, date) => self.date(date),
                    FieldTest::In(window) => self.window(window),
                    _ => {}
                }
            }
            Condition::And(_)
            | Condition::Or(_)
            | Condition::Not(_)
            | Condition::Next { .. }
            | Condition::Followed { .. }
            | Condition::Every { .. }
            | Condition::Is { .. }
            | Condition::Meets(_) => {}
        }
    }

    fn window(&mut self, window: &Window) {
        match window {
            Window::Since(date) => self.date(date),
            Window::FromUntil(from, until) => {
                self.date(from);
                self.date(until);
            }
            _ => {}
        }
    }

    fn date(&mut self, date: &DateExpr) {
        if let DateExpr::Field(path) = date {
            self.path(path);
        }
    }

    fn measure(&mut self, measure: &Measure) {
        match measure {
            Measure::Field(path) | Measure::Aggregate { field: path, .. } => self.path(path),
            Measure::Sum(parts) | Measure::Product(parts) => {
                parts.iter().for_each(|(_, part)| self.measure(part));
            }
            Measure::Negative(part) => self.measure(part),
            Measure::Number(_)
            | Measure::Count(_)
            | Measure::LongestGap(_)
            | Measure::DaysSince(_)
            | Measure::Share { .. } => {}
        }
    }
}
