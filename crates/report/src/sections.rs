//! Headed parts with lines, lists and tables: what is told the same way on a page, in a text and in a
//! terminal.

use maud::{Markup, html};

use crate::markdown_text as escaped;

/// A headed part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What stands above it.
    pub title: String,
    /// What it is made of.
    pub blocks: Vec<Block>,
}

/// A piece of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A sentence or two.
    Line(String),
    /// Some things below a title.
    List {
        /// The title.
        title: String,
        /// The things.
        items: Vec<String>,
    },
    /// Rows below a title, if it has one.
    Table {
        /// The title.
        title: Option<String>,
        /// What the columns are called.
        columns: Vec<Heading>,
        /// As many cells as columns.
        rows: Vec<Vec<String>>,
    },
}

/// What a column is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heading {
    /// To the left; it may be wrapped.
    Text(&'static str),
    /// To the left, on one line.
    Word(&'static str),
    /// To the right.
    Number(&'static str),
    /// To the right, called after something in the rules.
    Named(String),
}

impl Section {
    /// A part.
    pub fn new(title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Section { title: title.into(), blocks }
    }
}

impl Heading {
    /// What it says.
    pub fn name(&self) -> &str {
        match self {
            Heading::Text(name) | Heading::Word(name) | Heading::Number(name) => name,
            Heading::Named(name) => name,
        }
    }

    /// Whether the column is to the right.
    pub fn is_number(&self) -> bool {
        matches!(self, Heading::Number(_) | Heading::Named(_))
    }
}

/// Parts as Markdown, for a page or a mail: the first one is the heading of all.
///
/// ```
/// use kadence_report::sections::{Block, Heading, Section, markdown};
///
/// let columns = vec![Heading::Text("step"), Heading::Number("needed")];
/// let rows = vec![vec!["a|b".to_owned(), "12".to_owned()]];
/// let part = Section::new("Sales", vec![Block::Table { title: None, columns, rows }]);
/// assert_eq!(markdown(&[part]), "# Sales\n\n| step | needed |\n| --- | ---: |\n| a\\|b | 12 |\n");
/// ```
pub fn markdown(sections: &[Section]) -> String {
    let level = |place: usize| if place == 0 { "#" } else { "##" };
    let parts = sections.iter().enumerate().map(|(place, part)| self::part(level(place), part));
    let mut out: String = parts.collect();
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A part below a heading.
pub(crate) fn part(level: &str, Section { title, blocks }: &Section) -> String {
    let mut out = format!("{level} {}\n\n", escaped(title));
    let mut blocks = blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        out.push_str(&text(block));
        let is_line = |block: &Block| matches!(block, Block::Line(_));
        // Lines that follow each other are one list.
        if !(is_line(block) && blocks.peek().is_some_and(|next| is_line(next))) {
            out.push('\n');
        }
    }
    out
}

fn text(block: &Block) -> String {
    match block {
        Block::Line(text) => format!("- {}\n", escaped(text)),
        Block::List { title, items } => {
            let items: String = items.iter().map(|item| format!("- {}\n", escaped(item))).collect();
            format!("**{}**\n\n{items}", escaped(title))
        }
        Block::Table { title, columns, rows } => {
            let title = title.as_ref().map(|title| format!("**{}**\n\n", escaped(title)));
            let names = columns.iter().map(|column| escaped(column.name()));
            let rule =
                |column: &Heading| if column.is_number() { "---:" } else { "---" }.to_owned();
            let rule = columns.iter().map(rule);
            let rows = rows.iter().map(|row| line(row.iter().map(|cell| escaped(cell))));
            let lines: String = [line(names), line(rule)].into_iter().chain(rows).collect();
            format!("{}{lines}", title.unwrap_or_default())
        }
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// Parts as they stand on a page of their own.
pub(crate) fn page(title: &str, sections: &[Section]) -> Markup {
    html! {
        h1 { (title) }
        @for Section { title, blocks } in sections {
            section {
                h2 { (title) }
                @for block in blocks { (self::block(block)) }
            }
        }
    }
}

fn block(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Line(text) => p { (text) },
            Block::List { title, items } => {
                p { (title) }
                ul { @for item in items { li { (item) } } }
            }
            Block::Table { title, columns, rows } => {
                @if let Some(title) = title { p { (title) } }
                div.scroll tabindex="0" role="region" aria-label=(columns.first().map_or("", Heading::name)) {
                    table.rows {
                        thead { tr {
                            @for column in columns { th.num[column.is_number()] scope="col" { (column.name()) } }
                        } }
                        tbody {
                            @for row in rows {
                                tr {
                                    @for (cell, column) in row.iter().zip(columns) {
                                        td.num[column.is_number()] { (cell) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_is_text() {
        let name = "<script>a | b</script> [x](y) *b* `c`\n# d";
        let shown = "&lt;script&gt;a \\| b&lt;/script&gt; \\[x\\](y) \\*b\\* \\`c\\` \\# d";
        assert_eq!(escaped(name), shown);
    }
}
