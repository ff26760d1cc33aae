//! Two sequences become one.

use super::column::MISSING;
use super::parallel;

/// Where each place of a merged sequence comes from.
#[derive(Debug)]
pub(super) struct Merge {
    /// A row of the first sequence; or one of the second, counted on from the end of the first.
    from: Vec<u32>,
    first: u32,
}

impl Merge {
    /// Of a first sequence of so many rows, and rows of the second with the places of the first
    /// before which they come to stand, in their order.
    pub(super) fn new(first: u32, inserts: &[(u32, u32)]) -> Merge {
        let mut from = Vec::with_capacity(first as usize + inserts.len());
        let mut next = 0;
        for (before, row) in inserts {
            from.extend(next..*before);
            from.push(first + row);
            next = *before;
        }
        from.extend(next..first);
        Merge { from, first }
    }

    pub(super) fn len(&self) -> usize {
        self.from.len()
    }

    /// What is made of each row, in the merged order.
    pub(super) fn values<T: Send>(
        &self,
        first: impl Fn(u32) -> T + Sync + Send,
        second: impl Fn(u32) -> T + Sync + Send,
    ) -> Vec<T> {
        parallel::rows(self.len(), |place| self.value(place, &first, &second))
    }

    /// What is made of the row that comes to stand in a place.
    #[inline]
    pub(super) fn value<T>(
        &self,
        place: usize,
        first: impl Fn(u32) -> T,
        second: impl Fn(u32) -> T,
    ) -> T {
        let from = self.from.get(place).copied().unwrap_or(MISSING);
        match from.checked_sub(self.first) {
            Some(row) => second(row),
            None => first(from),
        }
    }

    /// The values of both, in the merged order.
    pub(super) fn pick<T: Copy + Default + Send + Sync>(
        &self,
        first: &[T],
        second: &[T],
    ) -> Vec<T> {
        let of = |values: &[T], row: u32| values.get(row as usize).copied().unwrap_or_default();
        self.values(|row| of(first, row), |row| of(second, row))
    }

    /// Where the rows have come to be: those of the first sequence, then those of the second.
    pub(super) fn places(&self) -> Vec<u32> {
        let mut places = vec![MISSING; self.from.len()];
        for (place, from) in (0..).zip(&self.from) {
            if let Some(slot) = places.get_mut(*from as usize) {
                *slot = place;
            }
        }
        places
    }
}
