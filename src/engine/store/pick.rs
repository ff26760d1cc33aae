//! Some rows of a batch.

use chrono::NaiveDate;

use super::batch::{Batch, Column, Texts, Validity, Values};
use super::builder::{Role, StoreBuilder};
use super::cells::{Cell, MICROSECONDS, NANOSECONDS};
use crate::model::Noun;

impl StoreBuilder {
    /// The rows of activities whose day is not before `since`, or is not known, or that follow
    /// another; none where all rows are to be kept.
    pub(super) fn places_since(
        &mut self,
        batch: &Batch<'_>,
        since: NaiveDate,
    ) -> Option<Vec<usize>> {
        // What has too few or too many values is refused as a whole.
        let is_whole = batch.columns().iter().all(|column| column.len() == batch.rows());
        if batch.noun() != Noun::Activity || !is_whole {
            return None;
        }
        let named = |name| batch.columns().iter().find(|column| column.field == name);
        let (at, follows) = (named("at")?, named("follows"));
        let start = self.purpose.calendar.start_of(since);
        let slot = self.slot(Noun::Activity, "at").filter(|slot| slot.role == Role::At)?;
        // Most batches lie before that day, or after it.
        let is_late = |of_rows: &[i64], unit: i64| {
            of_rows.iter().min().is_none_or(|first| first.div_euclid(unit) >= start.timestamp())
        };
        match at.values {
            Values::Microseconds(of_rows) if is_late(of_rows, MICROSECONDS) => return None,
            Values::Nanoseconds(of_rows) if is_late(of_rows, NANOSECONDS) => return None,
            _ => {}
        }
        let mut is_early = |row: usize| match at.values {
            _ if !at.is_known(row) => false,
            Values::Microseconds(of_rows) => {
                let is_before = |at: &i64| at.div_euclid(MICROSECONDS) < start.timestamp();
                of_rows.get(row).is_some_and(is_before)
            }
            Values::Nanoseconds(of_rows) => {
                let is_before = |at: &i64| at.div_euclid(NANOSECONDS) < start.timestamp();
                of_rows.get(row).is_some_and(is_before)
            }
            _ => self.day(&slot, at, row).is_some_and(|day| day < since),
        };
        let follows_one = |row: usize| match follows.map(|column| column.cell(row)) {
            Some(Cell::Known(id)) => !id.text().trim().is_empty(),
            _ => false,
        };
        let is_kept = |row: &usize| !is_early(*row) || follows_one(*row);
        let places: Vec<usize> = (0..batch.rows()).filter(is_kept).collect();
        (places.len() < batch.rows()).then_some(places)
    }
}

/// The values of some rows.
#[derive(Debug)]
pub(super) struct Picked<'a> {
    rows: usize,
    columns: Vec<PickedColumn<'a>>,
}

#[derive(Debug)]
struct PickedColumn<'a> {
    field: &'a str,
    values: PickedValues<'a>,
    /// A bit for each row, where not all are known.
    known: Option<Vec<u8>>,
}

#[derive(Debug)]
enum PickedValues<'a> {
    Dictionary(Vec<i32>, Texts<'a>),
    Texts(Vec<&'a str>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    Decimals(Vec<i64>, u32),
    WideDecimals(Vec<i128>, u32),
    Dates(Vec<i32>),
    Microseconds(Vec<i64>),
    Nanoseconds(Vec<i64>),
    Booleans(Vec<bool>),
}

impl<'a> Picked<'a> {
    /// Of the columns that are read.
    pub(super) fn new(
        batch: &Batch<'a>,
        places: &[usize],
        is_read: impl Fn(&str) -> bool,
    ) -> Picked<'a> {
        let column = |column: &Column<'a>| {
            let values = PickedValues::new(column.values, places);
            let known = column.known.map(|_| bits(places.iter().map(|row| column.is_known(*row))));
            PickedColumn { field: column.field, values, known }
        };
        let columns = batch.columns().iter().filter(|column| is_read(column.field));
        Picked { rows: places.len(), columns: columns.map(column).collect() }
    }

    pub(super) fn batch(&self) -> Batch<'_> {
        let batch = Batch::new(Noun::Activity, self.rows);
        self.columns.iter().fold(batch, |batch, column| {
            let values = column.values.borrowed();
            match &column.known {
                Some(known) => batch.column_where(column.field, values, Validity::new(known)),
                None => batch.column(column.field, values),
            }
        })
    }
}

impl<'a> PickedValues<'a> {
    fn new(values: Values<'a>, places: &[usize]) -> PickedValues<'a> {
        match values {
            Values::Dictionary { codes, texts } => {
                PickedValues::Dictionary(pick(codes, places), texts)
            }
            Values::Texts(texts) => {
                let text = |place: &usize| texts.get(*place).unwrap_or("");
                PickedValues::Texts(places.iter().map(text).collect())
            }
            Values::I32(values) => PickedValues::I32(pick(values, places)),
            Values::I64(values) => PickedValues::I64(pick(values, places)),
            Values::Decimals { mantissas, scale } => {
                PickedValues::Decimals(pick(mantissas, places), scale)
            }
            Values::WideDecimals { mantissas, scale } => {
                PickedValues::WideDecimals(pick(mantissas, places), scale)
            }
            Values::Dates(days) => PickedValues::Dates(pick(days, places)),
            Values::Microseconds(instants) => PickedValues::Microseconds(pick(instants, places)),
            Values::Nanoseconds(instants) => PickedValues::Nanoseconds(pick(instants, places)),
            Values::Booleans(values) => PickedValues::Booleans(pick(values, places)),
        }
    }

    fn borrowed(&self) -> Values<'_> {
        match self {
            PickedValues::Dictionary(codes, texts) => Values::Dictionary { codes, texts: *texts },
            PickedValues::Texts(texts) => Values::Texts(Texts::List(texts)),
            PickedValues::I32(values) => Values::I32(values),
            PickedValues::I64(values) => Values::I64(values),
            PickedValues::Decimals(mantissas, scale) => {
                Values::Decimals { mantissas, scale: *scale }
            }
            PickedValues::WideDecimals(mantissas, scale) => {
                Values::WideDecimals { mantissas, scale: *scale }
            }
            PickedValues::Dates(days) => Values::Dates(days),
            PickedValues::Microseconds(instants) => Values::Microseconds(instants),
            PickedValues::Nanoseconds(instants) => Values::Nanoseconds(instants),
            PickedValues::Booleans(values) => Values::Booleans(values),
        }
    }
}

fn pick<T: Copy + Default>(values: &[T], places: &[usize]) -> Vec<T> {
    places.iter().map(|place| values.get(*place).copied().unwrap_or_default()).collect()
}

/// A bit for each, the first one the lowest of its byte.
fn bits(all: impl Iterator<Item = bool>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (place, is_set) in all.enumerate() {
        if place % 8 == 0 {
            bytes.push(0);
        }
        if let Some(byte) = bytes.last_mut() {
            *byte |= u8::from(is_set) << (place % 8);
        }
    }
    bytes
}
