//! What should have been over long ago.

use kadence::Noun;
use kadence::internals::calendar::plus_months;

use super::facts::Facts;
use super::{Check, Finding};

/// Activities that are still planned for a day a year ago or more.
pub(super) fn activities(facts: &Facts<'_>) -> Option<Finding> {
    let year_ago = plus_months(facts.day, -12);
    let at = facts.column(Noun::Activity, "at");
    let is_planned = facts.is_planned();
    let is_long_planned = |row| is_planned(row) && at.day(row).is_some_and(|at| at <= year_ago);
    let rows = facts.rows(Noun::Activity).filter(|row| is_long_planned(*row));
    facts.finding(Check::LongPlanned, Noun::Activity, rows.collect(), facts.activity())
}

/// Opportunities that are still open, and expected to close three months ago or more.
pub(super) fn opportunities(facts: &Facts<'_>) -> Option<Finding> {
    let long_ago = plus_months(facts.day, -3);
    let expected = facts.column(Noun::Opportunity, "expected_close");
    let is_open = facts.is_open(Noun::Opportunity);
    let is_long_open = |row| is_open(row) && expected.day(row).is_some_and(|day| day <= long_ago);
    let rows = facts.rows(Noun::Opportunity).filter(|row| is_long_open(*row));
    facts.finding(Check::LongOpen, Noun::Opportunity, rows.collect(), |row| {
        expected.day(row).map(|day| format!("expected to close {day}")).unwrap_or_default()
    })
}
