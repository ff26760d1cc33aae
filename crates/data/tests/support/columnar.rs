//! Tables in the forms whose columns have types.

use arrow_array::RecordBatch;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::Schema;
use parquet::arrow::ArrowWriter;

/// Parquet, an Arrow file, an Arrow stream.
pub(crate) const FORMS: [&str; 3] = ["parquet", "arrow", "arrows"];

pub(crate) fn bytes(batch: &RecordBatch, form: &str) -> Vec<u8> {
    let schema: &Schema = batch.schema_ref();
    let mut into = Vec::new();
    match form {
        "parquet" => {
            let mut writer = ArrowWriter::try_new(&mut into, batch.schema(), None).unwrap();
            writer.write(batch).unwrap();
            writer.close().unwrap();
        }
        "arrow" => {
            let mut writer = FileWriter::try_new(&mut into, schema).unwrap();
            writer.write(batch).unwrap();
            writer.finish().unwrap();
        }
        _ => {
            let mut writer = StreamWriter::try_new(&mut into, schema).unwrap();
            writer.write(batch).unwrap();
            writer.finish().unwrap();
        }
    }
    into
}
