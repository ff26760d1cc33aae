//! Activity KPIs as rules that can be read, tested, trusted and embedded.

mod check;
pub mod diagnostic;
mod model;
mod syntax;
pub mod verdict;

pub use check::{NoFiles, PRELUDE, Resolver};
pub use diagnostic::{Code, Diagnostic, Diagnostics};
pub use model::{
    Absence, Activity, ActivityStatus, Campaign, CampaignStatus, Contact, Customer, Dataset,
    DatasetBuilder, Entity, FieldDef, FieldType, Initiator, Lead, LeadStatus, Member, Moment,
    MomentError, Noun, Number, Opportunity, OpportunityStatus, Place, Problem, Problems, Scalar,
    Schema, Seller, Tables, Team, Temperature,
};
pub use verdict::{Report, Severity, Status, Verdict};
