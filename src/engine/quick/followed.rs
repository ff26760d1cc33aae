//! Which activities are followed: found for all of them at once, where they stand side by side,
//! however many rules ask.

use std::ops::Range;

use chrono::NaiveDate;

use super::covering;
use super::kinds::{Classes, Kinds};
use super::search::{Keep, Search};
use crate::engine::decisions::Decision;
use crate::engine::parallel::{in_parts, part_size};
use crate::engine::store::{Owned, Stretch, Word, Work};
use crate::engine::view::{Mode, View, has_bit, set_bit};
use crate::model::calendar::{Duration, plus_days};
use crate::model::{Item, Noun};
use crate::plan::{Condition, SetId};
use crate::verdict::Status;

/// How many questions are answered at once: each answer takes a bit of every activity.
const MOST: usize = 64;

/// What rules ask of whether activities are followed.
#[derive(Default)]
pub(super) struct Questions<'v> {
    pub(super) asked: Vec<Question<'v>>,
}

/// Whether activities of some days and classes are followed by some others, within how long.
pub(super) struct Question<'v> {
    pub(super) set: SetId,
    pub(super) kinds: Kinds<'v>,
    within: Duration,
    lasts: bool,
    pub(super) ranks: Range<u32>,
    pub(super) of: Classes,
}

/// Whether activities of some days are followed.
pub(super) struct Answer {
    /// A bit for each row.
    bits: Vec<u64>,
    /// The first of the days.
    first: u32,
    /// By day, before which rank the days end within which another must follow.
    ends: Vec<u32>,
    /// By day, how one stands that is not followed.
    alone: Vec<Decision>,
    lasts: bool,
}

impl<'v> Questions<'v> {
    /// Asks of activities of some days and classes whether a condition holds, if it is one that can
    /// be answered for all at once: then the place of the answer.
    pub(super) fn ask(
        &mut self,
        view: &View<'v>,
        condition: &'v Condition,
        ranks: Range<u32>,
        of: Classes,
    ) -> Option<usize> {
        let Condition::Followed { set: id, booked: false, within } = condition else {
            return None;
        };
        if within.is_clock() || !view.store.nothing_follows() || !view.is_all_covered() {
            return None;
        }
        // Then one of the day before may follow.
        if view.store.activities.times.is_any_set_back(&ranks) {
            return None;
        }
        let same = |other: &Question<'_>| (other.set, other.within) == (*id, *within);
        if let Some(place) = self.asked.iter().position(same) {
            let known = self.asked.get_mut(place)?;
            known.ranks = covering(ranks, &known.ranks);
            known.of.add(&of);
            return Some(place);
        }
        if self.asked.len() >= MOST {
            return None;
        }
        let set = view.plan.set(*id);
        let kinds = Kinds::new(view, *id).filter(Kinds::is_by_class_alone)?;
        let (within, lasts) = (*within, set.lasts);
        self.asked.push(Question { set: *id, kinds, within, lasts, ranks, of });
        Some(self.asked.len() - 1)
    }

    /// The answers to all of them, by a walk for each over the activities of its days.
    pub(super) fn answers(&self, view: &View<'v>) -> Vec<Answer> {
        let store = view.store;
        let mut answers: Vec<Answer> = self.asked.iter().map(|one| one.unfollowed(view)).collect();
        let starts = self.asked.iter().map(|question| question.ranks.start);
        let ends = self.asked.iter().map(|question| question.ranks.end);
        let Some((start, end)) = starts.min().zip(ends.max()) else { return answers };
        let (known, now, plan) = (view.known, view.now, view.plan);
        for noun in [Noun::Opportunity, Noun::Lead, Noun::Customer] {
            let ends = answers.iter().map(|answer| answer.ends.as_slice());
            let asked = &*self.asked.iter().zip(ends).collect::<Vec<_>>();
            let kept = &*store.work(noun, Keep { asked, store, noun });
            let count = store.count(noun) as usize;
            let parts = in_parts(count, part_size(count, 1 << 12), |owners| {
                let view = &View::new(plan, store, known, now, Mode::Decide);
                let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
                let owners = place(owners.start)..place(owners.end);
                store.work(noun, Search { asked, kept, view, noun, ranks: start..end, owners })
            });
            for part in parts {
                for (answer, rows) in answers.iter_mut().zip(part) {
                    rows.iter().for_each(|row| set_bit(&mut answer.bits, *row));
                }
            }
        }
        answers
    }
}

impl Answer {
    /// As [`View::followed`] decides, of an activity that was asked about.
    #[inline]
    pub(super) fn decide(&self, activity: u32, rank: u32) -> Decision {
        if has_bit(&self.bits, activity) {
            return Decision { status: Status::Met, is_final: self.lasts, measured: 1 };
        }
        let alone = self.alone.get(rank.wrapping_sub(self.first) as usize).copied();
        alone.unwrap_or(Decision { status: Status::Unknown, is_final: false, measured: 0 })
    }

    #[inline]
    pub(super) fn is_yes(&self, activity: u32, rank: u32) -> bool {
        let alone = self.alone.get(rank.wrapping_sub(self.first) as usize);
        let is_on_track = alone.is_some_and(|alone| alone.status == Status::OnTrack);
        // Which are followed cannot be foreseen: both are looked at.
        has_bit(&self.bits, activity) | is_on_track
    }
}

impl Question<'_> {
    /// The last day on which one may follow that takes place on a day of a rank.
    fn last(&self, view: &View<'_>, rank: u32) -> NaiveDate {
        view.calendar().plus(view.store.activities.times.day(rank), self.within)
    }

    /// By day, where those days end.
    fn ends(&self, view: &View<'_>) -> Vec<u32> {
        let times = &view.store.activities.times;
        let end = |rank: u32| times.first_from(plus_days(self.last(view, rank), 1));
        self.ranks.clone().map(end).collect()
    }

    /// The answer where none is followed.
    fn unfollowed(&self, view: &View<'_>) -> Answer {
        let alone = |rank: u32| {
            let last = self.last(view, rank);
            let (status, is_final) = match view.is_over(last) {
                true => (Status::Missed, self.lasts),
                false if last <= view.day() => (Status::AtRisk, false),
                false => (Status::OnTrack, false),
            };
            Decision { status, is_final, measured: 0 }
        };
        Answer {
            bits: vec![0; (view.store.count(Noun::Activity) as usize).div_ceil(64)],
            first: self.ranks.start,
            ends: self.ends(view),
            alone: self.ranks.clone().map(alone).collect(),
            lasts: self.lasts,
        }
    }

    /// The first, by day and id, that follows an activity that was asked about.
    pub(super) fn follower(&self, view: &View<'_>, answer: &Answer, row: u32) -> Option<u32> {
        if !has_bit(&answer.bits, row) {
            return None;
        }
        let store = view.store;
        let activity = Item { noun: Noun::Activity, row };
        let rank = store.activities.rank(row);
        let end = *answer.ends.get(rank.wrapping_sub(answer.first) as usize)?;
        let mut first: Option<(u32, Item)> = None;
        let mut look_at = |owner: Item| {
            let search =
                FirstFollower { view, kinds: &self.kinds, owner: owner.row, row, rank, end };
            for (rank, row) in store.work(owner.noun, search) {
                let one = (rank, Item { noun: Noun::Activity, row });
                let is_before = |first: (u32, Item)| {
                    one.0.cmp(&first.0).then_with(|| store.by_id(one.1, first.1)).is_lt()
                };
                if first.is_none_or(is_before) {
                    first = Some(one);
                }
            }
        };
        let about = store.reference(activity, store.fields.activity_opportunity);
        match about.or_else(|| store.reference(activity, store.fields.activity_lead)) {
            Some(owner) => look_at(owner),
            None => store.owners(activity, Noun::Customer).into_iter().for_each(look_at),
        }
        first.map(|(_, item)| item.row)
    }
}

/// Looks for the first that follows an activity, among those of one thing.
struct FirstFollower<'q, 'v> {
    view: &'q View<'q>,
    kinds: &'q Kinds<'v>,
    owner: u32,
    row: u32,
    rank: u32,
    /// Before which rank it must be.
    end: u32,
}

impl Work for FirstFollower<'_, '_> {
    /// The rank and the row of the first in each stretch.
    type Output = Vec<(u32, u32)>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Vec<(u32, u32)> {
        let first = |stretch: Stretch<'_, W>| {
            let follows = |place: &usize| {
                let (row, rank) = (stretch.row(*place), stretch.rank(*place));
                let activities = &self.view.store.activities;
                row != self.row
                    && self.kinds.is_one(self.view, (row, rank, stretch.class(*place)))
                    && activities.is_later((row, rank), (self.row, self.rank))
            };
            let place = stretch.between(&(self.rank..self.end)).find(follows)?;
            Some((stretch.rank(place), stretch.row(place)))
        };
        let ranks = self.rank..self.end;
        let mut firsts = Vec::new();
        for group in owned.groups() {
            group.each_of(self.owner, &ranks, |stretch| firsts.extend(first(stretch)));
        }
        firsts
    }
}
