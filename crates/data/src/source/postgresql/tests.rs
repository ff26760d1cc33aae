use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use postgres::{Client, NoTls};

use super::{Server, Way};
use crate::source::Query;
use crate::source::testing::lines;

/// The server that `tests/postgres` starts; without one there is nothing to ask.
fn server() -> Option<String> {
    std::env::var("KADENCE_POSTGRES").ok()
}

/// Runs a test in a database of its own.
fn with_database(name: &str, sql: &str, test: impl FnOnce(&str)) {
    let Some(server) = server() else { return };
    let mut admin = Client::connect(&server, NoTls).unwrap();
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).unwrap();
    admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let (start, options) = server.split_once('?').unwrap_or((&server, ""));
    let (start, _) = start.rsplit_once('/').unwrap();
    let address = format!("{start}/{name}?{options}");
    Client::connect(&address, NoTls).unwrap().batch_execute(sql).unwrap();
    test(&address);
    admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
}

/// What a server holds, without its name.
fn said(address: &str, queries: &[(&str, &str)]) -> Vec<String> {
    let queries: Vec<Query> =
        queries.iter().map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned())).collect();
    let lines = match Server::open(address, &queries) {
        Ok(source) => lines(&source),
        Err(error) => vec![format!("error {error}")],
    };
    let shown = crate::source::without_password(address);
    let place = shown.split_once("://").unwrap().1.replace("%2F", "/");
    let place = place.split_once(':').map_or(place.clone(), |(host, rest)| {
        format!("{host}/{}", rest.split_once('/').map_or("", |(_, name)| name))
    });
    lines.into_iter().map(|line| line.replace(&place, "DB")).collect()
}

#[test]
fn every_usual_type_is_an_exact_text() {
    let sql = r#"
        CREATE TYPE mood AS ENUM ('hot', 'cold');
        CREATE DOMAIN amount AS numeric(20, 4);
        CREATE TABLE "Our ""things""" (
            id uuid, small smallint, big bigint, price numeric, domain amount, share real,
            rate double precision, name text, code char(4), kind mood, won boolean, day date,
            at timestamp, zoned timestamptz(3), hour time, tags text[], counts int[], doc jsonb,
            point point);
        INSERT INTO "Our ""things""" VALUES (
            '6f9619ff-8b86-d011-b42d-00cf4fc964ff', -3, 9007199254740993,
            12345678901234567890.0123456789, 1.5, 0.1, 1e-7, 'Møde; "ja"', 'ab', 'hot', true,
            '2026-11-15', '2026-11-15 14:30:05.25', '2026-11-15 14:30+01', '09:05', '{a,"b c"}',
            '{1,2}', '{"a": 1}', '(1,2)');
        INSERT INTO "Our ""things""" DEFAULT VALUES;
        CREATE SCHEMA other; CREATE TABLE other.empty (id text);
        CREATE VIEW names AS SELECT name FROM "Our ""things""" WHERE name IS NOT NULL;"#;
    with_database("kadence_types", sql, |address| {
        assert_eq!(
            said(address, &[]),
            [
                "DB[Our \"things\"] Our \"things\": id|small|big|price|domain|share|rate|name|code\
                 |kind|won|day|at|zoned|hour|tags|counts|doc|point",
                "1: 6f9619ff-8b86-d011-b42d-00cf4fc964ff|-3|9007199254740993\
                 |12345678901234567890.0123456789|1.5000|0.1|0.0000001|\"Møde; \"ja\"\"|\"ab\"\
                 |\"hot\"|true|2026-11-15|2026-11-15T14:30:05.25|2026-11-15T13:30:00Z|09:05:00\
                 |\"a;b c\"|\"1;2\"|\"{\"a\": 1}\"|\"(1,2)\"",
                "2: ||||||||||||||||||",
                "DB[names] names: name",
                "1: \"Møde; \"ja\"\"",
                "DB[other.empty] other.empty: id",
            ]
        );
    });
}

#[test]
fn a_query_stands_for_a_table_and_cannot_write() {
    let sql = "CREATE TABLE customers (id int); INSERT INTO customers VALUES (1), (2);";
    with_database("kadence_queries", sql, |address| {
        let query = "SELECT id, id AS id, now() - now() FROM customers ORDER BY id DESC -- newest";
        assert_eq!(
            said(address, &[("customers", query)]),
            [
                "DB[customers] customers: id|id|?column?",
                "1: 2|2|\"00:00:00\"",
                "2: 1|1|\"00:00:00\""
            ]
        );
        let (address, not) = (&address, "the query does not only read (expected a SELECT)");
        let one = |sql| said(address, &[("q", sql)]).pop().unwrap();
        assert_eq!(one("DELETE FROM customers"), format!("error DB[q]:1:1: {not}"));
        assert_eq!(
            one("SELECT 1; COMMIT"),
            "error DB[q]:1:1: the query cannot be run: cannot insert multiple commands into a \
             prepared statement (mend the query)"
        );
        assert_eq!(
            one("SELECT setval('nowhere', 1)"),
            "error DB[q]:1:1: the query cannot be run: relation \"nowhere\" does not exist \
             (mend the query)"
        );
        let deleting = "WITH gone AS (DELETE FROM customers RETURNING id) SELECT * FROM gone";
        assert!(one(deleting).starts_with("error DB[q]:1:1: "), "{}", one(deleting));
        assert_eq!(said(address, &[]).len(), 3, "nothing was deleted");
    });
}

#[test]
fn all_tables_are_read_as_of_one_moment() {
    let sql = "CREATE TABLE a (id int); INSERT INTO a VALUES (1);
               CREATE TABLE b (id int); INSERT INTO b VALUES (1);";
    with_database("kadence_moment", sql, |address| {
        let source = Server::open(address, &[]).unwrap();
        let before = lines(&source);
        let mut other = Client::connect(address, NoTls).unwrap();
        other.batch_execute("INSERT INTO b VALUES (2)").unwrap();
        assert_eq!(lines(&source), before);
    });
}

#[test]
fn a_server_that_goes_away_in_the_middle_is_said() {
    let sql = "CREATE TABLE customers (id text);
               INSERT INTO customers SELECT repeat('x', 1000) || n FROM generate_series(1, 50000) n;";
    with_database("kadence_gone", sql, |address| {
        let address = address.to_owned();
        let source = Server::open(&address, &[]).unwrap();
        struct Killing(String, u32);
        impl crate::source::Sink for Killing {
            fn row(&mut self, _: &crate::source::RawRow<'_>) {
                self.1 += 1;
                if self.1 == 10 {
                    let mut other = Client::connect(&self.0, NoTls).unwrap();
                    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                WHERE datname = current_database() AND pid <> pg_backend_pid()";
                    other.batch_execute(kill).unwrap();
                }
            }
            fn problem(&mut self, _: kadence::Problem) {}
        }
        use crate::source::Source;
        let mut sink = Killing(address, 0);
        let error = source.read(0, &mut sink).unwrap_err().to_string();
        assert!(sink.1 < 50_000, "{}", sink.1);
        assert!(error.ends_with("(nothing of it is used: read it again)"), "{error}");
    });
}

#[test]
fn what_keeps_from_reading_is_said_without_the_password() {
    let Some(address) = server() else { return };
    let (start, options) = address.split_once('?').unwrap_or((&address, ""));
    let (start, _) = start.rsplit_once('/').unwrap();
    let missing = format!("{start}/kadence_nowhere?{options}");
    let error = said(&missing, &[]).pop().unwrap();
    assert_eq!(
        error,
        "error DB:1:1: database \"kadence_nowhere\" does not exist \
         (expected a server that lets this user read)"
    );
}

#[test]
fn a_server_that_is_not_there_or_is_no_server_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        if let Ok((mut stream, _)) = listener.accept() {
            let mut asked = [0; 8];
            let _ = TcpStream::read(&mut stream, &mut asked);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let address = format!("postgres://kim:secret@127.0.0.1:{port}/crm?sslmode=disable");
    let error = Server::open(&address, &[]).err().unwrap().to_string();
    assert!(error.starts_with("127.0.0.1/crm:1:1: "), "{error}");
    assert!(!error.contains("secret"), "{error}");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("postgresql://kim:secret@127.0.0.1:{closed}/crm");
    let error = Server::open(&address, &[]).err().unwrap().to_string();
    assert_eq!(
        error,
        "127.0.0.1/crm:1:1: error connecting to server: Connection refused (os error 111) \
         (expected a server that lets this user read)"
    );
    let strange = ["postgres://kim:sec@ret@localhost/crm", "postgres://kim:secret@h/crm?nope=1"];
    for address in strange {
        let error = Server::open(address, &[]).err().unwrap().to_string();
        assert!(!error.contains("sec") && !error.contains("ret@"), "{error}");
    }
}

#[test]
fn types_are_known_by_their_names() {
    let ways = ["numeric", "float8", "timestamptz", "_text", "citext"].map(Way::of);
    assert_eq!(ways, [Way::Exact, Way::Float, Way::Moment, Way::List, Way::Text]);
}
