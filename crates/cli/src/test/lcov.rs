//! Coverage as lcov, which editors show beside the lines of a file.
//!
//! A rule or list is a function, a line on which a part of it starts is a line, and every case of a
//! part is a branch of that line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use kadence::{Coverage, ItemCoverage};

use crate::output::clean;

pub(super) fn text(coverage: &Coverage) -> String {
    let mut files: BTreeMap<&str, Vec<&ItemCoverage>> = BTreeMap::new();
    for item in &coverage.items {
        files.entry(&item.file).or_default().push(item);
    }
    let mut text = String::new();
    for (file, items) in files {
        // Writing to a string cannot fail.
        let _ = of_file(file, &items, &mut text);
    }
    text
}

fn of_file(file: &str, items: &[&ItemCoverage], text: &mut String) -> std::fmt::Result {
    writeln!(text, "TN:\nSF:{}", clean(file))?;
    for item in items {
        writeln!(text, "FN:{},{}", item.line, clean(&item.id))?;
    }
    for item in items {
        writeln!(text, "FNDA:{},{}", item.expectations, clean(&item.id))?;
    }
    let seen = items.iter().filter(|item| item.expectations > 0).count();
    writeln!(text, "FNF:{}\nFNH:{seen}", items.len())?;
    let mut lines: BTreeMap<u32, u64> = BTreeMap::new();
    let mut branches = BTreeSet::new();
    for item in items {
        let mut count = |line, n: u64| {
            let most = lines.entry(line).or_default();
            *most = n.max(*most);
        };
        count(item.line, item.expectations);
        for (block, part) in item.parts.iter().enumerate() {
            for (branch, case) in part.cases.iter().enumerate() {
                count(part.line, case.reached);
                branches.insert((part.line, item.line, block, branch, case.reached));
            }
        }
    }
    for (line, _, block, branch, reached) in &branches {
        let is_run = lines.get(line).is_some_and(|most| *most > 0);
        let taken = if is_run { reached.to_string() } else { "-".to_owned() };
        writeln!(text, "BRDA:{line},{block},{branch},{taken}")?;
    }
    let taken = branches.iter().filter(|(.., reached)| *reached > 0).count();
    writeln!(text, "BRF:{}\nBRH:{taken}", branches.len())?;
    for (line, n) in &lines {
        writeln!(text, "DA:{line},{n}")?;
    }
    let run = lines.values().filter(|n| **n > 0).count();
    writeln!(text, "LF:{}\nLH:{run}\nend_of_record", lines.len())
}
