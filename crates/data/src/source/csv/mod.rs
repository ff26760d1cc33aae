//! A table as CSV or TSV.

mod blocks;
mod columns;
#[cfg(test)]
mod tests;
mod tokens;

use std::borrow::Cow;
use std::io::Read;

use kadence::Problem;

use super::{Head, HeadColumn, Input, RawCell, RawRow, Sink, Source};
use crate::ReadError;
use crate::bulk::{Fields, NotInBulk, Take};
use crate::text::{self, Decoded, Spot, quoted};
use blocks::{Block, Blocks, LONGEST, Uncut};
use tokens::{Flaw, Line, Token, Tokens};

/// A delimited file.
pub(super) struct Csv {
    input: Input,
    head: [Head; 1],
    delimiter: u8,
    /// Whether it is UTF-8, without exception.
    is_utf8: bool,
}

/// As much of a file as is held to read its head, if that is not longer.
const START: usize = 1 << 20;

impl Csv {
    pub(super) fn open(input: Input) -> Result<Csv, ReadError> {
        let mut head = Head { name: input.stem(), file: input.name.clone(), ..Head::default() };
        let start = start(&input)?;
        let bytes = match &start {
            Some(start) => Cow::Borrowed(start.as_slice()),
            None => input.read()?,
        };
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
        let delimiter = tokens.delimiter();
        drop(bytes);
        Ok(Csv { input, head: [head], delimiter, is_utf8: start.is_some() })
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
        if !self.is_utf8 {
            let bytes = self.input.read()?;
            let Decoded { text, .. } = text::decoded(&bytes);
            self.rows(&mut Tokens::new(&text), true, into);
            return Ok(());
        }
        let mut spot = Spot::START;
        for block in self.blocks()? {
            let block = block.map_err(|uncut| self.uncut(uncut, spot))?;
            let mut tokens = Tokens::from(spot, self.delimiter, &block.bytes);
            self.rows(&mut tokens, block.is_first, into);
            spot = tokens.spot();
            into.passed(self.passed(&block));
        }
        Ok(())
    }

    fn batches<'a>(
        &self,
        _table: usize,
        fields: &'a Fields<'a>,
        take: &'a mut Take<'a>,
    ) -> Result<bool, NotInBulk> {
        if !self.is_utf8 {
            return Ok(false);
        }
        columns::batches(self, fields, take)?;
        Ok(true)
    }
}

/// The start of a file that is UTF-8 from end to end, with its first line; nothing of another.
fn start(input: &Input) -> Result<Option<Vec<u8>>, ReadError> {
    let mut reader = input.reader()?;
    let (mut start, mut block) = (Vec::new(), vec![0; START]);
    // What is left of a letter at the end of a block.
    let (mut held, mut length) = (0, 0);
    loop {
        let Some(free) = block.get_mut(held..) else { return Ok(None) };
        let read = reader.read(free).map_err(|error| input.unreadable(error))?;
        let Some(filled) = block.get(..held + read) else { return Ok(None) };
        if start.is_empty() {
            start.extend_from_slice(filled);
        }
        let good = match std::str::from_utf8(filled) {
            Ok(_) => filled.len(),
            Err(error) if error.error_len().is_none() && read > 0 => error.valid_up_to(),
            Err(_) => return Ok(None),
        };
        if read == 0 {
            break;
        }
        length += read;
        let end = held + read;
        block.copy_within(good..end, 0);
        held = end - good;
    }
    // A letter may be cut at its end, which the first line does not reach.
    let good = std::str::from_utf8(&start).map_or_else(|error| error.valid_up_to(), str::len);
    let is_all = good == length;
    start.truncate(good);
    let mut tokens = Tokens::new(text::without_bom(&start));
    next(&mut tokens, &mut Line::default());
    Ok((is_all || !tokens.is_over()).then_some(start))
}

impl Csv {
    fn blocks(&self) -> Result<Blocks<Box<dyn Read + Send + '_>>, ReadError> {
        Ok(Blocks::new(self.input.reader()?, self.delimiter))
    }

    /// How many bytes of its file a block takes, if it lies in one.
    fn passed(&self, block: &Block) -> u64 {
        let bytes = self.input.path().map_or(0, |_| block.bytes.len());
        u64::try_from(bytes).unwrap_or(0)
    }

    /// Why there is no further block, of which the first row starts there.
    fn uncut(&self, uncut: Uncut, at: Spot) -> ReadError {
        match uncut {
            Uncut::Unreadable(error) => self.input.unreadable(error),
            Uncut::TooLong => {
                let message = format!("a row of more than {} MiB", LONGEST >> 20);
                let expected = "is there a quote that never ends?";
                ReadError::broken(&self.input.name, at, message, expected)
            }
        }
    }

    fn rows(&self, tokens: &mut Tokens<'_>, has_head: bool, into: &mut dyn Sink) {
        let mut line = Line::default();
        if has_head {
            next(tokens, &mut line);
        }
        while next(tokens, &mut line) {
            self.row(&line, into);
        }
    }

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
