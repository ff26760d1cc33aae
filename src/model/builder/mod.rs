//! From rows as a host gives them to a checked [`Dataset`].

mod draft;
pub(crate) mod faults;
mod link;
pub(crate) mod read;
mod row;
pub(crate) mod say;
pub(crate) mod teams;

use std::collections::HashSet;

use chrono::NaiveDate;

use super::{Dataset, Entity, FieldType, Noun, Problem, Problems, Schema, Tables, Value};
use draft::DraftTable;
use faults::{Faults, FileNumber, Spot};
use read::{Input, Texts};
pub(crate) use row::COMPANY;

/// Collects rows and everything that is wrong with them.
///
/// Rows come as typed things ([`add`](Self::add), [`tables`](Self::tables)) or as texts
/// ([`row`](Self::row), [`record`](Self::record)), in any order: references are looked up when
/// all rows are there.
///
/// ```
/// use kadence::{Customer, Dataset, Noun, Schema, Seller};
///
/// let mut builder = Dataset::builder(&Schema::default());
/// builder.add(Seller::new("kim"));
/// builder.add(Customer { owner: Some("kim".into()), ..Customer::new("acme") });
/// builder.row(Noun::Customer, &[("id", "zeta", 1), ("owner", "kmi", 6)], "customers.csv", 2);
///
/// let problems = builder.build().unwrap_err();
/// assert_eq!(
///     problems.to_string(),
///     "customers.csv:2:6: customers zeta: `owner` names no seller: `kmi` (did you mean `kim`?)"
/// );
/// ```
#[derive(Debug, Clone)]
pub struct DatasetBuilder {
    schema: Schema,
    faults: Faults,
    /// In the order of [`Noun::ALL`].
    tables: Vec<DraftTable>,
    /// Enumerated values and kinds.
    texts: Texts,
    unknown_fields: HashSet<(Noun, Box<str>)>,
    complete_from: Option<NaiveDate>,
    complete_through: Option<NaiveDate>,
}

/// A text in a row, with the field that it is for and the place where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The field's name.
    pub field: &'a str,
    /// The text; where it is blank, the field is unknown.
    pub text: &'a str,
    /// The line, from one.
    pub line: u32,
    /// The column, from one.
    pub column: u32,
}

/// A row as a file holds it, for [`DatasetBuilder::record`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Which table it belongs to.
    pub noun: Noun,
    /// The file's name.
    pub file: &'a str,
    /// The line on which the row starts, from one.
    pub line: u32,
    /// The column at which it starts, from one.
    pub column: u32,
    /// Its cells, in any order.
    pub cells: &'a [Cell<'a>],
    /// Whether the row can be used, as far as the reader of the file can tell; if not, it says why
    /// by [`DatasetBuilder::problem`]. References to such a row are no problems of their own.
    pub usable: bool,
}

impl DatasetBuilder {
    pub(super) fn new(schema: &Schema) -> Self {
        DatasetBuilder {
            schema: schema.clone(),
            faults: Faults::new(),
            tables: Noun::ALL.iter().map(|noun| DraftTable::new(schema, *noun)).collect(),
            texts: Texts::default(),
            unknown_fields: HashSet::new(),
            complete_from: None,
            complete_through: None,
        }
    }

    /// Adds a thing.
    pub fn add<E: Entity>(&mut self, entity: E) -> &mut Self {
        let cells = entity.into_cells();
        let cells = cells.into_iter().map(|(name, value)| (name, Input::Scalar(value), Spot::NONE));
        self.push(E::NOUN, (FileNumber::NONE, Spot::NONE), cells, true);
        self
    }

    /// Adds all the things of `tables`, and what they say of completeness.
    pub fn tables(&mut self, tables: Tables) -> &mut Self {
        fn add_all<E: Entity>(builder: &mut DatasetBuilder, entities: Vec<E>) {
            for entity in entities {
                builder.add(entity);
            }
        }
        add_all(self, tables.teams);
        add_all(self, tables.sellers);
        add_all(self, tables.customers);
        add_all(self, tables.contacts);
        add_all(self, tables.leads);
        add_all(self, tables.opportunities);
        add_all(self, tables.campaigns);
        add_all(self, tables.members);
        add_all(self, tables.absences);
        add_all(self, tables.activities);
        self.complete_from = tables.complete_from.or(self.complete_from);
        self.complete_through = tables.complete_through.or(self.complete_through);
        self
    }

    /// Adds a row of texts that stand on one line: field names, each with its text and the
    /// column at which that stands. A blank text is unknown.
    pub fn row(
        &mut self,
        noun: Noun,
        cells: &[(&str, &str, u32)],
        file: &str,
        line: u32,
    ) -> &mut Self {
        let file = self.faults.file(file);
        let start = Spot { line, column: 1 };
        let cells = cells.iter().map(|(field, text, column)| {
            (*field, Input::Text(text), Spot { line, column: *column })
        });
        self.push(noun, (file, start), cells, true);
        self
    }

    /// Adds a row of texts each of which has a place of its own.
    pub fn record(&mut self, record: Record<'_>) -> &mut Self {
        let file = self.faults.file(record.file);
        let start = Spot { line: record.line, column: record.column };
        let cells = record.cells.iter().map(|cell| {
            (cell.field, Input::Text(cell.text), Spot { line: cell.line, column: cell.column })
        });
        self.push(record.noun, (file, start), cells, record.usable);
        self
    }

    /// Says which of the columns of a table no field names, for a file that has a header; without
    /// it the first row that has such a cell is named. The texts of the cells do not matter.
    pub fn header(&mut self, noun: Noun, cells: &[Cell<'_>], file: &str) -> &mut Self {
        let file = self.faults.file(file);
        for cell in cells {
            if self.schema.field(noun, cell.field).is_none() {
                let spot = Spot { line: cell.line, column: cell.column };
                self.say_unknown_field(noun, file, cell.field, spot);
            }
        }
        self
    }

    /// Adds a fault that the reader of a file has found.
    pub fn problem(&mut self, problem: Problem) -> &mut Self {
        self.faults.error(problem);
        self
    }

    /// Adds something worth saying that hinders nothing.
    pub fn note(&mut self, note: Problem) -> &mut Self {
        self.faults.note(note);
        self
    }

    /// The first day from which the activities are complete.
    pub fn complete_from(&mut self, day: NaiveDate) -> &mut Self {
        self.complete_from = Some(day);
        self
    }

    /// The last day through which the activities are complete.
    pub fn complete_through(&mut self, day: NaiveDate) -> &mut Self {
        self.complete_through = Some(day);
        self
    }

    /// Whether it is not said through which day the activities are complete.
    #[doc(hidden)]
    pub fn is_open_ended(&self) -> bool {
        self.complete_through.is_none()
    }

    /// The dataset, with what is worth saying about it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any row. What follows from it, as a reference to a row that
    /// is itself wrong, is not listed.
    pub fn build(mut self) -> Result<(Dataset, Vec<Problem>), Problems> {
        self.check();
        if self.faults.has_errors() {
            return Err(self.faults.into_problems());
        }
        let (dataset, problems) = self.finish();
        Ok((dataset, problems.notes))
    }

    /// The dataset without the rows that something is wrong with and those that refer to them,
    /// and what that is.
    pub fn build_lenient(mut self) -> (Dataset, Problems) {
        self.check();
        link::leave_out(&mut self.tables, &mut self.faults);
        self.finish()
    }

    fn check(&mut self) {
        link::resolve(&self.schema, &mut self.tables, &mut self.faults);
        link::find_circles(&mut self.tables, &mut self.faults);
        link::find_too_deep(&mut self.tables, &mut self.faults);
        if let (Some(from), Some(through)) = (self.complete_from, self.complete_through)
            && through < from
        {
            self.faults.error(say::completeness(from, through));
            self.complete_from = None;
            self.complete_through = None;
        }
    }

    fn finish(self) -> (Dataset, Problems) {
        let dataset = Dataset {
            schema: self.schema,
            tables: link::number(self.tables),
            complete_from: self.complete_from,
            complete_through: self.complete_through,
        };
        (dataset, self.faults.into_problems())
    }
}

#[cfg(test)]
mod tests;
