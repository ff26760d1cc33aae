//! A window on a time line, drawn in characters.

use chrono::NaiveDate;
use kadence::verdict::{Part, Reason};

/// What stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Counted,
    Planned,
    Near,
}

impl Mark {
    fn sign(self) -> char {
        match self {
            Mark::Counted => '●',
            Mark::Planned => '○',
            Mark::Near => '×',
        }
    }
}

/// The lines of a time line, at most `width` columns with an indent of two; none where a part has no
/// days.
///
/// The first line has the marks, the second the days: a window between `├` and `┤`, the as-of day
/// as `┼`, a day from which on one more is due as `┬`.
pub(super) fn timeline(part: &Part, today: NaiveDate, width: usize) -> Vec<String> {
    let near = part.near.iter().filter(|near| {
        // What failed for something else than its day stands below alone.
        matches!(
            near.reason,
            Reason::TooEarly { .. }
                | Reason::TooLate { .. }
                | Reason::TooClose { .. }
                | Reason::Status { .. }
        )
    });
    let counted = part.counted.iter().filter_map(|entry| Some((entry.day?, Mark::Counted)));
    let planned = part.planned.iter().filter_map(|entry| Some((entry.day?, Mark::Planned)));
    let near = near.filter_map(|near| Some((near.entry.day?, Mark::Near)));
    let marks: Vec<(NaiveDate, Mark)> = match part.form {
        kadence::verdict::Form::Next => planned.chain(near).collect(),
        _ => counted.chain(planned).chain(near).collect(),
    };
    let window = part.days;
    if window.is_none() && marks.is_empty() {
        return Vec::new();
    }
    let own = window.into_iter().flat_map(|days| [days.from, Some(days.to)]).flatten();
    let days: Vec<NaiveDate> =
        own.chain(marks.iter().map(|(day, _)| *day)).chain([today]).collect();
    let (Some(first), Some(last)) = (days.iter().min().copied(), days.iter().max().copied()) else {
        return Vec::new();
    };
    let scale = Scale { first, last, cells: width.saturating_sub(26).max(10) };
    let mut above = vec![' '; scale.cells];
    for (day, mark) in &marks {
        put(&mut above, scale.cell(*day), mark.sign());
    }
    let mut axis = vec!['┄'; scale.cells];
    if let Some(days) = window {
        let from = days.from.map_or(0, |day| scale.cell(day));
        for cell in from..=scale.cell(days.to) {
            put_over(&mut axis, cell, '─');
        }
        let steps = part.pace.iter().flat_map(|pace| &pace.steps);
        steps.for_each(|day| put_over(&mut axis, scale.cell(*day), '┬'));
        if days.from.is_some() {
            put_over(&mut axis, from, '├');
        }
        put_over(&mut axis, scale.cell(days.to), '┤');
    }
    put_over(&mut axis, scale.cell(today), '┼');
    let text = |cells: &[char]| cells.iter().collect::<String>();
    let margin = " ".repeat(11);
    let mut lines = vec![
        format!("{margin}{}", text(&above).trim_end()),
        format!("{first} {} {last}", text(&axis)),
        format!("{margin}{}", below(&scale, today)),
    ];
    lines.retain(|line| !line.trim().is_empty());
    lines.push(legend(&marks, part));
    lines
}

/// Days on cells.
struct Scale {
    first: NaiveDate,
    last: NaiveDate,
    cells: usize,
}

impl Scale {
    fn cell(&self, day: NaiveDate) -> usize {
        let whole = (self.last - self.first).num_days().max(1);
        let part = (day - self.first).num_days().clamp(0, whole);
        let cells = i64::try_from(self.cells).unwrap_or(1) - 1;
        usize::try_from((part * cells + whole / 2) / whole).unwrap_or(0)
    }
}

fn put_over(cells: &mut [char], cell: usize, sign: char) {
    if let Some(there) = cells.get_mut(cell) {
        *there = sign;
    }
}

/// Puts a mark where there may be one: what counted is not hidden by what did not.
fn put(cells: &mut [char], cell: usize, sign: char) {
    if let Some(there) = cells.get_mut(cell).filter(|there| **there == ' ' || sign == '●') {
        *there = sign;
    }
}

/// The as-of day below its place.
fn below(scale: &Scale, today: NaiveDate) -> String {
    let text = format!("as of {today}");
    let cell = scale.cell(today);
    let is_right = cell + text.len() + 2 > scale.cells;
    let start = if is_right { cell.saturating_sub(text.len() + 1) } else { cell };
    let text = if is_right { format!("{text} ┘") } else { format!("└ {text}") };
    format!("{}{text}", " ".repeat(start))
}

fn legend(marks: &[(NaiveDate, Mark)], part: &Part) -> String {
    let has = |mark| marks.iter().any(|(_, other)| *other == mark);
    let has_steps = part.pace.as_ref().is_some_and(|pace| !pace.steps.is_empty());
    let all = [
        (has(Mark::Counted), "● counted"),
        (has(Mark::Planned), "○ planned"),
        (has(Mark::Near), "× nearly"),
        (has_steps, "┬ one more due"),
        (part.days.is_some_and(|days| days.from.is_some()), "├─┤ its days"),
    ];
    let told: Vec<&str> = all.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect();
    told.join("   ")
}
