//! Activities by customer, day and id.

use super::activities::{Activities, Times};
use super::build::Purpose;
use super::clock::Clock;
use super::column::{Column, MISSING};
use super::draft::{Draft, DraftColumn, DraftTable};
use super::group::{Group, Slots, starts};
use super::ids::Ids;
use super::local::date;
use super::names::Names;
use super::order::{Order, by_day_and_id, rank_days};
use super::partition::Partitions;
use super::words::{Layout, Words};
use super::{Table, parallel};
use crate::model::Noun;

/// Where activities come to stand, and what is read first of them, by row of the draft.
#[derive(Debug)]
pub(super) struct Sorted {
    /// In the order of days and ids.
    rows: Vec<u32>,
    order: Order,
    times: Times,
    partitions: Partitions,
    words: Words,
}

/// Activities in the order of the store.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) table: Table,
    pub(super) activities: Activities,
    /// By the nouns of their owners.
    pub(super) groups: Vec<(Noun, Group)>,
}

impl Sorted {
    /// Takes days and classes out of the draft. The customer of each activity is given, how many
    /// customers there are, and how many activities a partition has at least; returned are the
    /// activities by customer.
    pub(super) fn new(
        draft: &mut Draft,
        purpose: &Purpose,
        customers_of_rows: &[u32],
        (customers, of_partition): (u32, usize),
    ) -> (Sorted, Group) {
        let (days, ranks) = rank_days(&std::mem::take(&mut draft.activities.days));
        let days = days.into_iter().filter_map(date).collect();
        let times = Times::new(days, &purpose.calendar);
        let layout = Layout::new(times.days.len(), 4 * purpose.schema.kinds().len());
        let classes = std::mem::take(&mut draft.activities.classes);
        let class = |row: usize| classes.get(row).copied().unwrap_or(0).into();
        let words = Words::of_rows(layout, classes.len(), |row| (ranks.get(row), class(row)));

        let names = draft.names.get(Noun::Activity.index());
        let ids = draft.table(Noun::Activity).map_or(&[][..], |table| &table.ids);
        let days = u32::try_from(times.days.len()).unwrap_or(u32::MAX);
        let of_days = starts((0..ids.len()).map(|row| ranks.get(row)), days);
        let rows = by_day_and_id(&of_days, &ranks, names, ids);
        let partitions = Partitions::new(&times, &of_days, &purpose.calendar, of_partition);
        let slots = partitions.slots(Noun::Customer, customers);
        let slot = |row: u32| {
            let customer = customers_of_rows.get(row as usize).copied().unwrap_or(MISSING);
            slots.of(partitions.of_rank(ranks.get(row as usize)), customer)
        };
        let (order, starts) = Order::by_slot(&rows, slot, slots.count());
        let by_customer = Group::of_table(slots, starts);
        (Sorted { rows, order, times, partitions, words }, by_customer)
    }

    pub(super) fn place(&self, row: u32) -> u32 {
        self.order.place(row)
    }

    /// Packs all that there is of activities; `owners` says of each column whether they are to be
    /// grouped by what it refers to, and how many things of that noun there are.
    pub(super) fn pack(
        self,
        (names, table): (Names, DraftTable),
        clock: Clock,
        owners: impl Fn(usize) -> Option<(Noun, u32)> + Sync + Send,
    ) -> Packed {
        let places = self.order.places();
        let column = |(index, column): (usize, DraftColumn)| {
            let group = |(noun, count)| {
                Some((noun, self.group(&column, self.partitions.slots(noun, count))?))
            };
            let group = owners(index).and_then(group);
            (column.pack(places), group)
        };
        // Each is dropped as soon as it is packed, so that there is little twice.
        let of_table = table.ids;
        let rest = || {
            let ids = Ids::place(&names, &of_table, places);
            drop(of_table);
            let placed = clock.place(places);
            drop(clock);
            (ids, placed, self.words.place(places))
        };
        let columns = table.columns.into_iter().enumerate().collect();
        let ((ids, clock, words), columns) =
            parallel::both(rest, || parallel::each(columns, column));
        let (columns, groups): (Vec<Column>, Vec<_>) = columns.into_iter().unzip();
        Packed {
            table: Table { ids, columns },
            activities: Activities::new(self.times, self.partitions, words, clock),
            groups: groups.into_iter().flatten().collect(),
        }
    }

    fn group(&self, column: &DraftColumn, slots: Slots) -> Option<Group> {
        let DraftColumn::Reference(_, of_rows) = column else { return None };
        let partition = |row: u32| self.partitions.of_rank(self.words.rank(row as usize));
        let places = self.order.places();
        Some(Group::new(&self.rows, slots, (of_rows, partition), &self.words, places))
    }
}
