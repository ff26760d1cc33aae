//! Measures: arithmetic, what is counted and summed, and values.

use super::build::Builder;
use super::expr::Negation;
use super::grammar::{Node, Rule};
use super::tree::{Expr, ExprKind, Function, Term};
use super::value::{path, text, words};

/// Terms of a sum, each with its factors.
struct Terms {
    terms: Vec<(bool, Vec<Term>)>,
    divides: bool,
}

impl Terms {
    fn sign(&mut self, sign: &str) {
        match sign {
            "+" => self.terms.push((false, Vec::new())),
            "-" => self.terms.push((true, Vec::new())),
            sign => self.divides = sign == "/",
        }
    }

    fn factor(&mut self, expr: Expr) {
        let minus = std::mem::take(&mut self.divides);
        if let Some((_, factors)) = self.terms.last_mut() {
            factors.push(Term { minus, expr });
        }
    }

    /// One term, or one factor, is itself; more are joined.
    fn join(self) -> Option<Expr> {
        let mut sum = Vec::with_capacity(self.terms.len());
        for (minus, factors) in self.terms {
            sum.push(Term { minus, expr: joined(factors, ExprKind::Product)? });
        }
        joined(sum, ExprKind::Sum)
    }
}

fn joined(mut terms: Vec<Term>, join: fn(Vec<Term>) -> ExprKind) -> Option<Expr> {
    if terms.len() < 2 {
        return terms.pop().map(|term| term.expr);
    }
    let span = terms.first()?.expr.span.to(terms.last()?.expr.span);
    Some(Expr { kind: join(terms), span })
}

impl Builder {
    /// A chain of atoms: `*` and `/` bind tighter than `+` and `-`.
    pub(super) fn operand(&mut self, node: Node<'_>) -> Option<Expr> {
        let mut terms = Terms { terms: vec![(false, Vec::new())], divides: false };
        let mut negation = Negation::default();
        for child in node.children() {
            match child.rule() {
                Rule::sign => terms.sign(child.text()),
                Rule::minus => negation.add(&child),
                _ => {
                    let atom = self.atom(child)?;
                    terms.factor(negation.apply(atom, ExprKind::Negative));
                }
            }
        }
        terms.join()
    }

    pub(super) fn atom(&mut self, node: Node<'_>) -> Option<Expr> {
        match node.rule() {
            Rule::paren => self.paren(node),
            Rule::share => self.share(node),
            Rule::phrase => self.phrase_atom(node),
            Rule::aggregate => self.aggregate(node),
            Rule::longest_gap | Rule::days_since => self.of_phrase(node),
            _ => self.leaf(&node),
        }
    }

    fn paren(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let inner = self.expr(node.children().seek(Rule::expr)?)?;
        Some(Expr { kind: ExprKind::Paren(Box::new(inner)), span })
    }

    fn share(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let mut children = node.children();
        let of = self.phrase(children.seek(Rule::phrase)?)?;
        let that = Box::new(self.that(children.seek(Rule::that)?)?);
        Some(Expr { kind: ExprKind::Share { of, that }, span })
    }

    fn phrase_atom(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let kind = match only_words(&node) {
            Some(only) => ExprKind::Words(words(only).value),
            None => ExprKind::Phrase(self.phrase(node)?),
        };
        Some(Expr { kind, span })
    }

    fn aggregate(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let mut children = node.children();
        let function = function(children.seek(Rule::function)?.text())?;
        let field = path(children.seek(Rule::field)?);
        let of = self.phrase(children.seek(Rule::phrase)?)?;
        Some(Expr { kind: ExprKind::Aggregate { function, field, of }, span })
    }

    fn of_phrase(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let is_gap = node.rule() == Rule::longest_gap;
        let phrase = self.phrase(node.children().seek(Rule::phrase)?)?;
        let kind = if is_gap { ExprKind::LongestGap(phrase) } else { ExprKind::DaysSince(phrase) };
        Some(Expr { kind, span })
    }

    /// What holds nothing else.
    fn leaf(&mut self, node: &Node<'_>) -> Option<Expr> {
        let kind = match node.rule() {
            Rule::number => {
                let (value, percent) = self.number(node);
                ExprKind::Number { value, percent }
            }
            Rule::duration => ExprKind::Duration(self.duration(node.clone())?.value),
            Rule::date => ExprKind::Date(self.date(node)),
            Rule::instant => ExprKind::Instant(self.instant(node)),
            Rule::string => ExprKind::Text(text(node)),
            Rule::k_today => ExprKind::Today,
            Rule::words => ExprKind::Words(words(node.clone()).value),
            Rule::edge_field => ExprKind::Words(node.text().to_owned()),
            Rule::path => ExprKind::Path(path(node.clone())),
            _ => return None,
        };
        Some(Expr { kind, span: node.span() })
    }
}

/// The words of a phrase that has nothing else.
fn only_words<'i>(phrase: &Node<'i>) -> Option<Node<'i>> {
    let mut parts = phrase.clone().children();
    let mut words = parts.accept(Rule::simple)?.children();
    let only = words.accept(Rule::words)?;
    (parts.next().is_none() && words.next().is_none()).then_some(only)
}

fn function(name: &str) -> Option<Function> {
    use Function::{Average, Distinct, Max, Median, Min, Sum};
    [Sum, Average, Median, Min, Max, Distinct].into_iter().find(|function| function.name() == name)
}
