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

mod bulk;
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
mod named;
mod names;
mod number;
mod preset;
mod quality;
mod rows;
mod source;
mod text;
#[cfg(feature = "vcf")]
pub mod vcard;

pub use bulk::Progress;
#[cfg(any(feature = "ics", feature = "vcf"))]
pub use fault::Fault;
pub use folder::Folder;
pub use import::Import;
pub use init::Start;
pub use mapping::Mapping;
pub use preset::presets;
pub use quality::{
    Check, Common, Duplicate, Duplicates, FieldKnown, Finding, Found, One, Quality, Reason,
    TableKnown, Why, quality,
};

#[cfg(all(doctest, feature = "ics", feature = "vcf"))]
#[doc = include_str!("../../../docs/data/calendars.md")]
struct PageOfCalendars;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kadence::{Dataset, DatasetBuilder, Noun, Place, Problem, Schema};

use named::{Named, tables};
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
    /// The program was built without what reads files of that form.
    #[error("`{file}` is {form}: it takes a kadence-data with the feature `{feature}`")]
    NotBuiltIn {
        /// The file.
        file: String,
        /// What it is.
        form: &'static str,
        /// The feature that reads it.
        feature: &'static str,
    },
    /// The source has tables, and none of them is named like one of kadence's.
    #[error("none of the tables is named as kadence names them: there are {0}")]
    NoSuchTables(String),
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
    let tables: Vec<String> = tables().map(expected_file).collect();
    format!("one or more of {}, {ABOUT}", tables.join(", "))
}

fn expected_file(noun: Noun) -> String {
    format!("{}.csv", noun.table())
}

/// Reads data as it is for rules of that schema: its tables are named like nouns, and their
/// columns like fields; a table `dataset` may say `complete_from` and `complete_through`.
///
/// It is a folder, a zip archive, a workbook, a database or one JSON file, as far as the features
/// of this crate go; `-` is standard input, `postgres://…` a server. What is wrong with a row is
/// kept by the builder, which says all of it when it builds. Places name a file by its name,
/// without the folder. What the data says of `as_of` is left to the caller.
///
/// # Errors
///
/// If there is nothing to read, or the system does not let it be read.
pub fn read(path: &Path, schema: &Schema) -> Result<DatasetBuilder, ReadError> {
    let mut builder = Dataset::builder(schema);
    let place = source::find(path)?;
    Named { schema, into: &mut builder }.read(&place)?;
    Ok(builder)
}

/// What data says of when it was taken, and the file that says it: the key `as_of` of
/// `dataset.json` or of the one JSON file, or that column of the table `dataset`.
///
/// # Errors
///
/// If the data cannot be opened.
pub fn as_of(path: &Path) -> Result<Option<(String, String)>, ReadError> {
    named::as_of(&source::find(path)?)
}

fn file_names(folder: &Path) -> Result<BTreeSet<String>, ReadError> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A folder of a table's name is no missing table: reading it says what is wrong.
        if named::is_file_of_ours(&name) || !entry.path().is_dir() {
            names.insert(name);
        }
    }
    Ok(names)
}

fn unreadable(path: &Path, error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound(path.to_owned()),
        _ => ReadError::Unreadable { path: path.to_owned(), error },
    }
}
