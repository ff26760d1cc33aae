//! Which activities are followed: found for all of them at once, where they stand side by side,
//! however many rules ask.

use std::ops::Range;

use super::kinds::{Classes, Kinds};
use crate::engine::decisions::Decision;
use crate::engine::parallel::{in_parts, part_size};
use crate::engine::store::{Code, Owned, Stretch, Work};
use crate::engine::view::{Mode, View, has_bit};
use crate::model::Noun;
use crate::model::calendar::{Duration, plus_days};
use crate::plan::{Condition, SetId};
use crate::verdict::Status;

/// What rules ask of whether activities are followed.
#[derive(Default)]
pub(super) struct Questions<'v> {
    asked: Vec<Question<'v>>,
}

/// Whether activities of some days and classes are followed by some others, within how long.
struct Question<'v> {
    set: SetId,
    kinds: Kinds<'v>,
    within: Duration,
    lasts: bool,
    ranks: Range<u32>,
    of: Vec<Classes>,
}

/// Whether activities of some days are followed.
pub(super) struct Answer {
    /// A bit for each row.
    bits: Vec<u64>,
    /// The first of the days.
    first: u32,
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
        if within.is_clock() || !view.store.nothing_follows() {
            return None;
        }
        let same = |other: &Question<'_>| (other.set, other.within) == (*id, *within);
        if let Some(place) = self.asked.iter().position(same) {
            let known = self.asked.get_mut(place)?;
            known.ranks = known.ranks.start.min(ranks.start)..known.ranks.end.max(ranks.end);
            known.of.push(of);
            return Some(place);
        }
        let set = view.plan.set(*id);
        let kinds = Kinds::new(view, set).filter(Kinds::is_by_class_alone)?;
        let (within, lasts) = (*within, set.lasts);
        self.asked.push(Question { set: *id, kinds, within, lasts, ranks, of: vec![of] });
        Some(self.asked.len() - 1)
    }

    pub(super) fn answers(&self, view: &View<'v>) -> Vec<Answer> {
        self.asked.iter().map(|question| question.answer(view)).collect()
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
        matches!(self.decide(activity, rank).status, Status::Met | Status::OnTrack)
    }
}

impl<'v> Question<'v> {
    fn answer(&self, view: &View<'v>) -> Answer {
        let store = view.store;
        let times = &store.activities.times;
        let last = |rank: u32| view.calendar().plus(times.day(rank), self.within);
        // Where the days end within which each rank's must follow.
        let ends: Vec<u32> =
            self.ranks.clone().map(|rank| times.first_from(plus_days(last(rank), 1))).collect();
        let mut bits = vec![0_u64; (store.count(Noun::Activity) as usize).div_ceil(64)];
        let (known, now, plan) = (view.known, view.now, view.plan);
        for noun in [Noun::Opportunity, Noun::Lead, Noun::Customer] {
            let count = store.count(noun) as usize;
            let parts = in_parts(count, part_size(count, 1 << 12), |owners| {
                let view = View::new(plan, store, known, now, Mode::Decide);
                let search = Search { question: self, ends: &ends, view: &view, noun, owners };
                store.work(noun, search)
            });
            for row in parts.into_iter().flatten() {
                if let Some(word) = bits.get_mut(row as usize / 64) {
                    *word |= 1 << (row % 64);
                }
            }
        }
        let alone = |rank: u32| {
            let last = last(rank);
            let (status, is_final) = match view.is_over(last) {
                true => (Status::Missed, self.lasts),
                false if last <= view.day() => (Status::AtRisk, false),
                false => (Status::OnTrack, false),
            };
            Decision { status, is_final, measured: 0 }
        };
        let alone = self.ranks.clone().map(alone).collect();
        Answer { bits, first: self.ranks.start, alone, lasts: self.lasts }
    }
}

/// Looks for those that are followed, among the activities of some things.
struct Search<'q, 'v> {
    question: &'q Question<'v>,
    ends: &'q [u32],
    view: &'q View<'v>,
    noun: Noun,
    owners: Range<usize>,
}

impl Work for Search<'_, '_> {
    /// The rows of those that are.
    type Output = Vec<u32>;

    fn run<R: Code, C: Code>(self, owned: &Owned<'_, R, C>) -> Vec<u32> {
        let Question { ranks, of, .. } = self.question;
        let mut followed = Vec::new();
        for owner in self.owners.clone() {
            let owner = u32::try_from(owner).unwrap_or(u32::MAX);
            owned.each(owner, |stretch| {
                let places = stretch.between(ranks);
                for (place, class) in places.clone().zip(stretch.classes_of(places)) {
                    let is_asked = || of.iter().any(|classes| classes.has(*class));
                    if is_asked() && self.is_about(stretch.row(place)) {
                        let row = stretch.row(place);
                        let rank = stretch.rank(place);
                        let end = self.ends.get((rank - ranks.start) as usize).copied();
                        let one = One { row, rank, end: end.unwrap_or(0) };
                        let mut is_followed = self.is_followed_in(&stretch, &one, Some(place));
                        if !is_followed && !owned.is_single() {
                            owned.each(owner, |other| {
                                is_followed |= self.is_followed_in(&other, &one, None);
                            });
                        }
                        if is_followed {
                            followed.push(row);
                        }
                    }
                }
            });
        }
        followed
    }
}

/// An activity, and where the days end within which one must follow it.
struct One {
    row: u32,
    rank: u32,
    end: u32,
}

impl Search<'_, '_> {
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

    /// Whether there is a later one in a stretch, which may have it at a place.
    #[inline]
    fn is_followed_in<R: Code, C: Code>(
        &self,
        stretch: &Stretch<'_, R, C>,
        one: &One,
        place: Option<usize>,
    ) -> bool {
        let kinds = &self.question.kinds;
        let start = place.map_or_else(|| stretch.first_from(one.rank), |place| place + 1);
        // Only a day after the next is later for sure, whatever the clocks.
        let mut near = start..start;
        for next in start..stretch.len() {
            let rank = stretch.rank(next);
            if rank >= one.end {
                break;
            }
            if rank <= one.rank + 1 {
                near.end = next + 1;
            } else if kinds.is_one(self.view, stretch, next) {
                return true;
            }
        }
        if place.is_some() {
            let is_same_day = |place: &usize| stretch.rank(*place) == one.rank;
            near.start = (0..start).rev().take_while(is_same_day).last().unwrap_or(start);
        }
        near.into_iter().any(|next| {
            let row = stretch.row(next);
            let is_later = || {
                let same_day = stretch.rank(next) == one.rank;
                row != one.row && self.view.store.activities.is_later(row, one.row, same_day)
            };
            stretch.rank(next) < one.end && kinds.is_one(self.view, stretch, next) && is_later()
        })
    }
}
