//! Sources: what holds tables, whatever its form, as rows of texts with their places.
//!
//! | form | its tables |
//! | --- | --- |
//! | CSV, TSV | one, named like the file |
//! | JSON | one for each array of the object, or one named like the file |
//! | NDJSON | one, named like the file |
//! | a workbook (.xlsx, .ods) | one for each sheet that is not empty |
//! | Parquet, Arrow IPC (also Feather) | one, named like the file |
//! | SQLite, PostgreSQL | each table and view, and what queries find |
//! | a folder, a zip archive | those of its files |

#[cfg(feature = "zip")]
pub(crate) mod archive;
#[cfg(test)]
#[cfg(feature = "zip")]
mod archive_tests;
#[cfg(feature = "arrow")]
mod arrow;
mod csv;
pub(crate) mod folder;
mod json;
#[cfg(any(feature = "ics", feature = "vcf"))]
mod lines;
#[cfg(feature = "postgres")]
mod postgresql;
#[cfg(test)]
#[cfg(all(feature = "postgres", feature = "sqlite", feature = "workbook"))]
mod same_rows;
pub(crate) mod sniff;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(test)]
#[cfg(any(feature = "zip", feature = "sqlite", feature = "workbook", feature = "postgres"))]
mod testing;
#[cfg(feature = "workbook")]
mod workbook;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use kadence::Problem;

use crate::bulk::{Fields, NotInBulk, Take};
use crate::text::{Spot, quoted};
use crate::{ReadError, unreadable};

/// Something that holds tables.
pub(crate) trait Source {
    /// The tables, in an order that does not change.
    fn tables(&self) -> &[Head];

    /// What is worth saying of it as a whole, such as that a sheet is hidden.
    fn notes(&self) -> &[Problem] {
        &[]
    }

    /// Hands over the rows of the table at a place among [`tables`](Source::tables), in their
    /// order. It can be asked again.
    ///
    /// # Errors
    ///
    /// If the rest of the table cannot be had: then what was handed over is not to be used.
    fn read(&self, table: usize, into: &mut dyn Sink) -> Result<(), ReadError>;

    /// Hands over the rows as columns of those fields, if nothing is wrong with any of them;
    /// false where it can only hand them over one by one.
    fn batches<'a>(
        &self,
        _table: usize,
        _fields: &'a Fields<'a>,
        _take: &'a mut Take<'a>,
    ) -> Result<bool, NotInBulk> {
        Ok(false)
    }
}

/// What a table is called, and its columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    /// Without the ending of a file's name.
    pub(crate) name: String,
    /// What places call the file, with the sheet or table in it where it has several.
    pub(crate) file: String,
    pub(crate) columns: Vec<HeadColumn>,
    /// Of a calendar, the column with the day on which each row starts.
    pub(crate) starts: Option<usize>,
    /// What is wrong with the head itself, so that no row can be read.
    pub(crate) problems: Vec<Problem>,
    /// What is worth saying, such as in which encoding it is read.
    pub(crate) notes: Vec<Problem>,
    /// The columns whose values can be no texts. Nothing is wrong where nobody asks for them.
    pub(crate) refused: Vec<Refused>,
}

/// The name of a column; it may be blank, or that of another.
#[derive(Debug, Clone)]
pub(crate) struct HeadColumn {
    pub(crate) name: String,
    pub(crate) at: Spot,
}

/// A column that is none of [`Head::columns`].
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub(crate) name: String,
    pub(crate) at: Spot,
    /// What its values are.
    pub(crate) holds: &'static str,
}

/// Takes rows.
pub(crate) trait Sink {
    fn row(&mut self, row: &RawRow<'_>);

    /// Something is wrong with what was read.
    fn problem(&mut self, problem: Problem);

    /// So many more bytes of a file were read.
    fn passed(&mut self, _bytes: u64) {}
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

    /// That a column is asked for which cannot be had.
    pub(crate) fn refusal(&self, refused: &Refused) -> Problem {
        let Refused { name, at, holds } = refused;
        let message = format!("the column {} holds {holds}", quoted(name));
        self.problem(*at, message, "expected texts, numbers, dates or yes and no")
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
    #[cfg(feature = "zip")]
    Entry(Arc<archive::Archive>, usize),
}

/// As much of a file as is looked at to know its form.
const START: u64 = 4096;

/// What comes in by a pipe is kept in memory, up to this.
const LARGEST_PIPED: u64 = 1 << 30;

impl Input {
    pub(crate) fn file(path: &Path) -> Input {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Input { name, content: Content::File(path.to_owned()) }
    }

    pub(crate) fn bytes(name: &str, bytes: Vec<u8>) -> Input {
        Input { name: name.to_owned(), content: Content::Bytes(bytes.into()) }
    }

    /// What comes in by a pipe, all of it.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is larger than a gibibyte.
    pub(crate) fn piped(name: &str, from: impl Read) -> Result<Input, ReadError> {
        let mut bytes = Vec::new();
        let read = from.take(LARGEST_PIPED + 1).read_to_end(&mut bytes);
        read.map_err(|error| unreadable(Path::new(name), error))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST_PIPED) {
            return Ok(Input::bytes(name, bytes));
        }
        let message = format!("more than {} MiB came in", LARGEST_PIPED >> 20);
        Err(ReadError::broken(name, Spot::START, message, "give the file by its path"))
    }

    #[cfg(feature = "zip")]
    fn entry(name: &str, archive: &Arc<archive::Archive>, place: usize) -> Input {
        Input { name: name.to_owned(), content: Content::Entry(archive.clone(), place) }
    }

    /// The file, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.content {
            Content::File(path) => Some(path),
            _ => None,
        }
    }

    /// How many bytes it has.
    #[cfg(any(feature = "arrow", feature = "sqlite"))]
    pub(crate) fn size(&self) -> Result<u64, ReadError> {
        let length = match &self.content {
            Content::File(path) => {
                let metadata = fs::metadata(path).map_err(|error| unreadable(path, error))?;
                return Ok(metadata.len());
            }
            Content::Bytes(bytes) => bytes.len(),
            #[cfg(feature = "zip")]
            Content::Entry(..) => self.read()?.len(),
        };
        Ok(u64::try_from(length).unwrap_or(u64::MAX))
    }

    /// Its path, or what else it is called.
    pub(crate) fn shown(&self) -> PathBuf {
        self.path().map_or_else(|| self.name.clone().into(), Path::to_path_buf)
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
            #[cfg(feature = "zip")]
            Content::Entry(archive, place) => archive.read(*place).map(Cow::Owned),
        }
    }

    /// All of it, to be kept.
    #[cfg(any(feature = "arrow", feature = "zip"))]
    pub(crate) fn shared(&self) -> Result<Arc<[u8]>, ReadError> {
        match &self.content {
            Content::Bytes(bytes) => Ok(bytes.clone()),
            _ => Ok(self.read()?.into_owned().into()),
        }
    }

    /// That the system does not let it be read.
    pub(crate) fn unreadable(&self, error: io::Error) -> ReadError {
        match &self.content {
            Content::File(path) => unreadable(path, error),
            _ => unreadable(Path::new(&self.name), error),
        }
    }

    /// What reads it from its start; from a file, without holding all of it.
    pub(crate) fn reader(&self) -> Result<Box<dyn Read + Send + '_>, ReadError> {
        match &self.content {
            Content::File(path) => {
                let file = File::open(path).map_err(|error| unreadable(path, error))?;
                Ok(Box::new(file))
            }
            _ => Ok(Box::new(io::Cursor::new(self.read()?))),
        }
    }

    /// The first of its bytes.
    pub(crate) fn start(&self) -> Result<Vec<u8>, ReadError> {
        let mut start = Vec::new();
        match &self.content {
            Content::Bytes(bytes) => {
                let length = usize::try_from(START).unwrap_or(bytes.len()).min(bytes.len());
                start.extend(bytes.iter().take(length));
            }
            Content::File(path) => {
                let file = File::open(path).map_err(|error| unreadable(path, error))?;
                let read = file.take(START).read_to_end(&mut start);
                read.map_err(|error| unreadable(path, error))?;
            }
            #[cfg(feature = "zip")]
            Content::Entry(archive, place) => start = archive.start(*place, START)?,
        }
        Ok(start)
    }
}

/// Where data is.
#[derive(Debug, Clone)]
pub(crate) enum Where {
    Folder(PathBuf),
    File(Input),
    /// The address of a database server.
    Server(String),
}

/// What stands for standard input where a path is expected.
const STANDARD_INPUT: &str = "-";

/// How the address of a PostgreSQL server starts.
const SERVERS: [&str; 2] = ["postgres://", "postgresql://"];

/// Looks where a path leads: to a folder, a file, standard input (`-`) or a server.
pub(crate) fn find(path: &Path) -> Result<Where, ReadError> {
    if path == Path::new(STANDARD_INPUT) {
        return Where::of(standard_input()?);
    }
    if let Some(address) = path.to_str()
        && SERVERS.iter().any(|start| address.starts_with(start))
    {
        return Ok(Where::Server(address.to_owned()));
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(Where::Folder(path.to_owned())),
        Ok(_) => Where::of(Input::file(path)),
        Err(error) => Err(unreadable(path, error)),
    }
}

/// Standard input, which can be read once and is kept for whoever asks again.
fn standard_input() -> Result<Input, ReadError> {
    static READ: OnceLock<Input> = OnceLock::new();
    if let Some(input) = READ.get() {
        return Ok(input.clone());
    }
    let input = Input::piped("stdin", io::stdin().lock())?;
    Ok(READ.get_or_init(|| input).clone())
}

/// A table that a query makes of a database: its name, and the SQL.
pub(crate) type Query = (String, String);

impl Where {
    /// A file, which is not empty.
    pub(crate) fn of(input: Input) -> Result<Where, ReadError> {
        if input.start()?.is_empty() {
            let expected = "expected the export as the other program wrote it";
            return Err(ReadError::broken(&input.name, Spot::START, "the file is empty", expected));
        }
        Ok(Where::File(input))
    }

    /// What messages call it: of a server the address without the password.
    pub(crate) fn shown(&self) -> PathBuf {
        match self {
            Where::Folder(path) => path.clone(),
            Where::File(input) => input.shown(),
            Where::Server(address) => without_password(address).into(),
        }
    }

    /// Opens it by what is in it.
    pub(crate) fn open(&self, queries: &[Query]) -> Result<Box<dyn Source>, ReadError> {
        match self {
            Where::Folder(path) => {
                no_queries(&path.to_string_lossy(), queries)?;
                Ok(Box::new(folder::Folder::open(path)?))
            }
            Where::File(input) => {
                if input.start()?.is_empty() {
                    let expected = "expected the export as the other program wrote it";
                    return Err(ReadError::broken(
                        &input.name,
                        Spot::START,
                        "the file is empty",
                        expected,
                    ));
                }
                #[cfg(feature = "sqlite")]
                if sniff::form(input)? == sniff::Form::Sqlite {
                    return Ok(Box::new(sqlite::Sqlite::open(input, queries)?));
                }
                no_queries(&input.name, queries)?;
                open_input(input.clone())
            }
            #[cfg(feature = "postgres")]
            Where::Server(address) => Ok(Box::new(postgresql::Server::open(address, queries)?)),
            #[cfg(not(feature = "postgres"))]
            Where::Server(address) => Err(ReadError::NotBuiltIn {
                file: without_password(address),
                form: "a PostgreSQL server",
                feature: "postgres",
            }),
        }
    }
}

/// The address of a server as it may be shown.
fn without_password(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    // A password may hold an unescaped `@`, so that the last one counts.
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{place}")
}

fn no_queries(file: &str, queries: &[Query]) -> Result<(), ReadError> {
    let [(name, _), ..] = queries else { return Ok(()) };
    let message = format!("`{name}` is asked for by a query, and this is no database");
    Err(ReadError::broken(file, Spot::START, message, "expected the name of a table"))
}

/// Opens a file by what is in it.
pub(crate) fn open_input(input: Input) -> Result<Box<dyn Source>, ReadError> {
    Ok(match sniff::form(&input)? {
        sniff::Form::Delimited => Box::new(csv::Csv::open(input)?),
        sniff::Form::Json => Box::new(json::Json::open(input)?),
        #[cfg(feature = "ics")]
        sniff::Form::Calendar => Box::new(lines::Lines::of_calendar(&input)?),
        #[cfg(not(feature = "ics"))]
        sniff::Form::Calendar => return Err(not_built_in(&input, "a calendar", "ics")),
        #[cfg(feature = "vcf")]
        sniff::Form::Cards => Box::new(lines::Lines::of_cards(&input)?),
        #[cfg(not(feature = "vcf"))]
        sniff::Form::Cards => return Err(not_built_in(&input, "an address book", "vcf")),
        sniff::Form::Zip => return open_zip(&input),
        sniff::Form::Compound => return Err(compound(&input)?),
        #[cfg(feature = "arrow")]
        form @ (sniff::Form::Parquet | sniff::Form::Arrow) => {
            Box::new(arrow::Columnar::open(input, form)?)
        }
        #[cfg(not(feature = "arrow"))]
        sniff::Form::Parquet | sniff::Form::Arrow => {
            return Err(not_built_in(&input, "a Parquet or Arrow file", "arrow"));
        }
        #[cfg(feature = "sqlite")]
        sniff::Form::Sqlite => Box::new(sqlite::Sqlite::open(&input, &[])?),
        #[cfg(not(feature = "sqlite"))]
        sniff::Form::Sqlite => return Err(not_built_in(&input, "a SQLite database", "sqlite")),
    })
}

#[cfg(feature = "zip")]
fn open_zip(input: &Input) -> Result<Box<dyn Source>, ReadError> {
    use archive::{Archive, Files, Kind};

    let archive = Archive::open(input)?;
    match archive.kind() {
        Kind::Files => Ok(Box::new(Files::open(archive)?)),
        Kind::ExcelBinary => {
            let message = "it is a binary workbook of Excel";
            Err(ReadError::broken(&input.name, Spot::START, message, "save it as .xlsx"))
        }
        #[cfg(feature = "workbook")]
        kind => Ok(Box::new(workbook::Workbook::open(input, &archive, kind)?)),
        #[cfg(not(feature = "workbook"))]
        _ => Err(not_built_in(input, "a workbook", "workbook")),
    }
}

#[cfg(not(feature = "zip"))]
fn open_zip(input: &Input) -> Result<Box<dyn Source>, ReadError> {
    Err(not_built_in(input, "a workbook or a zip archive", "workbook` or `zip"))
}

/// Why a file in the form of Office before 2007 is not read.
fn compound(input: &Input) -> Result<ReadError, ReadError> {
    let bytes = input.read()?;
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let has_password = bytes.windows(name.len()).any(|part| part == name);
    let (message, expected) = match has_password {
        true => ("it has a password", "save it without one"),
        false => ("it is in the form of Office before 2007", "save it as .xlsx"),
    };
    Ok(ReadError::broken(&input.name, Spot::START, message, expected))
}

/// What a library makes of a file. Some panic where it is broken, in ways that cannot be foreseen.
#[cfg(any(feature = "arrow", feature = "workbook"))]
fn caught<T, E: std::fmt::Display>(read: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("it cannot be decoded".to_owned()),
    }
}

#[cfg(not(all(feature = "arrow", feature = "zip", feature = "workbook", feature = "sqlite")))]
fn not_built_in(input: &Input, form: &'static str, feature: &'static str) -> ReadError {
    ReadError::NotBuiltIn { file: input.name.clone(), form, feature }
}
