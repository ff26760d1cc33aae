//! What is wrong with data.

use std::fmt;

/// Where in a file, counted from one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The column: in CSV the character at which the cell starts, in JSON that of the value.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One thing that is wrong with data: where, what, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The place in the file that it came from; none for rows built in code.
    pub place: Option<Place>,
    /// The table and the row: `customers`, `customers acme`; may be empty.
    pub subject: String,
    /// What is wrong, in the words of `data.md`: lower case, no full stop, the text in back-ticks.
    pub message: String,
    /// What was expected, or how to mend it.
    pub expected: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        if !self.subject.is_empty() {
            write!(f, "{}: ", self.subject)?;
        }
        f.write_str(&self.message)?;
        match &self.expected {
            Some(expected) => write!(f, " ({expected})"),
            None => Ok(()),
        }
    }
}

/// All that is wrong with a dataset, in the order of files and lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// What makes a row unusable: the first ten thousand.
    pub errors: Vec<Problem>,
    /// How many errors there are, those included that `errors` does not hold.
    pub total: usize,
    /// What is worth saying and hinders nothing, such as a column that no field names.
    pub notes: Vec<Problem>,
}

impl Problems {
    /// Whether every row can be used.
    pub fn is_usable(&self) -> bool {
        self.total == 0 && self.errors.is_empty()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.errors.iter().chain(&self.notes).enumerate() {
            let separator = if i > 0 { "\n" } else { "" };
            write!(f, "{separator}{problem}")?;
        }
        match self.total.saturating_sub(self.errors.len()) {
            0 => Ok(()),
            more => write!(f, "\n{more} more problems"),
        }
    }
}

impl std::error::Error for Problems {}
