//! Parts as Markdown, for a page or a mail.

use super::{Block, Heading, Section};
use kadence_report::markdown_text as escaped;

pub(crate) fn markdown(sections: &[Section]) -> String {
    let mut out = String::new();
    for (place, Section { title, blocks }) in sections.iter().enumerate() {
        let level = if place == 0 { "#" } else { "##" };
        out.push_str(&format!("{level} {}\n\n", escaped(title)));
        let mut blocks = blocks.iter().peekable();
        while let Some(block) = blocks.next() {
            out.push_str(&self::block(block));
            let is_line = |block: &Block| matches!(block, Block::Line(_));
            // Lines that follow each other are one list.
            if !(is_line(block) && blocks.peek().is_some_and(|next| is_line(next))) {
                out.push('\n');
            }
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn block(block: &Block) -> String {
    match block {
        Block::Line(text) => format!("- {}\n", escaped(text)),
        Block::List { title, items } => {
            let items: String = items.iter().map(|item| format!("- {}\n", escaped(item))).collect();
            format!("**{}**\n\n{items}", escaped(title))
        }
        Block::Table { title, columns, rows } => {
            let title = title.as_ref().map(|title| format!("**{}**\n\n", escaped(title)));
            let names = columns.iter().map(|column| match column {
                Heading::Text(name) | Heading::Word(name) | Heading::Number(name) => escaped(name),
                Heading::Named(name) => escaped(name),
            });
            let rule = columns.iter().map(|column| match column {
                Heading::Number(_) | Heading::Named(_) => "---:".to_owned(),
                Heading::Text(_) | Heading::Word(_) => "---".to_owned(),
            });
            let rows = rows.iter().map(|row| line(row.iter().map(|cell| escaped(cell))));
            let lines: String = [line(names), line(rule)].into_iter().chain(rows).collect();
            format!("{}{lines}", title.unwrap_or_default())
        }
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
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
