//! The things of a sales organisation, as a host gives them.
//!
//! One list says for every noun which fields it has; the types, their serde, and the schema that
//! rules and data are held against are made from it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::number::exact;
use super::{FieldDef, FieldType, Moment, Noun, Scalar};

/// A thing that a dataset holds a table of.
pub trait Entity: sealed::Cells {
    /// Its noun.
    const NOUN: Noun;
}

pub(crate) mod sealed {
    use std::borrow::Cow;

    use super::Scalar;

    /// A row as names and values.
    pub trait Cells {
        /// The known fields, the id among them where the noun has one.
        fn into_cells(self) -> Vec<(Cow<'static, str>, Scalar)>;
    }
}

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$value_doc])* $value,)+ }

        impl $name {
            const TEXTS: &'static [&'static str] = &[$($text),+];
        }

        impl From<$name> for Scalar {
            fn from(value: $name) -> Scalar {
                Scalar::Text(match value { $($name::$value => $text),+ }.to_owned())
            }
        }
    };
}

choices! {
    /// How warm a lead is.
    Temperature {
        /// About to buy.
        Hot "hot",
        /// Interested.
        Warm "warm",
        /// Not yet interested.
        Cold "cold",
    }
}
choices! {
    /// How far a lead has come.
    LeadStatus {
        /// Still a lead.
        Open "open",
        /// Has become a customer.
        Converted "converted",
        /// Will not become one.
        Lost "lost",
    }
}
choices! {
    /// How far an opportunity has come.
    OpportunityStatus {
        /// Not decided.
        Open "open",
        /// Sold.
        Won "won",
        /// Not sold.
        Lost "lost",
    }
}
choices! {
    /// Who set a campaign going.
    Initiator {
        /// Marketing did.
        Marketing "marketing",
        /// Sales did.
        Sales "sales",
    }
}
choices! {
    /// How far a campaign has come.
    CampaignStatus {
        /// Thought of.
        Planned "planned",
        /// Ready to start.
        Prepared "prepared",
        /// Going on.
        Running "running",
        /// Over.
        Done "done",
        /// Called off.
        Cancelled "cancelled",
    }
}
choices! {
    /// How far an activity has come.
    ActivityStatus {
        /// To be done.
        Planned "planned",
        /// Done.
        Completed "completed",
        /// Called off.
        Cancelled "cancelled",
    }
}

/// A field of an entity as a value, none where it is unknown.
trait IntoCell {
    fn into_cell(self) -> Option<Scalar>;
}

impl<T: Into<Scalar>> IntoCell for Option<T> {
    fn into_cell(self) -> Option<Scalar> {
        self.map(Into::into)
    }
}

macro_rules! scalars {
    ($($type:ty => $variant:ident,)+) => {
        $(
            impl From<$type> for Scalar {
                fn from(value: $type) -> Scalar {
                    Scalar::$variant(value)
                }
            }
        )+
    };
}

scalars! { String => Text, Decimal => Number, NaiveDate => Date, Moment => Moment, bool => YesNo, }

macro_rules! required_cell {
    ($($type:ty),+) => {
        $(
            impl IntoCell for $type {
                fn into_cell(self) -> Option<Scalar> {
                    Some(self.into())
                }
            }
        )+
    };
}

required_cell!(String, Moment, ActivityStatus);

macro_rules! field_type {
    (text) => {
        FieldType::Text
    };
    (number) => {
        FieldType::Number
    };
    (date) => {
        FieldType::Date
    };
    (instant) => {
        FieldType::Instant
    };
    (one_of $choice:ident) => {
        FieldType::OneOf($choice::TEXTS)
    };
    (id_of $noun:ident) => {
        FieldType::Reference(Noun::$noun)
    };
}

/// Makes the type of a noun, its cells and its part of the schema from one list of fields:
/// `name: type in Rust, type in the language;`.
macro_rules! entities {
    ($(
        $(#[$doc:meta])*
        $name:ident $(($id:ident))? {
            $($(#[$field_doc:meta])* $field:ident: $type:ty, $kind:ident $(($of:ident))?;)+
        }
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            pub struct $name {
                $(
                    /// What it is called in the data; unique in its table.
                    pub $id: String,
                )?
                $($(#[$field_doc])* pub $field: $type,)+
                /// The fields that the rule set declares.
                #[serde(flatten)]
                pub extra: BTreeMap<String, Scalar>,
            }

            impl Entity for $name {
                const NOUN: Noun = Noun::$name;
            }

            impl sealed::Cells for $name {
                fn into_cells(self) -> Vec<(Cow<'static, str>, Scalar)> {
                    let mut cells = Vec::new();
                    $(cells.push((Cow::from(stringify!($id)), Scalar::Text(self.$id)));)?
                    $(
                        if let Some(value) = self.$field.into_cell() {
                            cells.push((Cow::from(stringify!($field)), value));
                        }
                    )+
                    cells.extend(self.extra.into_iter().map(|(name, value)| (name.into(), value)));
                    cells
                }
            }
        )+

        /// The fields of a noun that need no declaration.
        pub(crate) fn standard_fields(noun: Noun) -> Vec<FieldDef> {
            match noun {
                Noun::Company => vec![FieldDef { name: "id".to_owned(), kind: FieldType::Text }],
                $(
                    Noun::$name => vec![
                        $(FieldDef { name: stringify!($id).to_owned(), kind: FieldType::Text },)?
                        $(FieldDef {
                            name: stringify!($field).to_owned(),
                            kind: field_type!($kind $($of)?),
                        },)+
                    ],
                )+
            }
        }
    };
}

entities! {
    /// A team of sellers.
    Team (id) {
        /// What people call it.
        name: Option<String>, text;
        /// The team that it is part of.
        parent: Option<String>, id_of(Team);
    }

    /// A person who sells.
    Seller (id) {
        /// What people call them.
        name: Option<String>, text;
        /// The team that they belong to.
        team: Option<String>, id_of(Team);
        /// Their mail address.
        email: Option<String>, text;
        /// Their first day.
        started: Option<NaiveDate>, date;
        /// Their last day.
        ended: Option<NaiveDate>, date;
        /// The part of a full position, 1 being all of it.
        #[serde(default, with = "exact::option")]
        fte: Option<Decimal>, number;
    }

    /// A company or person that buys.
    Customer (id) {
        /// What people call it.
        name: Option<String>, text;
        /// Its segment, `A` say.
        segment: Option<String>, text;
        /// The seller who looks after it.
        owner: Option<String>, id_of(Seller);
        /// The day on which it became a customer.
        created: Option<NaiveDate>, date;
        /// Whatever the company notes as its status.
        status: Option<String>, text;
        /// What it buys for in a year.
        #[serde(default, with = "exact::option")]
        revenue: Option<Decimal>, number;
        /// Its country.
        country: Option<String>, text;
    }

    /// A person at a customer.
    Contact (id) {
        /// What people call them.
        name: Option<String>, text;
        /// The customer that they work for.
        customer: Option<String>, id_of(Customer);
        /// What they do there.
        role: Option<String>, text;
        /// Their mail address.
        email: Option<String>, text;
    }

    /// Somebody who may become a customer.
    Lead (id) {
        /// What people call it.
        name: Option<String>, text;
        /// How warm it is.
        temperature: Option<Temperature>, one_of(Temperature);
        /// Where it came from.
        source: Option<String>, text;
        /// The campaign that it came from.
        campaign: Option<String>, id_of(Campaign);
        /// How far it has come.
        status: Option<LeadStatus>, one_of(LeadStatus);
        /// The seller who looks after it.
        owner: Option<String>, id_of(Seller);
        /// When it came in.
        created: Option<Moment>, instant;
        /// The day on which it became a customer.
        converted: Option<NaiveDate>, date;
        /// The customer that it became.
        customer: Option<String>, id_of(Customer);
    }

    /// A sale that may come about.
    Opportunity (id) {
        /// What people call it.
        name: Option<String>, text;
        /// The customer that may buy.
        customer: Option<String>, id_of(Customer);
        /// The lead that it came from.
        lead: Option<String>, id_of(Lead);
        /// The seller who looks after it.
        owner: Option<String>, id_of(Seller);
        /// The company's own name for how far it has come.
        stage: Option<String>, text;
        /// How far it has come.
        status: Option<OpportunityStatus>, one_of(OpportunityStatus);
        /// What it is worth.
        #[serde(default, with = "exact::option")]
        amount: Option<Decimal>, number;
        /// What it earns.
        #[serde(default, with = "exact::option")]
        margin: Option<Decimal>, number;
        /// The day on which it came up.
        created: Option<NaiveDate>, date;
        /// The day on which it should be decided.
        expected_close: Option<NaiveDate>, date;
        /// The day on which it was won or lost.
        closed: Option<NaiveDate>, date;
    }

    /// A campaign, such as a fair or a mailing.
    Campaign (id) {
        /// What people call it.
        name: Option<String>, text;
        /// What sort of campaign it is.
        kind: Option<String>, text;
        /// Who set it going.
        initiator: Option<Initiator>, one_of(Initiator);
        /// The seller who is responsible.
        owner: Option<String>, id_of(Seller);
        /// Its first day.
        start: Option<NaiveDate>, date;
        /// Its last day.
        end: Option<NaiveDate>, date;
        /// How far it has come.
        status: Option<CampaignStatus>, one_of(CampaignStatus);
        /// What was learned.
        learning: Option<String>, text;
        /// What came of it.
        outcome: Option<String>, text;
        /// What it cost.
        #[serde(default, with = "exact::option")]
        cost: Option<Decimal>, number;
    }

    /// Days on which a seller is away, both ends included.
    Absence {
        /// Who is away.
        seller: Option<String>, id_of(Seller);
        /// The first day.
        from: Option<NaiveDate>, date;
        /// The last day.
        until: Option<NaiveDate>, date;
    }

    /// A customer or lead that a campaign targets.
    Member {
        /// The campaign.
        campaign: Option<String>, id_of(Campaign);
        /// The customer, or else:
        customer: Option<String>, id_of(Customer);
        /// the lead.
        lead: Option<String>, id_of(Lead);
    }

    /// Something a seller does or plans.
    Activity (id) {
        /// `call`, `visit`, `meeting`, `email`, `message`, `demo`, `offer`, `task`, or a kind
        /// that the rule set declares.
        kind: String, text;
        /// How far it has come.
        status: ActivityStatus, one_of(ActivityStatus);
        /// When it took or takes place.
        at: Moment, instant;
        /// When it was entered or booked.
        created: Option<Moment>, instant;
        /// Who does it.
        seller: Option<String>, id_of(Seller);
        /// The customer that it is about.
        customer: Option<String>, id_of(Customer);
        /// The person that it is about.
        contact: Option<String>, id_of(Contact);
        /// The lead that it is about.
        lead: Option<String>, id_of(Lead);
        /// The opportunity that it is about.
        opportunity: Option<String>, id_of(Opportunity);
        /// The campaign that it is part of.
        campaign: Option<String>, id_of(Campaign);
        /// The activity that led to it.
        follows: Option<String>, id_of(Activity);
        /// How it was prepared.
        preparation: Option<String>, text;
        /// What came of it.
        outcome: Option<String>, text;
        /// What was learned.
        learning: Option<String>, text;
        /// Anything else.
        note: Option<String>, text;
        /// What it is about in money, an offer's value say.
        #[serde(default, with = "exact::option")]
        amount: Option<Decimal>, number;
        /// How long it takes, in minutes.
        #[serde(default, with = "exact::option")]
        minutes: Option<Decimal>, number;
    }
}

macro_rules! with_id {
    ($($name:ident { $($field:ident),+ })+) => {
        $(
            impl $name {
                /// One of which nothing is known but its id.
                pub fn new(id: impl Into<String>) -> Self {
                    $name { id: id.into(), $($field: None,)+ extra: BTreeMap::new() }
                }
            }
        )+
    };
}

with_id! {
    Team { name, parent }
    Seller { name, team, email, started, ended, fte }
    Customer { name, segment, owner, created, status, revenue, country }
    Contact { name, customer, role, email }
    Lead { name, temperature, source, campaign, status, owner, created, converted, customer }
    Opportunity {
        name, customer, lead, owner, stage, status, amount, margin, created, expected_close, closed
    }
    Campaign { name, kind, initiator, owner, start, end, status, learning, outcome, cost }
}

impl Activity {
    /// An activity of which nothing is known but what it cannot do without.
    pub fn new(
        id: impl Into<String>,
        kind: impl Into<String>,
        status: ActivityStatus,
        at: impl Into<Moment>,
    ) -> Self {
        Activity {
            id: id.into(),
            kind: kind.into(),
            status,
            at: at.into(),
            created: None,
            seller: None,
            customer: None,
            contact: None,
            lead: None,
            opportunity: None,
            campaign: None,
            follows: None,
            preparation: None,
            outcome: None,
            learning: None,
            note: None,
            amount: None,
            minutes: None,
            extra: BTreeMap::new(),
        }
    }
}

/// A whole dataset as a host gives or deserialises it; [`DatasetBuilder::tables`] takes it.
///
/// [`DatasetBuilder::tables`]: super::DatasetBuilder::tables
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tables {
    /// The teams.
    pub teams: Vec<Team>,
    /// The sellers.
    pub sellers: Vec<Seller>,
    /// The customers.
    pub customers: Vec<Customer>,
    /// The contacts.
    pub contacts: Vec<Contact>,
    /// The leads.
    pub leads: Vec<Lead>,
    /// The opportunities.
    pub opportunities: Vec<Opportunity>,
    /// The campaigns.
    pub campaigns: Vec<Campaign>,
    /// Whom the campaigns target.
    pub members: Vec<Member>,
    /// When sellers are away.
    pub absences: Vec<Absence>,
    /// The activities.
    pub activities: Vec<Activity>,
    /// The first day from which the activities are complete.
    pub complete_from: Option<NaiveDate>,
    /// The last day through which the activities are complete.
    pub complete_through: Option<NaiveDate>,
}
