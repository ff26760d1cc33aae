//! What tables and columns probably are.

use std::collections::{BTreeMap, BTreeSet};

use kadence::{FieldType, Noun, Schema};

use super::survey::{Column, Form, Survey};
use super::words;
use crate::ReadError;
use crate::names::folded;
use crate::source::Source;

/// Columns that no field stands for are declared as fields if they are this few.
const MOST_DECLARED: usize = 8;

/// A text longer than this is no value to make rules of.
const LONGEST_VALUE: usize = 40;

/// What all tables probably are.
#[derive(Debug)]
pub(super) struct Guesses {
    pub(super) tables: Vec<Table>,
    /// The names of those that are not known.
    pub(super) unknown: Vec<String>,
}

/// What a table probably is.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) noun: Noun,
    pub(super) kind: Option<&'static str>,
    pub(super) survey: Survey,
    /// The columns of fields, in the order of the schema.
    pub(super) fields: Vec<(&'static str, usize)>,
    /// Columns that may become fields, with what these would be called.
    pub(super) more: Vec<(String, usize)>,
}

pub(super) fn of(source: &dyn Source) -> Result<Guesses, ReadError> {
    let schema = Schema::default();
    let mut guesses = Guesses { tables: Vec::new(), unknown: Vec::new() };
    for (place, head) in source.tables().iter().enumerate() {
        let survey = Survey::of(source, place, head)?;
        let meaning = words::of_table(&head.name).or_else(|| by_columns(&survey));
        match meaning.filter(|_| survey.rows > 0) {
            Some(words::Meaning { noun, kind }) => {
                guesses.tables.push(table(&head.name, noun, kind, survey, &schema));
            }
            None => guesses.unknown.push(head.name.clone()),
        }
    }
    let order = |noun: Noun| Noun::ALL.iter().position(|other| *other == noun);
    guesses.tables.sort_by_key(|table| order(table.noun));
    guesses.tables.retain(|table| {
        // An activity is nothing without its day.
        let has_day = table.fields.iter().any(|(field, _)| *field == "at");
        let is_known = table.noun != Noun::Activity || has_day;
        if !is_known {
            guesses.unknown.push(table.name.clone());
        }
        is_known
    });
    Ok(guesses)
}

/// A table of which a column is called `Deal name` or `Deal ID` holds deals.
fn by_columns(survey: &Survey) -> Option<words::Meaning> {
    survey.columns.iter().find_map(|column| {
        let name = words::plain(&column.name);
        let (first, rest) = name.split_once(' ')?;
        let is_own = ["id", "name", "no", "nr", "number", "type", "navn"].contains(&rest);
        words::of_table(first).filter(|_| is_own)
    })
}

fn table(
    name: &str,
    noun: Noun,
    kind: Option<&'static str>,
    survey: Survey,
    schema: &Schema,
) -> Table {
    let mut fits = Vec::new();
    for (place, column) in survey.columns.iter().enumerate().filter(|(_, column)| column.known > 0)
    {
        for field in schema.fields(noun) {
            let Some(fit) = words::fit(&column.name, noun, &field.name) else { continue };
            if holds(field.kind, &column.form()) {
                fits.push((fit, place, field.name.clone()));
            }
        }
    }
    fits.sort();
    let mut by_field: BTreeMap<String, usize> = BTreeMap::new();
    let mut used = BTreeSet::new();
    for (_, place, field) in fits {
        let is_kind_of_all = field == "kind" && kind.is_some();
        if !is_kind_of_all && !by_field.contains_key(&field) && used.insert(place) {
            by_field.insert(field, place);
        }
    }
    let mut fields = Vec::new();
    for name in FIELD_ORDER {
        fields.extend(by_field.get(*name).map(|place| (*name, *place)));
    }
    let more = more(&survey, noun, &used, schema);
    Table { name: name.to_owned(), noun, kind, survey, fields, more }
}

/// All names of fields, in the order in which they are written.
const FIELD_ORDER: &[&str] = &[
    "id",
    "name",
    "kind",
    "status",
    "at",
    "created",
    "seller",
    "owner",
    "customer",
    "contact",
    "lead",
    "opportunity",
    "campaign",
    "segment",
    "stage",
    "temperature",
    "source",
    "amount",
    "margin",
    "revenue",
    "country",
    "role",
    "email",
    "team",
    "parent",
    "started",
    "ended",
    "from",
    "until",
    "start",
    "end",
    "converted",
    "expected_close",
    "closed",
    "minutes",
    "outcome",
    "note",
];

fn holds(kind: FieldType, form: &Form) -> bool {
    match kind {
        FieldType::Date | FieldType::Instant => matches!(form, Form::Date(_)),
        FieldType::Number => matches!(form, Form::Number(_)),
        _ => !matches!(form, Form::Date(_)),
    }
}

/// The columns beside the fields that rules may be made of.
fn more(
    survey: &Survey,
    noun: Noun,
    used: &BTreeSet<usize>,
    schema: &Schema,
) -> Vec<(String, usize)> {
    let mut more: Vec<(String, usize)> = Vec::new();
    if !matches!(noun, Noun::Customer | Noun::Lead | Noun::Opportunity) {
        return more;
    }
    for (place, column) in survey.columns.iter().enumerate() {
        let is_short = column.samples.iter().all(|text| text.chars().count() <= LONGEST_VALUE);
        // A text that is different in nearly every row is a name or a key.
        let is_worth_it = column.form() != Form::Text || column.values().is_some();
        let name = identifier(&column.name);
        let is_free = schema.field(noun, &name).is_none()
            && more.iter().all(|(other, _)| *other != name)
            && !name.starts_with('_');
        let is_key = name == "id" || name.ends_with("_id");
        if column.known > 0
            && !used.contains(&place)
            && is_short
            && is_worth_it
            && is_free
            && !is_key
        {
            more.push((name, place));
        }
    }
    more.truncate(MOST_DECLARED);
    more
}

/// `Product interest` as `product_interest`.
fn identifier(name: &str) -> String {
    let mut plain = String::new();
    for c in words::plain(name).chars() {
        match c {
            ' ' => plain.push('_'),
            'æ' | 'ä' => plain.push_str("ae"),
            'ø' | 'ö' => plain.push_str("oe"),
            'å' => plain.push_str("aa"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            c if c.is_ascii_alphanumeric() => plain.push(c),
            _ => {}
        }
    }
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("_{plain}") }
}

impl Guesses {
    /// The fields that rules have to declare.
    pub(super) fn declared(&self) -> impl Iterator<Item = String> {
        let mut lines = Vec::new();
        for table in &self.tables {
            for (name, place) in &table.more {
                let Some(column) = table.survey.columns.get(*place) else { continue };
                let line = declaration(table.noun, name, column);
                let is_new = |line: &String| {
                    let start = |text: &str| text.split(':').next().map(str::to_owned);
                    lines.iter().all(|other: &String| start(other) != start(line))
                };
                if is_new(&line) {
                    lines.push(line);
                }
            }
        }
        lines.into_iter()
    }

    /// The kinds that rules have to declare.
    pub(super) fn kinds(&self) -> impl Iterator<Item = String> {
        let mut kinds = BTreeSet::new();
        for table in self.tables.iter().filter(|table| table.noun == Noun::Activity) {
            let Some(column) = table.column("kind") else { continue };
            let values = column.values().unwrap_or_default();
            let own = values.into_iter().filter(|value| words::kind(value).is_none());
            kinds.extend(own.map(own_kind));
        }
        kinds.remove("task");
        kinds.into_iter().map(|kind| kind_line(&kind))
    }

    /// The first table of a noun.
    pub(super) fn table(&self, noun: Noun) -> Option<&Table> {
        self.tables.iter().find(|table| table.noun == noun)
    }
}

impl Table {
    pub(super) fn column(&self, field: &str) -> Option<&Column> {
        let (_, place) = self.fields.iter().find(|(name, _)| *name == field)?;
        self.survey.columns.get(*place)
    }

    /// How much of some texts a field of it has.
    pub(super) fn share(&self, field: &str, texts: &[String]) -> usize {
        let Some(column) = self.column(field) else { return 0 };
        let known: BTreeSet<String> = column.samples.iter().map(|text| folded(text)).collect();
        let found = texts.iter().filter(|text| known.contains(&folded(text))).count();
        100 * found / texts.len().max(1)
    }
}

pub(super) fn declaration(noun: Noun, name: &str, column: &Column) -> String {
    let kind = match column.form() {
        Form::Date(_) => "date",
        Form::Number(_) => "number",
        Form::YesNo => "yes or no",
        Form::Text => "text",
    };
    format!("field {noun}.{name}: {kind}")
}

/// What a kind that is none of the standard ones is called: its words, if rules can have them so.
pub(super) fn own_kind(value: &str) -> String {
    let words = words::plain(value);
    let names =
        [words.clone(), words.replace(' ', "-"), format!("own-{}", words.replace(' ', "-"))];
    let can_be = |name: &&String| super::compiles(&kind_line(name));
    names.iter().find(can_be).cloned().unwrap_or_else(|| "task".to_owned())
}

fn kind_line(kind: &str) -> String {
    if kind.contains(' ') { format!("activity \"{kind}\"") } else { format!("activity {kind}") }
}

/// The kinds beside the standard ones in a table of activities that is named as kadence names it.
pub(super) fn own_kinds(source: &dyn Source) -> Result<Vec<String>, ReadError> {
    let schema = Schema::default();
    let mut kinds = BTreeSet::new();
    let table = source.tables().iter().position(|head| head.name == Noun::Activity.table());
    if let Some((place, head)) = table.and_then(|place| Some((place, source.tables().get(place)?)))
    {
        let survey = Survey::of(source, place, head)?;
        let column = survey.columns.iter().find(|column| column.name == "kind");
        let values = column.and_then(Column::values).unwrap_or_default();
        kinds.extend(
            values
                .into_iter()
                .filter(|kind| !schema.kinds().iter().any(|k| k == kind))
                .map(str::to_owned),
        );
    }
    Ok(kinds.iter().map(|kind| kind_line(kind)).filter(|line| super::compiles(line)).collect())
}
