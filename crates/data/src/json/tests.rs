use kadence::Dataset;
use proptest::prelude::*;

use super::*;

fn builder(text: &str) -> DatasetBuilder {
    builder_of(text.as_bytes())
}

fn builder_of(bytes: &[u8]) -> DatasetBuilder {
    let schema = Schema::default();
    let mut builder = Dataset::builder(&schema);
    read(bytes, "d.json", &schema, &BTreeSet::new(), &mut builder);
    builder
}

fn said(text: &str) -> Vec<String> {
    let (_, problems) = builder(text).build_lenient();
    problems.errors.iter().chain(&problems.notes).map(ToString::to_string).collect()
}

#[test]
fn json_and_rows_of_text_make_the_same_dataset() {
    let json = r#"{"complete_through": "2026-11-10",
        "customers": [{"id": 17, "name": "Bj\u00f8rn", "revenue": 1.50e3, "owner": null}],
        "opportunities": [{"id": "o", "amount": 12345678901234567890.12, "customer": 17},
                          {"id": "p", "amount": "0.1"}]}"#;
    let mut rows = Dataset::builder(&Schema::default());
    rows.complete_through("2026-11-10".parse().unwrap());
    let cells = [("id", "17", 1), ("name", "Bjørn", 1), ("revenue", "1500", 1)];
    rows.row(Noun::Customer, &cells, "", 1);
    let cells = [("id", "o", 1), ("amount", "12345678901234567890.12", 1), ("customer", "17", 1)];
    rows.row(Noun::Opportunity, &cells, "", 1);
    rows.row(Noun::Opportunity, &[("id", "p", 1), ("amount", "0.1", 1)], "", 1);
    assert_eq!(builder(json).build().unwrap(), rows.build().unwrap());
}

#[test]
fn numbers_are_exact_or_problems() {
    for bad in ["1.00000000000000000000000000001", "1e40", "\"1e3\"", "true"] {
        let json = format!(r#"{{"customers": [{{"id": "a", "revenue": {bad}}}]}}"#);
        assert_eq!(
            said(&json),
            [format!(
                "d.json:1:39: customers a: `revenue` cannot be `{}` \
                 (expected a number such as 1234.5, of at most 28 digits)",
                bad.trim_matches('"')
            )]
        );
    }
}

#[test]
fn wrong_shapes_are_said_at_their_places() {
    let cases: [(&str, &[&str]); 11] = [
        (
            "[]",
            &["d.json:1:1: the data is an array (expected an object with an array for each table)"],
        ),
        ("\n {\"teams\": {}}", &["d.json:2:12: `teams` is an object (expected an array of rows)"]),
        (
            "{\"teams\": [\n3, \"é\", []]}",
            &[
                "d.json:2:1: teams: a row is a number (expected an object with its fields)",
                "d.json:2:4: teams: a row is a text (expected an object with its fields)",
                "d.json:2:9: teams: a row is an array (expected an object with its fields)",
            ],
        ),
        (
            "{\"teams\": [{\"id\": \"a\",\n \"name\": [\"b\"]}]}",
            &[
                "d.json:2:10: teams: `name` is an array (expected a text, a number, true, false or null)",
            ],
        ),
        (
            "{\"teams\": [{\"id\": \"a\", \"id\": \"b\"}]}",
            &["d.json:1:30: teams: `id` is there twice in one row (expected it once)"],
        ),
        (
            "{\"teams\": [], \"teams\": []}",
            &["d.json:1:24: `teams` is there twice (expected it once)"],
        ),
        (
            "{\"activites\": []}",
            &["d.json:1:15: there is no table `activites` (did you mean `activities`?)"],
        ),
        (
            "{\"version\": 3}",
            &[
                "d.json:1:13: nothing is named `version`, it is ignored (the tables are teams, sellers, \
               customers, contacts, leads, opportunities, campaigns, absences, members, activities)",
            ],
        ),
        (
            "{\"complete_from\": \"2026-1-5\"}",
            &[
                "d.json:1:19: `complete_from` cannot be `2026-1-5` (expected a date such as 2026-11-15)",
            ],
        ),
        (
            "{\"complete_from\": \"2026-02-01\", \"complete_through\": \"2026-01-01\"}",
            &["d.json:1:53: `complete_from` 2026-02-01 is after `complete_through` 2026-01-01 \
               (expected the earlier day first)"],
        ),
        (
            "{\"teams\": [{\"id\": \"\\ud800\"}, {\"id\": \"b\", \"parent\": \"zzz\"}]}",
            &[
                "d.json:1:26: teams: unexpected end of hex escape (expected JSON)",
                "d.json:1:52: teams b: `parent` names no team: `zzz` (expected the id of a row of teams)",
            ],
        ),
    ];
    for (json, expected) in cases {
        assert_eq!(said(json), expected, "{json}");
    }
}

#[test]
fn broken_json_is_said_at_its_place() {
    assert_eq!(
        said("{\"teams\": [\n  {\"id\": \"a\",}]}"),
        ["d.json:2:14: key must be a string (expected JSON)"]
    );
    assert_eq!(said(""), ["d.json:1:1: EOF while parsing a value (expected JSON)"]);
    let latin1 = builder_of(b"{\"teams\": [\n{\"id\": \"\xE6\"}]}").build().unwrap_err();
    assert!(latin1.to_string().starts_with("d.json:2:9: byte 0xE6 is not UTF-8"), "{latin1}");
}

#[test]
fn nesting_without_end_is_harmless() {
    let deep = "[".repeat(1_000_000);
    assert_eq!(said(&deep).len(), 1);
    let closed = format!("{deep}{}", "]".repeat(1_000_000));
    assert_eq!(said(&closed).len(), 1);
    let cell = format!("{{\"teams\": [{{\"id\": {closed}}}]}}");
    assert_eq!(said(&cell).len(), 1);
    let objects = "{\"a\":".repeat(1_000_000);
    assert_eq!(said(&objects).len(), 1);
}

#[test]
fn one_long_line_is_read_in_time_in_proportion() {
    let rows: Vec<String> =
        (0..50_000).map(|i| format!("{{\"id\": \"{i}\", \"x\": \"\\ud800\"}}")).collect();
    let json = format!("{{\"teams\": [{}]}}", rows.join(","));
    let problems = builder(&json).build().unwrap_err();
    assert_eq!(problems.total, 50_000);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        builder_of(&bytes).build_lenient();
    }

    #[test]
    fn no_json_makes_it_panic(
        text in "(\\{|\\}|\\[|\\]|,|:|\"|\"id\":|\"teams\":|\"a\"|1e9|null|\\\\u|é|\n| ){0,40}",
    ) {
        builder(&text).build_lenient();
        builder(&format!("{{\"teams\": [{{\"id\": {text}}}]}}")).build_lenient();
    }
}
