//! What LibreOffice saves, read as a stream. calamine holds all that a sheet repeats, does not end
//! where the file is cut off, and does not tell what is merged.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::value::Value;
use super::{Book, Cell, Merged, Sheet};
use crate::ReadError;
use crate::source::archive::Archive;

/// As many rows as a sheet can have.
const MOST_ROWS: u32 = 1 << 20;
/// As many cells as may be there because others are said to be repeated.
const MOST_REPEATED: u64 = 4 << 20;
/// Blanks that are said to be repeated.
const MOST_BLANKS: usize = 1 << 10;

pub(super) struct OpenDocument {
    content: Vec<u8>,
    sheets: Vec<Sheet>,
}

impl OpenDocument {
    pub(super) fn open(archive: &Archive) -> Result<Result<OpenDocument, String>, ReadError> {
        if let Some(manifest) = archive.named("META-INF/manifest.xml")?
            && contains(&manifest, b"encryption-data")
        {
            return Ok(Err("it has a password".to_owned()));
        }
        let content = archive.named("content.xml")?.unwrap_or_default();
        Ok(sheets(&content).map(|sheets| OpenDocument { content, sheets }))
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

impl Book for OpenDocument {
    fn sheets(&self) -> Vec<Sheet> {
        self.sheets.clone()
    }

    fn cells(&mut self, sheet: usize, each: &mut dyn FnMut(Cell) -> bool) -> Result<(), String> {
        let Some(mut cells) = Cells::of(&self.content, sheet)? else { return Ok(()) };
        cells.read(each)
    }

    fn merged(&mut self, sheet: usize, row: u32) -> Result<Vec<Merged>, String> {
        let Some(mut cells) = Cells::of(&self.content, sheet)? else { return Ok(Vec::new()) };
        // Those that are merged with it are above or in it.
        cells.read(&mut |cell| cell.row <= row)?;
        cells.merged.retain(|merged| merged.touches(row));
        Ok(cells.merged)
    }
}

/// The sheets with their names.
fn sheets(content: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut xml = Xml::new(content);
    let mut sheets = Vec::new();
    let mut hidden: HashMap<String, bool> = HashMap::new();
    let mut style = None;
    loop {
        match xml.next()? {
            Event::Start(start) => match start.name().as_ref() {
                "style:style" => style = attribute(&start, "style:name")?,
                "style:table-properties" => {
                    let is_hidden =
                        attribute(&start, "table:display")?.is_some_and(|shown| shown == "false");
                    if let Some(style) = &style {
                        hidden.insert(style.clone(), is_hidden);
                    }
                }
                "table:table" => {
                    let name = attribute(&start, "table:name")?.unwrap_or_default();
                    let style = attribute(&start, "table:style-name")?.unwrap_or_default();
                    let is_hidden = hidden.get(&style).copied().unwrap_or(false);
                    sheets.push(Sheet { name, is_hidden });
                    xml.skip(&start)?;
                }
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// The events of a file. What is empty starts and ends, what is not closed at the end is an error.
struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
}

impl<'a> Xml<'a> {
    fn new(content: &'a [u8]) -> Xml<'a> {
        let mut reader = Reader::from_reader(content);
        reader.config_mut().expand_empty_elements = true;
        Xml { reader, depth: 0 }
    }

    fn next(&mut self) -> Result<Event<'a>, String> {
        let event = self.reader.read_event().map_err(|error| format!("content.xml: {error}"))?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err("content.xml is cut off".to_owned()),
            _ => {}
        }
        Ok(event)
    }

    /// Goes to the end of what has started.
    fn skip(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        self.depth = self.depth.saturating_sub(1);
        let read = self.reader.read_to_end(start.name());
        read.map(|_| ()).map_err(|error| format!("content.xml: {error}"))
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = start.try_get_attribute(name).map_err(|error| format!("content.xml: {error}"))?;
    let text = found.map(|found| {
        let text = found.normalized_value(XmlVersion::Implicit1_0);
        text.map(std::borrow::Cow::into_owned).map_err(|error| format!("content.xml: {error}"))
    });
    text.transpose()
}

/// How often something is there; once if it is not said.
fn times(start: &BytesStart<'_>, name: &str) -> Result<u32, String> {
    match attribute(start, name)? {
        Some(text) => {
            let number: Result<u32, _> = text.trim().parse();
            number.map_err(|_| format!("content.xml: `{name}` is `{text}`"))
        }
        None => Ok(1),
    }
}

/// The cells of one sheet.
struct Cells<'a> {
    xml: Xml<'a>,
    merged: Vec<Merged>,
    repeated: u64,
}

impl<'a> Cells<'a> {
    fn of(content: &'a [u8], sheet: usize) -> Result<Option<Cells<'a>>, String> {
        let mut xml = Xml::new(content);
        let mut place = 0;
        loop {
            match xml.next()? {
                Event::Start(start) if start.name().as_ref() == "table:table" => {
                    if place == sheet {
                        return Ok(Some(Cells { xml, merged: Vec::new(), repeated: 0 }));
                    }
                    place += 1;
                    xml.skip(&start)?;
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn read(&mut self, each: &mut dyn FnMut(Cell) -> bool) -> Result<(), String> {
        let mut row = 0_u32;
        loop {
            match self.xml.next()? {
                Event::Start(start) => match start.name().as_ref() {
                    "table:table-row" => {
                        let times = times(&start, "table:number-rows-repeated")?;
                        let cells = self.row(row)?;
                        if !cells.is_empty() && !self.repeat(&cells, row, times, each)? {
                            return Ok(());
                        }
                        row = row.saturating_add(times);
                    }
                    // What is in them are rows.
                    "table:table-header-rows" | "table:table-rows" | "table:table-row-group" => {}
                    _ => self.xml.skip(&start)?,
                },
                Event::End(end) if end.name().as_ref() == "table:table" => return Ok(()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn repeat(
        &mut self,
        cells: &[Cell],
        first: u32,
        times: u32,
        each: &mut dyn FnMut(Cell) -> bool,
    ) -> Result<bool, String> {
        if first.saturating_add(times) > MOST_ROWS {
            return Err(format!("a sheet of more than {MOST_ROWS} rows"));
        }
        let length = u64::try_from(cells.len()).unwrap_or(u64::MAX);
        self.count(length.saturating_mul(u64::from(times.saturating_sub(1))))?;
        for row in first..first.saturating_add(times) {
            for cell in cells {
                if !each(Cell { row, ..cell.clone() }) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn count(&mut self, repeated: u64) -> Result<(), String> {
        self.repeated = self.repeated.saturating_add(repeated);
        match self.repeated > MOST_REPEATED {
            true => Err(format!("cells are said to be repeated more than {MOST_REPEATED} times")),
            false => Ok(()),
        }
    }

    fn row(&mut self, row: u32) -> Result<Vec<Cell>, String> {
        let mut cells = Vec::new();
        let mut column = 0_u32;
        loop {
            match self.xml.next()? {
                Event::Start(start)
                    if matches!(
                        start.name().as_ref(),
                        "table:table-cell" | "table:covered-table-cell"
                    ) =>
                {
                    let times = times(&start, "table:number-columns-repeated")?;
                    self.note_merged(&start, row, column)?;
                    if let Some(value) = self.value(&start)? {
                        self.count(u64::from(times.saturating_sub(1)))?;
                        for column in column..column.saturating_add(times) {
                            cells.push(Cell { row, column, value: value.clone() });
                        }
                    }
                    column = column.saturating_add(times);
                }
                Event::Start(start) => self.xml.skip(&start)?,
                Event::End(_) | Event::Eof => return Ok(cells),
                _ => {}
            }
        }
    }

    fn note_merged(&mut self, start: &BytesStart<'_>, row: u32, column: u32) -> Result<(), String> {
        let columns = times(start, "table:number-columns-spanned")?;
        let rows = times(start, "table:number-rows-spanned")?;
        if columns > 1 || rows > 1 {
            let last = |first: u32, count: u32| first.saturating_add(count.saturating_sub(1));
            self.merged.push(Merged {
                first: (row, column),
                last: (last(row, rows), last(column, columns)),
            });
        }
        Ok(())
    }

    /// What a cell holds, which has started.
    fn value(&mut self, start: &BytesStart<'_>) -> Result<Option<Value>, String> {
        let text = self.text()?;
        if attribute(start, "calcext:value-type")?.as_deref() == Some("error") {
            return Ok(Some(Value::Error(text)));
        }
        let stored = |name: &str| attribute(start, name);
        let value = match attribute(start, "office:value-type")?.as_deref() {
            None => return Ok(None),
            Some("float" | "percentage" | "currency") => {
                let number = stored("office:value")?.unwrap_or_default();
                let read: Result<f64, _> = number.trim().parse();
                Value::number(read.map_err(|_| format!("content.xml: no number: `{number}`"))?)
            }
            Some("date") => Value::moment(&stored("office:date-value")?.unwrap_or_default()),
            Some("time") => {
                let time = stored("office:time-value")?.unwrap_or_default();
                seconds(&time).map_or(Value::Exact(time), Value::clock)
            }
            Some("boolean") => {
                Value::yes_no(stored("office:boolean-value")?.is_some_and(|yes| yes == "true"))
            }
            _ => Value::Text(stored("office:string-value")?.unwrap_or(text)),
        };
        Ok(Some(value))
    }

    /// The paragraphs of a cell, to its end.
    fn text(&mut self) -> Result<String, String> {
        let end = self.xml.depth.saturating_sub(1);
        let mut text = String::new();
        let mut paragraphs = 0;
        let mut is_inside = false;
        loop {
            match self.xml.next()? {
                Event::Start(start) => match start.name().as_ref() {
                    "text:p" | "text:h" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                        is_inside = true;
                    }
                    "text:s" => {
                        let count = usize::try_from(times(&start, "text:c")?).unwrap_or(1);
                        text.push_str(&" ".repeat(count.min(MOST_BLANKS)));
                    }
                    "text:tab" => text.push('\t'),
                    "text:line-break" => text.push('\n'),
                    "text:span" | "text:a" => {}
                    // Comments, pictures, and tables in them.
                    _ => self.xml.skip(&start)?,
                },
                Event::End(inner) => {
                    if self.xml.depth <= end {
                        return Ok(text);
                    }
                    if matches!(inner.name().as_ref(), "text:p" | "text:h") {
                        is_inside = false;
                    }
                }
                Event::Text(part) if is_inside => text.push_str(&part.xml10_content()),
                Event::CData(part) if is_inside => text.push_str(&part.xml10_content()),
                Event::GeneralRef(part) if is_inside => {
                    let known = quick_xml::escape::resolve_predefined_entity(part.as_ref());
                    match (part.resolve_char_ref(), known) {
                        (Ok(Some(character)), _) => text.push(character),
                        (_, Some(known)) => text.push_str(known),
                        _ => return Err("content.xml: a character that has no meaning".to_owned()),
                    }
                }
                Event::Eof => return Ok(text),
                _ => {}
            }
        }
    }
}

/// The seconds of `PT14H30M00S`.
fn seconds(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut rest = text.strip_prefix("PT")?;
    for (unit, factor) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, after)) = rest.split_once(unit) {
            seconds += number.replace(',', ".").parse::<f64>().ok()? * factor;
            rest = after;
        }
    }
    rest.is_empty().then_some(seconds)
}
