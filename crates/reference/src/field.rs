//! What a field says as of a moment, and tests of one field.

use chrono::NaiveDate;
use kadence::Noun;
use kadence::internals::rules::{ActivityStatus, Cmp, DateExpr, FieldTest, Literal, Path};
use kadence::internals::{FieldRef, Item};

use crate::answer::Gap;
use crate::span::Span;
use crate::view::View;
use crate::world::Known;

impl<'a> View<'a> {
    /// The value of a field as of now. "An opportunity closed, or a lead converted, after the as-of
    /// day is open. Otherwise populations, owners and fields are as the data has them."
    pub(crate) fn value(&self, item: Item, field: FieldRef) -> Option<Known<'a>> {
        let fields = &self.world.fields;
        match item.noun {
            Noun::Activity if field == fields.activity_status => {
                Some(Known::Text(match self.activity_status(item)? {
                    ActivityStatus::Planned => "planned",
                    ActivityStatus::Completed => "completed",
                    ActivityStatus::Cancelled => "cancelled",
                }))
            }
            Noun::Opportunity if field == fields.opportunity_status => {
                let later = self.is_later(item, fields.opportunity_closed);
                if later { Some(Known::Text("open")) } else { self.world.raw(item, field) }
            }
            Noun::Lead if field == fields.lead_status => {
                let later = self.is_later(item, fields.lead_converted);
                if later { Some(Known::Text("open")) } else { self.world.raw(item, field) }
            }
            Noun::Opportunity if field == fields.opportunity_closed => {
                if self.is_later(item, field) { None } else { self.world.raw(item, field) }
            }
            Noun::Lead if field == fields.lead_converted => {
                if self.is_later(item, field) {
                    None
                } else {
                    self.world.raw(item, field)
                }
            }
            Noun::Customer
                if field == fields.customer_segment && !self.world.rules.segments.is_empty() =>
            {
                self.segment(item).map(Known::Text)
            }
            _ => self.world.raw(item, field),
        }
    }

    fn is_later(&self, item: Item, field: FieldRef) -> bool {
        self.world.date(item, field).is_some_and(|day| day > self.known.day)
    }

    /// The value at the end of a path, none if anything on the way is unknown.
    pub(crate) fn follow(&self, item: Item, path: &Path) -> Option<Known<'a>> {
        let (last, references) = path.steps.split_last()?;
        let mut at = item;
        for step in references {
            match self.value(at, *step)? {
                Known::Thing(next) => at = next,
                _ => return None,
            }
        }
        self.value(at, *last)
    }

    /// The day of a date field.
    ///
    /// # Errors
    ///
    /// The field is unknown.
    pub(crate) fn day_of(&self, item: Item, path: &Path) -> Result<NaiveDate, Gap> {
        let day = self.follow(item, path).and_then(Known::day);
        day.ok_or_else(|| self.unknown(path))
    }

    /// The day that a date expression means for a subject.
    pub(crate) fn resolve(&self, item: Item, date: &DateExpr) -> Result<NaiveDate, Gap> {
        match date {
            DateExpr::Date(day) => Ok(*day),
            DateExpr::Instant(at) => Ok(self.calendar().day_of(*at)),
            DateExpr::Today => Ok(self.day()),
            DateExpr::Field(path) => self.day_of(item, path),
        }
    }

    /// Whether a field of a thing passes a test: `FIELD CMP VALUE`, `FIELD in WINDOW` and the like.
    ///
    /// # Errors
    ///
    /// The field is unknown, and the test is not about that.
    pub(crate) fn test(&self, item: Item, path: &Path, test: &FieldTest) -> Result<bool, Gap> {
        let value = self.follow(item, path);
        match test {
            FieldTest::Known => return Ok(value.is_some()),
            FieldTest::Unknown => return Ok(value.is_none()),
            _ => {}
        }
        let value = value.ok_or_else(|| self.unknown(path))?;
        match test {
            FieldTest::Known | FieldTest::Unknown => Ok(false),
            FieldTest::Equals(literal) => Ok(self.equals(value, literal)),
            FieldTest::OneOf(literals) => Ok(literals.iter().any(|l| self.equals(value, l))),
            FieldTest::Contains(part) => Ok(text(value).contains(part.as_str())),
            FieldTest::StartsWith(part) => Ok(text(value).starts_with(part.as_str())),
            FieldTest::Date(cmp, DateExpr::Instant(instant)) => Ok(match value {
                Known::Instant(at, _) => holds(*cmp, at.cmp(instant)),
                other => {
                    let day = other.day().ok_or_else(|| self.unknown(path))?;
                    holds(*cmp, day.cmp(&self.calendar().day_of(*instant)))
                }
            }),
            FieldTest::Date(cmp, date) => {
                let day = value.day().ok_or_else(|| self.unknown(path))?;
                Ok(holds(*cmp, day.cmp(&self.resolve(item, date)?)))
            }
            FieldTest::In(window) => {
                let span = Span::of(self, item, window, self.day())?;
                Ok(match value {
                    Known::Instant(at, day) => span.holds(self, day, at),
                    other => other
                        .day()
                        .is_some_and(|day| span.holds(self, day, self.calendar().start_of(day))),
                })
            }
        }
    }

    fn equals(&self, value: Known<'_>, literal: &Literal) -> bool {
        match (value, literal) {
            (Known::Text(a), Literal::Text(b)) => a == b,
            (Known::Thing(item), Literal::Text(b)) => self.world.data.id(item) == b,
            (Known::Number(a), Literal::Number(b)) => a == *b,
            (Known::YesNo(a), Literal::YesNo(b)) => a == *b,
            (other, Literal::Date(b)) => other.day() == Some(*b),
            _ => false,
        }
    }
}

fn text(value: Known<'_>) -> &str {
    match value {
        Known::Text(text) => text,
        _ => "",
    }
}

/// Whether a comparison holds, given how left and right are ordered.
pub(crate) fn holds(cmp: Cmp, order: std::cmp::Ordering) -> bool {
    match cmp {
        Cmp::Less => order.is_lt(),
        Cmp::AtMost => order.is_le(),
        Cmp::Equal => order.is_eq(),
        Cmp::Unequal => order.is_ne(),
        Cmp::AtLeast => order.is_ge(),
        Cmp::More => order.is_gt(),
    }
}
