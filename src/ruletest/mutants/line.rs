//! A change as one line.

use std::fmt;

use super::edit::Edit;

/// The line that is changed: what stands before, what is taken out, what is put in, what stands
/// after. A change that goes over several lines is shown on one.
///
/// `Display` marks the change as `touchpoints >= [-4-]{+5+} per year`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What stands before the change.
    pub before: String,
    /// What is taken out; may be empty.
    pub removed: String,
    /// What is put in; may be empty.
    pub added: String,
    /// What stands after it.
    pub after: String,
}

impl Change {
    /// Of a text without comments.
    pub(super) fn of(edit: &Edit, text: &str) -> Change {
        let slice = |start: usize, end: usize| text.get(start..end).unwrap_or("");
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let removed = slice(start, end);
        // What goes with its space before it starts where the words do.
        let space = removed.len() - removed.trim_start().len();
        let line_start = slice(0, start + space).rfind('\n').map_or(0, |at| at + 1);
        let rest = slice(end, text.len());
        let line_end = end + rest.find('\n').unwrap_or(rest.len());
        Change {
            before: fold(slice(line_start, start + space)).trim_start().to_owned(),
            removed: fold(slice(start + space, end)),
            added: edit.text.clone(),
            after: fold(slice(end, line_end)).trim_end().to_owned(),
        }
    }

    /// The line without the change.
    pub fn old_line(&self) -> String {
        fold(&[&self.before, &self.removed, &self.after].map(String::as_str).concat())
            .trim()
            .to_owned()
    }

    /// The line with the change.
    pub fn new_line(&self) -> String {
        fold(&[&self.before, &self.added, &self.after].map(String::as_str).concat())
            .trim()
            .to_owned()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.before)?;
        let edge = |text: &str| {
            let inner = text.trim();
            let start = text.len() - text.trim_start().len();
            (
                text.get(..start).unwrap_or("").to_owned(),
                inner.to_owned(),
                text.ends_with(' ') && !inner.is_empty(),
            )
        };
        let mut space_after = false;
        for (open, close, text) in [("[-", "-]", &self.removed), ("{+", "+}", &self.added)] {
            let (space, inner, ends) = edge(text);
            if !inner.is_empty() {
                write!(f, "{space}{open}{inner}{close}")?;
            }
            space_after |= ends;
        }
        if space_after {
            f.write_str(" ")?;
        }
        f.write_str(&self.after)
    }
}

/// White space within and around as single spaces.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            folded.push(c);
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded
}
