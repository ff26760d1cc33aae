//! Numbers that are one off.

use super::MutantKind;
use super::edit::Editor;
use crate::diagnostic::Span;

impl Editor<'_> {
    pub(super) fn threshold(&mut self, span: Span) {
        let written = self.slice(span).to_owned();
        for up in [false, true] {
            if let Some(other) = beside(&written, up) {
                self.replace(MutantKind::Threshold, span, other);
            }
        }
    }
}

/// The number before or after one, counted in the last digit that is written: `501k` for `500k`,
/// `0.3` for `0.4`, `91%` for `90%`.
pub(super) fn beside(written: &str, up: bool) -> Option<String> {
    let end = written.find(|c: char| !matches!(c, '0'..='9' | '_' | '.')).unwrap_or(written.len());
    let (number, suffix) = written.split_at_checked(end)?;
    let decimals = number
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.bytes().filter(u8::is_ascii_digit).count());
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let value: u128 = digits.parse().ok()?;
    let value = if up { value.checked_add(1)? } else { value.checked_sub(1)? };
    let digits = format!("{value:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - decimals)?;
    let whole = if number.contains('_') { grouped(whole) } else { whole.to_owned() };
    let point = if decimals > 0 { "." } else { "" };
    Some(format!("{whole}{point}{fraction}{suffix}"))
}

/// With a `_` before every three digits.
fn grouped(whole: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_is_one_in_the_last_digit_that_is_written() {
        let both = |written| (beside(written, false), beside(written, true));
        let pair = |a: &str, b: &str| (Some(a.to_owned()), Some(b.to_owned()));
        assert_eq!(both("4"), pair("3", "5"));
        assert_eq!(both("90%"), pair("89%", "91%"));
        assert_eq!(both("500k"), pair("499k", "501k"));
        assert_eq!(both("2.5m"), pair("2.4m", "2.6m"));
        assert_eq!(both("0.40"), pair("0.39", "0.41"));
        assert_eq!(both("1_000_000"), pair("999_999", "1_000_001"));
        assert_eq!(both("10"), pair("9", "11"));
        assert_eq!(both("0"), (None, Some("1".to_owned())));
        assert_eq!(both("0.0"), (None, Some("0.1".to_owned())));
        assert_eq!(beside(&"9".repeat(60), true), None);
    }
}
