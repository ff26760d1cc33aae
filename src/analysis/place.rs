//! Where a text that the check has folded stands in its item.

use crate::diagnostic::{Sources, Span};
use crate::syntax::tree::Item;

/// The first place of an item at which `folded` stands as whole words, whatever white space and
/// comments are between them; none where it comes from elsewhere, a definition say.
pub(super) fn place(sources: &Sources, item: &Item, folded: &str) -> Option<Span> {
    let text = sources.slice(item.span);
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut before = ' ';
    for (start, c) in text.char_indices() {
        let starts = !is_word(before) || !folded.starts_with(is_word);
        before = c;
        let Some(length) = text.get(start..).filter(|_| starts).and_then(|t| read(t, folded))
        else {
            continue;
        };
        let after = text.get(start + length..).and_then(|rest| rest.chars().next());
        if folded.ends_with(is_word) && after.is_some_and(is_word) {
            continue;
        }
        let at = |offset: usize| item.span.start + u32::try_from(offset).unwrap_or(0);
        return Some(Span { start: at(start), end: at(start + length), ..item.span });
    }
    None
}

/// How much of a text reads as `folded`, from its start.
fn read(text: &str, folded: &str) -> Option<usize> {
    let mut rest = text;
    for c in folded.chars() {
        let exact = rest.strip_prefix(c);
        rest = match exact {
            Some(after) if c != ' ' => after,
            _ if c == ' ' => {
                let after = white(rest);
                if after.len() == rest.len() {
                    return None;
                }
                after
            }
            _ => return None,
        };
    }
    Some(text.len() - rest.len())
}

/// The text after its white space and comments.
fn white(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    rest
}
