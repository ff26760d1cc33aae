//! `kadence campaign` as it is run: on the example company, and on what can go wrong.

#![cfg(test)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Ran, folder, run};
use unicode_width::UnicodeWidthStr;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn campaign(dir: &Path, words: &[&str]) -> Ran {
    run(dir, &[&["campaign"], words].concat(), "")
}

/// What it says where it is refused: one line.
fn refused(dir: &Path, words: &[&str]) -> String {
    let Ran { code, out, err } = campaign(dir, words);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    err.trim_end().to_owned()
}

/// A small company with a campaign that nobody has looked after.
fn company() -> tempfile::TempDir {
    folder(&[
        ("rules.kpi", "campaign: learning is known within 14 days of end   as lesson\n"),
        ("dataset.json", r#"{"as_of": "2026-10-01"}"#),
        ("customers.csv", "id,name\nacme,=1+1\nzeta,<b>Zeta | *one*</b>\n"),
        (
            "campaigns.csv",
            "id,name,start,end\nfair,Autumn fair,2026-09-01,2026-09-03\na,Twice,,\nb,Twice,,\n",
        ),
        ("members.csv", "campaign,customer\nfair,acme\nfair,zeta\n"),
    ])
}

#[test]
fn the_page_shows_what_is_printed() {
    let page = fs::read_to_string(root().join("docs/campaigns.md")).unwrap();
    let blocks: Vec<&str> = page.split("```console\n").skip(1).collect();
    assert!(blocks.len() >= 4);
    let questions = fs::read_to_string(root().join("grammar/campaigns.kpi")).unwrap();
    let (_, questions) = questions.split_once("\n\n").unwrap();
    assert!(page.contains(&format!("```kpi\n{questions}```")), "the page shows other questions");
    for block in blocks {
        let (block, _) = block.split_once("\n```").unwrap();
        let (command, shown) = block.split_once('\n').unwrap();
        let words: Vec<&str> = command.split(' ').skip(2).collect();
        let Ran { code, out, err } = run(&root(), &words, "");
        assert_eq!((code, err.as_str()), (0, ""), "{command}");
        match shown.strip_suffix("\n…") {
            Some(start) => assert!(out.starts_with(start), "{command}\n{out}"),
            None => assert_eq!(out.trim_end(), shown, "{command}"),
        }
    }
}

#[test]
fn no_line_is_wider_than_eighty_columns() {
    for words in [
        &["examples/nordic"][..],
        &["examples/nordic", "fair-2026"],
        &["examples/nordic", "stå-op"],
    ] {
        let Ran { out, .. } = campaign(&root(), words);
        assert!(out.lines().count() > 5, "{out}");
        for line in out.lines() {
            assert!(line.width() <= 80, "{line}");
        }
    }
}

#[test]
fn every_campaign_of_the_example_reads_well() {
    for id in ["fair-2025", "stå-op", "fair-2026", "efterår"] {
        let Ran { code, out, err } = campaign(&root(), &["examples/nordic", id]);
        assert_eq!((code, err.as_str()), (0, ""));
        insta::assert_snapshot!(id, out);
    }
}

#[test]
fn a_campaign_that_nobody_has_looked_after() {
    let dir = company();
    insta::assert_snapshot!(campaign(dir.path(), &[".", "fair"]).out);
}

#[test]
fn markdown_takes_no_name_for_anything_else() {
    let dir = company();
    insta::assert_snapshot!(campaign(dir.path(), &[".", "fair", "--format", "md"]).out);
}

#[test]
fn csv_has_a_row_for_each_member_and_each_campaign_and_no_formula() {
    let dir = company();
    let members = campaign(dir.path(), &[".", "fair", "--format", "csv"]).out;
    let lines: Vec<&str> = members.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("fair,customer,acme,'=1+1,,not_reached,"), "{}", lines[1]);
    let all = campaign(dir.path(), &[".", "--format", "csv"]).out;
    assert_eq!(all.lines().count(), 4);
    assert!(all.contains("\nfair,Autumn fair,,,,,2026-09-01,2026-09-03,,2,0,2,0,"), "{all}");
}

#[test]
fn rules_and_a_name_are_told_apart() {
    let dir = company();
    let first = |words: &[&str]| {
        let Ran { code, out, err } = campaign(dir.path(), words);
        assert_eq!((code, err.as_str()), (0, ""));
        out.lines().next().unwrap().to_owned()
    };
    assert_eq!(first(&[]), "As of 2026-10-01: 3 campaigns");
    assert_eq!(first(&["."]), "As of 2026-10-01: 3 campaigns");
    assert_eq!(first(&["rules.kpi", "--data", "."]), "As of 2026-10-01: 3 campaigns");
    for words in [
        &["fair"][..],
        &["autumn fair"],
        &[".", "fair"],
        &["rules.kpi", "fair", "--data", "."],
        &["--name", "fair"],
        &[".", "--name", "fair"],
    ] {
        assert_eq!(first(words), "Autumn fair (fair)", "{words:?}");
    }
    // A folder that is called as the campaign is.
    fs::create_dir(dir.path().join("fair")).unwrap();
    assert!(refused(dir.path(), &["fair"]).contains("no rule file in `fair`"));
    assert_eq!(first(&["--name", "fair"]), "Autumn fair (fair)");
    assert_eq!(first(&[".", "fair"]), "Autumn fair (fair)");
}

#[test]
fn what_is_not_there_is_said_in_one_line() {
    let dir = company();
    let said = |words: &[&str]| refused(dir.path(), words);
    insta::assert_snapshot!(said(&["fare"]), @"error: no campaign has the id or the name `fare`");
    insta::assert_snapshot!(said(&["Twice"]), @"error: 2 campaigns have the name `Twice`: name one by its id, `a` or `b`");
    insta::assert_snapshot!(said(&[""]), @"error: no campaign has the id or the name ``");
    insta::assert_snapshot!(said(&["no.kpi"]), @"error: no file `no.kpi`: expected a rule file such as `targets.kpi`");
    insta::assert_snapshot!(said(&["--as-of", "soon", "fair"]), @"error: `--as-of` is `soon`: expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30");
    let elsewhere = folder(&[]);
    insta::assert_snapshot!(refused(elsewhere.path(), &["fair"]), @"error: no rule file in `.`: expected a `.kpi` that is no `_test.kpi`; rules elsewhere are named before `fair`");
    let none = folder(&[("rules.kpi", ""), ("customers.csv", "id\nacme\n")]);
    insta::assert_snapshot!(refused(none.path(), &["fair"]), @"error: no campaign `fair`: the data has no campaigns");
    let words = folder(&[
        ("rules.kpi", "define touchpoint = opportunity\n"),
        ("campaigns.csv", "id\nfair\n"),
    ]);
    insta::assert_snapshot!(refused(words.path(), &["fair"]), @"error: a campaign is followed up by touchpoints, and these rules make something else of that word: a member has no opportunities; define `touchpoint` as activities");
}

#[test]
fn without_campaigns_there_is_nothing_to_show() {
    let none = folder(&[
        ("rules.kpi", ""),
        ("customers.csv", "id\nacme\n"),
        ("dataset.json", r#"{"as_of": "2026-10-01"}"#),
    ]);
    assert_eq!(campaign(none.path(), &[]).out, "As of 2026-10-01: 0 campaigns\n");
}
