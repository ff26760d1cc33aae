//! Activities that stand side by side, at the width in which their words are kept: what is done with
//! them is compiled for each width, and chosen once for all subjects.

use std::ops::Range;

use super::Store;
use super::group::Group;
use super::words::{self, CHUNK, Kept, Word, class_of, each_that, least, rank_of};
use crate::model::{Item, Noun};

/// Activities of one owner, in the order of their days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a, W> {
    words: &'a [W],
    class_bits: u32,
    rows: Rows<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Rows<'a> {
    /// That row, and those after it.
    From(u32),
    These(&'a [u32]),
}

/// Up to how many days are all looked at rather than searched: as fast, and there is nothing to
/// guess wrong.
const FEW: usize = 32;

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
        if self.words.len() <= FEW {
            usize::from(self.words.iter().fold(0_u16, |n, word| n + u16::from(*word < least)))
        } else {
            self.words.partition_point(|word| *word < least)
        }
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
    starts: &'a [u32],
    words: &'a [W],
    class_bits: u32,
    /// None where they are those of the table itself.
    rows: Option<&'a [u32]>,
}

impl<'a, W: Word> Stretches<'a, W> {
    /// Where those of an owner start; of nobody, where that is the one after the last.
    #[inline]
    fn start(&self, owner: u32) -> usize {
        self.starts.get(owner as usize).map_or(self.words.len(), |start| *start as usize)
    }

    /// The activities of an owner, or of nobody.
    #[inline]
    pub(crate) fn of(&self, owner: u32) -> Stretch<'a, W> {
        let places = self.start(owner)..self.start(owner + 1);
        Stretch {
            words: self.words.get(places.clone()).unwrap_or(&[]),
            class_bits: self.class_bits,
            rows: match self.rows {
                Some(rows) => Rows::These(rows.get(places).unwrap_or(&[])),
                None => Rows::From(u32::try_from(places.start).unwrap_or(u32::MAX)),
            },
        }
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

    /// The row at a place among those of all owners.
    #[inline]
    pub(crate) fn row(&self, place: usize) -> u32 {
        match self.rows {
            Some(rows) => rows.get(place).copied().unwrap_or(0),
            None => u32::try_from(place).unwrap_or(u32::MAX),
        }
    }

    /// Each activity of some owners on days of some ranks: its owner, its place among those of all
    /// owners, and its place among its owner's.
    #[inline]
    pub(crate) fn each_within(
        &self,
        owners: Range<u32>,
        ranks: &Range<u32>,
        mut each: impl FnMut(u32, usize, usize),
    ) {
        let places = self.start(owners.start)..self.start(owners.end);
        let mut owner = owners.start;
        let (mut start, mut end) = (places.start, self.start(owner + 1));
        words::each_within(self.words, places, ranks, self.class_bits, |place| {
            while place >= end && owner + 1 < owners.end {
                owner += 1;
                start = end;
                end = self.start(owner + 1);
            }
            each(owner, place, place - start);
        });
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
    /// The activities of a thing, stretch by stretch, each once.
    #[inline]
    pub(crate) fn each(&self, thing: u32, mut each: impl FnMut(Stretch<'a, W>)) {
        match &self.through {
            Through::Itself => {
                each(self.main.of(thing));
                if let Some(more) = &self.more {
                    each(more.of(thing));
                }
            }
            Through::Sellers(store) => {
                let team = Item { noun: Noun::Team, row: thing };
                for seller in store.things_of(team, Noun::Seller) {
                    each(self.main.of(*seller));
                }
            }
            Through::All(owners) => (0..=*owners).for_each(|owner| each(self.main.of(owner))),
        }
    }

    /// The activities of things that have their own.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Stretches<'a, W>> {
        std::iter::once(&self.main).chain(&self.more)
    }

    /// Whether a thing has at most one stretch of activities.
    pub(crate) fn is_single(&self) -> bool {
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

    /// Whether each thing of a noun has at most one.
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
                starts: group.starts(),
                words: W::of(&words.kept),
                class_bits: words.class_bits,
                rows: group.rows(),
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
