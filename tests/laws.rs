//! Laws that hold for every rule on every company.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;

use kadence::internals::Rewrite;
use kadence::verdict::{GoalVerdict, ReportProblem};
use kadence::{Language, NoFiles, Noun, Options, Report, RuleSet, Status, Verdict};
use proptest::prelude::*;
use support::{Coverage, Row, as_of, company, coverage, dataset, instant, middle};

const RULES: &str = include_str!("support/every_construct.kpi");

fn rules() -> RuleSet {
    compile(RULES)
}

fn compile(text: &str) -> RuleSet {
    // The random companies hold webinars.
    let text = if text.contains("activity webinar") {
        text.to_owned()
    } else {
        format!("activity webinar\n{text}")
    };
    RuleSet::compile("laws.kpi", &text, &NoFiles).unwrap_or_else(|found| panic!("{found}"))
}

/// What the rewrites of a plan change, beside the rules for every construct.
const REWRITTEN: &str = "
define busy customer = customer where calls >= 1 per month and revenue >= 1k
customer: touchpoints >= 2 * 3 - 4 per quarter                             as folded
customer: calls / (1 + 31) >= -(-(1 / 32)) per quarter                     as quotients
customer where touchpoints >= 1 per quarter and segment is A: next call    as split-running
customer where calls <= 1 in last 30 days and revenue >= 1k: visits <= 1   as split-standing
customer where average amount of opportunities >= 1 and segment is A: calls >= 1 as split-not-applicable
overdue opportunity where amount >= 1 and next activity: activities >= 1   as cheap-first
seller: calls on busy customer >= 1                                         as on-split
seller: share of opportunities where (amount >= 1 and activities >= 1) that are won >= 20% as share-split
";

/// From a fixed early day, with history, so that the same periods are judged as of any day.
fn options(as_of: &str) -> Options {
    let from = chrono::NaiveDate::from_ymd_opt(2025, 6, 1);
    Options { from, history: true, ..Options::at(as_of.parse::<kadence::AsOf>().unwrap()) }
}

fn evaluate(rules: &RuleSet, rows: &[Row], coverage: Coverage, as_of: &str) -> Report {
    rules.evaluate(&dataset(rules, rows, coverage), &options(as_of)).unwrap()
}

/// For how many days the changes of a verdict are looked for by trying each.
const DAYS: usize = 45;

/// As `evaluate`, from forty days before a day.
fn recent(rules: &RuleSet, rows: &[Row], today: chrono::NaiveDate, as_of: &str) -> Report {
    let from = Some(today - chrono::Days::new(40));
    let options = Options { from, ..options(as_of) };
    rules.evaluate(&dataset(rules, rows, (None, None)), &options).unwrap()
}

/// What tells a verdict from all others of a report. A window that slides or ends with the as-of
/// day is the same verdict on another day.
type Key = (String, String, Option<chrono::NaiveDate>);

fn key(verdict: &Verdict, runs: bool) -> Key {
    let from = verdict.period.map(|period| period.from).filter(|_| runs);
    (verdict.rule.clone(), verdict.subject.id.clone(), from)
}

/// The verdicts of rules about periods or deadlines, by what tells them apart; and the others.
fn by_key(report: Report) -> BTreeMap<Key, Verdict> {
    let text = |id: &str| report.rules.iter().find(|rule| rule.id == id).map(|rule| &rule.text);
    let runs = |id: &str| text(id).is_some_and(|t| t.contains(" per ") || t.contains(" until "));
    let keys: Vec<bool> = report.verdicts.iter().map(|verdict| runs(&verdict.rule)).collect();
    report.verdicts.into_iter().zip(keys).map(|(v, runs)| (key(&v, runs), v)).collect()
}

/// What is known at a moment, and nothing that becomes known later: no deal that is closed, no lead
/// that is converted, nothing that is created or entered afterwards.
fn as_known(rows: Vec<Row>, then: chrono::DateTime<chrono::Utc>) -> Vec<Row> {
    let today = (then - chrono::TimeDelta::nanoseconds(1)).date_naive().to_string();
    let entered_later =
        |row: &Row| row.get("created").is_some_and(|created| instant(created) >= then);
    let mut rows: Vec<Row> =
        rows.into_iter().filter(|row| row.noun != Noun::Activity || !entered_later(row)).collect();
    let known: Vec<String> =
        rows.iter().filter_map(|row| row.get("id").map(str::to_owned)).collect();
    for row in &mut rows {
        let is_later = |row: &Row, name: &str| row.get(name).is_some_and(|day| *day > *today);
        for name in ["created", "started"] {
            if row.noun != Noun::Activity && is_later(row, name) {
                row.set(name, "");
            }
        }
        for name in ["closed", "converted"] {
            if is_later(row, name) {
                row.set("status", "open");
                row.set(name, "");
            }
        }
        if row.get("follows").is_some_and(|id| !known.iter().any(|known| known == id)) {
            row.set("follows", "");
        }
    }
    rows
}

/// What is left where nothing is said.
fn without_words(report: Report) -> Report {
    let verdict = |verdict| Verdict { sentence: String::new(), reason: None, ..verdict };
    let goal = |goal| GoalVerdict { sentence: String::new(), reason: None, ..goal };
    let problem = |problem| ReportProblem { message: String::new(), ..problem };
    Report {
        verdicts: report.verdicts.into_iter().map(verdict).collect(),
        goals: report.goals.into_iter().map(goal).collect(),
        problems: report.problems.into_iter().map(problem).collect(),
        ..report
    }
}

/// The first thing in which two reports differ.
fn difference(a: &Report, b: &Report) -> Option<String> {
    let verdicts = a.verdicts.iter().zip(&b.verdicts).find(|(a, b)| a != b);
    if let Some((a, b)) = verdicts {
        return Some(format!("{a:?}\n{b:?}"));
    }
    (a != b).then(|| {
        format!("{:?}\n{:?}", (&a.scores, &a.lists, &a.goals), (&b.scores, &b.lists, &b.goals))
    })
}

/// A few cases each; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 16;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_rewrite_of_the_plan_changes_a_verdict(rows in company(), as_of in as_of(), coverage in coverage()) {
        let rules = compile(&format!("{RULES}{REWRITTEN}"));
        let data = dataset(&rules, &rows, coverage);
        let with = |rewrites: &[Rewrite]| {
            rules.evaluate_with(rewrites, &data, &options(&as_of)).unwrap()
        };
        let all = with(&Rewrite::ALL);
        for left_out in Rewrite::ALL {
            let others: Vec<Rewrite> =
                Rewrite::ALL.into_iter().filter(|rewrite| *rewrite != left_out).collect();
            prop_assert_eq!(difference(&all, &with(&others)), None, "without {:?}", left_out);
        }
        prop_assert_eq!(difference(&all, &with(&[])), None, "without any");
    }

    #[test]
    fn an_event_after_the_as_of_changes_nothing(rows in company(), as_of in as_of(), coverage in coverage()) {
        let rules = rules();
        let before = evaluate(&rules, &rows, coverage, &as_of);
        let mut later = rows.clone();
        let at = instant(&as_of) + chrono::TimeDelta::hours(1);
        for about in ["customer", "lead", "opportunity"] {
            let id = format!("zz-{about}");
            let cells = [
                ("id", id.as_str()), ("kind", "visit"), ("status", "completed"),
                ("at", &at.to_rfc3339()), ("created", &at.to_rfc3339()),
                (about, &format!("{}0", &about[..1])), ("seller", "s0"),
            ];
            let cells = cells.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
            later.push(Row { noun: Noun::Activity, cells });
        }
        let tomorrow = (at + chrono::TimeDelta::days(1)).date_naive().to_string();
        for row in &mut later {
            if row.noun == Noun::Opportunity && row.get("status") == Some("open") {
                row.set("status", "won");
                row.set("closed", &tomorrow);
            }
        }
        prop_assert_eq!(difference(&before, &evaluate(&rules, &later, coverage, &as_of)), None);
    }

    #[test]
    fn the_order_of_rows_changes_nothing(
        (rows, shuffled) in company().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        as_of in as_of(),
    ) {
        let rules = rules();
        let (a, b) = (dataset(&rules, &rows, (None, None)), dataset(&rules, &shuffled, (None, None)));
        let (a, b) = (rules.evaluate(&a, &options(&as_of)).unwrap(), rules.evaluate(&b, &options(&as_of)).unwrap());
        prop_assert_eq!(difference(&a, &b), None);
        prop_assert_eq!(serde_json::to_string(&a).unwrap(), serde_json::to_string(&b).unwrap());
    }

    #[test]
    fn a_final_verdict_stays_when_later_activities_arrive(
        rows in company(), more in company(), as_of in as_of(), days in 0_i64..60, coverage in coverage(),
    ) {
        let rules = rules();
        let then = instant(&as_of);
        let rows = as_known(rows, then);
        let before = by_key(evaluate(&rules, &rows, coverage, &as_of));
        // What happens afterwards: other activities, entered and done after the as-of.
        let mut later = rows.clone();
        for (i, mut activity) in more.into_iter().filter(|row| row.noun == Noun::Activity).enumerate() {
            let at = then + chrono::TimeDelta::hours(7 * i as i64 + 1);
            activity.set("id", &format!("later{i:02}"));
            activity.set("at", &at.to_rfc3339());
            activity.set("created", &at.to_rfc3339());
            activity.set("follows", "");
            later.push(activity);
        }
        let at = (then + chrono::TimeDelta::days(days)).date_naive().to_string();
        let after = by_key(evaluate(&rules, &later, coverage, &at));
        for (key, verdict) in before.iter().filter(|(_, verdict)| verdict.is_final) {
            if let Some(later) = after.get(key) {
                prop_assert_eq!(verdict.status, later.status, "{:?} as of {} and {}\n{:?}\n{:?}", key, as_of, at, verdict, later);
            }
        }
    }

    #[test]
    fn changes_is_the_first_day_with_another_status_if_the_plan_is_kept(rows in company(), as_of in as_of()) {
        let today = (instant(&as_of) - chrono::TimeDelta::nanoseconds(1)).date_naive();
        let rows = as_known(rows, instant(&as_of));
        // The plan is kept: what is planned for a day that is not over takes place.
        let mut kept = rows.clone();
        for row in &mut kept {
            let is_open = row.get("at").is_some_and(|at| {
                let day = instant(at).date_naive();
                day > today || (day == today && as_of.contains('T'))
            });
            if row.get("status") == Some("planned") && is_open {
                row.set("status", "completed");
            }
        }
        let rules = rules();
        let now = by_key(recent(&rules, &rows, today, &as_of));
        let first = if as_of.contains('T') { today } else { today + chrono::Days::new(1) };
        let mut pending = now.clone();
        let mut found: BTreeMap<Key, chrono::NaiveDate> = BTreeMap::new();
        for day in first.iter_days().take(DAYS) {
            let then = by_key(recent(&rules, &kept, today, &day.to_string()));
            pending.retain(|key, verdict| match then.get(key) {
                Some(later) if later.status != verdict.status => {
                    found.insert(key.clone(), day);
                    false
                }
                // Not judged any more: nothing can be said of the days after.
                None => false,
                _ => true,
            });
        }
        for (key, verdict) in &now {
            if let Some(day) = found.get(key) {
                prop_assert_eq!(verdict.changes, Some(*day), "{:?} as of {}\n{:?}", key, as_of, verdict);
            } else if pending.contains_key(key) {
                let limit = first + chrono::Days::new(DAYS as u64);
                prop_assert!(verdict.changes.is_none_or(|day| day >= limit), "{:?} as of {}\n{:?}", key, as_of, verdict);
            }
        }
    }

    #[test]
    fn adding_a_completed_touchpoint_never_worsens_an_at_least(rows in company(), as_of in as_of(), back in 0_i64..50) {
        let rules = compile(
            "customer: touchpoints >= 2 per quarter\n\
             customer: touchpoints >= 1 in last 30 days\n\
             customer: touchpoints spaced 7 days >= 3 this half-year\n\
             seller: visits + 2 * calls >= 3 per month\n\
             company: distinct customer of visits >= 2 per quarter\n",
        );
        let before = evaluate(&rules, &rows, (None, None), &as_of);
        let at = instant(&as_of) - chrono::TimeDelta::days(back) - chrono::TimeDelta::minutes(1);
        let mut more = rows.clone();
        let cells = [("id", "zz"), ("kind", "visit"), ("status", "completed"), ("at", &at.to_rfc3339()), ("customer", "c0"), ("seller", "s0")];
        more.push(Row { noun: Noun::Activity, cells: cells.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect() });
        let after = evaluate(&rules, &more, (None, None), &as_of);
        let rank = |status| match status {
            Status::Missed => 0,
            Status::AtRisk => 1,
            Status::OnTrack => 2,
            _ => 3,
        };
        for (a, b) in before.verdicts.iter().zip(&after.verdicts) {
            prop_assert_eq!((&a.rule, &a.subject, a.period), (&b.rule, &b.subject, b.period));
            prop_assert!(rank(a.status) <= rank(b.status), "{:?}\n{:?}", a, b);
        }
    }

    #[test]
    fn what_means_the_same_is_judged_the_same(rows in company(), as_of in as_of(), coverage in coverage()) {
        let pairs = [
            ("customer: visit every 1 week", "customer: visit every 7 days"),
            ("customer: touchpoints >= 2 in last 2 weeks", "customer: touchpoints >= 2 in last 14 days"),
            ("customer: not not touchpoints >= 2 per month", "customer: touchpoints >= 2 per month"),
            ("customer: not (not (next call))", "customer: next call"),
            ("lead: next activity within 1 week", "lead: next activity within 7 days"),
            ("meeting: followed by activity within 1 week", "meeting: followed by activity within 7 days"),
            ("customer: touchpoints > 1 per month", "customer: touchpoints >= 2 per month"),
            ("customer: touchpoints >= 1 in last 1 quarter", "customer: touchpoints >= 1 in last 3 months"),
            ("customer: (touchpoints >= 1 per month) and calls >= 1 this year", "customer: touchpoints >= 1 per month and calls >= 1 this year"),
        ];
        for (left, right) in pairs {
            let (left, right) = (compile(left), compile(right));
            let told = |rules: &RuleSet| -> Vec<_> {
                let report = evaluate(rules, &rows, coverage, &as_of);
                report.verdicts.into_iter().map(|v| (v.subject, v.period, v.status, v.is_final, v.measured, v.target, v.planned, v.missing, v.due, v.changes, v.evidence)).collect()
            };
            prop_assert_eq!(told(&left), told(&right));
        }
    }

    #[test]
    fn json_out_and_in_and_out_again_is_the_same_bytes(rows in company(), as_of in as_of(), coverage in coverage()) {
        let report = evaluate(&rules(), &rows, coverage, &as_of);
        let once = serde_json::to_string_pretty(&report).unwrap();
        let read: Report = serde_json::from_str(&once).unwrap();
        prop_assert_eq!(once, serde_json::to_string_pretty(&read).unwrap());
    }

    #[test]
    fn missing_is_never_zero(rows in company(), as_of in as_of(), coverage in coverage()) {
        // What is decided although activities are not all known is decided the same way when the
        // days that are not covered turn out to hold nothing.
        let rules = rules();
        let partly = by_key(evaluate(&rules, &rows, coverage, &as_of));
        let fully = by_key(evaluate(&rules, &rows, (None, None), &as_of));
        for (key, verdict) in partly {
            if let (false, Some(full)) = (verdict.status == Status::Unknown, fully.get(&key)) {
                prop_assert_eq!(verdict.status, full.status, "{:?} as of {}", key, as_of);
            }
        }
    }

    #[test]
    fn a_language_changes_nothing_but_words(rows in company(), as_of in as_of(), coverage in coverage()) {
        let rules = rules();
        let data = dataset(&rules, &rows, coverage);
        let told = |language| {
            rules.evaluate(&data, &Options { language, ..options(&as_of) }).unwrap()
        };
        let [english, danish] = Language::ALL.map(told);
        for (en, da) in english.verdicts.iter().zip(&danish.verdicts) {
            prop_assert!(!en.sentence.is_empty() && !da.sentence.is_empty());
            prop_assert_eq!(en.reason.is_some(), da.reason.is_some());
            prop_assert!(en.reason.is_none() || en.reason != da.reason, "{:?}", en.reason);
        }
        prop_assert_eq!(without_words(english), without_words(danish));
    }
}

#[test]
fn every_status_and_every_rule_is_reached() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

    let rules = rules();
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let mut seen: BTreeMap<String, Vec<Status>> =
        rules.rules().map(|rule| (rule.id, Vec::new())).collect();
    for _ in 0..250 {
        let (rows, coverage) = (company(), coverage()).new_tree(&mut runner).unwrap().current();
        let report = evaluate(&rules, &rows, coverage, &middle().to_string());
        for verdict in report.verdicts {
            seen.entry(verdict.rule).or_default().push(verdict.status);
        }
    }
    for (rule, statuses) in &seen {
        assert!(!statuses.is_empty(), "{rule} judges nobody");
        let first = statuses[0];
        assert!(statuses.iter().any(|status| *status != first), "{rule} is always {first:?}");
    }
}
