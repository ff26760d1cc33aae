//! What counts as reached, and what there is to reach.

use super::*;
use crate::RuleSet;
use crate::check::NoFiles;

/// Each part with its cases, those that are reached with a `+`.
fn covered(text: &str) -> String {
    let rules = RuleSet::compile("a.kpi", text, &NoFiles).unwrap();
    let run = rules.test();
    let failures: Vec<_> = run.tests.iter().flat_map(|test| &test.failures).collect();
    let mut lines = String::new();
    for item in &rules.coverage(|_| true).items {
        for part in &item.parts {
            let case = |case: &CaseCoverage| {
                format!("{}{}", if case.reached > 0 { "+" } else { "" }, case.name)
            };
            let cases: Vec<String> = part.cases.iter().map(case).collect();
            lines.push_str(&format!("{}: {}\n", part.text, cases.join(", ")));
        }
    }
    for failure in failures {
        lines.push_str(&format!("unmet: {}\n", failure.message));
    }
    lines
}

#[test]
fn what_can_be_reached_depends_on_the_kind_of_condition() {
    let text = r#"
customer: calls >= 4 per year                                   as pace
customer: calls >= 1 per month                                  as single
customer: calls > 3 in last 30 days                             as more
customer: 5 * calls + 10 * visits >= 12 in last 30 days         as points
customer: won opportunities <= 3 per year                       as unplanned
customer: average amount of offers >= 100k in previous quarter  as size
customer: visit every 30 days                                   as rhythm
customer: next call within 7 days                               as ahead
customer: revenue >= 1m                                         as large
customer where revenue is known: revenue < 1m                   as small
lead: call within 24 hours of created                           as quick
lead: call within 2 days of created                             as soon
opportunity: expected_close before today                        as late
meeting: followed by call within 7 days                         as progress
customer: longest gap of calls <= 60 days per year              as gap
customer: share of calls that outcome is known >= 100% per year as told
"#;
    insta::assert_snapshot!(covered(text));
}

#[test]
fn an_outcome_counts_where_the_verdict_rests_on_it() {
    // Both are missed: whether one of them were met would change nothing.
    let both = r#"
customer: revenue >= 1m and calls >= 1 as both
test "both"
    given   customer acme : revenue 1
    expect  both for acme is missed at 2026-11-15
"#;
    insta::assert_snapshot!(covered(both), @r"
    revenue >= 1m: met, missed, unknown, below 1000000, 1000000, above 1000000
    calls >= 1: met, missed, 0, 1, 2
    ");
    let one = both.replace("revenue 1\n", "revenue 1m\n");
    insta::assert_snapshot!(covered(&one), @r"
    revenue >= 1m: met, missed, unknown, below 1000000, 1000000, above 1000000
    calls >= 1: met, +missed, +0, 1, 2
    ");
}

#[test]
fn an_expectation_that_is_not_fulfilled_reaches_nothing() {
    let text = r#"
customer: calls >= 1 as called
test "a call that was not"
    given   customer acme
    expect  called for acme is met at 2026-11-15
"#;
    insta::assert_snapshot!(covered(text), @r"
    calls >= 1: met, missed, 0, 1, 2
    unmet: expected met, found missed; 0 of 1 calls
    ");
}

#[test]
fn a_rule_that_nothing_is_expected_of_is_not_covered_by_being_evaluated() {
    let text = r#"
customer: calls >= 1 as called
customer: visits >= 1 as visited
test "a call"
    given   customer acme
    given   call on acme at 2026-11-01
    given   visit on acme at 2026-11-01
    expect  called for acme is met at 2026-11-15
"#;
    insta::assert_snapshot!(covered(text), @r"
    calls >= 1: +met, missed, 0, +1, 2
    visits >= 1: met, missed, 0, 1, 2
    ");
}

#[test]
fn who_is_judged_is_tried_by_who_is_not() {
    let rules = r#"
hot lead where source is web or source is fair: next call as hot-next
test "who"
    given   lead hot  : temperature hot, status open, source web
    given   lead warm : temperature warm, status open, source web
    given   lead card : temperature hot, status open, source fair
    given   lead both : temperature warm, status open, source call
    given   lead ad   : temperature hot, status open, source ad
"#;
    let with = |line: &str| covered(&format!("{rules}    expect  {line}\n"));
    insta::assert_snapshot!(with("hot-next is silent for warm at 2026-11-15"), @r"
    hot lead: +silent
    source is web: yes, no
    source is fair: yes, no
    next call: met, missed
    ");
    // Neither hot nor from the web or a fair: none of them alone keeps it out.
    insta::assert_snapshot!(with("hot-next is silent for both at 2026-11-15"), @r"
    hot lead: silent
    source is web: yes, no
    source is fair: yes, no
    next call: met, missed
    ");
    insta::assert_snapshot!(with("hot-next is silent for ad at 2026-11-15"), @r"
    hot lead: silent
    source is web: yes, +no
    source is fair: yes, +no
    next call: met, missed
    ");
    insta::assert_snapshot!(with("hot-next for card is missed at 2026-11-15"), @r"
    hot lead: silent
    source is web: yes, no
    source is fair: +yes, no
    next call: met, +missed
    ");
}

#[test]
fn modifiers_and_exemptions_are_parts() {
    let text = r#"
seller: meetings >= 4 per month   as pace
    prorate
    grace  30 days
    warn   3 days
    since  2026-01-01
    until  2026-12-31
    unless fte < 0.5
test "modifiers"
    given   seller kim : started 2020-01-01, fte 1
    given   seller bob : started 2020-01-01, fte 0.4
    expect  pace for kim is missed at 2026-10-31
    expect  pace for bob is not applicable at 2026-10-31
    expect  pace is silent for kim at 2025-12-31
"#;
    insta::assert_snapshot!(covered(text), @r"
    meetings >= 4 per month: met, on track, at risk, +missed, 3, 4, 5, day before, first day, last day
    fte < 0.5: +yes, +no, +below 0.5, 0.5, +above 0.5
    prorate: +whole, in part
    30 days: at risk, last day, day after
    3 days: at risk
    2026-01-01: +silent before
    2026-12-31: silent after
    ");
}

#[test]
fn what_is_asked_of_each_thing_that_counts_is_a_part() {
    let text = r#"
customer: meetings where minutes >= 30 >= 1 in last 30 days as long
test "long"
    given   customer acme
    given   meeting on acme at 2026-11-01 as a : minutes 30
    given   meeting on acme at 2026-11-01 as b : minutes 20
    expect  long for acme is met at 2026-11-15
"#;
    let text = text.replace("where minutes >= 30 >=", "where (minutes >= 30) >=");
    insta::assert_snapshot!(covered(&text), @r"
    meetings where (minutes >= 30) >= 1 in last 30 days: +met, missed, 0, +1, 2, day before, first day, last day
    minutes >= 30: +yes, +no, +below 30, +30, above 30
    ");
}

#[test]
fn coverage_of_the_same_rules_adds_up_and_of_others_is_added() {
    let rules = "customer: calls >= 1 as called\n";
    let missed = "test \"none\"\n    given   customer acme\n    expect  called for acme is missed at 2026-11-15\n";
    let of = |tests: &str| {
        let rules = RuleSet::compile("a.kpi", &format!("{rules}{tests}"), &NoFiles).unwrap();
        rules.coverage(|_| true)
    };
    let mut all = of("");
    assert_eq!((all.reached(), all.cases(), all.percent().to_string()), (0, 5, "0".into()));
    all.add(of(missed));
    all.add(of(missed));
    assert_eq!((all.items.len(), all.reached(), all.cases()), (1, 2, 5));
    assert_eq!((all.items[0].expectations, all.items[0].parts[0].cases[1].reached), (2, 2));
    let mut other = of("");
    other.items[0].file = "b.kpi".into();
    all.add(other);
    assert_eq!((all.items.len(), all.cases(), all.percent().to_string()), (2, 10, "20".into()));
    assert_eq!(Coverage::default().percent().to_string(), "100");
    assert_eq!(percent(999, 1000).to_string(), "99.9");
    assert_eq!(percent(99_999, 100_000).to_string(), "99.9");
}
