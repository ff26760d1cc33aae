//! Dates that are probably none.

use chrono::{Datelike, NaiveDate};
use kadence::{FieldType, Noun};

use super::facts::Facts;
use super::{Check, Finding, KEPT};

/// Dates in 1970 or before, or in 2099 or later, in any field: zero, or the greatest there is, in
/// the eyes of the program that wrote them.
pub(super) fn strange(facts: &Facts<'_>) -> Option<Finding> {
    let mut of = 0;
    let mut strange: Vec<(Noun, u32, &str, NaiveDate)> = Vec::new();
    for noun in Noun::ALL {
        for field in facts.data.schema().fields(noun) {
            if !matches!(field.kind, FieldType::Date | FieldType::Instant) {
                continue;
            }
            let column = facts.column(noun, &field.name);
            for (row, day) in facts.rows(noun).filter_map(|row| Some((row, column.day(row)?))) {
                of += 1;
                if day.year() <= 1970 || day.year() >= 2099 {
                    strange.push((noun, row, &field.name, day));
                }
            }
        }
    }
    strange.sort_by_key(|(noun, row, field, _)| (*noun, facts.id(*noun, *row), *field));
    let found = strange
        .iter()
        .take(KEPT)
        .map(|(noun, row, field, day)| facts.found(*noun, *row, format!("`{field}` is {day}")));
    Finding::new(Check::StrangeDate, (strange.len(), of), found.collect())
}
