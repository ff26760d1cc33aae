//! Lists as workbooks: a sheet for each seller.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use kadence::verdict::Subject;
use kadence::worklist::{CallList, WhatToDo};
use rust_xlsxwriter::{
    Color, ConditionalFormatText, ConditionalFormatTextRule, DocProperties, ExcelDateTime, Format,
    Workbook, Worksheet, XlsxError,
};

use super::columns::{Cell, Column, acts, of_acts, of_calls};
use crate::output::{Failure, clean};

/// How long a sheet's name may be.
const LONGEST: usize = 31;

/// How long a text may be in a cell.
const LONGEST_TEXT: usize = 32_767;

/// The statuses, with the colours that they have on a sheet.
const COLOURS: [(&str, u32, u32); 4] = [
    ("missed", 0xFF_C7_CE, 0x9C_00_06),
    ("at_risk", 0xFF_EB_9C, 0x7F_60_00),
    ("on_track", 0xDD_EB_F7, 0x1F_4E_79),
    ("met", 0xC6_EF_CE, 0x00_61_00),
];

/// A sheet for each seller, and one for what is nobody's.
pub(super) fn what_to_do(list: &WhatToDo) -> Result<Vec<u8>, Failure> {
    let mut names = Names::default();
    book(list.day, |book| {
        for of in &list.sellers {
            let name = |seller: &Subject| seller.name.clone().unwrap_or_else(|| seller.id.clone());
            let name = of.seller.as_ref().map_or_else(|| "Nobody".to_owned(), name);
            let rows: Vec<_> = acts(list, of).collect();
            sheet(book, &names.of(&name), &of_acts(), &rows)?;
        }
        if list.sellers.is_empty() {
            sheet(book, "What to do", &of_acts(), &[])?;
        }
        Ok(())
    })
}

/// One sheet.
pub(super) fn calls(list: &CallList) -> Result<Vec<u8>, Failure> {
    book(list.day, |book| {
        sheet(book, &Names::default().of(&list.name), &of_calls(), &list.subjects)
    })
}

fn book(
    day: NaiveDate,
    fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>,
) -> Result<Vec<u8>, Failure> {
    let mut book = Workbook::new();
    let write = |book: &mut Workbook| {
        // The same list is the same bytes, whenever it is written.
        if let Some(day) = date(day) {
            book.set_properties(&DocProperties::new().set_creation_datetime(&day));
        }
        fill(book)?;
        book.save_to_buffer()
    };
    write(&mut book).map_err(|error| Failure(format!("cannot write the workbook: {error}")))
}

fn sheet<R>(
    book: &mut Workbook,
    name: &str,
    columns: &[Column<R>],
    rows: &[R],
) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?.set_freeze_panes(1, 0)?.set_landscape();
    sheet.set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    let header = Format::new().set_bold().set_background_color(Color::RGB(0xE7_E6_E6));
    let plain = Format::new().set_text_wrap().set_align(rust_xlsxwriter::FormatAlign::Top);
    let day = plain.clone().set_num_format("yyyy-mm-dd");
    let last_row = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    for (n, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(n, f64::from(column.width))?;
        sheet.write_string_with_format(0, n, column.name, &header)?;
        for (row, of) in (1_u32..).zip(rows) {
            match (column.cell)(of) {
                Cell::Text(text) => {
                    sheet.write_string_with_format(row, n, kept(&text), &plain)?;
                }
                Cell::Number(number) => {
                    sheet.write_number_with_format(row, n, number.to_f64(), &plain)?;
                }
                Cell::Day(Some(on)) => match date(on) {
                    Some(at) => {
                        sheet.write_datetime_with_format(row, n, &at, &day)?;
                    }
                    None => {
                        sheet.write_string_with_format(row, n, on.to_string(), &plain)?;
                    }
                },
                Cell::Day(None) => {}
            }
        }
        if column.name == "status" && last_row > 0 {
            colour(sheet, n, last_row)?;
        }
    }
    if let (Some(last), true) = (u16::try_from(columns.len()).ok(), last_row > 0) {
        sheet.autofilter(0, 0, last_row, last.saturating_sub(1))?;
    }
    Ok(())
}

fn colour(sheet: &mut Worksheet, column: u16, last_row: u32) -> Result<(), XlsxError> {
    for (status, back, front) in COLOURS {
        let format =
            Format::new().set_background_color(Color::RGB(back)).set_font_color(Color::RGB(front));
        let rule = ConditionalFormatText::new()
            .set_rule(ConditionalFormatTextRule::BeginsWith(status.to_owned()))
            .set_format(format);
        sheet.add_conditional_format(1, column, last_row, column, &rule)?;
    }
    Ok(())
}

/// A day as a spreadsheet has it; none of those before its first one.
fn date(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|year| *year >= 1900)?;
    let (month, of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, of_month).ok()
}

/// As much of a text as a cell holds, which is counted in units of UTF-16.
fn kept(text: &str) -> String {
    shortened(&clean(text), LONGEST_TEXT)
}

fn shortened(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut left = most - 1;
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(if fits { c.len_utf16() } else { left });
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// Names of sheets, each once whatever its capital letters.
#[derive(Debug, Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// A name that a sheet can have, near to the one that is wanted.
    fn of(&mut self, wanted: &str) -> String {
        let cannot = |c: char| matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
        let plain: String =
            clean(wanted).chars().map(|c| if cannot(c) { '_' } else { c }).collect();
        let plain = plain.trim_matches(['\'', ' ']).to_owned();
        // What changes are tracked on has that name in every workbook.
        let is_taken = plain.is_empty() || plain.eq_ignore_ascii_case("history");
        let plain = if is_taken { format!("_{plain}") } else { plain };
        let mut name = shortened(&plain, LONGEST);
        let mut n = 1;
        while !self.0.insert(name.to_lowercase()) {
            n += 1;
            let number = format!(" {n}");
            name = shortened(&plain, LONGEST - number.len()) + &number;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_becomes_one_that_a_sheet_can_have() {
        let mut names = Names::default();
        let wanted = [
            "Kim",
            "kim",
            "KIM",
            "=1+1",
            "a/b:c",
            "'quoted'",
            "",
            "History",
            &"x".repeat(500),
            &"x".repeat(500),
            &"日".repeat(40),
            &"𝄞".repeat(20),
            "مرحبا",
        ];
        let given: Vec<String> = wanted.iter().map(|name| names.of(name)).collect();
        let (x, more) = ("x".repeat(30) + "…", "x".repeat(28) + "… 2");
        assert_eq!(
            given[..10],
            ["Kim", "kim 2", "KIM 3", "=1+1", "a_b_c", "quoted", "_", "_History", &x, &more]
        );
        let mut book = Workbook::new();
        for name in &given {
            assert!(name.encode_utf16().count() <= LONGEST, "{name}");
            book.add_worksheet().set_name(name).unwrap();
        }
        assert!(book.save_to_buffer().is_ok());
    }
}
