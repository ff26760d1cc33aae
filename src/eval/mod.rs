//! The reference evaluator: written for reading, sentence by sentence of the language reference.
//!
//! - [`view`]: as of when
//! - [`world`]: whose things are whose
//! - [`field`], [`phrase`], [`span`], [`measure`]: what conditions are made of
//! - [`compare`], [`deadline`], [`outcome`]: conditions
//! - [`rule`], [`score`], [`list`]: verdicts and what is made of them

mod answer;
mod compare;
mod deadline;
mod field;
mod lasting;
mod list;
mod measure;
mod outcome;
mod phrase;
mod population;
mod rule;
mod score;
mod span;
mod view;
mod world;

pub(crate) use population::{Evaluation, Options as EvalOptions};
