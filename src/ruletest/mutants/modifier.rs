//! Modifiers of rules, and what lists say of order and number.

use super::MutantKind;
use super::edit::Editor;
use super::threshold::beside;
use crate::diagnostic::Span;
use crate::syntax::tree::{List, Per, Rule};

impl Editor<'_> {
    /// A modifier left out, with the word that stands before its value.
    pub(super) fn modifier(&mut self, kind: MutantKind, word: &str, value: Span) {
        if let Some(clause) = self.with_word_before(word, value) {
            self.leave_out(kind, clause);
        }
    }

    /// `prorate` put in or left out.
    pub(super) fn prorate(&mut self, rule: &Rule) {
        match rule.modifiers.prorate {
            Some(place) => self.leave_out(MutantKind::Prorate, place),
            None => self.insert_after(MutantKind::Prorate, rule.span, "prorate"),
        }
    }

    /// The other way round, and more or fewer, for others.
    pub(super) fn list(&mut self, list: &List) {
        let mut end = list.phrase.span.end;
        if let Some(sort) = &list.sort {
            let field = sort.field.span;
            let tail = Span { start: field.end, end: self.item.end, ..field };
            let direction = self.tokens(tail).first().map(|token| (token.span, token.value));
            match direction {
                Some((place, "descending")) => self.replace(MutantKind::Sort, place, "ascending"),
                Some((place, "ascending")) => self.replace(MutantKind::Sort, place, "descending"),
                _ => self.insert_after(MutantKind::Sort, field, "descending"),
            }
            end = field.end;
        }
        let Some(limit) = &list.limit else { return };
        let tail = Span { start: end, ..self.item };
        let tokens = self.tokens(tail);
        let at = |n: usize| tokens.get(n).map(|token| (token.span, token.value.to_owned()));
        let Some(word) = tokens.iter().position(|token| token.value == "limit") else { return };
        let (Some((clause, _)), Some((number, written))) = (at(word), at(word + 1)) else { return };
        let per = at(word + 2).zip(at(word + 3)).map(|((per, _), (whose, _))| (per, whose));
        self.leave_out(MutantKind::Limit, clause.to(tail));
        for up in [false, true] {
            if let Some(other) = beside(&written, up) {
                self.replace(MutantKind::Limit, number, other);
            }
        }
        match (limit.per, per) {
            (Some(whose), Some((per, place))) => {
                self.leave_out(MutantKind::Limit, per.to(place));
                let other = if whose == Per::Seller { "team" } else { "seller" };
                self.replace(MutantKind::Limit, place, other);
            }
            _ => self.insert_after(MutantKind::Limit, number, "per seller"),
        }
    }
}
