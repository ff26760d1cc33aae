//! `kadence explain`: what a diagnostic code means.

use kadence::Code;

use crate::Outcome;
use crate::output::{Failure, clean, print};

/// Explain a diagnostic code, or list them all
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence explain K012
  kadence explain              every code with its summary")]
pub(crate) struct Args {
    /// The code as diagnostics show it: `K012`
    code: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let text = match &args.code {
        Some(code) => {
            let code: Code = code.parse().map_err(|error| Failure(clean(error)))?;
            format!("{}\n", code.page().trim_end())
        }
        None => Code::ALL.iter().map(|code| format!("{code}  {}\n", code.summary())).collect(),
    };
    print(&text)?;
    Ok(Outcome::Done)
}
