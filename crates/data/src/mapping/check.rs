//! A mapping held against the tables of a source and the fields of a schema.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use kadence::diagnostic::nearest;
use kadence::{FieldType, Noun, Problem, Schema};

use super::{Condition, FieldMap, Find, From, Mapping, Piece, Settings, TableMap, Way};
use crate::source::Head;
use crate::text::{Spot, quoted};

/// A mapping whose names are places.
#[derive(Debug, Default)]
pub(super) struct Resolved<'m> {
    pub(super) entries: Vec<Entry<'m>>,
    pub(super) joins: Vec<JoinAt<'m>>,
    pub(super) finds: Vec<&'m Find>,
}

/// How the rows of a table become rows of a noun.
#[derive(Debug)]
pub(super) struct Entry<'m> {
    pub(super) noun: Noun,
    pub(super) settings: &'m Settings,
    /// The place of the table among those of the source.
    pub(super) table: usize,
    pub(super) zone: Option<Tz>,
    pub(super) once: bool,
    /// Whether what it refers to may be missing.
    pub(super) is_preset: bool,
    pub(super) tests: Vec<Test<'m>>,
    pub(super) fields: Vec<Field<'m>>,
}

#[derive(Debug)]
pub(super) struct Field<'m> {
    pub(super) name: &'m str,
    pub(super) kind: FieldType,
    pub(super) ways: Vec<WayAt<'m>>,
}

#[derive(Debug)]
pub(super) struct WayAt<'m> {
    pub(super) way: &'m Way,
    pub(super) from: FromAt<'m>,
    /// Its place among the joins, and that among the finds.
    pub(super) join: Option<usize>,
    pub(super) find: Option<usize>,
    pub(super) tests: Vec<Test<'m>>,
}

#[derive(Debug)]
pub(super) enum FromAt<'m> {
    Columns(Vec<usize>),
    Constant(&'m str),
    Template(Vec<PieceAt<'m>>),
}

#[derive(Debug)]
pub(super) enum PieceAt<'m> {
    Text(&'m str),
    Column(usize),
    Line,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test<'m> {
    pub(super) column: usize,
    pub(super) condition: &'m Condition,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JoinAt<'m> {
    pub(super) table: usize,
    pub(super) key: usize,
    pub(super) take: usize,
    pub(super) tests: Vec<Test<'m>>,
}

/// What the names mean, and what is wrong with them and what is worth saying.
///
/// What the first mapping has an entry for, the later ones do not say anything of.
pub(super) fn resolve<'m>(
    mappings: &[&'m Mapping],
    heads: &[Head],
    schema: &Schema,
) -> (Resolved<'m>, Vec<Problem>, Vec<Problem>) {
    let mut resolved = Resolved::default();
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    let mut nouns = BTreeSet::new();
    for mapping in mappings {
        let mut resolver = Resolver { mapping, heads, schema, resolved, problems, notes };
        for table in mapping.tables.iter().filter(|table| !nouns.contains(&table.noun)) {
            for place in resolver.tables(&table.tables) {
                if let Some(entry) = resolver.entry(table, place) {
                    resolver.resolved.entries.push(entry);
                }
            }
        }
        (resolved, problems, notes) = (resolver.resolved, resolver.problems, resolver.notes);
        nouns.extend(mapping.tables.iter().map(|table| table.noun));
    }
    for mapping in mappings {
        let mut resolver = Resolver { mapping, heads, schema, resolved, problems, notes };
        resolver.check_finds(&nouns);
        (resolved, problems, notes) = (resolver.resolved, resolver.problems, resolver.notes);
    }
    problems.sort_by(|one, other| one.place.cmp(&other.place));
    (resolved, problems, notes)
}

struct Resolver<'m, 's> {
    mapping: &'m Mapping,
    heads: &'s [Head],
    schema: &'s Schema,
    resolved: Resolved<'m>,
    problems: Vec<Problem>,
    notes: Vec<Problem>,
}

impl<'m> Resolver<'m, '_> {
    fn problem(&self, at: Spot, message: String, expected: &str) -> Problem {
        Problem {
            place: Some(at.in_file(&self.mapping.file)),
            subject: String::new(),
            message,
            expected: Some(expected.to_owned()),
        }
    }

    fn say(&mut self, at: Spot, message: String, expected: &str) {
        let problem = self.problem(at, message, expected);
        self.problems.push(problem);
    }

    /// The tables of the first name that is there; that none is is a problem, but not for a preset.
    fn tables(&mut self, names: &[(String, Spot)]) -> Vec<usize> {
        let heads = self.heads;
        let places = |is: &dyn Fn(&Head) -> bool| -> Vec<usize> {
            (0..).zip(heads).filter(|(_, head)| is(head)).map(|(place, _)| place).collect()
        };
        let named = |name: &str| {
            if let Some(start) = name.strip_suffix('*') {
                let start = start.to_lowercase();
                return places(&|head| head.name.to_lowercase().starts_with(&start));
            }
            let exact = places(&|head| head.name == name || head.file == name);
            // Several calendars have a table of the same name.
            if exact.is_empty() {
                places(&|head| self.mapping.is_name(&head.name, name))
            } else {
                exact
            }
        };
        let found = names.iter().map(|(name, _)| named(name)).find(|found| !found.is_empty());
        if let Some(found) = found {
            return found;
        }
        if let (Some((name, at)), false) = (names.first(), self.mapping.is_preset) {
            let message = format!("the data has no table {}", quoted(name));
            let known = self.heads.iter().map(|head| head.name.as_str());
            let expected = expected_name(name, known, "it has");
            self.say(*at, message, &expected);
        }
        Vec::new()
    }

    /// The place of a column; that it is not there is a problem, but not for a preset.
    fn column(&mut self, table: usize, name: &str, at: Spot) -> Option<usize> {
        let heads = self.heads;
        let head = heads.get(table)?;
        let is = |column: &&str| *column == name;
        let names: Vec<&str> = head.columns.iter().map(|column| column.name.as_str()).collect();
        let found = names
            .iter()
            .position(is)
            .or_else(|| names.iter().position(|column| self.mapping.is_name(column, name)));
        let refused = head
            .refused
            .iter()
            .find(|refused| refused.name == name || self.mapping.is_name(&refused.name, name));
        if let (None, Some(refused)) = (found, refused) {
            self.problems.push(head.refusal(refused));
        } else if found.is_none() && !self.mapping.is_preset {
            let message = format!("{} has no column {}", quoted(&head.name), quoted(name));
            let expected = expected_name(name, names.into_iter(), "it has");
            self.say(at, message, &expected);
        }
        found
    }

    /// What a row of a table must pass; none if no row can. To a preset a column that is not
    /// there is blank.
    fn tests(&mut self, table: usize, conditions: &'m [Condition]) -> Option<Vec<Test<'m>>> {
        let mut tests = Vec::new();
        for condition in conditions {
            let (name, at) = &condition.column;
            match self.column(table, name, *at) {
                Some(column) => tests.push(Test { column, condition }),
                None if self.mapping.is_preset && !condition.allows("") => return None,
                None => {}
            }
        }
        Some(tests)
    }

    fn entry(&mut self, map: &'m TableMap, table: usize) -> Option<Entry<'m>> {
        let tests = self.tests(table, &map.conditions)?;
        let mut fields = Vec::new();
        for field in &map.fields {
            fields.extend(self.field(map.noun, table, field));
        }
        let id = map.noun.has_id().then_some("id");
        for name in id.into_iter().chain(map.noun.required().iter().copied()) {
            let is_said = map.fields.iter().any(|field| field.name == name);
            let is_there = fields.iter().any(|field| field.name == name && !field.ways.is_empty());
            if self.mapping.is_preset && !is_there {
                let heads = self.heads;
                let head = heads.get(table)?;
                let message = format!("{} is not read", quoted(&head.name));
                let expected = format!("no column of it is known to be `{name}`");
                // An entry that only adds what others have left out is not missed.
                if !map.once {
                    let note = self.problem(map.at, message, &expected);
                    self.notes.push(note);
                }
                return None;
            }
            if !is_said {
                let message = format!("an entry of `{}` without `{name}`", map.noun.table());
                let expected = format!("every row of {} needs one", map.noun.table());
                self.say(map.at, message, &expected);
            }
        }
        let settings = &self.mapping.settings;
        let is_preset = self.mapping.is_preset;
        let TableMap { noun, zone, once, .. } = *map;
        Some(Entry { noun, settings, table, zone, once, is_preset, tests, fields })
    }

    fn field(&mut self, noun: Noun, table: usize, map: &'m FieldMap) -> Option<Field<'m>> {
        let Some(field) = self.schema.field(noun, &map.name) else {
            let known = self.schema.fields(noun).iter().map(|field| field.name.as_str());
            let mend = match nearest(&map.name, known) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("declare it in the rules: `field {noun}.{}: text`", map.name),
            };
            self.say(map.at, format!("a {noun} has no field {}", quoted(&map.name)), &mend);
            return None;
        };
        let kind = field.kind;
        let mut ways = Vec::new();
        for way in &map.ways {
            self.check_values(noun, map, way, kind);
            ways.extend(self.way(table, way));
        }
        Some(Field { name: &map.name, kind, ways })
    }

    /// Texts that the mapping itself gives must be such that the field can have them.
    fn check_values(&mut self, noun: Noun, map: &FieldMap, way: &Way, kind: FieldType) {
        let known: Vec<&str> = match kind {
            FieldType::OneOf(texts) => texts.to_vec(),
            FieldType::Text if noun == Noun::Activity && map.name == "kind" => {
                self.schema.kinds().iter().map(String::as_str).collect()
            }
            _ => return,
        };
        let constant = match &way.from {
            From::Constant(text) if way.find.is_none() && way.join.is_none() => Some(text),
            _ => None,
        };
        let given = way.values.iter().map(|(_, meant)| meant).chain(&way.other).chain(constant);
        let wrong: BTreeSet<&String> =
            given.filter(|text| !text.is_empty() && !known.contains(&text.as_str())).collect();
        // A constant that is not a value of `values` is only what these are made from.
        let wrong =
            wrong.into_iter().filter(|text| Some(*text) != constant || way.values.is_empty());
        for text in wrong.cloned().collect::<Vec<_>>() {
            let expected = match nearest(&text, known.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("expected one of {}", known.join(", ")),
            };
            self.say(way.at, format!("`{}` cannot be {}", map.name, quoted(&text)), &expected);
        }
    }

    fn way(&mut self, table: usize, way: &'m Way) -> Option<WayAt<'m>> {
        let from = match &way.from {
            From::Constant(text) => FromAt::Constant(text),
            From::Columns(names) => {
                let mut columns = Vec::new();
                for (name, at) in names {
                    columns.extend(self.column(table, name, *at));
                }
                if columns.is_empty() {
                    return None;
                }
                FromAt::Columns(columns)
            }
            From::Template(pieces) => {
                let mut found = Vec::new();
                for piece in pieces {
                    found.push(match piece {
                        Piece::Text(text) => PieceAt::Text(text),
                        Piece::Line => PieceAt::Line,
                        Piece::Column(name) => PieceAt::Column(self.column(table, name, way.at)?),
                    });
                }
                FromAt::Template(found)
            }
        };
        let join = match &way.join {
            Some(join) => {
                let table = self.tables(&join.tables).first().copied()?;
                let key = self.column(table, &join.key.0, join.key.1);
                let take = self.column(table, &join.take.0, join.take.1);
                let tests = self.tests(table, &join.conditions)?;
                let join = JoinAt { table, key: key?, take: take?, tests };
                Some(place(&mut self.resolved.joins, join))
            }
            None => None,
        };
        let find = way.find.as_ref().map(|find| place(&mut self.resolved.finds, find));
        Some(WayAt { way, from, join, find, tests: self.tests(table, &way.conditions)? })
    }

    /// What is looked for must be there to be found.
    fn check_finds(&mut self, nouns: &BTreeSet<Noun>) {
        for table in &self.mapping.tables {
            let ways = table.fields.iter().flat_map(|field| &field.ways);
            for way in ways {
                let Some(find) = &way.find else { continue };
                for field in [&find.field, &find.take] {
                    if self.schema.field(find.noun, field).is_none() {
                        let known =
                            self.schema.fields(find.noun).iter().map(|field| field.name.as_str());
                        let expected = expected_name(field, known, "it has");
                        let message = format!("a {} has no field {}", find.noun, quoted(field));
                        self.say(way.at, message, &expected);
                    }
                }
                let is_by_name = self.heads.iter().any(|head| head.name == find.noun.table());
                if !nouns.contains(&find.noun) && !is_by_name && !self.mapping.is_preset {
                    let table = find.noun.table();
                    let message = format!("`find` looks in `{table}`, of which there are none");
                    self.say(way.at, message, &format!("expected an entry under `[[{table}]]`"));
                }
            }
        }
    }
}

/// The place of something in a list that it is added to if it is not there.
fn place<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|other| *other == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

/// How many names are listed where none is near.
const LISTED: usize = 12;

fn expected_name<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    words: &str,
) -> String {
    if let Some(nearest) = nearest(name, known.clone()) {
        return format!("did you mean `{nearest}`?");
    }
    let named: Vec<String> = known.clone().take(LISTED).map(quoted).collect();
    let more = known.count().saturating_sub(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if named.is_empty() {
        "it has none".to_owned()
    } else {
        format!("{words} {}{more}", named.join(", "))
    }
}
