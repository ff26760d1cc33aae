//! `kadence prelude`: the standard vocabulary.

use crate::Outcome;
use crate::output::{Failure, print};

/// Print the standard vocabulary, which is itself written in the language
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args) -> Result<Outcome, Failure> {
    print(kadence::PRELUDE)?;
    Ok(Outcome::Done)
}
