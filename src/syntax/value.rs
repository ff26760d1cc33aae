//! Numbers, dates, durations, strings and names, from their text.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::model::Moment;
use crate::model::calendar::{Duration, TimeUnit, Unit};

use super::build::Builder;
use super::grammar::{Node, Nodes, Rule};
use super::scan::unescape;
use super::tree::{DateExpr, Path, Spanned, When, Words};

impl Builder {
    pub(super) fn fault(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, span, message));
    }

    /// A number and whether it has a percent sign.
    pub(super) fn number(&mut self, node: &Node<'_>) -> (Decimal, bool) {
        let percent = node.text().ends_with('%');
        let value = decimal(node.text()).unwrap_or_else(|| {
            let message = format!("the number `{}` cannot be held exactly", shown(node.text()));
            let help = "a number has at most 28 digits";
            self.diagnostics.push(Diagnostic::error(Code::K005, node.span(), message).help(help));
            Decimal::ZERO
        });
        (value, percent)
    }

    /// A number where a percentage has no meaning.
    pub(super) fn plain_number(&mut self, node: &Node<'_>) -> Decimal {
        let (value, percent) = self.number(node);
        if percent {
            self.fault(
                Code::K001,
                node.span(),
                format!("expected a number without `%`, found `{}`", node.text()),
            );
        }
        value
    }

    /// A whole number from 0 to `most`.
    pub(super) fn whole_number(&mut self, node: &Node<'_>, most: u32, what: &str) -> u32 {
        let value = decimal(node.text()).filter(|_| !node.text().ends_with('%'));
        let whole = value.filter(Decimal::is_integer).and_then(|value| u32::try_from(value).ok());
        whole.filter(|whole| *whole <= most).unwrap_or_else(|| {
            let found = shown(node.text());
            let message =
                format!("expected {what}, a whole number of at most {most}, found `{found}`");
            self.fault(Code::K005, node.span(), message);
            1
        })
    }

    /// `[minus] number`, as it stands in a test.
    pub(super) fn signed(&mut self, nodes: &mut Nodes<'_>) -> Option<Decimal> {
        let minus = nodes.accept(Rule::minus).is_some();
        let (value, _) = self.number(&nodes.accept(Rule::number)?);
        Some(if minus { -value } else { value })
    }

    pub(super) fn duration(&mut self, node: Node<'_>) -> Option<Spanned<Duration>> {
        let span = node.span();
        let mut children = node.children();
        let number = children.accept(Rule::number)?;
        let unit = time_unit(children.accept(Rule::time_unit)?.text())?;
        let amount = self.whole_number(&number, Duration::MOST, "the length of a time");
        Some(Spanned { value: Duration { amount, unit }, span })
    }

    pub(super) fn date(&mut self, node: &Node<'_>) -> NaiveDate {
        let text = node.text();
        text.parse().ok().filter(|_| text.len() == 10).unwrap_or_else(|| {
            let message = format!("there is no date `{text}`");
            let diagnostic = Diagnostic::error(Code::K006, node.span(), message);
            let diagnostic = match padded(text) {
                Some(padded) => {
                    diagnostic.label(format!("write `{padded}`")).fix(node.span(), padded)
                }
                None => diagnostic.help(match days_of_month(text) {
                    Some(days) => format!("that month has {days} days"),
                    None => "expected a date such as `2026-11-15`".to_owned(),
                }),
            };
            self.diagnostics.push(diagnostic);
            NaiveDate::default()
        })
    }

    pub(super) fn instant(&mut self, node: &Node<'_>) -> Moment {
        node.text().parse().unwrap_or_else(|_| {
            let message = format!("there is no instant `{}`", node.text());
            self.diagnostics.push(
                Diagnostic::error(Code::K006, node.span(), message).help(
                    "expected an instant such as `2026-11-15T14:30`, with `Z` or `+01:00` where it is not in the calendar's zone",
                ),
            );
            Moment::from(NaiveDate::default())
        })
    }

    /// `date`, `instant`, `today` or a field.
    pub(super) fn moment(&mut self, node: Node<'_>) -> Option<Spanned<DateExpr>> {
        let span = node.span();
        let inner = node.children().next()?;
        let value = match inner.rule() {
            Rule::date => DateExpr::Date(self.date(&inner)),
            Rule::instant => DateExpr::Instant(self.instant(&inner)),
            Rule::k_today => DateExpr::Today,
            _ => DateExpr::Field(path(inner)),
        };
        Some(Spanned { value, span })
    }

    pub(super) fn when(&mut self, node: Node<'_>) -> Option<Spanned<When>> {
        let span = node.span();
        let inner = node.children().next()?;
        let value = match inner.rule() {
            Rule::date => When::Date(self.date(&inner)),
            _ => When::Instant(self.instant(&inner)),
        };
        Some(Spanned { value, span })
    }
}

/// The names of a path, joined by dots.
pub(super) fn path(node: Node<'_>) -> Path {
    let span = node.span();
    Path { steps: node.children().map(|step| step.with(step.text().to_owned())).collect(), span }
}

/// Words joined by single spaces.
pub(super) fn words(node: Node<'_>) -> Words {
    let span = node.span();
    let mut value = String::new();
    for word in node.children() {
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str(word.text());
    }
    Spanned { value, span }
}

/// A node that holds a string, or a word as it is.
pub(super) fn name(node: Node<'_>) -> Option<Words> {
    node.children().next().map(|inner| inner.with(text(&inner)))
}

/// What a string says, or a word as it is.
pub(super) fn text(node: &Node<'_>) -> String {
    let quoted = node.text().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(mut rest) = quoted else { return node.text().to_owned() };
    let mut text = String::with_capacity(rest.len());
    while let Some(back) = rest.find('\\') {
        let (before, escape) = rest.split_at(back);
        let (character, length) = unescape(escape).unwrap_or(('\\', 1));
        text.push_str(before);
        text.push(character);
        rest = escape.get(length..).unwrap_or("");
    }
    text.push_str(rest);
    text
}

pub(super) fn unit(node: &Node<'_>) -> Option<Unit> {
    use Unit::{Day, HalfYear, Month, Quarter, Week, Year};
    [Day, Week, Month, Quarter, HalfYear, Year].into_iter().find(|unit| unit.name() == node.text())
}

pub(super) fn time_unit(text: &str) -> Option<TimeUnit> {
    use TimeUnit::{Day, Hour, Minute, Month, Quarter, Week, Workday, Year};
    let singular = text.strip_suffix('s').unwrap_or(text);
    [Minute, Hour, Day, Workday, Week, Month, Quarter, Year]
        .into_iter()
        .find(|unit| unit.name() == singular)
}

/// The exact number: the suffix moves the decimal point, so that nothing is rounded.
fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim_end_matches('%');
    let suffixes = [("bn", 9), ("k", 3), ("m", 6)];
    let suffix = suffixes.iter().find_map(|(suffix, by)| Some((text.strip_suffix(suffix)?, *by)));
    let (digits, by) = suffix.unwrap_or((text, 0));
    let digits = digits.replace('_', "");
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let moved = format!("{fraction:0<by$}");
    let (more, fraction) = moved.split_at_checked(by)?;
    let whole = format!("{whole}{more}");
    let whole = whole.trim_start_matches('0');
    let exact = match (whole, fraction) {
        (whole, "") => format!("0{whole}"),
        (whole, fraction) => format!("0{whole}.{fraction}"),
    };
    Decimal::from_str_exact(&exact).ok()
}

/// `2026-1-5` with the noughts that it lacks, if that is a date.
fn padded(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let padded = format!("{year}-{month:0>2}-{day:0>2}");
    (padded != text && padded.parse::<NaiveDate>().is_ok()).then_some(padded)
}

/// How many days the month of a date has that does not exist.
fn days_of_month(text: &str) -> Option<u32> {
    let first: NaiveDate = format!("{}-01", text.get(..7)?).parse().ok()?;
    (28..=31).rev().find(|day| first.with_day(*day).is_some())
}

/// The start of a text that may be very long.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}
