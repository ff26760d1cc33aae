//! What is appended is as if it had been prepared with the rest.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use proptest::prelude::*;

use super::company::{Company, Dice, Rows};
use super::{ZONES, all_fields, answers, built, check_rows, difference, rules};
use crate::engine::store::{Batch, Store, StoreBuilder, Texts, Values};
use crate::model::Noun;

fn activities(company: &mut Company) -> &mut Rows {
    company.tables.iter_mut().find(|table| table.noun == Noun::Activity).unwrap()
}

/// Calls an activity by another name.
fn rename(activities: &mut Rows, row: usize, id: &str) {
    let old = std::mem::replace(&mut activities.rows[row][0], id.to_owned());
    let follows = activities.at("follows").unwrap();
    for row in activities.rows.iter_mut().filter(|row| row[follows] == old) {
        row[follows] = id.to_owned();
    }
}

/// Forgets what rows follow that come after `end`.
fn follow_before(activities: &mut Rows, end: usize) {
    let follows = activities.at("follows").unwrap();
    let later: BTreeSet<String> = activities.rows[end..].iter().map(|row| row[0].clone()).collect();
    for row in activities.rows[..end].iter_mut().filter(|row| later.contains(&row[follows])) {
        row[follows].clear();
    }
}

proptest! {
    #[test]
    fn data_in_parts_answers_as_all_at_once(
        seed in any::<u64>(),
        zone in prop::sample::select(&ZONES[..]),
        renamed in prop::option::of("(0|c|x-)[0-9]{1,6}|[0-9]{5,11}"),
        is_asked_between in any::<bool>(),
    ) {
        let (mut company, mut dice) = (Company::new(seed, false), Dice::new(seed));
        let table = activities(&mut company);
        let count = table.rows.len();
        let mut ends: Vec<usize> = (0..1 + dice.below(3)).map(|_| dice.below(count + 1)).collect();
        ends.sort_unstable();
        ends.iter().for_each(|end| follow_before(table, *end));
        if let Some(id) = renamed.filter(|id| table.rows.iter().all(|row| row[0] != *id)) {
            (count > 0).then(|| rename(table, count - 1, &id));
        }

        let rules = rules(zone);
        let owners = [Noun::Seller, Noun::Lead];
        let later = activities(&mut company).rows.split_off(ends[0]);
        let mut store = built(&company, &rules, &owners, &mut dice).unwrap();
        activities(&mut company).rows.extend(later);
        ends.push(count);
        for pair in ends.windows(2) {
            if is_asked_between {
                answers(&store);
            }
            let part = pair[0]..pair[1];
            activities(&mut company).with_batch(part, &mut dice, &mut |batch| {
                store.append(batch, &all_fields(&rules.0)).unwrap();
            });
        }
        check_rows(&store, &company);
        let at_once = built(&company, &rules, &owners, &mut dice).unwrap();
        prop_assert_eq!(difference(&store, &at_once), None);
        prop_assert_eq!(store.customer_is_implied, at_once.customer_is_implied);
    }
}

/// Calls of customer 1 as numbers of days and ids.
fn calls<'a>(ids: &'a [i64], at: &'a [i64], texts: &'a [&'a str]) -> Batch<'a> {
    Batch::new(Noun::Activity, ids.len())
        .column("id", Values::I64(ids))
        .column("kind", Values::Texts(Texts::List(&texts[..ids.len()])))
        .column("status", Values::Texts(Texts::List(&texts[texts.len() - ids.len()..])))
        .column("at", Values::Microseconds(at))
}

#[test]
fn days_and_rows_beyond_what_a_byte_holds_widen_what_holds_them() {
    let (schema, calendar) = rules(Tz::UTC);
    let mut texts = vec!["call"; 300];
    texts.extend(["completed"; 300]);
    let ids: Vec<i64> = (0..600).collect();
    let at: Vec<i64> = ids.iter().map(|id| id * 7 % 600 * 86_400_000_000 + id % 2).collect();
    let follows: Vec<i64> = ids.iter().map(|id| id / 2).collect();
    let batch = |part: std::ops::Range<usize>| {
        calls(&ids[part.clone()], &at[part.clone()], &texts)
            .column("follows", Values::I64(&follows[part.clone()]))
            .column("minutes", Values::I64(&ids[part]))
    };
    let mut builders =
        [(); 2].map(|()| StoreBuilder::new(&schema, &calendar, &all_fields(&schema)));
    builders[0].add(&batch(0..200));
    builders[1].add(&batch(0..200)).add(&batch(200..400)).add(&batch(400..600));
    let [mut store, at_once] = builders.map(|builder| builder.finish().unwrap().0);
    for part in [200..400, 400..600] {
        store.append(&batch(part), &all_fields(&schema)).unwrap();
    }
    assert_eq!(difference(&store, &at_once), None);
}

fn two_calls() -> Store {
    let (schema, calendar) = rules(Tz::UTC);
    let mut builder = StoreBuilder::new(&schema, &calendar, &all_fields(&schema));
    builder.add(&Batch::new(Noun::Customer, 2).column("id", Values::I64(&[1, 2])));
    let texts = ["call", "call", "completed", "planned"];
    builder.add(&calls(&[1, 2], &[0, 60_000_000], &texts));
    builder.finish().unwrap().0
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_added() {
    let mut store = two_calls();
    let before = answers(&store);
    let at = [0, 0, 0];
    let texts = ["call", "cal", "call", "completed", "completed", "completed"];
    let customers = Values::I64(&[1, 3, 2]);
    let batch = calls(&[3, 2, 3], &at, &texts).column("customer", customers);
    let follows = Values::Texts(Texts::List(&["2", "4", ""]));
    let faulty = [
        (
            batch.column("follows", follows),
            "activities:2:1: activities 2: id `2` is given twice (ids are unique in activities)\n\
             activities:2:2: activities 2: unknown activity kind `cal` (did you mean `call`?)\n\
             activities:2:7: activities 2: `customer` names no customer: `3` \
             (expected the id of a row of customers)\n\
             activities:2:12: activities 2: `follows` names no activity: `4` \
             (expected the id of a row of activities)\n\
             activities:3:1: activities 3: id `3` is given twice (the first is at activities:1:1)",
        ),
        (
            Batch::new(Noun::Customer, 1).column("id", Values::I64(&[3])),
            "customers: rows cannot be appended to what is prepared \
             (expected activities; prepare anew what has other new rows)",
        ),
    ];
    for (batch, said) in faulty {
        let problems = store.append(&batch, &all_fields(&store.schema)).unwrap_err();
        assert_eq!(problems.to_string(), said);
        assert!(answers(&store) == before);
    }
}
