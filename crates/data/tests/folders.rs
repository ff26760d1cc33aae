//! Folders and files as a user has them, right and wrong.

#![cfg(test)]

use std::path::Path;

use kadence::{Noun, Resolver, Schema};
use kadence_data::{Folder, read};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

/// All that is said of a folder: errors, then notes.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let dir = folder(files);
    let (_, problems) = read(dir.path(), &Schema::default()).unwrap().build_lenient();
    problems.errors.iter().chain(&problems.notes).map(ToString::to_string).collect()
}

fn error(path: &Path) -> String {
    read(path, &Schema::default()).unwrap_err().to_string()
}

#[test]
fn a_folder_and_a_file_say_the_same() {
    let tables = folder(&[
        ("activities.csv", "id;kind;status;at;seller\na1;call;completed;2026-11-15 10:00;kim\n"),
        ("sellers.csv", "id\tname\nkim\tKim\n"),
        ("dataset.json", "{\"complete_from\": \"2026-01-01\"}"),
        ("notes.txt", "not read"),
        ("export.csv", "not read either"),
    ]);
    let one = folder(&[(
        "all.json",
        r#"{"complete_from": "2026-01-01", "sellers": [{"id": "kim", "name": "Kim"}],
            "activities": [{"id": "a1", "kind": "call", "status": "completed",
                            "at": "2026-11-15T10:00", "seller": "kim"}]}"#,
    )]);
    let schema = Schema::default();
    let tables = read(tables.path(), &schema).unwrap().build().unwrap();
    let one = read(&one.path().join("all.json"), &schema).unwrap().build().unwrap();
    assert_eq!(tables, one);
    assert_eq!(one.0.count(Noun::Activity), 1);
}

#[test]
fn a_folder_of_a_tables_name_is_no_missing_table() {
    let dir = folder(&[("customers.csv", "id\nacme\n")]);
    std::fs::create_dir(dir.path().join("activities.csv")).unwrap();
    std::fs::create_dir(dir.path().join("archive")).unwrap();
    let said = error(dir.path());
    assert!(said.starts_with("cannot read `") && said.contains("activities.csv"), "{said}");
}

#[test]
fn problems_of_all_files_are_said_together() {
    assert_eq!(
        said(&[
            ("customers.csv", "id,owner,segmnt\nacme,kmi,A\nacme,kim,B\n"),
            ("sellers.csv", "id,started\nkim,1/2/2026\n"),
            ("activity.csv", "id\n"),
            ("dataset.json", "{\"complete_through\": 5, \"sellers\": []}"),
        ]),
        [
            "sellers.csv:2:5: sellers kim: `started` cannot be `1/2/2026` \
             (expected a date such as 2026-11-15)",
            "customers.csv:2:6: customers acme: `owner` names no seller: `kmi` (did you mean `kim`?)",
            "customers.csv:3:1: customers acme: id `acme` is given twice \
             (the first is at customers.csv:2:1)",
            "dataset.json:1:22: `complete_through` cannot be `5` (expected a date such as 2026-11-15)",
            "dataset.json:1:36: `sellers` is given here and in `sellers.csv` (expected one of them)",
            "customers.csv:1:10: customers: no field is named `segmnt`, its values are ignored \
             (did you mean `segment`?)",
            "the file `activity.csv` is not read (did you mean `activities.csv`?)",
        ]
    );
}

#[test]
fn tables_may_stand_in_the_file_beside_them() {
    let files = [
        ("customers.csv", "id,owner\nacme,kim\n"),
        ("dataset.json", "{\"sellers\": [{\"id\": \"kim\"}]}"),
    ];
    assert_eq!(said(&files), Vec::<String>::new());
}

#[test]
fn no_data_at_all_is_one_clear_line() {
    let empty = folder(&[("readme.txt", "")]);
    let name = empty.path().display().to_string();
    assert_eq!(
        error(empty.path()).replace(&name, "DIR"),
        "no tables in `DIR`: expected one or more of teams.csv, sellers.csv, customers.csv, \
         contacts.csv, leads.csv, opportunities.csv, campaigns.csv, absences.csv, members.csv, \
         activities.csv, dataset.json"
    );
    let missing = empty.path().join("nowhere");
    assert_eq!(error(&missing).replace(&name, "DIR"), "no such file or folder: `DIR/nowhere`");
    let one = folder(&[("customers.csv", "id\n")]);
    let path = one.path().join("customers.csv");
    let name = one.path().display().to_string();
    assert_eq!(
        error(&path).replace(&name, "DIR"),
        "`DIR/customers.csv` is one table: expected the folder that holds it, or a JSON file"
    );
}

#[test]
fn holidays_come_from_a_calendar_file() {
    let event = "BEGIN:VEVENT\r\nSUMMARY:Jul\r\nDTSTART;VALUE=DATE:20261224\r\n\
                 DTEND;VALUE=DATE:20261226\r\nEND:VEVENT\r\n";
    let calendar = format!("\u{FEFF}BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n");
    let dir = folder(&[("dk.ics", &calendar), ("bad.ics", "Christmas")]);
    let resolver = Folder::new(dir.path());
    let days = resolver.holidays("dk.ics").unwrap();
    assert_eq!(days, ["2026-12-24".parse().unwrap(), "2026-12-25".parse().unwrap()]);
    assert_eq!(resolver.holidays("no.ics").unwrap_err(), "no such file");
    assert_eq!(
        resolver.holidays("bad.ics").unwrap_err(),
        "line 1: `Christmas` is no line of a calendar: expected `NAME:VALUE`"
    );
}

#[test]
fn an_empty_file_is_refused_as_such() {
    let dir = folder(&[("export.xlsx", ""), ("customers.csv", "")]);
    for name in ["export.xlsx", "customers.csv"] {
        assert_eq!(
            error(&dir.path().join(name)),
            format!(
                "{name}:1:1: the file is empty \
                 (expected the export as the other program wrote it)"
            )
        );
    }
}
