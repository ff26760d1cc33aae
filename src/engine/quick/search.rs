//! The search for what is followed: one walk over the activities of some things for each question.

use std::ops::Range;
use std::sync::Arc;

use super::followed::Question;
use super::kinds::Which;
use super::marks::Marks;
use crate::engine::store::{Column, Owned, Store, Stretch, Stretches, Word, Work};
use crate::engine::view::View;
use crate::model::{FieldRef, Noun};

/// A question, with where the days end, by day, on which one may follow.
pub(super) type Asked<'q, 'v> = (&'q Question<'v>, &'q [u32]);

/// Looks for those that are followed, among the activities of some things.
pub(super) struct Search<'q, 'v> {
    pub(super) asked: &'q [Asked<'q, 'v>],
    pub(super) kept: &'q [Kept],
    pub(super) view: &'q View<'q>,
    pub(super) noun: Noun,
    /// All days that are asked about.
    pub(super) ranks: Range<u32>,
    pub(super) owners: Range<u32>,
}

/// Marks of all activities of a group, where they are kept.
pub(super) struct Kept {
    /// Of those that are about something else.
    elsewhere: Vec<Option<Arc<Vec<u64>>>>,
    /// For each question, of those that are asked about, and of those by which they may be followed.
    questions: Vec<[Option<Arc<Vec<u64>>>; 2]>,
}

/// Has the groups of a noun mark them, once for all of its things.
pub(super) struct Keep<'q, 'v> {
    pub(super) asked: &'q [Asked<'q, 'v>],
    pub(super) store: &'q Store,
    pub(super) noun: Noun,
}

/// "About the same opportunity (it has none: the same lead; none: the same customer)": what activities
/// must not name that are about a thing of a noun.
fn elsewhere(store: &Store, noun: Noun) -> Vec<FieldRef> {
    let fields = &store.fields;
    match noun {
        Noun::Opportunity => Vec::new(),
        Noun::Lead => vec![fields.activity_opportunity],
        _ => vec![fields.activity_opportunity, fields.activity_lead],
    }
}

impl Work for Keep<'_, '_> {
    type Output = Vec<Kept>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Vec<Kept> {
        let Keep { asked, store, noun } = self;
        let keep = |group: &Stretches<'_, W>| {
            let of = |(question, _): &Asked<'_, '_>| {
                let over = question.kinds.classes(Which::Over);
                [&question.of, over].map(|classes| group.marks_of(&classes.all()))
            };
            let names = |field| match store.column(field) {
                Column::Reference(_, rows) => group.marks_naming(field, rows),
                _ => Some(Arc::default()),
            };
            Kept {
                elsewhere: elsewhere(store, noun).into_iter().map(names).collect(),
                questions: asked.iter().map(of).collect(),
            }
        };
        owned.groups().map(keep).collect()
    }
}

/// The activities of some things in one partition of a group.
struct Block<'s, 'w, W> {
    group: &'s Stretches<'w, W>,
    partition: u32,
    /// The first rank of the partition.
    first: u32,
    /// Those that are asked about.
    of: Marks,
    /// Those by which they may be followed.
    followers: Marks,
}

/// What is known of the followers of an owner in a block, seen from one day: nothing is looked at again
/// for each activity of that day, however many there are.
struct SoFar {
    owner: u32,
    places: Range<usize>,
    rank: Option<u32>,
    /// The latest follower of that day.
    latest: Option<usize>,
    /// The first follower after that day, the end of the places if there is none; unknown before the
    /// first day.
    next: Option<usize>,
}

impl SoFar {
    fn of(owner: u32, places: Range<usize>) -> SoFar {
        SoFar { owner, places, rank: None, latest: None, next: None }
    }
}

/// The activities on days that are over for everybody, and on others.
struct Open {
    over: Marks,
    open: Marks,
}

/// An activity that is asked about.
#[derive(Clone, Copy)]
struct Own {
    row: u32,
    rank: u32,
}

impl Work for Search<'_, '_> {
    /// For each question the rows of those that are.
    type Output = Vec<Vec<u32>>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Vec<Vec<u32>> {
        let end = self.asked.iter().filter_map(|(_, ends)| ends.iter().max()).max();
        let ranks = self.ranks.start..self.ranks.end.max(end.copied().unwrap_or(0));
        let mut blocks: Vec<Vec<Block<'_, '_, W>>> = Vec::new();
        blocks.resize_with(self.asked.len(), Vec::new);
        for (group, kept) in owned.groups().zip(self.kept) {
            for partition in group.partitions(&ranks) {
                let stretch = group.to_mark(self.owners.clone(), partition);
                let of_all = self.of_all(group, &stretch, kept);
                let days = self.open(&stretch, ranks.end.min(group.ranks(partition).end));
                let questions = self.asked.iter().zip(&kept.questions).zip(&mut blocks);
                for (((question, _), [of, over]), blocks) in questions {
                    let of = question.of.marked(of.as_ref(), &stretch).and(&of_all);
                    let followers =
                        self.followers((group, &stretch), question, over.as_ref(), days.as_ref());
                    let first = group.ranks(partition).start;
                    blocks.push(Block { group, partition, first, of, followers });
                }
            }
        }
        let questions = self.asked.iter().zip(&blocks);
        questions.map(|(asked, blocks)| self.look_through(asked, blocks)).collect()
    }
}

impl Search<'_, '_> {
    /// Those of the days that are asked about that are about things of this noun.
    fn of_all<W: Word>(
        &self,
        group: &Stretches<'_, W>,
        stretch: &Stretch<'_, W>,
        kept: &Kept,
    ) -> Marks {
        let store = self.view.store;
        let mut of_all = Marks::of_days(stretch, &self.ranks);
        for (field, kept) in elsewhere(store, self.noun).iter().zip(&kept.elsewhere) {
            of_all = match kept {
                Some(names) => of_all.but_not(names),
                None => of_all
                    .but_not_where(|place| store.column(*field).has_reference(group.row(place))),
            };
        }
        of_all
    }

    /// Which days before a rank are over, and which are not; nothing where all are.
    fn open<W: Word>(&self, stretch: &Stretch<'_, W>, end: u32) -> Option<Open> {
        let settled = self.view.settled;
        (settled < end).then(|| Open {
            over: Marks::of_days(stretch, &(0..settled)),
            open: Marks::of_days(stretch, &(settled..end)),
        })
    }

    /// Those by which others may be followed.
    fn followers<W: Word>(
        &self,
        (group, stretch): (&Stretches<'_, W>, &Stretch<'_, W>),
        question: &Question<'_>,
        over: Option<&Arc<Vec<u64>>>,
        days: Option<&Open>,
    ) -> Marks {
        let (view, kinds) = (self.view, &question.kinds);
        let counts_not = |place: usize| {
            let (rank, class) = (group.rank(place), group.class(place));
            (rank >= view.ahead && !kinds.may_be_to_come(class))
                || !kinds.is_one(view, (group.row(place), rank, class))
        };
        // Each that is marked is asked for more then: only those of this stretch should be.
        let over = over.filter(|_| kinds.is_by_class());
        let mut followers = kinds.classes(Which::Over).marked(over, stretch);
        if let Some(Open { over, .. }) = days {
            followers = followers.and(over);
        }
        if !kinds.is_by_class() {
            followers = followers.but_not_where(counts_not);
        }
        match days {
            Some(Open { open, .. }) => followers.or(&open.but_not_where(counts_not)),
            None => followers,
        }
    }

    /// The rows of those of which one question asks and that are followed.
    fn look_through<W: Word>(
        &self,
        (question, ends): &Asked<'_, '_>,
        blocks: &[Block<'_, '_, W>],
    ) -> Vec<u32> {
        let mut followed = Vec::new();
        let Range { start: first, end } = self.owners;
        for (n, block) in blocks.iter().enumerate() {
            let starts = block.group.starts_of(block.partition);
            let mut so_far = SoFar::of(first, starts.places(first));
            let last = starts.places(end.max(first + 1) - 1);
            let may_follow = |(m, other): &(usize, &Block<'_, '_, W>)| {
                *m != n && other.partition >= block.partition
            };
            let others = blocks.iter().enumerate().filter(may_follow);
            let mut others: Vec<(&Block<'_, '_, W>, SoFar)> =
                others.map(|(_, other)| (other, SoFar::of(first, other.places(first)))).collect();
            others.sort_by_key(|(other, _)| other.first);
            block.of.each(so_far.places.start..last.end, |place| {
                let rank = block.group.rank(place);
                let Some(until) = ends.get(rank.wrapping_sub(question.ranks.start) as usize) else {
                    return;
                };
                while place >= so_far.places.end && so_far.owner + 1 < end {
                    let owner = so_far.owner + 1;
                    so_far = SoFar::of(owner, starts.places(owner));
                }
                let own = Own { row: block.group.row(place), rank };
                if so_far.rank != Some(rank) {
                    self.look_at_day(block, block.day_of(place, &so_far.places), rank, &mut so_far);
                }
                let is_followed = self.is_followed(block, &so_far, own, *until)
                    || others.iter_mut().take_while(|(other, _)| other.first < *until).any(
                        |(other, known)| {
                            if known.owner != so_far.owner {
                                *known = SoFar::of(so_far.owner, other.places(so_far.owner));
                            }
                            if known.rank != Some(rank) {
                                self.look_at_day(other, other.day(known.owner, rank), rank, known);
                            }
                            self.is_followed(other, known, own, *until)
                        },
                    );
                if is_followed {
                    followed.push(own.row);
                }
            });
        }
        followed
    }

    /// Goes on to a day, of which the places are given.
    #[inline]
    fn look_at_day<W: Word>(
        &self,
        block: &Block<'_, '_, W>,
        day: Range<usize>,
        rank: u32,
        so_far: &mut SoFar,
    ) {
        let SoFar { places, latest, next, .. } = so_far;
        *latest = None;
        block.followers.each(day.clone(), |one| {
            let is_later = |known: usize| {
                let known = Own { row: block.group.row(known), rank };
                self.is_later(rank, || block.group.row(one), known)
            };
            if latest.is_none_or(is_later) {
                *latest = Some(one);
            }
        });
        if next.is_none_or(|next| next < day.end) {
            let found = block.followers.find(day.end..places.end, |_| true);
            *next = Some(found.unwrap_or(places.end));
        }
        so_far.rank = Some(rank);
    }

    /// Whether one of the same owner in a block, before a rank, follows one of the day that is looked at.
    #[inline]
    fn is_followed<W: Word>(
        &self,
        block: &Block<'_, '_, W>,
        SoFar { places, latest, next, .. }: &SoFar,
        own: Own,
        end: u32,
    ) -> bool {
        let group = block.group;
        let is_later = |place| self.is_later(group.rank(place), || group.row(place), own);
        let is_beyond = |place| group.rank(place) >= end;
        let next = next.unwrap_or(places.end);
        latest.is_some_and(is_later)
            || next < places.end && !is_beyond(next) && {
                // Where clocks are set back over midnight, one of the next day need not be later.
                let followers = &block.followers;
                let found =
                    followers.find(next..places.end, |place| is_beyond(place) || is_later(place));
                found.is_some_and(|place| !is_beyond(place))
            }
    }

    /// Whether one is later than another of the same day or of one before.
    #[inline]
    fn is_later(&self, rank: u32, row: impl Fn() -> u32, own: Own) -> bool {
        let activities = &self.view.store.activities;
        // The day is sooner known than the row.
        activities.times.is_later_day(rank, own.rank) || {
            let row = row();
            row != own.row && activities.is_later((row, rank), (own.row, own.rank))
        }
    }
}

impl<W: Word> Block<'_, '_, W> {
    /// The places of an owner.
    fn places(&self, owner: u32) -> Range<usize> {
        self.group.places(owner, self.partition)
    }

    /// The places of an owner that are of the same day as one of them: they are near it.
    #[inline]
    fn day_of(&self, place: usize, places: &Range<usize>) -> Range<usize> {
        let rank = self.group.rank(place);
        let is_of_day = |other: &usize| self.group.rank(*other) == rank;
        let before = (places.start..place).rev().take_while(is_of_day).count();
        let after = (place + 1..places.end).take_while(is_of_day).count();
        place - before..place + 1 + after
    }

    /// The places of an owner that are of a day.
    fn day(&self, owner: u32, rank: u32) -> Range<usize> {
        let stretch = self.group.of(owner, self.partition);
        stretch.all(stretch.between(&(rank..rank + 1)))
    }
}
