//! What was logged only after the moment that is judged.

use chrono::{DateTime, FixedOffset, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::model::{Dataset, Item, Noun, Value};

/// An activity that lies before a moment and was logged at or after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateActivity {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// The id of the seller who performed it.
    pub seller: Option<String>,
    /// When it was.
    pub at: DateTime<FixedOffset>,
    /// When it was logged.
    pub created: DateTime<FixedOffset>,
}

/// The data as if what lies before a moment had been logged by then, and what had not been, in the
/// order of its days; no data where it is the same.
pub(super) fn logged_by(
    data: &Dataset,
    moment: DateTime<Utc>,
) -> (Option<Dataset>, Vec<LateActivity>) {
    let schema = data.schema();
    let field = |name| schema.field_ref(Noun::Activity, name);
    let (Some(at), Some(created)) = (field("at"), field("created")) else {
        return (None, Vec::new());
    };
    let is_late = |item: &Item| match (data.value(*item, at), data.value(*item, created)) {
        (Value::Instant(at, _), Value::Instant(created, _)) => *at < moment && *created >= moment,
        _ => false,
    };
    let items: Vec<Item> = data.items(Noun::Activity).filter(is_late).collect();
    if items.is_empty() {
        return (None, Vec::new());
    }
    let text = |item: Item, name| match field(name).map(|field| data.value(item, field)) {
        Some(Value::Text(text)) => Some(text.to_string()),
        Some(Value::Reference(row)) => {
            Some(data.id(Item { noun: Noun::Seller, row: *row }).to_owned())
        }
        _ => None,
    };
    let instant = |item: Item, field| match data.value(item, field) {
        Value::Instant(at, _) => local(*at, schema.zone()),
        _ => local(moment, schema.zone()),
    };
    let mut late: Vec<LateActivity> = items
        .iter()
        .map(|item| LateActivity {
            id: data.id(*item).to_owned(),
            kind: text(*item, "kind").unwrap_or_default(),
            seller: text(*item, "seller"),
            at: instant(*item, at),
            created: instant(*item, created),
        })
        .collect();
    late.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let mut data = data.clone();
    for item in items {
        let happened = data.value(item, at).clone();
        data.set(item, created, happened);
    }
    (Some(data), late)
}

fn local(at: DateTime<Utc>, zone: Tz) -> DateTime<FixedOffset> {
    at.with_timezone(&zone.offset_from_utc_datetime(&at.naive_utc()).fix())
}
