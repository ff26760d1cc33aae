//! From a dataset to a store.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;

use super::activities::class;
use super::build::{self, Purpose};
use super::column::MISSING;
use super::draft::{Draft, DraftColumn, Texts};
use super::local::day_number;
use super::lookup::Lookup;
use super::partition::DENSITY;
use super::{Fields, Store, parallel};
use crate::check::rules::ActivityStatus;
use crate::model::calendar::Calendar;
use crate::model::{Dataset, FieldRef, Item, Noun, Value};

impl Store {
    /// Reads the fields that are asked for, beside those that the language itself reads.
    pub(crate) fn new(data: &Dataset, calendar: &Calendar, reads: &BTreeSet<FieldRef>) -> Store {
        Store::with_density(data, (calendar, reads), DENSITY)
    }

    /// The same where a partition has so many activities for each of its owners, at least.
    pub(crate) fn with_density(
        data: &Dataset,
        (calendar, reads): (&Calendar, &BTreeSet<FieldRef>),
        density: usize,
    ) -> Store {
        let fields = Fields::new(data.schema());
        let mut draft = Draft::new(data.schema());
        let mut wanted = reads.clone();
        wanted.extend(fields.all());
        for kept_apart in [fields.activity_kind, fields.activity_status, fields.activity_at] {
            wanted.remove(&kept_apart);
        }
        for noun in Noun::ALL {
            let (Some(names), Some(table)) =
                (draft.names.get_mut(noun.index()), draft.tables.get_mut(noun.index()))
            else {
                continue;
            };
            table.ids = data.items(noun).map(|item| names.code(data.id(item))).collect();
        }
        let ids: Vec<Vec<u32>> = draft.tables.iter().map(|table| table.ids.clone()).collect();
        for field in wanted {
            let table = draft.tables.get_mut(field.noun.index());
            let Some(column) = table.and_then(|table| table.columns.get_mut(field.index)) else {
                continue;
            };
            let values = data.items(field.noun).map(|item| data.value(item, field));
            fill(column, values, &mut draft.texts, &ids);
        }
        activities(data, calendar, &fields, &mut draft);

        let orders = build::orders(&draft);
        let lookup = |(noun, ids): (Noun, &Vec<u32>)| {
            let mut lookup = Lookup::new(ids, |_, _| {});
            if let Some(order) = orders.get(noun.index()).filter(|_| noun != Noun::Activity) {
                lookup.replace(|row| order.place(row));
            }
            lookup
        };
        let lookups = parallel::each(Noun::ALL.into_iter().zip(&ids).collect(), lookup);
        build::resolve(&mut draft, &lookups);
        let purpose = Purpose {
            schema: data.schema().clone(),
            calendar: calendar.clone(),
            fields,
            density,
            complete_from: data.complete_from(),
            complete_through: data.complete_through(),
            since: None,
            owners: BTreeSet::new(),
        };
        build::pack(draft, orders, purpose)
    }
}

fn fill<'d>(
    column: &mut DraftColumn,
    values: impl Iterator<Item = &'d Value>,
    texts: &mut Texts,
    ids: &[Vec<u32>],
) {
    match column {
        DraftColumn::Codes(_, codes) => codes.extend(values.map(|value| match value {
            Value::Text(text) => texts.code(text),
            Value::YesNo(yes) => u32::from(*yes),
            _ => MISSING,
        })),
        DraftColumn::Number(numbers) => numbers.extend(values.map(|value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        })),
        DraftColumn::Date(days) => days.extend(values.map(|value| match value {
            Value::Date(day) => Some(*day),
            _ => None,
        })),
        DraftColumn::Instant(instants) => instants.extend(values.map(|value| match value {
            Value::Instant(at, day) => Some((*at, *day)),
            _ => None,
        })),
        DraftColumn::Reference(noun, codes) => {
            let ids = ids.get(noun.index()).map_or(&[][..], Vec::as_slice);
            codes.extend(values.map(|value| match value {
                Value::Reference(row) => ids.get(*row as usize).copied().unwrap_or(MISSING),
                _ => MISSING,
            }));
        }
    }
}

fn activities(data: &Dataset, calendar: &Calendar, fields: &Fields, draft: &mut Draft) {
    let kinds = data.schema().kinds().iter().map(String::as_str);
    let kinds: HashMap<&str, u32> = kinds.zip(0..).collect();
    let activities = &mut draft.activities;
    for item in data.items(Noun::Activity) {
        let (kind, status) = kind_and_status(data, fields, item);
        let class = class(kinds.get(kind).copied().unwrap_or(0), status);
        activities.classes.push(u16::try_from(class).unwrap_or(u16::MAX));
        let (day, since_start) = match data.value(item, fields.activity_at) {
            Value::Instant(at, day) => (day_number(*day), *at - calendar.start_of(*day)),
            _ => (0, TimeDelta::zero()),
        };
        activities.days.push(day);
        let nanoseconds = since_start.num_nanoseconds().unwrap_or(0);
        activities.clock.push(u64::try_from(nanoseconds).unwrap_or(0));
    }
}

fn kind_and_status<'d>(
    data: &'d Dataset,
    fields: &Fields,
    item: Item,
) -> (&'d str, ActivityStatus) {
    let text = |field| match data.value(item, field) {
        Value::Text(text) => &**text,
        _ => "",
    };
    let status = match text(fields.activity_status) {
        "planned" => ActivityStatus::Planned,
        "completed" => ActivityStatus::Completed,
        _ => ActivityStatus::Cancelled,
    };
    (text(fields.activity_kind), status)
}
