//! Things that are made up: as rows of a dataset, and as the `given` lines of a test.

use chrono::NaiveDate;

use crate::model::{FieldType, Noun, Schema};

/// A thing that is made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) noun: Noun,
    pub(super) id: String,
    /// Field and text.
    pub(super) cells: Vec<(String, String)>,
}

/// Activities that are alike but for their days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Activities {
    pub(super) kind: String,
    /// What they are about: the field and the id.
    pub(super) on: Option<(&'static str, String)>,
    pub(super) by: Option<String>,
    pub(super) cells: Vec<(String, String)>,
    pub(super) days: Vec<NaiveDate>,
}

/// Things, and what was done with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scene {
    pub(super) things: Vec<Thing>,
    pub(super) activities: Vec<Activities>,
}

/// A row as a table would hold it.
pub(super) type Row = (Noun, Vec<(String, String)>);

impl Scene {
    pub(super) fn rows(&self) -> Vec<Row> {
        let cell = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let things = self.things.iter().map(|thing| {
            let id = cell("id", &thing.id);
            (thing.noun, std::iter::once(id).chain(thing.cells.iter().cloned()).collect())
        });
        let mut rows: Vec<Row> = things.collect();
        for done in &self.activities {
            for day in &done.days {
                let mut cells = vec![
                    cell("id", &format!("activity {}", rows.len())),
                    cell("kind", &done.kind),
                    cell("status", "completed"),
                    cell("at", &format!("{day}T12:00")),
                ];
                cells.extend(done.on.iter().map(|(field, id)| cell(field, id)));
                cells.extend(done.by.iter().map(|by| cell("seller", by)));
                cells.extend(done.cells.iter().cloned());
                rows.push((Noun::Activity, cells));
            }
        }
        rows
    }

    /// The lines of a test that give it.
    pub(super) fn lines(&self, schema: &Schema) -> Vec<String> {
        /// How many days stand on a line.
        const DAYS: usize = 6;
        let mut lines = Vec::new();
        for Thing { noun, id, cells } in &self.things {
            let cells = in_words(schema, *noun, cells);
            let cells = if cells.is_empty() { cells } else { format!(" : {cells}") };
            lines.push(format!("given   {noun} {id}{cells}"));
        }
        for done in &self.activities {
            let on = done.on.as_ref().map(|(_, id)| format!(" on {id}")).unwrap_or_default();
            let by = done.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            let cells = in_words(schema, Noun::Activity, &done.cells);
            let cells = if cells.is_empty() { cells } else { format!(" : {cells}") };
            for days in done.days.chunks(DAYS) {
                let days: Vec<String> = days.iter().map(NaiveDate::to_string).collect();
                let days = days.join(", ");
                lines.push(format!("given   {}{on} at {days}{by}{cells}", done.kind));
            }
        }
        lines
    }
}

fn in_words(schema: &Schema, noun: Noun, cells: &[(String, String)]) -> String {
    let cells =
        cells.iter().map(|(name, text)| match schema.field(noun, name).map(|field| field.kind) {
            Some(FieldType::Text) => format!("{name} \"{}\"", quoted(text)),
            _ => format!("{name} {text}"),
        });
    cells.collect::<Vec<_>>().join(", ")
}

/// As it stands between quotation marks: letters of all scripts stay as they are.
fn quoted(text: &str) -> String {
    let written = |letter: char| match letter {
        '"' | '\\' | '\n' | '\t' => letter.escape_default().to_string(),
        _ if letter.is_control() => letter.escape_unicode().to_string(),
        _ => letter.to_string(),
    };
    text.chars().map(written).collect()
}
