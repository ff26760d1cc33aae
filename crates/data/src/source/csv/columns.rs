//! A CSV file as columns: cut into blocks of whole rows, which are read in parallel.

use super::blocks::Block;
use super::tokens::{Line, Tokens};
use super::{Csv, cell_text, next};
use crate::bulk::{Fields, Gathered, NotInBulk, Take, in_order, no_texts};
use crate::source::HeadColumn;
use crate::text::Spot;

pub(super) fn batches<'a>(
    csv: &Csv,
    fields: &'a Fields<'a>,
    take: &'a mut Take<'a>,
) -> Result<(), NotInBulk> {
    let columns = &csv.head().columns;
    in_order(
        csv.blocks()?.map(|block| block.map_err(|_| NotInBulk)),
        |block: Block, hand_over| {
            let gathered = gathered(&block, csv.delimiter, columns, fields)?;
            hand_over((gathered, csv.passed(&block)))
        },
        |(gathered, bytes)| take(&gathered.batch(fields), bytes),
    )
}

fn gathered(
    block: &Block,
    delimiter: u8,
    head: &[HeadColumn],
    fields: &Fields<'_>,
) -> Result<Gathered, NotInBulk> {
    let bytes = &block.bytes;
    let is_text = std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0);
    if !is_text {
        return Err(NotInBulk);
    }
    let mut tokens = Tokens::from(Spot::START, delimiter, bytes);
    let mut line = Line::default();
    if block.is_first {
        next(&mut tokens, &mut line);
    }
    let mut columns = no_texts(fields);
    let mut rows = 0;
    while next(&mut tokens, &mut line) {
        rows += 1;
        if line.cells.len() > head.len() {
            return Err(NotInBulk);
        }
        for (place, texts) in columns.iter_mut().enumerate() {
            let Some(token) = line.cells.get(place) else {
                texts.iter_mut().for_each(|texts| texts.push(b""));
                continue;
            };
            if token.flaw.is_some() {
                return Err(NotInBulk);
            }
            if let Some(texts) = texts {
                texts.push(line.bytes(token));
            } else if head.get(place).is_some_and(|column| column.name.is_empty()) {
                // What stands in a column without a name is a problem.
                let text = cell_text(&line, token).map_err(|_| NotInBulk)?;
                if !text.trim().is_empty() {
                    return Err(NotInBulk);
                }
            }
        }
    }
    Gathered::new(rows, columns, fields)
}
