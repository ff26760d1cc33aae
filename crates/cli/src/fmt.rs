//! `kadence fmt`: rule files in their one form.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::io::Write;
use std::path::{Path, PathBuf};

use kadence::Diagnostics;
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::output::{Failure, clean, count, draw, print, tally};
use crate::{Outcome, folder, rules};

/// Put rule files into their one form
///
/// Comments, blank lines and everything that rules mean stay. A folder stands for every `.kpi` file
/// below it. A file with errors in its syntax is left alone, and its errors are shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence fmt                                     every rule file below the current folder
  kadence fmt targets.kpi rules/
  kadence fmt --check                             what would change, as a diff
  kadence fmt - < targets.kpi                     from standard input to standard output

Exit codes: 0 done; 1 `--check` found files that would change; 2 a rule file has errors.")]
pub(crate) struct Args {
    /// Rule files, folders of them, or `-` for standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Write nothing; print what would change as a unified diff
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return match args.paths.as_slice() {
            [_] => standard_input(args.check),
            _ => {
                Err(Failure::new("`-` is standard input: expected it alone, or files and folders"))
            }
        };
    }
    let files = files(&args.paths)?;
    let mut text = String::new();
    let mut changed = 0;
    let mut broken = Vec::new();
    for path in &files {
        match file(path, args.check) {
            Ok(Some(change)) => {
                text.push_str(&change);
                changed += 1;
            }
            Ok(None) => {}
            Err(Fault::Syntax(diagnostics)) => {
                draw(&diagnostics);
                broken.push(format!("`{}` has {}", clean(path.display()), tally(&diagnostics)));
            }
            Err(Fault::File(Failure(message))) => broken.push(message),
        }
    }
    let doing = if args.check { "would be formatted" } else { "formatted" };
    let same = files.len() - changed - broken.len();
    // Where no file could be read, nothing was done.
    if broken.len() < files.len() {
        text.push_str(&format!("{} {doing}, {same} unchanged\n", count(changed, "file")));
    }
    print(&text)?;
    if !broken.is_empty() {
        return Err(Failure(broken.join("; ")));
    }
    Ok(if args.check && changed > 0 { Outcome::Failed } else { Outcome::Done })
}

/// Why a file was left alone.
enum Fault {
    Syntax(Box<Diagnostics>),
    File(Failure),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Fault::File(failure)
    }
}

/// What is said of a file that changes: its name where it is written, else how it would change.
fn file(path: &Path, check: bool) -> Result<Option<String>, Fault> {
    let shown = clean(path.display());
    let text = rules::read_as_it_is(path)?;
    let formatted =
        kadence::format(&shown, &text).map_err(|faults| Fault::Syntax(faults.into()))?;
    if formatted == text {
        return Ok(None);
    }
    if check {
        return Ok(Some(diff(&shown, &text, &formatted)));
    }
    replace(path, &formatted)?;
    Ok(Some(format!("{shown}\n")))
}

fn standard_input(check: bool) -> Result<Outcome, Failure> {
    let text = rules::standard_input()?;
    let formatted = kadence::format("<stdin>", &text).map_err(|diagnostics| {
        draw(&diagnostics);
        Failure(format!("standard input has {}", tally(&diagnostics)))
    })?;
    if !check {
        print(&formatted)?;
        return Ok(Outcome::Done);
    }
    print(&diff("<stdin>", &text, &formatted))?;
    Ok(if formatted == text { Outcome::Done } else { Outcome::Failed })
}

fn diff(name: &str, before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().header(name, name).to_string()
}

/// Writes a file as a whole: whoever reads it sees the text of before or that of after. A link stays
/// a link.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let shown = clean(path.display());
    let cannot =
        |error: std::io::Error| Failure(format!("cannot write the rule file `{shown}`: {error}"));
    let path = path.canonicalize().map_err(cannot)?;
    let permissions = path.metadata().map_err(cannot)?.permissions();
    if permissions.readonly() {
        return Err(cannot(std::io::Error::other("it may only be read")));
    }
    written(rules::parent(&path), text, permissions)
        .and_then(|file| file.persist(&path).map_err(|error| error.error))
        .map_err(cannot)?;
    Ok(())
}

/// A new file in the folder, which goes away unless it is kept.
fn written(folder: &Path, text: &str, like: Permissions) -> std::io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(like)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The files that are named, and those below the folders that are named, each once.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let found = folder::rule_files_below(path)?;
        if found.is_empty() {
            let shown = clean(path.display());
            return Err(Failure(format!("no rule file below `{shown}`: expected a `.kpi`")));
        }
        // A name such as `./targets.kpi` is shown as one would write it.
        let plain = |file: PathBuf| match file.strip_prefix(".") {
            Ok(file) => file.to_path_buf(),
            Err(_) => file,
        };
        files.extend(found.into_iter().map(plain));
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    Ok(files)
}
