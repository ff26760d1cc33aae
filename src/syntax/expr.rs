//! Conditions: chains of tests, and the tests that are no test of a field.
//!
//! What calls itself for every bracket is kept small, for the sake of the stack.

use crate::diagnostic::{Code, Diagnostic, Span};

use super::build::Builder;
use super::grammar::{Node, Nodes, Rule};
use super::tree::{Cmp, Expr, ExprKind};
use super::value::{name, words};

/// The `not`s, or minus signs, before something: two of them undo each other.
#[derive(Default)]
pub(super) struct Negation {
    start: Option<Span>,
    odd: bool,
}

impl Negation {
    pub(super) fn add(&mut self, sign: &Node<'_>) {
        self.start = self.start.or_else(|| Some(sign.span()));
        self.odd = !self.odd;
    }

    /// Negates from the first sign on; the next thing starts without any.
    pub(super) fn apply(&mut self, expr: Expr, negate: fn(Box<Expr>) -> ExprKind) -> Expr {
        match std::mem::take(self) {
            Negation { start: Some(start), odd: true } => {
                let span = start.to(expr.span);
                Expr { kind: negate(Box::new(expr)), span }
            }
            _ => expr,
        }
    }
}

impl Builder {
    /// A chain of tests: `and` binds tighter than `or`.
    pub(super) fn expr(&mut self, node: Node<'_>) -> Option<Expr> {
        let mut alternatives: Vec<Vec<Expr>> = vec![Vec::new()];
        let mut negation = Negation::default();
        for child in node.children() {
            match child.rule() {
                Rule::k_not => negation.add(&child),
                Rule::k_or => alternatives.push(Vec::new()),
                Rule::test => {
                    let test = self.test(child)?;
                    alternatives.last_mut()?.push(negation.apply(test, ExprKind::Not));
                }
                _ => {}
            }
        }
        either(alternatives)
    }

    fn test(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let mut children = node.children();
        let first = children.next()?;
        if first.rule() != Rule::operand {
            return self.prefix(first);
        }
        let left = self.operand(first)?;
        match children.next() {
            Some(tail) => self.tail(left, tail, span),
            None => Some(left),
        }
    }

    /// What follows the left operand of a test that has the place `span`.
    fn tail(&mut self, left: Expr, node: Node<'_>, span: Span) -> Option<Expr> {
        let kind = match node.rule() {
            Rule::compare => self.compare(left, node.children())?,
            Rule::between => self.between(left, node.children())?,
            _ => return self.field_test(left, node, span),
        };
        Some(Expr { kind, span })
    }

    /// `CMP VALUE [WINDOW]`
    pub(super) fn compare(&mut self, left: Expr, mut nodes: Nodes<'_>) -> Option<ExprKind> {
        let left = Box::new(left);
        let sign = nodes.seek(Rule::cmp)?;
        let op = sign.with(cmp(sign.text()));
        let right = Box::new(self.operand(nodes.seek(Rule::operand)?)?);
        let window = nodes.accept(Rule::window).and_then(|node| self.window(node));
        Some(ExprKind::Compare { left, op, right, window })
    }

    /// `between LOW and HIGH [WINDOW]`
    fn between(&mut self, left: Expr, mut nodes: Nodes<'_>) -> Option<ExprKind> {
        let left = Box::new(left);
        let low = Box::new(self.operand(nodes.seek(Rule::operand)?)?);
        let high = Box::new(self.operand(nodes.seek(Rule::operand)?)?);
        let window = nodes.accept(Rule::window).and_then(|node| self.window(node));
        Some(ExprKind::Between { left, low, high, window })
    }

    fn prefix(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let rule = node.rule();
        let mut children = node.children();
        let kind = match rule {
            Rule::next => {
                let phrase = self.phrase(children.seek(Rule::phrase)?)?;
                let within = children.seek(Rule::duration).and_then(|node| self.duration(node));
                ExprKind::Next { phrase, within }
            }
            Rule::followed => return self.followed(children, span),
            Rule::meets => ExprKind::Meets(name(children.seek(Rule::name)?)?),
            Rule::is_a => {
                children.accept(Rule::k_is);
                let not = children.accept(Rule::k_not).is_some();
                ExprKind::IsA { not, words: words(children.seek(Rule::words)?) }
            }
            _ => return None,
        };
        Some(Expr { kind, span })
    }

    /// `[is [not]] followed by PHRASE [booked] within DURATION`
    fn followed(&mut self, mut nodes: Nodes<'_>, span: Span) -> Option<Expr> {
        let mut negation = Negation::default();
        nodes.accept(Rule::k_is);
        if let Some(not) = nodes.accept(Rule::k_not) {
            negation.add(&not);
        }
        let phrase = self.phrase(nodes.seek(Rule::phrase)?)?;
        let booked = nodes.accept(Rule::k_booked).is_some();
        let within = self.duration(nodes.seek(Rule::duration)?)?;
        let followed = Expr { kind: ExprKind::Followed { phrase, booked, within }, span };
        Some(negation.apply(followed, ExprKind::Not))
    }

    /// The one condition after `that`.
    pub(super) fn that(&mut self, node: Node<'_>) -> Option<Expr> {
        let mut negation = Negation::default();
        let mut children = node.children();
        while let Some(not) = children.accept(Rule::k_not) {
            negation.add(&not);
        }
        let first = children.next()?;
        let condition = match first.rule() {
            Rule::paren => self.atom(first)?,
            Rule::operand => {
                let span = first.span();
                let left = self.operand(first)?;
                self.that_test(left, children.next(), span)?
            }
            _ => self.prefix(first)?,
        };
        Some(negation.apply(condition, ExprKind::Not))
    }

    /// A test after `that`, its operand at `span`. A comparison without brackets is reported.
    fn that_test(&mut self, left: Expr, tail: Option<Node<'_>>, span: Span) -> Option<Expr> {
        let Some(tail) = tail else {
            let message = "expected a condition after `that`";
            self.diagnostics.push(
                Diagnostic::error(Code::K001, left.span, message).help(
                    "such as `that are won`, `that meet a-contact` or `that (amount >= 100k)`",
                ),
            );
            return Some(left);
        };
        let span = span.to(tail.span());
        if tail.rule() != Rule::bare {
            return self.tail(left, tail, span);
        }
        let message = "a comparison after `that` without brackets";
        self.diagnostics.push(Diagnostic::error(Code::K008, span, message).help(
            "put the comparison in brackets: `that (amount >= 100k)`; an adjective follows `is` or `are`: `that are hot`",
        ));
        self.tail(left, tail.children().next()?, span)
    }
}

/// `or` over `and`: one part is itself, more are joined.
fn either(alternatives: Vec<Vec<Expr>>) -> Option<Expr> {
    let parts = alternatives.into_iter().map(|parts| chain(parts, ExprKind::And));
    chain(parts.collect::<Option<Vec<Expr>>>()?, ExprKind::Or)
}

fn chain(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> ExprKind) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let span = parts.first()?.span.to(parts.last()?.span);
    Some(Expr { kind: join(parts), span })
}

fn cmp(sign: &str) -> Cmp {
    match sign {
        ">=" | "≥" => Cmp::AtLeast,
        "<=" | "≤" => Cmp::AtMost,
        "!=" | "≠" => Cmp::Unequal,
        ">" => Cmp::More,
        "<" => Cmp::Less,
        _ => Cmp::Equal,
    }
}
