//! What a review asks of the data, asked in the language.

use crate::check::Variants;
use crate::check::rules::Compiled;
use crate::ruleset::EvaluateError;

const TEXT: &str = include_str!("../../grammar/campaigns.kpi");

/// What the ids of the questions start with, if no rule is called so.
const PREFIX: &str = "campaign-review";

/// A rule set with the questions after its own rules.
#[derive(Debug)]
pub(super) struct Questions {
    pub(super) compiled: Compiled,
    /// Whether a member was reached since its campaign started, and by what.
    pub(super) reached: String,
    /// What is planned with a member.
    pub(super) next: String,
    /// Whether whom a member names comes into being later.
    pub(super) later: String,
}

impl Questions {
    /// # Errors
    ///
    /// What the rules call a touchpoint is no activity.
    pub(super) fn new(rules: &Compiled) -> Result<Self, EvaluateError> {
        let mut prefix = PREFIX.to_owned();
        while rules.rules.iter().any(|rule| rule.id.starts_with(&prefix)) {
            prefix.push('s');
        }
        let text = TEXT.replace(PREFIX, &prefix);
        let (compiled, faults) = Variants::new(rules).with_more("campaigns.kpi", &text);
        match faults.into_iter().next() {
            Some(fault) => Err(EvaluateError::NoTouchpoints(fault.message)),
            None => Ok(Questions {
                compiled,
                reached: format!("{prefix}-reached"),
                next: format!("{prefix}-next"),
                later: format!("{prefix}-later"),
            }),
        }
    }

    /// The questions, by their ids.
    pub(super) fn all(&self) -> [&String; 3] {
        [&self.reached, &self.next, &self.later]
    }
}
