//! Activity KPIs as rules that can be read, tested, trusted and embedded.
//!
//! A rule says what every member of a population must satisfy: `A-customer: touchpoints >= 4 per
//! year`, `hot lead: next activity`, `meeting: followed by activity within 7 days`. kadence judges
//! every subject against every rule as of any moment, and gives its reasons.
//!
//! ```
//! use kadence::{Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Options, RuleSet, Status};
//!
//! let rules = RuleSet::compile("targets.kpi", "customer: touchpoints >= 4 per year", &NoFiles)?;
//! let mut data = Dataset::builder(rules.schema());
//! data.add(Customer::new("acme"));
//! let at = "2026-02-01T10:00".parse::<Moment>()?;
//! let call = Activity::new("a1", "call", ActivityStatus::Completed, at);
//! data.add(Activity { customer: Some("acme".into()), ..call });
//! let (data, _notes) = data.build()?;
//!
//! let report = rules.evaluate(&data, &Options::at("2026-11-15".parse::<AsOf>()?))?;
//! for verdict in &report.verdicts {
//!     assert_eq!(verdict.status, Status::AtRisk);
//!     assert_eq!(verdict.sentence, "1 of 4 touchpoints this year");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The way in is [`RuleSet`]: compile rules, build a [`Dataset`] against their [`Schema`], evaluate,
//! walk the [`Report`]. [`RuleSet::test`] runs the tests that are written in the rules themselves.
//! Nothing here opens a file or reads the clock: a [`Resolver`] gives the files that rules use, and
//! [`Options`] say as of when. Everything is `Send + Sync`.

mod analysis;
pub mod campaign;
mod check;
pub mod comparison;
pub mod diagnostic;
pub mod effect;
mod engine;
pub mod feasibility;
pub mod funnel;
pub mod history;
mod model;
pub mod overview;
mod plan;
mod prepared;
mod ruleset;
mod ruletest;
#[doc(hidden)]
mod sentence;
mod syntax;
pub mod verdict;
pub mod worklist;

pub use campaign::Campaigns;
pub use check::{NoFiles, Resolver};
pub use comparison::{Backtest, Every};
pub use diagnostic::{Code, Diagnostic, Diagnostics};
pub use engine::{Batch, Texts, Validity, Values};
pub use feasibility::Feasibility;
pub use funnel::Funnel;
pub use model::{
    Absence, Activity, ActivityStatus, Campaign, CampaignStatus, Cell, Contact, Customer, Dataset,
    DatasetBuilder, Entity, FieldDef, FieldType, Initiator, Lead, LeadStatus, Member, Moment,
    MomentError, Noun, Number, Opportunity, OpportunityStatus, Place, Problem, Problems, Record,
    Scalar, Schema, Seller, Tables, Team, Temperature,
};
pub use plan::PlanText;
pub use prepared::{Decision, Evaluation, Evidence, NoStory, Prepared, PreparedBuilder};
pub use ruleset::{
    AsOf, Compilation, Compiler, EvaluateError, Options, PRELUDE, RuleSet, format, mutants,
};
pub use ruletest::coverage::{
    CaseCoverage, CaseKind, Coverage, CoveredKind, ItemCoverage, PartCoverage,
};
pub use ruletest::{
    Change, Compared, Fate, Mutant, MutantKind, MutantRun, MutatedItem, TestFailure, TestInfo,
    TestResult, TestRun, UselessAllowance,
};
pub use sentence::{Language, UnknownLanguage};
pub use verdict::{Report, Scores, Severity, Status, Verdict};
pub use worklist::Worklists;

/// What the reference evaluator is written on; no part of the API.
#[doc(hidden)]
pub mod internals {
    pub use crate::analysis::logic::{Claims, Contradiction, Implication, Witness, claims};
    pub use crate::check::rules;
    pub use crate::model::calendar;
    pub use crate::model::relation::relates;
    pub use crate::model::{FieldRef, Item, Value};
    pub use crate::plan::Rewrite;
    pub use crate::ruletest::{Given, givens};

    pub mod sentence {
        pub use crate::sentence::*;
    }
}

#[doc = include_str!("../ARCHITECTURE.md")]
#[cfg(doc)]
pub mod architecture {}

/// Runs the examples of the guide for embedders and of the front page.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
#[doc = include_str!("../docs/lists.md")]
#[doc = include_str!("../README.md")]
struct Guides;
