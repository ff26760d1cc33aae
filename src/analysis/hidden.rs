//! A number field that hides a noun.
//!
//! "A word that is both a field of the subject and a noun is the field": with
//! `field customer.visits : number`, a rule about customers that counts `visits` reads the number
//! that somebody typed in.

use std::collections::HashSet;

use crate::check::PRELUDE;
use crate::check::rules::Compiled;
use crate::diagnostic::{Code, Diagnostic, Sources};
use crate::model::{FieldType, Noun};
use crate::syntax;
use crate::syntax::tree::{Item, ItemKind};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let declared = rules.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Field { noun, name, .. } => Some((noun, name)),
        _ => None,
    });
    let mut declared = declared.peekable();
    if declared.peek().is_none() {
        return Vec::new();
    }
    let nouns = nouns(rules);
    let mut found = Vec::new();
    for (noun, name) in declared {
        let of = Noun::ALL.into_iter().find(|known| known.singular() == noun.value);
        let kind = of.and_then(|of| rules.schema.field(of, &name.value)).map(|field| field.kind);
        if kind == Some(FieldType::Number) && nouns.contains(&singular(&name.value)) {
            let (things, name_text) = (of.map_or("", Noun::table), &name.value);
            let message = format!("the field `{name_text}` hides the noun `{name_text}`");
            let label = format!(
                "in rules about {things}, `{name_text}` is this number, and none are counted"
            );
            found.push(Diagnostic::warning(Code::K053, name.span, message).label(label));
        }
    }
    found
}

/// What can be counted, in the singular.
fn nouns(rules: &Compiled) -> HashSet<String> {
    let mut sources = Sources::default();
    let prelude = sources.add("prelude.kpi", PRELUDE);
    let (standard, _) = syntax::parse(&sources, prelude, usize::MAX);
    let mut nouns: HashSet<String> =
        Noun::ALL.into_iter().map(|noun| noun.singular().to_owned()).collect();
    nouns.extend(rules.schema.kinds().iter().cloned());
    nouns.extend(given(&rules.items).chain(given(&standard.items)).map(singular));
    nouns
}

fn given(items: &[Item]) -> impl Iterator<Item = &str> {
    let names = items.iter().filter_map(|item| match &item.kind {
        ItemKind::Define { names, .. } => Some(names),
        _ => None,
    });
    names.flatten().map(|name| name.value.as_str())
}

/// Without the end of a regular plural.
fn singular(name: &str) -> String {
    match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s').unwrap_or(name).to_owned(),
    }
}
