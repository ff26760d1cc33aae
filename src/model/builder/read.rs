//! Texts and scalars read as values of a field's type.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;

use crate::model::moment::parse_date;
use crate::model::number::parse_decimal;
use crate::model::{FieldType, Moment, Scalar, Value};

/// Texts that stand in many rows, kept once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts(HashSet<Arc<str>>);

impl Texts {
    pub(crate) fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(text);
        self.0.insert(new.clone());
        new
    }
}

/// What a cell holds before its field's type is known.
#[derive(Debug)]
pub(crate) enum Input<'a> {
    Text(&'a str),
    Scalar(Scalar),
}

impl Input<'_> {
    /// The cell as a text: what a reference, an id or a message takes.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Input::Text(text) => (*text).into(),
            Input::Scalar(Scalar::Text(text)) => text.as_str().into(),
            Input::Scalar(Scalar::Unknown) => "".into(),
            Input::Scalar(Scalar::YesNo(yes)) => yes.to_string().into(),
            Input::Scalar(Scalar::Number(number)) => number.to_string().into(),
            Input::Scalar(Scalar::Date(day)) => day.to_string().into(),
            Input::Scalar(Scalar::Moment(moment)) => moment.to_string().into(),
        }
    }

    /// The value of a field that is no reference; none if it cannot be read as that type.
    pub(crate) fn value(&self, kind: FieldType, zone: Tz, texts: &mut Texts) -> Option<Value> {
        match (kind, self) {
            (FieldType::Number, Input::Scalar(Scalar::Number(number))) => {
                Some(Value::Number(*number))
            }
            (FieldType::Instant, Input::Scalar(Scalar::Moment(moment))) => instant(*moment, zone),
            (FieldType::Instant, Input::Scalar(Scalar::Date(day))) => instant((*day).into(), zone),
            (FieldType::Date, Input::Scalar(Scalar::Date(day))) => {
                is_in_range(*day).then_some(Value::Date(*day))
            }
            _ => value(kind, &self.text(), zone, texts),
        }
    }
}

fn value(kind: FieldType, text: &str, zone: Tz, texts: &mut Texts) -> Option<Value> {
    let trimmed = text.trim();
    match kind {
        FieldType::Text => Some(Value::Text(Arc::from(text))),
        FieldType::Number => parse_decimal(trimmed).map(Value::Number),
        FieldType::Date => parse_date(trimmed).map(Value::Date),
        FieldType::Instant => instant(trimmed.parse().ok()?, zone),
        FieldType::YesNo => match trimmed {
            "true" | "yes" => Some(Value::YesNo(true)),
            "false" | "no" => Some(Value::YesNo(false)),
            _ => None,
        },
        FieldType::OneOf(values) => {
            values.contains(&trimmed).then(|| Value::Text(texts.shared(trimmed)))
        }
        FieldType::Reference(_) => None,
    }
}

fn instant(moment: Moment, zone: Tz) -> Option<Value> {
    let day = match moment {
        Moment::Utc(at) => at.naive_utc().date(),
        Moment::Local(at) => at.date(),
    };
    if !is_in_range(day) {
        return None;
    }
    let at: DateTime<Utc> = moment.resolve(zone);
    let day = zone.from_utc_datetime(&at.naive_utc()).date_naive();
    Some(Value::Instant(at, day))
}

/// The years that a date can be written in; far from the ends of the calendar.
fn is_in_range(day: NaiveDate) -> bool {
    (0..=9999).contains(&day.year())
}

/// What a cell of that type is expected to hold.
pub(crate) fn expected(kind: FieldType) -> String {
    match kind {
        FieldType::Text => "expected text".to_owned(),
        FieldType::Number => "expected a number such as 1234.5, of at most 28 digits".to_owned(),
        FieldType::Date => "expected a date such as 2026-11-15".to_owned(),
        FieldType::Instant => "expected an instant such as 2026-11-15T14:30, or a date".to_owned(),
        FieldType::YesNo => "expected true, false, yes or no".to_owned(),
        FieldType::OneOf(values) => format!("expected one of {}", values.join(", ")),
        FieldType::Reference(noun) => format!("expected the id of a row of {}", noun.table()),
    }
}
