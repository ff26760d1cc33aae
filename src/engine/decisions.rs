//! What was decided: status and figures of every rule, subject and period, in few bytes.

use std::sync::Arc;

use chrono::NaiveDate;

use super::outcome::Outcome;
use crate::model::Number;
use crate::verdict::Status;

/// The decisions of one rule.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decisions {
    /// A day in each period; each subject has a decision for each.
    pub(crate) periods: Vec<NaiveDate>,
    /// As they were made: nothing is copied to put them together.
    parts: Vec<Part>,
    /// How many decisions there are up to the end of each part.
    ends: Vec<usize>,
}

/// The decisions about some of a rule's subjects.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// Rows of the subjects, which rules about the same ones share.
    subjects: Arc<Vec<u32>>,
    /// Whether those of the first period come first, of all subjects, and not those of the first
    /// subject, of all periods.
    is_by_period: bool,
    marks: Vec<Mark>,
    measured: Figures,
    /// Of every decision; or of every period, where they are the same for all subjects.
    target: Figures,
}

/// A status, and whether it is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark(u8);

const FINAL: u8 = 8;

/// How many marks can be told apart.
const MARKS: usize = 16;

/// A decision that rests on whole numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decision {
    pub(super) status: Status,
    pub(super) is_final: bool,
    pub(super) measured: i64,
}

impl Decisions {
    pub(super) fn new(periods: Vec<NaiveDate>) -> Self {
        Decisions { periods, ..Decisions::default() }
    }

    /// Adds those about other subjects.
    pub(super) fn add(&mut self, part: Part) {
        if !part.marks.is_empty() {
            self.ends.push(self.len() + part.marks.len());
            self.parts.push(part);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The part that has a decision, and its place there.
    fn part(&self, place: usize) -> Option<(&Part, usize)> {
        let n = self.ends.partition_point(|end| *end <= place);
        let part = self.parts.get(n)?;
        Some((part, place + part.marks.len() - self.ends.get(n)?))
    }

    /// Rows of the subjects.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = u32> {
        self.parts.iter().flat_map(|part| part.subjects.iter().copied())
    }

    /// How many there are of each status for each of so many holders, of whom `holder` says to
    /// which one a subject's belong.
    pub(super) fn tally(&self, holders: usize, holder: impl Fn(u32) -> usize) -> Vec<[u64; 6]> {
        let periods = self.periods.len().max(1);
        let mut counts = vec![0_u64; holders * MARKS];
        let mut add = |subject: &u32, Mark(mark): &Mark| {
            if let Some(count) = counts.get_mut(holder(*subject) * MARKS + usize::from(*mark)) {
                *count += 1;
            }
        };
        for Part { subjects, is_by_period, marks, .. } in &self.parts {
            if *is_by_period {
                for marks in marks.chunks(subjects.len()) {
                    subjects.iter().zip(marks).for_each(|(subject, mark)| add(subject, mark));
                }
            } else {
                for (subject, marks) in subjects.iter().zip(marks.chunks(periods)) {
                    marks.iter().for_each(|mark| add(subject, mark));
                }
            }
        }
        let of_status = |counts: &[u64], status: Status| {
            [false, true]
                .iter()
                .map(|is_final| {
                    let Mark(mark) = Mark::new(status, *is_final);
                    counts.get(usize::from(mark)).copied().unwrap_or(0)
                })
                .sum()
        };
        let of_holder = |counts: &[u64]| Status::ALL.map(|status| of_status(counts, status));
        counts.chunks(MARKS).map(of_holder).collect()
    }

    /// The subject and the period of a decision.
    pub(crate) fn about(&self, place: usize) -> Option<(u32, NaiveDate)> {
        let periods = self.periods.len().max(1);
        let (part, place) = self.part(place)?;
        let subject = part.subjects.get(place / periods)?;
        Some((*subject, *self.periods.get(place % periods)?))
    }

    fn mark(&self, place: usize) -> Option<Mark> {
        let (part, place) = self.part(place)?;
        part.marks.get(part.slot(place, self.periods.len())).copied()
    }

    pub(crate) fn status(&self, place: usize) -> Status {
        self.mark(place).map_or(Status::Unknown, Mark::status)
    }

    pub(crate) fn is_final(&self, place: usize) -> bool {
        self.mark(place).is_some_and(Mark::is_final)
    }

    pub(crate) fn measured(&self, place: usize) -> Option<Number> {
        let (part, place) = self.part(place)?;
        part.measured.get(part.slot(place, self.periods.len()))
    }

    pub(crate) fn target(&self, place: usize) -> Option<Number> {
        let (part, place) = self.part(place)?;
        part.target.get(if part.target.len() < part.marks.len() {
            place % self.periods.len().max(1)
        } else {
            place
        })
    }
}

impl Mark {
    pub(super) fn new(status: Status, is_final: bool) -> Mark {
        Mark(status as u8 | if is_final { FINAL } else { 0 })
    }

    /// One of four, by two questions whose answers cannot be foreseen: no branch chooses.
    #[inline]
    pub(super) fn one_of(of: &[[Mark; 2]; 2], is_first: bool, is_second: bool) -> Mark {
        let [[Mark(neither), Mark(second)], [Mark(first), Mark(both)]] = *of;
        let if_so = |bits: u8, is_so: bool| bits & 0_u8.wrapping_sub(u8::from(is_so));
        Mark(
            neither
                ^ if_so(neither ^ first, is_first)
                ^ if_so(neither ^ second, is_second)
                ^ if_so(neither ^ first ^ second ^ both, is_first & is_second),
        )
    }

    fn status(self) -> Status {
        Status::ALL.get(usize::from(self.0 & !FINAL)).copied().unwrap_or(Status::Unknown)
    }

    fn is_final(self) -> bool {
        self.0 & FINAL != 0
    }
}

impl Part {
    /// With room for decisions about these subjects, whose targets are the same in each period.
    pub(super) fn of(subjects: Arc<Vec<u32>>, targets: &[i64]) -> Part {
        let count = subjects.len() * targets.len();
        let target = Figures::of(targets);
        let measured = Figures { whole: Vec::with_capacity(count), other: Vec::new() };
        let marks = Vec::with_capacity(count);
        Part { subjects, is_by_period: false, marks, measured, target }
    }

    /// With room for decisions about all of these subjects, period by period.
    pub(super) fn by_period(subjects: Arc<Vec<u32>>, targets: &[i64]) -> Part {
        Part { is_by_period: true, ..Part::of(subjects, targets) }
    }

    /// Adds what is decided in the next period of all subjects, in their order.
    pub(super) fn add_period(&mut self, measured: &[u32], marks: impl Iterator<Item = Mark>) {
        self.marks.extend(marks);
        let Figures { whole, .. } = &mut self.measured;
        // All are small if no bit that is set in any of them is high.
        let any = measured.iter().fold(0, |any, number| any | number);
        if i32::try_from(any).is_ok() {
            whole.extend(measured.iter().map(|number| number.cast_signed()));
        } else {
            measured.iter().for_each(|number| self.measured.push_whole((*number).into()));
        }
    }

    /// Where a decision is kept, by its place where each subject's stand together.
    fn slot(&self, place: usize, periods: usize) -> usize {
        if self.is_by_period {
            let periods = periods.max(1);
            place % periods * self.subjects.len() + place / periods
        } else {
            place
        }
    }

    /// Says that the decisions to come are about this subject.
    pub(super) fn subject(&mut self, row: u32) {
        Arc::make_mut(&mut self.subjects).push(row);
    }

    pub(super) fn push(&mut self, outcome: &Outcome) {
        self.target.push(outcome.figures.target.as_ref());
        self.push_measured(outcome);
    }

    /// The same of an outcome whose target is that of its period.
    pub(super) fn push_measured(&mut self, outcome: &Outcome) {
        self.marks.push(Mark::new(outcome.status, outcome.is_final));
        self.measured.push(outcome.figures.measured.as_ref());
    }

    /// Adds a decision whose target is that of its period.
    #[inline]
    pub(super) fn add(&mut self, decision: Decision) {
        self.marks.push(Mark::new(decision.status, decision.is_final));
        self.measured.push_whole(decision.measured);
    }
}

/// Numbers, most of them small and whole.
#[derive(Debug, Clone, Default)]
struct Figures {
    whole: Vec<i32>,
    /// The places and values of those that are neither, where `whole` says [`OTHER`].
    other: Vec<(usize, Number)>,
}

const OTHER: i32 = i32::MIN;
const NONE: i32 = i32::MIN + 1;

impl Figures {
    fn of(numbers: &[i64]) -> Figures {
        let mut figures = Figures::default();
        numbers.iter().for_each(|number| figures.push_whole(*number));
        figures
    }

    /// A number as it is kept, if it is small.
    #[inline]
    fn whole(number: i64) -> Option<i32> {
        i32::try_from(number).ok().filter(|n| *n > NONE)
    }

    fn len(&self) -> usize {
        self.whole.len()
    }

    fn push(&mut self, number: Option<&Number>) {
        let Some(number) = number else { return self.whole.push(NONE) };
        match number.to_whole().and_then(Figures::whole) {
            Some(whole) => self.whole.push(whole),
            None => {
                self.other.push((self.whole.len(), number.clone()));
                self.whole.push(OTHER);
            }
        }
    }

    #[inline]
    fn push_whole(&mut self, number: i64) {
        match Figures::whole(number) {
            Some(whole) => self.whole.push(whole),
            None => self.push(Some(&Number::from(number))),
        }
    }

    fn get(&self, place: usize) -> Option<Number> {
        match *self.whole.get(place)? {
            NONE => None,
            OTHER => {
                let found = self.other.binary_search_by_key(&place, |(place, _)| *place).ok()?;
                self.other.get(found).map(|(_, number)| number.clone())
            }
            whole => Some(Number::from(whole)),
        }
    }
}
