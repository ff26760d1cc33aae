//! Stories in plain words.

use std::fmt;

use chrono::NaiveDate;

use super::{Enough, Lapse, Modifier, Need, Prorated, Reason, Silence, State, What};

impl State {
    /// As a story has it: `planned, but its day is over`.
    pub fn words(self) -> &'static str {
        match self {
            State::Completed => "completed",
            State::Planned => "still planned",
            State::Overdue => "planned, but its day is over",
            State::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, unit) = match self {
            Lapse::Days(n) => (*n, "day"),
            Lapse::Minutes(n @ 0..120) => (*n, "minute"),
            Lapse::Minutes(n @ 120..2880) => (n / 60, "hour"),
            Lapse::Minutes(n) => (n / 1440, "day"),
        };
        write!(f, "{n} {unit}{}", if n == 1 { "" } else { "s" })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Status { found, .. } => f.write_str(found.words()),
            Reason::NotYetKnown { since } => write!(f, "not known before {since}"),
            Reason::TooClose { to, day, from } => {
                write!(f, "too close to {to} on {day}")?;
                from.map_or(Ok(()), |from| write!(f, ", would count from {from}"))
            }
            Reason::BookedLate { booked, last } => {
                write!(f, "booked on {booked}, asked by {last}")
            }
            Reason::TooEarly { by } => write!(f, "{by} too early"),
            Reason::TooLate { by } => write!(f, "{by} too late"),
            Reason::Unknown { field } => write!(f, "`{field}` is unknown"),
            // The sentence of a comparison says what is asked.
            Reason::Where { found, .. } if found.contains(", asked ") => f.write_str(found),
            Reason::Where { asked, found } => write!(f, "{found} (asked `{asked}`)"),
            Reason::On { noun, found: None, .. } => write!(f, "on no {noun}"),
            Reason::On { noun, found: Some(id), because } => {
                write!(f, "on {noun} {id}")?;
                because.as_ref().map_or(Ok(()), |because| write!(f, ": {because}"))
            }
            Reason::Elsewhere { noun, found: None } => write!(f, "names no {noun}"),
            Reason::Elsewhere { noun, found: Some(id) } => match noun.as_str() {
                "seller" => write!(f, "done by {id}"),
                _ => write!(f, "on another {noun}: {id}"),
            },
            Reason::Fails { found } => f.write_str(found),
            Reason::Kind { found, asked } => {
                write!(f, "wrong kind: {found} (asked {})", either(asked))
            }
        }
    }
}

/// `call, visit or meeting`
pub(crate) fn either(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        words => words.concat(),
    }
}

impl fmt::Display for Prorated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Prorated { whole, eligible, of } = self;
        write!(f, "{whole} for the whole period, {eligible} of {of} days count")
    }
}

fn range(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "always".to_owned(),
    }
}

impl fmt::Display for Modifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Modifier::Exempt { unless, found } => {
                write!(f, "unless: exempt by `{unless}` ({found})")
            }
            Modifier::Grace { last } => {
                write!(f, "grace: through {last} it is at risk instead of missed")
            }
            Modifier::Warned { missed } => {
                write!(f, "warn: as things are planned it would be missed on {missed}")
            }
            Modifier::NotForeseen { reason } => {
                write!(f, "warn: whether it would be missed soon is not known: {reason}")
            }
            Modifier::InForce { from, to } => {
                write!(f, "in force: only days {} count", range(*from, *to))
            }
        }
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Silence::NotInForce { from, to } => {
                write!(f, "the rule is in force {}", range(*from, *to))
            }
            Silence::NotYet { since } => write!(f, "it exists since {since}, after the as-of day"),
            Silence::Ended { last } => write!(f, "it ended on {last}"),
            Silence::OutOfRange { day, from, to } => {
                write!(f, "its day, {day}, is not from {from} to {to}")
            }
            Silence::Other { population, reasons } => {
                let reasons: Vec<String> = reasons.iter().map(Reason::to_string).collect();
                write!(f, "it is not one of `{population}`")?;
                if reasons.is_empty() { Ok(()) } else { write!(f, ": {}", reasons.join("; ")) }
            }
        }
    }
}

fn more_than(above: bool) -> &'static str {
    if above { "more than " } else { "" }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::More { amount, of } => write!(f, "{of}: {amount} more"),
            What::Different { amount, field, of } => {
                write!(f, "{of}: {amount} more, each with another {field}")
            }
            What::Sum { amount, above, field, of } => {
                write!(f, "{of}: {field} of {}{amount} more in sum", more_than(*above))
            }
            What::Large { amount, field, of, least, above } => {
                let least = if *above { format!("above {least}") } else { format!("of {least}") };
                let more = if *above { "" } else { " or more" };
                write!(f, "{of}: {amount} more, with {field} {least}{more}")
            }
            What::Pass { amount, of, that } => {
                write!(f, "{of}: {amount} more for which `{that}` holds")
            }
            What::Grow { amount, above, measure } => {
                write!(f, "{measure}: {}{amount} more", more_than(*above))
            }
            What::AtMost { amount, of } if amount.is_zero() => write!(f, "{of}: no more"),
            What::AtMost { amount, of } => write!(f, "{of}: at most {amount} more"),
            What::Fewer { amount, of } => write!(f, "{of}: {amount} fewer"),
            What::Plan { of } => write!(f, "a planned {of}"),
            What::Follow { of, booked: false } => write!(f, "a following {of}"),
            What::Follow { of, booked: true } => write!(f, "a following {of}, booked"),
            What::Fill { field } => write!(f, "`{field}` filled in"),
            What::Change { asked, found } => write!(f, "`{asked}`, where {found}"),
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Need { what, from, by, planned, on_track } = self;
        what.fmt(f)?;
        if let Some(from) = from {
            write!(f, " from {from}")?;
        }
        if let Some(by) = by {
            write!(f, " by {by}")?;
        }
        let planned = planned.as_ref().filter(|planned| !planned.is_zero());
        let planned = planned.map(|planned| format!("{planned} planned already"));
        let on_track = on_track.as_ref().filter(|amount| !amount.is_zero());
        let on_track = on_track.map(|amount| format!("{amount}, done or planned, for on track"));
        let notes: Vec<String> = planned.into_iter().chain(on_track).collect();
        if notes.is_empty() { Ok(()) } else { write!(f, " ({})", notes.join("; ")) }
    }
}

impl fmt::Display for Enough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |parts: &[Enough], word: &str| {
            let parts = parts.iter().map(|part| match part {
                Enough::All { .. } | Enough::Any { .. } => format!("({part})"),
                part => part.to_string(),
            });
            parts.collect::<Vec<_>>().join(word)
        };
        match self {
            Enough::Already => f.write_str("nothing more is needed"),
            Enough::Need(need) => need.fmt(f),
            Enough::Keep(need) => write!(f, "to keep it so, {need}"),
            Enough::All { of } => f.write_str(&join(of, " and ")),
            Enough::Any { of } => f.write_str(&join(of, " or ")),
            Enough::TooLate => f.write_str("too late: the time for it is over"),
            Enough::NotByDoing => f.write_str("nothing that is done now mends it"),
            Enough::Open => f.write_str("nothing can be said"),
        }
    }
}
