//! Adding to a history. Each addition is one transaction.

use chrono::{DateTime, FixedOffset, Utc};
use kadence::history::{Frozen, KeptRules, RunId, Snapshot};
use kadence::verdict::{NamedTally, Period, Scores};
use rusqlite::Params;

use crate::{History, HistoryError, pack, row};

/// What became of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// The run that keeps it.
    pub run: RunId,
    /// Whether it is a new one. It is not where the last run as of that moment says the same.
    pub is_new: bool,
}

/// A packed report.
struct Packed {
    bytes: Vec<u8>,
    base: Option<RunId>,
}

impl History {
    /// Keeps a snapshot. Where the last run as of that moment says the same, nothing is added.
    ///
    /// # Errors
    ///
    /// The file cannot be written: it is read-only, another program writes to it, or the disk is full;
    /// then nothing of the snapshot is kept, and what was there before is still there.
    pub fn add(&mut self, snapshot: &Snapshot) -> Result<Added, HistoryError> {
        let report = &snapshot.report;
        let as_of: DateTime<FixedOffset> =
            report.as_of.parse().map_err(|_| HistoryError::NoInstant(report.as_of.clone()))?;
        let text = pack::text(report).map_err(|error| self.refused(&error))?;
        if row::count(text.len()) > row::count(pack::LARGEST) {
            return Err(self.refused(&std::io::Error::other("the report is too large to be kept")));
        }
        let history = &*self;
        history.file.write(|_| {
            if let Some(run) = history.said(snapshot, as_of)? {
                return Ok(Added { run, is_new: false });
            }
            let packed = history.pack(&text)?;
            let run = RunId(history.last()?.map_or(1, |RunId(last)| last + 1));
            let rules = history.keep_rules(&snapshot.rules, &snapshot.fingerprint)?;
            history.keep_run(run, snapshot, as_of, rules)?;
            history.keep_scores(run, &report.scores)?;
            history.insert(
                "INSERT INTO report (run, base, bytes, size, packed) VALUES (?, ?, ?, ?, ?)",
                (
                    row::id(run),
                    packed.base.map(row::id),
                    row::count(text.len()),
                    row::count(packed.bytes.len()),
                    &packed.bytes,
                ),
            )?;
            Ok(Added { run, is_new: true })
        })
    }

    /// Freezes a period as a run has it, which judged as of its end: its final verdicts are settled.
    ///
    /// # Errors
    ///
    /// There is no such run, it is not as of the end of the period, or the period is frozen already;
    /// or as [`History::add`].
    pub fn freeze(
        &mut self,
        period: Period,
        run: RunId,
        frozen: DateTime<Utc>,
    ) -> Result<Frozen, HistoryError> {
        if period.from > period.to {
            return Err(HistoryError::NoDays(period));
        }
        if !Frozen::is_closed_by(period, &self.run(run)?) {
            return Err(HistoryError::NotItsEnd { period, run });
        }
        let verdicts = self.verdicts(run)?;
        let settled = verdicts.iter().filter(|verdict| Frozen::settles(period, verdict)).count();
        let settled = u64::try_from(settled).unwrap_or(u64::MAX);
        let history = &*self;
        history.file.write(|_| {
            if let Some(before) = history.frozen()?.into_iter().find(|one| one.period == period) {
                return Err(HistoryError::AlreadyFrozen { period, run: before.run });
            }
            history.insert(
                "INSERT INTO frozen (first_day, last_day, run, frozen, verdicts) \
                 VALUES (?, ?, ?, ?, ?)",
                (
                    period.from.to_string(),
                    period.to.to_string(),
                    row::id(run),
                    row::moment(frozen),
                    row::count(settled),
                ),
            )?;
            Ok(Frozen { period, run, frozen, verdicts: settled })
        })
    }

    /// The last run as of that moment, if it says the same.
    fn said(
        &self,
        snapshot: &Snapshot,
        as_of: DateTime<FixedOffset>,
    ) -> Result<Option<RunId>, HistoryError> {
        const LAST: &str = "SELECT max(id) FROM run WHERE as_of = ?";
        let last = self.row(LAST, [as_of.to_rfc3339()], |row| row.get::<_, Option<i64>>(0))?;
        let Some(last) = last.flatten().map(row::run_id) else { return Ok(None) };
        Ok(self.snapshot(last)?.says_the_same(snapshot).then_some(last))
    }

    /// A text after that of the last run that stands alone; or alone, once those that rest on that one
    /// have cost more by being less and less like it than standing alone would.
    fn pack(&self, text: &[u8]) -> Result<Packed, HistoryError> {
        const LAST: &str = "SELECT max(run) FROM report WHERE base IS NULL";
        const AFTER: &str = "SELECT count(*), sum(size), min(size) FROM report WHERE base = ?";
        let base = self.row(LAST, [], |row| row.get::<_, Option<i64>>(0))?.flatten();
        if let Some(base) = base {
            let after = self.text(row::run_id(base))?;
            let bytes = pack::pack(text, &after).map_err(|error| self.refused(&error))?;
            let size = row::count(bytes.len());
            let of_base =
                self.row("SELECT size FROM report WHERE run = ?", [base], |row| row.get(0))?;
            let (count, sum, least): (i64, Option<i64>, Option<i64>) = self
                .row(AFTER, [base], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .unwrap_or_default();
            let least = least.unwrap_or(size).min(size);
            let grown = sum.unwrap_or(0) + size - (count + 1) * least;
            let alone: i64 = of_base.unwrap_or(0);
            if grown <= alone && size <= alone {
                return Ok(Packed { bytes, base: Some(row::run_id(base)) });
            }
        }
        let bytes = pack::pack(text, &[]).map_err(|error| self.refused(&error))?;
        Ok(Packed { bytes, base: None })
    }

    /// The number of the rules, which are kept once.
    fn keep_rules(&self, rules: &KeptRules, fingerprint: &str) -> Result<i64, HistoryError> {
        const SAME: &str = "SELECT id FROM rules WHERE fingerprint = ? AND packed = ?";
        let text = serde_json::to_vec(rules).map_err(|error| self.refused(&error))?;
        let packed = pack::pack(&text, &[]).map_err(|error| self.refused(&error))?;
        if let Some(id) = self.row(SAME, (fingerprint, &packed), |row| row.get(0))? {
            return Ok(id);
        }
        self.insert(
            "INSERT INTO rules (fingerprint, packed) VALUES (?, ?)",
            (fingerprint, &packed),
        )?;
        Ok(self.file.connection.last_insert_rowid())
    }

    fn keep_run(
        &self,
        run: RunId,
        snapshot: &Snapshot,
        as_of: DateTime<FixedOffset>,
        rules: i64,
    ) -> Result<(), HistoryError> {
        let Snapshot { taken, coverage, scope, version, report, .. } = snapshot;
        let only = serde_json::to_string(&scope.only).map_err(|error| self.refused(&error))?;
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        self.insert(
            "INSERT INTO run (id, taken, as_of, day, rules, covered_from, covered_through, \
             range_from, every_period, only_rules, language, version, verdicts) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row::id(run),
                row::moment(*taken),
                as_of.to_rfc3339(),
                report.day.to_string(),
                rules,
                day(coverage.from),
                day(coverage.through),
                day(scope.from),
                scope.history,
                only,
                scope.language.code(),
                version,
                row::count(report.verdicts.len()),
            ),
        )
    }

    fn keep_scores(&self, run: RunId, scores: &Scores) -> Result<(), HistoryError> {
        let Scores { company, teams, sellers, rules } = scores;
        let company = [NamedTally { id: "company".to_owned(), tally: company.clone() }];
        let all =
            [("company", &company[..]), ("team", teams), ("seller", sellers), ("rule", rules)];
        for (of, tallies) in all {
            for (place, NamedTally { id, tally }) in tallies.iter().enumerate() {
                self.insert(
                    "INSERT INTO score VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        row::id(run),
                        of,
                        row::count(place),
                        id,
                        tally.score,
                        row::count(tally.met),
                        row::count(tally.on_track),
                        row::count(tally.at_risk),
                        row::count(tally.missed),
                        row::count(tally.not_applicable),
                        row::count(tally.unknown),
                    ),
                )?;
            }
        }
        Ok(())
    }

    fn insert(&self, sql: &str, params: impl Params) -> Result<(), HistoryError> {
        let insert = self.file.connection.prepare_cached(sql);
        insert
            .and_then(|mut insert| insert.execute(params))
            .map(|_| ())
            .map_err(|error| self.failed(&error))
    }

    fn refused(&self, error: &dyn std::error::Error) -> HistoryError {
        let (path, why) = (self.file.path.clone(), error.to_string());
        HistoryError::Sqlite { path, why }
    }
}
