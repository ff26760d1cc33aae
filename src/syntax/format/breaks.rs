//! Where a line may be broken: the tree tells which places belong together.

use std::ops::Range;

use crate::diagnostic::Span;
use crate::syntax::tree::{Expr, ExprKind, Phrase, Term};

use super::token::{self, Token};

/// A token that may start a line.
#[derive(Debug)]
pub(super) struct Break {
    pub(super) at: usize,
    /// The lower, the sooner a line is broken here.
    pub(super) level: usize,
    /// The tokens of what is broken: if one of its places is, so are the others.
    pub(super) whole: Range<usize>,
    /// As much as fits goes on a line instead.
    pub(super) fills: bool,
}

/// Collects the places of an item.
pub(super) struct Breaks<'t> {
    tokens: &'t [Token<'t>],
    found: Vec<Break>,
}

impl<'t> Breaks<'t> {
    pub(super) fn new(tokens: &'t [Token<'t>]) -> Self {
        Breaks { tokens, found: Vec::new() }
    }

    /// What was collected, in the order of the places.
    pub(super) fn finish(mut self) -> Vec<Break> {
        self.found.sort_by_key(|place| (place.at, place.level));
        self.found.dedup_by_key(|place| place.at);
        self.found
    }

    /// The first token that does not start before the byte.
    pub(super) fn index(&self, byte: u32) -> usize {
        token::index(self.tokens, byte)
    }

    /// Which of the tokens stand at a place.
    pub(super) fn range(&self, place: Span) -> Range<usize> {
        token::range(self.tokens, place)
    }

    pub(super) fn text(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &token.text)
    }

    /// The last of `words` before what starts at the byte. Between them stand no more than the
    /// `not`s or minus signs that undo each other.
    pub(super) fn before(&self, byte: u32, words: &[&str]) -> usize {
        let index = self.index(byte);
        (0..index).rev().find(|i| words.contains(&self.text(*i))).unwrap_or(index)
    }

    pub(super) fn add(&mut self, at: usize, depth: usize, whole: Range<usize>) {
        self.found.push(Break { at, level: depth * 2, whole, fills: false });
    }

    pub(super) fn fill(&mut self, at: usize, depth: usize, whole: Range<usize>) {
        self.found.push(Break { at, level: depth * 2 + 1, whole, fills: true });
    }

    /// After each comma of the tokens.
    pub(super) fn commas(&mut self, range: Range<usize>, depth: usize) {
        for at in range.clone().skip(1) {
            if self.text(at - 1) == "," {
                self.fill(at, depth, range.clone());
            }
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr, depth: usize) {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Or(parts) => self.chain(span, parts.iter(), &["or"], depth),
            ExprKind::And(parts) => self.chain(span, parts.iter(), &["and"], depth),
            ExprKind::Sum(terms) => self.chain(span, exprs(terms), &["+", "-"], depth),
            ExprKind::Product(factors) => exprs(factors).for_each(|part| self.expr(part, depth)),
            ExprKind::Compare { left, right, .. } => {
                self.expr(left, depth);
                self.expr(right, depth);
            }
            ExprKind::Between { left, low, high, .. } => {
                [left, low, high].into_iter().for_each(|part| self.expr(part, depth));
            }
            ExprKind::OneOf { left, .. } => {
                self.expr(left, depth);
                self.commas(self.index(left.span.end)..self.index(span.end), depth + 1);
            }
            ExprKind::Paren(inner) => self.expr(inner, depth + 1),
            ExprKind::Not(inner)
            | ExprKind::Negative(inner)
            | ExprKind::Is { left: inner, .. }
            | ExprKind::Known { left: inner, .. }
            | ExprKind::KnownWithin { left: inner, .. }
            | ExprKind::Contains { left: inner, .. }
            | ExprKind::StartsWith { left: inner, .. }
            | ExprKind::InWindow { left: inner, .. }
            | ExprKind::Before { left: inner, .. }
            | ExprKind::After { left: inner, .. } => self.expr(inner, depth),
            ExprKind::Share { of, that } => {
                self.add(self.before(that.span.start, &["that"]), depth, self.range(span));
                self.phrase(of, depth + 1);
                self.expr(that, depth + 1);
            }
            ExprKind::Next { phrase, .. }
            | ExprKind::Followed { phrase, .. }
            | ExprKind::Within { phrase, .. }
            | ExprKind::Every { phrase, .. }
            | ExprKind::Aggregate { of: phrase, .. }
            | ExprKind::LongestGap(phrase)
            | ExprKind::DaysSince(phrase)
            | ExprKind::Phrase(phrase) => self.phrase(phrase, depth),
            ExprKind::IsA { .. }
            | ExprKind::Meets(_)
            | ExprKind::Words(_)
            | ExprKind::Path(_)
            | ExprKind::Number { .. }
            | ExprKind::Text(_)
            | ExprKind::Duration(_)
            | ExprKind::Date(_)
            | ExprKind::Instant(_)
            | ExprKind::Today => {}
        }
    }

    /// Before each of `words` that joins two parts.
    fn chain<'e>(
        &mut self,
        span: Span,
        parts: impl Iterator<Item = &'e Expr>,
        words: &[&str],
        depth: usize,
    ) {
        for (i, part) in parts.enumerate() {
            if i > 0 {
                self.add(self.before(part.span.start, words), depth, self.range(span));
            }
            self.expr(part, depth + 1);
        }
    }

    pub(super) fn phrase(&mut self, phrase: &Phrase, depth: usize) {
        let whole = self.range(phrase.span);
        let mut link = Some(phrase);
        while let Some(phrase) = link {
            if let [first, .., last] = phrase.alternatives.as_slice() {
                let whole = self.range(first.span.to(last.span));
                for words in phrase.alternatives.iter().skip(1) {
                    self.fill(self.before(words.span.start, &["|"]), depth + 1, whole.clone());
                }
            }
            if let Some(filter) = &phrase.filter {
                self.add(self.before(filter.span.start, &["where"]), depth, whole.clone());
                self.expr(filter, depth + 1);
            }
            link = phrase.on.as_deref();
        }
    }
}

fn exprs(terms: &[Term]) -> impl Iterator<Item = &Expr> {
    terms.iter().map(|term| &term.expr)
}
