//! What the list *what to do* claims is true: doing what a line says makes every verdict better that it
//! says it serves, and every verdict on which acting helps is served once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kadence::comparison::Direction;
use kadence::verdict::{Enough, Story};
use kadence::worklist::{Act, Ask, Doing, ToDo, WhatToDo, Worklists};
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

fn todo(rules: &RuleSet, rows: &[Row], at: &str) -> WhatToDo {
    asked(rules, rows, (None, None), at, &Ask::default())
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

/// Whether a verdict stands better than another, misses less, or lasts longer.
fn is_better(new: &Story, old: &Story) -> bool {
    let direction = |from, to| Direction::of(Some(from), Some(to));
    let missing = (&new.verdict.missing, &old.verdict.missing);
    let less = matches!(missing, (Some(new), Some(old)) if new < old);
    let lapses = |story: &Story| {
        let worse = |status| direction(story.verdict.status, status) == Some(Direction::Worse);
        story.change.filter(|change| worse(change.status)).map(|change| change.day)
    };
    let longer = lapses(old).is_some_and(|day| lapses(new).is_none_or(|later| later > day));
    match direction(old.verdict.status, new.verdict.status) {
        Some(direction) => direction == Direction::Better,
        None => less || longer,
    }
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

/// What was planned for the day takes place. What is entered later is not known at the moment.
fn carried_out(mut rows: Vec<Row>, now: DateTime<Utc>, day: NaiveDate) -> Vec<Row> {
    let unknown = (now + TimeDelta::days(3)).to_rfc3339();
    let is_late = |row: &Row| row.get("created").is_some_and(|created| instant(created) >= now);
    let activities = rows.iter_mut().filter(|row| row.noun == Noun::Activity);
    activities.filter(|row| is_late(row)).for_each(|row| row.set("created", &unknown));
    for row in rows.iter_mut().filter(|row| row.noun == Noun::Activity) {
        let at = row.get("at").unwrap().to_owned();
        if row.get("status") == Some("planned") && at.starts_with(&day.to_string()) {
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
        let (day, evening) = (now.date_naive(), now.date_naive().to_string());
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
        let prepared = rules.prepare(&dataset(&rules, &rows, coverage)).unwrap();
        let evaluation = rules.judge(&prepared, &options(&as_of)).unwrap();
        for decision in evaluation.decisions() {
            let verdict = decision.verdict().unwrap();
            let is_short = matches!(verdict.status, Status::Missed | Status::AtRisk);
            if is_short && !verdict.is_final && !served.contains(&key(&verdict)) {
                let enough = decision.story().unwrap().enough;
                let is_past = matches!(enough, Enough::TooLate | Enough::NotByDoing | Enough::Open | Enough::Already);
                let lapses = todo.day.to_string().as_str() >= "2026-07-31";
                prop_assert!(is_past || verdict.rule == "in-force" && lapses, "{verdict:?}\n{enough:?}");
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

/// Rows as `given` would write them: `customer acme : segment A, owner kim`.
fn given(lines: &[&str]) -> Vec<Row> {
    let of = |line: &&str| {
        let (named, fields) = line.split_once(" : ").unwrap_or((line, ""));
        let (noun, id) = named.split_once(' ').unwrap_or((named, ""));
        let noun = Noun::ALL.into_iter().find(|one| one.singular() == noun).unwrap();
        let fields = fields.split(", ").filter(|field| !field.is_empty());
        let fields = fields.map(|field| field.split_once(' ').unwrap());
        let id = (!id.is_empty()).then_some(("id", id));
        row(noun, &id.into_iter().chain(fields).collect::<Vec<_>>())
    };
    lines.iter().map(of).collect()
}

#[test]
fn one_act_serves_all_that_it_can() {
    let rules = rules(
        "customer: touchpoints >= 3 per year as in-touch\n\
         customer: visit every 90 days       as seen      weight 3\n\
         customer: next activity             as planned\n",
    );
    let rows = given(&[
        "seller kim",
        "customer acme : owner kim, created 2024-01-01",
        "customer zeta : owner kim, created 2024-01-01",
        "activity a1 : kind visit, status completed, at 2026-11-01T10:00, customer zeta",
    ]);
    assert_eq!(
        told(&todo(&rules, &rows, "2026-11-15")),
        [
            "kim: acme by 2026-11-15: visit (seen acme, planned acme, in-touch acme)",
            "kim: zeta by 2026-11-15: call, visit, meeting or email (planned zeta, in-touch zeta)",
        ]
    );
}

#[test]
fn an_act_about_an_opportunity_serves_the_customer_of_the_same_seller() {
    let rules = rules(
        "customer: touchpoints >= 1 in last 90 days as in-touch\n\
         open opportunity: next meeting          as in-motion\n",
    );
    let deals = |owner: &str| {
        given(&[
            "seller bob",
            "seller kim",
            "customer acme : owner kim, created 2024-01-01",
            &format!("opportunity o1 : customer acme, owner {owner}, status open"),
        ])
    };
    assert_eq!(
        told(&todo(&rules, &deals("kim"), "2026-11-15")),
        ["kim: o1 by 2026-11-15: meeting (in-touch acme, in-motion o1)"]
    );
    let others = todo(&rules, &deals("bob"), "2026-11-15");
    assert_eq!(
        told(&others),
        [
            "bob: o1 by 2026-11-15: meeting (in-motion o1)",
            "kim: acme by 2026-11-15: call, visit, meeting or email (in-touch acme)",
        ]
    );
    let counts_for = &others.sellers[0].todo[0].acts[0].counts_for;
    assert_eq!(
        (counts_for[0].rule.as_str(), counts_for[0].subject.id.as_str()),
        ("in-touch", "acme")
    );
}

#[test]
fn what_no_activity_serves_is_told_as_what_would_be_enough() {
    let rules = rules(
        "seller: meetings >= 3 per month                      as month\n\
         campaign: learning is known within 14 days of end    as lesson\n\
         meeting: preparation is known                        as prepared\n\
         open opportunity: expected_close is known and next activity as in-motion\n",
    );
    let rows = given(&[
        "seller kim",
        "customer acme : owner kim",
        "campaign fair : owner kim, start 2026-11-01, end 2026-11-05",
        "opportunity o1 : customer acme, owner kim, status open",
        "activity m1 : kind meeting, status completed, at 2026-11-10T10:00, customer acme, seller kim",
    ]);
    let todo = todo(&rules, &rows, "2026-11-15");
    assert_eq!(
        told(&todo),
        [
            "kim: o1 by 2026-11-15: `expected_close` filled in and a planned activity from \
             2026-11-16 (in-motion o1)",
            "kim: m1 by 2026-11-15: record preparation (prepared m1)",
            "kim: fair by 2026-11-19: record learning (lesson fair)",
            "kim: kim by 2026-11-30: meetings: 2 more by 2026-11-30 (month kim)",
        ]
    );
    let meeting = &todo.sellers[0].todo[1];
    let day = meeting.activity.as_ref().unwrap().day.to_string();
    assert_eq!((meeting.about.as_ref().unwrap().id.as_str(), day.as_str()), ("acme", "2026-11-10"));
}

#[test]
fn what_counts_for_the_seller_is_said_beside_what_is_served() {
    let rules = rules(
        "customer: visit every 90 days      as seen\n\
         seller: visits >= 3 per month      as month\n\
         team: visits >= 9 per month        as together\n",
    );
    let rows = given(&[
        "team north",
        "seller kim : team north",
        "customer acme : owner kim, created 2024-01-01",
    ]);
    let todo = todo(&rules, &rows, "2026-11-15");
    assert_eq!(
        told(&todo),
        [
            "kim: acme by 2026-11-15: visit (seen acme)",
            "kim: kim by 2026-11-30: visits: 3 more by 2026-11-30 (1, done or planned, for on track) \
             (month kim)",
            "nobody: north by 2026-11-30: visits: 9 more by 2026-11-30 (4, done or planned, for on \
             track) (together north)",
        ]
    );
    let counts_for = todo.sellers[0].todo[0].acts[0].counts_for.iter();
    let counts_for: Vec<(&str, &str)> =
        counts_for.map(|one| (one.rule.as_str(), one.subject.id.as_str())).collect();
    assert_eq!(counts_for, [("month", "kim"), ("together", "north")]);
    assert_eq!(todo.sellers[0].todo[0].acts[0].also(), "it counts for month, together too");
}

#[test]
fn no_act_serves_what_is_not_judged_any_more_when_it_is_done() {
    let rules = rules("latest campaign: activities >= 1   as latest\n");
    let campaigns = |end: &str| {
        let next = format!("campaign next : start 2026-11-10, end {end}");
        given(&["campaign fair : start 2026-11-01, end 2026-11-05", &next])
    };
    let enough = ["nobody: fair by 2026-11-15: activities: 1 more (latest fair)"];
    assert_eq!(told(&todo(&rules, &campaigns("2026-11-16"), "2026-11-15")), enough);
    let act = ["nobody: fair by 2026-11-15: any activity (latest fair)"];
    assert_eq!(told(&todo(&rules, &campaigns("2026-11-17"), "2026-11-15")), act);
}

#[test]
fn who_led_the_meeting_follows_it_up() {
    let rules = rules("meeting: followed by call | visit within 7 days as progress\n");
    let rows = given(&[
        "seller bob",
        "seller kim",
        "customer acme : owner kim",
        "activity m1 : kind meeting, status completed, at 2026-11-12T10:00, customer acme, seller kim",
        "activity m2 : kind meeting, status completed, at 2026-11-13T10:00, customer acme, seller kim",
        "activity m3 : kind meeting, status completed, at 2026-11-14T10:00, customer acme, seller bob",
        "activity m4 : kind meeting, status completed, at 2026-11-14T10:00, seller bob",
    ]);
    // One call at Acme's serves both of Kim's meetings. Acme is not Bob's, and nobody is of m4.
    let ask = Ask { within: 7, ..Ask::default() };
    assert_eq!(
        told(&asked(&rules, &rows, (None, None), "2026-11-15", &ask)),
        [
            "bob: m3 by 2026-11-21: call or visit that follows m3 (progress m3)",
            "bob: m4 by 2026-11-21: call or visit that follows m4 (progress m4)",
            "kim: acme by 2026-11-19: call or visit (progress m1, progress m2)",
        ]
    );
}

#[test]
fn whom_to_speak_to_is_said_where_it_matters() {
    let rules = rules(
        "field contact.mobile : text\nfield customer.Phone : text\n\
         customer: distinct contact of touchpoints >= 2 in last 12 months as breadth\n",
    );
    let rows = given(&[
        "seller kim",
        "customer acme : owner kim, created 2024-01-01, Phone +45 1",
        "contact eva : customer acme, name Eva, email eva@acme.example, mobile +45 2",
        "contact per : customer acme, name Per, role buyer",
        "activity a1 : kind call, status completed, at 2026-11-01T10:00, contact eva, seller kim",
        "activity a2 : kind task, status completed, at 2026-11-02T10:00, contact eva, seller kim",
        "activity a3 : kind visit, status planned, at 2026-11-25T10:00, customer acme",
    ]);
    let todo = todo(&rules, &rows, "2026-11-15");
    assert_eq!(
        told(&todo),
        ["kim: acme by 2026-11-15: call, visit, meeting or email with Per (breadth acme)"]
    );
    let line = &todo.sellers[0].todo[0];
    // Per has neither a number nor an address: the customer has a number.
    let reach = (&line.reach.person, line.reach.phone.as_deref(), line.reach.mail.as_deref());
    let (Some(person), phone, mail) = reach else { panic!("{line:?}") };
    assert_eq!((person.id.as_str(), person.role.as_deref()), ("per", Some("buyer")));
    assert_eq!((phone, mail), (Some("+45 1"), None));
    let touch = |touch: &Option<kadence::worklist::Touch>| touch.as_ref().unwrap().id.clone();
    assert_eq!((touch(&line.last), touch(&line.next)), ("a1".to_owned(), "a3".to_owned()));
}

#[test]
fn what_stands_well_is_listed_when_it_would_lapse_soon() {
    let rules = rules(
        "customer: visit every 90 days      as seen\n\
         customer: calls >= 4 per year      as called\n",
    );
    let rows = given(&[
        "seller kim",
        "customer acme : owner kim, created 2024-01-01",
        "activity a1 : kind visit, status completed, at 2026-08-27T10:00, customer acme",
        "activity a2 : kind call, status completed, at 2026-01-05T10:00, customer acme",
        "activity a3 : kind call, status completed, at 2026-02-05T10:00, customer acme",
        "activity a4 : kind call, status completed, at 2026-03-05T10:00, customer acme",
    ]);
    let within = |within: u32, rows: &[Row]| {
        let ask = Ask { within, ..Ask::default() };
        told(&asked(&rules, rows, (None, None), "2026-11-15", &ask))
    };
    assert_eq!(within(10, &rows), Vec::<String>::new());
    assert_eq!(within(14, &rows), ["kim: acme by 2026-11-25: visit (seen acme)"]);
    assert_eq!(
        within(60, &rows),
        ["kim: acme by 2026-11-25: visit (seen acme); call by 2026-12-31 (called acme)"]
            .map(|line| line.replace(" by 2026-12-31 (", " ("))
    );
    // What is planned in time is enough.
    let planned =
        given(&["activity p1 : kind visit, status planned, at 2026-11-20T10:00, customer acme"]);
    assert_eq!(within(14, &[rows, planned].concat()), Vec::<String>::new());
}

#[test]
fn what_is_past_mending_is_not_listed() {
    let rules = rules(
        "lead: touchpoint within 2 days of created             as fast\n\
         customer: touchpoints >= 1 in previous month          as last-month\n\
         customer: calls <= 1 per year                         as not-pestered\n",
    );
    let rows = given(&[
        "seller kim",
        "lead bo : owner kim, status open, created 2026-11-01T10:00",
        "customer acme : owner kim, created 2024-01-01",
        "activity a1 : kind call, status completed, at 2026-01-05T10:00, customer acme",
        "activity a2 : kind call, status completed, at 2026-01-06T10:00, customer acme",
    ]);
    assert_eq!(told(&todo(&rules, &rows, "2026-11-15")), Vec::<String>::new());
    let fresh = todo(&rules, &rows, "2026-11-02");
    assert_eq!(told(&fresh), ["kim: bo by 2026-11-03: call, visit, meeting or email (fast bo)"]);
}

#[test]
fn one_seller_one_rule_or_so_many_can_be_asked_for() {
    let rules = rules(
        "customer: call every 30 days    as called\nA-customer: visit every 90 days as seen   weight 2\n",
    );
    let customer = |n: usize| {
        let (owner, segment) = (["bob", "kim"][n % 2], ["A", "B"][n / 3]);
        format!("customer c{n} : owner {owner}, segment {segment}, created 2024-01-01")
    };
    let customers: Vec<String> = (0..6).map(customer).collect();
    let mut rows = given(&["seller bob", "seller kim"]);
    rows.extend(given(&customers.iter().map(String::as_str).collect::<Vec<_>>()));
    let subjects = |ask: &Ask| -> Vec<String> {
        let todo = asked(&rules, &rows, (None, None), "2026-11-15", ask);
        lines(&todo).map(|line| line.subject.id.clone()).collect()
    };
    assert_eq!(subjects(&Ask::default()), ["c0", "c2", "c4", "c1", "c3", "c5"]);
    let kim = Ask { seller: Some("kim".to_owned()), ..Ask::default() };
    assert_eq!(subjects(&kim), ["c1", "c3", "c5"]);
    assert_eq!(subjects(&Ask { limit: Some(1), ..Ask::default() }), ["c0", "c1"]);
    let seen = Ask { rules: vec!["seen".to_owned()], ..Ask::default() };
    assert_eq!(subjects(&seen), ["c0", "c2", "c1"]);

    let data = dataset(&rules, &rows, (None, None));
    let lists = Worklists::new(&rules, &data, &options("2026-11-15")).unwrap();
    let refused = |ask: Ask| lists.what_to_do(&ask).unwrap_err().to_string();
    let of_seller = Ask { seller: Some("kin".to_owned()), ..Ask::default() };
    assert_eq!(refused(of_seller), "no seller has the id `kin`; did you mean `kim`?");
    let of_rule = Ask { rules: vec!["caled".to_owned()], ..Ask::default() };
    assert_eq!(refused(of_rule), "no rule has the id `caled`; did you mean `called`?");
    assert_eq!(
        lists.list("quiet", &Ask::default()).unwrap_err().to_string(),
        "no list is called `quiet`"
    );
}

#[test]
fn a_list_of_the_rule_file_has_what_a_caller_needs() {
    let rules = rules(
        "customer: call every 30 days    as called\n\
         list \"By size\" = customer sort by revenue descending limit 2\n\
         list \"Nobody\" = lead\n",
    );
    let rows = given(&[
        "seller kim : team north",
        "team north",
        "customer c1 : owner kim, revenue 5, created 2024-01-01",
        "customer c2 : revenue 7, created 2024-01-01",
        "customer c3 : revenue 1, created 2024-01-01",
        "contact eva : customer c1, email eva@c1.example",
        "activity a1 : kind call, status completed, at 2026-11-01T10:00, customer c1",
    ]);
    let data = dataset(&rules, &rows, (None, None));
    let lists = Worklists::new(&rules, &data, &options("2026-11-15")).unwrap();
    let infos: Vec<String> =
        lists.lists().map(|list| format!("{}: {}", list.name, list.of)).collect();
    assert_eq!(infos, ["By size: customer", "Nobody: lead"]);
    let list = lists.list("By size", &Ask::default()).unwrap();
    let ids: Vec<&str> = list.subjects.iter().map(|listed| listed.subject.id.as_str()).collect();
    assert_eq!((ids, list.left_out), (vec!["c2", "c1"], 0));
    let [c2, c1] = list.subjects.as_slice() else { panic!("{list:?}") };
    assert_eq!(c2.open, ["called"]);
    assert_eq!((c1.open.len(), c1.team.as_deref()), (0, Some("north")));
    assert_eq!(c1.reach.mail.as_deref(), Some("eva@c1.example"));
    assert_eq!(c1.last.as_ref().unwrap().id, "a1");
    let kim = Ask { seller: Some("kim".to_owned()), ..Ask::default() };
    let of_kim = lists.list("By size", &kim).unwrap();
    assert_eq!((of_kim.subjects.as_slice(), of_kim.left_out), ([c1.clone()].as_slice(), 1));
    assert_eq!(lists.list("Nobody", &Ask::default()).unwrap().subjects, []);
}

#[test]
fn there_may_be_nothing_to_do() {
    let rules = rules("customer: call every 30 days as called\n");
    let nothing = todo(&rules, &[], "2026-11-15");
    assert_eq!((nothing.sellers.len(), nothing.rules.len(), nothing.lists.len()), (0, 0, 0));
    let none = self::rules("");
    assert_eq!(todo(&none, &given(&["seller kim"]), "2026-11-15").sellers, []);
}

#[test]
fn acts_are_made_up_beside_whatever_ids_there_are() {
    let rules = rules("customer: calls >= 3 per year as called\n");
    let rows = given(&[
        "customer acme",
        "activity act0 : kind call, status completed, at 2026-11-01T10:00, customer acme",
        "activity act+0 : kind visit, status completed, at 2026-11-01T10:00, customer acme",
    ]);
    assert_eq!(
        told(&todo(&rules, &rows, "2026-11-15")),
        ["nobody: acme by 2026-12-31: call (called acme)"]
    );
}
