//! `kadence test --mutants`: which mistakes in the rules no test would notice.

use kadence::{Fate, Mutant, MutantRun, MutatedItem, UselessAllowance};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::files::{File, called};
use super::run::{at_once, compile};
use super::{Format, text as of_tests};
use crate::Outcome;
use crate::output::{Failure, clean, count, draw, print};
use crate::progress::Progress;

/// Runs the tests of these files against the mutants of all rules that they hold or use.
///
/// # Errors
///
/// A file has errors, or the rules as they are do not fulfil the tests.
pub(super) fn run(files: &[File], format: Format) -> Result<Outcome, Failure> {
    if format == Format::Junit {
        return Err(Failure::new("mutants are no JUnit tests: `--format` is text or json"));
    }
    let progress = Progress::start("trying mutants");
    let (mut sets, mut broken) = (Vec::new(), Vec::new());
    for compiled in at_once(files, compile) {
        match compiled {
            Ok(rules) => sets.push(rules),
            Err(fault) => broken.push(fault),
        }
    }
    if !broken.is_empty() {
        drop(progress);
        broken.iter().for_each(|broken| broken.diagnostics.iter().for_each(draw));
        let messages: Vec<String> = broken.into_iter().map(|broken| broken.message).collect();
        return Err(Failure(messages.join("; ")));
    }
    let run = kadence::mutants(&sets.iter().collect::<Vec<_>>(), &|at, name| {
        files.get(at).map_or_else(|| name.to_owned(), |file| called(&file.path, name))
    });
    drop(progress);
    if run.failing > 0 {
        return Err(Failure(format!(
            "the rules as they are do not fulfil {}: mend what `kadence test` shows first",
            count(run.failing, "expectation")
        )));
    }
    print(&if format == Format::Json { json(&run)? } else { text(&run) })?;
    let is_done = run.tests > 0 && run.survivors().next().is_none();
    Ok(if is_done { Outcome::Done } else { Outcome::Failed })
}

/// How many mutants came to what.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Tally {
    killed: usize,
    survived: usize,
    allowed: usize,
    equal: usize,
}

impl Tally {
    fn of<'m>(mutants: impl IntoIterator<Item = &'m Mutant>) -> Tally {
        let mut tally = Tally::default();
        for mutant in mutants {
            match mutant.fate {
                Fate::Killed { .. } => tally.killed += 1,
                Fate::Survived { .. } => tally.survived += 1,
                Fate::Allowed { .. } => tally.allowed += 1,
                Fate::Equal => tally.equal += 1,
            }
        }
        tally
    }

    fn all(self) -> usize {
        self.killed + self.survived + self.allowed + self.equal
    }
}

/// A rule, list, segment or define with its mutants.
struct Item<'m> {
    mutants: &'m [Mutant],
    tally: Tally,
}

impl Item<'_> {
    fn is_looked_at(&self) -> bool {
        let is_looked_at = |mutant: &Mutant| match mutant.fate {
            Fate::Killed { .. } => true,
            Fate::Survived { is_looked_at } => is_looked_at,
            Fate::Allowed { .. } | Fate::Equal => false,
        };
        self.mutants.iter().any(is_looked_at)
    }

    /// `list "Call day"`; a rule is its id.
    fn name(&self) -> String {
        let Some(mutant) = self.mutants.first() else { return String::new() };
        let item = clean(&mutant.item);
        match mutant.what {
            MutatedItem::Rule => item,
            MutatedItem::List => format!("list \"{item}\""),
            what => format!("{} {item}", what.name()),
        }
    }
}

fn items(mutants: &[Mutant]) -> Vec<Item<'_>> {
    let same = |a: &Mutant, b: &Mutant| (&a.file, a.what, &a.item) == (&b.file, b.what, &b.item);
    let item = |mutants| Item { mutants, tally: Tally::of(mutants) };
    mutants.chunk_by(same).map(item).collect()
}

fn text(run: &MutantRun) -> String {
    if run.tests == 0 {
        return of_tests::none(&[]);
    }
    let items = items(&run.mutants);
    let mut text = String::new();
    for item in items.iter().filter(|item| item.tally.survived > 0) {
        if !item.is_looked_at()
            && let Some(Mutant { file, line, .. }) = item.mutants.first()
        {
            let (file, name) = (clean(file), item.name());
            text.push_str(&format!("{file}:{line}: no test looks at {name}\n"));
            continue;
        }
        for mutant in item.mutants.iter().filter(|m| matches!(m.fate, Fate::Survived { .. })) {
            let (file, change) = (clean(&mutant.file), clean(&mutant.change));
            text.push_str(&format!("{file}:{}: {}: {change}\n", mutant.line, mutant.kind));
        }
    }
    for UselessAllowance { file, line, kind, has_reason } in &run.useless {
        let fault = match has_reason {
            true => format!("`{kind}` is allowed here, and no such mutant survives: leave it out"),
            false => format!("`{kind}` is allowed here without a reason: end it with `: ` and one"),
        };
        text.push_str(&format!("{}:{line}: {fault}\n", clean(file)));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&table(&items));
    text.push_str(&format!("\n{}\n", summary(Tally::of(&run.mutants), run.tests)));
    text
}

/// How many mutants of each item came to what.
fn table(items: &[Item<'_>]) -> String {
    let names: Vec<String> = items.iter().map(Item::name).collect();
    let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let has_allowed = items.iter().any(|item| item.tally.allowed > 0);
    let row = |name: &str, cells: [String; 4]| {
        let [killed, survived, allowed, equal] = cells;
        let space = " ".repeat(width - name.width().min(width));
        let allowed = if has_allowed { format!("  {allowed:>7}") } else { String::new() };
        format!("{name}{space}  {killed:>6}  {survived:>8}{allowed}  {equal:>5}\n")
    };
    let mut table = row("", ["killed", "survived", "allowed", "equal"].map(str::to_owned));
    for (item, name) in items.iter().zip(&names) {
        let Tally { killed, survived, allowed, equal } = item.tally;
        table.push_str(&row(name, [killed, survived, allowed, equal].map(|n| n.to_string())));
    }
    table
}

fn summary(tally: Tally, tests: usize) -> String {
    let Tally { killed, survived, allowed, equal } = tally;
    let mut said = vec![format!("{killed} killed"), format!("{survived} survived")];
    if allowed > 0 {
        said.push(format!("{allowed} allowed"));
    }
    if equal > 0 {
        said.push(format!("{equal} equal to the rules as they are"));
    }
    let (mutants, tests) = (count(tally.all(), "mutant"), count(tests, "test"));
    format!("{mutants}, {tests}: {}", said.join(", "))
}

/// The whole run as JSON.
#[derive(Serialize)]
struct Report<'m> {
    schema: u32,
    tests: usize,
    #[serde(flatten)]
    tally: Tally,
    items: Vec<ItemReport<'m>>,
    mutants: Vec<MutantReport<'m>>,
    useless_allowances: Vec<AllowanceReport<'m>>,
}

#[derive(Serialize)]
struct ItemReport<'m> {
    item: &'m str,
    what: &'m str,
    file: &'m str,
    is_looked_at: bool,
    #[serde(flatten)]
    tally: Tally,
}

#[derive(Serialize)]
struct MutantReport<'m> {
    item: &'m str,
    what: &'m str,
    kind: &'m str,
    file: &'m str,
    line: u32,
    column: u32,
    old: String,
    new: String,
    removed: &'m str,
    added: &'m str,
    fate: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    killed_by: Option<Killer<'m>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'m str>,
}

#[derive(Serialize)]
struct Killer<'m> {
    test: &'m str,
    file: &'m str,
    line: u32,
}

#[derive(Serialize)]
struct AllowanceReport<'m> {
    file: &'m str,
    line: u32,
    kind: &'m str,
    has_reason: bool,
}

impl<'m> MutantReport<'m> {
    fn of(mutant: &'m Mutant) -> Self {
        let (fate, killed_by, reason) = match &mutant.fate {
            Fate::Killed { test, file, line } => {
                ("killed", Some(Killer { test, file, line: *line }), None)
            }
            Fate::Survived { .. } => ("survived", None, None),
            Fate::Allowed { reason } => ("allowed", None, Some(reason.as_str())),
            Fate::Equal => ("equal", None, None),
        };
        MutantReport {
            item: &mutant.item,
            what: mutant.what.name(),
            kind: mutant.kind.name(),
            file: &mutant.file,
            line: mutant.line,
            column: mutant.column,
            old: mutant.change.old_line(),
            new: mutant.change.new_line(),
            removed: mutant.change.removed.trim(),
            added: mutant.change.added.trim(),
            fate,
            killed_by,
            reason,
        }
    }
}

fn json<'m>(run: &'m MutantRun) -> Result<String, Failure> {
    let item = |item: Item<'m>| {
        let Mutant { item: name, what, file, .. } = item.mutants.first()?;
        let (what, is_looked_at) = (what.name(), item.is_looked_at());
        Some(ItemReport { item: name, what, file, is_looked_at, tally: item.tally })
    };
    let report = Report {
        schema: 1,
        tests: run.tests,
        tally: Tally::of(&run.mutants),
        items: items(&run.mutants).into_iter().filter_map(item).collect(),
        mutants: run.mutants.iter().map(MutantReport::of).collect(),
        useless_allowances: run
            .useless
            .iter()
            .map(|allowance| AllowanceReport {
                file: &allowance.file,
                line: allowance.line,
                kind: allowance.kind.name(),
                has_reason: allowance.has_reason,
            })
            .collect(),
    };
    let text = serde_json::to_string_pretty(&report);
    text.map(|text| text + "\n").map_err(|error| Failure(format!("cannot write JSON: {error}")))
}
