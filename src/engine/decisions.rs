//! What was decided: status and figures of every rule, subject and period, in few bytes.

use chrono::NaiveDate;

use super::outcome::Outcome;
use crate::model::Number;
use crate::verdict::Status;

/// The decisions of one rule.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decisions {
    /// Rows of the subjects that it judges.
    pub(crate) subjects: Vec<u32>,
    /// A day in each period; each subject has a decision for each.
    pub(crate) periods: Vec<NaiveDate>,
    /// A status, and whether it is final.
    marks: Vec<u8>,
    measured: Figures,
    target: Figures,
}

const FINAL: u8 = 8;

/// A decision that rests on whole numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decision {
    pub(super) status: Status,
    pub(super) is_final: bool,
    pub(super) measured: i64,
    pub(super) target: i64,
}

impl Decisions {
    pub(super) fn new(periods: Vec<NaiveDate>) -> Self {
        Decisions { periods, ..Decisions::default() }
    }

    pub(super) fn push(&mut self, outcome: &Outcome) {
        let is_final = if outcome.is_final { FINAL } else { 0 };
        self.marks.push(outcome.status as u8 | is_final);
        self.measured.push(outcome.figures.measured.as_ref());
        self.target.push(outcome.figures.target.as_ref());
    }

    pub(super) fn add(&mut self, decision: Decision) {
        let is_final = if decision.is_final { FINAL } else { 0 };
        self.marks.push(decision.status as u8 | is_final);
        self.measured.push_whole(decision.measured);
        self.target.push_whole(decision.target);
    }

    /// Adds those of other subjects.
    pub(super) fn append(&mut self, mut other: Decisions) {
        self.subjects.append(&mut other.subjects);
        self.marks.append(&mut other.marks);
        self.measured.append(other.measured);
        self.target.append(other.target);
    }

    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// The subject and the period of a decision.
    pub(crate) fn about(&self, place: usize) -> Option<(u32, NaiveDate)> {
        let periods = self.periods.len().max(1);
        let subject = self.subjects.get(place / periods)?;
        Some((*subject, *self.periods.get(place % periods)?))
    }

    pub(crate) fn status(&self, place: usize) -> Status {
        let mark = self.marks.get(place).map_or(0, |mark| usize::from(mark & !FINAL));
        Status::ALL.get(mark).copied().unwrap_or(Status::Unknown)
    }

    pub(crate) fn is_final(&self, place: usize) -> bool {
        self.marks.get(place).is_some_and(|mark| mark & FINAL != 0)
    }

    pub(crate) fn measured(&self, place: usize) -> Option<Number> {
        self.measured.get(place)
    }

    pub(crate) fn target(&self, place: usize) -> Option<Number> {
        self.target.get(place)
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

    fn push_whole(&mut self, number: i64) {
        match i32::try_from(number).ok().filter(|n| *n > NONE) {
            Some(whole) => self.whole.push(whole),
            None => self.push(Some(&Number::from(number))),
        }
    }

    fn append(&mut self, mut other: Figures) {
        let start = self.whole.len();
        self.other.extend(other.other.into_iter().map(|(place, number)| (start + place, number)));
        self.whole.append(&mut other.whole);
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
