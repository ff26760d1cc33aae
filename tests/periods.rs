//! The periods that a comparison goes through.

#![cfg(test)]

use kadence::{AsOf, Every, NoFiles, RuleSet};

#[test]
fn periods_end_as_the_calendar_of_the_rules_says() {
    let text = "calendar\n    year starts 1 July\n    week starts Sunday\n";
    let rules = RuleSet::compile("r.kpi", text, &NoFiles).unwrap();
    let ends = |every: Every, as_of: &str| -> Vec<String> {
        let as_of = as_of.parse::<AsOf>().unwrap();
        every.ends(&rules, as_of).take(2).map(|day| day.to_string()).collect()
    };
    assert_eq!(ends(Every::Day, "2026-03-01"), ["2026-03-01", "2026-02-28"]);
    assert_eq!(ends(Every::Week, "2026-11-15"), ["2026-11-14", "2026-11-07"]);
    assert_eq!(ends(Every::Month, "2028-03-01"), ["2028-02-29", "2028-01-31"]);
    assert_eq!(ends(Every::Quarter, "2026-11-15"), ["2026-09-30", "2026-06-30"]);
    assert_eq!(ends(Every::HalfYear, "2026-11-15"), ["2026-06-30", "2025-12-31"]);
    assert_eq!(ends(Every::Year, "2026-06-30"), ["2026-06-30", "2025-06-30"]);
    assert_eq!(ends(Every::Year, "2026-06-30T23:59"), ["2025-06-30", "2024-06-30"]);
    // They end where the calendar does.
    assert!(Every::Year.ends(&rules, AsOf::Day(chrono::NaiveDate::MIN)).count() > 0);
}
