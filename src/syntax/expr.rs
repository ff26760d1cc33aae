//! Conditions and measures.

use crate::diagnostic::{Code, Diagnostic, Span};

use super::build::Builder;
use super::grammar::{Node, Nodes, Rule};
use super::tree::{Cmp, Expr, ExprKind, Function, Phrase, Spanned, Term};
use super::value::{name, path, text, words};

impl Builder {
    /// A chain of tests: `and` binds tighter than `or`.
    pub(super) fn expr(&mut self, node: Node<'_>) -> Option<Expr> {
        let mut alternatives: Vec<Vec<Expr>> = vec![Vec::new()];
        let mut negation: Option<(Span, bool)> = None;
        for child in node.children() {
            match child.rule() {
                Rule::k_not => {
                    let (start, odd) = negation.unwrap_or((child.span(), false));
                    negation = Some((start, !odd));
                }
                Rule::k_or => alternatives.push(Vec::new()),
                Rule::test => {
                    let test = self.test(child)?;
                    let test = negated(negation.take(), test);
                    alternatives.last_mut()?.push(test);
                }
                _ => {}
            }
        }
        let parts = alternatives.into_iter().map(|parts| chain(parts, ExprKind::And));
        chain(parts.collect::<Option<Vec<Expr>>>()?, ExprKind::Or)
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

    fn prefix(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let rule = node.rule();
        let mut children = node.children();
        let kind = match rule {
            Rule::next => {
                let phrase = self.phrase(children.seek(Rule::phrase)?)?;
                let within = self.last_duration(&mut children);
                ExprKind::Next { phrase, within }
            }
            Rule::followed => {
                children.accept(Rule::k_is);
                let not = children.accept(Rule::k_not).is_some();
                let phrase = self.phrase(children.seek(Rule::phrase)?)?;
                let booked = children.accept(Rule::k_booked).is_some();
                let within = self.duration(children.seek(Rule::duration)?)?;
                let followed = ExprKind::Followed { phrase, booked, within };
                return Some(negated(not.then_some((span, true)), Expr { kind: followed, span }));
            }
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

    fn last_duration(
        &mut self,
        children: &mut Nodes<'_>,
    ) -> Option<Spanned<crate::model::calendar::Duration>> {
        children.seek(Rule::duration).and_then(|node| self.duration(node))
    }

    /// What follows the left operand of a test.
    fn tail(&mut self, left: Expr, node: Node<'_>, span: Span) -> Option<Expr> {
        let rule = node.rule();
        let again = node.clone();
        let mut children = node.children();
        let boxed = |left| Box::new(left);
        let kind = match rule {
            Rule::compare => {
                let sign = children.seek(Rule::cmp)?;
                let op = sign.with(cmp(sign.text()));
                let right = self.operand(children.seek(Rule::operand)?)?;
                let window = children.accept(Rule::window).and_then(|node| self.window(node));
                ExprKind::Compare { left: boxed(left), op, right: boxed(right), window }
            }
            Rule::between => {
                let low = self.operand(children.seek(Rule::operand)?)?;
                let high = self.operand(children.seek(Rule::operand)?)?;
                let window = children.accept(Rule::window).and_then(|node| self.window(node));
                ExprKind::Between { left: boxed(left), low: boxed(low), high: boxed(high), window }
            }
            Rule::is => return self.is(left, children, span),
            Rule::one_of => {
                let not = children.accept(Rule::k_not).is_some();
                let values = children.filter(|node| node.rule() == Rule::value);
                let values = values.map(|node| self.value(node)).collect::<Option<_>>()?;
                ExprKind::OneOf { left: boxed(left), not, values }
            }
            Rule::in_window => {
                let not = children.accept(Rule::k_not);
                let in_span = children.accept(Rule::k_in)?.span();
                let window = self.window(again)?;
                let window = Spanned { span: in_span.to(window.span), ..window };
                let kind = ExprKind::InWindow { left: boxed(left), window };
                return Some(negated(not.map(|_| (span, true)), Expr { kind, span }));
            }
            Rule::contains | Rule::starts_with => {
                let string = children.seek(Rule::string)?;
                let text = string.with(text(&string));
                match rule {
                    Rule::contains => ExprKind::Contains { left: boxed(left), text },
                    _ => ExprKind::StartsWith { left: boxed(left), text },
                }
            }
            Rule::before => {
                let date = self.moment(children.seek(Rule::moment)?)?;
                ExprKind::Before { left: boxed(left), date }
            }
            Rule::after => {
                let date = self.moment(children.seek(Rule::moment)?)?;
                ExprKind::After { left: boxed(left), date }
            }
            Rule::within => {
                let phrase = self.activity_phrase(left, "within")?;
                let within = self.duration(children.seek(Rule::duration)?)?;
                let before = children.accept(Rule::k_before).is_some();
                let of = path(children.seek(Rule::field)?);
                ExprKind::Within { phrase, within, before, of }
            }
            Rule::every => {
                let phrase = self.activity_phrase(left, "every")?;
                ExprKind::Every { phrase, every: self.duration(children.seek(Rule::duration)?)? }
            }
            _ => return None,
        };
        Some(Expr { kind, span })
    }

    /// `is [not] VALUE`, `is [not] known`, `is known within DURATION of FIELD`.
    fn is(&mut self, left: Expr, mut children: Nodes<'_>, span: Span) -> Option<Expr> {
        children.accept(Rule::k_is);
        let not = children.accept(Rule::k_not).is_some();
        let left = Box::new(left);
        let inner = children.next()?;
        let kind = match inner.rule() {
            Rule::k_known => ExprKind::Known { left, known: !not },
            Rule::k_unknown => ExprKind::Known { left, known: not },
            Rule::known => {
                let mut deadline = inner.children();
                match deadline.seek(Rule::duration) {
                    Some(within) => {
                        let within = self.duration(within)?;
                        ExprKind::KnownWithin {
                            left,
                            within,
                            of: path(deadline.seek(Rule::field)?),
                        }
                    }
                    None => ExprKind::Known { left, known: true },
                }
            }
            _ => ExprKind::Is { left, not, value: Box::new(self.value(inner)?) },
        };
        Some(Expr { kind, span })
    }

    fn value(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let mut children = node.children();
        let minus = children.accept(Rule::minus).map(|minus| minus.span());
        let value = self.atom(children.next()?)?;
        match minus {
            Some(_) => Some(Expr { kind: ExprKind::Negative(Box::new(value)), span }),
            None => Some(value),
        }
    }

    /// The words or bracketed phrase before `within` or `every`.
    fn activity_phrase(&mut self, left: Expr, keyword: &str) -> Option<Phrase> {
        let mut expr = left;
        loop {
            match expr.kind {
                ExprKind::Paren(inner) => expr = *inner,
                ExprKind::Phrase(phrase) => return Some(phrase),
                ExprKind::Words(value) => {
                    let words = Spanned { value, span: expr.span };
                    return Some(Phrase {
                        alternatives: vec![words],
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

    /// Terms and factors: `*` and `/` bind tighter than `+` and `-`.
    pub(super) fn operand(&mut self, node: Node<'_>) -> Option<Expr> {
        let mut terms: Vec<(bool, Vec<Term>)> = vec![(false, Vec::new())];
        let mut divides = false;
        let mut negation: Option<(Span, bool)> = None;
        for child in node.children() {
            match (child.rule(), child.text()) {
                (Rule::sign, "+") => terms.push((false, Vec::new())),
                (Rule::sign, "-") => terms.push((true, Vec::new())),
                (Rule::sign, sign) => divides = sign == "/",
                (Rule::minus, _) => {
                    let (start, odd) = negation.unwrap_or((child.span(), false));
                    negation = Some((start, !odd));
                }
                _ => {
                    let atom = self.atom(child)?;
                    let expr = match negation.take() {
                        Some((start, true)) => {
                            let span = start.to(atom.span);
                            Expr { kind: ExprKind::Negative(Box::new(atom)), span }
                        }
                        _ => atom,
                    };
                    let minus = std::mem::take(&mut divides);
                    terms.last_mut()?.1.push(Term { minus, expr });
                }
            }
        }
        let mut sum = Vec::with_capacity(terms.len());
        for (minus, factors) in terms {
            sum.push(Term { minus, expr: arithmetic(factors, ExprKind::Product)? });
        }
        arithmetic(sum, ExprKind::Sum)
    }

    pub(super) fn atom(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let kind = match node.rule() {
            Rule::number => {
                let (value, percent) = self.number(&node);
                ExprKind::Number { value, percent }
            }
            Rule::duration => ExprKind::Duration(self.duration(node)?.value),
            Rule::date => ExprKind::Date(self.date(&node)),
            Rule::instant => ExprKind::Instant(self.instant(&node)),
            Rule::string => ExprKind::Text(text(&node)),
            Rule::k_today => ExprKind::Today,
            Rule::words => ExprKind::Words(words(node).value),
            Rule::edge_field => ExprKind::Words(node.children().next()?.text().to_owned()),
            Rule::path => ExprKind::Path(path(node)),
            Rule::paren => ExprKind::Paren(Box::new(self.expr(node.children().seek(Rule::expr)?)?)),
            Rule::phrase => match only_words(&node) {
                Some(node) => ExprKind::Words(words(node).value),
                None => ExprKind::Phrase(self.phrase(node)?),
            },
            Rule::aggregate => {
                let mut children = node.children();
                let function = function(children.seek(Rule::function)?.text())?;
                let field = path(children.seek(Rule::field)?);
                let of = self.phrase(children.seek(Rule::phrase)?)?;
                ExprKind::Aggregate { function, field, of }
            }
            Rule::longest_gap => {
                ExprKind::LongestGap(self.phrase(node.children().seek(Rule::phrase)?)?)
            }
            Rule::days_since => {
                ExprKind::DaysSince(self.phrase(node.children().seek(Rule::phrase)?)?)
            }
            Rule::share => {
                let mut children = node.children();
                let of = self.phrase(children.seek(Rule::phrase)?)?;
                let that = Box::new(self.that(children.seek(Rule::that)?)?);
                ExprKind::Share { of, that }
            }
            _ => return None,
        };
        Some(Expr { kind, span })
    }

    /// The one condition after `that`.
    fn that(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = node.span();
        let mut negation: Option<(Span, bool)> = None;
        let mut children = node.children();
        while let Some(not) = children.accept(Rule::k_not) {
            let (start, odd) = negation.unwrap_or((not.span(), false));
            negation = Some((start, !odd));
        }
        let first = children.next()?;
        let condition = match first.rule() {
            Rule::operand => {
                let start = first.span();
                let left = self.operand(first)?;
                match children.next() {
                    Some(tail) if tail.rule() == Rule::bare => {
                        let span = start.to(tail.span());
                        self.diagnostics.push(
                            Diagnostic::error(Code::K008, span, "a comparison after `that` without brackets")
                                .help("put the comparison in brackets: `that (amount >= 100k)`; an adjective follows `is` or `are`: `that are hot`"),
                        );
                        self.tail(left, tail.children().next()?, span)?
                    }
                    Some(tail) => {
                        let span = start.to(tail.span());
                        self.tail(left, tail, span)?
                    }
                    None => {
                        self.diagnostics.push(
                            Diagnostic::error(Code::K001, left.span, "expected a condition after `that`")
                                .help("such as `that are won`, `that meet a-contact` or `that (amount >= 100k)`"),
                        );
                        left
                    }
                }
            }
            Rule::paren => self.atom(first)?,
            _ => self.prefix(first)?,
        };
        let condition = negated(negation, condition);
        Some(Expr { span: if negation.is_some() { span } else { condition.span }, ..condition })
    }
}

/// `not` an odd number of times negates, from the place of the first on.
fn negated(negation: Option<(Span, bool)>, expr: Expr) -> Expr {
    match negation {
        Some((start, true)) => {
            let span = start.to(expr.span);
            Expr { kind: ExprKind::Not(Box::new(expr)), span }
        }
        _ => expr,
    }
}

/// One part is itself; more are joined.
fn chain(mut parts: Vec<Expr>, join: impl Fn(Vec<Expr>) -> ExprKind) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let span = parts.first()?.span.to(parts.last()?.span);
    Some(Expr { kind: join(parts), span })
}

fn arithmetic(mut terms: Vec<Term>, join: impl Fn(Vec<Term>) -> ExprKind) -> Option<Expr> {
    if terms.len() < 2 {
        return terms.pop().map(|term| term.expr);
    }
    let span = terms.first()?.expr.span.to(terms.last()?.expr.span);
    Some(Expr { kind: join(terms), span })
}

/// The words of a phrase that has nothing else.
fn only_words<'i>(phrase: &Node<'i>) -> Option<Node<'i>> {
    let mut parts = phrase.clone().children();
    let mut words = parts.accept(Rule::simple)?.children();
    let only = words.accept(Rule::words)?;
    (parts.next().is_none() && words.next().is_none()).then_some(only)
}

pub(super) fn cmp(sign: &str) -> Cmp {
    match sign {
        ">=" | "≥" => Cmp::AtLeast,
        "<=" | "≤" => Cmp::AtMost,
        "!=" | "≠" => Cmp::Unequal,
        ">" => Cmp::More,
        "<" => Cmp::Less,
        _ => Cmp::Equal,
    }
}

fn function(name: &str) -> Option<Function> {
    use Function::{Average, Distinct, Max, Median, Min, Sum};
    [Sum, Average, Median, Min, Max, Distinct].into_iter().find(|function| function.name() == name)
}
