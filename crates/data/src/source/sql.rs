//! What databases have in common.

use crate::text::Spot;

/// The place in a table: rows count from one.
pub(super) fn at(line: u32, place: usize) -> Spot {
    let column = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
    Spot { line: line.max(1), column }
}

/// A name as SQL has it.
pub(super) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
