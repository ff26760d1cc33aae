//! From the answer of a solver to acts at their hours.

use std::collections::HashSet;

use kadence::worklist::rehearsal::Lost;
use kadence::{Activity, Moment, Noun};

use crate::diary::{Diary, instant, slot_start};
use crate::id;
use crate::planner::{Act, Planner};
use crate::probe::{Effect, Tried};
use crate::program::Answer;
use crate::proposal::{Placed, Proposal};

impl Planner<'_> {
    /// What was picked, each at its time.
    pub(crate) fn acts(
        &self,
        seller: &str,
        diary: &Diary,
        chosen: &Proposal<'_>,
        answer: &Answer,
        wanted: &[Lost],
    ) -> Vec<Placed> {
        let mut diary = diary.clone();
        let mut acts = Vec::new();
        let (mut taken, mut with) = (HashSet::new(), HashSet::new());
        let last = diary.days.iter().rposition(|day| !day.is_after);
        let mut picks = answer.picks.clone();
        picks.sort_by_key(|pick| {
            let offer = chosen.program.offers.get(pick.offer);
            (
                offer.and_then(|offer| offer.cells.get(pick.cell)).map(|cell| cell.day),
                pick.gap,
                pick.offer,
            )
        });
        for pick in picks {
            let Some((offer, (one, kinds))) =
                chosen.program.offers.get(pick.offer).zip(chosen.of.get(pick.offer))
            else {
                continue;
            };
            let Some(cell) = offer.cells.get(pick.cell) else { continue };
            let Some(effect) = one.on.get(&cell.day) else { continue };
            for _ in 0..pick.times {
                let Some(slot) = diary.take(cell.day, pick.gap, offer.slots, offer.minutes) else {
                    continue;
                };
                let Some(date) = diary.days.get(cell.day).map(|day| day.date) else { continue };
                let start = slot_start(self.ask, date, slot);
                let Some(about) = self.next_about(one, &mut with) else { continue };
                let mut serves: Vec<Lost> = effect
                    .gains
                    .iter()
                    .filter_map(|(place, _)| wanted.get(*place).cloned())
                    .collect();
                serves.sort_by_key(|lost| std::cmp::Reverse(self.weight(lost)));
                let same = one.on.iter().filter(|(_, other)| gains(other, effect));
                let by = same.map(|(day, _)| *day).max().filter(|day| Some(*day) < last);
                let by = by.and_then(|day| diary.days.get(day)).map(|day| day.date);
                let is_taken = |id: &str| taken.contains(id) || self.taken.contains(id);
                let of = |lost: &Lost| id::of(seller, self.rule(lost), lost);
                let id = serves.first().map(|first| id::free(&of(first), is_taken));
                let Some(id) = id else { continue };
                taken.insert(id.clone());
                let activity = Activity {
                    id,
                    kind: kinds.first().cloned().unwrap_or_default(),
                    at: Moment::Utc(instant(self.rehearsal.calendar(), start)),
                    ..about
                };
                let act = Act {
                    activity,
                    start,
                    minutes: offer.minutes,
                    home: one.of.home,
                    seller: seller.to_owned(),
                    or: kinds.iter().skip(1).cloned().collect(),
                    by,
                    serves,
                };
                acts.push((act, (cell.day, slot, offer.slots, offer.minutes)));
            }
        }
        acts
    }

    /// About what the next act is, where it could be about several: what nothing is booked for yet.
    fn next_about(&self, one: &Tried, with: &mut HashSet<(Noun, String)>) -> Option<Activity> {
        let is_free = |about: &&Activity| {
            with_whom(about).is_none_or(|whom| !with.contains(&whom) && !self.with.contains(&whom))
        };
        let about = one.of.about.iter().find(is_free).or(one.of.about.first())?.clone();
        if one.of.about.len() > 1 {
            with.extend(with_whom(&about));
        }
        Some(about)
    }
}

/// With whom or about what an act is.
pub(crate) fn with_whom(act: &Activity) -> Option<(Noun, String)> {
    let named = [
        (Noun::Customer, &act.customer),
        (Noun::Lead, &act.lead),
        (Noun::Opportunity, &act.opportunity),
    ];
    named.into_iter().find_map(|(noun, id)| Some((noun, id.clone()?)))
}

/// Whether an act brings on one day what it brings on another.
fn gains(one: &Effect, other: &Effect) -> bool {
    one.gains == other.gains
}
