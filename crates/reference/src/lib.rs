//! The reference evaluator: written for reading, sentence by sentence of the language reference,
//! with no cleverness. The library's engine must say the same; `tests/agreement.rs` holds it to
//! that.
//!
//! - `view`: as of when
//! - `world`: whose things are whose
//! - `field`, `phrase`, `span`, `measure`: what conditions are made of
//! - `compare`, `deadline`, `outcome`: conditions
//! - `rule`, `score`, `list`: verdicts and what is made of them
//!
//! How things will stand on a later day is found by looking at each day until then. That is slow;
//! [`Reference::report`] does it for `changes` only where it is asked to.

mod answer;
mod compare;
mod deadline;
mod evaluation;
mod field;
mod lasting;
mod list;
mod measure;
mod outcome;
mod phrase;
mod rule;
mod score;
mod span;
mod view;
mod world;

pub use evaluation::Reference;
