//! Holidays from an iCalendar file (RFC 5545).

mod event;
mod lines;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use event::Event;
use lines::Line;

/// How many days a calendar may have, those that several events share counted for each.
const MOST_DAYS: usize = 100_000;

/// How many recurrence rules it may have.
const MOST_RULES: usize = 500;

/// The days of the events of a calendar, from 1970 to 2100.
///
/// # Errors
///
/// What cannot be read, with its line.
pub(crate) fn days(text: &str) -> Result<Vec<NaiveDate>, String> {
    let events = events(text)?;
    let rules: usize = events.iter().map(|event| event.rules.len()).sum();
    if rules > MOST_RULES {
        return Err(format!("{rules} recurring events are too many: at most {MOST_RULES}"));
    }
    let mut replaced: BTreeMap<&str, BTreeSet<NaiveDate>> = BTreeMap::new();
    for event in &events {
        if let Some(day) = event.replaced()? {
            replaced.entry(&event.uid).or_default().insert(day);
        }
    }
    let none = BTreeSet::new();
    let window = window();
    let mut days = BTreeSet::new();
    let mut left = MOST_DAYS;
    for event in &events {
        let is_replacement = event.replaced()?.is_some();
        let replaced = replaced.get(event.uid.as_str()).filter(|_| !is_replacement);
        let (starts, length) = event.starts(replaced.unwrap_or(&none), window, left)?;
        for day in starts.into_iter().flat_map(|start| event::days(start, length, window)) {
            left = left
                .checked_sub(1)
                .ok_or_else(|| format!("line {}: the calendar has too many days", event.number))?;
            days.insert(day);
        }
    }
    Ok(days.into_iter().collect())
}

/// The first and the last day that is looked at.
fn window() -> (NaiveDate, NaiveDate) {
    let first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or(NaiveDate::MIN);
    let last = NaiveDate::from_ymd_opt(2100, 12, 31).unwrap_or(NaiveDate::MAX);
    (first, last)
}

/// The events of a file. What stands inside an event, such as an alarm, is no part of it.
fn events(text: &str) -> Result<Vec<Event>, String> {
    let mut events: Vec<Event> = Vec::new();
    let mut open: Vec<Line> = Vec::new();
    for line in lines::unfolded(text) {
        let line = line?;
        let is_event = |open: &[Line]| open.last().is_some_and(|open| open.value == "VEVENT");
        match line.name.as_str() {
            "BEGIN" => {
                open.push(Line { value: line.value.to_ascii_uppercase(), ..line });
                if is_event(&open) {
                    events.push(Event::new(open.last().map_or(0, |line| line.number)));
                }
            }
            "END" => match open.pop() {
                Some(begin) if begin.value.eq_ignore_ascii_case(&line.value) => {}
                Some(begin) => {
                    let expected = format!("`END:{}` for line {}", begin.value, begin.number);
                    return Err(line.cannot(&expected));
                }
                None => return Err(line.error("an `END` without `BEGIN`")),
            },
            _ if open.is_empty() => return Err(line.error("expected `BEGIN:VCALENDAR`")),
            _ if is_event(&open) => {
                if let Some(event) = events.last_mut() {
                    event.add(line)?;
                }
            }
            _ => {}
        }
    }
    match open.last() {
        Some(begin) => Err(begin.error(&format!("`BEGIN:{}` has no `END`", begin.value))),
        None if text.trim().is_empty() => Err("the calendar is empty".to_owned()),
        None => Ok(events),
    }
}
