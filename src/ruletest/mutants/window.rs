//! Windows that are too long, too short, or of another kind.

use super::MutantKind;
use super::edit::Editor;
use crate::diagnostic::Span;
use crate::model::calendar::{Duration, TimeUnit, Unit};
use crate::syntax::tree::{Spanned, Window};

const UNITS: [Unit; 6] =
    [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::HalfYear, Unit::Year];

impl Editor<'_> {
    pub(super) fn window(&mut self, window: &Spanned<Window>) {
        let Spanned { value, span } = window;
        match value {
            Window::Per(unit) => {
                self.units(*span, *unit);
                self.other_windows(*span, &[format!("this {}", unit.name())]);
                self.other_windows(*span, &[previous(*unit), last(*unit)]);
            }
            Window::This(unit) => {
                self.units(*span, *unit);
                self.other_windows(*span, &[format!("per {}", unit.name())]);
                self.other_windows(*span, &[previous(*unit), last(*unit)]);
            }
            Window::Previous(unit) => {
                self.units(*span, *unit);
                self.other_windows(*span, &[format!("this {}", unit.name()), last(*unit)]);
            }
            Window::Last(duration) => {
                if let Some(place) = self.last_tokens(*span, 2) {
                    self.duration(&Spanned { value: *duration, span: place });
                    self.duration_units(place, *duration);
                }
                if let Some(unit) = calendar_unit(*duration) {
                    self.other_windows(*span, &[format!("per {}", unit.name()), previous(unit)]);
                }
            }
            Window::Since(date) => {
                if let Some(place) = self.last_tokens(*span, 1) {
                    self.date_expr(date, place);
                }
            }
            Window::FromUntil(from, until) => {
                let tokens = self.tokens(*span);
                let until_at = tokens.iter().position(|token| token.value == "until");
                let beside = |at: usize| tokens.get(at).map(|token| token.span);
                let places =
                    until_at.and_then(|at| Some((beside(at.checked_sub(1)?)?, beside(at + 1)?)));
                if let Some((from_at, until_at)) = places {
                    self.date_expr(from, from_at);
                    self.date_expr(until, until_at);
                }
            }
        }
    }

    /// A unit up and down.
    fn units(&mut self, window: Span, unit: Unit) {
        let Some(place) = self.last_tokens(window, 1) else { return };
        let at = UNITS.iter().position(|known| *known == unit).unwrap_or(0);
        let others = [at.checked_sub(1), Some(at + 1)];
        for other in others.into_iter().flatten().filter_map(|at| UNITS.get(at)) {
            self.replace(MutantKind::Window, place, other.name());
        }
    }

    /// The same of a length of time: weeks for months.
    fn duration_units(&mut self, place: Span, Duration { amount, unit }: Duration) {
        use TimeUnit::{Day, Hour, Minute, Month, Quarter, Week, Workday, Year};
        let others: &[TimeUnit] = match unit {
            Minute => &[Hour],
            Hour => &[Minute, Day],
            Day | Workday => &[Week],
            Week => &[Day, Month],
            Month => &[Week, Quarter],
            Quarter => &[Month, Year],
            Year => &[Quarter],
        };
        for unit in others {
            let other = Duration { amount, unit: *unit };
            self.replace(MutantKind::Window, place, other.to_string());
        }
    }

    fn other_windows(&mut self, window: Span, others: &[String]) {
        for other in others {
            self.replace(MutantKind::Window, window, other.as_str());
        }
    }

    /// From the first of the last tokens of a place to its end.
    fn last_tokens(&self, span: Span, count: usize) -> Option<Span> {
        let tokens = self.tokens(span);
        let first = tokens.get(tokens.len().checked_sub(count)?)?;
        Some(first.span.to(span))
    }
}

fn previous(unit: Unit) -> String {
    format!("in previous {}", unit.name())
}

/// As long as the unit, up to the as-of day.
fn last(unit: Unit) -> String {
    let length = match unit {
        Unit::Day => "1 day",
        Unit::Week => "7 days",
        Unit::Month => "1 month",
        Unit::Quarter => "3 months",
        Unit::HalfYear => "6 months",
        Unit::Year => "12 months",
    };
    format!("in last {length}")
}

/// The calendar period of that length, if there is one.
fn calendar_unit(Duration { amount, unit }: Duration) -> Option<Unit> {
    match (amount, unit) {
        (1, TimeUnit::Day) => Some(Unit::Day),
        (7, TimeUnit::Day) | (1, TimeUnit::Week) => Some(Unit::Week),
        (1, TimeUnit::Month) | (30, TimeUnit::Day) => Some(Unit::Month),
        (3, TimeUnit::Month) | (1, TimeUnit::Quarter) | (90, TimeUnit::Day) => Some(Unit::Quarter),
        (6, TimeUnit::Month) | (2, TimeUnit::Quarter) => Some(Unit::HalfYear),
        (12, TimeUnit::Month)
        | (4, TimeUnit::Quarter)
        | (1, TimeUnit::Year)
        | (365, TimeUnit::Day) => Some(Unit::Year),
        _ => None,
    }
}
