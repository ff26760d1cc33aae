//! Reports as text.

mod attention;
mod csv;
mod diff;
pub(crate) mod grid;
mod table;
#[cfg(test)]
mod tests;

use clap::ValueEnum;
use kadence::{Report, Status};
use serde::Serialize;

use crate::output::Failure;

pub(crate) use csv::{csv, inert, severity, shown, status, table as csv_table};
pub(crate) use diff::{DiffView, csv as diff_csv, points, said};
pub(crate) use table::{SHOWN, percent};

/// What the table's summary goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    Rule,
    Seller,
    Team,
}

/// How a report is shown as a table.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) report: &'a Report,
    pub(crate) by: By,
    /// Of which statuses verdicts are shown; empty: those that need attention.
    pub(crate) statuses: &'a [Status],
    /// In columns of the terminal.
    pub(crate) width: u16,
}

/// How many of so many rows of a text are shown.
pub(crate) fn rows_shown(all: bool, rows: usize) -> usize {
    if all { rows } else { rows.min(SHOWN) }
}

/// The line below rows that were cut.
pub(crate) fn rows_cut(all: bool, rows: usize) -> String {
    match rows - rows_shown(all, rows) {
        0 => String::new(),
        more => format!("… and {more} more (--all shows all)\n"),
    }
}

/// Of the terminal, at least 80 columns; 80 where the result goes elsewhere.
pub(crate) fn width() -> u16 {
    let terminal = terminal_size::terminal_size_of(std::io::stdout());
    terminal.map_or(80, |(width, _)| width.0).max(80)
}

/// The stable JSON of `docs/verdicts.schema.json` or `docs/diff.schema.json`.
pub(crate) fn json(report: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(report);
    text.map(|text| text + "\n").map_err(|error| Failure(format!("cannot write JSON: {error}")))
}
