//! `kadence explain`: what a diagnostic code means, or what is behind a verdict.

mod story;
mod timeline;

use clap::ValueEnum;
use kadence::verdict::Story;
use kadence::{Code, NoStory, Options};

use crate::inputs::{self, Inputs};
use crate::output::{Failure, clean, print};
use crate::{Outcome, as_of, data, rules};

/// Explain a diagnostic code, or the verdict of a rule on a subject
///
/// A verdict is told as a story: its days on a time line, what counted, what nearly counted and why
/// it did not, what would be enough and by when, and when the verdict changes. Rules, data and
/// as-of are found as `eval` finds them; without RULES, in the current folder. The company's id is
/// `company`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "\
kadence explain [CODE]
       kadence explain [OPTIONS] [RULES]... <RULE> <SUBJECT>")]
#[command(after_help = "\
Examples:
  kadence explain K012
  kadence explain                                 every code with its summary
  kadence explain examples/nordic a-contact c046
  kadence explain targets.kpi hot-next l007 --data crm --as-of 2026-11-15
  kadence explain . own-goal kim --period 2026-03-01   of an earlier month

Exit codes: 0 explained; 2 there is no such code, rule or subject, the rule does not judge the
subject, or the rules or the data are wrong.")]
pub(crate) struct Args {
    /// A code as diagnostics show it, `K012`; or rule files or a folder, the id of a rule, and the
    /// id of a subject
    #[arg(value_name = "CODE | RULES RULE SUBJECT")]
    words: Vec<String>,
    #[command(flatten)]
    data: data::Args,
    /// A date (that day is over) or an instant [default: `as_of` of dataset.json, else now]
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Where the range of deadlines starts [default: this year's first day]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// The period that holds this day, of a rule with `per UNIT` [default: the current one]
    #[arg(long, value_name = "DATE")]
    period: Option<String>,
    /// How the story is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let text = match args.words.as_slice() {
        [] => Code::ALL.iter().map(|code| format!("{code}  {}\n", code.summary())).collect(),
        [code] => self::code(code)?,
        [rules @ .., rule, subject] => verdict(args, rules, rule, subject)?,
    };
    print(&text)?;
    Ok(Outcome::Done)
}

fn code(text: &str) -> Result<String, Failure> {
    let code: Code = text.parse().map_err(|error| {
        Failure(format!(
            "{}; a verdict has a rule and a subject: `explain RULE SUBJECT`",
            clean(error)
        ))
    })?;
    Ok(format!("{}\n", code.page().trim_end()))
}

fn verdict(args: &Args, rules: &[String], rule: &str, subject: &str) -> Result<String, Failure> {
    let day = |name: &str, text: &Option<String>| {
        text.as_deref().map(|text| as_of::parse_date(name, text)).transpose()
    };
    let (from, period) = (day("`--from`", &args.from)?, day("`--period`", &args.period)?);
    let Inputs { files, rules, data: dataset, problems: (problems, total), as_of } =
        inputs::read_named(rules, &args.data, args.as_of.as_deref(), Some(rule), true)?;
    let not_told = |error: &dyn std::fmt::Display| Failure(clean(error));
    // Nothing needs to be decided but what is told.
    let only = rules.rules().map(|rule| rule.id).find(|id| id == rule);
    let options = Options { from, only: only.into_iter().collect(), ..Options::at(as_of) };
    let prepared = rules.prepare(&dataset).map_err(|error| not_told(&error))?;
    let evaluation = rules.judge(&prepared, &options).map_err(|error| not_told(&error))?;
    let mut story: Story =
        evaluation.explain(rule, subject, period).map_err(|error| match &error {
            NoStory::UnknownRule { nearest: None, .. } => {
                let known: Vec<String> = rules.rules().map(|rule| rule.id).collect();
                let known = known.join(", ");
                Failure(clean(format!("{error}; expected one of {known}")))
            }
            error => not_told(error),
        })?;
    rules::name_files(std::slice::from_mut(&mut story.rule), &files);
    data::say(&problems, total);
    match args.format {
        Format::Text => Ok(story::text(&story)),
        Format::Json => serde_json::to_string_pretty(&story)
            .map(|text| text + "\n")
            .map_err(|error| Failure(format!("cannot write the story: {error}"))),
    }
}
