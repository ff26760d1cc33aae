//! What form a file has, by its first bytes; its name decides only where these leave it open.

use super::Input;
use crate::{ReadError, text};

/// How a file holds its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Delimited,
    /// One value, or one on each line.
    Json,
    /// An archive, or what is one inside: a workbook.
    Zip,
    /// What Office wrote until 2007, and still writes around what has a password.
    Compound,
    Sqlite,
    /// iCalendar.
    Calendar,
    /// vCard.
    Cards,
    Parquet,
    /// Arrow IPC: a file (Feather, version 2) or a stream.
    Arrow,
}

/// What binary forms start with.
const MARKS: [(&[u8], Form); 7] = [
    (b"PAR1", Form::Parquet),
    (b"ARROW1", Form::Arrow),
    (b"\xFF\xFF\xFF\xFF", Form::Arrow),
    (b"PK\x03\x04", Form::Zip),
    // An archive without entries.
    (b"PK\x05\x06", Form::Zip),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Form::Compound),
    (b"SQLite format 3\0", Form::Sqlite),
];

pub(crate) fn form(input: &Input) -> Result<Form, ReadError> {
    let start = input.start()?;
    if let Some((_, form)) = MARKS.iter().find(|(mark, _)| start.starts_with(mark)) {
        return Ok(*form);
    }
    let text = text::without_bom(&start).trim_ascii_start();
    let is_a =
        |start: &[u8]| text.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start));
    if is_a(b"BEGIN:VCALENDAR") {
        return Ok(Form::Calendar);
    }
    if is_a(b"BEGIN:VCARD") {
        return Ok(Form::Cards);
    }
    Ok(match text.first() {
        Some(b'{' | b'[') => Form::Json,
        _ if input.name.to_lowercase().ends_with(".json") => Form::Json,
        _ => Form::Delimited,
    })
}
