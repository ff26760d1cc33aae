//! The lines of a calendar (RFC 5545, section 3.1), unfolded, with their numbers.
//!
//! What stands in a line is left to calcard, which knows its form; it gives no places, so each line
//! is handed to it alone.

use std::borrow::Cow;

use calcard::icalendar::{ICalendar, ICalendarEntry, ICalendarParameterName as Parameter};
use calcard::{Entry, Parser};

use crate::fault::Fault;
use crate::text::quoted;

/// `NAME;PARAMETER=VALUE:VALUE`.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The number of the line on which it starts, from one.
    pub(super) number: usize,
    text: Cow<'a, str>,
}

/// The lines that are not blank. A line that starts with a blank continues the one before it.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut rest = (1..)
        .zip(text.split('\n'))
        .map(|(number, line)| (number, line.strip_suffix('\r').unwrap_or(line)))
        .filter(|(_, line)| !line.is_empty())
        .peekable();
    std::iter::from_fn(move || {
        let (number, first) = rest.by_ref().find(|(_, line)| !line.trim().is_empty())?;
        let mut text = Cow::Borrowed(first);
        // A blank that was folded onto a line of its own belongs to the text.
        while let Some((_, more)) = rest.next_if(|(_, line)| line.starts_with([' ', '\t'])) {
            text.to_mut().push_str(more.get(1..).unwrap_or_default());
        }
        Some(Line { number, text })
    })
}

impl Line<'_> {
    /// An error at this line.
    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { line: self.number, message: message.into() }
    }

    /// What stands before the colon, and after it.
    fn halves(&self) -> Option<(&str, &str)> {
        let mut in_quotes = false;
        let colon = self.text.bytes().position(|byte| {
            in_quotes ^= byte == b'"';
            byte == b':' && !in_quotes
        })?;
        Some((self.text.get(..colon)?, self.text.get(colon + 1..)?))
    }

    /// The name in capitals, and the value.
    ///
    /// # Errors
    ///
    /// If it is no such line.
    pub(super) fn name_and_value(&self) -> Result<(String, &str), Fault> {
        let (before, value) = self.halves().ok_or_else(|| {
            let line = quoted(&self.text);
            self.fault(format!("{line} is no line of a calendar: expected `NAME:VALUE`"))
        })?;
        let name = before.split(';').next().unwrap_or_default();
        Ok((name.trim().to_ascii_uppercase(), value.trim()))
    }

    /// The line with its parameters; `name` is its own.
    pub(super) fn property(&self, name: &'static str) -> Result<Property, Fault> {
        let (_, value) = self.name_and_value()?;
        let before = self.halves().map_or("", |(before, _)| before);
        let is_plain = PLAIN.contains(&name);
        let entry = match is_plain && !before.contains(';') {
            true => None,
            false => entry(before, if is_plain { "" } else { value }),
        };
        let value = if is_plain { value.to_owned() } else { String::new() };
        let (parameters, texts) = entry.as_ref().map(kept).unwrap_or_default();
        Ok(Property { number: self.number, name, value, parameters, texts })
    }
}

/// The properties whose values are read here, some of which may be very many. The others are texts.
const PLAIN: [&str; 13] = [
    "UID",
    "DTSTART",
    "DTEND",
    "DTSTAMP",
    "DURATION",
    "RECURRENCE-ID",
    "RDATE",
    "EXDATE",
    "RRULE",
    "SEQUENCE",
    "TZID",
    "TZOFFSETFROM",
    "TZOFFSETTO",
];

fn entry(before: &str, value: &str) -> Option<ICalendarEntry> {
    let event = format!("BEGIN:VEVENT\n{before}:{value}\nEND:VEVENT\n");
    match Parser::new(&event).entry() {
        Entry::ICalendar(ICalendar { components }) => {
            components.into_iter().next().and_then(|component| component.entries.into_iter().next())
        }
        _ => None,
    }
}

/// What is looked at of the parameters, and the values as texts.
fn kept(entry: &ICalendarEntry) -> (Vec<(Parameter, String)>, Vec<String>) {
    use Parameter::{Cn, Email, Partstat, Range, Tzid};
    let parameters = [Cn, Email, Partstat, Range, Tzid].into_iter().filter_map(|name| {
        let value = entry.parameter(&name)?.as_text()?.trim().to_owned();
        Some((name, value))
    });
    let texts = entry.values.iter().filter_map(|value| Some(value.as_text()?.trim().to_owned()));
    (parameters.collect(), texts.collect())
}

/// A line that matters.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) number: usize,
    pub(super) name: &'static str,
    /// As it is written; empty where it is a text.
    pub(super) value: String,
    parameters: Vec<(Parameter, String)>,
    texts: Vec<String>,
}

impl Property {
    /// An error at this line.
    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { line: self.number, message: message.into() }
    }

    /// That the value cannot be read.
    pub(super) fn cannot(&self, value: &str, expected: &str) -> Fault {
        let value = quoted(value);
        self.fault(format!("`{}` cannot be {value}: expected {expected}", self.name))
    }

    pub(super) fn parameter(&self, name: &Parameter) -> Option<&str> {
        let found = self.parameters.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The values as texts, what is escaped in them read.
    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The value as one text.
    pub(super) fn text(&self) -> String {
        self.texts.join(",")
    }
}
