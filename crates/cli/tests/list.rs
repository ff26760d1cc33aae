//! Work lists as they are shown and written, and the page that shows them.

#![cfg(test)]

mod support;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use kadence::worklist::{CallList, WhatToDo};
use support::{Ran, folder, run};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn nordic(arguments: &[&str]) -> Ran {
    run(&root(), &[&["list", "examples/nordic"], arguments].concat(), "")
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/lists.md")).unwrap()
}

/// What is after `$ ` and what it shows, up to a line `[…]`.
fn blocks(page: &str) -> Vec<(Vec<String>, String)> {
    let block = |block: &str| {
        let (block, _) = block.split_once("```").unwrap();
        let (command, shown) = block.split_once('\n').unwrap();
        let quoted = command.strip_prefix("$ kadence ").unwrap().split('"').enumerate();
        let words = quoted.flat_map(|(n, part)| match n % 2 {
            1 => vec![part.to_owned()],
            _ => part.split_whitespace().map(str::to_owned).collect(),
        });
        (words.collect(), shown.to_owned())
    };
    page.split("```console\n").skip(1).map(block).collect()
}

#[test]
fn the_page_shows_what_is_listed() {
    let page = page();
    let blocks = blocks(&page);
    assert!(blocks.len() >= 4);
    for (words, shown) in blocks {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let Ran { out, err, .. } = run(&root(), &words, "");
        let said = out + &err;
        match shown.split_once("[…]\n") {
            Some((start, end)) => {
                assert!(said.starts_with(start) && said.ends_with(end), "{words:?}\n{said}");
            }
            None => assert_eq!(said, shown, "{words:?}"),
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    use unicode_width::UnicodeWidthStr;
    for arguments in [&["--limit", "200"][..], &["--list", "Over the weekend"]] {
        let out = nordic(arguments).out;
        assert!(out.lines().count() >= 5, "{out}");
        for line in out.lines() {
            assert!(line.width() <= 80, "{line}");
        }
    }
}

#[test]
fn json_is_what_the_library_says() {
    let ran = nordic(&["--format", "json"]);
    let todo: WhatToDo = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(todo.lists.len(), 8);
    assert!(todo.sellers.iter().all(|seller| seller.left_out == 0));
    assert_eq!(serde_json::to_string_pretty(&todo).unwrap() + "\n", ran.out);
    assert_eq!(nordic(&["--format", "json"]).out, ran.out);
    assert!(todo.rules.iter().all(|rule| !rule.file.contains('/')), "{:?}", todo.rules);

    let ran = nordic(&["--format", "json", "--list", "Gone quiet"]);
    let list: CallList = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((list.name.as_str(), list.left_out), ("Gone quiet", 0));
}

#[test]
fn csv_has_a_row_for_each_act() {
    let ran = nordic(&["--format", "csv"]);
    let todo: WhatToDo = serde_json::from_str(&nordic(&["--format", "json"]).out).unwrap();
    let acts = todo.sellers.iter().flat_map(|seller| &seller.todo).map(|line| line.acts.len());
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), acts.sum::<usize>());
    assert!(rows.iter().all(|row| row.len() == 29));
}

/// A company in which everything is strange.
fn strange() -> tempfile::TempDir {
    let long = "x".repeat(500);
    let customers = format!(
        "id,name,owner,created,phone\n\
         =1+1,\"=HYPERLINK(\"\"http://evil\"\")\",s1,2020-01-01,+45 1\n\
         c2,{long},=2,2020-01-01,\n\
         c3,\"\u{202E}شركة\u{1b}[2J\",S1,2020-01-01,\n\
         c4,,,2020-01-01,-5\n"
    );
    folder(&[
        (
            "rules.kpi",
            "field customer.phone : text\n\
             customer: visit every 90 days    as seen   weight 2\n\
             customer: calls >= 2 per year    as called\n\
             list \"all/of:them\" = customer\nlist \"none\" = lead\n",
        ),
        ("data/customers.csv", &customers),
        ("data/sellers.csv", &format!("id,name\ns1,{long}\n=2,=cmd|' /C calc'!A0\nS1,{long}\n")),
        ("data/dataset.json", "{\"as_of\": \"2026-11-15\"}"),
    ])
}

#[test]
fn names_from_the_data_are_text_wherever_they_are_written() {
    let dir = strange();
    let Ran { code, out, err } = run(dir.path(), &["list", "."], "");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(!out.contains(['\u{1b}', '\u{202E}']), "{out}");
    insta::assert_snapshot!(out);

    let out = run(dir.path(), &["list", ".", "--format", "csv"], "").out;
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{row:?}");
    }
    assert!(out.contains("'=1+1") && out.contains("'+45 1") && out.contains("'=2"), "{out}");
}

/// The parts of a workbook.
fn parts(path: &Path) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let count = archive.len();
    let part = |n: usize| {
        let mut part = archive.by_index(n).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        (part.name().unwrap().into_owned(), text)
    };
    (0..count).map(part).collect()
}

#[test]
fn a_workbook_has_a_sheet_for_each_seller_and_no_formula() {
    let dir = strange();
    let ran = run(dir.path(), &["list", ".", "--format", "xlsx", "--out", "todo.xlsx"], "");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let parts = parts(&dir.path().join("todo.xlsx"));
    let sheets: Vec<&String> = parts
        .iter()
        .filter(|(name, _)| name.contains("worksheets/sheet"))
        .map(|(_, text)| text)
        .collect();
    assert_eq!(sheets.len(), 4);
    for sheet in &sheets {
        assert!(!sheet.contains("<f>"), "{sheet}");
        assert!(sheet.contains("ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{sheet}");
        assert!(
            sheet.contains("<conditionalFormatting") && sheet.contains("<autoFilter"),
            "{sheet}"
        );
        assert!(sheet.contains("<cols>"), "{sheet}");
    }
    let book = &parts.iter().find(|(name, _)| name == "xl/workbook.xml").unwrap().1;
    let names: BTreeSet<&str> =
        book.split("<sheet name=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names.contains("=cmd|'  C calc'!A0"), "{names:?}");
    // The day is a number that is shown as a date.
    let styles = &parts.iter().find(|(name, _)| name == "xl/styles.xml").unwrap().1;
    assert!(styles.contains("yyyy-mm-dd"), "{styles}");
    assert!(sheets[0].contains("<v>46341</v>"), "{}", sheets[0]);

    let list = ["list", ".", "--list", "all/of:them", "--format", "xlsx", "--out", "calls.xlsx"];
    assert_eq!(run(dir.path(), &list, "").code, 0);
    let again = dir.path().join("again.xlsx");
    let twice = ["list", ".", "--format", "xlsx", "--out", "again.xlsx"];
    run(dir.path(), &twice, "");
    assert_eq!(std::fs::read(again).unwrap(), std::fs::read(dir.path().join("todo.xlsx")).unwrap());
}

#[test]
fn an_empty_list_is_one_in_every_form() {
    let dir = strange();
    let none = |format: &str| {
        run(dir.path(), &["list", ".", "--list", "none", "--format", format], "").out
    };
    assert_eq!(none("text"), "none as of 2026-11-15 (0)\n");
    assert_eq!(none("csv").lines().count(), 1);
    assert!(none("json").contains("\"subjects\": []"));
    let nobody = folder(&[
        ("rules.kpi", "customer: call every 3 days as called\n"),
        ("data/customers.csv", "id\n"),
    ]);
    let nothing = |arguments: &[&str]| {
        run(nobody.path(), &[&["list", ".", "--as-of", "2026-11-15"], arguments].concat(), "")
    };
    let said = "What to do as of 2026-11-15, and what would lapse by 2026-11-29: nothing\n";
    assert_eq!(nothing(&[]).out, said);
    assert_eq!(nothing(&["--format", "csv"]).out.lines().count(), 1);
    assert_eq!(nothing(&["--format", "xlsx", "--out", "none.xlsx"]).code, 0);
}

#[test]
fn what_is_asked_for_and_is_not_there_is_one_clear_line() {
    let dir = strange();
    let cases: &[&[&str]] = &[
        &["--list", "non"],
        &["--list", "pipeline"],
        &["--seller", "kim"],
        &["--seller", "s2"],
        &["--rule", "sen"],
        &["--rule", "everything"],
        &["--within", "500"],
        &["--within", "3", "--list", "none"],
        &["--format", "xlsx"],
        &["--out", "no/such/folder/list.csv"],
        &["--as-of", "yesterday"],
        &["--limit", "-1"],
    ];
    let said = cases.iter().map(|arguments| {
        let Ran { code, out, err } = run(dir.path(), &[&["list", "."], *arguments].concat(), "");
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        format!("{}\n{err}\n", arguments.join(" "))
    });
    insta::assert_snapshot!(said.collect::<String>());
}

#[test]
fn a_thousand_sellers_have_a_sheet_each() {
    let sellers: String = (0..1000).map(|n| format!("s{n},Kim\n")).collect();
    let customers: String = (0..1000).map(|n| format!("c{n},s{n},2020-01-01\n")).collect();
    let dir = folder(&[
        ("rules.kpi", "customer: visit every 90 days as seen\n"),
        ("data/sellers.csv", &format!("id,name\n{sellers}")),
        ("data/customers.csv", &format!("id,owner,created\n{customers}")),
    ]);
    let list = ["list", ".", "--as-of", "2026-11-15"];
    let text = run(dir.path(), &list, "").out;
    assert_eq!(text.matches("seen, missed").count(), 1000, "{text}");
    let ran =
        run(dir.path(), &[&list[..], &["--format", "xlsx", "--out", "all.xlsx"]].concat(), "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let sheets = parts(&dir.path().join("all.xlsx"));
    assert_eq!(sheets.iter().filter(|(name, _)| name.contains("worksheets/sheet")).count(), 1000);
}
