//! The laws of the one form: nothing is lost, nothing moves, nothing means anything else, and how a
//! text was set makes no difference.

use proptest::collection::vec;
use proptest::prelude::*;

use super::roundtrip::without_spans;
use super::trees::item;
use super::*;
use crate::syntax::scan::{Token, TokenKind, Tokens, without_comments};

fn formatted(text: &str) -> String {
    match format("test.kpi", text, 1 << 22) {
        Ok(formatted) => formatted,
        Err(diagnostics) => panic!("{text}\n{diagnostics}"),
    }
}

/// The items of a text without their places.
fn meaning(text: &str) -> Vec<String> {
    items(text).1.iter().map(|item| without_spans(&item.kind)).collect()
}

/// The tokens and comments of a text in their order. Strings and signs may be spelled anew; what
/// they say is in the tree.
fn outline(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{feff}');
    let blanked = without_comments(text);
    let mut found = Vec::new();
    let mut at = 0;
    let comments = |gap: &str| {
        let starts = gap.lines().filter_map(|line| Some(line[line.find('#')?..].trim_end()));
        starts.map(str::to_owned).collect::<Vec<_>>()
    };
    let is_blank = |token: &Token<'_>| token.text.chars().all(char::is_whitespace);
    for token in Tokens::new(&blanked).filter(|token| !is_blank(token)) {
        found.extend(comments(&text[at..token.start]));
        found.push(match token.kind {
            TokenKind::Word => token.text.to_owned(),
            TokenKind::Text { .. } => "\"\"".to_owned(),
            TokenKind::Sign => token.text.replace('≥', ">=").replace('≤', "<=").replace('≠', "!="),
        });
        at = token.end();
    }
    found.extend(comments(&text[at..]));
    found
}

#[track_caller]
pub(super) fn assert_lawful(text: &str) {
    let result = formatted(text);
    assert_eq!(outline(&result), outline(text), "lost or moved:\n{text}\n{result}");
    assert_eq!(meaning(&result), meaning(text), "means something else:\n{text}\n{result}");
    assert_eq!(formatted(&result), result, "not yet in form:\n{text}");
    assert!(result.is_empty() || (result.ends_with('\n') && !result.ends_with("\n\n")), "{result}");
    assert!(!result.starts_with('\n') && !result.contains("\n\n\n\n"), "{result}");
    for line in result.lines() {
        assert_eq!(line.trim_end(), line, "trailing blanks");
    }
}

/// The random numbers by which a text is set.
struct Dice<'a>(std::iter::Cycle<std::slice::Iter<'a, u8>>);

impl Dice<'_> {
    fn choose<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[usize::from(*self.0.next().unwrap()) % choices.len()]
    }
}

/// What may stand between two tokens, beside nothing.
const SPACES: &[&str] = &[" ", "  ", "\t", "   "];
/// Deeper than any line of a test or calendar, so that it continues it.
const LINE_ENDS: &[&str] = &["\n            ", "\r\n\t\t\t\t\t\t\t\t\t", "\n               "];
const COMMENTS: &[&str] =
    &[" # a \"b\n            ", "# c\n#d\n\n            ", "\n\n\n     # e\r\n            "];

/// How the lines of a test or calendar may start.
const STARTS: &[&str] = &["\n ", "\r\n    ", "\n\t"];
const BLANK_STARTS: &[&str] = &["\n\n\t", "\n  \n   ", "\n # k\n  "];

/// The item set anew: `ends` are what may stand between tokens beside spaces, `starts` what may
/// stand before a line of a test or calendar.
fn set_anew(item: &Item, dice: &mut Dice<'_>, ends: &[&str], starts: &[&str]) -> String {
    let printed = item.to_string();
    let is_lined = matches!(item.kind, ItemKind::Test(_) | ItemKind::Calendar(_));
    let mut text = String::new();
    let mut before: Option<Token<'_>> = None;
    // The name of a test stands on its first line.
    let mut is_head = is_lined;
    for token in Tokens::new(&printed) {
        let gap = &printed[before.map_or(0, |before| before.end())..token.start];
        let is_word = |token: Token<'_>| token.kind == TokenKind::Word;
        let both_words = before.is_some_and(is_word) && is_word(token);
        // Without a space they may become part of a word, a path or an instant.
        let is_sign = |token: Token<'_>| matches!(token.text, "." | "-" | "+" | ":");
        let is_delicate = before.is_some_and(is_sign) || is_sign(token);
        let starts_line = is_lined && gap.contains('\n');
        is_head &= !starts_line;
        // A field of a test that is called so would start a line.
        let is_keyword = is_lined && matches!(token.text, "given" | "expect");
        let written = match before {
            None => "",
            Some(_) if starts_line => dice.choose(starts),
            Some(_) if gap.is_empty() && is_delicate => "",
            Some(_) if is_keyword || is_head => dice.choose(SPACES),
            Some(_) => match dice.choose(&["none", "space", "space", "end"]) {
                "none" if !both_words && !is_delicate => "",
                "end" => dice.choose(ends),
                _ => dice.choose(SPACES),
            },
        };
        text.push_str(written);
        text.push_str(token.text);
        before = Some(token);
    }
    text
}

/// The items under each other, with comments between them.
fn file(items: &[Item], dice: &mut Dice<'_>) -> String {
    let ends = [LINE_ENDS, COMMENTS].concat();
    let starts = [STARTS, BLANK_STARTS].concat();
    let mut text = dice.choose(&["", "\u{feff}", "\n# top\n", "   # top\n"]).to_owned();
    for item in items {
        text.push_str(&set_anew(item, dice, &ends, &starts));
        text.push_str(dice.choose(&[
            "\n",
            " \r\n\n\n\n\n",
            "# f\n",
            "\n  # g\n# h\n",
            "\n#i\n\n # j\n",
        ]));
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rules_however_set_keep_their_meaning_and_comments(
        items in vec(item(), 1..4),
        dice in vec(any::<u8>(), 97),
    ) {
        assert_lawful(&file(&items, &mut Dice(dice.iter().cycle())));
    }

    #[test]
    fn how_a_text_is_set_makes_no_difference(item in item(), dice in vec(any::<u8>(), 97)) {
        let anew = set_anew(&item, &mut Dice(dice.iter().cycle()), LINE_ENDS, STARTS);
        assert_eq!(formatted(&anew), formatted(&item.to_string()), "{anew}");
    }

    #[test]
    fn any_text_at_all_is_formatted_or_refused(text in "[a-z0-9 \t\r\n\u{b}\u{a0}:=<>.,|()\"#%≥\\\\-]{0,60}") {
        match format("test.kpi", &text, 1 << 20) {
            Ok(_) => assert_lawful(&text),
            Err(diagnostics) => assert_eq!(diagnostics.all, parse_text(&text).2),
        }
    }
}

/// The rule files below a folder.
fn rule_files(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            found.extend(rule_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "kpi") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn every_rule_file_keeps_its_meaning_and_comments() {
    let mut files = rule_files(std::path::Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(files.len() > 100);
    match shared("conformance") {
        folder if folder.is_dir() => files.extend(rule_files(&folder)),
        _ => println!("skipped: ../shared/conformance is not there"),
    }
    let mut refused = 0;
    for (name, text) in files {
        let (_, _, diagnostics) = parse_text(&text);
        if diagnostics.is_empty() {
            assert_lawful(&text);
        } else {
            let faults = format("test.kpi", &text, 1 << 20).unwrap_err();
            assert_eq!(faults.all, diagnostics, "{name}");
            refused += 1;
        }
    }
    assert!(refused > 30);
}
