//! The report of `tests/fixtures/report.json`, shown in every way.

use kadence::verdict::{ListedSubject, Subject, Worklist};
use kadence::{Report, Status};
use unicode_width::UnicodeWidthStr;

use super::{By, View, csv, json};

const REPORT: &str = include_str!("../../tests/fixtures/report.json");

fn report() -> Report {
    serde_json::from_str(REPORT).unwrap()
}

fn table(report: &Report, by: By, statuses: &[Status], width: u16) -> String {
    View { report, by, statuses, width }.table()
}

fn widest(text: &str) -> usize {
    text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

#[test]
fn the_table_at_80_columns() {
    insta::assert_snapshot!(table(&report(), By::Rule, &[], 80));
}

#[test]
fn the_table_at_120_columns() {
    insta::assert_snapshot!(table(&report(), By::Rule, &[], 120));
}

#[test]
fn the_table_by_seller_of_two_statuses() {
    let statuses = [Status::Unknown, Status::NotApplicable];
    insta::assert_snapshot!(table(&report(), By::Seller, &statuses, 80));
}

#[test]
fn the_summary_by_team() {
    let text = table(&report(), By::Team, &[Status::Met], 80);
    let (summary, _) = text.split_once("\nVerdicts").unwrap();
    insta::assert_snapshot!(summary);
}

#[test]
fn a_report_of_nothing() {
    let mut report = report();
    report.rules.clear();
    report.verdicts.clear();
    report.lists.clear();
    report.goals.clear();
    report.scores.company = Default::default();
    report.scores.rules.clear();
    insta::assert_snapshot!(table(&report, By::Rule, &[], 80), @r"
    As of 2026-11-15: 0 rules, 0 verdicts, no score

    rule  met  on track  at risk  missed  n/a  unknown  score
    ─────────────────────────────────────────────────────────
    all     0         0        0       0    0        0      –

    Nothing is missed or at risk
    ");
}

#[test]
fn what_needs_attention_is_sorted_by_day_then_severity_then_rule_and_subject() {
    let report = report();
    let text = table(&report, By::Rule, &[], 200);
    let (_, rows) = text.split_once("Needs attention").unwrap();
    let order = ["Harbour crane", "Ørsted", "l2 ", "Bo ", "Fjord", "日本", "m77"];
    let places: Vec<usize> = order.iter().map(|name| rows.find(name).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}\n{rows}");
}

#[test]
fn more_than_forty_rows_end_with_how_many_are_left() {
    let mut report = report();
    let missed = report.verdicts.iter().find(|v| v.status == Status::Missed).unwrap().clone();
    report.verdicts = vec![missed; 57];
    let subject = Subject { kind: "lead".into(), id: "l".into(), name: None };
    let subjects = vec![ListedSubject { subject, owner: None }; 41];
    report.lists = vec![Worklist { name: "Long".into(), subjects }];
    let text = table(&report, By::Rule, &[Status::Missed], 80);
    assert!(text.contains("Verdicts: missed (57)"), "{text}");
    assert!(text.contains("… and 17 more (--status missed --format csv shows all)"), "{text}");
    assert!(text.contains("… and 1 more (--format json shows all)"), "{text}");
    assert_eq!(text.matches("\n2026-11-15").count(), 40, "{text}");
}

#[test]
fn no_name_makes_the_table_wider_than_asked_or_breaks_a_line() {
    let names =
        ["x".repeat(500), "日本".repeat(200), "a b ".repeat(300), "\u{1b}[31m\n\t".repeat(9)];
    for name in names {
        let mut report = report();
        for verdict in &mut report.verdicts {
            verdict.subject.name = Some(name.clone());
            verdict.owner = Some(name.clone());
            verdict.sentence = name.clone();
        }
        for rule in &mut report.scores.rules {
            rule.id = name.clone();
        }
        for listed in report.lists.iter_mut().flat_map(|list| &mut list.subjects) {
            listed.subject.id = name.clone();
            listed.subject.name = Some(name.clone());
            listed.owner = Some(name.clone());
        }
        for list in &mut report.lists {
            list.name = name.clone();
        }
        for goal in &mut report.goals {
            goal.id = name.clone();
            goal.sentence = name.clone();
            goal.target = format!("1{}", "0".repeat(60)).parse().ok();
        }
        for width in [80, 101] {
            let text = table(&report, By::Rule, &[], width);
            assert!(widest(&text) <= usize::from(width), "{} columns\n{text}", widest(&text));
            assert!(!text.contains('\u{1b}'));
        }
    }
}

#[test]
fn csv_has_a_row_for_each_verdict_and_no_formula() {
    let text = csv(&report()).unwrap();
    insta::assert_snapshot!(text);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.records().map(Result::unwrap).count(), report().verdicts.len());
    let formula = |cell: &str| cell.starts_with(['=', '+', '@', '\t']);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    assert!(reader.records().all(|row| !row.unwrap().iter().any(formula)));
}

#[test]
fn a_negative_number_in_csv_stays_a_number() {
    let mut report = report();
    report.verdicts.truncate(1);
    report.verdicts[0].measured = "-2.5".parse().ok();
    report.verdicts[0].subject.name = Some("-2+3".into());
    let text = csv(&report).unwrap();
    assert!(text.contains(",-2.5,") && text.contains(",'-2+3,"), "{text}");
}

#[test]
fn json_out_in_out_is_the_same_bytes() {
    let text = json(&report()).unwrap();
    assert_eq!(text, REPORT);
    assert_eq!(json(&serde_json::from_str::<Report>(&text).unwrap()).unwrap(), text);
}
