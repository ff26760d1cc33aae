//! Plans that are made again: what becomes of the events of calendars, and of the rows of the data.

#![cfg(test)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use kadence_data::calendar::{Occurrence, Status, occurrences};
use support::{folder, run};
use tempfile::TempDir;

const KIM: (&str, &str) = ("data/sellers.csv", "id,name\nkim,Kim\n");
const BOTH: (&str, &str) = ("data/sellers.csv", "id,name\nkim,Kim\nbo,Bo\n");
const ACME: (&str, &str) =
    ("data/customers.csv", "id,name,owner,created\nacme,Acme,kim,2024-01-01\n");
const THREE: (&str, &str) = (
    "data/customers.csv",
    "id,name,owner,created\nacme,Acme,kim,2024-01-01\nbeta,Beta,kim,2024-01-01\nboone,Boone,bo,2024-01-01\n",
);
const FIRST: &str = "2026-11-15";
const NEXT: &str = "2026-11-16T08:00";

fn company(rules: &str, tables: &[(&str, &str)]) -> TempDir {
    let files: Vec<(&str, &str)> =
        [("r.kpi", rules)].into_iter().chain(tables.iter().copied()).collect();
    folder(&files)
}

/// Plans, and returns what it said.
fn plan(dir: &TempDir, as_of: &str, more: &[&str]) -> String {
    plan_until("2026-11-30", dir, as_of, more)
}

fn plan_until(until: &str, dir: &TempDir, as_of: &str, more: &[&str]) -> String {
    let words = ["plan", "r.kpi", "--data", "data", "--as-of", as_of, "--until", until];
    let ran = run(dir.path(), &[&words[..], more].concat(), "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out + &ran.err
}

fn write(dir: &TempDir, name: &str, text: &str) {
    std::fs::write(dir.path().join(name), text).unwrap();
}

fn read(path: &Path) -> Vec<Occurrence> {
    let bytes = std::fs::read(path).unwrap();
    let range = "2026-10-01".parse().unwrap()..="2027-03-01".parse().unwrap();
    let calendar = occurrences(&bytes, chrono_tz::UTC, range).unwrap();
    assert!(calendar.faults.is_empty() && calendar.notes.is_empty());
    calendar.occurrences
}

/// By UID: when it starts, and whether it takes place.
fn events(dir: &TempDir, name: &str) -> BTreeMap<String, (String, bool)> {
    let all = read(&dir.path().join(name)).into_iter().map(|one| {
        let start = one.start.format("%d %H:%M").to_string();
        (one.event.uid.clone(), (start, one.event.status != Status::Cancelled))
    });
    all.collect()
}

fn on(events: &BTreeMap<String, (String, bool)>, day: &str) -> String {
    let of_day = |(_, (start, _)): &(&String, &(String, bool))| start.starts_with(day);
    let mut found = events.iter().filter(of_day).map(|(uid, _)| uid.clone());
    let uid = found.next().expect("an event on that day");
    assert_eq!(found.next(), None);
    uid
}

#[test]
fn what_was_imported_into_the_data_stays_in_the_calendar() {
    let dir = company("customer: meetings >= 2 this month as two", &[KIM, ACME]);
    plan(&dir, FIRST, &["--out", "old.ics", "--as-activities", "data/activities.csv"]);
    let replaced = ["--out", "new.ics", "--replaces", "old.ics"];
    plan(&dir, NEXT, &replaced);
    let old = events(&dir, "old.ics");
    assert_eq!(old.len(), 2);
    assert_eq!(old, events(&dir, "new.ics"));
    let told = |name| {
        let of = |one: Occurrence| (one.event.summary.clone(), one.event.description.clone());
        read(&dir.path().join(name)).into_iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(told("old.ics"), told("new.ics"));
    assert_eq!(told("new.ics")[0], ("Meeting: Acme".to_owned(), "For two".to_owned()));

    // Moved in the data: the event moves. No longer planned there: it is cancelled.
    let rows = std::fs::read_to_string(dir.path().join("data/activities.csv")).unwrap();
    let mut rows: Vec<String> = rows.lines().map(str::to_owned).collect();
    assert!(rows[1].contains("2026-11-16T09:00"), "{rows:?}");
    rows[1] = rows[1].replace("2026-11-16T09:00", "2026-11-19T10:00");
    rows[2] = rows[2].replace(",planned,", ",cancelled,");
    write(&dir, "data/activities.csv", &rows.join("\n"));
    plan(&dir, NEXT, &replaced);
    let new = events(&dir, "new.ics");
    let ids: Vec<String> =
        rows[1..].iter().map(|row| row[..row.find(',').unwrap()].to_owned() + "@kadence").collect();
    assert_eq!(new[&ids[0]], ("19 10:00".to_owned(), true));
    assert!(!new[&ids[1]].1 && new.len() == 3, "{new:?}");
}

#[test]
fn what_is_done_keeps_its_event_and_the_next_one_moves() {
    for rule in ["touchpoints >= 2 per month", "touchpoints >= 2 in last 30 days"] {
        let dir = company(&format!("customer: {rule} as two"), &[KIM, ACME]);
        plan(&dir, FIRST, &["--out", "old.ics"]);
        let old = events(&dir, "old.ics");
        let done =
            "id,kind,status,at,seller,customer\nx,call,completed,2026-11-16T09:00,kim,acme\n";
        write(&dir, "data/activities.csv", done);
        plan(&dir, "2026-11-16", &["--out", "new.ics", "--replaces", "old.ics"]);
        let new = events(&dir, "new.ics");
        let stays: Vec<&String> = new.keys().filter(|uid| old.contains_key(*uid)).collect();
        assert_eq!(stays, [&on(&old, "18")], "{old:?} {new:?}");
        assert_eq!((new.len(), new[stays[0]].1), (1, true));
        assert!(new[stays[0]].0.starts_with("17"));
    }
}

/// Events that are over are in no later calendar: nothing new may take their ids from there.
#[test]
fn no_new_event_takes_the_place_of_one_that_is_over() {
    let dir = company("customer: touchpoints >= 2 this month as two", &[KIM, ACME]);
    plan(&dir, FIRST, &["--out", "1.ics"]);
    let first = events(&dir, "1.ics");
    let rows = "id,kind,status,at,seller,customer\nx,call,completed,2026-11-16T09:00,kim,acme\n";
    write(&dir, "data/activities.csv", rows);
    plan(&dir, "2026-11-16", &["--out", "2.ics", "--replaces", "1.ics"]);
    // It turns out that nothing was done on the first day: another is needed.
    write(&dir, "data/activities.csv", "id,kind,status,at,seller,customer\n");
    plan(&dir, "2026-11-17T18:00", &["--out", "3.ics", "--replaces", "2.ics"]);
    let third = events(&dir, "3.ics");
    assert_eq!(third.values().filter(|(_, is_on)| *is_on).count(), 2);
    assert!(!third.contains_key(&on(&first, "16")), "{first:?} {third:?}");
}

#[test]
fn an_act_for_two_rules_keeps_its_event_whichever_of_them_it_serves_first() {
    let rules = "customer: visit every 40 days as a\ncustomer: touchpoint every 30 days as b\n";
    let young = ("data/customers.csv", "id,owner,created\nc1,kim,2026-10-20\n");
    let dir = company(rules, &[KIM, young]);
    plan_until("2026-11-24", &dir, FIRST, &["--out", "old.ics"]);
    plan_until("2026-12-04", &dir, NEXT, &["--out", "new.ics", "--replaces", "old.ics"]);
    let (old, new) = (events(&dir, "old.ics"), events(&dir, "new.ics"));
    assert_eq!(old.len(), 1);
    assert!(new.values().all(|(_, is_on)| *is_on), "{new:?}");
    assert!(old.keys().all(|uid| new.contains_key(uid)), "{old:?} {new:?}");
}

const ONE: &str = "customer: meetings >= 1 this month as one";

#[test]
fn the_events_of_a_seller_who_falls_ill_are_cancelled() {
    let dir = company(ONE, &[BOTH, THREE]);
    plan(&dir, FIRST, &["--out", "plans/"]);
    let old = events(&dir, "plans/kim.ics");
    assert_eq!(old.len(), 2);
    write(&dir, "data/absences.csv", "seller,from,until\nkim,2026-11-16,2026-12-20\n");
    plan(&dir, NEXT, &["--out", "new/", "--replaces", "plans/"]);
    let is_cancelled = |name: &str| {
        let new = events(&dir, name);
        new.keys().eq(old.keys()) && new.values().all(|(_, is_on)| !is_on)
    };
    assert!(is_cancelled("new/kim.ics"));
    // The same of one who is not in the data any more.
    write(&dir, BOTH.0, "id,name\nbo,Bo\n");
    write(&dir, THREE.0, "id,name,owner,created\nboone,Boone,bo,2024-01-01\n");
    write(&dir, "data/absences.csv", "seller,from,until\n");
    plan(&dir, NEXT, &["--out", "later/", "--replaces", "plans/"]);
    assert!(is_cancelled("later/kim.ics"));
    assert!(events(&dir, "later/bo.ics").values().all(|(_, is_on)| *is_on));
}

#[test]
fn a_plan_for_one_seller_leaves_the_events_of_others() {
    let dir = company(ONE, &[BOTH, THREE]);
    plan(&dir, FIRST, &["--out", "all.ics"]);
    let all = events(&dir, "all.ics");
    assert_eq!(all.len(), 3);
    plan(&dir, FIRST, &["--seller", "bo", "--out", "bo.ics", "--replaces", "all.ics"]);
    let bo = events(&dir, "bo.ics");
    assert!(bo.len() == 1 && bo.values().all(|(_, is_on)| *is_on), "{bo:?}");

    // What is dropped is cancelled in the calendar of whose it was, and in no other.
    write(&dir, THREE.0, "id,name,owner,created\nacme,Acme,kim,2024-01-01\n");
    plan(&dir, FIRST, &["--out", "f/", "--replaces", "all.ics"]);
    let off = |name: &str| events(&dir, name).values().filter(|(_, is_on)| !is_on).count();
    assert_eq!((off("f/bo.ics"), off("f/kim.ics")), (1, 1));
    assert!(events(&dir, "f/bo.ics").keys().eq(bo.keys()));
}

/// RFC 5545, section 3.8.7.4: of two events with one UID the one with the higher number is the newer.
#[test]
fn every_event_of_a_new_plan_is_newer_than_that_of_the_old() {
    let dir = company(ONE, &[BOTH, THREE]);
    plan(&dir, FIRST, &["--out", "1.ics"]);
    write(&dir, THREE.0, "id,name,owner,created\nacme,Acme,kim,2024-01-01\n");
    plan(&dir, FIRST, &["--out", "2.ics", "--replaces", "1.ics"]);
    let versions = |name: &str| -> BTreeMap<String, u32> {
        let all = read(&dir.path().join(name)).into_iter();
        all.map(|one| (one.event.uid.clone(), one.event.sequence)).collect()
    };
    let (first, second) = (versions("1.ics"), versions("2.ics"));
    assert_eq!((first.len(), second.len()), (3, 3));
    assert!(first.iter().all(|(uid, sequence)| second[uid] == sequence + 1));
}

#[test]
fn ids_are_read_back_as_they_are_written() {
    let sellers = ("data/sellers.csv", "id,name\n\"-k,;\\m\",Kim\n");
    let customers = (
        "data/customers.csv",
        "id,name,owner,created\n+4512,Acme,\"-k,;\\m\",2024-01-01\n=b,@Beta,\"-k,;\\m\",2024-01-01\n",
    );
    let dir = company(ONE, &[sellers, customers]);
    plan(&dir, FIRST, &["--out", "old.ics", "--as-activities", "planned.csv"]);
    let csv = plan(&dir, FIRST, &["--format", "csv"]);
    assert_eq!(csv, std::fs::read_to_string(dir.path().join("planned.csv")).unwrap());
    write(&dir, "data/activities.csv", &csv);
    assert!(plan(&dir, FIRST, &[]).contains("nothing is missed or at risk"));
    plan(&dir, FIRST, &["--out", "f/", "--replaces", "old.ics"]);
    assert_eq!(events(&dir, "old.ics"), events(&dir, "f/-k%2C%3B%5Cm.ics"));
}

#[test]
fn a_calendar_that_cannot_be_read_is_named() {
    let dir = company(ONE, &[KIM, ACME]);
    let broken = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:plan-1@kadence\nEND:VEVENT\nEND:VCALENDAR\n";
    write(&dir, "old.ics", broken);
    let said = plan(&dir, FIRST, &["--out", "new.ics", "--replaces", "old.ics"]);
    assert!(
        said.contains("`old.ics`, line 2: an event without `DTSTART`: left as it is"),
        "{said}"
    );
    let words = ["plan", "r.kpi", "--data", "data", "--as-of", FIRST, "--until", "2026-11-30"];
    for (name, text) in [("none.ics", None), ("bad.ics", Some("no calendar"))] {
        if let Some(text) = text {
            write(&dir, name, text);
        }
        let ran =
            run(dir.path(), &[&words[..], &["--out", "x.ics", "--replaces", name]].concat(), "");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(&format!("cannot read `{name}`")), "{}", ran.err);
    }
}
