//! Calendars (iCalendar, RFC 5545) as Outlook, Google and others export them.
//!
//! [`occurrences`] finds what is in a calendar within a range of days: recurring events repeated,
//! with their additions and exceptions, each at its instant.
//!
//! ```
//! use chrono::NaiveDate;
//! use chrono_tz::Europe::Copenhagen;
//!
//! let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Visit Acme\r\n\
//!            DTSTART;TZID=Romance Standard Time:20261116T090000\r\nDURATION:PT1H\r\n\
//!            RRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
//! let november = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()
//!     ..=NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
//! let calendar = kadence_data::calendar::occurrences(ics.as_bytes(), Copenhagen, november)?;
//! let ids: Vec<String> = calendar.occurrences.iter().map(|o| o.id()).collect();
//! assert_eq!(ids, ["a/2026-11-16T09:00:00", "a/2026-11-23T09:00:00", "a/2026-11-30T09:00:00"]);
//! assert_eq!(calendar.occurrences[0].start.to_rfc3339(), "2026-11-16T09:00:00+01:00");
//! # Ok::<(), kadence_data::Fault>(())
//! ```

mod component;
mod event;
mod expand;
mod holidays;
mod line;
mod row;
mod rule;
#[cfg(test)]
mod tests;
mod value;
mod zone;

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

pub(crate) use holidays::days as holidays;
pub use row::COLUMNS;

use crate::Fault;

/// What a calendar holds within a range of days.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// By start, then by id.
    pub occurrences: Vec<Occurrence>,
    /// What cannot be read: nothing of the event in question is among the occurrences. By line.
    pub faults: Vec<Fault>,
    /// What was read and is worth saying, such as a time zone that is not known. By line.
    pub notes: Vec<Fault>,
}

/// An event at one of its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// What it is about. Occurrences of one recurring event share it.
    pub event: Arc<Event>,
    /// Where it recurs: when this occurrence was to start before somebody moved it, by the clock
    /// of the event.
    pub recurrence_id: Option<NaiveDateTime>,
    /// In the zone of the event; of one that lasts whole days, midnight in the zone given.
    pub start: DateTime<FixedOffset>,
    /// Not before the start, and no longer part of it.
    pub end: DateTime<FixedOffset>,
}

impl Occurrence {
    /// The UID; where it recurs, also the time at which this one was to start. No other occurrence
    /// of a calendar has it.
    #[must_use]
    pub fn id(&self) -> String {
        match &self.recurrence_id {
            Some(id) if self.event.all_day => format!("{}/{}", self.event.uid, id.date()),
            Some(id) => format!("{}/{}", self.event.uid, id.format("%Y-%m-%dT%H:%M:%S")),
            None => self.event.uid.clone(),
        }
    }

    /// How long it takes, in whole minutes.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        (self.end - self.start).num_minutes()
    }
}

/// What an event says of itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Where the calendar gives none: `line-` and its line.
    pub uid: String,
    /// Its title.
    pub summary: String,
    /// Whether it takes place.
    pub status: Status,
    /// Whether it leaves the time free.
    pub is_transparent: bool,
    /// Whether it lasts whole days.
    pub all_day: bool,
    /// The organizer's mail address; empty if there is none.
    pub organizer: String,
    /// Who is asked to come.
    pub attendees: Vec<Attendee>,
    /// What it is filed under.
    pub categories: Vec<String>,
    /// Where it is.
    pub location: String,
    /// What more is said of it.
    pub description: String,
    /// Which version of it this is: a later one has a higher number. 0 where the calendar does not say.
    pub sequence: u32,
    /// Of an event of a plan, the id of the seller (`X-KADENCE-SELLER`).
    pub seller: Option<String>,
    /// Of an event of a plan, what tells what it serves (`X-KADENCE-SERVES`).
    pub serves: Vec<String>,
    /// What the calendar calls its time zone; `None` if it is given none, or lasts whole days.
    pub zone: Option<String>,
    /// The line on which it begins.
    pub line: usize,
}

/// Whether an event takes place. One whose calendar does not say is confirmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It does.
    #[default]
    Confirmed,
    /// It may.
    Tentative,
    /// It does not.
    Cancelled,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Confirmed => "confirmed",
            Status::Tentative => "tentative",
            Status::Cancelled => "cancelled",
        })
    }
}

/// Somebody who is asked to come to an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attendee {
    /// The mail address; empty if there is none.
    pub mail: String,
    /// Empty if there is none.
    pub name: String,
    /// What they answered, such as `ACCEPTED`, `DECLINED`, `TENTATIVE` or `NEEDS-ACTION`.
    pub answer: String,
}

/// The occurrences of a calendar that touch a range of days, which begin and end in a zone. The
/// times of events without a zone are read in that one.
///
/// Recurring events are repeated up to the last of the days (RRULE, RDATE, EXDATE), and changed
/// occurrences stand in the place of those that they change (RECURRENCE-ID). Cancelled ones are
/// there, as such. A time zone is what its name says, an IANA or Windows name, and only else what
/// the calendar defines. An hour that the clock skips moves forward, one that it repeats is the
/// first.
///
/// # Errors
///
/// If the file is no calendar, or none that can be followed to its end, or larger than 128 MiB.
/// A fault inside an event is among [`Calendar::faults`].
pub fn occurrences(
    bytes: &[u8],
    zone: Tz,
    range: RangeInclusive<NaiveDate>,
) -> Result<Calendar, Fault> {
    let read = component::read(bytes)?;
    Ok(expand::expand(read, zone, &range))
}
