//! The text of a mapping file.

use std::fmt::Write;

use kadence::{FieldType, Noun, Schema};

use super::guess::{Guesses, Table, declaration, own_kind};
use super::survey::{Column, Form};
use super::words;

const HEAD: &str = "\
# What the tables and columns of the data are. Written by `kadence init` from what it saw: have a
# look at what says `guessed`. docs/mapping.md has all that can be said here.
";

/// How many columns that are not read are named.
const MOST_NAMED: usize = 12;

pub(super) fn of_preset(name: &str) -> String {
    format!(
        "{HEAD}\n\
         # Tables and columns are those of an export of {name}, guessed by their names. An entry of your\n\
         # own, such as [[activities]], replaces all that the preset says of that noun.\n\
         preset = {}\n",
        quoted(name)
    )
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

pub(super) fn mapping(guesses: &Guesses, declared: &[String]) -> String {
    let mut text = HEAD.to_owned();
    if guesses.table(Noun::Seller).is_none() {
        sellers(guesses, &mut text);
    }
    for table in &guesses.tables {
        entry(guesses, table, declared, &mut text);
    }
    if !guesses.unknown.is_empty() {
        let names: Vec<String> = guesses.unknown.iter().map(|name| quoted(name)).collect();
        let _ =
            write!(text, "\n# Not read, as nothing says what they hold: {}\n", names.join(", "));
    }
    text
}

/// Where no table has sellers, they are the people whom the other tables name.
fn sellers(guesses: &Guesses, text: &mut String) {
    let mut is_first = true;
    for table in &guesses.tables {
        let Some(column) = table.column("seller").or_else(|| table.column("owner")) else {
            continue;
        };
        if is_first {
            text.push_str(
                "\n# No table has the sellers: they are the people that others name (guessed).\n",
            );
            is_first = false;
        } else {
            text.push('\n');
        }
        let name = quoted(&column.name);
        let _ = writeln!(
            text,
            "[[sellers]]\ntable = {}\nonce = true\nfields.id = {name}",
            quoted(&table.name)
        );
        if column.samples.iter().all(|text| text.contains('@')) {
            let _ = writeln!(text, "fields.email = {name}");
        }
    }
}

fn entry(guesses: &Guesses, table: &Table, declared: &[String], text: &mut String) {
    let schema = Schema::default();
    let _ = write!(
        text,
        "\n# {} rows, taken for {} by its name or columns (guessed).\n[[{}]]\ntable = {}\n",
        table.survey.rows,
        table.noun.table(),
        table.noun.table(),
        quoted(&table.name)
    );
    let is_repeated = table.column("id").is_none() && table.noun != Noun::Activity;
    let mut lines: Vec<(&str, String)> = Vec::new();
    if table.noun.has_id() && table.column("id").is_none() {
        match (is_repeated, table.column("name").or_else(|| table.column("email"))) {
            (true, Some(column)) => {
                text.push_str("once = true\n");
                lines.push((
                    "id",
                    format!("{}  # guessed: there is no better one", quoted(&column.name)),
                ));
            }
            _ => {
                let start = words::plain(&table.name).replace(' ', "-");
                let made = quoted(&format!("{start}-{{#}}"));
                lines.push((
                    "id",
                    format!("{{ text = {made} }}  # guessed: the number of the line"),
                ));
            }
        }
    }
    if let Some(kind) = table.kind {
        lines.push((
            "kind",
            format!("{{ value = {} }}  # guessed, by the name of the table", quoted(kind)),
        ));
    } else if table.noun == Noun::Activity && table.column("kind").is_none() {
        lines.push(("kind", "{ value = \"task\" }  # guessed: nothing says which".to_owned()));
    }
    if table.noun == Noun::Activity && table.column("status").is_none() {
        let reason = "# guessed: what lies ahead counts as planned";
        lines.push(("status", format!("{{ value = \"completed\" }}  {reason}")));
    }
    for (field, place) in &table.fields {
        let Some(column) = table.survey.columns.get(*place) else { continue };
        if *field == "id" && table.noun == Noun::Activity && is_one_of_several(guesses, table) {
            let start = table.kind.map_or_else(|| words::plain(&table.name), str::to_owned);
            let made = format!("{}-{{{}}}", start.replace(' ', "-"), column.name);
            lines.push(("id", format!("{{ text = {} }}", quoted(&made))));
            continue;
        }
        let kind = schema.field(table.noun, field).map(|field| field.kind);
        lines.push((field, value(guesses, table.noun, field, kind, column)));
    }
    for (field, line) in &lines {
        let _ = writeln!(text, "fields.{field} = {line}");
    }
    for (name, place) in &table.more {
        let Some(column) = table.survey.columns.get(*place) else { continue };
        if declared.contains(&declaration(table.noun, name, column)) {
            let formed = with_format(column, None).unwrap_or_else(|| quoted(&column.name));
            let _ = writeln!(text, "fields.{name} = {formed}  # declared in the rules");
        }
    }
    not_read(table, text);
}

/// Whether the ids of a table may be those of another of its noun too.
fn is_one_of_several(guesses: &Guesses, table: &Table) -> bool {
    guesses.tables.iter().filter(|other| other.noun == table.noun).count() > 1
}

fn not_read(table: &Table, text: &mut String) {
    let is_read = |place: usize| {
        table.fields.iter().any(|(_, other)| *other == place)
            || table.more.iter().any(|(_, other)| *other == place)
    };
    let columns = table.survey.columns.iter().enumerate();
    let names: Vec<String> = columns
        .filter(|(place, column)| !is_read(*place) && column.known > 0)
        .map(|(_, column)| quoted(&column.name))
        .collect();
    if names.is_empty() {
        return;
    }
    let more = names.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named: Vec<String> = names.into_iter().take(MOST_NAMED).collect();
    let _ = writeln!(text, "# Columns that are not read: {}{more}", named.join(", "));
}

/// The column with what its format needs, where it needs anything.
fn with_format(column: &Column, kind: Option<FieldType>) -> Option<String> {
    let name = quoted(&column.name);
    match column.form() {
        Form::Date(Some(example)) => {
            // Both readings are possible where no day is beyond the twelfth.
            let other = match example {
                "31/12/2026" => Some("12/31/2026"),
                "31-12-2026" => Some("12-31-2026"),
                "31.12.2026" => Some("12.31.2026"),
                "31/12/2026 14:30" => Some("12/31/2026 14:30"),
                _ => None,
            };
            let is_open = other.is_some_and(|other| {
                crate::mapping::formats::DateFormat::new(other).is_ok_and(|format| {
                    column.samples.iter().all(|text| format.read(text).is_some())
                })
            });
            let mark = if is_open { "  # guessed: day or month first?" } else { "" };
            Some(format!("{{ column = {name}, dates = {} }}{mark}", quoted(example)))
        }
        Form::Number(Some(example)) if kind.is_none_or(|kind| kind == FieldType::Number) => {
            Some(format!("{{ column = {name}, numbers = {} }}", quoted(example)))
        }
        _ => None,
    }
}

fn value(
    guesses: &Guesses,
    noun: Noun,
    field: &str,
    kind: Option<FieldType>,
    column: &Column,
) -> String {
    let name = quoted(&column.name);
    match kind {
        Some(FieldType::Reference(target)) => reference(guesses, target, column),
        Some(FieldType::OneOf(known)) => {
            let other = match (noun, field) {
                (Noun::Activity, _) => Some("planned"),
                (Noun::Opportunity | Noun::Lead, "status") => Some("open"),
                _ => Some(""),
            };
            of_values(noun, field, column, other.filter(|_| !known.is_empty()))
        }
        Some(FieldType::Text) if field == "kind" && noun == Noun::Activity => {
            of_values(noun, field, column, None)
        }
        kind => with_format(column, kind).unwrap_or(name),
    }
}

/// A field of few values: what each of those of the column means.
fn of_values(noun: Noun, field: &str, column: &Column, other: Option<&str>) -> String {
    let name = quoted(&column.name);
    let values = column.values().unwrap_or_default();
    let is_kind = field == "kind";
    let mut named = Vec::new();
    let mut is_sure = true;
    for value in values {
        let meant = match words::value(noun, field, value) {
            Some(meant) => meant.to_owned(),
            None if is_kind => own_kind(value),
            None => {
                is_sure = false;
                continue;
            }
        };
        if meant != value {
            named.push(format!("{} = {}", quoted(value), quoted(&meant)));
        }
    }
    let other = match other {
        Some(other) if !is_sure => format!(", else = {}", quoted(other)),
        _ => String::new(),
    };
    if named.is_empty() && other.is_empty() {
        return name;
    }
    let values = if named.is_empty() {
        String::new()
    } else {
        format!(", values = {{ {} }}", named.join(", "))
    };
    format!("{{ column = {name}{values}{other} }}  # guessed")
}

/// A column that names things of another table: by their ids, or by what else they have.
fn reference(guesses: &Guesses, target: Noun, column: &Column) -> String {
    let name = quoted(&column.name);
    let Some(table) = guesses.table(target) else { return name };
    let fields = ["id", "email", "name"];
    let best = fields.into_iter().max_by_key(|field| {
        // Of equals the first.
        let place = fields.iter().position(|other| other == field).unwrap_or(0);
        (table.share(field, &column.samples), fields.len() - place)
    });
    match best {
        Some(field) if field != "id" && table.share(field, &column.samples) > 0 => {
            format!("{{ column = {name}, find = \"{}.{field}\" }}  # guessed", target.table())
        }
        _ => name,
    }
}
