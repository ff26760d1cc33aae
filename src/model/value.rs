//! The value of a field.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Moment;

/// A value as a host gives it, before it is held against the type of its field.
///
/// Dates and instants of declared fields may be given as text too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// Yes or no.
    YesNo(bool),
    /// An exact decimal.
    Number(#[serde(with = "super::number::exact")] Decimal),
    /// A moment, with or without an offset.
    #[serde(skip_deserializing)]
    Moment(Moment),
    /// A local day.
    #[serde(skip_deserializing)]
    Date(NaiveDate),
    /// A text, an enumerated value or the id of a thing.
    Text(String),
}

/// A value as it is kept in a [`Dataset`](super::Dataset).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Unknown,
    Text(Box<str>),
    Number(Decimal),
    Date(NaiveDate),
    /// A moment, and the local day on which it lies.
    Instant(DateTime<Utc>, NaiveDate),
    YesNo(bool),
    /// The row of the thing that is referred to, in the table of the field's noun.
    Reference(u32),
}
