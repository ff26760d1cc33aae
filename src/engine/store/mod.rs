//! The data as the engine reads it: typed columns, ids packed, activities grouped by whose they are
//! and sorted by day.

mod activities;
mod added;
mod append;
mod at_once;
mod batch;
mod build;
mod builder;
mod by_day;
mod by_owner;
mod cells;
mod check;
mod clock;
mod column;
mod draft;
mod fields;
mod fill;
mod from_dataset;
mod group;
mod group_marks;
mod ids;
mod local;
mod lookup;
mod merge;
mod names;
mod order;
mod packed;
mod parallel;
mod partition;
mod pick;
mod relation;
mod sorted;
mod stretch;
mod words;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};

pub(crate) use activities::{Activities, kind_of, status_of};
pub use batch::{Batch, Texts, Validity, Values};
pub(crate) use builder::StoreBuilder;
pub(crate) use column::{Column, Known};
pub(crate) use fields::Fields;
use group::Group;
pub(crate) use group::Run;
use ids::Ids;
pub(crate) use packed::{Codes, Sparse};
pub(crate) use partition::Partitions;
pub(crate) use relation::Flow;
pub(crate) use stretch::{Owned, Stretch, Stretches, Work};
pub(crate) use words::{FEW, Word};

use crate::model::calendar::Calendar;
use crate::model::{FieldRef, Item, Noun, Schema};

/// The organisation itself.
pub(crate) const COMPANY: Item = Item { noun: Noun::Company, row: 0 };

/// A dataset, prepared. Never changed while it is evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) schema: Schema,
    calendar: Calendar,
    pub(crate) fields: Fields,
    /// In the order of [`Noun::ALL`]. Rows are in the order of their ids; those of activities in
    /// the order of their partitions, customers, days and ids.
    tables: Vec<Table>,
    pub(crate) activities: Activities,
    texts: Vec<Arc<str>>,
    /// Activities by customer: those of the table, and those that are more than one customer's.
    by_customer: Group,
    more_by_customer: Group,
    /// Whether an activity names the customer whose it is by the order of rows, and no other.
    customer_is_implied: bool,
    /// Activities by the other nouns that own them, made when first asked for.
    groups: Vec<OnceLock<Group>>,
    /// Other things by owner, for each pair of nouns, made when first asked for.
    index: Vec<OnceLock<Vec<Vec<u32>>>>,
    pub(crate) complete_from: Option<NaiveDate>,
    pub(crate) complete_through: Option<NaiveDate>,
    /// The first day whose activities are kept, if not those of all days are.
    pub(crate) since: Option<NaiveDate>,
    /// Whether an activity of which nobody knows when it was entered was not known before it was held.
    is_known_when_held: bool,
    /// When the last activity came to be known, worked out when first asked for.
    last_creation: OnceLock<Option<DateTime<Utc>>>,
}

/// The things of one noun.
#[derive(Debug, Clone, Default)]
struct Table {
    ids: Ids,
    /// In the order of [`Schema::fields`].
    columns: Vec<Column>,
}

impl Store {
    fn table(&self, noun: Noun) -> Option<&Table> {
        self.tables.get(noun.index())
    }

    /// How many things of a noun there are.
    pub(crate) fn count(&self, noun: Noun) -> u32 {
        self.table(noun).map_or(0, |table| u32::try_from(table.ids.len()).unwrap_or(u32::MAX))
    }

    pub(crate) fn items(&self, noun: Noun) -> impl Iterator<Item = Item> + use<> {
        (0..self.count(noun)).map(move |row| Item { noun, row })
    }

    pub(crate) fn id(&self, item: Item) -> Cow<'_, str> {
        self.table(item.noun).map_or(Cow::Borrowed(""), |table| table.ids.get(item.row))
    }

    /// A number whose order among things of the noun is that of their ids; of all of them or none.
    pub(crate) fn id_key(&self, item: Item) -> Option<u64> {
        self.table(item.noun)?.ids.key(item.row)
    }

    /// The order of two things by their ids.
    pub(crate) fn by_id(&self, a: Item, b: Item) -> std::cmp::Ordering {
        match self.table(a.noun) {
            Some(table) if a.noun == b.noun => table.ids.compare(a.row, b.row),
            _ => self.id(a).cmp(&self.id(b)),
        }
    }

    pub(crate) fn find(&self, noun: Noun, id: &str) -> Option<Item> {
        let ids = &self.table(noun)?.ids;
        let row = if noun == Noun::Activity { ids.find(id) } else { ids.find_sorted(id) };
        row.map(|row| Item { noun, row })
    }

    /// A text by its place.
    pub(crate) fn text(&self, code: u32) -> Option<Known<'_>> {
        self.texts.get(code as usize).map(|text| Known::Text(text))
    }

    /// The places of all texts.
    pub(crate) fn text_codes(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.texts.len()).unwrap_or(u32::MAX)
    }

    /// The values of a field; [`Column::Empty`] for those that have no column of their own.
    pub(crate) fn column(&self, field: FieldRef) -> &Column {
        let column = self.table(field.noun).and_then(|table| table.columns.get(field.index));
        column.unwrap_or(&Column::Empty)
    }

    /// The value of a field as the data has it.
    pub(crate) fn raw(&self, item: Item, field: FieldRef) -> Option<Known<'_>> {
        if item.noun == Noun::Activity {
            let row = item.row;
            if field == self.fields.activity_at {
                return Some(Known::Instant(self.activities.at(row), self.activities.day(row)));
            }
            if field == self.fields.activity_kind {
                let kind = self.schema.kinds().get(self.activities.kind(row))?;
                return Some(Known::Text(kind));
            }
            if field == self.fields.activity_customer && self.customer_is_implied {
                return self.customer_of_activity(row).map(Known::Thing);
            }
        }
        self.column(field).get(item.row, &self.texts)
    }

    /// The thing that a reference leads to.
    #[inline]
    pub(crate) fn reference(&self, item: Item, field: FieldRef) -> Option<Item> {
        match self.column(field) {
            Column::Reference(noun, rows) => {
                rows.get(item.row).map(|row| Item { noun: *noun, row })
            }
            _ if self.customer_is_implied && field == self.fields.activity_customer => {
                self.customer_of_activity(item.row)
            }
            _ => None,
        }
    }

    /// The day of a date or instant field.
    pub(crate) fn date(&self, item: Item, field: FieldRef) -> Option<NaiveDate> {
        self.raw(item, field)?.day()
    }

    /// When an activity takes place.
    pub(crate) fn at(&self, row: u32) -> DateTime<Utc> {
        self.activities.at(row)
    }

    /// On which local day.
    #[inline]
    pub(crate) fn day(&self, row: u32) -> NaiveDate {
        self.activities.day(row)
    }

    /// Where a thing has a day on which it came into being: that field.
    pub(crate) fn creation_field(&self, noun: Noun) -> Option<FieldRef> {
        let fields = &self.fields;
        match noun {
            Noun::Seller => Some(fields.seller_started),
            Noun::Customer => Some(fields.customer_created),
            Noun::Lead => Some(fields.lead_created),
            Noun::Opportunity => Some(fields.opportunity_created),
            Noun::Campaign => Some(fields.campaign_start),
            Noun::Activity => Some(fields.activity_created),
            _ => None,
        }
    }

    /// Whether no activity is more than one customer's.
    pub(crate) fn customers_are_apart(&self) -> bool {
        self.more_by_customer.is_empty()
    }

    /// The same data, in which nobody knew of an activity before it was held, where it is not known
    /// when it was entered.
    pub(crate) fn known_when_held(self) -> Store {
        Store { is_known_when_held: true, last_creation: OnceLock::new(), ..self }
    }

    /// When an activity came to be known, if that can be told.
    pub(crate) fn known_from(&self, activity: Item) -> Option<DateTime<Utc>> {
        match self.raw(activity, self.fields.activity_created) {
            Some(Known::Instant(at, _)) => Some(at),
            _ => self.is_known_when_held.then(|| self.at(activity.row)),
        }
    }

    /// Whether it can be told of no activity when it came to be known.
    pub(crate) fn creation_is_unknown(&self) -> bool {
        let is_empty = matches!(self.column(self.fields.activity_created), Column::Empty);
        is_empty && !self.is_known_when_held
    }

    /// When the last activity came to be known, of those of which that is known.
    pub(crate) fn last_creation(&self) -> Option<DateTime<Utc>> {
        *self.last_creation.get_or_init(|| match self.column(self.fields.activity_created) {
            _ if self.is_known_when_held => {
                self.items(Noun::Activity).filter_map(|activity| self.known_from(activity)).max()
            }
            Column::Instant(created) => created.iter().flatten().map(|(at, _)| *at).max(),
            _ => None,
        })
    }

    /// Whether no activity names one that it follows.
    pub(crate) fn nothing_follows(&self) -> bool {
        matches!(self.column(self.fields.activity_follows), Column::Empty)
    }

    /// A thing's name, if it has one.
    pub(crate) fn name(&self, item: Item) -> Option<&str> {
        let fields = &self.fields;
        let field = match item.noun {
            Noun::Team => fields.team_name,
            Noun::Seller => fields.seller_name,
            Noun::Customer => fields.customer_name,
            Noun::Contact => fields.contact_name,
            Noun::Lead => fields.lead_name,
            Noun::Opportunity => fields.opportunity_name,
            Noun::Campaign => fields.campaign_name,
            Noun::Company | Noun::Absence | Noun::Member | Noun::Activity => return None,
        };
        match self.raw(item, field)? {
            Known::Text(name) => Some(name),
            _ => None,
        }
    }

    /// How many bytes the activities take: columns, ids and groups.
    pub(crate) fn activity_bytes(&self) -> usize {
        let table = self.table(Noun::Activity);
        let columns = table.map_or(0, |t| t.columns.iter().map(Column::bytes).sum());
        let ids = table.map_or(0, |table| table.ids.bytes());
        let groups: usize = self.groups.iter().filter_map(OnceLock::get).map(Group::bytes).sum();
        let customers = self.by_customer.bytes() + self.more_by_customer.bytes();
        self.activities.bytes() + columns + ids + groups + customers
    }
}

#[cfg(test)]
mod tests;
