//! Fields: paths to them and tests of what they hold.

use super::checker::Checker;
use super::names::Named;
use super::rules::{Cmp, Condition, DateExpr, FieldTest, Literal, Path};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::model::{FieldType, Noun};
use crate::syntax::tree::{self, Expr, ExprKind, Spanned, Words};

/// How many dots a path may have.
const MOST_DOTS: usize = 3;

impl Checker<'_> {
    /// A path that starts at things of a noun, and the type of what it leads to.
    pub(super) fn path(&mut self, path: &tree::Path, noun: Noun) -> Option<(Path, FieldType)> {
        if path.steps.len() > MOST_DOTS + 1 {
            let message = format!("a path of more than {MOST_DOTS} dots");
            return self.fail(Diagnostic::error(Code::K038, path.span, message));
        }
        let mut at = noun;
        let mut steps = Vec::new();
        let mut kind = None;
        for (index, name) in path.steps.iter().enumerate() {
            if index > 0 {
                let Some(FieldType::Reference(next)) = kind else {
                    let before = path.steps.get(index - 1)?;
                    let message = format!("`{}` refers to nothing that has fields", before.value);
                    let fault = Diagnostic::error(Code::K039, before.span, message);
                    let what = kind.map_or_else(String::new, |kind| field_holds(&kind));
                    return self.fail(fault.label(what));
                };
                at = next;
            }
            let Some(field) = self.schema.field_ref(at, &name.value) else {
                if index == 0
                    && name.value == noun.singular()
                    && let Some(next) = path.steps.get(1)
                {
                    return self.own_name(name, next, noun);
                }
                return self.unknown_field(&name.value, name.span, at);
            };
            kind = self.schema.definition(field).map(|definition| definition.kind);
            steps.push(field);
        }
        let text = path.steps.iter().map(|step| step.value.as_str()).collect::<Vec<_>>().join(".");
        Some((Path { steps, text }, kind?))
    }

    /// `campaign.start` of a campaign.
    fn own_name<T>(&mut self, name: &Words, next: &Words, noun: Noun) -> Option<T> {
        let dot = Span { end: next.span.start, ..name.span };
        let message = format!("{} has no field `{}`", a(noun), name.value);
        let fault = Diagnostic::error(Code::K011, name.span, message);
        self.fail(fault.label(format!("say `{}` alone", next.value)).fix(dot, ""))
    }

    pub(super) fn unknown_field<T>(&mut self, name: &str, span: Span, noun: Noun) -> Option<T> {
        let fault =
            Diagnostic::error(Code::K011, span, format!("{} has no field `{name}`", a(noun)));
        let known: Vec<&str> =
            self.schema.fields(noun).iter().map(|field| field.name.as_str()).collect();
        let mut fault = self.suggest(fault, name, known.iter().copied());
        if matches!(name, "yesterday" | "tomorrow" | "now") {
            fault =
                fault.help("a day is `2026-11-15` or `today`; days before it are `in last 7 days`");
        } else if fault.primary.text.is_empty() {
            fault = fault.help(format!("{} has {}", a(noun), known.join(", ")));
        }
        self.fail(fault)
    }

    /// The path to a date or an instant of the subject.
    pub(super) fn date_path(&mut self, path: &tree::Path, noun: Noun) -> Option<(Path, FieldType)> {
        let (found, kind) = self.path(path, noun)?;
        if !is_day(kind) {
            let message = format!("`{}` is no date", found.text);
            let fault = Diagnostic::error(Code::K025, path.span, message).label(field_holds(&kind));
            return self.fail(fault);
        }
        Some((found, kind))
    }

    /// The field that an operand names: none inside where it names none.
    pub(super) fn as_field(
        &mut self,
        expr: &Expr,
        noun: Noun,
    ) -> Option<Option<(Path, FieldType)>> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.as_field(inner, noun),
            ExprKind::Path(path) => self.path(path, noun).map(Some),
            ExprKind::Words(word) => {
                let Some(field) = self.schema.field_ref(noun, word) else { return Some(None) };
                let kind = self.schema.definition(field)?.kind;
                Some(Some((Path { steps: vec![field], text: word.clone() }, kind)))
            }
            _ => Some(None),
        }
    }

    /// The field that an operand must name.
    pub(super) fn field(&mut self, expr: &Expr, noun: Noun) -> Option<(Path, FieldType)> {
        if let Some(found) = self.as_field(expr, noun)? {
            return Some(found);
        }
        match &expr.kind {
            ExprKind::Words(words) if self.names_things(words) => {
                let message = format!("a field is expected here, `{words}` are things");
                let fault = Diagnostic::error(Code::K027, expr.span, message);
                self.fail(fault.label(format!("to count them, compare: `{words} >= 1`")))
            }
            ExprKind::Words(words) => self.unknown_field(words, expr.span, noun),
            _ => {
                let message = format!("a field of {} is expected here", a(noun));
                self.fail(Diagnostic::error(Code::K027, expr.span, message))
            }
        }
    }

    /// `FIELD CMP VALUE` for a field that is no number.
    pub(super) fn field_compare(
        &mut self,
        (path, kind): (Path, FieldType),
        op: &Spanned<Cmp>,
        value: &Expr,
        noun: Noun,
    ) -> Option<Condition> {
        if is_day(kind) {
            let date = self.date_operand(value, noun)?;
            return Some(Condition::Field { path, test: FieldTest::Date(op.value, date) });
        }
        let equal = match op.value {
            Cmp::Equal => true,
            Cmp::Unequal => false,
            _ => {
                let message = format!("`{}` cannot be compared by size", path.text);
                let fault = Diagnostic::error(Code::K025, op.span, message);
                return self
                    .fail(fault.label(field_holds(&kind)).help("say `is`, `is not` or `in`"));
            }
        };
        let value = self.literal(value, &path, kind)?;
        let test = Condition::Field { path, test: FieldTest::Equals(value) };
        Some(if equal { test } else { super::condition::negate(test) })
    }

    /// A value that a date or instant is held against.
    fn date_operand(&mut self, value: &Expr, noun: Noun) -> Option<DateExpr> {
        let zone = self.calendar.zone;
        match &value.kind {
            ExprKind::Paren(inner) => self.date_operand(inner, noun),
            ExprKind::Date(day) => Some(DateExpr::Date(*day)),
            ExprKind::Instant(moment) => Some(DateExpr::Instant(moment.resolve(zone))),
            ExprKind::Today => Some(DateExpr::Today),
            ExprKind::Words(_) | ExprKind::Path(_) => {
                let (path, kind) = self.field(value, noun)?;
                if is_day(kind) {
                    return Some(DateExpr::Field(path));
                }
                let message = format!("`{}` is no date", path.text);
                self.fail(
                    Diagnostic::error(Code::K025, value.span, message).label(field_holds(&kind)),
                )
            }
            _ => {
                self
                    .fail(Diagnostic::error(Code::K025, value.span, "a date is expected here").help(
                    "say a date such as 2026-11-15, `today`, a date field, or `in last 90 days`",
                ))
            }
        }
    }

    pub(super) fn date_expr(
        &mut self,
        date: &tree::DateExpr,
        noun: Option<Noun>,
    ) -> Option<DateExpr> {
        Some(match date {
            tree::DateExpr::Date(day) => DateExpr::Date(*day),
            tree::DateExpr::Instant(moment) => {
                DateExpr::Instant(moment.resolve(self.calendar.zone))
            }
            tree::DateExpr::Today => DateExpr::Today,
            tree::DateExpr::Field(path) => match noun {
                Some(noun) => DateExpr::Field(self.date_path(path, noun)?.0),
                None => DateExpr::Today,
            },
        })
    }

    /// A value that a field may have.
    pub(super) fn literal(
        &mut self,
        value: &Expr,
        path: &Path,
        kind: FieldType,
    ) -> Option<Literal> {
        let wrong = |what: String| Diagnostic::error(Code::K025, value.span, what);
        let text = match &value.kind {
            ExprKind::Paren(inner) => return self.literal(inner, path, kind),
            ExprKind::Words(text) | ExprKind::Text(text) => Some(text.clone()),
            _ => None,
        };
        match (kind, text) {
            (FieldType::Text | FieldType::Reference(_), Some(text)) => Some(Literal::Text(text)),
            (FieldType::Text | FieldType::Reference(_), None) => {
                let written = self.written(value.span);
                let fault = wrong(format!("`{}` holds text, `{written}` is none", path.text));
                let quoted = matches!(
                    value.kind,
                    ExprKind::Number { .. } | ExprKind::Date(_) | ExprKind::Instant(_)
                );
                let quote = format!("\"{written}\"");
                self.fail(if quoted {
                    fault.label(format!("as text it is `{quote}`")).fix(value.span, quote)
                } else {
                    fault
                })
            }
            (FieldType::OneOf(known), Some(text)) => {
                if known.contains(&text.as_str()) {
                    return Some(Literal::Text(text));
                }
                let message = format!("`{}` is never `{text}`", path.text);
                let fault = Diagnostic::error(Code::K024, value.span, message)
                    .help(format!("it is one of {}", known.join(", ")));
                let fault = self.suggest(fault, &text, known.iter().copied());
                self.fail(fault)
            }
            (FieldType::YesNo, Some(text)) => match text.as_str() {
                "yes" | "true" => Some(Literal::YesNo(true)),
                "no" | "false" => Some(Literal::YesNo(false)),
                _ => {
                    let message = format!("`{}` is never `{text}`", path.text);
                    self.fail(
                        Diagnostic::error(Code::K024, value.span, message).help("it is yes or no"),
                    )
                }
            },
            (FieldType::Number, _) => match number(value) {
                Some(number) => Some(Literal::Number(number)),
                None => self.fail(wrong(format!("`{}` is a number", path.text))),
            },
            (FieldType::Date | FieldType::Instant, _) => match &value.kind {
                ExprKind::Date(day) => Some(Literal::Date(*day)),
                _ => self.fail(wrong(format!("`{}` is held against dates", path.text))),
            },
            (FieldType::OneOf(_) | FieldType::YesNo, None) => {
                self.fail(wrong(format!("`{}` is {kind}", path.text)))
            }
        }
    }

    /// A bare word or path that stands where a condition belongs.
    pub(super) fn no_condition<T>(&mut self, expr: &Expr, noun: Noun) -> Option<T> {
        let written = self.written(expr.span);
        let message = format!("a condition is expected here, `{written}` is none");
        let fault = Diagnostic::error(Code::K027, expr.span, message);
        let field = self.as_field(expr, noun)?;
        if let Some((path, kind)) = field {
            let example = match kind {
                FieldType::YesNo => {
                    let fixed = format!("{} is yes", path.text);
                    return self.fail(fault.label(format!("say `{fixed}`")).fix(expr.span, fixed));
                }
                FieldType::Number => "compare it, as in",
                _ => "say what it is, as in",
            };
            let rest = match kind {
                FieldType::Number => ">= 1",
                FieldType::Date | FieldType::Instant => "in last 30 days",
                _ => "is known",
            };
            return self.fail(fault.label(format!("{example} `{} {rest}`", path.text)));
        }
        if let ExprKind::Words(words) = &expr.kind
            && self.names.longest(words).is_none()
        {
            if self.is_adjective(words, noun) {
                let fixed = format!("is {words}");
                return self.fail(fault.label(format!("say `{fixed}`")).fix(expr.span, fixed));
            }
            return self.unknown_word(words, expr.span, Some(noun));
        }
        self.fail(fault.label(format!("compare it, as in `{written} >= 1`")))
    }

    /// Words that are neither a noun nor a field.
    pub(super) fn unknown_word<T>(
        &mut self,
        words: &str,
        span: Span,
        noun: Option<Noun>,
    ) -> Option<T> {
        let spans = self.word_spans(words, span);
        let last = words.rsplit(' ').next().unwrap_or(words);
        let last_span = spans.last().copied().unwrap_or(span);
        let fields: Vec<&str> = noun
            .map(|noun| self.schema.fields(noun).iter().map(|f| f.name.as_str()).collect())
            .unwrap_or_default();
        let names = self.names;
        if !words.contains(' ')
            && nearest(words, names.all()).is_none()
            && let Some(noun) = noun
            && nearest(words, fields.iter().copied()).is_some()
        {
            return self.unknown_field(words, span, noun);
        }
        let fault = Diagnostic::error(Code::K012, span, format!("unknown noun `{words}`"));
        let whole = self.suggest(fault, words, names.all());
        if last == words && whole.fix.is_none() {
            let help = self.stranger(words);
            return self.fail(whole.help(help));
        }
        if whole.fix.is_some() {
            return self.fail(whole);
        }
        let fault = Diagnostic::error(Code::K012, last_span, format!("unknown noun `{last}`"));
        let fault = self.suggest(fault, last, names.all());
        self.fail(fault)
    }

    /// What can be done about a word that is like none.
    fn stranger(&self, word: &str) -> String {
        let has_field = |noun: &Noun| self.schema.fields(*noun).iter().any(|f| f.name == word);
        match Noun::ALL.into_iter().find(has_field) {
            Some(noun) => format!("`{word}` is a field of {}", a(noun)),
            None => {
                "a word of your own needs a `define`, an activity kind of your own an `activity`"
                    .to_owned()
            }
        }
    }

    /// Whether the words name things and not a field of the subject.
    pub(super) fn names_things(&self, words: &str) -> bool {
        match self.names.longest(words) {
            Some((_, Named::Define(index))) => self.names.noun(&Named::Define(index)).is_some(),
            Some(_) => true,
            None => false,
        }
    }
}

/// Whether the type is one of days: a date or an instant.
pub(super) fn is_day(kind: FieldType) -> bool {
    matches!(kind, FieldType::Date | FieldType::Instant)
}

/// `a lead`, `an activity`, `the company`.
pub(super) fn a(noun: Noun) -> String {
    match noun {
        Noun::Company => "the company".to_owned(),
        Noun::Opportunity | Noun::Absence | Noun::Activity => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}

/// `it is text`, for a label.
pub(super) fn field_holds(kind: &FieldType) -> String {
    match kind {
        FieldType::OneOf(values) => format!("it is one of {}", values.join(", ")),
        FieldType::Reference(noun) => format!("it is {}", a(*noun)),
        _ => format!("it is {kind}"),
    }
}

fn number(value: &Expr) -> Option<rust_decimal::Decimal> {
    match &value.kind {
        ExprKind::Number { value, percent: false } => Some(*value),
        ExprKind::Negative(inner) => number(inner).map(|number| -number),
        ExprKind::Paren(inner) => number(inner),
        _ => None,
    }
}
