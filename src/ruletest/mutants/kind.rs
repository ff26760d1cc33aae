//! The ways in which people get rules wrong.

use std::fmt;

/// What kind of mistake a mutant is. Its name is the word that `# allow WORD: REASON` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MutantKind {
    /// A number is one more or one less, in the last digit that is written.
    Threshold,
    /// `>=` for `>`, `<=` for `<`, `before` for `after`, and back.
    Comparison,
    /// A window is a unit longer or shorter, another kind of window, or left out.
    Window,
    /// A length of time is one more or one less, or left out after `next`.
    Duration,
    /// `workdays` for `days`, `24 hours` for `1 day`, and back.
    Workdays,
    /// A date is a day earlier or later.
    Date,
    /// A `where` is left out.
    Where,
    /// A part of an `and` or `or` is left out.
    Part,
    /// `and` for `or`, and back.
    AndOr,
    /// A `not` is left out; `known` for `unknown`, and back.
    Not,
    /// A kind is left out of a union, or a value out of `in (…)`.
    Union,
    /// A word that narrows a noun is left out, the segment of `A-customer` too; `any` is put
    /// before a kind of activity.
    Adjective,
    /// `on PHRASE` is left out.
    On,
    /// `dated FIELD` is left out.
    Dated,
    /// `spaced` is left out.
    Spaced,
    /// `booked` is put in or left out.
    Booked,
    /// `of` for `before` a field, and back.
    Anchor,
    /// `average` for `median`, `min` for `max`, and back; `distinct` is left out.
    Measure,
    /// `prorate` is put in or left out.
    Prorate,
    /// `unless` is left out.
    Unless,
    /// `grace` is left out.
    Grace,
    /// `warn` is left out.
    Warn,
    /// `since` or `until` of a rule is left out.
    InForce,
    /// A list is sorted the other way round.
    Sort,
    /// The limit of a list is one more or one less, for others, or left out.
    Limit,
}

impl MutantKind {
    /// Every kind, in the order in which they are explained.
    pub const ALL: [MutantKind; 25] = [
        MutantKind::Threshold,
        MutantKind::Comparison,
        MutantKind::Window,
        MutantKind::Duration,
        MutantKind::Workdays,
        MutantKind::Date,
        MutantKind::Where,
        MutantKind::Part,
        MutantKind::AndOr,
        MutantKind::Not,
        MutantKind::Union,
        MutantKind::Adjective,
        MutantKind::On,
        MutantKind::Dated,
        MutantKind::Spaced,
        MutantKind::Booked,
        MutantKind::Anchor,
        MutantKind::Measure,
        MutantKind::Prorate,
        MutantKind::Unless,
        MutantKind::Grace,
        MutantKind::Warn,
        MutantKind::InForce,
        MutantKind::Sort,
        MutantKind::Limit,
    ];

    /// The word for it: `threshold`.
    pub fn name(self) -> &'static str {
        match self {
            MutantKind::Threshold => "threshold",
            MutantKind::Comparison => "comparison",
            MutantKind::Window => "window",
            MutantKind::Duration => "duration",
            MutantKind::Workdays => "workdays",
            MutantKind::Date => "date",
            MutantKind::Where => "where",
            MutantKind::Part => "part",
            MutantKind::AndOr => "and-or",
            MutantKind::Not => "not",
            MutantKind::Union => "union",
            MutantKind::Adjective => "adjective",
            MutantKind::On => "on",
            MutantKind::Dated => "dated",
            MutantKind::Spaced => "spaced",
            MutantKind::Booked => "booked",
            MutantKind::Anchor => "anchor",
            MutantKind::Measure => "measure",
            MutantKind::Prorate => "prorate",
            MutantKind::Unless => "unless",
            MutantKind::Grace => "grace",
            MutantKind::Warn => "warn",
            MutantKind::InForce => "in-force",
            MutantKind::Sort => "sort",
            MutantKind::Limit => "limit",
        }
    }
}

impl fmt::Display for MutantKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        let names: std::collections::BTreeSet<_> =
            MutantKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), MutantKind::ALL.len());
    }
}
