//! Runs a plan over prepared data.
//!
//! - [`store`]: the data as typed columns
//! - [`view`]: as of when
//! - [`things`], [`field`], [`span`], [`found`], [`measure`]: what conditions are made of
//! - [`compare`], [`deadline`], [`outcome`]: conditions
//! - [`rule`], [`score`], [`list`]: verdicts and what is made of them
//! - [`evaluation`]: all of it

mod answer;
mod compare;
mod deadline;
mod evaluation;
mod field;
mod found;
mod list;
mod measure;
mod outcome;
mod rule;
mod score;
mod span;
mod store;
mod things;
mod view;

pub(crate) use evaluation::{Evaluation, Options as EvalOptions};
pub use store::{Batch, Store, StoreBuilder, Texts, Validity, Values};
