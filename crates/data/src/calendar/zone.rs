//! Time zones: by name, or as a calendar defines them (VTIMEZONE).

use std::collections::BTreeMap;
use std::sync::Arc;

use calcard::common::timezone::Tz as Named;
use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::component::Component;
use super::rule::{self, Budget};
use super::value::{self, Clock, When};
use crate::fault::{Fault, push};

/// How far local time and UTC lie apart at most, and a little more.
const A_DAY: TimeDelta = TimeDelta::days(1);

#[derive(Debug, Clone)]
pub(super) enum Zone {
    Named(Tz),
    Defined(Arc<[Onset]>),
}

/// When clocks are set, in UTC, and from how many seconds east to how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Onset {
    at: NaiveDateTime,
    from: i32,
    to: i32,
}

impl Onset {
    /// When clocks are set, by the clock before it is.
    fn local(&self) -> NaiveDateTime {
        later(self.at, self.from)
    }
}

fn later(time: NaiveDateTime, seconds: i32) -> NaiveDateTime {
    time.checked_add_signed(TimeDelta::seconds(seconds.into())).unwrap_or(time)
}

impl Zone {
    /// The instant of a time on the clock: where the clock skips it, as late after the hour that
    /// is skipped; where it repeats it, the first.
    pub(super) fn instant(&self, local: NaiveDateTime) -> DateTime<FixedOffset> {
        let east = match self {
            Zone::Named(zone) => named_offset(*zone, local),
            Zone::Defined(onsets) => {
                let passed = onsets.partition_point(|onset| onset.local() <= local);
                match passed.checked_sub(1).and_then(|last| onsets.get(last)) {
                    Some(onset) if later(onset.local(), onset.to - onset.from) > local => {
                        onset.from
                    }
                    Some(onset) => onset.to,
                    None => onsets.first().map_or(0, |onset| onset.from),
                }
            }
        };
        self.at(later(local, -east))
    }

    /// An instant in UTC, on this clock.
    pub(super) fn at(&self, utc: NaiveDateTime) -> DateTime<FixedOffset> {
        let east = match self {
            Zone::Named(zone) => zone.offset_from_utc_datetime(&utc).fix().local_minus_utc(),
            Zone::Defined(onsets) => {
                let passed = onsets.partition_point(|onset| onset.at <= utc);
                match passed.checked_sub(1).and_then(|last| onsets.get(last)) {
                    Some(onset) => onset.to,
                    None => onsets.first().map_or(0, |onset| onset.from),
                }
            }
        };
        let east = FixedOffset::east_opt(east).unwrap_or_else(|| chrono::Utc.fix());
        DateTime::from_naive_utc_and_offset(utc, east)
    }
}

fn named_offset(zone: Tz, local: NaiveDateTime) -> i32 {
    let east = |local: &NaiveDateTime| match zone.offset_from_local_datetime(local) {
        MappedLocalTime::Single(offset) => Some(offset.fix().local_minus_utc()),
        MappedLocalTime::Ambiguous(one, other) => {
            Some(one.fix().local_minus_utc().max(other.fix().local_minus_utc()))
        }
        MappedLocalTime::None => None,
    };
    // Clocks that skip a time go on as they went before it.
    let before = (0..=25).filter_map(|hours| local.checked_sub_signed(TimeDelta::hours(hours)));
    before.filter_map(|local| east(&local)).next().unwrap_or(0)
}

/// The zones of a calendar.
#[derive(Debug)]
pub(super) struct Zones<'a> {
    pub(super) home: Zone,
    defined: &'a [Component],
    /// Up to when they are asked for.
    last: NaiveDateTime,
    found: BTreeMap<String, Result<Zone, Fault>>,
    pub(super) notes: Vec<Fault>,
}

impl<'a> Zones<'a> {
    pub(super) fn new(home: Tz, defined: &'a [Component], last: NaiveDateTime) -> Self {
        let last = last.checked_add_signed(TimeDelta::days(366)).unwrap_or(last);
        let (found, notes) = (BTreeMap::new(), Vec::new());
        Zones { home: Zone::Named(home), defined, last, found, notes }
    }

    /// The zone of a time; `line` is where it stands.
    pub(super) fn of(&mut self, when: &When, line: usize) -> Result<Zone, Fault> {
        match &when.clock {
            Clock::Date | Clock::Floating => Ok(self.home.clone()),
            Clock::Utc => Ok(Zone::Named(Tz::UTC)),
            Clock::Zone(name) => match self.found.get(name) {
                Some(found) => found.clone(),
                None => {
                    let found = self.find(name, line);
                    self.found.insert(name.clone(), found.clone());
                    found
                }
            },
        }
    }

    fn find(&mut self, name: &str, line: usize) -> Result<Zone, Fault> {
        // Names of other registries, and what Windows shows people, are known less well than what
        // the calendar says of them.
        let is_plain = !name.starts_with(['/', '(']);
        if let Some(zone) = known(name).filter(|_| is_plain) {
            return Ok(Zone::Named(zone));
        }
        let is_it = |zone: &&Component| zone.all("TZID").any(|id| id.value == name);
        if let Some(zone) = self.defined.iter().find(is_it) {
            return Ok(Zone::Defined(onsets(zone, self.last)?));
        }
        if let Some(zone) = known(name).or_else(|| guessed(name)) {
            return Ok(Zone::Named(zone));
        }
        let name = crate::text::quoted(name);
        let message = format!("the time zone {name} is not known: times are read as without one");
        push(&mut self.notes, Fault { line, message });
        Ok(self.home.clone())
    }
}

/// The zone of an IANA or Windows name.
fn known(name: &str) -> Option<Tz> {
    match name.parse::<Named>() {
        Ok(Named::Tz(zone)) => Some(zone),
        _ => None,
    }
}

/// The zone that ends a longer name, as in `/freeassociation.sourceforge.net/Europe/Berlin`.
fn guessed(name: &str) -> Option<Tz> {
    let ends = name.match_indices('/').filter_map(|(at, _)| name.get(at + 1..));
    ends.filter_map(|end| end.parse().ok()).next()
}

fn onsets(zone: &Component, last: NaiveDateTime) -> Result<Arc<[Onset]>, Fault> {
    let mut onsets = Vec::new();
    for part in &zone.parts {
        let need = |name| {
            part.one(name)?.ok_or_else(|| {
                let message = format!("a `{}` without `{name}`", part.name);
                Fault { line: part.number, message }
            })
        };
        let (from, to) =
            (value::offset(need("TZOFFSETFROM")?)?, value::offset(need("TZOFFSETTO")?)?);
        let first = value::when(need("DTSTART")?)?.local;
        let mut locals = vec![first];
        for property in part.all("RDATE") {
            for text in property.value.split(',') {
                locals.push(value::one_of(property, text)?.local);
            }
        }
        for property in part.all("RRULE") {
            let until = |local, clock: &Clock| match clock {
                Clock::Utc => later(local, from),
                Clock::Date => local + A_DAY,
                _ => local,
            };
            // A zone that clocks are set in every day is none, and would take long.
            let mut budget = Budget::of_a_zone();
            locals.extend(rule::times(property, first, last, until, &mut budget)?.all);
        }
        onsets.extend(locals.into_iter().map(|local| Onset { at: later(local, -from), from, to }));
    }
    if onsets.is_empty() {
        let message = "a `VTIMEZONE` without `STANDARD` or `DAYLIGHT`".to_owned();
        return Err(Fault { line: zone.number, message });
    }
    onsets.sort_unstable();
    onsets.dedup();
    Ok(onsets.into())
}
