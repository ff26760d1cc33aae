//! Tests of an operand that are no comparison: `is`, `in`, `contains`, `before`, `within`, …

use crate::diagnostic::{Code, Span};

use super::build::Builder;
use super::expr::Negation;
use super::grammar::{Node, Nodes, Rule};
use super::tree::{Expr, ExprKind, Phrase, Spanned};
use super::value::{path, text};

impl Builder {
    /// The test that stands after its left operand; the place of both is `span`.
    pub(super) fn field_test(&mut self, left: Expr, node: Node<'_>, span: Span) -> Option<Expr> {
        let rule = node.rule();
        let again = node.clone();
        let mut children = node.children();
        let kind = match rule {
            Rule::is => self.is(Box::new(left), children)?,
            Rule::one_of => {
                let not = children.accept(Rule::k_not).is_some();
                let values = children.filter(|node| node.rule() == Rule::value);
                let values = values.map(|node| self.value(node)).collect::<Option<_>>()?;
                ExprKind::OneOf { left: Box::new(left), not, values }
            }
            Rule::in_window => return self.in_window(left, again, span),
            Rule::contains => {
                let string = children.seek(Rule::string)?;
                ExprKind::Contains { left: Box::new(left), text: string.with(text(&string)) }
            }
            Rule::starts_with => {
                let string = children.seek(Rule::string)?;
                ExprKind::StartsWith { left: Box::new(left), text: string.with(text(&string)) }
            }
            Rule::before => {
                let date = self.moment(children.seek(Rule::moment)?)?;
                ExprKind::Before { left: Box::new(left), date }
            }
            Rule::after => {
                let date = self.moment(children.seek(Rule::moment)?)?;
                ExprKind::After { left: Box::new(left), date }
            }
            Rule::within => {
                let phrase = self.activity_phrase(left, "within")?;
                let within = self.duration(children.seek(Rule::duration)?)?;
                let before = children.accept(Rule::k_before).is_some();
                ExprKind::Within { phrase, within, before, of: path(children.seek(Rule::field)?) }
            }
            Rule::every => {
                let phrase = self.activity_phrase(left, "every")?;
                ExprKind::Every { phrase, every: self.duration(children.seek(Rule::duration)?)? }
            }
            _ => return None,
        };
        Some(Expr { kind, span })
    }

    /// `is [not] VALUE`, `is [not] known`, `is known within DURATION of FIELD`
    fn is(&mut self, left: Box<Expr>, mut nodes: Nodes<'_>) -> Option<ExprKind> {
        nodes.accept(Rule::k_is);
        let not = nodes.accept(Rule::k_not).is_some();
        let inner = nodes.next()?;
        let kind = match inner.rule() {
            Rule::k_known => ExprKind::Known { left, known: !not },
            Rule::k_unknown => ExprKind::Known { left, known: not },
            Rule::known => {
                let mut deadline = inner.children();
                match deadline.seek(Rule::duration) {
                    Some(within) => {
                        let within = self.duration(within)?;
                        let of = path(deadline.seek(Rule::field)?);
                        ExprKind::KnownWithin { left, within, of }
                    }
                    None => ExprKind::Known { left, known: true },
                }
            }
            _ => ExprKind::Is { left, not, value: Box::new(self.value(inner)?) },
        };
        Some(kind)
    }

    /// `[not] in WINDOW`: the `in` is the window's too.
    fn in_window(&mut self, left: Expr, node: Node<'_>, span: Span) -> Option<Expr> {
        let mut negation = Negation::default();
        let mut children = node.clone().children();
        if let Some(not) = children.accept(Rule::k_not) {
            negation.add(&not);
        }
        let start = children.accept(Rule::k_in)?.span();
        let window = self.window(node)?;
        let window = Spanned { span: start.to(window.span), ..window };
        let test = Expr { kind: ExprKind::InWindow { left: Box::new(left), window }, span };
        let negated = negation.apply(test, ExprKind::Not);
        Some(Expr { span, ..negated })
    }

    fn value(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let mut children = node.children();
        let is_negative = children.accept(Rule::minus).is_some();
        let value = self.atom(children.next()?)?;
        if !is_negative {
            return Some(value);
        }
        Some(Expr { kind: ExprKind::Negative(Box::new(value)), span })
    }

    /// The words or bracketed phrase before `within` or `every`.
    fn activity_phrase(&mut self, left: Expr, keyword: &str) -> Option<Phrase> {
        let mut expr = left;
        loop {
            match expr.kind {
                ExprKind::Paren(inner) => expr = *inner,
                ExprKind::Phrase(phrase) => return Some(phrase),
                ExprKind::Words(value) => {
                    return Some(Phrase {
                        alternatives: vec![Spanned { value, span: expr.span }],
                        on: None,
                        filter: None,
                        dated: None,
                        spaced: None,
                        span: expr.span,
                    });
                }
                _ => {
                    let message =
                        format!("expected activities before `{keyword}`, such as `visits`");
                    self.fault(Code::K001, expr.span, message);
                    return None;
                }
            }
        }
    }
}
