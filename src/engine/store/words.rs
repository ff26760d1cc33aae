//! What is read first of an activity, in one word: the rank of its day, and below it its class.
//!
//! Words grow with the days, so that a search for a day needs nothing else, and whoever has found
//! one has its class at hand.

use std::ops::Range;

use super::merge::Merge;
use super::parallel;

/// The words of activities, as narrow as they all fit.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    /// How many bits of a word are the class.
    pub(super) class_bits: u32,
    pub(super) kept: Kept,
}

#[derive(Debug, Clone)]
pub(super) enum Kept {
    U16(Vec<u16>),
    U32(Vec<u32>),
    U64(Vec<u64>),
}

/// One of several widths.
pub(crate) trait Word: Copy + Ord + Default + Send + Sync + 'static {
    /// Of a word that fits.
    fn narrow(word: u64) -> Self;
    fn wide(self) -> u64;
    /// How many bits it has.
    const BITS: u32;
}

impl Word for u16 {
    #[expect(clippy::cast_possible_truncation, reason = "the width was chosen for it")]
    fn narrow(word: u64) -> u16 {
        word as u16
    }
    fn wide(self) -> u64 {
        self.into()
    }
    const BITS: u32 = 16;
}

impl Word for u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the width was chosen for it")]
    fn narrow(word: u64) -> u32 {
        word as u32
    }
    fn wide(self) -> u64 {
        self.into()
    }
    const BITS: u32 = 32;
}

impl Word for u64 {
    fn narrow(word: u64) -> u64 {
        word
    }
    fn wide(self) -> u64 {
        self
    }
    const BITS: u32 = 64;
}

/// How words are put together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    class_bits: u32,
    bits: u32,
}

impl Layout {
    /// For ranks and classes below these numbers.
    pub(super) fn new(ranks: usize, classes: usize) -> Layout {
        let bits = |count: usize| usize::BITS - count.saturating_sub(1).leading_zeros();
        // One rank more, so that every search has an end that fits.
        Layout { class_bits: bits(classes), bits: bits(ranks + 1) + bits(classes) }
    }
}

fn word(class_bits: u32, (rank, class): (u32, u32)) -> u64 {
    u64::from(rank) << class_bits | u64::from(class)
}

impl Words {
    /// Of so many rows, of which `of` says rank and class.
    pub(super) fn of_rows(
        layout: Layout,
        count: usize,
        of: impl Fn(usize) -> (u32, u32) + Sync + Send,
    ) -> Words {
        let Layout { class_bits, bits } = layout;
        let word = |row: usize| word(class_bits, of(row));
        let kept = if bits <= u16::BITS {
            Kept::U16(parallel::rows(count, |row| u16::narrow(word(row))))
        } else if bits <= u32::BITS {
            Kept::U32(parallel::rows(count, |row| u32::narrow(word(row))))
        } else {
            Kept::U64(parallel::rows(count, word))
        };
        Words { class_bits, kept }
    }

    /// Of two sequences.
    pub(super) fn merged(
        layout: Layout,
        merge: &Merge,
        first: impl Fn(u32) -> (u32, u32),
        second: impl Fn(u32) -> (u32, u32),
    ) -> Words {
        let Layout { class_bits, bits } = layout;
        let first = |row: u32| word(class_bits, first(row));
        let second = |row: u32| word(class_bits, second(row));
        let kept = if bits <= u16::BITS {
            let narrow = u16::narrow;
            Kept::U16(merge.values(|row| narrow(first(row)), |row| narrow(second(row))))
        } else if bits <= u32::BITS {
            let narrow = u32::narrow;
            Kept::U32(merge.values(|row| narrow(first(row)), |row| narrow(second(row))))
        } else {
            Kept::U64(merge.values(first, second))
        };
        Words { class_bits, kept }
    }

    /// Those of these rows.
    pub(super) fn pick(&self, rows: &[u32]) -> Words {
        let kept = match &self.kept {
            Kept::U16(words) => Kept::U16(parallel::pick(words, rows)),
            Kept::U32(words) => Kept::U32(parallel::pick(words, rows)),
            Kept::U64(words) => Kept::U64(parallel::pick(words, rows)),
        };
        Words { class_bits: self.class_bits, kept }
    }

    /// Each at its place.
    pub(super) fn place(&self, places: &[u32]) -> Words {
        let kept = match &self.kept {
            Kept::U16(words) => Kept::U16(parallel::place(words, places, 0)),
            Kept::U32(words) => Kept::U32(parallel::place(words, places, 0)),
            Kept::U64(words) => Kept::U64(parallel::place(words, places, 0)),
        };
        Words { class_bits: self.class_bits, kept }
    }

    /// So many zeros, laid out as these are.
    pub(super) fn zeros(&self, count: usize) -> Words {
        let kept = match &self.kept {
            Kept::U16(_) => Kept::U16(vec![0; count]),
            Kept::U32(_) => Kept::U32(vec![0; count]),
            Kept::U64(_) => Kept::U64(vec![0; count]),
        };
        Words { class_bits: self.class_bits, kept }
    }

    /// Puts words that are laid out as these are from places there to places here.
    pub(super) fn copy(&mut self, from: &Words, places: &[(u32, u32)]) {
        match (&mut self.kept, &from.kept) {
            (Kept::U16(words), Kept::U16(from)) => parallel::copy(words, from, places),
            (Kept::U32(words), Kept::U32(from)) => parallel::copy(words, from, places),
            (Kept::U64(words), Kept::U64(from)) => parallel::copy(words, from, places),
            _ => {}
        }
    }

    #[inline]
    fn get(&self, place: usize) -> u64 {
        match &self.kept {
            Kept::U16(words) => words.get(place).map_or(0, |word| word.wide()),
            Kept::U32(words) => words.get(place).map_or(0, |word| word.wide()),
            Kept::U64(words) => words.get(place).copied().unwrap_or(0),
        }
    }

    #[inline]
    pub(crate) fn rank(&self, place: usize) -> u32 {
        rank_of(self.get(place), self.class_bits)
    }

    #[inline]
    pub(crate) fn class(&self, place: usize) -> u32 {
        class_of(self.get(place), self.class_bits)
    }

    /// Of places in the order of their days: the first whose rank is not below.
    pub(crate) fn first_from(&self, places: Range<usize>, rank: u32) -> usize {
        fn first<W: Word>(words: &[W], places: Range<usize>, least: u64) -> usize {
            let start = places.start;
            start + words.get(places).unwrap_or(&[]).partition_point(|word| word.wide() < least)
        }
        let least = word(self.class_bits, (rank, 0));
        match &self.kept {
            Kept::U16(words) => first(words, places, least),
            Kept::U32(words) => first(words, places, least),
            Kept::U64(words) => first(words, places, least),
        }
    }

    /// Each of some places, in whatever order their days are, whose rank is in a range.
    pub(crate) fn each_within(
        &self,
        places: Range<usize>,
        ranks: &Range<u32>,
        each: impl FnMut(usize),
    ) {
        let bits = self.class_bits;
        match &self.kept {
            Kept::U16(words) => each_within(words, places, ranks, bits, each),
            Kept::U32(words) => each_within(words, places, ranks, bits, each),
            Kept::U64(words) => each_within(words, places, ranks, bits, each),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match &self.kept {
            Kept::U16(words) => 2 * words.capacity(),
            Kept::U32(words) => 4 * words.capacity(),
            Kept::U64(words) => 8 * words.capacity(),
        }
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "it was made of a rank of 32 bits")]
pub(super) fn rank_of(word: u64, class_bits: u32) -> u32 {
    (word >> class_bits) as u32
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "it was made of a class of 32 bits")]
pub(super) fn class_of(word: u64, class_bits: u32) -> u32 {
    (word & ((1 << class_bits) - 1)) as u32
}

/// The least word of a rank; the greatest there is, if it would not fit.
#[inline]
pub(super) fn least<W: Word>(rank: u32, class_bits: u32) -> W {
    let most = u64::MAX >> (u64::BITS - W::BITS);
    W::narrow(word(class_bits, (rank, 0)).min(most))
}

/// Chunk by chunk: in most of them there is none.
#[inline]
pub(super) fn each_within<W: Word>(
    words: &[W],
    places: Range<usize>,
    ranks: &Range<u32>,
    class_bits: u32,
    mut each: impl FnMut(usize),
) {
    let (first, end): (W, W) = (least(ranks.start, class_bits), least(ranks.end, class_bits));
    let start = places.start;
    let is_in = |word: &W| (first <= *word) & (*word < end);
    for (n, chunk) in words.get(places).unwrap_or(&[]).chunks(CHUNK).enumerate() {
        if chunk.iter().fold(false, |any, word| any | is_in(word)) {
            each_that(start + CHUNK * n, chunk.iter().map(is_in), &mut each);
        }
    }
}

/// How many places are looked at before anything is done with those that are found.
pub(super) const CHUNK: usize = 32;

/// Each place from `first` on of which it is so, of at most [`CHUNK`]: they are put aside without a
/// branch, since what cannot be foreseen would be guessed wrong.
#[inline]
pub(super) fn each_that(
    first: usize,
    is_so: impl Iterator<Item = bool>,
    each: &mut impl FnMut(usize),
) {
    let mut found = [0; CHUNK];
    let mut count = 0;
    for (place, is_so) in (first..).zip(is_so) {
        if let Some(slot) = found.get_mut(count) {
            *slot = place;
        }
        count += usize::from(is_so);
    }
    found.iter().take(count).for_each(|place| each(*place));
}
