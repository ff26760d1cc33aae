//! Who belongs to whom, and what can be read of a thing.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use kadence::internals::rules::{ActivityStatus, Compiled};
use kadence::internals::{FieldRef, Item, Value};
use kadence::{Dataset, FieldType, Language, Noun};
use rust_decimal::Decimal;

/// Rules and data, with an index of whose things are whose.
pub(crate) struct World<'a> {
    pub(crate) rules: &'a Compiled,
    pub(crate) data: &'a Dataset,
    /// In which verdicts are told.
    pub(crate) language: Language,
    pub(crate) fields: Fields,
    /// The things of a noun that belong to each thing; activities in the order of their days.
    things: HashMap<(Item, Noun), Vec<Item>>,
}

/// A value that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Known<'a> {
    Text(&'a str),
    Number(Decimal),
    Date(NaiveDate),
    Instant(DateTime<Utc>, NaiveDate),
    YesNo(bool),
    Thing(Item),
}

impl Known<'_> {
    /// The day of a date or an instant.
    pub(crate) fn day(self) -> Option<NaiveDate> {
        match self {
            Known::Date(day) | Known::Instant(_, day) => Some(day),
            _ => None,
        }
    }
}

macro_rules! fields {
    ($($name:ident = $noun:ident $field:literal,)+) => {
        /// The standard fields that the language itself reads.
        pub(crate) struct Fields { $(pub(crate) $name: FieldRef,)+ }

        impl Fields {
            fn new(data: &Dataset) -> Self {
                let field = |noun, name| {
                    let nowhere = FieldRef { noun, index: usize::MAX };
                    data.schema().field_ref(noun, name).unwrap_or(nowhere)
                };
                Fields { $($name: field(Noun::$noun, $field),)+ }
            }
        }
    };
}

fields! {
    team_parent = Team "parent",
    team_name = Team "name",
    seller_name = Seller "name",
    seller_team = Seller "team",
    seller_started = Seller "started",
    seller_ended = Seller "ended",
    customer_name = Customer "name",
    customer_segment = Customer "segment",
    customer_owner = Customer "owner",
    customer_created = Customer "created",
    contact_name = Contact "name",
    contact_customer = Contact "customer",
    lead_name = Lead "name",
    lead_campaign = Lead "campaign",
    lead_status = Lead "status",
    lead_owner = Lead "owner",
    lead_created = Lead "created",
    lead_converted = Lead "converted",
    lead_customer = Lead "customer",
    opportunity_name = Opportunity "name",
    opportunity_customer = Opportunity "customer",
    opportunity_lead = Opportunity "lead",
    opportunity_owner = Opportunity "owner",
    opportunity_status = Opportunity "status",
    opportunity_created = Opportunity "created",
    opportunity_expected_close = Opportunity "expected_close",
    opportunity_closed = Opportunity "closed",
    campaign_name = Campaign "name",
    campaign_owner = Campaign "owner",
    campaign_start = Campaign "start",
    campaign_end = Campaign "end",
    absence_seller = Absence "seller",
    absence_from = Absence "from",
    absence_until = Absence "until",
    member_campaign = Member "campaign",
    member_customer = Member "customer",
    member_lead = Member "lead",
    activity_kind = Activity "kind",
    activity_status = Activity "status",
    activity_at = Activity "at",
    activity_created = Activity "created",
    activity_seller = Activity "seller",
    activity_customer = Activity "customer",
    activity_contact = Activity "contact",
    activity_lead = Activity "lead",
    activity_opportunity = Activity "opportunity",
    activity_campaign = Activity "campaign",
    activity_follows = Activity "follows",
}

/// The organisation itself.
pub(crate) const COMPANY: Item = Item { noun: Noun::Company, row: 0 };

impl<'a> World<'a> {
    pub(crate) fn new(rules: &'a Compiled, data: &'a Dataset, language: Language) -> Self {
        let (fields, things) = (Fields::new(data), HashMap::new());
        let mut world = World { rules, data, language, fields, things };
        // An activity belongs to the members whose things it belongs to: members come first.
        for noun in Noun::ALL {
            for thing in world.in_order(noun) {
                for owners in Noun::ALL {
                    for owner in world.belongs_to(thing, owners) {
                        world.things.entry((owner, noun)).or_default().push(thing);
                    }
                }
            }
        }
        world
    }

    /// The value of a field as the data has it.
    pub(crate) fn raw(&self, item: Item, field: FieldRef) -> Option<Known<'a>> {
        Some(match self.data.value(item, field) {
            Value::Unknown => return None,
            Value::Text(text) => Known::Text(text),
            Value::Number(number) => Known::Number(*number),
            Value::Date(day) => Known::Date(*day),
            Value::Instant(at, day) => Known::Instant(*at, *day),
            Value::YesNo(yes) => Known::YesNo(*yes),
            Value::Reference(row) => match self.data.schema().definition(field)?.kind {
                FieldType::Reference(noun) => Known::Thing(Item { noun, row: *row }),
                _ => return None,
            },
        })
    }

    /// The thing that a reference leads to.
    pub(crate) fn reference(&self, item: Item, field: FieldRef) -> Option<Item> {
        match self.raw(item, field)? {
            Known::Thing(other) => Some(other),
            _ => None,
        }
    }

    /// The day of a date or instant field.
    pub(crate) fn date(&self, item: Item, field: FieldRef) -> Option<NaiveDate> {
        self.raw(item, field)?.day()
    }

    /// What the data calls an activity's status.
    pub(crate) fn raw_status(&self, activity: Item) -> Option<ActivityStatus> {
        match self.raw(activity, self.fields.activity_status)? {
            Known::Text("planned") => Some(ActivityStatus::Planned),
            Known::Text("completed") => Some(ActivityStatus::Completed),
            Known::Text("cancelled") => Some(ActivityStatus::Cancelled),
            _ => None,
        }
    }

    /// When an activity takes place.
    pub(crate) fn at(&self, activity: Item) -> (DateTime<Utc>, NaiveDate) {
        match self.raw(activity, self.fields.activity_at) {
            Some(Known::Instant(at, day)) => (at, day),
            _ => (DateTime::<Utc>::MIN_UTC, NaiveDate::MIN),
        }
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

    /// A thing's name, if it has one.
    pub(crate) fn name(&self, item: Item) -> Option<&'a str> {
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

    /// "A verdict belongs to the subject's owner (activity: its seller; member: its lead's or
    /// customer's owner; seller: itself)."
    pub(crate) fn owner(&self, item: Item) -> Option<Item> {
        self.belongs_to(item, Noun::Seller).into_iter().next()
    }

    /// The things of one noun that belong to an owner; activities in the order of their days,
    /// then ids.
    pub(crate) fn things_of(&self, owner: Item, things: Noun) -> &[Item] {
        self.things.get(&(owner, things)).map_or(&[], Vec::as_slice)
    }

    fn in_order(&self, noun: Noun) -> Vec<Item> {
        let mut all: Vec<Item> = self.data.items(noun).collect();
        if noun == Noun::Activity {
            all.sort_by_key(|item| (self.at(*item).1, self.data.id(*item)));
        }
        all
    }

    /// To which things of a noun a thing belongs, each once. "A customer's activities: those about it,
    /// its contacts or its opportunities. A lead's, opportunity's or campaign's: those that name it.
    /// A member's: its customer's or lead's. A seller's: those it performed. A team's: its sellers'
    /// and its child teams'. The company's: all." "A seller's customers, leads, opportunities,
    /// campaigns: those it owns. A customer's opportunities are that customer's. A campaign's members,
    /// leads and opportunities (by their lead) are that campaign's."
    pub(crate) fn belongs_to(&self, thing: Item, owners: Noun) -> Vec<Item> {
        let fields = &self.fields;
        let one = |field| self.reference(thing, field).into_iter().collect::<Vec<_>>();
        let through = |field, next| match self.reference(thing, field) {
            Some(other) => self.belongs_to(other, next),
            None => Vec::new(),
        };
        let mut found = match (thing.noun, owners) {
            (_, Noun::Company) => vec![COMPANY],
            (Noun::Team, Noun::Team) => {
                self.team_and_parents(self.reference(thing, fields.team_parent))
            }
            (Noun::Seller, Noun::Team) => {
                self.team_and_parents(self.reference(thing, fields.seller_team))
            }
            (_, Noun::Team) => {
                let sellers = self.belongs_to(thing, Noun::Seller);
                sellers.into_iter().flat_map(|seller| self.belongs_to(seller, Noun::Team)).collect()
            }
            (Noun::Seller, Noun::Seller) => vec![thing],
            (Noun::Customer, Noun::Seller) => one(fields.customer_owner),
            (Noun::Contact, Noun::Seller) => through(fields.contact_customer, Noun::Seller),
            (Noun::Contact, Noun::Customer) => one(fields.contact_customer),
            (Noun::Lead, Noun::Seller) => one(fields.lead_owner),
            (Noun::Lead, Noun::Customer) => one(fields.lead_customer),
            (Noun::Lead, Noun::Campaign) => one(fields.lead_campaign),
            (Noun::Opportunity, Noun::Seller) => one(fields.opportunity_owner),
            (Noun::Opportunity, Noun::Customer) => one(fields.opportunity_customer),
            (Noun::Opportunity, Noun::Lead) => one(fields.opportunity_lead),
            (Noun::Opportunity, Noun::Campaign) => through(fields.opportunity_lead, Noun::Campaign),
            (Noun::Campaign, Noun::Seller) => one(fields.campaign_owner),
            (Noun::Absence, Noun::Seller) => one(fields.absence_seller),
            (Noun::Member, Noun::Campaign) => one(fields.member_campaign),
            (Noun::Member, Noun::Customer) => one(fields.member_customer),
            (Noun::Member, Noun::Lead) => one(fields.member_lead),
            (Noun::Member, Noun::Seller) => {
                let lead = through(fields.member_lead, Noun::Seller);
                if lead.is_empty() { through(fields.member_customer, Noun::Seller) } else { lead }
            }
            (Noun::Activity, Noun::Seller) => one(fields.activity_seller),
            (Noun::Activity, Noun::Customer) => {
                let mut about = one(fields.activity_customer);
                about.extend(through(fields.activity_contact, Noun::Customer));
                about.extend(through(fields.activity_opportunity, Noun::Customer));
                about
            }
            (Noun::Activity, Noun::Contact) => one(fields.activity_contact),
            (Noun::Activity, Noun::Lead) => one(fields.activity_lead),
            (Noun::Activity, Noun::Opportunity) => one(fields.activity_opportunity),
            (Noun::Activity, Noun::Campaign) => one(fields.activity_campaign),
            (Noun::Activity, Noun::Activity) => one(fields.activity_follows),
            (Noun::Activity, Noun::Member) => {
                let mut targets = self.belongs_to(thing, Noun::Customer);
                targets.extend(one(fields.activity_lead));
                let members = |target: &Item| self.things_of(*target, Noun::Member);
                targets.iter().flat_map(members).copied().collect()
            }
            _ => Vec::new(),
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    fn team_and_parents(&self, team: Option<Item>) -> Vec<Item> {
        let mut chain = BTreeSet::new();
        let mut next = team;
        while let Some(team) = next {
            if !chain.insert(team) {
                break;
            }
            next = self.reference(team, self.fields.team_parent);
        }
        chain.into_iter().collect()
    }
}
