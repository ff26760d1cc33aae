//! A dataset, as the checks ask for it.

use std::cell::OnceCell;

use chrono::NaiveDate;
use kadence::internals::{FieldRef, Item, Value};
use kadence::{Dataset, Noun};

use super::{Check, Finding, Found, KEPT};

/// A dataset as of a day.
pub(super) struct Facts<'d> {
    pub(super) data: &'d Dataset,
    pub(super) day: NaiveDate,
    activities: OnceCell<Counts>,
}

/// A field of a noun; of one that there is not, nothing is known.
#[derive(Clone, Copy)]
pub(super) struct Column<'d> {
    data: &'d Dataset,
    noun: Noun,
    field: Option<FieldRef>,
}

impl<'d> Column<'d> {
    pub(super) fn value(self, row: u32) -> &'d Value {
        match self.field {
            Some(field) => self.data.value(Item { noun: self.noun, row }, field),
            None => &Value::Unknown,
        }
    }

    pub(super) fn text(self, row: u32) -> Option<&'d str> {
        match self.value(row) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The date, or the local day of the instant.
    pub(super) fn day(self, row: u32) -> Option<NaiveDate> {
        match self.value(row) {
            Value::Date(day) | Value::Instant(_, day) => Some(*day),
            _ => None,
        }
    }

    /// The row of the thing that is referred to.
    pub(super) fn target(self, row: u32) -> Option<u32> {
        match self.value(row) {
            Value::Reference(row) => Some(*row),
            _ => None,
        }
    }

    pub(super) fn is_known(self, row: u32) -> bool {
        *self.value(row) != Value::Unknown
    }
}

impl<'d> Facts<'d> {
    pub(super) fn new(data: &'d Dataset, day: NaiveDate) -> Facts<'d> {
        Facts { data, day, activities: OnceCell::new() }
    }

    pub(super) fn column(&self, noun: Noun, field: &str) -> Column<'d> {
        Column { data: self.data, noun, field: self.data.schema().field_ref(noun, field) }
    }

    /// The columns of these names.
    pub(super) fn columns<const N: usize>(&self, noun: Noun, fields: [&str; N]) -> [Column<'d>; N] {
        fields.map(|field| self.column(noun, field))
    }

    /// Every row of a noun.
    pub(super) fn rows(&self, noun: Noun) -> impl Iterator<Item = u32> + use<> {
        self.data.items(noun).map(|item| item.row)
    }

    pub(super) fn id(&self, noun: Noun, row: u32) -> &'d str {
        self.data.id(Item { noun, row })
    }

    pub(super) fn name(&self, noun: Noun, row: u32) -> Option<String> {
        self.column(noun, "name").text(row).map(str::to_owned)
    }

    /// Whose it is: the id of its owner, or of an activity's seller.
    fn owner(&self, noun: Noun, row: u32) -> Option<String> {
        let field = if noun == Noun::Activity { "seller" } else { "owner" };
        let seller = self.column(noun, field).target(row)?;
        Some(self.id(Noun::Seller, seller).to_owned())
    }

    /// How many fields of a thing are known, beside its id.
    pub(super) fn known(&self, noun: Noun, row: u32) -> usize {
        let fields = self.data.schema().fields(noun).iter().enumerate();
        let others = fields.filter(|(_, field)| field.name != "id");
        let item = Item { noun, row };
        let known = others.filter(|(index, _)| {
            *self.data.value(item, FieldRef { noun, index: *index }) != Value::Unknown
        });
        known.count()
    }

    /// Whether a lead or an opportunity is open on the day.
    pub(super) fn is_open(&self, noun: Noun) -> impl Fn(u32) -> bool + use<'d> {
        let end = if noun == Noun::Lead { "converted" } else { "closed" };
        let [status, end] = self.columns(noun, ["status", end]);
        let day = self.day;
        move |row| match status.text(row) {
            Some("open") => true,
            Some(_) => end.day(row).is_some_and(|end| end > day),
            None => false,
        }
    }

    /// Whether an activity is planned on the day.
    pub(super) fn is_planned(&self) -> impl Fn(u32) -> bool + use<'d> {
        let [status, at] = self.columns(Noun::Activity, ["status", "at"]);
        let day = self.day;
        move |row| match status.text(row) {
            Some("planned") => true,
            Some("completed") => at.day(row).is_some_and(|at| at > day),
            _ => false,
        }
    }

    /// How many activities are each one's, by rows.
    pub(super) fn activities(&self, noun: Noun) -> &[u32] {
        let counts = self.activities.get_or_init(|| Counts::new(self));
        match noun {
            Noun::Seller => &counts.sellers,
            Noun::Customer => &counts.customers,
            Noun::Contact => &counts.contacts,
            Noun::Lead => &counts.leads,
            _ => &[],
        }
    }

    /// `planned call on 2026-03-02`.
    pub(super) fn activity(&self) -> impl Fn(u32) -> String + use<'d> {
        let [kind, status, at] = self.columns(Noun::Activity, ["kind", "status", "at"]);
        move |row| {
            let text = |column: Column<'d>| column.text(row).unwrap_or_default();
            let day = at.day(row).map(|day| format!(" on {day}")).unwrap_or_default();
            format!("{} {}{day}", text(status), text(kind))
        }
    }

    /// What was found, by ids; none if nothing was.
    pub(super) fn finding(
        &self,
        check: Check,
        noun: Noun,
        mut rows: Vec<u32>,
        what: impl Fn(u32) -> String,
    ) -> Option<Finding> {
        rows.sort_by_key(|row| self.id(noun, *row));
        let total = rows.len();
        let found = rows.iter().take(KEPT).map(|row| self.found(noun, *row, what(*row)));
        Finding::new(check, (total, self.data.count(noun)), found.collect())
    }

    pub(super) fn found(&self, noun: Noun, row: u32, what: String) -> Found {
        Found {
            table: noun.table(),
            id: self.id(noun, row).to_owned(),
            name: self.name(noun, row),
            owner: self.owner(noun, row),
            what,
        }
    }
}

/// How many activities are each one's.
struct Counts {
    sellers: Vec<u32>,
    customers: Vec<u32>,
    contacts: Vec<u32>,
    leads: Vec<u32>,
}

impl Counts {
    fn new(facts: &Facts<'_>) -> Counts {
        let none = |noun| vec![0; facts.data.count(noun)];
        let mut counts = Counts {
            sellers: none(Noun::Seller),
            customers: none(Noun::Customer),
            contacts: none(Noun::Contact),
            leads: none(Noun::Lead),
        };
        let fields = ["seller", "customer", "contact", "lead", "opportunity"];
        let [seller, customer, contact, lead, opportunity] = facts.columns(Noun::Activity, fields);
        let of_contact = facts.column(Noun::Contact, "customer");
        let of_opportunity = facts.column(Noun::Opportunity, "customer");
        for row in facts.rows(Noun::Activity) {
            count(&mut counts.sellers, [seller.target(row)]);
            count(&mut counts.contacts, [contact.target(row)]);
            count(&mut counts.leads, [lead.target(row)]);
            // One that is about a customer in several ways counts once.
            let by_contact = contact.target(row).and_then(|row| of_contact.target(row));
            let by_opportunity = opportunity.target(row).and_then(|row| of_opportunity.target(row));
            count(&mut counts.customers, [customer.target(row), by_contact, by_opportunity]);
        }
        counts
    }
}

/// Counts one for each different row.
fn count<const N: usize>(counts: &mut [u32], rows: [Option<u32>; N]) {
    for (place, row) in rows.iter().enumerate() {
        let is_first = !rows.iter().take(place).any(|before| before == row);
        let slot = row.filter(|_| is_first).and_then(|row| counts.get_mut(row as usize));
        if let Some(count) = slot {
            *count += 1;
        }
    }
}
