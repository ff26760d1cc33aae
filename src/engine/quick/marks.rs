//! Which activities of many things are of some kinds: a bit for each, found once for all rules that
//! ask, whatever their windows.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::kinds::{Classes, Kinds, Named, Which};
use crate::engine::store::{Owned, Stretch, Stretches, Word, Work};
use crate::engine::view::{View, has_bit};
use crate::model::Noun;
use crate::plan::{SetId, TestId};

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
    pub(super) marks: Option<&'m Marks>,
}

impl Marks {
    /// Of a stretch that starts with a word.
    fn of<W: Word>(stretch: &Stretch<'_, W>, bits: Vec<u64>) -> Marks {
        Marks { before: stretch.first / 64, bits: Arc::new(bits) }
    }

    /// Those that have a mark in both, as many as the other has.
    pub(super) fn and(&self, other: &Marks) -> Marks {
        let own = (other.before..).map(|place| self.word(place));
        let both = other.bits.iter().zip(own).map(|(other, own)| other & own);
        Marks { before: other.before, bits: Arc::new(both.collect()) }
    }

    /// How many of some places.
    #[inline]
    pub(super) fn count(&self, places: Range<usize>) -> u32 {
        let length = places.end.saturating_sub(places.start);
        if length <= 64 {
            return (self.bits_from(places.start) & low(length)).count_ones();
        }
        let mut count = 0;
        self.each_word(places, |word, _| count += word.count_ones());
        count
    }

    /// Each of some places.
    #[inline]
    pub(super) fn each(&self, places: Range<usize>, mut each: impl FnMut(usize)) {
        let each_of = |mut word: u64, first: usize| {
            while word != 0 {
                each(first + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        };
        let length = places.end.saturating_sub(places.start);
        if length <= 64 {
            let mut each_of = each_of;
            return each_of(self.bits_from(places.start) & low(length), places.start);
        }
        self.each_word(places, each_of);
    }

    /// The 64 bits from a place on, wherever words start.
    #[inline]
    fn bits_from(&self, place: usize) -> u64 {
        let (word, shift) = ((place / 64).wrapping_sub(self.before), place % 64);
        match self.bits.get(word..word.wrapping_add(2)) {
            Some([this, next]) => this >> shift | next << 1 << (63 - shift),
            _ => self.bits.get(word).map_or(0, |word| word >> shift),
        }
    }

    /// The words of some places, nothing but their bits in them, with the place of the first bit.
    #[inline]
    fn each_word(&self, places: Range<usize>, mut each: impl FnMut(u64, usize)) {
        if places.is_empty() {
            return;
        }
        let (low, high) = (places.start / 64, (places.end - 1) / 64);
        for place in low..=high {
            let mut word = self.word(place);
            if place == low {
                word &= u64::MAX << (places.start % 64);
            }
            if place == high {
                word &= u64::MAX >> (63 - (places.end - 1) % 64);
            }
            each(word, 64 * place);
        }
    }

    #[inline]
    fn word(&self, place: usize) -> u64 {
        self.bits.get(place.wrapping_sub(self.before)).copied().unwrap_or(0)
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
    /// Only those of days of these ranks, if not all that are marked.
    pub(super) within: Option<Range<u32>>,
}

/// Which activities of a partition are on the days.
#[derive(Clone)]
pub(super) enum Days {
    All,
    These(Arc<Marks>),
    /// Those of these ranks: each thing has so many that they are sooner found than marked.
    Within(Range<u32>),
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
        for (partition, Piece { marks, within }) in (self.from..).zip(&self.pieces) {
            let starts = stretches.starts_of(partition);
            let of_things = counts.iter_mut().zip(things);
            match within {
                None => of_things.for_each(|(count, thing)| {
                    *count += marks.count(starts.places(*thing));
                }),
                Some(ranks) => of_things.for_each(|(count, thing)| {
                    let stretch = stretches.of(*thing, partition);
                    *count += marks.count(stretch.all(stretch.between(ranks)));
                }),
            }
        }
    }

    /// Each that a thing has, by its place among those of all things, in the order of their days.
    #[inline]
    pub(super) fn each<W: Word>(
        &self,
        stretches: &Stretches<'_, W>,
        thing: u32,
        mut each: impl FnMut(usize),
    ) {
        for (partition, Piece { marks, within }) in (self.from..).zip(&self.pieces) {
            let places = match within {
                None => stretches.places(thing, partition),
                Some(ranks) => {
                    let stretch = stretches.of(thing, partition);
                    stretch.all(stretch.between(ranks))
                }
            };
            marks.each(places, &mut each);
        }
    }

    /// Those of a stretch.
    #[inline]
    pub(super) fn spots<W: Word>(&self, stretch: &Stretch<'_, W>) -> Spots<'_> {
        let piece = stretch.partition.checked_sub(self.from);
        let Some(Piece { marks, within }) = piece.and_then(|n| self.pieces.get(n as usize)) else {
            return Spots { places: 0..0, marks: None };
        };
        let places = match within {
            None => 0..stretch.len(),
            Some(ranks) => stretch.between(ranks),
        };
        Spots { places, marks: Some(marks) }
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

/// Which of the activities of all things of a noun are of some kinds, where no more is asked than what
/// they name.
#[derive(Default)]
pub(super) struct OfAll {
    marks: HashMap<(Noun, SetId, Which), Arc<Marks>>,
    /// Which rows name a thing that none of these should; none where they are too many.
    unmeant: HashMap<(Noun, Noun, TestId), Option<Vec<u64>>>,
}

impl OfAll {
    pub(super) fn get(&self, noun: Noun, kinds: SetId, which: Which) -> Option<&Arc<Marks>> {
        self.marks.get(&(noun, kinds, which))
    }

    /// Marks those of some kinds, if that can be kept; what they name is looked at on days of some ranks,
    /// always the same for a noun.
    pub(super) fn mark(
        &mut self,
        view: &View<'_>,
        (noun, ranks): (Noun, &Range<u32>),
        kinds: &Kinds<'_>,
        which: Which,
    ) {
        // Those that are ahead are few, and what they name may be unknown as of now.
        let named = kinds.named().filter(|_| which == Which::Over);
        let key = (noun, kinds.id, which);
        if self.marks.contains_key(&key) || (named.is_none() && !kinds.is_by_class()) {
            return;
        }
        let unmeant = named.map(|named| {
            let key = (noun, named.noun, named.test);
            let unmeant = || unmeant(view, named, ranks);
            (named, self.unmeant.entry(key).or_insert_with(unmeant).as_deref())
        });
        let naming = match unmeant {
            None => None,
            Some((_, None)) => return,
            Some((named, Some(unmeant))) => Some(Naming { named, ranks, unmeant }),
        };
        let mark = MarkAll { classes: kinds.classes(which), naming };
        if let Some(bits) = view.store.work(noun, mark) {
            self.marks.insert(key, Arc::new(Marks { before: 0, bits }));
        }
    }
}

/// The rows of activities on days of some ranks that name another than one of some things, if these are
/// nearly all that can be named.
fn unmeant(view: &View<'_>, named: &Named<'_>, ranks: &Range<u32>) -> Option<Vec<u64>> {
    let (store, others) = (view.store, &named.members.others);
    if others.is_empty() {
        return Some(Vec::new());
    }
    // To group them for this alone would take longer.
    store.known_group(named.noun)?;
    if others.len() > store.count(named.noun) as usize / 8 {
        return None;
    }
    let mut rows = vec![0_u64; (store.count(Noun::Activity) as usize).div_ceil(64)];
    for row in store.work(named.noun, RowsOf { things: others, ranks }) {
        if let Some(word) = rows.get_mut(row as usize / 64) {
            *word |= 1 << (row % 64);
        }
    }
    Some(rows)
}

/// Which activities name one of some things, on days of some ranks.
struct Naming<'m, 'v> {
    named: &'m Named<'v>,
    ranks: &'m Range<u32>,
    /// The rows of those that name another.
    unmeant: &'m [u64],
}

/// Marks the activities of some classes of all things that name what they have to, if that is kept.
struct MarkAll<'m, 'v> {
    classes: &'m Classes,
    naming: Option<Naming<'m, 'v>>,
}

impl Work for MarkAll<'_, '_> {
    type Output = Option<Arc<Vec<u64>>>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Self::Output {
        let main = owned.main();
        let of_class = main.marks_of(&self.classes.all())?;
        let Some(Naming { named, ranks, unmeant }) = self.naming else { return Some(of_class) };
        let naming = main.marks_naming(named.field, |row| named.rows.has(row))?;
        let both = of_class.iter().zip(naming.iter());
        let mut bits: Vec<u64> = both.map(|(class, names)| class & names).collect();
        if !unmeant.is_empty() {
            for partition in main.partitions(ranks) {
                let places = main.all_of(partition);
                let words = places.start / 64..places.end.div_ceil(64).min(bits.len());
                for (n, word) in words.clone().zip(bits.get_mut(words).unwrap_or_default()) {
                    let mut left = *word;
                    while left != 0 {
                        let bit = left.trailing_zeros();
                        if has_bit(unmeant, main.row(64 * n + bit as usize)) {
                            *word &= !(1 << bit);
                        }
                        left &= left - 1;
                    }
                }
            }
        }
        Some(Arc::new(bits))
    }
}

/// The rows of the activities of some things on days of some ranks.
struct RowsOf<'m> {
    things: &'m [u32],
    ranks: &'m Range<u32>,
}

impl Work for RowsOf<'_> {
    type Output = Vec<u32>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Vec<u32> {
        let mut rows = Vec::new();
        for thing in self.things {
            owned.each(*thing, self.ranks, |stretch| {
                rows.extend(stretch.between(self.ranks).map(|place| stretch.row(place)));
            });
        }
        rows
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
            if self.which != Which::Over {
                let ahead = stretch.marks_within(&(self.view.ahead..u32::MAX));
                bits.iter_mut().zip(ahead).for_each(|(word, ahead)| *word &= ahead);
            }
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
