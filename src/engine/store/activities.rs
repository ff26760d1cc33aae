//! The activities: kind, status and time of each, in few bytes.

use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::clock::Clock;
use super::partition::Partitions;
use super::words::Words;
use crate::check::rules::ActivityStatus;
use crate::model::calendar::Calendar;
use crate::plan::State;

/// Kinds, statuses and times by row.
#[derive(Debug, Clone)]
pub(crate) struct Activities {
    pub(crate) times: Times,
    pub(crate) partitions: Partitions,
    /// The place of each row's day in [`Times::days`], and its [`class`].
    pub(crate) words: Words,
    pub(super) clock: Clock,
}

/// Every day on which there is an activity, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times {
    pub(crate) days: Vec<NaiveDate>,
    /// Each as a number of days.
    numbers: Vec<i32>,
    /// When each starts.
    starts: Vec<DateTime<Utc>>,
    /// Whether all that is earlier than that is on days before, and nothing else is.
    parts: Vec<bool>,
    /// The ranks of those that start twice, which hardly any zone has.
    twice: Vec<u32>,
}

/// A kind and what the data calls the status, as one small number.
pub(crate) fn class(kind: u32, status: ActivityStatus) -> u32 {
    let status = match status {
        ActivityStatus::Completed => 0,
        ActivityStatus::Planned => 1,
        ActivityStatus::Cancelled => 2,
    };
    4 * kind + status
}

/// The kind of a class, by its place in the schema.
#[inline]
pub(crate) fn kind_of(class: u32) -> usize {
    (class / 4) as usize
}

#[inline]
pub(crate) fn status_of(class: u32) -> ActivityStatus {
    match class % 4 {
        0 => ActivityStatus::Completed,
        1 => ActivityStatus::Planned,
        _ => ActivityStatus::Cancelled,
    }
}

impl Times {
    /// Of days in order, each once.
    pub(crate) fn new(days: Vec<NaiveDate>, calendar: &Calendar) -> Self {
        let starts = days.iter().map(|day| calendar.start_of(*day)).collect();
        let parts = days.iter().map(|day| calendar.starts_once(*day)).collect();
        let numbers = days.iter().map(Datelike::num_days_from_ce).collect();
        let starts_twice = |(_, day): &(u32, &NaiveDate)| calendar.starts_twice(**day);
        let twice = (0..).zip(&days).filter(starts_twice).map(|(rank, _)| rank).collect();
        Times { days, numbers, starts, parts, twice }
    }

    /// Whether something on a day of these ranks may be earlier than something on the day before.
    pub(crate) fn is_any_set_back(&self, ranks: &Range<u32>) -> bool {
        self.twice.iter().any(|rank| ranks.contains(rank))
    }

    /// The first rank whose day is not before `day`.
    pub(crate) fn first_from(&self, day: NaiveDate) -> u32 {
        let place = self.days.partition_point(|known| *known < day);
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// The day as a number of days since some day.
    #[inline]
    pub(crate) fn number(&self, rank: u32) -> i32 {
        self.numbers.get(rank as usize).copied().unwrap_or(0)
    }

    /// Whether all on the day of a rank is later than all on the day of another, for sure: where
    /// clocks are set back over midnight, it need not be.
    #[inline]
    pub(crate) fn is_later_day(&self, rank: u32, other: u32) -> bool {
        rank > other && self.parts.get(rank as usize).copied().unwrap_or(false)
    }

    #[inline]
    pub(crate) fn day(&self, rank: u32) -> NaiveDate {
        self.days.get(rank as usize).copied().unwrap_or(NaiveDate::MIN)
    }
}

impl Activities {
    pub(super) fn new(times: Times, partitions: Partitions, words: Words, clock: Clock) -> Self {
        Activities { times, partitions, words, clock }
    }

    /// The place of a row's day in [`Times::days`].
    #[inline]
    pub(crate) fn rank(&self, row: u32) -> u32 {
        self.words.rank(row as usize)
    }

    /// The [`class`] of a row.
    #[inline]
    pub(crate) fn class(&self, row: u32) -> u32 {
        self.words.class(row as usize)
    }

    #[inline]
    pub(crate) fn day(&self, row: u32) -> NaiveDate {
        self.times.day(self.rank(row))
    }

    /// When an activity takes place.
    pub(crate) fn at(&self, row: u32) -> DateTime<Utc> {
        let place = row as usize;
        let rank = self.rank(row) as usize;
        let start = self.times.starts.get(rank).copied().unwrap_or(DateTime::<Utc>::MIN_UTC);
        start + self.clock.get(place)
    }

    /// Whether an activity, whose day is not before that of another, takes place later. Both come
    /// with their ranks.
    #[inline]
    pub(crate) fn is_later(&self, (row, rank): (u32, u32), (other, of_other): (u32, u32)) -> bool {
        if rank == of_other {
            self.clock.is_later(row as usize, other as usize)
        } else {
            self.times.is_later_day(rank, of_other) || self.at(row) > self.at(other)
        }
    }

    /// What the data calls the status.
    pub(crate) fn status(&self, row: u32) -> ActivityStatus {
        status_of(self.class(row))
    }

    pub(crate) fn kind(&self, row: u32) -> usize {
        kind_of(self.class(row))
    }

    pub(crate) fn bytes(&self) -> usize {
        let times = 4 * self.times.days.capacity() + 12 * self.times.starts.capacity();
        self.words.bytes() + self.clock.bytes() + times
    }
}

impl State {
    /// The state of an activity that exists, of which is known that its day is over.
    #[inline]
    pub(crate) fn when_over(status: ActivityStatus) -> State {
        match status {
            ActivityStatus::Completed => State::Completed,
            ActivityStatus::Planned => State::Overdue,
            ActivityStatus::Cancelled => State::Cancelled,
        }
    }

    /// The state of one whose day is to come.
    #[inline]
    pub(crate) fn when_ahead(status: ActivityStatus) -> State {
        match status {
            ActivityStatus::Completed | ActivityStatus::Planned => State::Ahead,
            ActivityStatus::Cancelled => State::Cancelled,
        }
    }
}
