//! Which nouns there are, and which fields they have.

use std::fmt;

use chrono_tz::Tz;

use super::entity;

/// A kind of thing that the language has a noun for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noun {
    /// The whole organisation; there is one.
    Company,
    /// A team of sellers, perhaps within another team.
    Team,
    /// A person who sells.
    Seller,
    /// A company or person that buys.
    Customer,
    /// A person at a customer.
    Contact,
    /// Somebody who may become a customer.
    Lead,
    /// A sale that may come about.
    Opportunity,
    /// A campaign, such as a fair or a mailing.
    Campaign,
    /// Days on which a seller is away.
    Absence,
    /// A customer or lead that a campaign targets.
    Member,
    /// Something a seller does or plans: a call, a visit, a meeting.
    Activity,
}

impl Noun {
    /// Every noun, in the order of the language reference.
    pub const ALL: [Noun; 11] = [
        Noun::Company,
        Noun::Team,
        Noun::Seller,
        Noun::Customer,
        Noun::Contact,
        Noun::Lead,
        Noun::Opportunity,
        Noun::Campaign,
        Noun::Absence,
        Noun::Member,
        Noun::Activity,
    ];

    /// The noun as rules write it: `customer`.
    pub fn singular(self) -> &'static str {
        match self {
            Noun::Company => "company",
            Noun::Team => "team",
            Noun::Seller => "seller",
            Noun::Customer => "customer",
            Noun::Contact => "contact",
            Noun::Lead => "lead",
            Noun::Opportunity => "opportunity",
            Noun::Campaign => "campaign",
            Noun::Absence => "absence",
            Noun::Member => "member",
            Noun::Activity => "activity",
        }
    }

    /// The name of its table in a dataset: `customers`.
    pub fn table(self) -> &'static str {
        match self {
            Noun::Company => "companies",
            Noun::Team => "teams",
            Noun::Seller => "sellers",
            Noun::Customer => "customers",
            Noun::Contact => "contacts",
            Noun::Lead => "leads",
            Noun::Opportunity => "opportunities",
            Noun::Campaign => "campaigns",
            Noun::Absence => "absences",
            Noun::Member => "members",
            Noun::Activity => "activities",
        }
    }

    /// Whether its things have an `id` of their own (members and absences have none).
    pub fn has_id(self) -> bool {
        !matches!(self, Noun::Member | Noun::Absence)
    }

    /// The fields that a row cannot do without, beside `id`.
    pub fn required(self) -> &'static [&'static str] {
        match self {
            Noun::Activity => &["kind", "status", "at"],
            _ => &[],
        }
    }

    #[doc(hidden)]
    pub fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.singular())
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Any text.
    Text,
    /// An exact decimal.
    Number,
    /// A local day.
    Date,
    /// A moment.
    Instant,
    /// Yes or no.
    YesNo,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// The id of a thing of that noun.
    Reference(Noun),
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldType::Text => f.write_str("text"),
            FieldType::Number => f.write_str("a number"),
            FieldType::Date => f.write_str("a date"),
            FieldType::Instant => f.write_str("an instant"),
            FieldType::YesNo => f.write_str("yes or no"),
            FieldType::OneOf(values) => f.write_str(&values.join(", ")),
            FieldType::Reference(noun) => write!(f, "the id of a {noun}"),
        }
    }
}

/// A field of a noun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDef {
    /// Its name, in rules and in the data.
    pub name: String,
    /// What it holds.
    pub kind: FieldType,
}

/// A field by its place in the schema.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldRef {
    pub noun: Noun,
    pub index: usize,
}

/// What a rule set expects of the data: its time zone, activity kinds and fields.
///
/// A rule set has one ([`RuleSet::schema`](crate::RuleSet::schema)); a [`Dataset`](crate::Dataset)
/// is built against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    zone: Tz,
    kinds: Vec<String>,
    fields: Vec<Vec<FieldDef>>,
}

/// The activity kinds that need no declaration.
pub(crate) const STANDARD_KINDS: [&str; 8] =
    ["call", "visit", "meeting", "email", "message", "demo", "offer", "task"];

impl Default for Schema {
    /// The standard fields and kinds, in UTC.
    fn default() -> Self {
        let fields = Noun::ALL.iter().map(|noun| entity::standard_fields(*noun)).collect();
        let kinds = STANDARD_KINDS.iter().map(|kind| (*kind).to_owned()).collect();
        Schema { zone: Tz::UTC, kinds, fields }
    }
}

impl Schema {
    /// The time zone in which an instant without an offset is read.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The activity kinds, the standard ones first.
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    /// The fields of a noun: the standard ones in their fixed order, then the declared ones.
    pub fn fields(&self, noun: Noun) -> &[FieldDef] {
        self.fields.get(noun.index()).map_or(&[], Vec::as_slice)
    }

    /// The field of that name.
    pub fn field(&self, noun: Noun, name: &str) -> Option<&FieldDef> {
        self.fields(noun).iter().find(|field| field.name == name)
    }

    #[doc(hidden)]
    pub fn field_ref(&self, noun: Noun, name: &str) -> Option<FieldRef> {
        let index = self.fields(noun).iter().position(|field| field.name == name)?;
        Some(FieldRef { noun, index })
    }

    #[doc(hidden)]
    pub fn definition(&self, field: FieldRef) -> Option<&FieldDef> {
        self.fields(field.noun).get(field.index)
    }

    /// The same with the activity kinds of another beside its own: data that is built for it is
    /// data for this, and may hold what only the other knows.
    ///
    /// ```
    /// use kadence::{NoFiles, RuleSet, Schema};
    ///
    /// let rules = RuleSet::compile("talks.kpi", "activity webinar\n", &NoFiles)?;
    /// let schema = Schema::default().with_kinds_of(rules.schema());
    /// assert!(schema.kinds().iter().any(|kind| kind == "webinar"));
    /// # Ok::<(), kadence::Diagnostics>(())
    /// ```
    pub fn with_kinds_of(&self, other: &Schema) -> Schema {
        let mut schema = self.clone();
        let more = other.kinds.iter().filter(|kind| !self.kinds.contains(kind));
        schema.kinds.extend(more.cloned());
        schema
    }

    pub(crate) fn set_zone(&mut self, zone: Tz) {
        self.zone = zone;
    }

    pub(crate) fn add_kind(&mut self, kind: impl Into<String>) {
        self.kinds.push(kind.into());
    }

    pub(crate) fn add_field(&mut self, noun: Noun, name: impl Into<String>, kind: FieldType) {
        if let Some(fields) = self.fields.get_mut(noun.index()) {
            fields.push(FieldDef { name: name.into(), kind });
        }
    }

    /// Whether data built for `other` can be read as data for this.
    #[doc(hidden)]
    pub fn fits(&self, other: &Schema) -> bool {
        self.zone == other.zone
            && self.kinds.iter().all(|kind| other.kinds.contains(kind))
            && self.fields == other.fields
    }
}
