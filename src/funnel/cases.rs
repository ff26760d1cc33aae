//! Things threaded to cases.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

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
    let mut threads = Threads { evaluation, steps, cases: Vec::new(), waiting: HashMap::new() };
    for thing in things {
        threads.add(thing);
    }
    let made = threads.cases.into_iter();
    made.map(|open| finished(evaluation, asked, open, steps)).collect()
}

/// What a case is about, whether it names an opportunity and a lead, and the step at which it
/// began: whatever decides whether a thing can go on with it.
type Key = (Item, (bool, bool), usize);

struct Threads<'e> {
    evaluation: &'e Evaluation<'e>,
    steps: usize,
    cases: Vec<Open>,
    /// The places of cases that are on their way, the one that moved last at the end.
    waiting: HashMap<Key, BTreeSet<(NaiveDate, Reverse<usize>)>>,
}

impl Threads<'_> {
    fn add(&mut self, thing: Thing) {
        let store = self.evaluation.store();
        let thread = Thread::of(store, thing.item);
        let is_last = thing.step + 1 == self.steps;
        let place = match self.find(&thing, &thread) {
            Some(place) => place,
            None => self.begin(&thing, thread),
        };
        self.wait(place, false);
        let Some(open) = self.cases.get_mut(place) else { return };
        open.thread = open.thread.and(thread);
        let case = &mut open.case;
        // A lead that was entered late was there when what came of it was; a meeting after the offer
        // was not.
        let is_entered = matches!(thing.item.noun, Noun::Lead | Noun::Opportunity);
        let is_late = is_entered && thing.step < case.start;
        if let (true, Some(first)) = (is_late, case.reached.first().copied()) {
            let before = std::iter::repeat_n(first, case.start - thing.step);
            case.reached.splice(0..0, before);
            case.start = thing.step;
        }
        while case.reached.is_empty() || case.last() < thing.step {
            case.reached.push(thing.day);
        }
        case.things.get_mut(thing.step).into_iter().for_each(|count| *count += 1);
        (open.last, open.moved) = (thing.item, thing.day);
        if is_last {
            case.worth = thing.worth;
        } else {
            self.wait(place, true);
        }
    }

    fn begin(&mut self, thing: &Thing, thread: Thread) -> usize {
        let store = self.evaluation.store();
        let case = Case {
            start: thing.step,
            reached: Vec::new(),
            things: vec![0; self.steps],
            lost: None,
            is_lost: false,
            worth: None,
            expected: None,
            is_whole: store.complete_from.is_none_or(|from| thing.day >= from),
            seller: None,
        };
        self.cases.push(Open { case, thread, last: thing.item, moved: thing.day });
        self.cases.len() - 1
    }

    /// Puts a case among those that wait for something, or takes it away.
    fn wait(&mut self, place: usize, waits: bool) {
        let Some(open) = self.cases.get(place) else { return };
        let Thread { opportunity, lead, .. } = open.thread;
        for item in open.thread.keys() {
            let key = (item, (opportunity.is_some(), lead.is_some()), open.case.start);
            let places = self.waiting.entry(key).or_default();
            let entry = (open.moved, Reverse(place));
            if waits {
                places.insert(entry)
            } else {
                places.remove(&entry)
            };
        }
    }

    /// The case that a thing goes on with: of those that are about the same and on their way, the
    /// one that moved last.
    fn find(&mut self, thing: &Thing, thread: &Thread) -> Option<usize> {
        let both = [false, true];
        let named = both.iter().flat_map(|one| both.iter().map(move |lead| (*one, *lead)));
        let named: Vec<(bool, bool)> = named.collect();
        thread.keys().find_map(|item| {
            // Of a customer there can be much at a time, of a lead only what was entered late.
            let is_customer = item.noun == Noun::Customer;
            let last = if is_customer { thing.step } else { self.steps };
            let keys = (0..=last).flat_map(|start| named.iter().map(move |names| (start, *names)));
            let found = keys.filter_map(|(start, names)| {
                // Where both name one, that one decides, and is asked for by itself.
                let decides = |noun: Noun, own: Option<Item>, has: bool| {
                    item.noun != noun && own.is_some() && has
                };
                if is_customer && decides(Noun::Lead, thread.lead, names.1)
                    || decides(Noun::Opportunity, thread.opportunity, names.0)
                {
                    return None;
                }
                self.latest((item, names, start), thing.day)
            });
            let found: Vec<(NaiveDate, Reverse<usize>)> = found.collect();
            found.into_iter().max().map(|(_, Reverse(place))| place)
        })
    }

    /// The case of a key that moved last, without those that are lost by a day.
    fn latest(&mut self, key: Key, day: NaiveDate) -> Option<(NaiveDate, Reverse<usize>)> {
        let places = self.waiting.get_mut(&key)?;
        while let Some(entry) = places.last().copied() {
            let thread = self.cases.get(entry.1.0).map(|open| &open.thread)?;
            let lost = lost_on(self.evaluation, thread).flatten();
            if lost.is_none_or(|lost| lost >= day) {
                return Some(entry);
            }
            places.remove(&entry);
        }
        None
    }
}

/// Whether a case is lost, and on which day, if that is known.
fn lost_on(evaluation: &Evaluation<'_>, thread: &Thread) -> Option<Option<NaiveDate>> {
    let fields = &evaluation.store().fields;
    let is_lost = |item, field| matches!(evaluation.value(item, field), Some(Known::Text("lost")));
    match (thread.opportunity, thread.lead) {
        (Some(one), _) => is_lost(one, fields.opportunity_status).then(|| closed(evaluation, one)),
        (None, Some(lead)) => is_lost(lead, fields.lead_status).then_some(None),
        (None, None) => None,
    }
}

fn closed(evaluation: &Evaluation<'_>, opportunity: Item) -> Option<NaiveDate> {
    let field = evaluation.store().fields.opportunity_closed;
    evaluation.value(opportunity, field).and_then(Known::day)
}

fn finished(evaluation: &Evaluation<'_>, asked: &Asked, open: Open, steps: usize) -> Case {
    let Open { mut case, thread, last, moved } = open;
    let store: &Store = evaluation.store();
    case.seller = store.owner(last).map(|seller| store.id(seller).into_owned());
    if case.last() + 1 < steps {
        let won = thread.opportunity.filter(|one| {
            let status = evaluation.value(*one, store.fields.opportunity_status);
            asked.ends_with_opportunities && matches!(status, Some(Known::Text("won")))
        });
        // One that is won, and not what the goal counts, is over too.
        let ended = lost_on(evaluation, &thread).or(won.map(|one| closed(evaluation, one)));
        case.is_lost = ended.is_some();
        case.lost = ended.flatten().map(|day| day.max(moved));
        let worth = thread.opportunity.zip(asked.worth);
        case.expected = worth.and_then(|(one, field)| evaluation.number(one, field));
    }
    case
}
