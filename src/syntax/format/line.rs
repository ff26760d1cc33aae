//! Lines of the result, and the columns in which neighbours stand.

use unicode_width::UnicodeWidthStr;

/// What neighbouring items have below each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// The colon of a field.
    Field,
    /// The `=` of a definition.
    Define,
    /// The `=` of a segment.
    Segment,
    /// The `=` of a list.
    List,
    /// The `as` of a rule on one line.
    Name,
}

impl Column {
    /// What is wider sticks out and does not move its neighbours.
    fn widest(self) -> usize {
        if self == Column::Name { 76 } else { 40 }
    }

    fn gap(self) -> usize {
        if self == Column::Name { GAP_BEFORE_NAME } else { 1 }
    }
}

/// The name of a rule on one line stands further off than modifiers do from each other.
const GAP_BEFORE_NAME: usize = 4;
/// No line is longer unless it cannot be broken.
pub(super) const WIDTH: usize = 120;
/// Comments behind lines that are longer stand in no column.
const WIDEST_BEFORE_COMMENT: usize = 80;
const GAP_BEFORE_COMMENT: usize = 2;

/// A line of the result.
#[derive(Debug, Default)]
pub(super) struct Line<'t> {
    /// The blank lines before it.
    pub(super) blanks: usize,
    pub(super) text: String,
    /// It is an item that may share a column with its neighbours.
    pub(super) column: Option<Column>,
    /// What stands from the column on.
    pub(super) tail: String,
    pub(super) comment: Option<&'t str>,
}

/// The lines as text.
pub(super) fn written(mut lines: Vec<Line<'_>>) -> String {
    align_columns(&mut lines);
    align_comments(&mut lines);
    let mut text = String::new();
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            text.extend(std::iter::repeat_n('\n', line.blanks));
        }
        text.push_str(line.text.trim_end());
        text.push('\n');
    }
    text
}

fn align_columns(lines: &mut [Line<'_>]) {
    let together =
        |a: &Line<'_>, b: &Line<'_>| a.column.is_some() && a.column == b.column && b.blanks == 0;
    for run in lines.chunk_by_mut(together) {
        let Some(column) = run.first().and_then(|line| line.column) else { continue };
        let tailed = run.iter().filter(|line| !line.tail.is_empty());
        let widest = widest(tailed.map(|line| line.text.width()), column.widest());
        for line in run.iter_mut().filter(|line| !line.tail.is_empty()) {
            let fits = widest + column.gap() + line.tail.width() <= WIDTH;
            pad(&mut line.text, if fits { widest } else { 0 }, column.gap());
            line.text.push_str(&std::mem::take(&mut line.tail));
        }
    }
}

fn align_comments(lines: &mut [Line<'_>]) {
    let together =
        |a: &Line<'_>, b: &Line<'_>| a.comment.is_some() && b.comment.is_some() && b.blanks == 0;
    for run in lines.chunk_by_mut(together) {
        let widest = widest(run.iter().map(|line| line.text.width()), WIDEST_BEFORE_COMMENT);
        for line in run {
            if let Some(comment) = line.comment {
                pad(&mut line.text, widest, GAP_BEFORE_COMMENT);
                line.text.push_str(comment);
            }
        }
    }
}

/// The widest that is no wider than `most`.
fn widest(widths: impl Iterator<Item = usize>, most: usize) -> usize {
    widths.filter(|width| *width <= most).max().unwrap_or(0)
}

fn pad(text: &mut String, width: usize, gap: usize) {
    let missing = width.saturating_sub(text.width()) + gap;
    text.extend(std::iter::repeat_n(' ', missing));
}
