//! As of when: what `--as-of` says, else what the data says, else now.

use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kadence::{AsOf, Moment};

use crate::output::{Failure, clean};

/// Reads what `source` gives: an argument or a key of the data.
pub(crate) fn parse(source: &str, text: &str) -> Result<AsOf, Failure> {
    let as_of = text.parse().map_err(|_| {
        Failure(format!(
            "{source} is `{}`: expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30",
            clean(text)
        ))
    })?;
    let day = match as_of {
        AsOf::Day(day) => day,
        AsOf::Instant(Moment::Utc(at)) => at.date_naive(),
        AsOf::Instant(Moment::Local(at)) => at.date(),
    };
    // The library would judge as of the nearest moment that it can.
    if !(1000..=9998).contains(&day.year()) {
        let text = clean(text);
        return Err(Failure(format!("{source} is `{text}`: expected a year from 1000 to 9998")));
    }
    Ok(as_of)
}

/// The first year in which a range may start: history judges every period from there on.
const EARLIEST: i32 = 1900;

/// Reads what must be a date.
pub(crate) fn parse_date(source: &str, text: &str) -> Result<NaiveDate, Failure> {
    match text.parse() {
        Ok(AsOf::Day(day)) if day.year() < EARLIEST => {
            Err(Failure(format!("{source} is `{text}`: expected a day from {EARLIEST} on")))
        }
        Ok(AsOf::Day(day)) => Ok(day),
        _ => Err(Failure(format!(
            "{source} is `{}`: expected a date such as 2026-11-15",
            clean(text)
        ))),
    }
}

/// What was said; else what the data says of itself; else now.
pub(crate) fn or_of_data(said: Option<AsOf>, data: &Path) -> Result<AsOf, Failure> {
    match said {
        Some(as_of) => Ok(as_of),
        None => Ok(of_data(data)?.unwrap_or_else(now)),
    }
}

/// This moment. The one place of the project that reads the clock.
pub(crate) fn clock() -> DateTime<Utc> {
    SystemTime::now().into()
}

fn now() -> AsOf {
    AsOf::Instant(Moment::from(clock()))
}

/// The key `as_of` of `dataset.json`, or what stands for it in other forms of data.
fn of_data(data: &Path) -> Result<Option<AsOf>, Failure> {
    let said = kadence_data::as_of(data).map_err(|error| Failure(clean(error)))?;
    said.map(|(text, file)| parse(&format!("`as_of` in `{}`", clean(file)), &text)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Option<AsOf>, String> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("dataset.json"), text).unwrap();
        let shown = dir.path().display().to_string();
        of_data(dir.path()).map_err(|Failure(message)| message.replace(&shown, "DIR"))
    }

    #[test]
    fn the_data_may_say_as_of_when_it_is() {
        let day = "2026-11-15".parse().unwrap();
        let text = r#"{"complete_through": "2026-11-15", "as_of": "2026-11-15"}"#;
        assert_eq!(of(text), Ok(Some(AsOf::Day(day))));
        assert_eq!(of("{}"), Ok(None));
        assert_eq!(of(r#"{"as_of": null}"#), Ok(None));
    }

    #[test]
    fn a_mark_before_the_text_and_a_file_of_another_name_hide_nothing() {
        let day = "2026-11-15".parse().unwrap();
        assert_eq!(of("\u{FEFF}{\"as_of\": \"2026-11-15\"}"), Ok(Some(AsOf::Day(day))));
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("export");
        std::fs::write(&file, r#"{"customers": [], "as_of": "2026-11-15"}"#).unwrap();
        assert_eq!(of_data(&file).map_err(|Failure(message)| message), Ok(Some(AsOf::Day(day))));
    }

    #[test]
    fn a_year_that_no_calendar_reaches_is_refused_and_not_moved() {
        for far in ["9999-12-31", "0001-01-01", "9999-01-01T00:00Z", "0999-12-31T23:59"] {
            let said = parse("`--as-of`", far).unwrap_err().0;
            assert_eq!(said, format!("`--as-of` is `{far}`: expected a year from 1000 to 9998"));
        }
        assert!(parse("`--as-of`", "9998-12-31").is_ok());
        assert!(parse("`--as-of`", "1000-01-01T00:00").is_ok());
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        insta::assert_snapshot!(of(r#"{"as_of": "today"}"#).unwrap_err(), @"`as_of` in `DIR/dataset.json` is `today`: expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30");
        assert!(
            of(r#"{"as_of": 2026}"#)
                .unwrap_err()
                .starts_with("DIR/dataset.json:1:1: `as_of` cannot be read")
        );
    }

    #[test]
    fn a_range_starts_in_a_year_that_history_can_cover() {
        assert!(parse_date("`--from`", "2025-01-01").is_ok());
        let refused = parse_date("`--from`", "0001-01-01").unwrap_err();
        assert!(refused.0.contains("from 1900 on"), "{}", refused.0);
    }
}
