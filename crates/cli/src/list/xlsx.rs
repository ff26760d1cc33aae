//! Lists as workbooks: a sheet for each seller.

use chrono::NaiveDate;
use kadence::verdict::Subject;
use kadence::worklist::{CallList, WhatToDo};
use kadence_report::sheets::{LONGEST_TEXT, SheetNames, colour_statuses, cut, moment};
use rust_xlsxwriter::{Color, DocProperties, Format, Workbook, XlsxError};

use super::columns::{Cell, Column, acts, of_acts, of_calls};
use crate::output::Failure;
use crate::report;

/// A sheet for each seller, and one for what is nobody's.
pub(super) fn what_to_do(list: &WhatToDo) -> Result<Vec<u8>, Failure> {
    let mut names = SheetNames::default();
    book(list.day, |book| {
        for of in &list.sellers {
            let name = |seller: &Subject| seller.name.clone().unwrap_or_else(|| seller.id.clone());
            let name = of.seller.as_ref().map_or_else(|| "Nobody".to_owned(), name);
            let rows: Vec<_> = acts(list, of).collect();
            sheet(book, &names.make(&name), &of_acts(), &rows)?;
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
        sheet(book, &SheetNames::default().make(&list.name), &of_calls(), &list.subjects)
    })
}

fn book(
    day: NaiveDate,
    fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>,
) -> Result<Vec<u8>, Failure> {
    let mut book = Workbook::new();
    let write = |book: &mut Workbook| {
        // The same list is the same bytes, whenever it is written.
        if let Some(day) = moment(day) {
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
                    sheet.write_string_with_format(row, n, cut(&text, LONGEST_TEXT), &plain)?;
                }
                Cell::Number(number) => {
                    sheet.write_number_with_format(row, n, number.to_f64(), &plain)?;
                }
                Cell::Day(Some(on)) => match moment(on) {
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
            colour_statuses(sheet, n, (1, last_row), report::status)?;
        }
    }
    if let (Some(last), true) = (u16::try_from(columns.len()).ok(), last_row > 0) {
        sheet.autofilter(0, 0, last_row, last.saturating_sub(1))?;
    }
    Ok(())
}
