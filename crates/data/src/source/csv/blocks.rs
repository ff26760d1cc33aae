//! A CSV file in blocks of whole rows, so that never all of it is held.

use std::io::{self, Read};

use crate::text;

/// So many bytes are read at a time.
const BLOCK: usize = 1 << 21;

/// The longest row.
pub(super) const LONGEST: usize = 1 << 26;

/// Whole rows of the file.
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// Whether the first of them is the head.
    pub(super) is_first: bool,
}

/// Cuts a file between rows.
pub(super) struct Blocks<R> {
    reader: R,
    /// The start of a row that is not all there.
    rest: Vec<u8>,
    ends: Ends,
    count: usize,
}

/// Why there is no further block.
#[derive(Debug)]
pub(super) enum Uncut {
    Unreadable(io::Error),
    TooLong,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(reader: R, delimiter: u8) -> Blocks<R> {
        Blocks { reader, rest: Vec::new(), ends: Ends::of(delimiter), count: 0 }
    }

    fn next_block(&mut self) -> Result<Option<Vec<u8>>, Uncut> {
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            let start = bytes.len();
            let limit = u64::try_from(BLOCK).unwrap_or(u64::MAX);
            bytes.reserve(BLOCK);
            let read = self.reader.by_ref().take(limit).read_to_end(&mut bytes);
            let read = read.map_err(Uncut::Unreadable)?;
            if read == 0 {
                // The last row may end with the file.
                return Ok(Some(bytes).filter(|bytes| !bytes.is_empty()));
            }
            // Only the first block starts with none before it.
            if self.count == 1 && start == 0 && bytes.starts_with(text::BOM) {
                bytes.drain(..text::BOM.len());
            }
            let more = bytes.get(start..).unwrap_or_default();
            if let Some(end) = self.ends.last(more) {
                self.rest = bytes.split_off(start + end);
                return Ok(Some(bytes));
            }
            if bytes.len() > LONGEST {
                return Err(Uncut::TooLong);
            }
        }
    }
}

impl<R: Read> Iterator for Blocks<R> {
    type Item = Result<Block, Uncut>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_first = self.count == 0;
        self.count += 1;
        let block = self.next_block().transpose()?;
        Some(block.map(|bytes| Block { bytes, is_first }))
    }
}

/// Finds where rows end, in the way in which [`Tokens`] reads them.
struct Ends {
    delimiter: u8,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a cell.
    Before,
    /// In a cell without quotes.
    Plain,
    Quoted,
    /// After a quote within quotes: it ends them, or is one of two.
    Quote,
}

impl Ends {
    fn of(delimiter: u8) -> Ends {
        Ends { delimiter, state: State::Before }
    }

    /// Where the last row ends of which the end is in these bytes, the next ones of the file.
    fn last(&mut self, bytes: &[u8]) -> Option<usize> {
        let is_end = |byte: u8| matches!(byte, b'\n' | b'\r');
        // A `\r` may be half of an end.
        let whole = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let is_plain = matches!(self.state, State::Before | State::Plain);
        if is_plain && !bytes.contains(&b'"') {
            self.state = match bytes.last() {
                Some(byte) if is_end(*byte) || *byte == self.delimiter => State::Before,
                Some(_) => State::Plain,
                None => self.state,
            };
            return whole.iter().rposition(|byte| is_end(*byte)).map(|place| place + 1);
        }
        let mut last = None;
        for (place, byte) in bytes.iter().enumerate() {
            self.state = match (self.state, *byte) {
                (State::Quoted, b'"') => State::Quote,
                (State::Quoted, _) | (State::Before | State::Quote, b'"') => State::Quoted,
                (_, byte) if byte == self.delimiter => State::Before,
                (_, byte) if is_end(byte) => {
                    last = if place < whole.len() { Some(place + 1) } else { last };
                    State::Before
                }
                _ => State::Plain,
            };
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::super::next;
    use super::super::tokens::{Line, Tokens};
    use super::*;
    use crate::text::Spot;
    use proptest::prelude::*;

    /// The cells of each row, and where it starts.
    fn rows(tokens: &mut Tokens<'_>) -> Vec<(Spot, Vec<Vec<u8>>)> {
        let (mut line, mut rows) = (Line::default(), Vec::new());
        while next(tokens, &mut line) {
            let cells = line.cells.iter().map(|cell| line.bytes(cell).to_vec()).collect();
            rows.push((line.cells[0].at, cells));
        }
        rows
    }

    proptest! {
        #[test]
        fn a_file_cut_where_rows_end_has_the_same_rows_at_the_same_places(
            text in "[a\",\n\r ]{0,40}",
            length in 1_usize..12,
        ) {
            let mut ends = Ends::of(b',');
            let (mut cut, mut held, mut spot) = (Vec::new(), Vec::new(), Spot::START);
            let mut take = |bytes: &[u8]| {
                let mut tokens = Tokens::from(spot, b',', bytes);
                cut.extend(rows(&mut tokens));
                spot = tokens.spot();
            };
            for piece in text.as_bytes().chunks(length) {
                let start = held.len();
                held.extend_from_slice(piece);
                if let Some(end) = ends.last(piece) {
                    let rest = held.split_off(start + end);
                    take(&held);
                    held = rest;
                }
            }
            take(&held);
            prop_assert_eq!(cut, rows(&mut Tokens::from(Spot::START, b',', text.as_bytes())));
        }
    }
}
