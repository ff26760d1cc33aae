//! Holidays: the days that the events of a calendar are on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use rrule::Frequency;

use super::component::{self, Written};
use super::{Status, expand, rule};

/// How many days a calendar may have, those that several events share counted for each.
const MOST_DAYS: usize = 100_000;

/// How many recurrence rules it may have.
const MOST_RULES: usize = 500;

/// The days of the events of a calendar, from 1970 to 2100.
///
/// # Errors
///
/// What cannot be read, with its line.
pub(crate) fn days(bytes: &[u8]) -> Result<Vec<NaiveDate>, String> {
    let written = component::read(bytes).map_err(|fault| match fault.message.as_str() {
        empty @ "the calendar is empty" => empty.to_owned(),
        _ => fault.to_string(),
    })?;
    check(&written)?;
    let first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or(NaiveDate::MIN);
    let last = NaiveDate::from_ymd_opt(2100, 12, 31).unwrap_or(NaiveDate::MAX);
    // The line to look at for an event that is on too many days.
    let rules: BTreeMap<usize, usize> = written
        .events
        .iter()
        .filter_map(|event| Some((event.number, event.all("RRULE").next()?.number)))
        .collect();
    let calendar = expand::expand(written, Tz::UTC, &(first..=last));
    let on_no_day = calendar.notes.iter().find(|note| note.message == rule::ON_NO_DAY);
    if let Some(fault) = calendar.faults.first().or(on_no_day) {
        return Err(fault.to_string());
    }
    let mut days = BTreeSet::new();
    let mut left = MOST_DAYS;
    let real = calendar.occurrences.iter().filter(|o| o.event.status != Status::Cancelled);
    let mut by_line: Vec<_> = real.collect();
    by_line.sort_by_key(|occurrence| occurrence.event.line);
    for occurrence in by_line {
        let start = occurrence.start.naive_local();
        // The end itself is no part of it.
        let end = occurrence.end.naive_local() - chrono::TimeDelta::seconds(1);
        let (from, to) = (start.date().max(first), end.max(start).date().min(last));
        for day in from.iter_days().take_while(|day| *day <= to) {
            left = left.checked_sub(1).ok_or_else(|| {
                let line = occurrence.event.line;
                let line = rules.get(&line).unwrap_or(&line);
                format!("line {line}: the calendar has too many days")
            })?;
            days.insert(day);
        }
    }
    Ok(days.into_iter().collect())
}

/// Holidays are written by hand now and then: what is odd is more likely a mistake.
fn check(written: &Written) -> Result<(), String> {
    if let Some(odd) = written.odd.first() {
        return Err(odd.to_string());
    }
    let rules = || written.events.iter().flat_map(|event| event.all("RRULE"));
    if rules().count() > MOST_RULES {
        let rules = rules().count();
        return Err(format!("{rules} recurring events are too many: at most {MOST_RULES}"));
    }
    for rule in rules() {
        if rule::frequency(rule).is_none_or(|frequency| frequency > Frequency::Daily) {
            let expected = "`FREQ` DAILY, WEEKLY, MONTHLY or YEARLY";
            return Err(rule.cannot(&rule.value, expected).to_string());
        }
    }
    Ok(())
}
