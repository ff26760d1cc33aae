//! Two sequences become one.

use std::ops::Range;

/// Where the rows of a second sequence come to stand in a first one.
#[derive(Debug)]
pub(super) struct Merge {
    /// How many rows the first sequence has.
    first: u32,
    /// Places of the first sequence, and rows of the second that come to stand before them, in
    /// their order.
    inserts: Vec<(u32, u32)>,
}

impl Merge {
    pub(super) fn new(first: u32, inserts: Vec<(u32, u32)>) -> Merge {
        Merge { first, inserts }
    }

    pub(super) fn len(&self) -> usize {
        self.first as usize + self.inserts.len()
    }

    /// What follows each other: rows of the first sequence, then one of the second.
    pub(super) fn runs(&self) -> impl Iterator<Item = (Range<u32>, Option<u32>)> {
        let starts = std::iter::once(0).chain(self.inserts.iter().map(|(before, _)| *before));
        let ends = self.inserts.iter().map(|(before, row)| (*before, Some(*row)));
        let ends = ends.chain(std::iter::once((self.first, None)));
        starts.zip(ends).map(|(start, (end, row))| (start..end, row))
    }

    /// What is made of each row, in the merged order.
    pub(super) fn values<T>(&self, first: impl Fn(u32) -> T, second: impl Fn(u32) -> T) -> Vec<T> {
        let mut values = Vec::with_capacity(self.len());
        for (rows, row) in self.runs() {
            values.extend(rows.map(&first));
            values.extend(row.map(&second));
        }
        values
    }

    /// The values of both, in the merged order; what is not there is the default.
    pub(super) fn pick<T: Copy + Default>(&self, first: &[T], second: &[T]) -> Vec<T> {
        let of = |values: &[T], row: u32| values.get(row as usize).copied().unwrap_or_default();
        self.values(|row| of(first, row), |row| of(second, row))
    }

    /// Where the rows have come to be: those of the first sequence, then those of the second.
    pub(super) fn places(&self) -> Vec<u32> {
        let mut places = Vec::with_capacity(self.len());
        for ((rows, _), before) in self.runs().zip(0_u32..) {
            places.extend(rows.map(|row| row + before));
        }
        places.resize(self.len(), 0);
        for ((before, row), count) in self.inserts.iter().zip(0_u32..) {
            if let Some(slot) = places.get_mut((self.first + row) as usize) {
                *slot = before + count;
            }
        }
        places
    }
}
