//! Keeps what kadence judged in one small file, run by run.
//!
//! A history is only added to: a run is there as a whole or not at all, and once it is there nothing
//! of it is ever changed. It is an SQLite database, in which everything but the verdicts themselves
//! lies in plain columns: runs, scores, and the periods that are frozen. The verdicts of a
//! run are compressed after those of an earlier one, and take a few bytes each.
//!
//! ```
//! use kadence::history::{Coverage, Snapshot};
//! use kadence::{AsOf, Customer, Dataset, NoFiles, Options, RuleSet};
//! use kadence_history::History;
//!
//! # let dir = tempfile::tempdir()?;
//! # let file = dir.path().join("history.db");
//! let rules = RuleSet::compile("calls.kpi", "customer: calls >= 1 per year", &NoFiles)?;
//! let mut data = Dataset::builder(rules.schema());
//! data.add(Customer::new("acme"));
//! let (data, _notes) = data.build()?;
//!
//! let mut history = History::open_or_create(&file)?;
//! for (day, taken) in [("2026-10-31", "2026-11-01T06:00:00Z"), ("2026-11-30", "2026-12-01T06:00:00Z")] {
//!     let options = Options::at(day.parse::<AsOf>()?);
//!     let report = rules.evaluate(&data, &options)?;
//!     let snapshot = Snapshot::new(taken.parse()?, &rules, &options, Coverage::default(), report);
//!     assert!(history.add(&snapshot)?.is_new);
//! }
//!
//! // The list of runs reads no verdicts.
//! for run in history.runs()? {
//!     println!("{}: {:?}", run.day, run.company.score);
//! }
//! let last = history.last()?.ok_or("no run")?;
//! assert_eq!(history.report(last)?.verdicts.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod file;
mod pack;
mod read;
mod row;
#[cfg(test)]
mod tests;
mod write;

use std::path::Path;

use kadence::history::RunId;

pub use error::HistoryError;
pub use write::Added;

use file::File;

/// A history of runs in a file.
#[derive(Debug)]
pub struct History {
    file: File,
}

impl History {
    /// Opens a history that is there. A file that may not be written can be read.
    ///
    /// # Errors
    ///
    /// There is no such file, it is empty or no history, or a kadence made it that keeps more than
    /// this one knows.
    pub fn open(path: impl AsRef<Path>) -> Result<History, HistoryError> {
        File::open(path.as_ref()).map(|file| History { file })
    }

    /// Opens a history, or makes one where there is no file or an empty one.
    ///
    /// # Errors
    ///
    /// As [`History::open`]; or the file cannot be made.
    pub fn open_or_create(path: impl AsRef<Path>) -> Result<History, HistoryError> {
        File::open_or_create(path.as_ref()).map(|file| History { file })
    }

    /// The number of the last run; none where there is none yet.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn last(&self) -> Result<Option<RunId>, HistoryError> {
        let last = self.row("SELECT max(id) FROM run", [], |row| row.get::<_, Option<i64>>(0))?;
        Ok(last.flatten().map(row::run_id))
    }
}
