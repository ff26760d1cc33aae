//! Things threaded to cases.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::NaiveDate;

use super::Case;
use super::steps::Asked;
use super::thread::Thread;
use crate::engine::{Counted, Evaluation, Known, Store};
use crate::model::{Item, Noun, Number};

/// A thing of a step.
struct Thing {
    day: NaiveDate,
    step: usize,
    item: Item,
    worth: Option<Number>,
}

/// A case that is being made.
struct Open {
    case: Case,
    thread: Thread,
    last: Item,
    /// The day of its last thing.
    moved: NaiveDate,
}

/// The cases of things, by step, in the order of their first days.
pub(super) fn cases(
    evaluation: &Evaluation<'_>,
    asked: &Asked,
    found: Vec<Vec<Counted>>,
) -> Vec<Case> {
    let store = evaluation.store();
    let steps = found.len();
    let mut things: Vec<Thing> = Vec::new();
    for (step, found) in found.into_iter().enumerate() {
        let dated = found.into_iter().filter_map(|Counted { item, day, worth }| {
            Some(Thing { day: day?, step, item, worth })
        });
        things.extend(dated);
    }
    things.sort_by(|a, b| {
        (a.day, a.step).cmp(&(b.day, b.step)).then_with(|| store.by_id(a.item, b.item))
    });
    let mut threads = Threads { evaluation, steps, cases: Vec::new(), by_key: HashMap::new() };
    for thing in things {
        threads.add(thing);
    }
    let made = threads.cases.into_iter();
    made.map(|open| finished(evaluation, asked, open, steps)).collect()
}

struct Threads<'e> {
    evaluation: &'e Evaluation<'e>,
    steps: usize,
    cases: Vec<Open>,
    /// The places of cases that are on their way, by what they are about.
    by_key: HashMap<Item, Vec<usize>>,
}

impl Threads<'_> {
    fn add(&mut self, thing: Thing) {
        let store = self.evaluation.store();
        let thread = Thread::of(store, thing.item);
        let is_last = thing.step + 1 == self.steps;
        let place = self.find(&thing, &thread);
        let place = place.unwrap_or_else(|| {
            let is_whole = store.complete_from.is_none_or(|from| thing.day >= from);
            let case = Case {
                start: thing.step,
                reached: Vec::new(),
                things: vec![0; self.steps],
                lost: None,
                worth: None,
                expected: None,
                is_whole,
                seller: None,
            };
            self.cases.push(Open { case, thread, last: thing.item, moved: thing.day });
            self.cases.len() - 1
        });
        let Some(open) = self.cases.get_mut(place) else { return };
        let known: Vec<Item> = open.thread.keys().collect();
        let is_new = open.case.reached.is_empty();
        open.thread = open.thread.and(thread);
        for key in open.thread.keys().filter(|key| is_new || !known.contains(key)) {
            self.by_key.entry(key).or_default().push(place);
        }
        while open.case.last() < thing.step || open.case.reached.is_empty() {
            open.case.reached.push(thing.day);
        }
        if let Some(count) = open.case.things.get_mut(thing.step) {
            *count += 1;
        }
        (open.last, open.moved) = (thing.item, thing.day);
        if is_last {
            open.case.worth = thing.worth;
            for key in open.thread.keys() {
                self.by_key.entry(key).or_default().retain(|other| *other != place);
            }
        }
    }

    /// The case that a thing goes on with: of those that are about the same and on their way, the
    /// one that moved last.
    fn find(&self, thing: &Thing, thread: &Thread) -> Option<usize> {
        thread.keys().find_map(|key| {
            let places = self.by_key.get(&key)?.iter().copied();
            let fits = |place: &usize| {
                self.cases.get(*place).is_some_and(|open| {
                    open.case.start <= thing.step
                        && open.thread.is_with(thread)
                        && lost_on(self.evaluation, &open.thread)
                            .is_none_or(|day| day.is_none_or(|day| day >= thing.day))
                })
            };
            let moved =
                |place: &usize| self.cases.get(*place).map(|open| (open.moved, Reverse(*place)));
            places.filter(fits).max_by_key(moved)
        })
    }
}

/// Whether a case is lost, and on which day, if that is known.
fn lost_on(evaluation: &Evaluation<'_>, thread: &Thread) -> Option<Option<NaiveDate>> {
    let fields = &evaluation.store().fields;
    let is_lost = |item, field| matches!(evaluation.value(item, field), Some(Known::Text("lost")));
    match (thread.opportunity, thread.lead) {
        (Some(one), _) => {
            let day = || evaluation.value(one, fields.opportunity_closed).and_then(Known::day);
            is_lost(one, fields.opportunity_status).then(day)
        }
        (None, Some(lead)) => is_lost(lead, fields.lead_status).then_some(None),
        (None, None) => None,
    }
}

fn finished(evaluation: &Evaluation<'_>, asked: &Asked, open: Open, steps: usize) -> Case {
    let Open { mut case, thread, last, moved } = open;
    let store: &Store = evaluation.store();
    case.seller = store.owner(last).map(|seller| store.id(seller).into_owned());
    if case.last() + 1 < steps {
        let lost = lost_on(evaluation, &thread);
        case.lost = lost.map(|day| day.map_or(moved, |day| day.max(moved)));
        let worth = thread.opportunity.filter(|one| one.noun == Noun::Opportunity).zip(asked.worth);
        case.expected = worth.and_then(|(one, field)| evaluation.number(one, field));
    }
    case
}
