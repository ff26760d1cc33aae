//! `kadence snapshot` and `kadence history` as they are run: on the example company, and on what can
//! go wrong.

#![cfg(test)]

#[path = "support/example.rs"]
mod example;
mod support;

use std::fs;
use std::path::Path;

use example::company;
use rusqlite::Connection;
use serde_json::Value;
use support::{Ran, folder, run};
use tempfile::TempDir;

const RULES: &str = "customer: calls >= 2 per month   as called\n\
                     customer: visit every 40 days   as seen\n\
                     seller: calls >= 3 per month   as busy\n";

const ACTIVITIES: &str = "id,kind,status,at,created,seller,customer\n\
    a1,call,completed,2026-09-03T10:00,2026-09-03T11:00,kim,acme\n\
    a2,call,completed,2026-09-20T10:00,2026-09-20T11:00,kim,acme\n\
    a3,call,completed,2026-10-05T10:00,2026-10-05T11:00,kim,acme\n\
    a4,visit,completed,2026-09-25T10:00,,bo,zeta\n\
    a5,call,completed,2026-10-06T10:00,,bo,zeta\n\
    a6,call,completed,2026-10-07T10:00,,bo,zeta\n";

fn project() -> TempDir {
    folder(&[
        ("targets.kpi", RULES),
        ("data/sellers.csv", "id,team\nkim,nord\nbo,nord\n"),
        ("data/teams.csv", "id\nnord\n"),
        ("data/customers.csv", "id,name,owner\nacme,=Acme,kim\nzeta,Zeta,bo\n"),
        ("data/activities.csv", ACTIVITIES),
        ("data/dataset.json", r#"{"as_of": "2026-11-15"}"#),
    ])
}

fn command(dir: &TempDir, line: &str) -> Ran {
    run(dir.path(), &line.split_whitespace().collect::<Vec<_>>(), "")
}

fn done(dir: &TempDir, line: &str) -> String {
    let Ran { code, out, err } = command(dir, line);
    assert_eq!((code, err.as_str()), (0, ""), "{line}\n{out}");
    out
}

fn refused(dir: &TempDir, line: &str) -> String {
    let Ran { code, out, err } = command(dir, line);
    assert_eq!((code, out.as_str()), (2, ""), "{line}\n{err}");
    err
}

const SNAPSHOT: &str = "snapshot targets.kpi --data data --to history.db --taken 2026-11-16";

/// The months of autumn, as they are known in November.
fn autumn() -> TempDir {
    let dir = project();
    let out = done(&dir, &format!("{SNAPSHOT} --every month --from 2026-08-01"));
    insta::allow_duplicates! {
        insta::assert_snapshot!(out, @r"
        Kept run 1 as of 2026-08-31: 6 verdicts, score 0.0%
        Kept run 2 as of 2026-09-30: 6 verdicts, score 40.0%
        Kept run 3 as of 2026-10-31: 6 verdicts, score 40.0%
        ");
    }
    dir
}

/// What was logged late, and what was corrected.
fn later(dir: &TempDir) {
    let text = ACTIVITIES.replace("a5,call,completed,2026-10-06", "a5,call,completed,2026-11-02")
        + "a7,call,completed,2026-10-30T09:00,2026-11-03T08:00,kim,acme\n";
    fs::write(dir.path().join("data/activities.csv"), text).unwrap();
}

#[test]
fn what_is_kept_is_said_once_and_the_same_is_not_kept_again() {
    let dir = autumn();
    let again = done(&dir, &format!("{SNAPSHOT} --as-of 2026-10-31"));
    insta::assert_snapshot!(again, @"Run 3 as of 2026-10-31 says the same: nothing was added");
    later(&dir);
    let other = done(&dir, &format!("{SNAPSHOT} --as-of 2026-10-31"));
    insta::assert_snapshot!(other, @"Kept run 4 as of 2026-10-31: 6 verdicts, score 20.0%");
    let noon = done(&dir, &format!("{SNAPSHOT} --as-of 2026-11-03T12:00"));
    insta::assert_snapshot!(noon, @"Kept run 5 as of 2026-11-03T12:00: 6 verdicts, score 100.0%");
}

#[test]
fn runs_and_trends_as_text() {
    let dir = autumn();
    done(&dir, &format!("{SNAPSHOT} --as-of 2026-11-03T12:00"));
    done(&dir, "history freeze history.db 2026-09");
    insta::assert_snapshot!("runs_and_the_company", done(&dir, "history history.db"));
    insta::assert_snapshot!("trends_by_rule", done(&dir, "history history.db --by rule"));
    let sellers = done(&dir, "history history.db --by seller --format csv");
    insta::assert_snapshot!("trends_as_csv", sellers);
    let teams = done(&dir, "history history.db --by team");
    assert!(teams.contains("\nnord "), "{teams}");
}

#[test]
fn a_run_is_shown_as_it_was_whatever_became_of_the_data() {
    let dir = autumn();
    let then = done(&dir, "eval targets.kpi --data data --as-of 2026-09-30 --format json");
    later(&dir);
    fs::write(dir.path().join("targets.kpi"), "customer: calls >= 9 per month\n").unwrap();
    let shown = done(&dir, "history show history.db --as-of 2026-09-30 --format json");
    assert_eq!(shown, then);
    assert_eq!(done(&dir, "history show history.db --run 2 --format json"), then);
    let table = done(&dir, "history show history.db --run 2 --by seller --status missed");
    assert!(table.starts_with("As of 2026-09-30: 3 rules"), "{table}");
}

#[test]
fn what_was_logged_late_is_told_from_what_was_corrected() {
    let dir = autumn();
    let nothing = done(&dir, "history compare history.db --data data --as-of 2026-10-31");
    insta::assert_snapshot!("nothing_is_known_better", nothing);
    later(&dir);
    let text = done(&dir, "history compare history.db --data data");
    insta::assert_snapshot!("known_better", text);
    let csv = done(&dir, "history compare history.db --data data --run 3 --format csv");
    insta::assert_snapshot!("known_better_as_csv", csv);
    let failing = "history compare history.db --data data --deny";
    assert_eq!(command(&dir, failing).code, 1);
    let before = done(&dir, "history compare history.db --data data --run 1 --deny");
    assert!(before.contains("no verdict is another now"), "{before}");
}

#[test]
fn the_rules_of_now_judge_where_they_are_named() {
    let dir = autumn();
    let now = "customer: calls >= 1 per month   as called\n\
               customer: visit every 40 days   as visited\n\
               customer: emails >= 1 per month   as written\n";
    fs::write(dir.path().join("now.kpi"), now).unwrap();
    let text =
        done(&dir, "history compare history.db --rules now.kpi --data data --as-of 2026-10-31");
    insta::assert_snapshot!("by_the_rules_of_now", text);
}

#[test]
fn a_frozen_period_keeps_what_it_says_and_lists_corrections() {
    let dir = autumn();
    let froze = done(&dir, "history freeze history.db 2026-10");
    insta::assert_snapshot!(froze, @"Froze 2026-10-01 to 2026-10-31 as run 3 has it: 4 final verdicts");
    let none = done(&dir, "history corrections history.db --data data --deny");
    assert!(none.contains("no corrections"), "{none}");
    let shown = done(&dir, "history show history.db --as-of 2026-10-31 --format json");
    later(&dir);
    let text = done(&dir, "history corrections history.db --data data");
    insta::assert_snapshot!("corrections", text);
    assert_eq!(command(&dir, "history corrections history.db --data data --deny").code, 1);
    // They are listed, and nothing is overwritten, also not by keeping what is known now.
    let kept = done(&dir, &format!("{SNAPSHOT} --as-of 2026-10-31"));
    assert!(kept.starts_with("Kept run 4"), "{kept}");
    assert_eq!(done(&dir, "history show history.db --run 3 --format json"), shown);
    assert_eq!(done(&dir, "history corrections history.db --data data"), text);
    // The month speaks by what was frozen.
    let trends = done(&dir, "history history.db --format json");
    let trends: Value = serde_json::from_str(&trends).unwrap();
    assert_eq!(trends["trends"]["months"][2]["run"], 3);
    assert_eq!(trends["trends"]["months"][2]["frozen"], true);
}

#[test]
fn what_cannot_be_frozen_is_refused() {
    let dir = autumn();
    done(&dir, "history freeze history.db 2026-10");
    let said = [
        "history freeze history.db 2026-10",
        "history freeze history.db 2026-07",
        "history freeze history.db 2026-10-31..2026-10-01",
        "history freeze history.db 2026-09 --run 3",
        "history freeze history.db 2026-09 --run 9",
        "history freeze history.db last-month",
        "history corrections history.db --data data --period 2026-09",
    ];
    let said: String = said.iter().map(|line| refused(&dir, line)).collect();
    insta::assert_snapshot!(said, @r"
    error: 2026-10-01 to 2026-10-31 is frozen already, as run 3 has it
    error: no run is as of the end of 2026-07-31: keep one with `kadence snapshot … --as-of 2026-07-31`
    error: a period from 2026-10-31 to 2026-10-01 has no day: expected the first day first
    error: run 3 is not as of the end of 2026-09-30: expected one for which that day is over
    error: no run 9 in this history: expected 1 to 3
    error: `last-month` is no period: expected a month such as 2026-10, or days such as 2026-07-01..2026-09-30
    error: 2026-09-01 to 2026-09-30 is not frozen: `kadence history freeze FILE PERIOD` freezes it
    ");
}

#[test]
fn what_is_no_history_is_one_clear_line() {
    let dir = project();
    fs::write(dir.path().join("empty.db"), "").unwrap();
    fs::write(dir.path().join("text.db"), "id,kind\nand so on\n".repeat(99)).unwrap();
    let other = Connection::open(dir.path().join("other.db")).unwrap();
    other.execute_batch("CREATE TABLE customers (id TEXT)").unwrap();
    drop(other);
    done(&dir, SNAPSHOT.replace("history.db", "newer.db").as_str());
    let newer = Connection::open(dir.path().join("newer.db")).unwrap();
    newer.pragma_update(None, "user_version", 2).unwrap();
    drop(newer);
    done(&dir, SNAPSHOT.replace("history.db", "cut.db").as_str());
    let bytes = fs::read(dir.path().join("cut.db")).unwrap();
    fs::write(dir.path().join("cut.db"), &bytes[..bytes.len() / 2]).unwrap();

    let mut said = String::new();
    for file in ["none.db", "empty.db", "text.db", "other.db", "newer.db", "cut.db", "data"] {
        said += &refused(&dir, &format!("history {file}"));
    }
    for file in ["text.db", "other.db", "newer.db", "cut.db", "data", "no/where.db"] {
        said += &refused(&dir, &SNAPSHOT.replace("history.db", file));
    }
    for line in [
        "history",
        "history history.db",
        "history compare empty.db --data data",
        "history freeze none.db 2026-10",
    ] {
        let err = refused(&dir, line);
        said += err.lines().next().unwrap();
        said.push('\n');
    }
    insta::assert_snapshot!(said);
    // An empty file is as good as none, for what is to be kept.
    let out = done(&dir, &SNAPSHOT.replace("history.db", "empty.db"));
    assert!(out.starts_with("Kept run 1 as of 2026-11-15"), "{out}");
}

#[test]
fn wrong_arguments_are_told_with_what_was_expected() {
    let dir = autumn();
    let mut said = String::new();
    for line in [
        "history show history.db --run 9",
        "history show history.db --as-of 2026-01-01",
        "history show history.db --as-of yesterday",
        "history compare history.db",
        "history compare history.db --data none",
        "history compare history.db --rules none.kpi --data data",
        "snapshot targets.kpi --data data --to history.db --taken soon",
        "snapshot targets.kpi --data data --to history.db --every month --from 2026-11-10",
    ] {
        said += &refused(&dir, line);
    }
    insta::assert_snapshot!(said);
}

#[test]
fn two_snapshots_at_once_are_both_kept() {
    let dir = project();
    let ran: Vec<Ran> = std::thread::scope(|scope| {
        let lines = ["2026-09-30", "2026-10-31", "2026-11-10", "2026-11-14"]
            .map(|day| format!("{SNAPSHOT} --as-of {day}"));
        let dir = &dir;
        let started = lines.map(|line| scope.spawn(move || command(dir, &line)));
        started.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for Ran { code, out, err } in ran {
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
    }
    let all: Value = serde_json::from_str(&done(&dir, "history history.db --format json")).unwrap();
    assert_eq!(all["runs"].as_array().unwrap().len(), 4);
}

#[test]
fn names_that_are_long_or_strange_are_kept_and_shown_in_a_line() {
    let long = "ø".repeat(500);
    let strange = format!(
        "id,name,owner\n{long},{long},\"k\u{1b}[2Jim\"\n\"a\"\"b\u{202e};--\",\"<script>\nx\",\"k\u{1b}[2Jim\"\n"
    );
    let dir = project();
    fs::write(dir.path().join("data/customers.csv"), strange).unwrap();
    fs::write(dir.path().join("data/sellers.csv"), "id\n\"k\u{1b}[2Jim\"\nkim\nbo\n").unwrap();
    let calls = format!("id,kind,status,at,customer\na1,call,completed,2026-10-03T10:00,{long}\n");
    fs::write(dir.path().join("data/activities.csv"), calls).unwrap();
    done(&dir, &format!("{SNAPSHOT} --as-of 2026-10-31"));
    let eval = done(&dir, "eval targets.kpi --data data --as-of 2026-10-31 --format json");
    assert_eq!(done(&dir, "history show history.db --format json"), eval);
    let none = "id,kind,status,at,customer\n";
    fs::write(dir.path().join("data/activities.csv"), none).unwrap();
    for line in ["history history.db --by seller", "history compare history.db --data data --run 1"]
    {
        let out = done(&dir, line);
        assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{out}");
        let widest = out.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap();
        assert!(widest <= 80, "{widest} columns\n{out}");
    }
}

/// Takes the lines of a diff out of the activities, and adds those that are new.
fn change(dir: &TempDir, diff: &str) {
    let file = dir.path().join("data/activities.csv");
    let mut text = fs::read_to_string(&file).unwrap();
    for line in diff.lines() {
        let (sign, line) = line.split_at(1);
        match sign {
            "-" => {
                assert_eq!(text.matches(&format!("\n{line}\n")).count(), 1, "{line}");
                text = text.replace(&format!("{line}\n"), "");
            }
            "+" => text.push_str(&format!("{line}\n")),
            other => panic!("{other}{line}"),
        }
    }
    fs::write(&file, text).unwrap();
}

#[test]
fn the_page_shows_what_is_printed() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/history.md");
    let page = fs::read_to_string(page).unwrap();
    let dir = company();
    let mut shown = 0;
    for block in page.split("```").skip(1).step_by(2) {
        let (info, text) = block.split_once('\n').unwrap();
        if info == "diff" {
            change(&dir, text);
        }
        if info != "console" {
            continue;
        }
        let (line, expected) = text.split_once('\n').unwrap();
        let out = done(&dir, line.strip_prefix("$ kadence ").unwrap());
        match expected.strip_suffix("…\n") {
            Some(start) => assert!(out.starts_with(start), "{line}\n{out}"),
            None => assert_eq!(out, expected, "{line}"),
        }
        let widest = out.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap();
        assert!(widest <= 80 || line.contains("csv"), "{widest} columns\n{out}");
        shown += 1;
    }
    assert!(shown >= 7, "{shown} commands");
}
