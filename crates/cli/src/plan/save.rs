//! Where a plan is written to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kadence_plan::{Earlier, Schedule};

use super::{Args, Format, activities, say, text};
use crate::output::{Failure, clean, print};
use crate::report;

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

    pub(super) fn write(&self, schedule: &Schedule, earlier: &[Earlier]) -> Result<(), Failure> {
        if let Some(path) = &self.args.as_activities {
            save(path, &activities(schedule)?)?;
            say(schedule, &format!("`{}`", clean(path.display())));
        }
        let Some(out) = &self.args.out else {
            return print(&self.written(schedule, earlier)?);
        };
        if self.is_folder {
            self.write_folder(schedule, earlier, out)?;
        } else {
            save(out, &self.written(schedule, earlier)?)?;
        }
        say(schedule, &format!("`{}`", clean(out.display())));
        Ok(())
    }

    fn written(&self, schedule: &Schedule, earlier: &[Earlier]) -> Result<String, Failure> {
        Ok(match self.format {
            Format::Text => text::plan(schedule, report::width()),
            Format::Json => report::json(schedule)?,
            Format::Csv => activities(schedule)?,
            Format::Ics => schedule.calendar(self.args.seller.as_deref(), earlier),
        })
    }

    /// A calendar for everybody of the plan, and for those of the earlier one who are not in it.
    fn write_folder(
        &self,
        schedule: &Schedule,
        earlier: &[Earlier],
        folder: &Path,
    ) -> Result<(), Failure> {
        fs::create_dir_all(folder).map_err(|error| {
            Failure(format!("cannot make the folder `{}`: {error}", clean(folder.display())))
        })?;
        let planned = schedule.sellers.iter().map(|plan| plan.seller.id.as_str());
        let before = earlier.iter().filter_map(|one| one.seller.as_deref());
        let mut sellers: BTreeSet<&str> = planned.chain(before).collect();
        sellers.retain(|seller| self.args.seller.as_ref().is_none_or(|only| only == seller));
        for seller in sellers {
            let path = folder.join(format!("{}.ics", file_name(seller)));
            save(&path, &schedule.calendar(Some(seller), earlier))?;
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
