//! What was known then against what is known now: laws on random companies, and worked examples.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "the laws use more of it")]
mod support;

use kadence::comparison::{Change, Direction};
use kadence::history::{
    Cause, Coverage, Frozen, Known, KnownDifference, Run, RunId, Snapshot, known,
};
use kadence::verdict::Period;
use kadence::{
    Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Options, Resolver, RuleSet,
    Seller, Status,
};
use proptest::prelude::*;
use support::{as_of, company, coverage, dataset};

fn compile(text: &str) -> RuleSet {
    RuleSet::compile("rules.kpi", text, &NoFiles).unwrap_or_else(|found| panic!("{found}"))
}

fn taken(rules: &RuleSet, data: &Dataset, options: &Options) -> Snapshot {
    let report = rules.evaluate(data, options).unwrap();
    let coverage = Coverage { from: data.complete_from(), through: data.complete_through() };
    Snapshot::new("2027-01-01T06:00:00Z".parse().unwrap(), rules, options, coverage, report)
}

fn run_of(snapshot: &Snapshot) -> Run {
    let report = &snapshot.report;
    Run {
        id: RunId(1),
        taken: snapshot.taken,
        as_of: report.as_of.parse().unwrap(),
        day: report.day,
        rules: snapshot.fingerprint.clone(),
        coverage: snapshot.coverage,
        scope: snapshot.scope.clone(),
        version: snapshot.version.clone(),
        verdicts: report.verdicts.len() as u64,
        company: report.scores.company.clone(),
    }
}

/// What is known better of a snapshot, by rules and data of now.
fn better(then: &Snapshot, rules: &RuleSet, data: &Dataset, within: Option<Period>) -> Known {
    let rules_then = then.rules.compile().rules;
    known(&run_of(then), &then.report, &rules_then, rules, data, within).unwrap()
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 16;
    }
    config
}

const EVERY_CONSTRUCT: &str = include_str!("support/every_construct.kpi");

proptest! {
    #![proptest_config(config())]

    /// Whatever was logged late is the only thing that can make a difference where nothing was changed.
    #[test]
    fn the_same_data_differs_by_what_was_logged_late_alone(
        rows in company(),
        covered in coverage(),
        when in as_of(),
    ) {
        let rules = compile(EVERY_CONSTRUCT);
        let data = dataset(&rules, &rows, covered);
        let then = taken(&rules, &data, &Options::at(when.parse::<AsOf>().unwrap()));
        let found = better(&then, &rules, &data, None);
        prop_assert!(found.changes.is_empty() && found.is_by_same_rules());
        if found.late.is_empty() {
            prop_assert!(found.differences.is_empty());
        }
        for difference in &found.differences {
            prop_assert_eq!(difference.cause, Cause::LoggedLate);
        }
        let all = found.counts.iter().map(|of| of.counts.same).sum::<u64>();
        let told = found.differences.iter().filter(|difference| difference.then.is_some());
        prop_assert_eq!(all + told.count() as u64, then.report.verdicts.len() as u64);
    }

    /// The rules that are kept judge as those did from which they were taken.
    #[test]
    fn kept_rules_are_the_rules(rows in company(), when in as_of()) {
        let rules = compile(EVERY_CONSTRUCT);
        let data = dataset(&rules, &rows, (None, None));
        let options = Options::at(when.parse::<AsOf>().unwrap());
        let then = taken(&rules, &data, &options);
        let again = then.rules.compile();
        prop_assert_eq!(again.diagnostics.errors(), 0);
        prop_assert_eq!(kadence::history::fingerprint(&again.rules), then.fingerprint.clone());
        prop_assert_eq!(again.rules.evaluate(&data, &options).unwrap(), then.report);
    }
}

/// Files of which one uses another, and a calendar with holidays.
struct Shelf;

impl Resolver for Shelf {
    fn read(&self, name: &str) -> Result<String, String> {
        match name {
            "words.kpi" => Ok("use \"more/words.kpi\"\ndefine talk, talks = call | visit\n".into()),
            "more/words.kpi" => Ok("define big customer = customer where revenue > 5\n".into()),
            _ => Err("there is no such file".into()),
        }
    }

    fn holidays(&self, _name: &str) -> Result<Vec<chrono::NaiveDate>, String> {
        Ok(vec!["2026-12-24".parse().unwrap()])
    }
}

#[test]
fn rules_of_several_files_with_holidays_are_kept_whole() {
    let text = "calendar\n    timezone Europe/Copenhagen\n    holidays 2026-12-31\n    \
                holidays from \"dk.ics\"\nuse \"words.kpi\"\n\
                big customer: talk within 2 workdays of created   as soon\n";
    let rules = RuleSet::compile("rules.kpi", text, &Shelf).unwrap();
    let data = Dataset::builder(rules.schema()).build().unwrap().0;
    let then = taken(&rules, &data, &Options::at("2026-12-31".parse::<AsOf>().unwrap()));
    let names: Vec<&str> = then.rules.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["rules.kpi", "words.kpi", "more/words.kpi"]);
    assert_eq!(then.rules.holidays.len(), 2);
    let again = then.rules.compile();
    assert_eq!(again.diagnostics.errors(), 0);
    assert_eq!(again.rules.rules().collect::<Vec<_>>(), rules.rules().collect::<Vec<_>>());
    assert_eq!(kadence::history::fingerprint(&again.rules), then.fingerprint);
    // Another holiday is another rule set.
    let other = RuleSet::compile("rules.kpi", &text.replace("12-31", "12-30"), &Shelf).unwrap();
    assert_ne!(kadence::history::fingerprint(&other), then.fingerprint);
}

const RULES: &str = "customer: calls >= 2 per month   as called\n\
                     customer: visit every 40 days   as seen\n";

/// Calls by id, day and when they were logged.
fn data(rules: &RuleSet, owner: &str, calls: &[(&str, &str, Option<&str>)]) -> Dataset {
    let mut data = Dataset::builder(rules.schema());
    data.add(Seller::new("kim"));
    data.add(Seller::new("bo"));
    data.add(Customer { owner: Some(owner.into()), ..Customer::new("acme") });
    for (id, at, created) in calls {
        let at: Moment = at.parse().unwrap();
        let call = Activity::new(*id, "call", ActivityStatus::Completed, at);
        let created = created.map(|created| created.parse::<Moment>().unwrap());
        data.add(Activity { created, customer: Some("acme".into()), ..call });
    }
    data.build().unwrap().0
}

fn october(rules: &RuleSet, data: &Dataset) -> Snapshot {
    taken(rules, data, &Options::at("2026-10-31".parse::<AsOf>().unwrap()))
}

fn month(from: &str, to: &str) -> Option<Period> {
    Some(Period { from: from.parse().unwrap(), to: to.parse().unwrap() })
}

fn told(difference: &KnownDifference) -> (Option<Direction>, Cause, Vec<String>) {
    (difference.direction, difference.cause, difference.late.clone())
}

#[test]
fn what_came_late_and_what_was_corrected_are_told_apart() {
    let rules = compile(RULES);
    let a = ("a", "2026-10-05", None);
    let then = october(&rules, &data(&rules, "kim", &[a]));
    assert_eq!(then.report.verdicts[0].status, Status::Missed);
    let of = |owner: &str, calls: &[(&str, &str, Option<&str>)]| {
        let found = better(&then, &rules, &data(&rules, owner, calls), None);
        found.differences.iter().map(told).collect::<Vec<_>>()
    };
    let late = ("b", "2026-10-30", Some("2026-11-02"));
    let none: Vec<String> = Vec::new();
    assert_eq!(of("kim", &[a]), []);
    let better_late = (Some(Direction::Better), Cause::LoggedLate, vec!["b".to_owned()]);
    assert_eq!(of("kim", &[a, late]), [better_late]);
    // Entered later without saying when: as if it had been known.
    let unsaid = ("b", "2026-10-30", None);
    let corrected = (Some(Direction::Better), Cause::Corrected, none.clone());
    assert_eq!(of("kim", &[a, unsaid]), [corrected]);
    // Planned or done in November: nothing that October should have known.
    assert_eq!(of("kim", &[a, ("b", "2026-11-02", Some("2026-11-02"))]), []);
    // Removed: the status is the same, and the figures are not.
    assert_eq!(of("kim", &[]), [(None, Cause::Corrected, none.clone())]);
    // Somebody else's now.
    let both = (None, Cause::Corrected, none.clone());
    assert_eq!(of("bo", &[a]), [both.clone(), both]);
    // Both at once: what is left without the late one is not what it was.
    let mixed = (Some(Direction::Better), Cause::Corrected, vec!["b".to_owned()]);
    assert_eq!(of("kim", &[late, ("c", "2026-10-06", None), ("d", "2026-10-07", None)]), [mixed]);
}

#[test]
fn a_call_on_the_as_of_instant_is_neither_then_nor_late() {
    let rules = compile(RULES);
    let then = taken(
        &rules,
        &data(&rules, "kim", &[]),
        &Options::at("2026-10-31T12:00".parse::<AsOf>().unwrap()),
    );
    let late = |at, created| {
        let data = data(&rules, "kim", &[("b", at, Some(created))]);
        better(&then, &rules, &data, None).late.len()
    };
    assert_eq!(late("2026-10-31T11:59", "2026-10-31T12:00"), 1);
    assert_eq!(late("2026-10-31T11:59", "2026-10-31T11:59"), 0);
    assert_eq!(late("2026-10-31T12:00", "2026-10-31T12:00"), 0);
}

#[test]
fn rules_of_now_are_held_against_those_of_then() {
    let then =
        october(&compile(RULES), &data(&compile(RULES), "kim", &[("a", "2026-10-05", None)]));
    let now = compile(
        "customer: calls >= 1 per month   as called\n\
         customer: visit every 40 days   as visited\n\
         customer: emails >= 1   as written\n",
    );
    let found = better(&then, &now, &data(&now, "kim", &[("a", "2026-10-05", None)]), None);
    let changes: Vec<Change> = found.changes.iter().map(|rule| rule.change).collect();
    assert_eq!(changes, [Change::Changed, Change::Renamed, Change::Added]);
    let told: Vec<_> = found.differences.iter().map(told).collect();
    assert_eq!(told, [(Some(Direction::Better), Cause::RuleChanged, Vec::new())]);
    let rules: Vec<&str> = found.counts.iter().map(|of| of.rule.as_str()).collect();
    assert_eq!(rules, ["called", "visited"]);
}

#[test]
fn a_period_settles_what_is_final_and_ended_in_it() {
    let rules = compile(
        "customer: calls >= 2 per month   as monthly\n\
         customer: calls >= 1 per year   as yearly\n\
         customer: call every 5 days   as standing\n",
    );
    let then = october(&rules, &data(&rules, "kim", &[("a", "2026-10-05", None)]));
    let october = month("2026-10-01", "2026-10-31");
    let settled = |period: Option<Period>| -> Vec<&str> {
        let period = period.unwrap();
        let all = then.report.verdicts.iter();
        let settled = all.filter(|verdict| Frozen::settles(period, verdict));
        settled.map(|verdict| verdict.rule.as_str()).collect()
    };
    // The year is met for good, and its days are not over.
    assert_eq!(settled(october), ["monthly"]);
    assert_eq!(settled(month("2026-08-01", "2026-10-31")), ["monthly"]);
    assert_eq!(settled(month("2026-09-01", "2026-09-30")), [""; 0]);
    assert!(Frozen::is_closed_by(october.unwrap(), &run_of(&then)));
    assert!(!Frozen::is_closed_by(month("2026-10-01", "2026-10-30").unwrap(), &run_of(&then)));

    let gone = data(&rules, "kim", &[]);
    let rules_of = |found: &Known| -> Vec<String> {
        let all = found.differences.iter();
        all.map(|difference| difference.latest().unwrap().rule.clone()).collect()
    };
    assert_eq!(rules_of(&better(&then, &rules, &gone, None)), ["monthly", "yearly", "standing"]);
    assert_eq!(rules_of(&better(&then, &rules, &gone, october)), ["monthly"]);
}
