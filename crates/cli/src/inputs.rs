//! Rules, data and as-of, as the arguments of a subcommand that judges name them.

use std::path::{Path, PathBuf};

use kadence::verdict::ReportProblem;
use kadence::{AsOf, Dataset, Prepared, RuleSet};

use crate::output::{Failure, clean, draw, tally};
use crate::progress::Progress;
use crate::{as_of, data, folder, rules};

/// What the arguments say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) rules: &'a [PathBuf],
    pub(crate) data: &'a data::Args,
    pub(crate) as_of: Option<&'a str>,
    pub(crate) keep_going: bool,
}

/// What it takes to judge.
#[derive(Debug)]
pub(crate) struct Inputs<D> {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) rules: RuleSet,
    pub(crate) data: D,
    /// What was wrong with the data or is worth saying, and how many problems there are.
    pub(crate) problems: (Vec<ReportProblem>, usize),
    pub(crate) as_of: AsOf,
}

/// Reads what words name, or the current folder where there are none. `then` is the word that
/// follows them; `keep_going`: whether rules without errors are enough.
pub(crate) fn read_named(
    words: &[String],
    data: &data::Args,
    as_of: Option<&str>,
    then: Option<&str>,
    keep_going: bool,
) -> Result<Inputs<Dataset>, Failure> {
    let here = [PathBuf::from(".")];
    let given: Vec<PathBuf> = words.iter().map(PathBuf::from).collect();
    let rules = if given.is_empty() { here.as_slice() } else { given.as_slice() };
    let wanted = Wanted { rules, data, as_of, keep_going };
    wanted.read().map_err(|Failure(message)| match (words, then) {
        ([], Some(then)) if folder::find(rules).is_err() => {
            Failure(format!("{message}; rules elsewhere are named before `{}`", clean(then)))
        }
        _ => Failure(message),
    })
}

impl Wanted<'_> {
    /// Compiles the rules, reads the data, and finds the as-of.
    pub(crate) fn read(self) -> Result<Inputs<Dataset>, Failure> {
        self.with(|path, rules| {
            let progress = Progress::start("reading data");
            let read = self.data.read(path, rules.schema())?;
            drop(progress);
            data::accept(read)
        })
    }

    /// The same with the data prepared for the rules; large data without a dataset between.
    pub(crate) fn prepare(self) -> Result<Inputs<Prepared>, Failure> {
        self.with(|path, rules| self.data.prepare(path, rules))
    }

    fn with<D>(
        self,
        read: impl FnOnce(&Path, &RuleSet) -> Result<data::Accepted<D>, Failure>,
    ) -> Result<Inputs<D>, Failure> {
        let found = folder::find(self.rules)?;
        let as_of = self.as_of.map(|text| as_of::parse("`--as-of`", text)).transpose()?;
        let compilation = rules::compile(&found.files)?;
        draw(&compilation.diagnostics);
        if compilation.diagnostics.errors() > 0 && !self.keep_going {
            let found = tally(&compilation.diagnostics);
            return Err(Failure(format!(
                "the rules have {found}; mend them, or evaluate the other rules with `--keep-going`"
            )));
        }
        let rules = compilation.rules;
        let path = self.data.data.clone().or(found.data);
        let path = path.ok_or_else(|| folder::missing_data(self.rules))?;
        let (data, problems, total) = read(&path, &rules)?;
        let as_of = as_of::or_of_data(as_of, &path)?;
        Ok(Inputs { files: found.files, rules, data, problems: (problems, total), as_of })
    }
}

/// Which of the words are rules, and which is the name of something.
pub(crate) fn parted(words: &[String]) -> (&[String], Option<&str>) {
    let Some((last, before)) = words.split_last() else { return (words, None) };
    let path = Path::new(last);
    let is_file = path.extension().is_some_and(|ending| ending == "kpi");
    let is_rules = is_file || (before.is_empty() && path.is_dir());
    if is_rules { (words, None) } else { (before, Some(last)) }
}

#[cfg(test)]
mod tests {
    use super::parted;

    #[test]
    fn the_last_word_is_a_name_unless_it_looks_like_rules() {
        let parted = |words: &str| {
            let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
            let (rules, name) = parted(&words);
            (rules.len(), name.map(str::to_owned))
        };
        assert_eq!(parted(""), (0, None));
        assert_eq!(parted("fair"), (0, Some("fair".to_owned())));
        assert_eq!(parted("src"), (1, None));
        assert_eq!(parted("src src"), (1, Some("src".to_owned())));
        assert_eq!(parted("a.kpi"), (1, None));
        assert_eq!(parted("a.kpi b.kpi"), (2, None));
        assert_eq!(parted("a.kpi b.kpi fair"), (2, Some("fair".to_owned())));
    }
}
