//! Zip archives, read in memory: nothing is ever written to a disk, so that a name in one may be
//! whatever it likes.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use kadence::Problem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::folder::{Folder, has_table_ending};
use super::sniff::{self, Form};
use super::{Head, Input, Sink, Source};
use crate::ReadError;
use crate::text::{Spot, quoted};

/// All files of an archive together are not larger than this.
const LARGEST: u64 = 2 << 30;
/// Nor so many times as large as the archive, unless they are small.
const MOST_TIMES: u64 = 100;
const SMALL: u64 = 16 << 20;
const MOST_FILES: usize = 10_000;

/// An archive whose sizes have been looked at.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    name: String,
    zip: ZipArchive<Cursor<Arc<[u8]>>>,
    files: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    size: u64,
    is_file: bool,
}

/// What an archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// .xlsx
    Excel,
    /// .xlsb
    ExcelBinary,
    /// .ods
    OpenDocument,
    Files,
}

impl Archive {
    pub(crate) fn open(input: &Input) -> Result<Archive, ReadError> {
        let name = input.name.clone();
        let bytes = input.shared()?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&name, &error))?;
        if zip.len() > MOST_FILES {
            let message = format!("the archive has {} files", zip.len());
            let expected = format!("expected at most {MOST_FILES}");
            return Err(ReadError::broken(&name, Spot::START, message, &expected));
        }
        let mut files = Vec::with_capacity(zip.len());
        for place in 0..zip.len() {
            let entry = zip.by_index_raw(place).map_err(|error| broken(&name, &error))?;
            if entry.encrypted() {
                return Err(locked(&name));
            }
            let entry_name = entry.name().map_err(|error| broken(&name, &error))?.into_owned();
            files.push(Entry { name: entry_name, size: entry.size(), is_file: entry.is_file() });
        }
        let total = files.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.size));
        if total > LARGEST || (total > SMALL && total / length.max(1) > MOST_TIMES) {
            return Err(too_large(&name, total, length));
        }
        Ok(Archive { name, zip, files })
    }

    pub(crate) fn kind(&self) -> Kind {
        let has = |name: &str| self.place(name).is_some();
        if has("[Content_Types].xml") && has("xl/workbook.xml") {
            Kind::Excel
        } else if has("xl/workbook.bin") {
            Kind::ExcelBinary
        } else if has("mimetype") && has("content.xml") {
            Kind::OpenDocument
        } else {
            Kind::Files
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|entry| entry.name == name)
    }

    #[cfg(feature = "workbook")]
    pub(crate) fn named(&self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        self.place(name).map(|place| self.read(place)).transpose()
    }

    /// Unpacks a file; one that is larger than the archive says is broken.
    pub(crate) fn read(&self, place: usize) -> Result<Vec<u8>, ReadError> {
        let Some(entry) = self.files.get(place) else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        let mut zip = self.zip.clone();
        let file = zip.by_index(place).map_err(|error| broken(&self.name, &error))?;
        let read = file.take(entry.size.saturating_add(1)).read_to_end(&mut bytes);
        self.expect_size(entry, read.map_err(|error| self.cannot_unpack(entry, &error))?)?;
        Ok(bytes)
    }

    /// The first bytes of a file.
    pub(crate) fn start(&self, place: usize, most: u64) -> Result<Vec<u8>, ReadError> {
        let Some(entry) = self.files.get(place) else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        let mut zip = self.zip.clone();
        let file = zip.by_index(place).map_err(|error| broken(&self.name, &error))?;
        let read = file.take(most).read_to_end(&mut bytes);
        read.map_err(|error| self.cannot_unpack(entry, &error))?;
        Ok(bytes)
    }

    /// Unpacks everything without keeping it, to know that it can be, and that it is as large as
    /// the archive says.
    #[cfg(feature = "workbook")]
    pub(crate) fn try_all(&self) -> Result<(), ReadError> {
        let mut zip = self.zip.clone();
        for (place, entry) in self.files.iter().enumerate() {
            let file = zip.by_index(place).map_err(|error| broken(&self.name, &error))?;
            let mut file = file.take(entry.size.saturating_add(1));
            let read = std::io::copy(&mut file, &mut std::io::sink());
            let read = read.map_err(|error| self.cannot_unpack(entry, &error))?;
            self.expect_size(entry, usize::try_from(read).unwrap_or(usize::MAX))?;
        }
        Ok(())
    }

    fn expect_size(&self, entry: &Entry, read: usize) -> Result<(), ReadError> {
        if u64::try_from(read).is_ok_and(|read| read <= entry.size) {
            return Ok(());
        }
        let message = format!("{} is larger than the archive says", quoted(&entry.name));
        Err(ReadError::broken(&self.name, Spot::START, message, "pack it anew"))
    }

    fn cannot_unpack(&self, entry: &Entry, error: &std::io::Error) -> ReadError {
        let message = format!("{} cannot be unpacked: {error}", quoted(&entry.name));
        ReadError::broken(&self.name, Spot::START, message, "pack it anew")
    }

    /// Its files that hold tables, and what is said of the others.
    pub(crate) fn inputs(self) -> Result<(Vec<Input>, Vec<Problem>), ReadError> {
        let archive = Arc::new(self);
        let (mut inputs, mut notes) = (Vec::new(), Vec::new());
        for (place, entry) in archive.files.iter().enumerate() {
            if !entry.is_file || is_by_the_way(&entry.name) {
                continue;
            }
            let name = format!("{}/{}", archive.name, entry.name);
            let input = Input::entry(&name, &archive, place);
            let form = sniff::form(&input)?;
            if form == Form::Zip && Archive::open(&input)?.kind() == Kind::Files {
                let message = format!("{} is an archive in an archive", quoted(&entry.name));
                let expected = "expected the files themselves";
                return Err(ReadError::broken(&archive.name, Spot::START, message, expected));
            }
            if form != Form::Delimited || has_table_ending(&entry.name) {
                inputs.push(input);
            } else {
                notes.push(Problem {
                    place: Some(Spot::START.in_file(&archive.name)),
                    subject: String::new(),
                    message: format!("the file {} is not read", quoted(&entry.name)),
                    expected: Some("its name is not that of a table or workbook".to_owned()),
                });
            }
        }
        Ok((inputs, notes))
    }
}

/// What systems put into archives for themselves.
fn is_by_the_way(name: &str) -> bool {
    let file = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("__MACOSX/") || file.starts_with('.') || file == "Thumbs.db"
}

fn broken(name: &str, error: &ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            locked(name)
        }
        ZipError::CompressionMethodNotSupported(_) => {
            let message = "the archive is packed in a way that is not known";
            ReadError::broken(name, Spot::START, message, "pack it as an ordinary zip")
        }
        _ => {
            let message = "the archive is damaged or cut off";
            ReadError::broken(name, Spot::START, message, "expected a whole zip archive")
        }
    }
}

fn locked(name: &str) -> ReadError {
    ReadError::broken(name, Spot::START, "it has a password", "save it without one")
}

fn too_large(name: &str, total: u64, length: u64) -> ReadError {
    let times = total / length.max(1);
    let message = format!("it unpacks to {} MiB, {times} times its size", total >> 20);
    let expected =
        format!("expected at most {} MiB, and at most {MOST_TIMES} times", LARGEST >> 20);
    ReadError::broken(name, Spot::START, message, &expected)
}

/// The files of an archive as tables.
pub(super) struct Files {
    folder: Folder,
    notes: Vec<Problem>,
}

impl Files {
    pub(super) fn open(archive: Archive) -> Result<Files, ReadError> {
        let (inputs, mut notes) = archive.inputs()?;
        let folder = Folder::of(inputs.into_iter())?;
        notes.extend(folder.notes().iter().cloned());
        Ok(Files { folder, notes })
    }
}

impl Source for Files {
    fn tables(&self) -> &[Head] {
        self.folder.tables()
    }

    fn notes(&self) -> &[Problem] {
        &self.notes
    }

    fn read(&self, table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        self.folder.read(table, into)
    }
}
