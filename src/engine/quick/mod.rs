//! Rules whose decision rests on one whole number: how many, how long, or whether there is one.
//!
//! Most rules of a company are such rules, and most of the time of an evaluation is theirs. What is
//! the same for every subject (the days of a window, what is due by now) is worked out once; what is
//! left for a subject is a walk over ranks and classes, which stand side by side. A rule that is not
//! of these shapes is judged by [`View::stand`], whose decisions these are too.

mod evidence;
mod followed;
mod kinds;
mod measures;
mod target;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use self::followed::{Answer, Question, Questions};
use self::kinds::{Classes, Kinds};
use self::measures::Of;
use self::target::Target;
use super::bound::Bound;
use super::decisions::{Decision, Part};
use super::span::Span;
use super::store::{COMPANY, Owned, Word, Work, kind_of, status_of};
use super::view::View;
use crate::check::rules::FieldTest;
use crate::model::calendar::{Days, plus_days};
use crate::model::{Item, Noun};
use crate::plan::{ClassSet, Condition, Measure, Rule, Test, TestId};
use crate::verdict::Status;

/// The rules that can be judged quickly, by their places among those that are judged.
pub(super) struct Quick<'v> {
    rules: Vec<Option<QuickRule<'v>>>,
    questions: Vec<Question<'v>>,
    answers: Vec<Answer>,
    /// The ranks of all days of which a rule about activities judges those of some kind.
    days: Range<u32>,
}

/// A rule that can be judged quickly.
struct QuickRule<'v> {
    population: Population<'v>,
    shape: Shape<'v>,
}

enum Population<'v> {
    Activities(Gate<'v>, Bound<'v>),
    Others(TestId, Bound<'v>),
}

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
    /// The place of an answer.
    Followed(usize),
}

/// Which activities a rule about activities judges, by what is quickly read.
struct Gate<'v> {
    classes: &'v ClassSet,
    in_any_state: Classes,
    ranks: Range<u32>,
}

/// Some things of a noun, and which of them belong to populations that were asked about.
pub(super) struct Things {
    noun: Noun,
    rows: Range<usize>,
    /// Those that can be judged at all.
    present: Option<Vec<u32>>,
    /// Of activities those of the days of all rules: their rows, ranks and classes.
    of_days: Option<Vec<(u32, u32, u32)>>,
    chosen: Vec<(TestId, Vec<u32>)>,
    /// Where the activities of a population's subjects start that are not before a day, by its
    /// rank: windows have days in common.
    firsts: HashMap<(TestId, u32), Places>,
}

/// A place for each of some subjects.
type Places = Arc<[u32]>;

impl<'v> Quick<'v> {
    /// Of rules with a day in each of their periods; rules about activities judge those of a range
    /// of days.
    pub(super) fn new<'p>(
        view: &View<'v>,
        rules: impl Iterator<Item = (Option<&'v Rule>, &'p [NaiveDate])>,
        range: Days,
    ) -> Quick<'v> {
        let mut questions = Questions::default();
        let rules: Vec<_> = rules
            .map(|(rule, periods)| QuickRule::new(view, rule?, periods, range, &mut questions))
            .collect();
        let gates = rules.iter().flatten().filter_map(|rule| match &rule.population {
            Population::Activities(gate, _) => Some(gate.ranks.clone()),
            Population::Others(..) => None,
        });
        let days = gates.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
        let answers = questions.answers(view);
        Quick { rules, questions: questions.asked, answers, days: days.unwrap_or_default() }
    }

    /// What a rule decides about some things, if it is one that can be judged quickly.
    pub(super) fn judge(&self, view: &View<'_>, rule: usize, things: &mut Things) -> Option<Part> {
        let rule = self.rules.get(rule)?.as_ref()?;
        let subjects = match &rule.population {
            Population::Activities(gate, rest) => things.through(view, &self.days, (gate, rest)),
            Population::Others(test, bound) => things.of(view, *test, bound),
        };
        let noun = things.noun;
        if let Shape::Followed(answer) = rule.shape {
            let answer = self.answers.get(answer)?;
            let mut part = Part::of(subjects.clone(), &[1]);
            for row in subjects {
                let rank = view.store.activities.rank(row);
                part.add(answer.decide(row, rank));
            }
            return Some(part);
        }
        let mut settled = Vec::new();
        if let (Population::Others(test, _), Shape::Compare { periods, .. }) =
            (&rule.population, &rule.shape)
            && view.store.has_single_stretches(noun)
        {
            for period in periods {
                let ranks = view.settled_ranks(&period.elapsed);
                let first = things.first_from(view, *test, &subjects, ranks.start);
                settled.push((first, things.first_from(view, *test, &subjects, ranks.end)));
            }
        }
        let (shape, answers) = (&rule.shape, &self.answers);
        Some(view.store.work(noun, Judge { view, shape, answers, subjects, settled }))
    }
}

impl Things {
    pub(super) fn new(noun: Noun, rows: Range<usize>) -> Things {
        Things {
            noun,
            rows,
            present: None,
            of_days: None,
            chosen: Vec::new(),
            firsts: HashMap::new(),
        }
    }

    /// For each subject of a population, its first activity whose rank is not below.
    fn first_from(&mut self, view: &View<'_>, test: TestId, subjects: &[u32], rank: u32) -> Places {
        let firsts = self.firsts.entry((test, rank));
        let search = || view.store.work(self.noun, FirstFrom { subjects, rank });
        firsts.or_insert_with(search).clone()
    }

    /// The activities that pass a gate and a test.
    fn through(
        &mut self,
        view: &View<'_>,
        days: &Range<u32>,
        (gate, rest): (&Gate<'_>, &Bound<'_>),
    ) -> Vec<u32> {
        let all = || {
            let words = &view.store.activities.words;
            let mut all = Vec::new();
            words.each_within(self.rows.clone(), days, |place| {
                let row = u32::try_from(place).unwrap_or(u32::MAX);
                all.push((row, words.rank(place), words.class(place)));
            });
            all
        };
        let is_one = |one: &&(u32, u32, u32)| {
            gate.holds(view, **one) && rest.holds(view, Item { noun: Noun::Activity, row: one.0 })
        };
        self.of_days.get_or_insert_with(all).iter().filter(is_one).map(|one| one.0).collect()
    }

    /// Those of a population.
    fn of(&mut self, view: &View<'_>, test: TestId, bound: &Bound<'_>) -> Vec<u32> {
        if let Some((_, chosen)) = self.chosen.iter().find(|(other, _)| *other == test) {
            return chosen.clone();
        }
        let noun = self.noun;
        let rows = self.rows.clone();
        let present = self.present.get_or_insert_with(|| view.present(noun, rows));
        let is_one = |row: &u32| bound.holds(view, Item { noun, row: *row });
        let chosen: Vec<u32> = present.iter().copied().filter(is_one).collect();
        self.chosen.push((test, chosen.clone()));
        chosen
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
            let population = Population::Activities(gate, Bound::All(rest));
            return Some(QuickRule { population, shape: Shape::Followed(answer) });
        }
        if !view.store.has_stretches(rule.noun) {
            return None;
        }
        let shape = Shape::new(view, rule, periods, questions)?;
        let population = Population::Others(rule.population, Bound::new(view, test));
        Some(QuickRule { population, shape })
    }
}

/// Searches the activities of subjects for a day.
struct FirstFrom<'s> {
    subjects: &'s [u32],
    rank: u32,
}

impl Work for FirstFrom<'_> {
    type Output = Places;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Places {
        let first = |subject: &u32| {
            let mut first = 0;
            owned.each(*subject, |stretch| first = stretch.first_from(self.rank));
            u32::try_from(first).unwrap_or(u32::MAX)
        };
        self.subjects.iter().map(first).collect()
    }
}

/// Judges subjects by a rule.
struct Judge<'j, 'v> {
    view: &'j View<'j>,
    shape: &'j Shape<'v>,
    answers: &'j [Answer],
    subjects: Vec<u32>,
    /// For each period, where each subject's activities start and end that are on days of it that
    /// are over for everybody; none if that is not known.
    settled: Vec<(Places, Places)>,
}

impl Work for Judge<'_, '_> {
    type Output = Part;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Part {
        let Judge { view, shape, answers, subjects, settled } = self;
        match shape {
            Shape::Compare { of, periods } => {
                let targets: Vec<i64> = periods.iter().map(|period| period.target).collect();
                let mut part = Part::of(subjects.clone(), &targets);
                let mut seen = of.seen();
                for (n, subject) in subjects.into_iter().enumerate() {
                    for (p, period) in periods.iter().enumerate() {
                        let settled = settled.get(p).and_then(|(first, end)| {
                            let first = *first.get(n)? as usize;
                            Some(first..(*end.get(n)? as usize).max(first))
                        });
                        let number = of.measure(view, owned, subject, (period, settled), &mut seen);
                        part.add(period.decide_whole(number.0, number.1));
                    }
                }
                part
            }
            Shape::Share { of, answer, periods } => {
                let mut part = Part::default();
                for subject in subjects {
                    part.subject(subject);
                    for period in periods {
                        let (mut yes, mut all) = (0, 0);
                        owned.each(subject, |stretch| {
                            of.each(view, &stretch, &period.elapsed, false, |place| {
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
                for subject in subjects {
                    let mut is_there = false;
                    owned.each(subject, |stretch| {
                        is_there = is_there || of.first_ahead(view, &stretch, ranks).is_some();
                    });
                    part.add(Decision {
                        status: if is_there { Status::Met } else { Status::Missed },
                        is_final: false,
                        measured: i64::from(is_there),
                    });
                }
                part
            }
            Shape::Followed(_) => Part::default(),
        }
    }
}

impl<'v> Shape<'v> {
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
                let of = Kinds::new(view, view.plan.set(*of))?;
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
                Some(Shape::Next { of: Kinds::new(view, view.plan.set(*set))?, ranks })
            }
            _ => None,
        }
    }
}

impl<'v> Gate<'v> {
    /// With what else is asked of an activity.
    fn new(
        view: &View<'v>,
        population: &'v Test,
        range: Days,
    ) -> Option<(Gate<'v>, Vec<Bound<'v>>)> {
        let parts = match population {
            Test::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let (Test::Class(classes), rest) = parts.split_first()? else { return None };
        let mut days = range;
        let mut others = Vec::new();
        for test in rest {
            match at_in(view, test) {
                Some(window) => days = days.and(view.elapsed(window)),
                None => others.push(Bound::new(view, test)),
            }
        }
        let times = &view.store.activities.times;
        let first = times.first_from(days.first);
        let ranks = first..times.first_from(plus_days(days.last, 1)).max(first);
        let in_any_state = Gate::in_any_state(view, classes);
        Some((Gate { classes, in_any_state, ranks }, others))
    }

    fn in_any_state(view: &View<'_>, classes: &ClassSet) -> Classes {
        view.classes(|kind, _| classes.states(kind) != 0)
    }

    /// Of an activity with its rank and class.
    fn holds(&self, view: &View<'_>, (row, rank, class): (u32, u32, u32)) -> bool {
        self.in_any_state.has(class) && self.ranks.contains(&rank) && {
            let state = view.state_of(row, rank, status_of(class));
            state.is_some_and(|state| self.classes.has(kind_of(class), state))
        }
    }
}

/// The days of a test that asks whether an activity's `at` lies in a window of whole days.
fn at_in(view: &View<'_>, test: &Test) -> Option<Days> {
    let Test::Where(condition) = test else { return None };
    let Condition::Field { path, test: FieldTest::In(window) } = view.plan.condition(*condition)
    else {
        return None;
    };
    let is_at = path.steps.as_slice() == [view.store.fields.activity_at];
    if !is_at || !window.is_same_for_all() {
        return None;
    }
    Span::of(view, COMPANY, window, view.day()).ok().map(|span| span.whole)
}
