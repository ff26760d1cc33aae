//! Leads that nobody has looked at.

use kadence::Noun;

use super::facts::Facts;
use super::{Check, Finding};

/// Open leads without a temperature.
pub(super) fn without_temperature(facts: &Facts<'_>) -> Option<Finding> {
    let [temperature, created] = facts.columns(Noun::Lead, ["temperature", "created"]);
    let is_open = facts.is_open(Noun::Lead);
    let rows = facts.rows(Noun::Lead).filter(|row| is_open(*row) && !temperature.is_known(*row));
    facts.finding(Check::NoTemperature, Noun::Lead, rows.collect(), |row| {
        created.day(row).map(|day| format!("created {day}")).unwrap_or_default()
    })
}
