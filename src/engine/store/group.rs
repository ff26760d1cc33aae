//! Activities by whose they are, each one's in the order of their days.

use std::ops::Range;

use super::column::MISSING;
use super::group_marks::GroupMarks;
use super::merge::Merge;
use super::words::Words;
use crate::model::Noun;

/// The activities of every owner of one noun.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    slots: Slots,
    /// Where those of each slot start, and where the last one's end.
    starts: Vec<u32>,
    /// The rows; none where they are those of the table itself.
    rows: Option<Vec<u32>>,
    /// What is read first, in the order of `rows`; none where it is the table's own.
    words: Option<Words>,
    marks: GroupMarks,
}

/// Each partition has a slot for each owner, and one for nobody after them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Slots {
    partitions: u32,
    owners: u32,
}

impl Slots {
    pub(super) fn new(partitions: u32, owners: u32) -> Slots {
        Slots { partitions, owners }
    }

    /// Of an owner, or of nobody where there is no such owner.
    #[inline]
    pub(super) fn of(self, partition: u32, owner: u32) -> u32 {
        self.first(partition.min(self.partitions.saturating_sub(1))) + owner.min(self.owners)
    }

    /// Whether there is such an owner.
    #[inline]
    pub(super) fn has(self, owner: u32) -> bool {
        owner < self.owners
    }

    /// The first of a partition.
    #[inline]
    pub(super) fn first(self, partition: u32) -> u32 {
        partition * (self.owners + 1)
    }

    fn owner(self, slot: u32) -> Option<u32> {
        let owner = slot % (self.owners + 1);
        (owner < self.owners).then_some(owner)
    }

    pub(super) fn count(self) -> u32 {
        self.first(self.partitions)
    }

    /// Which of these partitions of a store are told apart.
    #[inline]
    pub(super) fn partitions(self, of_store: Range<u32>) -> Range<u32> {
        of_store.start.min(self.partitions.saturating_sub(1))..of_store.end.min(self.partitions)
    }
}

/// Activities that stand side by side.
#[derive(Debug, Clone)]
pub(crate) struct Run<'a> {
    words: &'a Words,
    rows: Option<&'a [u32]>,
    pub(crate) places: Range<usize>,
    /// Whether they are in the order of their days.
    pub(crate) is_sorted: bool,
    /// Without those of this customer, which are in another run.
    pub(crate) not_of: Option<u32>,
}

/// Activities that come to a group.
#[derive(Debug)]
pub(super) struct More {
    /// What the owners are, and which slots there will be.
    pub(super) noun: Noun,
    pub(super) slots: Slots,
    /// Slots and rows, in the order of slots, days and ids.
    pub(super) pairs: Vec<(u32, u32)>,
    /// The place of the group before which each comes to stand.
    pub(super) before: Vec<u32>,
}

impl More {
    /// Before which place of the group which row comes to stand.
    pub(super) fn inserts(&self) -> Vec<(u32, u32)> {
        let rows = self.pairs.iter().map(|(_, row)| *row);
        self.before.iter().copied().zip(rows).collect()
    }
}

/// Where activities have come to be: so many first ones, then those that came to them.
#[derive(Debug)]
pub(super) struct Moved<'a> {
    pub(super) places: &'a [u32],
    pub(super) first: u32,
    pub(super) words: &'a Words,
}

impl Moved<'_> {
    fn place(&self, row: u32) -> u32 {
        self.places.get(row as usize).copied().unwrap_or(MISSING)
    }

    /// Activities have one partition of slots, which are their rows.
    fn slot(&self, noun: Noun, slot: u32) -> u32 {
        if noun == Noun::Activity { self.place(slot) } else { slot }
    }
}

/// Where the things of each slot start when all are put in the order of their slots, and where those
/// of the last one end.
pub(super) fn starts(slots_of_things: impl Iterator<Item = u32>, slots: u32) -> Vec<u32> {
    sums(slots_of_things.map(|slot| (slot, 1)), slots)
}

/// The same where slots come with how many things they have.
pub(super) fn sums(counts: impl Iterator<Item = (u32, u32)>, slots: u32) -> Vec<u32> {
    let mut starts = vec![0_u32; slots as usize + 2];
    counts.for_each(|(slot, things)| {
        // One place further, so that the sums come to stand where the counts are.
        if let Some(count) = starts.get_mut(slot as usize + 1) {
            *count += things;
        }
    });
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts.truncate(slots as usize + 1);
    starts
}

impl Group {
    /// The table itself, whose rows stand in the order of slots.
    pub(crate) fn of_table(slots: Slots, starts: Vec<u32>) -> Group {
        Group { slots, starts, ..Group::default() }
    }

    /// Of the rows and words of all slots, and where each slot's start.
    pub(super) fn of_sorted(slots: Slots, starts: Vec<u32>, rows: Vec<u32>, words: Words) -> Group {
        Group { slots, starts, rows: Some(rows), words: Some(words), ..Group::default() }
    }

    /// Of pairs of slot and row, in the order of slots, days and ids.
    pub(super) fn of_pairs(pairs: &[(u32, u32)], slots: Slots, words: &Words) -> Group {
        let starts = starts(pairs.iter().map(|(slot, _)| *slot), slots.count());
        let rows: Vec<u32> = pairs.iter().map(|(_, row)| *row).collect();
        let words = words.pick(&rows);
        Group::of_sorted(slots, starts, rows, words)
    }

    /// Before which place an activity comes to stand among those of some slots; `is_before` is told
    /// of a row of the group whether it stands before.
    pub(super) fn insert(&self, of: Range<u32>, is_before: impl Fn(u32) -> bool) -> u32 {
        let row = |place: u32| match &self.rows {
            Some(rows) => rows.get(place as usize).copied().unwrap_or(MISSING),
            None => place,
        };
        let (mut low, mut high) = (self.start(of.start), self.start(of.end));
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(row(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// With more activities.
    pub(super) fn merged(&self, more: &More, moved: &Moved<'_>) -> Group {
        let ends = self.starts.iter().skip(1);
        let counts = self.starts.iter().zip(ends).map(|(start, end)| end - start);
        let counts = (0..).zip(counts).map(|(slot, n)| (moved.slot(more.noun, slot), n));
        let added = more.pairs.iter().map(|(slot, _)| (*slot, 1));
        let (slots, starts) = (more.slots, sums(counts.chain(added), more.slots.count()));
        let Some(rows) = &self.rows else { return Group::of_table(slots, starts) };
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let rows = Merge::new(count, more.inserts()).values(
            |place| moved.place(rows.get(place as usize).copied().unwrap_or(MISSING)),
            |row| moved.place(moved.first + row),
        );
        let words = moved.words.pick(&rows);
        Group::of_sorted(slots, starts, rows, words)
    }

    /// Where a slot starts.
    fn start(&self, slot: u32) -> u32 {
        let end = || self.starts.last().copied().unwrap_or(0);
        self.starts.get(slot as usize).copied().unwrap_or_else(end)
    }

    /// The activities of an owner in one partition.
    pub(crate) fn run<'a>(&'a self, partition: u32, owner: u32, of_table: &'a Words) -> Run<'a> {
        let slot = self.slots.of(partition, owner);
        let places = self.start(slot) as usize..self.start(slot + 1) as usize;
        let (words, rows) = (self.words(of_table), self.rows.as_deref());
        Run { words, rows, places, is_sorted: true, not_of: None }
    }

    /// Whether there is no activity in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.starts.last().is_none_or(|end| *end == 0)
    }

    pub(super) fn slots(&self) -> Slots {
        self.slots
    }

    /// Where those of each slot start, and where the last one's end.
    pub(super) fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// The rows; none where they are those of the table itself.
    pub(super) fn rows(&self) -> Option<&[u32]> {
        self.rows.as_deref()
    }

    /// The words in the order of the rows, which may be the table's own.
    pub(super) fn words<'a>(&'a self, of_table: &'a Words) -> &'a Words {
        self.words.as_ref().unwrap_or(of_table)
    }

    /// Which are of some classes or name something, in the order of the rows.
    pub(super) fn marks(&self) -> &GroupMarks {
        &self.marks
    }

    /// Whose a place is.
    pub(crate) fn owner(&self, place: u32) -> Option<u32> {
        let slot = self.starts.partition_point(|start| *start <= place).checked_sub(1)?;
        self.slots.owner(u32::try_from(slot).unwrap_or(u32::MAX))
    }

    pub(crate) fn bytes(&self) -> usize {
        let rows = self.rows.as_ref().map_or(0, |rows| 4 * rows.capacity());
        let words = self.words.as_ref().map_or(0, Words::bytes);
        4 * self.starts.capacity() + rows + words + self.marks.bytes()
    }
}

impl<'a> Run<'a> {
    /// The whole table, in no order of days.
    pub(crate) fn of_table(words: &'a Words, count: usize) -> Run<'a> {
        Run { words, rows: None, places: 0..count, is_sorted: false, not_of: None }
    }

    /// Without those of a customer.
    pub(crate) fn not_of(self, customer: Option<u32>) -> Run<'a> {
        Run { not_of: customer, ..self }
    }

    #[inline]
    pub(crate) fn rank(&self, place: usize) -> u32 {
        self.words.rank(place)
    }

    #[inline]
    pub(crate) fn class(&self, place: usize) -> u32 {
        self.words.class(place)
    }

    #[inline]
    pub(crate) fn row(&self, place: usize) -> u32 {
        match self.rows {
            Some(rows) => rows.get(place).copied().unwrap_or(0),
            None => u32::try_from(place).unwrap_or(u32::MAX),
        }
    }

    /// Without those of days before a rank, where they are in order.
    pub(crate) fn from(self, rank: u32) -> Run<'a> {
        if !self.is_sorted {
            return self;
        }
        let first = self.words.first_from(self.places.clone(), rank);
        Run { places: first..self.places.end, ..self }
    }
}
