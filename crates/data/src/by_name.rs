//! A table whose columns are named like fields, into a dataset.

use std::collections::HashSet;

use kadence::{Cell, Noun, Problem, Record, Schema};

use crate::ReadError;
use crate::rows::Rows;
use crate::source::{Head, RawRow, Sink, Source};
use crate::text::{Spot, quoted};

/// Reads a table of a source as that of a noun.
pub(crate) fn read(
    source: &dyn Source,
    table: usize,
    noun: Noun,
    schema: &Schema,
    into: &mut dyn Rows,
) -> Result<(), ReadError> {
    let Some(head) = source.tables().get(table) else { return Ok(()) };
    for problem in &head.problems {
        into.builder().problem(problem.clone());
    }
    for note in &head.notes {
        into.builder().note(note.clone());
    }
    if head.columns.is_empty() {
        return Ok(());
    }
    let mut rows = ByName { noun, file: &head.file, columns: Vec::new(), is_complete: true, into };
    rows.head(head, schema);
    if rows.into.take_table(source, table, noun, &rows.columns) {
        return Ok(());
    }
    source.read(table, &mut rows)
}

struct ByName<'a> {
    noun: Noun,
    file: &'a str,
    /// The fields that the columns are for; none where a column is ignored.
    columns: Vec<Option<&'a str>>,
    /// Whether the columns are there that no row can do without.
    is_complete: bool,
    into: &'a mut dyn Rows,
}

impl<'a> ByName<'a> {
    fn head(&mut self, head: &'a Head, schema: &Schema) {
        let mut seen = HashSet::new();
        for column in &head.columns {
            let name = column.name.as_str();
            let field = schema.field(self.noun, name);
            let is_first = name.is_empty() || seen.insert(name);
            if !is_first {
                let message = format!("the column {} is there twice", quoted(name));
                let problem = head.problem(column.at, message, "expected each column once");
                self.into.builder().problem(problem);
            } else if field.is_none() && !name.is_empty() {
                self.note_unknown(name, column.at);
            }
            self.columns.push(field.filter(|_| is_first).map(|_| name));
        }
        for refused in &head.refused {
            let name = refused.name.as_str();
            if schema.field(self.noun, name).is_some() {
                seen.insert(name);
                self.is_complete = false;
                self.into.builder().problem(head.refusal(refused));
            } else if !name.is_empty() {
                self.note_unknown(name, refused.at);
            }
        }
        let at = head.columns.first().map_or(Spot::START, |column| column.at);
        let id = self.noun.has_id().then_some("id");
        for name in id.into_iter().chain(self.noun.required().iter().copied()) {
            if !seen.contains(name) {
                self.is_complete = false;
                let message = format!("there is no column `{name}`");
                let expected = format!("every row of {} needs one", self.noun.table());
                self.into.builder().problem(head.problem(at, message, &expected));
            }
        }
    }

    fn note_unknown(&mut self, name: &str, Spot { line, column }: Spot) {
        let cell = Cell { field: name, text: "", line, column };
        self.into.builder().header(self.noun, &[cell], self.file);
    }
}

impl Sink for ByName<'_> {
    fn row(&mut self, row: &RawRow<'_>) {
        let known = row.cells.iter().zip(&self.columns);
        let cells: Vec<Cell<'_>> = known
            .filter_map(|(cell, field)| {
                let Spot { line, column } = cell.at;
                Some(Cell { field: (*field)?, text: &cell.text, line, column })
            })
            .collect();
        self.into.record(Record {
            noun: self.noun,
            file: self.file,
            line: row.at.line,
            column: row.at.column,
            cells: &cells,
            usable: row.usable && self.is_complete,
        });
    }

    fn problem(&mut self, problem: Problem) {
        self.into.builder().problem(problem);
    }

    fn passed(&mut self, bytes: u64) {
        self.into.passed(bytes);
    }
}
