//! Tables whose columns have types: Parquet, and Arrow IPC as a file or a stream.
//!
//! Places count rows and columns from one, without a head.

mod batches;
mod cells;
mod files;
mod messages;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::sniff::Form;
use super::{Head, HeadColumn, Input, RawCell, RawRow, Refused, Sink, Source};
use crate::ReadError;
use crate::bulk::{Fields, NotInBulk, Take};
use crate::text::Spot;
use cells::Cells;
use files::File;

/// As many columns as a sheet can have.
const MOST_COLUMNS: usize = 16_384;

/// A Parquet or Arrow file.
pub(super) struct Columnar {
    file: File,
    head: [Head; 1],
    /// Which columns of the file those of the head are, in their order.
    places: Vec<usize>,
}

impl Columnar {
    pub(super) fn open(input: Input, form: Form) -> Result<Columnar, ReadError> {
        let mut head = Head { name: input.stem(), file: input.name.clone(), ..Head::default() };
        let file = File::open(input, form)?;
        let schema = file.schema();
        let count = schema.fields().len();
        if count > MOST_COLUMNS {
            let expected = format!("expected at most {MOST_COLUMNS}");
            let message = format!("it has {count} columns");
            return Err(ReadError::broken(&head.file, Spot::START, message, &expected));
        }
        let places = columns(schema, &mut head);
        Ok(Columnar { file, head: [head], places })
    }
}

fn at(row: usize, column: usize) -> Spot {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Spot { line: number(row), column: number(column + 1) }
}

/// The columns whose values can be cells.
fn columns(schema: &Schema, head: &mut Head) -> Vec<usize> {
    let mut places = Vec::new();
    for (place, field) in schema.fields().iter().enumerate() {
        let (name, at) = (field.name().trim().to_owned(), at(1, place));
        match cells::refusal(field.data_type()) {
            None => {
                head.columns.push(HeadColumn { name, at });
                places.push(place);
            }
            Some(holds) => head.refused.push(Refused { name, at, holds }),
        }
    }
    if head.columns.is_empty() && head.refused.is_empty() {
        head.problems.push(head.problem(Spot::START, "there is no column", "expected some"));
    }
    places
}

impl Source for Columnar {
    fn tables(&self) -> &[Head] {
        &self.head
    }

    fn read(&self, _table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        let mut row = 0;
        self.file.each(&self.places, &mut |batch: &RecordBatch, bytes| {
            let columns: Vec<Cells<'_>> =
                batch.columns().iter().map(|column| Cells::new(column)).collect();
            for place in 0..batch.num_rows() {
                row += 1;
                self.row(&columns, place, row, into);
            }
            into.passed(bytes);
            Ok(())
        })
    }

    fn batches<'a>(
        &self,
        _table: usize,
        fields: &'a Fields<'a>,
        take: &'a mut Take<'a>,
    ) -> Result<bool, NotInBulk> {
        batches::each(self, fields, take)?;
        Ok(true)
    }
}

impl Columnar {
    fn row(&self, columns: &[Cells<'_>], place: usize, row: usize, into: &mut dyn Sink) {
        let cells = columns.iter().zip(&self.places).map(|(cells, column)| RawCell {
            text: cells.text(place),
            is_exact: true,
            at: at(row, *column),
        });
        let cells: Vec<RawCell<'_>> = cells.collect();
        into.row(&RawRow { at: at(row, 0), cells: &cells, usable: true });
    }
}
