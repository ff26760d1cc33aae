//! Comparisons of numbers, and of fields that are none.

use rust_decimal::Decimal;

use super::checker::Checker;
use super::field::is_day;
use super::measure::{Part, Quantity, is_number};
use super::rules::{Cmp, Comparison, Condition, FieldTest, NumberTest};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{FieldType, Noun};
use crate::syntax::tree::{self, Expr, ExprKind, Spanned};

/// `LEFT CMP RIGHT [WINDOW]`
pub(super) struct Compared<'t> {
    pub(super) whole: &'t Expr,
    pub(super) left: &'t Expr,
    pub(super) op: Spanned<Cmp>,
    pub(super) right: &'t Expr,
    pub(super) window: Option<&'t Spanned<tree::Window>>,
}

impl Checker<'_> {
    pub(super) fn compare(&mut self, compared: &Compared<'_>, noun: Noun) -> Option<Condition> {
        let Compared { whole, left, op, right, window } = compared;
        let field = self.as_field(left, noun)?;
        if field.is_none() && is_date(left) {
            let turned = Spanned { value: turned(op.value), span: op.span };
            let field = self.field(right, noun)?;
            self.no_window(*window)?;
            return self.field_compare(field, &turned, left, noun);
        }
        if let Some((path, kind)) = field {
            if kind != FieldType::Number {
                let test = self.field_compare((path, kind), op, right, noun);
                self.no_window(*window)?;
                return test;
            }
            self.is_text(&path.text, right, noun)?;
        }
        let left_part = self.measure(left, Some(noun));
        let right_part = self.measure(right, Some(noun));
        let (left_part, right_part) = (left_part?, right_part?);
        self.one_unit(&left_part, left, &right_part, right)?;
        let measures = [&left_part.measure, &right_part.measure];
        let window = self.comparison_window(*window, &measures, noun)?;
        Some(Condition::Compare(Comparison {
            left: left_part.measure,
            test: NumberTest::Is(op.value, right_part.measure),
            window,
            text: self.written(whole.span),
        }))
    }

    /// `LEFT between LOW and HIGH [WINDOW]`
    pub(super) fn between(
        &mut self,
        whole: &Expr,
        left: &Expr,
        (low, high): (&Expr, &Expr),
        window: Option<&Spanned<tree::Window>>,
        noun: Noun,
    ) -> Option<Condition> {
        if let Some((path, kind)) = self.as_field(left, noun)?
            && kind != FieldType::Number
        {
            let side = |value, span| Spanned { value, span };
            let field = (path, kind);
            let low = self.field_compare(field.clone(), &side(Cmp::AtLeast, whole.span), low, noun);
            if !is_day(kind) {
                return None;
            }
            let high = self.field_compare(field, &side(Cmp::AtMost, whole.span), high, noun);
            self.no_window(window)?;
            let both = vec![low?, high?];
            if let [
                Condition::Field {
                    test: FieldTest::Date(_, super::rules::DateExpr::Date(from)),
                    ..
                },
                Condition::Field {
                    test: FieldTest::Date(_, super::rules::DateExpr::Date(until)),
                    ..
                },
            ] = both.as_slice()
                && from > until
            {
                let message = format!("{from} is after {until}");
                return self.fail(
                    Diagnostic::error(Code::K047, whole.span, message).label("no day is between"),
                );
            }
            return Some(Condition::And(both));
        }
        let left_part = self.measure(left, Some(noun));
        let low_part = self.measure(low, Some(noun));
        let high_part = self.measure(high, Some(noun));
        let (left_part, low_part, high_part) = (left_part?, low_part?, high_part?);
        self.one_unit(&left_part, left, &low_part, low)?;
        self.one_unit(&left_part, left, &high_part, high)?;
        let measures = [&left_part.measure, &low_part.measure, &high_part.measure];
        let window = self.comparison_window(window, &measures, noun)?;
        Some(Condition::Compare(Comparison {
            left: left_part.measure,
            test: NumberTest::Between(low_part.measure, high_part.measure),
            window,
            text: self.written(whole.span),
        }))
    }

    fn no_window(&mut self, window: Option<&Spanned<tree::Window>>) -> Option<()> {
        let Some(window) = window else { return Some(()) };
        let message = "a window needs something that is measured over time";
        self.fail(
            Diagnostic::error(Code::K033, window.span, message)
                .label("fields have their value now"),
        )
    }

    /// Notes a fault where a number field is compared with a text.
    fn is_text(&mut self, field: &str, value: &Expr, noun: Noun) -> Option<()> {
        let text = match &value.kind {
            ExprKind::Text(text) => text,
            ExprKind::Words(words)
                if self.names.longest(words).is_none()
                    && self.schema.field(noun, words).is_none() =>
            {
                words
            }
            _ => return Some(()),
        };
        let message = format!("`{field}` is a number, `{text}` is none");
        self.fail(Diagnostic::error(Code::K025, value.span, message))
    }

    fn one_unit(&mut self, a: &Part, a_expr: &Expr, b: &Part, b_expr: &Expr) -> Option<()> {
        if a.quantity.with(b.quantity).is_some() {
            return Some(());
        }
        // The side that is written as a value is the one to mend.
        let (wrong, wrong_expr, other) =
            if is_value(a_expr) { (a, a_expr, b) } else { (b, b_expr, a) };
        let written = self.written(wrong_expr.span);
        let fault = |message: String| Diagnostic::error(Code::K026, wrong_expr.span, message);
        let fault = match (wrong.quantity, other.quantity) {
            (Quantity::Percent, _) => {
                let fault = fault(format!("`{written}` is a percentage, only a share is one"));
                match written.strip_suffix('%') {
                    Some(plain) if is_number(wrong_expr) => {
                        fault.label(format!("did you mean `{plain}`?")).fix(wrong_expr.span, plain)
                    }
                    _ => fault,
                }
            }
            (_, Quantity::Percent) => {
                let fault = fault("a share is compared with a percentage".to_owned());
                if is_number(wrong_expr) {
                    let fixed = percentage(wrong_expr).unwrap_or(format!("{written}%"));
                    fault.label(format!("did you mean `{fixed}`?")).fix(wrong_expr.span, fixed)
                } else {
                    fault.label("this is no percentage")
                }
            }
            _ => fault(format!("`{written}` is a duration, a number is expected here"))
                .label("only gaps and days are compared with durations"),
        };
        self.fail(fault)
    }
}

/// Whether the expression is a written value, in brackets or not.
fn is_value(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Paren(inner) => is_value(inner),
        ExprKind::Duration(_) => true,
        _ => is_number(expr),
    }
}

fn is_date(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Paren(inner) => is_date(inner),
        ExprKind::Date(_) | ExprKind::Instant(_) | ExprKind::Today => true,
        _ => false,
    }
}

/// The comparison with its sides changed over.
fn turned(op: Cmp) -> Cmp {
    match op {
        Cmp::Less => Cmp::More,
        Cmp::AtMost => Cmp::AtLeast,
        Cmp::AtLeast => Cmp::AtMost,
        Cmp::More => Cmp::Less,
        Cmp::Equal | Cmp::Unequal => op,
    }
}

/// `25%` for `0.25`.
fn percentage(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::Number { value, percent: false }
            if *value > Decimal::ZERO && *value < Decimal::ONE =>
        {
            Some(format!("{}%", (*value * Decimal::ONE_HUNDRED).normalize()))
        }
        _ => None,
    }
}
