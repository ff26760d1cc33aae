//! Data whose tables are named like nouns, and their columns like fields.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use kadence::diagnostic::nearest;
use kadence::{Noun, Problem, Schema};

use crate::rows::Rows;
use crate::source::folder::has_table_ending;
use crate::source::sniff::{self, Form};
use crate::source::{self, Head, Input, RawRow, Sink, Source, Where};
use crate::text::{self, Spot, quoted};
use crate::{ABOUT, ReadError, by_name, file_names, json};

/// The table of which the columns say from and through which day all tables are complete.
const ABOUT_TABLE: &str = "dataset";
const FROM: &str = "complete_from";
const THROUGH: &str = "complete_through";
const AS_OF: &str = "as_of";

/// The nouns that have a table.
pub(crate) fn tables() -> impl Iterator<Item = Noun> {
    Noun::ALL.into_iter().filter(|noun| *noun != Noun::Company)
}

/// The noun that a table is named like, in whatever case.
pub(crate) fn noun(table: &str) -> Option<Noun> {
    tables().find(|noun| noun.table().eq_ignore_ascii_case(table.trim()))
}

/// Whether a table is named like a noun, or says of when the others are.
pub(crate) fn is_named(table: &str) -> bool {
    noun(table).is_some() || table.eq_ignore_ascii_case(ABOUT_TABLE)
}

/// The noun that a file is named like.
fn noun_of_file(name: &str) -> Option<Noun> {
    let stem = Path::new(name).file_stem()?.to_string_lossy();
    noun(&stem).filter(|_| has_table_ending(name))
}

pub(crate) fn is_file_of_ours(name: &str) -> bool {
    is_about(name) || noun_of_file(name).is_some()
}

fn is_about(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|file| file == ABOUT)
}

/// Whether a table of the source is named like a noun.
pub(crate) fn has_ours(source: &dyn Source) -> bool {
    source.tables().iter().any(|head| noun(&head.name).is_some())
}

/// Whether data is a folder, an archive or a JSON file with such tables. Of other data it is its
/// tables that say so.
pub(crate) fn is_ours(place: &Where) -> Result<bool, ReadError> {
    match place {
        Where::Folder(path) => Ok(file_names(path)?.iter().any(|name| is_file_of_ours(name))),
        Where::File(input) => match sniff::form(input)? {
            Form::Json => Ok(has_ours(source::open_input(input.clone())?.as_ref())),
            _ => match files_of(input)? {
                Some((inputs, _)) => Ok(inputs.iter().any(|input| is_file_of_ours(&input.name))),
                None => Ok(false),
            },
        },
        Where::Server(_) => Ok(false),
    }
}

/// The files of an archive, and what is worth saying of it.
type FilesOf = (Vec<Input>, Vec<Problem>);

/// The files of an archive.
fn files_of(input: &Input) -> Result<Option<FilesOf>, ReadError> {
    #[cfg(feature = "zip")]
    if sniff::form(input)? == Form::Zip {
        use crate::source::archive::{Archive, Kind};
        let archive = Archive::open(input)?;
        if archive.kind() == Kind::Files {
            return archive.inputs().map(Some);
        }
    }
    #[cfg(not(feature = "zip"))]
    let _ = input;
    Ok(None)
}

/// What data says of when it was taken: the text, and the file that has it.
pub(crate) fn as_of(place: &Where) -> Result<Option<(String, String)>, ReadError> {
    match place {
        Where::Folder(path) => match path.join(ABOUT) {
            about if about.is_file() => as_of_json(&Input::file(&about)),
            _ => Ok(None),
        },
        Where::File(input) => as_of_file(input),
        Where::Server(_) => as_of_source(place.open(&[])?.as_ref()),
    }
}

fn as_of_file(input: &Input) -> Result<Option<(String, String)>, ReadError> {
    if let Some((inputs, _)) = files_of(input)? {
        let about = inputs.iter().find(|input| is_about(&input.name));
        return match (about, inputs.as_slice()) {
            (Some(about), _) => as_of_json(about),
            (None, [one]) => as_of_file(one),
            (None, _) => Ok(None),
        };
    }
    match sniff::form(input)? {
        Form::Json => as_of_json(input),
        Form::Delimited => Ok(None),
        _ => as_of_source(source::open_input(input.clone())?.as_ref()),
    }
}

fn as_of_json(input: &Input) -> Result<Option<(String, String)>, ReadError> {
    #[derive(serde::Deserialize)]
    struct About {
        as_of: Option<String>,
    }
    let file = input.shown().display().to_string();
    let bytes = input.read()?;
    match serde_json::from_slice::<About>(text::without_bom(&bytes)) {
        Ok(about) => Ok(about.as_of.map(|text| (text, file))),
        // It may be rows and nothing else: what is wrong with it is said when it is read.
        Err(error) if error.is_data() && bytes.contains(&b'[') && !has_key(&bytes) => Ok(None),
        Err(error) => {
            let message = format!("`as_of` cannot be read: {error}");
            Err(ReadError::broken(&file, Spot::START, message, "expected a date or an instant"))
        }
    }
}

fn has_key(bytes: &[u8]) -> bool {
    let key = format!("\"{AS_OF}\"");
    bytes.windows(key.len()).any(|part| part == key.as_bytes())
}

fn as_of_source(source: &dyn Source) -> Result<Option<(String, String)>, ReadError> {
    let heads = source.tables();
    let about = heads.iter().position(|head| head.name.eq_ignore_ascii_case(ABOUT_TABLE));
    let Some((place, head)) = about.and_then(|place| Some((place, heads.get(place)?))) else {
        return Ok(None);
    };
    let mut about = About::of(head);
    source.read(place, &mut about)?;
    Ok(about.as_of.map(|text| (text, head.file.clone())))
}

/// Reads data table by table.
pub(crate) struct Named<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) into: &'a mut dyn Rows,
}

impl Named<'_> {
    pub(crate) fn read(&mut self, place: &Where) -> Result<(), ReadError> {
        match place {
            Where::Folder(path) => {
                let names = file_names(path)?;
                let inputs: Vec<Input> =
                    names.iter().map(|name| Input::file(&path.join(name))).collect();
                self.files(&inputs, path)
            }
            Where::File(input) => self.file(input),
            Where::Server(_) => self.source(place.open(&[])?.as_ref()),
        }
    }

    fn file(&mut self, input: &Input) -> Result<(), ReadError> {
        if let Some((inputs, notes)) = files_of(input)? {
            notes.into_iter().for_each(|note| {
                self.into.builder().note(note);
            });
            // A whole dataset in an archive of its own.
            return match inputs.as_slice() {
                [one] if !is_file_of_ours(&one.name) => self.file(one),
                _ => self.files(&inputs, &input.shown()),
            };
        }
        match sniff::form(input)? {
            Form::Json => {
                let none = BTreeSet::new();
                json::read(&input.read()?, &input.name, self.schema, &none, self.into.builder());
                Ok(())
            }
            Form::Delimited => Err(ReadError::OneTable(input.shown())),
            _ => self.source(source::open_input(input.clone())?.as_ref()),
        }
    }

    /// The files that are named like nouns, and what is said beside them.
    fn files(&mut self, inputs: &[Input], folder: &Path) -> Result<(), ReadError> {
        let mut found = BTreeSet::new();
        for noun in tables() {
            let mut named = inputs.iter().filter(|input| noun_of_file(&input.name) == Some(noun));
            let Some(first) = named.next() else { continue };
            found.insert(noun);
            self.table(first, noun)?;
            for other in named {
                let message = format!("`{}` is given here and in `{}`", noun.table(), first.name);
                self.into.builder().problem(problem(
                    &other.name,
                    Spot::START,
                    message,
                    "expected one",
                ));
            }
        }
        let about = inputs.iter().find(|input| is_about(&input.name));
        if let Some(about) = about {
            json::read(&about.read()?, &about.name, self.schema, &found, self.into.builder());
        }
        if found.is_empty() && about.is_none() {
            return Err(ReadError::NoTables(folder.to_owned()));
        }
        for input in inputs {
            self.note_near_name(&input.name);
        }
        Ok(())
    }

    /// The one table of a file.
    fn table(&mut self, input: &Input, noun: Noun) -> Result<(), ReadError> {
        let source = source::open_input(input.clone())?;
        source.notes().iter().for_each(|note| {
            self.into.builder().note(note.clone());
        });
        match source.tables() {
            [_] => by_name::read(source.as_ref(), 0, noun, self.schema, self.into),
            heads => {
                let message = format!("the file has {} tables", heads.len());
                let expected = format!("expected one, of {}", noun.table());
                let problem = problem(&input.name, Spot::START, message, &expected);
                self.into.builder().problem(problem);
                Ok(())
            }
        }
    }

    /// What stands beside tables that a mapping reads: of when they are.
    pub(crate) fn about_others(
        &mut self,
        place: &Where,
        source: &dyn Source,
    ) -> Result<(), ReadError> {
        let about = match place {
            Where::Folder(path) => Some(path.join(ABOUT)).filter(|about| about.is_file()),
            _ => None,
        };
        if let Some(about) = about.map(|path| Input::file(&path)) {
            let all = tables().collect();
            json::read(&about.read()?, &about.name, self.schema, &all, self.into.builder());
            return Ok(());
        }
        for (place, head) in source.tables().iter().enumerate() {
            if head.name.eq_ignore_ascii_case(ABOUT_TABLE) {
                self.about(source, place, head)?;
            }
        }
        Ok(())
    }

    /// The tables of a source that are named like nouns.
    pub(crate) fn source(&mut self, source: &dyn Source) -> Result<(), ReadError> {
        source.notes().iter().for_each(|note| {
            self.into.builder().note(note.clone());
        });
        let heads = source.tables();
        for noun in tables() {
            let mut named =
                heads.iter().enumerate().filter(|(_, head)| self::noun(&head.name) == Some(noun));
            let Some((place, first)) = named.next() else { continue };
            by_name::read(source, place, noun, self.schema, self.into)?;
            for (_, other) in named {
                let message = format!("`{}` is given here and in `{}`", noun.table(), first.file);
                self.into.builder().problem(problem(
                    &other.file,
                    Spot::START,
                    message,
                    "expected one",
                ));
            }
        }
        for (place, head) in heads.iter().enumerate() {
            if head.name.eq_ignore_ascii_case(ABOUT_TABLE) {
                self.about(source, place, head)?;
            } else if noun(&head.name).is_none() {
                self.note_near_table(head);
            }
        }
        match has_ours(source) {
            true => Ok(()),
            false => Err(ReadError::NoSuchTables(tables_in_words(heads))),
        }
    }

    fn note_near_table(&mut self, head: &Head) {
        let lower = head.name.to_lowercase();
        if let Some(table) = nearest(&lower, tables().map(Noun::table)) {
            let message = format!("the table {} is not read", quoted(&head.name));
            let expected = format!("did you mean `{table}`?");
            self.into.builder().note(problem(&head.file, Spot::START, message, &expected));
        }
    }

    /// Notes a file that is no table but is nearly named like one.
    fn note_near_name(&mut self, name: &str) {
        if is_file_of_ours(name) {
            return;
        }
        let file = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
        let lower = file.to_lowercase();
        let Some((stem, ending)) = lower.rsplit_once('.') else { return };
        if !has_table_ending(&lower) {
            return;
        }
        if let Some(table) = nearest(stem, tables().map(Noun::table)) {
            self.into.builder().note(Problem {
                place: None,
                subject: String::new(),
                message: format!("the file `{file}` is not read"),
                expected: Some(format!("did you mean `{table}.{ending}`?")),
            });
        }
    }

    /// From and through which day the tables are complete.
    fn about(&mut self, source: &dyn Source, place: usize, head: &Head) -> Result<(), ReadError> {
        let mut about = About::of(head);
        source.read(place, &mut about)?;
        let About { days, problems, .. } = about;
        for problem in problems {
            self.into.builder().problem(problem);
        }
        let day = |name: &str| days.iter().find(|(found, _)| found == name).map(|(_, day)| *day);
        match (day(FROM), day(THROUGH)) {
            (Some(from), Some(through)) if through < from => {
                let message = format!("`{FROM}` {from} is after `{THROUGH}` {through}");
                let expected = "expected the earlier day first";
                self.into.builder().problem(problem(&head.file, Spot::START, message, expected));
            }
            (from, through) => {
                from.into_iter().for_each(|day| {
                    self.into.builder().complete_from(day);
                });
                through.into_iter().for_each(|day| {
                    self.into.builder().complete_through(day);
                });
            }
        }
        Ok(())
    }
}

fn problem(file: &str, at: Spot, message: String, expected: &str) -> Problem {
    Problem {
        place: Some(at.in_file(file)),
        subject: String::new(),
        message,
        expected: Some(expected.to_owned()),
    }
}

/// The names of tables, or that there is none.
pub(crate) fn tables_in_words(heads: &[Head]) -> String {
    /// So many are named.
    const NAMED: usize = 10;
    let names: Vec<String> = heads.iter().take(NAMED).map(|head| quoted(&head.name)).collect();
    match heads.len().checked_sub(NAMED) {
        _ if heads.is_empty() => "no table that is not empty".to_owned(),
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names.join(", ")),
    }
}

/// Reads the table about the tables.
struct About<'a> {
    head: &'a Head,
    days: Vec<(String, NaiveDate)>,
    as_of: Option<String>,
    problems: Vec<Problem>,
}

impl About<'_> {
    fn of(head: &Head) -> About<'_> {
        About { head, days: Vec::new(), as_of: None, problems: Vec::new() }
    }
}

impl Sink for About<'_> {
    fn row(&mut self, row: &RawRow<'_>) {
        for (cell, column) in row.cells.iter().zip(&self.head.columns) {
            let name = column.name.to_lowercase();
            let text = cell.text.trim();
            if name == AS_OF && !text.is_empty() {
                self.as_of = Some(text.to_owned());
            }
            if !matches!(name.as_str(), FROM | THROUGH) || text.is_empty() {
                continue;
            }
            match text.parse().ok().filter(|day: &NaiveDate| day.to_string() == text) {
                Some(day) => self.days.push((name, day)),
                None => {
                    let message = format!("`{name}` cannot be {}", quoted(text));
                    let expected = "expected a date such as 2026-11-15";
                    self.problems.push(self.head.problem(cell.at, message, expected));
                }
            }
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}
