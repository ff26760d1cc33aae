//! Rows of the tables, and what they stand for.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use kadence::history::{Coverage, Frozen, Run, RunId, Scope};
use kadence::verdict::{Period, Tally};
use rusqlite::types::Type;
use rusqlite::{Error, Result, Row};

/// A run with its company's tally, in the order of [`run`].
pub(crate) const RUNS: &str = "\
    SELECT run.id, taken, as_of, day, fingerprint, covered_from, covered_through, range_from, \
        every_period, only_rules, language, version, verdicts, score, met, on_track, at_risk, missed, \
        not_applicable, unknown \
    FROM run JOIN rules ON rules.id = run.rules \
    JOIN score ON score.run = run.id AND of = 'company' AND place = 0";

pub(crate) fn run(row: &Row<'_>) -> Result<Run> {
    Ok(Run {
        id: row.get(0).map(run_id)?,
        taken: parsed(row, 1)?,
        as_of: parsed(row, 2)?,
        day: parsed(row, 3)?,
        rules: row.get(4)?,
        coverage: Coverage { from: optional(row, 5)?, through: optional(row, 6)? },
        scope: Scope {
            from: optional(row, 7)?,
            history: row.get(8)?,
            only: of_json(row, 9)?,
            language: parsed(row, 10)?,
        },
        version: row.get(11)?,
        verdicts: row.get::<_, i64>(12)?.unsigned_abs(),
        company: tally(row, 13)?,
    })
}

/// A tally whose first column is that one.
pub(crate) fn tally(row: &Row<'_>, first: usize) -> Result<Tally> {
    let count = |place| row.get::<_, i64>(first + place).map(i64::unsigned_abs);
    Ok(Tally {
        score: row.get(first)?,
        met: count(1)?,
        on_track: count(2)?,
        at_risk: count(3)?,
        missed: count(4)?,
        not_applicable: count(5)?,
        unknown: count(6)?,
    })
}

pub(crate) fn frozen(row: &Row<'_>) -> Result<Frozen> {
    Ok(Frozen {
        period: Period { from: parsed(row, 0)?, to: parsed(row, 1)? },
        run: row.get(2).map(run_id)?,
        frozen: parsed(row, 3)?,
        verdicts: row.get::<_, i64>(4)?.unsigned_abs(),
    })
}

pub(crate) fn run_id(id: i64) -> RunId {
    RunId(id.unsigned_abs())
}

/// As SQLite has it. A number that is none of its runs is none at all.
pub(crate) fn id(run: RunId) -> i64 {
    i64::try_from(run.0).unwrap_or(i64::MAX)
}

/// A count as SQLite has it.
pub(crate) fn count(n: impl TryInto<i64>) -> i64 {
    n.try_into().unwrap_or(i64::MAX)
}

/// A moment, so that a later one is a greater text.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

fn parsed<T>(row: &Row<'_>, place: usize) -> Result<T>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text = row.get_ref(place)?.as_str()?;
    text.parse().map_err(|error| wrong(place, error))
}

fn optional(row: &Row<'_>, place: usize) -> Result<Option<NaiveDate>> {
    let Some(text) = row.get_ref(place)?.as_str_or_null()? else { return Ok(None) };
    text.parse().map(Some).map_err(|error| wrong(place, error))
}

fn of_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, place: usize) -> Result<T> {
    let text = row.get_ref(place)?.as_str()?;
    serde_json::from_str(text).map_err(|error| wrong(place, error))
}

fn wrong(place: usize, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(place, Type::Text, Box::new(error))
}
