use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;

use super::letters;
use crate::source::testing::{lines_of, packed};

/// A workbook of LibreOffice with that inside its sheets.
fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s" xmlns:calcext="c">
<office:automatic-styles><style:style style:name="ta2" style:family="table">
<style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    ods_of(&content)
}

fn ods_of(content: &str) -> Vec<u8> {
    packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

/// A workbook of Excel whose one sheet has that data, and what else stands in the sheet.
fn xlsx(rows: &str, rest: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    packed(&[
        ("[Content_Types].xml", b"<Types/>"),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            )
            .as_bytes(),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
            )
            .as_bytes(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            )
            .as_bytes(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{rest}</worksheet>"#
            )
            .as_bytes(),
        ),
    ])
}

#[test]
fn cells_of_every_type_are_exact_texts() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Calls, 2026").unwrap();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let moment = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    for (column, name) in ["text", "number", "day", "at", "done", "sum"].into_iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), name).unwrap();
    }
    sheet.write(1, 0, "Møde 1,5").unwrap();
    sheet.write(1, 1, 0.1).unwrap();
    let at = ExcelDateTime::from_ymd(2026, 11, 15).unwrap();
    sheet.write_with_format(1, 2, &at, &day).unwrap();
    let at = at.and_hms(14, 30, 0).unwrap();
    sheet.write_with_format(1, 3, &at, &moment).unwrap();
    sheet.write(1, 4, true).unwrap();
    sheet.write(1, 5, Formula::new("=B2+0.2").set_result("0.30000000000000004")).unwrap();
    sheet.write(3, 1, 1_200_000.0).unwrap();
    sheet.write(3, 5, Formula::new("=VLOOKUP(1,A1:B1,2)").set_result("#N/A")).unwrap();
    assert_eq!(
        lines_of("export.xlsx", book.save_to_buffer().unwrap()),
        [
            "export.xlsx[Calls, 2026] Calls, 2026: text|number|day|at|done|sum",
            "2: \"Møde 1,5\"|0.1|2026-11-15|2026-11-15T14:30:00|true|0.3",
            "problem export.xlsx[Calls, 2026]:4:6: Calls, 2026: the cell is `#N/A` \
             (mend its formula)",
            "4: |1200000|||| (not usable)",
        ]
    );
}

#[test]
fn a_cell_of_a_column_that_no_sheet_has_is_refused() {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c><c r="ZZZZZZZ1"><v>2</v></c></row>"#;
    let said = lines_of("x.xlsx", xlsx(rows, ""));
    assert!(matches!(said.as_slice(), [error] if error.starts_with("error x.xlsx")), "{said:?}");
}

#[test]
fn what_stands_around_a_table_is_said() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("customers").unwrap();
    sheet.merge_range(0, 0, 0, 3, "Our customers", &Format::new()).unwrap();
    sheet.write(2, 1, "id").unwrap();
    sheet.write(2, 3, "name").unwrap();
    sheet.write(3, 1, "acme").unwrap();
    sheet.write(4, 1, "zeta").unwrap();
    sheet.write(4, 2, "?").unwrap();
    book.add_worksheet().set_name("empty").unwrap();
    let hidden = book.add_worksheet().set_name("old").unwrap();
    hidden.set_hidden(true).write(0, 0, "id").unwrap();
    let one = book.add_worksheet().set_name("teams").unwrap();
    one.write(0, 0, "id").unwrap();
    one.write(1, 0, "north").unwrap();
    let groups = book.add_worksheet().set_name("leads").unwrap();
    groups.write(0, 0, "id").unwrap();
    groups.merge_range(0, 1, 0, 3, "who", &Format::new()).unwrap();
    assert_eq!(
        lines_of("x.xlsx", book.save_to_buffer().unwrap()),
        [
            "note x.xlsx[old]:1:1: the sheet is hidden, it is not read (show it to have it read)",
            "x.xlsx[customers] customers: |id||name",
            "note x.xlsx[customers]:1:1: customers: what stands above the names of the columns \
             is not read (the names are in row 3)",
            "4: |\"acme\"",
            "problem x.xlsx[customers]:5:3: customers: `?` stands in a column without a name \
             (expected a name above it)",
            "5: |\"zeta\" (not usable)",
            "x.xlsx[teams] teams: id",
            "2: \"north\"",
            "x.xlsx[leads] leads: id|who",
            "problem x.xlsx[leads]:1:2: leads: the header cells B1:D1 are merged \
             (expected one name in each column)",
        ]
    );
}

#[test]
fn days_are_counted_from_1904_where_a_workbook_says_so() {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("S").unwrap();
    sheet.write(0, 0, "id").unwrap();
    sheet.write(0, 1, "day").unwrap();
    let format = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write(1, 0, "a").unwrap();
    sheet.write_with_format(1, 1, 44_879.0, &format).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..old.len() {
        let file = old.by_index(place).unwrap();
        if file.name().unwrap() == "xl/workbook.xml" {
            let text = format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr date1904="1"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            );
            new.start_file("xl/workbook.xml", SimpleFileOptions::default()).unwrap();
            new.write_all(text.as_bytes()).unwrap();
        } else {
            new.raw_copy_file(file).unwrap();
        }
    }
    let bytes = new.finish().unwrap().into_inner();
    assert_eq!(lines_of("x.xlsx", bytes)[1], "2: \"a\"|2026-11-15");
}

#[test]
fn a_workbook_of_libreoffice_says_the_same() {
    let bytes = ods(r##"<table:table table:name="calls"><table:table-column/>
<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-header-rows><table:table-row>
<table:table-cell office:value-type="string"><text:p>text</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>number</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>at</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>done</text:p></table:table-cell>
</table:table-row></table:table-header-rows>
<table:table-row table:number-rows-repeated="2">
<table:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p></office:annotation><text:p>A &amp; B<text:s text:c="2"/><text:span>&#229;</text:span></text:p><text:p>two</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="0.1"><text:p>0,1</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-11-15T14:30:00"><text:p>15.11.</text:p></table:table-cell>
<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell>
</table:table-row>
<table:table-row>
<table:table-cell office:value-type="time" office:time-value="PT09H05M00S"/>
<table:table-cell office:value-type="float" office:value="0" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-11-15"/>
<table:table-cell table:number-columns-repeated="16381"/></table:table-row>
<table:table-row table:number-rows-repeated="1048569"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table>
<table:table table:name="old" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="leads"><table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>
<table:table-cell office:value-type="string" table:number-columns-spanned="2" table:number-rows-spanned="1"><text:p>who</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table>"##);
    assert_eq!(
        lines_of("x.ods", bytes),
        [
            "note x.ods[old]:1:1: the sheet is hidden, it is not read (show it to have it read)",
            "x.ods[calls] calls: text|number|at|done",
            "5: \"A & B  å\ntwo\"|0.1|2026-11-15T14:30:00|true",
            "6: \"A & B  å\ntwo\"|0.1|2026-11-15T14:30:00|true",
            "problem x.ods[calls]:7:2: calls: the cell is `#DIV/0!` (mend its formula)",
            "7: 09:05:00||2026-11-15 (not usable)",
            "x.ods[leads] leads: id|who",
            "problem x.ods[leads]:1:2: leads: the header cells B1:C1 are merged \
             (expected one name in each column)",
        ]
    );
}

#[test]
fn corners_that_are_far_apart_cost_nothing() {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="XFD1"/></row>
        <row r="1048576"><c r="A1048576"><v>7</v></c></row>"#;
    assert_eq!(lines_of("x.xlsx", xlsx(rows, "")), ["x.xlsx[S] S: 1|2", "1048576: 7"]);
    let blank = r#"<c s="1"/>"#.repeat(1 << 20);
    let rows = format!(r#"<row r="1"><c r="A1"><v>1</v></c>{blank}</row>"#);
    assert_eq!(lines_of("x.xlsx", xlsx(&rows, "")), ["x.xlsx[S] S: 1"]);
}

#[test]
fn a_sheet_may_not_be_far_more_empty_than_full() {
    let head = r#"<c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c>"#;
    let rows: String = (2..9000)
        .map(|row| format!(r#"<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>"#))
        .collect();
    let said = lines_of("x.xlsx", xlsx(&format!("<row r=\"1\">{head}</row>{rows}"), ""));
    assert_eq!(
        said.last().unwrap(),
        "error x.xlsx[S]:1:1: the sheet has far more empty cells than filled ones \
         (expected a workbook as a spreadsheet program saves it)"
    );
    let wide = r#"<row r="1"><c r="A1"><v>1</v></c><c r="XFE1"><v>1</v></c></row>"#;
    let said = lines_of("x.xlsx", xlsx(wide, ""));
    assert_eq!(
        said,
        ["error x.xlsx[S]:1:16385: a sheet of 16385 columns \
          (expected a workbook as a spreadsheet program saves it)"]
    );
    let cell = r#"<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>"#;
    let rows = format!(
        r#"<table:table table:name="S"><table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row></table:table>"#
    );
    let said = lines_of("x.ods", ods(&rows));
    assert_eq!(
        said,
        ["error x.ods[S]:1:1: cells are said to be repeated more than 4194304 times \
          (expected a workbook as a spreadsheet program saves it)"]
    );
}

#[test]
fn what_is_damaged_or_locked_is_said() {
    let expected = "(expected a workbook as a spreadsheet program saves it)";
    let cut = r#"<o><table:table table:name="S"><table:table-row>"#;
    assert!(lines_of("x.ods", ods_of(cut))[0].contains("not found before end of input"));
    let said = lines_of("x.xlsx", xlsx(r#"<row r="1"><c r="A1" t="s"><v>9</v></c></row>"#, ""));
    assert_eq!(
        said,
        [format!(
            "error x.xlsx[S]:1:1: Cell string index not found in shared strings table {expected}"
        )]
    );
    let mut compound = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    assert_eq!(
        lines_of("x.xls", compound.clone()),
        ["error x.xls:1:1: it is in the form of Office before 2007 (save it as .xlsx)"]
    );
    compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(
        lines_of("x.xlsx", compound),
        ["error x.xlsx:1:1: it has a password (save it without one)"]
    );
    let locked = packed(&[
        ("META-INF/manifest.xml", b"<m:encryption-data/>"),
        ("mimetype", b""),
        ("content.xml", b"\x01"),
    ]);
    assert!(lines_of("x.ods", locked)[0].contains("it has a password"));
    let whole = xlsx(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#, "");
    for length in 0..whole.len() {
        // No prefix of a workbook panics, and none is read as a whole one.
        let said = lines_of("x.xlsx", whole[..length].to_vec());
        assert!(length < 4 || said[0].starts_with("error"), "{length}: {said:?}");
    }
}

#[test]
fn columns_are_named_as_spreadsheets_name_them() {
    let names = [0, 25, 26, 701, 702, 16_383].map(letters);
    assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
}
