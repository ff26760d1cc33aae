//! What activity brings, estimated from data: with intervals, and with what cannot be concluded.
//!
//! The facts come from the library, exact and in the language of the rules; the estimates are made
//! here. Whatever is drawn at random is drawn from a seed, so that the same data gives the same
//! answer.

mod bootstrap;
pub mod effect;
pub mod goal;
mod interval;
mod rate;
mod status;
mod survival;

pub use bootstrap::mean_interval;
pub use interval::{Interval, quantile};
pub use rate::Rate;
pub use status::CurrentStatus;
pub use survival::{KaplanMeier, Step, Watched};

/// Random numbers from a seed, the same on every machine.
pub type Random = rand_chacha::ChaCha8Rng;
