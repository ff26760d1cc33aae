//! Activity KPIs as rules that can be read, tested, trusted and embedded.

mod check;
pub mod diagnostic;
mod eval;
mod model;
mod ruleset;
mod ruletest;
mod syntax;
pub mod verdict;

pub use check::{NoFiles, Resolver};
pub use diagnostic::{Code, Diagnostic, Diagnostics};
pub use model::{
    Absence, Activity, ActivityStatus, Campaign, CampaignStatus, Cell, Contact, Customer, Dataset,
    DatasetBuilder, Entity, FieldDef, FieldType, Initiator, Lead, LeadStatus, Member, Moment,
    MomentError, Noun, Number, Opportunity, OpportunityStatus, Place, Problem, Problems, Record,
    Scalar, Schema, Seller, Tables, Team, Temperature,
};
pub use ruleset::{AsOf, Compilation, Compiler, EvaluateError, Options, PRELUDE, RuleSet};
pub use ruletest::{TestFailure, TestResult, TestRun};
pub use verdict::{Report, Severity, Status, Verdict};

/// Runs the examples of the guide for embedders.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
struct Embedding;
