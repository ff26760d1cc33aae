//! What is wanted of a plan.

use chrono::{NaiveDate, NaiveTime};
use kadence::{EvaluateError, Number, Problems};

use crate::earlier::Earlier;

/// What is wanted of a plan.
///
/// ```
/// use kadence_plan::Ask;
///
/// let ask = Ask::until("2026-12-18".parse()?);
/// assert_eq!((ask.starts.to_string(), ask.slot), ("09:00:00".to_owned(), 30));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The last day on which something is booked, next steps apart; how things will stand when it is
    /// over is what the plan is made for.
    pub until: NaiveDate,
    /// Only this seller, by id.
    pub seller: Option<String>,
    /// How many hours of a workday there are for activities; what the calendar of the rules says
    /// unless set, else 8.
    pub hours: Option<Number>,
    /// When a workday starts; 09:00 unless set.
    pub starts: NaiveTime,
    /// When it ends; 17:00 unless set.
    pub ends: NaiveTime,
    /// How many minutes a slot has: every activity starts with one, and no two are in the same. 30
    /// unless set.
    pub slot: u32,
    /// How many minutes an activity takes of which neither the rules nor the data know it; 30 unless
    /// set.
    pub minutes: u32,
    /// What the calendar of an earlier plan has, of which a new one is made: what is booked keeps the ids
    /// of events that are still to come and serve the same. Nothing unless set.
    pub earlier: Vec<Earlier>,
}

impl Ask {
    /// The usual, until a day.
    pub fn until(until: NaiveDate) -> Ask {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        Ask {
            until,
            seller: None,
            hours: None,
            starts: at(9),
            ends: at(17),
            slot: 30,
            minutes: 30,
            earlier: Vec::new(),
        }
    }
}

/// For how many days it is planned at most: as far as verdicts look ahead.
pub const FARTHEST: i64 = 400;

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// Nothing can be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// There is no such seller.
    #[error("no seller has the id `{written}`{}", nearest.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?")))]
    UnknownSeller {
        /// What was asked for.
        written: String,
        /// What was perhaps meant.
        nearest: Option<String>,
    },
    /// The last day is over.
    #[error("{until} is over: expected a day from {first} on")]
    Past {
        /// The last day that was asked for.
        until: NaiveDate,
        /// The first day that is not over.
        first: NaiveDate,
    },
    /// The last day is too far ahead.
    #[error("{until} is too far ahead: expected a day up to {farthest}")]
    TooFarAhead {
        /// The last day that was asked for.
        until: NaiveDate,
        /// The last day that can be.
        farthest: NaiveDate,
    },
    /// The workday has no time in it.
    #[error(
        "a workday from {} to {} has no slot of {slot} minutes; expected an end that is later, and slots of 5 minutes or more",
        starts.format("%H:%M"), ends.format("%H:%M")
    )]
    NoSlot {
        /// When it starts.
        starts: NaiveTime,
        /// When it ends.
        ends: NaiveTime,
        /// How long a slot is.
        slot: u32,
    },
    /// There are not so many hours in a day.
    #[error("a workday of {0} hours; expected 0 to 24")]
    NoSuchDay(Number),
    /// Something could not be entered into the data; it names what is not there.
    #[error("{0}")]
    Data(Problems),
}

impl From<Problems> for PlanError {
    fn from(problems: Problems) -> Self {
        PlanError::Data(problems)
    }
}
