//! Snapshots to keep: small ones, random ones, and those of a company.

use std::path::PathBuf;

use chrono::{DateTime, Days, NaiveDate, Utc};
use kadence::history::{Coverage, KeptFile, KeptRules, Scope, Snapshot};
use kadence::verdict::{
    GoalVerdict, ListedSubject, NamedTally, Period, Report, ReportProblem, RuleInfo, Scores,
    Severity, Subject, Tally, Worklist,
};
use kadence::{
    Activity, ActivityStatus, AsOf, Customer, Dataset, Language, Moment, NoFiles, Number, Options,
    RuleSet, Seller, Status, Verdict,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tempfile::TempDir;

/// A folder for a history.
pub(crate) struct Dir(pub(crate) TempDir);

impl Dir {
    pub(crate) fn new() -> Self {
        Dir(tempfile::tempdir().unwrap())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("history.db")
    }
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const RULES: &str = "calendar\n    timezone Europe/Copenhagen\n\
    customer: calls >= 2 per month   as called\n\
    customer: visit every 40 days   as seen\n\
    seller: calls >= 20 per month   as busy\n\
    seller: share of customers that meet called >= 90%   as covers\n\
    goal many = calls >= 30 per year\n\
    list \"Silent\" = customer where calls <= 0 per month\n";

/// So many customers, each called now and then.
fn company(rules: &RuleSet, customers: u64) -> Dataset {
    let mut data = Dataset::builder(rules.schema());
    for seller in ["kim", "åsa", "søren"] {
        data.add(Seller::new(seller));
    }
    for n in 0..customers {
        let owner = Some(["kim", "åsa", "søren"][n as usize % 3].to_owned());
        let created = Some(date("2026-01-01"));
        let id = format!("c{n:03}");
        data.add(Customer {
            owner,
            created,
            name: Some(format!("Kunde {n}")),
            ..Customer::new(id)
        });
        for (k, kind) in ["call", "call", "visit"].into_iter().enumerate() {
            let day = date("2026-09-01") + Days::new((n * 7 + k as u64 * 23) % 70);
            let at: Moment = format!("{day}T10:00").parse().unwrap();
            let of = Activity::new(format!("a{n:03}{k}"), kind, ActivityStatus::Completed, at);
            data.add(Activity { customer: Some(format!("c{n:03}")), ..of });
        }
    }
    data.build().unwrap().0
}

fn taken_of(data: &Dataset, rules: &RuleSet, as_of: AsOf, taken: DateTime<Utc>) -> Snapshot {
    let options = Options::at(as_of);
    let report = rules.evaluate(data, &options).unwrap();
    let coverage = Coverage { from: None, through: Some(date("2026-11-09")) };
    Snapshot::new(taken, rules, &options, coverage, report)
}

fn taken() -> DateTime<Utc> {
    "2026-11-10T06:00:00.123Z".parse().unwrap()
}

/// A small company as of a moment, with so many customers.
pub(crate) fn snapshot(as_of: &str, customers: u64) -> Snapshot {
    let rules = RuleSet::compile("rules.kpi", RULES, &NoFiles).unwrap();
    taken_of(&company(&rules, customers), &rules, as_of.parse().unwrap(), taken())
}

pub(crate) fn small(as_of: &str, customers: u64) -> Snapshot {
    snapshot(as_of, customers)
}

/// A company of 300 customers, day by day.
pub(crate) fn month_of_a_company() -> impl Iterator<Item = Snapshot> {
    let rules = RuleSet::compile("rules.kpi", RULES, &NoFiles).unwrap();
    let data = company(&rules, 300);
    let days = date("2026-10-01").iter_days().take(31);
    days.map(move |day| taken_of(&data, &rules, AsOf::Day(day), taken()))
}

/// What people and systems write, and what nobody should.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,4}",
        "\\PC{0,12}",
        Just("a\nb\0\u{202e}\"\\".to_owned()),
        Just("ø".repeat(500)),
        Just(String::new()),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    let decimal = (any::<i64>(), 0..12_u32)
        .prop_map(|(digits, scale)| Number::from(rust_decimal::Decimal::new(digits, scale)));
    let fraction = (any::<i64>(), 1..1000_i64).prop_map(|(a, b)| Number::from(a) / Number::from(b));
    let long = Just("123456789012345678901234567890123456789.5".parse::<Number>().unwrap());
    prop_oneof![(0..50_i64).prop_map(Number::from), decimal, fraction, long]
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0..4000_u64).prop_map(|days| date("2020-01-01") + Days::new(days))
}

fn period() -> impl Strategy<Value = Period> {
    (day(), day()).prop_map(|(from, to)| Period { from, to })
}

fn status() -> impl Strategy<Value = Status> {
    proptest::sample::select(Status::ALL.to_vec())
}

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![(0..=10_000_u32).prop_map(|n| f64::from(n) / 10_000.0), 0.0..=1.0]
}

fn subject() -> impl Strategy<Value = Subject> {
    (text(), text(), option::of(text())).prop_map(|(kind, id, name)| Subject { kind, id, name })
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let whose = (text(), subject(), option::of(text()), option::of(text()));
    let how = (option::of(period()), status(), any::<bool>(), option::of(text()));
    let figures = (
        option::of(number()),
        option::of(number()),
        option::of(share()),
        option::of(number()),
        option::of(number()),
    );
    let rest = (option::of(day()), option::of(day()), vec(text(), 0..4), text());
    (whose, how, figures, rest).prop_map(|(whose, how, figures, rest)| {
        let (rule, subject, owner, team) = whose;
        let (period, status, is_final, reason) = how;
        let (measured, target, attainment, planned, missing) = figures;
        let (due, changes, evidence, sentence) = rest;
        Verdict {
            rule,
            subject,
            owner,
            team,
            period,
            status,
            is_final,
            reason,
            measured,
            target,
            attainment,
            planned,
            missing,
            due,
            changes,
            evidence,
            sentence,
        }
    })
}

fn tally() -> impl Strategy<Value = Tally> {
    (option::of(share()), any::<[u32; 6]>()).prop_map(|(score, counts)| {
        let [met, on_track, at_risk, missed, not_applicable, unknown] = counts.map(u64::from);
        Tally { score, met, on_track, at_risk, missed, not_applicable, unknown }
    })
}

fn named() -> impl Strategy<Value = Vec<NamedTally>> {
    let one = (text(), tally()).prop_map(|(id, tally)| NamedTally { id, tally });
    vec(one, 0..4)
}

fn rule() -> impl Strategy<Value = RuleInfo> {
    (text(), text(), number(), option::of(text())).prop_map(|(id, text, weight, because)| {
        RuleInfo {
            id: id.clone(),
            text,
            file: id,
            line: 7,
            subject: "customer".to_owned(),
            severity: Severity::Critical,
            weight,
            because,
            supports: None,
        }
    })
}

fn goal() -> impl Strategy<Value = GoalVerdict> {
    let figures = (option::of(number()), option::of(number()), option::of(share()));
    (text(), status(), option::of(period()), figures).prop_map(|(id, status, period, figures)| {
        let (measured, target, attainment) = figures;
        GoalVerdict {
            id: id.clone(),
            text: id.clone(),
            period,
            status,
            reason: None,
            measured,
            target,
            attainment,
            sentence: id,
        }
    })
}

fn list() -> impl Strategy<Value = Worklist> {
    let listed = (subject(), option::of(text()))
        .prop_map(|(subject, owner)| ListedSubject { subject, owner });
    (text(), vec(listed, 0..3)).prop_map(|(name, subjects)| Worklist { name, subjects })
}

fn report() -> impl Strategy<Value = Report> {
    let scores = (tally(), named(), named(), named())
        .prop_map(|(company, teams, sellers, rules)| Scores { company, teams, sellers, rules });
    let problem = (text(), option::of(1..9_u32)).prop_map(|(message, line)| ReportProblem {
        level: "note".to_owned(),
        file: Some(message.clone()),
        line,
        column: None,
        message,
    });
    let rest = (vec(list(), 0..2), vec(goal(), 0..3), vec(problem, 0..2));
    (day(), vec(rule(), 0..3), vec(verdict(), 0..12), scores, rest).prop_map(
        |(day, rules, verdicts, scores, (lists, goals, problems))| Report {
            schema: 1,
            as_of: format!("{day}T18:30:00+05:30"),
            day,
            rules,
            verdicts,
            scores,
            lists,
            goals,
            problems,
        },
    )
}

fn one() -> impl Strategy<Value = Snapshot> {
    let rules = (text(), text(), vec(day(), 0..3)).prop_map(|(name, text, holidays)| KeptRules {
        files: vec![KeptFile { name, text }],
        holidays,
    });
    let language = proptest::sample::select(Language::ALL.to_vec());
    let scope = (option::of(day()), any::<bool>(), vec(text(), 0..3), language)
        .prop_map(|(from, history, only, language)| Scope { from, history, only, language });
    let coverage = (option::of(day()), option::of(day()))
        .prop_map(|(from, through)| Coverage { from, through });
    let taken = (0..2_000_000_000_i64, 0..1_000_000_000_u32)
        .prop_map(|(at, nanos)| DateTime::from_timestamp(at, nanos).unwrap());
    (taken, rules, "[0-9a-f]{16}", coverage, scope, report()).prop_map(
        |(taken, rules, fingerprint, coverage, scope, report)| Snapshot {
            taken,
            rules,
            fingerprint,
            coverage,
            scope,
            version: "0.1.0".to_owned(),
            report,
        },
    )
}

/// A few snapshots, of which some have most verdicts in common.
pub(crate) fn snapshots() -> impl Strategy<Value = Vec<Snapshot>> {
    vec((one(), any::<bool>()), 1..6).prop_map(|all| {
        let mut made: Vec<Snapshot> = Vec::new();
        for (mut snapshot, is_like_the_last) in all {
            if let Some(last) = made.last().filter(|_| is_like_the_last) {
                let mut report = last.report.clone();
                report.verdicts.truncate(8);
                report.verdicts.extend(snapshot.report.verdicts.drain(..).take(2));
                snapshot.report = report;
            }
            made.push(snapshot);
        }
        made
    })
}
