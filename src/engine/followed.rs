//! Which activities are followed: found for all of them at once, where they stand side by side,
//! however many rules ask.

use std::ops::Range;
use std::sync::Arc;

use super::decisions::Decision;
use super::kinds::Kinds;
use super::parallel::{in_parts, part_size};
use super::store::Run;
use super::view::{Mode, View};
use crate::model::Noun;
use crate::model::calendar::{Duration, plus_days};
use crate::plan::{Condition, SetId};
use crate::verdict::Status;

/// By which activities, within how long.
pub(super) struct Followed<'v> {
    set: SetId,
    kinds: Kinds<'v>,
    within: Duration,
    lasts: bool,
    known: Option<Arc<Known>>,
}

/// What is to be known of which activities.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) ranks: Range<u32>,
    /// By class.
    pub(super) wanted: Vec<bool>,
}

/// Whether activities of some days are followed, a bit for each row.
struct Known {
    ranks: Range<u32>,
    bits: Vec<u64>,
}

impl<'v> Followed<'v> {
    pub(super) fn new(view: &View<'v>, condition: &'v Condition) -> Option<Followed<'v>> {
        let Condition::Followed { set: id, booked: false, within } = condition else {
            return None;
        };
        let set = view.plan.set(*id);
        let kinds = Kinds::new(view, set)?;
        let is_plain = kinds.is_by_class_alone() && view.store.nothing_follows();
        let by_day = !within.is_clock();
        let (within, lasts) = (*within, set.lasts);
        (is_plain && by_day).then_some(Followed { set: *id, kinds, within, lasts, known: None })
    }

    /// As [`View::followed`] decides.
    pub(super) fn decide(&self, view: &View<'_>, activity: u32) -> Decision {
        let is_followed = self.is_followed(view, activity);
        let last = view.calendar().plus(view.store.day(activity), self.within);
        let (status, is_final) = match is_followed {
            true => (Status::Met, self.lasts),
            false if view.is_over(last) => (Status::Missed, self.lasts),
            false if last <= view.day() => (Status::AtRisk, false),
            false => (Status::OnTrack, false),
        };
        Decision { status, is_final, measured: i64::from(is_followed), target: 1 }
    }

    fn is_followed(&self, view: &View<'_>, activity: u32) -> bool {
        let rank = view.store.activities.ranks.get(activity as usize);
        match &self.known {
            Some(known) if known.ranks.contains(&rank) => {
                let word = known.bits.get(activity as usize / 64).copied().unwrap_or(0);
                word & (1 << (activity % 64)) != 0
            }
            _ => self.kinds.follows(view, activity, self.within),
        }
    }

    /// Finds out about all that is asked, once for those who ask about the same.
    pub(super) fn find_out(view: &View<'v>, asked: Vec<(&mut Followed<'v>, Question)>) {
        let mut groups: Vec<(Vec<&mut Followed<'v>>, Question)> = Vec::new();
        for (one, question) in asked {
            let same = |(others, _): &&mut (Vec<&mut Followed<'v>>, Question)| {
                others.first().is_some_and(|o| (o.set, o.within) == (one.set, one.within))
            };
            match groups.iter_mut().find(same) {
                Some((others, all)) => {
                    all.ranks.start = all.ranks.start.min(question.ranks.start);
                    all.ranks.end = all.ranks.end.max(question.ranks.end);
                    all.wanted.iter_mut().zip(question.wanted).for_each(|(a, b)| *a |= b);
                    others.push(one);
                }
                None => groups.push((vec![one], question)),
            }
        }
        for (mut who, question) in groups {
            let Some(first) = who.first() else { continue };
            let known = Arc::new(first.answer(view, question));
            who.iter_mut().for_each(|one| one.known = Some(known.clone()));
        }
    }

    fn answer(&self, view: &View<'v>, question: Question) -> Known {
        let store = view.store;
        let times = &store.activities.times;
        let Question { ranks, wanted } = question;
        // Where the days end within which each rank's must follow.
        let end = |rank: u32| {
            times.first_from(plus_days(view.calendar().plus(times.day(rank), self.within), 1))
        };
        let ends: Vec<u32> = ranks.clone().map(end).collect();
        let mut bits = vec![0_u64; (store.count(Noun::Activity) as usize).div_ceil(64)];
        let (known, now, plan) = (view.known, view.now, view.plan);
        for noun in [Noun::Opportunity, Noun::Lead, Noun::Customer] {
            let count = store.places_by(noun);
            let parts = in_parts(count, part_size(count, 1 << 16), |places| {
                let view = View::new(plan, store, known, now, Mode::Decide);
                let mut followed: Vec<u32> = Vec::new();
                store.each_place_by(noun, places, &ranks, &mut |run, place| {
                    let is_wanted = wanted.get(run.class(place) as usize) == Some(&true);
                    let end = ends.get((run.rank(place) - ranks.start) as usize).copied();
                    if is_wanted && self.is_it(&view, noun, run, place, end.unwrap_or(0)) {
                        followed.push(run.row(place));
                    }
                });
                followed
            });
            for row in parts.into_iter().flatten() {
                if let Some(word) = bits.get_mut(row as usize / 64) {
                    *word |= 1 << (row % 64);
                }
            }
        }
        Known { ranks, bits }
    }

    /// Whether an activity among those of an opportunity, a lead or a customer is about it, and
    /// followed there.
    fn is_it(&self, view: &View<'_>, noun: Noun, run: &Run<'_>, place: usize, end: u32) -> bool {
        let store = view.store;
        let row = run.row(place);
        let names = |field| store.column(field).has_reference(row);
        let fields = &store.fields;
        let is_about_another = match noun {
            Noun::Opportunity => false,
            Noun::Lead => names(fields.activity_opportunity),
            _ => names(fields.activity_opportunity) || names(fields.activity_lead),
        };
        if is_about_another {
            return false;
        }
        if noun == Noun::Customer && !store.customers_are_apart() {
            return self.kinds.follows(view, row, self.within);
        }
        let own = run.rank(place);
        let mut first = place;
        while first > run.places.start && run.rank(first - 1) == own {
            first -= 1;
        }
        self.kinds.is_later_in(view, run, first, (row, own), end)
    }
}
