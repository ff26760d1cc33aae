//! The tables of a TOML file, with the place of everything, and with what is wrong with them.

use std::ops::Range;

use chrono::NaiveDate;
use kadence::Problem;
use kadence::diagnostic::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::{Spot, Spots, quoted};

/// A key, a place and a value.
type Entry<'t> = (&'t str, Spot, &'t Spanned<DeValue<'t>>);

/// Reads values and keeps what is wrong with them.
pub(super) struct Reader<'t> {
    pub(super) file: &'t str,
    pub(super) spots: Spots<'t>,
    pub(super) problems: Vec<Problem>,
}

impl<'t> Reader<'t> {
    pub(super) fn spot(&self, span: &Range<usize>) -> Spot {
        self.spots.at(span.start)
    }

    pub(super) fn say(&mut self, at: Spot, message: impl Into<String>, expected: &str) {
        self.problems.push(Problem {
            place: Some(at.in_file(self.file)),
            subject: String::new(),
            message: message.into(),
            expected: Some(expected.to_owned()),
        });
    }

    /// The entries of a table; one that is of none of these names is a problem.
    pub(super) fn entries(
        &mut self,
        table: &'t DeTable<'t>,
        names: &[&str],
        what: &str,
    ) -> Vec<Entry<'t>> {
        let entries = self.all(table);
        for (key, at, _) in &entries {
            if !names.contains(key) {
                let message = format!("{what} has no {}", quoted(key));
                self.say_unknown(*at, message, key, names);
            }
        }
        entries
    }

    /// The entries of a table, whatever their names.
    pub(super) fn all(&self, table: &'t DeTable<'t>) -> Vec<Entry<'t>> {
        let entry = |(key, value): (&'t Spanned<_>, &'t Spanned<DeValue<'t>>)| {
            let name: &'t std::borrow::Cow<'t, str> = key.get_ref();
            (name.as_ref(), self.spot(&key.span()), value)
        };
        let mut entries: Vec<Entry<'t>> = table.iter().map(entry).collect();
        entries.sort_by_key(|(_, at, _)| (at.line, at.column));
        entries
    }

    pub(super) fn say_unknown(&mut self, at: Spot, message: String, name: &str, known: &[&str]) {
        let expected = match nearest(name, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("expected one of {}", known.join(", ")),
        };
        self.say(at, message, &expected);
    }

    fn say_shape(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let at = self.spot(&value.span());
        let shape = match value.get_ref().type_str() {
            "string" => "a text",
            "integer" | "float" => "a number",
            "boolean" => "true or false",
            "array" => "a list",
            "table" => "a table",
            _ => "a date",
        };
        self.say(at, format!("`{key}` is {shape}"), expected);
    }

    pub(super) fn text(
        &mut self,
        key: &str,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Option<(String, Spot)> {
        match value.get_ref() {
            DeValue::String(text) => Some((text.to_string(), self.spot(&value.span()))),
            _ => {
                self.say_shape(key, value, "expected a text in quotes");
                None
            }
        }
    }

    /// A text, number or yes-no as the text that a cell would have.
    pub(super) fn scalar(&mut self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(number) => Some(number.as_str().to_owned()),
            DeValue::Float(number) => Some(number.as_str().to_owned()),
            DeValue::Boolean(truth) => Some(truth.to_string()),
            DeValue::Datetime(at) => Some(at.to_string()),
            _ => {
                self.say_shape(key, value, "expected a text, a number, or true or false");
                None
            }
        }
    }

    /// A text, or a list of texts.
    pub(super) fn texts(
        &mut self,
        key: &str,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Vec<(String, Spot)> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.text(key, item)).collect(),
            _ => self.text(key, value).into_iter().collect(),
        }
    }

    /// A scalar, or a list of scalars.
    pub(super) fn scalars(&mut self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Vec<String> {
        match value.get_ref() {
            DeValue::Array(items) => {
                items.iter().filter_map(|item| self.scalar(key, item)).collect()
            }
            _ => self.scalar(key, value).into_iter().collect(),
        }
    }

    pub(super) fn flag(&mut self, key: &str, value: &'t Spanned<DeValue<'t>>) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.say_shape(key, value, "expected true or false");
            false
        })
    }

    pub(super) fn day(&mut self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<NaiveDate> {
        let text = self.scalar(key, value)?;
        // `NaiveDate` alone would read `2026-1-5` too.
        let day = text.parse().ok().filter(|day: &NaiveDate| day.to_string() == text);
        if day.is_none() {
            let at = self.spot(&value.span());
            let message = format!("`{key}` cannot be {}", quoted(&text));
            self.say(at, message, "expected a date such as 2026-11-15");
        }
        day
    }

    pub(super) fn table(
        &mut self,
        key: &str,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Option<&'t DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.say_shape(key, value, "expected a table, `{ … }`");
        }
        table
    }

    /// A list of tables.
    pub(super) fn tables(
        &mut self,
        key: &str,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Vec<(&'t DeTable<'t>, Spot)> {
        let Some(items) = value.get_ref().as_array() else {
            self.say_shape(
                key,
                value,
                &format!("expected a list of tables, each under `[[{key}]]`"),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            let at = self.spot(&item.span());
            tables.extend(self.table(key, item).map(|table| (table, at)));
        }
        tables
    }
}
