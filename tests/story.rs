//! What a story claims is true: what counted is the evidence, what nearly counted does count where
//! its one reason is removed, and what is said to be enough is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use kadence::verdict::{Enough, Form, Lapse, NearMiss, Need, Part, Reason, State, Story, What};
use kadence::{AsOf, NoFiles, NoStory, Noun, Number, Options, RuleSet, Status};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use support::{Coverage, Row, company, coverage, dataset, day};

const RULES: &str = include_str!("support/every_construct.kpi");

/// How many random companies are looked at; `STORY_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("STORY_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

fn rules(text: &str) -> RuleSet {
    RuleSet::compile("story.kpi", text, &NoFiles).unwrap_or_else(|found| panic!("{found}"))
}

fn options(as_of: &str) -> Options {
    let from = NaiveDate::from_ymd_opt(2025, 6, 1);
    Options { from, ..Options::at(as_of.parse::<AsOf>().unwrap()) }
}

/// The stories of all decisions.
fn stories(rules: &RuleSet, rows: &[Row], coverage: Coverage, as_of: &str) -> Vec<Story> {
    let data = dataset(rules, rows, coverage);
    let prepared = rules.prepare(&data).unwrap();
    let evaluation = rules.judge(&prepared, &options(as_of)).unwrap();
    let story = |decision: kadence::Decision<'_>| {
        let story = decision.story().unwrap();
        assert_eq!(story.verdict, decision.verdict().unwrap());
        story
    };
    evaluation.decisions().map(story).collect()
}

/// The story of one rule and subject, if it is judged.
fn story(
    rules: &RuleSet,
    rows: &[Row],
    as_of: &str,
    (rule, subject): (&str, &str),
) -> Option<Story> {
    let data = dataset(rules, rows, (None, None));
    let prepared = rules.prepare(&data).unwrap();
    let options = Options { only: vec![rule.to_owned()], ..options(as_of) };
    let evaluation = rules.judge(&prepared, &options).unwrap();
    match evaluation.explain(rule, subject, None) {
        Ok(story) => Some(story),
        Err(NoStory::Silent { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// The random companies of a seed, each with an as-of day.
fn each_company(seed: u8, mut each: impl FnMut(&[Row], Coverage, &str)) {
    let config = Config { failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    for _ in 0..cases() {
        let drawn = (company(), coverage(), -40_i64..40).new_tree(&mut runner).unwrap().current();
        let (rows, coverage, offset) = drawn;
        each(&rows, coverage, &day(offset));
    }
}

fn ids(part: &Part) -> Vec<&str> {
    part.counted.iter().map(|entry| entry.id.as_str()).collect()
}

#[test]
fn what_counted_is_the_evidence_and_the_parts_make_the_whole() {
    let rules = rules(RULES);
    let mut told = 0;
    each_company(1, |rows, coverage, as_of| {
        for story in stories(&rules, rows, coverage, as_of) {
            told += 1;
            let verdict = &story.verdict;
            let exempt = verdict.reason.as_deref() == Some("exempt by `unless`");
            let deciding = *story.deciding().last().unwrap();
            let evidence = if exempt { Vec::new() } else { ids(deciding) };
            assert_eq!(evidence, verdict.evidence, "{}", verdict.rule);
            if story.modifiers.is_empty() {
                assert_eq!(story.condition.status, verdict.status, "{}", verdict.rule);
                assert_eq!(story.condition.sentence, verdict.sentence);
            }
            let change = story.change.map(|change| change.day);
            assert_eq!(change, verdict.changes);
            assert!(story.change.is_none_or(|change| change.status != verdict.status));
            check_json(&story);
        }
    });
    println!("{told} stories");
    assert!(told > 1000);
}

/// What is written can be read again.
fn check_json(story: &Story) {
    let text = serde_json::to_string(story).unwrap();
    let again: Story = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), text);
}

/// Every part with its place, from the whole inwards.
fn parts<'s>(part: &'s Part, place: &[usize], each: &mut dyn FnMut(&[usize], &'s Part)) {
    each(place, part);
    for (i, inner) in part.parts.iter().enumerate() {
        parts(inner, &[place, &[i]].concat(), each);
    }
}

fn part_at<'s>(story: &'s Story, place: &[usize]) -> Option<&'s Part> {
    place.iter().try_fold(&story.condition, |part, i| part.parts.get(*i))
}

fn row<'r>(rows: &'r mut [Row], noun: Noun, id: &str) -> &'r mut Row {
    rows.iter_mut().find(|row| row.noun == noun && row.get("id") == Some(id)).unwrap()
}

fn shifted(at: &str, by: TimeDelta) -> String {
    let at = NaiveDateTime::parse_from_str(at, "%Y-%m-%dT%H:%M").unwrap();
    (at + by).format("%Y-%m-%dT%H:%M").to_string()
}

fn moved(row: &mut Row, by: TimeDelta) {
    let at = shifted(row.get("at").unwrap(), by);
    row.set("at", &at);
}

/// The rows without the one reason; none where it cannot be removed by writing something else.
fn mended(rows: &[Row], story: &Story, part: &Part, near: &NearMiss) -> Option<Vec<Row>> {
    let mut rows = rows.to_vec();
    let today = story.day;
    let id = near.entry.id.as_str();
    let noun = Noun::ALL.into_iter().find(|noun| noun.singular() == near.entry.kind);
    let noun = noun.unwrap_or(Noun::Activity);
    let row = row(&mut rows, noun, id);
    match &near.reason {
        Reason::Status { .. } if part.form == Form::Next => {
            row.set("status", "planned");
            if near.entry.day.unwrap() <= today {
                row.set("at", &format!("{}T12:00", today + Days::new(1)));
            }
        }
        Reason::Status { asked, .. } => {
            let status = match asked[0] {
                State::Completed => "completed",
                State::Planned | State::Overdue => "planned",
                State::Cancelled => "cancelled",
            };
            row.set("status", status);
        }
        Reason::NotYetKnown { .. } if noun == Noun::Activity => row.set("created", ""),
        Reason::NotYetKnown { .. } => return None,
        Reason::TooClose { from, .. } => {
            let by = (*from)? - near.entry.day.unwrap();
            moved(row, by);
        }
        Reason::BookedLate { last, .. } => row.set("created", &format!("{last}T00:00")),
        Reason::TooEarly { by } | Reason::TooLate { by } => {
            let by = match by {
                Lapse::Days(days) => TimeDelta::days(*days),
                Lapse::Minutes(minutes) => TimeDelta::minutes(*minutes),
            };
            let by = if matches!(near.reason, Reason::TooLate { .. }) { -by } else { by };
            if noun == Noun::Activity {
                moved(row, by);
            } else {
                let field = match (part.asks.contains("expected_close"), row.get("status")) {
                    (true, _) => "expected_close",
                    (_, Some("won" | "lost")) => "closed",
                    _ => "created",
                };
                let moved: NaiveDate = row.get(field).unwrap().parse().unwrap();
                row.set(field, &(moved + by).to_string());
            }
        }
        Reason::Unknown { field } => {
            let value = match field.as_str() {
                "amount" => "7".to_owned(),
                "seller" => "s0".to_owned(),
                "expected_close" => today.to_string(),
                other => panic!("{other}"),
            };
            row.set(field, &value);
        }
        Reason::Elsewhere { noun, .. } => {
            let of = if part.form == Form::FollowedBy {
                let own = story.verdict.subject.id.as_str();
                let own = self::row(&mut rows, Noun::Activity, own);
                own.get(noun).unwrap().to_owned()
            } else {
                story.verdict.subject.id.clone()
            };
            self::row(&mut rows, Noun::Activity, id).set(noun, &of);
        }
        Reason::Kind { asked, .. } => {
            let place = id.len() % asked.len();
            row.set("kind", &asked[place]);
        }
        // What would have to be otherwise is told in words.
        Reason::Where { .. } | Reason::On { .. } | Reason::Fails { .. } => return None,
    }
    Some(rows)
}

fn name(reason: &Reason) -> &'static str {
    match reason {
        Reason::Status { .. } => "status",
        Reason::NotYetKnown { .. } => "not yet known",
        Reason::TooClose { .. } => "too close",
        Reason::BookedLate { .. } => "booked late",
        Reason::TooEarly { .. } => "too early",
        Reason::TooLate { .. } => "too late",
        Reason::Unknown { .. } => "unknown",
        Reason::Where { .. } => "where",
        Reason::On { .. } => "on",
        Reason::Elsewhere { .. } => "elsewhere",
        Reason::Fails { .. } => "fails",
        Reason::Kind { .. } => "kind",
    }
}

#[test]
fn what_nearly_counted_counts_without_its_one_reason() {
    let rules = rules(RULES);
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    let (mut tried, mut silent) = (0, 0);
    each_company(2, |rows, _, as_of| {
        for story in stories(&rules, rows, (None, None), as_of) {
            let (rule, subject) = (story.verdict.rule.as_str(), story.verdict.subject.id.as_str());
            parts(&story.condition, &[], &mut |place, part| {
                for near in &part.near {
                    *reasons.entry(name(&near.reason)).or_default() += 1;
                    let Some(rows) = mended(rows, &story, part, near) else { continue };
                    let Some(then) = self::story(&rules, &rows, as_of, (rule, subject)) else {
                        // Something else than the part changed too: whom the rule is about.
                        silent += 1;
                        continue;
                    };
                    tried += 1;
                    let counts = part_at(&then, place)
                        .is_some_and(|part| ids(part).contains(&near.entry.id.as_str()));
                    if !counts {
                        wrong.push(format!("{rule} for {subject} as of {as_of}: {near:?}"));
                    }
                }
            });
        }
    });
    println!("{tried} mended, {silent} silent then, {reasons:?}");
    wrong.sort_by_key(|line| line.split(' ').next().unwrap().to_owned());
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    assert!(reasons.len() == 12, "{reasons:?}");
    assert!(silent < tried / 20);
}
