//! Rule sets that would be too much: what becomes of them, and how soon.

use std::fmt::Write;
use std::time::{Duration, Instant};

use kadence::{Code, Compilation, Compiler, NoFiles};

/// Long for what is asked, short for what must not happen.
const SOON: Duration = Duration::from_secs(20);

fn compiled(text: &str) -> Compilation {
    Compiler::new().compile("rules.kpi", text, &NoFiles)
}

fn codes(text: &str) -> Vec<Code> {
    let start = Instant::now();
    let compiled = compiled(text);
    assert!(start.elapsed() < SOON, "took {:?}", start.elapsed());
    compiled.diagnostics.all.into_iter().map(|d| d.code).collect()
}

fn chain(order: impl Iterator<Item = usize>) -> String {
    order.fold("define d0 = call\n".to_owned(), |mut text, n| {
        let _ = writeln!(text, "define d{n} = d{} where minutes >= 1", n - 1);
        text
    })
}

#[test]
fn a_long_chain_of_defines_is_too_deep() {
    assert_eq!(codes(&chain(1..50)), []);
    assert_eq!(codes(&chain(1..10_000)), [Code::K040]);
    let backwards = codes(&chain((1..2_000).rev()));
    assert!(!backwards.is_empty() && backwards.iter().all(|code| *code == Code::K040));
}

#[test]
fn a_circle_longer_than_any_chain_ends() {
    let mut text = chain(1..10_000);
    text = text.replacen("define d0 = call", "define d0 = d9999", 1);
    let codes = codes(&text);
    assert!(!codes.is_empty() && codes.iter().all(|code| *code == Code::K040), "{codes:?}");
}

/// Each define nests as deep as a text may, and is built on the one after it.
#[test]
fn deep_nesting_within_deep_nesting_ends() {
    let mut text = String::new();
    for n in 0..60 {
        let open = "not (calls >= 1 and (visits >= 1 or ".repeat(30);
        let close = "))".repeat(30);
        let _ = writeln!(text, "define d{n} = customer where {open}is d{}{close}", n + 1);
    }
    text.push_str("define d60 = customer\ncustomer: is d0\n");
    let codes = codes(&text);
    assert!(!codes.is_empty() && codes.iter().all(|code| *code == Code::K040), "{codes:?}");
}

#[test]
fn doubling_is_too_large() {
    let mut measures = "define d0 = calls\n".to_owned();
    let mut phrases = "define d0 = call\n".to_owned();
    for n in 1..60 {
        let _ = writeln!(measures, "define d{n} = d{0} + d{0}", n - 1);
        let _ = writeln!(phrases, "define d{n} = d{0} | d{0}", n - 1);
    }
    measures.push_str("customer: d59 >= 1\n");
    phrases.push_str("customer: d59 >= 1\n");
    assert_eq!(codes(&measures), [Code::K040]);
    assert_eq!(codes(&phrases), [Code::K040]);
}

#[test]
fn many_uses_of_a_large_define_are_too_large() {
    let mut text = "define d = calls".to_owned();
    text.push_str(&" + calls".repeat(4_000));
    text.push_str("\ncustomer: d + d + d >= 1\n");
    assert_eq!(codes(&text), [Code::K040]);
}

#[test]
fn ten_thousand_rules_are_checked_soon() {
    let mut text = String::new();
    for n in 0..10_000 {
        let _ = writeln!(text, "hot lead: next call or touchpoints >= {n} per year as r{n}");
    }
    let start = Instant::now();
    let compiled = compiled(&text);
    assert!(start.elapsed() < SOON, "took {:?}", start.elapsed());
    assert!(compiled.diagnostics.all.is_empty());
    assert_eq!(compiled.rules.rules().count(), 10_000);
}

#[test]
fn rules_that_meet_each_other_too_deep() {
    let chain = |count: usize| {
        (1..count).fold("customer: calls >= 1 as r0\n".to_owned(), |mut text, n| {
            let _ = writeln!(text, "customer: meets r{} as r{n}", n - 1);
            text
        })
    };
    assert_eq!(codes(&chain(60)), []);
    assert_eq!(codes(&chain(5_000)), [Code::K040]);
    let forwards = (0..5_000).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "customer: meets r{} as r{n}", n + 1);
        text
    });
    assert_eq!(codes(&format!("{forwards}customer: calls >= 1 as r5000\n")), [Code::K040]);
    assert_eq!(codes(&format!("{forwards}customer: meets r0 as r5000\n")), [Code::K019]);
}

#[test]
fn hostile_names_and_paths_end() {
    let many = "a-".repeat(5_000);
    codes(&format!("{many}customer: calls >= 1"));
    codes(&format!("{} customer: calls >= 1", "word ".repeat(5_000)));
    codes(&format!("customer: owner{} is x", ".team".repeat(5_000)));
    codes(&format!("customer: {}", "not ".repeat(5_000)));
}

/// Pieces of text are taken out, doubled and moved; whatever comes of it is told, never a panic.
#[test]
fn mutated_rule_sets_are_told_of() {
    let text = include_str!("support/every_construct.kpi");
    let words: Vec<&str> = text.split_inclusive(&[' ', '\n'][..]).collect();
    let mut state: u64 = 7;
    let mut random = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..300 {
        let mut mutated = words.clone();
        for _ in 0..=random(4) {
            let (from, to) = (random(mutated.len()), random(mutated.len()));
            match random(3) {
                0 => {
                    mutated.remove(from);
                }
                1 => mutated.insert(to, mutated[from]),
                _ => mutated.swap(from, to),
            }
        }
        let text = mutated.concat();
        let told = compiled(&text).diagnostics.to_string();
        assert_eq!(told, compiled(&text).diagnostics.to_string(), "{text}");
    }
}
