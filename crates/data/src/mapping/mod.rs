//! What a source's tables and columns are: the mapping file.

mod apply;
mod check;
pub(crate) mod formats;
mod lookup;
mod parse;
mod toml_table;

pub(crate) use apply::read;

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;
use kadence::{Noun, Problem};

use crate::text::{self, Spot};
use crate::{ReadError, unreadable};
use formats::{DateFormat, NumberFormat};

/// What the tables and columns of a source are, for data that is not named as kadence names it.
///
/// ```
/// use kadence_data::Mapping;
///
/// let text = r#"
///     [[customers]]
///     table = "Accounts"
///     fields.id = "Account No."
///     fields.name = "Account"
///     fields.segment = { column = "Class", values = { Gold = "A", Silver = "B" } }
/// "#;
/// assert!(Mapping::parse("kadence.toml", text).is_ok());
/// let wrong = Mapping::parse("kadence.toml", "[[custmers]]\n").unwrap_err();
/// assert_eq!(
///     wrong[0].to_string(),
///     "kadence.toml:1:3: there is no table `custmers` (did you mean `customers`?)"
/// );
/// ```
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// What places call it.
    file: String,
    pub(crate) preset: Option<(String, Spot)>,
    pub(crate) settings: Settings,
    tables: Vec<TableMap>,
    /// Whether tables and columns that are not there are left out, and not missed; and whether a
    /// reference to what is not there is unknown, and counted.
    pub(crate) is_preset: bool,
    /// Sets of columns one of which is in one table of the data that a preset is for.
    pub(crate) signs: Vec<Vec<String>>,
}

/// What holds for all tables.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// Of times that say none.
    pub(crate) zone: Option<Tz>,
    dates: Vec<DateFormat>,
    numbers: Option<NumberFormat>,
    pub(crate) complete_from: Option<NaiveDate>,
    pub(crate) complete_through: Option<NaiveDate>,
    /// The first and the last day of a calendar that are asked for.
    pub(crate) calendar: (Option<NaiveDate>, Option<NaiveDate>),
    /// The day on which the data was exported.
    pub(crate) exported: Option<NaiveDate>,
    /// The file that says which ids are one.
    pub(crate) merge: Option<(String, Spot)>,
}

/// How rows of a source become rows of a noun.
#[derive(Debug, Clone)]
struct TableMap {
    noun: Noun,
    at: Spot,
    /// What the table may be called: the first that is there. `*` stands for anything at the end,
    /// and may be several tables.
    tables: Vec<(String, Spot)>,
    /// What a database is asked in place of a table of that name.
    query: Option<String>,
    conditions: Vec<Condition>,
    /// Of times in it that say none, in place of the zone of all tables.
    zone: Option<Tz>,
    /// Whether later rows with the id of an earlier one are passed over.
    once: bool,
    fields: Vec<FieldMap>,
}

#[derive(Debug, Clone)]
struct FieldMap {
    name: String,
    at: Spot,
    /// The first that gives something.
    ways: Vec<Way>,
}

/// From a row to the text of a field.
#[derive(Debug, Clone)]
struct Way {
    at: Spot,
    from: From,
    /// The text is the key of rows of another table, of which this is taken.
    join: Option<Join>,
    /// Stands between several texts in one.
    split: Option<String>,
    values: Vec<(String, String)>,
    /// What those become that `values` does not name.
    other: Option<String>,
    dates: Vec<DateFormat>,
    numbers: Option<NumberFormat>,
    find: Option<Find>,
    conditions: Vec<Condition>,
}

impl Way {
    /// Whether it asks for something that may not be there.
    fn is_looked_up(&self) -> bool {
        self.find.is_some() || self.is_in_table()
    }

    /// Whether it is the key of a row of another table.
    fn is_in_table(&self) -> bool {
        self.join.as_ref().is_some_and(|join| join.is_expected)
    }
}

#[derive(Debug, Clone)]
enum From {
    /// The first of these columns that is there and not blank.
    Columns(Vec<(String, Spot)>),
    Constant(String),
    /// Texts and columns, one after the other; nothing if one of the columns is blank.
    Template(Vec<Piece>),
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Column(String),
    /// The number of the line, `{#}`.
    Line,
}

#[derive(Debug, Clone)]
struct Join {
    tables: Vec<(String, Spot)>,
    key: (String, Spot),
    take: (String, Spot),
    /// Which of its rows.
    conditions: Vec<Condition>,
    /// Whether there is a row for each key, so that one without is missed.
    is_expected: bool,
}

/// The thing whose field is the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Find {
    noun: Noun,
    field: String,
    /// What is taken of it: its `id`, or another field.
    take: String,
}

/// That a column has one of these texts, or none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    column: (String, Spot),
    /// `*` stands for anything at the end, and alone for what is not blank.
    texts: Vec<String>,
    is_wanted: bool,
}

impl Condition {
    /// Whether a row whose column has that text passes.
    fn allows(&self, text: &str) -> bool {
        self.texts.iter().any(|wanted| is_like(text, wanted)) == self.is_wanted
    }
}

/// Whether a text is the wanted one, in small or capital letters; `*` at the end stands for
/// anything, and alone for anything that is not blank.
fn is_like(text: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some("") => !text.is_empty(),
        Some(start) => {
            text.get(..start.len()).is_some_and(|text| text.to_lowercase() == start.to_lowercase())
        }
        None => text.to_lowercase() == wanted.to_lowercase(),
    }
}

impl Mapping {
    /// Reads a mapping file (TOML); `file` is what places call it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it as such. What is wrong with it for some data is said when
    /// that is read.
    pub fn parse(file: &str, text: &str) -> Result<Mapping, Vec<Problem>> {
        parse::mapping(file, text)
    }

    /// Reads a mapping file at a path, which places call by its name.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or something is wrong with it: all of that.
    pub fn open(path: &Path) -> Result<Mapping, ReadError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let bytes = fs::read(path).map_err(|error| unreadable(path, error))?;
        let text = text::utf8(text::without_bom(&bytes), Spot::START)
            .map_err(|error| ReadError::Mapping(vec![error.problem(&name)]))?;
        Mapping::parse(&name, text).map_err(ReadError::Mapping)
    }

    /// Whether a name of the data is one that the mapping says, in small or capital letters; to a
    /// preset, `WhoId` and `who_id` are one.
    pub(crate) fn is_name(&self, name: &str, said: &str) -> bool {
        if !self.is_preset {
            return name.trim().eq_ignore_ascii_case(said.trim());
        }
        let letters = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        letters(name) == letters(said)
    }

    /// What places call it.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// The queries that it asks of a database, by the names of the tables that they make.
    pub(crate) fn queries(&self) -> Vec<(String, String)> {
        let query =
            |table: &TableMap| Some((table.tables.first()?.0.clone(), table.query.clone()?));
        self.tables.iter().filter_map(query).collect()
    }
}
