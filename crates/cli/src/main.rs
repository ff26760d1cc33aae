//! The command `kadence`.

mod as_of;
mod campaign;
mod check;
mod completions;
mod data;
mod data_check;
mod diff;
mod effect;
mod eval;
mod every;
mod explain;
mod fmt;
mod folder;
mod goal;
mod history;
mod init;
mod inputs;
mod lines;
mod list;
mod output;
mod pages;
mod plan;
mod plan_of;
mod prelude;
mod progress;
mod report;
mod rules;
mod sections;
mod shown;
mod snapshot;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::output::{Failure, complain};

/// Activity KPIs as rules that can be read, tested and trusted
#[derive(Debug, Parser)]
#[command(name = "kadence", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  kadence check targets.kpi                       what is wrong with the rules
  kadence init exports/                           a mapping and rules to start from
  kadence eval examples/nordic                    rules, data and as-of found in a folder
  kadence eval targets.kpi --data crm --as-of 2026-11-15 --fail-on missed
  kadence report examples/nordic --out report.html   a page to look at
  kadence list examples/nordic                    what to do, and with whom
  kadence data check crm                          what to mend in data
  kadence diff old.kpi new.kpi --data crm         who would have been judged differently
  kadence campaign examples/nordic fair-2026      what became of a campaign
  kadence goal examples/nordic new-sales          how much activity the goal needs
  kadence effect examples/nordic                  whether targets work
  kadence snapshot targets.kpi --data crm --to history.db   keep what is judged today
  kadence history history.db                      runs and trends
  kadence test rules/                             every test in every .kpi below
  kadence test rules/ --coverage                  what of the rules no test reaches
  kadence fmt --check rules/                      what is not in the one form
  kadence explain K012                            what an error means
  kadence explain examples/nordic a-contact c046  what is behind a verdict

Exit codes: 0 done; 1 something failed (`test`, `--fail-on`, `fmt --check`); 2 the rules, the
data or the arguments are wrong.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Eval(eval::Args),
    List(list::Args),
    Plan(plan::Args),
    #[command(subcommand)]
    Data(DataCommand),
    Diff(diff::Args),
    Campaign(campaign::Args),
    Effect(effect::Args),
    Goal(goal::Args),
    Report(pages::Args),
    Snapshot(snapshot::Args),
    History(history::Args),
    Test(test::Args),
    Fmt(fmt::Args),
    Explain(explain::Args),
    PlanOf(plan_of::Args),
    Prelude(prelude::Args),
    Init(init::Args),
    Completions(completions::Args),
}

/// Look after data
#[derive(Debug, Subcommand)]
enum DataCommand {
    Check(data_check::Args),
}

/// What a subcommand came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 1: it ran, and something failed.
    Failed,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Check(args) => check::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::List(args) => list::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Data(DataCommand::Check(args)) => data_check::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Campaign(args) => campaign::run(&args),
        Command::Effect(args) => effect::run(&args),
        Command::Goal(args) => goal::run(&args),
        Command::Report(args) => pages::run(&args),
        Command::Snapshot(args) => snapshot::run(&args),
        Command::History(args) => history::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::PlanOf(args) => plan_of::run(&args),
        Command::Prelude(args) => prelude::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Completions(args) => completions::run(&args),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(Failure(message)) => {
            complain(&format!("error: {message}"));
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Cli::command().debug_assert();
    }
}
