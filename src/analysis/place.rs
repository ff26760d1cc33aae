//! Where a text that the check has folded stands in its item.

use crate::diagnostic::{Sources, Span};
use crate::syntax::tree::Item;

/// The first place of an item at which `folded` stands as whole words, whatever white space and
/// comments are between them; none where it comes from elsewhere, a definition say.
pub(super) fn place(sources: &Sources, item: &Item, folded: &str) -> Option<Span> {
    let text = sources.slice(item.span);
    let first = folded.split(' ').next().filter(|word| !word.is_empty())?;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let joins = |a: Option<char>, b: Option<char>| a.is_some_and(is_word) && b.is_some_and(is_word);
    text.match_indices(first).find_map(|(start, _)| {
        let (before, rest) = text.split_at_checked(start)?;
        let length = read(rest, folded)?;
        let after = rest.get(length..)?;
        if joins(before.chars().next_back(), folded.chars().next())
            || joins(folded.chars().next_back(), after.chars().next())
        {
            return None;
        }
        let at = |offset: usize| item.span.start + u32::try_from(offset).unwrap_or(0);
        Some(Span { start: at(start), end: at(start + length), ..item.span })
    })
}

/// How much of a text reads as `folded`, from its start.
fn read(text: &str, folded: &str) -> Option<usize> {
    let mut rest = text;
    for c in folded.chars() {
        rest = match rest.strip_prefix(c) {
            Some(after) if c != ' ' => after,
            _ if c == ' ' => Some(white(rest)).filter(|after| after.len() < rest.len())?,
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

#[cfg(test)]
mod tests {
    use super::place;
    use crate::diagnostic::Sources;
    use crate::syntax;

    fn found(text: &str, folded: &str) -> Option<String> {
        let mut sources = Sources::default();
        let id = sources.add("a.kpi", text);
        let (file, _) = syntax::parse(&sources, id, usize::MAX);
        let span = place(&sources, file.items.first().unwrap(), folded)?;
        Some(sources.slice(span).to_owned())
    }

    #[test]
    fn a_text_is_found_across_lines_and_comments() {
        let text = "customer: calls  # often\n    # very\n    >= 1 per year\n";
        let written = "calls  # often\n    # very\n    >= 1";
        assert_eq!(found(text, "calls >= 1").as_deref(), Some(written));
    }

    #[test]
    fn words_are_whole() {
        let text =
            "customer: recalled >= 1 and calls >= 11 or calls >= 1 as æ-calls\nfield x.y: number";
        let at = |folded| found(text, folded);
        assert_eq!(at("calls >= 1").as_deref(), Some("calls >= 1"));
        assert_eq!(at("called >= 1"), None);
        assert_eq!(at("calls >= 111"), None);
        assert_eq!(at("number"), None);
        assert_eq!(at(""), None);
    }
}
