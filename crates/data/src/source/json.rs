//! Tables as JSON: an object with an array for each, one array, or an object on each line.
//!
//! What is nested is a column of its own, `properties.amount`; the values of a list are one text,
//! with `;` between.

use std::borrow::Cow;
use std::collections::HashMap;

use kadence::Problem;
use serde_json::value::RawValue;

use super::{Head, HeadColumn, Input, RawCell, RawRow, Sink, Source};
use crate::ReadError;
use crate::json::entries::{Entries, Places, Shape, Text};
use crate::number::without_exponent;
use crate::text::{self, Spot, quoted};

/// Objects within objects deeper than this are one text.
const DEEPEST: usize = 8;

/// A JSON or NDJSON file.
pub(super) struct Json {
    input: Input,
    heads: Vec<Head>,
}

impl Json {
    pub(super) fn open(input: Input) -> Result<Json, ReadError> {
        let bytes = input.read()?;
        let text = text_of(&bytes, &input)?;
        let tables = tables(text, &input)?;
        let mut heads = Vec::new();
        for (name, rows) in &tables {
            let several = tables.len() > 1;
            let file = if several { format!("{}[{name}]", input.name) } else { input.name.clone() };
            let mut head = Head { name: name.to_string(), file, ..Head::default() };
            let mut places = Places::new(text);
            let mut known: HashMap<String, ()> = HashMap::new();
            for row in rows {
                // What is wrong with a row is said when it is read.
                for (name, value) in flat(row).unwrap_or_default() {
                    if known.insert(name.clone(), ()).is_none() {
                        head.columns.push(HeadColumn { name, at: places.of(value.get()) });
                    }
                }
            }
            heads.push(head);
        }
        drop(bytes);
        Ok(Json { input, heads })
    }
}

impl Source for Json {
    fn tables(&self) -> &[Head] {
        &self.heads
    }

    fn read(&self, table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        let bytes = self.input.read()?;
        let text = text_of(&bytes, &self.input)?;
        let tables = tables(text, &self.input)?;
        let Some((head, (_, rows))) = self.heads.get(table).zip(tables.get(table)) else {
            return Ok(());
        };
        let names = head.columns.iter().map(|column| column.name.as_str());
        let columns: HashMap<&str, usize> = names.zip(0..).collect();
        let mut places = Places::new(text);
        let mut cells = Vec::new();
        for row in rows {
            let at = places.of(row.get());
            cells.clear();
            cells.resize(columns.len(), RawCell { text: Cow::Borrowed(""), is_exact: true, at });
            let usable = match fill(row, &columns, &mut cells, &mut places, head) {
                Ok(()) => true,
                Err(problem) => {
                    into.problem(*problem);
                    false
                }
            };
            into.row(&RawRow { at, cells: &cells, usable });
        }
        Ok(())
    }
}

/// Puts the values of a row in the cells of their columns.
fn fill<'a>(
    row: &'a RawValue,
    columns: &HashMap<&str, usize>,
    cells: &mut [RawCell<'a>],
    places: &mut Places<'a>,
    head: &Head,
) -> Result<(), Box<Problem>> {
    let flat = flat(row).map_err(|message| {
        let at = places.of(row.get());
        head.problem(at, message, "expected an object with its fields")
    })?;
    let mut seen = vec![false; cells.len()];
    for (name, value) in flat {
        let at = places.of(value.get());
        let Some(&column) = columns.get(name.as_str()) else { continue };
        if seen.get(column).copied().unwrap_or(false) {
            let message = format!("{} is there twice in one row", quoted(&name));
            return Err(Box::new(head.problem(at, message, "expected it once")));
        }
        let text = value_text(value).map_err(|error| head.problem(at, error, "expected JSON"))?;
        if let (Some(cell), Some(seen)) = (cells.get_mut(column), seen.get_mut(column)) {
            // A text is as somebody has written it.
            let is_exact = Shape::of(value) != Shape::Text;
            *cell = RawCell { text, is_exact, at };
            *seen = true;
        }
    }
    Ok(())
}

fn text_of<'a>(bytes: &'a [u8], input: &Input) -> Result<&'a str, ReadError> {
    text::utf8(text::without_bom(bytes), Spot::START).map_err(|error| {
        ReadError::broken(&input.name, error.at, error.message(), text::EXPECTED_UTF8)
    })
}

type Tables<'a> = Vec<(Cow<'a, str>, Vec<&'a RawValue>)>;

/// The tables with their rows.
fn tables<'a>(text: &'a str, input: &Input) -> Result<Tables<'a>, ReadError> {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        values.push(value.map_err(|error| {
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).max(1);
            let at = Spot { line: number(error.line()), column: number(error.column()) };
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            ReadError::broken(&input.name, at, message, "expected JSON")
        })?);
    }
    let stem = || Cow::Owned(input.stem());
    let [one] = values.as_slice() else { return Ok(vec![(stem(), values)]) };
    if let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(one.get()) {
        return Ok(vec![(stem(), rows)]);
    }
    let entries = serde_json::from_str::<Entries<'_>>(one.get()).map_or(Vec::new(), |all| all.0);
    let mut tables: Tables<'_> = Vec::new();
    for (name, value) in entries {
        match serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            Ok(rows) if rows.iter().all(|row| Shape::of(row) == Shape::Object) => {
                tables.push((name, rows));
            }
            _ => {}
        }
    }
    Ok(if tables.is_empty() { vec![(stem(), values)] } else { tables })
}

/// The values of a row with the names of their columns.
fn flat(row: &RawValue) -> Result<Vec<(String, &RawValue)>, String> {
    let shape = Shape::of(row);
    if shape != Shape::Object {
        return Err(format!("a row is {}", shape.words()));
    }
    let mut found = Vec::new();
    flatten(row, "", 0, &mut found)?;
    Ok(found)
}

fn flatten<'a>(
    object: &'a RawValue,
    prefix: &str,
    depth: usize,
    found: &mut Vec<(String, &'a RawValue)>,
) -> Result<(), String> {
    let Entries(entries) = serde_json::from_str(object.get()).map_err(|error| error.to_string())?;
    for (key, value) in entries {
        let name = format!("{prefix}{key}");
        if Shape::of(value) == Shape::Object && depth < DEEPEST {
            flatten(value, &format!("{name}."), depth + 1, found)?;
        } else {
            found.push((name, value));
        }
    }
    Ok(())
}

/// A value as the text that a CSV file would have.
fn value_text(value: &RawValue) -> Result<Cow<'_, str>, String> {
    let raw = value.get();
    match Shape::of(value) {
        Shape::Text => {
            let text: Text<'_> = serde_json::from_str(raw).map_err(|error| {
                let words = error.to_string();
                words.split(" at line ").next().unwrap_or_default().to_owned()
            })?;
            Ok(text.0)
        }
        Shape::Null => Ok(Cow::Borrowed("")),
        Shape::YesNo | Shape::Object => Ok(Cow::Borrowed(raw)),
        Shape::Number => Ok(without_exponent(raw).map_or(Cow::Borrowed(raw), Cow::Owned)),
        Shape::Array => {
            let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw) else {
                return Ok(Cow::Borrowed(raw));
            };
            let is_nested =
                |item: &&&RawValue| matches!(Shape::of(item), Shape::Array | Shape::Object);
            if items.iter().any(|item| is_nested(&item)) {
                return Ok(Cow::Borrowed(raw));
            }
            let texts: Result<Vec<Cow<'_, str>>, String> =
                items.into_iter().map(value_text).collect();
            Ok(Cow::Owned(texts?.join(";")))
        }
    }
}
