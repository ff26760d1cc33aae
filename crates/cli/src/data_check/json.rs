//! What is found, as the stable JSON of `docs/data-check.schema.json`.

use kadence::verdict::ReportProblem;
use kadence_data::Quality;
use serde::Serialize;

use super::Checked;
use crate::data::reported;

/// Goes up when a field changes its meaning or goes away.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: u32,
    unreadable: Unreadable,
    notes: Vec<ReportProblem>,
    #[serde(flatten)]
    quality: &'a Quality,
}

/// Rows that cannot be read.
#[derive(Serialize)]
struct Unreadable {
    /// How many problems they have, those included that are not listed.
    total: usize,
    problems: Vec<ReportProblem>,
}

pub(super) fn document(checked: &Checked) -> Document<'_> {
    let problems = &checked.problems;
    let errors = problems.errors.iter().map(|problem| reported(problem, "error"));
    let notes = problems.notes.iter().map(|problem| reported(problem, "note"));
    Document {
        schema: SCHEMA,
        unreadable: Unreadable { total: problems.total, problems: errors.collect() },
        notes: notes.collect(),
        quality: &checked.quality,
    }
}
