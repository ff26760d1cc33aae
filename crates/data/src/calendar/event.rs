//! An event as it is written, its times on its clock.

use std::sync::Arc;

use calcard::icalendar::ICalendarParameterName as Parameter;
use chrono::{DateTime, FixedOffset, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::component::Component;
use super::line::Property;
use super::value::{self, Clock, Length, When};
use super::zone::{Zone, Zones};
use super::{Attendee, Event, Status};
use crate::fault::{Fault, push};

#[derive(Debug)]
pub(super) struct Written<'a> {
    pub(super) component: &'a Component,
    pub(super) event: Arc<Event>,
    pub(super) start: When,
    pub(super) zone: Zone,
    pub(super) length: Length,
    pub(super) changes: Option<Change>,
    /// Which of two with the same UID is the newer.
    pub(super) version: (i64, String),
}

/// Which occurrence of the recurring event of the same UID an event stands for.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) of: When,
    /// Its zone.
    pub(super) zone: Zone,
    /// Whether all later ones change as well.
    pub(super) and_future: bool,
}

/// The UID, or what stands for it.
pub(super) fn uid(component: &Component) -> String {
    let uid = component.all("UID").next().map(|uid| uid.value.clone()).unwrap_or_default();
    if uid.is_empty() { format!("line-{}", component.number) } else { uid }
}

impl<'a> Written<'a> {
    pub(super) fn read(
        component: &'a Component,
        is_cancellation: bool,
        zones: &mut Zones<'_>,
    ) -> Result<Self, Fault> {
        let Some(at) = component.one("DTSTART")? else {
            let message = "an event without `DTSTART`".to_owned();
            return Err(Fault { line: component.number, message });
        };
        if let Some(rule) = component.all("EXRULE").next() {
            return Err(rule.fault("`EXRULE` is not supported: use `EXDATE`"));
        }
        let mut start = value::when(at)?;
        if start.clock == Clock::Floating
            && let Some(other) = zoned(component)?
        {
            let name = &other.name;
            let message = format!("`DTSTART` has no time zone: it is read in that of `{name}`");
            push(&mut zones.notes, at.fault(message));
            start.clock = value::first(other)?.clock;
        }
        let zone = zones.of(&start, at.number)?;
        let length = length(component, &start, &zone, zones)?;
        let changes = match component.one("RECURRENCE-ID")? {
            None => None,
            Some(id) => {
                let of = value::when(id)?;
                let zone = zones.of(&of, id.number)?;
                Some(Change { of, zone, and_future: id.parameter(&Parameter::Range).is_some() })
            }
        };
        let sequence = match component.one("SEQUENCE")? {
            None => -1,
            Some(number) => {
                number.value.parse().map_err(|_| number.cannot(&number.value, "a whole number"))?
            }
        };
        let stamp = component.all("DTSTAMP").next().map(|stamp| stamp.value.clone());
        let event = Arc::new(about(component, &start, is_cancellation));
        let version = (sequence, stamp.unwrap_or_default());
        Ok(Written { component, event, start, zone, length, changes, version })
    }

    /// The time on this event's clock that another time is.
    pub(super) fn on_my_clock(&self, when: &When, zone: &Zone) -> NaiveDateTime {
        let has_a_zone = matches!(when.clock, Clock::Utc | Clock::Zone(_));
        match self.start.clock {
            Clock::Date => when.local.date().and_time(NaiveTime::MIN),
            // The clock on the wall is the only one that it knows.
            Clock::Floating => when.local,
            _ if has_a_zone => self.zone.at(zone.instant(when.local).naive_utc()).naive_local(),
            _ => when.local,
        }
    }

    /// That another event stands in the place of this one.
    pub(super) fn replaced_by(&self, newer: &Written<'_>) -> Fault {
        let newer = newer.component.number;
        let message = format!("not used: line {newer} has the event of the same `UID`");
        Fault { line: self.component.number, message }
    }

    /// From when to when an occurrence is that starts at a time on this event's clock.
    pub(super) fn span(
        &self,
        start: NaiveDateTime,
        length: Length,
    ) -> (DateTime<FixedOffset>, DateTime<FixedOffset>) {
        let end = self.zone.instant(length.days_after(start)).naive_utc();
        let end =
            end.checked_add_signed(length.time).unwrap_or(value::latest()).min(value::latest());
        let start = self.zone.instant(start.min(value::latest()));
        (start, self.zone.at(end.max(start.naive_utc())))
    }
}

/// The first of an event's other times that has a zone.
fn zoned(component: &Component) -> Result<Option<&Property>, Fault> {
    for property in ["DTEND", "EXDATE", "RDATE"].into_iter().flat_map(|name| component.all(name)) {
        if matches!(value::first(property)?.clock, Clock::Utc | Clock::Zone(_)) {
            return Ok(Some(property));
        }
    }
    Ok(None)
}

/// How long an event takes. What `DTEND` says is that long by the clock on every occurrence
/// (RFC 5545, section 3.8.5.3), and `DURATION` has days of its own.
fn length(
    component: &Component,
    start: &When,
    zone: &Zone,
    zones: &mut Zones<'_>,
) -> Result<Length, Fault> {
    let length = match (component.one("DTEND")?, component.one("DURATION")?) {
        (Some(property), _) => {
            let end = value::when(property)?;
            let end_zone = zones.of(&end, property.number)?;
            between(start, zone, &end, &end_zone)
                .ok_or_else(|| property.fault("the event ends before it starts"))?
        }
        (None, Some(property)) => value::duration(property, &property.value)?,
        (None, None) => Length::NONE,
    };
    if !start.is_date() {
        return Ok(length);
    }
    // A day that has begun counts, and the one on which it starts in any case.
    let part = i64::from(length.time.num_seconds() % 86_400 != 0);
    let days = length.days.saturating_add(length.time.num_days()).saturating_add(part);
    Ok(Length { days: days.max(1), time: TimeDelta::zero() })
}

/// How long it is from one to the other; `None` if that is earlier.
pub(super) fn between(start: &When, zone: &Zone, end: &When, end_zone: &Zone) -> Option<Length> {
    let length = if start.is_date() {
        let days = (end.local.date() - start.local.date()).num_days();
        let time = TimeDelta::seconds(end.local.num_seconds_from_midnight().into());
        Length { days, time }
    } else {
        let is_of_its_own = matches!(end.clock, Clock::Utc | Clock::Zone(_));
        let end_zone = if is_of_its_own { end_zone } else { zone };
        Length { days: 0, time: end_zone.instant(end.local) - zone.instant(start.local) }
    };
    (length.days >= 0 && length.time >= TimeDelta::zero()).then_some(length)
}

fn about(component: &Component, start: &When, is_cancellation: bool) -> Event {
    let first = |name| component.all(name).next();
    let text = |name| first(name).map(Property::text).unwrap_or_default();
    let status = match text("STATUS").to_ascii_uppercase().as_str() {
        _ if is_cancellation => Status::Cancelled,
        "CANCELLED" => Status::Cancelled,
        "TENTATIVE" => Status::Tentative,
        _ => Status::Confirmed,
    };
    Event {
        uid: uid(component),
        summary: text("SUMMARY"),
        status,
        is_transparent: text("TRANSP").eq_ignore_ascii_case("TRANSPARENT"),
        all_day: start.is_date(),
        organizer: first("ORGANIZER").map(mail).unwrap_or_default(),
        attendees: component.all("ATTENDEE").map(attendee).collect(),
        categories: component
            .all("CATEGORIES")
            .flat_map(Property::texts)
            .filter(|text| !text.is_empty())
            .cloned()
            .collect(),
        location: text("LOCATION"),
        description: text("DESCRIPTION"),
        sequence: first("SEQUENCE").and_then(|number| number.value.parse().ok()).unwrap_or(0),
        seller: Some(text("X-KADENCE-SELLER")).filter(|seller| !seller.is_empty()),
        serves: text("X-KADENCE-SERVES").split_whitespace().map(str::to_owned).collect(),
        zone: match &start.clock {
            Clock::Utc => Some("UTC".to_owned()),
            Clock::Zone(name) => Some(name.clone()),
            Clock::Date | Clock::Floating => None,
        },
        line: component.number,
    }
}

fn attendee(property: &Property) -> Attendee {
    let parameter = |name| property.parameter(name).unwrap_or_default().to_owned();
    Attendee {
        mail: mail(property),
        name: parameter(&Parameter::Cn),
        answer: parameter(&Parameter::Partstat).to_ascii_uppercase(),
    }
}

/// The mail address of somebody. Apple gives another kind of address, and that beside it.
fn mail(property: &Property) -> String {
    let text = property.text();
    let has_scheme = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:"));
    let address = if has_scheme { text.get(7..).unwrap_or_default() } else { &text };
    if address.contains('@') {
        return address.to_owned();
    }
    property.parameter(&Parameter::Email).unwrap_or_default().to_owned()
}
