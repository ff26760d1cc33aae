//! The lines of a calendar (RFC 5545, section 3.1), unfolded, with their numbers.
//!
//! What stands in a line is left to calcard, which knows its form; it gives no places, so each line
//! is handed to it alone.

use std::borrow::Cow;

use calcard::icalendar::{ICalendar, ICalendarEntry, ICalendarParameterName};
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

    /// The line with its parameters.
    pub(super) fn property(&self) -> Result<Property, Fault> {
        let (name, value) = self.name_and_value()?;
        let before = self.halves().map_or("", |(before, _)| before);
        // The dates of a line are read one by one, and may be many.
        let is_text = !DATES.contains(&name.as_str());
        let entry = entry(before, if is_text { value } else { "" });
        Ok(Property { number: self.number, name, value: value.to_owned(), entry })
    }
}

/// The properties whose values are read here.
const DATES: [&str; 9] = [
    "DTSTART",
    "DTEND",
    "RECURRENCE-ID",
    "RDATE",
    "EXDATE",
    "RRULE",
    "TZOFFSETFROM",
    "TZOFFSETTO",
    "SEQUENCE",
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

/// A line that matters.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) number: usize,
    /// In capitals.
    pub(super) name: String,
    /// As it is written.
    pub(super) value: String,
    entry: Option<ICalendarEntry>,
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

    pub(super) fn parameter(&self, name: &ICalendarParameterName) -> Option<&str> {
        self.entry.as_ref()?.parameter(name)?.as_text()
    }

    /// The values as texts, what is escaped in them read.
    pub(super) fn texts(&self) -> Vec<String> {
        let values = self.entry.iter().flat_map(|entry| entry.values.iter());
        values.filter_map(|value| Some(value.as_text()?.trim().to_owned())).collect()
    }

    /// The value as one text.
    pub(super) fn text(&self) -> String {
        self.texts().join(",")
    }
}
