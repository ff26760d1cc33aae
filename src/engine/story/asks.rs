//! What is asked, in words near to those of the rule.

use super::super::view::View;
use crate::plan::{Condition, ConditionId, field_test};

impl View<'_> {
    /// `next activity within 14 days`
    pub(super) fn asks(&self, id: ConditionId) -> String {
        let written = |set| self.plan.set(set).written.text.as_str();
        let joined = |parts: &[ConditionId], word: &str| {
            let part = |part: &ConditionId| match self.plan.condition(*part) {
                Condition::And(_) | Condition::Or(_) => format!("({})", self.asks(*part)),
                _ => self.asks(*part),
            };
            parts.iter().map(part).collect::<Vec<_>>().join(word)
        };
        match self.plan.condition(id) {
            Condition::And(parts) => joined(parts, " and "),
            Condition::Or(parts) => joined(parts, " or "),
            Condition::Not(part) => format!("not ({})", self.asks(*part)),
            Condition::Compare(comparison) => comparison.written.text.clone(),
            Condition::Next { set, within: None } => format!("next {}", written(*set)),
            Condition::Next { set, within: Some(within) } => {
                format!("next {} within {within}", written(*set))
            }
            Condition::Followed { set, booked, within } => {
                let booked = if *booked { " booked" } else { "" };
                format!("followed by {}{booked} within {within}", written(*set))
            }
            Condition::Within { set, within, before, of } => {
                let side = if *before { "before" } else { "of" };
                format!("{} within {within} {side} {}", written(*set), of.text)
            }
            Condition::KnownWithin { field, within, of } => {
                format!("{} is known within {within} of {}", field.text, of.text)
            }
            Condition::Every { set, every } => format!("{} every {every}", written(*set)),
            Condition::Field { path, test } => format!("{} {}", path.text, field_test(test)),
            Condition::Is { written, .. } => format!("is {}", written.text),
            Condition::Meets(rule) => {
                let rule = self.plan.rules.get(*rule);
                format!("meets {}", rule.map_or("", |rule| &rule.id))
            }
        }
    }
}
