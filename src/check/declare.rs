//! Declared fields.

use std::collections::HashMap;

use super::names::{Named, Names};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::{FieldType, Noun, Schema};
use crate::syntax::is_reserved;
use crate::syntax::tree::{Item, ItemKind, Spanned, Words};

const TYPES: [(&str, FieldType); 5] = [
    ("text", FieldType::Text),
    ("number", FieldType::Number),
    ("date", FieldType::Date),
    ("instant", FieldType::Instant),
    ("yes-no", FieldType::YesNo),
];

/// Adds the declared fields to the schema.
pub(super) fn fields(
    items: &[Item],
    names: &Names<'_>,
    schema: &mut Schema,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut declared = HashMap::new();
    for item in items {
        let ItemKind::Field { noun, name, kind } = &item.kind else { continue };
        match field(noun, name, kind, names, schema, &declared) {
            Ok((noun, kind)) => {
                schema.add_field(noun, &name.value, kind);
                declared.insert((noun, name.value.clone()), name.span);
            }
            Err(faults) => diagnostics.extend(faults),
        }
    }
}

fn field(
    noun: &Words,
    name: &Words,
    kind: &Spanned<String>,
    names: &Names<'_>,
    schema: &Schema,
    declared: &HashMap<(Noun, String), Span>,
) -> Result<(Noun, FieldType), Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let of = of_noun(noun, names).map_err(|fault| faults.push(*fault)).ok();
    let found = TYPES.iter().find(|(text, _)| *text == kind.value);
    if found.is_none() {
        let message = format!("unknown type `{}`", kind.value);
        let fault = Diagnostic::error(Code::K024, kind.span, message)
            .help("a field is text, number, date, instant or yes-no");
        faults.push(fault.did_you_mean(&kind.value, TYPES.iter().map(|(text, _)| *text)));
    }
    if is_reserved(&name.value) {
        let message = format!("`{}` is a word of the language and cannot name a field", name.value);
        faults.push(Diagnostic::error(Code::K022, name.span, message));
    }
    if let Some(of) = of
        && schema.field(of, &name.value).is_some()
    {
        let message = format!("{} has a field `{}` already", super::field::a(of), name.value);
        let fault = Diagnostic::error(Code::K016, name.span, message);
        faults.push(match declared.get(&(of, name.value.clone())) {
            Some(first) => fault.note_at(*first, "the first is here"),
            None => fault.label("a standard field"),
        });
    }
    match (of, found) {
        (Some(of), Some((_, kind))) if faults.is_empty() => Ok((of, *kind)),
        _ => Err(faults),
    }
}

fn of_noun(noun: &Words, names: &Names<'_>) -> Result<Noun, Box<Diagnostic>> {
    let Words { value: text, span } = noun;
    match names.get(text) {
        Some(Named::Noun(Noun::Company)) => {
            let message = "the company has no table that could hold a field";
            Err(Diagnostic::error(Code::K011, *span, message).into())
        }
        Some(Named::Noun(noun)) => Ok(*noun),
        Some(Named::Kind(_)) => {
            let message = format!("`{text}` is a kind of activity, fields are declared for all");
            Err(Diagnostic::error(Code::K012, *span, message)
                .label("did you mean `activity`?")
                .fix(*span, "activity")
                .into())
        }
        _ => Err(Diagnostic::error(Code::K012, *span, format!("unknown noun `{text}`"))
            .did_you_mean(text, Noun::ALL.iter().map(|noun| noun.singular()))
            .into()),
    }
}
