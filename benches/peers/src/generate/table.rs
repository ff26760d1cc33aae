//! One Parquet file, written batch by batch.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use arrow_array::builder::{
    Date32Builder, Decimal128Builder, Int64Builder, StringDictionaryBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// How many rows are held at a time.
const BATCH: usize = 1 << 16;
/// Small enough for many threads to share a file.
const ROW_GROUP: usize = 1 << 18;

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Id,
    Text,
    Day,
    Instant,
    /// With two decimals.
    Money,
}

/// A cell. Days and instants count from 1970, instants in minutes; money in hundredths.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    Whole(i64),
    Text(&'static str),
    Nothing,
}

enum Column {
    Id(Int64Builder),
    Text(StringDictionaryBuilder<Int32Type>),
    Day(Date32Builder),
    Instant(TimestampMicrosecondBuilder),
    Money(Decimal128Builder),
}

const MONEY: (u8, i8) = (12, 2);
const MICROSECONDS: i64 = 60_000_000;

impl Kind {
    fn data_type(self) -> DataType {
        match self {
            Kind::Id => DataType::Int64,
            Kind::Text => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Kind::Day => DataType::Date32,
            Kind::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Kind::Money => DataType::Decimal128(MONEY.0, MONEY.1),
        }
    }

    fn column(self) -> Result<Column> {
        let money = || Decimal128Builder::new().with_precision_and_scale(MONEY.0, MONEY.1);
        Ok(match self {
            Kind::Id => Column::Id(Int64Builder::new()),
            Kind::Text => Column::Text(StringDictionaryBuilder::new()),
            Kind::Day => Column::Day(Date32Builder::new()),
            Kind::Instant => {
                Column::Instant(TimestampMicrosecondBuilder::new().with_timezone("UTC"))
            }
            Kind::Money => Column::Money(money()?),
        })
    }
}

impl Column {
    fn push(&mut self, cell: Cell) -> Result<()> {
        let whole = match cell {
            Cell::Whole(number) => Some(number),
            Cell::Text(_) | Cell::Nothing => None,
        };
        match self {
            Column::Id(ids) => ids.append_option(whole),
            Column::Text(texts) => match cell {
                Cell::Text(text) => {
                    texts.append(text)?;
                }
                Cell::Whole(_) | Cell::Nothing => texts.append_null(),
            },
            Column::Day(days) => days.append_option(whole.map(i32::try_from).transpose()?),
            Column::Instant(instants) => instants.append_option(whole.map(|at| at * MICROSECONDS)),
            Column::Money(amounts) => amounts.append_option(whole.map(i128::from)),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Column::Id(ids) => Arc::new(ids.finish()),
            Column::Text(texts) => Arc::new(texts.finish()),
            Column::Day(days) => Arc::new(days.finish()),
            Column::Instant(instants) => Arc::new(instants.finish()),
            Column::Money(amounts) => Arc::new(amounts.finish()),
        }
    }
}

/// A Parquet file that is being written.
pub(super) struct Table {
    schema: Arc<Schema>,
    columns: Vec<Column>,
    rows: usize,
    writer: ArrowWriter<File>,
}

impl Table {
    pub(super) fn create(path: &Path, columns: &[(&str, Kind)]) -> Result<Self> {
        let field = |(name, kind): &(&str, Kind)| Field::new(*name, kind.data_type(), true);
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let writer = ArrowWriter::try_new(File::create(path)?, schema.clone(), Some(properties))?;
        let columns = columns.iter().map(|(_, kind)| kind.column()).collect::<Result<_>>()?;
        Ok(Table { schema, columns, rows: 0, writer })
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(*cell)?;
        }
        self.rows += 1;
        if self.rows == BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let arrays = self.columns.iter_mut().map(Column::finish).collect();
        self.writer.write(&RecordBatch::try_new(self.schema.clone(), arrays)?)?;
        self.rows = 0;
        Ok(())
    }

    pub(super) fn close(mut self) -> Result<()> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }
}
