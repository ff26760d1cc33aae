//! Lines and cells of a CSV file, each cell with its place.

use crate::text::Spot;

/// Why a cell cannot be taken as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// The quote that starts it never ends.
    OpenQuote,
    /// Something stands between the quote that ends it and the delimiter, here.
    AfterQuote(Spot),
}

/// A cell: its bytes without quotes are a range of [`Line::bytes`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    start: usize,
    end: usize,
    /// Where its text starts: after the quote, if there is one.
    pub(crate) text_at: Spot,
    pub(crate) at: Spot,
    pub(crate) flaw: Option<Flaw>,
}

/// The cells of a row; it may go over several lines of the file.
#[derive(Debug, Default)]
pub(crate) struct Line {
    bytes: Vec<u8>,
    pub(crate) cells: Vec<Token>,
}

impl Line {
    /// The bytes of a cell, without quotes.
    pub(crate) fn bytes(&self, cell: &Token) -> &[u8] {
        self.bytes.get(cell.start..cell.end).unwrap_or_default()
    }

    /// Whether nothing stands on it.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.len() <= 1 && self.bytes.iter().all(u8::is_ascii_whitespace)
    }
}

/// Splits a file as RFC 4180 says.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    rest: &'a [u8],
    delimiter: u8,
    spot: Spot,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Tokens::from(Spot::START, delimiter(bytes), bytes)
    }

    /// Of a part of a file, which starts there, and whose delimiter is known.
    pub(crate) fn from(spot: Spot, delimiter: u8, bytes: &'a [u8]) -> Self {
        Tokens { rest: bytes, delimiter, spot }
    }

    /// Where the next line starts.
    pub(crate) fn spot(&self) -> Spot {
        self.spot
    }

    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Whether nothing follows.
    pub(crate) fn is_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// Reads the next line into `line`; whether there is one.
    pub(crate) fn read(&mut self, line: &mut Line) -> bool {
        line.bytes.clear();
        line.cells.clear();
        if self.rest.is_empty() {
            return false;
        }
        loop {
            let cell = self.cell(&mut line.bytes);
            line.cells.push(cell);
            match self.next() {
                Some(byte) if byte == self.delimiter => {}
                Some(b'\r') if self.rest.first() == Some(&b'\n') => {
                    self.next();
                    return true;
                }
                _ => return true,
            }
        }
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.spot = self.spot.after_byte(*first, rest.first().copied());
        Some(*first)
    }

    /// Reads up to the delimiter or the end of the line.
    fn cell(&mut self, bytes: &mut Vec<u8>) -> Token {
        let (start, at) = (bytes.len(), self.spot);
        let mut text_at = at;
        let mut flaw = None;
        if self.rest.first() == Some(&b'"') {
            self.next();
            text_at = self.spot;
            if !self.quoted(bytes) {
                flaw = Some(Flaw::OpenQuote);
            } else if !self.at_end() {
                flaw = Some(Flaw::AfterQuote(self.spot));
            }
        }
        self.plain(bytes);
        Token { start, end: bytes.len(), text_at, at, flaw }
    }

    /// Reads up to the quote that ends the cell; whether there is one.
    fn quoted(&mut self, bytes: &mut Vec<u8>) -> bool {
        while let Some(byte) = self.next() {
            if byte == b'"' {
                if self.rest.first() != Some(&b'"') {
                    return true;
                }
                self.next();
            }
            bytes.push(byte);
        }
        false
    }

    /// Takes all that stands before the delimiter or the end of the line.
    fn plain(&mut self, bytes: &mut Vec<u8>) {
        let length = self.rest.iter().position(|byte| self.ends(*byte));
        let length = length.unwrap_or(self.rest.len());
        let Some((text, rest)) = self.rest.split_at_checked(length) else { return };
        let characters = text.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        let characters = u32::try_from(characters).unwrap_or(u32::MAX);
        self.spot.column = self.spot.column.saturating_add(characters);
        bytes.extend_from_slice(text);
        self.rest = rest;
    }

    fn at_end(&self) -> bool {
        self.rest.first().is_none_or(|byte| self.ends(*byte))
    }

    fn ends(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }
}

/// Which of `,` `;` and tab stands most often in the first line that is not blank, outside of
/// quotes; `,` if none does.
fn delimiter(bytes: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut in_quotes = false;
    for byte in bytes.trim_ascii_start() {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'\n' | b'\r' if !in_quotes => break,
            _ if in_quotes => {}
            byte => counts.iter_mut().filter(|(d, _)| d == byte).for_each(|(_, n)| *n += 1),
        }
    }
    let mut best = (b',', 0);
    for (delimiter, count) in counts {
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}
