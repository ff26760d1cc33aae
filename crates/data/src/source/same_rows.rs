//! The same table in every form gives the same rows.

use std::io::Write;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{Input, Query, RawRow, Sink, Source, Where, open_input};

#[derive(Debug, Clone)]
enum Value {
    Blank,
    Text(String),
    Number(f64),
    Day(NaiveDate),
    YesNo(bool),
}

impl Value {
    fn text(&self) -> String {
        match self {
            Value::Blank => String::new(),
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Day(day) => day.to_string(),
            Value::YesNo(yes) => yes.to_string(),
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    let start = NaiveDate::from_ymd_opt(1900, 3, 1).unwrap();
    prop_oneof![
        Just(Value::Blank),
        "[a-zA-ZæøåÆØÅ漢😀 ,;\"'<&>._-]{0,8}[a-zå漢]".prop_map(Value::Text),
        (-1_000_000_000_i32..1_000_000_000, 0..7_i32)
            .prop_map(|(digits, scale)| Value::Number(f64::from(digits) / 10_f64.powi(scale))),
        (0..73_000_u64).prop_map(move |days| Value::Day(start + Days::new(days))),
        any::<bool>().prop_map(Value::YesNo),
    ]
}

/// Rows that start with an id, so that none is blank.
fn table() -> impl Strategy<Value = Vec<Vec<Value>>> {
    prop::collection::vec(prop::collection::vec(value(), 3), 1..8).prop_map(|rows| {
        let with_id = |(n, mut row): (usize, Vec<Value>)| {
            row.insert(0, Value::Text(format!("r{n}")));
            row
        };
        rows.into_iter().enumerate().map(with_id).collect()
    })
}

const COLUMNS: [&str; 4] = ["id", "a", "b", "Ærø"];

struct Rows(Vec<Vec<String>>);

impl Sink for Rows {
    fn row(&mut self, row: &RawRow<'_>) {
        assert!(row.usable);
        let mut texts: Vec<String> = row.cells.iter().map(|cell| cell.text.to_string()).collect();
        texts.resize(COLUMNS.len(), String::new());
        self.0.push(texts);
    }

    fn problem(&mut self, problem: kadence::Problem) {
        panic!("{problem}");
    }
}

fn rows(source: &dyn Source) -> Vec<Vec<String>> {
    assert_eq!(source.tables()[0].name, "t");
    let mut rows = Rows(Vec::new());
    source.read(0, &mut rows).unwrap();
    // JSON has its columns in no order.
    let columns = &source.tables()[0].columns;
    let place = |name| columns.iter().position(|column| column.name == name).unwrap();
    let in_order = |row: &Vec<String>| COLUMNS.map(|name| row[place(name)].clone()).to_vec();
    rows.0.iter().map(in_order).collect()
}

fn rows_of(name: &str, bytes: Vec<u8>) -> Vec<Vec<String>> {
    rows(open_input(Input::bytes(name, bytes)).unwrap().as_ref())
}

fn csv(table: &[Vec<Value>]) -> Vec<u8> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    for row in table {
        writer.write_record(row.iter().map(Value::text)).unwrap();
    }
    writer.into_inner().unwrap()
}

fn json(table: &[Vec<Value>]) -> Vec<u8> {
    let mut text = Vec::new();
    for row in table {
        let mut object = serde_json::Map::new();
        for (column, value) in COLUMNS.iter().zip(row) {
            let value = match value {
                Value::Blank => serde_json::Value::Null,
                Value::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
                Value::YesNo(yes) => serde_json::json!(yes),
                value => serde_json::json!(value.text()),
            };
            object.insert((*column).to_owned(), value);
        }
        writeln!(text, "{}", serde_json::Value::Object(object)).unwrap();
    }
    text
}

fn xlsx(table: &[Vec<Value>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("t").unwrap();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.write(0, column, name).unwrap();
    }
    for (line, row) in (1..).zip(table) {
        for (column, value) in (0..).zip(row) {
            match value {
                Value::Blank => continue,
                Value::Text(text) => sheet.write(line, column, text).unwrap(),
                Value::Number(number) => sheet.write(line, column, *number).unwrap(),
                Value::YesNo(yes) => sheet.write(line, column, *yes).unwrap(),
                Value::Day(date) => {
                    let date = ExcelDateTime::parse_from_str(&date.to_string()).unwrap();
                    sheet.write_with_format(line, column, &date, &day).unwrap()
                }
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn sqlite(table: &[Vec<Value>]) -> Vec<u8> {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection.execute_batch(r#"CREATE TABLE t (id, a, b, "Ærø")"#).unwrap();
    for row in table {
        let values = row.iter().map(|value| match value {
            Value::Blank => rusqlite::types::Value::Null,
            Value::Number(number) => rusqlite::types::Value::Real(*number),
            value => rusqlite::types::Value::Text(value.text()),
        });
        let insert = "INSERT INTO t VALUES (?, ?, ?, ?)";
        connection.execute(insert, rusqlite::params_from_iter(values)).unwrap();
    }
    connection.serialize(rusqlite::MAIN_DB).unwrap().to_vec()
}

/// Each cell as a value of its type, so that the server writes it.
fn postgres(table: &[Vec<Value>], address: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for row in table {
        let columns = row.iter().zip(COLUMNS).map(|(value, column)| {
            let text = value.text().replace('\'', "''");
            let kind = match value {
                Value::Blank | Value::Text(_) => "text",
                Value::Number(_) => "float8",
                Value::Day(_) => "date",
                Value::YesNo(_) => "bool",
            };
            format!(r#"nullif('{text}', '')::{kind} AS "{column}""#)
        });
        let sql = format!("SELECT {}", columns.collect::<Vec<_>>().join(", "));
        let queries: [Query; 1] = [("t".to_owned(), sql)];
        let source = Where::Server(address.to_owned()).open(&queries).unwrap();
        let table = source.tables().iter().position(|head| head.name == "t").unwrap();
        let mut rows = Rows(Vec::new());
        source.read(table, &mut rows).unwrap();
        found.extend(rows.0);
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_table_is_the_same_in_every_form(table in table()) {
        let expected: Vec<Vec<String>> =
            table.iter().map(|row| row.iter().map(Value::text).collect()).collect();
        prop_assert_eq!(&rows_of("t.csv", csv(&table)), &expected);
        prop_assert_eq!(&rows_of("t.ndjson", json(&table)), &expected);
        prop_assert_eq!(&rows_of("t.xlsx", xlsx(&table)), &expected);
        prop_assert_eq!(&rows_of("t.db", sqlite(&table)), &expected);
        if let Ok(address) = std::env::var("KADENCE_POSTGRES") {
            prop_assert_eq!(&postgres(&table, &address), &expected);
        }
    }
}
