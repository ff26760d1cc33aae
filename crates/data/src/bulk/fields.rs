//! Which columns of a table are for which fields.

use chrono_tz::Tz;
use kadence::{FieldType, Noun, Schema};

/// The fields that the columns of a table are for.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) noun: Noun,
    /// In the order of the columns; none where nothing is to be looked at.
    pub(crate) columns: Vec<Option<Field<'a>>>,
    /// The zone of instants that name none.
    pub(crate) zone: Tz,
}

/// A field whose values are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) shape: Shape,
}

/// As what the texts of a field are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Ids: whole numbers more often than not.
    Ids,
    /// Few different ones.
    Words,
    Dates,
    Instants,
    Numbers,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(
        schema: &Schema,
        noun: Noun,
        columns: &[Option<&'a str>],
        is_wanted: impl Fn(&str) -> bool,
    ) -> Fields<'a> {
        let field = |name: &&'a str| {
            let kind = schema.field(noun, name)?.kind;
            let shape = match kind {
                FieldType::Reference(_) => Shape::Ids,
                _ if *name == "id" && noun.has_id() => Shape::Ids,
                FieldType::Date => Shape::Dates,
                FieldType::Instant => Shape::Instants,
                FieldType::Number => Shape::Numbers,
                _ => Shape::Words,
            };
            Some(Field { name, shape })
        };
        let wanted = |name: &Option<&'a str>| name.filter(|name| is_wanted(name));
        let columns = columns.iter().map(|name| wanted(name).as_ref().and_then(field)).collect();
        Fields { noun, columns, zone: schema.zone() }
    }
}
