//! Activities that stand side by side, at the widths in which they are kept: what is done with them
//! is compiled for each width, and chosen once for all subjects.

use std::ops::Range;

use super::packed::Codes;
use super::{Group, Store};
use crate::model::{Item, Noun};

/// A small whole number as it is kept.
pub(crate) trait Code: Copy + Ord + Into<u32> + Send + Sync {
    /// None if it needs more room.
    fn of(code: u32) -> Option<Self>;
}

impl Code for u8 {
    fn of(code: u32) -> Option<u8> {
        u8::try_from(code).ok()
    }
}

impl Code for u16 {
    fn of(code: u32) -> Option<u16> {
        u16::try_from(code).ok()
    }
}

impl Code for u32 {
    fn of(code: u32) -> Option<u32> {
        Some(code)
    }
}

/// Activities of one owner, in the order of their days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a, R, C> {
    pub(crate) ranks: &'a [R],
    pub(crate) classes: &'a [C],
    rows: Rows<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Rows<'a> {
    /// That row, and those after it.
    From(u32),
    These(&'a [u32]),
}

/// Up to how many ranks are looked at all rather than searched: as fast, and there is nothing to
/// guess wrong.
const FEW: usize = 48;

impl<'a, R: Code, C: Code> Stretch<'a, R, C> {
    pub(crate) fn len(&self) -> usize {
        self.ranks.len()
    }

    #[inline]
    pub(crate) fn rank(&self, place: usize) -> u32 {
        self.ranks.get(place).map_or(u32::MAX, |rank| (*rank).into())
    }

    #[inline]
    pub(crate) fn class(&self, place: usize) -> u32 {
        self.classes.get(place).map_or(u32::MAX, |class| (*class).into())
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
        let Some(rank) = R::of(rank) else { return self.ranks.len() };
        if self.ranks.len() <= FEW {
            usize::from(self.ranks.iter().fold(0_u16, |n, other| n + u16::from(*other < rank)))
        } else {
            self.ranks.partition_point(|other| *other < rank)
        }
    }

    /// The places of some ranks.
    #[inline]
    pub(crate) fn between(&self, ranks: &Range<u32>) -> Range<usize> {
        let first = self.first_from(ranks.start);
        first..self.first_from(ranks.end).max(first)
    }

    /// The classes of some places.
    #[inline]
    pub(crate) fn classes_of(&self, places: Range<usize>) -> &'a [C] {
        self.classes.get(places).unwrap_or(&[])
    }
}

/// The activities of every owner of a noun.
#[derive(Debug)]
pub(crate) struct Stretches<'a, R, C> {
    starts: &'a [u32],
    ranks: &'a [R],
    classes: &'a [C],
    /// None where they are those of the table itself.
    rows: Option<&'a [u32]>,
}

impl<'a, R: Code, C: Code> Stretches<'a, R, C> {
    /// Those of an owner; of nobody, where that is the one after the last.
    #[inline]
    fn of(&self, owner: u32) -> Stretch<'a, R, C> {
        let owner = owner as usize;
        let count = self.ranks.len();
        let place = |owner: usize| self.starts.get(owner).map_or(count, |start| *start as usize);
        let places = place(owner)..place(owner + 1);
        Stretch {
            ranks: self.ranks.get(places.clone()).unwrap_or(&[]),
            classes: self.classes.get(places.clone()).unwrap_or(&[]),
            rows: match self.rows {
                Some(rows) => Rows::These(rows.get(places).unwrap_or(&[])),
                None => Rows::From(u32::try_from(places.start).unwrap_or(u32::MAX)),
            },
        }
    }
}

/// Whose activities are whose, for the things of one noun.
#[derive(Debug)]
pub(crate) struct Owned<'a, R, C> {
    main: Stretches<'a, R, C>,
    /// Of customers: activities that are another's by the order of rows, and theirs as well.
    more: Option<Stretches<'a, R, C>>,
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

impl<'a, R: Code, C: Code> Owned<'a, R, C> {
    /// The activities of a thing, stretch by stretch, each once.
    #[inline]
    pub(crate) fn each(&self, thing: u32, mut each: impl FnMut(Stretch<'a, R, C>)) {
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

    /// Whether a thing has at most one stretch of activities.
    pub(crate) fn is_single(&self) -> bool {
        matches!(self.through, Through::Itself) && self.more.is_none()
    }
}

/// Something that is done with activities, whatever the widths of their ranks and classes.
pub(crate) trait Work {
    type Output;

    fn run<R: Code, C: Code>(self, owned: &Owned<'_, R, C>) -> Self::Output;
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

    /// Does some work with the activities of things of a noun that has stretches of them.
    pub(crate) fn work<W: Work>(&self, noun: Noun, work: W) -> W::Output {
        let ranks = match noun {
            Noun::Customer | Noun::Company => None,
            Noun::Team => self.group(Noun::Seller),
            noun => self.group(noun),
        };
        let main = ranks.unwrap_or(&self.by_customer);
        let through = match noun {
            Noun::Team => Through::Sellers(self),
            Noun::Company => Through::All(self.count(Noun::Customer)),
            _ => Through::Itself,
        };
        let has_more = noun == Noun::Customer && !self.customers_are_apart();
        let more = has_more.then_some(&self.more_by_customer);
        let (ranks, _) = self.hot(main);
        match ranks {
            Codes::U8(_) => self.work_at::<u8, W>(main, more, through, work),
            Codes::U16(_) => self.work_at::<u16, W>(main, more, through, work),
            Codes::U32(_) => self.work_at::<u32, W>(main, more, through, work),
        }
    }

    fn work_at<R: Kept, W: Work>(
        &self,
        main: &Group,
        more: Option<&Group>,
        through: Through<'_>,
        work: W,
    ) -> W::Output {
        match self.hot(main).1 {
            Codes::U8(_) => work.run(&self.owned::<R, u8>(main, more, through)),
            Codes::U16(_) => work.run(&self.owned::<R, u16>(main, more, through)),
            Codes::U32(_) => work.run(&self.owned::<R, u32>(main, more, through)),
        }
    }

    fn owned<'a, R: Kept, C: Kept>(
        &'a self,
        main: &'a Group,
        more: Option<&'a Group>,
        through: Through<'a>,
    ) -> Owned<'a, R, C> {
        let stretches = |group: &'a Group| {
            let (ranks, classes) = self.hot(group);
            Stretches {
                starts: group.starts(),
                ranks: R::kept(ranks),
                classes: C::kept(classes),
                rows: group.rows(),
            }
        };
        Owned { main: stretches(main), more: more.map(stretches), through }
    }

    /// The ranks and classes of a group, in its order.
    fn hot<'a>(&'a self, group: &'a Group) -> (&'a Codes, &'a Codes) {
        group.hot().unwrap_or((&self.activities.ranks, &self.activities.classes))
    }
}

/// A code that is kept in vectors of its own.
trait Kept: Code {
    /// All of them, where they are of this width.
    fn kept(codes: &Codes) -> &[Self];
}

impl Kept for u8 {
    fn kept(codes: &Codes) -> &[u8] {
        if let Codes::U8(codes) = codes { codes } else { &[] }
    }
}

impl Kept for u16 {
    fn kept(codes: &Codes) -> &[u16] {
        if let Codes::U16(codes) = codes { codes } else { &[] }
    }
}

impl Kept for u32 {
    fn kept(codes: &Codes) -> &[u32] {
        if let Codes::U32(codes) = codes { codes } else { &[] }
    }
}
