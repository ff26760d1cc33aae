//! Workbooks, archives, databases, Parquet and large files as data, and the pages that show them.

#![cfg(test)]

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, ListArray, RecordBatch, StringArray};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const CUSTOMERS: &str = "id,name,owner\nacme,Acme,kim\nzeta,Zeta,bo\n";
const SELLERS: &str = "id,name\nkim,Kim\nbo,Bo\n";
const ACTIVITIES: &str = "id,kind,status,at,customer,seller\n\
    a1,call,completed,2026-11-03T10:00,acme,kim\n\
    a2,meeting,completed,2026-11-10T14:30,acme,kim\n\
    a3,call,completed,2026-11-12T09:00,zeta,bo\n";

fn page(name: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/data").join(name);
    fs::read_to_string(page).unwrap()
}

fn rows(csv: &str) -> Vec<Vec<&str>> {
    csv.lines().map(|line| line.split(',').collect()).collect()
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd-mm-yyyy hh:mm");
    for (name, csv) in [("Customers", CUSTOMERS), ("Sellers", SELLERS), ("Activities", ACTIVITIES)]
    {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        // Above the names of the columns stands a title.
        sheet.write(0, 0, format!("{name} of November")).unwrap();
        for (line, row) in (2..).zip(rows(csv)) {
            for (column, text) in (0..).zip(row) {
                match ExcelDateTime::parse_from_str(text) {
                    Ok(at) if text.contains('T') && text.contains(':') => {
                        sheet.write_with_format(line, column, &at, &day).unwrap()
                    }
                    _ => sheet.write(line, column, text).unwrap(),
                };
            }
        }
    }
    book.add_worksheet().set_name("Old").unwrap().set_hidden(true).write(0, 0, "id").unwrap();
    book.save_to_buffer().unwrap()
}

fn wrong_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Customers").unwrap();
    for (line, row) in (0..).zip([["id", "revenue"], ["acme", "1200000"]]) {
        for (column, text) in (0..).zip(row) {
            sheet.write(line, column, text).unwrap();
        }
    }
    let formula = rust_xlsxwriter::Formula::new("=VLOOKUP(A3,Old!A:B,2)").set_result("#N/A");
    sheet.write(2, 0, "zeta").unwrap();
    sheet.write(2, 1, formula).unwrap();
    let sheet = book.add_worksheet().set_name("Sellers").unwrap();
    sheet.write(0, 0, "id").unwrap();
    sheet.merge_range(0, 1, 0, 2, "Name", &Format::new()).unwrap();
    sheet.write(1, 0, "kim").unwrap();
    book.save_to_buffer().unwrap()
}

fn packed(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The tables as SQL that both databases understand.
fn sql() -> String {
    let mut sql = String::new();
    for (name, csv) in [("customers", CUSTOMERS), ("sellers", SELLERS), ("activities", ACTIVITIES)]
    {
        let rows = rows(csv);
        sql.push_str(&format!("CREATE TABLE {name} ({} text);\n", rows[0].join(" text, ")));
        for row in &rows[1..] {
            sql.push_str(&format!("INSERT INTO {name} VALUES ('{}');\n", row.join("', '")));
        }
    }
    sql
}

/// A table of texts, of which all cells are there.
fn batch(csv: &str) -> RecordBatch {
    let rows = rows(csv);
    let columns = rows[0].iter().enumerate().map(|(place, name)| {
        let texts = rows[1..].iter().map(|row| row[place]);
        (*name, Arc::new(StringArray::from_iter_values(texts)) as ArrayRef)
    });
    RecordBatch::try_from_iter(columns).unwrap()
}

fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn arrow(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

/// The folders with Parquet and Arrow files.
fn columns(put: &dyn Fn(&str, &[u8])) {
    let sellers = arrow(&batch(SELLERS));
    put("warehouse/customers.parquet", &parquet(&batch(CUSTOMERS)));
    put("warehouse/sellers.arrow", &sellers);
    put("warehouse/activities.parquet", &parquet(&batch(ACTIVITIES)));
    put("cut/sellers.arrow", &sellers[..sellers.len() / 2]);
    let id: ArrayRef = Arc::new(StringArray::from(vec!["acme"]));
    let owner = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(7)])]);
    let lists = RecordBatch::try_from_iter([("id", id), ("owner", Arc::new(owner) as ArrayRef)]);
    put("lists/customers.parquet", &parquet(&lists.unwrap()));
}

/// The folders of which the files are large enough to be prepared by columns.
fn large(put: &dyn Fn(&str, &[u8])) {
    let mut customers = String::from("id,name\n");
    (0..1000).for_each(|n| customers.push_str(&format!("{n},Customer {n}\n")));
    let mut activities = String::from("id,kind,status,at,customer\n");
    for n in 0..400_000 {
        let (month, day, hour) = (n % 11 + 1, n % 28 + 1, n % 9 + 8);
        let customer = if month == 11 { n / 11 % 990 } else { n % 1000 };
        let at = format!("2026-{month:02}-{day:02}T{hour:02}:30:00");
        activities.push_str(&format!("{n},call,completed,{at},{customer}\n"));
    }
    put("large/customers.csv", customers.as_bytes());
    put("large/activities.csv", activities.as_bytes());
    activities.push_str("400000,call,completed,yesterday,7\n400001,call,completed\n");
    put("wrong/customers.csv", customers.as_bytes());
    put("wrong/activities.csv", activities.as_bytes());
}

/// A folder with what the pages speak of.
fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    columns(&put);
    large(&put);
    let workbooks = page("workbooks.md");
    let rules = workbooks.split("```kpi\n").nth(1).unwrap().split("```").next().unwrap();
    put("contact.kpi", rules.as_bytes());
    put("export.xlsx", &workbook());
    put("wrong.xlsx", &wrong_workbook());
    let files = [
        ("crm/customers.csv", CUSTOMERS),
        ("crm/sellers.csv", SELLERS),
        ("crm/activities.csv", ACTIVITIES),
        ("crm/read me.txt", "Hello"),
    ];
    put("export.zip", &packed(&files));
    let wrong = [("crm/customers.csv", "id,owner\nacme,kmi\n"), ("crm/sellers.csv", SELLERS)];
    put("wrong.zip", &packed(&wrong));
    let database = rusqlite::Connection::open(dir.path().join("crm.db")).unwrap();
    database.execute_batch(&sql()).unwrap();
    let databases = page("databases.md");
    let mapping = databases.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    put("owners.toml", mapping.as_bytes());
    let start = mapping.find("SELECT").unwrap();
    let end = start + mapping[start..].find('"').unwrap();
    let deleting = format!("{}DELETE FROM customers{}", &mapping[..start], &mapping[end..]);
    put("deleting.toml", deleting.as_bytes());
    dir
}

/// What a line of a shell says; `<` gives it something to read.
fn said(dir: &Path, command: &str) -> String {
    let (command, input) = command.split_once(" < ").unwrap_or((command, ""));
    let words: Vec<&str> = command.split(' ').skip(2).collect();
    let input = match input {
        "" => Stdio::null(),
        name => Stdio::from(File::open(dir.join(name)).unwrap()),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadence"));
    let output = command.args(words).current_dir(dir).stdin(input).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

/// The address of a database that holds the same, and as what it is shown on the page.
fn server(sql: &str) -> Option<String> {
    use postgres::{Client, NoTls};

    let server = std::env::var("KADENCE_POSTGRES").ok()?;
    let mut admin = Client::connect(&server, NoTls).unwrap();
    admin.batch_execute("DROP DATABASE IF EXISTS kadence_page").unwrap();
    admin.batch_execute("CREATE DATABASE kadence_page").unwrap();
    let (start, _) = server.rsplit_once('/').unwrap();
    let address = format!("{start}/kadence_page");
    Client::connect(&address, NoTls).unwrap().batch_execute(sql).unwrap();
    Some(address)
}

#[test]
fn the_pages_show_what_is_said() {
    const ADDRESS: &str = "postgres://kim@localhost/crm";
    let dir = folder();
    let server = server(&sql());
    let mut wrong = String::new();
    for name in ["workbooks.md", "archives.md", "databases.md", "parquet.md", "large.md"] {
        let page = page(name);
        let blocks: Vec<&str> = page.split("```console\n").skip(1).collect();
        assert!(blocks.len() > 1, "{name}");
        for block in blocks {
            let (block, _) = block.split_once("```").unwrap();
            let (command, shown) = block.split_once('\n').unwrap();
            let said = match &server {
                None if command.contains(ADDRESS) => continue,
                Some(server) => said(dir.path(), &command.replace(ADDRESS, server)),
                None => said(dir.path(), command),
            };
            if said != shown {
                wrong.push_str(&format!("{name}\n{command}\n{said}\n"));
            }
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn what_cannot_be_data_is_one_clear_line() {
    let dir = folder();
    let put = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    put("cut.xlsx", &workbook()[..500]);
    put("empty.zip", &packed(&[]));
    put("other.zip", &packed(&[("letter.docx", "x"), ("photo.jpg", "x")]));
    put("other.xlsx", &{
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Prices").unwrap();
        sheet.write(0, 0, "id").unwrap().write(0, 1, "price").unwrap();
        book.save_to_buffer().unwrap()
    });
    put("locked.xlsx", &{
        let name = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
        [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), name.collect()].concat()
    });
    put("cut.db", &fs::read(dir.path().join("crm.db")).unwrap()[..5000]);
    let said = |data: &str| said(dir.path(), &format!("$ kadence eval contact.kpi --data {data}"));
    let names = ["cut.xlsx", "empty.zip", "other.zip", "other.xlsx", "locked.xlsx", "cut.db", "-"];
    let lines: String = names.iter().map(|name| format!("{name}: {}", said(name))).collect();
    insta::assert_snapshot!(lines);
    let secret = said("postgres://kim:secret@localhost:1/crm");
    assert!(secret.contains("localhost/crm") && !secret.contains("secret"), "{secret}");
}
