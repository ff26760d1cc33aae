//! Rules and results as rows.

use kadence_statistics::effect::{Effects, Outcome, ResultEffect, RuleEffect};

use crate::output::Failure;
use crate::report::{csv_table, inert, shown};

const COLUMNS: [&str; 24] = [
    "rule",
    "supports",
    "result",
    "periods",
    "met_subjects",
    "met_values",
    "met_mean",
    "missed_subjects",
    "missed_values",
    "missed_mean",
    "raw_difference",
    "raw_low",
    "raw_high",
    "compared_met",
    "compared_missed",
    "strata",
    "with_nobody",
    "difference",
    "low",
    "high",
    "p",
    "adjusted_p",
    "detected",
    "noticeable",
];

/// A row for each rule and result. What there is none of is empty.
pub(super) fn csv(effects: &Effects) -> Result<String, Failure> {
    let rows =
        effects.rules.iter().flat_map(|rule| rule.results.iter().map(move |one| (rule, one)));
    csv_table(COLUMNS, rows.map(|(rule, result)| row(rule, result)))
}

fn name(outcome: Outcome) -> String {
    outcome.words().replace(' ', "_")
}

fn row(rule: &RuleEffect, result: &ResultEffect) -> [String; COLUMNS.len()] {
    let ResultEffect { met, missed, raw, compared, among_like, .. } = result;
    [
        inert(&rule.rule.id),
        inert(rule.rule.supports.as_deref().unwrap_or_default()),
        name(result.outcome),
        rule.periods.count.to_string(),
        met.subjects.to_string(),
        met.values.to_string(),
        shown(met.mean),
        missed.subjects.to_string(),
        missed.values.to_string(),
        shown(missed.mean),
        shown(raw.map(|raw| raw.difference)),
        shown(raw.map(|raw| raw.interval.low)),
        shown(raw.map(|raw| raw.interval.high)),
        compared.met.to_string(),
        compared.missed.to_string(),
        compared.strata.to_string(),
        compared.nobody.to_string(),
        shown(among_like.map(|one| one.difference)),
        shown(among_like.map(|one| one.interval.low)),
        shown(among_like.map(|one| one.interval.high)),
        shown(among_like.map(|one| one.p)),
        shown(among_like.map(|one| one.adjusted)),
        shown(among_like.map(|one| one.is_detected)),
        shown(among_like.map(|one| one.noticeable)),
    ]
}
