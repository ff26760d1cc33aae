//! What the language means as a tree; the round trip and the limits have files of their own.

mod faults;
mod format;
mod limits;
mod roundtrip;
mod trees;

use super::tree::{
    Cmp, DateExpr, Detail, Expectation, Expr, ExprKind, Function, Given, GivenValue, ItemKind,
    Rule, Setting, Test, Window,
};
use super::*;

fn parse_text(text: &str) -> (Sources, File, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("test.kpi", text);
    let (tree, diagnostics) = parse(&sources, file, 1 << 20);
    (sources, tree, diagnostics)
}

/// The items of a text in which nothing is wrong.
fn items(text: &str) -> (Sources, Vec<Item>) {
    let (sources, tree, diagnostics) = parse_text(text);
    if !diagnostics.is_empty() {
        panic!("{text}\n{}", crate::Diagnostics { all: diagnostics, sources });
    }
    assert!(tree.broken.is_empty());
    (sources, tree.items)
}

fn only(text: &str) -> ItemKind {
    let (_, mut items) = items(text);
    assert_eq!(items.len(), 1, "{text}");
    items.remove(0).kind
}

fn rule(text: &str) -> Rule {
    match only(text) {
        ItemKind::Rule(rule) => *rule,
        other => panic!("{text}: {other:?}"),
    }
}

fn condition(text: &str) -> ExprKind {
    rule(&format!("lead: {text}")).condition.kind
}

fn shared(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path)
}

/// The texts of the conformance files, and the example of the language page; none where they are
/// not there.
fn corpus() -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(shared("conformance")) else {
        println!("skipped: ../shared/conformance is not there");
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "kpi"));
    let mut texts: Vec<String> = paths.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    texts.sort();
    assert!(texts.len() >= 5);
    let page = std::fs::read_to_string(shared("design/language.md")).unwrap();
    texts.extend(page.split("```").nth(1).map(str::to_owned));
    texts
}

#[test]
fn the_conformance_files_and_the_example_of_the_language_parse() {
    for text in corpus() {
        items(&text);
    }
}

#[test]
fn the_reserved_words_are_those_of_the_grammar() {
    let grammar = include_str!("../../grammar/kadence.pest");
    let rule = grammar.split_once("reserved = @{").unwrap().1;
    let mut written = vec!["meets".to_owned()];
    for line in rule.lines().skip(1).take_while(|line| !line.contains("~ !word_char")) {
        let mut quoted = line.split('"').skip(1).step_by(2);
        if line.contains("~ (") {
            let beginning = quoted.next().unwrap();
            written.extend(quoted.map(|end| format!("{beginning}{end}")));
        } else {
            written.extend(quoted.next().map(str::to_owned));
        }
    }
    written.sort();
    assert_eq!(written, RESERVED);
    for word in RESERVED {
        let (_, _, diagnostics) = parse_text(&format!("a: b >= 1 as {word}"));
        assert_eq!(diagnostics[0].code, Code::K022, "{word}");
        rule_named(&format!("{word}x"));
    }
}

fn rule_named(name: &str) {
    assert_eq!(rule(&format!("a: b >= 1 as {name}")).modifiers.id.unwrap().value, name);
}

#[test]
fn a_words_only_operand_is_words_and_anything_more_a_phrase() {
    let ExprKind::Compare { left, op, right, window } =
        condition("won   opportunities\n  >= 4 per half-year")
    else {
        panic!()
    };
    assert_eq!(left.kind, ExprKind::Words("won opportunities".into()));
    assert_eq!(op.value, Cmp::AtLeast);
    assert_eq!(right.kind, ExprKind::Number { value: 4.into(), percent: false });
    assert_eq!(window.unwrap().value, Window::Per(crate::model::calendar::Unit::HalfYear));
    let ExprKind::Compare { left, .. } = condition("call | visit >= 4") else { panic!() };
    assert!(matches!(left.kind, ExprKind::Phrase(phrase) if phrase.alternatives.len() == 2));
    let ExprKind::Compare { left, .. } = condition("campaign.start = 4") else { panic!() };
    assert!(matches!(left.kind, ExprKind::Path(path) if path.steps.len() == 2));
}

#[test]
fn and_binds_tighter_than_or_and_times_tighter_than_plus() {
    let ExprKind::Or(parts) = condition("a is b or c is d and not not not e is f") else {
        panic!()
    };
    let [_, Expr { kind: ExprKind::And(both), .. }] = &parts[..] else { panic!() };
    assert!(
        matches!(&both[1].kind, ExprKind::Not(inner) if matches!(inner.kind, ExprKind::Is { .. }))
    );
    assert!(matches!(condition("not not a is b"), ExprKind::Is { .. }));

    let ExprKind::Compare { left, right, .. } = condition("a + b * c - d / 2 >= - - - 1") else {
        panic!()
    };
    let ExprKind::Sum(terms) = left.kind else { panic!() };
    assert_eq!(terms.iter().map(|term| term.minus).collect::<Vec<_>>(), [false, false, true]);
    let ExprKind::Product(factors) = &terms[2].expr.kind else { panic!() };
    assert_eq!(factors.iter().map(|factor| factor.minus).collect::<Vec<_>>(), [false, true]);
    assert!(
        matches!(right.kind, ExprKind::Negative(one) if matches!(one.kind, ExprKind::Number { .. }))
    );
}

#[test]
fn where_takes_all_that_follows_unless_its_bracket_is_a_condition_of_its_own() {
    let ExprKind::Compare { left, .. } = condition("offers where (amount >= 100k) >= 4 per month")
    else {
        panic!()
    };
    let ExprKind::Phrase(phrase) = left.kind else { panic!() };
    assert!(matches!(phrase.filter.unwrap().kind, ExprKind::Paren(_)));

    // What is bracketed is a measure: the comparison belongs to the filter.
    for measure in [
        "(amount + margin)",
        "(sum amount of offers where source is fair)",
        "(share of offers that are won or-so)",
        "(offers where (a >= 1) + offers where (b + c) >= 4)",
    ] {
        let text = format!("segment X = customer where {measure} >= 4");
        let ItemKind::Segment { body, .. } = only(&text) else { panic!() };
        assert!(matches!(body.filter.unwrap().kind, ExprKind::Compare { .. }), "{measure}");
    }
    let text = "segment X = customer where (a is b) and (c is d or e is f)";
    let ItemKind::Segment { body, .. } = only(text) else { panic!() };
    assert!(matches!(body.filter.unwrap().kind, ExprKind::And(_)));

    for bracket in ["(share of a that are won >= 5%)", "(a where (b is c) >= 4)", "((a + b) > 4)"] {
        let kind = condition(&format!("offers where {bracket} >= 4"));
        assert!(
            matches!(kind, ExprKind::Compare { left, .. } if matches!(left.kind, ExprKind::Phrase(_)))
        );
    }

    for tail in ["every 3 days", "within 3 days of created"] {
        let kind = condition(&format!("call where (outcome is good) {tail}"));
        let (ExprKind::Every { phrase, .. } | ExprKind::Within { phrase, .. }) = kind else {
            panic!()
        };
        assert!(phrase.filter.is_some());
    }
}

#[test]
fn where_belongs_to_the_nearest_phrase_and_dated_and_spaced_to_the_whole() {
    let ExprKind::Compare { left, .. } =
        condition("meetings on lead where source is fair spaced 3 days >= 2")
    else {
        panic!()
    };
    let ExprKind::Phrase(meetings) = left.kind else { panic!() };
    assert!(meetings.spaced.is_some() && meetings.filter.is_none());
    let lead = meetings.on.unwrap();
    assert!(lead.filter.is_some() && lead.spaced.is_none());

    let ExprKind::Every { phrase, .. } =
        condition("call on lead where (a is b) where (c is d) every 3 days")
    else {
        panic!()
    };
    assert!(phrase.filter.is_some() && phrase.on.unwrap().filter.is_some());
}

#[test]
fn the_bracket_after_that_is_the_condition_and_the_comparison_the_shares() {
    let text = "share of calls that (longest gap of calls where (minutes >= 5) dated created spaced 2 days \
                != 14 days per week) >= 90%";
    let ExprKind::Compare { left, .. } = condition(text) else { panic!() };
    let ExprKind::Share { that, .. } = left.kind else { panic!() };
    let ExprKind::Paren(that) = that.kind else { panic!() };
    assert!(matches!(that.kind, ExprKind::Compare { .. }));

    let ExprKind::Compare { left, right, .. } =
        condition("share of members that (touchpoint within 30 days of campaign.start) >= 90%")
    else {
        panic!()
    };
    assert!(
        matches!(left.kind, ExprKind::Share { that, .. } if matches!(that.kind, ExprKind::Paren(_)))
    );
    assert_eq!(right.kind, ExprKind::Number { value: 90.into(), percent: true });
    let ExprKind::Compare { left, window, .. } = condition(
        "share of meetings that are not followed by activity within 7 days <= 60% in last 12 months",
    ) else {
        panic!()
    };
    assert!(window.is_some());
    let ExprKind::Share { that, .. } = left.kind else { panic!() };
    assert!(
        matches!(that.kind, ExprKind::Not(inner) if matches!(inner.kind, ExprKind::Followed { .. }))
    );
}

#[test]
fn words_that_matter_only_in_a_fixed_form_are_names_elsewhere() {
    for name in ["sum", "days", "share", "last", "longest gap", "sort", "limit", "given", "at"] {
        let ExprKind::Compare { left, .. } = condition(&format!("{name} >= 4")) else { panic!() };
        assert_eq!(left.kind, ExprKind::Words(name.into()));
    }
    let ExprKind::Compare { left, .. } = condition("sum amount >= 4") else { panic!() };
    assert_eq!(left.kind, ExprKind::Words("sum amount".into()));
    let ExprKind::Compare { left, .. } = condition("median lead.cost of members >= 4") else {
        panic!()
    };
    assert!(matches!(left.kind, ExprKind::Aggregate { function: Function::Median, .. }));
    let ExprKind::Compare { right, window, .. } = condition("calls >= days since 2026-01-01")
    else {
        panic!()
    };
    assert_eq!(right.kind, ExprKind::Words("days".into()));
    assert!(window.is_some());
}

#[test]
fn reserved_words_are_fields_after_a_dot_and_where_a_test_follows() {
    let ExprKind::And(parts) = condition("from before today and until is known") else { panic!() };
    assert!(matches!(&parts[0].kind, ExprKind::Before { left, .. } if left.to_string() == "from"));
    assert!(matches!(&parts[1].kind, ExprKind::Known { left, .. } if left.to_string() == "until"));
    let ExprKind::Is { left, .. } = condition("absence.from is 2026-01-01") else { panic!() };
    assert!(matches!(left.kind, ExprKind::Path(path) if path.steps[1].value == "from"));
}

#[test]
fn since_is_the_window_of_a_comparison_without_one_and_else_a_modifier() {
    let window = |text: &str| {
        let rule = rule(&format!("a: {text} since 2026-01-01"));
        let is_window = match rule.condition.kind {
            ExprKind::Compare { window, .. } => {
                matches!(window.map(|w| w.value), Some(Window::Since(DateExpr::Date(_))))
            }
            _ => false,
        };
        (is_window, rule.modifiers.since.is_some())
    };
    assert_eq!(window("calls >= 4"), (true, false));
    assert_eq!(window("calls >= 4 per week"), (false, true));
    assert_eq!(window("visit every 30 days"), (false, true));
    assert_eq!(window("calls >= 4 prorate"), (false, true));
}

#[test]
fn a_field_and_its_window_share_the_in() {
    for (text, expected) in [
        ("created in this quarter", "this quarter"),
        ("created in previous month", "in previous month"),
        ("created in last 90 days", "in last 90 days"),
        ("created in since start", "since start"),
        ("created in from 2026-01-01 until today", "from 2026-01-01 until today"),
    ] {
        let ExprKind::InWindow { window, .. } = condition(text) else { panic!() };
        assert_eq!(window.value.to_string(), expected);
    }
    assert!(matches!(condition("a not in last 3 days"), ExprKind::Not(_)));
    let ExprKind::OneOf { not, values, .. } = condition("a not in (b c, \"d\", -4, 2026-01-01)")
    else {
        panic!()
    };
    assert!(not && values.len() == 4);
    assert_eq!(values[0].kind, ExprKind::Words("b c".into()));
}

#[test]
fn numbers_are_exact() {
    let number = |text: &str| match condition(&format!("a >= {text}")) {
        ExprKind::Compare { right, .. } => right.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(number("1_000_000"), "1000000");
    assert_eq!(number("1.5k"), "1500");
    assert_eq!(number("1.2345678m"), "1234567.8");
    assert_eq!(number("0.000000001bn"), "1");
    assert_eq!(number("12.50%"), "12.50%");
    assert_eq!(number("79228162514264337593543950335"), "79228162514264337593543950335");
}

#[test]
fn modifiers_stand_in_any_order_and_names_may_be_strings() {
    let text = "A-customer: calls >= 4 per year weight 2.5 because \"we \\\"care\\\"\\u{e9}\"\n\tprorate as \"a rule\"\n  grace 3 months until 2026-12-31\n\n  # a comment\n  unless status is lost severity critical supports new-sales warn 1 day since 2026-01-01\n";
    let modifiers = rule(text).modifiers;
    assert_eq!(modifiers.id.unwrap().value, "a rule");
    assert_eq!(modifiers.because.unwrap().value, "we \"care\"é");
    assert_eq!(modifiers.weight.unwrap().value.to_string(), "2.5");
    assert_eq!(modifiers.severity.unwrap().value, "critical");
    assert_eq!(modifiers.supports.unwrap().value, "new-sales");
    assert!(modifiers.unless.is_some() && modifiers.prorate.is_some());
    assert!(modifiers.since.is_some() && modifiers.until.is_some());
    assert!(modifiers.grace.is_some() && modifiers.warn.is_some());
}

#[test]
fn items_start_at_the_start_of_a_line_and_keywords_may_start_a_rule() {
    let text = "\u{feff}# first\nactivity webinar\r\nactivity: next call\nactivity \"site visit\"\nfield customer.region : yes-no\nfield on lead: a is b\nlist: a is b\ntest lead: a is b\ncalendar: a is b # tail\nA-customer: x = 1";
    let kinds = items(text).1.into_iter().map(|item| match item.kind {
        ItemKind::Rule(rule) => rule.subject.to_string(),
        ItemKind::Activity(name) => format!("activity {}", name.value),
        ItemKind::Field { noun, name, kind } => {
            format!("{} {} {}", noun.value, name.value, kind.value)
        }
        other => panic!("{other:?}"),
    });
    let expected = [
        "activity webinar",
        "activity",
        "activity site visit",
        "customer region yes-no",
        "field on lead",
        "list",
        "test lead",
        "calendar",
        "A-customer",
    ];
    assert_eq!(kinds.collect::<Vec<_>>(), expected);
}

#[test]
fn a_calendar_has_all_its_settings() {
    let text = "calendar\n    timezone Europe/Copenhagen\n    year starts 1 July\n    week starts Sunday\n    workdays Saturday to Tuesday\n    holidays 2026-12-24,\n      2026-12-25\n    holidays from \"dk.ics\"\n";
    let ItemKind::Calendar(settings) = only(text) else { panic!() };
    use chrono::Weekday::{Mon, Sat, Sun, Tue};
    assert_eq!(settings[1].value, Setting::YearStarts { month: 7, day: 1 });
    assert_eq!(settings[2].value, Setting::WeekStarts(Sun));
    assert_eq!(settings[3].value, Setting::Workdays(vec![Sat, Sun, Mon, Tue]));
    assert!(matches!(&settings[4].value, Setting::Holidays(dates) if dates.len() == 2));
    assert_eq!(settings[5].value, Setting::HolidaysFrom("dk.ics".into()));
    let ItemKind::Calendar(settings) = only("calendar workdays Monday, Friday") else { panic!() };
    assert_eq!(settings[0].value, Setting::Workdays(vec![Mon, chrono::Weekday::Fri]));
}

#[test]
fn lists_and_goals_have_their_parts() {
    let text = "list \"x\" = open lead where source is fair and a is b sort by owner.name descending limit 20 per team";
    let ItemKind::List(list) = only(text) else { panic!() };
    assert!(matches!(list.phrase.filter.unwrap().kind, ExprKind::And(_)));
    assert!(list.sort.unwrap().descending);
    assert_eq!(list.limit.unwrap().count, 20);
    let text = "goal new-sales = sum amount of won opportunities >= 5m per year\n  through lead > meeting on lead > offer";
    let ItemKind::Goal(goal) = only(text) else { panic!() };
    assert_eq!(goal.through.len(), 3);
    assert!(matches!(goal.target.kind, ExprKind::Compare { window: Some(_), .. }));
}

#[test]
fn tests_are_read_line_by_line() {
    let text = "test \"t\"\n    given   contact per : customer \"l-1\", amount -5k, from 2026-01-01,\n        phone 0045, fte 0.5\n    given   lead 42\n    given   planned call on acme by kim as v at 2026-05-02, 2026-05-02T14:30Z : created 2026-03-03\n    expect  a for acme is at risk at 2026-04-02 missing 4 measured 0 changes 2026-05-01\n    expect  a is silent for \"l 1\" at 2026-04-02\n    expect  \"x\" lists nothing at 2026-04-02\n    expect  \"x\" lists b, a at 2026-04-02T12:00\n    expect  score of kim is 75% at 2026-04-02\n";
    let ItemKind::Test(Test { givens, expectations, .. }) = only(text) else { panic!() };
    let Given::Thing { words, id: None, fields } = &givens[0].value else { panic!() };
    assert_eq!(words.value, "contact per");
    let values: Vec<String> = fields.iter().map(ToString::to_string).collect();
    assert_eq!(
        values,
        ["customer l-1", "amount -5000", "from 2026-01-01", "phone \"0045\"", "fte 0.5"]
    );
    assert!(matches!(fields[1].value.value, GivenValue::Number(_)));
    assert!(matches!(&givens[1].value, Given::Thing { id: Some(id), .. } if id.value == "42"));
    let Given::Activity { words, at, by, id, fields, .. } = &givens[2].value else { panic!() };
    assert_eq!((&*words.value, at.len(), fields.len()), ("planned call", 2, 1));
    assert_eq!((&*by.as_ref().unwrap().value, &*id.as_ref().unwrap().value), ("kim", "v"));
    let Expectation::Verdict { status, details, .. } = &expectations[0].value else { panic!() };
    assert_eq!(status.value, "at risk");
    assert!(matches!(details[0].value, Detail::Missing(_)) && details.len() == 3);
    assert!(
        matches!(&expectations[1].value, Expectation::Silent { subject, .. } if subject.value == "l 1")
    );
    assert!(matches!(&expectations[2].value, Expectation::Lists { ids, .. } if ids.is_empty()));
    assert!(matches!(&expectations[3].value, Expectation::Lists { ids, .. } if ids.len() == 2));
    assert!(matches!(expectations[4].value, Expectation::Score { .. }));
}

#[test]
fn every_part_knows_its_place() {
    let text = "# é\nkey customer: møder on lead where (a >= 1)  >= 4 per year # tail\n    as key # tail\n\nuse \"é.kpi\"\n";
    let (sources, items) = items(text);
    let at = |span| sources.slice(span);
    assert_eq!(at(items[1].span), "use \"é.kpi\"");
    assert!(
        at(items[0].span).starts_with("key customer:") && at(items[0].span).ends_with("as key")
    );
    let ItemKind::Rule(rule) = &items[0].kind else { panic!() };
    assert_eq!(at(rule.span), "key customer: møder on lead where (a >= 1)  >= 4 per year");
    assert_eq!(at(rule.subject.span), "key customer");
    assert_eq!(at(rule.condition.span), "møder on lead where (a >= 1)  >= 4 per year");
    assert_eq!(at(rule.modifiers.id.as_ref().unwrap().span), "key");
    let ExprKind::Compare { left, op, right, window } = &rule.condition.kind else { panic!() };
    assert_eq!(at(left.span), "møder on lead where (a >= 1)");
    assert_eq!(at(op.span), ">=");
    assert_eq!(at(right.span), "4");
    assert_eq!(at(window.as_ref().unwrap().span), "per year");
    let ExprKind::Phrase(phrase) = &left.kind else { panic!() };
    assert_eq!(at(phrase.alternatives[0].span), "møder");
    assert_eq!(at(phrase.on.as_ref().unwrap().span), "lead where (a >= 1)");
}
