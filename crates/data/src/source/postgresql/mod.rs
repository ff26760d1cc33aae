//! PostgreSQL servers: each table and view, and what queries find, as they were at one moment.
//!
//! The server itself writes each value as text, so that none is rounded on the way and none is of
//! a type that is not known. Rows come as they are asked for.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;
use std::error::Error;
use std::fmt::Write;
use std::time::Duration;

use fallible_iterator::FallibleIterator;
use postgres::config::Host;
use postgres::{Client, Config, NoTls};

use super::sql::{at, identifier};
use super::{Head, HeadColumn, Query, RawCell, RawRow, Sink, Source};
use crate::ReadError;
use crate::number::without_exponent;
use crate::text::Spot;

/// How long is waited for a server that does not answer, unless the address says.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so long without a word it is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(30);

/// One moment for all tables, nothing is written, and values are written in one way.
const BEGIN: &str = "
    BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL client_encoding = 'UTF8';
    SET LOCAL datestyle = 'ISO, YMD';
    SET LOCAL timezone = 'UTC';
    SET LOCAL extra_float_digits = 1";

/// The columns of all tables that can be read, those of the search path first.
const COLUMNS: &str = "
    SELECT pg_table_is_visible(c.oid), n.nspname::text, c.relname::text, a.attname::text,
           coalesce(b.typname, t.typname)::text
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
      AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
    ORDER BY NOT pg_table_is_visible(c.oid), n.nspname, c.relname, a.attnum";

/// A server in the middle of a transaction.
pub(super) struct Server {
    client: RefCell<Client>,
    heads: Vec<Head>,
    /// What is asked for each head.
    selects: Vec<Select>,
}

struct Select {
    sql: String,
    ways: Vec<Way>,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As somebody has written it.
    Text,
    Exact,
    Float,
    /// A day and an hour, with a zone or without.
    Moment,
    /// The values of a list, with `;` between.
    List,
}

impl Way {
    /// That of a type, by its name.
    fn of(kind: &str) -> Way {
        match kind {
            "int2" | "int4" | "int8" | "numeric" | "oid" | "bool" | "date" | "time" | "uuid" => {
                Way::Exact
            }
            "float4" | "float8" => Way::Float,
            "timestamp" | "timestamptz" => Way::Moment,
            // The server names a list after what it is of.
            list if list.starts_with('_') => Way::List,
            _ => Way::Text,
        }
    }

    fn sql(self, column: &str) -> String {
        match self {
            Way::List => format!("array_to_string({column}, ';')"),
            _ => format!("{column}::text"),
        }
    }

    fn text(self, text: &str) -> Cow<'_, str> {
        match self {
            Way::Float => without_exponent(text).map_or(Cow::Borrowed(text), Cow::Owned),
            Way::Moment => {
                let text = text.replacen(' ', "T", 1);
                Cow::Owned(text.strip_suffix("+00").map(|at| format!("{at}Z")).unwrap_or(text))
            }
            _ => Cow::Borrowed(text),
        }
    }
}

impl Server {
    pub(super) fn open(address: &str, queries: &[Query]) -> Result<Server, ReadError> {
        let config = config(address)?;
        let place = place(&config);
        let cannot = |error: &postgres::Error| {
            let expected = "expected a server that lets this user read";
            ReadError::broken(&place, Spot::START, words(error), expected)
        };
        let mut client = config.connect(NoTls).map_err(|error| cannot(&error))?;
        client.batch_execute(BEGIN).map_err(|error| cannot(&error))?;
        let columns = client.query(COLUMNS, &[]).map_err(|error| cannot(&error))?;
        let mut tables: Vec<Table> = Vec::new();
        for column in &columns {
            let text = |place| column.try_get::<_, String>(place).map_err(|error| cannot(&error));
            let is_visible: bool = column.try_get(0).map_err(|error| cannot(&error))?;
            let (schema, name) = (text(1)?, text(2)?);
            let shown = if is_visible { name.clone() } else { format!("{schema}.{name}") };
            if tables.last().is_none_or(|last| last.shown != shown) {
                let from = format!("{}.{}", identifier(&schema), identifier(&name));
                tables.push(Table { shown, from, columns: Vec::new() });
            }
            if let Some(table) = tables.last_mut() {
                table.columns.push((text(3)?, Way::of(&text(4)?)));
            }
        }
        let mut server =
            Server { client: RefCell::new(client), heads: Vec::new(), selects: Vec::new() };
        let is_asked = |table: &Table| queries.iter().any(|(name, _)| *name == table.shown);
        for table in tables.iter().filter(|table| !is_asked(table)) {
            server.add(&place, table, identifier, "");
        }
        for (name, sql) in queries {
            let table = server.query(&place, name, sql)?;
            let aliases: Vec<String> = (0..table.columns.len()).map(|n| format!("c{n}")).collect();
            let alias = format!(" AS kadence({})", aliases.join(", "));
            let mut aliases = aliases.into_iter();
            server.add(&place, &table, |_| aliases.next().unwrap_or_default(), &alias);
        }
        Ok(server)
    }

    fn add(
        &mut self,
        place: &str,
        table: &Table,
        mut column: impl FnMut(&str) -> String,
        alias: &str,
    ) {
        let mut head = Head {
            name: table.shown.clone(),
            file: format!("{place}[{}]", table.shown),
            ..Head::default()
        };
        let mut columns = Vec::new();
        for (place, (name, way)) in table.columns.iter().enumerate() {
            head.columns.push(HeadColumn { name: name.clone(), at: at(1, place) });
            columns.push(way.sql(&column(name)));
        }
        let sql = format!("SELECT {} FROM {}{alias}", columns.join(", "), table.from);
        let ways = table.columns.iter().map(|(_, way)| *way).collect();
        self.heads.push(head);
        self.selects.push(Select { sql, ways });
    }

    /// What a query finds, as a table.
    fn query(&mut self, place: &str, name: &str, sql: &str) -> Result<Table, ReadError> {
        let file = format!("{place}[{name}]");
        let sql = sql.trim().trim_end_matches(';');
        let statement = self.client.borrow_mut().prepare(sql).map_err(|error| {
            let message = format!("the query cannot be run: {}", words(&error));
            ReadError::broken(&file, Spot::START, message, "mend the query")
        })?;
        let columns: Vec<(String, Way)> = statement
            .columns()
            .iter()
            .map(|column| (column.name().to_owned(), Way::of(column.type_().name())))
            .collect();
        if columns.is_empty() {
            let message = "the query does not only read";
            return Err(ReadError::broken(&file, Spot::START, message, "expected a SELECT"));
        }
        // The last line may be a comment.
        Ok(Table { shown: name.to_owned(), from: format!("({sql}\n)"), columns })
    }
}

struct Table {
    shown: String,
    /// As it stands in SQL after FROM.
    from: String,
    columns: Vec<(String, Way)>,
}

fn config(address: &str) -> Result<Config, ReadError> {
    let refuse = |message: String| {
        let shown = super::without_password(address);
        let expected = "expected postgres://USER:PASSWORD@HOST:PORT/DATABASE";
        ReadError::broken(&shown, Spot::START, message, expected)
    };
    let mut config: Config = address.parse().map_err(|error| refuse(words(&error)))?;
    let has_sign = |host: &Host| matches!(host, Host::Tcp(name) if name.contains('@'));
    if config.get_hosts().iter().any(has_sign) {
        return Err(refuse("an `@` in a password is written as `%40`".to_owned()));
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    if config.get_application_name().is_none() {
        config.application_name("kadence");
    }
    config.keepalives_idle(SILENCE).tcp_user_timeout(SILENCE);
    Ok(config)
}

/// What places call the database: its host and its name.
fn place(config: &Config) -> String {
    let mut place = String::new();
    for host in config.get_hosts() {
        let separator = if place.is_empty() { "" } else { "," };
        let written = match host {
            Host::Tcp(name) => write!(place, "{separator}{name}"),
            #[cfg(unix)]
            Host::Unix(path) => write!(place, "{separator}{}", path.display()),
        };
        debug_assert!(written.is_ok(), "a text takes whatever is written");
    }
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("{place}/{database}")
}

impl Source for Server {
    fn tables(&self) -> &[Head] {
        &self.heads
    }

    fn read(&self, table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        let Some((head, select)) = self.heads.get(table).zip(self.selects.get(table)) else {
            return Ok(());
        };
        let mut line = 0;
        let broken = |line: u32, message: String| {
            let expected = "nothing of it is used: read it again";
            ReadError::broken(&head.file, at(line, 0), message, expected)
        };
        let Ok(mut client) = self.client.try_borrow_mut() else {
            return Err(broken(line, "a table is read while another is".to_owned()));
        };
        let read = hand_over(&mut client, select, &mut line, into);
        read.map_err(|error| broken(line, words(&error)))
    }
}

fn hand_over(
    client: &mut Client,
    select: &Select,
    line: &mut u32,
    into: &mut dyn Sink,
) -> Result<(), postgres::Error> {
    let mut rows = client.query_raw(&select.sql, std::iter::empty::<String>())?;
    loop {
        *line = line.saturating_add(1);
        let Some(row) = rows.next()? else { return Ok(()) };
        let mut cells = Vec::with_capacity(select.ways.len());
        for (place, way) in select.ways.iter().enumerate() {
            let text: Option<&str> = row.try_get(place)?;
            let is_exact = !matches!(way, Way::Text | Way::List);
            let text = text.map_or(Cow::Borrowed(""), |text| way.text(text));
            cells.push(RawCell { text, is_exact, at: at(*line, place) });
        }
        into.row(&RawRow { at: at(*line, 0), cells: &cells, usable: true });
    }
}

/// What the server says, or what is said in its place.
fn words(error: &postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        source = error.source();
    }
    words
}
