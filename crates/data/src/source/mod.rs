//! Sources: what holds tables, whatever its form, as rows of texts with their places.
//!
//! | form | its tables |
//! | --- | --- |
//! | CSV, TSV | one, named like the file |
//! | JSON | one for each array of the object, or one named like the file |
//! | NDJSON | one, named like the file |
//! | a folder | those of its files |

mod csv;
mod folder;
mod json;
mod sniff;

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kadence::Problem;

use crate::text::Spot;
use crate::{ReadError, unreadable};

/// Something that holds tables.
pub(crate) trait Source {
    /// The tables, in an order that does not change.
    fn tables(&self) -> &[Head];

    /// Hands over the rows of the table at a place among [`tables`](Source::tables), in their
    /// order. It can be asked again.
    ///
    /// # Errors
    ///
    /// If the rest of the table cannot be had: then what was handed over is not to be used.
    fn read(&self, table: usize, into: &mut dyn Sink) -> Result<(), ReadError>;
}

/// What a table is called, and its columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    /// Without the ending of a file's name.
    pub(crate) name: String,
    /// What places call the file, with the sheet or table in it where it has several.
    pub(crate) file: String,
    pub(crate) columns: Vec<HeadColumn>,
    /// What is wrong with the head itself, so that no row can be read.
    pub(crate) problems: Vec<Problem>,
    /// What is worth saying, such as in which encoding it is read.
    pub(crate) notes: Vec<Problem>,
}

/// The name of a column; it may be blank, or that of another.
#[derive(Debug, Clone)]
pub(crate) struct HeadColumn {
    pub(crate) name: String,
    pub(crate) at: Spot,
}

/// Takes rows.
pub(crate) trait Sink {
    fn row(&mut self, row: &RawRow<'_>);

    /// Something is wrong with what was read.
    fn problem(&mut self, problem: Problem);
}

/// A row of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawRow<'a> {
    pub(crate) at: Spot,
    /// At the places of the [columns](Head::columns), at most as many.
    pub(crate) cells: &'a [RawCell<'a>],
    /// If not, a problem says why.
    pub(crate) usable: bool,
}

/// A value as text.
#[derive(Debug, Clone)]
pub(crate) struct RawCell<'a> {
    /// Blank where it is unknown.
    pub(crate) text: Cow<'a, str>,
    /// Whether the source has types, so that a number has a point and a date is written as
    /// 2026-11-15; if not, it is as somebody has written it.
    pub(crate) is_exact: bool,
    pub(crate) at: Spot,
}

impl Head {
    /// A problem with the head itself.
    pub(crate) fn problem(&self, at: Spot, message: impl Into<String>, expected: &str) -> Problem {
        Problem {
            place: Some(at.in_file(&self.file)),
            subject: self.name.clone(),
            message: message.into(),
            expected: Some(expected.to_owned()),
        }
    }
}

/// A file, or what stands in its place: the entry of an archive, or what came in by a pipe.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// What places call it.
    pub(crate) name: String,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    File(PathBuf),
    Bytes(Arc<[u8]>),
}

impl Input {
    pub(crate) fn file(path: &Path) -> Input {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Input { name, content: Content::File(path.to_owned()) }
    }

    pub(crate) fn bytes(name: &str, bytes: Vec<u8>) -> Input {
        Input { name: name.to_owned(), content: Content::Bytes(bytes.into()) }
    }

    /// The name without its ending.
    pub(crate) fn stem(&self) -> String {
        let stem = Path::new(&self.name).file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }

    /// All of it.
    pub(crate) fn read(&self) -> Result<Cow<'_, [u8]>, ReadError> {
        match &self.content {
            Content::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Content::File(path) => {
                fs::read(path).map(Cow::Owned).map_err(|error| unreadable(path, error))
            }
        }
    }
}

/// Opens a folder or a file by what is in it.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Source>, ReadError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(Box::new(folder::Folder::open(path)?)),
        Ok(_) => open_input(Input::file(path)),
        Err(error) => Err(unreadable(path, error)),
    }
}

/// Opens a file by what is in it.
pub(crate) fn open_input(input: Input) -> Result<Box<dyn Source>, ReadError> {
    Ok(match sniff::form(&input)? {
        sniff::Form::Delimited => Box::new(csv::Csv::open(input)?),
        sniff::Form::Json => Box::new(json::Json::open(input)?),
    })
}
