//! What was judged, and when: runs, trends, what was known then against what is known now, and
//! periods that are frozen.
//!
//! A [`Snapshot`] is one evaluation with all that it takes to judge again: the report, the rules
//! themselves, the coverage of the data, and when it was taken. Whoever keeps snapshots, as the
//! crate `kadence-history` does in a file, has a history, and in it each is a [`Run`].
//!
//! From runs come [`Trends`]: scores month by month. From a run and the data of today comes [`Known`]:
//! what was said then, held against what is to be said of the same moment now, and why they differ.
//! A closed period can be [`Frozen`]: its final verdicts stay what they were, and what is known
//! better later is a correction beside them.
//!
//! Three pictures of one moment are told apart:
//!
//! | | |
//! | --- | --- |
//! | *then* | the verdicts that were kept |
//! | *as logged* | the data of today as of then: what was logged later (`created`) does not exist yet |
//! | *now* | the data of today, as if everything that had happened by then had been logged by then |
//!
//! *Then* and *now* are compared. Where they differ although *then* and *as logged* do not, somebody
//! logged late; everything else was corrected: changed, removed, or entered without saying when.

mod differences;
mod frozen;
mod known;
mod late;
mod rules;
mod run;
mod trend;

pub use differences::{Cause, KnownDifference};
pub use frozen::Frozen;
pub use known::{Known, KnownCounts, known};
pub use late::LateActivity;
pub use rules::{KeptFile, KeptRules, fingerprint};
pub use run::{Coverage, Run, RunId, Scope, Snapshot};
pub use trend::{Trend, TrendMonth, Trends, by_month};
