//! Data of which the activities before a day were left out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use kadence::{
    AsOf, Batch, EvaluateError, NoFiles, Noun, Options, Prepared, PreparedBuilder, RuleSet, Texts,
    Validity, Values,
};

const RULES: &str = "calendar\n    timezone Europe/Copenhagen\n\
                     field activity.billed : yes-no\n\
                     field activity.seen : date\n\
                     field activity.heard : instant\n\
                     customer: sum amount of calls >= 1 in last 30 days   as all\n\
                     customer: sum minutes of calls where (billed is yes) >= 1 in last 30 days\n    \
                     as billed\n\
                     customer: calls where (seen is known and heard is known and note is \"n\") >= 1\n    \
                     in last 30 days as noted\n";

fn compile(text: &str) -> RuleSet {
    RuleSet::compile("rules.kpi", text, &NoFiles).unwrap_or_else(|found| panic!("{found}"))
}

fn at(day: &str) -> Options {
    Options::at(day.parse::<AsOf>().unwrap())
}

/// Since the first day that matters as of the second of March, which is the first of February.
fn since(rules: &RuleSet) -> PreparedBuilder {
    let first = rules.first_day(&at("2026-03-02")).unwrap();
    assert_eq!(first.to_string(), "2026-02-01");
    let mut data = rules.prepare_columns();
    data.since(first);
    data.add(&Batch::new(Noun::Customer, 1).column("id", Values::I64(&[7])));
    data
}

/// Midnight in London is one o'clock in Copenhagen: of four calls the first is in January.
const MINUTES: [i64; 4] = [29_497_859, 29_498_340, 29_498_400, 29_499_000];

/// Calls, with their times in some way.
fn calls<'a>(times: Values<'a>, customers: &'a [i64; 4]) -> Batch<'a> {
    Batch::new(Noun::Activity, 4)
        .column("id", Values::I32(&[1, 2, 3, 4]))
        .column("kind", Values::Texts(Texts::List(&["call", "call", "call", "call"])))
        .column(
            "status",
            Values::Dictionary { codes: &[0, 0, 0, 0], texts: Texts::List(&["completed"]) },
        )
        .column("at", times)
        .column("customer", Values::I64(customers))
        .column("amount", Values::Decimals { mantissas: &[10, 20, 40, 80], scale: 1 })
        .column("minutes", Values::WideDecimals { mantissas: &[1, 2, 4, 8], scale: 0 })
        .column_where("billed", Values::Booleans(&[true, true, false, true]), Validity::new(&[7]))
        .column("seen", Values::Dates(&[20_000, 20_001, 20_002, 20_003]))
        .column_where("heard", Values::Nanoseconds(&[1, 2, 3, 4]), Validity::new(&[0b1100]))
        .column("note", Values::Texts(Texts::Joined { text: "nnxn", offsets: &[0, 1, 2, 3, 4] }))
}

fn measured(rules: &RuleSet, data: &Prepared) -> Vec<(String, Vec<String>)> {
    let evaluation = rules.judge(data, &at("2026-03-02")).unwrap();
    let told =
        evaluation.decisions().map(|one| (one.measured().unwrap().to_string(), one.evidence()));
    told.collect()
}

#[test]
fn the_rest_is_what_it_was_however_columns_are_given() {
    let rules = compile(RULES);
    let micros = MINUTES.map(|minutes| minutes * 60_000_000);
    let nanos = micros.map(|micros| micros * 1000);
    let written = ["2026-01-31T23:59", "2026-01-31T23:00Z", "2026-02-01T01:00", "2026-02-01T11:00"];
    let dictionary = Values::Dictionary {
        codes: &[3, 2, 1, 0],
        texts: Texts::List(&["2026-02-02", "2026-02-01", "2026-02-01T00:00", "2026-01-31"]),
    };
    for times in [
        Values::Microseconds(&micros),
        Values::Nanoseconds(&nanos),
        Values::Texts(Texts::List(&written)),
        Values::Dates(&[20_484, 20_485, 20_485, 20_486]),
        dictionary,
    ] {
        let mut data = since(&rules);
        data.add(&calls(times, &[7; 4]));
        let (data, notes) = data.finish().unwrap();
        assert_eq!((data.count(Noun::Activity), notes.len()), (3, 0), "{times:?}");
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let expected = [
            ("14".to_owned(), ids(&["2", "3", "4"])),
            ("2".to_owned(), ids(&["2"])),
            ("1".to_owned(), ids(&["4"])),
        ];
        assert_eq!(measured(&rules, &data), expected, "{times:?}");
    }
}

#[test]
fn what_is_left_out_is_not_looked_at_and_the_rest_is() {
    let rules = compile(RULES);
    let micros = MINUTES.map(|minutes| minutes * 60_000_000);
    let mut data = since(&rules);
    data.add(&calls(Values::Microseconds(&micros), &[9, 7, 7, 7]));
    assert!(data.finish().is_ok());
    let mut data = since(&rules);
    data.add(&calls(Values::Microseconds(&micros), &[7, 7, 9, 7]));
    let problems = data.finish().unwrap_err().to_string();
    assert!(problems.contains("activities 3"), "{problems}");

    // What has no time may be of any day.
    let mut data = since(&rules);
    let unknown = Batch::new(Noun::Activity, 1)
        .column("id", Values::I64(&[1]))
        .column("kind", Values::Texts(Texts::List(&["call"])))
        .column("status", Values::Texts(Texts::List(&["planned"])))
        .column_where("at", Values::Microseconds(&[0]), Validity::new(&[0]));
    data.add(&unknown);
    assert!(data.finish().is_err());
}

#[test]
fn what_follows_another_is_kept_and_what_it_follows_may_not_be_there() {
    let rules = compile(
        "calendar\n    timezone Europe/Copenhagen\n\
         call: followed by call within 3 days\n",
    );
    let options = Options { from: "2026-02-01".parse().ok(), ..at("2026-03-02") };
    let micros = MINUTES.map(|minutes| minutes * 60_000_000);
    // The first follows the last by name; the second one that is left out, or is nowhere.
    for (first, kept) in [("4", 4), ("", 3), (" ", 3)] {
        let mut data = rules.prepare_columns();
        data.since(rules.first_day(&options).unwrap());
        data.add(&Batch::new(Noun::Customer, 1).column("id", Values::I64(&[7])));
        let follows = [first, "1", "", ""];
        let batch = calls(Values::Microseconds(&micros), &[7; 4]);
        data.add(&batch.column("follows", Values::Texts(Texts::List(&follows))));
        let (data, _) = data.finish().unwrap();
        assert_eq!(data.count(Noun::Activity), kept, "{first}");
        let evaluation = rules.judge(&data, &options).unwrap();
        let of_last = evaluation.decisions().find(|one| one.subject() == "4").unwrap();
        let expected: &[&str] = if kept == 4 { &["1"] } else { &[] };
        assert_eq!(of_last.evidence(), expected, "{first}");
    }
}

#[test]
fn what_is_appended_is_left_out_too() {
    let rules = compile(RULES);
    let (mut data, _) = since(&rules).finish().unwrap();
    let micros = MINUTES.map(|minutes| minutes * 60_000_000);
    data.append(&calls(Values::Microseconds(&micros), &[7; 4])).unwrap();
    assert_eq!(data.count(Noun::Activity), 3);
    assert_eq!(measured(&rules, &data).first().unwrap().0, "14");
}

#[test]
fn what_would_need_more_is_refused() {
    let rules = compile(RULES);
    let (data, _) = since(&rules).finish().unwrap();
    assert!(rules.judge(&data, &at("2026-04-01")).is_ok());
    let refused = rules.judge(&data, &at("2026-03-01")).err().unwrap();
    assert!(matches!(refused, EvaluateError::TooFewActivities { .. }));
    assert_eq!(
        refused.to_string(),
        "the data was prepared without activities before 2026-02-01, and those from 2026-01-31 on \
         can make a difference: prepare it since the first day of these rules and options"
    );
    let fields = RULES.split("customer").next().unwrap();
    let ever = compile(&format!("{fields}customer: call every 9 days\n"));
    let refused = ever.judge(&data, &at("2026-04-01")).err().unwrap();
    assert!(refused.to_string().contains("and those of all days can make"), "{refused}");
}

#[test]
fn a_host_can_ask_which_columns_are_read() {
    let rules = compile(RULES);
    let data = rules.prepare_columns();
    for (field, is_read) in [
        ("id", true),
        ("kind", true),
        ("status", true),
        ("at", true),
        ("customer", true),
        ("amount", true),
        ("note", true),
        ("learning", false),
        ("outcome", false),
        ("no", false),
    ] {
        assert_eq!(data.reads(Noun::Activity, field), is_read, "{field}");
    }
}
