//! The messages of an Arrow stream, none of which takes more memory than it is worth.

use std::io::{BufRead, BufReader, Read};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::{Message, root_as_message};
use arrow_schema::{Schema, SchemaRef};

/// What starts an Arrow file, before what would be a stream.
const MARK: &[u8] = b"ARROW1\0\0";

/// What starts a message, before its length.
const START: [u8; 4] = [0xFF; 4];

/// What ends a stream.
const END: [u8; 8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];

/// What a batch unpacks to is not larger than this.
const LARGEST: u64 = 1 << 30;

/// Reads messages one by one.
pub(super) struct Messages<'a> {
    reader: BufReader<Box<dyn Read + Send + 'a>>,
    decoder: StreamDecoder,
    schema: SchemaRef,
    is_over: bool,
}

impl<'a> Messages<'a> {
    /// Reads the schema.
    pub(super) fn open(reader: Box<dyn Read + Send + 'a>) -> Result<Messages<'a>, String> {
        let mut reader = BufReader::new(reader);
        if reader.fill_buf().map_err(in_words)?.starts_with(MARK) {
            reader.consume(MARK.len());
            // Some writers have the first message start at a multiple of 64.
            while reader.fill_buf().map_err(in_words)?.first() == Some(&0) {
                reader.consume(1);
            }
        }
        let schema = Schema::empty().into();
        let decoder = StreamDecoder::new();
        let mut messages = Messages { reader, decoder, schema, is_over: false };
        let first = messages.message()?.ok_or("it has no schema")?;
        let schema = root(&first)?.header_as_schema().ok_or("it does not start with a schema")?;
        messages.schema = try_fb_to_schema(schema).map_err(in_words)?.into();
        messages.decoder.decode(&mut Buffer::from_vec(first)).map_err(in_words)?;
        Ok(messages)
    }

    pub(super) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The columns at those places of the next rows, and how many bytes these take in the file.
    pub(super) fn next(&mut self, places: &[usize]) -> Result<Option<(RecordBatch, u64)>, String> {
        let mut bytes = 0;
        while !self.is_over {
            let message = self.message()?.unwrap_or_else(|| {
                self.is_over = true;
                END.to_vec()
            });
            bytes += u64::try_from(message.len()).unwrap_or(0);
            // A message without a body is looked at when the next one is there.
            let batch = self.decoder.decode(&mut Buffer::from_vec(message)).map_err(in_words)?;
            if let Some(batch) = batch {
                return Ok(Some((batch.project(places).map_err(in_words)?, bytes)));
            }
        }
        Ok(None)
    }

    /// A whole message; none at the end of the stream.
    fn message(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut message = Vec::new();
        self.more(START.len() as u64, &mut message)?;
        if message != START {
            return Err("something else stands where a part of it should start".to_owned());
        }
        self.more(4, &mut message)?;
        let length = match message.last_chunk() {
            Some(length) => u32::from_le_bytes(*length),
            None => 0,
        };
        if length == 0 {
            return Ok(None);
        }
        self.more(length.into(), &mut message)?;
        let body = u64::try_from(root(&message)?.bodyLength());
        self.more(body.map_err(|_| "a part of it has no length")?, &mut message)?;
        check_values(&message, length)?;
        Ok(Some(message))
    }

    /// Reads so many bytes more; as many as are said need not be there.
    fn more(&mut self, length: u64, into: &mut Vec<u8>) -> Result<(), String> {
        let read = self.reader.by_ref().take(length).read_to_end(into).map_err(in_words)?;
        match u64::try_from(read) == Ok(length) {
            true => Ok(()),
            false => Err("it is cut off".to_owned()),
        }
    }
}

fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// What a message says of itself.
fn root(message: &[u8]) -> Result<Message<'_>, String> {
    root_as_message(message.get(END.len()..).unwrap_or_default()).map_err(in_words)
}

/// Looks at where the values of a message lie, and what they unpack to, before any is taken.
fn check_values(message: &[u8], length: u32) -> Result<(), String> {
    let root = root(message)?;
    let dictionary = root.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
    let Some(batch) = root.header_as_record_batch().or(dictionary) else { return Ok(()) };
    let start = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(END.len());
    let body = message.get(start..).unwrap_or_default();
    let mut total = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let place = usize::try_from(buffer.offset()).unwrap_or(usize::MAX);
        let length = usize::try_from(buffer.length()).unwrap_or(usize::MAX);
        let values = body.get(place..).and_then(|rest| rest.get(..length));
        let values = values.ok_or("values lie where it has none")?;
        if let (Some(_), Some(size)) = (batch.compression(), values.first_chunk()) {
            // -1 is not packed.
            let size = i64::from_le_bytes(*size).max(0).unsigned_abs();
            total = total.saturating_add(size);
        }
    }
    match total <= LARGEST {
        true => Ok(()),
        false => Err(format!(
            "a part of it unpacks to {} MiB, and {} are borne: write it in smaller batches",
            total >> 20,
            LARGEST >> 20
        )),
    }
}
