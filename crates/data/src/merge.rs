//! Ids that are one: which rows are put together, and what refers to them.

use std::collections::{BTreeMap, HashMap, HashSet};

use kadence::{Cell, FieldType, Noun, Place, Problem, Record, Schema};

use crate::rows::Rows;
use crate::source::{RawRow, Sink};
use crate::text::{Spot, quoted};
use crate::{ReadError, source};

/// The columns of a merge file.
const COLUMNS: [&str; 3] = ["table", "id", "same_as"];

/// Which ids are one.
#[derive(Debug, Default)]
pub(crate) struct Merge {
    /// For each noun, and each id that is another's, that other one.
    same_as: HashMap<(Noun, String), String>,
    /// Where each of these is said, until there is a row with it.
    missing: BTreeMap<(Noun, String), Place>,
    /// The ids that stay.
    stays: HashSet<(Noun, String)>,
    /// The fields that refer to things of a noun.
    references: HashMap<(Noun, String), Noun>,
    /// The rows that are put together, by the id that they get.
    held: BTreeMap<(Noun, String), Vec<Held>>,
}

/// A row that is kept until all are there.
#[derive(Debug)]
struct Held {
    file: String,
    at: Spot,
    cells: Vec<(String, String, Spot)>,
    usable: bool,
}

impl Merge {
    /// Reads a merge file: CSV with a line for each id that is another's.
    pub(crate) fn open(input: source::Input, schema: &Schema) -> Result<Merge, ReadError> {
        let file = source::open_input(input)?;
        let mut lines = Lines { lines: Vec::new(), problems: Vec::new(), columns: [None; 3] };
        let Some(head) = file.tables().first() else { return Ok(Merge::default()) };
        lines.problems.extend(head.problems.iter().cloned());
        for (place, name) in lines.columns.iter_mut().zip(COLUMNS) {
            *place = head.columns.iter().position(|column| column.name == name);
            if place.is_none() {
                let message = format!("there is no column `{name}`");
                let expected = "expected the columns `table`, `id` and `same_as`";
                lines.problems.push(head.problem(Spot::START, message, expected));
            }
        }
        file.read(0, &mut lines)?;
        let mut merge = Merge { references: references(schema), ..Merge::default() };
        for (at, [table, id, same_as]) in &lines.lines {
            let noun = crate::named::tables().find(|noun| noun.table() == table && noun.has_id());
            let mut say = |message: String, expected: &str| {
                lines.problems.push(head.problem(*at, message, expected));
            };
            match noun {
                _ if id.is_empty() || same_as.is_empty() => {
                    say("a line without an id".to_owned(), "expected two ids of one table");
                }
                None => say(
                    format!("there is no table {}", quoted(table)),
                    "expected one such as `customers`",
                ),
                Some(_) if id == same_as => {
                    say(format!("{} is itself", quoted(id)), "expected two ids that are one");
                }
                Some(noun) => {
                    merge.missing.insert((noun, id.clone()), at.in_file(&head.file));
                    let before = merge.same_as.insert((noun, id.clone()), same_as.clone());
                    if before.is_some_and(|before| before != *same_as) {
                        let message = format!("{} is given twice", quoted(id));
                        say(message, "expected one id that it is the same as");
                    }
                }
            }
        }
        let mut stays = HashSet::new();
        for (noun, id) in merge.same_as.keys() {
            match merge.root(*noun, id) {
                Some(root) => {
                    stays.insert((*noun, root.to_owned()));
                }
                None => {
                    let message = format!("{} is the same as itself, by way of others", quoted(id));
                    let expected = "expected one id that all others lead to";
                    lines.problems.push(head.problem(Spot::START, message, expected));
                }
            }
        }
        merge.stays = stays;
        lines.problems.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
        if lines.problems.is_empty() { Ok(merge) } else { Err(ReadError::Mapping(lines.problems)) }
    }

    /// The id that an id leads to; none if it leads in a circle.
    fn root<'m>(&'m self, noun: Noun, id: &'m str) -> Option<&'m str> {
        let mut id = id;
        for _ in 0..=self.same_as.len() {
            match self.same_as.get(&(noun, id.to_owned())) {
                Some(next) => id = next,
                None => return Some(id),
            }
        }
        None
    }

    /// The id that a field's text stands for: of the thing itself, or of one that it refers to.
    pub(crate) fn stays_as<'m>(&'m self, (noun, field): (Noun, &str), text: &'m str) -> &'m str {
        if self.same_as.is_empty() {
            return text;
        }
        let of = match field {
            "id" => Some(noun),
            field => self.references.get(&(noun, field.to_owned())).copied(),
        };
        of.and_then(|of| self.root(of, text)).unwrap_or(text)
    }

    /// Hands a row on, or keeps it if it is one of several that are one.
    pub(crate) fn record(&mut self, record: Record<'_>, into: &mut dyn Rows) {
        if self.same_as.is_empty() {
            into.record(record);
            return;
        }
        let mut own = None;
        let mut cells: Vec<Cell<'_>> = Vec::with_capacity(record.cells.len());
        let mut texts: Vec<Option<String>> = Vec::new();
        for cell in record.cells {
            let text = cell.text.trim();
            let noun = self.references.get(&(record.noun, cell.field.to_owned())).copied();
            let root = noun.and_then(|noun| self.root(noun, text)).filter(|root| *root != text);
            texts.push(root.map(str::to_owned));
            if cell.field == "id" {
                self.missing.remove(&(record.noun, text.to_owned()));
                own = Some(self.root(record.noun, text).unwrap_or(text).to_owned());
            }
        }
        for (cell, text) in record.cells.iter().zip(&texts) {
            cells.push(Cell { text: text.as_deref().unwrap_or(cell.text), ..*cell });
        }
        match own.filter(|own| self.stays.contains(&(record.noun, own.clone()))) {
            Some(id) => {
                let cells = cells.iter().map(|cell| {
                    let at = Spot { line: cell.line, column: cell.column };
                    (cell.field.to_owned(), cell.text.to_owned(), at)
                });
                let held = Held {
                    file: record.file.to_owned(),
                    at: Spot { line: record.line, column: record.column },
                    cells: cells.collect(),
                    usable: record.usable,
                };
                self.held.entry((record.noun, id)).or_default().push(held);
            }
            None => into.record(Record { cells: &cells, ..record }),
        }
    }

    /// Hands on the rows that are one: each as the row of the id that stays, with what
    /// only the others know.
    pub(crate) fn finish(&mut self, into: &mut dyn Rows) {
        for ((noun, id), place) in std::mem::take(&mut self.missing) {
            into.builder().note(Problem {
                place: Some(place),
                subject: noun.table().to_owned(),
                message: format!("no {noun} has the id {}", quoted(&id)),
                expected: Some("it is the same as nothing".to_owned()),
            });
        }
        for ((noun, id), mut rows) in std::mem::take(&mut self.held) {
            let has_own_id = |row: &Held| {
                row.cells.iter().any(|(field, text, _)| field == "id" && text.trim() == id)
            };
            // The row of the id that stays comes first, the others as they were given.
            rows.sort_by_key(|row| !has_own_id(row));
            let Some(first) = rows.first() else { continue };
            let mut cells: Vec<Cell<'_>> = Vec::new();
            for (field, text, at) in rows.iter().flat_map(|row| &row.cells) {
                let is_known = cells.iter().any(|cell| cell.field == field);
                if !is_known && !text.trim().is_empty() {
                    let text = if field == "id" { &id } else { text };
                    cells.push(Cell { field, text, line: at.line, column: at.column });
                }
            }
            into.record(Record {
                noun,
                file: &first.file,
                line: first.at.line,
                column: first.at.column,
                cells: &cells,
                usable: rows.iter().all(|row| row.usable),
            });
        }
    }
}

fn references(schema: &Schema) -> HashMap<(Noun, String), Noun> {
    let mut references = HashMap::new();
    for noun in crate::named::tables() {
        for field in schema.fields(noun) {
            if let FieldType::Reference(to) = field.kind {
                references.insert((noun, field.name.clone()), to);
            }
        }
    }
    references
}

/// The lines of a merge file.
struct Lines {
    lines: Vec<(Spot, [String; 3])>,
    problems: Vec<Problem>,
    columns: [Option<usize>; 3],
}

impl Sink for Lines {
    fn row(&mut self, row: &RawRow<'_>) {
        let text = |column: Option<usize>| {
            let cell = column.and_then(|column| row.cells.get(column));
            cell.map_or(String::new(), |cell| cell.text.trim().to_owned())
        };
        if row.usable {
            self.lines.push((row.at, self.columns.map(text)));
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}
