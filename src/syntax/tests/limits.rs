//! No input is slow, overflows the stack or panics.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::format::assert_lawful;
use super::*;
use crate::syntax::scan::MOST_NESTED;

/// As large as a file may be; less without optimisation, where all is some thirty times slower.
const SIZE: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };

fn repeated(start: &str, unit: &str, end: &str, size: usize) -> String {
    let mut text = start.to_owned();
    text.push_str(&unit.repeat(size.saturating_sub(start.len() + end.len()) / unit.len()));
    text.push_str(end);
    text
}

/// Inputs that nest, do not end, or go on and on.
fn endless(size: usize) -> Vec<(&'static str, String)> {
    let nested = format!("{}x{} + ", "(".repeat(63), ")".repeat(63));
    let filtered = format!("{}x >= 1{} + ", "a where (".repeat(30), ")".repeat(30));
    let shared = format!("{}x{} + ", "share of a that (".repeat(30), ") + ".repeat(30));
    let make = |start: &str, unit: &str, end: &str| repeated(start, unit, end, size);
    vec![
        ("open", make("a: ", "(", "")),
        ("open, 63 deep", make("a: ", &"(".repeat(63), "")),
        ("nested, 63 deep", make("a: ", &nested, "1 >= 1")),
        ("where in brackets", make("a: ", &filtered, "1 >= 1")),
        ("that in brackets", make("a: ", &shared, "1 >= 1")),
        ("not", make("a: ", "not ", "b is c")),
        ("minus", make("a: ", "- ", "b >= 1")),
        ("on", make("a: ", "call on ", "b")),
        ("where", make("a: ", "a where ", "b is c")),
        ("where, bracket", make("a: ", "a where (", "b is c")),
        ("that", make("a: ", "share of a that ", "b is c")),
        ("quotes", make("a: ", "\"", "")),
        ("unended string", make("a: b is \"", "x", "")),
        ("strings", make("a: b is ", "\"x\" ", "")),
        ("bars", make("a: ", "x | ", "x >= 1")),
        ("sum", make("a: ", "1 + ", "1 >= 1")),
        ("words", make("a: ", "x ", ">= 1")),
        ("one word", make("a: ", "x", " >= 1")),
        ("and", make("a: ", "x is b and ", "x is b")),
        ("path", make("a: ", "x.", "x >= 1")),
        ("digits", make("a: x >= ", "1", "")),
        ("white space", make("a: x >= 1", " ", "as b")),
        ("comments", make("a: x >= 1", "\n# ( \" where ", "\n as b")),
        ("wheres", make("a: ", "x where (a is b) ", "")),
        ("modifiers", make("a: x >= 1 ", "weight 1 ", "")),
        ("items", make("", "a: b is c\n", "")),
        ("faulty items", make("", "a: b is (\n", "")),
        ("settings", make("calendar\n", " holidays 2026-01-01\n", "")),
        ("dates", make("calendar\n holidays ", "2026-01-01, ", "2026-01-01")),
        ("givens", make("test \"x\"\n", " given a b : c d\n", "")),
        ("fields", make("test \"x\"\n given a : ", "b c, ", "b c")),
        ("carriage returns", make("a: b", "\r", "")),
    ]
}

fn time(text: &str) -> Duration {
    let mut sources = Sources::default();
    let file = sources.add("endless.kpi", text);
    let start = Instant::now();
    let read = parse(&sources, file, 1 << 20);
    let formatted = format("endless.kpi", text, 1 << 20);
    let taken = start.elapsed();
    drop((read, formatted));
    taken
}

#[test]
fn a_large_file_takes_seconds_whatever_it_holds() {
    for (name, text) in endless(SIZE) {
        let taken = time(&text);
        println!("{name:20} {:5} ms", taken.as_millis());
        assert!(taken < Duration::from_secs(30), "{name}: {taken:?}");
    }
}

#[test]
fn time_grows_as_the_size_does() {
    let small = endless(SIZE / 16);
    for ((name, small), (_, large)) in small.iter().zip(endless(SIZE / 2)) {
        let (fast, slow) = (time(small).min(time(small)), time(&large));
        // Eight times the size: the square of it would be 64 times the time.
        let bound = fast * 32 + Duration::from_millis(200);
        assert!(slow < bound, "{name}: {fast:?}, then {slow:?}");
    }
}

#[test]
fn chains_are_read_and_what_nests_too_deeply_is_refused() {
    for (name, text) in endless(SIZE / 16) {
        let (_, tree, diagnostics) = parse_text(&text);
        let codes: Vec<Code> = diagnostics.iter().map(|d| d.code).collect();
        match name {
            "not" | "minus" | "bars" | "sum" | "words" | "one word" | "and" | "path"
            | "white space" | "comments" | "items" | "settings" | "dates" | "givens" | "fields"
            | "nested, 63 deep" => assert!(codes.is_empty() && !tree.items.is_empty(), "{name}"),
            "open" | "open, 63 deep" | "on" | "where" | "where, bracket" | "that" | "wheres" => {
                assert_eq!(codes, [Code::K003], "{name}");
            }
            _ => {}
        }
    }
}

#[test]
fn faults_deep_inside_are_found_without_trying_everything_twice() {
    for (open, close, most) in NESTINGS {
        for inside in ["x >=", "x + >= 1", "x is", ">", "x y z >= 1 per", "a where b >= )"] {
            let text = format!("a: {}{inside}{}", open.repeat(most - 2), close.repeat(most - 2));
            let taken = time(&text);
            assert!(taken < Duration::from_secs(5), "{open}, {inside}: {taken:?}");
            assert_eq!(parse_text(&text).2.len(), 1, "{text}");
        }
    }
}

/// What nests, by how it opens and closes, and how often it may.
const NESTINGS: [(&str, &str, usize); 6] = [
    ("(", ")", MOST_NESTED),
    ("not (", ")", MOST_NESTED),
    ("x >= (", ")", MOST_NESTED),
    ("a where (", ") >= 1", MOST_NESTED / 2),
    ("sum b of a where (", ") >= 1", MOST_NESTED / 2),
    ("share of a that (", ") >= 1", MOST_NESTED / 2),
];

#[test]
fn what_may_be_nested_fits_a_small_stack() {
    for (open, close, most) in NESTINGS {
        let long = "b and x is ".repeat(12);
        let text = format!("a: {}x is {long}b{}", open.repeat(most), close.repeat(most));
        // Three quarters of what a thread has unless it asks for more.
        let thread = std::thread::Builder::new().stack_size(1536 << 10);
        let read = thread.spawn(move || format("deep.kpi", &text, 1 << 20));
        let lines = read.unwrap().join().unwrap().unwrap().lines().count();
        assert!(lines > 10, "{open}: {lines}");
    }
}

/// Every place lies in the text, between characters, and is not empty; what can be read can be
/// formatted.
fn check_places(text: &str) {
    let (_, tree, diagnostics) = parse_text(text);
    if diagnostics.is_empty() {
        assert_lawful(text);
    }
    let labels = diagnostics.iter().flat_map(|d| std::iter::once(&d.primary).chain(&d.secondary));
    let items = tree.items.iter().map(|item| item.span);
    for span in labels.map(|label| label.span).chain(items).chain(tree.broken) {
        let place = text.get(span.start as usize..span.end as usize);
        assert!(place.is_some_and(|place| !place.is_empty()), "{span:?} of {text:?}");
    }
}

fn tokens() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        proptest::sample::select(RESERVED).prop_map(str::to_owned),
        proptest::sample::select(vec![
            "(",
            ")",
            "|",
            ":",
            "=",
            ">=",
            "<",
            "+",
            "-",
            ",",
            ".",
            "\"",
            "\"x\"",
            "\n",
            "\n  ",
            "#",
            "%",
            "4",
            "5%",
            "2026-01-05",
            "2026-02-30",
            "2026-01-05T10:00",
            "3 days",
            "a",
            "visits",
            "sum",
            "share",
            "longest",
            "gap",
            "days",
            "sort",
            "limit",
            "given",
            "expect",
            "test",
            "calendar",
            "define",
            "list",
            "goal",
            "é",
            "“",
            "\u{301}",
            "\\",
            "\r",
            "\u{feff}",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(token, 0..40).prop_map(|tokens| tokens.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        check_places(&text);
    }

    #[test]
    fn no_row_of_tokens_makes_it_panic(text in tokens(), head in "(a: |test \"x\"\n given |calendar\n )?") {
        check_places(&format!("{head}{text}"));
    }

    #[test]
    fn no_change_of_a_good_file_makes_it_panic(
        which in any::<prop::sample::Index>(),
        line in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cut in 0_usize..6,
        instead in tokens(),
    ) {
        let corpus = corpus();
        if !corpus.is_empty() {
            let text = which.get(&corpus);
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let first = line.index(lines.len());
            let mut part: Vec<char> = lines[first..].iter().take(6).flat_map(|l| l.chars()).collect();
            let start = at.index(part.len());
            let end = (start + cut).min(part.len());
            part.splice(start..end, instead.chars());
            check_places(&part.into_iter().collect::<String>());
        }
    }
}
