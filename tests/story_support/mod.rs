//! What the laws of stories tell apart.

use chrono::{NaiveDateTime, TimeDelta};
use kadence::verdict::{Part, Reason};

pub(crate) fn name(reason: &Reason) -> &'static str {
    match reason {
        Reason::Status { .. } => "status",
        Reason::NotYetKnown { .. } => "not yet known",
        Reason::TooClose { .. } => "too close",
        Reason::BookedLate { .. } => "booked late",
        Reason::TooEarly { .. } => "too early",
        Reason::TooLate { .. } => "too late",
        Reason::Unknown { .. } => "unknown",
        Reason::Where { .. } => "where",
        Reason::On { .. } => "on",
        Reason::Elsewhere { .. } => "elsewhere",
        Reason::Fails { .. } => "fails",
        Reason::Kind { .. } => "kind",
    }
}

/// What removing one that counted does to a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Removal {
    /// It is one less.
    OneLess,
    /// It is less by what that one adds.
    LessByValue,
    /// It is not more: another may count in its place.
    NotMore,
    /// It is not shorter.
    NotShorter,
}

/// Of measures of activities alone.
pub(crate) fn removal(asks: &str) -> Option<Removal> {
    let has = |words: &[&str]| words.iter().any(|word| asks.contains(word));
    if has(&["average", "median", "min ", "max ", "share of", "/", " - ", "effort", "customers"]) {
        return None;
    }
    Some(match asks {
        _ if has(&["longest gap", "days since"]) => Removal::NotShorter,
        _ if has(&["sum amount of offers"]) => Removal::LessByValue,
        _ if has(&["spaced", "distinct"]) => Removal::NotMore,
        _ if has(&["touchpoints", "calls", "activities", "meetings", "offers"]) => Removal::OneLess,
        _ => return None,
    })
}

pub(crate) fn shifted(at: &str, by: TimeDelta) -> String {
    let at = NaiveDateTime::parse_from_str(at, "%Y-%m-%dT%H:%M").unwrap();
    (at + by).format("%Y-%m-%dT%H:%M").to_string()
}

/// Every part with its place, from the whole inwards.
pub(crate) fn parts<'s>(part: &'s Part, place: &[usize], each: &mut dyn FnMut(&[usize], &'s Part)) {
    each(place, part);
    for (i, inner) in part.parts.iter().enumerate() {
        parts(inner, &[place, &[i]].concat(), each);
    }
}
