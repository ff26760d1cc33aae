//! Activities that count for nobody.

use kadence::Noun;

use super::facts::Facts;
use super::{Check, Finding};

/// Activities, but for cancelled ones, that name no customer, contact, lead, opportunity or
/// campaign.
pub(super) fn nobody(facts: &Facts<'_>) -> Option<Finding> {
    let subjects = ["customer", "contact", "lead", "opportunity", "campaign"];
    let subjects = facts.columns(Noun::Activity, subjects);
    let is_about = |row: u32| subjects.iter().any(|subject| subject.is_known(row));
    let rows = not_cancelled(facts).filter(|row| !is_about(*row));
    facts.finding(Check::AboutNobody, Noun::Activity, rows.collect(), facts.activity())
}

/// Activities, but for cancelled ones, that name no seller.
pub(super) fn without_seller(facts: &Facts<'_>) -> Option<Finding> {
    let seller = facts.column(Noun::Activity, "seller");
    let rows = not_cancelled(facts).filter(|row| !seller.is_known(*row));
    facts.finding(Check::NoSeller, Noun::Activity, rows.collect(), facts.activity())
}

fn not_cancelled<'d>(facts: &Facts<'d>) -> impl Iterator<Item = u32> + use<'d> {
    let status = facts.column(Noun::Activity, "status");
    facts.rows(Noun::Activity).filter(move |row| status.text(*row) != Some("cancelled"))
}
