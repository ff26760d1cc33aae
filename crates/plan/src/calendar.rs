//! What is booked, as a calendar that Outlook and others import (iCalendar, RFC 5545).
//!
//! An event keeps its UID from plan to plan, and a later plan has a higher SEQUENCE and DTSTAMP: what is
//! imported again moves the event that is there and makes no second one. Times are in UTC, which every
//! program shows in its own zone, so that no time zone has to be defined.

use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use kadence::Moment;
use kadence::verdict::Subject;

use crate::schedule::{Booked, Schedule, SellerPlan};

/// What stands behind every id, so that it is a plan's, and no other program's.
const DOMAIN: &str = "@kadence";

/// An event of an earlier plan that is no longer wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// Its UID.
    pub uid: String,
    /// What it was about.
    pub summary: String,
    /// When it was to start.
    pub start: DateTime<Utc>,
    /// When it was to end.
    pub end: DateTime<Utc>,
}

impl Withdrawn {
    /// Whether an event is a plan's, by its UID.
    pub fn is_of_plan(uid: &str) -> bool {
        uid.starts_with("plan-") && uid.ends_with(DOMAIN)
    }
}

impl Schedule {
    /// The calendar of one seller, or of all.
    ///
    /// Of what an earlier plan had, `withdrawn`, whatever is not booked any more and was still to come
    /// is in it as cancelled.
    pub fn calendar(&self, seller: Option<&str>, withdrawn: &[Withdrawn]) -> String {
        let as_of = DateTime::parse_from_rfc3339(&self.as_of).map(|at| at.to_utc());
        let as_of = as_of.unwrap_or(DateTime::UNIX_EPOCH);
        let with_seller = seller.is_none() && self.sellers.len() > 1;
        let meant = |plan: &&SellerPlan| seller.is_none_or(|seller| plan.seller.id == seller);
        let mut calendar = Calendar::empty();
        calendar.append_property(Property::new("VERSION", "2.0"));
        calendar.append_property(Property::new("PRODID", "-//kadence//plan//EN"));
        calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
        calendar.append_property(Property::new("METHOD", "PUBLISH"));
        for plan in self.sellers.iter().filter(meant) {
            for booked in &plan.booked {
                calendar.push(self.event(plan, booked, with_seller, as_of));
            }
        }
        let is_booked = |uid: &str| {
            let booked = self.sellers.iter().flat_map(|plan| &plan.booked);
            uid.strip_suffix(DOMAIN).is_some_and(|id| booked.into_iter().any(|one| one.id == id))
        };
        for gone in withdrawn {
            if Withdrawn::is_of_plan(&gone.uid) && gone.start >= as_of && !is_booked(&gone.uid) {
                calendar.push(cancelled(gone, as_of));
            }
        }
        calendar.to_string()
    }

    fn event(
        &self,
        plan: &SellerPlan,
        booked: &Booked,
        with_seller: bool,
        as_of: DateTime<Utc>,
    ) -> Event {
        let zone: chrono_tz::Tz = self.zone.parse().unwrap_or(chrono_tz::UTC);
        let start = Moment::Local(booked.start).resolve(zone);
        let mut summary = booked.title();
        if with_seller {
            summary = format!("{}: {summary}", called(&plan.seller));
        }
        let serves = booked.serves.iter().map(|one| match booked.subject.as_ref() {
            Some(subject) if *subject == one.subject => one.rule.clone(),
            _ => format!("{} for {}", one.rule, called(&one.subject)),
        });
        let mut lines: Vec<String> = vec![format!("For {}", serves.collect::<Vec<_>>().join(", "))];
        if !booked.or.is_empty() {
            lines.push(format!("Or {}", booked.or.join(", ")));
        }
        if let Some(by) = booked.by {
            lines.push(format!("By {by}"));
        }
        let end = start + TimeDelta::minutes(booked.minutes.into());
        let mut event = stamped(&format!("{}{DOMAIN}", booked.id), as_of);
        event
            .summary(&summary)
            .description(&lines.join("\n"))
            .starts(start)
            .ends(end)
            .status(EventStatus::Confirmed)
            .append_multi_property(Property::new("CATEGORIES", &booked.kind));
        event.done()
    }
}

impl Booked {
    /// `Call: Hele etagen, Acme, with Eva`
    pub fn title(&self) -> String {
        let mut kind = self.kind.chars();
        let kind: String = kind
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(kind).collect());
        let whom: Vec<String> = self.subject.iter().chain(&self.about).map(called).collect();
        let with = self.with.as_ref().filter(|with| self.subject.as_ref() != Some(*with));
        let with = with.map(|with| format!("with {}", called(with)));
        let whom: Vec<String> = whom.into_iter().chain(with).collect();
        if whom.is_empty() { kind } else { format!("{kind}: {}", whom.join(", ")) }
    }
}

fn cancelled(gone: &Withdrawn, as_of: DateTime<Utc>) -> Event {
    let mut event = stamped(&gone.uid, as_of);
    event
        .summary(&gone.summary)
        .starts(gone.start)
        .ends(gone.end)
        .status(EventStatus::Cancelled)
        .add_property("TRANSP", "TRANSPARENT");
    event.done()
}

/// With what tells which of two events of one UID is the newer.
fn stamped(uid: &str, as_of: DateTime<Utc>) -> Event {
    let sequence = u32::try_from(as_of.timestamp() / 60).unwrap_or(0);
    let mut event = Event::new();
    event.uid(uid).timestamp(as_of).last_modified(as_of).sequence(sequence);
    event.done()
}

/// `Acme`, or `activity m1` where it has no name.
fn called(subject: &Subject) -> String {
    let Subject { kind, id, name } = subject;
    name.clone().unwrap_or_else(|| format!("{kind} {id}"))
}
