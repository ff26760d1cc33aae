//! The example company says the same wherever it is kept.

#![cfg(test)]
#![cfg(all(feature = "arrow", feature = "postgres", feature = "sqlite", feature = "workbook"))]

#[path = "support/columnar.rs"]
mod columnar;
#[path = "support/typed.rs"]
mod typed;

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use kadence::{AsOf, FieldType, Noun, Options, RuleSet, Schema};
use kadence_data::{Folder, Import};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::write::SimpleFileOptions;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/nordic")
}

fn rules() -> RuleSet {
    let text = fs::read_to_string(example().join("targets.kpi")).unwrap();
    RuleSet::compile("targets.kpi", &text, &Folder::new(example())).unwrap()
}

/// The verdicts as JSON, as of when the data says that it is; the same by rows and by columns.
fn verdicts(rules: &RuleSet, data: &Path) -> String {
    let import = Import::new(data);
    let builder = import.read(rules.schema()).unwrap();
    let (data_of_rules, notes) = builder.build().unwrap();
    assert_eq!(notes.len(), 0, "{notes:?}");
    let (as_of, _) = kadence_data::as_of(data).unwrap().unwrap();
    let options = Options::at(as_of.parse::<AsOf>().unwrap());
    let by_rows = serde_json::to_string(&rules.evaluate(&data_of_rules, &options).unwrap());
    let (prepared, notes) = import.prepare(rules, &mut |_| {}).unwrap().expect("nothing is wrong");
    assert_eq!(notes.len(), 0, "{notes:?}");
    let by_columns = rules.judge(&prepared, &options).unwrap().report();
    let by_columns = serde_json::to_string(&by_columns).unwrap();
    assert!(by_columns == by_rows.unwrap(), "{} is not the same by columns", data.display());
    by_columns
}

struct Table {
    name: String,
    columns: Vec<(String, FieldType)>,
    rows: Vec<Vec<String>>,
    csv: Vec<u8>,
}

fn tables(schema: &Schema) -> Vec<Table> {
    let nouns = Noun::ALL.into_iter().filter(|noun| *noun != Noun::Company);
    nouns.map(|noun| table(noun, schema)).collect()
}

fn table(noun: Noun, schema: &Schema) -> Table {
    let path = example().join("data").join(format!("{}.csv", noun.table()));
    let csv = fs::read(path).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let kind = |name: &str| schema.field(noun, name).map_or(FieldType::Text, |field| field.kind);
    let headers = reader.headers().unwrap().clone();
    let columns = headers.iter().map(|name| (name.to_owned(), kind(name))).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    Table { name: noun.table().to_owned(), columns, rows: rows.collect(), csv: csv.clone() }
}

/// What `dataset.json` says, as a table.
fn about() -> Table {
    let text = fs::read_to_string(example().join("data/dataset.json")).unwrap();
    let about: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let columns = about.keys().map(|key| (key.clone(), FieldType::Date)).collect();
    let row: Vec<String> = about.values().map(|day| day.as_str().unwrap().to_owned()).collect();
    let names: Vec<&str> = about.keys().map(String::as_str).collect();
    let csv = format!("{}\n{}\n", names.join(","), row.join(",")).into_bytes();
    Table { name: "dataset".to_owned(), columns, rows: vec![row], csv }
}

fn xlsx(tables: &[Table]) -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd-mm-yyyy");
    let moment = Format::new().set_num_format("dd-mm-yyyy hh:mm");
    for table in tables {
        let sheet = book.add_worksheet().set_name(&table.name).unwrap();
        for (column, (name, _)) in (0..).zip(&table.columns) {
            sheet.write(0, column, name).unwrap();
        }
        for (line, row) in (1..).zip(&table.rows) {
            for (column, ((_, kind), text)) in (0..).zip(table.columns.iter().zip(row)) {
                match kind {
                    _ if text.is_empty() => continue,
                    FieldType::Number => {
                        sheet.write(line, column, text.parse::<f64>().unwrap()).unwrap()
                    }
                    FieldType::Date | FieldType::Instant => {
                        let at = ExcelDateTime::parse_from_str(text).unwrap();
                        let format = if *kind == FieldType::Date { &day } else { &moment };
                        sheet.write_with_format(line, column, &at, format).unwrap()
                    }
                    FieldType::YesNo => sheet.write(line, column, text == "true").unwrap(),
                    _ => sheet.write(line, column, text).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn ods(tables: &[Table]) -> Vec<u8> {
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let text_cell = |text: &str| {
        let text = escaped(text);
        format!(
            r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let cell = |kind: FieldType, text: &str| match kind {
        _ if text.is_empty() => "<table:table-cell/>".to_owned(),
        FieldType::Number => {
            format!(r#"<table:table-cell office:value-type="float" office:value="{text}"/>"#)
        }
        FieldType::Date | FieldType::Instant => {
            format!(r#"<table:table-cell office:value-type="date" office:date-value="{text}"/>"#)
        }
        FieldType::YesNo => format!(
            r#"<table:table-cell office:value-type="boolean" office:boolean-value="{text}"/>"#
        ),
        _ => text_cell(text),
    };
    let mut content = String::from("<office:document-content><office:body><office:spreadsheet>");
    for table in tables {
        content.push_str(&format!(r#"<table:table table:name="{}">"#, table.name));
        let mut row = |cells: String| {
            content.push_str("<table:table-row>");
            content.push_str(&cells);
            content.push_str("</table:table-row>");
        };
        row(table.columns.iter().map(|(name, _)| text_cell(name)).collect());
        for texts in &table.rows {
            let cells = texts.iter().zip(&table.columns);
            row(cells.map(|(text, (_, kind))| cell(*kind, text)).collect());
        }
        content.push_str("</table:table>");
    }
    content.push_str("</office:spreadsheet></office:body></office:document-content>");
    packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn identifier(name: &str) -> String {
    format!("\"{name}\"")
}

fn sqlite(tables: &[Table], path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    for table in tables {
        let names: Vec<String> = table.columns.iter().map(|(name, _)| identifier(name)).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let create = format!("CREATE TABLE {} ({})", identifier(&table.name), names.join(", "));
        connection.execute_batch(&create).unwrap();
        let insert = format!("INSERT INTO {} VALUES ({marks})", identifier(&table.name));
        let mut insert = connection.prepare(&insert).unwrap();
        for row in &table.rows {
            let values = row.iter().zip(&table.columns).map(|(text, (_, kind))| match kind {
                _ if text.is_empty() => rusqlite::types::Value::Null,
                FieldType::Number => rusqlite::types::Value::Real(text.parse().unwrap()),
                _ => rusqlite::types::Value::Text(text.clone()),
            });
            insert.execute(rusqlite::params_from_iter(values)).unwrap();
        }
    }
    connection.execute_batch("COMMIT").unwrap();
}

/// Fills a database of the server, and gives its address.
fn postgres(tables: &[Table], server: &str) -> String {
    use postgres::{Client, NoTls};

    let mut admin = Client::connect(server, NoTls).unwrap();
    admin.batch_execute("DROP DATABASE IF EXISTS kadence_nordic").unwrap();
    admin.batch_execute("CREATE DATABASE kadence_nordic").unwrap();
    let (start, options) = server.split_once('?').unwrap_or((server, ""));
    let (start, _) = start.rsplit_once('/').unwrap();
    let address = format!("{start}/kadence_nordic?{options}");
    let mut client = Client::connect(&address, NoTls).unwrap();
    for table in tables {
        let columns = table.columns.iter().map(|(name, kind)| {
            let kind = match kind {
                FieldType::Number => "numeric",
                FieldType::Date => "date",
                FieldType::Instant => "timestamp",
                FieldType::YesNo => "boolean",
                _ => "text",
            };
            format!("{} {kind}", identifier(name))
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let name = identifier(&table.name);
        client.batch_execute(&format!("CREATE TABLE {name} ({columns})")).unwrap();
        let copy = format!("COPY {name} FROM STDIN (FORMAT csv, HEADER)");
        let mut writer = client.copy_in(&copy).unwrap();
        writer.write_all(&table.csv).unwrap();
        writer.finish().unwrap();
    }
    address
}

#[test]
fn every_source_gives_the_same_verdicts() {
    let rules = rules();
    let expected = verdicts(&rules, &example().join("data"));
    assert!(expected.len() > 100_000, "the example company is judged");
    let mut tables = tables(rules.schema());
    tables.push(about());
    let dir = tempfile::tempdir().unwrap();
    let same = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        assert!(verdicts(&rules, &path) == expected, "{name} says something else");
    };
    same("nordic.xlsx", &xlsx(&tables));
    same("nordic.ods", &ods(&tables));

    let about = fs::read(example().join("data/dataset.json")).unwrap();
    let (_, nouns) = tables.split_last().unwrap();
    let names: Vec<String> = nouns.iter().map(|table| format!("crm/{}.csv", table.name)).collect();
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(String::as_str).zip(nouns.iter().map(|table| &*table.csv)).collect();
    files.push(("crm/dataset.json", &about));
    same("nordic.zip", &packed(&files));
    let workbook = xlsx(&tables);
    same("packed.zip", &packed(&[("export.xlsx", &workbook)]));

    for form in columnar::FORMS {
        let bytes: Vec<(String, Vec<u8>)> = nouns
            .iter()
            .map(|table| {
                let batch = typed::typed(&table.columns, &table.rows);
                (format!("{}.{form}", table.name), columnar::bytes(&batch, form))
            })
            .collect();
        let folder = dir.path().join(form);
        fs::create_dir(&folder).unwrap();
        bytes.iter().for_each(|(name, bytes)| fs::write(folder.join(name), bytes).unwrap());
        fs::write(folder.join("dataset.json"), &about).unwrap();
        assert!(verdicts(&rules, &folder) == expected, "{form} says something else");
        let mut files: Vec<(&str, &[u8])> =
            bytes.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        files.push(("dataset.json", &about));
        same(&format!("{form}.zip"), &packed(&files));
    }

    let database = dir.path().join("nordic.db");
    sqlite(&tables, &database);
    assert!(verdicts(&rules, &database) == expected, "SQLite says something else");
    same("no-ending", &fs::read(&database).unwrap());

    if let Ok(server) = std::env::var("KADENCE_POSTGRES") {
        let address = postgres(&tables, &server);
        assert!(verdicts(&rules, Path::new(&address)) == expected, "PostgreSQL says else");
    }
}

#[test]
fn a_folder_holds_tables_in_whatever_form() {
    let rules = rules();
    let expected = verdicts(&rules, &example().join("data"));
    let dir = tempfile::tempdir().unwrap();
    for table in tables(rules.schema()) {
        let path = dir.path().join(&table.name);
        match table.name.as_str() {
            "activities" => fs::write(path.with_extension("xlsx"), xlsx(&[table])).unwrap(),
            "leads" => fs::write(path.with_extension("ods"), ods(&[table])).unwrap(),
            "customers" => sqlite(&[table], &path.with_extension("db")),
            _ => fs::write(path.with_extension("csv"), &table.csv).unwrap(),
        }
    }
    let about = example().join("data/dataset.json");
    fs::copy(about, dir.path().join("dataset.json")).unwrap();
    assert!(verdicts(&rules, dir.path()) == expected);
}
