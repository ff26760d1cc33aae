//! What an earlier plan wrote into calendars.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use kadence_data::calendar::{Status, occurrences};
use kadence_plan::Earlier;

use crate::output::{Failure, clean, complain};

/// How many days before and after the as-of day are looked at: a plan reaches no farther.
const REACH: TimeDelta = TimeDelta::days(500);

/// The events of plans in a calendar, or in those of a folder.
pub(super) fn read(path: &Path, now: DateTime<Utc>) -> Result<Vec<Earlier>, Failure> {
    if !path.is_dir() {
        return events(path, now);
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| cannot(path, &error))? {
        files.push(entry.map_err(|error| cannot(path, &error))?.path());
    }
    files.retain(|file| file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ics")));
    files.sort();
    let mut all = Vec::new();
    for file in files {
        all.extend(events(&file, now)?);
    }
    Ok(all)
}

fn events(path: &Path, now: DateTime<Utc>) -> Result<Vec<Earlier>, Failure> {
    let bytes = fs::read(path).map_err(|error| cannot(path, &error))?;
    let (first, last) = ((now - REACH).date_naive(), (now + REACH).date_naive());
    let calendar = occurrences(&bytes, chrono_tz::UTC, first..=last);
    let calendar = calendar.map_err(|fault| cannot(path, &fault))?;
    for fault in &calendar.faults {
        complain(&format!("`{}`, {}: left as it is", clean(path.display()), clean(fault)));
    }
    let of_plan = calendar.occurrences.into_iter().filter_map(|one| {
        Some(Earlier {
            id: Earlier::id_of(&one.event.uid)?.to_owned(),
            sequence: one.event.sequence,
            is_cancelled: one.event.status == Status::Cancelled,
            seller: one.event.seller.clone(),
            serves: one.event.serves.clone(),
            summary: one.event.summary.clone(),
            description: one.event.description.clone(),
            start: one.start.to_utc(),
            end: one.end.to_utc(),
        })
    });
    Ok(of_plan.collect())
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure(format!("cannot read `{}`: {}", clean(path.display()), clean(error)))
}
