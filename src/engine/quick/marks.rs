//! Which activities of many things are of some kinds: a bit for each, found once for all rules that
//! ask, whatever their windows.

use std::ops::Range;
use std::sync::Arc;

use super::kinds::{Classes, Kinds, Which};
use crate::engine::store::{Owned, Stretch, Stretches, Word, Work};
use crate::engine::view::View;

/// A bit for each activity of some things in one partition, which stand side by side.
#[derive(Debug)]
pub(super) struct Marks {
    /// How many words stand before these in the marks of all things' activities.
    before: usize,
    bits: Arc<Vec<u64>>,
}

/// Some places of a stretch, and which of them count, if that is known.
pub(super) struct Spots<'m> {
    pub(super) places: Range<usize>,
    pub(super) marks: Option<Both<'m>>,
}

/// The activities that have a mark in both.
#[derive(Clone, Copy)]
pub(super) struct Both<'m>(&'m Marks, Option<&'m Marks>);

impl Both<'_> {
    /// How many of some places.
    #[inline]
    pub(super) fn count(self, places: Range<usize>) -> usize {
        let length = places.end.saturating_sub(places.start);
        if length <= 64 {
            return (self.bits(places.start) & low(length)).count_ones() as usize;
        }
        let mut count = 0;
        self.each_word(places, |word, _| count += word.count_ones() as usize);
        count
    }

    /// Whether any of some places.
    #[inline]
    pub(super) fn has_any(self, places: Range<usize>) -> bool {
        let mut any = 0;
        self.each_word(places, |word, _| any |= word);
        any != 0
    }

    /// Each of some places.
    #[inline]
    pub(super) fn each(self, places: Range<usize>, mut each: impl FnMut(usize)) {
        self.each_word(places, |mut word, first| {
            while word != 0 {
                each(first + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        });
    }

    /// The 64 bits from a place on, wherever words start.
    #[inline]
    fn bits(self, place: usize) -> u64 {
        let Both(marks, others) = self;
        let bits = marks.bits(place);
        others.map_or(bits, |others| bits & others.bits(place))
    }

    /// The words of some places, nothing but their bits in them, with the place of the first bit.
    #[inline]
    fn each_word(self, places: Range<usize>, mut each: impl FnMut(u64, usize)) {
        if places.is_empty() {
            return;
        }
        let Both(marks, others) = self;
        let (low, high) = (places.start / 64, (places.end - 1) / 64);
        for place in low..=high {
            let mut word = marks.word(place);
            if let Some(others) = others {
                word &= others.word(place);
            }
            if place == low {
                word &= u64::MAX << (places.start % 64);
            }
            if place == high {
                word &= u64::MAX >> (63 - (places.end - 1) % 64);
            }
            each(word, 64 * place);
        }
    }
}

/// So many of the lowest bits, at most 64.
#[inline]
fn low(count: usize) -> u64 {
    if count == 0 { 0 } else { u64::MAX >> (64 - count) }
}

/// Which activities of some things, of some days, count.
pub(super) struct Marked {
    /// By partition, from this one on.
    pub(super) from: u32,
    pub(super) pieces: Vec<Piece>,
}

pub(super) struct Piece {
    pub(super) marks: Arc<Marks>,
    pub(super) days: Days,
}

/// Which activities of a partition are on the days.
#[derive(Clone)]
pub(super) enum Days {
    All,
    These(Arc<Marks>),
    /// Those of these ranks: each thing has so many that they are sooner found than marked.
    Within(Range<u32>),
}

impl Marks {
    /// Of all activities of a group.
    pub(super) fn of_all(bits: Arc<Vec<u64>>) -> Marks {
        Marks { before: 0, bits }
    }

    /// Of a stretch that starts with a word.
    fn of<W: Word>(stretch: &Stretch<'_, W>, bits: Vec<u64>) -> Marks {
        Marks { before: stretch.first / 64, bits: Arc::new(bits) }
    }

    /// The 64 bits from a place on, wherever words start.
    #[inline]
    fn bits(&self, place: usize) -> u64 {
        let (word, shift) = (place / 64, place % 64);
        self.word(word) >> shift | self.word(word + 1) << 1 << (63 - shift)
    }

    #[inline]
    fn word(&self, place: usize) -> u64 {
        self.bits.get(place.wrapping_sub(self.before)).copied().unwrap_or(0)
    }
}

impl Marked {
    /// Says of each thing how many it has.
    pub(super) fn count_each<W: Word>(
        &self,
        stretches: &Stretches<'_, W>,
        things: &[u32],
        counts: &mut [u32],
    ) {
        counts.fill(0);
        for (partition, Piece { marks, days }) in (self.from..).zip(&self.pieces) {
            let starts = stretches.starts_of(partition);
            let of_things = counts.iter_mut().zip(things);
            let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            match days {
                Days::All => of_things.for_each(|(count, thing)| {
                    *count += number(Both(marks, None).count(starts.places(*thing)));
                }),
                Days::These(days) => of_things.for_each(|(count, thing)| {
                    *count += number(Both(marks, Some(days)).count(starts.places(*thing)));
                }),
                Days::Within(ranks) => of_things.for_each(|(count, thing)| {
                    let stretch = stretches.of(*thing, partition);
                    let places = stretch.all(stretch.between(ranks));
                    *count += number(Both(marks, None).count(places));
                }),
            }
        }
    }

    /// Those of a stretch.
    #[inline]
    pub(super) fn spots<W: Word>(&self, stretch: &Stretch<'_, W>) -> Spots<'_> {
        let piece = stretch.partition.checked_sub(self.from);
        let Some(Piece { marks, days }) = piece.and_then(|place| self.pieces.get(place as usize))
        else {
            return Spots { places: 0..0, marks: None };
        };
        let (places, days) = match days {
            Days::All => (0..stretch.len(), None),
            Days::These(days) => (0..stretch.len(), Some(&**days)),
            Days::Within(ranks) => (stretch.between(ranks), None),
        };
        Spots { places, marks: Some(Both(marks, days)) }
    }
}

/// Marks the activities on days of some ranks of some things that have but their own.
pub(super) struct MarkDays {
    pub(super) things: Range<u32>,
    pub(super) ranks: Range<u32>,
    pub(super) partition: u32,
}

/// From how many activities of a thing on it is sooner found which are on some days than marked.
const MANY: usize = 256;

impl Work for MarkDays {
    type Output = Days;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Days {
        let things = self.things.len();
        let stretch = owned.to_mark(self.things, self.partition);
        if stretch.len() > MANY * things {
            return Days::Within(self.ranks);
        }
        let bits = stretch.marks_within(&self.ranks);
        Days::These(Arc::new(Marks::of(&stretch, bits)))
    }
}

/// Marks the activities of some classes of all things, if that is kept.
pub(super) struct MarkAll<'m>(pub(super) &'m Classes);

impl Work for MarkAll<'_> {
    type Output = Option<Arc<Vec<u64>>>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Self::Output {
        owned.main().marks_of(&self.0.all())
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
        let stretch = owned.to_mark(self.things, self.partition);
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
        Marks::of(&stretch, bits)
    }
}
