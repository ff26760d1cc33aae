//! Reads the columns of the Parquet files. What becomes of them is another's business.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// How many rows are read at a time.
const BATCH: usize = 1 << 16;

/// The rows of a table, batch by batch.
pub(crate) fn batches(
    folder: &Path,
    table: &str,
) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    let path = folder.join(table).with_extension("parquet");
    let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .with_context(|| format!("{} is no Parquet file", path.display()))?
        .with_batch_size(BATCH)
        .build()?;
    Ok(reader.map(|batch| Ok(batch?)))
}
