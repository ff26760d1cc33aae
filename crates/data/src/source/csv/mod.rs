//! A table as CSV or TSV.

#[cfg(test)]
mod tests;
mod tokens;

use std::borrow::Cow;

use kadence::Problem;

use super::{Head, HeadColumn, Input, RawCell, RawRow, Sink, Source};
use crate::ReadError;
use crate::text::{self, Decoded, Spot, quoted};
use tokens::{Flaw, Line, Token, Tokens};

/// A delimited file.
pub(super) struct Csv {
    input: Input,
    head: [Head; 1],
}

impl Csv {
    pub(super) fn open(input: Input) -> Result<Csv, ReadError> {
        let mut head = Head { name: input.stem(), file: input.name.clone(), ..Head::default() };
        let bytes = input.read()?;
        let Decoded { text, encoding } = text::decoded(&bytes);
        if let Some(encoding) = encoding {
            let message = format!("the file is read as {}", encoding.name());
            let expected = "save it as UTF-8 if letters are wrong";
            head.notes.push(head.problem(Spot::START, message, expected));
        }
        let mut line = Line::default();
        let mut tokens = Tokens::new(&text);
        if next(&mut tokens, &mut line) {
            for token in &line.cells {
                let name = match cell_text(&line, token) {
                    Ok(name) => name.trim().to_owned(),
                    Err(flaw) => {
                        head.problems.push(flaw.problem(&head));
                        String::new()
                    }
                };
                head.columns.push(HeadColumn { name, at: token.at });
            }
        } else {
            let expected = "expected a line with the names of the fields";
            head.problems.push(head.problem(Spot::START, "the file is empty", expected));
        }
        drop(bytes);
        Ok(Csv { input, head: [head] })
    }

    fn head(&self) -> &Head {
        let [head] = &self.head;
        head
    }
}

impl Source for Csv {
    fn tables(&self) -> &[Head] {
        &self.head
    }

    fn read(&self, _table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        let bytes = self.input.read()?;
        let Decoded { text, .. } = text::decoded(&bytes);
        let mut tokens = Tokens::new(&text);
        let mut line = Line::default();
        // The first line is the head.
        next(&mut tokens, &mut line);
        while next(&mut tokens, &mut line) {
            self.row(&line, into);
        }
        Ok(())
    }
}

impl Csv {
    fn row(&self, line: &Line, into: &mut dyn Sink) {
        let head = self.head();
        let mut usable = true;
        let mut cells = Vec::with_capacity(line.cells.len());
        for (token, column) in line.cells.iter().zip(&head.columns) {
            let text = match cell_text(line, token) {
                Ok(text) => text,
                Err(flaw) => {
                    into.problem(flaw.problem(head));
                    usable = false;
                    ""
                }
            };
            if column.name.is_empty() && !text.trim().is_empty() {
                let message = format!("{} stands in a column without a name", quoted(text));
                let expected = "expected a name in the first line";
                into.problem(head.problem(token.at, message, expected));
                usable = false;
            }
            cells.push(RawCell { text: Cow::Borrowed(text), is_exact: false, at: token.at });
        }
        if let Some(first) = line.cells.get(head.columns.len()) {
            let message = format!("a row of {} cells", line.cells.len());
            let expected = format!("expected at most {}, as in the first line", head.columns.len());
            into.problem(head.problem(first.at, message, &expected));
            usable = false;
        }
        let at = line.cells.first().map_or(Spot::START, |token| token.at);
        into.row(&RawRow { at, cells: &cells, usable });
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

/// Why a cell cannot be read.
struct Unreadable {
    at: Spot,
    message: String,
    expected: &'static str,
}

impl Unreadable {
    fn new(at: Spot, message: &str, expected: &'static str) -> Unreadable {
        Unreadable { at, message: message.to_owned(), expected }
    }

    fn problem(self, head: &Head) -> Problem {
        head.problem(self.at, self.message, self.expected)
    }
}

/// The text of a cell, if nothing is wrong with it as such.
fn cell_text<'l>(line: &'l Line, token: &Token) -> Result<&'l str, Unreadable> {
    match token.flaw {
        Some(Flaw::OpenQuote) => {
            let message = "a quote that never ends: the rest of the file is in this cell";
            return Err(Unreadable::new(token.at, message, "expected `\"` at the end of the cell"));
        }
        Some(Flaw::AfterQuote(at)) => {
            let message = "something follows the quote that ends the cell";
            let expected = "inside a quoted cell, expected a quote as `\"\"`";
            return Err(Unreadable::new(at, message, expected));
        }
        None => {}
    }
    let bytes = line.bytes(token);
    if bytes.contains(&0) {
        return Err(Unreadable::new(token.at, "a NUL byte", "expected text"));
    }
    text::utf8(bytes, token.text_at).map_err(|error| Unreadable {
        at: error.at,
        message: error.message(),
        expected: text::EXPECTED_UTF8,
    })
}
