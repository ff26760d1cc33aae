//! Conditions, measures and phrases.

use super::super::grammar::{Kind, Node};
use super::super::tree::{Cmp, Expr, ExprKind, Function, Phrase, Term};
use super::{Builder, Parts};
use crate::diagnostic::Code;

impl Builder<'_> {
    fn make(&self, node: &Node<'_>, kind: ExprKind) -> Expr {
        Expr { kind, span: self.span(node) }
    }

    /// Something that a syntactically sound item always has.
    fn nothing(&self, node: &Node<'_>) -> Expr {
        self.make(node, ExprKind::Words(String::new()))
    }

    fn or_nothing(
        &mut self,
        node: &Node<'_>,
        part: Option<&Node<'_>>,
        build: fn(&mut Self, &Node<'_>) -> Expr,
    ) -> Expr {
        match part {
            Some(part) => build(self, part),
            None => self.nothing(node),
        }
    }

    pub(super) fn expr(&mut self, node: &Node<'_>) -> Expr {
        match node.kind {
            Kind::expr | Kind::and_expr => {
                let parts: Vec<Expr> = node.children.iter().map(|part| self.expr(part)).collect();
                self.chain(node, parts, if node.kind == Kind::expr { ExprKind::Or } else { ExprKind::And })
            }
            Kind::not_expr => self.not(node),
            Kind::test => self.or_nothing(node, node.first(), Self::test),
            _ => self.test(node),
        }
    }

    /// One part is itself, several are a chain.
    fn chain(&self, node: &Node<'_>, mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> ExprKind) -> Expr {
        match (parts.len(), parts.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                parts.push(last);
                self.make(node, join(parts))
            }
            (_, None) => self.nothing(node),
        }
    }

    /// `not … not C`: the words are counted in the text before the condition.
    fn not(&mut self, node: &Node<'_>) -> Expr {
        let Some(test) = node.children.last() else { return self.nothing(node) };
        let before = node.text.get(..test.start - node.start).unwrap_or("");
        let nots = before
            .lines()
            .map(|line| line.split('#').next().unwrap_or(""))
            .flat_map(str::split_whitespace)
            .filter(|word| *word == "not")
            .count();
        let inner = match node.kind {
            Kind::that => self.that(test),
            _ => self.expr(test),
        };
        if nots % 2 == 1 { self.make(node, ExprKind::Not(Box::new(inner))) } else { inner }
    }

    fn that(&mut self, node: &Node<'_>) -> Expr {
        let is_bare = node.kind == Kind::that_operand && node.children.len() == 1;
        let is_bracket = node.first().is_some_and(|first| first.kind == Kind::paren);
        if is_bare && !is_bracket {
            let message = "after `that`, a condition is missing";
            let help = "a comparison after `that` stands in brackets: `share of customers that (calls >= 2 per year) >= 90%`";
            self.error(Code::K008, node, message, help);
        }
        self.test(node)
    }

    fn test(&mut self, node: &Node<'_>) -> Expr {
        let mut parts = Parts::of(node);
        match node.kind {
            Kind::next => {
                let phrase = self.phrase_in(node);
                let within = node.child(Kind::duration).map(|d| self.duration(d));
                self.make(node, ExprKind::Next { phrase, within })
            }
            Kind::followed => {
                let phrase = self.phrase_in(node);
                let booked = node.child(Kind::booked).is_some();
                match node.child(Kind::duration) {
                    Some(within) => {
                        let within = self.duration(within);
                        self.make(node, ExprKind::Followed { phrase, booked, within })
                    }
                    None => self.nothing(node),
                }
            }
            Kind::meets => match node.first() {
                Some(name) => {
                    let name = self.name(name);
                    self.make(node, ExprKind::Meets(name))
                }
                None => self.nothing(node),
            },
            Kind::is_a => {
                let not = parts.take(Kind::negation).is_some();
                match parts.next() {
                    Some(words) => {
                        let words = self.words(words);
                        self.make(node, ExprKind::IsA { not, words })
                    }
                    None => self.nothing(node),
                }
            }
            Kind::operand | Kind::that_operand => {
                let left = self.or_nothing(node, parts.next(), Self::measure);
                match parts.next() {
                    Some(tail) => self.tail(node, left, tail),
                    None => left,
                }
            }
            _ => self.measure(node),
        }
    }

    fn phrase_in(&mut self, node: &Node<'_>) -> Phrase {
        match node.child(Kind::phrase) {
            Some(phrase) => self.phrase(phrase),
            None => self.phrase(node),
        }
    }

    /// What follows an operand.
    fn tail(&mut self, node: &Node<'_>, left: Expr, tail: &Node<'_>) -> Expr {
        let mut parts = Parts::of(tail);
        let left_box = Box::new(left.clone());
        let kind = match tail.kind {
            Kind::compare => {
                let (Some(op), Some(right)) = (parts.next(), parts.next()) else { return left };
                let op = self.spanned(op, cmp(op.text));
                let right = Box::new(self.measure(right));
                let window = parts.next().map(|window| self.window(window));
                ExprKind::Compare { left: left_box, op, right, window }
            }
            Kind::between => {
                let (Some(low), Some(high)) = (parts.next(), parts.next()) else { return left };
                let (low, high) = (Box::new(self.measure(low)), Box::new(self.measure(high)));
                let window = parts.next().map(|window| self.window(window));
                ExprKind::Between { left: left_box, low, high, window }
            }
            Kind::known => {
                ExprKind::Known { left: left_box, known: tail.child(Kind::is_known).is_some() }
            }
            Kind::known_within => {
                let (Some(within), Some(of)) = (parts.next(), parts.next()) else { return left };
                let (within, of) = (self.duration(within), self.path(of));
                ExprKind::KnownWithin { left: left_box, within, of }
            }
            Kind::is_value => {
                let not = parts.take(Kind::negation).is_some();
                let Some(value) = parts.next() else { return left };
                ExprKind::Is { left: left_box, not, value: Box::new(self.value(value)) }
            }
            Kind::one_of => {
                let not = parts.take(Kind::negation).is_some();
                let values = parts.all().map(|value| self.value(value)).collect();
                ExprKind::OneOf { left: left_box, not, values }
            }
            Kind::in_window => {
                let Some(window) = parts.next() else { return left };
                ExprKind::InWindow { left: left_box, window: self.window(window) }
            }
            Kind::contains | Kind::starts_with => {
                let Some(text) = parts.next() else { return left };
                let text = self.string(text);
                if tail.kind == Kind::contains {
                    ExprKind::Contains { left: left_box, text }
                } else {
                    ExprKind::StartsWith { left: left_box, text }
                }
            }
            Kind::before | Kind::after => {
                let Some(date) = parts.next() else { return left };
                let date = self.date_expr(date);
                if tail.kind == Kind::before {
                    ExprKind::Before { left: left_box, date }
                } else {
                    ExprKind::After { left: left_box, date }
                }
            }
            Kind::within | Kind::every => {
                let Some(duration) = parts.next() else { return left };
                let duration = self.duration(duration);
                let Some(phrase) = self.as_phrase(&left) else { return left };
                match parts.next() {
                    Some(field) => {
                        let before = field.kind == Kind::before_field;
                        let Some(of) = field.first() else { return left };
                        let of = self.path(of);
                        ExprKind::Within { phrase, within: duration, before, of }
                    }
                    None => ExprKind::Every { phrase, every: duration },
                }
            }
            _ => return left,
        };
        self.make(node, kind)
    }

    /// The phrase that an operand of `within` and `every` must be.
    fn as_phrase(&mut self, expr: &Expr) -> Option<Phrase> {
        match &expr.kind {
            ExprKind::Phrase(phrase) => Some(phrase.clone()),
            ExprKind::Words(words) => Some(Phrase {
                alternatives: vec![super::Spanned { value: words.clone(), span: expr.span }],
                on: None,
                filter: None,
                dated: None,
                spaced: None,
                span: expr.span,
            }),
            _ => {
                let message = "`within` and `every` follow a phrase such as `visit`";
                self.diagnostics.push(crate::diagnostic::Diagnostic::error(Code::K029, expr.span, message));
                None
            }
        }
    }

    pub(super) fn measure(&mut self, node: &Node<'_>) -> Expr {
        match node.kind {
            Kind::sum | Kind::product => {
                let join = if node.kind == Kind::sum { ExprKind::Sum } else { ExprKind::Product };
                let mut terms: Vec<Term> = Vec::new();
                let mut minus = false;
                for part in &node.children {
                    match part.kind {
                        Kind::add | Kind::mul => minus = matches!(part.text, "-" | "/"),
                        _ => terms.push(Term { minus, expr: self.measure(part) }),
                    }
                }
                match (terms.len(), terms.pop()) {
                    (1, Some(only)) => only.expr,
                    (_, Some(last)) => {
                        terms.push(last);
                        self.make(node, join(terms))
                    }
                    (_, None) => self.nothing(node),
                }
            }
            Kind::factor => {
                let negatives = node.children.iter().filter(|c| c.kind == Kind::negative).count();
                let atom = self.or_nothing(node, node.children.last(), Self::measure);
                let is_negative = negatives % 2 == 1;
                if is_negative { self.make(node, ExprKind::Negative(Box::new(atom))) } else { atom }
            }
            _ => self.atom(node),
        }
    }

    fn atom(&mut self, node: &Node<'_>) -> Expr {
        let kind = match node.kind {
            Kind::paren => match node.first() {
                Some(inner) => ExprKind::Paren(Box::new(self.expr(inner))),
                None => return self.nothing(node),
            },
            Kind::aggregate => {
                let (Some(function), Some(field)) = (node.child(Kind::function), node.child(Kind::path))
                else {
                    return self.nothing(node);
                };
                let (function, field) = (aggregate(function.text), self.path(field));
                ExprKind::Aggregate { function, field, of: self.phrase_in(node) }
            }
            Kind::longest_gap => ExprKind::LongestGap(self.phrase_in(node)),
            Kind::days_since => ExprKind::DaysSince(self.phrase_in(node)),
            Kind::share => {
                let of = self.phrase_in(node);
                let that = self.or_nothing(node, node.child(Kind::that), Self::not);
                ExprKind::Share { of, that: Box::new(that) }
            }
            Kind::phrase => {
                let phrase = self.phrase(node);
                return self.phrase_or_words(node, phrase);
            }
            Kind::field_from => ExprKind::Words(node.text.split_whitespace().next().unwrap_or("").to_owned()),
            Kind::dotted => ExprKind::Path(self.path(node)),
            _ => return self.literal(node),
        };
        self.make(node, kind)
    }

    /// A phrase of nothing but words may be a field or a defined measure as well.
    fn phrase_or_words(&self, node: &Node<'_>, phrase: Phrase) -> Expr {
        let is_plain = phrase.on.is_none()
            && phrase.filter.is_none()
            && phrase.dated.is_none()
            && phrase.spaced.is_none();
        match phrase.alternatives.as_slice() {
            [words] if is_plain => self.make(node, ExprKind::Words(words.value.clone())),
            _ => self.make(node, ExprKind::Phrase(phrase)),
        }
    }

    fn value(&mut self, node: &Node<'_>) -> Expr {
        let mut parts = Parts::of(node);
        let negative = parts.take(Kind::negative).is_some();
        let Some(inner) = parts.next() else { return self.nothing(node) };
        let value = match inner.kind {
            Kind::words => {
                let words = self.words(inner);
                self.make(inner, ExprKind::Words(words.value))
            }
            _ => self.atom(inner),
        };
        if negative { self.make(node, ExprKind::Negative(Box::new(value))) } else { value }
    }

    fn literal(&mut self, node: &Node<'_>) -> Expr {
        let kind = match node.kind {
            Kind::number => {
                let (value, percent) = self.number(node);
                ExprKind::Number { value, percent }
            }
            Kind::string => ExprKind::Text(self.string(node).value),
            Kind::duration => ExprKind::Duration(self.duration(node).value),
            Kind::date => ExprKind::Date(self.date(node)),
            Kind::instant => ExprKind::Instant(self.instant(node)),
            Kind::today => ExprKind::Today,
            _ => return self.nothing(node),
        };
        self.make(node, kind)
    }

    pub(super) fn phrase(&mut self, node: &Node<'_>) -> Phrase {
        let mut parts = Parts::of(node);
        let mut levels = Vec::new();
        while let Some(nouns) = parts.take(Kind::nouns) {
            let words: Vec<_> = nouns.children.iter().map(|words| self.words(words)).collect();
            levels.push(words);
        }
        let filter = parts.take(Kind::filter).and_then(Node::first).map(|f| Box::new(self.filter(f)));
        let dated = parts.take(Kind::path).map(|path| self.path(path));
        let spaced = parts.take(Kind::duration).map(|duration| self.duration(duration));
        let span = self.span(node);
        let mut on = None;
        // `X on Y on Z` is X on (Y on Z); what follows is said of X.
        while levels.len() > 1 {
            let alternatives = levels.pop().unwrap_or_default();
            let from = alternatives.first().map_or(span, |words| words.span);
            let to = alternatives.last().map_or(span, |words| words.span);
            let end = on.as_ref().map_or(to, |on: &Box<Phrase>| on.span);
            let span = crate::diagnostic::Span { end: end.end, ..from };
            on = Some(Box::new(Phrase { alternatives, on, filter: None, dated: None, spaced: None, span }));
        }
        Phrase { alternatives: levels.pop().unwrap_or_default(), on, filter, dated, spaced, span }
    }

    fn filter(&mut self, node: &Node<'_>) -> Expr {
        if node.kind == Kind::paren { self.atom(node) } else { self.expr(node) }
    }
}

fn cmp(sign: &str) -> Cmp {
    match sign {
        "<" => Cmp::Less,
        "<=" | "≤" => Cmp::AtMost,
        ">=" | "≥" => Cmp::AtLeast,
        ">" => Cmp::More,
        "!=" | "≠" => Cmp::Unequal,
        _ => Cmp::Equal,
    }
}

fn aggregate(word: &str) -> Function {
    match word {
        "sum" => Function::Sum,
        "average" => Function::Average,
        "median" => Function::Median,
        "min" => Function::Min,
        "max" => Function::Max,
        _ => Function::Distinct,
    }
}
