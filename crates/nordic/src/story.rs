//! The story's numbers.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};
use serde::Serialize;

pub(crate) const SEED: u64 = 20_261_115;

/// The day on which the company took its present CRM into use.
pub(crate) const FIRST_DAY: NaiveDate = day(2025, 5, 15);
pub(crate) const AS_OF: NaiveDate = day(2026, 11, 15);

pub(crate) const COUNTRIES: [Country; 3] = [
    Country { code: "DK", team: "danmark", old_customers: 128, leads: 84 },
    Country { code: "SE", team: "sverige", old_customers: 90, leads: 62 },
    Country { code: "NO", team: "norge", old_customers: 54, leads: 44 },
];

/// Leads that come in at a fair, over all countries.
pub(crate) const LEADS_OF_FAIR_2025: u64 = 24;
pub(crate) const LEADS_OF_FAIR_2026: u64 = 17;

/// When somebody in Denmark, and somebody in Sweden, filled in the form on the web.
pub(crate) const OVER_THE_WEEKEND: [NaiveDateTime; 2] =
    [evening(day(2026, 11, 14)), evening(day(2026, 11, 15))];

/// In percent of the customers.
pub(crate) const WITHOUT_REVENUE: u64 = 5;
pub(crate) const WITHOUT_REGION: u64 = 3;
pub(crate) const WITHOUT_CREATED: u64 = 1;
/// In percent of the customers: nobody has called them since some day last winter.
pub(crate) const FORGOTTEN: u64 = 7;
/// In percent of the customers of a seller who has left: nobody has taken them over.
pub(crate) const LEFT_BEHIND: u64 = 25;

/// In percent of the leads of 60 days and more.
pub(crate) const CONVERTED: u64 = 22;
pub(crate) const LOST_LEADS: u64 = 43;
/// In percent of the opportunities that should be decided by now.
pub(crate) const STILL_OPEN: u64 = 14;
/// In percent of those that are decided.
pub(crate) const WON: u64 = 34;
/// In percent of the activities that were agreed on.
pub(crate) const CANCELLED: u64 = 2;

#[derive(Clone, Copy)]
pub(crate) struct Country {
    pub(crate) code: &'static str,
    pub(crate) team: &'static str,
    /// Customers that did not come from a lead of this story.
    pub(crate) old_customers: u64,
    /// Leads that did not come in at a fair.
    pub(crate) leads: u64,
}

#[derive(Serialize)]
pub(crate) struct Team {
    id: &'static str,
    name: &'static str,
    parent: Option<&'static str>,
}

pub(crate) const TEAMS: [Team; 4] = [
    Team { id: "norden", name: "Norden", parent: None },
    Team { id: "danmark", name: "Danmark", parent: Some("norden") },
    Team { id: "sverige", name: "Sverige", parent: Some("norden") },
    Team { id: "norge", name: "Norge", parent: Some("norden") },
];

/// Days on which nobody works, beside weekends.
const CLOSED: [NaiveDate; 17] = [
    day(2025, 5, 29),
    day(2025, 6, 5),
    day(2025, 6, 9),
    day(2025, 12, 24),
    day(2025, 12, 25),
    day(2025, 12, 26),
    day(2025, 12, 31),
    day(2026, 1, 1),
    day(2026, 4, 2),
    day(2026, 4, 3),
    day(2026, 4, 6),
    day(2026, 5, 14),
    day(2026, 5, 25),
    day(2026, 6, 5),
    day(2026, 12, 24),
    day(2026, 12, 25),
    day(2026, 12, 31),
];

pub(crate) fn is_workday(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !CLOSED.contains(&day)
}

const fn evening(day: NaiveDate) -> NaiveDateTime {
    match day.and_hms_opt(20, 40, 0) {
        Some(at) => at,
        None => NaiveDateTime::MIN,
    }
}

pub(crate) const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}
