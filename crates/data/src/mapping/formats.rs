//! How dates and numbers are written, shown by an example.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use kadence::Moment;

/// What the example of a date shows.
const SAMPLE: &str = "31 December 2026, 14:30:00";

/// The parts of an example of a date, the longest first, and what chrono calls them.
const PARTS: [(&str, &str); 18] = [
    ("December", "%B"),
    ("Thursday", "%A"),
    ("+01:00", "%:z"),
    ("+0100", "%z"),
    ("2026", "%Y"),
    ("Dec", "%b"),
    ("Thu", "%a"),
    (".000", "%.f"),
    ("31", "%d"),
    ("12", "%m"),
    ("26", "%y"),
    ("14", "%H"),
    ("02", "%I"),
    ("30", "%M"),
    ("00", "%S"),
    ("PM", "%p"),
    ("pm", "%P"),
    ("2", "%I"),
];

/// How dates, or dates with a time, are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateFormat {
    /// As the mapping says it.
    pub(crate) example: String,
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// Seconds since 1970-01-01T00:00Z times this.
    Epoch {
        per_second: i64,
    },
    Date(String),
    DateTime(String),
    /// With an offset.
    Instant(String),
    /// With `Z` or `UTC` at the end.
    Utc(String),
}

impl DateFormat {
    /// Reads `31.12.2026`, `12/31/26 2:30 PM`, `epoch seconds` or `epoch milliseconds`.
    pub(crate) fn new(example: &str) -> Result<DateFormat, String> {
        let epoch = |per_second| Ok(Form::Epoch { per_second });
        let form = match example {
            "epoch seconds" => epoch(1),
            "epoch milliseconds" => epoch(1000),
            _ => pattern(example),
        };
        Ok(DateFormat { example: example.to_owned(), form: form? })
    }

    /// Whether it counts from 1970 on.
    pub(crate) fn is_epoch(&self) -> bool {
        matches!(self.form, Form::Epoch { .. })
    }

    /// The moment that a text means.
    pub(crate) fn read(&self, text: &str) -> Option<Moment> {
        let text = text.trim();
        let local = |local: NaiveDateTime| (local.year() >= 1000).then_some(local);
        match &self.form {
            Form::Epoch { per_second } => {
                let number: i64 = text.parse().ok()?;
                let (seconds, rest) =
                    (number.div_euclid(*per_second), number.rem_euclid(*per_second));
                let nanoseconds = u32::try_from(rest * (1_000_000_000 / per_second)).ok()?;
                Some(Moment::Utc(DateTime::from_timestamp(seconds, nanoseconds)?))
            }
            // Two digits are no year of four.
            Form::Date(pattern) => {
                let day = NaiveDate::parse_from_str(text, pattern).ok()?;
                local(day.and_time(NaiveTime::MIN)).map(Moment::Local)
            }
            Form::DateTime(pattern) => {
                local(NaiveDateTime::parse_from_str(text, pattern).ok()?).map(Moment::Local)
            }
            Form::Utc(pattern) => {
                let at = local(NaiveDateTime::parse_from_str(text, pattern).ok()?)?;
                Some(Moment::Utc(at.and_utc()))
            }
            Form::Instant(pattern) => {
                let at = DateTime::parse_from_str(text, pattern).ok()?;
                local(at.naive_local()).map(|_| Moment::Utc(at.to_utc()))
            }
        }
    }
}

fn pattern(example: &str) -> Result<Form, String> {
    let mut pattern = String::new();
    let mut rest = example.trim();
    while let Some(first) = rest.chars().next() {
        let part = PARTS.iter().find(|(part, _)| rest.starts_with(part));
        if let Some((part, name)) = part {
            pattern.push_str(name);
            // Fractions of a second may follow.
            let has_fraction = rest.get(part.len()..).is_some_and(|rest| rest.starts_with(".000"));
            if *name == "%S" && !has_fraction {
                pattern.push_str("%.f");
            }
            rest = rest.get(part.len()..).unwrap_or("");
            continue;
        }
        if first.is_ascii_digit() {
            return Err(format!("`{example}` does not show {SAMPLE}"));
        }
        if first == '%' {
            pattern.push('%');
        }
        pattern.push(first);
        rest = rest.get(first.len_utf8()..).unwrap_or("");
    }
    let has = |names: &[&str]| names.iter().any(|name| pattern.contains(name));
    if !(has(&["%Y", "%y"]) && has(&["%m", "%B", "%b"]) && has(&["%d"])) {
        return Err(format!("`{example}` does not show day, month and year of {SAMPLE}"));
    }
    let has_half = has(&["%p", "%P"]);
    if has(&["%I"]) != has_half || (has_half && has(&["%H"])) {
        return Err(format!("`{example}`: expected 14 for the hour, or 2 with PM"));
    }
    let has_time = has(&["%H", "%I"]);
    if has_time && !has(&["%M"]) {
        return Err(format!("`{example}` shows an hour without its minutes"));
    }
    if has(&["%z", "%:z"]) {
        return Ok(Form::Instant(pattern));
    }
    if has_time && (pattern.ends_with('Z') || pattern.ends_with(" UTC")) {
        return Ok(Form::Utc(pattern));
    }
    Ok(if has_time { Form::DateTime(pattern) } else { Form::Date(pattern) })
}

/// How numbers are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberFormat {
    /// As the mapping says it.
    pub(crate) example: String,
    point: char,
    group: Option<char>,
}

impl NumberFormat {
    /// Reads `1.234,56`: what stands before the last two digits is the point, what stands after
    /// the first one groups.
    pub(crate) fn new(example: &str) -> Result<NumberFormat, String> {
        let signs: Vec<char> = example.chars().filter(|c| !c.is_ascii_digit()).collect();
        let digits: String = example.chars().filter(char::is_ascii_digit).collect();
        let format = match *signs.as_slice() {
            [point] => Some((point, None)),
            [group, point] if group != point => Some((point, Some(group))),
            _ => None,
        };
        match format {
            Some((point, group)) if digits == "123456" => {
                let format = NumberFormat { example: example.to_owned(), point, group };
                // The example itself shows whether the signs stand where they should.
                if format.read(example).as_deref() == Some("1234.56") {
                    return Ok(format);
                }
                Err(format!("`{example}` does not show 1234.56"))
            }
            _ => Err(format!("`{example}` does not show 1234.56")),
        }
    }

    /// The number with a point and without groups.
    pub(crate) fn read(&self, text: &str) -> Option<String> {
        let is_blank = |c: char| c.is_whitespace() || c == '\u{A0}' || c == '\u{202F}';
        let groups_by_blank = self.group.is_some_and(is_blank);
        let text = text.trim_matches(is_blank);
        let (sign, text) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => ("-", rest),
            None => ("", text),
        };
        let (whole, fraction) = match text.split_once(self.point) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        let is_group = |c: char| Some(c) == self.group || (groups_by_blank && is_blank(c));
        let groups: Vec<&str> = whole.split(is_group).collect();
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let later_are_full = groups.iter().skip(1).all(|group| group.len() == 3);
        let first_fits = groups.len() == 1 || groups.first().is_some_and(|first| first.len() <= 3);
        let whole_is_good =
            groups.iter().all(|group| is_digits(group)) && later_are_full && first_fits;
        if !whole_is_good || !fraction.is_none_or(is_digits) {
            return None;
        }
        let fraction = fraction.map(|digits| format!(".{digits}")).unwrap_or_default();
        Some(format!("{sign}{}{fraction}", groups.concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(example: &str, text: &str) -> String {
        let moment = DateFormat::new(example).unwrap().read(text);
        moment.map_or_else(|| "unreadable".to_owned(), |moment| moment.to_string())
    }

    #[test]
    fn a_date_is_read_as_the_example_shows() {
        assert_eq!(read("31-12-2026", "5-2-2026"), "2026-02-05T00:00:00");
        assert_eq!(read("31.12.26 14:30", "05.02.26 09:05"), "2026-02-05T09:05:00");
        assert_eq!(read("12/31/2026 2:30 PM", "2/5/2026 12:05 AM"), "2026-02-05T00:05:00");
        assert_eq!(read("31 Dec 2026", "5 Feb 2026"), "2026-02-05T00:00:00");
        assert_eq!(read("2026-12-31 14:30:00", "2022-04-14 4:30:42.5"), "2022-04-14T04:30:42.500");
        assert_eq!(
            read("2026-12-31T14:30:00+0100", "2026-02-05T09:05:00-0500"),
            "2026-02-05T14:05:00Z"
        );
        assert_eq!(
            read("2026-12-31 14:30:00 UTC", "2022-04-14 4:30:42.5 UTC"),
            "2022-04-14T04:30:42.500Z"
        );
        assert_eq!(read("2026-12-31T14:30:00Z", "2022-04-14T04:30:42Z"), "2022-04-14T04:30:42Z");
        assert_eq!(read("epoch milliseconds", "1575463702123"), "2019-12-04T12:48:22.123Z");
        assert_eq!(read("epoch seconds", "-1"), "1969-12-31T23:59:59Z");
        for (example, text) in [
            ("31-12-2026", "12-31-2026"),
            ("31-12-2026", "5-2-26"),
            ("31-12-2026", "2026-02-05"),
            ("12/31/2026 2:30 PM", "2/5/2026 12:05"),
            ("epoch seconds", "9999999999999999"),
        ] {
            assert_eq!(read(example, text), "unreadable", "{text} as {example}");
        }
    }

    #[test]
    fn an_example_that_shows_another_day_is_refused() {
        for example in ["", "15.11.2026", "31.12", "2:30 PM 31.12.2026 14:30", "31/12/2026 02:30"] {
            assert!(DateFormat::new(example).is_err(), "{example}");
        }
    }

    #[test]
    fn a_number_is_read_as_the_example_shows() {
        let read = |example: &str, text: &str| {
            NumberFormat::new(example).unwrap().read(text).unwrap_or_else(|| "unreadable".into())
        };
        assert_eq!(read("1.234,56", "-1.234.567,5"), "-1234567.5");
        assert_eq!(read("1.234,56", "1234"), "1234");
        assert_eq!(read("1 234,56", "12\u{A0}345,00"), "12345.00");
        assert_eq!(read("1'234.56", "1'000"), "1000");
        assert_eq!(read("1234,56", "0,5"), "0.5");
        for text in ["1.23", "1,2,3", "", "12.34,5", "kr. 5", ",5", "5,", "1.234.56"] {
            assert_eq!(read("1.234,56", text), "unreadable", "{text}");
        }
        for example in ["", "1234", "1.234.56", "12.34,56", "1,234,56"] {
            assert!(NumberFormat::new(example).is_err(), "{example}");
        }
    }
}
