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
mod marks;
mod measures;
mod target;
mod things;

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use self::followed::{Answer, Question, Questions};
use self::gate::Gate;
use self::kinds::{Classes, Kinds, Which};
use self::marks::{MarkAll, Marks, Spots};
use self::measures::Of;
use self::target::{Target, Whole};
use self::things::Known;
use self::things::OfAll;
pub(super) use self::things::Things;
use super::bound::Bound;
use super::decisions::{Decision, Mark, Part};
use super::store::{Owned, Stretches, Word, Work};
use super::view::View;
use crate::model::Noun;
use crate::model::calendar::{Days, plus_days};
use crate::plan::{Condition, Measure, Rule, TestId};
use crate::verdict::Status;

/// The rules that can be judged quickly, by their places among those that are judged.
pub(super) struct Quick<'v> {
    rules: Vec<Option<QuickRule<'v>>>,
    questions: Vec<Question<'v>>,
    answers: Vec<Answer>,
    /// The ranks of all days of which a rule about activities judges those of some kind, and the
    /// classes of all that are judged.
    gates: (Range<u32>, Classes),
    of_all: OfAll,
}

/// A rule that can be judged quickly.
enum QuickRule<'v> {
    /// About activities that pass a gate and a test: what an answer says of them, by its place.
    Followed(Gate<'v>, Bound<'v>, usize),
    /// About the things of a population.
    Shaped(TestId, Bound<'v>, Shape<'v>),
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
    /// of days.
    pub(super) fn new<'p>(
        view: &View<'v>,
        rules: impl Iterator<Item = (Option<&'v Rule>, &'p [NaiveDate])>,
        range: Days,
    ) -> Quick<'v> {
        let mut questions = Questions::default();
        let mut of_all = OfAll::new();
        let rules: Vec<_> = rules
            .map(|(rule, periods)| {
                let rule = rule?;
                let quick = QuickRule::new(view, rule, periods, range, &mut questions)?;
                if let QuickRule::Shaped(.., shape) = &quick {
                    shape.mark_all(view, rule.noun, &mut of_all);
                }
                Some(quick)
            })
            .collect();
        let gates = rules.iter().flatten().filter_map(|rule| match rule {
            QuickRule::Followed(gate, ..) => Some(gate),
            QuickRule::Shaped(..) => None,
        });
        let none = (Range { start: u32::MAX, end: 0 }, view.classes(|_, _| false));
        let gates = gates.fold(none, |(ranks, mut classes), gate| {
            classes.add(&gate.in_any_state);
            (ranks.start.min(gate.ranks.start)..ranks.end.max(gate.ranks.end), classes)
        });
        let answers = questions.answers(view);
        Quick { rules, questions: questions.asked, answers, gates, of_all }
    }

    /// Some things of a noun, to be judged by one rule after the other.
    pub(super) fn things(&self, noun: Noun, rows: Range<usize>) -> Things<'_> {
        Things::new(noun, rows, &self.of_all)
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
                let answer = self.answers.get(*answer)?;
                let subjects = Arc::new(things.through(view, &self.gates, (gate, rest)));
                let mut part = Part::of(subjects.clone(), &[1]);
                for row in subjects.iter() {
                    part.add(answer.decide(*row, view.store.activities.rank(*row)));
                }
                Some(part)
            }
            QuickRule::Shaped(test, bound, shape) => {
                let noun = things.noun();
                let subjects = things.of(view, *test, bound);
                let known = if view.store.has_single_stretches(noun) {
                    shape.known(view, things)
                } else {
                    Vec::new()
                };
                let answers = &self.answers;
                Some(view.store.work(noun, Judge { view, shape, answers, subjects, known }))
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
        Some(QuickRule::Shaped(rule.population, Bound::new(view, test), shape))
    }
}

/// Judges subjects by a rule.
struct Judge<'j, 'v> {
    view: &'j View<'j>,
    shape: &'j Shape<'v>,
    answers: &'j [Answer],
    subjects: Arc<Vec<u32>>,
    /// For each period, where each subject's activities are that count; none if that is not known.
    known: Vec<Known>,
}

impl Work for Judge<'_, '_> {
    type Output = Part;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Part {
        let Judge { view, shape, answers, subjects, known } = self;
        match shape {
            Shape::Compare { of, periods } => {
                if matches!(of, Of::Count(_))
                    && known.len() == periods.len()
                    && !periods.iter().any(|period| period.is_in_doubt(view))
                {
                    return counted(owned.main(), subjects, periods, &known);
                }
                let mut part = Part::of(subjects.clone(), &targets(periods));
                let mut seen = of.seen();
                let wholes: Vec<Whole> = periods.iter().map(Target::whole).collect();
                for subject in subjects.iter() {
                    for (p, (period, whole)) in periods.iter().zip(&wholes).enumerate() {
                        let known = known.get(p);
                        let number = of.measure(view, owned, *subject, (period, known), &mut seen);
                        part.add(whole.decide(number.0, number.1));
                    }
                }
                part
            }
            Shape::Share { of, answer, periods } => {
                let mut part = Part::default();
                for subject in subjects.iter().copied() {
                    part.subject(subject);
                    for period in periods {
                        let (mut yes, mut all) = (0, 0);
                        owned.each(subject, &period.elapsed, |stretch| {
                            of.each(view, &stretch, &period.elapsed, |place| {
                                let (row, rank) = (stretch.row(place), stretch.rank(place));
                                let is_yes = |answer: &Answer| answer.is_yes(row, rank);
                                yes += u32::from(answers.get(*answer).is_some_and(is_yes));
                                all += 1;
                            });
                        });
                        part.push(&period.decide_share((yes, all)));
                    }
                }
                part
            }
            Shape::Next { of, ranks } => {
                let mut part = Part::of(subjects.clone(), &[1]);
                for subject in subjects.iter().copied() {
                    let mut is_there = false;
                    owned.each(subject, ranks, |stretch| {
                        let spots = known.first().map(|known| known.planned.spots(&stretch));
                        is_there |= match spots {
                            Some(Spots { places, marks: Some(marks) }) => {
                                marks.has_any(stretch.all(places))
                            }
                            _ => of.first_ahead(view, &stretch, ranks).is_some(),
                        };
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

/// Decides how many activities subjects have that have but their own, period by period: what is done
/// for one subject after the other is the same little thing.
fn counted<W: Word>(
    stretches: &Stretches<'_, W>,
    subjects: Arc<Vec<u32>>,
    periods: &[Target],
    known: &[Known],
) -> Part {
    let mut part = Part::by_period(subjects.clone(), &targets(periods));
    let mut done = vec![0; subjects.len()];
    let mut planned = vec![0; subjects.len()];
    for (p, (period, known)) in periods.iter().zip(known).enumerate() {
        known.done.count_each(stretches, &subjects, &mut done);
        known.planned.count_each(stretches, &subjects, &mut planned);
        let whole = period.whole();
        let decisions = done.iter().zip(&planned).map(|(done, planned)| {
            let Decision { status, is_final, measured } =
                whole.decide(i64::from(*done), i64::from(*done) + i64::from(*planned));
            (Mark::new(status, is_final), measured)
        });
        part.put((p, periods.len()), decisions);
    }
    part
}

fn targets(periods: &[Target]) -> Vec<i64> {
    periods.iter().map(|period| period.target).collect()
}

impl<'v> Shape<'v> {
    /// The kinds whose activities are asked for, of things that have but their own.
    fn kinds(&self) -> Vec<(&Kinds<'v>, Which)> {
        match self {
            Shape::Compare { of, .. } => {
                vec![(of.kinds(), Which::Over), (of.kinds(), Which::Plans)]
            }
            Shape::Next { of, .. } => vec![(of, Which::Ahead)],
            Shape::Share { .. } => Vec::new(),
        }
    }

    /// Marks what nothing but its class is asked of.
    fn mark_all(&self, view: &View<'_>, noun: Noun, known: &mut OfAll) {
        if !view.store.has_single_stretches(noun) {
            return;
        }
        for (kinds, which) in self.kinds().into_iter().filter(|(kinds, _)| kinds.is_by_class()) {
            let mark = || view.store.work(noun, MarkAll(kinds.classes(which)));
            let key = (noun, kinds.id, which);
            if !known.contains_key(&key)
                && let Some(bits) = mark()
            {
                known.insert(key, Arc::new(Marks::of_all(bits)));
            }
        }
    }

    /// What is known for each period of the activities of subjects that have but their own.
    fn known(&self, view: &View<'_>, things: &mut Things<'_>) -> Vec<Known> {
        match self {
            Shape::Compare { of, periods } => {
                let known = |period: &Target| {
                    let (done, plans) = ((of.kinds(), Which::Over), (of.kinds(), Which::Plans));
                    let done = things.marked(view, done, &period.over);
                    Known { done, planned: things.marked(view, plans, &period.plans) }
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
