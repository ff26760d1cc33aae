use std::path::Path;

use rusqlite::Connection;

use super::Sqlite;
use crate::source::testing::{lines, lines_of};
use crate::source::{Input, Query};

fn database(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

fn file(sql: &str) -> (tempfile::TempDir, Input) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("crm.db");
    database(&path, sql);
    (dir, Input::file(&path))
}

fn said(sql: &str, queries: &[(&str, &str)]) -> Vec<String> {
    let (_dir, input) = file(sql);
    let queries: Vec<Query> =
        queries.iter().map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned())).collect();
    match Sqlite::open(&input, &queries) {
        Ok(source) => lines(&source),
        Err(error) => vec![format!("error {error}")],
    }
}

const CRM: &str = r#"
    CREATE TABLE "Our ""customers""" (id TEXT PRIMARY KEY, size INTEGER, rate REAL, met DATE,
        active BOOLEAN, note BLOB);
    INSERT INTO "Our ""customers""" VALUES ('acme', 9007199254740993, 0.1, '2026-11-15', 1, 'a;b'),
        ('møller', NULL, 1e21, '15/11/2026', 0, x'68C3B8');
    CREATE VIEW large AS SELECT id, size FROM "Our ""customers""" WHERE size > 1;"#;

#[test]
fn tables_and_views_hold_what_is_stored() {
    let expected = [
        "crm.db[Our \"customers\"] Our \"customers\": id|size|rate|met|active|note",
        "1: \"acme\"|9007199254740993|0.1|\"2026-11-15\"|true|\"a;b\"",
        "2: \"møller\"||1000000000000000000000|\"15/11/2026\"|false|\"hø\"",
        "crm.db[large] large: id|size",
        "1: \"acme\"|9007199254740993",
    ];
    assert_eq!(said(CRM, &[]), expected);
    let (_dir, input) = file(CRM);
    // The same as bytes, from a pipe or an archive.
    let bytes = std::fs::read(input.path().unwrap()).unwrap();
    assert_eq!(lines_of("crm.db", bytes), expected);
}

#[test]
fn names_that_are_not_text_are_refused() {
    let (_dir, input) = file("CREATE TABLE customers (id TEXT, named TEXT)");
    let mut bytes = std::fs::read(input.path().unwrap()).unwrap();
    let name = bytes.windows(5).position(|part| part == b"named").unwrap();
    bytes[name] = 0xFF;
    assert_eq!(
        lines_of("crm.db", bytes),
        ["error crm.db:1:1: a name of a table or a column is not UTF-8 \
          (expected a whole SQLite database)"]
    );
}

#[test]
fn a_query_stands_for_a_table() {
    let query = "SELECT upper(id) AS id, count(*) FROM large GROUP BY id";
    assert_eq!(
        said(CRM, &[("large", query)])[3..],
        ["crm.db[large] large: id|count(*)", "1: \"ACME\"|1"]
    );
}

#[test]
fn nothing_is_run_but_what_reads() {
    let delete = r#"DELETE FROM "Our ""customers""""#;
    for query in [delete, "COMMIT", "PRAGMA query_only = 0"] {
        assert_eq!(
            said(CRM, &[("q", query)]),
            ["error crm.db[q]:1:1: the query does not only read (expected a SELECT)"],
            "{query}"
        );
    }
    let two = said(CRM, &[("q", "SELECT 1; SELECT 2")]);
    assert_eq!(
        two,
        ["error crm.db[q]:1:1: the query cannot be run: there is more than one statement \
          (mend the query)"]
    );
    assert_eq!(
        said(CRM, &[("q", "SELECT nowhere FROM large")]),
        ["error crm.db[q]:1:1: the query cannot be run: no such column: nowhere \
          (mend the query)"]
    );
}

#[test]
fn another_file_is_out_of_reach() {
    let (dir, input) = file(CRM);
    let other = dir.path().join("other.db");
    database(&other, "CREATE TABLE secret (id)");
    let attach = format!("ATTACH '{}' AS other", other.display());
    let source = Sqlite::open(&input, &[]).unwrap();
    let error = source.connection.execute_batch(&attach).unwrap_err();
    assert!(error.to_string().contains("too many attached databases"), "{error}");
}

#[test]
fn what_others_write_meanwhile_is_not_seen() {
    let (_dir, input) = file(
        "PRAGMA journal_mode = WAL; CREATE TABLE a (id); INSERT INTO a VALUES (1);
         CREATE TABLE b (id); INSERT INTO b VALUES (1);",
    );
    let source = Sqlite::open(&input, &[]).unwrap();
    let before = lines(&source);
    database(input.path().unwrap(), "INSERT INTO b VALUES (2); DROP TABLE a;");
    assert_eq!(lines(&source), before);
}

#[test]
fn a_view_that_never_ends_is_stopped() {
    let endless = "CREATE VIEW customers AS WITH RECURSIVE n(id) AS
                   (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT count(*) AS id FROM n;";
    assert_eq!(
        said(endless, &[])[1..],
        ["error crm.db[customers]:1:1: it takes far more work than the size of the database \
          explains (expected a whole SQLite database)"]
    );
}

#[test]
fn what_cannot_be_text_or_is_damaged_is_said() {
    assert_eq!(
        said("CREATE TABLE t (id, photo); INSERT INTO t VALUES ('a', x'FFD8');", &[])[1..],
        [
            "problem crm.db[t]:1:2: t: a blob that is not UTF-8 (expected text in UTF-8)",
            "1: \"a\"| (not usable)"
        ]
    );
    let gone = "CREATE TABLE a (id); CREATE VIEW b AS SELECT * FROM a; DROP TABLE a;";
    assert_eq!(
        said(gone, &[])[..2],
        ["crm.db[b] b: ", "problem crm.db[b]:1:1: b: no such table: main.a (mend the view)",]
    );
    let (_dir, input) = file(CRM);
    let whole = std::fs::read(input.path().unwrap()).unwrap();
    for length in [16, 100, 4096, whole.len() - 1] {
        let said = lines_of("crm.db", whole[..length].to_vec());
        assert!(said.iter().any(|line| line.starts_with("error")), "{length}: {said:?}");
    }
    let mut damaged = whole;
    damaged[4096..4200].fill(0xFF);
    let said = lines_of("crm.db", damaged);
    assert!(said.iter().any(|line| line.starts_with("error")), "{said:?}");
}
