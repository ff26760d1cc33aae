//! Tests of things, bound to the columns that they read: a text is looked up once, not for every
//! thing.

use chrono::NaiveDate;

use super::store::{Codes, Column, Known, Sparse};
use super::view::View;
use crate::check::rules::{FieldTest, Literal, Path};
use crate::model::{Item, Noun};
use crate::plan::{Condition, ConditionId, Test};

/// A test that gives the same answers as the one that it was made of.
pub(super) enum Bound<'v> {
    Always,
    Never,
    /// The text of a column is wanted, by its code.
    Text(&'v Sparse, Vec<bool>),
    /// A state that things are known to leave on a day: on days before it they are open, which passes
    /// or not; after it the test says.
    Until {
        days: &'v [Option<NaiveDate>],
        known: NaiveDate,
        is_open: bool,
        then: Box<Bound<'v>>,
    },
    All(Vec<Bound<'v>>),
    Any(Vec<Bound<'v>>),
    Else(&'v Test),
}

impl<'v> Bound<'v> {
    pub(super) fn new(view: &View<'v>, test: &'v Test) -> Bound<'v> {
        let all = |parts: &'v [Test]| parts.iter().map(|part| Bound::new(view, part)).collect();
        match test {
            Test::Always => Bound::Always,
            Test::Never => Bound::Never,
            Test::And(parts) => Bound::All(all(parts)),
            Test::Or(parts) => Bound::Any(all(parts)),
            Test::Segment(name) if view.plan.segments.is_empty() => {
                let field = view.store.fields.customer_segment;
                text(view, field, &[name.as_str()]).unwrap_or(Bound::Else(test))
            }
            Test::Where(condition) => where_text(view, *condition).unwrap_or(Bound::Else(test)),
            other => Bound::Else(other),
        }
    }

    /// Those things of a noun, which are present, that pass for sure.
    pub(super) fn of(&self, view: &View<'_>, noun: Noun, rows: &[u32]) -> Vec<u32> {
        match self {
            Bound::Always => rows.to_vec(),
            Bound::Never => Vec::new(),
            // By far the commonest.
            Bound::Text(Sparse::Dense { codes: Codes::U8(codes), .. }, wanted) => {
                let mut is_wanted = [false; 1 << u8::BITS];
                // The codes are raised by one, and zero is missing.
                is_wanted.iter_mut().skip(1).zip(wanted).for_each(|(is, wanted)| *is = *wanted);
                let code = |row: u32| codes.get(row as usize).copied().unwrap_or(0);
                chosen(rows, |row| is_wanted.get(usize::from(code(row))).is_some_and(|is| *is))
            }
            Bound::All(parts) => match parts.split_first() {
                None => rows.to_vec(),
                Some((first, rest)) => rest
                    .iter()
                    .fold(first.of(view, noun, rows), |rows, part| part.of(view, noun, &rows)),
            },
            other => chosen(rows, |row| other.holds(view, Item { noun, row })),
        }
    }

    /// Whether a thing, which is present, passes for sure.
    pub(super) fn holds(&self, view: &View<'_>, item: Item) -> bool {
        match self {
            Bound::Always => true,
            Bound::Never => false,
            Bound::Text(codes, wanted) => {
                let is_wanted = |code: u32| wanted.get(code as usize).copied().unwrap_or(false);
                codes.get(item.row).is_some_and(is_wanted)
            }
            Bound::Until { days, known, is_open, then } => match days.get(item.row as usize) {
                Some(Some(day)) if day > known => *is_open,
                _ => then.holds(view, item),
            },
            Bound::All(parts) => parts.iter().all(|part| part.holds(view, item)),
            Bound::Any(parts) => parts.iter().any(|part| part.holds(view, item)),
            Bound::Else(test) => view.check(item, test).is_yes(),
        }
    }
}

/// Those that pass. Which they are cannot be foreseen, so each is written, and the next one over it
/// if it does not.
fn chosen(rows: &[u32], passes: impl Fn(u32) -> bool) -> Vec<u32> {
    let mut chosen = vec![0; rows.len()];
    let mut count = 0;
    for row in rows {
        if let Some(slot) = chosen.get_mut(count) {
            *slot = *row;
        }
        count += usize::from(passes(*row));
    }
    chosen.truncate(count);
    chosen
}

fn where_text<'v>(view: &View<'v>, condition: ConditionId) -> Option<Bound<'v>> {
    let Condition::Field { path: Path { steps, .. }, test } = view.plan.condition(condition) else {
        return None;
    };
    let [field] = steps.as_slice() else { return None };
    let fields = &view.store.fields;
    // What these say depends on the moment.
    let moves = [fields.activity_kind, fields.activity_status];
    let is_by_rule = *field == fields.customer_segment && !view.plan.segments.is_empty();
    if moves.contains(field) || is_by_rule || field.noun == Noun::Activity {
        return None;
    }
    let texts = |literals: &'v [Literal]| {
        let text = |literal: &'v Literal| match literal {
            Literal::Text(text) => Some(text.as_str()),
            _ => None,
        };
        literals.iter().map(text).collect::<Option<Vec<&str>>>()
    };
    let wanted = match test {
        FieldTest::Equals(literal) => texts(std::slice::from_ref(literal))?,
        FieldTest::OneOf(literals) => texts(literals)?,
        _ => return None,
    };
    let then = text(view, *field, &wanted)?;
    let left = if *field == fields.opportunity_status {
        fields.opportunity_closed
    } else if *field == fields.lead_status {
        fields.lead_converted
    } else {
        return Some(then);
    };
    match view.store.column(left) {
        Column::Empty => Some(then),
        Column::Date(days) => Some(Bound::Until {
            days,
            known: view.known.day,
            is_open: wanted.contains(&"open"),
            then: Box::new(then),
        }),
        _ => None,
    }
}

fn text<'v>(view: &View<'v>, field: crate::model::FieldRef, wanted: &[&str]) -> Option<Bound<'v>> {
    match view.store.column(field) {
        Column::Empty => Some(Bound::Never),
        Column::Text(codes) => {
            let is_wanted = |code: u32| match view.store.text(code) {
                Some(Known::Text(text)) => wanted.contains(&text),
                _ => false,
            };
            Some(Bound::Text(codes, view.store.text_codes().map(is_wanted).collect()))
        }
        _ => None,
    }
}
