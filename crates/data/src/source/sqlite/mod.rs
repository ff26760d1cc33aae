//! SQLite databases: each table and view, and what queries find, as they were at one moment.
//!
//! A database is not trusted: it is opened for reading alone, it cannot lead to other files, and a
//! view that never ends is stopped.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use super::sql::{at, identifier};
use super::{Head, HeadColumn, Input, Query, RawCell, RawRow, Sink, Source};
use crate::ReadError;
use crate::text::Spot;

/// So many instructions of SQLite's machine may be spent on a table whatever its size, and so many
/// for each byte of the database.
const INSTRUCTIONS: u64 = 20_000_000;
const INSTRUCTIONS_PER_BYTE: u64 = 1000;
/// As often it is looked at.
const LOOKED_AT: u16 = 10_000;

/// A database that is open.
pub(super) struct Sqlite {
    connection: Connection,
    heads: Vec<Head>,
    /// What is asked for each head.
    selects: Vec<Select>,
    spent: Arc<AtomicU64>,
}

struct Select {
    sql: String,
    /// For each column whether it is declared as a yes-no, which SQLite stores as 0 or 1.
    is_yes_no: Vec<bool>,
}

impl Sqlite {
    pub(super) fn open(input: &Input, queries: &[Query]) -> Result<Sqlite, ReadError> {
        let name = &input.name;
        let cannot = |error: &rusqlite::Error| broken(name, Spot::START, &words(error));
        let size = input.size()?;
        if is_cut_off(&input.start()?, size) && !input.path().is_some_and(has_log) {
            return Err(broken(name, Spot::START, "the file is cut off"));
        }
        let connection = match input.path() {
            Some(path) => open_file(path).map_err(|error| cannot(&error))?,
            None => open_bytes(&input.read()?).map_err(|error| cannot(&error))?,
        };
        let spent = Arc::new(AtomicU64::new(0));
        secure(&connection, size, &spent).map_err(|error| cannot(&error))?;
        if !is_in_utf8(&connection).map_err(|error| cannot(&error))? {
            return Err(broken(name, Spot::START, "a name of a table or a column is not UTF-8"));
        }
        let tables = tables(&connection).map_err(|error| cannot(&error))?;
        let mut sqlite = Sqlite { connection, heads: Vec::new(), selects: Vec::new(), spent };
        let is_asked = |table: &String| queries.iter().any(|(name, _)| name == table);
        for table in tables.iter().filter(|table| !is_asked(table)) {
            sqlite.add(name, table, format!("SELECT * FROM {}", identifier(table)));
        }
        for (table, sql) in queries {
            sqlite.expect_select(name, table, sql)?;
            sqlite.add(name, table, sql.clone());
        }
        Ok(sqlite)
    }

    fn add(&mut self, file: &str, table: &str, sql: String) {
        let mut head =
            Head { name: table.to_owned(), file: format!("{file}[{table}]"), ..Head::default() };
        let mut is_yes_no = Vec::new();
        match self.connection.prepare(&sql) {
            Ok(statement) => {
                for (place, column) in statement.columns().iter().enumerate() {
                    let name = column.name().to_owned();
                    head.columns.push(HeadColumn { name, at: at(1, place) });
                    let declared = column.decl_type().unwrap_or_default().to_lowercase();
                    is_yes_no.push(matches!(declared.as_str(), "bool" | "boolean"));
                }
            }
            // A view of what is no longer there, say: it matters when it is read.
            Err(error) => {
                let problem = head.problem(Spot::START, words(&error), "mend the view");
                head.problems.push(problem);
            }
        }
        self.heads.push(head);
        self.selects.push(Select { sql, is_yes_no });
    }

    fn expect_select(&self, file: &str, table: &str, sql: &str) -> Result<(), ReadError> {
        let refused = |message: String, expected: &str| {
            Err(ReadError::broken(&format!("{file}[{table}]"), Spot::START, message, expected))
        };
        match self.connection.prepare(sql) {
            Ok(statement) if statement.readonly() && statement.column_count() > 0 => Ok(()),
            Ok(_) => refused("the query does not only read".to_owned(), "expected a SELECT"),
            Err(error) => {
                refused(format!("the query cannot be run: {}", words(&error)), "mend the query")
            }
        }
    }
}

/// Whether the file is smaller than its header says.
fn is_cut_off(start: &[u8], size: u64) -> bool {
    let number = |range: std::ops::Range<usize>| {
        let bytes = start.get(range).unwrap_or_default();
        bytes.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte))
    };
    // One stands for 65,536.
    let page = match number(16..18) {
        1 => 1 << 16,
        page => page,
    };
    // The count of pages is only kept by those who also keep the number of the last change.
    start.len() < 100 || (number(24..28) == number(92..96) && number(28..32) * page > size)
}

fn open_file(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    match tables(&connection) {
        Ok(_) => Ok(connection),
        // A log that is written ahead takes a file beside it, which may not be made here. Where
        // nothing is in the log, it can do without.
        Err(error) if cannot_write_beside(&error) && !has_log(path) => {
            let escaped = path.to_string_lossy();
            let escaped = escaped.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let address = format!("file:{escaped}?immutable=1");
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(address, flags)
        }
        Err(error) => Err(error),
    }
}

fn cannot_write_beside(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).metadata().is_ok_and(|metadata| metadata.len() > 0)
}

fn open_bytes(bytes: &[u8]) -> rusqlite::Result<Connection> {
    /// Where the header says that a log is written ahead, which is a file that is not here.
    const LOGGED: std::ops::Range<usize> = 18..20;
    let mut bytes = bytes.to_vec();
    if let Some(logged) = bytes.get_mut(LOGGED) {
        logged.fill(1);
    }
    let size = bytes.len();
    let mut connection = Connection::open_in_memory()?;
    connection.deserialize_read_exact(MAIN_DB, Cursor::new(bytes), size, true)?;
    Ok(connection)
}

/// Sees to it that it is only read, as of one moment, and not for ever.
fn secure(connection: &Connection, size: u64, spent: &Arc<AtomicU64>) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // Another file is not attached, whatever a query says.
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    let most = INSTRUCTIONS.saturating_add(size.saturating_mul(INSTRUCTIONS_PER_BYTE));
    let spent = spent.clone();
    connection.progress_handler(
        i32::from(LOOKED_AT),
        Some(move || spent.fetch_add(u64::from(LOOKED_AT), Ordering::Relaxed) > most),
    )?;
    connection.execute_batch("BEGIN")
}

/// Whether what the tables and views were made with is text, and so the names in it.
fn is_in_utf8(connection: &Connection) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for place in 0..2 {
            let made_with = row.get_ref(place)?.as_bytes().unwrap_or_default();
            if std::str::from_utf8(made_with).is_err() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The tables and views, as they were made.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema
         WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY rowid",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

impl Source for Sqlite {
    fn tables(&self) -> &[Head] {
        &self.heads
    }

    fn read(&self, table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        let Some((head, select)) = self.heads.get(table).zip(self.selects.get(table)) else {
            return Ok(());
        };
        self.spent.store(0, Ordering::Relaxed);
        let mut line = 0;
        let read = self.hand_over(head, select, &mut line, into);
        read.map_err(|error| broken(&head.file, at(line, 0), &words(&error)))
    }
}

impl Sqlite {
    fn hand_over(
        &self,
        head: &Head,
        select: &Select,
        line: &mut u32,
        into: &mut dyn Sink,
    ) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare(&select.sql)?;
        let mut rows = statement.query([])?;
        loop {
            *line = line.saturating_add(1);
            let Some(row) = rows.next()? else { return Ok(()) };
            let mut usable = true;
            let mut cells = Vec::with_capacity(select.is_yes_no.len());
            for (place, is_yes_no) in select.is_yes_no.iter().enumerate() {
                let at = at(*line, place);
                let (text, is_exact) = match value(row.get_ref(place)?, *is_yes_no) {
                    Ok(value) => value,
                    Err(message) => {
                        into.problem(head.problem(at, message, "expected text in UTF-8"));
                        usable = false;
                        (Cow::Borrowed(""), true)
                    }
                };
                cells.push(RawCell { text, is_exact, at });
            }
            into.row(&RawRow { at: at(*line, 0), cells: &cells, usable });
        }
    }
}

/// A value as text, and whether it is exact.
fn value(value: ValueRef<'_>, is_yes_no: bool) -> Result<(Cow<'_, str>, bool), String> {
    let text = |bytes, what| match std::str::from_utf8(bytes) {
        Ok(text) => Ok((Cow::Borrowed(text), false)),
        Err(_) => Err(format!("{what} that is not UTF-8")),
    };
    Ok(match value {
        ValueRef::Null => (Cow::Borrowed(""), true),
        ValueRef::Integer(0) if is_yes_no => (Cow::Borrowed("false"), true),
        ValueRef::Integer(1) if is_yes_no => (Cow::Borrowed("true"), true),
        ValueRef::Integer(number) => (Cow::Owned(number.to_string()), true),
        ValueRef::Real(0.0) => (Cow::Borrowed("0"), true),
        ValueRef::Real(number) => (Cow::Owned(number.to_string()), true),
        ValueRef::Text(bytes) => return text(bytes, "a text"),
        ValueRef::Blob(bytes) => return text(bytes, "a blob"),
    })
}

fn words(error: &rusqlite::Error) -> String {
    match error {
        _ if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            "it takes far more work than the size of the database explains".to_owned()
        }
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::MultipleStatement => "there is more than one statement".to_owned(),
        error => error.to_string(),
    }
}

fn broken(file: &str, at: Spot, message: &str) -> ReadError {
    ReadError::broken(file, at, message, "expected a whole SQLite database")
}
