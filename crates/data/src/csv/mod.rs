//! A table as CSV.

#[cfg(test)]
mod tests;
mod tokens;

use std::collections::HashSet;

use kadence::{Cell, DatasetBuilder, Noun, Place, Problem, Record, Schema};

use crate::text::{self, Spot, quoted};
use tokens::{Flaw, Line, RawCell, Tokens};

/// Reads the rows of a table.
pub(crate) fn read(
    bytes: &[u8],
    noun: Noun,
    file: &str,
    schema: &Schema,
    builder: &mut DatasetBuilder,
) {
    if let Some(problem) = text::utf16_problem(bytes, file) {
        builder.problem(problem);
        return;
    }
    let mut table = Table { noun, file, columns: Vec::new(), is_complete: true, builder };
    let mut tokens = Tokens::new(text::without_bom(bytes));
    let mut line = Line::default();
    if !next(&mut tokens, &mut line) {
        let expected = "expected a line with the names of the fields";
        return table.problem(Spot::START, "the file is empty".to_owned(), expected);
    }
    table.header(&line, schema);
    while next(&mut tokens, &mut line) {
        table.row(&line);
    }
}

/// Reads the next line that is not blank.
fn next(tokens: &mut Tokens<'_>, line: &mut Line) -> bool {
    while tokens.read(line) {
        if !line.is_blank() {
            return true;
        }
    }
    false
}

struct Table<'a> {
    noun: Noun,
    file: &'a str,
    columns: Vec<Column>,
    /// Whether the columns are there that no row can do without.
    is_complete: bool,
    builder: &'a mut DatasetBuilder,
}

enum Column {
    Field(String),
    /// No field names it, or it is there twice.
    Ignored,
    /// Its header is blank.
    Nameless,
}

impl Table<'_> {
    fn problem(&mut self, at: Spot, message: String, expected: &str) {
        let place: Option<Place> = Some(at.in_file(self.file));
        let subject = self.noun.table().to_owned();
        let expected = Some(expected.to_owned());
        self.builder.problem(Problem { place, subject, message, expected });
    }

    fn header(&mut self, line: &Line, schema: &Schema) {
        let mut seen = HashSet::new();
        for cell in &line.cells {
            let column = self.column(line, cell, schema, &mut seen);
            self.columns.push(column);
        }
        let at = line.cells.first().map_or(Spot::START, |cell| cell.at);
        let id = self.noun.has_id().then_some("id");
        for name in id.into_iter().chain(self.noun.required().iter().copied()) {
            if !seen.contains(name) {
                self.is_complete = false;
                let expected = format!("every row of {} needs one", self.noun.table());
                self.problem(at, format!("there is no column `{name}`"), &expected);
            }
        }
    }

    fn column(
        &mut self,
        line: &Line,
        cell: &RawCell,
        schema: &Schema,
        seen: &mut HashSet<String>,
    ) -> Column {
        let Some(name) = self.text(line, cell) else { return Column::Ignored };
        let name = name.trim();
        if name.is_empty() {
            return Column::Nameless;
        }
        if !seen.insert(name.to_owned()) {
            let message = format!("the column {} is there twice", quoted(name));
            self.problem(cell.at, message, "expected each column once");
            return Column::Ignored;
        }
        if schema.field(self.noun, name).is_some() {
            return Column::Field(name.to_owned());
        }
        let Spot { line, column } = cell.at;
        self.builder.header(self.noun, &[Cell { field: name, text: "", line, column }], self.file);
        Column::Ignored
    }

    fn row(&mut self, line: &Line) {
        let columns = std::mem::take(&mut self.columns);
        let mut usable = self.is_complete;
        let mut cells = Vec::with_capacity(line.cells.len());
        for (raw, column) in line.cells.iter().zip(&columns) {
            let Some(text) = self.text(line, raw) else {
                usable = false;
                continue;
            };
            match column {
                Column::Field(field) => {
                    let Spot { line, column } = raw.at;
                    cells.push(Cell { field, text, line, column });
                }
                Column::Ignored => {}
                Column::Nameless if text.trim().is_empty() => {}
                Column::Nameless => {
                    let message = format!("{} stands in a column without a name", quoted(text));
                    self.problem(raw.at, message, "expected a name in the first line");
                    usable = false;
                }
            }
        }
        if let Some(first) = line.cells.get(columns.len()) {
            let message = format!("a row of {} cells", line.cells.len());
            let expected = format!("expected at most {}, as in the first line", columns.len());
            self.problem(first.at, message, &expected);
            usable = false;
        }
        let at = line.cells.first().map_or(Spot::START, |cell| cell.at);
        self.builder.record(Record {
            noun: self.noun,
            file: self.file,
            line: at.line,
            column: at.column,
            cells: &cells,
            usable,
        });
        drop(cells);
        self.columns = columns;
    }

    /// The text of a cell, if nothing is wrong with it as such; else that is said.
    fn text<'l>(&mut self, line: &'l Line, cell: &RawCell) -> Option<&'l str> {
        let bytes = line.bytes(cell);
        match cell.flaw {
            Some(Flaw::OpenQuote) => {
                let message = "a quote that never ends: the rest of the file is in this cell";
                self.problem(cell.at, message.to_owned(), "expected `\"` at the end of the cell");
                return None;
            }
            Some(Flaw::AfterQuote(at)) => {
                let message = "something follows the quote that ends the cell".to_owned();
                self.problem(at, message, "inside a quoted cell, expected a quote as `\"\"`");
                return None;
            }
            None => {}
        }
        if bytes.contains(&0) {
            self.problem(cell.at, "a NUL byte".to_owned(), "expected text");
            return None;
        }
        match text::utf8(bytes, cell.text_at) {
            Ok(text) => Some(text),
            Err(error) => {
                let subject = self.noun.table().to_owned();
                self.builder.problem(Problem { subject, ..error.problem(self.file) });
                None
            }
        }
    }
}
