//! The standard fields that the language itself reads.

use crate::model::{FieldRef, Noun, Schema};

macro_rules! fields {
    ($($name:ident = $noun:ident $field:literal,)+) => {
        /// Where the schema has them.
        #[derive(Debug, Clone)]
        pub(crate) struct Fields { $(pub(crate) $name: FieldRef,)+ }

        impl Fields {
            pub(crate) fn new(schema: &Schema) -> Self {
                let field = |noun, name| {
                    let nowhere = FieldRef { noun, index: usize::MAX };
                    schema.field_ref(noun, name).unwrap_or(nowhere)
                };
                Fields { $($name: field(Noun::$noun, $field),)+ }
            }

            /// All of them.
            pub(crate) fn all(&self) -> Vec<FieldRef> {
                vec![$(self.$name,)+]
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

impl Fields {
    /// The field by which an activity names a thing of a noun whose it is, customers apart: those
    /// are named in three ways.
    pub(crate) fn of_activity(&self, owner: Noun) -> Option<FieldRef> {
        match owner {
            Noun::Seller => Some(self.activity_seller),
            Noun::Contact => Some(self.activity_contact),
            Noun::Lead => Some(self.activity_lead),
            Noun::Opportunity => Some(self.activity_opportunity),
            Noun::Campaign => Some(self.activity_campaign),
            Noun::Activity => Some(self.activity_follows),
            _ => None,
        }
    }
}
