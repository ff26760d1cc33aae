//! Tables without frames that keep to a width.

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Row, Table, TableStyle,
    Width,
};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::clean;

/// A line under the header, and nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// How a column is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    /// Never wrapped, to the left.
    Fixed,
    /// Never wrapped, to the right: numbers.
    Number,
    /// Wrapped where it would be wider than this.
    Upto(u16),
    /// Wrapped as the rest of the line demands.
    Free,
}

/// A table of texts, at most `width` columns wide, with a line end after each line. A row that
/// would have more than `height` lines is cut with `…`.
pub(crate) fn grid(
    width: u16,
    height: usize,
    columns: &[(&str, Column)],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(columns.iter().map(|(name, _)| Cell::new(name)).collect::<Vec<_>>());
    for row in rows {
        let mut row = Row::from(row.iter().map(|text| Cell::new(clean(text))).collect::<Vec<_>>());
        row.max_height(height);
        table.add_row(row);
    }
    let last = columns.len().saturating_sub(1);
    for (i, (_, layout)) in columns.iter().enumerate() {
        let Some(column) = table.column_mut(i) else { continue };
        column.set_padding((0, if i == last { 0 } else { 2 }));
        match layout {
            Column::Fixed => {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
            Column::Number => {
                column.set_constraint(ColumnConstraint::ContentWidth);
                column.set_cell_alignment(CellAlignment::Right);
            }
            Column::Upto(most) => {
                // The padding counts as the column's.
                let most = Width::Fixed(most.saturating_add(2));
                column.set_constraint(ColumnConstraint::UpperBoundary(most));
            }
            Column::Free => {}
        }
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

/// A text on one line, cut with `…` where it would be wider than `width` columns.
pub(crate) fn fit(text: &str, width: u16) -> String {
    let (text, width) = (clean(text), usize::from(width));
    if text.width() <= width {
        return text;
    }
    let mut cut = String::new();
    let mut taken = 1; // the `…`
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken > width {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// A text after a mark, on as many lines as it takes; the lines after the first stand below it.
pub(crate) fn wrapped(mark: &str, text: &str, width: u16) -> String {
    let (text, width) = (clean(text), usize::from(width));
    let indent = " ".repeat(mark.width());
    let mut lines = vec![mark.trim_end().to_owned()];
    let mut taken = mark.trim_end().width();
    for word in text.split_whitespace() {
        let space = match mark.width() {
            0 if taken == 0 => 0,
            wide if taken < wide => wide - taken,
            _ => 1,
        };
        if taken + space + word.width() > width && taken > mark.width() {
            lines.push(format!("{indent}{word}"));
            taken = indent.len() + word.width();
        } else if let Some(line) = lines.last_mut() {
            line.push_str(&" ".repeat(space));
            line.push_str(word);
            taken += space + word.width();
        }
    }
    lines.iter().map(|line| fit(line, u16::try_from(width).unwrap_or(u16::MAX)) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_the_columns_that_it_takes_on_a_screen() {
        assert_eq!(fit("touchpoints", 11), "touchpoints");
        assert_eq!(fit("touchpoints", 10), "touchpoin…");
        assert_eq!(fit("日本海上", 6), "日本…");
        assert_eq!(fit("a\nb", 3), "a b");
    }

    #[test]
    fn a_long_text_goes_on_below_itself() {
        let text = "customer: calls >= 4 per year";
        assert_eq!(wrapped("  + ", text, 80), "  + customer: calls >= 4 per year\n");
        assert_eq!(wrapped("  + ", text, 20), "  + customer: calls\n    >= 4 per year\n");
        assert_eq!(wrapped("  + ", "a verylongword", 10), "  + a\n    veryl…\n");
        assert_eq!(wrapped("  + ", "", 10), "  +\n");
    }
}
