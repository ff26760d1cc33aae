//! Tables of texts as tables whose columns have the types of their fields.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, TimestampMicrosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, RecordBatch, StringArray};
use chrono::{NaiveDate, NaiveDateTime};
use kadence::FieldType;

/// Rows of texts, each column of the type that its field has.
pub(crate) fn typed(columns: &[(String, FieldType)], rows: &[Vec<String>]) -> RecordBatch {
    let columns = columns.iter().enumerate().map(|(place, (name, kind))| {
        let texts =
            rows.iter().map(|row| Some(row[place].as_str()).filter(|text| !text.is_empty()));
        (name.as_str(), column(*kind, texts), true)
    });
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// Digits behind the point.
const SCALE: i8 = 4;

fn column<'a>(kind: FieldType, texts: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    match kind {
        FieldType::Number => {
            let mut numbers = Decimal128Builder::new().with_precision_and_scale(38, SCALE).unwrap();
            texts.for_each(|text| numbers.append_option(text.map(mantissa)));
            Arc::new(numbers.finish())
        }
        FieldType::Date => {
            let mut days = Date32Builder::new();
            let day = |text: &str| text.parse::<NaiveDate>().unwrap().to_epoch_days();
            texts.for_each(|text| days.append_option(text.map(day)));
            Arc::new(days.finish())
        }
        FieldType::Instant => {
            let mut instants = TimestampMicrosecondBuilder::new();
            let at =
                |text: &str| text.parse::<NaiveDateTime>().unwrap().and_utc().timestamp_micros();
            texts.for_each(|text| instants.append_option(text.map(at)));
            Arc::new(instants.finish())
        }
        FieldType::YesNo => {
            let mut values = BooleanBuilder::new();
            texts.for_each(|text| values.append_option(text.map(|text| text == "true")));
            Arc::new(values.finish())
        }
        FieldType::OneOf(_) => Arc::new(texts.collect::<DictionaryArray<Int32Type>>()),
        _ => Arc::new(StringArray::from_iter(texts)),
    }
}

fn mantissa(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<width$}", width = SCALE as usize).parse().unwrap()
}
