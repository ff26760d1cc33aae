//! Why a history cannot be opened, read or added to.

use std::path::{Path, PathBuf};

use kadence::history::RunId;
use kadence::verdict::Period;
use rusqlite::ErrorCode;

/// Why a history cannot be opened, read or added to.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// There is no file.
    #[error("no history `{}`: `kadence snapshot RULES… --to FILE` makes one", .0.display())]
    NotFound(PathBuf),
    /// It is a folder.
    #[error("`{}` is a folder: expected the file of a history", .0.display())]
    Folder(PathBuf),
    /// It is a file without anything in it.
    #[error("`{}` is empty: no run was ever kept in it", .0.display())]
    Empty(PathBuf),
    /// It is something else.
    #[error("`{}` is no history: {what}; expected a file made by `kadence snapshot`", path.display())]
    NotAHistory {
        /// The file.
        path: PathBuf,
        /// What it seems to be.
        what: String,
    },
    /// It was made by a kadence that keeps more than this one knows.
    #[error("`{}` is a history of version {found}, and this kadence knows version {known}: use the kadence that made it, or a later one", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The latest version that is known.
        known: i64,
    },
    /// It can be read and not written.
    #[error("`{}` cannot be written: the file or its folder is read-only", .0.display())]
    ReadOnly(PathBuf),
    /// It cannot be opened.
    #[error("`{}` cannot be opened: {why}", path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Another program writes to it, and has not finished in time.
    #[error("`{}` is being written to by another program: try again when it has finished", .0.display())]
    Locked(PathBuf),
    /// There is no room for what was to be written. What was there before is still there.
    #[error("no room to write `{}`: the disk is full; nothing was kept, the runs before are whole", .0.display())]
    Full(PathBuf),
    /// What is there is not what was written.
    #[error("`{}` is damaged: {what}; take the file from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// There is no such run.
    #[error("no run {run} in this history{}", last.map_or_else(|| ": it has none".to_owned(), |last| format!(": expected 1 to {last}")))]
    NoRun {
        /// The number that was asked for.
        run: RunId,
        /// The last there is.
        last: Option<RunId>,
    },
    /// The period was frozen before.
    #[error("{} to {} is frozen already, as run {run} has it", period.from, period.to)]
    AlreadyFrozen {
        /// The period.
        period: Period,
        /// The run by which it is frozen.
        run: RunId,
    },
    /// The run did not judge as of the end of the period.
    #[error("run {run} is not as of the end of {}: expected one for which that day is over", period.to)]
    NotItsEnd {
        /// The period.
        period: Period,
        /// The run.
        run: RunId,
    },
    /// The period ends before it starts.
    #[error("a period from {} to {} has no day: expected the first day first", .0.from, .0.to)]
    NoDays(Period),
    /// A report has an as-of that is no instant, so that it was not made by an evaluation.
    #[error(
        "the as-of of the report is `{0}`: expected an instant such as 2026-11-16T00:00:00+01:00"
    )]
    NoInstant(String),
    /// SQLite refused, for a reason that is none of these.
    #[error("`{}`: {why}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What it says.
        why: String,
    },
}

impl HistoryError {
    /// What SQLite says, in words for people.
    pub(crate) fn of(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryError::Locked(path),
            Some(ErrorCode::DiskFull) => HistoryError::Full(path),
            Some(ErrorCode::ReadOnly) => HistoryError::ReadOnly(path),
            Some(ErrorCode::NotADatabase) => {
                HistoryError::NotAHistory { path, what: "it is no SQLite database".to_owned() }
            }
            Some(ErrorCode::DatabaseCorrupt) => HistoryError::Damaged { path, what: words(error) },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                let why = "its folder is not there, or it may not be read".to_owned();
                HistoryError::CannotOpen { path, why }
            }
            _ => HistoryError::Sqlite { path, why: words(error) },
        }
    }
}

/// Without what rusqlite adds.
fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(failure, None) => failure.to_string(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        error => error.to_string(),
    }
}
