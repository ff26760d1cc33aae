//! What stays as it is once it has happened.
//!
//! "A verdict is final if no later activity can change it." A count of calls can only grow, so one
//! that has reached its target stays there. A count of *planned* calls falls when they take place,
//! and a share of meetings *that are followed up* rises with later activities: nothing about them
//! is final.

use crate::check::rules::{
    ActivityStatus, Adjective, Base, Condition, DateExpr, FieldTest, Measure, NumberTest, Phrase,
    Window,
};
use crate::model::Noun;

/// Whether things that are of a phrase stay of it, and others do not become so, whatever happens
/// later.
pub(crate) fn phrase(phrase: &Phrase) -> bool {
    let bases = phrase.bases.iter().all(|base| match base {
        Base::All | Base::Kind(_) | Base::Segment(_) => true,
        Base::Phrase(inner) => self::phrase(inner),
    });
    let adjectives = phrase.adjectives.iter().all(|adjective| match adjective {
        Adjective::Status(status) => *status != ActivityStatus::Planned,
        Adjective::Any => true,
        Adjective::Overdue | Adjective::Latest => false,
        Adjective::Is(inner) => self::phrase(inner),
    });
    let on = phrase.on.as_deref().is_none_or(self::phrase);
    let filter = phrase.filter.as_ref().is_none_or(condition);
    // What is spaced can be crowded out only by what comes before it.
    bases && adjectives && on && filter
}

/// Whether a measure of what has happened stays as it is.
pub(super) fn measure(measure: &Measure) -> bool {
    match measure {
        Measure::Number(_) | Measure::Field(_) => true,
        Measure::Count(of) | Measure::LongestGap(of) | Measure::DaysSince(of) => phrase(of),
        Measure::Aggregate { of, .. } => phrase(of),
        Measure::Share { of, that } => phrase(of) && condition(that),
        Measure::Sum(parts) | Measure::Product(parts) => {
            parts.iter().all(|(_, part)| self::measure(part))
        }
        Measure::Negative(part) => self::measure(part),
    }
}

/// Whether a measure is made of numbers and fields alone, so that nothing that happens moves it.
pub(super) fn is_fixed(measure: &Measure) -> bool {
    match measure {
        Measure::Number(_) | Measure::Field(_) => true,
        Measure::Sum(parts) | Measure::Product(parts) => {
            parts.iter().all(|(_, part)| is_fixed(part))
        }
        Measure::Negative(part) => is_fixed(part),
        _ => false,
    }
}

/// Whether a condition, once it holds or not, stays so: a test of fields, but for dates held
/// against a day that moves.
pub(super) fn condition(condition: &Condition) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().all(self::condition),
        Condition::Not(part) => self::condition(part),
        Condition::Compare(comparison) => {
            let target = match &comparison.test {
                NumberTest::Is(_, value) => is_fixed(value),
                NumberTest::Between(low, high) => is_fixed(low) && is_fixed(high),
            };
            is_fixed(&comparison.left) && target
        }
        Condition::Field { test, .. } => match test {
            FieldTest::Date(_, date) => stays(date),
            FieldTest::In(Window::Since(date)) => stays(date),
            FieldTest::In(Window::FromUntil(from, until)) => stays(from) && stays(until),
            FieldTest::In(_) => false,
            _ => true,
        },
        Condition::Is(inner) => inner.noun != Noun::Activity && phrase(inner),
        Condition::Next { .. }
        | Condition::Followed { .. }
        | Condition::Within { .. }
        | Condition::KnownWithin { .. }
        | Condition::Every { .. }
        | Condition::Meets(_) => false,
    }
}

fn stays(date: &DateExpr) -> bool {
    !matches!(date, DateExpr::Today)
}
