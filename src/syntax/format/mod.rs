//! Rule files in their one form.
//!
//! What stands in a line is its tokens as they were written, so that nothing is lost; the tree
//! says which of them start lines. Only comments and blank lines are free: two texts with the same
//! tokens, comments and blank lines come out the same.

mod breaks;
mod layout;
mod line;
mod rows;
#[cfg(test)]
mod tests;
mod token;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Sources, Span};

use super::tree::{Item, ItemKind};

use line::Line;
use rows::STEP;
use token::{Gap, Place, Token};

/// The most blank lines between items; inside of an item, one.
const MOST_BLANKS: usize = 2;

/// The text in its one form, or all that is wrong with its syntax.
pub(crate) fn format(name: &str, text: &str, limit: usize) -> Result<String, Diagnostics> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let (tree, all) = super::parse(&sources, file, limit);
    let diagnostics = Diagnostics { all, sources };
    if diagnostics.errors() > 0 {
        return Err(diagnostics);
    }
    let (mut tokens, end) = token::tokens(text);
    for item in &tree.items {
        keep_made_up_id(item, &mut tokens, text);
    }
    let mut lines: Vec<Line<'_>> = Vec::new();
    for item in &tree.items {
        let tokens = tokens.get(token::range(&tokens, item.span)).unwrap_or(&[]);
        let Some(first) = tokens.first() else { continue };
        between(&first.gap, &mut lines);
        let mut of_item = layout::lines(item, tokens);
        if let Some(line) = of_item.first_mut() {
            line.blanks = first.gap.blanks.min(MOST_BLANKS);
        }
        lines.append(&mut of_item);
    }
    between(&end, &mut lines);
    let formatted = line::written(lines);
    if formatted.len() <= limit {
        return Ok(formatted);
    }
    let line = text.lines().next().unwrap_or("");
    let place = Span { file, start: 0, end: u32::try_from(line.len()).unwrap_or(u32::MAX) };
    let message = format!("in form, a file of {} bytes; at most {limit} are read", formatted.len());
    let fault = Diagnostic::error(Code::K004, place, message)
        .help("spread the rules over several files, joined by `use`");
    Err(Diagnostics { all: vec![fault], sources: diagnostics.sources })
}

/// A rule without a name has an id of the letters in its text, escapes included, so its strings stay
/// as they were written.
fn keep_made_up_id(item: &Item, tokens: &mut [Token<'_>], text: &str) {
    let ItemKind::Rule(rule) = &item.kind else { return };
    let range = token::range(tokens, rule.span);
    if let (None, Some(tokens)) = (&rule.modifiers.id, tokens.get_mut(range)) {
        for token in tokens.iter_mut().filter(|token| token.text.starts_with('"')) {
            token.text = text.get(token.start..token.end).unwrap_or("").to_owned().into();
        }
    }
}

/// Adds the comments between two items. Those that stand in belong to the item above.
fn between<'t>(gap: &Gap<'t>, lines: &mut Vec<Line<'t>>) {
    let mut is_inside = !lines.is_empty();
    for comment in &gap.comments {
        if let (Place::Behind, Some(line)) = (comment.place, lines.last_mut()) {
            line.comment = Some(comment.text);
            continue;
        }
        is_inside &= comment.place == Place::Indented;
        let (indent, most) = if is_inside { (STEP, 1) } else { (0, MOST_BLANKS) };
        lines.push(Line {
            blanks: comment.blanks.min(most),
            text: " ".repeat(indent) + comment.text,
            ..Line::default()
        });
    }
}
