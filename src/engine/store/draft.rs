//! Tables in the order in which their rows came, before they are sorted and packed.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::clock::Clock;
use super::column::{Column, MISSING, Numbers};
use super::merge::Merge;
use super::names::Names;
use super::packed::Sparse;
use super::parallel;
use crate::model::{FieldRef, FieldType, Noun, Schema};

/// Everything that a store is packed from.
#[derive(Debug)]
pub(super) struct Draft {
    /// In the order of [`Noun::ALL`], as are the tables.
    pub(super) names: Vec<Names>,
    pub(super) tables: Vec<DraftTable>,
    pub(super) activities: DraftActivities,
    pub(super) texts: Texts,
}

#[derive(Debug, Default)]
pub(super) struct DraftTable {
    /// Codes of [`Names`], [`MISSING`] where there is none.
    pub(super) ids: Vec<u32>,
    /// In the order of [`Schema::fields`].
    pub(super) columns: Vec<DraftColumn>,
}

/// What activities have beside the columns of their table.
#[derive(Debug, Default)]
pub(super) struct DraftActivities {
    /// Days since 1970-01-01.
    pub(super) days: Vec<i32>,
    pub(super) clock: Clock,
    /// [`class`](super::activities::class) of each.
    pub(super) classes: Vec<u16>,
}

/// The values of a field; it may end before the table does, what follows is unknown.
#[derive(Debug, Clone)]
pub(super) enum DraftColumn {
    /// Places in the texts, or 0 and 1 for no and yes.
    Codes(FieldType, Vec<u32>),
    Number(Vec<Option<Decimal>>),
    Date(Vec<Option<NaiveDate>>),
    Instant(Vec<Option<LocalInstant>>),
    /// The codes of ids; later on their places.
    Reference(Noun, Vec<u32>),
}

/// With its local day.
pub(super) type LocalInstant = (DateTime<Utc>, NaiveDate);

#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) list: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

impl Texts {
    pub(super) fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = Arc::from(text);
        self.list.push(text.clone());
        self.codes.insert(text, code);
        code
    }
}

impl Texts {
    /// The code of a text that has one.
    pub(super) fn known(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }
}

impl Draft {
    pub(super) fn new(schema: &Schema) -> Draft {
        let column = |kind: FieldType| match kind {
            FieldType::Text | FieldType::OneOf(_) | FieldType::YesNo => {
                DraftColumn::Codes(kind, Vec::new())
            }
            FieldType::Number => DraftColumn::Number(Vec::new()),
            FieldType::Date => DraftColumn::Date(Vec::new()),
            FieldType::Instant => DraftColumn::Instant(Vec::new()),
            FieldType::Reference(noun) => DraftColumn::Reference(noun, Vec::new()),
        };
        let table = |noun: Noun| DraftTable {
            ids: Vec::new(),
            columns: schema.fields(noun).iter().map(|field| column(field.kind)).collect(),
        };
        Draft {
            names: vec![Names::default(); Noun::ALL.len()],
            tables: Noun::ALL.into_iter().map(table).collect(),
            activities: DraftActivities::default(),
            texts: Texts::default(),
        }
    }

    pub(super) fn table(&self, noun: Noun) -> Option<&DraftTable> {
        self.tables.get(noun.index())
    }

    /// What a column refers to, by row; nothing where it is no reference.
    pub(super) fn references(&self, noun: Noun, field: usize) -> &[u32] {
        match self.table(noun).and_then(|table| table.columns.get(field)) {
            Some(DraftColumn::Reference(_, values)) => values,
            _ => &[],
        }
    }

    /// The same, to be changed.
    pub(super) fn references_mut(&mut self, field: FieldRef) -> &mut [u32] {
        let table = self.tables.get_mut(field.noun.index());
        match table.and_then(|table| table.columns.get_mut(field.index)) {
            Some(DraftColumn::Reference(_, values)) => values,
            _ => &mut [],
        }
    }

    /// Takes out what a field refers to.
    pub(super) fn take_references(&mut self, field: FieldRef) -> Vec<u32> {
        let table = self.tables.get_mut(field.noun.index());
        match table.and_then(|table| table.columns.get_mut(field.index)) {
            Some(DraftColumn::Reference(_, values)) => std::mem::take(values),
            _ => Vec::new(),
        }
    }
}

/// Adds values of rows from `start` on; what is before them and not there is `missing`.
pub(super) fn append<T: Clone>(values: &mut Vec<T>, start: usize, mut more: Vec<T>, missing: T) {
    if start == 0 && values.is_empty() {
        *values = more;
        return;
    }
    values.resize(start, missing);
    values.append(&mut more);
}

fn place<T: Copy + PartialEq>(values: &[Option<T>], places: &[u32]) -> Option<Vec<Option<T>>> {
    let is_known = values.iter().any(Option::is_some);
    is_known.then(|| parallel::place(values, places, None))
}

impl DraftColumn {
    /// Packs the values, each at its place; there may be more places than values.
    pub(super) fn pack(self, places: &[u32]) -> Column {
        let packed = match self {
            DraftColumn::Reference(noun, values) => {
                return Column::of_references(noun, Sparse::place(&values, places));
            }
            DraftColumn::Codes(kind, values) => match (kind, Sparse::place(&values, places)) {
                (_, Sparse::Empty) => None,
                (FieldType::YesNo, codes) => Some(Column::YesNo(codes)),
                (_, codes) => Some(Column::Text(codes)),
            },
            DraftColumn::Number(values) => {
                place(&values, places).map(|values| Column::Number(Numbers::pack(values)))
            }
            DraftColumn::Date(values) => place(&values, places).map(Column::Date),
            DraftColumn::Instant(values) => place(&values, places).map(Column::Instant),
        };
        packed.unwrap_or(Column::Empty)
    }

    /// Merges the values of rows into a column of others. `moved` says where activities that are
    /// referred to have come to be.
    pub(super) fn merged(
        self,
        column: Column,
        merge: &Merge,
        moved: impl Fn(u32) -> u32,
    ) -> Column {
        let codes = |new: &[u32]| codes(&column, new, merge, |code| code);
        match &self {
            _ if self.is_empty() && matches!(column, Column::Empty) => Column::Empty,
            DraftColumn::Reference(Noun::Activity, new) => {
                Column::of_references(Noun::Activity, self::codes(&column, new, merge, moved))
            }
            DraftColumn::Reference(noun, new) => Column::of_references(*noun, codes(new)),
            DraftColumn::Codes(kind, new) => match (kind, codes(new)) {
                (_, Sparse::Empty) => Column::Empty,
                (FieldType::YesNo, codes) => Column::YesNo(codes),
                (_, codes) => Column::Text(codes),
            },
            DraftColumn::Number(new) => {
                let old = |row: u32| match &column {
                    Column::Number(numbers) => numbers.get(row as usize),
                    _ => None,
                };
                let new = |row: u32| new.get(row as usize).copied().flatten();
                known(merge.values(old, new), |all| Column::Number(Numbers::pack(all)))
            }
            DraftColumn::Date(new) => {
                let old = if let Column::Date(days) = &column { days.as_slice() } else { &[] };
                known(merge.pick(old, new), Column::Date)
            }
            DraftColumn::Instant(new) => {
                let old = if let Column::Instant(at) = &column { at.as_slice() } else { &[] };
                known(merge.pick(old, new), Column::Instant)
            }
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            DraftColumn::Codes(_, values) | DraftColumn::Reference(_, values) => values.is_empty(),
            DraftColumn::Number(values) => values.is_empty(),
            DraftColumn::Date(values) => values.is_empty(),
            DraftColumn::Instant(values) => values.is_empty(),
        }
    }
}

/// The codes of both, each known one replaced.
fn codes(column: &Column, more: &[u32], merge: &Merge, by: impl Fn(u32) -> u32) -> Sparse {
    let replaced = |code: u32| if code == MISSING { MISSING } else { by(code) };
    let more = |row: u32| more.get(row as usize).map_or(MISSING, |code| replaced(*code));
    Sparse::pack(&merge.values(|row| replaced(column.code(row)), more))
}

fn known<T>(values: Vec<Option<T>>, column: impl Fn(Vec<Option<T>>) -> Column) -> Column {
    if values.iter().any(Option::is_some) { column(values) } else { Column::Empty }
}
