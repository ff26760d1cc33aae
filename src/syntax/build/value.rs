//! Numbers, texts, dates and durations.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::grammar::{Kind, Node};
use super::super::tree::{DateExpr, Spanned, Window};
use super::Builder;
use crate::diagnostic::Code;
use crate::model::Moment;
use crate::model::calendar::{Duration, TimeUnit, Unit};

impl Builder<'_> {
    /// A number, and whether it is a percentage.
    pub(super) fn number(&mut self, node: &Node<'_>) -> (Decimal, bool) {
        let text: String = node.text.chars().filter(|c| !matches!(c, '_' | ' ')).collect();
        let suffixes = [("bn", 1_000_000_000), ("k", 1_000), ("m", 1_000_000), ("%", 1)];
        let (digits, factor) = suffixes
            .iter()
            .find_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, *factor)))
            .unwrap_or((&text, 1));
        let exact = Decimal::from_str_exact(digits).ok();
        let number = exact.and_then(|number| number.checked_mul(Decimal::from(factor as i64)));
        let number = number.unwrap_or_else(|| {
            let message = format!("`{}` has more digits than can be held exactly", node.text);
            self.error(Code::K005, node, message, "a number has at most 28 digits");
            Decimal::ZERO
        });
        (number.normalize(), text.ends_with('%'))
    }

    /// A whole number of at most four bytes.
    pub(super) fn whole(&mut self, node: &Node<'_>) -> u32 {
        let digits: String = node.text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_else(|_| {
            let message = format!("`{}` is too large", node.text);
            self.error(Code::K005, node, message, "write a smaller whole number");
            0
        })
    }

    /// A text in quotes.
    pub(super) fn string(&mut self, node: &Node<'_>) -> Spanned<String> {
        let raw = node.child(Kind::inner).map_or("", |inner| inner.text);
        let raw = self.inner_text(node, raw);
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find('\\') {
            let (before, escape) = rest.split_at(at);
            text.push_str(before);
            let (c, length) = match unescape(escape) {
                Some(found) => found,
                None => {
                    let message = "an unknown escape in a text";
                    let help = "the escapes are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}`";
                    self.error(Code::K007, node, message, help);
                    ('\\', escape.chars().take(2).map(char::len_utf8).sum())
                }
            };
            text.push(c);
            rest = escape.get(length..).unwrap_or("");
        }
        text.push_str(rest);
        self.spanned(node, text)
    }

    /// What stands between the quotes, with its white space.
    fn inner_text<'i>(&self, node: &Node<'i>, raw: &'i str) -> &'i str {
        node.text.get(1..node.text.len().saturating_sub(1)).unwrap_or(raw)
    }

    pub(super) fn date(&mut self, node: &Node<'_>) -> NaiveDate {
        crate::model::moment::parse_date(node.text).unwrap_or_else(|| {
            let message = format!("there is no day `{}`", node.text);
            self.error(Code::K006, node, message, "write year, month and day: `2026-11-15`");
            NaiveDate::default()
        })
    }

    pub(super) fn instant(&mut self, node: &Node<'_>) -> Moment {
        node.text.parse().unwrap_or_else(|_| {
            let message = format!("there is no instant `{}`", node.text);
            self.error(
                Code::K006,
                node,
                message,
                "write it as `2026-11-15T14:30`, perhaps with `Z` or `+01:00`",
            );
            Moment::from(NaiveDate::default())
        })
    }

    pub(super) fn date_expr(&mut self, node: &Node<'_>) -> Spanned<DateExpr> {
        let date = match node.first() {
            Some(date) if date.kind == Kind::date => DateExpr::Date(self.date(date)),
            Some(at) if at.kind == Kind::instant => DateExpr::Instant(self.instant(at)),
            Some(path) if path.kind == Kind::path => DateExpr::Field(self.path(path)),
            _ => DateExpr::Today,
        };
        self.spanned(node, date)
    }

    pub(super) fn duration(&mut self, node: &Node<'_>) -> Spanned<Duration> {
        let amount = node.child(Kind::whole).map_or(0, |whole| self.whole(whole));
        let unit = node.child(Kind::time_unit).map_or("", |unit| unit.text);
        let unit = match unit.strip_suffix('s').unwrap_or(unit) {
            "minute" => TimeUnit::Minute,
            "hour" => TimeUnit::Hour,
            "workday" => TimeUnit::Workday,
            "week" => TimeUnit::Week,
            "month" => TimeUnit::Month,
            "quarter" => TimeUnit::Quarter,
            "year" => TimeUnit::Year,
            _ => TimeUnit::Day,
        };
        if amount > Duration::MOST {
            let message = format!("`{}` is longer than any rule needs", node.text);
            self.error(Code::K005, node, message, "a duration has at most 10000 of its unit");
        }
        self.spanned(node, Duration { amount: amount.min(Duration::MOST), unit })
    }

    pub(super) fn window(&mut self, node: &Node<'_>) -> Spanned<Window> {
        // `window`, or directly one of its forms.
        let is_form = |kind| {
            use Kind::{from_until, last, per, previous, since, this};
            [from_until, last, per, previous, since, this].contains(&kind)
        };
        let form = if is_form(node.kind) { Some(node) } else { node.first() };
        let Some(form) = form else { return self.spanned(node, Window::Per(Unit::Year)) };
        let unit = form.child(Kind::unit).map_or(Unit::Year, |unit| match unit.text {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "half-year" => Unit::HalfYear,
            _ => Unit::Year,
        });
        let window = match form.kind {
            Kind::this => Window::This(unit),
            Kind::previous => Window::Previous(unit),
            Kind::last => match form.first() {
                Some(duration) => Window::Last(self.duration(duration).value),
                None => Window::This(unit),
            },
            Kind::since | Kind::from_until => {
                let mut dates = form.children.iter();
                let from = dates.next().map_or(DateExpr::Today, |date| self.date_expr(date).value);
                match dates.next() {
                    Some(until) => Window::FromUntil(from, self.date_expr(until).value),
                    None => Window::Since(from),
                }
            }
            _ => Window::Per(unit),
        };
        self.spanned(node, window)
    }
}

/// The character that an escape stands for, and the escape's length.
fn unescape(text: &str) -> Option<(char, usize)> {
    let plain = |c| Some((c, 2));
    match text.chars().nth(1)? {
        '"' => plain('"'),
        '\\' => plain('\\'),
        'n' => plain('\n'),
        't' => plain('\t'),
        'u' => {
            let code = text.strip_prefix("\\u{")?;
            let end = code.find('}')?;
            let c = char::from_u32(u32::from_str_radix(code.get(..end)?, 16).ok()?)?;
            Some((c, end + 4))
        }
        _ => None,
    }
}
