//! What is told of what is run.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kadence::{NoFiles, RuleSet};

fn plan(text: &str) -> String {
    RuleSet::compile("plan.kpi", text, &NoFiles).unwrap().plan().to_string()
}

#[test]
fn twelve_rules_fit_a_screen() {
    let plan = plan(include_str!("support/twelve_rules.kpi"));
    assert!(plan.lines().count() <= 60, "{plan}");
    insta::assert_snapshot!(plan);
}

#[test]
fn every_construct_is_told() {
    insta::assert_snapshot!(plan(include_str!("support/every_construct.kpi")));
}

#[test]
fn windows_stand_below_those_that_hold_them() {
    let text = plan(
        "customer: calls >= 1 per month\n\
         customer: calls >= 2 per week\n\
         customer: calls >= 9 per year\n\
         customer: calls >= 3 in last 3 months\n\
         customer: calls >= 3 in last 1 quarter\n\
         customer: calls >= 4 per quarter and calls >= 2 in last 30 days\n\
         customer: calls >= 5 per month since 2026-01-01\n",
    );
    insta::assert_snapshot!(text);
}

#[test]
fn segments_goals_and_dated_and_spaced_sets_are_told() {
    let text = plan(
        "segment A = customer where revenue >= 1m\n\
         segment B = customer where revenue >= 100k and revenue < 1m\n\
         define big offer = offer where amount > 1k\n\
         define rare call = call spaced 10 days\n\
         A-customer: big offers dated created >= 1 per month\n\
         B-customer: rare calls | visits spaced 5 days >= 2 * 3 per year\n\
         seller: share of A-customers that (calls >= 1 in last 30 days) >= 50%\n\
         seller: -(meetings - 2 * calls) / 2 < 10 per week\n\
         list \"a\\nb\" = A-customer where country is \"New \\\"Land\\\"\" sort by revenue limit 3 per team\n\
         goal sold = sum amount of won opportunities >= 1m per year\n",
    );
    insta::assert_snapshot!(text);
}
