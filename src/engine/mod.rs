//! Runs a plan over prepared data.
//!
//! - [`store`]: the data as typed columns
//! - [`view`]: as of when
//! - [`things`], [`field`], [`span`], [`found`], [`measure`]: what conditions are made of
//! - [`compare`], [`deadline`], [`outcome`]: conditions
//! - [`rule`], [`score`], [`list`]: verdicts and what is made of them
//! - [`demand`]: how many activities rules ask for; [`outlook`]: what an act would do
//! - [`evaluation`]: all of it; [`evidence`]: what counted; [`probe`]: what a part of a rule comes to
//! - [`counted`]: the things that a goal counts
//! - [`story`]: what is behind a verdict

mod answer;
mod bound;
mod compare;
mod counted;
mod deadline;
mod decisions;
mod demand;
mod evaluation;
mod evidence;
mod field;
mod found;
mod list;
mod measure;
mod outcome;
mod outlook;
mod parallel;
mod probe;
mod quick;
mod rule;
mod score;
mod span;
mod store;
mod story;
mod things;
mod view;

pub(crate) use counted::Counted;
pub(crate) use decisions::Decisions;
pub(crate) use demand::{Asked, Demand};
pub(crate) use evaluation::{Evaluation, Options};
pub(crate) use outlook::{Outlook, Standing};
pub(crate) use parallel::{in_parts, part_size};
pub(crate) use probe::{Edge, Probe, Whom, all, any, opposite, sets};
pub use store::{Batch, Texts, Validity, Values};
pub(crate) use store::{COMPANY, Known, Store, StoreBuilder, kind_of};
pub(crate) use story::Untold;
pub(crate) use view::Moment;
