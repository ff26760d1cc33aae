//! Reads files into [`kadence`] datasets.
//!
//! A dataset is a folder with a CSV file for each table, or one JSON file with an array for each;
//! [`read`] takes either. [`Folder`] gives a rule set the files that it uses: other rule files,
//! and calendars with holidays.
//!
//! ```
//! # let dir = tempfile::tempdir()?;
//! # let folder = dir.path();
//! use kadence::{Noun, Schema};
//!
//! std::fs::write(folder.join("sellers.csv"), "id,name\nkim,Kim\n")?;
//! std::fs::write(folder.join("customers.csv"), "id;owner\nacme;kim\nzeta;kmi\n")?;
//!
//! let (dataset, problems) = kadence_data::read(folder, &Schema::default())?.build_lenient();
//! assert_eq!(dataset.count(Noun::Customer), 1);
//! assert_eq!(
//!     problems.to_string(),
//!     "customers.csv:3:6: customers zeta: `owner` names no seller: `kmi` (did you mean `kim`?)"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod by_name;
#[cfg(feature = "ics")]
pub mod calendar;
#[cfg(any(feature = "ics", feature = "vcf"))]
mod fault;
mod folder;
mod import;
mod init;
mod json;
mod mapping;
mod merge;
mod names;
mod number;
mod preset;
mod source;
mod text;
#[cfg(feature = "vcf")]
pub mod vcard;

#[cfg(any(feature = "ics", feature = "vcf"))]
pub use fault::Fault;
pub use folder::Folder;
pub use import::Import;
pub use init::Start;
pub use mapping::Mapping;
pub use preset::presets;

#[cfg(all(doctest, feature = "ics", feature = "vcf"))]
#[doc = include_str!("../../../docs/data/calendars.md")]
struct PageOfCalendars;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kadence::diagnostic::nearest;
use kadence::{Dataset, DatasetBuilder, Noun, Place, Problem, Schema};

use source::Input;
use text::Spot;

/// The file beside the tables that says from and through which day they are complete.
const ABOUT: &str = "dataset.json";

/// Why no data could be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is nothing of that name.
    #[error("no such file or folder: `{}`", .0.display())]
    NotFound(PathBuf),
    /// It is there, and cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The folder has neither a table nor `dataset.json`.
    #[error("no tables in `{}`: expected {}", .0.display(), expected_files())]
    NoTables(PathBuf),
    /// A file is not of its form, so that nothing of it can be read.
    #[error("{place}: {message} ({expected})")]
    Broken {
        /// Where.
        place: Place,
        /// What is wrong.
        message: String,
        /// What was expected.
        expected: String,
    },
    /// A mapping or a merge file is wrong, or does not fit the data.
    #[error("{}", lines(.0))]
    Mapping(Vec<Problem>),
    /// There is no such preset.
    #[error("there is no preset `{name}` ({expected})")]
    UnknownPreset {
        /// What was asked for.
        name: String,
        /// What was perhaps meant.
        expected: String,
    },
    /// No table is named as kadence names it, and no preset knows the columns.
    #[error(
        "nothing says what the tables of `{}` are: it has {tables} \
         (name them as kadence does, or write a mapping: `kadence init` makes one to start from)",
        path.display()
    )]
    NoMapping {
        /// The data.
        path: PathBuf,
        /// Its tables.
        tables: String,
    },
    /// More than one preset knows the columns.
    #[error("`{}` may be an export of {names} (say which with `--preset`)", path.display())]
    SeveralPresets {
        /// The data.
        path: PathBuf,
        /// The presets.
        names: String,
    },
    /// The path is a CSV file: one table is no dataset.
    #[error("`{}` is one table: expected the folder that holds it, or a JSON file", .0.display())]
    OneTable(PathBuf),
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl ReadError {
    fn broken(file: &str, at: Spot, message: impl Into<String>, expected: &str) -> ReadError {
        let (message, expected) = (message.into(), expected.to_owned());
        ReadError::Broken { place: at.in_file(file), message, expected }
    }
}

fn expected_files() -> String {
    let tables: Vec<String> = tables().map(file_name).collect();
    format!("one or more of {}, {ABOUT}", tables.join(", "))
}

/// The nouns that have a table.
fn tables() -> impl Iterator<Item = Noun> {
    Noun::ALL.into_iter().filter(|noun| *noun != Noun::Company)
}

fn file_name(noun: Noun) -> String {
    format!("{}.csv", noun.table())
}

/// Reads a folder of CSV files, or one JSON file, as data for rules of that schema.
///
/// What is wrong with a row is kept by the builder, which says all of it when it builds. Places
/// name a file by its name, without the folder. The JSON may also say `as_of`, which is left to
/// the caller.
///
/// # Errors
///
/// If there is nothing to read, or the system does not let it be read.
pub fn read(path: &Path, schema: &Schema) -> Result<DatasetBuilder, ReadError> {
    let is_folder = match fs::metadata(path) {
        Ok(metadata) => metadata.is_dir(),
        Err(error) => return Err(unreadable(path, error)),
    };
    let mut builder = Dataset::builder(schema);
    if is_folder {
        read_folder(path, &mut builder, schema)?;
    } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
        return Err(ReadError::OneTable(path.to_owned()));
    } else {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        json::read(&bytes(path)?, &name, schema, &BTreeSet::new(), &mut builder);
    }
    Ok(builder)
}

fn read_folder(
    folder: &Path,
    builder: &mut DatasetBuilder,
    schema: &Schema,
) -> Result<(), ReadError> {
    let names = file_names(folder)?;
    let mut found = BTreeSet::new();
    for noun in tables() {
        let name = file_name(noun);
        if names.contains(&name) {
            let table = source::open_input(Input::file(&folder.join(&name)))?;
            by_name::read(table.as_ref(), 0, noun, schema, builder)?;
            found.insert(noun);
        }
    }
    let has_about = names.contains(ABOUT);
    if has_about {
        json::read(&bytes(&folder.join(ABOUT))?, ABOUT, schema, &found, builder);
    }
    if found.is_empty() && !has_about {
        return Err(ReadError::NoTables(folder.to_owned()));
    }
    note_near_names(&names, builder);
    Ok(())
}

fn file_names(folder: &Path) -> Result<BTreeSet<String>, ReadError> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A folder of a table's name is no missing table: reading it says what is wrong.
        if is_ours(&name) || !entry.path().is_dir() {
            names.insert(name);
        }
    }
    Ok(names)
}

fn is_ours(name: &str) -> bool {
    name == ABOUT || tables().any(|noun| name == file_name(noun))
}

/// Notes the CSV files that are no table but are nearly named like one.
fn note_near_names(names: &BTreeSet<String>, builder: &mut DatasetBuilder) {
    let known: Vec<String> = tables().map(file_name).collect();
    let others = names.iter().filter(|name| !known.contains(name));
    for name in others {
        let lower = name.to_lowercase();
        let Some(stem) = lower.strip_suffix(".csv") else { continue };
        if let Some(table) = nearest(stem, tables().map(Noun::table)) {
            builder.note(Problem {
                place: None,
                subject: String::new(),
                message: format!("the file `{name}` is not read"),
                expected: Some(format!("did you mean `{table}.csv`?")),
            });
        }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    fs::read(path).map_err(|error| unreadable(path, error))
}

fn unreadable(path: &Path, error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound(path.to_owned()),
        _ => ReadError::Unreadable { path: path.to_owned(), error },
    }
}
