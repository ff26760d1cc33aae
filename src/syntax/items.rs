//! A file is a list of items: each starts in column one, and indented lines continue it.

use crate::diagnostic::{Code, Diagnostic, FileId, Span};

/// The spans of the items, and what stands where nothing can be continued.
pub(super) fn split(file: FileId, text: &str) -> (Vec<Span>, Vec<Diagnostic>) {
    let mut items: Vec<Span> = Vec::new();
    let mut diagnostics = Vec::new();
    let mut orphaned = false;
    let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in text.get(start..).unwrap_or("").split_inclusive('\n') {
        let content = line.trim_end();
        let indent = content.len() - content.trim_start().len();
        let is_free = content.trim_start().is_empty() || content.trim_start().starts_with('#');
        let span =
            |from: usize| Span { file, start: offset(from), end: offset(start + content.len()) };
        if is_free {
            // Blank and comment lines belong to nobody.
        } else if indent == 0 {
            items.push(span(start));
            orphaned = false;
        } else if let Some(item) = items.last_mut() {
            item.end = offset(start + content.len());
        } else if !orphaned {
            orphaned = true;
            diagnostics.push(
                Diagnostic::error(
                    Code::K002,
                    span(start + indent),
                    "an indented line continues nothing",
                )
                .help("start the item in column one"),
            );
        }
        start += line.len();
    }
    (items, diagnostics)
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
