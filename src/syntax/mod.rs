//! Text to spanned tree, with every error at once.

mod build;
mod calendar;
mod errors;
mod expr;
mod fieldtest;
mod format;
mod grammar;
mod hints;
mod items;
mod measure;
mod phrase;
mod print;
mod ruletest;
mod scan;
mod slips;
pub(crate) mod tree;
mod value;

use crate::diagnostic::{Code, Diagnostic, FileId, Sources};

pub(crate) use format::format;
use grammar::Part;
pub(crate) use scan::{Tokens, comments, without_comments};
use tree::{File, Item};

/// The words that have a meaning everywhere, so that no name may contain them.
pub(crate) const RESERVED: &[&str] = &[
    "after", "and", "are", "as", "assume", "because", "before", "between", "booked", "by",
    "contains", "dated", "every", "followed", "from", "grace", "in", "is", "known", "meet",
    "meets", "next", "not", "of", "on", "or", "per", "prorate", "severity", "since", "spaced",
    "starts", "supports", "that", "this", "through", "today", "unknown", "unless", "until", "warn",
    "weight", "where", "within",
];

/// Whether a word is one of [`RESERVED`].
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// Reads a file of at most `limit` bytes: the items that could be read, and every error.
pub(crate) fn parse(sources: &Sources, file: FileId, limit: usize) -> (File, Vec<Diagnostic>) {
    let text = sources.text(file);
    let mut tree = File { file, items: Vec::new(), broken: Vec::new() };
    let whole = Part { file, start: 0, text };
    if text.len() > limit.min(u32::MAX as usize) {
        let line = text.lines().next().unwrap_or("");
        let message = format!("a file of {} bytes; at most {limit} are read", text.len());
        let diagnostic = Diagnostic::error(Code::K004, whole.span(0, line.len()), message)
            .help("spread the rules over several files, joined by `use`");
        return (tree, vec![diagnostic]);
    }
    let text = scan::without_comments(text);
    let (items, mut diagnostics) = items::split(file, &text);
    for item in items {
        let place = item.whole();
        match read(item, &mut diagnostics) {
            Some(item) => tree.items.push(item),
            None => tree.broken.push(place),
        }
    }
    (tree, diagnostics)
}

/// Reads one item.
fn read(item: Part<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Item> {
    let kind = match items::kind(item) {
        Ok(kind) => kind,
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            return None;
        }
    };
    let mut builder = build::Builder::default();
    let built = builder.item(kind, item);
    if built.is_none() && builder.diagnostics.is_empty() {
        let message = "this item cannot be read";
        builder.diagnostics.push(Diagnostic::error(Code::K001, item.whole(), message));
    }
    diagnostics.append(&mut builder.diagnostics);
    built
}

#[cfg(test)]
mod tests;
