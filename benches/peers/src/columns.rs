//! Reads the columns of the Parquet files. What becomes of them is another's business.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, DictionaryArray, PrimitiveArray, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// How many rows are read at a time.
const BATCH: usize = 1 << 16;

/// The rows of a table, batch by batch, with these columns.
pub(crate) fn batches(
    folder: &Path,
    table: &str,
) -> Result<impl Iterator<Item = Result<Batch>> + use<>> {
    let path = folder.join(table).with_extension("parquet");
    let file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .with_context(|| format!("{} is no Parquet file", path.display()))?
        .with_batch_size(BATCH)
        .build()?;
    Ok(reader.map(|batch| Ok(Batch(batch?))))
}

/// Some rows of a table.
#[derive(Debug)]
pub(crate) struct Batch(RecordBatch);

/// A column of texts: a small dictionary, and the place in it of each row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts<'b> {
    pub(crate) places: &'b PrimitiveArray<Int32Type>,
    pub(crate) dictionary: &'b StringArray,
}

impl Texts<'_> {
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let place = usize::try_from(get(self.places, row)?).ok()?;
        (place < self.dictionary.len()).then(|| self.dictionary.value(place))
    }
}

/// The value of a row, if it has one.
pub(crate) fn get<T: ArrowPrimitiveType>(
    column: &PrimitiveArray<T>,
    row: usize,
) -> Option<T::Native> {
    (row < column.len() && column.is_valid(row)).then(|| column.value(row))
}

impl Batch {
    pub(crate) fn rows(&self) -> usize {
        self.0.num_rows()
    }

    pub(crate) fn ids(&self, name: &str) -> Result<&PrimitiveArray<Int64Type>> {
        self.column(name)
    }

    /// As days since 1970.
    pub(crate) fn days(&self, name: &str) -> Result<&PrimitiveArray<Date32Type>> {
        self.column(name)
    }

    /// As microseconds since 1970, UTC.
    pub(crate) fn instants(&self, name: &str) -> Result<&PrimitiveArray<TimestampMicrosecondType>> {
        self.column(name)
    }

    /// In hundredths.
    pub(crate) fn money(&self, name: &str) -> Result<&PrimitiveArray<Decimal128Type>> {
        self.column(name)
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Texts<'_>> {
        let column: &DictionaryArray<Int32Type> = self.column(name)?;
        let dictionary = column.values().as_any().downcast_ref();
        let dictionary = dictionary.with_context(|| format!("`{name}` holds no texts"))?;
        Ok(Texts { places: column.keys(), dictionary })
    }

    fn column<A: Array + 'static>(&self, name: &str) -> Result<&A> {
        let column = self.0.column_by_name(name);
        let column = column.with_context(|| format!("there is no column `{name}`"))?;
        let typed = column.as_any().downcast_ref();
        typed.with_context(|| format!("`{name}` is a column of {}", column.data_type()))
    }
}
