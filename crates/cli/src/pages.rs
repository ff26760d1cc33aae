//! `kadence report`: a report for people who would rather look than read.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use clap::ValueEnum;
use kadence::effect::{Asked, NoEffect};
use kadence::history::by_month;
use kadence::overview::{Overview, Past, Standing};
use kadence::worklist::{self, WhatToDo, Worklists};
use kadence::{Dataset, Language, Options, RuleSet};
use kadence_history::{History, HistoryError};
use kadence_report::{Pages, Topic};
use kadence_statistics::effect::Effects;
use kadence_statistics::goal::Ask;

use crate::inputs::{Inputs, Wanted};
use crate::output::{Failure, clean, complain, print};
use crate::progress::Progress;
use crate::sections::Section;
use crate::{Outcome, as_of, data, effect, goal, history, plan, report, rules};

/// Make a report to look at: one HTML file, a workbook, a text, or a picture
///
/// The page shows the whole organisation, each seller and each rule; it needs no network. The trend
/// and what changed are judged again from today's data, as of the ends of the last twelve months;
/// with `--history` they are those that were kept at the time.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence report examples/nordic --out report.html
  kadence report targets.kpi --data crm --lang da --out rapport.html
  kadence report targets.kpi --data crm --out report.xlsx   a sheet for each seller
  kadence report targets.kpi --data crm --out report.png    the overview, for a mail
  kadence report targets.kpi --data crm --history history.db --out report.html
  kadence report targets.kpi --data crm --format md         on standard output

Exit codes: 0 made; 2 the rules, the data or the arguments are wrong, or the file cannot be
written.")]
pub(crate) struct Args {
    /// A rule file, several that make one rule set, or one folder that has everything
    #[arg(required = true)]
    rules: Vec<PathBuf>,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Where the range of deadlines starts [default: this year's first day]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Only this rule, by its id; may be repeated
    #[arg(long, value_name = "RULE")]
    only: Vec<String>,
    /// What `kadence snapshot` kept: the trend is that of its runs, the changes are since the last
    // Its scores are those of all rules.
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    history: Option<PathBuf>,
    /// For how many days something is due soon, or about to lapse
    #[arg(long, value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(u32).range(..=400))]
    days: u32,
    /// A page of what is booked until a day, as `kadence plan --until` books it
    #[arg(long, value_name = "DATE")]
    plan_until: Option<String>,
    /// The language, `en` or `da`
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::English)]
    lang: Language,
    /// What stands above it
    #[arg(long)]
    title: Option<String>,
    /// The file that is written; needed for xlsx and png [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What is made [default: by the ending of `--out`, else html]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Evaluate the rules without errors, instead of stopping
    #[arg(long)]
    keep_going: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One page that needs nothing else
    Html,
    /// Markdown
    Md,
    /// An Excel workbook
    Xlsx,
    /// A picture of the overview
    Png,
    /// All of it as data
    Json,
}

impl Format {
    /// What is asked for, or what the file's ending says.
    fn of(args: &Args) -> Result<Format, Failure> {
        let Some(out) = &args.out else {
            return match args.format.unwrap_or(Format::Html) {
                Format::Xlsx | Format::Png => {
                    Err(Failure::new("a workbook or a picture needs a file: say `--out FILE`"))
                }
                format => Ok(format),
            };
        };
        if let Some(format) = args.format {
            return Ok(format);
        }
        let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("html" | "htm") => Ok(Format::Html),
            Some("md" | "markdown") => Ok(Format::Md),
            Some("xlsx") => Ok(Format::Xlsx),
            Some("png") => Ok(Format::Png),
            Some("json") => Ok(Format::Json),
            _ => Err(Failure(format!(
                "`{}` does not say what to make: expected `.html`, `.md`, `.xlsx`, `.png` or `.json`, or `--format`",
                clean(out.display())
            ))),
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let from = args.from.as_deref().map(|text| as_of::parse_date("`--from`", text)).transpose()?;
    let plan_until = args.plan_until.as_deref();
    let plan_until =
        plan_until.map(|text| as_of::parse_date("`--plan-until`", text)).transpose()?;
    let format = Format::of(args)?;
    let wanted = Wanted {
        rules: &args.rules,
        data: &args.data,
        as_of: args.as_of.as_deref(),
        keep_going: args.keep_going,
    };
    let Inputs { files, rules, data, problems: (problems, total), as_of } = wanted.read()?;
    let progress = Progress::start("evaluating");
    let options =
        Options { from, only: args.only.clone(), language: args.lang, ..Options::at(as_of) };
    let past = past(args, as_of.instant(rules.compiled()))?;
    let overview = Overview::new(&rules, &data, &options, &past, args.days);
    let mut overview = overview.map_err(|error| rules::refused(error, &[&rules]))?;
    let shows_tasks = matches!(format, Format::Html | Format::Md | Format::Xlsx);
    let tasks = shows_tasks.then(|| tasks(&rules, &data, &options, args)).transpose()?;
    overview.report.problems.splice(0..0, problems);
    rules::name_files(&mut overview.report.rules, &files);
    let has_pages = matches!(format, Format::Html | Format::Md);
    let beside = if has_pages { beside(&rules, &data, &options, plan_until)? } else { Vec::new() };
    let made = make(&overview, tasks.as_ref(), beside, (format, args))?;
    drop(progress);
    data::say(&overview.report.problems, total);
    match &args.out {
        Some(out) => {
            write(out, &made)?;
            let without = match plan_until {
                Some(_) if !has_pages => ", without the plan: it is a page of HTML and Markdown",
                _ => "",
            };
            complain(&format!("wrote `{}`{without}", clean(out.display())));
        }
        None => print(&String::from_utf8_lossy(&made))?,
    }
    Ok(Outcome::Done)
}

/// What was earlier: judged again, or as a history has it from before a moment.
fn past(args: &Args, now: DateTime<Utc>) -> Result<Past, Failure> {
    let Some(path) = &args.history else { return Ok(Past::Judged) };
    let kept = || -> Result<Past, HistoryError> {
        let history = History::open(path)?;
        let mut runs = history.runs()?;
        runs.retain(|run| run.as_of < now);
        let mut trend = Vec::new();
        for run in by_month(&runs, &history.frozen()?) {
            trend.push(Standing { day: run.day, scores: history.scores(run.id)? });
        }
        let last = runs.iter().max_by_key(|run| (run.as_of, run.id));
        let last = last.map(|run| history.report(run.id)).transpose()?;
        Ok(Past::Kept { trend, last: last.map(Box::new) })
    };
    kept().map_err(history::refused)
}

fn tasks(
    rules: &RuleSet,
    data: &Dataset,
    options: &Options,
    args: &Args,
) -> Result<WhatToDo, Failure> {
    let worklists =
        Worklists::new(rules, data, options).map_err(|error| rules::refused(error, &[rules]))?;
    // As far as what is due soon is looked at.
    let within = args.days;
    let ask = worklist::Ask { within, rules: args.only.clone(), ..worklist::Ask::default() };
    worklists.what_to_do(&ask).map_err(|error| Failure(clean(error)))
}

/// The pages beside those of verdicts, for what there is something to say about.
fn beside(
    rules: &RuleSet,
    data: &Dataset,
    options: &Options,
    plan_until: Option<NaiveDate>,
) -> Result<Vec<(Topic, Vec<Section>)>, Failure> {
    let mut beside = Vec::new();
    let goals = goal::told(rules, data, options, (&[], Ask::default()))?;
    if !goals.is_empty() {
        beside.push((Topic::Goals, goal::page::sections(&goals)));
    }
    if let Some(until) = plan_until {
        let schedule = kadence_plan::plan(rules, data, options, &kadence_plan::Ask::until(until));
        let schedule = schedule.map_err(|error| Failure(clean(error)))?;
        beside.push((Topic::Plan, plan::page::sections(&schedule)));
    }
    match Effects::new(rules, data, options.as_of, &Asked::default()) {
        Ok(effects) => beside.push((Topic::Effect, effect::page::sections(&effects))),
        Err(NoEffect::NothingSupports) => {}
        Err(error) => return Err(Failure(clean(error))),
    }
    Ok(beside)
}

fn make(
    overview: &Overview,
    tasks: Option<&WhatToDo>,
    beside: Vec<(Topic, Vec<Section>)>,
    (format, args): (Format, &Args),
) -> Result<Vec<u8>, Failure> {
    let pages = Pages::new(overview).language(args.lang);
    let mut pages =
        beside.into_iter().fold(pages, |pages, (topic, sections)| pages.beside(topic, sections));
    if let Some(tasks) = tasks {
        pages = pages.tasks(tasks);
    }
    if let Some(title) = &args.title {
        pages = pages.title(title);
    }
    let made = match format {
        Format::Html => pages.html().map(String::into_bytes),
        Format::Md => Ok(pages.markdown().into_bytes()),
        Format::Xlsx => pages.workbook(),
        Format::Png => pages.picture(),
        Format::Json => return Ok(report::json(overview)?.into_bytes()),
    };
    made.map_err(|error| Failure(clean(error)))
}

fn write(out: &Path, made: &[u8]) -> Result<(), Failure> {
    std::fs::write(out, made).map_err(|error| {
        Failure(format!("cannot write `{}`: {}", clean(out.display()), clean(error)))
    })
}
