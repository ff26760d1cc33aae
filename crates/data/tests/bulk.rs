//! What large data comes to by columns is what it comes to by rows, byte for byte.

#![cfg(test)]
#![cfg(feature = "arrow")]

#[path = "support/columnar.rs"]
mod columnar;
#[path = "support/exports.rs"]
mod exports;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array,
    Int32Array, Int64Array, ListArray, RecordBatch, StringArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, UInt16Array,
};
use exports::{MAPPING, export};
use kadence::{AsOf, NoFiles, Options, Problem, RuleSet};
use kadence_data::{Import, Mapping, Progress};
use proptest::prelude::*;

const RULES: &str = "\
calendar
    timezone Europe/Copenhagen
field customer.score : number
field customer.vip : yes-no
field customer.seen : instant
customer: touchpoints >= 2 per quarter
A-customer: visits >= 1 per year
customer where score >= 10: calls >= 1 per year
customer where vip is known: calls >= 1 per year
customer where seen after 2026-01-01: calls >= 1 per year
hot lead: next call within 14 days
seller: calls >= 3 per month
customer: meeting every 90 days
";

type Told = (String, Vec<Problem>);

fn options() -> Options {
    Options { history: true, ..Options::at("2026-12-15".parse::<AsOf>().unwrap()) }
}

fn by_columns(import: &Import, rules: &RuleSet) -> Option<Told> {
    let (data, notes) = import.prepare(rules, &mut |_| {}).ok()??;
    let report = rules.judge(&data, &options()).unwrap().report();
    Some((serde_json::to_string(&report).unwrap(), notes))
}

fn by_rows(import: &Import, rules: &RuleSet) -> Option<Told> {
    let (data, notes) = import.read(rules.schema()).ok()?.build().ok()?;
    let report = rules.evaluate(&data, &options()).unwrap();
    Some((serde_json::to_string(&report).unwrap(), notes))
}

fn rules() -> RuleSet {
    match RuleSet::compile("bulk.kpi", RULES, &NoFiles) {
        Ok(rules) => rules,
        Err(wrong) => panic!("{wrong}"),
    }
}

/// Holds the verdicts and notes to each other; whether there are any, as nothing is wrong.
fn agree(import: &Import, rules: &RuleSet) -> bool {
    let (columns, rows) = (by_columns(import, rules), by_rows(import, rules));
    assert_eq!(columns, rows, "{import:?}");
    columns.is_some()
}

/// What is wrong with data, as rows say it.
fn said(import: &Import) -> String {
    match import.read(rules().schema()) {
        Err(error) => error.to_string(),
        Ok(builder) => builder.build().map_or_else(|wrong| wrong.to_string(), |_| String::new()),
    }
}

/// A Parquet file with columns of texts.
fn parquet(columns: &[(&str, &[&str])]) -> Vec<u8> {
    columnar::bytes(&of_texts(columns), "parquet")
}

fn of_texts(columns: &[(&str, &[&str])]) -> RecordBatch {
    let columns = columns.iter().map(|(name, texts)| {
        (*name, Arc::new(StringArray::from_iter_values(texts.iter())) as ArrayRef)
    });
    RecordBatch::try_from_iter(columns).unwrap()
}

/// An Arrow stream whose values are compressed.
fn packed(batch: &RecordBatch) -> Vec<u8> {
    use arrow_ipc::CompressionType;
    use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};

    let options = IpcWriteOptions::default();
    let options = options.try_with_compression(Some(CompressionType::LZ4_FRAME)).unwrap();
    let mut writer =
        StreamWriter::try_new_with_options(Vec::new(), batch.schema_ref(), options).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn what_unpacks_to_more_than_is_borne_is_not_unpacked() {
    let long = "x".repeat(4096);
    let whole = packed(&of_texts(&[("id", &["1"]), ("name", &[&long])]));
    let length = 4096_i64.to_le_bytes();
    let place = whole.windows(8).rposition(|bytes| bytes == length).unwrap();
    let claims = |length: i64| {
        let mut bytes = whole.clone();
        bytes[place..place + 8].copy_from_slice(&length.to_le_bytes());
        refused("customers.arrows", &bytes)
    };
    assert!(claims(1 << 45).contains("unpacks to 33554432 MiB"), "{}", claims(1 << 45));
    assert!(claims(4095).contains("the file is broken"));
}

/// A Parquet file of two rows whose metadata claims many.
fn claims_rows(count: i64) -> Vec<u8> {
    use parquet::file::metadata::{ParquetMetaDataReader, ParquetMetaDataWriter};

    let good = parquet(&[("id", &["1", "2"])]);
    let path = tempfile::NamedTempFile::new().unwrap();
    fs::write(path.path(), &good).unwrap();
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&fs::File::open(path.path()).unwrap())
        .unwrap();
    let group = metadata.row_group(0).clone().into_builder().set_num_rows(count).build().unwrap();
    let metadata = metadata.into_builder().set_row_groups(vec![group]).build();
    let length = u32::from_le_bytes(good[good.len() - 8..good.len() - 4].try_into().unwrap());
    let mut into = good[..good.len() - 8 - length as usize].to_vec();
    ParquetMetaDataWriter::new(&mut into, &metadata).finish().unwrap();
    into
}

#[test]
fn where_rows_have_problems_columns_are_not_taken() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut folders = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != "snapshots" {
            folders += 1;
            agree(&Import::new(path), &rules());
        }
    }
    assert!(folders > 10);
}

#[test]
fn exports_read_by_presets_are_the_same_by_columns() {
    let presets = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/presets");
    let mut taken = 0;
    for entry in fs::read_dir(presets).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != "snapshots" {
            taken += usize::from(agree(&Import::new(path), &rules()));
        }
    }
    assert!(taken > 3, "{taken} exports have nothing wrong with them");
}

#[test]
fn progress_ends_with_all_rows_and_what_is_complete_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let import = Import::new(dir.path());
    fs::write(dir.path().join("sellers.csv"), "id,name\nkim,Kim\nbo,Bo\n").unwrap();
    fs::write(dir.path().join("dataset.json"), r#"{"complete_from": "2026-03-01"}"#).unwrap();
    let mut last = Progress::default();
    let (data, _) = import.prepare(&rules(), &mut |said| last = said).unwrap().unwrap();
    assert_eq!((last.rows, data.count(kadence::Noun::Seller)), (2, 2));
    assert!(last.bytes > 20 && last.bytes <= last.of_bytes);
    assert!(agree(&import, &rules()));
    let told = by_columns(&import, &rules()).unwrap().0;
    fs::remove_file(dir.path().join("dataset.json")).unwrap();
    assert_ne!(by_columns(&import, &rules()).unwrap().0, told);
}

fn refused(name: &str, bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(name), bytes).unwrap();
    let import = Import::new(dir.path());
    assert!(by_columns(&import, &rules()).is_none());
    said(&import)
}

#[test]
fn broken_files_are_refused_with_their_name() {
    let columns: [(&str, &[&str]); 2] = [("id", &["1", "2"]), ("revenue", &["10", "much"])];
    let wrong = "customers.parquet:2:2: customers 2: `revenue` cannot be `much`";
    let good = parquet(&columns);
    let said = refused("customers.parquet", &good);
    assert!(said.starts_with(wrong), "{said}");
    let mut page = good.clone();
    page[6..40].fill(0xFF);
    let mut cut = Vec::new();
    for form in columnar::FORMS {
        let whole = columnar::bytes(&of_texts(&columns), form);
        // Behind the mark that ends a stream, an Arrow file only says once more what it has.
        let mark = b"\xFF\xFF\xFF\xFF\0\0\0\0";
        let mark = whole.windows(mark.len()).rposition(|bytes| bytes == mark);
        let end = mark.unwrap_or(whole.len() - 1);
        cut.extend((8..end).step_by(23).chain([end]).map(|end| whole[..end].to_vec()));
    }
    let others = [
        page,
        claims_rows(1_000),
        claims_rows(1_000_000_000_000),
        b"ARROW1\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F".to_vec(),
    ];
    for bytes in cut.into_iter().chain(others) {
        let said = refused("customers.parquet", &bytes);
        assert!(said.starts_with("customers.parquet:1:1: the file is broken: "), "{said}");
    }
}

#[test]
fn a_stream_without_its_end_is_not_taken_for_a_whole_one() {
    let batch = of_texts(&[("id", &["1", "2"])]);
    let whole = columnar::bytes(&batch, "arrows");
    let said = refused("customers.arrows", &whole[..whole.len() - 8]);
    assert!(said.contains("the file is broken: it is cut off"), "{said}");
}

#[test]
fn what_has_no_text_is_refused_only_where_it_is_asked_for() {
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]);
    let lists: ArrayRef = Arc::new(lists);
    let ids: ArrayRef = Arc::new(StringArray::from(vec!["1"]));
    let of = |name| RecordBatch::try_from_iter([("id", ids.clone()), (name, lists.clone())]);
    for form in columnar::FORMS {
        let name = format!("customers.{form}");
        let said = refused(&name, &columnar::bytes(&of("owner").unwrap(), form));
        assert_eq!(
            said,
            format!(
                "{name}:1:2: customers: the column `owner` holds lists \
                 (expected texts, numbers, dates or yes and no)"
            )
        );
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(&name);
        fs::write(&path, columnar::bytes(&of("tags").unwrap(), form)).unwrap();
        assert!(agree(&Import::new(dir.path()), &rules()));

        let mapping = "[[customers]]\ntable = \"customers\"\nfields.id = \"id\"\n\
                       fields.name = \"tags\"\n";
        let mapping = Mapping::parse("kadence.toml", mapping).unwrap();
        let said = said_by(&Import::new(dir.path()).mapping(mapping));
        assert!(said.contains(&format!("{name}:1:2: customers: the column `tags` holds lists")));
    }
}

fn said_by(import: &Import) -> String {
    let by_columns = import.prepare(&rules(), &mut |_| {}).err().map(|error| error.to_string());
    assert_eq!(by_columns.as_deref(), Some(said(import).as_str()));
    said(import)
}

#[test]
fn a_table_has_as_many_columns_as_a_sheet_can_have() {
    let names: Vec<String> = (0..20_000).map(|n| format!("c{n}")).collect();
    let columns: Vec<(&str, &[&str])> =
        names.iter().map(|name| (name.as_str(), [""].as_slice())).collect();
    for form in columnar::FORMS {
        let said = refused("customers.parquet", &columnar::bytes(&of_texts(&columns), form));
        assert_eq!(said, "customers.parquet:1:1: it has 20000 columns (expected at most 16384)");
    }
}

#[test]
fn no_rows_are_no_data_and_nothing_wrong() {
    for form in columnar::FORMS {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(format!("customers.{form}"));
        let empty: [(&str, &[&str]); 1] = [("id", &[])];
        fs::write(path, columnar::bytes(&of_texts(&empty), form)).unwrap();
        assert!(agree(&Import::new(dir.path()), &rules()), "{form}");
    }
}

#[test]
fn a_row_of_ten_megabytes_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let name = "x".repeat(10 << 20);
    let text = format!("id,name\nacme,\"{name}\"\nzeta,Zeta\n");
    fs::write(dir.path().join("customers.csv"), text).unwrap();
    assert!(agree(&Import::new(dir.path()), &rules()));
}

#[test]
fn a_row_without_an_end_is_not_held() {
    let dir = tempfile::tempdir().unwrap();
    let text = format!("id,name\nacme,Acme\nzeta,\"{}", "x\n".repeat(34 << 20));
    fs::write(dir.path().join("customers.csv"), text).unwrap();
    let import = Import::new(dir.path());
    assert!(!agree(&import, &rules()));
    assert_eq!(
        said(&import),
        "customers.csv:3:1: a row of more than 64 MiB (is there a quote that never ends?)"
    );
}

#[test]
fn bytes_that_are_not_text_far_in_the_file_are_left_to_the_rows() {
    let dir = tempfile::tempdir().unwrap();
    let mut text = String::from("id,name\n");
    (0..300_000).for_each(|n| text.push_str(&format!("{n},Å\n")));
    let mut bytes = text.into_bytes();
    let place = bytes.len() - 3;
    bytes[place] = 0xFF;
    fs::write(dir.path().join("customers.csv"), bytes).unwrap();
    assert!(!agree(&Import::new(dir.path()), &rules()));
}

/// A fault far in a file has the line that it stands on, whatever its lines end with.
#[test]
fn places_are_right_behind_the_first_block() {
    for end in ["\n", "\r\n", "\r"] {
        let dir = tempfile::tempdir().unwrap();
        let mut text = format!("id,revenue{end}");
        (0..400_000).for_each(|n| text.push_str(&format!("{n},10{end}")));
        text.push_str(&format!("last,much{end}"));
        fs::write(dir.path().join("customers.csv"), text).unwrap();
        let import = Import::new(dir.path());
        assert!(!agree(&import, &rules()));
        assert!(said(&import).starts_with("customers.csv:400002:6: customers last: "), "{end:?}");
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,3}",
        2 => "c[0-9]{1,2}",
        1 => "( |0|-)[0-9]{1,2}",
        1 => Just(String::new()),
        1 => "[a-z\" ,;\n]{0,4}",
    ]
}

fn instant() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "2026-(0[1-9]|1[0-2])-[012][1-8][T ](0[0-9]|1[0-9]):[0-5][0-9](:[0-5][0-9])?(Z|[+]02:00)?",
        1 => "2026-(0[1-9]|1[0-2])-[012][1-8]",
        1 => "2026-03-29T02:30:00(.0000001)?",
        1 => "(0000|9999)-12-31T23:59",
    ]
}

fn csv(rows: &[Vec<String>], header: &str) -> String {
    let mut text = format!("{header}\n");
    for row in rows {
        let cell = |cell: &String| match cell.contains(['"', ',', ';', '\n', '\r']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        text.push_str(&row.iter().map(cell).collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_tables_agree(
        customers in prop::collection::vec((text(), text(), "(|A|B|A )", "(|1000|1.50|x)"), 0..5),
        activities in prop::collection::vec(
            (text(), "(call|visit|meeting)", "(completed|planned| cancelled)", instant(), text()),
            0..12,
        ),
        repair in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut customers: Vec<Vec<String>> = customers
            .into_iter()
            .map(|(id, name, segment, revenue)| vec![id, name, segment, revenue])
            .collect();
        let mut activities: Vec<Vec<String>> = activities
            .into_iter()
            .map(|(id, kind, status, at, customer)| vec![id, kind, status, at, customer])
            .collect();
        if repair {
            // Otherwise nearly all are refused.
            for (n, row) in customers.iter_mut().enumerate() {
                row[0] = if n % 2 == 0 { n.to_string() } else { format!("c{n}") };
                row[3] = row[3].replace('x', "");
            }
            let ids: Vec<String> = customers.iter().map(|row| row[0].clone()).collect();
            for (n, row) in activities.iter_mut().enumerate() {
                row[0] = format!("a{n}");
                row[3] = row[3].replace("0000", "2026");
                row[4] = ids.get(n % 5).cloned().unwrap_or_default();
            }
        }
        fs::write(dir.path().join("customers.csv"), csv(&customers, "id,name,segment,revenue"))
            .unwrap();
        fs::write(dir.path().join("activities.csv"), csv(&activities, "id,kind,status,at,customer"))
            .unwrap();
        agree(&Import::new(dir.path()), &rules());
    }

    #[test]
    fn arbitrary_bytes_agree(
        bytes in prop::collection::vec(
            prop::sample::select(&b"\"\"a1c,,;\n\n\r\t \x00\xC3\xA5\xEF\xBB\xBF"[..]), 0..60),
        has_head in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut file = if has_head { b"id,name,owner\n".to_vec() } else { Vec::new() };
        file.extend(bytes);
        fs::write(dir.path().join("customers.csv"), file).unwrap();
        fs::write(dir.path().join("sellers.csv"), "id\n1\na\n").unwrap();
        agree(&Import::new(dir.path()), &rules());
    }

    #[test]
    fn a_damaged_file_is_refused_or_read(
        form in prop::sample::select(&columnar::FORMS[..]),
        damage in prop::collection::vec((0.0..1.0, any::<u8>()), 1..4),
        is_packed in any::<bool>(),
    ) {
        let batch = of_texts(&[("id", &["1", "2", "c"]), ("revenue", &["10", "", "2.5"])]);
        let mut bytes = match (form, is_packed) {
            ("arrows", true) => packed(&batch),
            _ => columnar::bytes(&batch, form),
        };
        for (place, byte) in damage {
            let place = (place * bytes.len() as f64) as usize;
            bytes[place] = byte;
        }
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("customers.parquet"), bytes).unwrap();
        agree(&Import::new(dir.path()), &rules());
    }
}

/// A column of a random type: some of its values fit the field, some not.
fn column(rows: usize) -> impl Strategy<Value = ArrayRef> {
    let some = move |values: std::ops::Range<i64>| {
        prop::collection::vec(prop::option::weighted(0.9, values), rows)
    };
    let texts = prop::collection::vec(prop::option::weighted(0.9, text()), rows).boxed();
    let micros = some(1_767_000_000_000_000..1_797_000_000_000_000);
    let midnights = some(20_450..20_800);
    prop_oneof![
        texts.clone().prop_map(|all| Arc::new(StringArray::from_iter(all)) as ArrayRef),
        texts.prop_map(|all| {
            let all = all.iter().map(Option::as_deref);
            Arc::new(all.collect::<DictionaryArray<Int32Type>>()) as ArrayRef
        }),
        some(0..30).prop_map(|all| Arc::new(Int64Array::from_iter(all)) as ArrayRef),
        some(-3..30).prop_map(|all| {
            Arc::new(Int32Array::from_iter(all.iter().map(|n| n.map(|n| n as i32)))) as ArrayRef
        }),
        some(0..30).prop_map(|all| {
            Arc::new(UInt16Array::from_iter(all.iter().map(|n| n.map(|n| n as u16)))) as ArrayRef
        }),
        some(0..2).prop_map(|all| {
            Arc::new(BooleanArray::from_iter(all.iter().map(|n| n.map(|n| n == 1)))) as ArrayRef
        }),
        some(0..4000).prop_map(|all| {
            let all = all.iter().map(|n| n.map(|n| n as f64 / 100.0));
            Arc::new(Float64Array::from_iter(all)) as ArrayRef
        }),
        some(0..400_000).prop_map(|all| {
            let all = Decimal128Array::from_iter(all.iter().map(|n| n.map(i128::from)));
            Arc::new(all.with_precision_and_scale(20, 2).unwrap()) as ArrayRef
        }),
        midnights.clone().prop_map(|all| {
            Arc::new(Date32Array::from_iter(all.iter().map(|n| n.map(|n| n as i32)))) as ArrayRef
        }),
        midnights.prop_map(|all| {
            let all = all.iter().map(|n| n.map(|n| n * 86_400_000));
            Arc::new(TimestampMillisecondArray::from_iter(all)) as ArrayRef
        }),
        micros.clone().prop_map(|all| {
            Arc::new(TimestampMicrosecondArray::from_iter(all).with_timezone("UTC")) as ArrayRef
        }),
        micros
            .clone()
            .prop_map(|all| Arc::new(TimestampMicrosecondArray::from_iter(all)) as ArrayRef),
        micros.prop_map(|all| {
            let all =
                TimestampNanosecondArray::from_iter(all.iter().map(|n| n.map(|n| n * 1000 + 7)));
            Arc::new(all.with_timezone("Europe/Oslo")) as ArrayRef
        }),
    ]
}

/// Ids that are unique, of a random type.
fn ids(rows: usize) -> impl Strategy<Value = ArrayRef> {
    prop_oneof![
        Just(Arc::new(Int64Array::from_iter_values(0..rows as i64)) as ArrayRef),
        Just(
            Arc::new(StringArray::from_iter_values((0..rows).map(|n| format!("c{n}")))) as ArrayRef
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_types_agree(
        (ids, columns) in (0_usize..6).prop_flat_map(|rows| {
            (ids(rows), prop::collection::vec(column(rows), 9))
        }),
        form in prop::sample::select(&columnar::FORMS[..]),
        wanted in prop::collection::vec(any::<bool>(), 9),
    ) {
        let names = ["name", "segment", "revenue", "created", "status", "country", "score", "vip", "seen"];
        let all = names.into_iter().zip(columns).zip(wanted);
        let columns = std::iter::once(("id", ids, true)).chain(
            all.filter(|(_, is_wanted)| *is_wanted).map(|((name, column), _)| (name, column, true)),
        );
        let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("customers.parquet"), columnar::bytes(&batch, form)).unwrap();
        agree(&Import::new(dir.path()), &rules());
    }

    #[test]
    fn activities_of_random_types_agree(
        (rows, at, created, customer) in (1_usize..6).prop_flat_map(|rows| {
            (Just(rows), column(rows), column(rows), column(rows))
        }),
        form in prop::sample::select(&columnar::FORMS[..]),
    ) {
        let kinds: DictionaryArray<Int32Type> = (0..rows).map(|n| Some(["call", "visit"][n % 2])).collect();
        let done = StringArray::from_iter_values((0..rows).map(|_| "completed"));
        let all: [(&str, ArrayRef); 6] = [
            ("id", Arc::new(Int64Array::from_iter_values(0..rows as i64))),
            ("kind", Arc::new(kinds)),
            ("status", Arc::new(done)),
            ("at", at),
            ("created", created),
            ("customer", customer),
        ];
        let batch = RecordBatch::try_from_iter_with_nullable(
            all.into_iter().map(|(name, column)| (name, column, true)),
        ).unwrap();
        let customers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..30));
        let customers = RecordBatch::try_from_iter([("id", customers)]).unwrap();
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("activities.parquet"), columnar::bytes(&batch, form)).unwrap();
        fs::write(dir.path().join("customers.arrow"), columnar::bytes(&customers, form)).unwrap();
        agree(&Import::new(dir.path()), &rules());
    }

    #[test]
    fn what_a_mapping_makes_agrees(log in export(), repair in any::<bool>()) {
        let mut log = log;
        if repair {
            for (n, row) in log.iter_mut().enumerate() {
                row[0] = n.to_string();
                row[2] = "done".to_owned();
            }
        }
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("Firms.csv"), "No;Name\n1;Acme\n2;Zeta\n").unwrap();
        let log = csv(&log, "No,What,State,When,Who,Sum");
        fs::write(dir.path().join("Log.csv"), log).unwrap();
        fs::write(dir.path().join("kadence.toml"), MAPPING).unwrap();
        agree(&Import::new(dir.path()), &rules());
        // A merge file puts rows together that are then taken in turn.
        fs::write(dir.path().join("one.csv"), "table,id,same_as\ncustomers,2,1\n").unwrap();
        agree(&Import::new(dir.path()).merge(dir.path().join("one.csv")), &rules());
    }
}

/// As a mapping is read at all: otherwise nothing is held to anything.
#[test]
fn the_mapping_reads_what_it_says() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("Firms.csv"), "No;Name\n1;Acme\n2;Zeta\n").unwrap();
    let log = "No,What,State,When,Who,Sum\n1,Besøg,done,11-12-2026 10:30,acme,\"1.234,5\"\n";
    fs::write(dir.path().join("Log.csv"), log).unwrap();
    fs::write(dir.path().join("kadence.toml"), MAPPING).unwrap();
    let import = Import::new(dir.path());
    assert_eq!(said(&import), "");
    assert!(agree(&import, &rules()));
}
