//! The value of a field.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::Moment;
use super::number::exact_float;

/// A value as a host gives it, before it is held against the type of its field.
///
/// Deserialised, a number is a number, everything else that is written as text stays text: the
/// type of its field decides how it is read. `null` is unknown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// Nothing is known.
    Unknown,
    /// Yes or no.
    YesNo(bool),
    /// An exact decimal.
    Number(#[serde(with = "super::number::exact")] Decimal),
    /// A moment, with or without an offset.
    Moment(Moment),
    /// A local day.
    Date(NaiveDate),
    /// A text, an enumerated value or the id of a thing.
    Text(String),
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl de::Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, yes or no, or nothing")
    }

    fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Scalar, E> {
        Ok(Scalar::YesNo(yes))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number.into()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Scalar, E> {
        exact_float(number).map(Scalar::Number)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(text))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Unknown)
    }

    fn visit_none<E: de::Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Unknown)
    }
}

/// A value as it is kept in a [`Dataset`](super::Dataset).
#[doc(hidden)]
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Unknown,
    /// Shared, since ids and enumerated values stand in many places.
    Text(Arc<str>),
    Number(Decimal),
    Date(NaiveDate),
    /// A moment, and the local day on which it lies.
    Instant(DateTime<Utc>, NaiveDate),
    YesNo(bool),
    /// The row of the thing that is referred to, in the table of the field's noun.
    Reference(u32),
}
