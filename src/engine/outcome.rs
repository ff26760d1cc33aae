//! What a condition comes to for a subject, and how the parts of a condition combine.

use chrono::NaiveDate;

use super::answer::{Answer, Gap};
use crate::model::calendar::Days;
use crate::model::{Item, Number};
use crate::sentence::uncovered;
use crate::verdict::Status;

/// How a condition stands for a subject, with what it rests on.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) status: Status,
    /// Unknown for want of coverage, rather than of a field.
    pub(super) is_uncovered: bool,
    /// Why it is not applicable or unknown.
    pub(super) reason: Option<String>,
    /// Whether no later activity can change it.
    pub(super) is_final: bool,
    /// Whether it is a standing condition: one without an end.
    pub(super) is_standing: bool,
    pub(super) due: Due,
    pub(super) figures: Figures,
    /// The days of the window or of the deadline.
    pub(super) days: Option<Days>,
    pub(super) evidence: Vec<(NaiveDate, Item)>,
    pub(super) sentence: String,
}

/// The numbers of a comparison.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    pub(super) measured: Option<Number>,
    pub(super) target: Option<Number>,
    pub(super) planned: Option<Number>,
    pub(super) missing: Option<Number>,
}

impl Figures {
    /// Measured ÷ target, from 0 to 1, at most four decimals.
    pub(super) fn attainment(&self) -> Option<f64> {
        let quotient = self.measured.as_ref()?.checked_div(self.target.as_ref()?)?;
        let limited = quotient.max(Number::zero()).min(Number::from(1));
        Some(limited.round_half_up(4).to_f64())
    }
}

/// When acting still helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) by: DueBy,
    /// Which way acting moves what is measured.
    pub(super) helps: Helps,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DueBy {
    /// The last day of a period or deadline.
    Day(NaiveDate),
    /// The as-of day if missed, else the day before it changes.
    Standing,
}

/// Whether doing more is what the condition asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Helps {
    /// `>=`, `>`.
    More,
    /// `<=`, `<`: nothing can be done by acting.
    Less,
    /// Something else than more or less.
    Other,
}

impl Outcome {
    /// A standing condition that holds or does not.
    pub(super) fn standing(holds: bool, sentence: String) -> Self {
        Outcome {
            status: if holds { Status::Met } else { Status::Missed },
            is_uncovered: false,
            reason: None,
            is_final: false,
            is_standing: true,
            due: Due { by: DueBy::Standing, helps: Helps::Other },
            figures: Figures::default(),
            days: None,
            evidence: Vec::new(),
            sentence,
        }
    }

    /// No verdict, and why, without a sentence.
    pub(super) fn gap(gap: Gap) -> Self {
        let (status, is_uncovered, reason) = match gap {
            Gap::NotApplicable(reason) => (Status::NotApplicable, false, reason),
            Gap::Unknown(reason) => (Status::Unknown, false, reason),
            Gap::Uncovered(reason) => (Status::Unknown, true, reason),
        };
        let outcome = Outcome::standing(false, String::new());
        Outcome { status, is_uncovered, reason: Some(reason), ..outcome }
    }

    /// The same, but unknown because activities are not all known.
    pub(super) fn uncovered(self, reason: String) -> Self {
        Outcome {
            status: Status::Unknown,
            is_uncovered: true,
            is_final: false,
            sentence: if reason.is_empty() {
                String::new()
            } else {
                uncovered(&self.sentence, &reason)
            },
            reason: Some(reason),
            ..self
        }
    }

    /// "In a `where`, an `unless` and a `that`, at least on track is yes; unknown and not
    /// applicable are no."
    pub(super) fn answer(&self) -> Answer {
        match self.status {
            Status::Met | Status::OnTrack => Answer::Yes,
            Status::Unknown if self.is_uncovered => Answer::Uncovered,
            _ => Answer::No,
        }
    }

    /// `not` reverses.
    pub(super) fn not(self) -> Self {
        let status = match self.status {
            Status::Met => Status::Missed,
            Status::OnTrack => Status::AtRisk,
            Status::AtRisk => Status::OnTrack,
            Status::Missed => Status::Met,
            same @ (Status::NotApplicable | Status::Unknown) => same,
        };
        let helps = match self.due.helps {
            Helps::More => Helps::Less,
            Helps::Less => Helps::More,
            Helps::Other => Helps::Other,
        };
        Outcome { status, due: Due { helps, ..self.due }, ..self }
    }
}

/// Missed < at risk < on track < met.
pub(super) fn rank(status: Status) -> u8 {
    match status {
        Status::Missed => 0,
        Status::AtRisk => 1,
        Status::OnTrack => 2,
        Status::Met => 3,
        Status::NotApplicable | Status::Unknown => 4,
    }
}

/// How parts make a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// `and` takes the lowest. Missed if a part is missed, else unknown if one is.
    All,
    /// `or` takes the highest. Met if a part is met, else unknown if one is.
    Any,
}

impl Joined {
    /// The status that decides whatever the others are.
    fn decisive(self) -> Status {
        match self {
            Joined::All => Status::Missed,
            Joined::Any => Status::Met,
        }
    }

    fn beats(self, a: Status, b: Status) -> bool {
        match self {
            Joined::All => rank(a) < rank(b),
            Joined::Any => rank(a) > rank(b),
        }
    }

    /// The place of the part that decides, the first of equals; none of no parts. Parts that are
    /// not applicable are left out; if all of them are, the first stands for the whole.
    pub(super) fn deciding(self, parts: &[Outcome]) -> Option<usize> {
        let is_open = |part: &Outcome| part.status != Status::NotApplicable;
        let first = |is_meant: &dyn Fn(&Outcome) -> bool| parts.iter().position(is_meant);
        let best = || {
            let mut best: Option<(usize, Status)> = None;
            for (i, part) in parts.iter().enumerate().filter(|(_, part)| is_open(part)) {
                if best.is_none_or(|(_, status)| self.beats(part.status, status)) {
                    best = Some((i, part.status));
                }
            }
            best.map(|(i, _)| i)
        };
        first(&|part| part.status == self.decisive())
            .or_else(|| first(&|part| part.status == Status::Unknown && !part.is_uncovered))
            .or_else(|| first(&|part| part.status == Status::Unknown))
            .or_else(best)
            .or_else(|| (!parts.is_empty()).then_some(0))
    }

    /// The part that decides, and whether it does so for good; none of no parts.
    pub(super) fn combine(self, mut parts: Vec<Outcome>) -> Option<Outcome> {
        let index = self.deciding(&parts)?;
        let decided_for_good = parts.iter().any(|p| p.status == self.decisive() && p.is_final);
        // What is not applicable now may be asked later.
        let are_final = if parts.iter().all(|part| part.status == Status::NotApplicable) {
            parts.first().is_some_and(|part| part.is_final)
        } else {
            parts.iter().all(|part| part.is_final)
        };
        let part = parts.swap_remove(index);
        let is_final = (decided_for_good || are_final) && part.status != Status::Unknown;
        Some(Outcome { is_final, ..part })
    }
}
