//! From the text of a mapping file to a mapping.

use chrono::NaiveDate;
use chrono_tz::Tz;
use kadence::{Noun, Problem};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::formats::{DateFormat, NumberFormat};
use super::toml_table::Reader;
use super::{Condition, FieldMap, Find, From, Join, Mapping, Piece, Settings, TableMap, Way};
use crate::text::{Spot, Spots, quoted};

type Value<'t> = &'t Spanned<DeValue<'t>>;

const SETTINGS: [&str; 9] = [
    "preset",
    "zone",
    "dates",
    "numbers",
    "calendar",
    "complete_from",
    "complete_through",
    "exported",
    "merge",
];
/// What a preset says of itself.
const ABOUT_PRESET: &str = "about";
const SIGNS: &str = "signs";
const TABLE: [&str; 7] = ["table", "query", "zone", "only", "except", "once", "fields"];
const WAY: [&str; 13] = [
    "column", "value", "text", "join", "split", "values", "else", "dates", "numbers", "find",
    "take", "only", "except",
];
const JOIN: [&str; 6] = ["table", "key", "take", "only", "except", "expected"];

pub(super) fn mapping(file: &str, text: &str) -> Result<Mapping, Vec<Problem>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { file, spots: Spots::of(text.as_bytes()), problems: Vec::new() };
    for error in errors {
        let at = reader.spot(&error.span().unwrap_or(0..0));
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        reader.say(at, message, "expected TOML, see docs/mapping.md");
    }
    let mapping = if reader.problems.is_empty() {
        read(&mut reader, document.get_ref())
    } else {
        Mapping::default()
    };
    let mut problems = reader.problems;
    if problems.is_empty() {
        return Ok(mapping);
    }
    let line = |problem: &Problem| problem.place.as_ref().map(|at| (at.line, at.column));
    problems.sort_by_key(line);
    Err(problems)
}

fn read<'t>(reader: &mut Reader<'t>, document: &'t DeTable<'t>) -> Mapping {
    let mut mapping = Mapping { file: reader.file.to_owned(), ..Mapping::default() };
    let nouns: Vec<&str> = crate::named::tables().map(Noun::table).collect();
    for (key, at, value) in reader.all(document) {
        if let Some(noun) = crate::named::tables().find(|noun| noun.table() == key) {
            for (table, at) in reader.tables(key, value) {
                mapping.tables.extend(table_map(reader, noun, table, at));
            }
            continue;
        }
        match key {
            "preset" => mapping.preset = reader.text(key, value),
            // What a preset is, for people.
            ABOUT_PRESET => {}
            SIGNS => mapping.signs = signs(reader, value),
            _ if SETTINGS.contains(&key) => setting(reader, key, value, &mut mapping.settings),
            _ => {
                let is_table = value.get_ref().is_table()
                    || value
                        .get_ref()
                        .as_array()
                        .is_some_and(|items| items.iter().any(|item| item.get_ref().is_table()));
                let what = if is_table { "table" } else { "setting" };
                let known: Vec<&str> = nouns.iter().copied().chain(SETTINGS).collect();
                let message = format!("there is no {what} {}", quoted(key));
                reader.say_unknown(at, message, key, &known);
            }
        }
    }
    mapping
}

fn signs<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Vec<Vec<String>> {
    let lists = value.get_ref().as_array();
    let texts = |list| reader.texts(SIGNS, list).into_iter().map(|(text, _)| text).collect();
    lists.into_iter().flat_map(|lists| lists.iter()).map(texts).collect()
}

fn setting<'t>(reader: &mut Reader<'t>, key: &str, value: Value<'t>, settings: &mut Settings) {
    match key {
        "zone" => settings.zone = zone(reader, value),
        "dates" => settings.dates = dates(reader, value),
        "numbers" => settings.numbers = numbers(reader, value),
        "calendar" => settings.calendar = calendar(reader, value),
        "complete_from" => settings.complete_from = reader.day(key, value),
        "complete_through" => settings.complete_through = reader.day(key, value),
        "exported" => settings.exported = reader.day(key, value),
        _ => settings.merge = reader.text(key, value),
    }
}

fn zone<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Option<Tz> {
    let (name, at) = reader.text("zone", value)?;
    let zone = name.parse().ok();
    if zone.is_none() {
        let message = format!("there is no time zone {}", quoted(&name));
        reader.say(at, message, "expected one such as Europe/Copenhagen");
    }
    zone
}

/// `{ from = 2025-01-01, through = 2026-12-31 }`.
fn calendar<'t>(
    reader: &mut Reader<'t>,
    value: Value<'t>,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let Some(table) = reader.table("calendar", value) else { return (None, None) };
    let (mut from, mut through) = (None, None);
    for (key, _, value) in reader.entries(table, &["from", "through"], "`calendar`") {
        match key {
            "from" => from = reader.day(key, value),
            "through" => through = reader.day(key, value),
            _ => {}
        }
    }
    if let (Some(first), Some(last)) = (from, through)
        && last < first
    {
        let at = reader.spot(&value.span());
        let message = format!("`from` {first} is after `through` {last}");
        reader.say(at, message, "expected the earlier day first");
    }
    (from, through)
}

fn dates<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Vec<DateFormat> {
    let mut formats = Vec::new();
    for (example, at) in reader.texts("dates", value) {
        match DateFormat::new(&example) {
            Ok(format) => formats.push(format),
            Err(message) => reader.say(
                at,
                message,
                "expected 31 December 2026, half past two in the afternoon, as the data would \
                 write it, such as 31-12-2026 or 12/31/2026 2:30 PM; `epoch seconds`; or \
                 `epoch milliseconds`",
            ),
        }
    }
    formats
}

fn numbers<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Option<NumberFormat> {
    let (example, at) = reader.text("numbers", value)?;
    match NumberFormat::new(&example) {
        Ok(format) => Some(format),
        Err(message) => {
            reader.say(at, message, "expected it as the data would write it, such as 1.234,56");
            None
        }
    }
}

fn table_map<'t>(
    reader: &mut Reader<'t>,
    noun: Noun,
    table: &'t DeTable<'t>,
    at: Spot,
) -> Option<TableMap> {
    let what = format!("an entry of `{}`", noun.table());
    let mut map = TableMap {
        noun,
        at,
        tables: Vec::new(),
        query: None,
        conditions: Vec::new(),
        zone: None,
        once: false,
        fields: Vec::new(),
    };
    let mut has_fields = false;
    for (key, _, value) in reader.entries(table, &TABLE, &what) {
        match key {
            "table" => map.tables = reader.texts(key, value),
            "query" => map.query = reader.text(key, value).map(|(query, _)| query),
            "only" => conditions(reader, key, value, true, &mut map.conditions),
            "except" => conditions(reader, key, value, false, &mut map.conditions),
            "zone" => map.zone = zone(reader, value),
            "once" => map.once = reader.flag(key, value),
            "fields" => {
                has_fields = true;
                let Some(fields) = reader.table(key, value) else { continue };
                for (name, at, value) in reader.all(fields) {
                    let ways = ways(reader, name, value);
                    map.fields.push(FieldMap { name: name.to_owned(), at, ways });
                }
            }
            _ => {}
        }
    }
    if map.tables.is_empty() {
        let message = format!("an entry of `{}` without `table`", noun.table());
        reader.say(at, message, "expected the name of a table of the data");
        return None;
    }
    if !has_fields {
        let message = format!("an entry of `{}` without `fields`", noun.table());
        reader.say(
            at,
            message,
            "expected which column is which field, such as `fields.id = \"ID\"`",
        );
        return None;
    }
    Some(map)
}

fn conditions<'t>(
    reader: &mut Reader<'t>,
    key: &str,
    value: Value<'t>,
    is_wanted: bool,
    into: &mut Vec<Condition>,
) {
    let Some(table) = reader.table(key, value) else { return };
    for (column, at, value) in reader.all(table) {
        let texts = reader.scalars(column, value);
        into.push(Condition { column: (column.to_owned(), at), texts, is_wanted });
    }
}

/// A column, a table that says more, or a list of these: the first that gives something.
fn ways<'t>(reader: &mut Reader<'t>, field: &str, value: Value<'t>) -> Vec<Way> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().filter_map(|item| way(reader, field, item)).collect(),
        _ => way(reader, field, value).into_iter().collect(),
    }
}

fn way<'t>(reader: &mut Reader<'t>, field: &str, value: Value<'t>) -> Option<Way> {
    let at = reader.spot(&value.span());
    let mut way = Way {
        at,
        from: From::Columns(Vec::new()),
        join: None,
        split: None,
        values: Vec::new(),
        other: None,
        dates: Vec::new(),
        numbers: None,
        find: None,
        conditions: Vec::new(),
    };
    if let DeValue::String(column) = value.get_ref() {
        way.from = From::Columns(vec![(column.to_string(), at)]);
        return Some(way);
    }
    let table = reader.table(field, value)?;
    let mut sources = 0;
    let (mut find, mut take) = (None, None);
    for (key, _, value) in reader.entries(table, &WAY, "a field") {
        match key {
            "column" => way.from = From::Columns(reader.texts(key, value)),
            "value" => way.from = From::Constant(reader.scalar(key, value)?),
            "text" => way.from = From::Template(template(reader, value)?),
            "join" => way.join = join(reader, value),
            "split" => way.split = reader.text(key, value).map(|(text, _)| text),
            "values" => {
                for (text, _, value) in reader.table(key, value).map(|t| reader.all(t))? {
                    let meant = reader.scalar(text, value)?;
                    way.values.push((text.to_owned(), meant));
                }
            }
            "else" => way.other = reader.scalar(key, value),
            "dates" => way.dates = dates(reader, value),
            "numbers" => way.numbers = numbers(reader, value),
            "find" => find = reader.text(key, value),
            "take" => take = reader.text(key, value),
            "only" => conditions(reader, key, value, true, &mut way.conditions),
            "except" => conditions(reader, key, value, false, &mut way.conditions),
            _ => {}
        }
        sources += usize::from(matches!(key, "column" | "value" | "text"));
    }
    if sources != 1 {
        let message = format!("`{field}` has {sources} of `column`, `value` and `text`");
        reader.say(at, message, "expected one of them");
        return None;
    }
    match (find, take) {
        (Some((find, at)), take) => way.find = self::find(reader, &find, at, take),
        (None, Some((_, at))) => reader.say(at, "`take` without `find`", "expected both"),
        (None, None) => {}
    }
    Some(way)
}

/// `sellers.email`.
fn find(
    reader: &mut Reader<'_>,
    text: &str,
    at: Spot,
    take: Option<(String, Spot)>,
) -> Option<Find> {
    let found = text.split_once('.').and_then(|(table, field)| {
        let noun = crate::named::tables().find(|noun| noun.table() == table && noun.has_id())?;
        Some((noun, field.to_owned()))
    });
    let Some((noun, field)) = found else {
        let message = format!("`find` cannot be {}", quoted(text));
        reader.say(at, message, "expected a table and a field, such as `sellers.email`");
        return None;
    };
    Some(Find { noun, field, take: take.map_or_else(|| "id".to_owned(), |(take, _)| take) })
}

fn join<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Option<Join> {
    let at = reader.spot(&value.span());
    let table = reader.table("join", value)?;
    let (mut tables, mut key, mut take, mut rows) = (Vec::new(), None, None, Vec::new());
    let mut is_expected = false;
    for (name, _, value) in reader.entries(table, &JOIN, "`join`") {
        match name {
            "table" => tables = reader.texts(name, value),
            "key" => key = reader.text(name, value),
            "take" => take = reader.text(name, value),
            "only" => conditions(reader, name, value, true, &mut rows),
            "except" => conditions(reader, name, value, false, &mut rows),
            "expected" => is_expected = reader.flag(name, value),
            _ => {}
        }
    }
    match (key, take) {
        (Some(key), Some(take)) if !tables.is_empty() => {
            Some(Join { tables, key, take, conditions: rows, is_expected })
        }
        _ => {
            let expected = "expected the table, its column with the key, and the column to take";
            reader.say(at, "`join` without `table`, `key` or `take`", expected);
            None
        }
    }
}

/// `event-{Event ID}`.
fn template<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Option<Vec<Piece>> {
    let (text, at) = reader.text("text", value)?;
    let mut pieces = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((column, after)) = after.split_once('}') else {
            reader.say(at, "a `{` that never ends", "expected `}` after the name of a column");
            return None;
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(match column {
            "#" => Piece::Line,
            column => Piece::Column(column.to_owned()),
        });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    if !pieces.iter().any(|piece| !matches!(piece, Piece::Text(_))) {
        reader.say(
            at,
            "`text` names no column",
            "expected one such as `event-{Event ID}`, or `value`",
        );
        return None;
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../../../docs/mapping.md");

    #[test]
    fn the_page_tells_of_every_key() {
        for key in SETTINGS.iter().chain(&TABLE).chain(&WAY).chain(&JOIN) {
            let is_told = [format!("`{key}`"), format!("{{ table, {key}"), format!(", {key} }}`")];
            assert!(is_told.iter().any(|words| PAGE.contains(words)), "{key}");
        }
    }

    #[test]
    fn the_page_shows_a_mapping() {
        let blocks = PAGE.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
        let blocks: Vec<&str> = blocks.collect();
        assert!(!blocks.is_empty());
        for block in blocks {
            assert!(mapping("kadence.toml", block).is_ok(), "{block}");
        }
    }
}
