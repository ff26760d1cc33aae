//! Measures: numbers about a subject, and what they are numbers of.

use rust_decimal::Decimal;

use super::checker::{Checker, Defined};
use super::field::field_holds;
use super::names::Named;
use super::rules::{Function, Measure};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::{FieldType, Noun};
use crate::syntax::tree::{self, Expr, ExprKind, Term};

/// What a number is a number of: what it may be held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    Plain,
    /// Of shares and percentages.
    Percent,
    /// Of gaps.
    Days,
    /// A written `14 days`.
    Duration,
    /// A number field, which may hold anything.
    Field,
}

impl Quantity {
    /// What both are together; none where they cannot be added or compared.
    pub(super) fn with(self, other: Quantity) -> Option<Quantity> {
        use Quantity::{Days, Duration, Field, Plain};
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Days, Plain | Duration | Field) | (Plain | Duration | Field, Days) => Some(Days),
            (Duration, _) | (_, Duration) => None,
            (Field, other) | (other, Field) => Some(other),
            _ => None,
        }
    }
}

/// A measure and what it is a number of.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) measure: Measure,
    pub(super) quantity: Quantity,
}

fn part(measure: Measure, quantity: Quantity) -> Option<Part> {
    Some(Part { measure, quantity })
}

impl Checker<'_> {
    /// A measure of a subject. Without one (a define that is not used yet) only what holds for
    /// every subject is checked, and what is made means nothing.
    pub(super) fn measure(&mut self, expr: &Expr, subject: Option<Noun>) -> Option<Part> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.measure(inner, subject),
            _ => self.nested(expr.span, |checker| checker.one_measure(expr, subject)),
        }
    }

    fn one_measure(&mut self, expr: &Expr, subject: Option<Noun>) -> Option<Part> {
        match &expr.kind {
            ExprKind::Number { value, percent } => {
                let quantity = if *percent { Quantity::Percent } else { Quantity::Plain };
                part(Measure::Number(*value), quantity)
            }
            ExprKind::Duration(duration) => match duration.fixed_days() {
                Some(days) => part(Measure::Number(Decimal::from(days)), Quantity::Duration),
                None => {
                    let message = format!("`{duration}` is no fixed number of days");
                    let fault = Diagnostic::error(Code::K026, expr.span, message);
                    self.fail(fault.label("use days or weeks"))
                }
            },
            ExprKind::Sum(terms) => self.sum(terms, subject),
            ExprKind::Product(factors) => self.product(factors, subject),
            ExprKind::Negative(inner) => {
                let inner = self.measure(inner, subject)?;
                part(Measure::Negative(Box::new(inner.measure)), inner.quantity)
            }
            ExprKind::Aggregate { function, field, of } => {
                self.aggregate(*function, field, of, subject)
            }
            ExprKind::LongestGap(of) => {
                let phrase = self.phrase(of)?;
                self.activities(&phrase, of.span, "`longest gap of`")?;
                self.has(subject, phrase.noun, of.span)?;
                part(Measure::LongestGap(phrase), Quantity::Days)
            }
            ExprKind::DaysSince(of) => {
                let phrase = self.phrase(of)?;
                self.activities(&phrase, of.span, "`days since`")?;
                self.has(subject, phrase.noun, of.span)?;
                part(Measure::DaysSince(phrase), Quantity::Days)
            }
            ExprKind::Share { of, that } => self.share(of, that, subject),
            ExprKind::Phrase(of) => {
                let phrase = self.phrase(of)?;
                self.has(subject, phrase.noun, of.span)?;
                part(Measure::Count(phrase), Quantity::Plain)
            }
            ExprKind::Words(words) => self.words(words, expr.span, subject),
            ExprKind::Path(path) => self.field_measure(path, subject),
            ExprKind::Text(_) | ExprKind::Date(_) | ExprKind::Instant(_) | ExprKind::Today => {
                let written = self.written(expr.span);
                let message = format!("a number is expected here, `{written}` is none");
                self.fail(Diagnostic::error(Code::K025, expr.span, message))
            }
            _ => {
                let message = "a measure is expected here, this is a condition";
                self.fail(
                    Diagnostic::error(Code::K027, expr.span, message)
                        .label("either holds or does not, and is no number"),
                )
            }
        }
    }

    fn words(&mut self, words: &str, span: Span, subject: Option<Noun>) -> Option<Part> {
        if let Some(noun) = subject
            && let Some(field) = self.schema.field(noun, words)
        {
            let path =
                tree::Path { steps: vec![tree::Words { value: field.name.clone(), span }], span };
            return self.field_measure(&path, subject);
        }
        if let Some((0, Named::Define(index))) = self.names.longest(words)
            && !self.names_things(words)
        {
            let defined = self.defined(index, span)?;
            if let (Defined::Measure(_), Some(noun)) = (&defined, subject) {
                return self.measure_of(index, noun, span);
            }
            if let Defined::Measure(quantity) = defined {
                return part(Measure::Number(Decimal::ZERO), quantity);
            }
        }
        if self.names.longest(words).is_some() {
            let phrase = self.words_phrase(words, span)?;
            self.has(subject, phrase.noun, span)?;
            return part(Measure::Count(phrase), Quantity::Plain);
        }
        if subject.is_none() && self.is_number_field(words) {
            return part(Measure::Number(Decimal::ZERO), Quantity::Field);
        }
        self.unknown_word(words, span, subject)
    }

    fn field_measure(&mut self, path: &tree::Path, subject: Option<Noun>) -> Option<Part> {
        let Some(noun) = subject else {
            return part(Measure::Number(Decimal::ZERO), Quantity::Field);
        };
        let (found, kind) = self.path(path, noun)?;
        if kind != FieldType::Number {
            let message = format!("a number is expected here, `{}` is none", found.text);
            let fault = Diagnostic::error(Code::K025, path.span, message);
            return self.fail(fault.label(field_holds(&kind)));
        }
        part(Measure::Field(found), Quantity::Field)
    }

    fn aggregate(
        &mut self,
        function: Function,
        field: &tree::Path,
        of: &tree::Phrase,
        subject: Option<Noun>,
    ) -> Option<Part> {
        let phrase = self.phrase(of);
        let noun = phrase.as_ref().map(|phrase| phrase.noun).or_else(|| self.noun_of(of))?;
        let owned = self.has(subject, noun, of.span);
        let (path, kind) = self.path(field, noun)?;
        if function != Function::Distinct && kind != FieldType::Number {
            let message =
                format!("`{}` needs a number field, `{}` is none", function.name(), path.text);
            let fault = Diagnostic::error(Code::K025, field.span, message);
            return self.fail(fault.label(field_holds(&kind)));
        }
        owned?;
        part(Measure::Aggregate { function, field: path, of: phrase? }, Quantity::Plain)
    }

    fn share(&mut self, of: &tree::Phrase, that: &Expr, subject: Option<Noun>) -> Option<Part> {
        let phrase = self.phrase(of);
        let noun = phrase.as_ref().map(|phrase| phrase.noun).or_else(|| self.noun_of(of))?;
        let owned = self.has(subject, noun, of.span);
        let that = Box::new(self.condition(that, noun)?);
        owned?;
        part(Measure::Share { of: phrase?, that }, Quantity::Percent)
    }

    fn sum(&mut self, terms: &[Term], subject: Option<Noun>) -> Option<Part> {
        let mut parts = Vec::new();
        let mut quantity = None;
        let mut sound = true;
        for term in terms {
            let Some(made) = self.measure(&term.expr, subject) else {
                sound = false;
                continue;
            };
            let together =
                quantity.map_or(Some(made.quantity), |q: Quantity| q.with(made.quantity));
            if together.is_none() {
                let message = "what is added must be in one unit";
                self.report(Diagnostic::error(Code::K026, term.expr.span, message).label(
                    match made.quantity {
                        Quantity::Percent => "this is a percentage, what stands before is none",
                        Quantity::Duration => "this is a duration, what stands before is none",
                        _ => "this is in another unit than what stands before",
                    },
                ));
                sound = false;
            }
            quantity = together.or(quantity);
            parts.push((term.minus, made.measure));
        }
        let quantity = quantity.filter(|_| sound)?;
        part(Measure::Sum(parts), quantity)
    }

    fn product(&mut self, factors: &[Term], subject: Option<Noun>) -> Option<Part> {
        let mut parts = Vec::new();
        let mut sound = true;
        let mut percents = 0;
        let mut quantity = Quantity::Field;
        for factor in factors {
            let Some(made) = self.measure(&factor.expr, subject) else {
                sound = false;
                continue;
            };
            match made.quantity {
                Quantity::Percent if is_number(&factor.expr) => {
                    let message = "a percentage is compared with, not multiplied";
                    self.report(
                        Diagnostic::error(Code::K026, factor.expr.span, message)
                            .label("write it as a fraction, 0.5 for 50%"),
                    );
                    sound = false;
                }
                Quantity::Percent => percents += if factor.minus { -1 } else { 1 },
                Quantity::Days | Quantity::Duration => quantity = Quantity::Days,
                Quantity::Plain if quantity == Quantity::Field => quantity = Quantity::Plain,
                Quantity::Plain | Quantity::Field => {}
            }
            parts.push((factor.minus, made.measure));
        }
        let quantity = match percents {
            0 => quantity,
            1 => Quantity::Percent,
            _ => Quantity::Plain,
        };
        if !sound {
            return None;
        }
        part(Measure::Product(parts), quantity)
    }
}

/// Whether the expression is a written number.
pub(super) fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number { .. } => true,
        ExprKind::Paren(inner) | ExprKind::Negative(inner) => is_number(inner),
        _ => false,
    }
}
