//! Parquet and Arrow files, read batch by batch.

use std::fmt::Display;
use std::fs;
use std::io::Read;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::reader::ChunkReader;

use super::messages::Messages;
use crate::ReadError;
use crate::source::sniff::Form;
use crate::source::{Input, caught};
use crate::text::Spot;

/// So many cells are decoded at a time, in so many rows.
const CELLS: usize = 1 << 20;
const ROWS: usize = 1 << 15;

/// Rows are numbered by 32 bits.
const MOST_ROWS: i64 = u32::MAX as i64;

/// A file of either form.
pub(super) struct File {
    input: Input,
    /// What lies in no file.
    bytes: Option<Bytes>,
    size: u64,
    schema: SchemaRef,
    /// What a Parquet file says of itself.
    parquet: Option<ArrowReaderMetadata>,
}

/// Takes rows, and how many bytes of the file they came from.
pub(super) type Each<'a, E> = dyn FnMut(&RecordBatch, u64) -> Result<(), E> + 'a;

impl File {
    pub(super) fn open(input: Input, form: Form) -> Result<File, ReadError> {
        let bytes = match input.path() {
            Some(_) => None,
            None => Some(Bytes::from_owner(input.shared()?)),
        };
        let size = match &bytes {
            Some(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            None => input.size()?,
        };
        let schema = Arc::new(Schema::empty());
        let mut file = File { input, bytes, size, schema, parquet: None };
        if form == Form::Parquet {
            let metadata = file.metadata()?;
            file.schema = metadata.schema().clone();
            file.parquet = Some(metadata);
        } else {
            let schema = file.messages()?.schema();
            file.schema = schema;
        }
        Ok(file)
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How many parts can be read apart from each other; none if there is but one.
    pub(super) fn groups(&self) -> Option<usize> {
        self.parquet.as_ref().map(|metadata| metadata.metadata().num_row_groups())
    }

    /// Hands over the columns at those places, of all rows in their order.
    pub(super) fn each<E: From<ReadError>>(
        &self,
        places: &[usize],
        take: &mut Each<'_, E>,
    ) -> Result<(), E> {
        let Some(groups) = self.groups() else {
            let mut messages = self.messages()?;
            while let Some((batch, bytes)) = self.guarded(|| messages.next(places))? {
                take(&batch, bytes)?;
            }
            return Ok(());
        };
        (0..groups).try_for_each(|group| self.group(group, places, take))
    }

    /// The same of one group of rows.
    pub(super) fn group<E: From<ReadError>>(
        &self,
        group: usize,
        places: &[usize],
        take: &mut Each<'_, E>,
    ) -> Result<(), E> {
        match &self.bytes {
            Some(bytes) => self.decode(bytes.clone(), group, places, take),
            None => self.decode(self.on_disk()?, group, places, take),
        }
    }

    fn on_disk(&self) -> Result<fs::File, ReadError> {
        let path = self.input.path().unwrap_or("".as_ref());
        fs::File::open(path).map_err(|error| self.input.unreadable(error))
    }

    fn decode<E: From<ReadError>>(
        &self,
        from: impl ChunkReader + 'static,
        group: usize,
        places: &[usize],
        take: &mut Each<'_, E>,
    ) -> Result<(), E> {
        let Some(metadata) = &self.parquet else { return Ok(()) };
        let groups = metadata.metadata().row_groups();
        let said = groups.get(group).map_or(0, |group| group.num_rows());
        let all = metadata.metadata().file_metadata().num_rows().max(1);
        let mask = ProjectionMask::roots(metadata.parquet_schema(), places.iter().copied());
        let mut reader = self.guarded(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(from, metadata.clone())
                .with_batch_size((CELLS / places.len().max(1)).clamp(1, ROWS))
                .with_projection(mask)
                .with_row_groups(vec![group])
                .build()
        })?;
        let mut rows = 0_i64;
        while let Some(batch) = self.guarded(|| reader.next().transpose())? {
            let count = i64::try_from(batch.num_rows()).unwrap_or(i64::MAX);
            rows = rows.saturating_add(count);
            let part = u128::from(self.size) * u128::from(count.unsigned_abs())
                / u128::from(all.unsigned_abs());
            take(&batch, u64::try_from(part).unwrap_or(0))?;
        }
        if rows != said {
            Err(self.broken(&format!("it says that it has {said} rows, and has {rows}")))?;
        }
        Ok(())
    }

    /// What a Parquet file says of itself.
    fn metadata(&self) -> Result<ArrowReaderMetadata, ReadError> {
        let options = ArrowReaderOptions::default();
        let metadata = match &self.bytes {
            Some(bytes) => self.guarded(|| ArrowReaderMetadata::load(bytes, options.clone()))?,
            None => {
                let file = self.on_disk()?;
                self.guarded(|| ArrowReaderMetadata::load(&file, options.clone()))?
            }
        };
        let rows = metadata.metadata().row_groups().iter().map(|group| group.num_rows());
        let rows = rows.fold(0, i64::saturating_add);
        if !(0..=MOST_ROWS).contains(&rows) {
            return Err(self.broken(&format!("it says that it has {rows} rows")));
        }
        let schema = with_short_texts(metadata.schema());
        if schema == **metadata.schema() {
            return Ok(metadata);
        }
        let options = options.with_schema(Arc::new(schema));
        self.guarded(|| ArrowReaderMetadata::try_new(metadata.metadata().clone(), options))
    }

    fn messages(&self) -> Result<Messages<'_>, ReadError> {
        let reader: Box<dyn Read + Send + '_> = match &self.bytes {
            Some(bytes) => Box::new(bytes.as_ref()),
            None => Box::new(self.on_disk()?),
        };
        self.guarded(|| Messages::open(reader))
    }

    /// What decoding gives.
    fn guarded<T, E: Display>(
        &self,
        decode: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, ReadError> {
        caught(decode).map_err(|message| self.broken(&message))
    }

    fn broken(&self, message: &str) -> ReadError {
        let message = message.lines().next().unwrap_or_default();
        let message = format!("the file is broken: {message}");
        let expected = "expected a whole Parquet or Arrow file";
        ReadError::broken(&self.input.name, Spot::START, message, expected)
    }
}

/// The schema with texts of which a batch has no more than two gigabytes, however often a file
/// that lies refers to one of them.
fn with_short_texts(schema: &Schema) -> Schema {
    let short = |field: &Arc<Field>| match field.data_type() {
        DataType::LargeUtf8 | DataType::Utf8View => {
            Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8))
        }
        _ => field.clone(),
    };
    let fields: Fields = schema.fields().iter().map(short).collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}
