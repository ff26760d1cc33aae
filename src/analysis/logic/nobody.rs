//! A phrase that nothing is of: what its words and its `where` ask excludes itself.

use super::Logic;
use super::questions::{About, Question};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn find(logic: &Logic<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for duty in logic.duties.iter().filter(|duty| duty.has_nobody()) {
        let Some(rule) = logic.rules.rules.get(duty.place) else { continue };
        let message = format!("`{}` judges nobody", rule.id);
        let label = format!("nothing can be `{}`", rule.subject.text);
        found.push(Diagnostic::warning(Code::K074, rule.span, message).label(label));
    }
    for (Question { rule, about }, asked) in logic.asked() {
        let About::Phrase(text) = about else { continue };
        let is_said = logic.duties.iter().any(|duty| duty.place == *rule && duty.has_nobody());
        let is_empty = logic.shape(asked.population).is_some_and(|shape| shape.is_empty());
        if !is_empty || is_said {
            continue;
        }
        let Some(rule) = logic.rules.rules.get(*rule) else { continue };
        let message = format!("nothing can be `{text}`");
        let label = "what it asks excludes itself";
        found.push(Diagnostic::warning(Code::K074, rule.span, message).label(label));
    }
    found
}
