//! Workbooks: a table for each sheet, its columns named by the first row that has several cells.

mod excel;
mod open_document;
#[cfg(test)]
mod tests;
mod value;

use std::borrow::Cow;
use std::cell::RefCell;

use kadence::Problem;

use super::archive::{Archive, Kind};
use super::{Head, HeadColumn, Input, RawCell, RawRow, Sink, Source};
use crate::ReadError;
use crate::text::{Spot, quoted};
use value::Value;

/// As many columns as a sheet can have.
const MOST_COLUMNS: usize = 16_384;
/// Empty cells left of filled ones cost time: a sheet may have so many, and so many for each that
/// is filled.
const MOST_EMPTY: u64 = 64 << 20;
const MOST_EMPTY_EACH: u64 = 64;

/// The sheets of a workbook.
pub(super) struct Workbook {
    name: String,
    book: RefCell<Box<dyn Book>>,
    heads: Vec<Head>,
    /// For each head the place of its sheet, and the row that names the columns.
    places: Vec<(usize, u32)>,
    notes: Vec<Problem>,
}

/// The cells of a workbook in one of its forms. What is wrong with it is said in words.
trait Book {
    fn sheets(&self) -> Vec<Sheet>;

    /// Hands over the cells that are not empty, row by row, until it is told that it is enough.
    fn cells(&mut self, sheet: usize, each: &mut dyn FnMut(Cell) -> bool) -> Result<(), String>;

    /// What is merged in a row.
    fn merged(&mut self, sheet: usize, row: u32) -> Result<Vec<Merged>, String>;
}

#[derive(Debug, Clone)]
struct Sheet {
    name: String,
    is_hidden: bool,
}

/// A cell that is not empty; rows and columns count from zero.
#[derive(Debug, Clone)]
struct Cell {
    row: u32,
    column: u32,
    value: Value,
}

/// Cells merged into one: rows and columns, the last ones included.
#[derive(Debug, Clone, Copy)]
struct Merged {
    first: (u32, u32),
    last: (u32, u32),
}

impl Cell {
    fn at(&self) -> Spot {
        spot(self.row, self.column)
    }
}

fn spot(row: u32, column: u32) -> Spot {
    Spot { line: row.saturating_add(1), column: column.saturating_add(1) }
}

impl Workbook {
    pub(super) fn open(
        input: &Input,
        archive: &Archive,
        kind: Kind,
    ) -> Result<Workbook, ReadError> {
        let name = input.name.clone();
        archive.try_all()?;
        let opened: Result<Box<dyn Book>, String> = match kind {
            Kind::OpenDocument => {
                open_document::OpenDocument::open(archive)?.map(|book| Box::new(book) as _)
            }
            _ => excel::Excel::open(input.shared()?).map(|book| Box::new(book) as _),
        };
        let mut book = opened.map_err(|message| broken(&name, Spot::START, message))?;
        let (mut heads, mut places, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for (place, sheet) in book.sheets().into_iter().enumerate() {
            let file = format!("{name}[{}]", sheet.name);
            if sheet.is_hidden {
                notes.push(Problem {
                    place: Some(Spot::START.in_file(&file)),
                    subject: String::new(),
                    message: "the sheet is hidden, it is not read".to_owned(),
                    expected: Some("show it to have it read".to_owned()),
                });
            } else if let Some((head, row)) = head(book.as_mut(), place, &sheet.name, &file)? {
                heads.push(head);
                places.push((place, row));
            }
        }
        Ok(Workbook { name, book: RefCell::new(book), heads, places, notes })
    }
}

impl Source for Workbook {
    fn tables(&self) -> &[Head] {
        &self.heads
    }

    fn notes(&self) -> &[Problem] {
        &self.notes
    }

    fn read(&self, table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        let Some((head, &(sheet, header))) = self.heads.get(table).zip(self.places.get(table))
        else {
            return Ok(());
        };
        let Ok(mut book) = self.book.try_borrow_mut() else {
            let message = "a sheet is read while another is";
            return Err(broken(&self.name, Spot::START, message.to_owned()));
        };
        let (mut empty, mut filled) = (0_u64, 0_u64);
        let mut is_too_empty = false;
        rows(book.as_mut(), sheet, &head.file, &mut |row, cells| {
            if row <= header {
                return true;
            }
            let width = cells.last().map_or(0, |last| u64::from(last.column) + 1);
            filled += u64::try_from(cells.len()).unwrap_or(u64::MAX);
            empty += width;
            is_too_empty = empty > MOST_EMPTY && empty / filled.max(1) > MOST_EMPTY_EACH;
            if !is_too_empty {
                hand_over(head, row, cells, into);
            }
            !is_too_empty
        })?;
        if is_too_empty {
            let message = "the sheet has far more empty cells than filled ones".to_owned();
            return Err(broken(&head.file, Spot::START, message));
        }
        Ok(())
    }
}

/// The names of a sheet's columns and their row; none if the sheet is empty.
fn head(
    book: &mut dyn Book,
    sheet: usize,
    name: &str,
    file: &str,
) -> Result<Option<(Head, u32)>, ReadError> {
    let mut found: Option<(u32, Vec<Cell>)> = None;
    let mut first = None;
    rows(book, sheet, file, &mut |row, cells| {
        first.get_or_insert(row);
        let is_head = cells.len() > 1;
        if is_head || found.is_none() {
            found = Some((row, cells.to_vec()));
        }
        !is_head
    })?;
    let Some((row, cells)) = found else { return Ok(None) };
    let mut head = Head { name: name.to_owned(), file: file.to_owned(), ..Head::default() };
    for cell in cells {
        let place = usize::try_from(cell.column).unwrap_or(usize::MAX);
        if place >= MOST_COLUMNS {
            let message = format!("a sheet of {} columns", u64::from(cell.column) + 1);
            return Err(broken(file, cell.at(), message));
        }
        while head.columns.len() < place {
            let column = u32::try_from(head.columns.len()).unwrap_or(u32::MAX);
            head.columns.push(HeadColumn { name: String::new(), at: spot(row, column) });
        }
        let at = cell.at();
        if let Value::Error(text) = &cell.value {
            let message = format!("the name of a column is {}", quoted(text));
            head.problems.push(head.problem(at, message, "expected a name"));
        }
        head.columns.push(HeadColumn { name: cell.value.text().trim().to_owned(), at });
    }
    if let Some(first) = first.filter(|first| *first < row) {
        let message = "what stands above the names of the columns is not read";
        let expected = format!("the names are in row {}", u64::from(row) + 1);
        head.notes.push(head.problem(spot(first, 0), message, &expected));
    }
    let merged = book.merged(sheet, row).map_err(|message| broken(file, spot(row, 0), message))?;
    for merged in merged {
        let message = format!("the header cells {} are merged", merged.range());
        let at = spot(merged.first.0, merged.first.1);
        head.problems.push(head.problem(at, message, "expected one name in each column"));
    }
    Ok(Some((head, row)))
}

impl Merged {
    fn touches(&self, row: u32) -> bool {
        (self.first.0..=self.last.0).contains(&row) && self.first != self.last
    }

    /// As spreadsheets write it: `B1:D1`.
    fn range(&self) -> String {
        let cell = |(row, column): (u32, u32)| format!("{}{}", letters(column), u64::from(row) + 1);
        format!("{}:{}", cell(self.first), cell(self.last))
    }
}

/// The name that a spreadsheet gives to a column.
fn letters(column: u32) -> String {
    let mut left = u64::from(column) + 1;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// Hands over the rows that are not empty, their cells in the order of their columns, until it is
/// told that it is enough.
fn rows(
    book: &mut dyn Book,
    sheet: usize,
    file: &str,
    each: &mut dyn FnMut(u32, &[Cell]) -> bool,
) -> Result<(), ReadError> {
    let mut row: Vec<Cell> = Vec::new();
    let mut at = 0;
    let mut goes_on = true;
    let read = book.cells(sheet, &mut |cell| {
        if cell.row != at {
            goes_on = row.is_empty() || each(at, in_order(&mut row));
            row.clear();
            at = cell.row;
        }
        if goes_on && !cell.value.text().trim().is_empty() {
            row.push(cell);
        }
        goes_on
    });
    read.map_err(|message| broken(file, spot(at, 0), message))?;
    if goes_on && !row.is_empty() {
        each(at, in_order(&mut row));
    }
    Ok(())
}

fn in_order(row: &mut [Cell]) -> &[Cell] {
    row.sort_by_key(|cell| cell.column);
    row
}

fn hand_over(head: &Head, row: u32, filled: &[Cell], into: &mut dyn Sink) {
    let mut usable = true;
    let mut cells = Vec::with_capacity(head.columns.len());
    for cell in filled {
        let place = usize::try_from(cell.column).unwrap_or(usize::MAX);
        if head.columns.get(place).is_none_or(|column| column.name.is_empty()) {
            let message =
                format!("{} stands in a column without a name", quoted(cell.value.text()));
            let expected = "expected a name above it";
            into.problem(head.problem(cell.at(), message, expected));
            usable = false;
            continue;
        }
        if let Value::Error(text) = &cell.value {
            let message = format!("the cell is {}", quoted(text));
            into.problem(head.problem(cell.at(), message, "mend its formula"));
            usable = false;
        }
        while cells.len() < place {
            let column = u32::try_from(cells.len()).unwrap_or(u32::MAX);
            let text = Cow::Borrowed("");
            cells.push(RawCell { text, is_exact: true, at: spot(row, column) });
        }
        // What is wrong with the cell has been said.
        let is_value = !matches!(cell.value, Value::Error(_));
        let text = Cow::Borrowed(if is_value { cell.value.text() } else { "" });
        let is_exact = !matches!(cell.value, Value::Text(_));
        cells.push(RawCell { text, is_exact, at: cell.at() });
    }
    cells.truncate(head.columns.len());
    into.row(&RawRow { at: spot(row, 0), cells: &cells, usable });
}

fn broken(file: &str, at: Spot, message: String) -> ReadError {
    ReadError::broken(file, at, message, "expected a workbook as a spreadsheet program saves it")
}
