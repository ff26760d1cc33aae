//! References: looked up, followed in circles, left out with what they lead to, and numbered.

use std::collections::HashMap;
use std::sync::Arc;

use super::draft::{DraftRow, DraftTable, NO_ROW};
use super::faults::{Faults, quoted};
use super::row::COMPANY;
use super::say::{self, Words};
use super::teams;
use crate::model::dataset::{Row, Table};
use crate::model::{FieldDef, Noun, Problem, Schema, Value};

/// Marks the rows that refer to an id that is not there.
pub(super) fn resolve(schema: &Schema, tables: &mut [DraftTable], faults: &mut Faults) {
    for (t, noun) in Noun::ALL.into_iter().enumerate() {
        let Some(table) = tables.get(t) else { continue };
        let mut dangling = Vec::new();
        for (r, row) in table.rows.iter().enumerate() {
            for (n, (field, target)) in table.references.iter().enumerate() {
                let Some(Value::Reference(symbol)) = row.values.get(*field) else { continue };
                let Some(others) = tables.get(target.index()) else { continue };
                if others.row_of(*symbol).is_some() {
                    continue;
                }
                let id = others.name(*symbol);
                let Some(FieldDef { name, .. }) = schema.fields(noun).get(*field) else { continue };
                let known = others.rows.iter().map(|row| &*row.id);
                let named = (name.as_str(), *target);
                let (message, expected) = say::leads_nowhere(faults, named, id, known);
                faults.error(Problem {
                    place: faults.place(row.file, table.spot(r, n)),
                    subject: row.subject(noun),
                    message,
                    expected: Some(expected),
                });
                dangling.push(r);
            }
        }
        if let Some(table) = tables.get_mut(t) {
            mark(&mut table.rows, dangling);
        }
    }
}

fn mark(rows: &mut [DraftRow], bad: impl IntoIterator<Item = usize>) {
    for row in bad {
        if let Some(row) = rows.get_mut(row) {
            row.is_bad = true;
        }
    }
}

/// Marks the teams that are above themselves.
pub(super) fn find_circles(tables: &mut [DraftTable], faults: &mut Faults) {
    let Some(table) = tables.get_mut(Noun::Team.index()) else { return };
    for circle in teams::circles(&parents(table)) {
        let ids = circle.iter().filter_map(|row| table.rows.get(*row)).map(|row| &*row.id);
        let words = teams::say_circle(&ids.collect::<Vec<_>>());
        if let Some(first) = circle.first() {
            say_at_parent(table, *first, words, faults);
        }
        mark(&mut table.rows, circle);
    }
}

/// Marks the teams that have too many above them. After the circles, which never end.
pub(super) fn find_too_deep(tables: &mut [DraftTable], faults: &mut Faults) {
    let Some(table) = tables.get_mut(Noun::Team.index()) else { return };
    let is_sound = |team: usize| table.rows.get(team).is_some_and(|row| !row.is_bad);
    let too_deep = teams::too_deep(&parents(table), is_sound);
    for number in &too_deep {
        say_at_parent(table, *number, teams::say_too_deep(), faults);
    }
    mark(&mut table.rows, too_deep);
}

fn say_at_parent(table: &DraftTable, number: usize, words: Words, faults: &mut Faults) {
    let Some(row) = table.rows.get(number) else { return };
    let (message, expected) = words;
    faults.error(Problem {
        place: faults.place(row.file, table.spot(number, 0)),
        subject: row.subject(Noun::Team),
        message,
        expected: Some(expected),
    });
}

/// The row of each team's parent.
fn parents(table: &DraftTable) -> Vec<Option<usize>> {
    let field = table.references.iter().find(|(_, target)| *target == Noun::Team);
    let parent = |row: &DraftRow| match row.values.get(field?.0)? {
        Value::Reference(symbol) => table.row_of(*symbol).map(|row| row as usize),
        _ => None,
    };
    table.rows.iter().map(parent).collect()
}

/// Marks the rows that refer to marked rows, and so on.
pub(super) fn leave_out(tables: &mut [DraftTable], faults: &mut Faults) {
    let mut waiting: Vec<(Noun, usize)> = Vec::new();
    for (table, noun) in tables.iter().zip(Noun::ALL) {
        let bad = table.rows.iter().enumerate().filter(|(_, row)| row.is_bad);
        waiting.extend(bad.map(|(row, _)| (noun, row)));
    }
    if waiting.is_empty() {
        return;
    }
    let referrers = Referrers::of(tables);
    while let Some((noun, row)) = waiting.pop() {
        for (by, row_by, n) in referrers.to(noun, row) {
            let Some(table) = tables.get_mut(by.index()) else { continue };
            let spot = table.spot(row_by, n);
            let Some(row_by_row) = table.rows.get_mut(row_by) else { continue };
            if std::mem::replace(&mut row_by_row.is_bad, true) {
                continue;
            }
            let (subject, file) = (row_by_row.subject(by), row_by_row.file);
            let id = tables.get(noun.index()).and_then(|table| table.rows.get(row));
            faults.error(Problem {
                place: faults.place(file, spot),
                subject,
                message: format!(
                    "{noun} {} is left out",
                    id.map_or(String::new(), |row| quoted(&row.id))
                ),
                expected: Some("what refers to it is left out too".to_owned()),
            });
            waiting.push((by, row_by));
        }
    }
}

/// Which rows refer to a row.
struct Referrers {
    /// The first of `links` for each row, by noun.
    heads: Vec<Vec<u32>>,
    links: Vec<Link>,
}

struct Link {
    noun: Noun,
    row: u32,
    reference: u32,
    next: u32,
}

impl Referrers {
    fn of(tables: &[DraftTable]) -> Self {
        let mut heads: Vec<Vec<u32>> =
            tables.iter().map(|table| vec![NO_ROW; table.rows.len()]).collect();
        let mut links = Vec::new();
        for (table, noun) in tables.iter().zip(Noun::ALL) {
            for (row, r) in table.rows.iter().zip(0_u32..) {
                for ((field, target), reference) in table.references.iter().zip(0_u32..) {
                    let Some(Value::Reference(symbol)) = row.values.get(*field) else { continue };
                    let to = tables.get(target.index()).and_then(|table| table.row_of(*symbol));
                    let head =
                        heads.get_mut(target.index()).and_then(|heads| heads.get_mut(to? as usize));
                    if let Some(head) = head {
                        let next = u32::try_from(links.len()).unwrap_or(NO_ROW);
                        links.push(Link {
                            noun,
                            row: r,
                            reference,
                            next: std::mem::replace(head, next),
                        });
                    }
                }
            }
        }
        Referrers { heads, links }
    }

    /// The noun, row and reference of each.
    fn to(&self, noun: Noun, row: usize) -> impl Iterator<Item = (Noun, usize, usize)> {
        let head = self.heads.get(noun.index()).and_then(|heads| heads.get(row)).copied();
        let link = |at: u32| self.links.get(at as usize);
        std::iter::successors(head.and_then(link), move |before| link(before.next))
            .map(|link| (link.noun, link.row as usize, link.reference as usize))
    }
}

/// What references of a draft lead to.
struct Targets {
    names: Vec<Arc<str>>,
    /// The final row, by symbol.
    rows: Vec<u32>,
}

/// The tables without the marked rows, symbols replaced by rows.
pub(super) fn number(mut drafts: Vec<DraftTable>) -> Vec<Table> {
    let targets: Vec<Targets> = drafts.iter_mut().map(targets).collect();
    let tables = drafts.into_iter().zip(Noun::ALL);
    tables.map(|(draft, noun)| finish(draft, noun, &targets)).collect()
}

fn targets(draft: &mut DraftTable) -> Targets {
    let mut count = 0;
    let mut final_row = |row: &DraftRow| {
        let number = count;
        count += u32::from(!row.is_bad);
        if row.is_bad { NO_ROW } else { number }
    };
    let final_rows: Vec<u32> = draft.rows.iter().map(&mut final_row).collect();
    let of = |row: &u32| final_rows.get(*row as usize).copied().unwrap_or(NO_ROW);
    let rows = draft.row_of.iter().map(of).collect();
    Targets { names: std::mem::take(&mut draft.names), rows }
}

fn finish(draft: DraftTable, noun: Noun, targets: &[Targets]) -> Table {
    let references = draft.references;
    let mut rows: Vec<Row> = Vec::with_capacity(draft.rows.len());
    for mut row in draft.rows.into_iter().filter(|row| !row.is_bad) {
        let id = if noun.has_id() { row.id } else { made_id(noun, &row, &references, targets) };
        for (field, target) in &references {
            let Some(value) = row.values.get_mut(*field) else { continue };
            if let Value::Reference(symbol) = value {
                let target = targets.get(target.index());
                let to = target.and_then(|target| target.rows.get(*symbol as usize));
                *value = to.map_or(Value::Unknown, |row| Value::Reference(*row));
            }
        }
        rows.push(Row { id, values: row.values.into_boxed_slice() });
    }
    if noun == Noun::Company && rows.is_empty() {
        let id: Arc<str> = Arc::from(COMPANY);
        let mut values = vec![Value::Unknown; draft.width];
        if let Some(first) = values.first_mut() {
            *first = Value::Text(id.clone());
        }
        rows.push(Row { id, values: values.into_boxed_slice() });
    }
    let mut by_id = HashMap::with_capacity(rows.len());
    for (row, number) in rows.iter().zip(0_u32..) {
        by_id.entry(row.id.clone()).or_insert(number);
    }
    Table { rows, by_id }
}

/// What a member or an absence is called; see [`say::made_id`].
fn made_id(
    noun: Noun,
    row: &DraftRow,
    references: &[(usize, Noun)],
    targets: &[Targets],
) -> Arc<str> {
    let name = |(field, target): &(usize, Noun)| match row.values.get(*field)? {
        Value::Reference(symbol) => {
            targets.get(target.index())?.names.get(*symbol as usize).map(|name| &**name)
        }
        _ => None,
    };
    let first_day = row.values.iter().find_map(|value| match value {
        Value::Date(day) => Some(*day),
        _ => None,
    });
    Arc::from(say::made_id(noun, references.iter().filter_map(name), first_day))
}
