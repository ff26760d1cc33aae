//! Values of Arrow arrays as the texts that a CSV file would have.

use std::borrow::Cow;
use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta};

/// A column whose values can be cells.
pub(super) struct Cells<'a>(&'a dyn Array);

impl<'a> Cells<'a> {
    pub(super) fn new(array: &'a dyn Array) -> Cells<'a> {
        Cells(array)
    }

    /// The text of a row; blank where it is null.
    pub(super) fn text(&self, row: usize) -> Cow<'a, str> {
        let array = self.0;
        if array.is_null(row) {
            return Cow::Borrowed("");
        }
        match array.data_type() {
            DataType::Utf8 => Cow::Borrowed(array.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => Cow::Borrowed(array.as_string::<i64>().value(row)),
            DataType::Utf8View => Cow::Borrowed(array.as_string_view().value(row)),
            DataType::Dictionary(..) => of_dictionary(array, row).unwrap_or_default(),
            _ => {
                let mut text = String::new();
                write(array, row, &mut text);
                Cow::Owned(text)
            }
        }
    }
}

/// What values of a type are, where they can be no texts of cells.
pub(super) fn refusal(kind: &DataType) -> Option<&'static str> {
    match kind {
        DataType::Dictionary(_, values) => match **values {
            DataType::Dictionary(..) => Some("dictionaries of dictionaries"),
            ref values => refusal(values),
        },
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..)
        | DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => None,
        kind if kind.is_integer() => None,
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => Some("bytes"),
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::FixedSizeList(..) => Some("lists"),
        DataType::Struct(_) => Some("structures"),
        DataType::Map(..) => Some("maps"),
        DataType::Time32(_) | DataType::Time64(_) => Some("times without a day"),
        DataType::Duration(_) | DataType::Interval(_) => Some("durations"),
        _ => Some("values of several types"),
    }
}

/// Writing to a text cannot fail.
fn put(into: &mut String, value: impl std::fmt::Display) {
    let _ = write!(into, "{value}");
}

fn plain<T: ArrowPrimitiveType>(array: &dyn Array, row: usize, into: &mut String)
where
    T::Native: std::fmt::Display,
{
    put(into, array.as_primitive::<T>().value(row));
}

fn write(array: &dyn Array, row: usize, into: &mut String) {
    match array.data_type() {
        DataType::Boolean => put(into, array.as_boolean().value(row)),
        DataType::Int8 => plain::<Int8Type>(array, row, into),
        DataType::Int16 => plain::<Int16Type>(array, row, into),
        DataType::Int32 => plain::<Int32Type>(array, row, into),
        DataType::Int64 => plain::<Int64Type>(array, row, into),
        DataType::UInt8 => plain::<UInt8Type>(array, row, into),
        DataType::UInt16 => plain::<UInt16Type>(array, row, into),
        DataType::UInt32 => plain::<UInt32Type>(array, row, into),
        DataType::UInt64 => plain::<UInt64Type>(array, row, into),
        // As few digits as tell it from all others.
        DataType::Float16 => put(into, array.as_primitive::<Float16Type>().value(row).to_f32()),
        DataType::Float32 => plain::<Float32Type>(array, row, into),
        DataType::Float64 => plain::<Float64Type>(array, row, into),
        DataType::Decimal32(_, scale) => {
            decimal(&array.as_primitive::<Decimal32Type>().value(row).to_string(), *scale, into);
        }
        DataType::Decimal64(_, scale) => {
            decimal(&array.as_primitive::<Decimal64Type>().value(row).to_string(), *scale, into);
        }
        DataType::Decimal128(_, scale) => {
            decimal(&array.as_primitive::<Decimal128Type>().value(row).to_string(), *scale, into);
        }
        DataType::Decimal256(_, scale) => {
            decimal(&array.as_primitive::<Decimal256Type>().value(row).to_string(), *scale, into);
        }
        DataType::Date32 => {
            day(i64::from(array.as_primitive::<Date32Type>().value(row)), into);
        }
        DataType::Date64 => {
            day(array.as_primitive::<Date64Type>().value(row).div_euclid(86_400_000), into);
        }
        DataType::Timestamp(unit, zone) => match (instant(array, row, *unit), zone) {
            (Some(at), Some(_)) => put(into, at.format("%Y-%m-%dT%H:%M:%S%.fZ")),
            // What has dates writes them so more often than not.
            (Some(at), None) if at.time() == NaiveTime::MIN => put(into, at.date()),
            (Some(at), None) => put(into, at.format("%Y-%m-%dT%H:%M:%S%.f")),
            (None, _) => into.push_str("an instant that no calendar has"),
        },
        _ => {}
    }
}

fn of_dictionary(array: &dyn Array, row: usize) -> Option<Cow<'_, str>> {
    let dictionary = array.as_any_dictionary_opt()?;
    let place = key(dictionary.keys(), row)?;
    let values = dictionary.values().as_ref();
    (place < values.len()).then(|| Cells::new(values).text(place))
}

fn key(keys: &dyn Array, row: usize) -> Option<usize> {
    fn at<T: ArrowPrimitiveType>(keys: &PrimitiveArray<T>, row: usize) -> Option<usize>
    where
        usize: TryFrom<T::Native>,
    {
        usize::try_from(keys.value(row)).ok()
    }
    match keys.data_type() {
        DataType::Int8 => at(keys.as_primitive::<Int8Type>(), row),
        DataType::Int16 => at(keys.as_primitive::<Int16Type>(), row),
        DataType::Int32 => at(keys.as_primitive::<Int32Type>(), row),
        DataType::Int64 => at(keys.as_primitive::<Int64Type>(), row),
        DataType::UInt8 => at(keys.as_primitive::<UInt8Type>(), row),
        DataType::UInt16 => at(keys.as_primitive::<UInt16Type>(), row),
        DataType::UInt32 => at(keys.as_primitive::<UInt32Type>(), row),
        DataType::UInt64 => at(keys.as_primitive::<UInt64Type>(), row),
        _ => None,
    }
}

/// Digits with a point before the last `scale` of them.
fn decimal(mantissa: &str, scale: i8, into: &mut String) {
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa),
    };
    into.push_str(sign);
    let behind = usize::from(scale.unsigned_abs());
    if scale <= 0 {
        into.push_str(digits);
        if digits != "0" {
            into.extend(std::iter::repeat_n('0', behind));
        }
        return;
    }
    let padded = format!("{digits:0>width$}", width = behind + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - behind).unwrap_or((digits, ""));
    into.push_str(whole);
    into.push('.');
    into.push_str(fraction);
}

fn day(days: i64, into: &mut String) {
    let day =
        TimeDelta::try_days(days).and_then(|since| DateTime::UNIX_EPOCH.checked_add_signed(since));
    match day {
        Some(day) => put(into, day.date_naive()),
        None => put(into, format_args!("{days} days from 1970")),
    }
}

/// An instant as it is in its own zone, or in that of the reader.
pub(super) fn instant(array: &dyn Array, row: usize, unit: TimeUnit) -> Option<NaiveDateTime> {
    let (value, second) = match unit {
        TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().value(row), 1),
        TimeUnit::Millisecond => {
            (array.as_primitive::<TimestampMillisecondType>().value(row), 1_000)
        }
        TimeUnit::Microsecond => {
            (array.as_primitive::<TimestampMicrosecondType>().value(row), 1_000_000)
        }
        TimeUnit::Nanosecond => {
            (array.as_primitive::<TimestampNanosecondType>().value(row), 1_000_000_000)
        }
    };
    let rest = u32::try_from(value.rem_euclid(second) * (1_000_000_000 / second)).ok()?;
    Some(DateTime::from_timestamp(value.div_euclid(second), rest)?.naive_utc())
}
