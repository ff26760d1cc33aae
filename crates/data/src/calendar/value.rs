//! The values of properties: times, durations, offsets.

use calcard::common::IanaParse;
use calcard::icalendar::{ICalendarDuration, ICalendarParameterName};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::line::Property;
use crate::fault::Fault;

/// A time as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    /// Of a date, its midnight.
    pub(super) local: NaiveDateTime,
    pub(super) clock: Clock,
}

/// Whose time it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clock {
    /// It is a date.
    Date,
    /// That of whoever looks at it.
    Floating,
    Utc,
    Zone(String),
}

impl When {
    pub(super) fn is_date(&self) -> bool {
        self.clock == Clock::Date
    }
}

/// How long something takes: days by the calendar, the rest by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) days: i64,
    pub(super) time: TimeDelta,
}

/// The time that a property is.
pub(super) fn when(property: &Property) -> Result<When, Fault> {
    one_of(property, &property.value)
}

/// The first of the times of a property.
pub(super) fn first(property: &Property) -> Result<When, Fault> {
    one_of(property, property.value.split([',', '/']).next().unwrap_or_default())
}

/// A time among those of a property.
pub(super) fn one_of(property: &Property, text: &str) -> Result<When, Fault> {
    let (local, clock) =
        written(text).ok_or_else(|| property.cannot(text, "a date such as 20261225"))?;
    let zone = || Some(property.parameter(&ICalendarParameterName::Tzid)?.to_owned());
    let clock = match clock {
        Clock::Floating => zone().map_or(Clock::Floating, Clock::Zone),
        clock => clock,
    };
    Ok(When { local, clock })
}

/// `20261225`, or `20261225T120000` with or without `Z`.
pub(super) fn written(text: &str) -> Option<(NaiveDateTime, Clock)> {
    let digits = |text: &str, count| {
        (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then_some(())
    };
    let (day, time) =
        text.trim().split_once('T').map_or((text.trim(), None), |(d, t)| (d, Some(t)));
    digits(day, 8)?;
    let day = NaiveDate::parse_from_str(day, "%Y%m%d").ok()?;
    let Some(time) = time else { return Some((day.and_time(NaiveTime::MIN), Clock::Date)) };
    let (time, clock) =
        time.strip_suffix('Z').map_or((time, Clock::Floating), |time| (time, Clock::Utc));
    digits(time, 6)?;
    // The second that is added to a year now and then is the one before it.
    let time = match time.strip_suffix("60") {
        Some(minutes) => NaiveTime::parse_from_str(&format!("{minutes}59"), "%H%M%S").ok()?,
        None => NaiveTime::parse_from_str(time, "%H%M%S").ok()?,
    };
    Some((day.and_time(time), clock))
}

/// `P1D`, `P2W`, `PT8H30M`.
pub(super) fn duration(property: &Property, text: &str) -> Result<Length, Fault> {
    let read =
        ICalendarDuration::parse(text.as_bytes()).filter(|read| !read.neg).and_then(|read| {
            let days = i64::from(read.weeks).checked_mul(7)?.checked_add(i64::from(read.days))?;
            let time = ICalendarDuration { weeks: 0, days: 0, ..read }.to_time_delta()?;
            Some(Length { days, time })
        });
    read.ok_or_else(|| property.cannot(text, "a duration such as P1D"))
}

impl Length {
    pub(super) const NONE: Length = Length { days: 0, time: TimeDelta::zero() };

    /// A start, and as many days; at the latest, the end of time.
    pub(super) fn days_after(self, start: NaiveDateTime) -> NaiveDateTime {
        let days = u64::try_from(self.days).unwrap_or(0);
        start.checked_add_days(Days::new(days)).unwrap_or(latest()).min(latest())
    }
}

/// The first time that can be written.
pub(super) fn earliest() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(0, 1, 1).unwrap_or(NaiveDate::MIN).and_time(NaiveTime::MIN)
}

/// The last time that can be written.
pub(super) fn latest() -> NaiveDateTime {
    let end_of_day = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
    NaiveDate::from_ymd_opt(9_999, 12, 31).unwrap_or(NaiveDate::MAX).and_time(end_of_day)
}

/// `+0100`, `-053000`: seconds east.
pub(super) fn offset(property: &Property) -> Result<i32, Fault> {
    let read = || {
        let text = property.value.trim();
        let sign = match text.get(..1)? {
            "+" => 1,
            "-" => -1,
            _ => return None,
        };
        let digits = text.get(1..)?;
        let number = |at: usize| {
            let two = digits.get(at..at + 2)?;
            two.bytes().all(|b| b.is_ascii_digit()).then(|| two.parse::<i32>().ok())?
        };
        let seconds = match digits.len() {
            4 => 0,
            6 => number(4)?,
            _ => return None,
        };
        let whole = number(0)? * 3_600 + number(2)? * 60 + seconds;
        (whole < 86_400).then_some(sign * whole)
    };
    read().ok_or_else(|| property.cannot(&property.value, "an offset such as +0100"))
}
