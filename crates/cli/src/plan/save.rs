//! Where a plan is written to.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use kadence_data::calendar::{Status, occurrences};
use kadence_plan::{Schedule, Withdrawn};

use super::{Args, Format, activities, say, written};
use crate::output::{Failure, clean, print};

/// Where, and how.
pub(super) struct Target<'a> {
    args: &'a Args,
    pub(super) format: Format,
    /// Whether each seller gets a file in a folder.
    is_folder: bool,
}

impl<'a> Target<'a> {
    pub(super) fn new(args: &'a Args) -> Result<Self, Failure> {
        let out = args.out.as_deref();
        let is_folder = out.is_some_and(|out| {
            out.is_dir() || out.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
        });
        let ending = out.and_then(|out| out.extension()).map(|ending| ending.to_ascii_lowercase());
        let by_ending = match ending.as_deref().and_then(|ending| ending.to_str()) {
            _ if is_folder => Format::Ics,
            Some("ics") => Format::Ics,
            Some("json") => Format::Json,
            Some("csv") => Format::Csv,
            _ => Format::Text,
        };
        let format = args.format.unwrap_or(by_ending);
        if is_folder && format != Format::Ics {
            return Err(Failure::new(
                "a folder is for calendars, one for each seller; name a file for another format",
            ));
        }
        if args.replaces.is_some() && format != Format::Ics {
            return Err(Failure::new(
                "`--replaces` is for calendars: write the plan with `--format ics` or `--out plan.ics`",
            ));
        }
        Ok(Target { args, format, is_folder })
    }

    pub(super) fn write(&self, schedule: &Schedule) -> Result<(), Failure> {
        if let Some(path) = &self.args.as_activities {
            save(path, &activities(schedule)?)?;
            say(schedule, &format!("`{}`", clean(path.display())));
        }
        match &self.args.out {
            Some(folder) if self.is_folder => self.write_folder(schedule, folder)?,
            Some(path) => {
                let old = self.args.replaces.as_deref().map(|old| withdrawn(old, schedule));
                save(
                    path,
                    &written(schedule, self.format, &old.transpose()?.unwrap_or_default())?,
                )?;
            }
            None => {
                let old = self.args.replaces.as_deref().map(|old| withdrawn(old, schedule));
                return print(&written(
                    schedule,
                    self.format,
                    &old.transpose()?.unwrap_or_default(),
                )?);
            }
        }
        if let Some(out) = &self.args.out {
            say(schedule, &format!("`{}`", clean(out.display())));
        }
        Ok(())
    }

    fn write_folder(&self, schedule: &Schedule, folder: &Path) -> Result<(), Failure> {
        fs::create_dir_all(folder).map_err(|error| {
            Failure(format!("cannot make the folder `{}`: {error}", clean(folder.display())))
        })?;
        for plan in &schedule.sellers {
            let name = format!("{}.ics", file_name(&plan.seller.id));
            let old = match &self.args.replaces {
                Some(old) if old.is_dir() => {
                    let path = old.join(&name);
                    if path.exists() { withdrawn(&path, schedule)? } else { Vec::new() }
                }
                Some(old) => withdrawn(old, schedule)?,
                None => Vec::new(),
            };
            save(&folder.join(&name), &schedule.calendar(Some(&plan.seller.id), &old))?;
        }
        Ok(())
    }
}

/// An id as the name of a file: what could lead elsewhere is written by its number.
fn file_name(id: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '@' | '.');
    let name: String = id
        .chars()
        .map(|c| if plain(c) { c.to_string() } else { format!("%{:X}", u32::from(c)) })
        .collect();
    match name.strip_prefix('.') {
        Some(rest) => format!("%2E{rest}"),
        None => name,
    }
}

fn save(path: &PathBuf, text: &str) -> Result<(), Failure> {
    fs::write(path, text)
        .map_err(|error| Failure(format!("cannot write `{}`: {error}", clean(path.display()))))
}

/// The events of an earlier plan that were not cancelled then.
fn withdrawn(path: &Path, schedule: &Schedule) -> Result<Vec<Withdrawn>, Failure> {
    let cannot = |error: &dyn std::fmt::Display| {
        Failure(format!("cannot read `{}`: {}", clean(path.display()), clean(error)))
    };
    let bytes = fs::read(path).map_err(|error| cannot(&error))?;
    let range = schedule.from..=last(schedule.from);
    let calendar = occurrences(&bytes, chrono_tz::UTC, range).map_err(|fault| cannot(&fault))?;
    let is_meant = |status: Status| status != Status::Cancelled;
    let events = calendar.occurrences.into_iter().filter(|one| is_meant(one.event.status));
    Ok(events
        .map(|one| Withdrawn {
            uid: one.event.uid.clone(),
            summary: one.event.summary.clone(),
            start: one.start.to_utc(),
            end: one.end.to_utc(),
        })
        .collect())
}

/// A plan reaches no farther.
fn last(first: NaiveDate) -> NaiveDate {
    first.checked_add_days(Days::new(500)).unwrap_or(NaiveDate::MAX)
}
