//! The files of a folder.

use std::path::Path;

use kadence::Problem;

use super::{Head, Input, Sink, Source, open_input};
use crate::{ReadError, file_names};

/// A folder whose files hold tables.
pub(super) struct Folder {
    files: Vec<Box<dyn Source>>,
    heads: Vec<Head>,
    notes: Vec<Problem>,
    /// For each head its file, and its place among the tables of that.
    places: Vec<(usize, usize)>,
}

/// The endings of files that hold tables.
const ENDINGS: [&str; 16] = [
    "csv", "tsv", "json", "ndjson", "jsonl", "xlsx", "ods", "db", "sqlite", "sqlite3", "ics",
    "vcf", "parquet", "arrow", "arrows", "feather",
];

/// Whether a file is named like one that holds tables.
pub(crate) fn has_table_ending(name: &str) -> bool {
    let ending = Path::new(name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Folder, ReadError> {
        let names = file_names(path)?;
        let tables = names.iter().filter(|name| has_table_ending(name));
        Folder::of(tables.map(|name| Input::file(&path.join(name))))
    }

    /// The tables of all of them.
    pub(super) fn of(inputs: impl Iterator<Item = Input>) -> Result<Folder, ReadError> {
        let mut folder =
            Folder { files: Vec::new(), heads: Vec::new(), notes: Vec::new(), places: Vec::new() };
        for input in inputs {
            let file = open_input(input)?;
            for (place, head) in file.tables().iter().enumerate() {
                folder.heads.push(head.clone());
                folder.places.push((folder.files.len(), place));
            }
            folder.notes.extend(file.notes().iter().cloned());
            folder.files.push(file);
        }
        Ok(folder)
    }
}

impl Source for Folder {
    fn tables(&self) -> &[Head] {
        &self.heads
    }

    fn notes(&self) -> &[Problem] {
        &self.notes
    }

    fn read(&self, table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        let place = self.places.get(table).copied();
        match place.and_then(|(file, table)| Some((self.files.get(file)?, table))) {
            Some((file, table)) => file.read(table, into),
            None => Ok(()),
        }
    }
}
