//! Which activities of many things are of some kinds: a bit for each, found once for all rules that
//! ask, whatever their windows.

use std::ops::Range;

use super::kinds::{Kinds, Which};
use crate::engine::store::{Owned, Word, Work};
use crate::engine::view::View;

/// A bit for each activity of some things in one partition, which stand side by side.
#[derive(Debug)]
pub(super) struct Marks {
    /// The place of the first among those of all things.
    first: usize,
    bits: Vec<u64>,
}

impl Marks {
    /// How many of some places have one.
    #[inline]
    pub(super) fn count(&self, places: Range<usize>) -> usize {
        let mut count = 0;
        self.each_word(places, |word, _| count += word.count_ones() as usize);
        count
    }

    /// Whether one of some places has one.
    #[inline]
    pub(super) fn has_any(&self, places: Range<usize>) -> bool {
        let mut any = 0;
        self.each_word(places, |word, _| any |= word);
        any != 0
    }

    /// Each of some places that has one.
    #[inline]
    pub(super) fn each(&self, places: Range<usize>, mut each: impl FnMut(usize)) {
        self.each_word(places, |mut word, first| {
            while word != 0 {
                each(first + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        });
    }

    /// The words of some places, nothing but their bits in them, with the place of the first bit.
    #[inline]
    fn each_word(&self, places: Range<usize>, mut each: impl FnMut(u64, usize)) {
        if places.is_empty() {
            return;
        }
        let (start, end) = (places.start - self.first, places.end - self.first);
        let (low, high) = (start / 64, (end - 1) / 64);
        for (place, word) in (low..=high).zip(self.bits.get(low..=high).unwrap_or(&[])) {
            let mut word = *word;
            if place == low {
                word &= u64::MAX << (start % 64);
            }
            if place == high {
                word &= u64::MAX >> (63 - (end - 1) % 64);
            }
            each(word, self.first + 64 * place);
        }
    }
}

/// Marks the activities of some things that have but their own.
pub(super) struct Mark<'m, 'v> {
    pub(super) view: &'m View<'m>,
    pub(super) kinds: &'m Kinds<'v>,
    pub(super) which: Which,
    pub(super) things: Range<u32>,
    pub(super) partition: u32,
}

impl Work for Mark<'_, '_> {
    type Output = Marks;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Marks {
        let stretch = owned.of_some(self.things, self.partition);
        let mut bits = self.kinds.classes(self.which).marks(&stretch);
        if !self.kinds.is_by_class() {
            for (word, first) in bits.iter_mut().zip((0..).step_by(64)) {
                let mut left = *word;
                while left != 0 {
                    let place = left.trailing_zeros();
                    if !self.kinds.passes(self.view, stretch.row(first + place as usize)) {
                        *word &= !(1 << place);
                    }
                    left &= left - 1;
                }
            }
        }
        Marks { first: stretch.first, bits }
    }
}
