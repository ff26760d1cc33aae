//! What is read first of an activity, in one word: the rank of its day, and below it its class.
//!
//! Words grow with the days, so that a search for a day needs nothing else, and whoever has found
//! one has its class at hand.

use std::ops::{AddAssign, BitAnd, Range};

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
pub(crate) trait Word:
    Copy + Ord + Default + BitAnd<Output = Self> + AddAssign + From<bool> + Send + Sync + 'static
{
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

    /// Puts the words of a range in another order: each to its target there.
    pub(super) fn arrange(&mut self, range: Range<usize>, targets: &[u32]) {
        match &mut self.kept {
            Kept::U16(words) => {
                parallel::arrange(words.get_mut(range).unwrap_or_default(), targets)
            }
            Kept::U32(words) => {
                parallel::arrange(words.get_mut(range).unwrap_or_default(), targets)
            }
            Kept::U64(words) => {
                parallel::arrange(words.get_mut(range).unwrap_or_default(), targets)
            }
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

/// How many words are of some classes, of which there are few: nothing but comparisons, which a
/// processor does side by side.
#[inline]
pub(super) fn count_few<W: Word>(words: &[W], class_bits: u32, classes: &[u32]) -> usize {
    match classes.len() {
        0 => 0,
        1 => count_of(words, class_bits, padded::<W, 1>(classes)),
        2 => count_of(words, class_bits, padded::<W, 2>(classes)),
        3..=4 => count_of(words, class_bits, padded::<W, 4>(classes)),
        5..=6 => count_of(words, class_bits, padded::<W, 6>(classes)),
        _ => count_of(words, class_bits, padded::<W, FEW>(classes)),
    }
}

/// A bit for each word, whether it is of some classes, of which there are few.
pub(super) fn marks_of_few<W: Word>(words: &[W], class_bits: u32, classes: &[u32]) -> Vec<u64> {
    match classes.len() {
        0 => vec![0; words.len().div_ceil(64)],
        1 => marks_of(words, class_bits, padded::<W, 1>(classes)),
        2 => marks_of(words, class_bits, padded::<W, 2>(classes)),
        3..=4 => marks_of(words, class_bits, padded::<W, 4>(classes)),
        5..=6 => marks_of(words, class_bits, padded::<W, 6>(classes)),
        _ => marks_of(words, class_bits, padded::<W, FEW>(classes)),
    }
}

fn marks_of<W: Word, const N: usize>(words: &[W], class_bits: u32, classes: [W; N]) -> Vec<u64> {
    let mask = W::narrow((1 << class_bits) - 1);
    bits(words, |word| {
        let class = word & mask;
        classes.iter().fold(false, |is_one, one| is_one | (class == *one))
    })
}

/// A bit for each word, whether its class is wanted.
pub(super) fn marks<W: Word>(
    words: &[W],
    class_bits: u32,
    is_wanted: impl Fn(u32) -> bool,
) -> Vec<u64> {
    bits(words, |word| is_wanted(class_of(word.wide(), class_bits)))
}

/// A bit for each word, whether its rank is one of these.
pub(super) fn marks_within<W: Word>(words: &[W], class_bits: u32, ranks: &Range<u32>) -> Vec<u64> {
    let (first, end): (W, W) = (least(ranks.start, class_bits), least(ranks.end, class_bits));
    bits(words, |word| (first <= word) & (word < end))
}

/// A bit for each word: first a byte for each, which a processor does side by side.
#[inline]
fn bits<W: Word>(words: &[W], is_so: impl Fn(W) -> bool) -> Vec<u64> {
    let bits = |chunk: &[W]| {
        let mut bytes = [0_u8; 64];
        for (byte, word) in bytes.iter_mut().zip(chunk) {
            *byte = u8::from(is_so(*word));
        }
        let (eights, _) = bytes.as_chunks::<8>();
        // The product has the lowest bits of the eight bytes in its highest byte, in their order.
        let eight =
            |bytes: &[u8; 8]| u64::from_le_bytes(*bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        eights.iter().rev().fold(0, |bits, bytes| bits << 8 | eight(bytes))
    };
    words.chunks(64).map(bits).collect()
}

/// How many classes are few.
pub(crate) const FEW: usize = 8;

/// The first classes, the last of them as often as there is room.
fn padded<W: Word, const N: usize>(classes: &[u32]) -> [W; N] {
    let last = classes.last().copied().unwrap_or(0);
    std::array::from_fn(|n| W::narrow(classes.get(n).copied().unwrap_or(last).into()))
}

#[inline]
fn count_of<W: Word, const N: usize>(words: &[W], class_bits: u32, classes: [W; N]) -> usize {
    let mask = W::narrow((1 << class_bits) - 1);
    let mut count = 0;
    // So many can be counted in a word of any width.
    for chunk in words.chunks(1 << 12) {
        let mut here = W::default();
        for word in chunk {
            let class = *word & mask;
            here += W::from(classes.iter().fold(false, |is_one, one| is_one | (class == *one)));
        }
        count += usize::try_from(here.wide()).unwrap_or(usize::MAX);
    }
    count
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
