//! Reads the columns of the Parquet files. What becomes of them is another's business.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use arrow_array::RecordBatch;
use chrono::NaiveDate;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;

/// How many rows are read at a time.
const BATCH: usize = 1 << 16;

/// What is wanted of a table.
pub(crate) struct Wanted<'w> {
    /// Whether a column is.
    pub(crate) column: &'w dyn Fn(&str) -> bool,
    /// Rows of later days of a column of instants, and any others that lie among them.
    pub(crate) since: Option<(&'w str, NaiveDate)>,
}

/// The rows of a table, batch by batch.
pub(crate) fn batches(
    folder: &Path,
    table: &str,
    wanted: &Wanted<'_>,
) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    let path = folder.join(table).with_extension("parquet");
    let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .with_context(|| format!("{} is no Parquet file", path.display()))?
        .with_batch_size(BATCH);
    let groups = reader.metadata().row_groups().iter().enumerate();
    let groups = groups.filter(|(_, group)| !is_over(group, wanted.since)).map(|(n, _)| n);
    let groups = groups.collect();
    let schema = reader.parquet_schema();
    let names = schema.columns().iter().map(|column| column.name()).enumerate();
    let places = names.filter(|(_, name)| (wanted.column)(name)).map(|(place, _)| place);
    let mask = ProjectionMask::leaves(schema, places);
    let reader = reader.with_projection(mask).with_row_groups(groups).build()?;
    Ok(reader.map(|batch| Ok(batch?)))
}

/// Whether the statistics say that all rows are of earlier days.
fn is_over(group: &RowGroupMetaData, since: Option<(&str, NaiveDate)>) -> bool {
    let last = |name: &str| {
        let column = group.columns().iter().find(|column| column.column_descr().name() == name)?;
        match column.statistics()? {
            Statistics::Int64(known) => known.max_opt().copied(),
            _ => None,
        }
    };
    since.is_some_and(|(name, day)| {
        let start = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
        last(name).is_some_and(|last| last < start)
    })
}
