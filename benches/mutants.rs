//! How long it takes to try every mutant of 50 rules on 200 tests.

use std::fmt::Write;
use std::hint::black_box;

use criterion::Criterion;
use kadence::{NoFiles, RuleSet};

/// Rules of many shapes, each with what is given and expected of it in four tests.
const SHAPES: [(&str, [&str; 4]); 5] = [
    (
        "A-customer: touchpoints spaced 30 days >= 4 per year",
        [
            "expect RULE for acme is on track at 2026-01-30",
            "given call on acme at 2026-02-01, 2026-04-01, 2026-06-01, 2026-08-01
    expect RULE for acme is met at 2026-08-01 measured 4 target 4",
            "given call on acme at 2026-02-01, 2026-02-20, 2026-06-01, 2026-08-01
    expect RULE for acme is missed at 2026-12-31 measured 3",
            "given visit on acme at 2025-12-31
    expect RULE for acme is missed at 2026-12-31 measured 0 missing 4",
        ],
    ),
    (
        "customer where revenue >= 500k and country is DK: visit | meeting every 90 days   unless is new   warn 14 days",
        [
            "given visit on acme at 2026-03-01
    expect RULE for acme is met at 2026-05-16
    expect RULE for acme is at risk at 2026-05-17",
            "given meeting on acme at 2026-03-01
    expect RULE for acme is missed at 2026-05-31",
            "expect RULE is silent for small at 2026-05-31",
            "expect RULE for young is not applicable at 2026-05-31",
        ],
    ),
    (
        "open opportunity: expected_close is known and next activity within 14 days",
        [
            "given planned call on deal at 2026-06-15
    expect RULE for deal is met at 2026-06-01",
            "given planned call on deal at 2026-06-15
    expect RULE for deal is missed at 2026-05-31",
            "expect RULE for vague is missed at 2026-06-01",
            "expect RULE is silent for gone at 2026-06-01",
        ],
    ),
    (
        "seller: share of meetings that are followed by activity within 7 days >= 60% in last 12 months",
        [
            "given meeting on acme at 2026-03-02 by kim
    given call on acme at 2026-03-09 by kim
    expect RULE for kim is met at 2026-06-01 measured 100",
            "given meeting on acme at 2026-03-02 by kim
    given call on acme at 2026-03-10 by kim
    expect RULE for kim is missed at 2026-06-01 measured 0",
            "expect RULE for kim is not applicable at 2026-06-01",
            "given meeting on acme at 2025-06-01 by kim
    expect RULE for kim is not applicable at 2026-06-01",
        ],
    ),
    (
        "seller: 20 * meetings + 2 * calls >= 40 per week   prorate",
        [
            "given meeting on acme at 2026-06-01, 2026-06-02 by kim
    expect RULE for kim is met at 2026-06-07 measured 40 target 40",
            "given call on acme at 2026-06-01, 2026-06-02 by kim
    expect RULE for kim is missed at 2026-06-07 measured 4",
            "given absence : seller kim, from 2026-06-01, until 2026-06-07
    expect RULE for kim is not applicable at 2026-06-07",
            "given absence : seller kim, from 2026-06-01, until 2026-06-02
    expect RULE for kim is missed at 2026-06-07 target 24",
        ],
    ),
];

/// What every test is given besides.
const GIVEN: &str = "
    given customer acme : segment A, owner kim, revenue 500k, country DK, created 2020-01-01
    given customer small : segment B, revenue 499k, country DK, created 2020-01-01
    given customer young : revenue 900k, country DK, created 2026-01-01
    given opportunity deal : customer acme, status open, expected_close 2026-09-01, created 2026-01-01
    given opportunity vague : customer acme, status open, created 2026-01-01
    given opportunity gone : customer acme, status lost, created 2026-01-01, closed 2026-02-01
    given seller kim : started 2020-01-01
";

fn rules(count: usize) -> String {
    let mut text = String::new();
    for (n, (rule, tests)) in SHAPES.iter().cycle().take(count).enumerate() {
        let _ = writeln!(text, "{rule}\n    as r{n}");
        for (at, test) in tests.iter().enumerate() {
            let test = test.replace("RULE", &format!("r{n}"));
            let _ = writeln!(text, "test \"{n}, {at}\"{GIVEN}    {test}");
        }
    }
    text
}

fn main() -> Result<(), kadence::Diagnostics> {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let rules = RuleSet::compile("rules.kpi", &rules(50), &NoFiles)?;
    let run = rules.mutants();
    assert_eq!((rules.rules().count(), run.tests, run.failing), (50, 200, 0));
    let name = format!("try {} mutants of 50 rules on 200 tests", run.mutants.len());
    criterion.bench_function(&name, |bencher| {
        bencher.iter(|| black_box(rules.mutants().mutants.len()));
    });
    criterion.final_summary();
    Ok(())
}
