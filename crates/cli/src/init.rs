//! `kadence init`: a mapping and rules to start from.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use kadence_data::Start;

use crate::Outcome;
use crate::data::cannot_read;
use crate::output::{Failure, clean, print};
use crate::progress::Progress;

/// Write a mapping and rules to start from
///
/// Looks at the data, guesses what its tables and columns are, and writes `kadence.toml` and
/// `targets.kpi`. What was guessed is marked in them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  kadence init exports/               looks at exports/, writes into the current folder
  kadence init crm.csv --into sales   writes sales/kadence.toml and sales/targets.kpi
  kadence init --presets              the systems whose exports are known

Exit codes: 0 written; 2 the data or the arguments are wrong, or a file is there already.")]
pub(crate) struct Args {
    /// The data: a folder, a file, an archive or a database
    #[arg(required_unless_present = "presets")]
    data: Option<PathBuf>,
    /// The folder to write into, made if it is not there
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    into: PathBuf,
    /// The system that the data was exported from [default: guessed]
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
    /// List the systems whose exports are known
    #[arg(long, conflicts_with_all = ["data", "preset", "force"])]
    presets: bool,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let Some(data) = &args.data else {
        let names: String = kadence_data::presets().map(|(name, _)| format!("{name}\n")).collect();
        print(&names)?;
        return Ok(Outcome::Done);
    };
    let progress = Progress::start("looking at the data");
    let start = Start::of(data, args.preset.as_deref()).map_err(cannot_read)?;
    drop(progress);
    let mut files = vec![("targets.kpi", start.rules.as_str())];
    if let Some(mapping) = &start.mapping {
        files.insert(0, ("kadence.toml", mapping));
    }
    let files: Vec<(PathBuf, &str)> =
        files.into_iter().map(|(name, text)| (within(&args.into, name), text)).collect();
    // Nothing is written if not all of it can be.
    if let Some((path, _)) = files.iter().find(|(path, _)| !args.force && path.exists()) {
        let path = clean(path.display());
        return Err(Failure(format!(
            "`{path}` is there already: choose another folder with `--into`, or write over it \
             with `--force`"
        )));
    }
    fs::create_dir_all(&args.into).map_err(|error| cannot_write(&args.into, &error))?;
    let mut text = String::new();
    for seen in &start.seen {
        text.push_str(&format!("{}\n", clean(seen)));
    }
    for (path, content) in &files {
        write(path, content, args.force)?;
        text.push_str(&format!("wrote {}\n", clean(path.display())));
    }
    let [.., (rules, _)] = files.as_slice() else { return Ok(Outcome::Done) };
    let mapping = match files.as_slice() {
        [(mapping, _), _] => format!(" --mapping {}", clean(mapping.display())),
        _ => String::new(),
    };
    text.push_str(&format!(
        "next: kadence eval {} --data {}{mapping}\n",
        clean(rules.display()),
        clean(data.display())
    ));
    print(&text)?;
    Ok(Outcome::Done)
}

/// The path of a file, without `./` before it.
fn within(folder: &Path, name: &str) -> PathBuf {
    if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) }
}

fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).truncate(true);
    // Another may have written it meanwhile.
    let file = if force { options.create(true) } else { options.create_new(true) }.open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    let shown = clean(path.display());
    match error.kind() {
        ErrorKind::AlreadyExists => Failure(format!("`{shown}` is there already")),
        _ => Failure(format!("cannot write `{shown}`: {error}")),
    }
}
