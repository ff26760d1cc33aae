//! Conditions that are always or never true, whatever happens: of a rule, of its `unless`, and of a
//! `where`.

use super::Logic;
use super::demand::Duty;
use super::questions::{About, Question};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{ConditionId, TestId};

pub(super) fn find(logic: &Logic<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for duty in logic.duties.iter().filter(|duty| !duty.has_nobody()) {
        let Some(rule) = logic.rules.rules.get(duty.place) else { continue };
        if logic.is_never(duty.population, duty.condition) || logic.clashes_with_itself(duty) {
            let message = format!("`{}` can never be met", rule.id);
            let label = "whatever happens, this does not hold";
            found.push(Diagnostic::warning(Code::K072, rule.span, message).label(label));
        } else if logic.is_always(duty.population, duty.condition) {
            let message = format!("`{}` can never be missed", rule.id);
            let label = "whatever happens, this holds";
            found.push(Diagnostic::warning(Code::K073, rule.span, message).label(label));
        }
    }
    for (Question { rule, about }, asked) in logic.asked() {
        let Some(rule) = logic.rules.rules.get(*rule) else { continue };
        let (population, condition) = (asked.population, asked.condition);
        let is_empty = logic.shape(population).is_none_or(|shape| shape.is_empty());
        let (code, message, label) = match about {
            About::Phrase(_) => continue,
            _ if is_empty => continue,
            About::Unless if logic.is_never(population, condition) => {
                (Code::K072, format!("the `unless` of `{}` exempts nobody", rule.id), "never true")
            }
            About::Unless if logic.passes_all(population, condition) => {
                (Code::K073, format!("the `unless` of `{}` exempts all", rule.id), "always true")
            }
            About::Where(text) if logic.passes_all(population, condition) => {
                (Code::K073, format!("the `where` of `{text}` leaves nothing out"), "it can go")
            }
            About::Unless | About::Where(_) => continue,
        };
        found.push(Diagnostic::warning(code, rule.span, message).label(label));
    }
    found
}

impl Logic<'_> {
    /// Whether a condition holds for none of those that pass a test.
    fn is_never(&self, population: TestId, condition: ConditionId) -> bool {
        self.is_empty_with(population, condition, true)
    }

    /// Whether a condition is false for none of them.
    fn is_always(&self, population: TestId, condition: ConditionId) -> bool {
        self.is_empty_with(population, condition, false)
    }

    fn is_empty_with(&self, population: TestId, condition: ConditionId, wanted: bool) -> bool {
        let both = || {
            let shape = self.shape(population)?;
            shape.and(&self.of_condition(condition, wanted)?)
        };
        both().is_some_and(|both| both.is_empty())
    }

    /// Whether all that pass a test pass a condition too, and nothing is unknown.
    fn passes_all(&self, population: TestId, condition: ConditionId) -> bool {
        let (Some(shape), Some(passing)) = (self.shape(population), self.of_filter(condition))
        else {
            return false;
        };
        self.is_within(&shape, &passing)
    }

    /// Whether two demands of one rule exclude each other at any moment.
    fn clashes_with_itself(&self, duty: &Duty) -> bool {
        let demands = || duty.demands.iter();
        demands()
            .any(|low| demands().any(|high| low.stretch == high.stretch && self.exclude(low, high)))
    }
}
