//! Columns as a host has them.

use crate::model::Noun;

/// Rows of one table as columns, borrowed from where they lie: what a Parquet file or an Arrow
/// record batch holds.
///
/// ```
/// use kadence::{Batch, Noun, Texts, Validity, Values};
///
/// let segments = Values::Dictionary { codes: &[0, 1, 0], texts: Texts::List(&["A", "B"]) };
/// let owners = Values::I64(&[7, 0, 8]);
/// let batch = Batch::new(Noun::Customer, 3)
///     .column("id", Values::I64(&[1, 2, 3]))
///     .column("segment", segments)
///     .column_where("owner", owners, Validity::new(&[0b101]));
/// # assert_eq!(batch.rows(), 3);
/// ```
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    noun: Noun,
    rows: usize,
    columns: Vec<Column<'a>>,
}

/// The values of one field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'a> {
    pub(super) field: &'a str,
    pub(super) values: Values<'a>,
    pub(super) known: Option<Validity<'a>>,
}

/// The values of a column. Those of unknown ones are not looked at.
///
/// A number as an id or a reference is that number written as text. A text is read as the field's
/// type; a blank one is unknown.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// Texts, each kept once: a row has the place of its text.
    Dictionary {
        /// The places, from zero.
        codes: &'a [i32],
        /// The texts.
        texts: Texts<'a>,
    },
    /// Texts.
    Texts(Texts<'a>),
    /// Whole numbers.
    I32(&'a [i32]),
    /// Whole numbers.
    I64(&'a [i64]),
    /// Whole numbers ÷ 10 to the power of `scale`.
    Decimals {
        /// The whole numbers.
        mantissas: &'a [i64],
        /// How many digits stand behind the point, at most 28.
        scale: u32,
    },
    /// The same where 64 bits are too few.
    WideDecimals {
        /// The whole numbers.
        mantissas: &'a [i128],
        /// How many digits stand behind the point, at most 28.
        scale: u32,
    },
    /// Days since 1970-01-01.
    Dates(&'a [i32]),
    /// Microseconds since 1970-01-01T00:00Z.
    Microseconds(&'a [i64]),
    /// Nanoseconds since 1970-01-01T00:00Z.
    Nanoseconds(&'a [i64]),
    /// Yes or no.
    Booleans(&'a [bool]),
}

/// Texts, one after the other.
#[derive(Debug, Clone, Copy)]
pub enum Texts<'a> {
    /// A list of them.
    List(&'a [&'a str]),
    /// All of them joined.
    Joined {
        /// The joined text.
        text: &'a str,
        /// Where each starts, in bytes, and where the last ends.
        offsets: &'a [i32],
    },
}

/// Which values are known: a bit for each row, the first one the lowest of its byte.
#[derive(Debug, Clone, Copy)]
pub struct Validity<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Validity<'a> {
    /// From the first bit on.
    pub fn new(bytes: &'a [u8]) -> Self {
        Validity { bytes, offset: 0 }
    }

    /// From a later bit on.
    pub fn starting_at(bytes: &'a [u8], offset: usize) -> Self {
        Validity { bytes, offset }
    }

    #[inline]
    pub(super) fn has(self, row: usize) -> bool {
        let bit = self.offset + row;
        self.bytes.get(bit / 8).is_some_and(|byte| byte & (1 << (bit % 8)) != 0)
    }

    fn len(self) -> usize {
        (8 * self.bytes.len()).saturating_sub(self.offset)
    }
}

impl<'a> Texts<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Texts::List(list) => list.len(),
            Texts::Joined { offsets, .. } => offsets.len().saturating_sub(1),
        }
    }

    /// None where there is no such text, or where it does not start and end between letters.
    pub(super) fn get(self, place: usize) -> Option<&'a str> {
        match self {
            Texts::List(list) => list.get(place).copied(),
            Texts::Joined { text, offsets } => {
                let offset = |n: usize| usize::try_from(*offsets.get(n)?).ok();
                text.get(offset(place)?..offset(place + 1)?)
            }
        }
    }
}

impl<'a> Batch<'a> {
    /// So many rows of a table, of which nothing is known yet.
    pub fn new(noun: Noun, rows: usize) -> Self {
        Batch { noun, rows, columns: Vec::new() }
    }

    /// Adds a field that is known of every row.
    #[must_use]
    pub fn column(mut self, field: &'a str, values: Values<'a>) -> Self {
        self.columns.push(Column { field, values, known: None });
        self
    }

    /// Adds a field that is known of some rows.
    #[must_use]
    pub fn column_where(mut self, field: &'a str, values: Values<'a>, known: Validity<'a>) -> Self {
        self.columns.push(Column { field, values, known: Some(known) });
        self
    }

    /// The table that the rows belong to.
    pub fn noun(&self) -> Noun {
        self.noun
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn columns(&self) -> &[Column<'a>] {
        &self.columns
    }
}

impl Column<'_> {
    /// How many rows the column has values for.
    pub(super) fn len(&self) -> usize {
        let values = match self.values {
            Values::Dictionary { codes, .. } => codes.len(),
            Values::Texts(texts) => texts.len(),
            Values::I32(values) | Values::Dates(values) => values.len(),
            Values::I64(values)
            | Values::Decimals { mantissas: values, .. }
            | Values::Microseconds(values)
            | Values::Nanoseconds(values) => values.len(),
            Values::WideDecimals { mantissas, .. } => mantissas.len(),
            Values::Booleans(values) => values.len(),
        };
        // The bits of the last byte beyond the last row mean nothing.
        self.known.filter(|known| known.len() < values).map_or(values, Validity::len)
    }

    #[inline]
    pub(super) fn is_known(&self, row: usize) -> bool {
        self.known.is_none_or(|known| known.has(row))
    }
}
