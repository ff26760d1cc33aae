//! What a cell holds, as text.

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// As somebody has written it.
    Text(String),
    /// A number, a date or a yes-no, in the one way to write it.
    Exact(String),
    /// What a formula has instead of a value: `#N/A`.
    Error(String),
}

impl Value {
    pub(super) fn text(&self) -> &str {
        let (Value::Text(text) | Value::Exact(text) | Value::Error(text)) = self;
        text
    }

    pub(super) fn yes_no(yes: bool) -> Value {
        Value::Exact(yes.to_string())
    }

    pub(super) fn number(number: f64) -> Value {
        Value::Exact(plain(number))
    }

    /// A date, a time or both, as ISO 8601 has them; a date without a time where it is midnight.
    pub(super) fn moment(text: &str) -> Value {
        let text = text.strip_suffix('Z').unwrap_or(text);
        let text = match text.split_once('.') {
            Some((rest, fraction)) => match fraction.trim_end_matches('0') {
                "" => rest.to_owned(),
                fraction => format!("{rest}.{fraction}"),
            },
            None => text.to_owned(),
        };
        let day = text.strip_suffix("T00:00:00").or(text.strip_suffix("T00:00"));
        Value::Exact(day.unwrap_or(&text).to_owned())
    }

    /// An hour or a duration, from seconds with a fraction.
    pub(super) fn clock(seconds: f64) -> Value {
        let sign = if seconds < 0.0 { "-" } else { "" };
        let millis = (seconds.abs() * 1000.0).round();
        if millis >= 1e15 {
            return Value::number(seconds);
        }
        let part = |unit: f64| (millis / unit).floor();
        let (hours, minutes, seconds) = (part(3_600_000.0), part(60_000.0), part(1000.0));
        let (minutes, seconds) = (minutes - hours * 60.0, seconds - minutes * 60.0);
        Value::Exact(format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"))
    }
}

/// A number as a spreadsheet shows it when it shows all that it has: 15 digits. Whole numbers have
/// all their digits.
fn plain(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.fract() == 0.0 {
        return number.to_string();
    }
    // The digits beyond are those of the binary number: 0.1 + 0.2.
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_they_are_seen() {
        let cases = [
            (0.1, "0.1"),
            (-0.0, "0"),
            (5.0, "5"),
            (0.1 + 0.2, "0.3"),
            (1e21, "1000000000000000000000"),
            (-1.5e-7, "-0.00000015"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1_234_567.891, "1234567.891"),
        ];
        for (number, expected) in cases {
            assert_eq!(Value::number(number).text(), expected);
        }
    }

    #[test]
    fn midnight_is_a_date_and_no_fraction_is_lost() {
        let cases = [
            ("2026-11-15T00:00:00", "2026-11-15"),
            ("2026-11-15T14:30:00.000000000", "2026-11-15T14:30:00"),
            ("2026-11-15T14:30:00.250", "2026-11-15T14:30:00.25"),
            ("2026-11-15", "2026-11-15"),
        ];
        for (text, expected) in cases {
            assert_eq!(Value::moment(text).text(), expected);
        }
        assert_eq!(Value::clock(93_600.0).text(), "26:00:00");
        assert_eq!(Value::clock(-90.0).text(), "-00:01:30");
    }
}
