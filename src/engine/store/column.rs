//! The values of a field, by row.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::packed::{NONE, Sparse};
use crate::model::{Item, Noun};

/// A value that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Known<'a> {
    Text(&'a str),
    Number(Decimal),
    Date(NaiveDate),
    Instant(DateTime<Utc>, NaiveDate),
    YesNo(bool),
    Thing(Item),
}

impl Known<'_> {
    /// The day of a date or an instant.
    pub(crate) fn day(self) -> Option<NaiveDate> {
        match self {
            Known::Date(day) | Known::Instant(_, day) => Some(day),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) enum Column {
    /// Nothing is known, or nobody reads it.
    #[default]
    Empty,
    /// Places in the store's texts.
    Text(Sparse),
    Number(Numbers),
    Date(Vec<Option<NaiveDate>>),
    /// With the local day.
    Instant(Vec<Option<(DateTime<Utc>, NaiveDate)>>),
    YesNo(Sparse),
    /// Rows of a noun's table.
    Reference(Noun, Sparse),
}

/// Exact decimals.
#[derive(Debug, Clone)]
pub(crate) enum Numbers {
    /// Whole numbers ÷ 10 to the power of `scale`; the least is a missing one.
    Scaled { scale: u32, mantissas: Vec<i64> },
    /// Where they do not all fit into that.
    Wide(Vec<Option<Decimal>>),
}

impl Numbers {
    pub(crate) fn pack(numbers: Vec<Option<Decimal>>) -> Numbers {
        let scale = numbers.iter().flatten().map(|n| n.normalize().scale()).max().unwrap_or(0);
        let scaled = |number: &Option<Decimal>| {
            let Some(number) = number else { return Some(i64::MIN) };
            let mut number = *number;
            number.rescale(scale);
            let mantissa = i64::try_from(number.mantissa()).ok()?;
            (number.scale() == scale && mantissa != i64::MIN).then_some(mantissa)
        };
        match numbers.iter().map(scaled).collect() {
            Some(mantissas) => Numbers::Scaled { scale, mantissas },
            None => Numbers::Wide(numbers),
        }
    }

    pub(super) fn get(&self, row: usize) -> Option<Decimal> {
        match self {
            Numbers::Scaled { scale, mantissas } => {
                let mantissa = mantissas.get(row).filter(|m| **m != i64::MIN)?;
                Some(Decimal::new(*mantissa, *scale))
            }
            Numbers::Wide(numbers) => *numbers.get(row)?,
        }
    }
}

impl Column {
    pub(crate) fn get<'a>(&self, row: u32, texts: &'a [std::sync::Arc<str>]) -> Option<Known<'a>> {
        let place = row as usize;
        match self {
            Column::Empty => None,
            Column::Text(codes) => texts.get(codes.get(row)? as usize).map(|t| Known::Text(t)),
            Column::Number(numbers) => numbers.get(place).map(Known::Number),
            Column::Date(days) => (*days.get(place)?).map(Known::Date),
            Column::Instant(at) => (*at.get(place)?).map(|(at, day)| Known::Instant(at, day)),
            Column::YesNo(codes) => codes.get(row).map(|code| Known::YesNo(code == 1)),
            Column::Reference(noun, rows) => {
                rows.get(row).map(|row| Known::Thing(Item { noun: *noun, row }))
            }
        }
    }

    /// Whether a row refers to something.
    #[inline]
    pub(crate) fn has_reference(&self, row: u32) -> bool {
        match self {
            Column::Reference(_, rows) => rows.has(row),
            _ => false,
        }
    }

    /// The row that is referred to.
    #[inline]
    pub(crate) fn reference(&self, row: u32) -> Option<u32> {
        match self {
            Column::Reference(_, rows) => rows.get(row),
            _ => None,
        }
    }

    pub(super) fn of_references(noun: Noun, rows: Sparse) -> Column {
        match rows {
            Sparse::Empty => Column::Empty,
            rows => Column::Reference(noun, rows),
        }
    }

    /// The code of a text, 0 or 1 for no or yes, or the row that is referred to; [`MISSING`] where
    /// there is none.
    #[inline]
    pub(super) fn code(&self, row: u32) -> u32 {
        match self {
            Column::Text(codes) | Column::YesNo(codes) | Column::Reference(_, codes) => {
                codes.get(row).unwrap_or(MISSING)
            }
            _ => MISSING,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Column::Empty => 0,
            Column::Text(codes) | Column::YesNo(codes) | Column::Reference(_, codes) => {
                codes.bytes()
            }
            Column::Number(Numbers::Scaled { mantissas, .. }) => 8 * mantissas.capacity(),
            Column::Number(Numbers::Wide(numbers)) => {
                size_of::<Option<Decimal>>() * numbers.capacity()
            }
            Column::Date(days) => size_of::<Option<NaiveDate>>() * days.capacity(),
            Column::Instant(at) => size_of::<Option<(DateTime<Utc>, NaiveDate)>>() * at.capacity(),
        }
    }
}

/// A missing reference or text in what [`Sparse::pack`] takes.
pub(crate) const MISSING: u32 = NONE;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_do_not_fit_64_bits_stay_exact() {
        let text = |t: &str| Some(t.parse::<Decimal>().unwrap());
        for numbers in [
            vec![text("1.5"), None, text("-2"), text("3.25")],
            vec![text("9223372036854775808"), text("0.0001")],
            vec![text("-9223372036854775808")],
            vec![text("9223372036854775807"), text("0.1")],
        ] {
            let packed = Numbers::pack(numbers.clone());
            for (row, number) in numbers.iter().enumerate() {
                assert_eq!(packed.get(row), *number);
            }
        }
    }
}
