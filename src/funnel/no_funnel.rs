//! Why there is no funnel, in words.

use crate::check::rules::Goal;
use crate::diagnostic::nearest;
use crate::ruleset::EvaluateError;

/// Why nothing can be said about the way to a goal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFunnel {
    /// Nothing can be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The rules have no goal at all.
    #[error(
        "the rules have no goal: write one, as in `goal new-sales = sum amount of won opportunities >= 5m per year`"
    )]
    NoGoal,
    /// There is no such goal.
    #[error("no goal is called `{written}`{}", nearest.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?")))]
    Unknown {
        /// What was asked for.
        written: String,
        /// What was perhaps meant.
        nearest: Option<String>,
    },
    /// A step is of things that no case can be made of: they have no day, or are about nothing.
    #[error(
        "the step `{step}` is of {table}, and those are on no way to a sale: a step is of activities, leads, opportunities or customers"
    )]
    Step {
        /// As written.
        step: String,
        /// Its things.
        table: &'static str,
    },
}

impl NoFunnel {
    pub(super) fn unknown(written: &str, goals: &[Goal]) -> Self {
        if goals.is_empty() {
            return NoFunnel::NoGoal;
        }
        let nearest = nearest(written, goals.iter().map(|goal| goal.name.as_str()));
        NoFunnel::Unknown { written: written.to_owned(), nearest: nearest.map(str::to_owned) }
    }
}
