//! From batches of columns to a store.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::at_once::Way;
use super::batch::{Batch, Column};
use super::build::{self, Purpose};
use super::column::MISSING;
use super::draft::Draft;
use super::lookup::{Lookup, are_unique};
use super::order::Order;
use super::partition::DENSITY;
use super::pick::Picked;
use super::{Fields, Store, check, parallel};
use crate::model::builder::faults::{Faults, FileNumber, Spot};
use crate::model::builder::read;
use crate::model::builder::say::{self, Words};
use crate::model::calendar::Calendar;
use crate::model::{FieldRef, FieldType, Noun, Problem, Problems, Schema};

/// Fills a store from batches, without a dataset.
///
/// The same is asked of the data as by a [`DatasetBuilder`](crate::DatasetBuilder); a problem's
/// place is the table, the number of the row in it and that of the field in the schema, from one.
/// Columns that no rule reads are neither kept nor looked at.
#[derive(Debug)]
pub(crate) struct StoreBuilder {
    pub(super) purpose: Purpose,
    /// The fields that are kept.
    wanted: BTreeSet<FieldRef>,
    /// Those that are only looked at.
    checked: BTreeSet<FieldRef>,
    pub(super) draft: Draft,
    pub(super) faults: Faults,
    files: Vec<FileNumber>,
    pub(super) shared: read::Texts,
    unknown_fields: BTreeSet<(Noun, String)>,
}

/// A field that a column is for.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) field: FieldRef,
    pub(super) name: String,
    pub(super) kind: FieldType,
    pub(super) role: Role,
}

/// Where the values of a field are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Id,
    Kind,
    Status,
    At,
    /// In a column of their own.
    Other,
}

impl StoreBuilder {
    /// For rules of that schema and calendar, that read those fields beside the ones which the
    /// language itself reads.
    pub(crate) fn new(schema: &Schema, calendar: &Calendar, reads: &BTreeSet<FieldRef>) -> Self {
        let fields = Fields::new(schema);
        let mut wanted = reads.clone();
        wanted.extend(fields.all());
        // What they are called is made of these.
        for noun in [Noun::Member, Noun::Absence] {
            wanted.extend((0..schema.fields(noun).len()).map(|index| FieldRef { noun, index }));
        }
        let mut faults = Faults::new();
        StoreBuilder {
            wanted,
            checked: BTreeSet::new(),
            draft: Draft::new(schema),
            files: Noun::ALL.iter().map(|noun| faults.file(noun.table())).collect(),
            faults,
            shared: read::Texts::default(),
            unknown_fields: BTreeSet::new(),
            purpose: Purpose {
                schema: schema.clone(),
                calendar: calendar.clone(),
                fields,
                complete_from: None,
                complete_through: None,
                since: None,
                density: DENSITY,
                owners: BTreeSet::new(),
            },
        }
    }

    /// Says by which nouns activities are to be grouped at once; by others they are when they are
    /// first asked for.
    pub(crate) fn owners(&mut self, owners: BTreeSet<Noun>) -> &mut Self {
        self.purpose.owners = owners;
        self
    }

    /// The first day from which the activities are complete.
    pub(crate) fn complete_from(&mut self, day: NaiveDate) -> &mut Self {
        self.purpose.complete_from = Some(day);
        self
    }

    /// The last day through which the activities are complete.
    pub(crate) fn complete_through(&mut self, day: NaiveDate) -> &mut Self {
        self.purpose.complete_through = Some(day);
        self
    }

    /// Leaves out activities of earlier days that follow none.
    pub(crate) fn since(&mut self, day: NaiveDate) -> &mut Self {
        self.purpose.since = Some(day);
        self
    }

    /// Has fields looked at that are not kept. Any text is a good one.
    pub(crate) fn check_all(&mut self) -> &mut Self {
        for noun in Noun::ALL {
            for (index, field) in self.purpose.schema.fields(noun).iter().enumerate() {
                let field_ref = FieldRef { noun, index };
                if field.kind != FieldType::Text && !self.wanted.contains(&field_ref) {
                    self.checked.insert(field_ref);
                }
            }
        }
        self
    }

    /// Whether a field is kept or looked at.
    pub(crate) fn reads(&self, noun: Noun, name: &str) -> bool {
        self.slot(noun, name).is_some_and(|slot| self.looks_at(&slot))
    }

    fn looks_at(&self, slot: &Slot) -> bool {
        slot.role != Role::Other || self.wants(slot.field) || self.checked.contains(&slot.field)
    }

    /// Whether the values of a field have a column, if only until they are looked up.
    pub(super) fn has_column(&self, slot: &Slot) -> bool {
        let is_reference = matches!(slot.kind, FieldType::Reference(_));
        is_reference || !self.checked.contains(&slot.field)
    }

    /// Adds rows. Nothing of the batch is kept that is not copied.
    pub(crate) fn add(&mut self, batch: &Batch<'_>) -> &mut Self {
        match self.purpose.since.and_then(|day| self.places_since(batch, day)) {
            Some(places) if places.is_empty() => self,
            Some(places) => {
                // What is no field is worth a note.
                let is_read = |name: &str| {
                    self.slot(batch.noun(), name).is_none() || self.reads(batch.noun(), name)
                };
                let picked = Picked::new(batch, &places, is_read);
                self.add_all(&picked.batch())
            }
            None => self.add_all(batch),
        }
    }

    fn add_all(&mut self, batch: &Batch<'_>) -> &mut Self {
        let (noun, rows) = (batch.noun(), batch.rows());
        let start = self.count(noun);
        if start + rows >= MISSING as usize {
            let most = MISSING - 1;
            let message = format!("there are more than {most} rows");
            self.say_of_table(noun, (message, "expected fewer".to_owned()));
            return self;
        }
        let mut columns = self.columns(batch);
        columns.sort_by_key(|(slot, _)| slot.role != Role::Id);
        let has = |role| columns.iter().any(|(slot, _)| slot.role == role);
        let has_id = has(Role::Id);
        if !has_id {
            self.add_without_ids(noun, start, rows);
        }
        self.start_rows(noun, start + rows);
        let ways = columns.iter().map(|(slot, column)| (self.way(slot, column), *column)).collect();
        let calendar = &self.purpose.calendar;
        let read = |(way, column): (Way, &Column<'_>)| way.read(calendar, column, rows);
        let found = parallel::each_of_many(rows, ways, read);
        for ((slot, column), found) in columns.iter().zip(found) {
            self.fill(slot, (column, found), start, rows);
        }
        for name in noun.required() {
            let Some(slot) = self.slot(noun, name).filter(|slot| !has(slot.role)) else { continue };
            (start..start + rows).for_each(|row| self.say_missing(&slot, row));
        }
        if noun == Noun::Activity && !has(Role::At) {
            self.start_times(start + rows);
        }
        self
    }

    /// The columns that are read, with what they are for.
    fn columns<'b, 'a>(&mut self, batch: &'b Batch<'a>) -> Vec<(Slot, &'b Column<'a>)> {
        let noun = batch.noun();
        let mut columns: Vec<(Slot, &Column<'_>)> = Vec::new();
        for column in batch.columns() {
            let name = column.field;
            let Some(slot) = self.slot(noun, name) else {
                self.note_unknown_field(noun, name);
                continue;
            };
            if column.len() != batch.rows() {
                let message =
                    format!("`{name}` has {} values for {} rows", column.len(), batch.rows());
                self.say_of_table(noun, (message, "expected one for each row".to_owned()));
            } else if columns.iter().any(|(other, _)| other.field == slot.field) {
                let message = format!("`{name}` is given twice");
                self.say_of_table(noun, (message, "expected it once".to_owned()));
            } else if self.looks_at(&slot) {
                columns.push((slot, column));
            }
        }
        columns
    }

    pub(super) fn slot(&self, noun: Noun, name: &str) -> Option<Slot> {
        let field = self.purpose.schema.field_ref(noun, name)?;
        let kind = self.purpose.schema.definition(field)?.kind;
        let fields = &self.purpose.fields;
        let role = match field {
            _ if name == "id" && noun.has_id() => Role::Id,
            field if field == fields.activity_kind => Role::Kind,
            field if field == fields.activity_status => Role::Status,
            field if field == fields.activity_at => Role::At,
            _ => Role::Other,
        };
        Some(Slot { field, name: name.to_owned(), kind, role })
    }

    pub(super) fn id_slot(&self, noun: Noun) -> Option<Slot> {
        self.slot(noun, "id").filter(|slot| slot.role == Role::Id)
    }

    pub(super) fn wants(&self, field: FieldRef) -> bool {
        self.wanted.contains(&field)
    }

    /// The store, with what is worth saying about the data.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any row.
    pub(crate) fn finish(mut self) -> Result<(Store, Vec<Problem>), Problems> {
        self.add_company();
        self.make_ids();
        let mut lookups = self.lookups();
        self.check_teams(&lookups);
        let (from, through) = (self.purpose.complete_from, self.purpose.complete_through);
        if let (Some(from), Some(through)) = (from, through)
            && through < from
        {
            self.faults.error(say::completeness(from, through));
        }
        let orders = build::orders(&self.draft);
        for (lookup, order) in lookups.iter_mut().zip(&orders).take(Noun::Activity.index()) {
            lookup.replace(|row| Order::place(order, row));
        }
        let dangling = build::resolve(&mut self.draft, &lookups);
        drop(lookups);
        check::say_dangling(&mut self, None, dangling);
        for field in &self.checked {
            self.draft.take_references(*field);
        }
        if self.faults.has_errors() {
            return Err(self.faults.into_problems());
        }
        let notes = self.faults.into_problems().notes;
        Ok((build::pack(self.draft, orders, self.purpose), notes))
    }

    /// Which row has which id, for what can be referred to.
    fn lookups(&mut self) -> Vec<Lookup> {
        let mut lookups = Vec::new();
        for noun in Noun::ALL {
            let ids = self.draft.table(noun).map_or(&[][..], |table| &table.ids);
            let is_needed = noun != Noun::Activity || self.draft.refers_to(noun);
            if !noun.has_id() || (!is_needed && are_unique(ids)) {
                lookups.push(Lookup::default());
                continue;
            }
            lookups.push(self.lookup(noun));
        }
        lookups
    }

    /// Which row has which id; says which ids are given twice.
    pub(super) fn lookup(&mut self, noun: Noun) -> Lookup {
        let ids = self.draft.table(noun).map_or(&[][..], |table| &table.ids);
        let mut twice = Vec::new();
        let lookup = Lookup::new(ids, |row, first| twice.push((row, first)));
        for (row, first) in twice {
            let spot = self.spot(first as usize, 0);
            let place = self.faults.place(self.file(noun), spot);
            self.say_twice(noun, row as usize, place.map(|place| place.to_string()));
        }
        lookup
    }

    /// Says that something else has the id of a row, and where that is.
    pub(super) fn say_twice(&mut self, noun: Noun, row: usize, first: Option<String>) {
        let words = say::given_twice(noun, &self.id(noun, row), first);
        self.say(FieldRef { noun, index: 0 }, row, words);
    }

    pub(super) fn count(&self, noun: Noun) -> usize {
        self.draft.table(noun).map_or(0, |table| table.ids.len())
    }

    /// Empty where there is none.
    pub(super) fn id(&self, noun: Noun, row: usize) -> String {
        let code = self.draft.table(noun).and_then(|table| table.ids.get(row));
        let names = self.draft.names.get(noun.index());
        code.zip(names).map_or(String::new(), |(code, names)| names.text(*code).into_owned())
    }

    fn file(&self, noun: Noun) -> FileNumber {
        self.files.get(noun.index()).copied().unwrap_or(FileNumber::NONE)
    }

    fn spot(&self, row: usize, field: usize) -> Spot {
        let from_one = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        Spot { line: from_one(row), column: from_one(field) }
    }

    /// Says what is wrong with a field of a row.
    pub(super) fn say(&mut self, field: FieldRef, row: usize, (message, expected): Words) {
        let id = self.id(field.noun, row);
        let table = field.noun.table();
        let is_unnamed = id.is_empty() || !field.noun.has_id();
        let subject = if is_unnamed { table.to_owned() } else { format!("{table} {id}") };
        let place = self.faults.place(self.file(field.noun), self.spot(row, field.index));
        self.faults.error(Problem { place, subject, message, expected: Some(expected) });
    }

    pub(super) fn say_missing(&mut self, slot: &Slot, row: usize) {
        let words = say::missing(slot.field.noun, &slot.name);
        self.say(FieldRef { index: 0, ..slot.field }, row, words);
    }

    pub(super) fn say_of_table(&mut self, noun: Noun, (message, expected): Words) {
        let subject = noun.table().to_owned();
        self.faults.error(Problem { place: None, subject, message, expected: Some(expected) });
    }

    fn note_unknown_field(&mut self, noun: Noun, name: &str) {
        if self.unknown_fields.insert((noun, name.to_owned())) {
            let note = say::unknown_field(&mut self.faults, &self.purpose.schema, noun, name);
            self.faults.note(note);
        }
    }
}
