//! What a story claims is true: what counted is the evidence, what nearly counted does count where
//! its one reason is removed, and what is said to be enough is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod story_support;
#[expect(dead_code, reason = "the laws use more of it")]
mod support;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};
use kadence::verdict::{Enough, Form, Lapse, NearMiss, Need, Part, Reason, State, Story, What};
use kadence::{AsOf, NoFiles, NoStory, Noun, Number, Options, RuleSet, Status};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use story_support::{Removal, name, parts, removal, shifted};
use support::{Coverage, Row, company, coverage, dataset, day};

const RULES: &str = include_str!("support/every_construct.kpi");

/// How many random companies are looked at; `STORY_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("STORY_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
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

fn part_at<'s>(story: &'s Story, place: &[usize]) -> Option<&'s Part> {
    place.iter().try_fold(&story.condition, |part, i| part.parts.get(*i))
}

fn row<'r>(rows: &'r mut [Row], noun: Noun, id: &str) -> &'r mut Row {
    rows.iter_mut().find(|row| row.noun == noun && row.get("id") == Some(id)).unwrap()
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
    if let Reason::Fails { found } = &near.reason {
        return passed(rows, noun, near, found, today);
    }
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
        // What is asked is told in words; these rules ask for nothing else.
        Reason::Where { asked, .. } => {
            assert_eq!(asked, "status is won");
            won(row, near, today);
        }
        Reason::On { noun, found, .. } => {
            assert!(noun == "lead" && part.asks.contains("on open lead"), "{part:?}");
            let lead = found.clone().unwrap_or_else(|| "l2".to_owned());
            row.set("lead", &lead);
            let lead = self::row(&mut rows, Noun::Lead, &lead);
            lead.set("status", "open");
            lead.set("converted", "");
        }
        Reason::Fails { .. } => return None,
    }
    Some(rows)
}

/// An opportunity is won, on the day that it has: one that is closed later is still open.
fn won(opportunity: &mut Row, near: &NearMiss, today: NaiveDate) {
    opportunity.set("status", "won");
    let closed = opportunity.get("closed").map(|day| day.parse::<NaiveDate>().unwrap());
    if closed.is_none_or(|closed| closed > today) {
        opportunity.set("closed", &near.entry.day.unwrap().to_string());
    }
}

/// The rows where something does what a share asks of it; none for members, which have no id.
fn passed(
    mut rows: Vec<Row>,
    noun: Noun,
    near: &NearMiss,
    found: &str,
    today: NaiveDate,
) -> Option<Vec<Row>> {
    let id = near.entry.id.as_str();
    let mut done = vec![("id", "z0"), ("kind", "call")];
    let at;
    match (noun, found) {
        (Noun::Opportunity, "is not won") => {
            won(row(&mut rows, noun, id), near, today);
            return Some(rows);
        }
        (Noun::Customer, "next-any is missed") => {
            done.extend([("status", "planned"), ("at", "2030-01-01T12:00"), ("customer", id)]);
        }
        (Noun::Activity, _) => {
            assert!(found.starts_with("not followed by activity by "), "{found}");
            at = row(&mut rows, noun, id).get("at").unwrap().to_owned();
            done.extend([("status", "completed"), ("at", &at), ("follows", id)]);
        }
        (Noun::Member, _) => return None,
        _ => panic!("{near:?}"),
    }
    let cells = done.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned()));
    rows.push(Row { noun: Noun::Activity, cells: cells.collect() });
    Some(rows)
}

#[test]
fn what_nearly_counted_counts_without_its_one_reason() {
    let rules = rules(RULES);
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    let mut removed: BTreeMap<&str, u32> = BTreeMap::new();
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
                    *removed.entry(name(&near.reason)).or_default() += 1;
                    let counts = part_at(&then, place)
                        .is_some_and(|part| ids(part).contains(&near.entry.id.as_str()));
                    if !counts {
                        wrong.push(format!("{rule} for {subject} as of {as_of}: {near:?}"));
                    }
                }
            });
        }
    });
    println!("{tried} mended, {silent} silent then, {removed:?} of {reasons:?}");
    wrong.sort_by_key(|line| line.split(' ').next().unwrap().to_owned());
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    // Each of the twelve was given, and was removed.
    assert!(reasons.len() == 12 && removed.len() == 12, "{removed:?} of {reasons:?}");
    assert!(silent < tried / 20);
}

#[test]
fn what_counted_makes_the_measure_and_without_it_that_is_less() {
    let rules = rules(RULES);
    let mut tried: BTreeMap<Removal, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    each_company(5, |rows, _, as_of| {
        for story in stories(&rules, rows, (None, None), as_of) {
            let (rule, subject) = (story.verdict.rule.as_str(), story.verdict.subject.id.as_str());
            parts(&story.condition, &[], &mut |place, part| {
                let (Form::Comparison, Some(removal)) = (part.form, removal(&part.asks)) else {
                    return;
                };
                let Some(before) = &part.measured else { return };
                for entry in &part.counted {
                    let is_it = |row: &Row, field: &str| row.get(field) == Some(&entry.id);
                    let mut rows: Vec<Row> = rows.to_vec();
                    rows.retain(|row| row.noun != Noun::Activity || !is_it(row, "id"));
                    for row in rows.iter_mut().filter(|row| is_it(row, "follows")) {
                        row.set("follows", "");
                    }
                    let Some(then) = self::story(&rules, &rows, as_of, (rule, subject)) else {
                        continue;
                    };
                    let Some(after) = part_at(&then, place).and_then(|part| part.measured.clone())
                    else {
                        continue;
                    };
                    *tried.entry(removal).or_default() += 1;
                    let holds = match removal {
                        Removal::OneLess => after.clone() + Number::from(1) == *before,
                        Removal::LessByValue => {
                            entry.value.as_ref().is_some_and(|value| &after + value == *before)
                        }
                        Removal::NotMore => after <= *before,
                        Removal::NotShorter => after >= *before,
                    };
                    if !holds {
                        let id = &entry.id;
                        wrong.push(format!(
                            "{rule} for {subject} as of {as_of}: {before} is {after} without {id}"
                        ));
                    }
                }
            });
        }
    });
    println!("{tried:?}");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(tried.len() == 4 && tried.values().all(|n| *n >= 10), "{tried:?}");
}

/// Rows that do what is said to be enough for a subject, and as of when it is done; none where it
/// cannot be done by adding rows.
fn done(
    rows: &[Row],
    story: &Story,
    need: &Need,
    of_planned: bool,
) -> Option<(Vec<Row>, NaiveDate)> {
    let mut rows = rows.to_vec();
    let subject = &story.verdict.subject;
    let mut today = story.day;
    let mut number = 0;
    let mut add =
        |rows: &mut Vec<Row>, kind: &str, status: &str, on: NaiveDate, more: &[(&str, &str)]| {
            number += 1;
            let at = format!("{on}T12:00");
            let mut cells = vec![
                ("id".to_owned(), format!("z{number}")),
                ("kind".to_owned(), kind.to_owned()),
                ("status".to_owned(), status.to_owned()),
                ("at".to_owned(), at),
            ];
            let field = if subject.kind == "activity" { "follows" } else { subject.kind.as_str() };
            if !matches!(field, "company" | "team" | "member") {
                cells.push((field.to_owned(), subject.id.clone()));
            }
            cells.extend(more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
            rows.push(Row { noun: Noun::Activity, cells });
        };
    let first = need.from.unwrap_or(story.day);
    let kind = |of: &str| {
        let known = ["visit", "call", "meeting", "offer", "touchpoint", "activit"];
        let found = known.into_iter().find(|kind| of.starts_with(kind))?;
        Some(if matches!(found, "touchpoint" | "activit") { "call" } else { found })
    };
    match &need.what {
        What::More { amount, of } | What::AtMost { amount, of } => {
            if matches!(subject.kind.as_str(), "company" | "team" | "member") || of.contains(" on ")
            {
                return None;
            }
            let amount = if of_planned { need.on_track.as_ref()? } else { amount };
            let apart = if of.contains("spaced 10 days") { 10 } else { 0 };
            let number = amount.to_string().parse::<u64>().unwrap();
            for n in 0..number {
                let on = first + Days::new(n * apart);
                today = today.max(on);
                let large: &[(&str, &str)] =
                    if of.contains("amount") { &[("amount", "5000")] } else { &[] };
                let plan = of_planned || of.starts_with("planned");
                let (status, on) = if plan {
                    ("planned", (story.day + Days::new(1)).max(on))
                } else {
                    ("completed", on)
                };
                if plan && need.by.is_some_and(|by| on > by) {
                    return None;
                }
                add(
                    &mut rows,
                    kind(of.trim_start_matches("planned ").trim_start_matches("any "))?,
                    status,
                    on,
                    large,
                );
            }
        }
        What::Different { amount, field, of } if field == "seller" => {
            let number = amount.to_string().parse::<u32>().unwrap();
            for n in 0..number {
                let seller = format!("t{n}");
                rows.push(Row { noun: Noun::Seller, cells: vec![("id".into(), seller.clone())] });
                add(&mut rows, kind(of)?, "completed", first, &[("seller", &seller)]);
            }
        }
        What::Sum { amount, field, of, .. } if of == "offers" && !of_planned => {
            let more = amount.to_string();
            add(&mut rows, "offer", "completed", first, &[(field, &more)]);
        }
        What::Large { amount, field, of, least, above } if of == "offers" => {
            let value = if *above { least.clone() + Number::from(1) } else { least.clone() };
            for _ in 0..amount.to_string().parse::<u32>().unwrap() {
                add(&mut rows, "offer", "completed", first, &[(field, &value.to_string())]);
            }
        }
        What::Large { amount, field, of, least, above } if of == "opportunities" => {
            let value = if *above { least.clone() + Number::from(1) } else { least.clone() };
            for n in 0..amount.to_string().parse::<u32>().unwrap() {
                let cells = [
                    ("id", format!("y{n}")),
                    ("status", "open".into()),
                    ("customer", subject.id.clone()),
                ];
                let mut cells: Vec<_> = cells.map(|(name, text)| (name.to_owned(), text)).into();
                cells.push((field.clone(), value.to_string()));
                rows.push(Row { noun: Noun::Opportunity, cells });
            }
        }
        What::Grow { amount, measure, .. } if measure.contains("emails") && !of_planned => {
            for _ in 0..amount.to_string().parse::<u32>().unwrap() {
                add(&mut rows, "email", "completed", first, &[]);
            }
        }
        What::Fewer { amount, .. } => {
            let number = amount.to_string().parse().unwrap();
            let planned = story.condition.planned.iter().map(|entry| &entry.id);
            let planned: Vec<&String> = planned.filter(|_| need.planned.is_some()).collect();
            for id in planned.into_iter().chain(&story.verdict.evidence).take(number) {
                row(&mut rows, Noun::Activity, id).set("status", "cancelled");
            }
        }
        What::Plan { of } => add(&mut rows, kind(of)?, "planned", first, &[]),
        What::Follow { of, .. } => {
            add(
                &mut rows,
                kind(of)?,
                "completed",
                first,
                &[("created", &format!("{first}T00:00"))],
            );
        }
        What::Fill { field } => {
            let noun = Noun::ALL.into_iter().find(|noun| noun.singular() == subject.kind).unwrap();
            let value = match field.as_str() {
                "owner" => "s0".to_owned(),
                "revenue" => "7000000".to_owned(),
                "created" | "expected_close" => today.to_string(),
                "preparation" | "learning" => "much".to_owned(),
                _ => return None,
            };
            row(&mut rows, noun, &subject.id).set(field, &value);
        }
        _ => return None,
    }
    Some((rows, today))
}

/// Every way in which a thing is said to be enough, as rows in which it has been done.
fn ways(rows: &[Row], story: &Story, enough: &Enough) -> Vec<(Vec<Row>, NaiveDate)> {
    match enough {
        Enough::Need(need) | Enough::Keep(need) => {
            done(rows, story, need, false).into_iter().collect()
        }
        Enough::Any { of } => of.iter().flat_map(|one| ways(rows, story, one)).collect(),
        Enough::All { of } => {
            let mut all = vec![(rows.to_vec(), story.day)];
            for (place, one) in of.iter().enumerate() {
                let next = all.iter().flat_map(|(rows, day)| {
                    ways(rows, story, one).into_iter().map(move |(mut rows, later)| {
                        // What is added has an id of its own.
                        for row in rows
                            .iter_mut()
                            .filter(|row| row.get("id").is_some_and(|id| id.starts_with('z')))
                        {
                            let id = format!("{}{place}", row.get("id").unwrap().replace('z', "x"));
                            row.set("id", &id);
                        }
                        (rows, later.max(*day))
                    })
                });
                all = next.collect();
            }
            all
        }
        Enough::Already | Enough::TooLate | Enough::NotByDoing | Enough::Open => Vec::new(),
    }
}

#[test]
fn what_is_said_to_be_enough_is() {
    let rules = rules(RULES);
    let mut tried: BTreeMap<String, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    each_company(3, |rows, _, as_of| {
        for story in stories(&rules, rows, (None, None), as_of) {
            let (rule, subject) = (story.verdict.rule.as_str(), story.verdict.subject.id.as_str());
            let mut check = |rows: &[Row], day: NaiveDate, what: &str| {
                let Some(then) = self::story(&rules, rows, &day.to_string(), (rule, subject))
                else {
                    return;
                };
                *tried.entry(rule.to_owned()).or_default() += 1;
                let status = then.verdict.status;
                if !matches!(status, Status::Met | Status::OnTrack) {
                    let line = format!(
                        "{rule} for {subject} as of {as_of}, {what}: {} leads to {status:?} ({})",
                        story.enough, then.verdict.sentence
                    );
                    wrong.push(line);
                }
            };
            for (rows, day) in ways(rows, &story, &story.enough) {
                check(&rows, day, "done");
            }
            if let Enough::Need(need) = &story.enough
                && need.on_track.as_ref().is_some_and(|amount| !amount.is_zero())
                && let Some((rows, day)) = done(rows, &story, need, true)
            {
                check(&rows, day, "planned");
            }
        }
    });
    let count: u32 = tried.values().sum();
    println!("{count} tried: {tried:?}");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    assert!(tried.len() > 45, "{}", tried.len());
}

#[test]
fn what_is_said_to_be_too_late_or_enough_is() {
    let rules = rules(RULES);
    let mut told = 0;
    each_company(4, |rows, _, as_of| {
        for story in stories(&rules, rows, (None, None), as_of) {
            let status = story.verdict.status;
            match story.enough {
                Enough::Already | Enough::Keep(_) => {
                    assert!(!matches!(status, Status::Missed | Status::Unknown), "{story:?}");
                }
                Enough::TooLate => assert!(!matches!(status, Status::Met), "{story:?}"),
                _ => continue,
            }
            told += 1;
        }
    });
    assert!(told > 1000);
}
