//! What was decided: status and figures of every rule, subject and period, in few bytes.

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
    /// Rows of the subjects.
    subjects: Vec<u32>,
    /// A status, and whether it is final.
    marks: Vec<u8>,
    measured: Figures,
    /// Of every decision; or of every period, where they are the same for all subjects.
    target: Figures,
}

const FINAL: u8 = 8;

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

    /// Each subject with how it stands in the periods.
    pub(super) fn by_subject(&self) -> impl Iterator<Item = (u32, impl Iterator<Item = Status>)> {
        let periods = self.periods.len().max(1);
        self.parts.iter().flat_map(move |part| {
            let marks = part.marks.chunks(periods);
            let statuses = marks.map(|marks| marks.iter().map(|mark| status(*mark)));
            part.subjects.iter().copied().zip(statuses)
        })
    }

    /// The subject and the period of a decision.
    pub(crate) fn about(&self, place: usize) -> Option<(u32, NaiveDate)> {
        let periods = self.periods.len().max(1);
        let (part, place) = self.part(place)?;
        let subject = part.subjects.get(place / periods)?;
        Some((*subject, *self.periods.get(place % periods)?))
    }

    fn mark(&self, place: usize) -> Option<u8> {
        let (part, place) = self.part(place)?;
        part.marks.get(place).copied()
    }

    pub(crate) fn status(&self, place: usize) -> Status {
        self.mark(place).map_or(Status::Unknown, status)
    }

    pub(crate) fn is_final(&self, place: usize) -> bool {
        self.mark(place).is_some_and(|mark| mark & FINAL != 0)
    }

    pub(crate) fn measured(&self, place: usize) -> Option<Number> {
        let (part, place) = self.part(place)?;
        part.measured.get(place)
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

fn status(mark: u8) -> Status {
    Status::ALL.get(usize::from(mark & !FINAL)).copied().unwrap_or(Status::Unknown)
}

fn mark(status: Status, is_final: bool) -> u8 {
    status as u8 | if is_final { FINAL } else { 0 }
}

impl Part {
    /// With room for decisions about these subjects, whose targets are the same in each period.
    pub(super) fn of(subjects: Vec<u32>, targets: &[i64]) -> Part {
        let count = subjects.len() * targets.len();
        let mut target = Figures::default();
        targets.iter().for_each(|number| target.push_whole(*number));
        let measured = Figures { whole: Vec::with_capacity(count), other: Vec::new() };
        Part { subjects, marks: Vec::with_capacity(count), measured, target }
    }

    /// Says that the decisions to come are about this subject.
    pub(super) fn subject(&mut self, row: u32) {
        self.subjects.push(row);
    }

    pub(super) fn push(&mut self, outcome: &Outcome) {
        self.target.push(outcome.figures.target.as_ref());
        self.push_measured(outcome);
    }

    /// The same of an outcome whose target is that of its period.
    pub(super) fn push_measured(&mut self, outcome: &Outcome) {
        self.marks.push(mark(outcome.status, outcome.is_final));
        self.measured.push(outcome.figures.measured.as_ref());
    }

    /// Adds a decision whose target is that of its period.
    #[inline]
    pub(super) fn add(&mut self, decision: Decision) {
        self.marks.push(mark(decision.status, decision.is_final));
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
    fn len(&self) -> usize {
        self.whole.len()
    }

    fn push(&mut self, number: Option<&Number>) {
        let Some(number) = number else { return self.whole.push(NONE) };
        match number.to_whole().and_then(|n| i32::try_from(n).ok()).filter(|n| *n > NONE) {
            Some(whole) => self.whole.push(whole),
            None => {
                self.other.push((self.whole.len(), number.clone()));
                self.whole.push(OTHER);
            }
        }
    }

    #[inline]
    fn push_whole(&mut self, number: i64) {
        match i32::try_from(number).ok().filter(|n| *n > NONE) {
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
