//! Activities in the order of their days.

use std::cmp::Ordering;
use std::ops::Range;

use super::column::MISSING;
use super::group::starts;
use super::names::Names;
use super::packed::Codes;
use super::parallel;
use super::partition::Partitions;

/// On which days activities are.
#[derive(Debug)]
pub(super) struct Days {
    /// Every day on which there is one, in order, as days since 1970-01-01.
    pub(super) known: Vec<i32>,
    /// By row: which of them it is.
    pub(super) ranks: Codes,
    pub(super) rows: ByDay,
}

/// All rows in the order of days, then of ids as texts.
#[derive(Debug)]
pub(super) struct ByDay {
    rows: Vec<u32>,
    /// Where those of each day start, and where the last one's end.
    pub(super) starts: Vec<u32>,
}

impl Days {
    /// Of the days of rows, and their ids.
    pub(super) fn new(days: &[i32], names: Option<&Names>, ids: &[u32]) -> Days {
        let (known, ranks) = rank_days(days);
        let count = u32::try_from(known.len()).unwrap_or(u32::MAX);
        let rows = ByDay::new(count, &ranks, names, ids);
        Days { known, ranks, rows }
    }
}

impl ByDay {
    fn new(days: u32, ranks: &Codes, names: Option<&Names>, ids: &[u32]) -> ByDay {
        let count = ids.len();
        // Each portion looks at the one before it as well.
        let are_in_order = |rows: Range<usize>| {
            (rows.start.max(1)..rows.end).all(|row| ranks.get(row - 1) <= ranks.get(row))
        };
        let is_sorted = parallel::portions(count, are_in_order).into_iter().all(|is_so| is_so);
        let mut rows: Vec<u32> = (0..).take(count).collect();
        let starts = if is_sorted {
            let first = |rank: u32| rows.partition_point(|row| ranks.get(*row as usize) < rank);
            (0..=days).map(|rank| u32::try_from(first(rank)).unwrap_or(u32::MAX)).collect()
        } else {
            let starts = starts((0..count).map(|row| ranks.get(row)), days);
            let mut next = starts.clone();
            for row in (0_u32..).take(count) {
                let Some(next) = next.get_mut(ranks.get(row as usize) as usize) else { continue };
                if let Some(slot) = rows.get_mut(*next as usize) {
                    *slot = row;
                }
                *next += 1;
            }
            starts
        };
        let mut of_days = Vec::with_capacity(starts.len());
        let mut rest = rows.as_mut_slice();
        for pair in starts.windows(2) {
            let [start, end] = pair else { continue };
            let (day, later) =
                rest.split_at_mut_checked((end - start) as usize).unwrap_or_default();
            of_days.push(day);
            rest = later;
        }
        let id = |row: &u32| ids.get(*row as usize).copied().unwrap_or(MISSING);
        let by_name = |a: &u32, b: &u32| names.map_or(Ordering::Equal, |n| n.compare(id(a), id(b)));
        let sort = |day: &mut [u32]| {
            if Names::are_of_one_length(day.iter().map(id)) {
                if !day.is_sorted_by(|a, b| id(a) < id(b)) {
                    day.sort_unstable_by_key(id);
                }
            } else if !day.is_sorted_by(|a, b| by_name(a, b).is_lt()) {
                day.sort_unstable_by(by_name);
            }
        };
        parallel::each(of_days, sort);
        ByDay { rows, starts }
    }

    /// The rows of each partition.
    pub(super) fn partitions(&self, partitions: &Partitions) -> Vec<(u32, &[u32])> {
        let start = |rank: u32| self.starts.get(rank as usize).map_or(0, |start| *start as usize);
        let rows = |partition: u32| {
            let ranks = partitions.ranks(partition);
            (partition, self.rows.get(start(ranks.start)..start(ranks.end)).unwrap_or(&[]))
        };
        (0..partitions.count()).map(rows).collect()
    }
}

/// Days in place of their ranks among those that occur.
fn rank_days(days: &[i32]) -> (Vec<i32>, Codes) {
    if days.is_empty() {
        return (Vec::new(), Codes::with_room(0, 0));
    }
    let either = |(first, last): (i32, i32), day: &i32| (first.min(*day), last.max(*day));
    let (first, last) = days.iter().fold((i32::MAX, i32::MIN), either);
    let place = |day: i32| usize::try_from(i64::from(day) - i64::from(first)).unwrap_or(0);
    let mut ranks = vec![0_u32; place(last) + 1];
    for day in days {
        if let Some(rank) = ranks.get_mut(place(*day)) {
            *rank = 1;
        }
    }
    let mut known = Vec::new();
    for (day, rank) in (first..).zip(&mut ranks) {
        if *rank == 1 {
            *rank = u32::try_from(known.len()).unwrap_or(u32::MAX);
            known.push(day);
        }
    }
    let most = u32::try_from(known.len()).unwrap_or(u32::MAX);
    let rank = |row: usize| {
        let day = days.get(row).copied().unwrap_or(first);
        ranks.get(place(day)).copied().unwrap_or(0)
    };
    (known, Codes::of_rows(most, days.len(), rank))
}
