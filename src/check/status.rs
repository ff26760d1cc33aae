//! Which statuses the things of a phrase can have: adjectives that exclude each other leave none.

use super::rules::{ActivityStatus, Adjective, Base, Condition, FieldTest, Literal, Phrase};
use crate::model::{FieldType, Noun, Schema};

/// A set of statuses, a bit for each.
pub(super) type Statuses = u16;

/// Planned, on a day that is not over.
pub(super) const NEXT: Statuses = 1;
const OVERDUE: Statuses = 2;
const COMPLETED: Statuses = 4;
const CANCELLED: Statuses = 8;
const EVERY: Statuses = Statuses::MAX;

pub(super) fn of_phrase(phrase: &Phrase, schema: &Schema) -> Statuses {
    let adjectives = phrase.adjectives.iter();
    let narrowed = adjectives.map(|adjective| of_adjective(adjective, phrase.noun, schema));
    let filtered = phrase.filter.as_ref().map_or(EVERY, |f| of_filter(f, phrase.noun, schema));
    narrowed.fold(of_bases(&phrase.bases, schema) & filtered, |all, one| all & one)
}

pub(super) fn of_bases(bases: &[Base], schema: &Schema) -> Statuses {
    bases.iter().fold(0, |all, base| {
        all | match base {
            Base::Phrase(phrase) => of_phrase(phrase, schema),
            Base::All | Base::Kind(_) | Base::Segment(_) => EVERY,
        }
    })
}

pub(super) fn of_adjective(adjective: &Adjective, noun: Noun, schema: &Schema) -> Statuses {
    match adjective {
        Adjective::Status(status) => of_activity(*status),
        Adjective::Any => NEXT | OVERDUE | COMPLETED,
        Adjective::Overdue if noun == Noun::Activity => OVERDUE,
        Adjective::Overdue => named("open", noun, schema),
        Adjective::Latest => EVERY,
        Adjective::Is(phrase) => of_phrase(phrase, schema),
    }
}

fn of_activity(status: ActivityStatus) -> Statuses {
    match status {
        ActivityStatus::Planned => NEXT | OVERDUE,
        ActivityStatus::Completed => COMPLETED,
        ActivityStatus::Cancelled => CANCELLED,
    }
}

/// What a filter leaves, as far as it speaks of the field `status` alone.
fn of_filter(condition: &Condition, noun: Noun, schema: &Schema) -> Statuses {
    match condition {
        Condition::And(parts) => {
            parts.iter().fold(EVERY, |all, part| all & of_filter(part, noun, schema))
        }
        Condition::Field { path, test } if path.text == "status" && path.steps.len() == 1 => {
            match test {
                FieldTest::Equals(Literal::Text(value)) => named(value, noun, schema),
                FieldTest::OneOf(values) => values.iter().fold(0, |all, value| match value {
                    Literal::Text(value) => all | named(value, noun, schema),
                    _ => EVERY,
                }),
                _ => EVERY,
            }
        }
        _ => EVERY,
    }
}

fn named(value: &str, noun: Noun, schema: &Schema) -> Statuses {
    if noun == Noun::Activity {
        return match value {
            "planned" => of_activity(ActivityStatus::Planned),
            "completed" => of_activity(ActivityStatus::Completed),
            "cancelled" => of_activity(ActivityStatus::Cancelled),
            _ => EVERY,
        };
    }
    match schema.field(noun, "status").map(|field| field.kind) {
        Some(FieldType::OneOf(values)) => {
            values.iter().position(|known| *known == value).map_or(EVERY, |at| 1 << at)
        }
        _ => EVERY,
    }
}
