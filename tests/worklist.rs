//! What the list *what to do* claims is true: doing what a line says makes every verdict better that it
//! says it serves, and every verdict on which acting helps is served once.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the laws use more of it")]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kadence::verdict::{Enough, Story};
use kadence::worklist::{Act, Ask, Doing, ToDo, WhatToDo, WorklistError, Worklists};
use kadence::{AsOf, NoFiles, Noun, Options, RuleSet, Status, Verdict};
use proptest::prelude::*;
use support::{Coverage, Row, as_of, company, coverage, dataset, instant};

const RULES: &str = include_str!("support/every_construct.kpi");

fn rules(text: &str) -> RuleSet {
    RuleSet::compile("lists.kpi", text, &NoFiles).unwrap_or_else(|found| panic!("{found}"))
}

fn options(as_of: &str) -> Options {
    let from = NaiveDate::from_ymd_opt(2025, 6, 1);
    Options { from, ..Options::at(as_of.parse::<AsOf>().unwrap()) }
}

fn asked(rules: &RuleSet, rows: &[Row], coverage: Coverage, as_of: &str, ask: &Ask) -> WhatToDo {
    let data = dataset(rules, rows, coverage);
    Worklists::new(rules, &data, &options(as_of)).unwrap().what_to_do(ask).unwrap()
}

fn todo(rules: &RuleSet, rows: &[Row], as_of: &str) -> WhatToDo {
    asked(rules, rows, (None, None), as_of, &Ask::default())
}

fn row(noun: Noun, cells: &[(&str, &str)]) -> Row {
    let cells = cells.iter().map(|(name, text)| ((*name).into(), (*text).into()));
    Row { noun, cells: cells.collect() }
}

fn lines(todo: &WhatToDo) -> impl Iterator<Item = &ToDo> {
    todo.sellers.iter().flat_map(|seller| &seller.todo)
}

/// `kim: acme by 2026-11-15: visit (in-touch acme, seen acme)`
fn told(todo: &WhatToDo) -> Vec<String> {
    let act = |act: &Act| {
        let serves: Vec<String> =
            act.serves.iter().map(|one| format!("{} {}", one.rule, one.subject.id)).collect();
        format!("{act} ({})", serves.join(", "))
    };
    let line = |line: &ToDo| {
        let acts: Vec<String> = line.acts.iter().map(act).collect();
        let due = line.due.map_or_else(|| "never".to_owned(), |due| due.to_string());
        let owner = line.owner.as_deref().unwrap_or("nobody");
        format!("{owner}: {} by {due}: {}", line.subject.id, acts.join("; "))
    };
    lines(todo).map(line).collect()
}

type Key = (String, String);

fn key(verdict: &Verdict) -> Key {
    (verdict.rule.clone(), verdict.subject.id.clone())
}

/// The stories of some verdicts; none of those that there are not.
fn stories(
    rules: &RuleSet,
    rows: &[Row],
    as_of: &str,
    keys: &BTreeSet<Key>,
) -> BTreeMap<Key, Story> {
    let data = dataset(rules, rows, (None, None));
    let prepared = rules.prepare(&data).unwrap();
    let evaluation = rules.judge(&prepared, &options(as_of)).unwrap();
    let story = |key: &Key| Some((key.clone(), evaluation.explain(&key.0, &key.1, None).ok()?));
    keys.iter().filter_map(story).collect()
}

fn rank(status: Status) -> Option<u8> {
    match status {
        Status::Missed => Some(0),
        Status::AtRisk => Some(1),
        Status::OnTrack => Some(2),
        Status::Met => Some(3),
        Status::NotApplicable | Status::Unknown => None,
    }
}

/// Whether a verdict stands better than another, misses less, or lasts longer.
fn is_better(new: &Story, old: &Story) -> bool {
    let ranks = rank(new.verdict.status).zip(rank(old.verdict.status));
    let Some((a, b)) = ranks else { return false };
    let missing = (&new.verdict.missing, &old.verdict.missing);
    let less = matches!(missing, (Some(new), Some(old)) if new < old);
    let lapses = |story: &Story| {
        let change = story.change.filter(|change| rank(change.status) < rank(story.verdict.status));
        change.map(|change| change.day)
    };
    let longer = lapses(old).is_some_and(|day| lapses(new).is_none_or(|later| later > day));
    a > b || (a == b && (less || longer))
}

/// The end of the first day that is not over, as an as-of.
fn end_of_day(now: DateTime<Utc>) -> (NaiveDate, String) {
    let day = now.date_naive();
    (day, day.to_string())
}

/// The company after an act is done at once: what was planned for that day takes place too.
fn acted(rows: &[Row], line: &ToDo, act: &Act, kind: &str, now: DateTime<Utc>) -> Vec<Row> {
    let Doing::Activity { with, follows, .. } = &act.doing else { panic!("{act:?}") };
    let mut cells = vec![
        ("id", "zz".to_owned()),
        ("kind", kind.to_owned()),
        ("status", "completed".to_owned()),
        ("at", now.format("%Y-%m-%dT%H:%M").to_string()),
        ("created", (now - TimeDelta::minutes(1)).format("%Y-%m-%dT%H:%M").to_string()),
    ];
    if let Some(owner) = &line.owner {
        cells.push(("seller", owner.clone()));
    }
    if let Some(contact) = with {
        cells.push(("contact", contact.id.clone()));
    }
    match follows {
        None => cells.push((
            ["customer", "contact", "lead", "opportunity", "campaign"]
                .into_iter()
                .find(|noun| *noun == line.subject.kind)
                .unwrap_or_else(|| panic!("{line:?}")),
            line.subject.id.clone(),
        )),
        Some(id) => {
            cells.push(("follows", id.clone()));
            let followed = rows.iter().find(|row| row.get("id") == Some(id.as_str())).unwrap();
            for name in ["customer", "contact", "lead", "opportunity"] {
                cells.extend(followed.get(name).map(|id| (name, id.to_owned())));
            }
        }
    }
    let cells: Vec<(&str, &str)> = cells.iter().map(|(name, text)| (*name, &**text)).collect();
    let mut rows = rows.to_vec();
    rows.push(row(Noun::Activity, &cells));
    rows
}

/// What was planned for the day takes place.
fn carried_out(mut rows: Vec<Row>, now: DateTime<Utc>, day: NaiveDate) -> Vec<Row> {
    for row in rows.iter_mut().filter(|row| row.noun == Noun::Activity) {
        let at = row.get("at").unwrap().to_owned();
        let known = row.get("created").is_none_or(|created| instant(created) < now);
        if row.get("status") == Some("planned") && known && at.starts_with(&day.to_string()) {
            row.set("status", "completed");
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every act that is named makes every verdict better that it is said to serve.
    #[test]
    fn doing_what_a_line_says_makes_better_what_it_serves(rows in company(), as_of in as_of()) {
        let rules = rules(RULES);
        let now = instant(&as_of);
        let (day, evening) = end_of_day(now);
        let ask = Ask { within: 20, ..Ask::default() };
        let todo = asked(&rules, &rows, (None, None), &as_of, &ask);
        let named = lines(&todo).flat_map(|line| &line.acts).flat_map(|act| &act.serves);
        let keys: BTreeSet<Key> = named.map(key).collect();
        let before = stories(&rules, &rows, &as_of, &keys);
        let carried = carried_out(rows.clone(), now, day);
        let before_later = stories(&rules, &carried, &evening, &keys);
        for line in lines(&todo) {
            for act in &line.acts {
                let Doing::Activity { kinds, .. } = &act.doing else { continue };
                prop_assert!(!act.serves.is_empty());
                let keys: BTreeSet<Key> = act.serves.iter().map(key).collect();
                for kind in kinds {
                    let rows = acted(&rows, line, act, kind, now);
                    let after = stories(&rules, &rows, &as_of, &keys);
                    let carried = carried_out(rows, now, day);
                    let later = stories(&rules, &carried, &evening, &keys);
                    for key in &keys {
                        let is_better = |after: &BTreeMap<Key, Story>, before: &BTreeMap<Key, Story>| {
                            let both = after.get(key).zip(before.get(key));
                            both.is_some_and(|(after, before)| is_better(after, before))
                        };
                        let told = |stories: &BTreeMap<Key, Story>| {
                            stories.get(key).map(|story| (story.verdict.clone(), story.change))
                        };
                        prop_assert!(
                            is_better(&after, &before) || is_better(&later, &before_later),
                            "{kind} for {} {}:\n{:?}\n{:?}\nlater {:?}\n{:?}",
                            line.subject.kind,
                            line.subject.id,
                            told(&before),
                            told(&after),
                            told(&before_later),
                            told(&later),
                        );
                    }
                }
            }
        }
    }

    /// Every verdict is served once at most and every subject stands there once; what is served is
    /// missed, at risk or soon to be worse, and what is left out is past mending.
    #[test]
    fn every_verdict_on_which_acting_helps_is_served_once(
        rows in company(), coverage in coverage(), as_of in as_of(),
    ) {
        let rules = rules(RULES);
        let todo = asked(&rules, &rows, coverage, &as_of, &Ask::default());
        let mut subjects = BTreeSet::new();
        let mut served = BTreeSet::new();
        for line in lines(&todo) {
            prop_assert!(subjects.insert((&line.subject.kind, &line.subject.id)), "{line:?}");
            for verdict in line.acts.iter().flat_map(|act| &act.serves) {
                prop_assert!(served.insert(key(verdict)), "{verdict:?}");
                prop_assert!(!verdict.is_final);
                let lapses = verdict.changes.is_some_and(|day| day <= todo.until);
                prop_assert!(match verdict.status {
                    Status::Missed | Status::AtRisk => true,
                    Status::Met | Status::OnTrack => lapses,
                    Status::NotApplicable | Status::Unknown => false,
                }, "{verdict:?}");
            }
        }
        let data = dataset(&rules, &rows, coverage);
        let prepared = rules.prepare(&data).unwrap();
        let evaluation = rules.judge(&prepared, &options(&as_of)).unwrap();
        for decision in evaluation.decisions() {
            let verdict = decision.verdict().unwrap();
            let is_short = matches!(verdict.status, Status::Missed | Status::AtRisk);
            if is_short && !verdict.is_final && !served.contains(&key(&verdict)) {
                let enough = decision.story().unwrap().enough;
                let is_past = matches!(enough, Enough::TooLate | Enough::NotByDoing | Enough::Open | Enough::Already);
                prop_assert!(is_past || verdict.rule == "in-force", "{verdict:?}\n{enough:?}");
            }
        }
    }

    /// The order is total and does not depend on that of the data; limits cut from its end.
    #[test]
    fn the_order_is_total_and_limits_cut_its_end(rows in company(), as_of in as_of(), limit in 0_usize..4) {
        let rules = rules(RULES);
        let whole = todo(&rules, &rows, &as_of);
        let mut turned = rows.clone();
        turned.reverse();
        prop_assert_eq!(&whole, &todo(&rules, &turned, &as_of));
        for seller in &whole.sellers {
            let rank = |line: &ToDo| (line.due.is_none(), line.due, std::cmp::Reverse(line.weight.clone()), std::cmp::Reverse(line.severity));
            prop_assert!(seller.todo.is_sorted_by_key(rank));
        }
        let ask = Ask { limit: Some(limit), ..Ask::default() };
        let cut = asked(&rules, &rows, (None, None), &as_of, &ask);
        prop_assert_eq!(cut.sellers.len(), whole.sellers.len());
        for (cut, whole) in cut.sellers.iter().zip(&whole.sellers) {
            let (shown, left) = whole.todo.split_at(limit.min(whole.todo.len()));
            prop_assert_eq!((&*cut.todo, cut.left_out), (shown, left.len() as u64));
        }
    }
}
