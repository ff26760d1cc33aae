//! Calendars: their occurrences, the table of their events, and holidays.
#![no_main]

use chrono::NaiveDate;
use importing::{by_mapping, hold};
use kadence_data::calendar::occurrences;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let day = |year| NaiveDate::from_ymd_opt(year, 11, 15).expect("a day");
    let range = day(2025)..=day(2027);
    if let Ok(calendar) = occurrences(bytes, "Europe/Copenhagen".parse().expect("a zone"), range) {
        for occurrence in &calendar.occurrences {
            assert!(occurrence.minutes() >= 0, "it ends before it starts: {occurrence:?}");
        }
    }
    hold(&by_mapping("events.ics", bytes));
});
