//! How much is known of each field.

use kadence::Noun;
use serde::{Serialize, Serializer};

use super::facts::Facts;

/// How much is known of a table's fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableKnown {
    /// The noun whose table it is.
    #[serde(rename = "table", serialize_with = "as_table")]
    pub noun: Noun,
    /// How many rows it has.
    pub rows: usize,
    /// Its fields beside the id, in the order of the schema.
    pub fields: Vec<FieldKnown>,
}

/// For how many rows a field is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldKnown {
    /// Its name.
    pub name: String,
    /// For how many rows it is known.
    pub known: usize,
    /// Whether the rules, or every evaluation, read it; none if no rules were held against it.
    pub is_read: Option<bool>,
}

fn as_table<S: Serializer>(noun: &Noun, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(noun.table())
}

/// The tables that have rows.
pub(super) fn tables(facts: &Facts<'_>) -> Vec<TableKnown> {
    let has_rows = |noun: &Noun| *noun != Noun::Company && facts.data.count(*noun) > 0;
    let table = |noun: Noun| {
        let fields = facts.data.schema().fields(noun).iter().filter(|field| field.name != "id");
        let fields = fields.map(|field| {
            let column = facts.column(noun, &field.name);
            let known = facts.rows(noun).filter(|row| column.is_known(*row)).count();
            FieldKnown { name: field.name.clone(), known, is_read: None }
        });
        TableKnown { noun, rows: facts.data.count(noun), fields: fields.collect() }
    };
    Noun::ALL.into_iter().filter(has_rows).map(table).collect()
}
