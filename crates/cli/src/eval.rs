//! `kadence eval`: rules and data in, verdicts out.

use std::path::PathBuf;

use clap::ValueEnum;
use kadence::{Language, Options, Status};

use crate::inputs::{Inputs, Wanted};
use crate::output::{Failure, print};
use crate::progress::Progress;
use crate::shown::Shown;
use crate::{Outcome, as_of, data, rules};

/// Judge data by rules
///
/// RULES may be one folder: then its one `.kpi` that is no `_test.kpi` and that no other uses has
/// the rules, and `data/`, or the folder itself, has the data.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence eval examples/nordic
  kadence eval targets.kpi --data crm --as-of 2026-11-15
  kadence eval targets.kpi --data crm --status missed --format csv > missed.csv
  kadence eval targets.kpi --data crm --fail-on missed   for a nightly job

Exit codes: 0 evaluated; 1 evaluated, and there is something that --fail-on names; 2 the rules,
the data or the arguments are wrong.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has everything
    #[arg(required = true)]
    rules: Vec<PathBuf>,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Where the range of deadlines and history starts [default: this year's first day]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Judge every period since the range's start, not only the current one
    #[arg(long)]
    history: bool,
    /// Only this rule, by its id; may be repeated
    #[arg(long, value_name = "RULE")]
    only: Vec<String>,
    #[command(flatten)]
    shown: Shown,
    /// The language of sentences and reasons, `en` or `da`. Headings, statuses and what reading the
    /// data finds stay English
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::English)]
    lang: Language,
    /// Exit with 1 if a verdict is missed; `at-risk`: if one is at risk or missed
    #[arg(long, value_enum, value_name = "STATUS")]
    fail_on: Option<FailOn>,
    /// Evaluate the rules without errors, instead of stopping
    #[arg(long)]
    keep_going: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Missed,
    AtRisk,
}

impl FailOn {
    fn names(self, status: Status) -> bool {
        status == Status::Missed || (self == FailOn::AtRisk && status == Status::AtRisk)
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let from = args.from.as_deref().map(|text| as_of::parse_date("`--from`", text)).transpose()?;
    let wanted = Wanted {
        rules: &args.rules,
        data: &args.data,
        as_of: args.as_of.as_deref(),
        keep_going: args.keep_going,
    };
    let Inputs { files, rules, data, problems: (problems, total), as_of } = wanted.prepare()?;
    let progress = Progress::start("evaluating");
    let options = Options {
        from,
        history: args.history,
        only: args.only.clone(),
        language: args.lang,
        ..Options::at(as_of)
    };
    let evaluation =
        rules.judge(&data, &options).map_err(|error| rules::refused(error, &[&rules]))?;
    let mut report = evaluation.report();
    report.problems.splice(0..0, problems);
    rules::name_files(&mut report.rules, &files);
    let failed = args
        .fail_on
        .is_some_and(|fail_on| report.verdicts.iter().any(|verdict| fail_on.names(verdict.status)));
    let (is_json, problems) = (args.shown.is_json(), report.problems.clone());
    let text = args.shown.write(report)?;
    drop(progress);

    if !is_json {
        data::say(&problems, total);
    }
    print(&text)?;
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fail_on_at_risk_means_at_risk_or_worse() {
        let named = |fail_on: FailOn| -> Vec<Status> {
            Status::ALL.into_iter().filter(|status| fail_on.names(*status)).collect()
        };
        assert_eq!(named(FailOn::Missed), [Status::Missed]);
        assert_eq!(named(FailOn::AtRisk), [Status::AtRisk, Status::Missed]);
    }
}
