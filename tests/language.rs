//! What a report says in each language: every form of a sentence and of a reason, in the rules of
//! `language/forms.kpi` and the company beside them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kadence::{AsOf, Dataset, Language, NoFiles, Number, Options, Report, RuleSet, Status, Tables};

fn rules() -> RuleSet {
    let text = include_str!("language/forms.kpi");
    RuleSet::compile("forms.kpi", text, &NoFiles).unwrap()
}

/// Activities are known from a day and through another, where they are given.
fn company(rules: &RuleSet, from: Option<&str>, through: Option<&str>) -> Dataset {
    let mut tables: Tables = serde_json::from_str(include_str!("language/company.json")).unwrap();
    tables.complete_from = from.map(|day| day.parse().unwrap());
    tables.complete_through = through.map(|day| day.parse().unwrap());
    let mut data = Dataset::builder(rules.schema());
    data.tables(tables);
    data.build().unwrap().0
}

fn report(rules: &RuleSet, data: &Dataset, language: Language) -> Report {
    let as_of = "2026-11-15".parse::<AsOf>().unwrap();
    let from = NaiveDate::from_ymd_opt(2026, 1, 1);
    rules.evaluate(data, &Options { from, language, ..Options::at(as_of) }).unwrap()
}

/// What a report says: of whom or what, and the words.
fn said(report: &Report) -> Vec<(String, String)> {
    let verdicts = report.verdicts.iter().map(|verdict| {
        (format!("{} {}", verdict.rule, verdict.subject.id), verdict.sentence.clone())
    });
    let goals = report.goals.iter().map(|goal| (goal.id.clone(), goal.sentence.clone()));
    let problems =
        report.problems.iter().map(|problem| ("problem".to_owned(), problem.message.clone()));
    verdicts.chain(goals).chain(problems).collect()
}

/// Both languages, one below the other; what a rule says twice in English, once.
fn side_by_side(rules: &RuleSet, data: &Dataset) -> Vec<String> {
    let [english, danish] = Language::ALL.map(|language| said(&report(rules, data, language)));
    assert_eq!(english.len(), danish.len());
    let mut seen = BTreeSet::new();
    let pairs = english.into_iter().zip(danish);
    pairs
        .filter(|((about, english), _)| {
            let rule = about.split(' ').next().unwrap_or_default().to_owned();
            seen.insert((rule, english.clone()))
        })
        .map(|((about, english), (_, danish))| format!("{about}\n  {english}\n  {danish}\n"))
        .collect()
}

#[test]
fn every_form_in_both_languages() {
    let rules = rules();
    let text = side_by_side(&rules, &company(&rules, None, None)).concat();
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_unknown_for_want_of_activities_says_so() {
    let rules = rules();
    let mut text = String::new();
    for (from, through) in [(None, Some("2026-11-10")), (Some("2026-11-08"), None)] {
        let told = side_by_side(&rules, &company(&rules, from, through));
        let few =
            ["per-month ", "ever ", "next-any ", "every-visit ", "is-followed ", "meets-next "];
        let is_shown = |told: &&String| {
            few.iter().any(|rule| told.starts_with(rule)) && told.contains("activities are known")
        };
        text.extend(told.iter().filter(is_shown).cloned());
    }
    insta::assert_snapshot!(text);
}

#[test]
fn numbers_and_days_are_those_of_the_language() {
    let numbers = ["0", "-1", "12", "999", "1000", "-1234.5", "1234567.05", "0.3333"];
    let told = |language: Language| {
        let number = |text: &&str| language.number(&text.parse::<Number>().unwrap());
        numbers.iter().map(number).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(told(Language::English), "0 -1 12 999 1000 -1234.5 1234567.05 0.3333");
    assert_eq!(told(Language::Danish), "0 -1 12 999 1.000 -1.234,5 1.234.567,05 0,3333");
    let third = Number::from(1000) / Number::from(3);
    assert_eq!(Language::Danish.number(&third), "333,3333");

    let months = |language: Language| {
        let days = (1..=12).map(|month| NaiveDate::from_ymd_opt(2026, month, 9).unwrap());
        days.map(|day| language.month(day)).collect::<Vec<_>>().join(" ")
    };
    let english = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    assert_eq!(months(Language::English), english);
    let danish = "jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.";
    assert_eq!(months(Language::Danish), danish);
    let day = NaiveDate::from_ymd_opt(2026, 5, 3).unwrap();
    assert_eq!(Language::ALL.map(|language| language.day(day)), ["2026-05-03", "3. maj 2026"]);
}

#[test]
fn statuses_have_words() {
    let words = |language: Language| Status::ALL.map(|status| language.status(status));
    assert_eq!(words(Language::English), Status::ALL.map(Status::words));
    let danish = ["opfyldt", "på sporet", "i fare", "ikke nået", "ikke relevant", "ukendt"];
    assert_eq!(words(Language::Danish), danish);
}

#[test]
fn a_language_is_its_code() {
    for language in Language::ALL {
        assert_eq!(language.to_string().parse(), Ok(language));
        let json = serde_json::to_string(&language).unwrap();
        assert_eq!(json, format!("\"{language}\""));
        assert_eq!(serde_json::from_str::<Language>(&json).unwrap(), language);
    }
    assert_eq!(Language::default(), Language::English);
    for text in ["", "DA", "da-DK", "dansk"] {
        let error = text.parse::<Language>().unwrap_err().to_string();
        assert_eq!(error, format!("unknown language `{text}`, expected `en` or `da`"));
    }
}
