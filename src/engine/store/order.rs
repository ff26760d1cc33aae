//! Rows of a draft in the order of the store.

use std::cmp::Ordering;

use super::column::MISSING;
use super::draft::Draft;
use super::group::starts;
use super::names::{Names, as_text};
use super::packed::Codes;
use super::parallel;
use crate::model::Noun;

/// Where rows come to be in the order of the store.
#[derive(Debug, Default)]
pub(super) struct Order(Vec<u32>);

impl Order {
    /// By their ids.
    pub(super) fn by_id(draft: &Draft, noun: Noun) -> Order {
        let (Some(table), Some(names)) = (draft.table(noun), draft.names.get(noun.index())) else {
            return Order::default();
        };
        let mut places = vec![MISSING; table.ids.len()];
        for (place, row) in (0..).zip(sorted_by_id(names, &table.ids)) {
            if let Some(slot) = places.get_mut(row as usize) {
                *slot = place;
            }
        }
        Order(places)
    }

    /// From rows in the order of days and ids: put in the order of slots, of which there are so many;
    /// and where each slot's start.
    pub(super) fn by_slot(
        sorted: &[u32],
        slot: impl Fn(u32) -> u32,
        slots: u32,
    ) -> (Order, Vec<u32>) {
        let starts = starts((0..).take(sorted.len()).map(&slot), slots);
        let mut next = starts.clone();
        let mut places = vec![0; sorted.len()];
        for row in sorted {
            let next = next.get_mut(slot(*row) as usize);
            let (Some(next), Some(place)) = (next, places.get_mut(*row as usize)) else { continue };
            *place = *next;
            *next += 1;
        }
        (Order(places), starts)
    }

    /// By row.
    pub(super) fn places(&self) -> &[u32] {
        &self.0
    }

    pub(super) fn place(&self, row: u32) -> u32 {
        self.0.get(row as usize).copied().unwrap_or(MISSING)
    }
}

fn sorted_by_id(names: &Names, ids: &[u32]) -> Vec<u32> {
    let rows = (0_u32..).take(ids.len());
    if ids.iter().all(|id| Names::is_number(*id)) {
        let mut keyed: Vec<(u64, u32)> = ids.iter().map(|id| as_text(*id)).zip(rows).collect();
        keyed.sort_unstable();
        return keyed.into_iter().map(|(_, row)| row).collect();
    }
    let mut rows: Vec<u32> = rows.collect();
    let id = |row: u32| ids.get(row as usize).copied().unwrap_or(MISSING);
    rows.sort_unstable_by(|a, b| names.compare(id(*a), id(*b)).then(a.cmp(b)));
    rows
}

/// Days in place of their ranks among those that occur.
pub(super) fn rank_days(days: &[i32]) -> (Vec<i32>, Codes) {
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

/// All rows in the order of days, then of ids as texts. `starts` says where those of each day start.
pub(super) fn by_day_and_id(
    starts: &[u32],
    ranks: &Codes,
    names: Option<&Names>,
    ids: &[u32],
) -> Vec<u32> {
    let count = ids.len();
    let is_sorted = (1..count).all(|row| ranks.get(row - 1) <= ranks.get(row));
    let mut rows: Vec<u32> = (0..).take(count).collect();
    if !is_sorted {
        let mut next = starts.to_vec();
        for row in (0_u32..).take(count) {
            let Some(next) = next.get_mut(ranks.get(row as usize) as usize) else { continue };
            if let Some(slot) = rows.get_mut(*next as usize) {
                *slot = row;
            }
            *next += 1;
        }
    }
    let mut of_days = Vec::with_capacity(starts.len());
    let mut rest = rows.as_mut_slice();
    for pair in starts.windows(2) {
        let [start, end] = pair else { continue };
        let (day, later) = rest.split_at_mut_checked((end - start) as usize).unwrap_or_default();
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
    rows
}
