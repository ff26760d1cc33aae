//! Texts of a column, read as numbers, instants or few words where all are.

use std::collections::HashMap;

use chrono_tz::Tz;
use kadence::{Batch, Validity, Values};

use super::fields::Shape;
use super::{Field, NotInBulk, instants};

/// How many different texts are kept once each.
const MOST_WORDS: usize = 1024;

/// The texts of a column.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    text: Vec<u8>,
    offsets: Vec<i32>,
}

/// The values of a column, of as narrow a type as all of them have.
#[derive(Debug)]
pub(crate) struct Column {
    values: Typed,
    /// A bit for each row, if some are unknown.
    known: Option<Vec<u8>>,
}

#[derive(Debug)]
enum Typed {
    Whole(Vec<i64>),
    Days(Vec<i32>),
    Microseconds(Vec<i64>),
    Words { codes: Vec<i32>, text: String, offsets: Vec<i32> },
    Texts { text: String, offsets: Vec<i32> },
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { text: Vec::new(), offsets: vec![0] }
    }
}

impl Texts {
    pub(crate) fn push(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
        // Beyond that nothing is read, and the column refused.
        self.offsets.push(i32::try_from(self.text.len()).unwrap_or(i32::MAX));
    }

    pub(crate) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    pub(crate) fn typed(self, field: &Field<'_>, zone: Tz) -> Result<Column, NotInBulk> {
        let text = String::from_utf8(self.text).map_err(|_| NotInBulk)?;
        if i32::try_from(text.len()).is_err() {
            return Err(NotInBulk);
        }
        let offsets = self.offsets;
        let found = match field.shape {
            Shape::Ids => each(&text, &offsets, whole, Typed::Whole),
            Shape::Dates => each(&text, &offsets, instants::days, Typed::Days),
            Shape::Instants => {
                let read = |text: &str| instants::microseconds(text, zone);
                each(&text, &offsets, read, Typed::Microseconds)
            }
            Shape::Words => words(&text, &offsets).map(|values| Column { values, known: None }),
            Shape::Numbers => None,
        };
        let as_they_are = || Column { values: Typed::Texts { text, offsets }, known: None };
        Ok(found.unwrap_or_else(as_they_are))
    }
}

fn cells<'t>(text: &'t str, offsets: &[i32]) -> impl Iterator<Item = Option<&'t str>> {
    offsets.windows(2).map(move |ends| {
        let [start, end] = ends else { return None };
        text.get(usize::try_from(*start).ok()?..usize::try_from(*end).ok()?)
    })
}

/// All values, blank ones unknown; nothing if one is not of that type.
fn each<T: Copy + Default>(
    text: &str,
    offsets: &[i32],
    read: impl Fn(&str) -> Option<T>,
    typed: impl Fn(Vec<T>) -> Typed,
) -> Option<Column> {
    let value = |cell: Option<&str>| {
        let cell = cell?;
        if cell.trim().is_empty() { Some(None) } else { read(cell).map(Some) }
    };
    let rows = offsets.len().saturating_sub(1);
    let (values, known) = with_known(rows, cells(text, offsets).map(value))?;
    Some(Column { values: typed(values), known })
}

/// Values, and a bit for each that says whether it is known, if one is not; nothing if one could
/// not be read.
fn with_known<T: Copy + Default>(
    rows: usize,
    cells: impl Iterator<Item = Option<Option<T>>>,
) -> Option<(Vec<T>, Option<Vec<u8>>)> {
    let mut values = Vec::with_capacity(rows);
    let mut known: Option<Vec<u8>> = None;
    for (row, cell) in cells.enumerate() {
        let value = cell?;
        if value.is_none() {
            let known = known.get_or_insert_with(|| vec![0xFF; rows.div_ceil(8)]);
            if let Some(byte) = known.get_mut(row / 8) {
                *byte &= !(1 << (row % 8));
            }
        }
        values.push(value.unwrap_or_default());
    }
    Some((values, known))
}

/// A whole number as it would be written.
fn whole(text: &str) -> Option<i64> {
    let is_plain = text.len() <= 18
        && (!text.starts_with('0') || text.len() == 1)
        && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// Each text once; nothing if there are many.
fn words(text: &str, offsets: &[i32]) -> Option<Typed> {
    let mut codes = Vec::with_capacity(offsets.len());
    let mut of_words: HashMap<&str, i32> = HashMap::new();
    let mut words = Texts::default();
    for cell in cells(text, offsets) {
        let cell = cell?;
        let code = match of_words.get(cell) {
            Some(code) => *code,
            None if of_words.len() >= MOST_WORDS => return None,
            None => {
                let code = i32::try_from(of_words.len()).ok()?;
                words.push(cell.as_bytes());
                of_words.insert(cell, code);
                code
            }
        };
        codes.push(code);
    }
    let Texts { text, offsets } = words;
    Some(Typed::Words { codes, text: String::from_utf8(text).ok()?, offsets })
}

impl Column {
    /// Instants as microseconds since 1970; nothing if one of them cannot be that.
    #[cfg(feature = "arrow")]
    pub(crate) fn microseconds(
        rows: usize,
        instants: impl Iterator<Item = Option<Option<i64>>>,
    ) -> Option<Column> {
        let (values, known) = with_known(rows, instants)?;
        Some(Column { values: Typed::Microseconds(values), known })
    }

    /// The batch with this column.
    pub(crate) fn add_to<'a>(&'a self, batch: Batch<'a>, name: &'a str) -> Batch<'a> {
        let joined = |text: &'a str, offsets: &'a [i32]| kadence::Texts::Joined { text, offsets };
        let values = match &self.values {
            Typed::Whole(values) => Values::I64(values),
            Typed::Days(values) => Values::Dates(values),
            Typed::Microseconds(values) => Values::Microseconds(values),
            Typed::Words { codes, text, offsets } => {
                Values::Dictionary { codes, texts: joined(text, offsets) }
            }
            Typed::Texts { text, offsets } => Values::Texts(joined(text, offsets)),
        };
        match &self.known {
            Some(known) => batch.column_where(name, values, Validity::new(known)),
            None => batch.column(name, values),
        }
    }
}
