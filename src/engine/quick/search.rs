//! The search for what is followed: one walk over the activities of some things for each question.

use std::ops::Range;
use std::sync::Arc;

use super::followed::Question;
use super::kinds::{Kinds, Which};
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

/// What is known of an owner's activities in a partition up to a day: nothing is looked at again for
/// each of them, however many there are.
struct SoFar {
    places: Range<usize>,
    /// The places of the day.
    day: Range<usize>,
    /// The latest of that day that is marked.
    latest: Option<usize>,
    /// The first that is marked after that day; the end of the places if there is none.
    next: usize,
}

impl SoFar {
    fn of(places: Range<usize>) -> SoFar {
        SoFar { places, day: 0..0, latest: None, next: 0 }
    }
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
        let mut followed = vec![Vec::new(); self.asked.len()];
        for (group, kept) in owned.groups().zip(self.kept) {
            for partition in group.partitions(&self.ranks) {
                let stretch = group.to_mark(self.owners.clone(), partition);
                let mut of_all = Marks::of_days(&stretch, &self.ranks);
                for (field, kept) in
                    elsewhere(self.view.store, self.noun).iter().zip(&kept.elsewhere)
                {
                    of_all = match kept {
                        Some(names) => of_all.but_not(names),
                        None => of_all.but_not_where(|place| {
                            self.view.store.column(*field).has_reference(group.row(place))
                        }),
                    };
                }
                let questions = self.asked.iter().zip(&kept.questions).zip(&mut followed);
                for ((asked, [of, over]), followed) in questions {
                    let (question, _) = asked;
                    let of = question.of.marked(of.as_ref(), &stretch).and(&of_all);
                    let over = question.kinds.classes(Which::Over).marked(over.as_ref(), &stretch);
                    self.look_through(owned, (group, partition), asked, (&of, &over), followed);
                }
            }
        }
        followed
    }
}

impl Search<'_, '_> {
    /// Adds those of one partition of a group of which one question asks.
    fn look_through<W: Word>(
        &self,
        owned: &Owned<'_, W>,
        (group, partition): (&Stretches<'_, W>, u32),
        (question, ends): &Asked<'_, '_>,
        (of, over): (&Marks, &Marks),
        followed: &mut Vec<u32>,
    ) {
        // Before this the class alone decides.
        let sure = if question.kinds.is_by_class() { self.view.settled } else { 0 };
        // Before this none stands elsewhere.
        let is_alone = owned.groups().count() == 1;
        let alone = if is_alone { group.ranks(partition).end } else { 0 };
        let starts = group.starts_of(partition);
        let mut owner = self.owners.start;
        let mut so_far = SoFar::of(starts.places(owner));
        let last = starts.places(self.owners.end.max(owner + 1) - 1);
        of.each(so_far.places.start..last.end, |place| {
            let rank = group.rank(place);
            let Some(until) = ends.get(rank.wrapping_sub(question.ranks.start) as usize) else {
                return;
            };
            while place >= so_far.places.end && owner + 1 < self.owners.end {
                owner += 1;
                so_far = SoFar::of(starts.places(owner));
            }
            if !so_far.day.contains(&place) {
                self.look_at_day(group, over, place, &mut so_far);
            }
            let own = Own { row: group.row(place), rank };
            let is_followed =
                self.is_followed_for_sure(group, &so_far, own, (over, sure.min(*until)))
                    || *until > sure.min(alone) && {
                        let (here, from) = ((group, partition, owner), sure.max(rank));
                        self.is_followed(owned, here, own, (&question.kinds, from..*until))
                    };
            if is_followed {
                followed.push(own.row);
            }
        });
    }

    /// Goes on to the day of a place.
    #[inline]
    fn look_at_day<W: Word>(
        &self,
        group: &Stretches<'_, W>,
        over: &Marks,
        place: usize,
        so_far: &mut SoFar,
    ) {
        let SoFar { places, day, latest, next } = so_far;
        let rank = group.rank(place);
        let is_of_day = |other: &usize| group.rank(*other) == rank;
        let before = (places.start..place).rev().take_while(is_of_day).count();
        let after = (place + 1..places.end).take_while(is_of_day).count();
        *day = place - before..place + 1 + after;
        *latest = None;
        over.each(day.clone(), |one| {
            let is_later = |known: usize| {
                let known = Own { row: group.row(known), rank };
                self.is_later(rank, || group.row(one), known)
            };
            if latest.is_none_or(is_later) {
                *latest = Some(one);
            }
        });
        if *next < day.end {
            *next = over.find(day.end..places.end, |_| true).unwrap_or(places.end);
        }
    }

    /// Whether one that is marked, before a rank, is later than one of the same owner and partition.
    #[inline]
    fn is_followed_for_sure<W: Word>(
        &self,
        group: &Stretches<'_, W>,
        SoFar { places, latest, next, .. }: &SoFar,
        own: Own,
        (over, end): (&Marks, u32),
    ) -> bool {
        let is_later = |place| self.is_later(group.rank(place), || group.row(place), own);
        let is_beyond = |place| group.rank(place) >= end;
        if own.rank >= end {
            return false;
        }
        latest.is_some_and(is_later)
            || *next < places.end && !is_beyond(*next) && {
                // Where clocks are set back over midnight, one of the next day need not be later.
                let found =
                    over.find(*next..places.end, |place| is_beyond(place) || is_later(place));
                found.is_some_and(|place| !is_beyond(place))
            }
    }

    /// Whether one of some kinds, before a rank, is later than one of an owner: in its own partition from
    /// a rank on, and in all others.
    fn is_followed<W: Word>(
        &self,
        owned: &Owned<'_, W>,
        (group, partition, owner): (&Stretches<'_, W>, u32, u32),
        own: Own,
        (kinds, ranks): (&Kinds<'_>, Range<u32>),
    ) -> bool {
        let is_any = |stretch: Stretch<'_, W>, from: u32| {
            stretch.between(&(from..ranks.end)).any(|place| {
                let one = (stretch.row(place), stretch.rank(place), stretch.class(place));
                kinds.is_one(self.view, one) && self.is_later(one.1, || one.0, own)
            })
        };
        owned.groups().any(|other| {
            let is_own = std::ptr::eq(other, group);
            other.partitions(&(own.rank..ranks.end)).any(|one| {
                let from = if is_own && one == partition { ranks.start } else { own.rank };
                from < ranks.end && is_any(other.of(owner, one), from)
            })
        })
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
