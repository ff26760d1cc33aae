//! Phrases and windows.

use crate::diagnostic::{Code, Diagnostic, Span};

use super::build::Builder;
use super::grammar::{Node, Rule};
use super::tree::{Expr, Phrase, Spanned, Window, Words};
use super::value::{path, unit, words};

impl Builder {
    /// `where` belongs to the nearest phrase of an `on` chain that has none yet; `dated` and
    /// `spaced`, which are about what is counted, to the whole.
    pub(super) fn phrase(&mut self, node: Node<'_>) -> Option<Phrase> {
        let whole = node.span();
        let mut links: Vec<(Vec<Words>, Span)> = Vec::new();
        let mut filters: Vec<(Expr, Span)> = Vec::new();
        let (mut dated, mut spaced) = (None, None);
        for child in node.children() {
            let span = child.span();
            match child.rule() {
                Rule::simple => {
                    let alternatives = child.children().filter(|node| node.rule() == Rule::words);
                    links.push((alternatives.map(words).collect(), span));
                }
                Rule::where_clause => filters.push((self.filter(child)?, span)),
                Rule::dated => dated = child.children().seek(Rule::field).map(path),
                Rule::spaced => spaced = self.duration(child.children().seek(Rule::duration)?),
                _ => {}
            }
        }
        if let Some((_, span)) = filters.get(links.len()) {
            let message = "a second `where` for the same phrase";
            let help = "join its conditions by `and`";
            self.diagnostics.push(Diagnostic::error(Code::K001, *span, message).help(help));
            filters.truncate(links.len());
        }
        let mut filters = filters.into_iter();
        let mut phrase: Option<Phrase> = None;
        for (alternatives, span) in links.into_iter().rev() {
            let filter = filters.next();
            let end = phrase.as_ref().map(|on| on.span);
            let end = filter.as_ref().map(|(_, clause)| *clause).or(end).unwrap_or(span);
            phrase = Some(Phrase {
                alternatives,
                on: phrase.map(Box::new),
                filter: filter.map(|(expr, _)| Box::new(expr)),
                dated: None,
                spaced: None,
                span: span.to(end),
            });
        }
        phrase.map(|phrase| Phrase { dated, spaced, span: whole, ..phrase })
    }

    fn filter(&mut self, clause: Node<'_>) -> Option<Expr> {
        let inner = clause.children().find(|node| node.rule() != Rule::k_where)?;
        match inner.rule() {
            Rule::paren => self.atom(inner),
            _ => self.expr(inner),
        }
    }

    /// A window, or what stands after the `in` that a test and its window share.
    pub(super) fn window(&mut self, node: Node<'_>) -> Option<Spanned<Window>> {
        let span = node.span();
        let inner =
            node.children().find(|node| !matches!(node.rule(), Rule::k_in | Rule::k_not))?;
        let rule = inner.rule();
        let mut children = inner.children();
        let value = match rule {
            Rule::w_per => Window::Per(unit(&children.seek(Rule::unit)?)?),
            Rule::w_this => Window::This(unit(&children.seek(Rule::unit)?)?),
            Rule::w_previous => Window::Previous(unit(&children.seek(Rule::unit)?)?),
            Rule::w_last => Window::Last(self.duration(children.seek(Rule::duration)?)?.value),
            Rule::w_since => Window::Since(self.moment(children.seek(Rule::moment)?)?.value),
            Rule::w_from => {
                let from = self.moment(children.seek(Rule::moment)?)?.value;
                let until = self.moment(children.seek(Rule::moment)?)?.value;
                Window::FromUntil(from, until)
            }
            _ => return None,
        };
        Some(Spanned { value, span })
    }
}
