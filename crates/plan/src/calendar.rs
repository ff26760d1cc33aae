//! What is booked, as a calendar that Outlook and others import (iCalendar, RFC 5545).
//!
//! An event keeps its UID from plan to plan, and a later plan has a higher SEQUENCE and DTSTAMP: what is
//! imported again moves the event that is there and makes no second one. Times are in UTC, which every
//! program shows in its own zone, so that no time zone has to be defined.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use kadence::Moment;
use kadence::verdict::Subject;

use crate::earlier::{Earlier, uid};
use crate::schedule::{Booked, Planned, Schedule, SellerPlan};

impl Schedule {
    /// The calendar of one seller, or of all.
    ///
    /// Of what an earlier plan had, whatever stands in the data as planned is in it, at the time at which it
    /// is planned now; and as cancelled what was still to come of whom it is for, and is neither
    /// booked nor planned any more.
    pub fn calendar(&self, seller: Option<&str>, earlier: &[Earlier]) -> String {
        let with_seller = seller.is_none() && self.sellers.len() > 1;
        let is_meant = |id: &str| seller.is_none_or(|seller| seller == id);
        let mut known: BTreeMap<&str, &Earlier> = BTreeMap::new();
        for one in earlier {
            let newest = known.entry(&one.id).or_insert(one);
            if one.sequence > newest.sequence {
                *newest = one;
            }
        }
        let mut calendar = Calendar::empty();
        calendar.append_property(Property::new("VERSION", "2.0"));
        calendar.append_property(Property::new("PRODID", "-//kadence//plan//EN"));
        calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
        calendar.append_property(Property::new("METHOD", "PUBLISH"));
        let mut stays: HashSet<&str> = HashSet::new();
        for plan in self.sellers.iter().filter(|plan| is_meant(&plan.seller.id)) {
            for booked in &plan.booked {
                stays.insert(&booked.id);
                let before = known.get(booked.id.as_str()).copied();
                calendar.push(self.event(plan, booked, with_seller, before));
            }
            for planned in &plan.planned {
                if let Some(before) = known.get(planned.id.as_str()) {
                    stays.insert(&planned.id);
                    calendar.push(self.planned(plan, planned, before));
                }
            }
        }
        let is_gone = |one: &&Earlier| {
            one.is_to_come(self.now())
                && !stays.contains(one.id.as_str())
                && seller.is_none_or(|seller| one.seller.as_deref() == Some(seller))
        };
        for gone in known.into_values().filter(is_gone) {
            calendar.push(self.cancelled(gone));
        }
        calendar.to_string()
    }

    fn event(
        &self,
        plan: &SellerPlan,
        booked: &Booked,
        with_seller: bool,
        before: Option<&Earlier>,
    ) -> Event {
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
        let mut event = self.stamped(&booked.id, before);
        told(&mut event, &summary, &lines.join("\n"));
        self.at(&mut event, booked.start, booked.minutes, &booked.kind);
        of_whom(&mut event, Some(&plan.seller.id), &booked.serves_as(&BTreeMap::new()));
        event.done()
    }

    /// What was imported into the data since.
    fn planned(&self, plan: &SellerPlan, planned: &Planned, before: &Earlier) -> Event {
        let mut event = self.stamped(&planned.id, Some(before));
        told(&mut event, &before.summary, &before.description);
        self.at(&mut event, planned.start, planned.minutes, &planned.kind);
        of_whom(&mut event, Some(&plan.seller.id), &before.serves);
        event.done()
    }

    fn cancelled(&self, gone: &Earlier) -> Event {
        let mut event = self.stamped(&gone.id, Some(gone));
        told(&mut event, &gone.summary, &gone.description);
        event
            .starts(gone.start)
            .ends(gone.end)
            .status(EventStatus::Cancelled)
            .add_property("TRANSP", "TRANSPARENT");
        of_whom(&mut event, gone.seller.as_deref(), &gone.serves);
        event.done()
    }

    /// With what tells which of two events of one UID is the newer.
    fn stamped(&self, id: &str, before: Option<&Earlier>) -> Event {
        let now = self.now();
        let own = u32::try_from(now.timestamp() / 60).unwrap_or(0);
        let sequence = before.map_or(own, |before| own.max(before.sequence.saturating_add(1)));
        let mut event = Event::new();
        event.uid(&uid(id)).timestamp(now).last_modified(now).sequence(sequence);
        event.done()
    }

    fn at(&self, event: &mut Event, start: NaiveDateTime, minutes: u32, kind: &str) {
        let zone: chrono_tz::Tz = self.zone.parse().unwrap_or(chrono_tz::UTC);
        let start: DateTime<Utc> = Moment::Local(start).resolve(zone);
        event
            .starts(start)
            .ends(start + TimeDelta::minutes(minutes.into()))
            .status(EventStatus::Confirmed)
            .append_multi_property(Property::new("CATEGORIES", kind));
    }
}

fn told(event: &mut Event, summary: &str, description: &str) {
    event.summary(summary);
    if !description.is_empty() {
        event.description(description);
    }
}

/// What a later plan knows it by.
fn of_whom(event: &mut Event, seller: Option<&str>, serves: &[String]) {
    if let Some(seller) = seller {
        event.add_property("X-KADENCE-SELLER", seller);
    }
    event.add_property("X-KADENCE-SERVES", serves.join(" "));
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

/// `Acme`, or `activity m1` where it has no name.
fn called(subject: &Subject) -> String {
    let Subject { kind, id, name } = subject;
    name.clone().unwrap_or_else(|| format!("{kind} {id}"))
}
