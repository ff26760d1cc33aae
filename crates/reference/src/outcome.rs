//! What a condition comes to for a subject, and how the parts of a condition combine.

use chrono::NaiveDate;
use kadence::Number;
use kadence::internals::Item;
use kadence::internals::calendar::Days;
use kadence::internals::sentence::{Words, uncovered};
use kadence::verdict::Status;

use crate::answer::{Answer, Gap};

/// How a condition stands for a subject, with what it rests on.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    /// Unknown for want of coverage, rather than of a field.
    pub(crate) is_uncovered: bool,
    /// Why it is not applicable or unknown.
    pub(crate) reason: Option<String>,
    /// Whether no later activity can change it.
    pub(crate) is_final: bool,
    /// Whether it is a standing condition: one without an end.
    pub(crate) is_standing: bool,
    pub(crate) due: Due,
    pub(crate) figures: Figures,
    /// The days of the window or of the deadline.
    pub(crate) days: Option<Days>,
    pub(crate) evidence: Vec<(NaiveDate, Item)>,
    pub(crate) sentence: String,
}

/// The numbers of a comparison.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    pub(crate) measured: Option<Number>,
    pub(crate) target: Option<Number>,
    pub(crate) planned: Option<Number>,
    pub(crate) missing: Option<Number>,
}

impl Figures {
    /// Measured ÷ target, from 0 to 1, at most four decimals.
    pub(crate) fn attainment(&self) -> Option<f64> {
        let quotient = self.measured.as_ref()?.checked_div(self.target.as_ref()?)?;
        let limited = quotient.max(Number::zero()).min(Number::from(1));
        Some(limited.round_half_up(4).to_f64())
    }
}

/// When acting still helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) by: DueBy,
    /// Which way acting moves what is measured.
    pub(crate) helps: Helps,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DueBy {
    /// The last day of a period or deadline.
    Day(NaiveDate),
    /// The as-of day if missed, else the day before it changes.
    Standing,
}

/// Whether doing more is what the condition asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Helps {
    /// `>=`, `>`.
    More,
    /// `<=`, `<`: nothing can be done by acting.
    Less,
    /// Something else than more or less.
    Other,
}

impl Outcome {
    /// A standing condition that holds or does not.
    pub(crate) fn standing(holds: bool, sentence: String) -> Self {
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

    /// No verdict, and why.
    pub(crate) fn gap(gap: &Gap, words: &dyn Words) -> Self {
        let reason = gap.reason().to_owned();
        let is_not_applicable = matches!(gap, Gap::NotApplicable(_));
        let status = if is_not_applicable { Status::NotApplicable } else { Status::Unknown };
        Outcome {
            status,
            is_uncovered: matches!(gap, Gap::Uncovered(_)),
            reason: Some(reason.clone()),
            ..Outcome::standing(false, words.gap(status, &reason))
        }
    }

    /// The same, but unknown because activities are not all known.
    pub(crate) fn uncovered(self, reason: String) -> Self {
        Outcome {
            status: Status::Unknown,
            is_uncovered: true,
            is_final: false,
            sentence: uncovered(&self.sentence, &reason),
            reason: Some(reason),
            ..self
        }
    }

    /// "In a `where`, an `unless` and a `that`, at least on track is yes; unknown and not
    /// applicable are no."
    pub(crate) fn answer(&self) -> Answer {
        match self.status {
            Status::Met | Status::OnTrack => Answer::Yes,
            Status::Unknown if self.is_uncovered => Answer::Uncovered,
            _ => Answer::No,
        }
    }

    /// "`not` reverses."
    pub(crate) fn not(self) -> Self {
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

/// "Missed < at risk < on track < met."
fn rank(status: Status) -> u8 {
    match status {
        Status::Missed => 0,
        Status::AtRisk => 1,
        Status::OnTrack => 2,
        Status::Met => 3,
        Status::NotApplicable | Status::Unknown => 4,
    }
}

/// "`and` takes the lowest", and "is missed if a part is missed, else unknown" if one is.
pub(crate) fn all(parts: Vec<Outcome>) -> Option<Outcome> {
    combine(parts, Status::Missed, |a, b| rank(a) < rank(b))
}

/// "`or` takes the highest", and "is met if a part is met, else unknown" if one is.
pub(crate) fn any(parts: Vec<Outcome>) -> Option<Outcome> {
    combine(parts, Status::Met, |a, b| rank(a) > rank(b))
}

/// The part that decides, the first of equals. "Not applicable parts are left out; all of them: not
/// applicable." `decisive` decides whatever the others are. None of no parts.
fn combine(
    parts: Vec<Outcome>,
    decisive: Status,
    beats: impl Fn(Status, Status) -> bool,
) -> Option<Outcome> {
    let (mut open, mut none): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|part| part.status != Status::NotApplicable);
    if open.is_empty() {
        open.append(&mut none);
        open.truncate(1);
    }
    // What is not applicable now may be asked later.
    let all_final = open.iter().chain(&none).all(|part| part.is_final);
    let decided_for_good = open.iter().position(|p| p.status == decisive && p.is_final);
    let of_status = |status| open.iter().position(|part| part.status == status);
    let decided = of_status(decisive);
    let unknown = open
        .iter()
        .position(|part| part.status == Status::Unknown && !part.is_uncovered)
        .or_else(|| of_status(Status::Unknown));
    let best = || {
        let mut best: Option<(usize, Status)> = None;
        for (i, part) in open.iter().enumerate() {
            if best.is_none_or(|(_, status)| beats(part.status, status)) {
                best = Some((i, part.status));
            }
        }
        best.map_or(0, |(i, _)| i)
    };
    let index = decided.or(unknown).unwrap_or_else(best);
    let is_final = decided_for_good.is_some() || all_final;
    if open.is_empty() {
        return None;
    }
    let part = open.swap_remove(index.min(open.len() - 1));
    Some(Outcome { is_final: is_final && part.status != Status::Unknown, ..part })
}
