//! Activities of a draft merged into those of a store.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::activities::Times;
use super::build::Customers;
use super::column::{Column, MISSING};
use super::draft::{Draft, DraftActivities, DraftColumn};
use super::group::{Group, More, Moved};
use super::local::{date, day_number};
use super::merge::Merge;
use super::packed::Sparse;
use super::words::{Layout, Words};
use super::{Store, Table};
use crate::model::{FieldRef, FieldType, Noun};

/// The activities of a draft beside those of a store.
struct Added<'a> {
    store: &'a Store,
    draft: &'a Draft,
    /// All rows in the order of days and ids.
    sorted: Vec<u32>,
}

/// Where they come to stand in the table and in every group.
struct Inserts {
    merge: Merge,
    customers: Customers,
    by_customer: More,
    more_by_customer: More,
    /// By noun; none where there is no group yet.
    groups: Vec<Option<More>>,
}

impl<'a> Added<'a> {
    fn new(store: &'a Store, draft: &'a Draft) -> Added<'a> {
        let mut added = Added { store, draft, sorted: Vec::new() };
        let count = draft.table(Noun::Activity).map_or(0, |table| table.ids.len());
        let mut sorted: Vec<u32> = (0..).take(count).collect();
        sorted.sort_unstable_by(|a, b| added.compare(*a, *b));
        added.sorted = sorted;
        added
    }

    fn id(&self, row: u32) -> u32 {
        let table = self.draft.table(Noun::Activity);
        table.and_then(|table| table.ids.get(row as usize)).copied().unwrap_or(MISSING)
    }

    fn day(&self, row: u32) -> i32 {
        self.draft.activities.days.get(row as usize).copied().unwrap_or(0)
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        let names = self.draft.names.get(Noun::Activity.index());
        let by_id = || names.map_or(Ordering::Equal, |n| n.compare(self.id(a), self.id(b)));
        self.day(a).cmp(&self.day(b)).then_with(by_id)
    }

    /// Whether a row of the store stands before one of the draft that has the same owner.
    fn is_before(&self, stored: u32, row: u32) -> bool {
        let by_id = || {
            let ids = self.store.table(Noun::Activity).map(|table| table.ids.get(stored));
            let names = self.draft.names.get(Noun::Activity.index());
            ids.zip(names).map_or(Ordering::Equal, |(id, n)| (*id).cmp(&*n.text(self.id(row))))
        };
        day_number(self.store.day(stored)).cmp(&self.day(row)).then_with(by_id).is_lt()
    }

    /// What comes to a group: rows with their owners, of which there will be so many, where they come
    /// to stand, and which slots of the group have what a slot will have.
    fn more(
        &self,
        group: &Group,
        (noun, owners): (Noun, u32),
        pairs: impl Iterator<Item = (u32, u32)>,
        was: impl Fn(u32) -> Range<u32>,
    ) -> More {
        let partitions = &self.store.activities.partitions;
        let slots = partitions.slots(noun, owners);
        let partition = |row: u32| date(self.day(row)).map_or(0, |day| partitions.of_day(day));
        let mut ranks = vec![0; self.sorted.len()];
        for (rank, row) in (0_u32..).zip(&self.sorted) {
            if let Some(slot) = ranks.get_mut(*row as usize) {
                *slot = rank;
            }
        }
        let slotted = |(owner, row): (u32, u32)| (slots.of(partition(row), owner), row);
        let mut pairs: Vec<(u32, u32)> = pairs.map(slotted).collect();
        pairs.sort_unstable_by_key(|(slot, row)| (*slot, ranks.get(*row as usize).copied()));
        let before = |(slot, row): &(u32, u32)| {
            group.insert(was(*slot), |stored| self.is_before(stored, *row))
        };
        let before = pairs.iter().map(before).collect();
        More { noun, slots, pairs, before }
    }

    fn customers(&self) -> Customers {
        let fields = &self.store.fields;
        let named = |field: FieldRef, row: usize| {
            let values = self.draft.references(field.noun, field.index);
            values.get(row).copied().unwrap_or(MISSING)
        };
        let through = |field: FieldRef, next: FieldRef| {
            move |row: usize| self.store.column(next).code(named(field, row))
        };
        Customers::new(
            self.sorted.len(),
            |row| named(fields.activity_customer, row),
            through(fields.activity_contact, fields.contact_customer),
            through(fields.activity_opportunity, fields.opportunity_customer),
        )
    }

    fn inserts(&self) -> Inserts {
        let store = self.store;
        let customers = self.customers();
        let (first, count) = (store.count(Noun::Activity), store.count(Noun::Customer));
        let one = |slot: u32| slot..slot + 1;
        let named = store.fields.activity_customer;
        let named = || self.draft.references(named.noun, named.index);
        let owners = customers.first.as_deref().unwrap_or_else(named);
        let owner =
            |row: &u32| (owners.get(*row as usize).copied().unwrap_or(MISSING).min(count), *row);
        let of = (Noun::Customer, count);
        let pairs = self.sorted.iter().map(owner);
        let by_customer = self.more(&store.by_customer, of, pairs, one);
        let group = &store.more_by_customer;
        let more = customers.more.iter().copied();
        let more_by_customer = self.more(group, of, more, one);
        let merge = Merge::new(first, by_customer.inserts());

        let places = merge.places();
        let (stored, _) = places.split_at_checked(first as usize).unwrap_or_default();
        let of_noun = |noun: Noun| {
            let group = store.groups.get(noun.index())?.get()?;
            let field = store.fields.of_activity(noun)?;
            let named = (0..).zip(self.draft.references(Noun::Activity, field.index));
            let named = named.filter(|(_, owner)| **owner != MISSING);
            if noun != Noun::Activity {
                let pairs = named.map(|(row, owner)| (*owner, row));
                return Some(self.more(group, (noun, store.count(noun)), pairs, one));
            }
            let place = |row: u32| places.get(row as usize).copied().unwrap_or(MISSING);
            let pairs = named.map(|(row, owner)| (place(*owner), row));
            let was = |owner: u32| {
                let before = stored.partition_point(|place| *place < owner);
                let start = u32::try_from(before).unwrap_or(MISSING);
                start..start + u32::from(stored.get(before) == Some(&owner))
            };
            let owners = u32::try_from(merge.len()).unwrap_or(MISSING);
            Some(self.more(group, (noun, owners), pairs, was))
        };
        let groups = Noun::ALL.into_iter().map(of_noun).collect();
        Inserts { merge, customers, by_customer, more_by_customer, groups }
    }
}

impl Store {
    /// Merges activities, whose references are resolved.
    pub(super) fn merge(&mut self, mut draft: Draft) {
        let inserts = Added::new(self, &draft).inserts();
        let Inserts { merge, customers, by_customer, more_by_customer, groups } = inserts;
        let first = self.count(Noun::Activity);
        let places = merge.places();
        self.name_customers(customers.first.is_none(), &mut draft);
        self.merge_texts(&mut draft);
        self.merge_activities(&merge, std::mem::take(&mut draft.activities));
        let moved = |row: u32| places.get(row as usize).copied().unwrap_or(MISSING);
        let names = draft.names.get(Noun::Activity.index());
        let more = draft.tables.get_mut(Noun::Activity.index()).map(std::mem::take);
        let table = self.tables.get_mut(Noun::Activity.index());
        if let (Some(Table { ids, columns }), Some(more), Some(names)) = (table, more, names) {
            *ids = ids.merged(names, &more.ids, &merge);
            for (column, more) in columns.iter_mut().zip(more.columns) {
                *column = more.merged(std::mem::take(column), &merge, moved);
            }
        }

        let moved = Moved { places: &places, first, words: &self.activities.words };
        self.last_creation = OnceLock::new();
        self.by_customer = self.by_customer.merged(&by_customer, &moved);
        self.more_by_customer = self.more_by_customer.merged(&more_by_customer, &moved);
        for (cell, more) in self.groups.iter_mut().zip(groups) {
            if let (Some(group), Some(more)) = (cell.get_mut(), more) {
                *group = group.merged(&more, &moved);
            }
        }
        let activity = Noun::Activity.index();
        for (slot, cell) in self.index.iter_mut().enumerate() {
            if slot / Noun::ALL.len() == activity || slot % Noun::ALL.len() == activity {
                *cell = OnceLock::new();
            }
        }
    }

    /// Where the order of rows no longer says which customers all activities name: has each say it.
    fn name_customers(&mut self, is_implied: bool, draft: &mut Draft) {
        let field = self.fields.activity_customer;
        if !self.customer_is_implied {
            return;
        }
        if is_implied {
            draft.take_references(field);
            return;
        }
        let rows = 0..self.count(Noun::Activity);
        let named = rows.map(|row| self.by_customer.owner(row).unwrap_or(MISSING));
        let named = Sparse::pack(&named.collect::<Vec<u32>>());
        let table = self.tables.get_mut(field.noun.index());
        if let Some(column) = table.and_then(|table| table.columns.get_mut(field.index)) {
            *column = Column::of_references(Noun::Customer, named);
        }
        self.customer_is_implied = false;
    }

    /// Has the columns of the draft name texts by their places in the store.
    fn merge_texts(&mut self, draft: &mut Draft) {
        let list = &draft.texts.list;
        let mut places = vec![MISSING; list.len()];
        for (place, text) in (0..).zip(&self.texts) {
            let code = draft.texts.known(text);
            if let Some(slot) = code.and_then(|code| places.get_mut(code as usize)) {
                *slot = place;
            }
        }
        for (place, text) in places.iter_mut().zip(list).filter(|(place, _)| **place == MISSING) {
            *place = u32::try_from(self.texts.len()).unwrap_or(MISSING);
            self.texts.push(Arc::clone(text));
        }
        for column in draft.tables.iter_mut().flat_map(|table| &mut table.columns) {
            if let DraftColumn::Codes(kind, codes) = column
                && *kind != FieldType::YesNo
            {
                for code in codes.iter_mut().filter(|code| **code != MISSING) {
                    *code = places.get(*code as usize).copied().unwrap_or(MISSING);
                }
            }
        }
    }

    fn merge_activities(&mut self, merge: &Merge, added: DraftActivities) {
        let activities = &mut self.activities;
        let known = activities.times.days.iter().map(|day| day_number(*day));
        let days: BTreeSet<i32> = known.chain(added.days.iter().copied()).collect();
        let days = days.into_iter().filter_map(date).collect();
        let times = Times::new(days, &self.calendar);

        let moved = activities.times.days.iter().map(|day| times.first_from(*day));
        let moved: Vec<u32> = moved.collect();
        let stored = |row: u32| {
            let rank = moved.get(activities.rank(row) as usize).copied();
            (rank.unwrap_or(0), activities.class(row))
        };
        let rank = |day: i32| date(day).map_or(0, |day| times.first_from(day));
        let class = |row: u32| added.classes.get(row as usize).map_or(0, |class| (*class).into());
        let new = |row: u32| {
            let day = added.days.get(row as usize);
            (day.map_or(0, |day| rank(*day)), class(row))
        };
        let layout = Layout::new(times.days.len(), 4 * self.schema.kinds().len());
        activities.words = Words::merged(layout, merge, stored, new);
        activities.partitions = std::mem::take(&mut activities.partitions).of(&times);
        activities.times = times;
        activities.clock = std::mem::take(&mut activities.clock).merged(added.clock, merge);
    }
}
