use kadence::{Dataset, DatasetBuilder, Noun, Schema};
use proptest::prelude::*;

use super::*;
use crate::by_name;

fn builder(noun: Noun, bytes: &[u8]) -> DatasetBuilder {
    let schema = Schema::default();
    let mut builder = Dataset::builder(&schema);
    let input = Input::bytes(&format!("{}.csv", noun.table()), bytes.to_vec());
    let table = Csv::open(input).unwrap();
    by_name::read(&table, 0, noun, &schema, &mut builder).unwrap();
    builder
}

/// The errors and notes of a table of teams.
fn said(bytes: &[u8]) -> Vec<String> {
    let (_, problems) = builder(Noun::Team, bytes).build_lenient();
    problems.errors.iter().chain(&problems.notes).map(ToString::to_string).collect()
}

#[test]
fn delimiters_quotes_marks_and_line_ends_of_all_kinds_say_the_same() {
    let plain = builder(Noun::Team, b"id,name\na,North\nb,South\n").build().unwrap();
    for text in [
        "\u{FEFF}id,name\na,North\nb,South",
        "\n \nid,name\na,North\nb,South",
        "id;name\r\na;North\r\n\r\nb;South\r\n",
        "id\tname\ra\tNorth\rb\tSouth\r",
    ] {
        assert_eq!(builder(Noun::Team, text.as_bytes()).build().unwrap(), plain, "{text:?}");
    }
    let quoted = b" id , name \n\"a\",\"North\"\n\"b\",South\n\n";
    assert_eq!(builder(Noun::Team, quoted).build().unwrap(), plain);
    let quoted = b"\"id\";\"na\"\"me,,,\"\na;1\n";
    let note = "teams.csv:1:6: teams: no field is named `na\"me,,,`, its values are ignored";
    assert_eq!(said(quoted), [note]);
}

#[test]
fn places_are_right_after_quotes_with_lines_and_letters_of_several_bytes() {
    let text = "id,name,parent\r\n\"a\",\"næ\nste \"\"x\"\"\",b\r\nc,\"æøå\",d\n";
    assert_eq!(
        said(text.as_bytes()),
        [
            "teams.csv:3:12: teams a: `parent` names no team: `b` (expected the id of a row of teams)",
            "teams.csv:4:9: teams c: `parent` names no team: `d` (expected the id of a row of teams)",
        ]
    );
}

#[test]
fn what_is_wrong_with_a_row_is_said_at_its_cell() {
    let cases: [(&[u8], &[&str]); 9] = [
        (
            b"",
            &[
                "teams.csv:1:1: teams: the file is empty (expected a line with the names of the fields)",
            ],
        ),
        (
            b"\n \n",
            &[
                "teams.csv:1:1: teams: the file is empty (expected a line with the names of the fields)",
            ],
        ),
        (
            b"id,name\na,b,c,d\nb\n",
            &["teams.csv:2:5: teams: a row of 4 cells (expected at most 2, as in the first line)"],
        ),
        (
            b"id,name,id\na,b,c\n",
            &["teams.csv:1:9: teams: the column `id` is there twice (expected each column once)"],
        ),
        (
            b"name\nb\n",
            &["teams.csv:1:1: teams: there is no column `id` (every row of teams needs one)"],
        ),
        (
            b"id,,name\na,,b\nb,x,c\n",
            &[
                "teams.csv:3:3: teams: `x` stands in a column without a name (expected a name in the first line)",
            ],
        ),
        (
            b"id,name\na,\"b\nc,d\n",
            &[
                "teams.csv:2:3: teams: a quote that never ends: the rest of the file is in this cell \
               (expected `\"` at the end of the cell)",
            ],
        ),
        (
            b"id,name\na,\"b\"c\nd,e\"f\n",
            &["teams.csv:2:6: teams: something follows the quote that ends the cell \
               (inside a quoted cell, expected a quote as `\"\"`)"],
        ),
        (b"id,name\na,x\0\n", &["teams.csv:2:3: teams: a NUL byte (expected text)"]),
    ];
    for (bytes, expected) in cases {
        assert_eq!(said(bytes), expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn another_encoding_is_found_and_said() {
    let plain = builder(Noun::Team, "id,name\na,Møde i Århus\nb,ok\n".as_bytes()).build().unwrap();
    let windows = b"id,name\na,M\xF8de i \xC5rhus\nb,ok\n";
    let utf16: Vec<u8> = "\u{FEFF}id,name\na,Møde i Århus\nb,ok\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, encoding) in [(&windows[..], "windows-1252"), (&utf16, "UTF-16LE")] {
        let (dataset, notes) = builder(Noun::Team, bytes).build().unwrap();
        assert_eq!(dataset, plain.0);
        let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
        assert_eq!(
            notes,
            [format!(
                "teams.csv:1:1: teams: the file is read as {encoding} \
                 (save it as UTF-8 if letters are wrong)"
            )]
        );
    }
}

#[test]
fn a_byte_that_is_no_letter_among_letters_that_are_is_said_at_its_place() {
    let damaged = b"id,name\na,\"tw\xC3\xB8\nm\xF8de\"\nb,ok\n";
    assert_eq!(
        said(damaged),
        ["teams.csv:3:2: teams: byte 0xF8 is not UTF-8 \
          (expected UTF-8; a file saved as Latin-1 or Windows-1252 has such bytes)"]
    );
    assert_eq!(builder(Noun::Team, damaged).build_lenient().0.count(Noun::Team), 1);
}

#[test]
fn a_header_of_many_columns_takes_time_in_proportion() {
    let names: Vec<String> = (0..200_000).map(|n| format!("c{n}")).collect();
    let (_, problems) = builder(Noun::Team, names.join(",").as_bytes()).build_lenient();
    assert_eq!((problems.total, problems.notes.len()), (1, 10_001));
}

fn cell() -> impl Strategy<Value = String> {
    "[a-zæ,;\t\" \r\n]{0,6}".prop_filter("known", |text| !text.trim().is_empty())
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        builder(Noun::Activity, &bytes).build_lenient();
    }

    #[test]
    fn no_table_makes_it_panic(text in "(id|kind|name|,|;|\"|\n|\r|a|é| ){0,60}") {
        builder(Noun::Campaign, text.as_bytes()).build_lenient();
    }

    #[test]
    fn a_table_survives_csv(
        names in prop::collection::vec(cell(), 0..8),
        delimiter in prop::sample::select(vec![b',', b';', b'\t']),
    ) {
        let schema = Schema::default();
        let mut direct = Dataset::builder(&schema);
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["id", "name"]).unwrap();
        for (i, name) in names.iter().enumerate() {
            let id = format!("t{i}");
            writer.write_record([&id, name]).unwrap();
            direct.row(Noun::Team, &[("name", name, 1), ("id", &id, 1)], "x", 1);
        }
        let bytes = writer.into_inner().unwrap();
        let read = builder(Noun::Team, &bytes).build().unwrap();
        prop_assert_eq!(read, direct.build().unwrap());
    }
}
