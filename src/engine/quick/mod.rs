//! Rules whose decision rests on one whole number: how many, how long, or whether there is one.
//!
//! Most rules of a company are such rules, and most of the time of an evaluation is theirs. What is
//! the same for every subject (the days of a window, what is due by now) is worked out once; what is
//! left for a subject is a walk over words that hold a day and a kind each. A rule that is not of these
//! shapes is judged by [`View::stand`], whose decisions these are too.

mod evidence;
mod followed;
mod gate;
mod kinds;
mod known;
mod marks;
mod measures;
mod search;
mod target;
mod things;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use self::followed::{Answer, Question, Questions};
use self::gate::Gate;
pub(super) use self::kinds::Members;
use self::kinds::{Classes, Kinds, Which};
use self::marks::{Marks, OfAll, ToMark};
use self::measures::Of;
use self::target::{Target, Whole, targets};
use self::things::Known;
pub(super) use self::things::Things;
use super::bound::Bound;
use super::decisions::{Decision, Part};
use super::store::{Owned, Store, Word, Work};
use super::view::View;
use crate::model::Noun;
use crate::model::calendar::{Days, plus_days};
use crate::plan::{Condition, Measure, Rule, TestId};
use crate::verdict::Status;

/// The rules that can be judged quickly, by their places among those that are judged.
pub(super) struct Quick<'v> {
    rules: Vec<Option<QuickRule<'v>>>,
    questions: Vec<Question<'v>>,
    /// The ranks of all days of which a rule about activities judges those of some kind, and the
    /// classes of all that are judged.
    gates: (Range<u32>, Classes),
    found: Arc<Found>,
}

/// What was found out for all rules together.
pub(super) struct Found {
    answers: Vec<Answer>,
    of_all: OfAll,
}

/// A rule that can be judged quickly.
enum QuickRule<'v> {
    /// About activities that pass a gate and a test: what an answer says of them, by its place.
    Followed(Gate<'v>, Bound<'v>, usize),
    /// About the things of a population.
    Shaped { noun: Noun, test: TestId, bound: Bound<'v>, shape: Shape<'v> },
}

/// What is asked of a thing's activities.
enum Shape<'v> {
    Compare {
        of: Of<'v>,
        periods: Vec<Target>,
    },
    /// The share of these of which an answer says yes.
    Share {
        of: Kinds<'v>,
        answer: usize,
        periods: Vec<Target>,
    },
    /// There is one ahead on days of these ranks.
    Next {
        of: Kinds<'v>,
        ranks: Range<u32>,
    },
}

impl<'v> Quick<'v> {
    /// Of rules with a day in each of their periods; rules about activities judge those of a range
    /// of days. What was found out for the same rules need not be again.
    pub(super) fn new<'p>(
        view: &View<'v>,
        rules: impl Iterator<Item = (Option<&'v Rule>, &'p [NaiveDate])>,
        range: Days,
        found: Option<Arc<Found>>,
    ) -> Quick<'v> {
        let mut questions = Questions::default();
        let rules: Vec<_> = rules
            .map(|(rule, periods)| QuickRule::new(view, rule?, periods, range, &mut questions))
            .collect();
        let gates = rules.iter().flatten().filter_map(|rule| match rule {
            QuickRule::Followed(gate, ..) => Some(gate),
            QuickRule::Shaped { .. } => None,
        });
        let none = (NO_RANKS, view.classes(|_, _| false));
        let gates = gates.fold(none, |(ranks, mut classes), gate| {
            classes.add(&gate.in_any_state);
            (covering(ranks, &gate.ranks), classes)
        });
        let find = || {
            let answers = questions.answers(view);
            Arc::new(Found { answers, of_all: Quick::of_all(view.store, &rules) })
        };
        let found = found.unwrap_or_else(find);
        Quick { rules, questions: questions.asked, gates, found }
    }

    pub(super) fn found(&self) -> Arc<Found> {
        self.found.clone()
    }

    /// Marks what no more is asked of than its class and what it names.
    fn of_all(store: &Store, rules: &[Option<QuickRule<'_>>]) -> OfAll {
        let shapes = rules.iter().flatten().filter_map(|rule| match rule {
            QuickRule::Shaped { noun, shape, .. } => Some((*noun, shape)),
            QuickRule::Followed(..) => None,
        });
        // Each activity of the things of these stands once among those of all.
        let shapes = shapes.filter(|(noun, _)| store.has_one_group(*noun));
        let mut days: HashMap<Noun, Range<u32>> = HashMap::new();
        for (noun, shape) in shapes.clone() {
            let all = days.entry(noun).or_insert(NO_RANKS);
            *all = shape.ranks().fold(all.clone(), covering);
        }
        let mut to_mark = Vec::new();
        for (noun, shape) in shapes {
            let ranks = days.get(&noun).unwrap_or(&NO_RANKS);
            // What is ahead is looked up where things have several stretches.
            let is_used = |which| which != Which::Ahead || store.has_single_stretches(noun);
            let of = shape.kinds().into_iter().filter(|(_, which)| is_used(*which));
            to_mark.extend(of.map(|(kinds, which)| ToMark { noun, ranks, kinds, which }));
        }
        OfAll::new(store, to_mark)
    }

    /// Some things of a noun, to be judged by one rule after the other.
    pub(super) fn things(&self, noun: Noun, rows: Range<usize>) -> Things<'_> {
        Things::new(noun, rows, &self.found.of_all)
    }

    /// What a rule decides about some things, if it is one that can be judged quickly.
    pub(super) fn judge(
        &self,
        view: &View<'_>,
        rule: usize,
        things: &mut Things<'_>,
    ) -> Option<Part> {
        match self.rules.get(rule)?.as_ref()? {
            QuickRule::Followed(gate, rest, answer) => {
                let answer = self.found.answers.get(*answer)?;
                let subjects = Arc::new(things.through(view, &self.gates, (gate, rest)));
                let mut part = Part::of(subjects.clone(), &[1]);
                for row in subjects.iter() {
                    part.add(answer.decide(*row, view.store.activities.rank(*row)));
                }
                Some(part)
            }
            QuickRule::Shaped { noun, test, bound, shape } => {
                let subjects = things.of(view, *test, bound);
                let known = if view.store.has_single_stretches(*noun) {
                    shape.known(view, things)
                } else {
                    Vec::new()
                };
                let (answers, of_all) = (&*self.found.answers, OfNoun(&self.found.of_all, *noun));
                let judge = Judge { view, shape, answers, of_all, subjects, known };
                Some(view.store.work(*noun, judge))
            }
        }
    }
}

impl<'v> QuickRule<'v> {
    /// None where the rule is of another shape, or the data asks for more care: activities that
    /// are not all known.
    fn new(
        view: &View<'v>,
        rule: &'v Rule,
        periods: &[NaiveDate],
        range: Days,
        questions: &mut Questions<'v>,
    ) -> Option<QuickRule<'v>> {
        let is_plain = rule.unless.is_none()
            && rule.grace.is_none()
            && rule.warn.is_none()
            && !rule.prorate
            && rule.anchor.is_none();
        let test = view.plan.test(rule.population);
        if !is_plain {
            return None;
        }
        if rule.noun == Noun::Activity {
            let (gate, rest) = Gate::new(view, test, range.and(rule.in_force))?;
            let of = Gate::in_any_state(view, gate.classes);
            let condition = view.plan.condition(rule.condition);
            let answer = questions.ask(view, condition, gate.ranks.clone(), of)?;
            return Some(QuickRule::Followed(gate, Bound::All(rest), answer));
        }
        if !view.store.has_stretches(rule.noun) {
            return None;
        }
        let shape = Shape::new(view, rule, periods, questions)?;
        let bound = Bound::new(view, test);
        Some(QuickRule::Shaped { noun: rule.noun, test: rule.population, bound, shape })
    }
}

/// No days: covering these and others covers those others.
const NO_RANKS: Range<u32> = Range { start: u32::MAX, end: 0 };

/// All ranks between those of both.
fn covering(ranks: Range<u32>, more: &Range<u32>) -> Range<u32> {
    ranks.start.min(more.start)..ranks.end.max(more.end)
}

/// What is marked of the activities of all things of a noun.
#[derive(Clone, Copy)]
struct OfNoun<'j>(&'j OfAll, Noun);

impl<'j> OfNoun<'j> {
    fn get(self, kinds: &Kinds<'_>, which: Which) -> Option<&'j Marks> {
        self.0.get(self.1, kinds.id, which).map(|marks| &**marks)
    }
}

/// Judges subjects by a rule.
struct Judge<'j, 'v> {
    view: &'j View<'j>,
    shape: &'j Shape<'v>,
    answers: &'j [Answer],
    of_all: OfNoun<'j>,
    subjects: Arc<Vec<u32>>,
    /// For each period, where each subject's activities are that count; none if that is not known.
    known: Vec<Known>,
}

impl Work for Judge<'_, '_> {
    type Output = Part;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Part {
        let Judge { view, shape, answers, of_all, subjects, known } = self;
        match shape {
            Shape::Compare { of, periods } => {
                let is_known = known.len() == periods.len();
                if is_known && !periods.iter().any(|period| period.is_in_doubt(view)) {
                    return known::compared(view, owned.main(), (of, periods), subjects, &known);
                }
                let mut part = Part::of(subjects.clone(), &targets(periods));
                let mut seen = of.seen();
                let wholes: Vec<Whole> = periods.iter().map(Target::whole).collect();
                let of_all = [Which::Over, Which::Plans].map(|which| of_all.get(of.kinds(), which));
                for subject in subjects.iter() {
                    for (p, (period, whole)) in periods.iter().zip(&wholes).enumerate() {
                        let marked = (known.get(p), of_all);
                        let number = of.measure(view, owned, *subject, (period, marked), &mut seen);
                        part.add(whole.decide(number.0, number.1));
                    }
                }
                part
            }
            Shape::Share { of, answer, periods } => {
                let mut part = Part::default();
                let marks = of_all.get(of, Which::Over);
                let answer = answers.get(*answer);
                for subject in subjects.iter().copied() {
                    part.subject(subject);
                    for period in periods {
                        let (mut yes, mut all) = (0, 0);
                        owned.each(subject, &period.elapsed, |stretch| {
                            of.each(view, &stretch, (&period.elapsed, marks), |place| {
                                let (row, rank) = (stretch.row(place), stretch.rank(place));
                                let is_yes = |answer: &Answer| answer.is_yes(row, rank);
                                yes += u32::from(answer.is_some_and(is_yes));
                                all += 1;
                            });
                        });
                        part.push(&period.decide_share((yes, all)));
                    }
                }
                part
            }
            Shape::Next { of, ranks } => {
                if let [known] = known.as_slice() {
                    return known::planned(owned.main(), subjects, known);
                }
                let mut part = Part::of(subjects.clone(), &[1]);
                for subject in subjects.iter().copied() {
                    let mut is_there = false;
                    owned.each(subject, ranks, |stretch| {
                        is_there |= of.first_ahead(view, &stretch, ranks).is_some();
                    });
                    part.add(Decision {
                        status: if is_there { Status::Met } else { Status::Missed },
                        is_final: false,
                        measured: i64::from(is_there),
                    });
                }
                part
            }
        }
    }
}

impl<'v> Shape<'v> {
    /// The kinds whose activities are asked for.
    fn kinds(&self) -> Vec<(&Kinds<'v>, Which)> {
        match self {
            Shape::Compare { of, periods } => {
                let over = Some((of.kinds(), Which::Over));
                let has_plans = periods.iter().any(|period| !period.plans.is_empty());
                let plans = (of.counts_plans() && has_plans).then_some((of.kinds(), Which::Plans));
                over.into_iter().chain(plans).collect()
            }
            Shape::Next { of, .. } => vec![(of, Which::Ahead)],
            Shape::Share { of, .. } => vec![(of, Which::Over)],
        }
    }

    /// The ranks of days whose activities matter.
    fn ranks(&self) -> impl Iterator<Item = &Range<u32>> {
        let (periods, next) = match self {
            Shape::Compare { periods, .. } | Shape::Share { periods, .. } => {
                (periods.as_slice(), None)
            }
            Shape::Next { ranks, .. } => (&[][..], Some(ranks)),
        };
        let ranks = periods.iter().flat_map(|period| [&period.over, &period.plans]).chain(next);
        ranks.filter(|ranks| !ranks.is_empty())
    }

    /// What is known for each period of the activities of subjects that have but their own.
    fn known(&self, view: &View<'_>, things: &mut Things<'_>) -> Vec<Known> {
        match self {
            Shape::Compare { of, periods } => {
                let known = |period: &Target| {
                    let (done, plans) = ((of.kinds(), Which::Over), (of.kinds(), Which::Plans));
                    let done = things.marked(view, done, &period.over);
                    let days = if of.counts_plans() { &period.plans } else { &(0..0) };
                    Known { done, planned: things.marked(view, plans, days) }
                };
                periods.iter().map(known).collect()
            }
            Shape::Next { of, ranks } if view.ahead <= ranks.start => {
                let done = things.marked(view, (of, Which::Over), &(0..0));
                let planned = things.marked(view, (of, Which::Ahead), ranks);
                vec![Known { done, planned }]
            }
            Shape::Next { .. } | Shape::Share { .. } => Vec::new(),
        }
    }

    fn new(
        view: &View<'v>,
        rule: &'v Rule,
        periods: &[NaiveDate],
        questions: &mut Questions<'v>,
    ) -> Option<Shape<'v>> {
        let times = &view.store.activities.times;
        match view.plan.condition(rule.condition) {
            Condition::Compare(comparison) => {
                let target = |day: &NaiveDate| Target::new(view, rule, comparison, *day);
                let periods: Vec<Target> = periods.iter().map(target).collect::<Option<_>>()?;
                let Measure::Share { of, that } = &comparison.left else {
                    return Some(Shape::Compare { of: Of::new(view, comparison)?, periods });
                };
                let of = Kinds::new(view, *of)?;
                let start = periods.iter().map(|period| period.elapsed.start).min()?;
                let end = periods.iter().map(|period| period.elapsed.end).max()?;
                let that = view.plan.condition(*that);
                let answer = questions.ask(view, that, start..end, of.in_any_state(view))?;
                Some(Shape::Share { of, answer, periods })
            }
            Condition::Next { set, within }
                if within.is_none_or(|within| !within.is_clock()) && view.is_all_covered() =>
            {
                let last = within.map_or(NaiveDate::MAX, |within| view.day_after(within));
                let first = times.first_from(view.now.first_open_day());
                let ranks = first..times.first_from(plus_days(last, 1)).max(first);
                Some(Shape::Next { of: Kinds::new(view, *set)?, ranks })
            }
            _ => None,
        }
    }
}
