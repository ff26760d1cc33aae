//! What is wrong with rows, in order and within bounds.

use std::collections::{BinaryHeap, HashMap};

use crate::diagnostic::nearest;
use crate::model::{Place, Problem, Problems};

/// How many problems are kept, and how many notes; more are counted only.
const KEPT: usize = 10_000;

/// How many names are compared in search of the nearest, over a whole dataset.
const COMPARISONS: usize = 100_000;

/// Longer texts are no misspelt names.
const LONGEST_NAME: usize = 64;

/// A file by its order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileNumber(u32);

impl FileNumber {
    pub(crate) const NONE: FileNumber = FileNumber(u32::MAX);
}

/// A line and a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Spot {
    pub(crate) const NONE: Spot = Spot { line: 0, column: 0 };
}

/// Problems and notes, the first ones of each kept in the order of files, lines and columns.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    files: Vec<String>,
    by_name: HashMap<String, u32>,
    errors: First,
    notes: First,
    comparisons_left: usize,
}

impl Faults {
    pub(crate) fn new() -> Self {
        Faults {
            files: Vec::new(),
            by_name: HashMap::new(),
            errors: First::default(),
            notes: First::default(),
            comparisons_left: COMPARISONS,
        }
    }

    pub(crate) fn file(&mut self, name: &str) -> FileNumber {
        if let Some(number) = self.by_name.get(name) {
            return FileNumber(*number);
        }
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX - 1);
        self.files.push(name.to_owned());
        self.by_name.insert(name.to_owned(), number);
        FileNumber(number)
    }

    pub(crate) fn place(&self, file: FileNumber, spot: Spot) -> Option<Place> {
        let file = self.files.get(file.0 as usize)?.clone();
        Some(Place { file, line: spot.line, column: spot.column })
    }

    pub(crate) fn error(&mut self, problem: Problem) {
        let file = self.file_of(&problem);
        self.errors.push(file, problem);
    }

    pub(crate) fn note(&mut self, note: Problem) {
        let file = self.file_of(&note);
        self.notes.push(file, note);
    }

    fn file_of(&mut self, problem: &Problem) -> FileNumber {
        problem.place.as_ref().map_or(FileNumber::NONE, |place| self.file(&place.file))
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors.total > 0
    }

    /// Whether so many more names would be compared.
    pub(crate) fn compares(&self, names: usize) -> bool {
        names <= self.comparisons_left
    }

    /// `did you mean …?`, as long as searching for it stays cheap.
    pub(crate) fn did_you_mean<'a>(
        &mut self,
        written: &str,
        known: impl ExactSizeIterator<Item = &'a str>,
    ) -> Option<String> {
        if written.len() > LONGEST_NAME || known.len() > self.comparisons_left {
            return None;
        }
        self.comparisons_left -= known.len();
        let name = nearest(written, known.filter(|name| name.len() <= LONGEST_NAME))?;
        Some(format!("did you mean {}?", quoted(name)))
    }

    pub(crate) fn into_problems(self) -> Problems {
        let total = self.errors.total;
        let more = self.notes.total.saturating_sub(KEPT);
        let mut notes = self.notes.sorted();
        if more > 0 {
            let message = format!("{more} more notes like these");
            notes.push(Problem { place: None, subject: String::new(), message, expected: None });
        }
        Problems { errors: self.errors.sorted(), total, notes }
    }
}

/// The first problems by their places, and how many there are in all.
#[derive(Debug, Clone, Default)]
struct First {
    heap: BinaryHeap<Entry>,
    total: usize,
}

impl First {
    fn push(&mut self, file: FileNumber, problem: Problem) {
        self.total += 1;
        let (line, column) = problem.place.as_ref().map_or((0, 0), |at| (at.line, at.column));
        let key = (file, Spot { line, column }, self.total);
        if self.heap.len() < KEPT {
            self.heap.push(Entry { key, problem });
        } else if let Some(mut last) = self.heap.peek_mut()
            && key < last.key
        {
            *last = Entry { key, problem };
        }
    }

    fn sorted(self) -> Vec<Problem> {
        self.heap.into_sorted_vec().into_iter().map(|entry| entry.problem).collect()
    }
}

#[derive(Debug, Clone)]
struct Entry {
    key: (FileNumber, Spot, usize),
    problem: Problem,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

/// A text from the data in back-ticks: on one line, and not longer than a message can bear.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("`");
    for (i, c) in text.chars().enumerate() {
        if i == LONGEST_NAME {
            quoted.push('…');
            break;
        }
        if c.is_control() {
            quoted.extend(c.escape_default());
        } else {
            quoted.push(c);
        }
    }
    quoted.push('`');
    quoted
}
