//! Tables whose references are not resolved yet.

use std::collections::HashMap;
use std::sync::Arc;

use super::faults::{FileNumber, Spot};
use crate::model::{FieldType, Noun, Schema, Value};

/// No row of that number.
pub(super) const NO_ROW: u32 = u32::MAX;

/// The rows of one noun. Ids, defined here or only referred to, are numbered as symbols; a
/// [`Value::Reference`] of a draft holds a symbol of the table that it leads to.
#[derive(Debug, Clone)]
pub(super) struct DraftTable {
    slots: HashMap<Box<str>, Slot>,
    pub(super) width: usize,
    /// The fields that are references, with the nouns that they lead to.
    pub(super) references: Vec<(usize, Noun)>,
    pub(super) rows: Vec<DraftRow>,
    /// Where the references stand, as many for each row as there are of them.
    spots: Vec<Spot>,
    symbols: HashMap<Arc<str>, u32>,
    pub(super) names: Vec<Arc<str>>,
    /// By symbol.
    pub(super) row_of: Vec<u32>,
    no_id: Arc<str>,
}

/// A field's place in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    index: usize,
    pub(super) kind: FieldType,
    reference: Option<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct DraftRow {
    /// Empty where there is none.
    pub(super) id: Arc<str>,
    pub(super) values: Vec<Value>,
    pub(super) is_bad: bool,
    pub(super) file: FileNumber,
    pub(super) start: Spot,
    /// What is wrong, until the whole row is read and its id known.
    pub(super) findings: Vec<Finding>,
}

#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) spot: Spot,
    /// The field whose text cannot be read, if it is that.
    field: Option<usize>,
    pub(super) message: String,
    pub(super) expected: String,
}

impl DraftTable {
    pub(super) fn new(schema: &Schema, noun: Noun) -> Self {
        let fields = schema.fields(noun);
        let mut slots = HashMap::new();
        let mut references = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let mut slot = Slot { index, kind: field.kind, reference: None };
            if let FieldType::Reference(target) = field.kind {
                slot.reference = Some(references.len());
                references.push((index, target));
            }
            slots.insert(Box::from(field.name.as_str()), slot);
        }
        DraftTable {
            slots,
            width: fields.len(),
            references,
            rows: Vec::new(),
            spots: Vec::new(),
            symbols: HashMap::new(),
            names: Vec::new(),
            row_of: Vec::new(),
            no_id: Arc::from(""),
        }
    }

    pub(super) fn slot(&self, field: &str) -> Option<Slot> {
        self.slots.get(field).copied()
    }

    /// A row that is to be pushed when it is read.
    pub(super) fn start_row(&mut self, file: FileNumber, start: Spot) -> DraftRow {
        let spots = (self.rows.len() + 1) * self.references.len();
        self.spots.resize(spots, Spot::NONE);
        DraftRow {
            id: self.no_id.clone(),
            values: vec![Value::Unknown; self.width],
            is_bad: false,
            file,
            start,
            findings: Vec::new(),
        }
    }

    /// Keeps where a reference of the row that is being read stands.
    pub(super) fn set_spot(&mut self, slot: Slot, spot: Spot) {
        let at = slot.reference.map(|n| self.rows.len() * self.references.len() + n);
        if let Some(kept) = at.and_then(|at| self.spots.get_mut(at)) {
            *kept = spot;
        }
    }

    /// Where the n-th reference of a row stands.
    pub(super) fn spot(&self, row: usize, reference: usize) -> Spot {
        let at = row * self.references.len() + reference;
        self.spots.get(at).copied().unwrap_or(Spot::NONE)
    }

    /// The symbol of an id, whether or not there is a row of that id.
    pub(super) fn symbol(&mut self, id: &str) -> u32 {
        if let Some(symbol) = self.symbols.get(id) {
            return *symbol;
        }
        let symbol = u32::try_from(self.names.len()).unwrap_or(NO_ROW);
        let name: Arc<str> = Arc::from(id);
        self.symbols.insert(name.clone(), symbol);
        self.names.push(name);
        self.row_of.push(NO_ROW);
        symbol
    }

    pub(super) fn name(&self, symbol: u32) -> &str {
        self.names.get(symbol as usize).map_or("", |name| name)
    }

    pub(super) fn row_of(&self, symbol: u32) -> Option<u32> {
        self.row_of.get(symbol as usize).copied().filter(|row| *row != NO_ROW)
    }

    /// Gives an id to the row that is being read; says where the first row of that id is if
    /// there is one.
    pub(super) fn define(&mut self, id: &str) -> (Arc<str>, Option<(FileNumber, Spot)>) {
        let symbol = self.symbol(id) as usize;
        let name = self.names.get(symbol).unwrap_or(&self.no_id).clone();
        let row = u32::try_from(self.rows.len()).unwrap_or(NO_ROW);
        let Some(defined) = self.row_of.get_mut(symbol) else { return (name, None) };
        if *defined == NO_ROW {
            *defined = row;
            return (name, None);
        }
        let first = self.rows.get(*defined as usize);
        (name, Some(first.map_or((FileNumber::NONE, Spot::NONE), |row| (row.file, row.start))))
    }
}

impl DraftRow {
    /// Whether a field has a text, be it one that cannot be read.
    pub(super) fn has(&self, slot: Slot) -> bool {
        let is_known = self.values.get(slot.index).is_some_and(|value| *value != Value::Unknown);
        is_known || self.findings.iter().any(|finding| finding.field == Some(slot.index))
    }

    pub(super) fn set(&mut self, slot: Slot, value: Value) {
        if let Some(kept) = self.values.get_mut(slot.index) {
            *kept = value;
        }
    }

    pub(super) fn find(&mut self, spot: Spot, message: String, expected: impl Into<String>) {
        self.findings.push(Finding { spot, field: None, message, expected: expected.into() });
    }

    /// Says that the text of a field cannot be read.
    pub(super) fn find_in(&mut self, slot: Slot, spot: Spot, message: String, expected: String) {
        let field = Some(slot.index);
        self.findings.push(Finding { spot, field, message, expected });
    }

    /// What problems call the row.
    pub(super) fn subject(&self, noun: Noun) -> String {
        if self.id.is_empty() {
            noun.table().to_owned()
        } else {
            format!("{} {}", noun.table(), self.id)
        }
    }
}
