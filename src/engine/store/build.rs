//! From a dataset to a store.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use chrono::{NaiveDate, TimeDelta};

use super::activities::{Activities, Times, class};
use super::column::{MISSING, Numbers};
use super::group::Group;
use super::ids::Ids;
use super::packed::{Codes, Sparse};
use super::{Column, Fields, Store, Table};
use crate::check::rules::ActivityStatus;
use crate::model::calendar::Calendar;
use crate::model::{Dataset, FieldRef, FieldType, Item, Noun, Value};

impl Store {
    /// Reads the fields that are asked for, beside those that the language itself reads.
    pub(crate) fn new(data: &Dataset, calendar: &Calendar, reads: &BTreeSet<FieldRef>) -> Store {
        let fields = Fields::new(data.schema());
        let mut wanted = reads.clone();
        wanted.extend(fields.all());
        let orders: Vec<Order> = Noun::ALL
            .into_iter()
            .map(|noun| if noun == Noun::Activity { Order::default() } else { by_id(data, noun) })
            .collect();
        let mut read = Read { data, fields: &fields, orders, texts: Texts::default() };
        let (order, customers) = read.activities_by_customer();
        if let Some(of_activities) = read.orders.get_mut(Noun::Activity.index()) {
            *of_activities = order;
        }
        let activities = read.activities(calendar);
        let implied = customers.implied;
        let tables = Noun::ALL.into_iter().map(|noun| {
            let read_it = |field: &FieldRef| {
                let is_time = *field == fields.activity_kind
                    || *field == fields.activity_status
                    || *field == fields.activity_at
                    || (implied && *field == fields.activity_customer);
                wanted.contains(field) && !is_time
            };
            read.table(noun, read_it)
        });
        let tables = tables.collect();
        let pairs = Noun::ALL.len() * Noun::ALL.len();
        let mut store = Store {
            schema: data.schema().clone(),
            tables,
            activities,
            texts: read.texts.list,
            by_customer: Group::of_table(customers.starts),
            more_by_customer: Group::of_table(Vec::new()),
            customer_is_implied: implied,
            groups: std::iter::repeat_with(OnceLock::new).take(Noun::ALL.len()).collect(),
            index: std::iter::repeat_with(OnceLock::new).take(pairs).collect(),
            complete_from: data.complete_from(),
            complete_through: data.complete_through(),
            fields,
        };
        let owners = store.count(Noun::Customer);
        store.more_by_customer = store.grouped(customers.more, owners);
        store
    }
}

/// Rows of the dataset in the order of the store, and where each has come to be.
#[derive(Debug, Default)]
struct Order {
    rows: Vec<u32>,
    places: Vec<u32>,
}

impl Order {
    fn new(rows: Vec<u32>) -> Order {
        let mut places = vec![MISSING; rows.len()];
        for (place, row) in (0..).zip(&rows) {
            if let Some(slot) = places.get_mut(*row as usize) {
                *slot = place;
            }
        }
        Order { rows, places }
    }

    fn place(&self, row: u32) -> u32 {
        self.places.get(row as usize).copied().unwrap_or(MISSING)
    }
}

fn by_id(data: &Dataset, noun: Noun) -> Order {
    let mut rows: Vec<u32> = data.items(noun).map(|item| item.row).collect();
    rows.sort_by_key(|row| data.id(Item { noun, row: *row }));
    Order::new(rows)
}

/// Whose the activities are, by customer.
struct Customers {
    /// Where each one's start, in the order of rows.
    starts: Vec<u32>,
    /// Customers and rows beyond the first customer of each activity.
    more: Vec<(u32, u32)>,
    implied: bool,
}

struct Read<'a> {
    data: &'a Dataset,
    fields: &'a Fields,
    orders: Vec<Order>,
    texts: Texts,
}

#[derive(Debug, Default)]
struct Texts {
    list: Vec<Arc<str>>,
    codes: HashMap<Arc<str>, u32>,
}

impl Texts {
    fn code(&mut self, text: &Arc<str>) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(text.clone());
        self.codes.insert(text.clone(), code);
        code
    }
}

impl Read<'_> {
    fn order(&self, noun: Noun) -> impl Fn(u32) -> u32 {
        let order = self.orders.get(noun.index());
        move |row| order.map_or(MISSING, |order| order.place(row))
    }

    fn reference(&self, item: Item, field: FieldRef) -> Option<u32> {
        match self.data.value(item, field) {
            Value::Reference(row) => Some(*row),
            _ => None,
        }
    }

    fn at(&self, row: u32) -> (chrono::DateTime<chrono::Utc>, NaiveDate) {
        let item = Item { noun: Noun::Activity, row };
        match self.data.value(item, self.fields.activity_at) {
            Value::Instant(at, day) => (*at, *day),
            _ => (chrono::DateTime::UNIX_EPOCH, NaiveDate::default()),
        }
    }

    /// The activities in the order of their customers, days and ids.
    fn activities_by_customer(&self) -> (Order, Customers) {
        let fields = self.fields;
        let place = self.order(Noun::Customer);
        let through = |item, field, noun, next| {
            let other = self.reference(item, field)?;
            self.reference(Item { noun, row: other }, next)
        };
        let mut implied = true;
        let mut keyed = Vec::new();
        let mut others = Vec::new();
        for item in self.data.items(Noun::Activity) {
            let named = self.reference(item, fields.activity_customer);
            let contact = fields.activity_contact;
            let of_contact = through(item, contact, Noun::Contact, fields.contact_customer);
            let sale = fields.activity_opportunity;
            let of_sale = through(item, sale, Noun::Opportunity, fields.opportunity_customer);
            let mut customers = [named, of_contact, of_sale].into_iter().flatten().map(&place);
            let first = customers.next().unwrap_or(MISSING);
            let mut seen = vec![first];
            for other in customers {
                if !seen.contains(&other) {
                    seen.push(other);
                    others.push((other, item.row));
                }
            }
            implied &= named.map_or(MISSING, &place) == first;
            keyed.push((first, self.at(item.row).1, item.row));
        }
        keyed.sort_unstable_by(|a, b| {
            let id = |row| self.data.id(Item { noun: Noun::Activity, row });
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| id(a.2).cmp(id(b.2)))
        });
        let owners = u32::try_from(self.data.count(Noun::Customer)).unwrap_or(u32::MAX);
        let start = |owner| keyed.partition_point(|(other, ..)| *other < owner);
        let starts = (0..=owners).map(|owner| u32::try_from(start(owner)).unwrap_or(u32::MAX));
        let starts = starts.collect();
        let order = Order::new(keyed.iter().map(|(.., row)| *row).collect());
        let more = others.into_iter().map(|(owner, row)| (owner, order.place(row))).collect();
        (order, Customers { starts, more, implied })
    }

    fn rows(&self, noun: Noun) -> &[u32] {
        self.orders.get(noun.index()).map_or(&[], |order| order.rows.as_slice())
    }

    fn activities(&self, calendar: &Calendar) -> Activities {
        let rows = self.rows(Noun::Activity);
        let mut days: Vec<NaiveDate> = rows.iter().map(|row| self.at(*row).1).collect();
        days.sort_unstable();
        days.dedup();
        let times = Times::new(days, |day| calendar.start_of(day));
        let most = u32::try_from(times.days.len()).unwrap_or(u32::MAX);
        let rank = |row: &u32| times.first_from(self.at(*row).1);
        let ranks = Codes::collect(most, rows.iter().map(rank));
        let kinds = self.data.schema().kinds();
        let most = 4 * u32::try_from(kinds.len()).unwrap_or(u32::MAX / 4);
        let places: HashMap<&str, u32> = kinds.iter().map(String::as_str).zip(0..).collect();
        let class = |row: &u32| {
            let item = Item { noun: Noun::Activity, row: *row };
            let kind = match self.data.value(item, self.fields.activity_kind) {
                Value::Text(kind) => places.get(&**kind).copied().unwrap_or(0),
                _ => 0,
            };
            let status = match self.data.value(item, self.fields.activity_status) {
                Value::Text(text) if &**text == "planned" => ActivityStatus::Planned,
                Value::Text(text) if &**text == "completed" => ActivityStatus::Completed,
                _ => ActivityStatus::Cancelled,
            };
            class(kind, status)
        };
        let classes = Codes::collect(most, rows.iter().map(class));
        let since_start = |row: &u32| {
            let (at, day) = self.at(*row);
            (at - calendar.start_of(day)).max(TimeDelta::zero())
        };
        let since_start: Vec<TimeDelta> = rows.iter().map(since_start).collect();
        Activities::new(times, ranks, classes, &since_start)
    }

    fn table(&mut self, noun: Noun, reads: impl Fn(&FieldRef) -> bool) -> Table {
        let rows = self.rows(noun).to_vec();
        let ids = Ids::pack(rows.iter().map(|row| self.data.id(Item { noun, row: *row })));
        let kinds: Vec<FieldType> =
            self.data.schema().fields(noun).iter().map(|field| field.kind).collect();
        let column = |(index, kind): (usize, FieldType)| {
            let field = FieldRef { noun, index };
            if reads(&field) { self.column(&rows, field, kind) } else { Column::Empty }
        };
        let columns = kinds.into_iter().enumerate().map(column).collect();
        Table { ids, columns }
    }

    fn column(&mut self, rows: &[u32], field: FieldRef, kind: FieldType) -> Column {
        let data = self.data;
        let value = |row: &u32| data.value(Item { noun: field.noun, row: *row }, field);
        if rows.iter().all(|row| *value(row) == Value::Unknown) {
            return Column::Empty;
        }
        match kind {
            FieldType::Text | FieldType::OneOf(_) => {
                let texts = &mut self.texts;
                let code = |row| match value(row) {
                    Value::Text(text) => texts.code(text),
                    _ => MISSING,
                };
                Column::Text(Sparse::pack(&rows.iter().map(code).collect::<Vec<_>>()))
            }
            FieldType::Number => {
                let number = |row| match value(row) {
                    Value::Number(number) => Some(*number),
                    _ => None,
                };
                Column::Number(Numbers::pack(rows.iter().map(number).collect()))
            }
            FieldType::Date => {
                let day = |row| match value(row) {
                    Value::Date(day) => Some(*day),
                    _ => None,
                };
                Column::Date(rows.iter().map(day).collect())
            }
            FieldType::Instant => {
                let instant = |row| match value(row) {
                    Value::Instant(at, day) => Some((*at, *day)),
                    _ => None,
                };
                Column::Instant(rows.iter().map(instant).collect())
            }
            FieldType::YesNo => {
                let yes = |row| match value(row) {
                    Value::YesNo(yes) => u32::from(*yes),
                    _ => MISSING,
                };
                Column::YesNo(Sparse::pack(&rows.iter().map(yes).collect::<Vec<_>>()))
            }
            FieldType::Reference(target) => {
                let place = self.order(target);
                let reference = |row| match value(row) {
                    Value::Reference(row) => place(*row),
                    _ => MISSING,
                };
                Column::references(target, &rows.iter().map(reference).collect::<Vec<_>>())
            }
        }
    }
}
