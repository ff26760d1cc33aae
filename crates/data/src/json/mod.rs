//! A dataset as JSON: an array for each table, and from and through which day it is complete.

pub(crate) mod entries;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use kadence::diagnostic::nearest;
use kadence::{Cell, DatasetBuilder, FieldType, Noun, Problem, Record, Schema};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::number::without_exponent;
use crate::text::{self, Spot, quoted};
use entries::{Entries, Places, Shape, Text};

const FROM: &str = "complete_from";
const THROUGH: &str = "complete_through";
/// When the data was taken, which matters to whoever evaluates it.
const AS_OF: &str = "as_of";

/// Reads a dataset, or what stands beside the tables that `found` names.
pub(crate) fn read(
    bytes: &[u8],
    file: &str,
    schema: &Schema,
    found: &BTreeSet<Noun>,
    builder: &mut DatasetBuilder,
) {
    if let Some(problem) = text::utf16_problem(bytes, file) {
        builder.problem(problem);
        return;
    }
    match text::utf8(text::without_bom(bytes), Spot::START) {
        Ok(text) => {
            let places = Places::new(text);
            Reader { file, schema, found, builder, places }.dataset(text);
        }
        Err(error) => {
            builder.problem(error.problem(file));
        }
    }
}

struct Reader<'a, 'b> {
    file: &'a str,
    schema: &'a Schema,
    found: &'a BTreeSet<Noun>,
    builder: &'b mut DatasetBuilder,
    places: Places<'a>,
}

impl<'a> Reader<'a, '_> {
    fn at(&self, at: Spot, subject: &str, message: String, expected: &str) -> Problem {
        Problem {
            place: Some(at.in_file(self.file)),
            subject: subject.to_owned(),
            message,
            expected: Some(expected.to_owned()),
        }
    }

    fn problem(&mut self, value: &str, subject: &str, message: String, expected: &str) {
        let at = self.places.of(value);
        let problem = self.at(at, subject, message, expected);
        self.builder.problem(problem);
    }

    /// One level of a value; where its texts cannot be read, that is said.
    fn open<T: Deserialize<'a>>(&mut self, value: &'a str, subject: &str) -> Option<T> {
        match serde_json::from_str(value) {
            Ok(read) => Some(read),
            Err(error) => {
                let line = value.split('\n').take(error.line().max(1));
                let start = line.last().unwrap_or_default();
                let place = start.get(error.column().saturating_sub(1)..).unwrap_or(start);
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or_default().to_owned();
                self.problem(place, subject, message, "expected JSON");
                None
            }
        }
    }

    fn dataset(&mut self, text: &'a str) {
        let Some(whole) = self.open::<&RawValue>(text, "") else { return };
        let shape = Shape::of(whole);
        if shape != Shape::Object {
            let expected = "expected an object with an array for each table";
            return self.problem(
                whole.get(),
                "",
                format!("the data is {}", shape.words()),
                expected,
            );
        }
        let Some(Entries(entries)) = self.open(whole.get(), "") else { return };
        let mut seen = HashSet::new();
        let (mut from, mut through) = (None, None);
        for (key, value) in &entries {
            if !seen.insert(key.as_ref()) {
                let message = format!("{} is there twice", quoted(key));
                self.problem(value.get(), "", message, "expected it once");
                continue;
            }
            match key.as_ref() {
                FROM => from = self.day(FROM, value),
                THROUGH => through = self.day(THROUGH, value),
                AS_OF => {}
                key => match crate::named::tables().find(|noun| noun.table() == key) {
                    Some(noun) => self.table(noun, value),
                    None => self.unknown(key, value),
                },
            }
        }
        self.complete(from, through);
    }

    fn unknown(&mut self, key: &str, value: &RawValue) {
        let known = crate::named::tables().map(Noun::table);
        let nearest = nearest(key, known.chain([FROM, THROUGH, AS_OF]));
        let expected = match nearest {
            Some(name) => format!("did you mean `{name}`?"),
            None => {
                let known: Vec<&str> = crate::named::tables().map(Noun::table).collect();
                format!("the tables are {}", known.join(", "))
            }
        };
        if nearest.is_some() || Shape::of(value) == Shape::Array {
            let message = format!("there is no table {}", quoted(key));
            self.problem(value.get(), "", message, &expected);
        } else {
            let at = self.places.of(value.get());
            let message = format!("nothing is named {}, it is ignored", quoted(key));
            let note = self.at(at, "", message, &expected);
            self.builder.note(note);
        }
    }

    fn day(&mut self, key: &str, value: &'a RawValue) -> Option<(NaiveDate, &'a RawValue)> {
        let day = match Shape::of(value) {
            Shape::Null => return None,
            Shape::Text => self.open::<Text<'_>>(value.get(), "")?.0,
            _ => Cow::Borrowed(value.get()),
        };
        // `NaiveDate` alone would read `2026-1-5` too.
        match day.parse().ok().filter(|read: &NaiveDate| read.to_string() == *day) {
            Some(day) => Some((day, value)),
            None => {
                let message = format!("`{key}` cannot be {}", quoted(&day));
                self.problem(value.get(), "", message, "expected a date such as 2026-11-15");
                None
            }
        }
    }

    fn complete(
        &mut self,
        from: Option<(NaiveDate, &RawValue)>,
        through: Option<(NaiveDate, &RawValue)>,
    ) {
        if let (Some((from, _)), Some((through, value))) = (from, through)
            && through < from
        {
            let message = format!("`{FROM}` {from} is after `{THROUGH}` {through}");
            return self.problem(value.get(), "", message, "expected the earlier day first");
        }
        if let Some((day, _)) = from {
            self.builder.complete_from(day);
        }
        if let Some((day, _)) = through {
            self.builder.complete_through(day);
        }
    }

    fn table(&mut self, noun: Noun, value: &'a RawValue) {
        let name = noun.table();
        if self.found.contains(&noun) {
            let message = format!("`{name}` is given here and in `{name}.csv`");
            return self.problem(value.get(), "", message, "expected one of them");
        }
        match Shape::of(value) {
            Shape::Array => {}
            Shape::Null => return,
            shape => {
                let message = format!("`{name}` is {}", shape.words());
                return self.problem(value.get(), "", message, "expected an array of rows");
            }
        }
        let Some(rows) = self.open::<Vec<&RawValue>>(value.get(), name) else { return };
        for row in rows {
            self.row(noun, row);
        }
    }

    fn row(&mut self, noun: Noun, row: &'a RawValue) {
        let start = self.places.of(row.get());
        let subject = noun.table();
        let shape = Shape::of(row);
        if shape != Shape::Object {
            let message = format!("a row is {}", shape.words());
            return self.problem(row.get(), subject, message, "expected an object with its fields");
        }
        let Some(Entries(entries)) = self.open(row.get(), subject) else { return };
        let mut usable = true;
        let mut seen = HashSet::with_capacity(entries.len());
        let mut texts = Vec::with_capacity(entries.len());
        for (key, value) in &entries {
            if !seen.insert(key.as_ref()) {
                let message = format!("{} is there twice in one row", quoted(key));
                self.problem(value.get(), subject, message, "expected it once");
                usable = false;
                continue;
            }
            match self.text(noun, key, value) {
                Some(text) => texts.push((key.as_ref(), text, self.places.of(value.get()))),
                None => usable = false,
            }
        }
        let cells: Vec<Cell<'_>> = texts
            .iter()
            .map(|(field, text, at)| Cell { field, text, line: at.line, column: at.column })
            .collect();
        let Spot { line, column } = start;
        let file = self.file;
        self.builder.record(Record { noun, file, line, column, cells: &cells, usable });
    }

    /// A value as the text that a CSV file would have.
    fn text(&mut self, noun: Noun, key: &str, value: &'a RawValue) -> Option<Cow<'a, str>> {
        let raw = value.get();
        match Shape::of(value) {
            Shape::Text => Some(self.open::<Text<'_>>(raw, noun.table())?.0),
            Shape::Null => Some(Cow::Borrowed("")),
            Shape::YesNo => Some(Cow::Borrowed(raw)),
            Shape::Number => {
                let field = self.schema.field(noun, key);
                let is_number = field.is_some_and(|field| field.kind == FieldType::Number);
                let plain = if is_number { without_exponent(raw) } else { None };
                Some(plain.map_or(Cow::Borrowed(raw), Cow::Owned))
            }
            shape => {
                let message = format!("{} is {}", quoted(key), shape.words());
                let expected = "expected a text, a number, true, false or null";
                self.problem(raw, noun.table(), message, expected);
                None
            }
        }
    }
}
