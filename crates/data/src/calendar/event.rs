//! One event: the days that it is on.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use rrule::{RRule, RRuleSet, Unvalidated};

use super::lines::Line;

const A_DATE: &str = "a date such as 20261225";

/// What is known of an event, each as the line that says it.
#[derive(Debug, Default)]
pub(super) struct Event {
    /// The number of the line on which it starts.
    pub(super) number: usize,
    pub(super) uid: String,
    start: Option<Line>,
    end: Option<Line>,
    duration: Option<Line>,
    pub(super) rules: Vec<Line>,
    more: Vec<Line>,
    except: Vec<Line>,
    replaces: Option<Line>,
    is_cancelled: bool,
}

/// A day, and the time of it where one is given.
type When = (NaiveDate, Option<NaiveTime>);

impl Event {
    pub(super) fn new(number: usize) -> Self {
        Event { number, ..Event::default() }
    }

    pub(super) fn add(&mut self, line: Line) -> Result<(), String> {
        match line.name.as_str() {
            "UID" => self.uid = line.value,
            "STATUS" => self.is_cancelled = line.value.eq_ignore_ascii_case("CANCELLED"),
            "DTSTART" => self.start = Some(line),
            "DTEND" => self.end = Some(line),
            "DURATION" => self.duration = Some(line),
            "RRULE" => self.rules.push(line),
            "RDATE" => self.more.push(line),
            "EXDATE" => self.except.push(line),
            "RECURRENCE-ID" if line.parameters.contains("RANGE=") => {
                return Err(line.error("`RANGE` is not supported: write an event of its own"));
            }
            "RECURRENCE-ID" => self.replaces = Some(line),
            "EXRULE" => return Err(line.error("`EXRULE` is not supported: use `EXDATE`")),
            _ => {}
        }
        Ok(())
    }

    /// The day of the recurring event of the same id that this one replaces.
    pub(super) fn replaced(&self) -> Result<Option<NaiveDate>, String> {
        self.replaces.as_ref().map(|line| Ok(when(line, &line.value)?.0)).transpose()
    }

    /// The days on which it starts, in any order and perhaps some of them twice, and the number
    /// of days that it takes.
    pub(super) fn starts(
        &self,
        replaced: &BTreeSet<NaiveDate>,
        window: (NaiveDate, NaiveDate),
        most: usize,
    ) -> Result<(Vec<NaiveDate>, u64), String> {
        if self.is_cancelled {
            return Ok((Vec::new(), 0));
        }
        let Some(line) = &self.start else {
            return Err(format!("line {}: an event without `DTSTART`", self.number));
        };
        let start = when(line, &line.value)?;
        let length = self.length(start)?;
        let mut days = vec![start.0];
        for rule in &self.rules {
            let first = start.0.and_time(start.1.unwrap_or_default());
            let left = most.saturating_sub(days.len());
            days.extend(expanded(rule, first, window.1, left)?);
        }
        for line in &self.more {
            for text in line.value.split(',') {
                let start = text.split('/').next().unwrap_or_default();
                days.push(when(line, start)?.0);
            }
        }
        let mut except = replaced.clone();
        for line in &self.except {
            for text in line.value.split(',') {
                except.insert(when(line, text)?.0);
            }
        }
        days.retain(|day| !except.contains(day) && *day <= window.1);
        Ok((days, length))
    }

    /// How many days it takes, at least one.
    fn length(&self, (day, time): When) -> Result<u64, String> {
        let start = day.and_time(time.unwrap_or_default());
        let (end, line) = match (&self.end, &self.duration) {
            (Some(line), _) => {
                let (day, time) = when(line, &line.value)?;
                (day.and_time(time.unwrap_or_default()), line)
            }
            (None, Some(line)) => {
                let duration =
                    duration(&line.value).ok_or_else(|| line.cannot("a duration such as P1D"))?;
                (start.checked_add_signed(duration).unwrap_or(NaiveDateTime::MAX), line)
            }
            (None, None) => return Ok(1),
        };
        if end < start {
            return Err(line.error("the event ends before it starts"));
        }
        // The end itself is no part of the event.
        let last = end.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(end).max(start);
        let days = (last.date() - day).num_days();
        Ok(u64::try_from(days).unwrap_or(0) + 1)
    }
}

/// `20261225`, or `20261225T120000` with or without `Z`: the day as it is written.
fn when(line: &Line, text: &str) -> Result<When, String> {
    let read = || {
        let (day, time) =
            text.trim().split_once('T').map_or((text.trim(), None), |(d, t)| (d, Some(t)));
        let digits = |text: &str, count| {
            (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then_some(())
        };
        digits(day, 8)?;
        let day = NaiveDate::parse_from_str(day, "%Y%m%d").ok()?;
        let Some(time) = time else { return Some((day, None)) };
        let time = time.strip_suffix('Z').unwrap_or(time);
        digits(time, 6)?;
        Some((day, Some(NaiveTime::parse_from_str(time, "%H%M%S").ok()?)))
    };
    read().ok_or_else(|| line.cannot(A_DATE))
}

/// `P1D`, `P2W`, `PT8H30M`.
fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
    let mut seconds = 0_i64;
    let mut number = String::new();
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                number.push(c);
                continue;
            }
            'T' if number.is_empty() => continue,
            'W' => 7 * 86_400,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        let count: i64 = number.parse().ok()?;
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
        number.clear();
    }
    if number.is_empty() { TimeDelta::try_seconds(seconds) } else { None }
}

/// The days of a recurrence rule up to `last`, at most `most` of them.
fn expanded(
    line: &Line,
    first: NaiveDateTime,
    last: NaiveDate,
    most: usize,
) -> Result<Vec<NaiveDate>, String> {
    let start = rrule::Tz::UTC.from_utc_datetime(&first);
    let text = in_utc(line)?;
    let cannot = |error: rrule::RRuleError| {
        line.error(&format!("a recurrence that cannot be read: {error}"))
    };
    let rule: RRule<Unvalidated> = text.parse().map_err(cannot)?;
    let rule = rule.validate(start).map_err(cannot)?;
    let set = RRuleSet::new(start).rrule(rule).limit();
    let mut days = Vec::new();
    for day in set.into_iter().map(|at| at.date_naive()).take_while(|day| *day <= last) {
        if days.len() >= most {
            return Err(line.error("the calendar has too many days"));
        }
        days.push(day);
    }
    if days.is_empty() && first.date() <= last {
        return Err(line.error("a recurrence that is on no day"));
    }
    Ok(days)
}

/// The rule with an `UNTIL` in UTC, as a rule for a start in UTC needs. Holidays repeat by days
/// or longer.
fn in_utc(line: &Line) -> Result<String, String> {
    let mut parts: Vec<String> = Vec::new();
    for part in line.value.split(';').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').ok_or_else(|| line.cannot("`NAME=VALUE;…`"))?;
        let name = name.to_ascii_uppercase();
        match name.as_str() {
            "FREQ" => {
                let known = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
                if !known.iter().any(|known| value.eq_ignore_ascii_case(known)) {
                    let expected = "`FREQ` DAILY, WEEKLY, MONTHLY or YEARLY";
                    return Err(line.cannot(expected));
                }
            }
            "UNTIL" => {
                let (day, time) = when(line, value)?;
                let end_of_day = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
                let until = day.and_time(time.unwrap_or(end_of_day));
                parts.push(format!("UNTIL={}Z", until.format("%Y%m%dT%H%M%S")));
                continue;
            }
            _ => {}
        }
        parts.push(format!("{name}={}", value.to_ascii_uppercase()));
    }
    Ok(parts.join(";"))
}

/// The days of an event that starts on a day, cut to the window.
pub(super) fn days(
    start: NaiveDate,
    length: u64,
    window: (NaiveDate, NaiveDate),
) -> impl Iterator<Item = NaiveDate> {
    let end = start.checked_add_days(Days::new(length)).unwrap_or(NaiveDate::MAX);
    start.max(window.0).iter_days().take_while(move |day| *day < end && *day <= window.1)
}
