//! Conditions on a subject of a known noun.

use super::checker::Checker;
use super::compare::Compared;
use super::field::{a, field_holds, is_day};
use super::rules::{Cmp, Condition, DateExpr, FieldTest};
use super::status;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::calendar::Duration;
use crate::model::{FieldType, Noun};
use crate::syntax::tree::{self, Expr, ExprKind, Phrase, Spanned, Words};

impl Checker<'_> {
    pub(super) fn condition(&mut self, expr: &Expr, noun: Noun) -> Option<Condition> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.condition(inner, noun),
            _ => self.nested(expr.span, |checker| checker.one_condition(expr, noun)),
        }
    }

    fn one_condition(&mut self, expr: &Expr, noun: Noun) -> Option<Condition> {
        match &expr.kind {
            ExprKind::And(parts) => self.conditions(parts, noun).map(Condition::And),
            ExprKind::Or(parts) => self.conditions(parts, noun).map(Condition::Or),
            ExprKind::Not(inner) => self.condition(inner, noun).map(negate),
            ExprKind::Compare { left, op, right, window } => {
                let window = window.as_ref();
                self.compare(&Compared { whole: expr, left, op: op.clone(), right, window }, noun)
            }
            ExprKind::Between { left, low, high, window } => {
                self.between(expr, left, (low, high), window.as_ref(), noun)
            }
            ExprKind::Is { left, not, value } => self.is(expr, left, *not, value, noun),
            ExprKind::IsA { not, words } => {
                let is = Condition::Is(self.is_a(words, noun)?);
                Some(if *not { negate(is) } else { is })
            }
            ExprKind::Known { left, known } => {
                let (path, _) = self.field(left, noun)?;
                let test = if *known { FieldTest::Known } else { FieldTest::Unknown };
                Some(Condition::Field { path, test })
            }
            ExprKind::KnownWithin { left, within, of } => {
                let field = self.field(left, noun);
                let (of, kind) = self.date_path(of, noun)?;
                let within = self.measured_from(within, kind)?;
                Some(Condition::KnownWithin { field: field?.0, within, of })
            }
            ExprKind::OneOf { left, not, values } => self.one_of(left, *not, values, noun),
            ExprKind::Contains { left, text } => {
                self.text_test(left, FieldTest::Contains(text.value.clone()), "contains", noun)
            }
            ExprKind::StartsWith { left, text } => {
                let test = FieldTest::StartsWith(text.value.clone());
                self.text_test(left, test, "starts with", noun)
            }
            ExprKind::InWindow { left, window } => {
                let (path, kind) = self.day_field(left, noun)?;
                let window = self.field_window(window, kind, noun)?;
                Some(Condition::Field { path, test: FieldTest::In(window) })
            }
            ExprKind::Before { left, date } => self.dated(left, Cmp::Less, date, noun),
            ExprKind::After { left, date } => self.dated(left, Cmp::More, date, noun),
            ExprKind::Next { phrase, within } => self.next(phrase, within.as_ref(), noun),
            ExprKind::Followed { phrase, booked, within } => {
                self.followed(expr, phrase, *booked, within.value, noun)
            }
            ExprKind::Within { phrase, within, before, of } => {
                let of = self.date_path(of, noun);
                let made = self.phrase(phrase)?;
                self.uncounted(phrase)?;
                self.activities(&made, phrase.span, "`within … of`")?;
                self.has(Some(noun), made.noun, phrase.span)?;
                let (of, kind) = of?;
                let within = self.measured_from(within, kind)?;
                Some(Condition::Within { phrase: made, within, before: *before, of })
            }
            ExprKind::Every { phrase, every } => {
                let every = self.days_only(every);
                let made = self.phrase(phrase)?;
                self.uncounted(phrase)?;
                self.activities(&made, phrase.span, "`every`")?;
                self.has(Some(noun), made.noun, phrase.span)?;
                Some(Condition::Every { phrase: made, every: every? })
            }
            ExprKind::Meets(rule) => self.meets_rule(rule, noun),
            _ => self.no_condition(expr, noun),
        }
    }

    fn conditions(&mut self, parts: &[Expr], noun: Noun) -> Option<Vec<Condition>> {
        let made: Vec<Option<Condition>> =
            parts.iter().map(|part| self.condition(part, noun)).collect();
        made.into_iter().collect()
    }

    fn is(
        &mut self,
        whole: &Expr,
        left: &Expr,
        not: bool,
        value: &Expr,
        noun: Noun,
    ) -> Option<Condition> {
        if let (None, ExprKind::Words(words)) = (self.as_field(left, noun)?, &left.kind)
            && self.names.longest(words).is_none()
        {
            return self.unknown_field(words, left.span, noun);
        }
        let op = Spanned { value: Cmp::Equal, span: whole.span };
        let equal =
            self.compare(&Compared { whole, left, op, right: value, window: None }, noun)?;
        Some(if not { negate(equal) } else { equal })
    }

    fn one_of(&mut self, left: &Expr, not: bool, values: &[Expr], noun: Noun) -> Option<Condition> {
        let (path, kind) = self.field(left, noun)?;
        let literals: Vec<_> =
            values.iter().map(|value| self.literal(value, &path, kind)).collect();
        let literals = literals.into_iter().collect::<Option<_>>()?;
        let test = Condition::Field { path, test: FieldTest::OneOf(literals) };
        Some(if not { negate(test) } else { test })
    }

    fn text_test(
        &mut self,
        left: &Expr,
        test: FieldTest,
        words: &str,
        noun: Noun,
    ) -> Option<Condition> {
        let (path, kind) = self.field(left, noun)?;
        if kind != FieldType::Text {
            let message = format!("`{words}` needs text, `{}` is none", path.text);
            let fault = Diagnostic::error(Code::K025, left.span, message);
            return self.fail(fault.label(field_holds(&kind)));
        }
        Some(Condition::Field { path, test })
    }

    fn day_field(&mut self, left: &Expr, noun: Noun) -> Option<(super::rules::Path, FieldType)> {
        let (path, kind) = self.field(left, noun)?;
        if !is_day(kind) {
            let message = format!("`{}` is no date", path.text);
            let fault = Diagnostic::error(Code::K025, left.span, message);
            return self.fail(fault.label(field_holds(&kind)));
        }
        Some((path, kind))
    }

    fn dated(
        &mut self,
        left: &Expr,
        op: Cmp,
        date: &Spanned<tree::DateExpr>,
        noun: Noun,
    ) -> Option<Condition> {
        let field = self.day_field(left, noun);
        let date: DateExpr = self.date_expr(&date.value, Some(noun))?;
        Some(Condition::Field { path: field?.0, test: FieldTest::Date(op, date) })
    }

    fn next(
        &mut self,
        phrase: &Phrase,
        within: Option<&Spanned<Duration>>,
        noun: Noun,
    ) -> Option<Condition> {
        let made = self.phrase(phrase)?;
        self.uncounted(phrase)?;
        self.activities(&made, phrase.span, "`next`")?;
        self.has(Some(noun), made.noun, phrase.span)?;
        if status::of_phrase(&made, self.schema) & status::NEXT == 0 {
            let message = format!("`next` and `{}` exclude each other", made.text);
            let fault = Diagnostic::error(Code::K031, phrase.span, message);
            return self.fail(fault.label("the next one is planned, on a day that is not over"));
        }
        Some(Condition::Next { phrase: made, within: within.map(|within| within.value) })
    }

    fn followed(
        &mut self,
        whole: &Expr,
        phrase: &Phrase,
        booked: bool,
        within: Duration,
        noun: Noun,
    ) -> Option<Condition> {
        if noun != Noun::Activity {
            let message = format!("`followed by` needs an activity, this is about {}", a(noun));
            let start = Span { end: phrase.span.start, ..whole.span };
            let trimmed = self.sources.slice(start).trim_end().len();
            let span = Span { end: start.start + u32::try_from(trimmed).unwrap_or(0), ..start };
            let fault = Diagnostic::error(Code::K045, span, message);
            return self.fail(fault.help("of other things, ask for `next …` or `… within … of`"));
        }
        let made = self.phrase(phrase)?;
        self.uncounted(phrase)?;
        self.activities(&made, phrase.span, "`followed by`")?;
        Some(Condition::Followed { phrase: made, booked, within })
    }

    fn meets_rule(&mut self, rule: &Words, noun: Noun) -> Option<Condition> {
        let Words { value: id, span } = rule;
        let rulebook = self.rulebook;
        let Some(index) = rulebook.find(id) else {
            let fault = Diagnostic::error(Code::K014, *span, format!("unknown rule `{id}`"));
            let fault = self.suggest(fault, id, rulebook.ids());
            return self.fail(fault);
        };
        let entry = rulebook.entries.get(index)?;
        if let Some(other) = entry.noun
            && other != noun
        {
            let message = format!("`{id}` judges {}, this is about {}", other.table(), a(noun));
            let fault = Diagnostic::error(Code::K046, *span, message)
                .note_at(entry.rule.subject.span, "its subjects");
            return self.fail(fault);
        }
        self.meets.push((index, *span));
        entry.place.map(Condition::Meets)
    }
}

/// The opposite.
pub(super) fn negate(condition: Condition) -> Condition {
    match condition {
        Condition::Not(inner) => *inner,
        other => Condition::Not(Box::new(other)),
    }
}
