//! Which mistakes are made of which words, and what comes of them.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use kadence::{Fate, Mutant, MutantKind, MutantRun, NoFiles, RuleSet};

fn run(text: &str) -> MutantRun {
    let rules = RuleSet::compile("rules.kpi", text, &NoFiles).unwrap_or_else(|e| panic!("{e}"));
    rules.mutants()
}

/// What comes of each mutant: `kind: change`.
fn told(run: &MutantRun, is_told: impl Fn(&Fate) -> bool) -> Vec<String> {
    let mutants = run.mutants.iter().filter(|mutant| is_told(&mutant.fate));
    mutants.map(|mutant| format!("{}: {}", mutant.kind, mutant.change)).collect()
}

fn is_equal(fate: &Fate) -> bool {
    *fate == Fate::Equal
}

fn survives(fate: &Fate) -> bool {
    matches!(fate, Fate::Survived { .. })
}

/// Every construct in which a mistake can be made.
const ALL: &str = r#"
activity webinar
segment A = customer where revenue >= 1_000k
segment B = customer where revenue < 1_000k and revenue > 0.5m
define key customer = A-customer where revenue >= 5m
define effort = 20 * meetings + 2.5 * calls

key customer: touchpoints spaced 30 days >= 4 per year   as a
    since   2026-01-01
    until   2026-12-31
    unless  is new or status is "on hold"
    prorate
    warn    14 days
customer: distinct contact of touchpoints between 2 and 4 in last 90 days   as b   grace 60 days
customer where country in (DK, SE, NO): visit | meeting every 3 months   as c
customer: webinars >= 1 in previous quarter   as d
customer: touchpoints != 0 since 2026-01-01   as e
customer: calls < 10 from 2026-01-01 until 2026-12-31   as f
customer: longest gap of calls <= 60 days this half-year   as g
hot lead where source is not web: touchpoint within 24 hours of created   as h
open opportunity: expected_close is known and not (expected_close before today or amount is unknown)   as i
open opportunity: next activity within 14 days   as j
opportunity: meeting within 5 workdays before expected_close   as k
opportunity where created after 2026-01-01: amount is known within 1 day of created   as l
meeting on opportunity: followed by activity booked within 7 days   as m
meeting: followed by call within 7 days   as n
seller: average amount of offers > 100 per month   as o
seller: min margin of won opportunities dated expected_close = 5 in last 12 months   as p
seller: effort >= 40 per week   as q
list "Old" = lead where created not in last 30 days sort by created limit 3
list "Large" = open opportunity sort by amount descending limit 5 per seller
"#;

#[test]
fn every_mistake_is_made_where_it_can_be() {
    let run = run(ALL);
    let line =
        |mutant: &Mutant| format!("{:>2} {:<10} {}", mutant.line, mutant.kind, mutant.change);
    insta::assert_snapshot!(run.mutants.iter().map(line).collect::<Vec<_>>().join("\n"));
    for kind in MutantKind::ALL {
        assert!(run.mutants.iter().any(|mutant| mutant.kind == kind), "nowhere: {kind}");
    }
}

#[test]
fn a_mutant_is_the_text_with_other_bytes() {
    for mutant in run(ALL).mutants {
        let text = ALL;
        let before = text.get(..mutant.bytes.start).unwrap();
        let after = text.get(mutant.bytes.end..).unwrap();
        let mutated = [before, &mutant.replacement, after].concat();
        let compiled = RuleSet::compile("rules.kpi", &mutated, &NoFiles);
        assert!(compiled.is_ok(), "{}\n{}", mutant.change, compiled.unwrap_err());
        assert_ne!(mutant.change.old_line(), mutant.change.new_line());
    }
}

#[test]
fn the_expectation_that_notices_is_named() {
    let run = run("
customer: calls >= 2 per year   as called
test \"two calls are enough\"
    given   customer acme : created 2020-01-01
    given   call on acme at 2026-01-05, 2026-12-31
    expect  called for acme is on track at 2026-12-30 measured 1
    expect  called for acme is met at 2026-12-31 measured 2
");
    let of = |added: &str| {
        let mut mutants = run.mutants.iter().filter(|mutant| mutant.kind == MutantKind::Threshold);
        mutants.find(|mutant| mutant.change.added == added).map(|mutant| mutant.fate.clone())
    };
    let killed = |line| {
        let (test, file) = ("two calls are enough".to_owned(), "rules.kpi".to_owned());
        Some(Fate::Killed { test, file, line })
    };
    assert_eq!(of("1"), killed(6));
    assert_eq!(of("3"), killed(7));
    assert_eq!(run.tests, 1);
}

/// A rule is looked at by way of the rules that meet it, of lists, segments, defines and scores.
#[test]
fn a_mistake_is_noticed_from_afar() {
    let given = "
test \"a\"
    given customer acme : owner kim, revenue 5, created 2020-01-01
    given call on acme at 2026-01-05
    expect ";
    let rules = "
segment A = customer where revenue >= 5
define talk = call | meeting
A-customer: talk >= 1 in last 30 days
seller: share of customers that meet a-customer-talk-1-in-last-30-days >= 50%   as half
list \"Done\" = customer where meets a-customer-talk-1-in-last-30-days
";
    for expected in [
        "half for kim is met at 2026-01-05 measured 100",
        "\"Done\" lists acme at 2026-01-05",
        "score of kim is 100% at 2026-01-05",
    ] {
        let run = run(&format!("{rules}{given}{expected}\n"));
        let killed = told(&run, |fate| matches!(fate, Fate::Killed { .. }));
        for mistake in [
            "threshold: segment A = customer where revenue >= [-5-]{+6+}",
            "union: define talk = [-call |-] meeting",
            "threshold: A-customer: talk >= [-1-]{+2+} in last 30 days",
        ] {
            assert!(killed.iter().any(|killed| killed == mistake), "{expected}: {killed:#?}");
        }
    }
}

#[test]
fn what_means_the_same_is_equal_and_what_may_not_is_not() {
    let run = run("
segment A = customer where revenue >= 2m
segment B = customer where revenue >= 1m and revenue < 2m
define key customer = A-customer where revenue >= 5m
define late customer = B-customer where revenue >= 1.5m
define unused lead = lead where source is fair
key customer: next call   as ahead
late customer: calls >= 1 per year   as late
meeting: followed by call within 7 days   as progress
team: calls >= 10 per month   as team-calls
team: calls >= 2.5 per month   as team-fraction
seller: calls >= 10 per month   as seller-calls
");
    let equal = told(&run, is_equal);
    assert_eq!(
        equal,
        [
            "adjective: define key customer = [-A-customer-]{+customer+} where revenue >= 5m",
            "where: define unused lead = lead [-where source is fair-]",
            "adjective: key customer: next {+any+} call as ahead",
            "adjective: meeting: followed by {+any+} call within 7 days as progress",
            "prorate: team: calls >= 10 per month {+prorate+} as team-calls",
        ]
    );
    let survivors = told(&run, survives);
    for other in [
        "adjective: define late customer = [-B-customer-]{+customer+} where revenue >= 1.5m",
        "prorate: team: calls >= 2.5 per month {+prorate+} as team-fraction",
        "prorate: seller: calls >= 10 per month {+prorate+} as seller-calls",
    ] {
        assert!(survivors.iter().any(|survivor| survivor == other), "{other}: {survivors:#?}");
    }
}

#[test]
fn an_expectation_that_fails_kills_nothing() {
    let run = run("
customer: calls >= 2 per year   as called
test \"wrong\"
    given   customer acme : created 2020-01-01
    expect  called for acme is met at 2026-12-31
test \"no data\"
    given   customer acme : created 2020-01-01
    given   team a : parent b
    given   team b : parent a
    expect  called for acme is missed at 2026-12-31
");
    assert_eq!(run.failing, 2);
    assert!(run.mutants.iter().all(|mutant| survives(&mutant.fate)));
}

/// Comments, line breaks and letters of any length do not move a change.
#[test]
fn a_change_over_several_lines_is_shown_on_one() {
    let run = run("
A-customer   # møde
    : touchpoints >=  # several
        4 per year
    as møder
    warn   # much
        3 days
");
    let all = told(&run, |_| true);
    assert!(all.contains(&"threshold: [-4-]{+5+} per year".to_owned()), "{all:#?}");
    assert!(all.contains(&"warn: [-warn 3 days-]".to_owned()), "{all:#?}");
    assert!(run.mutants.iter().any(|mutant| (mutant.line, mutant.column) == (6, 5)));
}

#[test]
fn the_same_rules_give_the_same_mutants_in_the_same_order() {
    assert_eq!(run(ALL), run(ALL));
    let lines: Vec<u32> = run(ALL).mutants.iter().map(|mutant| mutant.line).collect();
    assert!(lines.is_sorted());
}

#[test]
fn rules_at_the_limits_are_tried_without_harm() {
    let deep = format!("customer: {}calls >= 1{}   as deep\n", "(".repeat(60), ")".repeat(60));
    let chain: Vec<String> = (0..40).map(|n| format!("calls >= {n} per year")).collect();
    let chain = format!("customer: {}   as chain\n", chain.join(" and "));
    let large = format!("customer: calls >= {}   as large\n", "9".repeat(28));
    let long = "customer: visit every 10000 days   as long\ncustomer: calls >= 1 in last 10_000 years   as longer\n";
    let ends = "customer: calls >= 1 since 9999-12-31   as last\ncustomer: calls >= 1 since 0001-01-01   as first\n";
    for text in [deep.as_str(), &chain, &large, long, ends] {
        assert!(!run(text).mutants.is_empty());
    }
    assert_eq!(run("").mutants, []);
}

/// Rules that meet each other, words, a list and a goal built on them, and tests of all, scores too.
const LINKED: &str = r#"
segment A = customer where revenue >= 10
define good customer = customer where (meets called)

goal sold = won opportunities >= 1 per year through good customer > won opportunity

A-customer: calls >= 2 per year   supports sold
customer: calls >= 1 per year   as called
customer: meets called or visits >= 3 per year   as looked-after
seller: share of customers that meet looked-after >= 50%   as half   weight 3
seller: emails >= 1 per year   as mail
list "silent" = customer where (not meets looked-after)
list "good"   = good customer

test "one call"
    given   seller kim
    given   customer acme : revenue 12, owner kim
    given   customer zeta : revenue 5, owner kim
    given   call on acme at 2026-02-01 by kim
    expect  called for acme is met at 2026-12-31
    expect  "silent" lists zeta at 2026-12-31
    expect  score of kim is 55.5556% at 2026-12-31

test "two calls and a mail"
    given   seller kim
    given   customer acme : revenue 10, owner kim
    given   call on acme at 2026-02-01, 2026-03-01 by kim
    given   email on acme at 2026-03-01 by kim
    expect  score of kim is 100% at 2026-12-31
    expect  "good" lists acme at 2026-12-31

test "no call"
    given   seller kim
    given   customer acme : revenue 10, owner kim
    expect  half for kim is missed at 2026-12-31 measured 0
    expect  looked-after for acme is missed at 2026-12-31
"#;

#[test]
fn a_mutant_comes_out_alike_however_many_rules_stand_beside_it() {
    let alone = run(LINKED);
    assert_eq!(alone.failing, 0);
    let others: String = (0..40)
        .map(|n| format!("lead: calls >= {n} per year   as lead-{n}\nlist \"{n}\" = open lead\n"))
        .collect();
    let beside = run(&format!("{LINKED}{others}"));
    let of = |run: &MutantRun| -> Vec<Mutant> {
        let is_own = |mutant: &&Mutant| mutant.bytes.start < LINKED.len();
        run.mutants.iter().filter(is_own).cloned().collect()
    };
    assert_eq!(of(&alone), of(&beside));
    // Some are noticed by the scores alone, and some by nothing.
    let line = |text: &str| LINKED.lines().position(|line| line.contains(text)).unwrap_or(0) + 1;
    let lines = ["score of kim is 55", "score of kim is 100"].map(line);
    let by_score = |fate: &Fate| matches!(fate, Fate::Killed { line, .. } if lines.contains(&(*line as usize)));
    assert!(told(&alone, by_score).len() > 3, "{:?}", told(&alone, by_score));
    assert!(!told(&alone, survives).is_empty());
}
