//! The ground floor: what a sales organisation consists of, and its calendar.

pub(crate) mod builder;
#[doc(hidden)]
pub mod calendar;
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
#[doc(hidden)]
pub use dataset::Item;
pub use entity::{
    Absence, Activity, ActivityStatus, Campaign, CampaignStatus, Contact, Customer, Entity,
    Initiator, Lead, LeadStatus, Member, Opportunity, OpportunityStatus, Seller, Tables, Team,
    Temperature,
};
pub use moment::{Moment, MomentError};
pub use number::Number;
pub use problem::{Place, Problem, Problems};
#[doc(hidden)]
pub use schema::FieldRef;
pub use schema::{FieldDef, FieldType, Noun, Schema};
pub use value::Scalar;
#[doc(hidden)]
pub use value::Value;
