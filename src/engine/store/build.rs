//! From a draft to a store.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use chrono::NaiveDate;

use super::by_day::Days;
use super::column::MISSING;
use super::draft::{Draft, DraftTable};
use super::group::Group;
use super::ids::Ids;
use super::lookup::Lookup;
use super::names::Names;
use super::order::Order;
use super::sorted::Sorted;
use super::{Fields, Store, Table, parallel};
use crate::model::calendar::Calendar;
use crate::model::{FieldRef, Noun, Schema};

/// What a store is built for.
#[derive(Debug, Clone)]
pub(super) struct Purpose {
    pub(super) schema: Schema,
    pub(super) calendar: Calendar,
    pub(super) fields: Fields,
    pub(super) complete_from: Option<NaiveDate>,
    pub(super) complete_through: Option<NaiveDate>,
    /// The first day whose activities are kept, if not those of all days are.
    pub(super) since: Option<NaiveDate>,
    /// How many activities a partition has for each of its owners, at least.
    pub(super) density: usize,
    /// The nouns by which activities are grouped at once.
    pub(super) owners: BTreeSet<Noun>,
}

/// The orders of all tables but that of the activities, which are put in theirs later.
pub(super) fn orders(draft: &Draft) -> Vec<Order> {
    let by_id = |noun: Noun| match noun {
        Noun::Activity => Order::default(),
        noun => Order::by_id(draft, noun),
    };
    parallel::each(Noun::ALL.to_vec(), by_id)
}

/// A reference that leads nowhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dangling {
    pub(super) field: FieldRef,
    pub(super) target: Noun,
    pub(super) row: u32,
    pub(super) code: u32,
}

/// Puts the places of things in the place of their ids, and says what leads nowhere.
pub(super) fn resolve(draft: &mut Draft, lookups: &[Lookup]) -> Vec<Dangling> {
    let mut dangling = Vec::new();
    for (table, noun) in draft.tables.iter_mut().zip(Noun::ALL) {
        for (index, column) in table.columns.iter_mut().enumerate() {
            let super::draft::DraftColumn::Reference(target, values) = column else { continue };
            let (field, target) = (FieldRef { noun, index }, *target);
            let Some(lookup) = lookups.get(target.index()) else { continue };
            dangling.extend(parallel::change(values, |first, values| {
                let mut nowhere = Vec::new();
                lookup.resolve(values, |place, code| {
                    let row = u32::try_from(first + place).unwrap_or(u32::MAX);
                    nowhere.push(Dangling { field, target, row, code });
                });
                nowhere
            }));
        }
    }
    dangling
}

/// Whose the activities are.
pub(super) struct Customers {
    /// The first customer of each, [`MISSING`] where there is none; nothing where that is always what
    /// the activity itself names.
    pub(super) first: Option<Vec<u32>>,
    /// Customers and rows beyond the first customer of each activity.
    pub(super) more: Vec<(u32, u32)>,
}

impl Customers {
    fn of(draft: &Draft, fields: &Fields, orders: &[Order]) -> Customers {
        let column = |field: FieldRef| draft.references(field.noun, field.index);
        let through = |field: FieldRef, next: FieldRef| {
            let (things, customers) = (column(field), column(next));
            let places = orders.get(next.noun.index()).map_or(&[][..], Order::places);
            let by_place = parallel::place(customers, places, MISSING);
            move |row: usize| {
                let thing = things.get(row).copied().unwrap_or(MISSING);
                by_place.get(thing as usize).copied().unwrap_or(MISSING)
            }
        };
        let named = column(fields.activity_customer);
        let named = |row: usize| named.get(row).copied().unwrap_or(MISSING);
        let of_contact = through(fields.activity_contact, fields.contact_customer);
        let of_sale = through(fields.activity_opportunity, fields.opportunity_customer);
        let count = draft.table(Noun::Activity).map_or(0, |table| table.ids.len());
        Customers::new(count, named, of_contact, of_sale)
    }

    /// Of the customers that so many activities name, and whose their contacts and opportunities
    /// are.
    pub(super) fn new(
        count: usize,
        named: impl Fn(usize) -> u32 + Sync + Send,
        of_contact: impl Fn(usize) -> u32 + Sync + Send,
        of_sale: impl Fn(usize) -> u32 + Sync + Send,
    ) -> Customers {
        let all = |row: usize| [named(row), of_contact(row), of_sale(row)];
        let first = |all: [u32; 3]| all.into_iter().find(|c| *c != MISSING).unwrap_or(MISSING);
        let portions = parallel::portions(count, |rows| {
            let (mut more, mut is_named) = (Vec::new(), true);
            for row in rows {
                let all = all(row);
                let [named, of_contact, of_sale] = all;
                let first = first(all);
                is_named &= named == first;
                let number = u32::try_from(row).unwrap_or(u32::MAX);
                if of_contact != first && of_contact != MISSING {
                    more.push((of_contact, number));
                }
                if of_sale != first && of_sale != of_contact && of_sale != MISSING {
                    more.push((of_sale, number));
                }
            }
            (more, is_named)
        });
        let are_named = portions.iter().all(|(_, is_named)| *is_named);
        let first = (!are_named).then(|| parallel::rows(count, |row| first(all(row))));
        Customers { first, more: portions.into_iter().flat_map(|(more, _)| more).collect() }
    }
}

/// Sorts and packs. References are places; see [`resolve`].
pub(super) fn pack(mut draft: Draft, orders: Vec<Order>, purpose: Purpose) -> Store {
    let fields = &purpose.fields;
    let days = std::mem::take(&mut draft.activities.days);
    let classes = std::mem::take(&mut draft.activities.classes);
    let names = draft.names.get(Noun::Activity.index());
    let ids = draft.table(Noun::Activity).map_or(&[][..], |table| &table.ids);
    let (customers, days) = parallel::both(
        || Customers::of(&draft, fields, &orders),
        move || Days::new(&days, names, ids),
    );
    let customer_is_implied = customers.first.is_none();
    let named = || draft.take_references(fields.activity_customer);
    let of_rows = customers.first.unwrap_or_else(named);
    let counts: Vec<usize> = draft.tables.iter().map(|table| table.ids.len()).collect();
    let count = |noun: Noun| counts.get(noun.index()).map_or(0, |n| u32::try_from(*n).unwrap_or(0));
    let is_owner = |noun: &Noun| *noun != Noun::Activity && fields.of_activity(*noun).is_some();
    let owners = Noun::ALL.into_iter().filter(is_owner).map(count).max().unwrap_or(0).max(1);
    let of_partition = purpose.density * owners as usize;
    let of = (count(Noun::Customer), of_partition);
    let (sorted, by_customer) = Sorted::new(days, &classes, &of_rows, of, &purpose);
    drop((of_rows, classes));
    for field in draft.referring(Noun::Activity) {
        for row in draft.references_mut(field) {
            *row = sorted.place(*row);
        }
    }
    let more = customers.more.into_iter().map(|(owner, row)| (owner, sorted.place(row))).collect();

    let owners = |index: usize| {
        let field = FieldRef { noun: Noun::Activity, index };
        let is_named = |noun: &Noun| fields.of_activity(*noun) == Some(field);
        purpose.owners.iter().copied().find(is_named).map(|noun| (noun, count(noun)))
    };
    let table = draft.tables.get_mut(Noun::Activity.index()).map(std::mem::take);
    let clock = std::mem::take(&mut draft.activities.clock);
    let names = draft.names.get_mut(Noun::Activity.index()).map(std::mem::take);
    let of_activities = (names.unwrap_or_default(), table.unwrap_or_default());
    let packed = sorted.pack(of_activities, clock, owners);
    let mut groups = Noun::ALL.map(|_| OnceLock::new());
    for (noun, group) in packed.groups {
        if let Some(slot) = groups.get_mut(noun.index()) {
            *slot = OnceLock::from(group);
        }
    }

    let table = |((table, order), names): ((DraftTable, &Order), &Names)| {
        let ids = Ids::place(names, &table.ids, order.places());
        let columns = table.columns.into_iter().map(|column| column.pack(order.places()));
        Table { ids, columns: columns.collect() }
    };
    let mut tables: Vec<Table> =
        draft.tables.into_iter().zip(&orders).zip(&draft.names).map(table).collect();
    if let Some(slot) = tables.get_mut(Noun::Activity.index()) {
        *slot = packed.table;
    }
    let pairs = Noun::ALL.len() * Noun::ALL.len();
    let mut store = Store {
        schema: purpose.schema,
        calendar: purpose.calendar,
        tables,
        activities: packed.activities,
        texts: draft.texts.list,
        by_customer,
        more_by_customer: Group::default(),
        customer_is_implied,
        groups: groups.into(),
        index: std::iter::repeat_with(OnceLock::new).take(pairs).collect(),
        complete_from: purpose.complete_from,
        complete_through: purpose.complete_through,
        since: purpose.since,
        is_known_when_held: false,
        last_creation: OnceLock::new(),
        fields: purpose.fields,
    };
    store.more_by_customer = store.grouped(more, Noun::Customer);
    store
}
