//! Activities that stand side by side, at the width in which their words are kept: what is done with
//! them is compiled for each width, and chosen once for all subjects.

use std::ops::Range;
use std::sync::Arc;

use super::group::{Group, Slots};
use super::group_marks::{Asked, GroupMarks};
use super::packed::Sparse;
use super::parallel;
use super::words::{self, CHUNK, Kept, Word, class_of, each_that, least, rank_of};
use super::{Partitions, Store};
use crate::model::{FieldRef, Item, Noun};

/// Activities of one owner in one partition, in the order of their days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a, W> {
    words: &'a [W],
    class_bits: u32,
    rows: Rows<'a>,
    pub(crate) partition: u32,
    /// Its first place among those of all owners.
    pub(crate) first: usize,
}

#[derive(Debug, Clone, Copy)]
enum Rows<'a> {
    /// That row, and those after it.
    From(u32),
    These(&'a [u32]),
}

/// How many days are all looked at rather than searched: as fast, and there is nothing to guess wrong.
const FEW: usize = 16;

impl<'a, W: Word> Stretch<'a, W> {
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    #[inline]
    pub(crate) fn rank(&self, place: usize) -> u32 {
        rank_of(self.word(place), self.class_bits)
    }

    #[inline]
    pub(crate) fn class(&self, place: usize) -> u32 {
        class_of(self.word(place), self.class_bits)
    }

    #[inline]
    fn word(&self, place: usize) -> u64 {
        self.words.get(place).map_or(0, |word| word.wide())
    }

    #[inline]
    pub(crate) fn row(&self, place: usize) -> u32 {
        match self.rows {
            Rows::From(first) => first + u32::try_from(place).unwrap_or(u32::MAX),
            Rows::These(rows) => rows.get(place).copied().unwrap_or(0),
        }
    }

    /// The first place whose rank is not below.
    #[inline]
    pub(crate) fn first_from(&self, rank: u32) -> usize {
        let least: W = least(rank, self.class_bits);
        let below = |words: &[W]| {
            usize::from(words.iter().fold(0_u16, |n, word| n + u16::from(*word < least)))
        };
        let Some((first, last)) = self.words.split_last_chunk::<FEW>() else {
            return below(self.words);
        };
        // Often it is a day near the last one, as the as-of day is.
        if last.first().is_some_and(|word| *word < least) {
            return first.len() + below(last);
        }
        first.partition_point(|word| *word < least)
    }

    /// What its places are among those of all owners.
    #[inline]
    pub(crate) fn all(&self, places: Range<usize>) -> Range<usize> {
        self.first + places.start..self.first + places.end
    }

    /// The places of some ranks.
    #[inline]
    pub(crate) fn between(&self, ranks: &Range<u32>) -> Range<usize> {
        let first = self.first_from(ranks.start);
        first..self.first_from(ranks.end).max(first)
    }

    /// Each of some places whose class is wanted.
    #[inline]
    pub(crate) fn each_of(
        &self,
        places: Range<usize>,
        is_wanted: impl Fn(u32) -> bool,
        mut each: impl FnMut(usize),
    ) {
        let bits = self.class_bits;
        let mut first = places.start;
        for chunk in self.words.get(places).unwrap_or(&[]).chunks(CHUNK) {
            let is_so = chunk.iter().map(|word| is_wanted(class_of(word.wide(), bits)));
            each_that(first, is_so, &mut each);
            first += chunk.len();
        }
    }

    /// How many of some places are of classes of which there are few.
    #[inline]
    pub(crate) fn count_few(&self, places: Range<usize>, classes: &[u32]) -> usize {
        words::count_few(self.words.get(places).unwrap_or(&[]), self.class_bits, classes)
    }

    /// Of each place whether its class is wanted, a bit for each.
    pub(crate) fn marks(&self, is_wanted: impl Fn(u32) -> bool) -> Vec<u64> {
        words::marks(self.words, self.class_bits, is_wanted)
    }

    /// Of each place whether its rank is one of these.
    pub(crate) fn marks_within(&self, ranks: &Range<u32>) -> Vec<u64> {
        words::marks_within(self.words, self.class_bits, ranks)
    }

    /// Of each place whether its class is one of a few.
    pub(crate) fn marks_of_few(&self, classes: &[u32]) -> Vec<u64> {
        words::marks_of_few(self.words, self.class_bits, classes)
    }

    /// The classes of some places.
    #[inline]
    pub(crate) fn classes(&self, places: Range<usize>) -> impl Iterator<Item = u32> + use<'a, W> {
        let bits = self.class_bits;
        let words = self.words.get(places).unwrap_or(&[]);
        words.iter().map(move |word| class_of(word.wide(), bits))
    }
}

/// The activities of every owner of a noun.
#[derive(Debug)]
pub(crate) struct Stretches<'a, W> {
    partitions: &'a Partitions,
    slots: Slots,
    starts: &'a [u32],
    words: &'a [W],
    class_bits: u32,
    /// None where they are those of the table itself.
    rows: Option<&'a [u32]>,
    marks: &'a GroupMarks,
}

impl<'a, W: Word> Stretches<'a, W> {
    /// Where those of a slot start.
    #[inline]
    fn start(&self, slot: u32) -> usize {
        self.starts.get(slot as usize).map_or(0, |start| *start as usize)
    }

    /// The activities of an owner, or of nobody, in one partition.
    #[inline]
    pub(crate) fn of(&self, owner: u32, partition: u32) -> Stretch<'a, W> {
        self.stretch(self.places(owner, partition), partition)
    }

    /// The places of an owner's activities in one partition among those of all owners.
    #[inline]
    pub(crate) fn places(&self, owner: u32, partition: u32) -> Range<usize> {
        let slot = self.slots.of(partition, owner);
        self.start(slot)..self.start(slot + 1)
    }

    /// Where the activities of each owner start in one partition.
    #[inline]
    pub(crate) fn starts_of(&self, partition: u32) -> Starts<'a> {
        let first = self.slots.of(partition, 0) as usize;
        Starts(self.starts.get(first..).unwrap_or(&[]))
    }

    /// Of each activity whether its class is one of these, a bit for each; none if that is not kept.
    pub(crate) fn marks_of(&self, classes: &[u32]) -> Option<Arc<Vec<u64>>> {
        self.marks.of(Asked::Classes(classes.to_vec()), || {
            let is_wanted = |class| classes.contains(&class);
            let marks = |places: Range<usize>| {
                let words = self.words.get(places).unwrap_or(&[]);
                if classes.len() <= words::FEW {
                    words::marks_of_few(words, self.class_bits, classes)
                } else {
                    words::marks(words, self.class_bits, is_wanted)
                }
            };
            parallel::portions(self.words.len(), marks).concat()
        })
    }

    /// Of each activity whether it names anything in a field, which refers to these; a bit for each, none
    /// if that is not kept.
    pub(crate) fn marks_naming(&self, field: FieldRef, rows: &Sparse) -> Option<Arc<Vec<u64>>> {
        self.marks.of(Asked::Names(field.index), || {
            if self.are_rows() {
                return rows.bits().to_vec();
            }
            let marks = |places: Range<usize>| -> Vec<u64> {
                let bit = |place: usize| u64::from(rows.has(self.row(place))) << (place % 64);
                let word = |start: usize| {
                    (start..places.end.min(start + 64)).map(bit).fold(0, |word, bit| word | bit)
                };
                places.clone().step_by(64).map(word).collect()
            };
            parallel::portions(self.words.len(), marks).concat()
        })
    }

    /// The places of all activities of one partition.
    pub(crate) fn all_of(&self, partition: u32) -> Range<usize> {
        self.start(self.slots.first(partition))..self.start(self.slots.first(partition + 1))
    }

    #[inline]
    fn stretch(&self, places: Range<usize>, partition: u32) -> Stretch<'a, W> {
        let first = places.start;
        Stretch {
            words: self.words.get(places.clone()).unwrap_or(&[]),
            class_bits: self.class_bits,
            rows: match self.rows {
                Some(rows) => Rows::These(rows.get(places).unwrap_or(&[])),
                None => Rows::From(u32::try_from(first).unwrap_or(u32::MAX)),
            },
            partition,
            first,
        }
    }

    /// The ranks of a partition; of the last also all that are later.
    pub(crate) fn ranks(&self, partition: u32) -> Range<u32> {
        let Range { start, end } = self.partitions.ranks(partition);
        start..if partition + 1 < self.partitions.count() { end } else { u32::MAX }
    }

    /// The partitions that have activities of some ranks.
    #[inline]
    pub(crate) fn partitions(&self, ranks: &Range<u32>) -> Range<u32> {
        self.slots.partitions(self.partitions.within(ranks))
    }

    /// The activities of an owner that may be on days of some ranks, partition by partition.
    #[inline]
    pub(crate) fn each_of(
        &self,
        owner: u32,
        ranks: &Range<u32>,
        mut each: impl FnMut(Stretch<'a, W>),
    ) {
        self.partitions(ranks).for_each(|partition| each(self.of(owner, partition)));
    }

    /// The rank at a place among those of all owners.
    #[inline]
    pub(crate) fn rank(&self, place: usize) -> u32 {
        rank_of(self.words.get(place).map_or(0, |word| word.wide()), self.class_bits)
    }

    /// The class at a place among those of all owners.
    #[inline]
    pub(crate) fn class(&self, place: usize) -> u32 {
        class_of(self.words.get(place).map_or(0, |word| word.wide()), self.class_bits)
    }

    /// Whether rows are places among those of all owners.
    pub(crate) fn are_rows(&self) -> bool {
        self.rows.is_none()
    }

    /// The row at a place among those of all owners.
    #[inline]
    pub(crate) fn row(&self, place: usize) -> u32 {
        match self.rows {
            Some(rows) => rows.get(place).copied().unwrap_or(0),
            None => u32::try_from(place).unwrap_or(u32::MAX),
        }
    }

    /// The activities of some owners in one partition, one's after the other's. They start with a word
    /// of marks, whoever the first few in it belong to.
    pub(crate) fn to_mark(&self, owners: Range<u32>, partition: u32) -> Stretch<'a, W> {
        let slot = |owner| self.slots.of(partition, owner);
        let start = self.start(slot(owners.start));
        let end = self.start(slot(owners.end).max(slot(owners.start) + 1));
        self.in_words(start..end, partition)
    }

    /// The activities at some places of one partition, and those before them in the same word of marks.
    pub(crate) fn in_words(&self, places: Range<usize>, partition: u32) -> Stretch<'a, W> {
        self.stretch(places.start - places.start % 64..places.end, partition)
    }
}

/// Where the activities of each owner start in one partition, among those of all owners and
/// partitions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Starts<'a>(&'a [u32]);

impl Starts<'_> {
    /// The places of an owner's activities.
    #[inline]
    pub(crate) fn places(&self, owner: u32) -> Range<usize> {
        let start = |slot: usize| self.0.get(slot).map_or(0, |start| *start as usize);
        start(owner as usize)..start(owner as usize + 1)
    }
}

/// Whose activities are whose, for the things of one noun.
#[derive(Debug)]
pub(crate) struct Owned<'a, W> {
    main: Stretches<'a, W>,
    /// Of customers: activities that are another's by the order of rows, and theirs as well.
    more: Option<Stretches<'a, W>>,
    through: Through<'a>,
}

/// Which owners' activities are a thing's.
#[derive(Debug)]
enum Through<'a> {
    Itself,
    /// Those of a team's sellers.
    Sellers(&'a Store),
    /// Those of all customers, and of nobody.
    All(u32),
}

impl<'a, W: Word> Owned<'a, W> {
    /// The activities of a thing that may be on days of some ranks, stretch by stretch, each once.
    #[inline]
    pub(crate) fn each(
        &self,
        thing: u32,
        ranks: &Range<u32>,
        mut each: impl FnMut(Stretch<'a, W>),
    ) {
        match &self.through {
            Through::Itself => {
                self.main.each_of(thing, ranks, &mut each);
                if let Some(more) = &self.more {
                    more.each_of(thing, ranks, &mut each);
                }
            }
            Through::Sellers(store) => {
                let team = Item { noun: Noun::Team, row: thing };
                for seller in store.things_of(team, Noun::Seller) {
                    self.main.each_of(*seller, ranks, &mut each);
                }
            }
            Through::All(owners) => {
                (0..=*owners).for_each(|owner| self.main.each_of(owner, ranks, &mut each));
            }
        }
    }

    /// The activities of things each of which has but its own, stretch by stretch.
    #[inline]
    pub(crate) fn main(&self) -> &Stretches<'a, W> {
        &self.main
    }

    /// The activities of things that have their own.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Stretches<'a, W>> {
        std::iter::once(&self.main).chain(&self.more)
    }

    /// Whether the stretches of a thing are in the order of their days.
    pub(crate) fn is_in_order(&self) -> bool {
        matches!(self.through, Through::Itself) && self.more.is_none()
    }
}

/// Something that is done with activities, whatever the width of their words.
pub(crate) trait Work {
    type Output;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Self::Output;
}

impl Store {
    /// Whether the activities of things of a noun can be had stretch by stretch.
    pub(crate) fn has_stretches(&self, noun: Noun) -> bool {
        match noun {
            Noun::Customer | Noun::Company => true,
            Noun::Team => self.group(Noun::Seller).is_some(),
            Noun::Member => false,
            noun => self.group(noun).is_some(),
        }
    }

    /// Whether the activities of all things of a noun that has stretches of them stand in one group.
    pub(crate) fn has_one_group(&self, noun: Noun) -> bool {
        noun != Noun::Customer || self.customers_are_apart()
    }

    /// Whether each thing of a noun has at most one in each partition.
    pub(crate) fn has_single_stretches(&self, noun: Noun) -> bool {
        match noun {
            Noun::Customer => self.customers_are_apart(),
            Noun::Company | Noun::Team => false,
            noun => self.has_stretches(noun),
        }
    }

    /// Does some work with the activities of things of a noun that has stretches of them.
    pub(crate) fn work<T: Work>(&self, noun: Noun, work: T) -> T::Output {
        let group = match noun {
            Noun::Customer | Noun::Company => None,
            Noun::Team => self.group(Noun::Seller),
            noun => self.group(noun),
        };
        let main = group.unwrap_or(&self.by_customer);
        let through = match noun {
            Noun::Team => Through::Sellers(self),
            Noun::Company => Through::All(self.count(Noun::Customer)),
            _ => Through::Itself,
        };
        let has_more = noun == Noun::Customer && !self.customers_are_apart();
        let more = has_more.then_some(&self.more_by_customer);
        match &main.words(&self.activities.words).kept {
            Kept::U16(_) => work.run(&self.owned::<u16>(main, more, through)),
            Kept::U32(_) => work.run(&self.owned::<u32>(main, more, through)),
            Kept::U64(_) => work.run(&self.owned::<u64>(main, more, through)),
        }
    }

    fn owned<'a, W: Slices>(
        &'a self,
        main: &'a Group,
        more: Option<&'a Group>,
        through: Through<'a>,
    ) -> Owned<'a, W> {
        let stretches = |group: &'a Group| {
            let words = group.words(&self.activities.words);
            Stretches {
                partitions: &self.activities.partitions,
                slots: group.slots(),
                starts: group.starts(),
                words: W::of(&words.kept),
                class_bits: words.class_bits,
                rows: group.rows(),
                marks: group.marks(),
            }
        };
        Owned { main: stretches(main), more: more.map(stretches), through }
    }
}

/// A word that is kept in vectors of its own.
trait Slices: Word {
    /// All of them, where they are of this width.
    fn of(kept: &Kept) -> &[Self];
}

impl Slices for u16 {
    fn of(kept: &Kept) -> &[u16] {
        if let Kept::U16(words) = kept { words } else { &[] }
    }
}

impl Slices for u32 {
    fn of(kept: &Kept) -> &[u32] {
        if let Kept::U32(words) = kept { words } else { &[] }
    }
}

impl Slices for u64 {
    fn of(kept: &Kept) -> &[u64] {
        if let Kept::U64(words) = kept { words } else { &[] }
    }
}
