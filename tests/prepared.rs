//! Data that is prepared once, and judged in more ways than one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "the laws use more of it")]
mod support;

use std::collections::BTreeMap;

use kadence::{
    Activity, ActivityStatus, AsOf, Batch, Customer, Dataset, EvaluateError, Moment, NoFiles, Noun,
    Options, RuleSet, Status, Texts, Values,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn compile(text: &str) -> RuleSet {
    RuleSet::compile("rules.kpi", text, &NoFiles).unwrap_or_else(|found| panic!("{found}"))
}

fn at(day: &str) -> Options {
    Options::at(day.parse::<AsOf>().unwrap())
}

fn every_construct() -> RuleSet {
    compile(include_str!("support/every_construct.kpi"))
}

/// The same companies in every run.
fn companies(count: usize) -> Vec<Vec<support::Row>> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count).map(|_| support::company().new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn what_is_prepared_once_is_judged_as_of_any_moment() {
    let rules = every_construct();
    for rows in companies(10) {
        let data = support::dataset(&rules, &rows, (None, None));
        let prepared = rules.prepare(&data).unwrap();
        for day in ["2026-05-01", "2026-06-15T10:30", "2026-07-31", "2027-01-01"] {
            let again = rules.judge(&prepared, &at(day)).unwrap().report();
            assert_eq!(again, rules.evaluate(&data, &at(day)).unwrap(), "as of {day}");
        }
    }
}

#[test]
fn other_rules_judge_it_if_they_read_no_more() {
    let wide = every_construct();
    let narrow = compile(
        "activity webinar\nfield seller.meeting_goal : number\ncustomer: calls >= 2 per quarter   as calls\nlead: next webinar\n",
    );
    let rows = companies(1).remove(0);
    let data = support::dataset(&wide, &rows, (None, None));
    let prepared = wide.prepare(&data).unwrap();
    let judged = narrow.judge(&prepared, &at("2026-06-15")).unwrap().report();
    assert_eq!(judged, narrow.evaluate(&data, &at("2026-06-15")).unwrap());

    let prepared = narrow.prepare(&data).unwrap();
    let Err(wrong) = wide.judge(&prepared, &at("2026-06-15")) else { panic!("it was judged") };
    assert!(matches!(wrong, EvaluateError::NotPrepared(_)), "{wrong}");
    assert!(wrong.to_string().contains("prepared without `"), "{wrong}");
}

#[test]
fn data_may_have_kinds_of_activities_that_the_rules_do_not_name() {
    let wide = compile("activity webinar\nactivity audit\ncustomer: audits >= 1 per year\n");
    let narrow = compile(
        "activity audit\ncustomer: audits >= 1 per year\ncustomer: activities >= 2 per year\n",
    );
    let mut data = Dataset::builder(wide.schema());
    data.row(Noun::Customer, &[("id", "acme", 1)], "customers", 1);
    for (id, kind) in [("a1", "audit"), ("a2", "webinar")] {
        let cells = [
            ("id", id),
            ("kind", kind),
            ("status", "completed"),
            ("at", "2026-02-01"),
            ("customer", "acme"),
        ];
        data.row(Noun::Activity, &cells.map(|(name, text)| (name, text, 1)), "activities", 1);
    }
    let (data, _) = data.build().unwrap();
    let report = narrow.evaluate(&data, &at("2026-06-15")).unwrap();
    let evidence: Vec<usize> = report.verdicts.iter().map(|v| v.evidence.len()).collect();
    assert_eq!(evidence, [1, 2]);
    assert!(report.verdicts.iter().all(|verdict| verdict.status == Status::Met));
}

#[test]
fn a_decision_is_the_verdict_in_short() {
    let rules = every_construct();
    for rows in companies(10) {
        let data = support::dataset(&rules, &rows, (None, None));
        let prepared = rules.prepare(&data).unwrap();
        let options = Options { history: true, ..at("2026-06-15") };
        let evaluation = rules.judge(&prepared, &options).unwrap();
        let report = evaluation.report();
        assert_eq!(evaluation.scores(), report.scores);
        assert_eq!(evaluation.len(), report.verdicts.len());
        let mut verdicts = BTreeMap::new();
        for verdict in report.verdicts {
            verdicts.insert(
                (
                    verdict.rule.clone(),
                    verdict.subject.id.clone(),
                    verdict.period.map(|days| days.from),
                ),
                verdict,
            );
        }
        for decision in evaluation.decisions() {
            let verdict = decision.verdict().unwrap();
            let key = (
                verdict.rule.clone(),
                verdict.subject.id.clone(),
                verdict.period.map(|days| days.from),
            );
            assert_eq!(Some(&verdict), verdicts.get(&key));
            assert_eq!(decision.period(), verdict.period);
            assert_eq!(decision.status(), verdict.status);
            assert_eq!(decision.is_final(), verdict.is_final);
            assert_eq!(decision.measured(), verdict.measured);
            assert_eq!(decision.target(), verdict.target);
            assert_eq!(decision.evidence(), verdict.evidence);
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let rules = every_construct();
    for rows in companies(5) {
        let data = support::dataset(&rules, &rows, (None, None));
        let prepared = rules.prepare(&data).unwrap();
        let bytes = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let evaluation = rules.judge(&prepared, &at("2026-06-15")).unwrap();
                let mut evidence = Vec::new();
                evaluation.each_evidence(|decision, counted| {
                    let ids: Vec<String> = counted.ids().map(Into::into).collect();
                    evidence.push((
                        decision.rule().to_owned(),
                        decision.subject().into_owned(),
                        ids,
                    ));
                });
                serde_json::to_string(&(evaluation.report(), evidence)).unwrap()
            })
        };
        let one = bytes(1);
        assert_eq!(one, bytes(2));
        assert_eq!(one, bytes(7));
    }
}

#[test]
fn what_follows_is_later_and_the_first_by_day_and_id() {
    let rules = compile("meeting: followed by call within 7 days");
    let mut data = Dataset::builder(rules.schema());
    data.add(Customer::new("acme"));
    for (id, kind, at) in [
        ("c1", "call", "2026-03-02T09:00"),
        ("m1", "meeting", "2026-03-02T10:00"),
        ("c3", "call", "2026-03-02T11:00"),
        ("c2", "call", "2026-03-02T15:00"),
        ("m2", "meeting", "2026-03-02T16:00"),
        ("c0", "call", "2026-03-03T00:30"),
        ("m3", "meeting", "2026-03-04T10:00"),
    ] {
        let at: Moment = at.parse().unwrap();
        let one = Activity::new(id, kind, ActivityStatus::Completed, at);
        data.add(Activity { customer: Some("acme".into()), ..one });
    }
    let prepared = rules.prepare(&data.build().unwrap().0).unwrap();
    let evaluation = rules.judge(&prepared, &at("2026-06-15")).unwrap();
    let mut told = Vec::new();
    evaluation.each_evidence(|decision, evidence| {
        assert!(decision.evidence().into_iter().eq(evidence.ids()));
        told.push(format!("{} {}", decision.subject(), evidence.ids().collect::<String>()));
    });
    assert_eq!(told, ["m1 c2", "m2 c0", "m3 "]);
}

#[test]
fn what_is_cancelled_may_follow_on_a_day_to_come() {
    let rules = compile("call: followed by cancelled visit within 7 days");
    let mut data = Dataset::builder(rules.schema());
    data.add(Customer::new("acme"));
    for (id, kind, status, at) in [
        ("c1", "call", ActivityStatus::Completed, "2026-03-02T09:00"),
        ("v1", "visit", ActivityStatus::Cancelled, "2026-03-05T09:00"),
        ("v2", "visit", ActivityStatus::Planned, "2026-03-04T09:00"),
    ] {
        let at: Moment = at.parse().unwrap();
        let one = Activity::new(id, kind, status, at);
        data.add(Activity { customer: Some("acme".into()), ..one });
    }
    let prepared = rules.prepare(&data.build().unwrap().0).unwrap();
    for day in ["2026-03-02", "2026-03-03T12:00", "2026-03-05T08:00", "2026-03-05", "2026-03-20"] {
        let evaluation = rules.judge(&prepared, &at(day)).unwrap();
        let decision = evaluation.decisions().next().unwrap();
        assert_eq!(decision.status(), Status::Met, "as of {day}");
        assert_eq!(decision.evidence(), ["v1"], "as of {day}");
    }
}

/// Calls on one customer, so many seconds apart, from the first of January 2024 on.
fn calls(rules: &RuleSet, count: usize, apart: i64) -> kadence::Prepared {
    let mut data = rules.prepare_columns();
    data.add(&Batch::new(Noun::Customer, 1).column("id", Values::I64(&[1])));
    let ids: Vec<i64> = (0..).take(count).collect();
    let start = 1_704_067_200_000_000;
    let times: Vec<i64> = ids.iter().map(|id| start + id * apart * 1_000_000).collect();
    let (zeros, ones) = (vec![0; count], vec![1; count]);
    let text = |text: &'static [&'static str]| Values::Dictionary {
        codes: &zeros,
        texts: Texts::List(text),
    };
    data.add(
        &Batch::new(Noun::Activity, count)
            .column("id", Values::I64(&ids))
            .column("kind", text(&["call"]))
            .column("status", text(&["completed"]))
            .column("at", Values::Microseconds(&times))
            .column("customer", Values::I64(&ones)),
    );
    data.finish().unwrap().0
}

#[test]
fn a_customer_with_a_million_calls_is_judged_like_any_other() {
    let rules = compile(
        "customer: calls >= 500k per year             as many\n\
         customer: longest gap of calls <= 1 day in last 12 months as gap\n\
         customer: call every 7 days                 as regular\n\
         customer: calls spaced 30 days >= 12 per year as apart\n\
         customer: share of calls that (followed by visit within 30 days) >= 1% per year as never\n",
    );
    let prepared = calls(&rules, 1_000_000, 60);
    let options = Options { history: true, from: "2024-01-01".parse().ok(), ..at("2025-11-25") };
    let evaluation = rules.judge(&prepared, &options).unwrap();
    let told: Vec<String> = evaluation
        .decisions()
        .map(|one| format!("{} {}", one.rule(), one.measured().unwrap()))
        .collect();
    // 2024 has 366 days of 1440 minutes, and the last call is on 2025-11-25.
    let many = ["many 527040", "many 472960", "gap 1", "regular 0", "apart 13", "apart 11"];
    // Of those of 2025, a visit may still follow those after the first 299 days: 42,400.
    assert_eq!(told, [&many[..], &["never 0", "never 8.9648"]].concat());
}

#[test]
fn a_customer_with_very_many_calls_at_one_moment_has_none_that_follows() {
    let rules = compile("call: followed by call within 7 days as again\n");
    let prepared = calls(&rules, 300_000, 0);
    let options = Options { from: "2024-01-01".parse().ok(), ..at("2024-12-31") };
    let evaluation = rules.judge(&prepared, &options).unwrap();
    assert!(evaluation.decisions().all(|one| one.status() == Status::Missed));
    assert_eq!(evaluation.len(), 300_000);
    // On a day that is not over, the hour decides of each what has taken place.
    let evaluation = rules.judge(&prepared, &at("2024-01-01T12:00")).unwrap();
    assert!(evaluation.decisions().all(|one| one.status() == Status::OnTrack));
    assert_eq!(evaluation.len(), 300_000);
}

#[test]
fn nothing_and_nobody_is_judged_without_a_word() {
    let rules = every_construct();
    let (data, _) = Dataset::builder(rules.schema()).build().unwrap();
    let report = rules.evaluate(&data, &at("2026-06-15")).unwrap();
    let subjects: Vec<&str> = report.verdicts.iter().map(|v| v.subject.kind.as_str()).collect();
    assert!(subjects.iter().all(|kind| *kind == "company"), "{subjects:?}");
}

#[test]
fn sums_beyond_64_bits_and_days_at_the_ends_of_the_calendar_are_exact() {
    let rules = compile(
        "customer: sum amount of offers >= 1           as much\n\
         customer: calls >= 2                        as ever\n\
         customer: longest gap of calls <= 1 day since 2026-01-01 as gap\n",
    );
    let mut data = Dataset::builder(rules.schema());
    data.row(Noun::Customer, &[("id", "acme", 1)], "customers", 1);
    let amount = "9223372036854775807.25";
    let rows = [
        ("o1", "offer", "2026-02-01", amount),
        ("o2", "offer", "2026-02-02", amount),
        ("o3", "offer", "2026-02-03", "-0.5"),
        ("c1", "call", "0001-01-01", ""),
        ("c2", "call", "2026-01-01", ""),
        ("c3", "call", "9998-12-31", ""),
    ];
    for (id, kind, day, amount) in rows {
        let cells = [
            ("id", id),
            ("kind", kind),
            ("status", "completed"),
            ("at", day),
            ("customer", "acme"),
            ("amount", amount),
        ];
        data.row(Noun::Activity, &cells.map(|(name, text)| (name, text, 1)), "activities", 1);
    }
    let (data, _) = data.build().unwrap();
    let measured = |day: &str| -> Vec<String> {
        let report = rules.evaluate(&data, &at(day)).unwrap();
        report.verdicts.iter().map(|v| v.measured.as_ref().unwrap().to_string()).collect()
    };
    assert_eq!(measured("2026-06-15"), ["18446744073709551614", "2", "165"]);
    assert_eq!(measured("9998-12-31")[1], "3");
    assert_eq!(measured("0001-01-01")[1], "1");
}

#[test]
fn ten_thousand_rules_judge_what_they_should() {
    let text: String = (0..10_000)
        .map(|n| {
            format!("customer: calls >= {} per {}   as r{n}\n", n % 50, ["month", "year"][n % 2])
        })
        .collect();
    let rules = compile(&text);
    let prepared = calls(&rules, 30, 60);
    let evaluation = rules.judge(&prepared, &at("2024-01-31")).unwrap();
    let met = evaluation.decisions().filter(|one| one.status() == Status::Met).count();
    // 30 calls are enough for 0 to 30 of the 50 targets.
    assert_eq!((evaluation.len(), met), (10_000, 6_200));
}

#[test]
fn any_number_of_rules_may_ask_what_follows() {
    let rule = |n: i32| format!("call: followed by call within {n} days   as r{n}\n");
    let rules = compile(&(1..=100).map(rule).collect::<String>());
    let prepared = calls(&rules, 30, 60);
    let all = rules.judge(&prepared, &at("2024-12-31")).unwrap();
    let each = (1..=100).map(|n| {
        let one = compile(&rule(n));
        one.judge(&prepared, &at("2024-12-31"))
            .unwrap()
            .decisions()
            .map(|one| one.status())
            .collect()
    });
    let each: Vec<Vec<Status>> = each.collect();
    let together: Vec<Status> = all.decisions().map(|one| one.status()).collect();
    assert!(together.contains(&Status::Met) && together.contains(&Status::Missed));
    assert_eq!(together, each.concat());
}
