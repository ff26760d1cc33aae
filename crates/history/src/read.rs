//! Reading what was kept.

use std::io;

use kadence::Verdict;
use kadence::history::{Frozen, KeptRules, Run, RunId, Snapshot};
use kadence::verdict::{NamedTally, Report, Scores};
use rusqlite::{OptionalExtension, Params, Row};

use crate::{History, HistoryError, pack, row};

impl History {
    /// Every run, in the order in which they were kept. No verdict is read for it.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is damaged.
    pub fn runs(&self) -> Result<Vec<Run>, HistoryError> {
        self.rows(&format!("{} ORDER BY run.id", row::RUNS), [], row::run)
    }

    /// One run.
    ///
    /// # Errors
    ///
    /// There is no such run; or as [`History::runs`].
    pub fn run(&self, run: RunId) -> Result<Run, HistoryError> {
        let found =
            self.row(&format!("{} WHERE run.id = ?", row::RUNS), [row::id(run)], row::run)?;
        found.map_or_else(|| Err(self.no_run(run)?), Ok)
    }

    /// The scores of a run, without reading its verdicts.
    ///
    /// # Errors
    ///
    /// There is no such run; or as [`History::runs`].
    pub fn scores(&self, run: RunId) -> Result<Scores, HistoryError> {
        const OF: &str = "SELECT id, score, met, on_track, at_risk, missed, not_applicable, unknown \
                          FROM score WHERE run = ? AND of = ? ORDER BY place";
        let of = |of: &str| {
            self.rows(OF, (row::id(run), of), |row| {
                Ok(NamedTally { id: row.get(0)?, tally: row::tally(row, 1)? })
            })
        };
        let Some(NamedTally { id: _, tally: company }) = of("company")?.into_iter().next() else {
            return Err(self.no_run(run)?);
        };
        Ok(Scores { company, teams: of("team")?, sellers: of("seller")?, rules: of("rule")? })
    }

    /// The whole report of a run, exactly as it was kept.
    ///
    /// # Errors
    ///
    /// There is no such run; or the file cannot be read, or is damaged.
    pub fn report(&self, run: RunId) -> Result<Report, HistoryError> {
        let scores = self.scores(run)?;
        let text = self.text(run)?;
        pack::report(&text, scores).map_err(|error| self.damaged(run, &error))
    }

    /// All verdicts of a run.
    ///
    /// # Errors
    ///
    /// As [`History::report`].
    pub fn verdicts(&self, run: RunId) -> Result<Vec<Verdict>, HistoryError> {
        self.report(run).map(|report| report.verdicts)
    }

    /// The rules by which a run judged; they compile again.
    ///
    /// # Errors
    ///
    /// As [`History::report`].
    pub fn rules(&self, run: RunId) -> Result<KeptRules, HistoryError> {
        const OF: &str =
            "SELECT packed FROM rules JOIN run ON run.rules = rules.id WHERE run.id = ?";
        let packed = self.row(OF, [row::id(run)], |row| row.get::<_, Vec<u8>>(0))?;
        let Some(packed) = packed else { return Err(self.no_run(run)?) };
        let text =
            zstd::decode_all(packed.as_slice()).map_err(|error| self.damaged(run, &error))?;
        serde_json::from_slice(&text).map_err(|error| self.damaged(run, &error))
    }

    /// Everything of a run, exactly as it was added.
    ///
    /// # Errors
    ///
    /// As [`History::report`].
    pub fn snapshot(&self, run: RunId) -> Result<Snapshot, HistoryError> {
        let Run { taken, rules: fingerprint, coverage, scope, version, .. } = self.run(run)?;
        let (rules, report) = (self.rules(run)?, self.report(run)?);
        Ok(Snapshot { taken, rules, fingerprint, coverage, scope, version, report })
    }

    /// The periods that are frozen, in the order in which they were.
    ///
    /// # Errors
    ///
    /// As [`History::runs`].
    pub fn frozen(&self) -> Result<Vec<Frozen>, HistoryError> {
        const ALL: &str =
            "SELECT first_day, last_day, run, frozen, verdicts FROM frozen ORDER BY id";
        self.rows(ALL, [], row::frozen)
    }

    /// The text of a report.
    pub(crate) fn text(&self, run: RunId) -> Result<Vec<u8>, HistoryError> {
        let (packed, base, bytes) = self.packed(run)?;
        let after = match base {
            None => Vec::new(),
            Some(base) => {
                let (packed, of, bytes) = self.packed(base)?;
                if of.is_some() {
                    let error = io::Error::other("it rests on a run that does not stand alone");
                    return Err(self.damaged(run, &error));
                }
                pack::unpack(&packed, &[], bytes).map_err(|error| self.damaged(base, &error))?
            }
        };
        pack::unpack(&packed, &after, bytes).map_err(|error| self.damaged(run, &error))
    }

    fn packed(&self, run: RunId) -> Result<(Vec<u8>, Option<RunId>, u64), HistoryError> {
        const OF: &str = "SELECT packed, base, bytes FROM report WHERE run = ?";
        let found = self.row(OF, [row::id(run)], |row| {
            let base: Option<i64> = row.get(1)?;
            Ok((row.get(0)?, base.map(row::run_id), row.get::<_, i64>(2)?.unsigned_abs()))
        })?;
        found.map_or_else(|| Err(self.no_run(run)?), Ok)
    }

    pub(crate) fn no_run(&self, run: RunId) -> Result<HistoryError, HistoryError> {
        Ok(HistoryError::NoRun { run, last: self.last()? })
    }

    fn damaged(&self, run: RunId, error: &dyn std::error::Error) -> HistoryError {
        let what = format!("run {run} cannot be read: {error}");
        HistoryError::Damaged { path: self.file.path.clone(), what }
    }

    pub(crate) fn failed(&self, error: &rusqlite::Error) -> HistoryError {
        match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..) => {
                let (path, what) = (self.file.path.clone(), error.to_string());
                HistoryError::Damaged { path, what }
            }
            error => HistoryError::of(&self.file.path, error),
        }
    }

    pub(crate) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        of: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, HistoryError> {
        let found = self.file.connection.prepare_cached(sql);
        let found = found.and_then(|mut query| query.query_row(params, of).optional());
        found.map_err(|error| self.failed(&error))
    }

    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        of: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, HistoryError> {
        let found = self.file.connection.prepare_cached(sql);
        let found = found.and_then(|mut query| query.query_map(params, of)?.collect());
        found.map_err(|error| self.failed(&error))
    }
}
