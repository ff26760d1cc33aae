//! Periods that are closed for good.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::run::{Run, RunId};
use crate::verdict::{Period, Verdict};

/// A period whose final verdicts are settled. What is known better later is a correction, and
/// changes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The days.
    pub period: Period,
    /// The run that judged it when it had ended.
    pub run: RunId,
    /// When it was frozen.
    pub frozen: DateTime<Utc>,
    /// How many verdicts are settled.
    pub verdicts: u64,
}

impl Frozen {
    /// Whether a run judged as of the end of a period.
    pub fn is_closed_by(period: Period, run: &Run) -> bool {
        run.day == period.to && run.day_is_over()
    }

    /// Whether a verdict of such a run is settled with the period: it is final, and its own days
    /// ended in the period. What still runs, and standing conditions, which are never final, are not.
    pub fn settles(period: Period, verdict: &Verdict) -> bool {
        verdict.is_final && Frozen::is_about(period, verdict)
    }

    /// Whether the days of a verdict ended in a period.
    pub(super) fn is_about(period: Period, verdict: &Verdict) -> bool {
        let last = verdict.period.map(|of_verdict| of_verdict.to);
        last.is_some_and(|last| period.from <= last && last <= period.to)
    }
}
