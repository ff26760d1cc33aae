//! What follows from rules: each finding with rules that have it and rules that have it not.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use kadence::diagnostic::Renderer;
use kadence::{Code, Diagnostics, NoFiles, RuleSet};

fn analysed(rules: &str) -> Diagnostics {
    RuleSet::compile("rules.kpi", rules, &NoFiles).unwrap_or_else(|f| panic!("{f}")).findings()
}

/// What a person sees of all that is found.
fn drawn(rules: &str) -> String {
    let found = analysed(rules);
    let renderer = Renderer::plain();
    let drawn = found.all.iter().map(|one| renderer.render(one, &found.sources));
    drawn.collect::<Vec<_>>().join("\n\n")
}

/// The codes of what is found.
fn codes(rules: &str) -> Vec<Code> {
    analysed(rules).all.iter().map(|found| found.code).collect()
}

#[test]
fn look() {
    let sets = [
        "customer: calls >= 4 per year as some\ncustomer: calls <= 3 per year as few",
        "customer: touchpoints <= 1 per quarter as few\nA-customer: calls >= 5 per year as some",
        "customer: visit every 30 days as often\ncustomer: visits <= 6 per year as seldom",
        "seller: meetings >= 4 per month as some\nseller: meetings on lead >= 50 per year as many\nseller: activities <= 10 per quarter as few",
        "customer: calls >= 2 per month as m\ncustomer: calls >= 24 per year as y",
        "open lead: status is open as o\nlead where status is won: next call",
        "open lead where status is open: next call",
        "lead where status is open and status is lost: next call",
        "customer: calls >= 0 per year as all\ncustomer: calls < 0 per year as no",
    ];
    for set in sets {
        println!("=====\n{set}\n");
        match RuleSet::compile("r.kpi", set, &NoFiles) {
            Ok(_) => println!("{}", drawn(set)),
            Err(e) => println!("{e}"),
        }
    }
}
