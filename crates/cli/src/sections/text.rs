//! Parts as text for a terminal.

use super::{Block, Heading, Section};
use crate::lines::Lines;
use crate::report::grid::{Column, grid};

/// How far the rows of a table stand in.
const INDENT: u16 = 2;

pub(crate) fn text(sections: &[Section], width: u16) -> String {
    let mut out = Lines::default();
    for (place, Section { title, blocks }) in sections.iter().enumerate() {
        if place > 0 {
            out.empty();
        }
        out.line(0, title);
        blocks.iter().for_each(|block| self::block(&mut out, block, width));
    }
    out.text()
}

fn block(out: &mut Lines, block: &Block, width: u16) {
    match block {
        Block::Line(text) => out.line(2, text),
        Block::List { title, items } => {
            out.line(2, title);
            items.iter().for_each(|item| out.line(4, item));
        }
        Block::Table { title, columns, rows } => {
            title.iter().for_each(|title| out.line(2, title));
            let indent = if title.is_some() { 2 * INDENT } else { INDENT };
            let columns: Vec<(&str, Column)> = columns.iter().map(column).collect();
            let table = grid(width - indent, 3, &columns, rows.iter().cloned());
            let margin = " ".repeat(usize::from(indent));
            table.lines().for_each(|line| out.push(&format!("{margin}{line}")));
        }
    }
}

fn column(heading: &Heading) -> (&str, Column) {
    let column = match heading {
        Heading::Text(_) => Column::Free,
        Heading::Word(_) => Column::Fixed,
        Heading::Number(_) | Heading::Named(_) => Column::Number,
    };
    (heading.name(), column)
}
