//! `and`, `or` and `not`.

use super::MutantKind;
use super::edit::Editor;
use crate::diagnostic::Span;
use crate::syntax::tree::{Expr, ExprKind};

impl Editor<'_> {
    /// `and` for `or` and back, and each part left out, at every level of a condition.
    pub(super) fn booleans(&mut self, expr: &Expr) {
        let (parts, word, other) = match &expr.kind {
            ExprKind::And(parts) => (parts, "and", "or"),
            ExprKind::Or(parts) => (parts, "or", "and"),
            ExprKind::Not(inner) | ExprKind::Paren(inner) => return self.booleans(inner),
            _ => return,
        };
        for (part, next) in parts.iter().zip(parts.iter().skip(1)) {
            if let Some(word) = self.word_between(word, part.span, next.span) {
                self.replace(MutantKind::AndOr, word, other);
            }
            self.leave_out_up_to(MutantKind::Part, part.span, next.span);
        }
        if let [.., before, last] = parts.as_slice() {
            let tail = Span { start: before.span.end, ..last.span };
            self.leave_out(MutantKind::Part, tail);
        }
        parts.iter().for_each(|part| self.booleans(part));
    }

    /// `not C` as `C`.
    pub(super) fn not(&mut self, whole: &Expr, inner: &Expr) {
        let place = if whole.span.start < inner.span.start {
            Some(Span { end: inner.span.start, ..whole.span })
        } else {
            // `is not followed by`: the word is inside.
            let found = self.tokens(whole.span).into_iter().find(|token| token.value == "not");
            found.map(|token| token.span)
        };
        match place {
            Some(place) if place.start == whole.span.start => {
                self.replace(MutantKind::Not, place, "")
            }
            Some(place) => self.leave_out(MutantKind::Not, place),
            None => {}
        }
    }

    /// `is not VALUE` as `is VALUE`.
    pub(super) fn negated(&mut self, left: Span, value: Span) {
        if let Some(not) = self.word_between("not", left, value) {
            self.leave_out(MutantKind::Not, not);
        }
    }

    /// `not in WINDOW` as `in WINDOW`: the place of the window starts with its `not`.
    pub(super) fn not_in(&mut self, window: Span) {
        let tokens = self.tokens(window);
        if let Some(not) = tokens.first().filter(|token| token.value == "not") {
            let not = not.span;
            self.leave_out(MutantKind::Not, not);
        }
    }

    /// `known` for `unknown`, and back.
    pub(super) fn known(&mut self, test: Span) {
        let tokens = self.tokens(test);
        let found = tokens.iter().find_map(|token| match token.value {
            "known" => Some((token.span, "unknown")),
            "unknown" => Some((token.span, "known")),
            _ => None,
        });
        if let Some((place, other)) = found {
            self.replace(MutantKind::Not, place, other);
        }
    }

    /// `not in (a, b)` as `in (a, b)`, and each value left out.
    pub(super) fn one_of(&mut self, left: Span, values: &[Expr]) {
        let Some(first) = values.first() else { return };
        self.negated(left, first.span);
        let places: Vec<Span> = values.iter().map(|value| value.span).collect();
        self.each_left_out(&places);
    }

    /// Leaves each of several out, with the sign that joins it to the next or to the one before.
    pub(super) fn each_left_out(&mut self, places: &[Span]) {
        for (place, next) in places.iter().zip(places.iter().skip(1)) {
            self.leave_out_up_to(MutantKind::Union, *place, *next);
        }
        if let [.., before, last] = places {
            self.leave_out(MutantKind::Union, Span { start: before.end, ..*last });
        }
    }
}
