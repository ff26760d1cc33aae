//! Lists as CSV.

use kadence::worklist::{CallList, WhatToDo};

use super::columns::{Cell, Column, acts, of_acts, of_calls};
use crate::output::Failure;
use crate::report::{csv_table, inert};

/// A row for each act.
pub(super) fn what_to_do(list: &WhatToDo) -> Result<String, Failure> {
    table(&of_acts(), list.sellers.iter().flat_map(|of| acts(list, of)))
}

/// A row for each subject.
pub(super) fn calls(list: &CallList) -> Result<String, Failure> {
    table(&of_calls(), &list.subjects)
}

fn table<R: std::borrow::Borrow<T>, T>(
    columns: &[Column<T>],
    rows: impl IntoIterator<Item = R>,
) -> Result<String, Failure> {
    let row = |row: R| columns.iter().map(move |column| written((column.cell)(row.borrow())));
    csv_table(
        columns.iter().map(|column| column.name),
        rows.into_iter().map(|one| row(one).collect::<Vec<_>>()),
    )
}

fn written(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => inert(&text),
        Cell::Day(day) => day.map(|day| day.to_string()).unwrap_or_default(),
        Cell::Number(number) => number.to_string(),
    }
}
