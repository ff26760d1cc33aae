//! Phrases that name more than what was meant, or less, and measures of another kind.

use super::MutantKind;
use super::edit::Editor;
use crate::diagnostic::Span;
use crate::syntax::tree::{Expr, Function, Words};

impl Editor<'_> {
    /// Adjectives and nouns.
    pub(super) fn words(&mut self, alternatives: &[Words]) {
        for words in alternatives {
            self.narrower(words.span);
        }
        if let Some(first) = alternatives.first() {
            self.any(first.span);
        }
        let places: Vec<Span> = alternatives.iter().map(|words| words.span).collect();
        // Adjectives of the first hold for all: only its noun would be left out.
        self.each_left_out(&places);
    }

    /// Words that may be a phrase of their own.
    pub(super) fn noun(&mut self, words: Span) {
        self.narrower(words);
        self.any(words);
    }

    /// Each word but the last left out, and the segment of `A-customer`.
    fn narrower(&mut self, words: Span) {
        let tokens: Vec<(Span, String)> = self
            .tokens(words)
            .into_iter()
            .map(|token| (token.span, token.value.to_owned()))
            .collect();
        for ((word, _), (next, _)) in tokens.iter().zip(tokens.iter().skip(1)) {
            self.leave_out_up_to(MutantKind::Adjective, *word, *next);
        }
        for (word, written) in &tokens {
            for (dash, _) in written.match_indices('-') {
                if let Some(noun) = written.get(dash + 1..).filter(|noun| !noun.is_empty()) {
                    self.replace(MutantKind::Adjective, *word, noun);
                }
            }
        }
    }

    /// Planned ones too.
    fn any(&mut self, words: Span) {
        self.replace(MutantKind::Adjective, Span { end: words.start, ..words }, "any ");
    }

    pub(super) fn on(&mut self, on: &crate::syntax::tree::Phrase) {
        if let Some(clause) = self.with_word_before("on", on.span) {
            self.leave_out(MutantKind::On, clause);
        }
    }

    pub(super) fn filter(&mut self, filter: &Expr) {
        if let Some(clause) = self.with_word_before("where", filter.span) {
            self.leave_out(MutantKind::Where, clause);
        }
    }

    pub(super) fn dated(&mut self, field: Span) {
        if let Some(clause) = self.with_word_before("dated", field) {
            self.leave_out(MutantKind::Dated, clause);
        }
    }

    pub(super) fn spaced(&mut self, duration: Span) {
        if let Some(clause) = self.with_word_before("spaced", duration) {
            self.leave_out(MutantKind::Spaced, clause);
        }
    }

    /// `booked` put in or left out.
    pub(super) fn booked(&mut self, phrase: Span, booked: bool, within: Span) {
        if !booked {
            self.insert_after(MutantKind::Booked, phrase, "booked");
        } else if let Some(word) = self.word_between("booked", phrase, within) {
            self.leave_out(MutantKind::Booked, word);
        }
    }

    /// The measure that is taken for this one.
    pub(super) fn function(&mut self, whole: Span, function: Function, of: Span) {
        let other = match function {
            Function::Average => "median",
            Function::Median => "average",
            Function::Min => "max",
            Function::Max => "min",
            // The things are counted, however many have the same value.
            Function::Distinct => return self.leave_out_up_to(MutantKind::Measure, whole, of),
            Function::Sum => return,
        };
        let first = self.tokens(whole).first().map(|token| token.span);
        if let Some(word) = first {
            self.replace(MutantKind::Measure, word, other);
        }
    }
}
