//! Which activities of many things are of some kinds: a bit for each, found once for all rules that
//! ask.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::kinds::{Classes, Kinds, Named, Which};
use crate::engine::parallel::in_parts;
use crate::engine::store::{Owned, Store, Stretch, Stretches, Word, Work};
use crate::engine::view::{View, has_bit, set_bit};
use crate::model::Noun;
use crate::plan::{SetId, TestId};

/// A bit for each activity of some things in one partition, which stand side by side, or of all things.
/// Nothing is asked of places before them.
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
    pub(super) fn of<W: Word>(stretch: &Stretch<'_, W>, bits: Vec<u64>) -> Marks {
        Marks { before: stretch.first / 64, bits: Arc::new(bits) }
    }

    /// Those of a stretch, which starts with a word, that are on days of some ranks.
    pub(super) fn of_days<W: Word>(stretch: &Stretch<'_, W>, ranks: &Range<u32>) -> Marks {
        Marks::of(stretch, stretch.marks_within(ranks))
    }

    /// Of the activities of all things.
    pub(super) fn of_all(bits: Arc<Vec<u64>>) -> Marks {
        Marks { before: 0, bits }
    }

    /// Those that have a mark in both, as many as the other has.
    pub(super) fn and(&self, other: &Marks) -> Marks {
        let own = (other.before..).map(|place| self.word(place));
        let both = other.bits.iter().zip(own).map(|(other, own)| other & own);
        Marks { before: other.before, bits: Arc::new(both.collect()) }
    }

    /// Those that have a mark in either, both of the same stretch.
    pub(super) fn or(&self, other: &Marks) -> Marks {
        let either = self.bits.iter().zip(other.bits.iter()).map(|(own, other)| own | other);
        Marks { before: self.before, bits: Arc::new(either.collect()) }
    }

    /// Without those of some words of marks of all things' activities.
    pub(super) fn but_not(&self, all: &[u64]) -> Marks {
        let others = all.get(self.before..).unwrap_or(&[]).iter().copied();
        let both = self.bits.iter().zip(others.chain(std::iter::repeat(0)));
        Marks {
            before: self.before,
            bits: Arc::new(both.map(|(own, other)| own & !other).collect()),
        }
    }

    /// Without those of which it is so.
    pub(super) fn but_not_where(&self, is_so: impl Fn(usize) -> bool) -> Marks {
        let mut bits = self.bits.to_vec();
        retain(&mut bits, 64 * self.before, |place| !is_so(place));
        Marks { before: self.before, bits: Arc::new(bits) }
    }

    /// How many of some places.
    #[inline]
    pub(super) fn count(&self, places: Range<usize>) -> u32 {
        let Range { mut start, end } = places;
        let mut count = 0;
        // Most have few.
        while end.saturating_sub(start) > 64 {
            count += self.bits_from(start).count_ones();
            start += 64;
        }
        count + (self.bits_from(start) & low(end.saturating_sub(start))).count_ones()
    }

    /// Each of some places.
    #[inline]
    pub(super) fn each(&self, places: Range<usize>, mut each: impl FnMut(usize)) {
        self.find(places, |place| {
            each(place);
            false
        });
    }

    /// The first of some places that is the one.
    #[inline]
    pub(super) fn find(
        &self,
        places: Range<usize>,
        mut is_it: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        let mut start = places.start;
        while start < places.end {
            let length = (places.end - start).min(64);
            let mut word = self.bits_from(start) & low(length);
            while word != 0 {
                let place = start + word.trailing_zeros() as usize;
                if is_it(place) {
                    return Some(place);
                }
                word &= word - 1;
            }
            start += length;
        }
        None
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

    #[inline]
    fn word(&self, place: usize) -> u64 {
        self.bits.get(place.wrapping_sub(self.before)).copied().unwrap_or(0)
    }
}

/// Takes the marks from those places that are not wanted, of which this is the first.
fn retain(bits: &mut [u64], first: usize, is_wanted: impl Fn(usize) -> bool) {
    for (word, first) in bits.iter_mut().zip((first..).step_by(64)) {
        let mut left = *word;
        while left != 0 {
            let bit = left.trailing_zeros();
            if !is_wanted(first + bit as usize) {
                *word &= !(1 << bit);
            }
            left &= left - 1;
        }
    }
}

/// So many of the lowest bits, at most 64.
#[inline]
fn low(count: usize) -> u64 {
    let others = 64_usize.saturating_sub(count);
    u32::try_from(others).ok().and_then(|others| u64::MAX.checked_shr(others)).unwrap_or(0)
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

    /// Each that a thing has, by its place among those of all things, in the order of their days, until
    /// one is the last that matters.
    #[inline]
    pub(super) fn each_until<W: Word>(
        &self,
        stretches: &Stretches<'_, W>,
        thing: u32,
        mut is_last: impl FnMut(usize) -> bool,
    ) {
        for (partition, Piece { marks, within }) in (self.from..).zip(&self.pieces) {
            let places = match within {
                None => stretches.places(thing, partition),
                Some(ranks) => {
                    let stretch = stretches.of(thing, partition);
                    stretch.all(stretch.between(ranks))
                }
            };
            if marks.find(places, &mut is_last).is_some() {
                return;
            }
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
        let stretch = owned.main().to_mark(self.things, self.partition);
        if stretch.len() > MANY * things {
            return Days::Within(self.ranks);
        }
        Days::These(Arc::new(Marks::of_days(&stretch, &self.ranks)))
    }
}

/// Which of the activities of all things of a noun are of some kinds, where no more is asked than what
/// they name. Of what they name nothing may be asked but on the days for which it was marked.
#[derive(Debug, Default)]
pub(super) struct OfAll(HashMap<(Noun, SetId, Which), Arc<Marks>>);

/// What is to be marked: activities of things of a noun, on days of some ranks, always the same for a noun.
pub(super) struct ToMark<'m, 'v> {
    pub(super) noun: Noun,
    pub(super) ranks: &'m Range<u32>,
    pub(super) kinds: &'m Kinds<'v>,
    pub(super) which: Which,
}

impl ToMark<'_, '_> {
    fn key(&self) -> (Noun, SetId, Which) {
        (self.noun, self.kinds.id, self.which)
    }

    /// By what tells apart what has to be named, if anything has.
    fn naming(&self) -> Option<(Noun, Noun, TestId)> {
        self.kinds.named().map(|named| (self.noun, named.noun, named.test))
    }
}

impl OfAll {
    pub(super) fn get(&self, noun: Noun, kinds: SetId, which: Which) -> Option<&Arc<Marks>> {
        self.0.get(&(noun, kinds, which))
    }

    /// Marks each, if that can be kept.
    pub(super) fn new(store: &Store, asked: Vec<ToMark<'_, '_>>) -> OfAll {
        let mut keys = HashSet::new();
        let is_simple = |kinds: &Kinds<'_>| kinds.is_by_class() || kinds.named().is_some();
        let asked: Vec<ToMark<'_, '_>> = asked
            .into_iter()
            .filter(|one| is_simple(one.kinds) && keys.insert(one.key()))
            .collect();
        let mut by_naming: HashMap<_, &ToMark<'_, '_>> = HashMap::new();
        for one in &asked {
            if let Some(key) = one.naming() {
                by_naming.entry(key).or_insert(one);
            }
        }
        let named: Vec<_> = by_naming.into_iter().collect();
        let naming = in_parts(named.len(), 1, |part| {
            let named = named.get(part).unwrap_or(&[]).iter();
            named.map(|(key, one)| (*key, Naming::of(store, one))).collect::<Vec<_>>()
        });
        let naming: HashMap<_, _> = naming.into_iter().flatten().collect();
        let mark = |one: &ToMark<'_, '_>| {
            let naming = match one.naming() {
                Some(key) => Some(naming.get(&key)?.as_ref()?),
                None => None,
            };
            let classes = one.kinds.classes(one.which);
            let bits = store.work(one.noun, MarkAll { classes, naming, ranks: one.ranks })?;
            Some((one.key(), Arc::new(Marks::of_all(bits))))
        };
        let marks = in_parts(asked.len(), 1, |part| {
            asked.get(part).unwrap_or(&[]).iter().filter_map(mark).collect::<Vec<_>>()
        });
        OfAll(marks.into_iter().flatten().collect())
    }
}

/// Which activities name what they have to.
struct Naming {
    /// A bit for each in the order of its owners: whether it names anything.
    names: Arc<Vec<u64>>,
    /// A bit for each row, on days of some ranks, that names another; none where all that can be named
    /// will do.
    unmeant: Vec<u64>,
}

impl Naming {
    /// None where that is not kept, or less than nearly all that can be named will do.
    fn of(store: &Store, one: &ToMark<'_, '_>) -> Option<Naming> {
        let named = one.kinds.named()?;
        Some(Naming {
            unmeant: unmeant(store, named, one.ranks)?,
            names: store.work(one.noun, MarkNames(named))?,
        })
    }
}

/// The rows of activities on days of some ranks that name another than one of some things, if these are
/// nearly all that can be named.
fn unmeant(store: &Store, named: &Named<'_>, ranks: &Range<u32>) -> Option<Vec<u64>> {
    let others = &named.members.others;
    if others.is_empty() {
        return Some(Vec::new());
    }
    // To group them for this alone would take longer.
    store.known_group(named.noun)?;
    if others.len() > store.count(named.noun) as usize / 8 {
        return None;
    }
    let mut rows = vec![0; (store.count(Noun::Activity) as usize).div_ceil(64)];
    for row in store.work(named.noun, RowsOf { things: others, ranks }) {
        set_bit(&mut rows, row);
    }
    Some(rows)
}

/// Marks the activities that name anything in a field, if that is kept.
struct MarkNames<'m, 'v>(&'m Named<'v>);

impl Work for MarkNames<'_, '_> {
    type Output = Option<Arc<Vec<u64>>>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Self::Output {
        owned.main().marks_naming(self.0.field, self.0.rows)
    }
}

/// Marks the activities of some classes of all things, on days of some ranks those that name what they
/// have to, if that is kept.
struct MarkAll<'m> {
    classes: &'m Classes,
    naming: Option<&'m Naming>,
    ranks: &'m Range<u32>,
}

impl Work for MarkAll<'_> {
    type Output = Option<Arc<Vec<u64>>>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Self::Output {
        let main = owned.main();
        let of_class = main.marks_of(&self.classes.all())?;
        let Some(Naming { names, unmeant }) = self.naming else { return Some(of_class) };
        let both = of_class.iter().zip(names.iter());
        let mut bits: Vec<u64> = both.map(|(class, names)| class & names).collect();
        if !unmeant.is_empty() {
            for partition in main.partitions(self.ranks) {
                let places = main.all_of(partition);
                let words = places.start / 64..places.end.div_ceil(64).min(bits.len());
                let first = 64 * words.start;
                let is_meant = |place| !has_bit(unmeant, main.row(place));
                retain(bits.get_mut(words).unwrap_or_default(), first, is_meant);
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
        let stretch = owned.main().to_mark(self.things, self.partition);
        let mut bits = self.kinds.classes(self.which).marks(&stretch);
        if !self.kinds.is_by_class() {
            if self.which != Which::Over {
                let ahead = stretch.marks_within(&(self.view.ahead..u32::MAX));
                bits.iter_mut().zip(ahead).for_each(|(word, ahead)| *word &= ahead);
            }
            retain(&mut bits, 0, |place| self.kinds.passes(self.view, stretch.row(place)));
        }
        Marks::of(&stretch, bits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words of marks that come after so many others, and the places that are marked.
    fn marks() -> impl Strategy<Value = (Marks, Vec<usize>)> {
        let word = prop_oneof![Just(0), Just(u64::MAX), any::<u64>()];
        (0..3_usize, prop::collection::vec(word, 0..5)).prop_map(|(before, bits)| {
            let is_marked = |place: &usize| {
                let word = (place / 64).checked_sub(before).and_then(|word| bits.get(word));
                word.is_some_and(|word| word >> (place % 64) & 1 != 0)
            };
            let places = (0..64 * (before + bits.len())).filter(is_marked).collect();
            (Marks { before, bits: Arc::new(bits) }, places)
        })
    }

    fn all(marks: &Marks) -> Vec<usize> {
        let mut places = Vec::new();
        marks.each(64 * marks.before..600, |place| places.push(place));
        places
    }

    proptest! {
        #[test]
        fn marks_are_found_and_counted(
            (marks, marked) in marks(), start in 0..400_usize, length in 0..300_usize, nth in 0..9_usize,
        ) {
            let start = 64 * marks.before + start;
            let places = start..start + length;
            let within: Vec<usize> =
                marked.iter().copied().filter(|place| places.contains(place)).collect();
            let mut each = Vec::new();
            marks.each(places.clone(), |place| each.push(place));
            prop_assert_eq!(&each, &within);
            prop_assert_eq!(marks.count(places.clone()) as usize, within.len());
            let mut left = nth;
            let found = marks.find(places, |_| {
                left = left.saturating_sub(1);
                left == 0
            });
            prop_assert_eq!(found, within.get(nth.saturating_sub(1)).copied());
        }

        #[test]
        fn marks_are_put_together((a, of_a) in marks(), (b, of_b) in marks()) {
            let both: Vec<usize> =
                of_a.iter().copied().filter(|place| of_b.contains(place)).collect();
            prop_assert_eq!(all(&a.and(&b)), both);
            let [even, odd] = [0, 1].map(|rest| a.but_not_where(|place| place % 2 != rest));
            prop_assert_eq!(all(&even.or(&odd)), all(&a));
            let others: Vec<u64> = (0..10).map(|word| b.word(word)).collect();
            let rest: Vec<usize> =
                of_a.iter().copied().filter(|place| !of_b.contains(place)).collect();
            prop_assert_eq!(&all(&a.but_not(&others)), &rest);
            prop_assert_eq!(&all(&a.but_not_where(|place| of_b.contains(&place))), &rest);
        }
    }
}
