//! `kadence completions`: what a shell needs to complete the command.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::output::{Failure, print};
use crate::{Cli, Outcome};

/// Print a script that lets a shell complete this command
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence completions bash > ~/.local/share/bash-completion/completions/kadence
  kadence completions fish > ~/.config/fish/completions/kadence.fish")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "kadence", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
