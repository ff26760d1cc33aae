//! As of when: what `--as-of` says, else what the data says, else now.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};
use kadence::{AsOf, Moment};
use serde::Deserialize;

use crate::output::{Failure, clean};

/// Reads what `source` gives: an argument or a key of the data.
pub(crate) fn parse(source: &str, text: &str) -> Result<AsOf, Failure> {
    text.parse().map_err(|_| {
        Failure(format!(
            "{source} is `{}`: expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30",
            clean(text)
        ))
    })
}

/// Reads what must be a date.
pub(crate) fn parse_date(source: &str, text: &str) -> Result<NaiveDate, Failure> {
    match text.parse() {
        Ok(AsOf::Day(day)) => Ok(day),
        _ => Err(Failure(format!(
            "{source} is `{}`: expected a date such as 2026-11-15",
            clean(text)
        ))),
    }
}

/// This moment. The one place of the project that reads the clock.
pub(crate) fn now() -> AsOf {
    AsOf::Instant(Moment::from(DateTime::<Utc>::from(SystemTime::now())))
}

/// What the data says of itself beside its tables.
#[derive(Debug, Default, Deserialize)]
struct About {
    as_of: Option<String>,
}

/// The key `as_of` of `dataset.json` in a folder, or of the one JSON file.
pub(crate) fn of_data(data: &Path) -> Result<Option<AsOf>, Failure> {
    let file = if data.is_dir() { data.join("dataset.json") } else { data.to_path_buf() };
    if !file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return Ok(None);
    }
    let Ok(reader) = File::open(&file).map(BufReader::new) else { return Ok(None) };
    let source = format!("`as_of` in `{}`", clean(file.display()));
    // Everything but the wanted key is skipped over, not held.
    let about: About = serde_json::from_reader(reader)
        .map_err(|error| Failure(format!("cannot read {source}: {error}")))?;
    about.as_of.map(|text| parse(&source, &text)).transpose()
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
    fn what_is_no_moment_is_refused() {
        insta::assert_snapshot!(of(r#"{"as_of": "today"}"#).unwrap_err(), @"`as_of` in `DIR/dataset.json` is `today`: expected a date such as 2026-11-15 or an instant such as 2026-11-15T14:30");
        assert!(of(r#"{"as_of": 2026}"#).unwrap_err().starts_with("cannot read `as_of` in"));
    }
}
