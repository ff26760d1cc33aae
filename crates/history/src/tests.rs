//! What the surroundings can do to a write.

use std::time::Duration;

use kadence::history::{Coverage, RunId, Snapshot};
use kadence::{AsOf, Customer, Dataset, NoFiles, Options, RuleSet};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::file::File;
use crate::{History, HistoryError};

fn snapshot(day: &str, customers: usize) -> Snapshot {
    let text = "customer: calls >= 1 per month   as called";
    let rules = RuleSet::compile("rules.kpi", text, &NoFiles).unwrap();
    let mut data = Dataset::builder(rules.schema());
    for n in 0..customers {
        // Names that do not get smaller.
        let name = format!("{:x}", (n as u64 + 7).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        data.add(Customer { name: Some(name), ..Customer::new(format!("c{n}")) });
    }
    let (data, _) = data.build().unwrap();
    let options = Options::at(day.parse::<AsOf>().unwrap());
    let report = rules.evaluate(&data, &options).unwrap();
    let taken = "2026-11-16T06:00:00Z".parse().unwrap();
    Snapshot::new(taken, &rules, &options, Coverage::default(), report)
}

/// A history with one run.
fn history() -> (TempDir, History) {
    let dir = tempfile::tempdir().unwrap();
    let mut history = History::open_or_create(dir.path().join("history.db")).unwrap();
    history.add(&snapshot("2026-09-30", 3)).unwrap();
    (dir, history)
}

/// The first run is there, and nothing else.
fn is_whole(history: &History) {
    assert_eq!(history.last().unwrap(), Some(RunId(1)));
    assert_eq!(history.snapshot(RunId(1)).unwrap(), snapshot("2026-09-30", 3));
    let check = "PRAGMA integrity_check";
    assert_eq!(history.row(check, [], |row| row.get::<_, String>(0)).unwrap().unwrap(), "ok");
}

#[test]
fn a_full_disk_keeps_nothing_and_loses_nothing() {
    let (_dir, mut history) = history();
    let connection = &history.file.connection;
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    connection.pragma_update(None, "max_page_count", pages + 1).unwrap();
    let large = snapshot("2026-10-31", 3000);
    let refused = history.add(&large).unwrap_err();
    assert!(matches!(refused, HistoryError::Full(_)), "{refused}");
    is_whole(&history);
    history.file.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
    assert!(history.add(&large).unwrap().is_new);
    assert_eq!(history.snapshot(RunId(2)).unwrap(), large);
}

#[test]
fn who_writes_at_the_same_time_is_waited_for_and_then_told() {
    let (_dir, mut history) = history();
    let other = Connection::open(&history.file.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    history.file.connection.busy_timeout(Duration::from_millis(20)).unwrap();
    let refused = history.add(&snapshot("2026-10-31", 3)).unwrap_err();
    assert!(matches!(refused, HistoryError::Locked(_)), "{refused}");
    is_whole(&history);
    other.execute_batch("ROLLBACK").unwrap();
    assert!(history.add(&snapshot("2026-10-31", 3)).unwrap().is_new);
}

#[test]
fn a_file_that_may_not_be_written_can_be_read() {
    let (_dir, history) = history();
    let path = history.file.path.clone();
    drop(history);
    let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = Connection::open_with_flags(&path, read_only).unwrap();
    let mut history = History { file: File { path, connection } };
    let refused = history.add(&snapshot("2026-10-31", 3)).unwrap_err();
    assert!(matches!(refused, HistoryError::ReadOnly(_)), "{refused}");
    is_whole(&history);
}

#[test]
fn bytes_that_were_changed_are_found() {
    let (dir, mut history) = history();
    let added = history.add(&snapshot("2026-10-31", 900)).unwrap();
    drop(history);
    let path = dir.path().join("history.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // In the middle of the last packed report.
    let place = bytes.len() - 700;
    bytes[place] ^= 0x55;
    std::fs::write(&path, bytes).unwrap();
    let history = History::open(&path).unwrap();
    let refused = history.report(added.run).unwrap_err();
    assert!(matches!(refused, HistoryError::Damaged { .. }), "{refused}");
}
