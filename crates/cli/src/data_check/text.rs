//! What is found, for people: what there is first, then each finding with its mend.

use kadence_data::{Check, Common, Duplicates, Finding, Found, One, TableKnown, Why};

use super::Checked;
use crate::report::grid::{Column, grid, wrapped};

/// How wide it may be.
const WIDTH: u16 = 80;

/// How many of each finding are listed unless all are asked for.
const SHOWN: usize = 10;

/// A part of the text.
struct Section {
    title: String,
    /// How many were found.
    total: usize,
    /// Among how many.
    of: Option<usize>,
    body: String,
}

pub(super) fn write(checked: &Checked, all: bool) -> String {
    let most = if all { usize::MAX } else { SHOWN };
    let mut sections: Vec<Section> = Vec::new();
    sections.extend(unreadable(checked, most));
    let groups = checked.quality.duplicates.chunk_by(|a, b| a.table == b.table);
    sections.extend(groups.filter_map(|groups| duplicates(groups, &checked.quality.tables, most)));
    sections.extend(checked.quality.findings.iter().map(|finding| section(finding, most)));
    let mut parts = vec![headline(checked), summary(&sections)];
    parts.extend(
        sections
            .into_iter()
            .map(|section| format!("{} ({})\n{}", section.title, section.total, section.body)),
    );
    parts.extend(common(&checked.quality.common, most));
    parts.extend(known(checked));
    parts.extend(notes(checked, most));
    parts.join("\n")
}

fn headline(checked: &Checked) -> String {
    let tables = checked.quality.tables.iter().map(|table| match table.rows {
        1 => format!("1 {}", table.noun),
        rows => format!("{rows} {}", table.noun.table()),
    });
    let tables: Vec<String> = tables.collect();
    let tables = if tables.is_empty() { "nothing".to_owned() } else { tables.join(", ") };
    wrapped(&format!("As of {}: ", checked.quality.day), &tables, WIDTH)
}

fn summary(sections: &[Section]) -> String {
    if sections.is_empty() {
        return "Nothing is found.\n".to_owned();
    }
    let columns = [("found", Column::Free), ("how many", Column::Number), ("of", Column::Number)];
    let rows = sections.iter().map(|section| {
        let of = section.of.map(|of| of.to_string()).unwrap_or_default();
        vec![section.title.clone(), section.total.to_string(), of]
    });
    grid(WIDTH, 2, &columns, rows)
}

/// Rows that cannot be read, each with its place.
fn unreadable(checked: &Checked, most: usize) -> Option<Section> {
    let problems = &checked.problems;
    if problems.total == 0 {
        return None;
    }
    let mend = match checked.has_rules {
        true => "correct them at these places, or in the mapping",
        false => "correct them; with `--rules`, kinds and fields that these declare are known",
    };
    let lines = problems.errors.iter().take(most);
    let lines: String = lines.map(|problem| wrapped("  - ", &problem.to_string(), WIDTH)).collect();
    let listed = problems.errors.len().min(most);
    Some(Section {
        title: "Problems for which rows cannot be read".to_owned(),
        total: problems.total,
        of: None,
        body: mended(mend) + &lines + &more(problems.total, listed, most),
    })
}

fn duplicates(groups: &[Duplicates], tables: &[TableKnown], most: usize) -> Option<Section> {
    let table = groups.first()?.table;
    let of = tables.iter().find(|known| known.noun.table() == table).map(|known| known.rows);
    let all = groups.iter().flat_map(|group| group.same.iter().map(move |same| (group, same)));
    let total = all.clone().count();
    let called = |one: &One| match &one.name {
        Some(name) => format!("{} {name}", one.id),
        None => one.id.clone(),
    };
    let columns =
        [("id", Column::Upto(26)), ("is probably", Column::Upto(26)), ("for", Column::Free)];
    let rows = all.take(most).map(|(group, same)| {
        let mut why: Vec<String> = same.why.iter().map(Why::to_string).collect();
        why.dedup();
        vec![called(&same.one), called(&group.stays), why.join(", ")]
    });
    let mend = "say which are one in a merge file: `--format merge` writes it; keep the lines that \
                are right";
    Some(Section {
        title: format!("Likely duplicates of {table}"),
        total,
        of,
        body: mended(mend) + &grid(WIDTH, 4, &columns, rows) + &more(total, total.min(most), most),
    })
}

fn section(finding: &Finding, most: usize) -> Section {
    let found = finding.found.get(..most.min(finding.found.len())).unwrap_or_default();
    let body = rows(finding.check, found) + &more(finding.total, found.len(), most);
    Section {
        title: finding.title.clone(),
        total: finding.total,
        of: Some(finding.of),
        body: mended(&finding.mend) + &body,
    }
}

/// Columns in which nothing is known are left out.
fn rows(check: Check, found: &[Found]) -> String {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let owner = match found.first().map(|found| found.table) {
        Some("activities") => "seller",
        _ => "owner",
    };
    let cells: [(&str, Column, Vec<String>); 5] = [
        (
            "table",
            Column::Fixed,
            match check {
                Check::StrangeDate => found.iter().map(|found| found.table.to_owned()).collect(),
                _ => Vec::new(),
            },
        ),
        ("id", Column::Upto(26), found.iter().map(|found| found.id.clone()).collect()),
        ("name", Column::Upto(28), found.iter().map(|found| optional(&found.name)).collect()),
        (owner, Column::Upto(26), found.iter().map(|found| optional(&found.owner)).collect()),
        ("what", Column::Free, found.iter().map(|found| found.what.clone()).collect()),
    ];
    let is_empty = |cells: &[String]| cells.iter().all(String::is_empty);
    let used: Vec<_> = cells.into_iter().filter(|(.., cells)| !is_empty(cells)).collect();
    let columns: Vec<(&str, Column)> =
        used.iter().map(|(name, column, _)| (*name, *column)).collect();
    let row = |row: usize| {
        used.iter().map(|(.., cells)| cells.get(row).cloned().unwrap_or_default()).collect()
    };
    grid(WIDTH, 3, &columns, (0..found.len()).map(row))
}

fn mended(mend: &str) -> String {
    wrapped("  → ", mend, WIDTH)
}

/// What is not listed.
fn more(total: usize, listed: usize, most: usize) -> String {
    match total.saturating_sub(listed) {
        0 => String::new(),
        more if most == usize::MAX => format!("… and {more} more\n"),
        more => format!("… and {more} more (`--all`)\n"),
    }
}

/// What would say that things are one, if not so many had it.
fn common(common: &[Common], most: usize) -> Option<String> {
    if common.is_empty() {
        return None;
    }
    let lines = common.iter().take(most).map(|Common { table, why, things }| {
        let what = format!("{}: {}", why.reason, why.value);
        wrapped("  - ", &format!("{things} {table}: {what}"), WIDTH)
    });
    let lines: String = lines.collect();
    let listed = common.len().min(most);
    let title = "Not taken for duplicates, since so many have it in common";
    Some(format!("{title} ({})\n{lines}{}", common.len(), more(common.len(), listed, most)))
}

/// How much is known of each field.
fn known(checked: &Checked) -> Option<String> {
    if checked.quality.tables.is_empty() {
        return None;
    }
    let mark = if checked.has_rules { " (* is read)" } else { "" };
    let mut text = format!("How many rows of each table know a field{mark}\n");
    for table in &checked.quality.tables {
        let share = |known: usize| match (known * 100 / table.rows.max(1), known) {
            (0, 1..) => "<1%".to_owned(),
            (percent, _) => format!("{percent}%"),
        };
        let mark = |is_read| if is_read == Some(true) { "*" } else { "" };
        let known =
            |field: &kadence_data::FieldKnown| field.known > 0 || field.is_read == Some(true);
        let (some, none): (Vec<_>, Vec<_>) = table.fields.iter().partition(|field| known(field));
        let some = some
            .iter()
            .map(|field| format!("{}{} {}", field.name, mark(field.is_read), share(field.known)));
        let none: Vec<&str> = none.iter().map(|field| field.name.as_str()).collect();
        let none = (!none.is_empty()).then(|| format!("nothing of {}", none.join(", ")));
        let parts: Vec<String> = some.chain(none).collect();
        let mark = format!("  {:<15}", table.noun.table());
        text.push_str(&wrapped(&mark, &parts.join(", "), WIDTH));
    }
    Some(text)
}

/// What is worth saying of how the data was read.
fn notes(checked: &Checked, most: usize) -> Option<String> {
    let notes = &checked.problems.notes;
    let lines = notes.iter().take(most);
    let lines: String = lines.map(|note| wrapped("  - ", &note.to_string(), WIDTH)).collect();
    let listed = notes.len().min(most);
    (!notes.is_empty()).then(|| format!("Notes\n{lines}{}", more(notes.len(), listed, most)))
}
