//! Text to spanned tree, with every error at once.

mod build;
mod grammar;
mod items;
mod scan;
pub(crate) mod tree;

pub(crate) use grammar::is_reserved;

use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Span, nearest};
use grammar::{Kind, Unexpected};
use tree::File;

/// Reads a file: the items that could be read, and what is wrong with the others. A file may have
/// at most `limit` bytes.
pub(crate) fn parse(sources: &Sources, file: FileId, limit: usize) -> (File, Vec<Diagnostic>) {
    let text = sources.text(file);
    if text.len() > limit {
        let start = Span { file, start: 0, end: 0 };
        let message = format!("the file has {} bytes, and the limit is {limit}", text.len());
        let help = "split it into files and `use` them";
        let too_large = Diagnostic::error(Code::K004, start, message).help(help);
        return (File { file, items: Vec::new() }, vec![too_large]);
    }
    let (spans, mut diagnostics) = items::split(file, text);
    let mut items = Vec::new();
    for span in spans {
        let item = sources.slice(span);
        if let Some(place) = scan::too_deep(item) {
            let place = within(span, place);
            let message = format!("nested more than {} deep", scan::DEEPEST);
            let help = "give the inner part a name with `define`";
            diagnostics.push(Diagnostic::error(Code::K003, place, message).help(help));
            continue;
        }
        match grammar::parse(kind(item), item) {
            Ok(node) => items.extend(build::build(file, span, &node, &mut diagnostics)),
            Err(unexpected) => diagnostics.push(syntax_error(span, item, &unexpected)),
        }
    }
    (File { file, items }, diagnostics)
}

fn within(item: Span, place: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| item.start + u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: offset(place.start), end: offset(place.end), ..item }
}

/// The words with which items other than rules start.
const ITEMS: [&str; 9] =
    ["calendar", "use", "activity", "field", "define", "segment", "list", "goal", "test"];

/// Which rule of the grammar an item is parsed by. A rule may start with a noun that is also the
/// name of an item, so the first sign after the word decides.
fn kind(item: &str) -> Kind {
    let first = item.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
    let (word, rest) = item.split_at(first.unwrap_or(item.len()));
    let rest = rest.trim_start();
    let is_quoted = rest.starts_with('"');
    match word {
        "calendar" => Kind::calendar,
        "use" => Kind::use_file,
        "activity" if is_quoted || !has_colon(item) => Kind::activity,
        "field" => Kind::field,
        "define" => Kind::define,
        "segment" => Kind::segment,
        "list" if is_quoted => Kind::list,
        "goal" => Kind::goal,
        "test" if is_quoted => Kind::test_item,
        _ => Kind::rule_item,
    }
}

/// Whether there is a colon outside of texts and comments.
fn has_colon(item: &str) -> bool {
    item.lines().any(|line| {
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                '#' if !quoted => return false,
                ':' if !quoted => return true,
                _ => {}
            }
        }
        false
    })
}

fn syntax_error(span: Span, item: &str, unexpected: &Unexpected) -> Diagnostic {
    let rest = item.get(unexpected.at..).unwrap_or("");
    let skipped = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let first = item.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    if kind(item) == Kind::rule_item && !has_colon(item) {
        let place = within(span, 0..first.len().max(1));
        if let Some(near) = nearest(first, ITEMS).filter(|_| !first.is_empty()) {
            return Diagnostic::error(Code::K009, place, format!("`{first}` starts no kind of item"))
                .label(format!("did you mean `{near}`?"))
                .fix(place, near);
        }
    }
    let expected = match unexpected.expected.as_slice() {
        [] => String::new(),
        [one] => format!(", expected {one}"),
        [most @ .., last] => format!(", expected {} or {last}", most.join(", ")),
    };
    if rest.is_empty() {
        let last = item.trim_end().chars().next_back().map_or(1, char::len_utf8);
        let end = item.trim_end().len();
        let place = within(span, end.saturating_sub(last)..end);
        return Diagnostic::error(Code::K001, place, format!("the item ends too early{expected}"));
    }
    if rest.starts_with('"') && !rest.get(1..).unwrap_or("").lines().next().unwrap_or("").contains('"') {
        let at = unexpected.at + skipped;
        let end = at + rest.lines().next().unwrap_or("").len();
        let message = "the text does not end";
        return Diagnostic::error(Code::K007, within(span, at..end), message)
            .help("close it with `\"` on the same line");
    }
    let word = rest.find(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).unwrap_or(rest.len());
    let length = word.max(rest.chars().next().map_or(1, char::len_utf8));
    let found = rest.get(..length).unwrap_or("");
    let place = within(span, unexpected.at + skipped..unexpected.at + skipped + length);
    Diagnostic::error(Code::K001, place, format!("unexpected `{found}`{expected}"))
}
