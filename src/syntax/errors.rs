//! What the grammar expected and found, in words.

use crate::diagnostic::{Code, Diagnostic};

use super::grammar::{Failure, Part, Rule};

/// Says why a part cannot be read as `rule`.
pub(super) fn explain(rule: Rule, part: Part<'_>, failure: &Failure) -> Diagnostic {
    let message = format!("{rule:?} {:?}", failure.expected);
    Diagnostic::error(Code::K001, part.span(failure.at, part.text.len()), message)
}
