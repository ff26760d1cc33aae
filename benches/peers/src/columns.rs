//! Reads the columns of the Parquet files. What becomes of them is another's business.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result};
use arrow_array::RecordBatch;
use chrono::{NaiveDate, NaiveTime};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;

/// How many rows are decoded at a time.
const BATCH: usize = 1 << 16;

/// How many batches a thread decodes ahead.
const AHEAD: usize = 2;

/// What is wanted of a table.
pub(crate) struct Wanted<'w> {
    /// Whether a column is.
    pub(crate) column: &'w dyn Fn(&str) -> bool,
    /// A column of instants, and the first day of the rows; earlier ones may come too.
    pub(crate) since: Option<(&'w str, NaiveDate)>,
}

/// Has the rows of a table taken, batch by batch in their order. As many threads as there are
/// decode row groups meanwhile.
pub(crate) fn each_batch(
    folder: &Path,
    table: &str,
    wanted: &Wanted<'_>,
    mut take: impl FnMut(&RecordBatch) -> Result<()>,
) -> Result<()> {
    let path = folder.join(table).with_extension("parquet");
    let open = || File::open(&path).with_context(|| format!("cannot read {}", path.display()));
    let metadata = ArrowReaderMetadata::load(&open()?, ArrowReaderOptions::default())
        .with_context(|| format!("{} is no Parquet file", path.display()))?;
    let groups = metadata.metadata().row_groups().iter().enumerate();
    let groups = groups.filter(|(_, group)| !is_over(group, wanted.since));
    let groups: Vec<(usize, i64)> = groups.map(|(n, group)| (n, group.num_rows())).collect();
    let schema = metadata.parquet_schema();
    let names = schema.columns().iter().map(|column| column.name()).enumerate();
    let places = names.filter(|(_, name)| (wanted.column)(name)).map(|(place, _)| place);
    let mask = ProjectionMask::leaves(schema, places);
    // Each file has a place of its own from which it is read.
    let decode = |group: usize, to: &SyncSender<Result<RecordBatch>>| -> Result<()> {
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(open()?, metadata.clone());
        let reader = reader.with_batch_size(BATCH).with_projection(mask.clone());
        for batch in reader.with_row_groups(vec![group]).build()? {
            to.send(Ok(batch?))?;
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let mut decoded = Vec::new();
        for first in 0..threads {
            let (to, from) = sync_channel(AHEAD);
            decoded.push(from);
            let own = groups.iter().skip(first).step_by(threads);
            let decode = &decode;
            scope.spawn(move || {
                for (group, _) in own {
                    if let Err(wrong) = decode(*group, &to) {
                        // Nobody is there any more if taking failed before.
                        drop(to.send(Err(wrong)));
                        return;
                    }
                }
            });
        }
        for ((_, rows), from) in groups.iter().zip(decoded.iter().cycle()) {
            let mut left = usize::try_from(*rows)?;
            while left > 0 {
                let batch = from.recv()??;
                left = left.saturating_sub(batch.num_rows());
                take(&batch)?;
            }
        }
        Ok(())
    })
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
        let start = day.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
        last(name).is_some_and(|last| last < start)
    })
}
