//! What sound rule sets become.

use super::super::rules::*;
use super::{Files, LIMIT, compile, compiled, fault, sound};
use crate::diagnostic::{Code, Diagnostics};
use crate::model::Noun;
use crate::model::calendar::{Duration, TimeUnit, Unit};
use crate::verdict::{Severity, Status};

/// A rule set that uses most of the language.
const STORY: &str = r#"# Activity targets
calendar
    timezone Europe/Copenhagen
    year starts 1 July
    holidays 2026-12-24, 2026-12-25

activity webinar
activity "site visit"
field seller.meeting_goal : number
field customer.vip : yes-no
define key customer = A-customer where revenue >= 5m
define effort = 20 * meetings + 2 * calls + emails

A-customer: touchpoints >= 4 per year
    as      a-contact
    because "A-customers leave when we go quiet"
    weight  3

key customer: visit every 90 days                as key-visit  warn 14 days
hot lead: next activity                          as hot-next
lead: touchpoint within 2 workdays of created    as speed-to-lead  grace 1 day
open opportunity: expected_close is known and next activity within 14 days
meeting: followed by activity within 7 days      as progress
planned meeting: preparation is known
seller: meetings on lead >= 8 per month          as new-meetings   supports new-sales  severity critical
seller: share of A-customers that meet a-contact >= 90%
seller: meetings >= meeting_goal per month
seller: effort >= 100 per week                   as effort
team: share of closed opportunities that are won >= 25% per year
campaign: learning is known within 14 days of end
campaign: share of members that (touchpoint within 30 days of campaign.start) >= 90%
customer: site visits >= 1 in last 12 months unless vip is yes
customer: calls between 2 and 4 per quarter prorate since 2026-01-01 until 2026-12-31
customer: longest gap of touchpoints <= 2 weeks in last 6 months
customer: distinct contact of touchpoints spaced 30 days >= 2 in last 12 months

list "Call day: pipeline" = overdue opportunity sort by amount descending limit 20 per seller
list "Call day: campaign" = open lead on latest campaign
list "Call day: fair"     = open lead where source is fair and created in previous month

goal new-sales = sum amount of won opportunities >= 5m per year
    through lead > meeting on lead > offer > won opportunity

test "four calls in the year are enough"
    given   customer acme : segment A, owner kim, created 2024-01-01
    given   call on acme at 2026-07-01, 2026-08-01, 2026-09-01
    given   planned meeting on acme at 2026-12-01 by bo as m : preparation "a plan"
    expect  a-contact for acme is on track at 2026-11-15
    expect  a-contact for acme is missed at 2027-06-30 measured 3
    expect  "Call day: pipeline" lists nothing at 2026-11-15
    expect  score of kim is 75% at 2026-11-15T10:00
"#;

fn rule<'c>(compiled: &'c Compiled, id: &str) -> &'c Rule {
    compiled.rules.iter().find(|rule| rule.id == id).unwrap()
}

fn condition(text: &str) -> Condition {
    sound(text).rules.remove(0).condition
}

fn comparison(text: &str) -> Comparison {
    match condition(text) {
        Condition::Compare(comparison) => comparison,
        other => panic!("{text}: {other:?}"),
    }
}

/// A phrase as its parts, defines opened.
fn parts(phrase: &Phrase) -> String {
    let mut text: Vec<String> = phrase
        .adjectives
        .iter()
        .map(|adjective| match adjective {
            Adjective::Is(inner) => format!("[{}]", parts(inner)),
            other => format!("{other:?}"),
        })
        .collect();
    let bases = phrase.bases.iter().map(|base| match base {
        Base::All => format!("all {}", phrase.noun.table()),
        Base::Kind(kind) => kind.clone(),
        Base::Segment(segment) => format!("segment {segment}"),
        Base::Phrase(inner) => format!("({})", parts(inner)),
    });
    text.push(bases.collect::<Vec<_>>().join("|"));
    if let Some(on) = &phrase.on {
        text.push(format!("on {}", parts(on)));
    }
    if phrase.filter.is_some() {
        text.push("where".to_owned());
    }
    text.join(" ")
}

fn listed(text: &str) -> String {
    parts(&sound(&format!("list \"l\" = {text}")).lists[0].phrase)
}

#[test]
fn the_prelude_has_no_fault() {
    let (compiled, diagnostics) =
        compile("prelude.kpi", super::super::PRELUDE, &super::NoFiles, LIMIT);
    let sources = compiled.sources;
    assert!(diagnostics.is_empty(), "{}", Diagnostics { all: diagnostics, sources });
    for name in [
        "touchpoint",
        "open lead",
        "converted lead",
        "lost lead",
        "hot lead",
        "warm lead",
        "cold lead",
        "overdue lead",
        "open opportunity",
        "won opportunity",
        "lost opportunity",
        "closed opportunity",
        "new customer",
        "dormant customer",
        "running campaign",
        "done campaign",
    ] {
        sound(&format!("list \"l\" = {name}"));
        sound(&format!("list \"l\" = {name}s").replace("opportunitys", "opportunities"));
    }
}

#[test]
fn a_story_compiles() {
    let compiled = sound(STORY);
    assert_eq!(compiled.calendar.zone.name(), "Europe/Copenhagen");
    assert_eq!(compiled.schema.zone().name(), "Europe/Copenhagen");
    assert_eq!(compiled.calendar.year_start, (7, 1));
    assert_eq!(compiled.calendar.holidays.len(), 2);
    assert!(compiled.schema.kinds().iter().any(|kind| kind == "site visit"));
    assert!(compiled.schema.field(Noun::Seller, "meeting_goal").is_some());

    let contact = rule(&compiled, "a-contact");
    assert_eq!(contact.text, "A-customer: touchpoints >= 4 per year");
    assert_eq!(contact.weight, 3.into());
    assert_eq!(contact.because.as_deref(), Some("A-customers leave when we go quiet"));
    assert_eq!(parts(&contact.subject), "segment A");
    assert_eq!(rule(&compiled, "new-meetings").severity, Severity::Critical);
    assert_eq!(rule(&compiled, "new-meetings").supports.as_deref(), Some("new-sales"));
    let made_up = "customer-calls-between-2-and-4-per-quarter";
    assert!(rule(&compiled, made_up).prorate);
    assert_eq!(rule(&compiled, made_up).since, "2026-01-01".parse().ok());

    let goal = &compiled.goals[0];
    assert_eq!(goal.text, "sum amount of won opportunities >= 5m per year");
    assert_eq!(goal.through.len(), 4);
    assert_eq!(compiled.lists[0].limit, Some((20, Some(Per::Seller))));
    assert_eq!(parts(&compiled.lists[1].phrase), "(all leads where) on Latest all campaigns");
}

#[test]
fn a_test_becomes_rows_and_expectations() {
    let compiled = sound(STORY);
    let test = &compiled.tests[0];
    let rows: Vec<(Noun, &str)> = test.rows.iter().map(|row| (row.noun, row.id.as_str())).collect();
    assert_eq!(
        rows,
        [
            (Noun::Customer, "acme"),
            (Noun::Activity, "activity 000001"),
            (Noun::Activity, "activity 000002"),
            (Noun::Activity, "activity 000003"),
            (Noun::Activity, "m"),
            (Noun::Seller, "bo"),
            (Noun::Seller, "kim"),
        ]
    );
    let cells: Vec<(&str, &str)> =
        test.rows[4].cells.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
    assert_eq!(
        cells,
        [
            ("kind", "meeting"),
            ("status", "planned"),
            ("customer", "acme"),
            ("seller", "bo"),
            ("preparation", "a plan"),
            ("at", "2026-12-01T12:00"),
        ]
    );
    let first = &test.expectations[0];
    assert_eq!(first.at.to_rfc3339(), "2026-11-15T23:00:00+00:00");
    let ExpectationKind::Verdict { rule, subject, status, .. } = &first.kind else { panic!() };
    assert_eq!((compiled.rules[*rule].id.as_str(), subject.as_str()), ("a-contact", "acme"));
    assert_eq!(*status, Status::OnTrack);
    let last = &test.expectations[3];
    assert_eq!(last.at.to_rfc3339(), "2026-11-15T09:00:00+00:00");
    assert!(matches!(last.kind, ExpectationKind::Score { noun: Noun::Seller, .. }));
}

#[test]
fn the_longest_name_is_the_noun() {
    assert_eq!(listed("leads"), "all leads");
    assert_eq!(listed("hot lead"), "((all leads where) where)");
    assert_eq!(listed("planned call | visit"), "Status(Planned) call|visit");
    assert_eq!(listed("A-customers"), "segment A");
    assert_eq!(listed("overdue opportunity"), "Overdue all opportunities");
}

#[test]
fn a_define_of_adjective_and_noun_gives_the_adjective() {
    let overdue_hot = "[(all leads where) where] ((all leads where) where)";
    assert_eq!(listed("overdue hot lead"), overdue_hot);
    let compiled =
        sound("define good lead = lead where source is fair\nlist \"l\" = good open lead");
    assert_eq!(parts(&compiled.lists[0].phrase), "[all leads where] (all leads where)");
}

#[test]
fn names_of_ones_own_stand_for_the_same() {
    let text = "define kontaktpunkt, kontaktpunkter = touchpoint\ndefine kunde = customer\n\
                define stor kunde = kunde where revenue > 5\n\
                A-kunde: kontaktpunkter >= 2 per year\nlist \"l\" = A-stor kunde\nlist \"m\" = A-kunde";
    let compiled = sound(text);
    assert_eq!(parts(&compiled.lists[1].phrase), "segment A");
    assert_eq!(compiled.rules[0].subject.noun, Noun::Customer);
    let text = "define stor = customer where revenue > 5\nlist \"l\" = A-stor";
    assert_eq!(parts(&sound(text).lists[0].phrase), "([all customers where] segment A)");
}

#[test]
fn a_define_replaces_the_prelude_for_the_prelude_too() {
    let text = "define touchpoint = demo\nlist \"l\" = customer where (touchpoints >= 1)\ncustomer: touchpoint every 3 days";
    let Condition::Every { phrase, .. } = &sound(text).rules[0].condition else { panic!() };
    assert_eq!(parts(phrase), "(demo)");
    let text = "define open lead = lead where status is known\nlist \"l\" = hot lead";
    let Some(Base::Phrase(hot)) = sound(text).lists[0].phrase.bases.first().cloned() else {
        panic!()
    };
    let Some(Base::Phrase(open)) = hot.bases.first() else { panic!() };
    assert!(
        matches!(open.filter, Some(Condition::Field { test: FieldTest::Known, .. })),
        "{open:?}"
    );
}

#[test]
fn numbers_carry_their_units() {
    let share = comparison("seller: share of leads that are hot >= 60%");
    assert!(
        matches!(share.test, NumberTest::Is(Cmp::AtLeast, Measure::Number(n)) if n == 60.into())
    );
    let gap = comparison("customer: longest gap of calls <= 2 weeks in last 6 months");
    assert!(matches!(gap.test, NumberTest::Is(Cmp::AtMost, Measure::Number(n)) if n == 14.into()));
    let six_months = Duration { amount: 6, unit: TimeUnit::Month };
    assert!(matches!(gap.window, Window::Last(duration) if duration == six_months));
    let own = comparison("field seller.goal : number\nseller: meetings >= goal per month");
    assert!(matches!(own.test, NumberTest::Is(_, Measure::Field(_))));
    assert!(matches!(own.window, Window::Per(Unit::Month)));
    assert_eq!(own.text, "meetings >= goal per month");
    for text in [
        "field seller.goal : number\nseller: share of leads that are hot >= goal",
        "seller: 100% - share of leads that are hot <= 40%",
        "seller: (share of leads that are hot + share of leads that are cold) / 2 >= 10%",
        "seller: days since meeting <= 3",
        "seller: calls >= 1 in last 2 hours",
        "lead: created in last 2 hours",
    ] {
        sound(text);
    }
}

#[test]
fn a_field_goes_before_a_noun() {
    let text = "field seller.calls : number\nseller: calls >= 3";
    assert!(matches!(comparison(text).left, Measure::Field(_)));
    assert!(matches!(comparison("seller: calls >= 3").left, Measure::Count(_)));
}

#[test]
fn a_defined_measure_is_made_for_each_noun() {
    let text = "field seller.goal : number\ndefine rest = goal - calls\nseller: rest <= 3";
    let Measure::Sum(terms) = comparison(text).left else { panic!() };
    assert!(matches!(terms.as_slice(), [(false, Measure::Field(_)), (true, Measure::Count(_))]));
    let fault = fault(&format!("{text}\ncustomer: rest <= 3"));
    assert_eq!(fault.code, Code::K012);
    assert_eq!(fault.secondary[0].text, "used here for a customer");
}

#[test]
fn fields_are_tested_by_their_type() {
    let test = |text: &str| match condition(text) {
        Condition::Field { test, .. } => test,
        other => panic!("{text}: {other:?}"),
    };
    assert!(
        matches!(test("lead: temperature is hot"), FieldTest::Equals(Literal::Text(t)) if t == "hot")
    );
    assert!(
        matches!(test("customer: owner is kim"), FieldTest::Equals(Literal::Text(t)) if t == "kim")
    );
    assert!(
        matches!(test("customer: country in (DK, \"SE\")"), FieldTest::OneOf(values) if values.len() == 2)
    );
    assert!(matches!(
        test("customer: created after 2026-01-01"),
        FieldTest::Date(Cmp::More, DateExpr::Date(_))
    ));
    assert!(matches!(
        test("customer: 2026-01-01 < created"),
        FieldTest::Date(Cmp::More, DateExpr::Date(_))
    ));
    assert!(matches!(
        test("opportunity: expected_close before today"),
        FieldTest::Date(Cmp::Less, DateExpr::Today)
    ));
    assert!(matches!(
        test("opportunity: closed <= expected_close"),
        FieldTest::Date(Cmp::AtMost, DateExpr::Field(_))
    ));
    assert!(matches!(
        test("lead: created in previous month"),
        FieldTest::In(Window::Previous(Unit::Month))
    ));
    assert!(matches!(
        test("customer: owner.team.name starts with \"N\""),
        FieldTest::StartsWith(_)
    ));
    let vip = "field customer.vip : yes-no\ncustomer: vip is yes";
    assert!(matches!(test(vip), FieldTest::Equals(Literal::YesNo(true))));
    assert!(matches!(condition("customer: country is not DK"), Condition::Not(_)));
    assert!(matches!(condition("customer: not (country is not DK)"), Condition::Field { .. }));
    assert!(matches!(condition("customer: revenue is 5"), Condition::Compare(_)));
}

#[test]
fn being_something_is_a_phrase_of_the_subjects_noun() {
    let is = |text: &str| match condition(text) {
        Condition::Is(phrase) => parts(&phrase),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(is("customer: is dormant"), "(all customers where)");
    assert_eq!(is("activity: is planned"), "Status(Planned) all activities");
    assert_eq!(is("activity: is visit"), "visit");
    assert_eq!(is("customer: is A-customer"), "segment A");
}

#[test]
fn used_files_come_first_and_their_tests_stay_with_them() {
    let host = Files::of([(
        "rules.kpi",
        "customer: calls >= 1 as a\ntest \"own\"\n    expect score of company is 5% at 2026-01-01\n",
    )]);
    let text = "use \"rules.kpi\"\ncustomer: meets a as b\ntest \"t\"\n    given customer acme\n    \
                expect a is silent for acme at 2026-01-01\n";
    let (compiled, diagnostics) = compile("rules_test.kpi", text, &host, LIMIT);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let ids: Vec<&str> = compiled.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    let tests: Vec<&str> = compiled.tests.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(tests, ["t"]);
}

#[test]
fn segments_by_rule_are_kept_in_their_order() {
    let text = "segment A = customer where revenue >= 1m\nsegment B = customer where revenue < 1m\nB-customer: calls >= 1";
    let compiled = sound(text);
    let names: Vec<&str> = compiled.segments.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["A", "B"]);
    assert!(compiled_is_empty("").segments.is_empty());
}

fn compiled_is_empty(text: &str) -> Compiled {
    let (compiled, diagnostics) = compiled(text);
    assert!(diagnostics.is_empty() && compiled.rules.is_empty());
    compiled
}
