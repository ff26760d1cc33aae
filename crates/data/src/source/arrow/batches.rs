//! Arrow arrays as columns: as they lie where their type is the field's, by their texts where not.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampNanosecondType,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use chrono_tz::Tz;
use kadence::{Batch, Moment, Texts, Validity, Values};

use super::Columnar;
use super::cells::{self, Cells};
use crate::bulk::{self, Column, Field, Fields, NotInBulk, Shape, Take, in_order, microseconds_at};

/// A column that is ready to be handed over.
enum Ready {
    /// Its memory is shared with the batch.
    Array(ArrayRef),
    Column(Column),
}

/// Rows with their columns, and how many bytes they took.
struct Rows<'a> {
    count: usize,
    columns: Vec<(Field<'a>, Ready)>,
    bytes: u64,
}

pub(super) fn each<'a>(
    source: &Columnar,
    fields: &'a Fields<'a>,
    take: &'a mut Take<'a>,
) -> Result<(), NotInBulk> {
    let wanted = fields.columns.iter().zip(&source.places);
    let (wanted, places): (Vec<Field<'_>>, Vec<usize>) =
        wanted.filter_map(|(field, place)| Some(((*field)?, *place))).unzip();
    let file = &source.file;
    in_order(
        (0..file.groups().unwrap_or(1)).map(Ok),
        |group, hand_over| {
            let mut rows = |batch: &RecordBatch, bytes: u64| {
                hand_over(Rows::of(batch, bytes, &wanted, fields.zone)?)
            };
            match file.groups() {
                Some(_) => file.group(group, &places, &mut rows),
                None => file.each(&places, &mut rows),
            }
        },
        |rows| {
            if let Some(batch) = rows.batch(fields) {
                take(&batch, rows.bytes);
            }
        },
    )
}

impl<'a> Rows<'a> {
    fn of(
        batch: &RecordBatch,
        bytes: u64,
        wanted: &[Field<'a>],
        zone: Tz,
    ) -> Result<Rows<'a>, NotInBulk> {
        let mut columns = Vec::new();
        for (field, array) in wanted.iter().zip(batch.columns()) {
            let ready = match is_taken_as_it_lies(array.as_ref(), field.shape) {
                true => Ready::Array(Arc::clone(array)),
                false => Ready::Column(column(array.as_ref(), field, zone)?),
            };
            columns.push((*field, ready));
        }
        Ok(Rows { count: batch.num_rows(), columns, bytes })
    }

    fn batch(&'a self, fields: &Fields<'_>) -> Option<Batch<'a>> {
        let mut batch = Batch::new(fields.noun, self.count);
        for (Field { name, .. }, ready) in &self.columns {
            batch = match ready {
                Ready::Column(column) => column.add_to(batch, name),
                Ready::Array(array) => {
                    let values = values(array.as_ref())?;
                    // Of a dictionary, these are the nulls of its keys.
                    match array.nulls() {
                        Some(known) => {
                            let known = Validity::starting_at(known.validity(), known.offset());
                            batch.column_where(name, values, known)
                        }
                        None => batch.column(name, values),
                    }
                }
            };
        }
        Some(batch)
    }
}

/// Whether what the array holds means the same as its texts to a field of that shape.
fn is_taken_as_it_lies(array: &dyn Array, shape: Shape) -> bool {
    match array.data_type() {
        DataType::Int64 | DataType::Int32 => matches!(shape, Shape::Ids | Shape::Numbers),
        DataType::Date32 => matches!(shape, Shape::Dates | Shape::Instants),
        DataType::Timestamp(TimeUnit::Microsecond | TimeUnit::Nanosecond, Some(_)) => {
            shape == Shape::Instants
        }
        DataType::Decimal128(_, scale) => shape == Shape::Numbers && (0..=28).contains(scale),
        DataType::Dictionary(key, value) => {
            **key == DataType::Int32
                && **value == DataType::Utf8
                && array.as_dictionary::<Int32Type>().values().null_count() == 0
        }
        _ => false,
    }
}

fn column(array: &dyn Array, field: &Field<'_>, zone: Tz) -> Result<Column, NotInBulk> {
    if let (Shape::Instants, DataType::Timestamp(unit, of_zone)) = (field.shape, array.data_type())
    {
        let instant = |row| {
            if array.is_null(row) {
                return Some(None);
            }
            let at = cells::instant(array, row, *unit)?;
            let moment = match of_zone {
                Some(_) => Moment::Utc(at.and_utc()),
                None => Moment::Local(at),
            };
            microseconds_at(moment, zone).map(Some)
        };
        if let Some(column) = Column::microseconds(array.len(), (0..array.len()).map(instant)) {
            return Ok(column);
        }
    }
    let (cells, mut texts) = (Cells::new(array), bulk::Texts::default());
    (0..array.len()).for_each(|row| texts.push(cells.text(row).as_bytes()));
    texts.typed(field, zone)
}

fn values(array: &dyn Array) -> Option<Values<'_>> {
    Some(match array.data_type() {
        DataType::Int64 => Values::I64(array.as_primitive::<Int64Type>().values()),
        DataType::Int32 => Values::I32(array.as_primitive::<Int32Type>().values()),
        DataType::Date32 => Values::Dates(array.as_primitive::<Date32Type>().values()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            Values::Microseconds(array.as_primitive::<TimestampMicrosecondType>().values())
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            Values::Nanoseconds(array.as_primitive::<TimestampNanosecondType>().values())
        }
        DataType::Decimal128(_, scale) => Values::WideDecimals {
            mantissas: array.as_primitive::<Decimal128Type>().values(),
            scale: u32::try_from(*scale).ok()?,
        },
        DataType::Dictionary(..) => {
            let array = array.as_dictionary::<Int32Type>();
            let texts = array.values().as_string::<i32>();
            let text = std::str::from_utf8(texts.values()).ok()?;
            let texts = Texts::Joined { text, offsets: texts.offsets() };
            Values::Dictionary { codes: array.keys().values(), texts }
        }
        _ => return None,
    })
}
