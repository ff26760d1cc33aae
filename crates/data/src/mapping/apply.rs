//! Rows of a source's tables as rows of nouns, as a mapping says.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use kadence::{Cell, DatasetBuilder, FieldType, Moment, Noun, Problem, Record, Schema};

use super::Mapping;
use super::check::{self, Entry, Field, FromAt, JoinAt, PieceAt, Resolved, Test, WayAt};
use super::formats::DateFormat;
use super::lookup::{EARLY, Early, Ids, Index, Unfound, say_early, say_unfound};
use crate::merge::Merge;
use crate::rows::Rows;
use crate::source::{Head, RawCell, RawRow, Sink, Source};
use crate::text::{Spot, quoted};
use crate::{ReadError, by_name, named};

/// The nouns, those first that others are looked for in.
const ORDER: [Noun; 10] = [
    Noun::Team,
    Noun::Seller,
    Noun::Customer,
    Noun::Contact,
    Noun::Campaign,
    Noun::Lead,
    Noun::Opportunity,
    Noun::Absence,
    Noun::Member,
    Noun::Activity,
];

/// Reads a source as mappings say, the first before the others. Tables that are named like a noun
/// of which they say nothing are read by the names of their columns.
pub(crate) fn read(
    source: &dyn Source,
    mappings: &[&Mapping],
    merge: &mut Merge,
    schema: &Schema,
    into: &mut dyn Rows,
) -> Result<(), ReadError> {
    let heads = source.tables();
    let (resolved, problems, notes) = check::resolve(mappings, heads, schema);
    if !problems.is_empty() {
        return Err(ReadError::Mapping(problems));
    }
    let builder = into.builder();
    notes.into_iter().for_each(|note| {
        builder.note(note);
    });
    let Resolved { entries, joins, finds } = resolved;
    if mappings.iter().any(|mapping| mapping.is_preset) {
        say_unread(heads, &entries, &joins, builder);
    }
    let mut index: Vec<Index> = finds.iter().map(|find| Index::new(find, schema)).collect();
    let used: BTreeSet<usize> = entries.iter().map(|entry| entry.table).collect();
    let mut said = used.clone();
    let mut joined = Vec::new();
    for join in &joins {
        // What is wrong with a table that is read for itself is said then.
        let is_new = said.insert(join.table);
        joined.push(self::joined(source, join, is_new.then_some(into.builder()))?);
    }
    let builder = into.builder();
    for head in said.iter().filter_map(|table| heads.get(*table)) {
        head.problems.iter().for_each(|problem| {
            builder.problem(problem.clone());
        });
        head.notes.iter().for_each(|note| {
            builder.note(note.clone());
        });
    }
    for entry in &entries {
        let Some(head) = heads.get(entry.table).filter(|head| head.starts.is_some()) else {
            continue;
        };
        if entry.settings.calendar == (None, None) {
            let message = "what takes place from 2000 to 2040 is read".to_owned();
            let expected = "say which days are meant: `calendar = { from = …, through = … }`";
            builder.note(head.problem(Spot::START, message, expected));
        }
    }
    let mut ids = Ids::of(&entries);
    let (mut unfound, mut early) = (BTreeMap::new(), BTreeMap::new());
    for noun in ORDER {
        let mut seen = HashSet::new();
        let mut is_mapped = false;
        let keeps_seen = entries.iter().any(|entry| entry.noun == noun && entry.once);
        for entry in entries.iter().filter(|entry| entry.noun == noun) {
            let Some(head) = heads.get(entry.table) else { continue };
            is_mapped = true;
            let mut rows = Mapped {
                entry,
                head,
                schema,
                joined: &joined,
                index: &mut index,
                ids: &mut ids,
                early: &mut early,
                seen: &mut seen,
                keeps_seen,
                unfound: &mut unfound,
                merge,
                into,
            };
            source.read(entry.table, &mut rows)?;
        }
        let table = heads.iter().position(|head| named::noun(&head.name) == Some(noun));
        if let (Some(table), false) = (table.filter(|table| !used.contains(table)), is_mapped) {
            let mut rows = Watched { noun, index: &mut index, ids: &mut ids, merge, into };
            by_name::read(source, table, noun, schema, &mut rows)?;
        }
    }
    say_unfound(&unfound, into.builder());
    say_early(&early, into.builder());
    Ok(())
}

/// Says of which tables a preset knows nothing; that it knows none is a problem.
fn say_unread(
    heads: &[Head],
    entries: &[Entry<'_>],
    joins: &[JoinAt<'_>],
    builder: &mut DatasetBuilder,
) {
    let tables = entries.iter().map(|entry| entry.table).chain(joins.iter().map(|join| join.table));
    let known: HashSet<usize> = tables.collect();
    let is_unread =
        |(place, head): &(usize, &Head)| !known.contains(place) && !named::is_named(&head.name);
    let unread = (0..).zip(heads).filter(is_unread);
    let names: Vec<String> = unread.map(|(_, head)| quoted(&head.name)).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let say = |message: String| Problem {
        place: None,
        subject: String::new(),
        message,
        expected: Some("see docs/data/presets.md for what files are called".to_owned()),
    };
    if entries.is_empty() {
        let place = heads.first().map(|head| Spot::START.in_file(&head.file));
        let message = format!("the preset knows no table of the data: there is {names}");
        builder.problem(Problem { place, ..say(message) });
    } else if names != "none" {
        builder.note(say(format!("the preset knows nothing of {names}: not read")));
    }
}

/// What a table has for each key, in its order; what is wrong with it is said to whom it is new.
fn joined(
    source: &dyn Source,
    join: &JoinAt<'_>,
    builder: Option<&mut DatasetBuilder>,
) -> Result<HashMap<String, Vec<String>>, ReadError> {
    struct Joined<'a, 'm> {
        join: &'a JoinAt<'m>,
        texts: HashMap<String, Vec<String>>,
        builder: Option<&'a mut DatasetBuilder>,
    }
    impl Sink for Joined<'_, '_> {
        fn row(&mut self, row: &RawRow<'_>) {
            let text = |column: usize| row.cells.get(column).map_or("", |cell| cell.text.trim());
            let (key, take) = (text(self.join.key), text(self.join.take));
            if key.is_empty() {
                return;
            }
            // Rows that are not meant are there all the same.
            let texts = self.texts.entry(key.to_owned()).or_default();
            if !take.is_empty() && passes(&self.join.tests, row) {
                texts.push(take.to_owned());
            }
        }
        fn problem(&mut self, problem: Problem) {
            if let Some(builder) = &mut self.builder {
                builder.problem(problem);
            }
        }
    }
    let mut rows = Joined { join, texts: HashMap::new(), builder };
    source.read(join.table, &mut rows)?;
    Ok(rows.texts)
}

/// Rows that are read by the names of their columns, and may be looked for.
struct Watched<'a> {
    noun: Noun,
    index: &'a mut [Index],
    ids: &'a mut Ids,
    merge: &'a mut Merge,
    into: &'a mut dyn Rows,
}

impl Rows for Watched<'_> {
    fn record(&mut self, record: Record<'_>) {
        self.index.iter_mut().for_each(|index| index.add(self.noun, record.cells, self.merge));
        self.ids.add(self.noun, record.cells);
        self.merge.record(record, self.into);
    }

    fn builder(&mut self) -> &mut DatasetBuilder {
        self.into.builder()
    }

    fn passed(&mut self, bytes: u64) {
        self.into.passed(bytes);
    }
}

/// The rows of one table for one noun.
struct Mapped<'a, 'm> {
    entry: &'a Entry<'m>,
    head: &'a Head,
    schema: &'a Schema,
    joined: &'a [HashMap<String, Vec<String>>],
    index: &'a mut [Index],
    ids: &'a mut Ids,
    early: &'a mut Early<'m>,
    /// The ids that were there, where later rows with one are passed over.
    seen: &'a mut HashSet<String>,
    keeps_seen: bool,
    unfound: &'a mut Unfound<'m>,
    merge: &'a mut Merge,
    into: &'a mut dyn Rows,
}

/// The text of a field, and the place of what it is made from.
struct Made<'r> {
    text: Cow<'r, str>,
    is_exact: bool,
    at: Spot,
}

impl Sink for Mapped<'_, '_> {
    fn row(&mut self, row: &RawRow<'_>) {
        if !passes(&self.entry.tests, row) || !self.is_asked_for(row) {
            return;
        }
        let mut usable = row.usable;
        let mut cells = Vec::with_capacity(self.entry.fields.len());
        let entry = self.entry;
        for field in &entry.fields {
            let Some((made, way)) = self.made(field, row) else { continue };
            match self.read(&made, field.kind, way) {
                Ok(text) => {
                    if self.is_there(field, way, &text) {
                        self.watch(field, &text, made.at);
                        cells.push((field.name, text, made.at));
                    }
                }
                Err(expected) => {
                    usable = false;
                    let message = format!("`{}` cannot be {}", field.name, quoted(&made.text));
                    let problem = self.head.problem(made.at, message, &expected);
                    let subject = entry.noun.table().to_owned();
                    self.into.builder().problem(Problem { subject, ..problem });
                }
            }
        }
        let id = cells.iter().find(|(name, _, _)| *name == "id").map(|(_, id, _)| id.trim());
        let is_new = !self.keeps_seen
            || id.is_some_and(|id| !id.is_empty() && self.seen.insert(id.to_owned()));
        if entry.once && !is_new {
            return;
        }
        let cells: Vec<Cell<'_>> = cells
            .iter()
            .map(|(field, text, at)| Cell { field, text, line: at.line, column: at.column })
            .collect();
        self.index.iter_mut().for_each(|index| index.add(entry.noun, &cells, self.merge));
        self.ids.add(entry.noun, &cells);
        let record = Record {
            noun: entry.noun,
            file: &self.head.file,
            line: row.at.line,
            column: row.at.column,
            cells: &cells,
            usable,
        };
        self.merge.record(record, self.into);
    }

    fn problem(&mut self, problem: Problem) {
        self.into.builder().problem(problem);
    }

    fn passed(&mut self, bytes: u64) {
        self.into.passed(bytes);
    }
}

impl<'m> Mapped<'_, 'm> {
    /// Of a calendar, whether it is on one of the days that are asked for.
    fn is_asked_for(&self, row: &RawRow<'_>) -> bool {
        let (from, through) = self.entry.settings.calendar;
        let day = self.head.starts.and_then(|column| row.cells.get(column)?.text.get(..10));
        let day: Option<NaiveDate> = day.and_then(|day| day.parse().ok());
        day.is_none_or(|day| {
            from.is_none_or(|from| from <= day) && through.is_none_or(|through| day <= through)
        })
    }

    /// The first text that a field's ways give.
    fn made<'r>(
        &mut self,
        field: &Field<'m>,
        row: &'r RawRow<'_>,
    ) -> Option<(Made<'r>, &'m super::Way)>
    where
        'm: 'r,
    {
        let mut missed = None;
        for way in &field.ways {
            if !passes(&way.tests, row) {
                continue;
            }
            let Some(raw) = raw(&way.from, row) else { continue };
            match self.given(way, raw) {
                Ok(made) if made.text.trim().is_empty() => {}
                Ok(made) => {
                    if way.way.is_looked_up() {
                        self.unfound.entry((self.entry.noun, field.name)).or_default().asked += 1;
                    }
                    return Some((made, way.way));
                }
                Err(text) => missed = Some(text),
            }
        }
        if let Some(text) = missed {
            let unfound = self.unfound.entry((self.entry.noun, field.name)).or_default();
            unfound.asked += 1;
            unfound.miss(text);
        }
        None
    }

    /// Whether what a preset refers to was read; what is counted if not.
    fn is_there(&mut self, field: &Field<'m>, way: &super::Way, text: &str) -> bool {
        let FieldType::Reference(to) = field.kind else { return true };
        let Some(ids) = self.ids.of.get(&to).filter(|_| self.entry.is_preset) else { return true };
        // Of its own table it may be a later row.
        if to == self.entry.noun || text.trim().is_empty() {
            return true;
        }
        let unfound = self.unfound.entry((self.entry.noun, field.name)).or_default();
        // What was looked for is counted already.
        unfound.asked += usize::from(!way.is_looked_up());
        let is_there = ids.contains(text.trim());
        if !is_there {
            unfound.miss(text.trim().to_owned());
        }
        is_there
    }

    /// Keeps in mind what is dated in the first month of all counting.
    fn watch(&mut self, field: &Field<'m>, text: &str, at: Spot) {
        if matches!(field.kind, FieldType::Date | FieldType::Instant) && text.starts_with(EARLY) {
            let early = self.early.entry((self.entry.noun, field.name));
            early.or_insert_with(|| (0, at.in_file(&self.head.file))).0 += 1;
        }
    }

    /// What a way makes of a raw text; if it looks for that and does not find it, that text.
    fn given<'r>(&self, way: &WayAt<'m>, raw: Made<'r>) -> Result<Made<'r>, String>
    where
        'm: 'r,
    {
        let is_plain = way.join.is_none() && way.way.split.is_none() && way.find.is_none();
        if is_plain && way.way.values.is_empty() && way.way.other.is_none() {
            return Ok(raw);
        }
        let Made { text, is_exact, at } = raw;
        let mut missed = None;
        let joined: Vec<Cow<'_, str>> = match way.join.and_then(|join| self.joined.get(join)) {
            Some(by_key) => {
                let keys = match (by_key.get(text.trim()), way.way.split.as_deref()) {
                    (None, Some(separator)) if !separator.is_empty() => {
                        text.split(separator).map(str::trim).collect()
                    }
                    _ => vec![text.trim()],
                };
                let is_nowhere = keys.iter().all(|key| !by_key.contains_key(*key));
                missed = (is_nowhere && way.way.is_in_table()).then(|| text.trim().to_owned());
                let texts = keys.into_iter().filter_map(|key| by_key.get(key)).flatten();
                texts.map(|text| Cow::Borrowed(text.as_str())).collect()
            }
            None => vec![text],
        };
        let separator = way.way.split.as_deref();
        for text in &joined {
            let pieces: Vec<&str> = match separator {
                Some(separator) if !separator.is_empty() => text.split(separator).collect(),
                _ => vec![text.as_ref()],
            };
            for piece in pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()) {
                let meant = meant(way.way, piece);
                if meant.is_empty() {
                    continue;
                }
                let Some(index) = way.find.and_then(|find| self.index.get(find)) else {
                    return Ok(Made { text: Cow::Owned(meant.to_owned()), is_exact, at });
                };
                match index.find(meant) {
                    Some(id) => {
                        return Ok(Made { text: Cow::Owned(id.to_owned()), is_exact: true, at });
                    }
                    None => missed = Some(meant.to_owned()),
                }
            }
        }
        match missed {
            Some(text) => Err(text),
            None => Ok(Made { text: Cow::Borrowed(""), is_exact, at }),
        }
    }

    /// The text of a field as a dataset has it, or what was expected.
    fn read<'r>(
        &self,
        made: &Made<'r>,
        kind: FieldType,
        way: &super::Way,
    ) -> Result<Cow<'r, str>, String> {
        let text = made.text.trim();
        match kind {
            FieldType::Number if !made.is_exact => {
                match way.numbers.as_ref().or(self.entry.settings.numbers.as_ref()) {
                    None => Ok(made.text.clone()),
                    Some(format) => format
                        .read(text)
                        .map(Cow::Owned)
                        .ok_or_else(|| format!("expected a number such as {}", format.example)),
                }
            }
            FieldType::Date | FieldType::Instant => {
                let formats = [&way.dates, &self.entry.settings.dates]
                    .into_iter()
                    .find(|all| !all.is_empty());
                let epoch = formats.is_some_and(|all| all.iter().any(DateFormat::is_epoch));
                let moment = match formats {
                    // Milliseconds are a number whatever the source.
                    Some(formats) if !made.is_exact || epoch => {
                        let found = formats.iter().find_map(|format| format.read(text));
                        let exact = || made.is_exact.then(|| text.parse().ok()).flatten();
                        found.or_else(exact).ok_or_else(|| expected_date(formats))?
                    }
                    _ => match text.parse() {
                        Ok(moment) => moment,
                        // Whoever checks the field says what is wrong with it.
                        Err(_) => return Ok(made.text.clone()),
                    },
                };
                Ok(Cow::Owned(self.day_or_instant(moment, kind)))
            }
            _ => Ok(made.text.clone()),
        }
    }

    fn day_or_instant(&self, moment: Moment, kind: FieldType) -> String {
        let zone = self.entry.zone.or(self.entry.settings.zone);
        match (kind, moment) {
            (FieldType::Date, Moment::Local(local)) => local.date().to_string(),
            (FieldType::Date, Moment::Utc(at)) => {
                at.with_timezone(&self.schema.zone()).date_naive().to_string()
            }
            (_, Moment::Local(_)) => match zone {
                Some(zone) => Moment::Utc(moment.resolve(zone)).to_string(),
                None => moment.to_string(),
            },
            (_, Moment::Utc(_)) => moment.to_string(),
        }
    }
}

fn expected_date(formats: &[DateFormat]) -> String {
    let examples: Vec<&str> = formats.iter().map(|format| format.example.as_str()).collect();
    match examples.as_slice() {
        [epoch] if epoch.starts_with("epoch") => format!("expected {epoch}"),
        _ => format!("expected a date such as {}", examples.join(" or ")),
    }
}

fn passes(tests: &[Test<'_>], row: &RawRow<'_>) -> bool {
    tests.iter().all(|test| {
        test.condition.allows(row.cells.get(test.column).map_or("", |cell| cell.text.trim()))
    })
}

/// The text that a row has for a way, with its place; none where it is blank.
fn raw<'r, 'm: 'r>(from: &FromAt<'m>, row: &'r RawRow<'_>) -> Option<Made<'r>> {
    let cell = |column: usize| row.cells.get(column).filter(|cell| !cell.text.trim().is_empty());
    match from {
        FromAt::Constant(text) => {
            Some(Made { text: Cow::Borrowed(text), is_exact: true, at: row.at })
        }
        FromAt::Columns(columns) => {
            let RawCell { text, is_exact, at } = columns.iter().find_map(|column| cell(*column))?;
            Some(Made { text: Cow::Borrowed(text), is_exact: *is_exact, at: *at })
        }
        FromAt::Template(pieces) => {
            let mut text = String::new();
            let mut first = None;
            for piece in pieces {
                match piece {
                    PieceAt::Text(piece) => text.push_str(piece),
                    PieceAt::Line => text.push_str(&row.at.line.to_string()),
                    PieceAt::Column(column) => {
                        let cell = cell(*column)?;
                        text.push_str(cell.text.trim());
                        first = first.or(Some(cell.at));
                    }
                }
            }
            Some(Made { text: Cow::Owned(text), is_exact: false, at: first.unwrap_or(row.at) })
        }
    }
}

/// What the mapping says that a text means.
fn meant<'t>(way: &'t super::Way, text: &'t str) -> &'t str {
    let named = || {
        let exact = way.values.iter().find(|(name, _)| name == text);
        exact.or_else(|| {
            let lower = text.to_lowercase();
            way.values.iter().find(|(name, _)| name.to_lowercase() == lower)
        })
    };
    match named() {
        Some((_, meant)) => meant,
        None => way.other.as_deref().unwrap_or(text),
    }
}
