//! Which languages there are.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Words;
use super::danish::Danish;
use super::english::English;
use crate::model::Number;
use crate::verdict::Status;

/// The language in which verdicts are told.
///
/// Sentences and reasons, days and numbers are of the language. What somebody wrote stays as it is
/// written: phrases, fields, names and ids.
///
/// ```
/// use chrono::NaiveDate;
/// use kadence::{Language, Number, Status};
///
/// let danish: Language = "da".parse()?;
/// assert_eq!(danish, Language::Danish);
/// assert_eq!(danish.status(Status::OnTrack), "på sporet");
/// assert_eq!(danish.number(&"-1234567.5".parse::<Number>()?), "-1.234.567,5");
/// let day = NaiveDate::from_ymd_opt(2026, 11, 20).ok_or("no such day")?;
/// assert_eq!(danish.day(day), "20. nov. 2026");
/// assert_eq!(Language::English.day(day), "2026-11-20");
///
/// let unknown = "fr".parse::<Language>().map_err(|error| error.to_string());
/// assert_eq!(unknown, Err("unknown language `fr`, expected `en` or `da`".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`Options::language`](crate::Options::language) asks for one; in JSON and on the command line it is
/// its [code](Language::code).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// English, with days as `2026-11-20` and numbers as `1234.5`.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Danish, with days as `20. nov. 2026` and numbers as `1.234,5`.
    #[serde(rename = "da")]
    Danish,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::English, Language::Danish];

    /// By ISO 639: `en`, `da`.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Danish => "da",
        }
    }

    /// A status: `on track`, `på sporet`.
    pub fn status(self, status: Status) -> &'static str {
        self.words().status(status)
    }

    /// A day, as sentences have it.
    pub fn day(self, day: NaiveDate) -> String {
        self.words().day(day)
    }

    /// The short name of a day's month: `Nov`, `nov.`.
    pub fn month(self, day: NaiveDate) -> &'static str {
        self.words().month(day)
    }

    /// A number, as sentences have it.
    pub fn number(self, number: &Number) -> String {
        self.words().number(number)
    }

    /// All that it says.
    #[doc(hidden)]
    pub fn words(self) -> &'static dyn Words {
        match self {
            Language::English => &English,
            Language::Danish => &Danish,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// The text is the code of no [`Language`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language `{0}`, expected {known}", known = known())]
pub struct UnknownLanguage(pub String);

fn known() -> String {
    Language::ALL.map(|language| format!("`{language}`")).join(" or ")
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let found = Language::ALL.into_iter().find(|language| language.code() == text);
        found.ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}
