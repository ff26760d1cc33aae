//! `kadence data check`: what to mend in data.

#![cfg(test)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kadence::{AsOf, Noun, Options, RuleSet, Schema};
use kadence_data::Import;
use serde_json::{Value, json};
use support::{Ran, folder, run};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn check(dir: &Path, args: &[&str]) -> Ran {
    run(dir, &[&["data", "check"], args].concat(), "")
}

/// Of text that is at most as wide as a page.
fn fits(text: &str) {
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?}\n{text}");
}

#[test]
fn the_page_shows_the_example_company() {
    let page = fs::read_to_string(root().join("docs/data/check.md")).unwrap();
    let (_, block) = page.split_once("```console\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let Ran { code, out, err } = check(&root(), &["examples/nordic"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(block, format!("$ kadence data check examples/nordic\n{out}"));
    fits(&out);
}

/// A company that nobody has looked after for a while.
fn messy() -> TempDir {
    folder(&[
        (
            "fields.kpi",
            "field customer.phone : text\nfield lead.email : text\n\
             customer: calls >= 1 per year   as called because \"so\"\n",
        ),
        ("dataset.json", r#"{"as_of": "2026-11-15"}"#),
        (
            "customers.csv",
            "id,name,owner,created,country,phone,colour\n\
             c1,Møller & Søn A/S,kim,2020-01-05,DK,+45 12 34 56 78,\n\
             c2,MOELLER OG SØN,bo,2021-02-01,DK,,red\n\
             c3,Lund Byg ApS,kim,1970-01-01,DK,87654321,\n\
             c4,Nordlys Elektronik AB,,2022-05-05,SE,,\n\
             c5,Nordlys Elektornik,bo,2023-05-05,,,\n\
             c6,Acme Inc,kim,2099-12-31,US,,\n\
             c7,Acme ApS,kim,2020-01-01,DK,0045 8765 4321,\n\
             c8,=SUM(A1),kim,2020-01-01,DK,,\n\
             c9,\"=Sum, (a1) ApS\",kim,2020-01-01,DK,,\n",
        ),
        (
            "sellers.csv",
            "id,name,email,ended\n\
             kim,Kim Lind,kim@firm.dk,\n\
             bo,Bo Krag,bo@firm.dk,2026-01-31\n\
             kim2,\"Lind, Kim\",,\n",
        ),
        (
            "contacts.csv",
            "id,name,customer,email\n\
             p1,Asta Dal,c1,asta@moller.dk\n\
             p2,Asta Dal,c2,\n\
             p3,Ida Holm,c3,ida@lundbyg.dk\n",
        ),
        (
            "leads.csv",
            "id,name,temperature,status,owner,created,email\n\
             l1,Lund,hot,open,kim,2026-10-01,per@lundbyg.dk\n\
             l2,Havn,,open,bo,2026-10-02,\n",
        ),
        (
            "opportunities.csv",
            "id,name,customer,owner,status,amount,expected_close\n\
             o1,Roof,c3,kim,open,100,2026-02-01\n\
             o2,Wall,c3,kim,open,much,2026-12-01\n",
        ),
        (
            "activities.csv",
            "id,kind,status,at,seller,customer\n\
             a1,call,completed,2026-10-01,kim,c1\n\
             a2,call,planned,2025-10-01,bo,c2\n\
             a3,visit,completed,2026-10-01,,\n\
             a4,vist,completed,2026-10-01,kim,c1\n",
        ),
    ])
}

#[test]
fn a_company_that_nobody_has_looked_after() {
    let Ran { code, out, err } = check(messy().path(), &["."]);
    assert_eq!((code, err.as_str()), (0, ""));
    fits(&out);
    insta::assert_snapshot!(out);
}

#[test]
fn without_rules_the_standard_fields_are_looked_at() {
    let dir = messy();
    fs::remove_file(dir.path().join("fields.kpi")).unwrap();
    let without = check(dir.path(), &["."]).out;
    assert!(without.contains("with `--rules`, kinds and fields"), "{without}");
    assert!(without.contains("no field is named `phone`"), "{without}");
    assert!(!without.contains("same phone"), "{without}");
    fs::create_dir(dir.path().join("rules")).unwrap();
    fs::write(dir.path().join("rules/f.kpi"), "field customer.phone : text\n").unwrap();
    let Ran { code, out, err } = check(dir.path(), &[".", "--rules", "rules/f.kpi"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("same phone 87654321") && out.contains("phone 33%"), "{out}");
    assert_eq!(check(dir.path(), &[".", "--rules", "rules"]).out, out);
}

#[test]
fn it_fails_only_where_that_is_asked_for_and_something_is_found() {
    let dir = messy();
    assert_eq!(check(dir.path(), &[".", "--deny"]).code, 1);
    let clean = folder(&[
        ("sellers.csv", "id,name\nkim,Kim\n"),
        ("customers.csv", "id,name,owner\nacme,Acme,kim\n"),
        ("contacts.csv", "id,name,customer\np1,Bo Krag,acme\n"),
    ]);
    let Ran { code, out, err } = check(clean.path(), &[".", "--deny", "--as-of", "2026-11-15"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r"
    As of 2026-11-15: 1 seller, 1 customer, 1 contact

    Nothing is found.

    How many rows of each table know a field
      sellers        name 100%, nothing of team, email, started, ended, fte
      customers      name 100%, owner 100%, nothing of segment, created, status,
                     revenue, country
      contacts       name 100%, customer 100%, nothing of role, email
    ");
    fs::write(clean.path().join("sellers.csv"), "id,fte\nkim,half\n").unwrap();
    assert_eq!(check(clean.path(), &[".", "--deny"]).code, 1);
}

#[test]
fn only_the_first_are_listed_unless_all_are_asked_for() {
    let rows: String = (10..35).map(|n| format!("l{n},open\n")).collect();
    let dir = folder(&[("leads.csv", &format!("id,status\n{rows}"))]);
    let listed = |args: &[&str]| {
        let out = check(dir.path(), args).out;
        let (_, section) = out.split_once("temperature (25)\n").unwrap();
        let section = section.split("\n\n").next().unwrap().to_owned();
        (section.lines().filter(|line| line.starts_with('l')).count(), section)
    };
    let (some, text) = listed(&["."]);
    assert_eq!(some, 10);
    assert!(text.ends_with("… and 15 more (`--all`)"), "{text}");
    let (all, text) = listed(&[".", "--all"]);
    assert_eq!(all, 25);
    assert!(!text.contains("more"), "{text}");
}

#[test]
fn what_is_merged_is_found_no_more_and_no_activity_is_lost() {
    let dir = messy();
    let Ran { code, out, err } = check(dir.path(), &[".", "--format", "merge"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r#"
    table,id,same_as,name,same_as_name,why
    customers,c2,c1,MOELLER OG SØN,Møller & Søn A/S,same name
    customers,c7,c3,Acme ApS,Lund Byg ApS,same phone 87654321
    customers,c5,c4,Nordlys Elektornik,Nordlys Elektronik AB,similar name
    customers,c9,c8,"'=Sum, (a1) ApS",'=SUM(A1),same name
    contacts,p2,p1,Asta Dal,Asta Dal,same name
    sellers,kim2,kim,"Lind, Kim",Kim Lind,same name
    "#);
    fs::write(dir.path().join("merge.csv"), &out).unwrap();
    let merged = check(dir.path(), &[".", "--merge", "merge.csv"]).out;
    assert!(!merged.contains("Likely duplicates"), "{merged}");
    assert_eq!(
        check(dir.path(), &[".", "--merge", "merge.csv", "--format", "merge"]).out,
        "table,id,same_as,name,same_as_name,why\n"
    );
    // So does a mapping that names it.
    fs::write(dir.path().join("kadence.toml"), "merge = \"merge.csv\"\n").unwrap();
    assert_eq!(check(dir.path(), &["."]).out, merged);
    fs::remove_file(dir.path().join("kadence.toml")).unwrap();
    let activities = |import: Import| {
        let (data, _) = import.read(&Schema::default()).unwrap().build_lenient();
        data.count(Noun::Activity)
    };
    let import = Import::new(dir.path());
    let merged = import.clone().merge(dir.path().join("merge.csv"));
    assert_eq!((activities(import), activities(merged)), (3, 3));
}

#[test]
fn json_conforms_to_the_schema_which_takes_nothing_else() {
    let schema = fs::read_to_string(root().join("docs/data-check.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let dir = messy();
    let Ran { code, out, err } = check(dir.path(), &[".", "--format", "json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(check(dir.path(), &[".", "--format", "json"]).out, out, "the same bytes");
    let found: Value = serde_json::from_str(&out).unwrap();
    let faults: Vec<String> = validator.iter_errors(&found).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let checks = found["findings"].as_array().unwrap();
    assert_eq!(checks.len(), 11, "each check finds something: {out}");
    let nordic = check(&root(), &["examples/nordic", "--format", "json"]).out;
    assert!(validator.is_valid(&serde_json::from_str(&nordic).unwrap()));
    let wrong = [
        ("/schema", json!(2)),
        ("/day", json!("15.11.2026")),
        ("/unreadable/total", json!(-1)),
        ("/unreadable/problems/0/level", json!("fatal")),
        ("/duplicates/0/table", json!("customer")),
        ("/duplicates/0/same", json!([])),
        ("/duplicates/0/same/0/why/0/reason", json!("feeling")),
        ("/duplicates/0/stays/id", json!(null)),
        ("/findings/0/check", json!("other")),
        ("/findings/0/found/0/what", json!(null)),
        ("/tables/0/rows", json!("1")),
        ("/tables/0/fields/0/is_read", json!("yes")),
    ];
    for (pointer, value) in wrong {
        let mut report = found.clone();
        *report.pointer_mut(pointer).expect(pointer) = value;
        assert!(!validator.is_valid(&report), "{pointer}");
    }
    let objects = ["", "/unreadable", "/duplicates/0", "/duplicates/0/stays", "/findings/0"];
    for pointer in objects.into_iter().chain(["/findings/0/found/0", "/tables/0"]) {
        let mut report = found.clone();
        let object = report.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        object.insert("extra".to_owned(), json!(1));
        assert!(!validator.is_valid(&report), "{pointer} takes another field");
    }
}

#[test]
fn what_cannot_be_looked_through_is_refused_in_a_line() {
    let dir = messy();
    let refused = |args: &[&str]| {
        let Ran { code, out, err } = check(dir.path(), args);
        assert_eq!((code, out.as_str()), (2, ""));
        err
    };
    insta::assert_snapshot!(refused(&["nowhere"]), @"error: no such file or folder: `nowhere`");
    insta::assert_snapshot!(refused(&[".", "--as-of", "soon"]), @"error: `--as-of` is `soon`: expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30");
    insta::assert_snapshot!(refused(&[".", "--rules", "no.kpi"]), @"error: no file `no.kpi`: expected a rule file such as `targets.kpi`");
    fs::write(dir.path().join("fields.kpi"), "custmer: calls >= 1 per year\n").unwrap();
    assert!(refused(&["."]).contains("error[K012]"));
    let empty = folder(&[("customers.csv", "id\n")]);
    let Ran { code, out, err } = check(empty.path(), &[".", "--as-of", "2026-11-15"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r"
    As of 2026-11-15: nothing

    Nothing is found.
    ");
}

/// Somebody else's data, whose meetings and tasks say of no customer.
#[test]
fn the_work_bench_is_looked_through_by_its_mapping() {
    let folder = root().join("../shared/data/workbench");
    if !folder.is_dir() {
        eprintln!("skipped: there is no {}", folder.display());
        return;
    }
    let tests = root().join("crates/cli/tests");
    let rules = fs::read_to_string(tests.join("workbench.kpi")).unwrap();
    let rules = RuleSet::compile("workbench.kpi", &rules, &kadence::NoFiles).unwrap();
    let mapping = kadence_data::Mapping::open(&tests.join("workbench.toml")).unwrap();
    let import = Import::new(&folder).mapping(mapping).read(rules.schema()).unwrap();
    let (data, notes) = import.build().unwrap();
    assert_eq!(notes, []);
    let quality = kadence_data::quality(&data, "2023-11-30".parse().unwrap());
    let totals = quality.findings.iter().map(|f| (f.title.as_str(), (f.total, f.of)));
    let expected = [("Activities about nobody", (600, 1131))];
    assert_eq!(totals.collect::<BTreeMap<_, _>>(), BTreeMap::from(expected));
    assert_eq!(quality.duplicates, []);
    // What every verdict is about is there: no finding is for want of reading.
    let options = Options::at("2023-11-30".parse::<AsOf>().unwrap());
    assert!(!rules.evaluate(&data, &options).unwrap().verdicts.is_empty());
}
