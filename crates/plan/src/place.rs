//! From the answer of a solver to acts at their hours.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use kadence::internals::{Item, Value};
use kadence::worklist::rehearsal::{Home, Lost};
use kadence::{Activity, Dataset, Moment, Noun};

use crate::diary::{Diary, instant, slot_start};
use crate::id;
use crate::planner::{Act, Place, Planner};
use crate::probe::{Effect, Tried};
use crate::program::{Answer, Pick};
use crate::proposal::Proposal;

/// Who is met and what is worked on, and on which days.
#[derive(Debug, Clone, Default)]
pub(crate) struct Met(BTreeMap<(Noun, String), Vec<NaiveDate>>);

impl Met {
    pub(crate) fn add(&mut self, act: &Activity, date: NaiveDate) {
        for whom in named(act) {
            self.0.entry(whom).or_default().push(date);
        }
    }

    /// Adds what is planned already.
    pub(crate) fn add_planned(&mut self, data: &Dataset, diaries: &BTreeMap<String, Diary>) {
        let planned = diaries.values().flat_map(|diary| &diary.planned);
        for (id, date) in planned.map(|planned| (&planned.id, planned.start.date())) {
            let Some(item) = data.find(Noun::Activity, id) else { continue };
            for noun in [Noun::Customer, Noun::Lead, Noun::Opportunity, Noun::Contact] {
                let field = data.schema().field_ref(Noun::Activity, noun.singular());
                if let Some(Value::Reference(row)) = field.map(|field| data.value(item, field)) {
                    let whom = data.id(Item { noun, row: *row }).to_owned();
                    self.0.entry((noun, whom)).or_default().push(date);
                }
            }
        }
    }

    /// How often the one whom an act is about is met: on a day, and in all.
    fn times(&self, act: &Activity, date: NaiveDate) -> (usize, usize) {
        let days = |whom: &(Noun, String)| self.0.get(whom).map_or(&[][..], Vec::as_slice);
        let named = named(act);
        let on_day =
            named.first().map_or(0, |whom| days(whom).iter().filter(|day| **day == date).count());
        (on_day, named.last().map_or(0, |whom| days(whom).len()))
    }
}

/// What an act is about, then the contact with whom it is.
fn named(act: &Activity) -> Vec<(Noun, String)> {
    let about = [
        (Noun::Customer, &act.customer),
        (Noun::Lead, &act.lead),
        (Noun::Opportunity, &act.opportunity),
    ];
    let about = about.into_iter().find_map(|(noun, id)| Some((noun, id.clone()?)));
    let contact = act.contact.clone().map(|id| (Noun::Contact, id));
    about.into_iter().chain(contact).collect()
}

impl Planner<'_> {
    /// What was picked, each at its time.
    pub(crate) fn acts_of(
        &self,
        seller: &str,
        diary: &Diary,
        chosen: &Proposal<'_>,
        answer: &Answer,
        wanted: &[Lost],
    ) -> Vec<Act> {
        let gaps = diary;
        let mut diary = diary.clone();
        let mut acts = Vec::new();
        let mut taken = HashSet::new();
        let mut met = Met::default();
        let last = diary.days.iter().rposition(|day| !day.is_after);
        let of = |pick: &Pick| {
            let offer = chosen.program.offers.get(pick.offer)?;
            let cell = offer.cells.get(pick.cell)?;
            let gap = gaps.days.get(cell.day)?.gaps.get(pick.gap)?;
            Some((offer, cell, gap))
        };
        let mut picks: Vec<_> =
            answer.picks.iter().filter_map(|pick| Some((pick, of(pick)?))).collect();
        // On a day, what has to be early comes first.
        picks.sort_by_key(|(pick, (_, cell, _))| {
            (cell.day, pick.gap, *cell.starts.end(), pick.offer)
        });
        for (pick, (offer, cell, gap)) in picks {
            let Some((one, kinds)) = chosen.of.get(pick.offer) else { continue };
            let is_of_cell = |(day, slot, _): &(usize, Option<u32>, _)| {
                *day == cell.day && slot.is_none_or(|slot| slot == *cell.starts.start())
            };
            let of_cell = one.effects().filter(is_of_cell);
            let Some((_, _, effect)) = of_cell.max_by_key(|(_, slot, _)| *slot) else { continue };
            let Some(date) = diary.days.get(cell.day).map(|day| day.date) else { continue };
            let end = (gap.start + gap.slots).saturating_sub(offer.slots);
            let starts = gap.start.max(*cell.starts.start())..=end.min(*cell.starts.end());
            for _ in 0..pick.times {
                let slot = diary.take(cell.day, starts.clone(), offer.slots, offer.minutes);
                let Some(slot) = slot else { continue };
                let Some(about) = self.next_about(one, date, &mut met) else { continue };
                let mut serves: Vec<Lost> = effect
                    .gains
                    .iter()
                    .filter_map(|(place, _)| wanted.get(*place).cloned())
                    .collect();
                serves.sort_by_key(|lost| std::cmp::Reverse(self.weight(lost)));
                let same = one.on.iter().filter(|(_, other)| gains(other, effect));
                let by = same.map(|(day, _)| *day).max().filter(|day| Some(*day) < last);
                let by = by.and_then(|day| diary.days.get(day)).map(|day| day.date);
                let act = self.act(
                    (seller, one.of.home),
                    (cell.day, slot, offer.slots, offer.minutes),
                    (kinds, about),
                    serves,
                    &mut taken,
                );
                acts.extend(act.map(|act| Act { by, ..act }));
            }
        }
        acts
    }

    /// An act at a place in a diary.
    pub(crate) fn act(
        &self,
        (seller, home): (&str, Home),
        place: Place,
        (kinds, about): (&[String], Activity),
        serves: Vec<Lost>,
        taken: &mut HashSet<String>,
    ) -> Option<Act> {
        let (day, slot, _, minutes) = place;
        let start = slot_start(self.ask, self.diaries.get(seller)?.days.get(day)?.date, slot);
        let first = serves.first()?;
        let is_taken = |id: &str| taken.contains(id) || self.taken.contains(id);
        let id = id::free(&id::of(seller, self.rule(first), first), is_taken);
        taken.insert(id.clone());
        let activity = Activity {
            id,
            kind: kinds.first().cloned().unwrap_or_default(),
            at: Moment::Utc(instant(self.rehearsal.calendar(), start)),
            minutes: Some(minutes.into()),
            ..about
        };
        let or = kinds.iter().skip(1).cloned().collect();
        let seller = seller.to_owned();
        Some(Act { activity, start, minutes, home, seller, or, by: None, serves, place })
    }

    /// About what the next act is, where it could be about several: what has nothing on that day and is
    /// met least.
    pub(crate) fn next_about(
        &self,
        one: &Tried,
        date: NaiveDate,
        met: &mut Met,
    ) -> Option<Activity> {
        let times = |about: &&Activity| {
            let (before, now) = (self.met.times(about, date), met.times(about, date));
            (before.0 + now.0, before.1 + now.1)
        };
        let about = one.of.about.iter().min_by_key(times)?.clone();
        met.add(&about, date);
        Some(about)
    }
}

/// Whether an act brings on one day what it brings on another.
fn gains(one: &Effect, other: &Effect) -> bool {
    one.gains == other.gains
}
