//! Activities of different times apart: a window is then a stretch of memory, and not a gap in every
//! owner's activities.

use std::ops::Range;

use chrono::NaiveDate;

use super::activities::Times;
use super::group::Slots;
use crate::model::Noun;
use crate::model::calendar::{Calendar, Unit};

/// The days by which activities are kept apart: half-years, or several of them where there are few
/// activities.
#[derive(Debug, Clone, Default)]
pub(crate) struct Partitions {
    /// The first day of each but the first, which has all that are earlier.
    days: Vec<NaiveDate>,
    /// By rank of a day.
    of_ranks: Vec<u32>,
}

/// How many activities a partition has for each of its owners, at least: what says where those of
/// each owner start is small beside them, and most windows are not in many pieces.
pub(super) const DENSITY: usize = 20;

impl Partitions {
    /// Of days, each with where its activities start when they are in the order of days. Each but
    /// perhaps the first has at least so many activities.
    pub(super) fn new(times: &Times, starts: &[u32], calendar: &Calendar, least: usize) -> Self {
        let start = |rank: u32| starts.get(rank as usize).map_or(0, |start| *start as usize);
        let mut days = Vec::new();
        let mut end = u32::try_from(times.days.len()).unwrap_or(u32::MAX);
        let mut rank = end;
        while let Some(last) = rank.checked_sub(1) {
            let first = calendar.period(Unit::HalfYear, times.day(last)).first;
            rank = times.first_from(first).min(last);
            // What is left for the one before has to be enough as well.
            if start(end) - start(rank) >= least && start(rank) >= least {
                days.push(first);
                end = rank;
            }
        }
        days.reverse();
        Partitions { days, of_ranks: Vec::new() }.of(times)
    }

    /// The same partitions of other days.
    pub(super) fn of(self, times: &Times) -> Self {
        let of_ranks = times.days.iter().map(|day| self.of_day(*day)).collect();
        Partitions { of_ranks, ..self }
    }

    pub(super) fn of_day(&self, day: NaiveDate) -> u32 {
        let place = self.days.partition_point(|first| *first <= day);
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// The slots of the owners of activities. Activities that others follow are as many as these: they
    /// have but one partition.
    pub(super) fn slots(&self, noun: Noun, owners: u32) -> Slots {
        Slots::new(if noun == Noun::Activity { 1 } else { self.count() }, owners)
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.days.len() + 1).unwrap_or(u32::MAX)
    }

    /// The partition of a rank; of one beyond all, the last.
    #[inline]
    pub(crate) fn of_rank(&self, rank: u32) -> u32 {
        self.of_ranks.get(rank as usize).copied().unwrap_or_else(|| self.count() - 1)
    }

    /// The ranks of a partition.
    pub(crate) fn ranks(&self, partition: u32) -> Range<u32> {
        let first = |partition| {
            let first = self.of_ranks.partition_point(|of_rank| *of_rank < partition);
            u32::try_from(first).unwrap_or(u32::MAX)
        };
        first(partition)..first(partition + 1)
    }

    /// Those that have activities of these ranks.
    #[inline]
    pub(crate) fn within(&self, ranks: &Range<u32>) -> Range<u32> {
        match ranks.end.checked_sub(1) {
            Some(last) if ranks.start <= last => self.of_rank(ranks.start)..self.of_rank(last) + 1,
            _ => 0..0,
        }
    }
}
