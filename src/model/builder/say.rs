//! What problems say, and what they say is expected.

use super::faults::{Faults, quoted};
use super::read::expected;
use crate::model::{FieldType, Noun, Problem, Schema};
use chrono::NaiveDate;

/// A message and its mend.
pub(crate) type Words = (String, String);

/// A cell that cannot be read as its field's type.
pub(crate) fn unreadable(
    faults: &mut Faults,
    schema: &Schema,
    noun: Noun,
    (name, kind): (&str, FieldType),
    text: &str,
) -> Words {
    let written = text.trim();
    if noun == Noun::Activity && name == "kind" {
        let kinds = schema.kinds();
        let nearest = faults.did_you_mean(written, kinds.iter().map(String::as_str));
        let all = format!("expected one of {}", kinds.join(", "));
        return (format!("unknown activity kind {}", quoted(written)), nearest.unwrap_or(all));
    }
    let nearest = match kind {
        FieldType::OneOf(known) => faults.did_you_mean(written, known.iter().copied()),
        _ => None,
    };
    let message = format!("`{name}` cannot be {}", quoted(text));
    (message, nearest.unwrap_or_else(|| expected(kind)))
}

/// An id that another row has; `first` is where that stands.
pub(crate) fn given_twice(noun: Noun, id: &str, first: Option<String>) -> Words {
    let expected = match first {
        Some(place) => format!("the first is at {place}"),
        None => format!("ids are unique in {}", noun.table()),
    };
    (format!("id {} is given twice", quoted(id)), expected)
}

pub(crate) fn missing(noun: Noun, name: &str) -> Words {
    (format!("`{name}` is missing"), format!("every row of {} needs one", noun.table()))
}

/// An id of the company that is not the one it has.
pub(crate) fn other_company(id: &str) -> Words {
    (format!("the company's id cannot be {}", quoted(id)), "expected `company`".to_owned())
}

/// A reference to an id that is not among the known ones.
pub(crate) fn leads_nowhere<'a>(
    faults: &mut Faults,
    (name, target): (&str, Noun),
    id: &str,
    known: impl ExactSizeIterator<Item = &'a str>,
) -> Words {
    let nearest = faults.did_you_mean(id, known);
    let expected = nearest.unwrap_or_else(|| expected(FieldType::Reference(target)));
    (format!("`{name}` names no {target}: {}", quoted(id)), expected)
}

/// `fair/acme` of a member, `kim/2026-07-01` of an absence: the ids that it refers to, and the
/// first date.
pub(crate) fn made_id<'a>(
    noun: Noun,
    names: impl Iterator<Item = &'a str>,
    first_day: Option<NaiveDate>,
) -> String {
    let mut parts: Vec<String> = names.map(str::to_owned).collect();
    parts.extend(first_day.filter(|_| noun == Noun::Absence).map(|day| day.to_string()));
    parts.join("/")
}

/// Days between which the activities are said to be complete, the later one first.
pub(crate) fn completeness(from: NaiveDate, through: NaiveDate) -> Problem {
    Problem {
        place: None,
        subject: String::new(),
        message: format!("`complete_from` {from} is after `complete_through` {through}"),
        expected: Some("expected the earlier day first".to_owned()),
    }
}

/// A column that no field names; worth a note.
pub(crate) fn unknown_field(
    faults: &mut Faults,
    schema: &Schema,
    noun: Noun,
    name: &str,
) -> Problem {
    let fields = schema.fields(noun).iter().map(|field| field.name.as_str());
    Problem {
        place: None,
        subject: noun.table().to_owned(),
        expected: faults.did_you_mean(name, fields),
        message: format!("no field is named {}, its values are ignored", quoted(name)),
    }
}
