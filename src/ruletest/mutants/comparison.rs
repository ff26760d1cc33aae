//! Comparisons that take a bound for the one beside it, or look the other way.

use super::MutantKind;
use super::edit::Editor;
use crate::diagnostic::Span;
use crate::syntax::tree::{Cmp, DateExpr, Spanned};

impl Editor<'_> {
    pub(super) fn comparison(&mut self, op: &Spanned<Cmp>) {
        let others: &[&str] = match op.value {
            Cmp::AtLeast => &[">"],
            Cmp::More => &[">="],
            Cmp::AtMost => &["<"],
            Cmp::Less => &["<="],
            Cmp::Equal => &[">=", "<="],
            Cmp::Unequal => &["="],
        };
        for other in others {
            self.replace(MutantKind::Comparison, op.span, *other);
        }
    }

    /// `before` for `after` a date, and back.
    pub(super) fn side(&mut self, left: Span, words: (&str, &str), date: &Spanned<DateExpr>) {
        if let Some(word) = self.word_between(words.0, left, date.span) {
            self.replace(MutantKind::Comparison, word, words.1);
        }
        self.date_expr(&date.value, date.span);
    }

    /// `within … of` a field for `within … before` it, and back.
    pub(super) fn anchor(&mut self, within: Span, of: Span) {
        for (word, other) in [("of", "before"), ("before", "of")] {
            if let Some(word) = self.word_between(word, within, of) {
                self.replace(MutantKind::Anchor, word, other);
            }
        }
    }
}
