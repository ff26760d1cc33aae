//! Activities before the first day make no difference.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the agreement with the reference uses more of it")]
mod support;

use chrono::NaiveDate;
use kadence::{Batch, EvaluateError, Noun, Options, Prepared, Report, RuleSet, Texts, Values};
use support::Case;
use support::data::{Company, Row};

/// How many cases are tried.
const CASES: u64 = 4000;

/// A table as columns of texts, blank where a row has none.
fn add(data: &mut kadence::PreparedBuilder, rules: &RuleSet, noun: Noun, rows: &[&Row]) {
    let names: Vec<&str> = rules.schema().fields(noun).iter().map(|f| f.name.as_str()).collect();
    let cell = |row: &Row, name: &str| {
        let found = row.cells.iter().find(|(field, _)| field == name);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let column = |name: &&str| rows.iter().map(|row| cell(row, name)).collect::<Vec<String>>();
    let columns: Vec<Vec<String>> = names.iter().map(column).collect();
    let texts: Vec<Vec<&str>> =
        columns.iter().map(|column| column.iter().map(String::as_str).collect()).collect();
    let batch =
        names.iter().zip(&texts).fold(Batch::new(noun, rows.len()), |batch, (name, texts)| {
            batch.column(name, Values::Texts(Texts::List(texts)))
        });
    data.add(&batch);
}

/// The company, without activities before a day.
fn prepare(rules: &RuleSet, company: &Company, since: Option<NaiveDate>) -> Prepared {
    let mut data = rules.prepare_columns();
    since.into_iter().for_each(|day| {
        data.since(day);
    });
    company.complete_from.into_iter().for_each(|day| {
        data.complete_from(day);
    });
    company.complete_through.into_iter().for_each(|day| {
        data.complete_through(day);
    });
    for noun in Noun::ALL {
        let rows: Vec<&Row> = company.rows.iter().filter(|row| row.noun == noun).collect();
        // In more than one batch, of which some are left out as a whole.
        rows.chunks(3).for_each(|rows| add(&mut data, rules, noun, rows));
    }
    data.finish().unwrap_or_else(|problems| panic!("{problems}\n{company}")).0
}

/// The company without the activities of 60 days from `first` on that nothing refers to and that
/// follow none.
fn without_some(company: &Company, first: NaiveDate) -> Company {
    let followed = |id: &str| {
        let cells = company.rows.iter().flat_map(|row| &row.cells);
        cells.into_iter().any(|(field, text)| field == "follows" && text == id)
    };
    let is_some = |row: &&Row| {
        let cell = |name: &str| row.cells.iter().find(|(field, _)| field == name);
        let day = |text: &str| text[..10].parse::<NaiveDate>().unwrap();
        row.noun == Noun::Activity
            && cell("follows").is_none()
            && cell("at").is_some_and(|(_, at)| (0..60).contains(&(day(at) - first).num_days()))
            && cell("id").is_some_and(|(_, id)| !followed(id))
    };
    let rows = company.rows.iter().filter(|row| !is_some(row)).cloned().collect();
    Company { rows, ..company.clone() }
}

fn report(rules: &RuleSet, data: &Prepared, options: &Options) -> Report {
    rules.judge(data, options).unwrap().report()
}

#[test]
fn random_rules_need_no_activities_before_their_first_day() {
    let (mut limited, mut left_out, mut refused, mut matter) = (0, 0, 0, 0);
    let mut different = Vec::new();
    for seed in 0..CASES {
        let case = Case::new(seed);
        let Some(first) = case.rules.first_day(&case.options) else { continue };
        limited += 1;
        let all = prepare(&case.rules, &case.company, None);
        let wanted = report(&case.rules, &all, &case.options);
        let kept = prepare(&case.rules, &case.company, Some(first));
        left_out += all.count(Noun::Activity) - kept.count(Noun::Activity);
        let found = report(&case.rules, &kept, &case.options);
        if found != wanted {
            different.push(seed);
            println!("{case}\nfirst day {first}");
        }
        // Later than the first day is too late.
        let late = prepare(&case.rules, &case.company, first.succ_opt());
        match case.rules.judge(&late, &case.options) {
            Err(EvaluateError::TooFewActivities { .. }) => refused += 1,
            Err(other) => panic!("{other}"),
            Ok(evaluation) => assert_eq!(evaluation.report(), wanted, "{case}"),
        }
        let fewer = prepare(&case.rules, &without_some(&case.company, first), None);
        matter += u64::from(report(&case.rules, &fewer, &case.options) != wanted);
    }
    println!(
        "{limited} of {CASES} cases, {left_out} activities left out, {refused} refused, \
         {matter} where the next ones matter"
    );
    assert!(different.is_empty(), "seeds {different:?}");
    assert!(limited > CASES / 6 && left_out > 1000, "{limited} cases, {left_out} activities");
    assert!(refused > limited / 2 && matter > limited / 15, "{refused} refused, {matter} matter");
}
