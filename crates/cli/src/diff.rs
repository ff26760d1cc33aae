//! `kadence diff`: two rule sets over the same past.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use kadence::comparison::{BacktestReport, Change, RuleDifference, Side};
use kadence::verdict::{ReportProblem, RuleInfo, Tally};
use kadence::{Backtest, Compilation, Dataset, RuleSet};

use crate::every::EveryArg;
use crate::output::{Failure, draw, print, tally};
use crate::progress::Progress;
use crate::report::{self, By, DiffView};
use crate::{Outcome, as_of, data, folder, rules};

/// Show who would have been judged differently by other rules
///
/// Both rule sets judge the same data, as of the last day of each month of the past year unless
/// `--from` and `--every` say otherwise. Rules belong together by their ids (`as NAME`), else by
/// their words. Of OLD and NEW, one may be `-`: rules on standard input, whose `use` names files
/// beside the other one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence diff targets.kpi proposal.kpi --data crm
  kadence diff ../before . --from 2026-01-01      two folders with rules; the data of NEW
  git show HEAD:./targets.kpi | kadence diff - targets.kpi --data crm
  kadence diff old.kpi new.kpi --data crm --from 2024-01-01 --every quarter
  kadence diff old.kpi new.kpi --data crm --once --only a-contact --all
  kadence diff old.kpi new.kpi --data crm --fail-on different   after a mere rewording

Exit codes: 0 compared; 1 compared, and there is something that --fail-on names; 2 the rules, the
data or the arguments are wrong.")]
pub(crate) struct Args {
    /// The rules as they were: a rule file, a folder that has one, or `-`
    old: PathBuf,
    /// The rules as they are to be: a rule file, a folder that has one, or `-`
    new: PathBuf,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant; no later day is judged [default: `as_of` of
    /// dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// The first day as of which rules are judged [default: as many as make a year]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// As of the last days of which periods, by the calendar of NEW
    #[arg(long, value_enum, default_value_t = EveryArg::Month)]
    every: EveryArg,
    /// As of the as-of alone
    #[arg(long, conflicts_with_all = ["from", "every"])]
    once: bool,
    /// Only this rule, by its id in OLD or NEW; may be repeated. Scores are then made of it alone
    #[arg(long, value_name = "RULE")]
    only: Vec<String>,
    /// Whose verdicts the summary counts
    #[arg(long, value_enum, default_value_t = By::Rule)]
    by: By,
    /// How the result is written. In csv, a text that a spreadsheet would run as a formula gets a
    /// `'` in front; json has everything as it is
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Show every row of the text, however many
    #[arg(long)]
    all: bool,
    /// Exit with 1 if a verdict is worse; `different`: if one differs in any way, a rule is added or
    /// removed that judges somebody, or a list or goal is added, removed or changed
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Worse,
    Different,
}

impl FailOn {
    fn names(self, report: &BacktestReport) -> bool {
        let counts = || report.as_ofs.iter().flat_map(|at| &at.rules);
        match self {
            FailOn::Worse => counts().any(|rule| rule.counts.worse > 0),
            FailOn::Different => {
                let mut items = report.lists.iter().chain(&report.goals);
                let means_other =
                    |change| !matches!(change, Change::Same | Change::Reworded | Change::Renamed);
                items.any(|item| means_other(item.change))
                    || counts().any(|rule| {
                        let one_sided = match (&rule.old_verdicts, &rule.new_verdicts) {
                            (Some(verdicts), None) | (None, Some(verdicts)) => {
                                *verdicts != Tally::default()
                            }
                            _ => false,
                        };
                        rule.counts.differing() > 0 || one_sided
                    })
            }
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let when = args.as_of.as_deref().map(|text| as_of::parse("`--as-of`", text)).transpose()?;
    let from = args.from.as_deref().map(|text| as_of::parse_date("`--from`", text)).transpose()?;
    let (old, new) = sources(args)?;
    let (old_rules, new_rules) = compiled(&old, &new)?;

    let found = args.data.data.clone().or_else(|| new.data.clone()).or_else(|| old.data.clone());
    let paths = [args.new.clone(), args.old.clone()];
    let path = found.ok_or_else(|| folder::missing_data(&paths))?;
    let when = as_of::or_of_data(when, &path)?;
    let as_ofs = match args.once {
        true => vec![when],
        false => args.every.days(&new_rules, from, when, "`--once`")?,
    };

    let progress = Progress::start("reading data");
    let read = read(&path, (&old_rules, &new_rules), &args.data)?;
    drop(progress);
    let progress = Progress::start("judging by both");
    let refused = |error| rules::refused(error, &[&new_rules, &old_rules]);
    let of_old = old_rules.prepare(&read.old).map_err(refused)?;
    let of_new = new_rules.prepare(read.new.as_ref().unwrap_or(&read.old)).map_err(refused)?;
    let backtest = Backtest::new(
        Side { rules: &old_rules, data: &of_old },
        Side { rules: &new_rules, data: &of_new },
    );
    let backtest = backtest.only(&args.only).map_err(refused)?;
    // Of a text, no more verdicts are made than are shown.
    let is_cut = args.format == Format::Text && !args.all && args.by == By::Rule;
    let most = if is_cut { report::SHOWN } else { usize::MAX };
    let mut report = backtest.report(&as_ofs, most).map_err(refused)?;
    report.problems = read.problems;
    name_files(&mut report.rules, &old, &new);
    let text = match args.format {
        Format::Text => {
            let (report, width) = (&report, report::width());
            DiffView { report, by: args.by, all: args.all, width }.text()
        }
        Format::Json => report::json(&report)?,
        Format::Csv => report::diff_csv(&report)?,
    };
    drop(progress);

    if args.format != Format::Json {
        data::say(&report.problems, read.total);
    }
    print(&text)?;
    let failed = args.fail_on.is_some_and(|fail_on| fail_on.names(&report));
    Ok(if failed { Outcome::Failed } else { Outcome::Done })
}

/// Where one of the rule sets is.
struct Source {
    /// None for standard input.
    file: Option<PathBuf>,
    data: Option<PathBuf>,
}

fn sources(args: &Args) -> Result<(Source, Source), Failure> {
    let is_input = |path: &Path| path.as_os_str() == "-";
    if is_input(&args.old) && is_input(&args.new) {
        return Err(Failure::new(
            "OLD and NEW are both `-`: expected standard input for one of them",
        ));
    }
    let source = |path: &PathBuf| {
        if is_input(path) {
            return Ok(Source { file: None, data: None });
        }
        let found = folder::find(std::slice::from_ref(path))?;
        Ok(Source { file: found.files.into_iter().next(), data: found.data })
    };
    both(source(&args.old), source(&args.new))
}

/// Both, or what is wrong with either.
fn both<T>(old: Result<T, Failure>, new: Result<T, Failure>) -> Result<(T, T), Failure> {
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (Err(Failure(old)), Err(Failure(new))) if old != new => {
            Err(Failure(format!("{old}; {new}")))
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    }
}

/// Both rule sets, or all errors of both.
fn compiled(old: &Source, new: &Source) -> Result<(RuleSet, RuleSet), Failure> {
    let compile = |source: &Source, other: &Source| match &source.file {
        Some(file) => rules::compile(std::slice::from_ref(file)),
        None => {
            let text = rules::standard_input()?;
            let beside = other.file.as_deref().map_or(Path::new("."), rules::parent);
            Ok(rules::compile_text("<stdin>", &text, beside))
        }
    };
    let (old, new) = both(compile(old, new), compile(new, old))?;
    let checked = |which: &str, compilation: Compilation| {
        draw(&compilation.diagnostics);
        match compilation.diagnostics.errors() {
            0 => Ok(compilation.rules),
            _ => {
                Err(Failure(format!("the {which} rules have {}", tally(&compilation.diagnostics))))
            }
        }
    };
    both(checked("old", old), checked("new", new))
}

/// The data as each rule set reads it.
struct Read {
    old: Dataset,
    /// None where it is the same as for the old one.
    new: Option<Dataset>,
    problems: Vec<ReportProblem>,
    total: usize,
}

/// Reads the data once where zone and declared fields are the same, else for each rule set. A kind
/// of activity that only one of them knows is no problem for the other.
fn read(path: &Path, rules: (&RuleSet, &RuleSet), args: &data::Args) -> Result<Read, Failure> {
    let (old, new) = (rules.0.schema(), rules.1.schema());
    let schemas = (old.with_kinds_of(new), new.with_kinds_of(old));
    if new.fits(&schemas.0) {
        let (dataset, problems, total) = data::accept(args.read(path, &schemas.0)?)?;
        return Ok(Read { old: dataset, new: None, problems, total });
    }
    let read = |which: &str, schema| {
        let read = args.read(path, schema)?;
        let with_side = |Failure(message)| Failure(format!("by the {which} rules: {message}"));
        data::accept(read).map_err(with_side)
    };
    let (old, new) = both(read("old", &schemas.0), read("new", &schemas.1))?;
    let ((old, mut problems, of_old), (new, more, of_new)) = (old, new);
    // What is wrong by both is said once.
    let more: Vec<_> = more.into_iter().filter(|problem| !problems.contains(problem)).collect();
    problems.extend(more);
    Ok(Read { old, new: Some(new), problems, total: of_old.max(of_new) })
}

/// Names the files of each rule set as seen from its folder.
fn name_files(rules: &mut [RuleDifference], old: &Source, new: &Source) {
    let name = |rule: &mut Option<RuleInfo>, source: &Source, other: &Source| {
        let file = source.file.as_ref().or(other.file.as_ref());
        if let (Some(rule), Some(file)) = (rule, file) {
            rules::name_files(std::slice::from_mut(rule), std::slice::from_ref(file));
        }
    };
    for rule in rules {
        name(&mut rule.old, old, new);
        name(&mut rule.new, new, old);
    }
}
