//! Events with their recurrences: the occurrences within a range of days.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::component;
use super::event::{self, Change, Written};
use super::rule::{self, Budget};
use super::value::{self, Clock, Length};
use super::zone::{Zone, Zones};
use super::{Calendar, Occurrence};
use crate::fault::{Fault, push};

/// How many occurrences there may be; one that ever so many people are asked to counts for more.
const MOST_OCCURRENCES: usize = 1_000_000;

/// How many dates an event may add or leave out.
const MOST_DATES: usize = 100_000;

pub(super) fn expand(
    written: component::Written,
    home: Tz,
    range: &RangeInclusive<NaiveDate>,
) -> Calendar {
    let range = Range::new(home, range);
    let mut faults = Vec::new();
    let mut zones = Zones::new(home, &written.zones, range.last);
    let (mut series, mut broken) = (BTreeMap::<String, Series<'_>>::new(), BTreeSet::new());
    for component in &written.events {
        match Written::read(component, written.is_cancellation, &mut zones) {
            Ok(event) => series.entry(event.event.uid.clone()).or_default().add(event),
            Err(fault) => {
                broken.insert(event::uid(component));
                push(&mut faults, fault);
            }
        }
    }
    let mut notes = written.notes;
    for fault in written.odd {
        push(&mut notes, fault);
    }
    let (mut occurrences, mut weight, mut budget) = (Vec::new(), 0, Budget::default());
    // Of an event that is partly unreadable nothing is known for sure.
    for (_, series) in series.into_iter().filter(|(uid, _)| !broken.contains(uid)) {
        for fault in &series.replaced {
            push(&mut notes, fault.clone());
        }
        match series.occurrences(&range, &mut zones, &mut budget) {
            Ok(more) => {
                let heavy = |o: &Occurrence| o.event.attendees.len() / 64;
                weight += more.iter().map(|occurrence| 1 + heavy(occurrence)).sum::<usize>();
                if weight > MOST_OCCURRENCES {
                    let line = series.line();
                    let message = "the calendar has too many occurrences".to_owned();
                    push(&mut faults, Fault { line, message });
                } else {
                    occurrences.extend(more);
                }
            }
            Err(fault) => push(&mut faults, fault),
        }
    }
    notes.append(&mut zones.notes);
    faults.sort_unstable();
    faults.dedup();
    notes.sort_unstable();
    occurrences.sort_by_cached_key(|occurrence| (occurrence.start.naive_utc(), occurrence.id()));
    Calendar { occurrences, faults, notes }
}

/// The days that are asked for, as instants and by the clock on the wall.
struct Range {
    first: NaiveDateTime,
    /// The end, which is no part of it.
    last: NaiveDateTime,
    instants: (DateTime<FixedOffset>, DateTime<FixedOffset>),
}

impl Range {
    fn new(home: Tz, range: &RangeInclusive<NaiveDate>) -> Range {
        let home = Zone::Named(home);
        let first = range.start().and_time(NaiveTime::MIN).max(value::earliest());
        let last = range.end().succ_opt().unwrap_or(*range.end()).and_time(NaiveTime::MIN);
        let last = last.min(value::latest());
        Range { first, last, instants: (home.instant(first), home.instant(last)) }
    }

    fn touches(&self, occurrence: &Occurrence) -> bool {
        let (start, end) = (occurrence.start, occurrence.end);
        if occurrence.event.all_day {
            return start.naive_local() < self.last && end.naive_local() > self.first;
        }
        let (first, last) = self.instants;
        start < last && (end > first || (start == end && start >= first))
    }
}

/// The events of one UID.
#[derive(Default)]
struct Series<'a> {
    core: Option<Written<'a>>,
    changes: Vec<Written<'a>>,
    /// That there was an older version.
    replaced: Vec<Fault>,
}

impl<'a> Series<'a> {
    fn add(&mut self, event: Written<'a>) {
        if event.changes.is_some() {
            self.changes.push(event);
            return;
        }
        let Some(core) = &mut self.core else {
            self.core = Some(event);
            return;
        };
        let is_newer = event.version > core.version;
        let older = if is_newer { std::mem::replace(core, event) } else { event };
        self.replaced.push(older.replaced_by(core));
    }

    fn line(&self) -> usize {
        let first = self.core.iter().chain(&self.changes).map(|event| event.component.number);
        first.min().unwrap_or(1)
    }

    /// What changes what, by the time at which that was to start.
    fn changed(&self, notes: &mut Vec<Fault>) -> Changed<'_> {
        let mut changed = Changed::new();
        let Some(clock) = self.core.as_ref().or(self.changes.first()) else { return changed };
        for event in &self.changes {
            let Some(change) = &event.changes else { continue };
            let of = (clock.on_my_clock(&change.of, &change.zone), change.of.is_date());
            match changed.get(&of) {
                Some((_, other)) if other.version >= event.version => {
                    push(notes, event.replaced_by(other));
                    continue;
                }
                Some((_, other)) => push(notes, other.replaced_by(event)),
                None => {}
            }
            changed.insert(of, (change, event));
        }
        changed
    }

    fn occurrences(
        &self,
        range: &Range,
        zones: &mut Zones<'_>,
        budget: &mut Budget,
    ) -> Result<Vec<Occurrence>, Fault> {
        let mut found = Vec::new();
        let changed = self.changed(&mut zones.notes);
        let mut excluded = Excluded::default();
        if let Some(core) = &self.core {
            excluded = Excluded::read(core, zones)?;
            let future: Vec<Future<'_>> = changed
                .iter()
                .filter(|(_, (change, _))| change.and_future)
                .map(|((since, _), (_, event))| Future { since: *since, event })
                .collect();
            let recurs = !changed.is_empty()
                || core.component.all("RRULE").chain(core.component.all("RDATE")).next().is_some();
            for (at, length) in times(core, &future, range, zones, budget)? {
                // A change that gives but a date is of whatever there is on that day.
                let day = at.date().and_time(NaiveTime::MIN);
                let is_changed = changed.contains_key(&(at, false))
                    || changed.contains_key(&(day, true))
                    || excluded.holds(at);
                if is_changed {
                    continue;
                }
                let last = future.partition_point(|future| future.since < at);
                let (from, shift) = match last.checked_sub(1).and_then(|last| future.get(last)) {
                    Some(future) => (future.event, future.shift(core)),
                    None => (core, TimeDelta::zero()),
                };
                let start = at.checked_add_signed(shift).unwrap_or(at);
                let (start, end) = core.span(start, length.unwrap_or(from.length));
                let recurrence_id = recurs.then_some(at);
                found.push(Occurrence { event: from.event.clone(), recurrence_id, start, end });
            }
        }
        for ((at, _), (_, event)) in changed {
            if !excluded.holds(at) {
                let (start, end) = event.span(event.start.local, event.length);
                let recurrence_id = Some(at);
                found.push(Occurrence { event: event.event.clone(), recurrence_id, start, end });
            }
        }
        found.retain(|occurrence| range.touches(occurrence));
        Ok(found)
    }
}

/// Changed occurrences by the time at which they were to start, and whether that is but a date.
type Changed<'s> = BTreeMap<(NaiveDateTime, bool), (&'s Change, &'s Written<'s>)>;

/// What changes all occurrences after a time.
struct Future<'s> {
    since: NaiveDateTime,
    event: &'s Written<'s>,
}

impl Future<'_> {
    /// By how much they are moved, by the clock on the wall.
    fn shift(&self, core: &Written<'_>) -> TimeDelta {
        core.on_my_clock(&self.event.start, &self.event.zone) - self.since
    }
}

/// When an event starts, by its clock, and how long it then takes, where an addition says so.
fn times(
    core: &Written<'_>,
    future: &[Future<'_>],
    range: &Range,
    zones: &mut Zones<'_>,
    budget: &mut Budget,
) -> Result<BTreeMap<NaiveDateTime, Option<Length>>, Fault> {
    // Clocks differ by less than two days, and what is moved forward may come from behind the end.
    let back = future.iter().map(|future| -future.shift(core)).max();
    let back = back.unwrap_or_default().max(TimeDelta::zero()) + TimeDelta::days(2);
    let last = range.last.checked_add_signed(back).unwrap_or(range.last);
    let first = core.start.local;
    let mut times = BTreeMap::new();
    let mut is_over_before = true;
    for rule in core.component.all("RRULE") {
        let until = |local: NaiveDateTime, clock: &Clock| match (clock, &core.start.clock) {
            (_, Clock::Date) => local.date().and_time(NaiveTime::MIN),
            (Clock::Date, _) => local + TimeDelta::seconds(86_399),
            (Clock::Utc, Clock::Zone(_)) => core.zone.at(local).naive_local(),
            _ => local,
        };
        let found = rule::times(rule, first, last, until, budget)?;
        if found.is_on_no_day {
            push(&mut zones.notes, rule.fault(rule::ON_NO_DAY));
        }
        is_over_before &= found.is_over_before;
        times.extend(found.all.into_iter().map(|at| (at, None)));
    }
    // The start is one of the times, unless it lies behind the end of the rule.
    if core.component.all("RRULE").next().is_none() || !is_over_before {
        times.insert(first, None);
    }
    let mut left = MOST_DATES;
    for property in core.component.all("RDATE") {
        for text in property.value.split(',') {
            left = fewer(left, property)?;
            let (start, end) = text.split_once('/').map_or((text, None), |(s, e)| (s, Some(e)));
            let start = value::one_of(property, start)?;
            let zone = zones.of(&start, property.number)?;
            let length = match end {
                None => None,
                Some(end) if end.trim_start().starts_with(['P', '+', '-']) => {
                    Some(value::duration(property, end)?)
                }
                Some(end) => {
                    let end = value::one_of(property, end)?;
                    let end_zone = zones.of(&end, property.number)?;
                    let length = event::between(&start, &zone, &end, &end_zone);
                    Some(length.ok_or_else(|| property.fault("the event ends before it starts"))?)
                }
            };
            times.insert(core.on_my_clock(&start, &zone), length);
        }
    }
    Ok(times)
}

fn fewer(left: usize, property: &super::line::Property) -> Result<usize, Fault> {
    left.checked_sub(1).ok_or_else(|| {
        property.fault(format!("more than {MOST_DATES} dates in `{}`", property.name))
    })
}

/// What does not take place.
#[derive(Default)]
struct Excluded {
    times: BTreeSet<NaiveDateTime>,
    days: BTreeSet<NaiveDate>,
}

impl Excluded {
    fn read(core: &Written<'_>, zones: &mut Zones<'_>) -> Result<Self, Fault> {
        let mut excluded = Excluded::default();
        let mut left = MOST_DATES;
        for property in core.component.all("EXDATE") {
            for text in property.value.split(',') {
                left = fewer(left, property)?;
                let when = value::one_of(property, text)?;
                if when.is_date() {
                    excluded.days.insert(when.local.date());
                } else {
                    let zone = zones.of(&when, property.number)?;
                    excluded.times.insert(core.on_my_clock(&when, &zone));
                }
            }
        }
        Ok(excluded)
    }

    fn holds(&self, at: NaiveDateTime) -> bool {
        self.times.contains(&at) || self.days.contains(&at.date())
    }
}
