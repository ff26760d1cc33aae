use std::sync::Arc;

use super::*;
use crate::model::{
    Absence, Activity, ActivityStatus, Contact, Customer, FieldType, Member, Moment, Scalar,
    Seller, Team, Value,
};

fn builder() -> DatasetBuilder {
    Dataset::builder(&Schema::default())
}

fn with_field(noun: Noun, name: &str, kind: FieldType) -> DatasetBuilder {
    let mut schema = Schema::default();
    schema.set_zone(chrono_tz::Tz::Europe__Copenhagen);
    schema.add_field(noun, name, kind);
    Dataset::builder(&schema)
}

/// What `build` says of one customer whose field `x` of that type is `text`.
fn read_as(kind: FieldType, text: &str) -> Result<Value, String> {
    let mut builder = with_field(Noun::Customer, "x", kind);
    builder.row(Noun::Customer, &[("id", "a", 1), ("x", text, 3)], "c.csv", 2);
    let (dataset, _) = builder.build().map_err(|problems| problems.to_string())?;
    Ok(value(&dataset, Noun::Customer, "a", "x").clone())
}

fn value<'a>(dataset: &'a Dataset, noun: Noun, id: &str, field: &str) -> &'a Value {
    let item = dataset.find(noun, id).unwrap();
    dataset.value(item, dataset.schema().field_ref(noun, field).unwrap())
}

fn errors(builder: DatasetBuilder) -> Vec<String> {
    builder.build().unwrap_err().errors.iter().map(ToString::to_string).collect()
}

fn owned_by(id: &str, seller: &str) -> Customer {
    Customer { owner: Some(seller.to_owned()), ..Customer::new(id) }
}

#[test]
fn texts_are_read_as_the_fields_type_says() {
    let number = |text: &str| match read_as(FieldType::Number, text) {
        Ok(Value::Number(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!(number("-12.50"), "-12.50");
    assert_eq!(number(" +0012 "), "12");
    assert_eq!(number("1234567890123456789012345678"), "1234567890123456789012345678");
    assert_eq!(number("0.0000000000000000000000000001"), "0.0000000000000000000000000001");
    assert_eq!(read_as(FieldType::YesNo, "yes"), Ok(Value::YesNo(true)));
    assert_eq!(read_as(FieldType::YesNo, "false"), Ok(Value::YesNo(false)));
    let day = "2026-11-15".parse().unwrap();
    assert_eq!(read_as(FieldType::Date, "2026-11-15"), Ok(Value::Date(day)));
    let start = "2026-11-14T23:00:00Z".parse().unwrap();
    assert_eq!(read_as(FieldType::Instant, "2026-11-15"), Ok(Value::Instant(start, day)));
    assert_eq!(
        read_as(FieldType::Instant, "2026-11-14T23:00Z"),
        Ok(Value::Instant(start, day)),
        "the local day, not the day in UTC"
    );
    assert_eq!(read_as(FieldType::Text, "  "), Ok(Value::Unknown));
    assert_eq!(read_as(FieldType::Text, " a "), Ok(Value::Text(Arc::from(" a "))));
}

#[test]
fn a_text_that_cannot_be_read_is_a_problem_and_never_rounded() {
    for bad in ["12,5", "1e5", "0x1", "1_000", ".5", "5.", "", "--1", "1 000", "٣"] {
        let read = read_as(FieldType::Number, bad);
        assert_eq!(read == Ok(Value::Unknown), bad.is_empty(), "{bad}");
        assert!(!matches!(read, Ok(Value::Number(_))), "{bad}");
    }
    for bad in ["12345678901234567890123456789", "0.00000000000000000000000000001"] {
        assert_eq!(
            read_as(FieldType::Number, bad).unwrap_err(),
            format!(
                "c.csv:2:3: customers a: `x` cannot be `{bad}` \
                 (expected a number such as 1234.5, of at most 28 digits)"
            )
        );
    }
    for bad in ["2026-02-30", "15.11.2026", "2026-11-15T10:00", "2026-1-5"] {
        let expected = format!(
            "c.csv:2:3: customers a: `x` cannot be `{bad}` (expected a date such as 2026-11-15)"
        );
        assert_eq!(read_as(FieldType::Date, bad).unwrap_err(), expected);
    }
    assert_eq!(
        read_as(FieldType::OneOf(&["hot", "cold"]), "hto").unwrap_err(),
        "c.csv:2:3: customers a: `x` cannot be `hto` (did you mean `hot`?)"
    );
    assert_eq!(
        read_as(FieldType::YesNo, "maybe\n").unwrap_err(),
        "c.csv:2:3: customers a: `x` cannot be `maybe\\n` (expected true, false, yes or no)"
    );
}

#[test]
fn typed_things_and_rows_of_text_make_the_same_dataset() {
    let at: Moment = "2026-11-15T14:30".parse().unwrap();
    let mut typed = builder();
    typed.add(Activity {
        seller: Some("kim".into()),
        ..Activity::new("a1", "call", ActivityStatus::Completed, at)
    });
    typed.add(Seller::new("kim"));
    let mut rows = builder();
    rows.row(Noun::Seller, &[("id", "kim", 1)], "sellers.csv", 2);
    let cells = [
        ("seller", "kim", 1),
        ("at", "2026-11-15 14:30", 2),
        ("status", "completed", 3),
        ("kind", "call", 4),
        ("id", "a1", 5),
    ];
    rows.row(Noun::Activity, &cells, "activities.csv", 2);
    assert_eq!(typed.build().unwrap(), rows.build().unwrap());
}

#[test]
fn what_a_row_cannot_do_without_is_missed_all_at_once() {
    let mut builder = builder();
    builder.row(Noun::Activity, &[("id", "", 1), ("kind", "cal", 3)], "a.csv", 2);
    assert_eq!(
        errors(builder),
        [
            "a.csv:2:1: activities: `id` is missing (every row of activities needs one)",
            "a.csv:2:1: activities: `status` is missing (every row of activities needs one)",
            "a.csv:2:1: activities: `at` is missing (every row of activities needs one)",
            "a.csv:2:3: activities: unknown activity kind `cal` (did you mean `call`?)",
        ]
    );
}

#[test]
fn an_id_is_unique_in_its_table_only() {
    let mut builder = builder();
    builder.add(Seller::new("acme"));
    builder.row(Noun::Customer, &[("id", "acme", 1)], "c.csv", 2);
    builder.row(Noun::Customer, &[("id", "acme", 1)], "c.csv", 3);
    assert_eq!(
        errors(builder),
        ["c.csv:3:1: customers acme: id `acme` is given twice (the first is at c.csv:2:1)"]
    );
}

#[test]
fn a_column_that_no_field_names_is_noted_once_a_table() {
    let mut builder = builder();
    for line in 2..5 {
        let id = line.to_string();
        builder.row(Noun::Customer, &[("id", &id, 1), ("revenu", "5", 3)], "c.csv", line);
    }
    let extra = [("colour".to_owned(), Scalar::Unknown)].into();
    builder.add(Seller { extra, ..Seller::new("kim") });
    let (dataset, notes) = builder.build().unwrap();
    assert_eq!(dataset.count(Noun::Customer), 3);
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "c.csv:2:3: customers: no field is named `revenu`, its values are ignored \
             (did you mean `revenue`?)",
            "sellers: no field is named `colour`, its values are ignored",
        ]
    );
}

#[test]
fn references_lead_to_rows_of_their_own_table_and_problems_stand_in_order() {
    let mut builder = builder();
    let cells = [("id", "e", 1), ("customer", "zet", 3), ("email", "x", 7)];
    builder.row(Noun::Contact, &cells, "contacts.csv", 3);
    builder.row(Noun::Contact, &[("id", "", 1), ("customer", "kim", 3)], "contacts.csv", 2);
    builder.add(Seller::new("kim"));
    builder.add(Customer::new("zeta"));
    assert_eq!(
        errors(builder),
        [
            "contacts.csv:2:1: contacts: `id` is missing (every row of contacts needs one)",
            "contacts.csv:2:3: contacts: `customer` names no customer: `kim` \
             (expected the id of a row of customers)",
            "contacts.csv:3:3: contacts e: `customer` names no customer: `zet` \
             (did you mean `zeta`?)",
        ]
    );
}

#[test]
fn members_and_absences_have_ids_made_from_what_they_refer_to() {
    let mut builder = builder();
    builder.row(Noun::Campaign, &[("id", "fair", 1)], "", 1);
    builder.add(Seller::new("kim")).add(Customer::new("acme"));
    let extra = std::collections::BTreeMap::new();
    let from = Some("2026-07-01".parse().unwrap());
    builder.add(Absence { seller: Some("kim".into()), from, until: None, extra: extra.clone() });
    let (campaign, customer) = (Some("fair".into()), Some("acme".into()));
    builder.add(Member { campaign, customer, lead: None, extra });
    let (dataset, _) = builder.build().unwrap();
    assert!(dataset.find(Noun::Member, "fair/acme").is_some());
    assert!(dataset.find(Noun::Absence, "kim/2026-07-01").is_some());
}

#[test]
fn there_is_one_company() {
    let (dataset, _) = builder().build().unwrap();
    assert_eq!(dataset.count(Noun::Company), 1);
    assert_eq!(value(&dataset, Noun::Company, "company", "id"), &Value::Text("company".into()));
    let mut given = with_field(Noun::Company, "goal", FieldType::Number);
    given.row(Noun::Company, &[("goal", "5", 1)], "", 1);
    let (dataset, _) = given.clone().build().unwrap();
    assert_eq!(value(&dataset, Noun::Company, "company", "goal"), &Value::Number(5.into()));
    given.row(Noun::Company, &[("goal", "6", 1)], "", 1);
    assert_eq!(given.build().unwrap_err().total, 1);
}

#[test]
fn a_team_has_at_most_64_teams_above_it() {
    let mut builder = builder();
    for n in 0..1000 {
        let id = format!("t{n}");
        let parent = if n == 0 { String::new() } else { format!("t{}", n - 1) };
        builder.row(Noun::Team, &[("id", &id, 1), ("parent", &parent, 4)], "teams.csv", n + 2);
    }
    assert_eq!(
        errors(builder.clone()).first().map(String::as_str),
        Some(
            "teams.csv:67:4: teams t65: `parent` has more than 64 teams above this one \
             (expected at most 64 levels)"
        )
    );
    assert_eq!(builder.build_lenient().0.count(Noun::Team), 65);
}

#[test]
fn teams_in_a_circle_are_named() {
    let mut builder = builder();
    for (line, id, parent) in
        [(2, "leaf", "b"), (3, "c", "a"), (4, "a", "b"), (5, "b", "c"), (6, "self", "self")]
    {
        builder.row(Noun::Team, &[("id", id, 1), ("parent", parent, 6)], "teams.csv", line);
    }
    builder.add(Team::new("top"));
    assert_eq!(
        errors(builder.clone()),
        [
            "teams.csv:3:6: teams c: `parent` goes in a circle: `c` → `a` → `b` → `c` \
             (expected a team that is not below this one)",
            "teams.csv:6:6: teams self: `parent` goes in a circle: `self` → `self` \
             (expected a team that is not below this one)",
        ]
    );
    let (dataset, problems) = builder.build_lenient();
    assert_eq!(dataset.count(Noun::Team), 1);
    assert_eq!(problems.total, 3, "{problems}");
}

#[test]
fn completeness_ends_after_it_begins() {
    let mut builder = builder();
    builder.complete_from("2026-02-01".parse().unwrap());
    builder.complete_through("2026-01-01".parse().unwrap());
    assert_eq!(
        errors(builder),
        ["`complete_from` 2026-02-01 is after `complete_through` 2026-01-01 \
          (expected the earlier day first)"]
    );
}

#[test]
fn lenient_leaves_out_what_refers_to_what_is_left_out() {
    let mut builder = builder();
    builder.add(Contact { customer: Some("acme".into()), ..Contact::new("eva") });
    builder.add(owned_by("acme", "kim")).add(owned_by("zeta", "bob")).add(Seller::new("bob"));
    builder.row(Noun::Seller, &[("id", "kim", 1), ("fte", "half", 5)], "s.csv", 2);
    assert_eq!(
        errors(builder.clone()),
        ["s.csv:2:5: sellers kim: `fte` cannot be `half` \
          (expected a number such as 1234.5, of at most 28 digits)"],
        "what follows is no problem of its own"
    );
    let (dataset, problems) = builder.build_lenient();
    assert_eq!(problems.total, 3);
    assert_eq!(
        problems.errors[1..].iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "customers acme: seller `kim` is left out (what refers to it is left out too)",
            "contacts eva: customer `acme` is left out (what refers to it is left out too)",
        ]
    );
    assert!(dataset.find(Noun::Contact, "eva").is_none());
    let bob = dataset.find(Noun::Seller, "bob").unwrap();
    assert_eq!(value(&dataset, Noun::Customer, "zeta", "owner"), &Value::Reference(bob.row));
    assert_eq!(dataset.id(bob), "bob");
}

#[test]
fn a_fault_of_the_reader_makes_the_row_unusable_but_known() {
    let mut builder = builder();
    let cell = Cell { field: "id", text: "kim", line: 2, column: 1 };
    let fault = Problem {
        place: None,
        subject: String::new(),
        message: "too many cells".to_owned(),
        expected: None,
    };
    builder.record(Record {
        noun: Noun::Seller,
        file: "s.csv",
        line: 2,
        column: 1,
        cells: &[cell],
        usable: false,
    });
    builder.problem(fault);
    builder.add(owned_by("acme", "kim"));
    assert_eq!(errors(builder.clone()), ["too many cells"]);
    let (dataset, problems) = builder.build_lenient();
    assert_eq!((dataset.count(Noun::Seller), dataset.count(Noun::Customer)), (0, 0));
    assert_eq!(problems.total, 2);
}

#[test]
fn many_problems_are_counted_and_the_first_are_kept() {
    let mut builder = builder();
    for i in (1..=100_000_u32).rev() {
        let id = i.to_string();
        let cells = [("id", &*id, 1), ("owner", "nobody", 7)];
        builder.row(Noun::Customer, &cells, "c.csv", i);
        builder.add(Seller::new(id));
    }
    let problems = builder.build().unwrap_err();
    assert_eq!((problems.total, problems.errors.len()), (100_000, 10_000));
    let lines: Vec<u32> =
        problems.errors.iter().map(|problem| problem.place.as_ref().unwrap().line).collect();
    assert_eq!(lines, (1..=10_000).collect::<Vec<u32>>());
}

#[test]
fn a_chain_of_many_rows_is_left_out_in_linear_time() {
    let mut builder = builder();
    for i in 0..50_000 {
        let follows = Some(format!("a{}", i + 1));
        let at: Moment = "2026-11-15".parse().unwrap();
        let status = ActivityStatus::Completed;
        builder.add(Activity { follows, ..Activity::new(format!("a{i}"), "call", status, at) });
        builder.add(Team {
            parent: Some(format!("t{}", (i + 1) % 50_000)),
            ..Team::new(format!("t{i}"))
        });
    }
    let (dataset, problems) = builder.build_lenient();
    assert_eq!((dataset.count(Noun::Activity), dataset.count(Noun::Team)), (0, 0));
    assert_eq!(problems.total, 50_001);
}

#[test]
fn moments_at_the_ends_of_time_are_problems() {
    let mut builder = builder();
    let far = Moment::Utc(chrono::DateTime::<chrono::Utc>::MAX_UTC);
    builder.add(Activity::new("a", "call", ActivityStatus::Planned, far));
    assert_eq!(builder.build().unwrap_err().total, 1);
}

#[test]
fn datasets_and_builders_go_between_threads() {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<DatasetBuilder>();
    is_send_and_sync::<Dataset>();
}

#[test]
fn tables_survive_json() {
    let json = r#"{
        "sellers": [{"id": "kim", "fte": 0.5}],
        "customers": [{"id": "acme", "revenue": "12345678901234567.891", "owner": "kim",
                       "zip": "007", "vip": true, "size": 12.5, "seen": null}],
        "activities": [{"id": "a1", "kind": "call", "status": "planned", "at": "2026-11-15T10:00Z"}],
        "complete_through": "2026-11-10"
    }"#;
    let tables: Tables = serde_json::from_str(json).unwrap();
    let revenue = tables.customers[0].revenue.unwrap();
    assert_eq!(revenue.to_string(), "12345678901234567.891");
    assert_eq!(tables.customers[0].extra["zip"], Scalar::Text("007".to_owned()));
    assert_eq!(tables.customers[0].extra["seen"], Scalar::Unknown);
    let again = serde_json::from_str(&serde_json::to_string(&tables).unwrap()).unwrap();
    let build = |tables| {
        let mut schema = Schema::default();
        schema.add_field(Noun::Customer, "zip", FieldType::Text);
        schema.add_field(Noun::Customer, "vip", FieldType::YesNo);
        schema.add_field(Noun::Customer, "size", FieldType::Number);
        schema.add_field(Noun::Customer, "seen", FieldType::Date);
        let mut builder = Dataset::builder(&schema);
        builder.tables(tables);
        builder.build().unwrap().0
    };
    let dataset = build(tables);
    assert_eq!(value(&dataset, Noun::Customer, "acme", "zip"), &Value::Text("007".into()));
    assert_eq!(value(&dataset, Noun::Customer, "acme", "seen"), &Value::Unknown);
    assert_eq!(dataset, build(again));
}

#[test]
fn a_float_that_may_have_lost_digits_is_refused() {
    for bad in [
        r#"{"customers": [{"id": "a", "revenue": 1234567890123456.78}]}"#,
        r#"{"customers": [{"id": "a", "size": 0.12345678901234567}]}"#,
        r#"{"customers": [{"id": "a", "size": 1e300}]}"#,
    ] {
        let error = serde_json::from_str::<Tables>(bad).unwrap_err().to_string();
        assert!(error.contains("more than 15 digits as text"), "{error}");
    }
}
