//! Prints what calendars hold within a range of days, a line of JSON for each file:
//! `cargo run -p kadence-data --example occurrences -- ZONE FROM THROUGH FILE…`.

use std::error::Error;
use std::io::Write;

use chrono::{NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use kadence_data::Fault;
use kadence_data::calendar::{self, Occurrence};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let mut next = || words.next().ok_or("expected ZONE FROM THROUGH FILE…");
    let zone: Tz = next()?.parse().map_err(|_| "expected a zone such as Europe/Paris")?;
    let (first, last): (NaiveDate, NaiveDate) = (next()?.parse()?, next()?.parse()?);
    let mut out = std::io::stdout().lock();
    for file in words {
        let bytes = std::fs::read(&file)?;
        let line = match calendar::occurrences(&bytes, zone, first..=last) {
            Ok(calendar) => json!({
                "file": file,
                "faults": faults(&calendar.faults),
                "notes": faults(&calendar.notes),
                "occurrences": calendar.occurrences.iter().map(occurrence).collect::<Vec<_>>(),
            }),
            Err(fault) => json!({ "file": file, "faults": faults(&[fault]) }),
        };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn faults(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(Fault::to_string).collect()
}

/// Times are in UTC, whatever the zone of the event, so that they can be compared as texts.
fn occurrence(occurrence: &Occurrence) -> Value {
    let event = &occurrence.event;
    let time = |time: chrono::DateTime<chrono::FixedOffset>| match event.all_day {
        true => time.date_naive().to_string(),
        false => time.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true),
    };
    json!({
        "uid": event.uid,
        "start": time(occurrence.start),
        "end": time(occurrence.end),
        "summary": event.summary,
        "status": event.status.to_string(),
        "line": event.line,
    })
}
