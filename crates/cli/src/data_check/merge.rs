//! The likely duplicates as a merge file, with what it takes to look at each line.

use kadence_data::{One, Quality, Why};

use crate::output::Failure;
use crate::report::{csv_table, inert};

/// The first three are read by `--merge`, the others by people.
const HEADER: [&str; 6] = ["table", "id", "same_as", "name", "same_as_name", "why"];

pub(super) fn write(quality: &Quality) -> Result<String, Failure> {
    let name = |one: &One| inert(one.name.as_deref().unwrap_or_default());
    let rows = quality.duplicates.iter().flat_map(|group| {
        group.same.iter().map(move |same| {
            let mut why: Vec<String> = same.why.iter().map(Why::to_string).collect();
            why.dedup();
            // Ids stay as they are: else they would be others.
            [
                group.table.to_owned(),
                same.one.id.clone(),
                group.stays.id.clone(),
                name(&same.one),
                name(&group.stays),
                inert(&why.join(", ")),
            ]
        })
    });
    csv_table(HEADER, rows)
}
