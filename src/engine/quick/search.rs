//! The search for what is followed: one pass over the activities of some things answers all that is
//! asked of them.

use std::ops::Range;

use super::followed::Question;
use super::kinds::{Classes, Kinds};
use crate::engine::store::{Owned, Stretch, Stretches, Word, Work};
use crate::engine::view::View;
use crate::model::Noun;
use crate::plan::SetId;

/// Looks for those that are followed, among the activities of some things.
pub(super) struct Search<'q, 'v> {
    pub(super) asked: &'q Asked<'q, 'v>,
    pub(super) view: &'q View<'q>,
    pub(super) noun: Noun,
    /// All days that are asked about.
    pub(super) ranks: Range<u32>,
    pub(super) owners: Range<u32>,
}

/// What is asked of activities, by their classes.
pub(super) struct Asked<'q, 'v> {
    questions: Vec<(&'q Question<'v>, &'q [u32])>,
    /// By which some are followed, each once.
    sets: Vec<&'q Kinds<'v>>,
    /// By class.
    classes: Vec<OfClass>,
    /// Those of which anything is asked.
    is_asked: Classes,
    /// Whether class and day decide of every activity of a day that is over, or ahead, whether it is of a
    /// set.
    is_by_class: bool,
}

/// What is asked of the activities of a class, and of which sets they are.
#[derive(Default)]
struct OfClass {
    asks: Vec<Ask>,
    /// A bit for each set: when their day is over, and when it is to come.
    over: u64,
    ahead: u64,
}

struct Ask {
    question: usize,
    set: usize,
    ranks: Range<u32>,
}

impl<'q, 'v> Asked<'q, 'v> {
    /// Of questions with where the days end, by day, on which one may follow.
    pub(super) fn new(
        view: &View<'_>,
        questions: Vec<(&'q Question<'v>, &'q [u32])>,
    ) -> Asked<'q, 'v> {
        let mut sets: Vec<(SetId, &Kinds<'_>)> = Vec::new();
        for (question, _) in &questions {
            if sets.iter().all(|(id, _)| *id != question.set) {
                sets.push((question.set, &question.kinds));
            }
        }
        let of_class = |class: u32| {
            let mut of_class = OfClass::default();
            for (n, (_, kinds)) in sets.iter().enumerate() {
                let [over, ahead] = kinds.has_class(class).map(|is_one| u64::from(is_one) << n);
                of_class.over |= over;
                of_class.ahead |= ahead;
            }
            let asks = questions.iter().enumerate().filter(|(_, (asks, _))| asks.of.has(class));
            of_class.asks.extend(asks.filter_map(|(question, (asks, _))| {
                let set = sets.iter().position(|(id, _)| *id == asks.set)?;
                Some(Ask { question, set, ranks: asks.ranks.clone() })
            }));
            of_class
        };
        let classes = (0..view.class_count()).map(of_class).collect();
        let mut is_asked = view.classes(|_, _| false);
        questions.iter().for_each(|(question, _)| is_asked.add(&question.of));
        let sets: Vec<&Kinds<'_>> = sets.into_iter().map(|(_, kinds)| kinds).collect();
        let is_by_class = sets.iter().all(|kinds| kinds.is_by_class());
        Asked { questions, sets, classes, is_asked, is_by_class }
    }

    /// Before which rank one must be that follows an activity of a rank.
    fn end(&self, question: usize, own: u32) -> u32 {
        let of = |(question, ends): &(&Question<'_>, &[u32])| {
            ends.get((own - question.ranks.start) as usize).copied()
        };
        self.questions.get(question).and_then(of).unwrap_or(0)
    }
}

/// An activity that is asked about, with its place among its owner's in a partition.
#[derive(Clone, Copy)]
struct Own {
    place: usize,
    row: u32,
    rank: u32,
}

impl Work for Search<'_, '_> {
    /// The questions and the rows of those that are.
    type Output = Vec<(usize, u32)>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Vec<(usize, u32)> {
        let mut followed = Vec::new();
        for group in owned.groups() {
            let wanted = (&self.ranks, |class| self.asked.is_asked.has(class));
            group.each_within(self.owners.clone(), wanted, |owner, stretch, place| {
                let own = Own { place, row: stretch.row(place), rank: stretch.rank(place) };
                let Some(OfClass { asks, .. }) = self.of_class(stretch.class(place)) else {
                    return;
                };
                let mut asks = asks.iter().filter(|ask| ask.ranks.contains(&own.rank)).peekable();
                if asks.peek().is_none() || !self.is_about(own.row) {
                    return;
                }
                for ask in asks {
                    let until = self.asked.end(ask.question, own.rank);
                    let is_followed = self.is_followed_in(stretch, own, (ask.set, until)) || {
                        let here = (group, stretch.partition, owner);
                        self.is_followed_elsewhere(owned.groups(), here, own, (ask.set, until))
                    };
                    if is_followed {
                        followed.push((ask.question, own.row));
                    }
                }
            });
        }
        followed
    }
}

impl Search<'_, '_> {
    #[inline]
    fn of_class(&self, class: u32) -> Option<&OfClass> {
        self.asked.classes.get(class as usize)
    }

    /// Whether one of a set, before a rank, is later than one in the same stretch.
    #[inline]
    fn is_followed_in<W: Word>(
        &self,
        stretch: &Stretch<'_, W>,
        own: Own,
        (set, until): (usize, u32),
    ) -> bool {
        // What is of the set is sooner known than the hour.
        let is_one = |place| self.is_of(stretch, place, set) && self.is_later(stretch, place, own);
        let mut after = (own.place + 1..stretch.len()).take_while(|n| stretch.rank(*n) < until);
        let before = (0..own.place).rev();
        let mut of_day = before.take_while(|n| stretch.rank(*n) == own.rank && own.rank < until);
        after.any(is_one) || of_day.any(is_one)
    }

    /// The same, where one may stand in another of the owner's stretches than this.
    fn is_followed_elsewhere<'g, W: Word>(
        &self,
        mut groups: impl Iterator<Item = &'g Stretches<'g, W>>,
        (group, partition, owner): (&Stretches<'_, W>, u32, u32),
        own: Own,
        (set, until): (usize, u32),
    ) -> bool {
        let ranks = own.rank..until;
        let is_one = |stretch: Stretch<'_, W>| {
            let mut places = stretch.between(&ranks);
            places.any(|place| {
                self.is_of(&stretch, place, set) && self.is_later(&stretch, place, own)
            })
        };
        groups.any(|other| {
            let is_own = std::ptr::eq(other, group);
            let mut others = other.partitions(&ranks);
            others.any(|one| !(is_own && one == partition) && is_one(other.of(owner, one)))
        })
    }

    /// Whether the one at a place is later than one of the same day or of one before.
    #[inline]
    fn is_later<W: Word>(&self, stretch: &Stretch<'_, W>, place: usize, own: Own) -> bool {
        let activities = &self.view.store.activities;
        let rank = stretch.rank(place);
        activities.times.is_later_day(rank, own.rank) || {
            let row = stretch.row(place);
            row != own.row && activities.is_later((row, rank), (own.row, own.rank))
        }
    }

    /// Whether the one at a place is of a set as of now.
    #[inline]
    fn is_of<W: Word>(&self, stretch: &Stretch<'_, W>, place: usize, set: usize) -> bool {
        let (rank, class) = (stretch.rank(place), stretch.class(place));
        let Some(of_class) = self.of_class(class) else { return false };
        let is_over = rank < self.view.settled;
        if self.asked.is_by_class && (is_over || rank >= self.view.ahead) {
            let sets = if is_over { of_class.over } else { of_class.ahead };
            return sets >> set & 1 != 0;
        }
        let one = (stretch.row(place), rank, class);
        self.asked.sets.get(set).is_some_and(|kinds| kinds.is_one(self.view, one))
    }

    /// "About the same opportunity (it has none: the same lead; none: the same customer)": whether
    /// it is about the opportunity, lead or customer whose it is.
    fn is_about(&self, activity: u32) -> bool {
        let store = self.view.store;
        let fields = &store.fields;
        let names = |field| store.column(field).has_reference(activity);
        match self.noun {
            Noun::Opportunity => true,
            Noun::Lead => !names(fields.activity_opportunity),
            _ => !names(fields.activity_opportunity) && !names(fields.activity_lead),
        }
    }
}
