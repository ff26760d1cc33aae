//! The time of sellers: their workdays, what is planned on them, and what is left.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use kadence::feasibility::Feasibility;
use kadence::internals::{Item, Value, calendar::Calendar};
use kadence::worklist::rehearsal::Rehearsal;
use kadence::{Activity, Dataset, Moment, Noun, Number};

use crate::ask::Ask;
use crate::schedule::Planned;

/// On how many workdays after the last day a next step can be booked.
const DAYS_AFTER: usize = 5;

/// How far after the last day these are looked for.
const REACH_AFTER: i64 = 14;

/// The time of one seller.
#[derive(Debug, Clone)]
pub(crate) struct Diary {
    /// In the order of time.
    pub(crate) days: Vec<Day>,
    pub(crate) planned: Vec<Planned>,
    /// On the workdays up to the last day, before anything is planned.
    pub(crate) minutes: i64,
    pub(crate) workdays: u32,
}

/// A workday.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub(crate) date: NaiveDate,
    /// Whether it lies after the last day of the plan.
    pub(crate) is_after: bool,
    /// Slots in a row that are free.
    pub(crate) gaps: Vec<Gap>,
    /// How many minutes are left.
    pub(crate) minutes: i64,
}

/// Slots in a row that are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) start: u32,
    pub(crate) slots: u32,
}

/// How long activities take.
#[derive(Debug, Clone)]
pub(crate) struct Lengths {
    kinds: BTreeMap<String, u32>,
    usual: u32,
    slot: u32,
}

impl Lengths {
    pub(crate) fn new(found: &Feasibility, ask: &Ask) -> Lengths {
        let kinds = found.kinds.iter().filter_map(|kind| {
            let minutes = kind.minutes.as_ref().map(whole)?;
            Some((kind.kind.clone(), minutes.clamp(1, 24 * 60)))
        });
        Lengths { kinds: kinds.collect(), usual: ask.minutes.max(1), slot: ask.slot }
    }

    pub(crate) fn minutes(&self, kind: &str) -> u32 {
        self.kinds.get(kind).copied().unwrap_or(self.usual)
    }

    pub(crate) fn slots(&self, minutes: u32) -> u32 {
        minutes.div_ceil(self.slot).max(1)
    }
}

/// Rounded up.
fn whole(number: &Number) -> u32 {
    let text = (-(-number.clone()).floor()).to_string();
    text.parse().unwrap_or(if number.is_negative() { 0 } else { u32::MAX })
}

/// What takes time of a seller.
#[derive(Debug, Clone, Default)]
struct Taken {
    /// What is planned from now on, in the order of time.
    planned: Vec<Planned>,
    /// The minutes of what was done already on the first day.
    done: i64,
}

/// What takes time, by seller.
fn taken(
    data: &Dataset,
    calendar: &Calendar,
    rehearsal: &Rehearsal<'_>,
    lengths: &Lengths,
) -> BTreeMap<String, Taken> {
    let mut by_seller: BTreeMap<String, Taken> = BTreeMap::new();
    let field = |name: &str| data.schema().field_ref(Noun::Activity, name);
    let value = |item: Item, name: &str| field(name).map(|field| data.value(item, field));
    let (now, first) = (rehearsal.now(), rehearsal.first_open_day());
    for item in data.items(Noun::Activity) {
        let is_planned = |text: &str| text == "planned" || text == "completed";
        if !matches!(value(item, "status"), Some(Value::Text(text)) if is_planned(text)) {
            continue;
        }
        let Some(Value::Instant(at, _)) = value(item, "at") else { continue };
        let Some(Value::Reference(seller)) = value(item, "seller") else { continue };
        let start = calendar.zone_time(*at);
        let was_done =
            matches!(value(item, "status"), Some(Value::Text(text)) if &**text == "completed");
        if start.date() < first {
            continue;
        }
        let kind = match value(item, "kind") {
            Some(Value::Text(kind)) => kind.to_string(),
            _ => String::new(),
        };
        let own = match value(item, "minutes") {
            Some(Value::Number(minutes)) => Some(whole(&Number::from(*minutes))),
            _ => None,
        };
        let minutes = own.filter(|own| *own > 0).unwrap_or_else(|| lengths.minutes(&kind));
        let seller = data.id(Item { noun: Noun::Seller, row: *seller }).to_owned();
        let id = data.id(item).to_owned();
        let taken = by_seller.entry(seller).or_default();
        if was_done && *at < now {
            taken.done += i64::from(minutes);
            continue;
        }
        taken.planned.push(Planned { id, start, minutes, kind });
    }
    for taken in by_seller.values_mut() {
        taken.planned.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    }
    by_seller
}

/// The time of everybody who is meant.
pub(crate) fn diaries(
    data: &Dataset,
    rehearsal: &Rehearsal<'_>,
    ask: &Ask,
    lengths: &Lengths,
    hours: &Number,
) -> BTreeMap<String, Diary> {
    let calendar = rehearsal.calendar();
    let mut taken = taken(data, calendar, rehearsal, lengths);
    let fte = data.schema().field_ref(Noun::Seller, "fte");
    let mut diaries = BTreeMap::new();
    for item in data.items(Noun::Seller) {
        let seller = data.id(item).to_owned();
        if ask.seller.as_ref().is_some_and(|only| *only != seller) {
            continue;
        }
        let part = match fte.map(|fte| data.value(item, fte)) {
            Some(Value::Number(part)) => Number::from(*part).max(Number::zero()),
            _ => Number::from(1),
        };
        let minutes = Number::from(60) * hours.clone() * part;
        let minutes = i64::from(if minutes.is_negative() { 0 } else { whole_down(&minutes) });
        let taken = taken.remove(&seller).unwrap_or_default();
        let diary = Diary::new(rehearsal, &seller, ask, minutes, taken);
        diaries.insert(seller, diary);
    }
    diaries
}

fn whole_down(number: &Number) -> u32 {
    number.floor().to_string().parse().unwrap_or(u32::MAX)
}

impl Diary {
    fn new(
        rehearsal: &Rehearsal<'_>,
        seller: &str,
        ask: &Ask,
        minutes: i64,
        Taken { planned, done }: Taken,
    ) -> Diary {
        let first = rehearsal.first_open_day();
        let days_of = |from, until| rehearsal.workdays(seller, from, until);
        let within = days_of(first, ask.until);
        let next = ask.until.succ_opt().unwrap_or(ask.until);
        let after = days_of(next, next + TimeDelta::days(REACH_AFTER));
        let workdays = u32::try_from(within.len()).unwrap_or(u32::MAX);
        let dates = within.into_iter().map(|date| (date, false));
        let dates = dates.chain(after.into_iter().take(DAYS_AFTER).map(|date| (date, true)));
        let calendar = rehearsal.calendar();
        let now = calendar.zone_time(rehearsal.now());
        let minutes_of = |date: NaiveDate| {
            if date == first { (minutes - done).max(0) } else { minutes }
        };
        let day = |(date, is_after): (NaiveDate, bool)| {
            let of_day = || planned.iter().filter(|planned| planned.start.date() == date);
            let taken: i64 = of_day().map(|planned| i64::from(planned.minutes)).sum();
            let is_free = |slot: &u32| {
                let start = slot_start(ask, date, *slot);
                let end = start + TimeDelta::minutes(ask.slot.into());
                start >= now
                    && is_whole(calendar, start, end)
                    && of_day().all(|planned| {
                        let until = planned.start + TimeDelta::minutes(planned.minutes.into());
                        until <= start || planned.start >= end
                    })
            };
            let free = (0..slots_of_day(ask)).filter(is_free);
            Day { date, is_after, gaps: gaps(free), minutes: (minutes_of(date) - taken).max(0) }
        };
        let days: Vec<Day> = dates.map(day).collect();
        let minutes = days.iter().filter(|day| !day.is_after).map(|day| minutes_of(day.date)).sum();
        Diary { days, planned, minutes, workdays }
    }

    /// Days without anything in them, on which nothing is to be booked.
    pub(crate) fn of_days(dates: impl IntoIterator<Item = NaiveDate>) -> Diary {
        let day = |date| Day { date, is_after: false, gaps: Vec::new(), minutes: 0 };
        let mut days: Vec<Day> = dates.into_iter().map(day).collect();
        days.dedup_by_key(|day| day.date);
        Diary { days, planned: Vec::new(), minutes: 0, workdays: 0 }
    }

    /// Takes slots of a day out of what is free.
    pub(crate) fn book(&mut self, day: usize, start: u32, slots: u32, minutes: u32) {
        let Some(day) = self.days.get_mut(day) else { return };
        let all = day.gaps.iter().flat_map(|gap| gap.start..gap.start + gap.slots);
        let free: Vec<u32> = all.filter(|slot| !(start..start + slots).contains(slot)).collect();
        day.gaps = gaps(free.into_iter());
        day.minutes -= i64::from(minutes);
    }

    /// Takes the first slots in a row that are free and start in a range; where they start.
    pub(crate) fn take(
        &mut self,
        day: usize,
        starts: RangeInclusive<u32>,
        slots: u32,
        minutes: u32,
    ) -> Option<u32> {
        let of_day = self.days.get(day)?;
        let first = |gap: &Gap| gap.first(&starts, slots);
        let start = of_day.gaps.iter().find_map(first)?;
        self.book(day, start, slots, minutes);
        Some(start)
    }
}

impl Gap {
    /// Where so many slots can start at first, of a range.
    pub(crate) fn first(&self, starts: &RangeInclusive<u32>, slots: u32) -> Option<u32> {
        let start = self.start.max(*starts.start());
        (start <= *starts.end() && start + slots <= self.start + self.slots).then_some(start)
    }
}

/// When acts can be done.
pub(crate) struct Hours<'h> {
    pub(crate) ask: &'h Ask,
    pub(crate) now: NaiveDateTime,
    pub(crate) diaries: &'h BTreeMap<String, Diary>,
    /// When what is planned is over, by id: what follows it comes after.
    pub(crate) ends: &'h HashMap<String, NaiveDateTime>,
}

impl Hours<'_> {
    pub(crate) fn diary(&self, seller: &str) -> Option<&Diary> {
        self.diaries.get(seller)
    }

    /// The first slot of a day in which an act about something can start; that of the day where all is
    /// taken.
    pub(crate) fn first(&self, seller: &str, about: &Activity, day: usize) -> Option<u32> {
        let day = self.diary(seller)?.days.get(day)?;
        let after = about.follows.as_ref().and_then(|id| self.ends.get(id));
        let is_after =
            |slot: &u32| after.is_none_or(|after| slot_start(self.ask, day.date, *slot) >= *after);
        let mut free = day.gaps.iter().flat_map(|gap| gap.start..gap.start + gap.slots);
        free.find(is_after).or_else(|| (0..slots_of_day(self.ask).max(1)).find(is_after))
    }

    /// The first free slot of a day after a time on it.
    pub(crate) fn after(&self, seller: &str, time: NaiveDateTime) -> Option<(usize, u32)> {
        let days = &self.diary(seller)?.days;
        let place = days.iter().position(|day| day.date == time.date())?;
        let day = days.get(place)?;
        let mut free = day.gaps.iter().flat_map(|gap| gap.start..gap.start + gap.slots);
        let slot = free.find(|slot| slot_start(self.ask, day.date, *slot) >= time)?;
        Some((place, slot))
    }

    /// The last slot of a day that is free.
    pub(crate) fn last(&self, seller: &str, day: usize) -> Option<u32> {
        let gap = self.diary(seller)?.days.get(day)?.gaps.last()?;
        Some(gap.start + gap.slots - 1)
    }

    pub(crate) fn start(&self, seller: &str, day: usize, slot: u32) -> Option<NaiveDateTime> {
        let date = self.diary(seller)?.days.get(day)?.date;
        Some(slot_start(self.ask, date, slot).max(self.now))
    }
}

/// How many slots a workday has.
pub(crate) fn slots_of_day(ask: &Ask) -> u32 {
    let minutes = (ask.ends - ask.starts).num_minutes();
    u32::try_from(minutes).unwrap_or(0) / ask.slot.max(1)
}

/// When a slot of a day starts.
pub(crate) fn slot_start(ask: &Ask, day: NaiveDate, slot: u32) -> NaiveDateTime {
    let minutes = ask.starts.num_seconds_from_midnight() / 60 + slot * ask.slot;
    day.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minutes.into())
}

/// As the clock of the zone shows it.
trait ZoneTime {
    fn zone_time(&self, at: chrono::DateTime<chrono::Utc>) -> NaiveDateTime;
}

impl ZoneTime for Calendar {
    fn zone_time(&self, at: chrono::DateTime<chrono::Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }
}

/// The instant at which a clock of the zone shows a time.
pub(crate) fn instant(calendar: &Calendar, start: NaiveDateTime) -> chrono::DateTime<chrono::Utc> {
    Moment::Local(start).resolve(calendar.zone)
}

/// Whether the clock shows every time of a slot: in spring it leaves out an hour of a night.
fn is_whole(calendar: &Calendar, start: NaiveDateTime, end: NaiveDateTime) -> bool {
    let last = end - TimeDelta::minutes(1);
    let is_there = |local: NaiveDateTime| calendar.zone_time(instant(calendar, local)) == local;
    is_there(start)
        && is_there(last)
        && instant(calendar, last) - instant(calendar, start) >= last - start
}

fn gaps(free: impl Iterator<Item = u32>) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for slot in free {
        match gaps.last_mut() {
            Some(gap) if gap.start + gap.slots == slot => gap.slots += 1,
            _ => gaps.push(Gap { start: slot, slots: 1 }),
        }
    }
    gaps
}
