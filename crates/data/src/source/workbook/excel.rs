//! What Excel saves since 2007, through calamine, cell by cell: a sheet whose corners are far
//! apart is no larger than its cells.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

use super::value::Value;
use super::{Book, Cell, Merged, Sheet};
use crate::source::caught;

pub(super) struct Excel {
    book: Xlsx<Cursor<Arc<[u8]>>>,
    sheets: Vec<Sheet>,
}

/// The days that Excel has a date for end with the year 9999.
const DATES: std::ops::Range<f64> = 1.0..2_958_466.0;
const SECONDS_PER_DAY: f64 = 86_400.0;

impl Excel {
    pub(super) fn open(bytes: Arc<[u8]>) -> Result<Excel, String> {
        let book = caught(|| Xlsx::new(Cursor::new(bytes)))?;
        let metadata = book.sheets_metadata().iter();
        let sheets = metadata.filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let sheets = sheets
            .map(|sheet| Sheet {
                name: sheet.name.clone(),
                is_hidden: sheet.visible != SheetVisible::Visible,
            })
            .collect();
        Ok(Excel { book, sheets })
    }

    fn name(&self, sheet: usize) -> String {
        self.sheets.get(sheet).map(|sheet| sheet.name.clone()).unwrap_or_default()
    }
}

impl Book for Excel {
    fn sheets(&self) -> Vec<Sheet> {
        self.sheets.clone()
    }

    fn cells(&mut self, sheet: usize, each: &mut dyn FnMut(Cell) -> bool) -> Result<(), String> {
        let name = self.name(sheet);
        let mut cells = caught(|| self.book.worksheet_cells_reader(&name))?;
        while let Some(cell) = caught(|| cells.next_cell())? {
            let (row, column) = cell.get_position();
            if let Some(value) = value(cell.get_value())
                && !each(Cell { row, column, value })
            {
                break;
            }
        }
        Ok(())
    }

    fn merged(&mut self, sheet: usize, row: u32) -> Result<Vec<Merged>, String> {
        let name = self.name(sheet);
        let all = caught(|| self.book.merge_cells_by_sheet_name(&name))?;
        let merged = all.into_iter().map(|part| Merged { first: part.start, last: part.end });
        Ok(merged.filter(|part| part.touches(row)).collect())
    }
}

fn value(data: &DataRef<'_>) -> Option<Value> {
    Some(match data {
        DataRef::Empty => return None,
        DataRef::Int(number) => Value::Exact(number.to_string()),
        DataRef::Float(number) => Value::number(*number),
        DataRef::String(text) => Value::Text(text.clone()),
        DataRef::SharedString(text) => Value::Text((*text).to_owned()),
        DataRef::Bool(yes) => Value::yes_no(*yes),
        DataRef::DateTime(moment) => date(moment),
        DataRef::DateTimeIso(text) => Value::moment(text),
        DataRef::DurationIso(text) => Value::Exact(text.clone()),
        DataRef::Error(error) => Value::Error(error.to_string()),
    })
}

fn date(moment: &ExcelDateTime) -> Value {
    let days = moment.as_f64();
    if moment.is_duration() || (0.0..1.0).contains(&days) {
        return Value::clock(days * SECONDS_PER_DAY);
    }
    if !DATES.contains(&days) {
        return Value::number(days);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    Value::moment(&format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}"))
}
