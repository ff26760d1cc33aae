//! A tree prints, and the text parses to the same tree.

use proptest::prelude::*;

use super::trees::item;
use super::*;

/// A tree without its places.
pub(super) fn without_spans(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut parts = text.split("Span { file: ");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    kept
}

#[track_caller]
fn assert_same(tree: &Item) {
    let text = tree.to_string();
    let (_, read) = items(&text);
    let [read] = &read[..] else { panic!("{text}") };
    let (read_tree, written_tree) = (without_spans(&read.kind), without_spans(&tree.kind));
    let differ = read_tree.bytes().zip(written_tree.bytes()).position(|(a, b)| a != b);
    let from = |tree: &str| {
        differ.and_then(|at| tree.get(at..)).unwrap_or(tree).chars().take(200).collect::<String>()
    };
    assert!(
        read_tree == written_tree,
        "{text}\nread:    {}\nwritten: {}",
        from(&read_tree),
        from(&written_tree)
    );
    assert_eq!(read.to_string(), text);
}

#[test]
fn what_is_written_prints_and_parses_to_the_same() {
    for text in corpus() {
        for item in items(&text).1 {
            assert_same(&item);
        }
    }
}

#[test]
fn ids_and_names_that_need_quotes_have_them() {
    let text = "test \"x\"\n    given lead \"l 1\"\n    given lead 4-b : source \"2026\"\n    expect \"since\" for \"l 1\" is met at 2026-01-01\n    expect \"x\" lists \"nothing\" at 2026-01-01";
    let (_, read) = items(text);
    assert_eq!(read[0].to_string(), text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_tree_prints_and_parses_to_the_same(tree in item()) {
        assert_same(&tree);
    }
}
