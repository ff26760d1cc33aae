//! A change of a rule's text, and the walk over an item that finds where changes can be made.

use super::MutantKind;
use crate::diagnostic::Span;
use crate::syntax::Tokens;
use crate::syntax::tree::{DateExpr, Expr, ExprKind, Item, ItemKind, Modifiers, Phrase, Spanned};

/// Other text in the place of some.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edit {
    pub(super) kind: MutantKind,
    pub(super) span: Span,
    pub(super) text: String,
}

/// Every edit of an item. `text` is its file, without comments.
pub(super) fn edits(item: &Item, text: &str) -> Vec<Edit> {
    let mut editor = Editor { text, item: item.span, edits: Vec::new() };
    match &item.kind {
        ItemKind::Rule(rule) => {
            editor.phrase(&rule.subject);
            editor.expr(&rule.condition);
            editor.booleans(&rule.condition);
            editor.modifiers(&rule.modifiers);
            editor.prorate(rule);
        }
        ItemKind::Define { body, .. } => {
            editor.expr(body);
            editor.booleans(body);
        }
        ItemKind::Segment { body, .. } => editor.phrase(body),
        ItemKind::List(list) => {
            editor.phrase(&list.phrase);
            editor.list(list);
        }
        // Goals have no tests, and the others say nothing that a test could look at.
        ItemKind::Goal(_)
        | ItemKind::Calendar(_)
        | ItemKind::Use(_)
        | ItemKind::Activity(_)
        | ItemKind::Field { .. }
        | ItemKind::Test(_) => {}
    }
    editor.edits
}

/// Finds the edits of an item; what can be got wrong where is said in a file for each.
pub(super) struct Editor<'t> {
    /// The file of the item, without comments.
    text: &'t str,
    pub(super) item: Span,
    edits: Vec<Edit>,
}

impl Editor<'_> {
    /// What is written at a place.
    pub(super) fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Puts other text in the place of what is written there.
    pub(super) fn replace(&mut self, kind: MutantKind, span: Span, text: impl Into<String>) {
        let text = text.into();
        if self.slice(span) != text {
            self.edits.push(Edit { kind, span, text });
        }
    }

    /// Puts words after a place.
    pub(super) fn insert_after(&mut self, kind: MutantKind, span: Span, words: &str) {
        self.replace(kind, Span { start: span.end, ..span }, format!(" {words}"));
    }

    /// Leaves out what is written there, with the space before it.
    pub(super) fn leave_out(&mut self, kind: MutantKind, span: Span) {
        let start = self.end_before(span.start);
        self.replace(kind, Span { start, ..span }, "");
    }

    /// Leaves out what is written up to another place.
    pub(super) fn leave_out_up_to(&mut self, kind: MutantKind, span: Span, next: Span) {
        self.replace(kind, Span { end: next.start, ..span }, "");
    }

    /// Where what is written before a place ends.
    fn end_before(&self, at: u32) -> u32 {
        let before = self.text.get(..at as usize).unwrap_or("").trim_end();
        u32::try_from(before.len()).unwrap_or(at)
    }

    /// From a word that stands just before a place to the end of that place.
    pub(super) fn with_word_before(&self, word: &str, span: Span) -> Option<Span> {
        let end = self.end_before(span.start);
        let start = end.checked_sub(u32::try_from(word.len()).ok()?)?;
        let found = Span { start, end, ..span };
        (start >= self.item.start && self.slice(found) == word).then_some(Span { start, ..span })
    }

    /// The tokens of a place, with their own.
    pub(super) fn tokens(&self, span: Span) -> Vec<Spanned<&str>> {
        let place = |start: usize| span.start + u32::try_from(start).unwrap_or(u32::MAX);
        let tokens = Tokens::new(self.slice(span)).map(|token| Spanned {
            value: token.text,
            span: Span { start: place(token.start), end: place(token.end()), ..span },
        });
        tokens.collect()
    }

    /// A word between two places.
    pub(super) fn word_between(&self, word: &str, first: Span, second: Span) -> Option<Span> {
        let between = Span { start: first.end, end: second.start, ..first };
        let tokens = self.tokens(between);
        tokens.iter().find(|token| token.value == word).map(|token| token.span)
    }

    fn phrase(&mut self, phrase: &Phrase) {
        self.words(&phrase.alternatives);
        if let Some(on) = &phrase.on {
            self.on(on);
            self.phrase(on);
        }
        if let Some(filter) = &phrase.filter {
            self.filter(filter);
            self.expr(filter);
            self.booleans(filter);
        }
        if let Some(dated) = &phrase.dated {
            self.dated(dated.span);
        }
        if let Some(spaced) = &phrase.spaced {
            self.spaced(spaced.span);
            self.duration(spaced);
        }
    }

    fn modifiers(&mut self, modifiers: &Modifiers) {
        if let Some(unless) = &modifiers.unless {
            self.modifier(MutantKind::Unless, "unless", unless.span);
            self.expr(unless);
            self.booleans(unless);
        }
        if let Some(grace) = &modifiers.grace {
            self.modifier(MutantKind::Grace, "grace", grace.span);
            self.duration(grace);
        }
        if let Some(warn) = &modifiers.warn {
            self.modifier(MutantKind::Warn, "warn", warn.span);
            self.duration(warn);
        }
        for (word, date) in [("since", &modifiers.since), ("until", &modifiers.until)] {
            if let Some(date) = date {
                self.modifier(MutantKind::InForce, word, date.span);
                self.date(date.span);
            }
        }
    }

    /// What can be wrong in a condition or measure, but for its `and`s and `or`s.
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Or(parts) | ExprKind::And(parts) => {
                parts.iter().for_each(|part| self.expr(part));
            }
            ExprKind::Not(inner) => {
                self.not(expr, inner);
                self.expr(inner);
            }
            ExprKind::Paren(inner) | ExprKind::Negative(inner) => self.expr(inner),
            ExprKind::Compare { left, op, right, window } => {
                self.comparison(op);
                self.expr(left);
                self.expr(right);
                if let Some(window) = window {
                    self.window(window);
                    self.leave_out(MutantKind::Window, window.span);
                }
            }
            ExprKind::Between { left, low, high, window } => {
                [left, low, high].into_iter().for_each(|part| self.expr(part));
                if let Some(window) = window {
                    self.window(window);
                    self.leave_out(MutantKind::Window, window.span);
                }
            }
            ExprKind::Is { left, value, .. } => {
                self.negated(left.span, value.span);
                self.expr(left);
            }
            ExprKind::IsA { words, .. } => {
                self.negated(Span { end: expr.span.start, ..expr.span }, words.span)
            }
            ExprKind::Known { left, .. } => {
                self.known(Span { start: left.span.end, ..expr.span });
                self.expr(left);
            }
            ExprKind::KnownWithin { within, .. } => self.duration(within),
            ExprKind::OneOf { left, values, .. } => {
                self.one_of(left.span, values);
                self.expr(left);
            }
            ExprKind::InWindow { left, window } => {
                self.not_in(window.span);
                self.window(window);
                self.expr(left);
            }
            ExprKind::Before { left, date } => {
                self.side(left.span, ("before", "after"), date);
                self.expr(left);
            }
            ExprKind::After { left, date } => {
                self.side(left.span, ("after", "before"), date);
                self.expr(left);
            }
            ExprKind::Next { phrase, within } => {
                if let Some(within) = within {
                    self.next_within(within);
                }
                self.phrase(phrase);
            }
            ExprKind::Followed { phrase, booked, within } => {
                self.booked(phrase.span, *booked, within.span);
                self.duration(within);
                self.phrase(phrase);
            }
            ExprKind::Within { phrase, within, of, .. } => {
                self.anchor(within.span, of.span);
                self.duration(within);
                self.phrase(phrase);
            }
            ExprKind::Every { phrase, every } => {
                self.duration(every);
                self.phrase(phrase);
            }
            ExprKind::Sum(terms) | ExprKind::Product(terms) => {
                terms.iter().for_each(|term| self.expr(&term.expr));
            }
            ExprKind::Aggregate { function, of, .. } => {
                self.function(expr.span, *function, of.span);
                self.phrase(of);
            }
            ExprKind::LongestGap(of) | ExprKind::DaysSince(of) | ExprKind::Phrase(of) => {
                self.phrase(of);
            }
            ExprKind::Share { of, that } => {
                self.phrase(of);
                self.expr(that);
                self.booleans(that);
            }
            ExprKind::Words(_) => self.noun(expr.span),
            ExprKind::Number { .. } => self.threshold(expr.span),
            ExprKind::Duration(duration) => {
                self.duration(&Spanned { value: *duration, span: expr.span });
            }
            ExprKind::Date(_) => self.date(expr.span),
            ExprKind::Contains { left, .. } | ExprKind::StartsWith { left, .. } => self.expr(left),
            ExprKind::Meets(_)
            | ExprKind::Path(_)
            | ExprKind::Text(_)
            | ExprKind::Instant(_)
            | ExprKind::Today => {}
        }
    }

    /// A date that a test or window names.
    pub(super) fn date_expr(&mut self, date: &DateExpr, span: Span) {
        if matches!(date, DateExpr::Date(_)) {
            self.date(span);
        }
    }
}
