//! What follows from rules: each finding with rules that have it and rules that have it not.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use kadence::diagnostic::Renderer;
use kadence::{Code, Diagnostics, NoFiles, Resolver, RuleSet};

/// What these tests are about.
const CODES: [Code; 5] = [Code::K070, Code::K071, Code::K072, Code::K073, Code::K074];

/// Rule sets with exactly one such finding.
const WITH: &[(Code, &[&str])] = &[
    (
        Code::K070,
        &[
            "customer: calls >= 4 per year as some\ncustomer: calls <= 3 per year as few",
            // Over windows that lie within each other.
            "customer: touchpoints <= 1 per quarter as few\nA-customer: calls >= 5 per year as some",
            "customer: calls >= 1 per month as some\ncustomer: touchpoints < 12 per year as few",
            "customer: calls <= 1 per week as few\ncustomer: calls >= 55 per year as some",
            "customer: calls >= 7 in last 90 days as some\ncustomer: calls <= 2 in last 30 days as few",
            "customer: calls >= 4 in last 12 months as some\ncustomer: calls <= 3 per year as few",
            "customer: calls <= 2 per year as few\ncustomer: calls > 2 per month as some",
            // Cadences and gaps.
            "customer: visit every 30 days as often\ncustomer: activities <= 6 per year as few",
            "customer: days since touchpoints <= 30 as often\ncustomer: activities <= 8 per year as few",
            "customer: longest gap of calls <= 30 days per year as often\ncustomer: calls <= 5 per year as few",
            // Other measures, parts of a condition, other subjects.
            "customer: sum minutes of calls >= 90 per month as long\ncustomer: sum minutes of calls < 60 per month as short",
            "customer: average minutes of calls > 30 as long\ncustomer: average minutes of calls <= 30 as short",
            "hot lead: next call as step\nlead: calls between 3 and 5 in last 30 days as some\nlead: (calls = 2 in last 30 days) and source is web as two",
            "seller: meetings on hot lead >= 4 per month as some\nseller: meetings <= 3 per month as few prorate",
            "team: calls >= 9 per week as some\nteam: activities <= 20 per month as few",
            "opportunity: not (calls >= 2 per month) as few\nopen opportunity: long calls >= 2 per month as some\ndefine long call = call where minutes >= 30",
            "customer where country is \"Ærø \\\"\\\\\": calls >= 4 per year as some\ncustomer: calls <= 3 per year as few",
            "customer: calls >= 4 per year as some since 2027-03-01\ncustomer: calls <= 3 per year as few until 2029-01-01",
        ],
    ),
    (
        Code::K071,
        &[
            "customer: calls >= 2 per month as months\ncustomer: calls >= 24 per year as years",
            "customer: calls >= 4 per year as all\nA-customer: touchpoints >= 3 per year as a",
            "lead: next activity within 7 days as soon\nhot lead: next activity as hot",
            "customer: visit every 30 days as often\ncustomer: visit every 6 weeks as less",
            "meeting: followed by call within 2 days as soon\nmeeting: followed by activity within 1 week as late",
            "customer: touchpoints <= 1 per quarter as few\ncustomer: calls <= 4 per year as four",
            "customer: calls >= 3 in last 30 days as near\ncustomer: calls >= 2 in last 3 months as far",
            "customer: calls >= 3 and visits >= 2 as both\ncustomer: visits >= 1 as one",
            "customer: calls >= 3 per year as one\ncustomer: call >= 3 per year as two",
            "lead: touchpoint within 2 days of created as soon\nopen lead: activity within 1 week of created as late",
        ],
    ),
    (
        Code::K072,
        &[
            "hot lead: temperature is warm as warm",
            "customer: calls >= 4 per month and calls <= 3 per month as both",
            "customer: calls < 0 per year as none",
            "customer: share of calls that (minutes > 3) > 50% and share of calls that (minutes > 3) <= 50% as all",
            "customer where calls <= 2 in last 90 days: calls >= 3 in last 90 days as more",
            "open lead: next call as step unless status is lost",
        ],
    ),
    (
        Code::K073,
        &[
            "hot lead: status is open as open",
            "customer: calls >= 0 per year as some",
            "company: share of customers that (next call) <= 40% or share of customers that (next call) > 30% as share",
            "open lead where status is open: next call as step",
            "customer where revenue >= 5: next call or revenue > 3 as either",
            "hot lead: next call as step unless status in (open, lost)",
            "customer: long calls where (minutes > 2) >= 1 per week as weeks\ndefine long call = call where minutes > 3",
        ],
    ),
    (
        Code::K074,
        &[
            "lead where status is open and status is lost: next call as step",
            "hot lead where temperature is cold: next call as step",
            "A-customer where segment is B: next call as step",
            "customer: calls where (minutes < 5 and minutes > 5) >= 1 per year as short",
            "customer where revenue is unknown and revenue >= 5: next call as step",
            "segment S = customer where revenue < 5\nsegment L = customer where revenue >= 5\nS-customer where revenue > 7: next call as step",
            "dormant customer where touchpoints >= 1 in last 12 months: next call as step",
        ],
    ),
];

/// Rule sets without any such finding.
const WITHOUT: &[&str] = &[
    // Room between the two, or not the same things.
    "customer: calls >= 3 per year as some\ncustomer: calls <= 3 per year as few",
    "customer: calls >= 4 per year as some\ncustomer: visits <= 3 per year as few",
    "customer: touchpoints >= 4 per year as some\ncustomer: calls <= 3 per year as few",
    "A-customer: calls >= 4 per year as some\nB-customer: calls <= 3 per year as few",
    "customer where revenue >= 5: calls >= 4 per year as some\ncustomer where revenue < 5: calls <= 3 per year as few",
    "customer: calls >= 4 per year as some until 2026-12-31\ncustomer: calls <= 3 per year as few since 2027-01-01",
    "customer: calls >= 4 per year as some unless country is dk\ncustomer where country is dk: calls <= 3 per year as few",
    // Weeks lie across the ends of months: what is asked of each can be done.
    "customer: calls >= 1 per week as some\ncustomer: calls <= 4 per month as few",
    "customer: calls <= 1 per week as few\ncustomer: calls >= 53 per year as some",
    "customer: calls <= 1 per quarter as few\ncustomer: calls >= 4 per year as some",
    "customer: visit every 60 days as often\ncustomer: visits <= 6 per year as few",
    // What is planned is another day no more.
    "customer: planned calls >= 1 per month as plans\ncustomer: planned calls <= 3 per year as few",
    // What it would take a history of thousands to show.
    "customer: calls >= 1000000000000 per year as some\ncustomer: calls <= 3 per year as few",
    "customer: calls >= 99999999999999999999 per year as some\ncustomer: calls <= 3 per year as few",
    "customer: calls >= 1 per day as some\ncustomer: calls <= 3 in last 9000 years as few",
    "customer: calls >= 4 per year as some since 9999-01-01\ncustomer: calls <= 3 per year as few",
    "customer: visit every 10000 years as some since 9999-12-31\ncustomer: visits <= 0 per year as few",
    // Whoever meets the first can miss the second.
    "customer: calls >= 25 per year as years\ncustomer: calls >= 2 per month as months",
    "A-customer: calls >= 4 per year as a\ncustomer: calls >= 3 per year as all",
    "customer: calls >= 3 in last 3 months as near\ncustomer: calls >= 3 in last 90 days as far",
    "customer: calls >= 1 per week as weeks\ncustomer: calls >= 5 per month as months",
    "customer: calls >= 2 per month as months\ncustomer: long calls >= 2 per year as long\ndefine long call = call where minutes >= 5",
    "customer: calls >= 4 per quarter as quarters prorate\ncustomer: calls >= 4 per year as years",
    "customer: calls >= 4 per quarter as some unless is new\ncustomer: calls >= 3 per year as less",
    "customer: visit every 30 days as often\ncustomer: visits >= 1 in last 60 days as some",
    // Who has just come counts from there, but for a touchpoint before.
    "customer: visit every 30 days as often\ncustomer: touchpoint every 6 weeks as less",
    // Together with a period the other part is told at the end of the period.
    "customer: calls >= 1 per month and days since visits <= 30 as both\ncustomer: visits <= 1 per year as few",
    "meeting: followed by activity within 7 days as late\nmeeting: followed by activity booked within 7 days as soon",
    "lead: next activity as step\nhot lead: next activity within 7 days as soon",
    // What can be either.
    "hot lead: source is web as web",
    "lead where status is open: temperature is hot as hot",
    "customer: calls >= 3 per month and calls <= 3 per month as three",
    "customer where revenue >= 5 or revenue < 5: next call as step",
    "customer where country is unknown or country is dk: next call as step",
    "customer: calls <= 2 per quarter and calls >= 5 per year as both",
    "A-customer: segment contains \"A\" as letter",
    "lead where created before today and created after 2026-01-01: next call as step",
    "dormant customer: touchpoint every 90 days as wake",
];

fn findings(rules: &str) -> Diagnostics {
    let rules = RuleSet::compile("rules.kpi", rules, &NoFiles);
    rules.unwrap_or_else(|found| panic!("{found}")).findings()
}

/// The findings of these codes.
fn of_interest(rules: &str) -> Vec<(Code, String)> {
    let found = findings(rules).all.into_iter().filter(|found| CODES.contains(&found.code));
    found.map(|found| (found.code, found.message)).collect()
}

#[test]
fn what_follows_is_found() {
    let mut wrong = Vec::new();
    for (code, sets) in WITH {
        assert!(sets.len() >= 3, "{code}");
        for rules in *sets {
            let found = of_interest(rules);
            let codes: Vec<Code> = found.iter().map(|(code, _)| *code).collect();
            if codes != [*code] {
                wrong.push(format!("{code}: {rules}\n{found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn what_does_not_follow_is_not_claimed() {
    let found = WITHOUT.iter().map(|rules| (*rules, of_interest(rules)));
    let wrong: Vec<_> = found.filter(|(_, found)| !found.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_shown_of_contradictions_are_tests_that_pass() {
    let (_, sets) = WITH[0];
    for rules in sets {
        for found in findings(rules).all.iter().filter(|found| found.code == Code::K070) {
            let test = found.example.as_deref().unwrap();
            let text = format!("{rules}\n{test}");
            let with_test = RuleSet::compile("shown.kpi", &text, &NoFiles);
            let run = with_test.unwrap_or_else(|found| panic!("{found}\n{text}")).test();
            assert!(run.passed(), "{text}\n{run:?}");
            assert!(test.contains(" is met at ") && test.contains(" is missed at "), "{test}");
        }
    }
}

#[test]
fn what_a_person_sees() {
    let renderer = Renderer::plain();
    for (code, sets) in WITH {
        let drawn = sets.iter().map(|rules| {
            let found = findings(rules);
            let mut of_code = found.all.iter().filter(|found| found.code == *code);
            of_code.next().map(|one| renderer.render(one, &found.sources)).unwrap()
        });
        let drawn: Vec<String> = drawn.take(8).collect();
        insta::assert_snapshot!(format!("follows_{code}"), drawn.join("\n\n"));
    }
}

#[test]
fn the_page_shows_the_test_that_is_found() {
    let page = Code::K070.page();
    let block = |start: &str| page.split(start).nth(1).unwrap().split("```").next().unwrap();
    let found = findings(block("```kpi finding=K070\n"));
    let shown = found.all.iter().find(|found| found.code == Code::K070).unwrap();
    assert_eq!(shown.example.as_deref().unwrap(), block("```text\n"));
}

/// The files of a folder; no day is a holiday.
struct Files(PathBuf);

impl Resolver for Files {
    fn read(&self, name: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(name)).map_err(|fault| fault.to_string())
    }

    fn holidays(&self, _: &str) -> Result<Vec<NaiveDate>, String> {
        Ok(Vec::new())
    }
}

#[test]
fn the_rules_of_the_example_company_have_none() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/nordic");
    let text = fs::read_to_string(folder.join("targets.kpi")).unwrap();
    let rules = RuleSet::compile("targets.kpi", &text, &Files(folder)).unwrap();
    let found = rules.findings().all.into_iter().filter(|found| CODES.contains(&found.code));
    assert_eq!(found.map(|found| found.message).collect::<Vec<_>>(), [""; 0]);
}
