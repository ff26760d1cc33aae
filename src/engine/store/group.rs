//! Activities by whose they are, each one's in the order of their days.

use std::ops::Range;

use super::column::MISSING;
use super::merge::Merge;
use super::packed::Codes;
use crate::model::Noun;

/// The activities of every owner of one noun.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Where each owner's start, and where the last one's end.
    starts: Vec<u32>,
    /// The rows; none where they are those of the table itself.
    rows: Option<Vec<u32>>,
    /// What is read first, in the order of `rows`; none where it is the table's own.
    hot: Option<(Codes, Codes)>,
}

/// Activities that stand side by side.
#[derive(Debug, Clone)]
pub(crate) struct Run<'a> {
    ranks: &'a Codes,
    classes: &'a Codes,
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
    /// What the owners are, and how many there will be.
    pub(super) noun: Noun,
    pub(super) owners: u32,
    /// Owners and rows, in the order of owners, days and ids.
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
    pub(super) ranks: &'a Codes,
    pub(super) classes: &'a Codes,
}

impl Moved<'_> {
    fn place(&self, row: u32) -> u32 {
        self.places.get(row as usize).copied().unwrap_or(MISSING)
    }

    fn owner(&self, noun: Noun, owner: u32) -> u32 {
        if noun == Noun::Activity { self.place(owner) } else { owner }
    }
}

/// Where the things of each owner start when all are put in the order of their owners, and where
/// those of the last one end.
pub(super) fn starts(owners_of_things: impl Iterator<Item = u32>, owners: u32) -> Vec<u32> {
    sums(owners_of_things.map(|owner| (owner, 1)), owners)
}

/// The same where owners come with how many things they have.
fn sums(counts: impl Iterator<Item = (u32, u32)>, owners: u32) -> Vec<u32> {
    let mut starts = vec![0_u32; owners as usize + 2];
    for (owner, things) in counts {
        // One place further, so that the sums come to stand where the counts are.
        if let Some(count) = starts.get_mut(owner as usize + 1) {
            *count += things;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts.truncate(owners as usize + 1);
    starts
}

/// How many rows are put into a group at a time: few enough to stay in the cache.
const BLOCK: usize = 1 << 13;

impl Group {
    /// The table itself, whose rows stand in the order of their owners.
    pub(crate) fn of_table(starts: Vec<u32>) -> Group {
        Group { starts, rows: None, hot: None }
    }

    /// Of rows in the order of days and ids, and their owners: each owner's own in that order.
    /// `places` says what the rows are in the store.
    pub(super) fn new(
        sorted: &[u32],
        of_rows: &[u32],
        owners: u32,
        (ranks, classes): (&Codes, &Codes),
        places: &[u32],
    ) -> Group {
        let starts = starts(of_rows.iter().copied(), owners);
        let count = starts.last().map_or(0, |end| *end as usize);
        let mut next = starts.clone();
        let mut rows = vec![0; count];
        let mut hot = (ranks.zeros(count), classes.zeros(count));
        let mut moves = vec![(0, 0); BLOCK];
        for block in sorted.chunks(BLOCK) {
            let mut n = 0;
            for row in block {
                let owner = of_rows.get(*row as usize).map_or(owners, |owner| (*owner).min(owners));
                let next = next.get_mut(owner as usize);
                if let (Some(next), Some(slot)) = (next, moves.get_mut(n)) {
                    *slot = (*row, *next);
                    *next += 1;
                    // What is nobody's is written over: whose a row is cannot be foreseen.
                    n += usize::from(owner < owners);
                }
            }
            let moves = moves.get(..n).unwrap_or(&[]);
            for (row, to) in moves {
                if let Some(slot) = rows.get_mut(*to as usize) {
                    *slot = places.get(*row as usize).copied().unwrap_or(MISSING);
                }
            }
            hot.0.copy(ranks, moves);
            hot.1.copy(classes, moves);
        }
        Group { starts, rows: Some(rows), hot: Some(hot) }
    }

    /// Of pairs of owner and row, in the order of owners, days and ids.
    pub(super) fn of_pairs(
        pairs: &[(u32, u32)],
        owners: u32,
        (ranks, classes): (&Codes, &Codes),
    ) -> Group {
        let starts = starts(pairs.iter().map(|(owner, _)| *owner), owners);
        let rows: Vec<u32> = pairs.iter().map(|(_, row)| *row).collect();
        let hot = (ranks.pick(&rows), classes.pick(&rows));
        Group { starts, rows: Some(rows), hot: Some(hot) }
    }

    /// Before which place an activity of an owner comes to stand. The owner's own start with those
    /// of the first owner of `of` and end before those of its last; `is_before` is told of a row
    /// of the group whether it stands before. `end` is where the activities of nobody end.
    pub(super) fn insert(&self, of: Range<u32>, end: u32, is_before: impl Fn(u32) -> bool) -> u32 {
        let start = |owner: u32| self.starts.get(owner as usize).copied().unwrap_or(end);
        let row = |place: u32| match &self.rows {
            Some(rows) => rows.get(place as usize).copied().unwrap_or(MISSING),
            None => place,
        };
        let (mut low, mut high) = (start(of.start), start(of.end));
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
        let counts = (0..).zip(counts).map(|(owner, n)| (moved.owner(more.noun, owner), n));
        let added = more.pairs.iter().map(|(owner, _)| (*owner, 1));
        let starts = sums(counts.chain(added), more.owners);
        let Some(rows) = &self.rows else { return Group::of_table(starts) };
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let rows = Merge::new(count, more.inserts()).values(
            |place| moved.place(rows.get(place as usize).copied().unwrap_or(MISSING)),
            |row| moved.place(moved.first + row),
        );
        let hot = (moved.ranks.pick(&rows), moved.classes.pick(&rows));
        Group { starts, rows: Some(rows), hot: Some(hot) }
    }

    /// How many activities of somebody there are.
    pub(super) fn len(&self) -> u32 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// The activities of an owner, or those of nobody where there is no such owner.
    pub(crate) fn run<'a>(&'a self, owner: u32, ranks: &'a Codes, classes: &'a Codes) -> Run<'a> {
        let start = |owner: usize| self.starts.get(owner).map_or(0, |start| *start as usize);
        let owner = owner as usize;
        let (ranks, classes) = match &self.hot {
            Some((ranks, classes)) => (ranks, classes),
            None => (ranks, classes),
        };
        let places = start(owner)..start(owner + 1).max(start(owner));
        Run { ranks, classes, rows: self.rows.as_deref(), places, is_sorted: true, not_of: None }
    }

    /// Whether there is no activity in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.starts.last().is_none_or(|end| *end == 0)
    }

    /// How many owners there are.
    pub(crate) fn owners(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The activities of all owners, one owner's after the other's.
    pub(crate) fn whole<'a>(&'a self, ranks: &'a Codes, classes: &'a Codes) -> Run<'a> {
        let (ranks, classes) = match &self.hot {
            Some((ranks, classes)) => (ranks, classes),
            None => (ranks, classes),
        };
        let rows = self.rows.as_deref();
        Run { ranks, classes, rows, places: 0..self.len() as usize, is_sorted: false, not_of: None }
    }

    /// Whose a place is.
    pub(crate) fn owner(&self, place: u32) -> Option<u32> {
        let owner = self.starts.partition_point(|start| *start <= place).checked_sub(1)?;
        (owner + 1 < self.starts.len()).then(|| u32::try_from(owner).unwrap_or(u32::MAX))
    }

    pub(crate) fn bytes(&self) -> usize {
        let rows = self.rows.as_ref().map_or(0, |rows| 4 * rows.capacity());
        let hot = self.hot.as_ref().map_or(0, |(a, b)| a.bytes() + b.bytes());
        4 * self.starts.capacity() + rows + hot
    }
}

impl<'a> Run<'a> {
    /// The whole table, in no order of days.
    pub(crate) fn of_table(ranks: &'a Codes, classes: &'a Codes, count: usize) -> Run<'a> {
        Run { ranks, classes, rows: None, places: 0..count, is_sorted: false, not_of: None }
    }

    /// The ranks and classes, of all places.
    pub(super) fn hot(&self) -> (&'a Codes, &'a Codes) {
        (self.ranks, self.classes)
    }

    /// Without those of a customer.
    pub(crate) fn not_of(self, customer: Option<u32>) -> Run<'a> {
        Run { not_of: customer, ..self }
    }

    #[inline]
    pub(crate) fn rank(&self, place: usize) -> u32 {
        self.ranks.get(place)
    }

    #[inline]
    pub(crate) fn class(&self, place: usize) -> u32 {
        self.classes.get(place)
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
        let first = self.ranks.first_from(self.places.clone(), rank);
        Run { places: first..self.places.end, ..self }
    }
}
