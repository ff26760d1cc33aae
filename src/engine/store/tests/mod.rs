mod append;
mod company;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono_tz::Tz;
use proptest::prelude::*;

use super::partition::DENSITY;
use super::{Batch, Known, Store, StoreBuilder, Texts, Values};
use crate::model::calendar::Calendar;
use crate::model::{FieldRef, Item, Noun, Problems, Schema};
use company::{Company, Dice, Rows};

fn rules(zone: Tz) -> (Schema, Calendar) {
    let mut schema = Schema::default();
    schema.set_zone(zone);
    (schema, Calendar { zone, ..Calendar::default() })
}

fn all_fields(schema: &Schema) -> BTreeSet<FieldRef> {
    let of = |noun| (0..schema.fields(noun).len()).map(move |index| FieldRef { noun, index });
    Noun::ALL.into_iter().flat_map(of).collect()
}

fn text(store: &Store, known: Known<'_>) -> String {
    match known {
        Known::Text(text) => text.to_owned(),
        Known::Number(number) => number.normalize().to_string(),
        Known::Date(day) => day.to_string(),
        Known::Instant(at, day) => format!("{} on {day}", at.to_rfc3339()),
        Known::YesNo(yes) => yes.to_string(),
        Known::Thing(item) => store.id(item).into_owned(),
    }
}

/// The activities of an owner as lists of ids.
fn runs(store: &Store, owner: Item) -> Vec<Vec<String>> {
    let mut runs = Vec::new();
    let _ = store.each_run(owner, 0, &mut |run| {
        let mut ids = Vec::new();
        for place in run.places.clone() {
            let row = run.row(place);
            assert_eq!(run.rank(place), store.activities.rank(row));
            assert_eq!(run.class(place), store.activities.class(row));
            if !run.not_of.is_some_and(|customer| store.is_of_customer(row, customer)) {
                ids.push(store.id(Item { noun: Noun::Activity, row }).into_owned());
            }
        }
        runs.push(ids);
        ControlFlow::Continue(())
    });
    runs
}

/// All that a store answers, whatever the rows of activities.
fn answers(store: &Store) -> Vec<String> {
    let mut answers = Vec::new();
    let mut items: Vec<Item> = Noun::ALL.into_iter().flat_map(|noun| store.items(noun)).collect();
    items.sort_by_key(|item| (item.noun, store.id(*item)));
    for item in items {
        let mut values = Vec::new();
        for index in 0..store.schema.fields(item.noun).len() {
            let field = FieldRef { noun: item.noun, index };
            let reference = store.reference(item, field).map(|to| store.id(to).into_owned());
            let raw = store.raw(item, field).map(|known| text(store, known));
            values.push(format!("{raw:?} {reference:?}"));
        }
        let id = store.id(item);
        answers.push(format!("{} {id}: {values:?}", item.noun));
        if item.noun.has_id() {
            assert_eq!(store.find(item.noun, &id), Some(item));
        }
        let mut owned = runs(store, item).concat();
        owned.sort_unstable();
        answers.push(format!("{owned:?}"));
        for noun in Noun::ALL {
            let things = store.things_of(item, noun).iter().map(|row| Item { noun, row: *row });
            let mut named: Vec<_> = things.map(|thing| store.id(thing)).collect();
            named.sort_unstable();
            answers.push(format!("{named:?}"));
            let mut named: Vec<_> = store.owners(item, noun).into_iter().collect();
            named.sort_by_key(|owner| store.id(*owner));
            let named: Vec<_> = named.into_iter().map(|owner| store.id(owner)).collect();
            answers.push(format!("{named:?}"));
        }
        if item.noun == Noun::Activity {
            answers.push(format!("{:?} {}", store.activities.status(item.row), store.at(item.row)));
        }
    }
    answers
}

/// The first answer in which two stores differ.
fn difference(a: &Store, b: &Store) -> Option<(String, String)> {
    let (a, b) = (answers(a), answers(b));
    assert_eq!(a.len(), b.len());
    a.into_iter().zip(b).find(|(a, b)| a != b)
}

fn built(
    company: &Company,
    rules: &(Schema, Calendar),
    owners: &[Noun],
    dice: &mut Dice,
) -> Result<Store, Problems> {
    let mut builder = StoreBuilder::new(&rules.0, &rules.1, &all_fields(&rules.0));
    builder.owners(owners.iter().copied().collect());
    builder.purpose.density = [0, 1, DENSITY][dice.below(3)];
    let batches = 1 + dice.below(3);
    company.fill(&mut builder, dice, batches);
    Ok(builder.finish()?.0)
}

const ZONES: [Tz; 3] = [Tz::UTC, Tz::Europe__Copenhagen, Tz::America__St_Johns];

/// What a row has for a field, as [`text`] writes it.
fn written(store: &Store, field: &str, cell: &str) -> Option<String> {
    let number =
        |text: &str| Some(text.parse::<rust_decimal::Decimal>().ok()?.normalize().to_string());
    if cell.is_empty() {
        return None;
    }
    match field {
        "revenue" | "amount" | "minutes" => number(cell),
        "at" | "created" if cell.contains('T') => {
            let at = cell.parse::<crate::Moment>().unwrap().resolve(store.schema.zone());
            let day = at.with_timezone(&store.schema.zone()).date_naive();
            Some(format!("{} on {day}", at.to_rfc3339()))
        }
        _ => Some(cell.to_owned()),
    }
}

/// Holds a store against the rows that it was built from.
fn check_rows(store: &Store, company: &Company) {
    for table in company.tables.iter().filter(|table| table.noun.has_id()) {
        assert_eq!(store.count(table.noun) as usize, table.rows.len());
        for row in &table.rows {
            let item = store.find(table.noun, &row[0]).unwrap();
            assert_eq!(store.id(item), row[0].as_str());
            for (field, cell) in table.fields.iter().zip(row) {
                let place = store.schema.field_ref(table.noun, field).unwrap();
                let known = store.raw(item, place).map(|known| text(store, known));
                if place != store.fields.activity_status {
                    assert_eq!(known, written(store, field, cell), "{field} of {}", row[0]);
                }
            }
        }
    }
    let activities = company.tables.iter().find(|table| table.noun == Noun::Activity).unwrap();
    for (noun, field) in [
        (Noun::Seller, "seller"),
        (Noun::Lead, "lead"),
        (Noun::Opportunity, "opportunity"),
        (Noun::Contact, "contact"),
        (Noun::Activity, "follows"),
    ] {
        for owner in store.items(noun) {
            let id = store.id(owner);
            let expected =
                in_order(store, activities, |row| row[activities.at(field).unwrap()] == id);
            assert_eq!(runs(store, owner).concat(), expected, "{noun} {id}");
        }
    }
    let sales = company.tables.iter().find(|table| table.noun == Noun::Opportunity).unwrap();
    let contacts = company.tables.iter().find(|table| table.noun == Noun::Contact).unwrap();
    for owner in store.items(Noun::Customer) {
        let id = store.id(owner);
        let through = |row: &[String], field: &str, table: &Rows| {
            let thing = &row[activities.at(field).unwrap()];
            let customer = table.at("customer").unwrap();
            table.rows.iter().any(|row| row[0] == *thing && row[customer] == id)
        };
        let expected = in_order(store, activities, |row| {
            row[activities.at("customer").unwrap()] == id
                || through(row, "contact", contacts)
                || through(row, "opportunity", sales)
        });
        let runs = runs(store, owner);
        assert!(runs.iter().all(|run| run.is_sorted_by_key(|id| day_and_id(store, id))));
        let mut found: Vec<String> = runs.concat();
        found.sort_by_key(|id| day_and_id(store, id));
        assert_eq!(found, expected, "customer {id}");
    }
}

fn day_and_id(store: &Store, id: &str) -> (chrono::NaiveDate, String) {
    let item = store.find(Noun::Activity, id).unwrap();
    (store.day(item.row), id.to_owned())
}

/// The ids of some of the activities, by day, then by id.
fn in_order(store: &Store, activities: &Rows, is_one: impl Fn(&[String]) -> bool) -> Vec<String> {
    let rows = activities.rows.iter().filter(|row| is_one(row));
    let mut ids: Vec<String> = rows.map(|row| row[0].clone()).collect();
    ids.sort_by_key(|id| day_and_id(store, id));
    ids
}

proptest! {
    #[test]
    fn a_store_has_what_its_batches_have(seed in any::<u64>(), zone in prop::sample::select(&ZONES[..])) {
        let company = Company::new(seed, false);
        let rules = rules(zone);
        let owners = [Noun::Seller, Noun::Lead, Noun::Activity];
        let store = built(&company, &rules, &owners, &mut Dice::new(seed)).unwrap();
        check_rows(&store, &company);
        let other = built(&company, &rules, &[], &mut Dice::new(!seed)).unwrap();
        prop_assert_eq!(difference(&store, &other), None);
        let of_dataset = company.store_of_dataset(&rules.0, &rules.1, &all_fields(&rules.0)).unwrap();
        prop_assert_eq!(difference(&store, &of_dataset), None);
    }

    #[test]
    fn batches_have_the_faults_that_a_dataset_has(seed in any::<u64>()) {
        let company = Company::new(seed, true);
        let rules = rules(Tz::UTC);
        let store = built(&company, &rules, &[], &mut Dice::new(seed));
        let of_dataset = company.store_of_dataset(&rules.0, &rules.1, &BTreeSet::new());
        let faults = |result: Result<Store, Problems>| {
            let problems = result.err().unwrap_or_default();
            let mut said: Vec<String> = problems.errors.iter().map(ToString::to_string).collect();
            said.sort();
            (said, problems.total)
        };
        let (ours, theirs) = (faults(store), faults(of_dataset));
        prop_assert_eq!(ours.0.iter().zip(&theirs.0).find(|(a, b)| a != b), None);
        prop_assert_eq!(ours.1, theirs.1);
    }
}

/// More rows than one thread takes at once.
#[test]
fn many_activities_stand_in_the_order_of_owners_days_and_ids() {
    const COUNT: i64 = 150_000;
    let mut dice = Dice::new(7);
    let mut below = |limit| i64::try_from(dice.below(limit)).unwrap();
    let minutes: Vec<i64> = (0..COUNT).map(|_| below(40 * 24 * 60)).collect();
    let sellers: Vec<i64> = (0..COUNT).map(|_| below(5)).collect();
    let customers: Vec<i64> = (0..COUNT).map(|_| below(90)).collect();
    let at: Vec<i64> = minutes.iter().map(|minute| minute * 60_000_000).collect();
    let ids: Vec<i64> = (0..COUNT).rev().collect();
    let zeros = vec![0; ids.len()];
    let one = Values::Dictionary { codes: &zeros, texts: Texts::List(&["call"]) };
    let done = Values::Dictionary { codes: &zeros, texts: Texts::List(&["completed"]) };
    let (schema, calendar) = rules(Tz::UTC);
    let mut builder = StoreBuilder::new(&schema, &calendar, &BTreeSet::new());
    builder.owners(BTreeSet::from([Noun::Seller]));
    let numbers: Vec<i64> = (0..90).collect();
    builder.add(&Batch::new(Noun::Seller, 5).column("id", Values::I64(&numbers[..5])));
    builder.add(&Batch::new(Noun::Customer, 90).column("id", Values::I64(&numbers)));
    let activities = Batch::new(Noun::Activity, ids.len())
        .column("id", Values::I64(&ids))
        .column("kind", one)
        .column("status", done)
        .column("at", Values::Microseconds(&at))
        .column("seller", Values::I64(&sellers))
        .column("customer", Values::I64(&customers));
    builder.add(&activities);
    let (store, _) = builder.finish().unwrap();
    for (noun, owners) in [(Noun::Seller, &sellers), (Noun::Customer, &customers)] {
        for owner in store.items(noun) {
            let number: i64 = store.id(owner).parse().unwrap();
            let rows = (0..ids.len()).filter(|row| owners[*row] == number);
            let mut expected: Vec<(i64, String)> =
                rows.map(|row| (minutes[row] / (24 * 60), ids[row].to_string())).collect();
            expected.sort();
            let expected: Vec<String> = expected.into_iter().map(|(_, id)| id).collect();
            assert!(runs(&store, owner).concat() == expected, "{noun} {number}");
        }
    }
}

fn problems(batches: &[Batch<'_>]) -> String {
    let (schema, calendar) = rules(Tz::UTC);
    let mut builder = StoreBuilder::new(&schema, &calendar, &all_fields(&schema));
    for batch in batches {
        builder.add(batch);
    }
    builder.finish().unwrap_err().to_string()
}

#[test]
fn what_is_wrong_with_a_batch_is_said() {
    let sellers = |values| Batch::new(Noun::Seller, 2).column("id", values);
    assert_eq!(
        problems(&[sellers(Values::I64(&[1, 2, 3]))]),
        "sellers:1:1: sellers: `id` is missing (every row of sellers needs one)\n\
         sellers:2:1: sellers: `id` is missing (every row of sellers needs one)\n\
         sellers: `id` has 3 values for 2 rows (expected one for each row)"
    );
    let ids = sellers(Values::I64(&[1, 2]));
    assert_eq!(
        problems(&[ids.clone().column("id", Values::I64(&[1, 2]))]),
        "sellers: `id` is given twice (expected it once)"
    );
    let names = Values::Dictionary { codes: &[1, 0], texts: Texts::List(&["Kim"]) };
    assert_eq!(
        problems(&[ids.clone().column("name", names)]),
        "sellers:1:2: sellers 1: `name` has no text 1 (expected the place of a text, from zero)"
    );
    let cut = Values::Texts(Texts::Joined { text: "æb", offsets: &[0, 1, 3] });
    assert_eq!(problems(&[ids.clone().column("name", cut)]).matches("has no text").count(), 2);
    assert_eq!(
        problems(&[ids.clone(), sellers(Values::Texts(Texts::List(&["7", "2"])))]),
        "sellers:4:1: sellers 2: id `2` is given twice (the first is at sellers:2:1)"
    );
    assert_eq!(
        problems(&[ids.column("started", Values::Dates(&[i32::MAX, 0]))]),
        "sellers:1:5: sellers 1: `started` cannot be `2147483647` (expected a date such as 2026-11-15)"
    );
}

#[test]
fn ids_of_many_digits_and_below_zero_are_ids() {
    let (schema, calendar) = rules(Tz::UTC);
    let mut builder = StoreBuilder::new(&schema, &calendar, &BTreeSet::new());
    let ids = [i64::MAX, -5, 1 << 31, 0, 12];
    builder.add(&Batch::new(Noun::Seller, 5).column("id", Values::I64(&ids)));
    let owners = Values::I64(&[1 << 31, -5]);
    let batch = Batch::new(Noun::Customer, 2).column("id", Values::I32(&[1, 2]));
    builder.add(&batch.column("owner", owners));
    let (store, _) = builder.finish().unwrap();
    let mut texts = ids.map(|id| id.to_string());
    texts.sort();
    let found: Vec<String> = store.items(Noun::Seller).map(|s| store.id(s).into_owned()).collect();
    assert_eq!(found, texts);
    let owner = |id| {
        let customer = store.find(Noun::Customer, id).unwrap();
        store.owner(customer).map(|owner| store.id(owner).into_owned())
    };
    assert_eq!(owner("1").as_deref(), Some("2147483648"));
    assert_eq!(owner("2").as_deref(), Some("-5"));
}

#[test]
fn what_no_rule_reads_is_not_kept() {
    let (schema, calendar) = rules(Tz::UTC);
    let email = schema.field_ref(Noun::Seller, "email").unwrap();
    for reads in [BTreeSet::new(), BTreeSet::from([email])] {
        let mut builder = StoreBuilder::new(&schema, &calendar, &reads);
        let mails = Values::Texts(Texts::List(&["kim@example.com"]));
        let batch = Batch::new(Noun::Seller, 1).column("id", Values::I64(&[1]));
        builder.add(&batch.column("email", mails).column("shoe_size", Values::I64(&[44])));
        let (store, notes) = builder.finish().unwrap();
        let seller = store.find(Noun::Seller, "1").unwrap();
        assert_eq!(store.raw(seller, email).is_some(), !reads.is_empty());
        assert_eq!(
            notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["sellers: no field is named `shoe_size`, its values are ignored"]
        );
    }
}
