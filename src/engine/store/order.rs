//! Rows of a draft in the order of the store.

use super::column::MISSING;
use super::draft::Draft;
use super::group::{Slots, starts};
use super::names::{Names, as_text};
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

    /// From rows by partition in the order of days and ids, and their owners: put in the order of
    /// slots; and where each slot's start.
    pub(super) fn by_slot(
        rows: &[(u32, &[u32])],
        slots: Slots,
        owners: &[u32],
    ) -> (Order, Vec<u32>) {
        let owner = |row: u32| owners.get(row as usize).copied().unwrap_or(MISSING);
        let all = rows
            .iter()
            .flat_map(|(partition, rows)| rows.iter().map(|row| slots.of(*partition, owner(*row))));
        let starts = starts(all, slots.count());
        let mut next = starts.clone();
        let mut places = vec![0; rows.iter().map(|(_, rows)| rows.len()).sum()];
        for (partition, rows) in rows {
            for row in *rows {
                let next = next.get_mut(slots.of(*partition, owner(*row)) as usize);
                let place = places.get_mut(*row as usize);
                let (Some(next), Some(place)) = (next, place) else { continue };
                *place = *next;
                *next += 1;
            }
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
