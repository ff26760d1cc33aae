//! A source as lines, for tests.

use kadence::Problem;

use super::{Input, RawRow, Sink, Source, open_input};

/// What a source holds: of each table a line `file: columns`, its rows, and what is said of it;
/// texts in quotes, what has a type without; places before rows and problems.
pub(crate) fn lines(source: &dyn Source) -> Vec<String> {
    let mut lines: Vec<String> = source.notes().iter().map(|note| format!("note {note}")).collect();
    for (place, head) in source.tables().iter().enumerate() {
        let columns: Vec<&str> = head.columns.iter().map(|column| column.name.as_str()).collect();
        lines.push(format!("{} {}: {}", head.file, head.name, columns.join("|")));
        lines.extend(head.problems.iter().map(|problem| format!("problem {problem}")));
        lines.extend(head.notes.iter().map(|note| format!("note {note}")));
        let mut rows = Rows(Vec::new());
        if let Err(error) = source.read(place, &mut rows) {
            rows.0.push(format!("error {error}"));
        }
        lines.extend(rows.0);
    }
    lines
}

/// What a file of these bytes holds, or why it cannot be opened.
pub(crate) fn lines_of(name: &str, bytes: Vec<u8>) -> Vec<String> {
    match open_input(Input::bytes(name, bytes)) {
        Ok(source) => lines(source.as_ref()),
        Err(error) => vec![format!("error {error}")],
    }
}

struct Rows(Vec<String>);

impl Sink for Rows {
    fn row(&mut self, row: &RawRow<'_>) {
        let cell = |cell: &super::RawCell<'_>| match cell.is_exact || cell.text.is_empty() {
            true => cell.text.to_string(),
            false => format!("\"{}\"", cell.text),
        };
        let cells: Vec<String> = row.cells.iter().map(cell).collect();
        let end = if row.usable { "" } else { " (not usable)" };
        self.0.push(format!("{}: {}{end}", row.at.line, cells.join("|")));
    }

    fn problem(&mut self, problem: Problem) {
        self.0.push(format!("problem {problem}"));
    }
}

/// An archive of these files.
#[cfg(feature = "zip")]
pub(crate) fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::{Cursor, Write};

    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
