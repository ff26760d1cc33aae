//! How deeply an item nests, told before pest descends into it.

/// How many levels an item may nest.
pub(super) const DEEPEST: usize = 64;

/// The range of bytes at which an item nests too deeply, if it does.
///
/// Brackets nest, and so do the words after which a phrase or condition within the phrase or
/// condition follows; a closing bracket ends what was opened within it.
pub(super) fn too_deep(item: &str) -> Option<std::ops::Range<usize>> {
    let mut levels: Vec<usize> = vec![0];
    let mut depth = 0;
    let mut rest = item;
    while let Some(first) = rest.chars().next() {
        let at = item.len() - rest.len();
        let mut length = first.len_utf8();
        let opens = match first {
            '"' => {
                length = string_length(rest);
                false
            }
            '#' => {
                length = rest.find('\n').unwrap_or(rest.len());
                false
            }
            '(' => {
                levels.push(0);
                true
            }
            ')' => {
                // Both the bracket and what was opened in it end here.
                if levels.len() > 1 {
                    depth -= levels.pop().unwrap_or(0) + 1;
                }
                false
            }
            letter if letter.is_alphabetic() => {
                length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()).max(length);
                let opens =
                    matches!(rest.get(..length), Some("where" | "that" | "unless" | "share"));
                if let (true, Some(level)) = (opens, levels.last_mut()) {
                    *level += 1;
                }
                opens
            }
            _ => false,
        };
        depth += usize::from(opens);
        if depth > DEEPEST {
            return Some(at..at + length);
        }
        rest = rest.get(length..).unwrap_or("");
    }
    None
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_filters_nest_and_closed_ones_do_not() {
        assert_eq!(too_deep(&"(".repeat(64)), None);
        assert_eq!(too_deep(&"(".repeat(65)), Some(64..65));
        assert_eq!(too_deep(&"()".repeat(1000)), None);
        assert!(too_deep(&"a where ".repeat(65)).is_some());
        assert_eq!(too_deep(&"(a where b) ".repeat(100)), None);
        assert_eq!(too_deep(&"\"((((\" # ((((\n".repeat(100)), None);
        assert_eq!(too_deep("elsewhere ".repeat(100).as_str()), None);
    }
}
