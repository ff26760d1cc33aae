//! A dataset: tables of rows whose values are typed and whose references are resolved.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::{DatasetBuilder, FieldRef, Noun, Schema, Value};

/// Teams, sellers, customers and all the rest, checked: ids are unique, references lead
/// somewhere, values have their field's type.
///
/// Made by a [`DatasetBuilder`]; never changed afterwards, so that it can be evaluated from many
/// threads.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    pub(super) schema: Schema,
    /// In the order of [`Noun::ALL`].
    pub(super) tables: Vec<Table>,
    pub(super) complete_from: Option<NaiveDate>,
    pub(super) complete_through: Option<NaiveDate>,
}

/// The things of one noun, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    pub(super) by_id: HashMap<Arc<str>, u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// For members and absences one that is made from what they refer to.
    pub(super) id: Arc<str>,
    /// In the order of [`Schema::fields`].
    pub(super) values: Box<[Value]>,
}

/// A thing of a dataset.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Item {
    pub noun: Noun,
    pub row: u32,
}

impl Dataset {
    /// Starts a dataset for rules of that schema.
    pub fn builder(schema: &Schema) -> DatasetBuilder {
        DatasetBuilder::new(schema)
    }

    /// What the data was held against.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The first day from which its activities are complete, if that is known.
    pub fn complete_from(&self) -> Option<NaiveDate> {
        self.complete_from
    }

    /// The last day through which its activities are complete, if that is known.
    pub fn complete_through(&self) -> Option<NaiveDate> {
        self.complete_through
    }

    /// How many things of a noun there are.
    pub fn count(&self, noun: Noun) -> usize {
        self.table(noun).map_or(0, |table| table.rows.len())
    }

    /// The things of a noun, in the order in which they were given.
    #[doc(hidden)]
    pub fn items(&self, noun: Noun) -> impl Iterator<Item = Item> + use<> {
        let count = u32::try_from(self.count(noun)).unwrap_or(u32::MAX);
        (0..count).map(move |row| Item { noun, row })
    }

    #[doc(hidden)]
    pub fn find(&self, noun: Noun, id: &str) -> Option<Item> {
        let row = *self.table(noun)?.by_id.get(id)?;
        Some(Item { noun, row })
    }

    #[doc(hidden)]
    pub fn id(&self, item: Item) -> &str {
        self.row(item).map_or("", |row| &row.id)
    }

    /// The value of a field, of a thing of that field's noun.
    #[doc(hidden)]
    pub fn value(&self, item: Item, field: FieldRef) -> &Value {
        debug_assert_eq!(item.noun, field.noun, "a field of another noun");
        self.row(item).and_then(|row| row.values.get(field.index)).unwrap_or(&Value::Unknown)
    }

    /// Gives a field, of a thing of that field's noun, another value of its type.
    pub(crate) fn set(&mut self, item: Item, field: FieldRef, value: Value) {
        let table = self.tables.get_mut(item.noun.index());
        let row = table.and_then(|table| table.rows.get_mut(item.row as usize));
        if let Some(old) = row.and_then(|row| row.values.get_mut(field.index)) {
            *old = value;
        }
    }

    fn table(&self, noun: Noun) -> Option<&Table> {
        self.tables.get(noun.index())
    }

    fn row(&self, item: Item) -> Option<&Row> {
        self.table(item.noun)?.rows.get(item.row as usize)
    }
}
