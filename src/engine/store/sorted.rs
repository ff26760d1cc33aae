//! Activities by customer, day and id.

use super::activities::{Activities, Times};
use super::build::Purpose;
use super::by_day::{ByDay, Days};
use super::by_owner::InTime;
use super::clock::Clock;
use super::column::Column;
use super::draft::{DraftColumn, DraftTable};
use super::group::{Group, Slots};
use super::ids::Ids;
use super::local::date;
use super::names::Names;
use super::order::Order;
use super::partition::Partitions;
use super::words::{Layout, Words};
use super::{Table, parallel};
use crate::model::Noun;

/// Where activities come to stand, and what is read first of them, by row of the draft.
#[derive(Debug)]
pub(super) struct Sorted {
    rows: ByDay,
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
    /// Of the days, the classes and the customers of activities. Given are how many customers there
    /// are, and how many activities a partition has at least; returned are the activities by customer.
    pub(super) fn new(
        days: Days,
        classes: &[u16],
        customers_of_rows: &[u32],
        (customers, of_partition): (u32, usize),
        purpose: &Purpose,
    ) -> (Sorted, Group) {
        let Days { known, ranks, rows } = days;
        let times = Times::new(known.into_iter().filter_map(date).collect(), &purpose.calendar);
        let partitions = Partitions::new(&times, &rows.starts, &purpose.calendar, of_partition);
        let slots = partitions.slots(Noun::Customer, customers);
        let layout = Layout::new(times.days.len(), 4 * purpose.schema.kinds().len());
        let class = |row: usize| classes.get(row).copied().unwrap_or(0).into();
        let (words, (order, starts)) = parallel::both(
            || Words::of_rows(layout, classes.len(), |row| (ranks.get(row), class(row))),
            || Order::by_slot(&rows.partitions(&partitions), slots, customers_of_rows),
        );
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
        let DraftColumn::Reference(_, owners) = column else { return None };
        let rows = &self.rows.partitions(&self.partitions)[..];
        let (words, places) = (&self.words, self.order.places());
        Some(Group::new(InTime { rows, owners, words, places }, slots))
    }
}
