//! Windows and durations.

use super::checker::Checker;
use super::field::is_day;
use super::rules::{Measure, Phrase, Window};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::calendar::Duration;
use crate::model::{FieldType, Noun};
use crate::syntax::tree::{self, DateExpr, Spanned};

impl Checker<'_> {
    /// A window for things that are dated as `dated` says: in days or in instants.
    pub(super) fn window(
        &mut self,
        window: &Spanned<tree::Window>,
        noun: Option<Noun>,
    ) -> Option<Window> {
        Some(match &window.value {
            tree::Window::Per(unit) => Window::Per(*unit),
            tree::Window::This(unit) => Window::This(*unit),
            tree::Window::Previous(unit) => Window::Previous(*unit),
            tree::Window::Last(duration) => Window::Last(*duration),
            tree::Window::Since(date) => Window::Since(self.date_expr(date, noun)?),
            tree::Window::FromUntil(first, last) => {
                if let (DateExpr::Date(from), DateExpr::Date(until)) = (first, last)
                    && from > until
                {
                    let message = format!("{from} is after {until}");
                    return self.fail(
                        Diagnostic::error(Code::K047, window.span, message)
                            .label("this window holds no day"),
                    );
                }
                let first = self.date_expr(first, noun);
                Window::FromUntil(first?, self.date_expr(last, noun)?)
            }
        })
    }

    /// The window of a comparison, which must measure something over time.
    pub(super) fn comparison_window(
        &mut self,
        window: Option<&Spanned<tree::Window>>,
        measures: &[&Measure],
        noun: Noun,
    ) -> Option<Window> {
        let Some(written) = window else { return Some(Window::Ever) };
        let mut phrases = Vec::new();
        for measure in measures {
            collect(measure, &mut phrases);
        }
        if phrases.is_empty() {
            let message = "a window needs something that is measured over time";
            return self.fail(
                Diagnostic::error(Code::K033, written.span, message)
                    .label("fields have their value now"),
            );
        }
        let made = self.window(written, Some(noun))?;
        if let Window::Last(duration) = &made
            && duration.is_clock()
            && let Some(phrase) = phrases.iter().find(|phrase| !self.has_instants(phrase))
        {
            let message = format!("`{}` have a day but no time of day", phrase.text);
            return self.fail(
                Diagnostic::error(Code::K026, written.span, message)
                    .label("use days or longer, or `dated` with an instant"),
            );
        }
        Some(made)
    }

    /// Whether what is counted lies at instants rather than on days.
    fn has_instants(&self, phrase: &Phrase) -> bool {
        match &phrase.dated {
            Some(path) => {
                let last = path.steps.last().and_then(|field| self.schema.definition(*field));
                last.is_some_and(|field| field.kind == FieldType::Instant)
            }
            None => phrase.noun == Noun::Activity,
        }
    }

    /// The window of `FIELD in WINDOW`.
    pub(super) fn field_window(
        &mut self,
        window: &Spanned<tree::Window>,
        kind: FieldType,
        noun: Noun,
    ) -> Option<Window> {
        if !is_day(kind) {
            return None;
        }
        let made = self.window(window, Some(noun))?;
        match &made {
            Window::Per(unit) => {
                let name = unit.name();
                let fixed = format!("this {name}");
                let message = format!("a field cannot be tested `per {name}`");
                self.fail(
                    Diagnostic::error(Code::K033, window.span, message)
                        .label(format!("say `in {fixed}` or `in previous {name}`")),
                )
            }
            Window::Last(duration) if duration.is_clock() && kind == FieldType::Date => {
                let message = "a date has no time of day";
                self.fail(
                    Diagnostic::error(Code::K026, window.span, message).label("use days or longer"),
                )
            }
            _ => Some(made),
        }
    }

    /// A duration that is measured between local days.
    pub(super) fn days_only(&mut self, duration: &Spanned<Duration>) -> Option<Duration> {
        if duration.value.is_clock() {
            return self.no_clock(duration.span, "this is measured in days");
        }
        Some(duration.value)
    }

    /// A duration from a field: in hours or minutes only from an instant.
    pub(super) fn measured_from(
        &mut self,
        duration: &Spanned<Duration>,
        kind: FieldType,
    ) -> Option<Duration> {
        if duration.value.is_clock() && kind == FieldType::Date {
            return self.no_clock(duration.span, "a date has no time of day");
        }
        Some(duration.value)
    }

    fn no_clock<T>(&mut self, span: Span, message: &str) -> Option<T> {
        self.fail(Diagnostic::error(Code::K026, span, message).label("use days or longer"))
    }
}

/// The phrases whose things a measure measures.
fn collect<'m>(measure: &'m Measure, phrases: &mut Vec<&'m Phrase>) {
    match measure {
        Measure::Number(_) | Measure::Field(_) => {}
        Measure::Count(phrase) | Measure::LongestGap(phrase) | Measure::DaysSince(phrase) => {
            phrases.push(phrase);
        }
        Measure::Aggregate { of, .. } | Measure::Share { of, .. } => phrases.push(of),
        Measure::Sum(parts) | Measure::Product(parts) => {
            for (_, part) in parts {
                collect(part, phrases);
            }
        }
        Measure::Negative(inner) => collect(inner, phrases),
    }
}
