//! The components of a calendar: what stands between `BEGIN` and `END`.

use super::line::{Line, Property, lines};
use crate::fault::{self, Fault, push};
use crate::text;

/// How many events a calendar may have.
const MOST_EVENTS: usize = 500_000;

/// A calendar as it is written, apart from what is not looked at.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) events: Vec<Component>,
    pub(super) zones: Vec<Component>,
    /// Whether it says that its events are called off.
    pub(super) is_cancellation: bool,
    /// Lines that are none, within events and zones.
    pub(super) odd: Vec<Fault>,
    pub(super) notes: Vec<Fault>,
}

/// A component, and those in it that matter.
#[derive(Debug, Default)]
pub(super) struct Component {
    /// The number of the line on which it begins.
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) properties: Vec<Property>,
    pub(super) parts: Vec<Component>,
}

impl Component {
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The property that may be there once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&Property>, Fault> {
        let mut found = self.properties.iter().filter(|property| property.name == name);
        match (found.next(), found.next()) {
            (_, Some(second)) => {
                Err(second.fault(format!("a second `{name}`: expected at most one")))
            }
            (first, None) => Ok(first),
        }
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Written, Fault> {
    let mut written = Written::default();
    let text = fault::text_of(bytes, "calendar", &mut written.notes)?;
    let mut open: Vec<Component> = Vec::new();
    for line in lines(&text) {
        written.take(&line, &mut open)?;
    }
    match open.pop() {
        Some(begin) => {
            let message = format!("`BEGIN:{}` has no `END`", begin.name);
            Err(Fault { line: begin.number, message })
        }
        None => Ok(written),
    }
}

impl Written {
    fn take(&mut self, line: &Line<'_>, open: &mut Vec<Component>) -> Result<(), Fault> {
        let (name, value) = match line.name_and_value() {
            Ok(halves) => halves,
            Err(fault) if open.is_empty() => return Err(fault),
            Err(fault) => {
                push(&mut self.odd, fault);
                return Ok(());
            }
        };
        match (name.as_str(), open.last_mut()) {
            ("BEGIN", _) => {
                let name = value.to_ascii_uppercase();
                if open.len() >= MOST_DEEP {
                    return Err(line.fault(format!("`BEGIN:{name}` is nested too deeply")));
                }
                open.push(Component { number: line.number, name, ..Component::default() });
            }
            ("END", None) => return Err(line.fault("an `END` without `BEGIN`")),
            ("END", Some(begin)) if !begin.name.eq_ignore_ascii_case(value) => {
                let value = text::quoted(value);
                let (begun, number) = (&begin.name, begin.number);
                return Err(line.fault(format!(
                    "`END` cannot be {value}: expected `END:{begun}` for line {number}"
                )));
            }
            ("END", Some(_)) => self.close(open)?,
            (_, None) => return Err(line.fault("expected `BEGIN:VCALENDAR`")),
            ("METHOD", Some(inner)) if inner.name == "VCALENDAR" => {
                self.is_cancellation = value.eq_ignore_ascii_case("CANCEL");
            }
            (name, Some(inner)) => {
                if let Some(name) = that_matters(&inner.name, name) {
                    inner.properties.push(line.property(name)?);
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, open: &mut Vec<Component>) -> Result<(), Fault> {
        let Some(done) = open.pop() else { return Ok(()) };
        match (done.name.as_str(), open.last_mut()) {
            // What stands inside an event, such as an alarm, is no part of it.
            ("VEVENT", _) if self.events.len() >= MOST_EVENTS => {
                let message = format!("the calendar has more than {MOST_EVENTS} events");
                return Err(Fault { line: done.number, message });
            }
            ("VEVENT", _) => self.events.push(done),
            ("VTIMEZONE", _) => self.zones.push(done),
            ("STANDARD" | "DAYLIGHT", Some(outer)) if outer.name == "VTIMEZONE" => {
                outer.parts.push(done);
            }
            _ => {}
        }
        Ok(())
    }
}

/// How deep components may be nested. Four is what the format has a use for.
const MOST_DEEP: usize = 16;

/// The name of a property of a component, if it is looked at.
fn that_matters(component: &str, name: &str) -> Option<&'static str> {
    const EVENT: [&str; 21] = [
        "UID",
        "RECURRENCE-ID",
        "DTSTART",
        "DTEND",
        "DTSTAMP",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "EXRULE",
        "SEQUENCE",
        "SUMMARY",
        "STATUS",
        "TRANSP",
        "ORGANIZER",
        "ATTENDEE",
        "CATEGORIES",
        "LOCATION",
        "DESCRIPTION",
        "X-KADENCE-SELLER",
        "X-KADENCE-SERVES",
    ];
    const ONSET: [&str; 5] = ["DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"];
    let looked_at: &[&str] = match component {
        "VEVENT" => &EVENT,
        "STANDARD" | "DAYLIGHT" => &ONSET,
        "VTIMEZONE" => &["TZID"],
        _ => &[],
    };
    looked_at.iter().find(|other| **other == name).copied()
}
