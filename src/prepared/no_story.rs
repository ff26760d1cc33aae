//! Why there is no story of a verdict, in words.

use chrono::NaiveDate;

use crate::model::Noun;
use crate::verdict::Silence;

/// Why there is no story.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStory {
    /// There is no such rule.
    #[error("no rule has the id `{rule}`{}", nearest.as_ref().map_or_else(String::new, |id| format!("; did you mean `{id}`?")))]
    UnknownRule {
        /// What was asked for.
        rule: String,
        /// The id of one that was perhaps meant.
        nearest: Option<String>,
    },
    /// There is no such thing.
    #[error("no {noun} has the id `{subject}`{}", did_you_mean(nearest))]
    UnknownSubject {
        /// The noun that the rule is about.
        noun: Noun,
        /// What was asked for.
        subject: String,
        /// The ids and the names of those that were perhaps meant.
        nearest: Vec<(String, Option<String>)>,
    },
    /// The rule does not judge it.
    #[error("`{rule}` has no verdict for `{subject}`: {why}")]
    Silent {
        /// The rule.
        rule: String,
        /// The subject.
        subject: String,
        /// Why not.
        why: Silence,
    },
    /// There is no period that holds the day.
    #[error("`{rule}` has no period {}: expected a rule with `per UNIT` and a day of a period that has begun", day.map_or_else(String::new, |day| format!("that holds {day}")))]
    NoPeriod {
        /// The rule.
        rule: String,
        /// The day.
        day: Option<NaiveDate>,
    },
}

/// How many of those that were perhaps meant are named.
const MOST_NAMED: usize = 3;

/// `; did you mean `acme` (Acme)?`
pub(crate) fn did_you_mean(nearest: &[(String, Option<String>)]) -> String {
    let named = |(id, name): &(String, Option<String>)| match name {
        Some(name) => format!("`{id}` ({name})"),
        None => format!("`{id}`"),
    };
    let mut named: Vec<String> = nearest.iter().take(MOST_NAMED).map(named).collect();
    if nearest.len() > MOST_NAMED {
        named.push(format!("one of {} more", nearest.len() - MOST_NAMED));
    }
    match named.as_slice() {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [others @ .., last] => format!("; did you mean {} or {last}?", others.join(", ")),
    }
}
