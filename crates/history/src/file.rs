//! The file: how it is opened, made, and found to be what it should be.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::HistoryError;

/// `kdnc`, by which a history is told from other databases of SQLite.
const APPLICATION: i64 = 0x6b64_6e63;
/// What is kept, and how.
const VERSION: i64 = 1;
const SCHEMA: &str = include_str!("schema.sql");

/// How long another program is given to finish what it writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// A file that is open.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) connection: Connection,
}

impl File {
    /// Opens a history that is there.
    pub(crate) fn open(path: &Path) -> Result<File, HistoryError> {
        match fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(HistoryError::NotFound(path.to_path_buf()));
            }
            Err(error) => {
                let (path, why) = (path.to_path_buf(), error.to_string());
                return Err(HistoryError::CannotOpen { path, why });
            }
            Ok(found) if found.is_dir() => return Err(HistoryError::Folder(path.to_path_buf())),
            Ok(_) => {}
        }
        let file = File::connect(path, OpenFlags::empty())?;
        match file.kind()? {
            Kind::History => Ok(file),
            Kind::Nothing => Err(HistoryError::Empty(file.path)),
        }
    }

    /// Opens a history, or makes one where there is nothing yet.
    pub(crate) fn open_or_create(path: &Path) -> Result<File, HistoryError> {
        if path.is_dir() {
            return Err(HistoryError::Folder(path.to_path_buf()));
        }
        let file = File::connect(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        if let Kind::History = file.kind()? {
            return Ok(file);
        }
        file.write(|file| {
            // Another one may have made it while this one waited.
            if let Kind::Nothing = file.kind()? {
                let make = || {
                    file.connection.execute_batch(SCHEMA)?;
                    file.connection.pragma_update(None, "application_id", APPLICATION)?;
                    file.connection.pragma_update(None, "user_version", VERSION)
                };
                make().map_err(|error| HistoryError::of(&file.path, &error))?;
            }
            Ok(())
        })?;
        Ok(file)
    }

    /// SQLite opens what it may not write for reading alone. The journal is deleted when a transaction
    /// has ended, so that a history is one file that can be copied, and works on shares of a
    /// network, where a log that is written ahead does not. `EXTRA` waits for that deletion to
    /// be on the disk: a run that was said to be kept outlives the power.
    fn connect(path: &Path, how: OpenFlags) -> Result<File, HistoryError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | how;
        let failed = |error: rusqlite::Error| HistoryError::of(path, &error);
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        let settings = || {
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "synchronous", "EXTRA")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.pragma_update(None, "cell_size_check", true)?;
            connection.pragma_update(None, "trusted_schema", false)
        };
        settings().map_err(failed)?;
        Ok(File { path: path.to_path_buf(), connection })
    }

    /// What the file is.
    fn kind(&self) -> Result<Kind, HistoryError> {
        let failed = |error: rusqlite::Error| HistoryError::of(&self.path, &error);
        let number =
            |of: &str| self.connection.pragma_query_value(None, of, |row| row.get::<_, i64>(0));
        let application = number("application_id").map_err(failed)?;
        let version = number("user_version").map_err(failed)?;
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 =
            self.connection.query_row(tables, [], |row| row.get(0)).map_err(failed)?;
        match (application, version, tables) {
            (0, 0, 0) => Ok(Kind::Nothing),
            (APPLICATION, VERSION, _) => Ok(Kind::History),
            (APPLICATION, found, _) if found > VERSION => {
                Err(HistoryError::Newer { path: self.path.clone(), found, known: VERSION })
            }
            _ => Err(HistoryError::NotAHistory {
                path: self.path.clone(),
                what: "it is a database of something else".to_owned(),
            }),
        }
    }

    /// Does everything or nothing. Whoever else writes is waited for.
    pub(crate) fn write<T>(
        &self,
        write: impl FnOnce(&File) -> Result<T, HistoryError>,
    ) -> Result<T, HistoryError> {
        let failed = |file: &File, error: &rusqlite::Error| HistoryError::of(&file.path, error);
        let is_read_only = self.connection.is_readonly(rusqlite::MAIN_DB);
        if is_read_only.map_err(|error| failed(self, &error))? {
            return Err(HistoryError::ReadOnly(self.path.clone()));
        }
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| failed(self, &error))?;
        let done = write(self).and_then(|done| {
            self.connection.execute_batch("COMMIT").map_err(|error| failed(self, &error))?;
            Ok(done)
        });
        if done.is_err() && !self.connection.is_autocommit() {
            // Where even this fails, the next who opens the file does it.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        done
    }
}

enum Kind {
    Nothing,
    History,
}
