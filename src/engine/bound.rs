//! Tests of things, bound to the columns that they read: a text is looked up once, not for every
//! thing.

use super::store::{Column, Known, Sparse};
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

    /// Whether a thing, which is present, passes for sure.
    pub(super) fn holds(&self, view: &View<'_>, item: Item) -> bool {
        match self {
            Bound::Always => true,
            Bound::Never => false,
            Bound::Text(codes, wanted) => {
                let is_wanted = |code: u32| wanted.get(code as usize).copied().unwrap_or(false);
                codes.get(item.row).is_some_and(is_wanted)
            }
            Bound::All(parts) => parts.iter().all(|part| part.holds(view, item)),
            Bound::Any(parts) => parts.iter().any(|part| part.holds(view, item)),
            Bound::Else(test) => view.check(item, test).is_yes(),
        }
    }
}

fn where_text<'v>(view: &View<'v>, condition: ConditionId) -> Option<Bound<'v>> {
    let Condition::Field { path: Path { steps, .. }, test } = view.plan.condition(condition) else {
        return None;
    };
    let [field] = steps.as_slice() else { return None };
    let fields = &view.store.fields;
    // What these say depends on the moment.
    let moves = [
        fields.activity_kind,
        fields.activity_status,
        fields.opportunity_status,
        fields.lead_status,
    ];
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
    match test {
        FieldTest::Equals(literal) => text(view, *field, &texts(std::slice::from_ref(literal))?),
        FieldTest::OneOf(literals) => text(view, *field, &texts(literals)?),
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
