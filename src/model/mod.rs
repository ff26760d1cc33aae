//! The ground floor: what a sales organisation consists of, and its calendar.

mod builder;
pub(crate) mod calendar;
mod dataset;
mod entity;
pub(crate) mod moment;
mod number;
mod problem;
pub(crate) mod relation;
mod schema;
mod value;

pub use builder::{Cell, DatasetBuilder, Record};
pub use dataset::Dataset;
pub(crate) use dataset::Item;
pub use entity::{
    Absence, Activity, ActivityStatus, Campaign, CampaignStatus, Contact, Customer, Entity,
    Initiator, Lead, LeadStatus, Member, Opportunity, OpportunityStatus, Seller, Tables, Team,
    Temperature,
};
pub use moment::{Moment, MomentError};
pub use number::Number;
pub use problem::{Place, Problem, Problems};
pub(crate) use schema::FieldRef;
pub use schema::{FieldDef, FieldType, Noun, Schema};
pub use value::Scalar;
pub(crate) use value::Value;
