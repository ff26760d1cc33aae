//! A mapping and rules to start from, made from what the data looks like.

mod guess;
mod rules;
mod survey;
mod words;
mod write;

use std::path::Path;

use kadence::{NoFiles, RuleSet, Schema};

use crate::mapping::Mapping;
use crate::source::{self, Source};
use crate::{Import, ReadError, named, preset};

/// A mapping and rules to start from; what was guessed is marked in them.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # let folder = dir.path();
/// std::fs::write(
///     folder.join("Accounts.csv"),
///     "Account No;Account name;Owner;Annual revenue\n17;Acme;Kim;1.200.000,00\n",
/// )?;
/// let start = kadence_data::Start::of(folder, None)?;
/// let mapping = start.mapping.unwrap_or_default();
/// assert!(mapping.contains("fields.revenue = { column = \"Annual revenue\", numbers = \"1.234,56\" }"));
/// assert!(start.rules.contains("customer: touchpoints"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The text of a mapping file; none where the data needs none.
    pub mapping: Option<String>,
    /// The text of a rule file.
    pub rules: String,
    /// What was seen, for whoever asked: a line each.
    pub seen: Vec<String>,
}

impl Start {
    /// Looks at a folder or a file; `preset` names the system that it was exported from.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or nothing in it is known to be of any noun.
    pub fn of(path: &Path, preset: Option<&str>) -> Result<Start, ReadError> {
        let source = source::find(path)?.open(&[])?;
        let mut seen = Vec::new();
        for head in source.tables() {
            seen.push(format!("table `{}`: {} columns", head.name, head.columns.len()));
        }
        let heads = source.tables();
        let is_ours = |name: &str| crate::tables().any(|noun| noun.table() == name);
        let preset = match preset {
            Some(name) => Some((preset::find(name)?, name.to_owned())),
            None if heads.iter().any(|head| is_ours(&head.name)) => None,
            None => {
                preset::guess(heads, path).ok().map(|(name, mapping)| (mapping, name.to_owned()))
            }
        };
        if let Some((mapping, name)) = preset {
            seen.push(format!("the columns are those of an export of {name}"));
            let text = write::of_preset(&name);
            let import = Import::new(path).mapping(Mapping::default()).preset(&name);
            debug_assert!(!mapping.signs.is_empty(), "a preset can be guessed");
            let rules = rules::of(&import, &[], &[])?;
            return Ok(Start { mapping: Some(text), rules, seen });
        }
        if heads.iter().any(|head| is_ours(&head.name)) {
            seen.push("tables are named as kadence names them: no mapping is needed".to_owned());
            let kinds = guess::own_kinds(source.as_ref())?;
            let rules = rules::of(&Import::new(path), &[], &kinds)?;
            return Ok(Start { mapping: None, rules, seen });
        }
        of_guesses(path, source.as_ref(), seen)
    }
}

fn of_guesses(path: &Path, source: &dyn Source, mut seen: Vec<String>) -> Result<Start, ReadError> {
    let guesses = guess::of(source)?;
    if guesses.tables.is_empty() {
        let tables = named::tables_in_words(source.tables());
        return Err(ReadError::NoMapping { path: path.to_owned(), tables });
    }
    for table in &guesses.tables {
        let kind = table.kind.map(|kind| format!(" of the kind {kind}")).unwrap_or_default();
        let (rows, noun) = (table.survey.rows, table.noun.table());
        seen.push(format!("`{}` is taken for {noun}{kind}: {rows} rows", table.name));
    }
    let fields: Vec<String> = guesses.declared().filter(|line| compiles(line)).collect();
    let kinds: Vec<String> = guesses.kinds().filter(|line| compiles(line)).collect();
    let text = write::mapping(&guesses, &fields);
    let mapping = Mapping::parse("kadence.toml", &text).map_err(ReadError::Mapping)?;
    let rules = rules::of(&Import::new(path).mapping(mapping), &fields, &kinds)?;
    Ok(Start { mapping: Some(text), rules, seen })
}

/// The schema of rules that declare these lines.
fn schema(lines: &[&str]) -> Schema {
    let rules = RuleSet::compile("start.kpi", &lines.join("\n"), &NoFiles);
    rules.map_or_else(|_| Schema::default(), |rules| rules.schema().clone())
}

fn compiles(line: &str) -> bool {
    RuleSet::compile("start.kpi", line, &NoFiles).is_ok()
}
