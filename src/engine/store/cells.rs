//! Single cells of a batch, for what is not read a column at once.

use chrono::DateTime;
use rust_decimal::Decimal;

use super::batch::{Column, Values};
use super::local::date;
use crate::model::builder::read::Input;
use crate::model::{Moment, Scalar};

/// A cell, before it is held against the type of its field.
#[derive(Debug)]
pub(super) enum Cell<'a> {
    Unknown,
    Known(Input<'a>),
    /// The place of a text that is not there.
    Nowhere(i64),
}

/// Units of a second.
pub(super) const MICROSECONDS: i64 = 1_000_000;
pub(super) const NANOSECONDS: i64 = 1_000_000_000;

impl<'a> Column<'a> {
    pub(super) fn cell(&self, row: usize) -> Cell<'a> {
        if self.is_known(row) {
            self.known_cell(row).unwrap_or(Cell::Unknown)
        } else {
            Cell::Unknown
        }
    }

    fn known_cell(&self, row: usize) -> Option<Cell<'a>> {
        let nowhere = Cell::Nowhere;
        let scalar = |scalar| Cell::Known(Input::Scalar(scalar));
        Some(match self.values {
            Values::Dictionary { codes, texts } => {
                let code = *codes.get(row)?;
                let text = usize::try_from(code).ok().and_then(|place| texts.get(place));
                text.map_or(nowhere(code.into()), |text| Cell::Known(Input::Text(text)))
            }
            Values::Texts(texts) => {
                let place = i64::try_from(row).unwrap_or(i64::MAX);
                texts.get(row).map_or(nowhere(place), |text| Cell::Known(Input::Text(text)))
            }
            Values::I32(values) => scalar(Scalar::Number((*values.get(row)?).into())),
            Values::I64(values) => scalar(Scalar::Number((*values.get(row)?).into())),
            Values::Decimals { mantissas, scale } => {
                scalar(number((*mantissas.get(row)?).into(), scale))
            }
            Values::WideDecimals { mantissas, scale } => {
                scalar(number(*mantissas.get(row)?, scale))
            }
            Values::Dates(days) => {
                let day = *days.get(row)?;
                scalar(date(day).map_or_else(|| Scalar::Text(day.to_string()), Scalar::Date))
            }
            Values::Microseconds(instants) => scalar(moment(*instants.get(row)?, MICROSECONDS)),
            Values::Nanoseconds(instants) => scalar(moment(*instants.get(row)?, NANOSECONDS)),
            Values::Booleans(values) => scalar(Scalar::YesNo(*values.get(row)?)),
        })
    }
}

/// As text where it is out of bounds: then it cannot be read, and the message shows it.
fn number(mantissa: i128, scale: u32) -> Scalar {
    let number = Decimal::try_from_i128_with_scale(mantissa, scale);
    number.map_or_else(|_| Scalar::Text(format!("{mantissa}e-{scale}")), Scalar::Number)
}

fn moment(instant: i64, unit: i64) -> Scalar {
    let nanoseconds = instant.rem_euclid(unit) * (NANOSECONDS / unit);
    let at = u32::try_from(nanoseconds)
        .ok()
        .and_then(|rest| DateTime::from_timestamp(instant.div_euclid(unit), rest));
    at.map_or_else(|| Scalar::Text(instant.to_string()), |at| Scalar::Moment(Moment::Utc(at)))
}
