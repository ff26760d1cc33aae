//! What is kept is what was given, and stays it.

#![cfg(test)]

mod support;

use kadence::history::{Frozen, RunId};
use kadence::verdict::{Period, Report};
use kadence_history::{Added, History, HistoryError};
use proptest::prelude::*;
use rusqlite::Connection;
use support::{Dir, date, small, snapshot, snapshots};

fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 24;
    }
    config
}

fn json(report: &Report) -> String {
    serde_json::to_string(report).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_read_back_is_what_was_written(all in snapshots()) {
        let dir = Dir::new();
        let mut history = History::open_or_create(dir.file()).unwrap();
        let mut kept = Vec::new();
        for snapshot in &all {
            let Added { run, is_new } = history.add(snapshot).unwrap();
            if is_new {
                kept.push((run, snapshot));
            }
        }
        drop(history);
        let history = History::open(dir.file()).unwrap();
        let runs = history.runs().unwrap();
        prop_assert_eq!(runs.len(), kept.len());
        for ((run, snapshot), listed) in kept.into_iter().zip(&runs) {
            prop_assert_eq!(&history.snapshot(run).unwrap(), snapshot);
            prop_assert_eq!(&history.verdicts(run).unwrap(), &snapshot.report.verdicts);
            prop_assert_eq!(&history.scores(run).unwrap(), &snapshot.report.scores);
            prop_assert_eq!(&history.run(run).unwrap(), listed);
            prop_assert_eq!(&listed.company, &snapshot.report.scores.company);
            prop_assert_eq!(listed.as_of.to_rfc3339(), snapshot.report.as_of.clone());
            // A number prints as it did.
            prop_assert_eq!(json(&history.report(run).unwrap()), json(&snapshot.report));
        }
    }
}

#[test]
fn the_same_as_of_the_same_moment_is_kept_once() {
    let dir = Dir::new();
    let mut history = History::open_or_create(dir.file()).unwrap();
    let first = small("2026-10-31", 1);
    let mut later = first.clone();
    later.taken += chrono::TimeDelta::days(3);
    let corrected = small("2026-10-31", 2);
    let added: Vec<(u64, bool)> = [&first, &first, &later, &corrected, &first, &first]
        .into_iter()
        .map(|snapshot| history.add(snapshot).unwrap())
        .map(|Added { run: RunId(run), is_new }| (run, is_new))
        .collect();
    assert_eq!(added, [(1, true), (1, false), (1, false), (2, true), (3, true), (3, false)]);
    let other_day = history.add(&small("2026-11-01", 1)).unwrap();
    assert!(other_day.is_new);
}

#[test]
fn nothing_that_is_kept_can_be_changed_or_deleted() {
    let dir = Dir::new();
    let mut history = History::open_or_create(dir.file()).unwrap();
    history.add(&small("2026-10-31", 1)).unwrap();
    history.freeze(month(), RunId(1), small("2026-10-31", 1).taken).unwrap();
    drop(history);
    let before = std::fs::read(dir.file()).unwrap();
    let connection = Connection::open(dir.file()).unwrap();
    for table in ["rules", "run", "score", "report", "frozen"] {
        let column = match table {
            "rules" => "fingerprint",
            "run" => "day",
            "score" => "id",
            "report" => "bytes",
            _ => "verdicts",
        };
        for sql in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET {column} = {column}"),
            format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
            format!("REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"),
        ] {
            let refused = connection.execute(&sql, []).unwrap_err().to_string();
            assert_eq!(refused, "a history is only added to", "{sql}");
        }
    }
    let more = "INSERT INTO score VALUES (1, 'seller', 99, 'x', 0, 0, 0, 0, 0, 0, 0)";
    assert!(connection.execute(more, []).is_err(), "a run that is finished takes no more scores");
    drop(connection);
    assert_eq!(std::fs::read(dir.file()).unwrap(), before);
}

fn month() -> Period {
    Period { from: date("2026-10-01"), to: date("2026-10-31") }
}

#[test]
fn a_period_is_frozen_once_as_of_its_end() {
    let dir = Dir::new();
    let mut history = History::open_or_create(dir.file()).unwrap();
    history.add(&small("2026-10-30", 1)).unwrap();
    let at_noon = snapshot("2026-10-31T12:00", 1);
    history.add(&at_noon).unwrap();
    history.add(&small("2026-10-31", 1)).unwrap();
    let at = at_noon.taken;
    let refused = |error: HistoryError| error.to_string();
    for run in [1, 2] {
        let said = refused(history.freeze(month(), RunId(run), at).unwrap_err());
        let end = "is not as of the end of 2026-10-31: expected one for which that day is over";
        assert_eq!(said, format!("run {run} {end}"));
    }
    let frozen = history.freeze(month(), RunId(3), at).unwrap();
    let settled = history.verdicts(RunId(3)).unwrap();
    let settled = settled.iter().filter(|verdict| Frozen::settles(month(), verdict)).count();
    assert!(settled > 0);
    assert_eq!(frozen.verdicts, settled as u64);
    // What comes later adds to it and changes nothing.
    let kept = history.snapshot(RunId(3)).unwrap();
    history.add(&small("2026-10-31", 2)).unwrap();
    assert_eq!(history.snapshot(RunId(3)).unwrap(), kept);
    assert_eq!(history.frozen().unwrap(), [frozen]);
    let again = refused(history.freeze(month(), RunId(4), at).unwrap_err());
    assert_eq!(again, "2026-10-01 to 2026-10-31 is frozen already, as run 3 has it");
    let quarter = Period { from: date("2026-08-01"), ..month() };
    assert!(history.freeze(quarter, RunId(4), at).is_ok());
    let none = Period { from: date("2026-11-01"), ..month() };
    let none = refused(history.freeze(none, RunId(4), at).unwrap_err());
    assert_eq!(
        none,
        "a period from 2026-11-01 to 2026-10-31 has no day: expected the first day first"
    );
    let unknown = refused(history.freeze(month(), RunId(9), at).unwrap_err());
    assert_eq!(unknown, "no run 9 in this history: expected 1 to 4");
}

#[test]
fn rules_are_kept_once() {
    let dir = Dir::new();
    let mut history = History::open_or_create(dir.file()).unwrap();
    for day in 1..9 {
        history.add(&small(&format!("2026-10-0{day}"), day)).unwrap();
    }
    let connection = Connection::open(dir.file()).unwrap();
    let rules: i64 =
        connection.query_row("SELECT count(*) FROM rules", [], |row| row.get(0)).unwrap();
    assert_eq!(rules, 1);
}

/// What it costs: a company of 300 customers judged by twelve rules, a run a day for a month.
#[test]
fn a_run_a_day_takes_a_few_bytes_a_verdict() {
    let dir = Dir::new();
    let mut history = History::open_or_create(dir.file()).unwrap();
    let mut sizes = Vec::new();
    let mut verdicts = 0;
    for snapshot in support::month_of_a_company() {
        verdicts += snapshot.report.verdicts.len() as u64;
        history.add(&snapshot).unwrap();
        sizes.push((std::fs::metadata(dir.file()).unwrap().len(), verdicts));
    }
    let [(first, of_first), .., (last, of_all)] = sizes[..] else { panic!("{sizes:?}") };
    let connection = Connection::open(dir.file()).unwrap();
    let first_size = "SELECT size FROM report WHERE run = 1";
    let whole: i64 = connection.query_row(first_size, [], |row| row.get(0)).unwrap();
    let (whole, more) = (whole.unsigned_abs() / of_first, (last - first) / (of_all - of_first));
    assert!(whole < 20, "{whole} bytes a verdict of the first run");
    assert!(more < 10, "{more} bytes a verdict of the runs after it");
}
