//! The invariants of ARCHITECTURE.md that a test can hold.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder, with their texts.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

/// The part of a file that is no test.
fn code<'t>(name: &str, text: &'t str) -> &'t str {
    let is_test = name.contains("/tests/") || name.ends_with("/tests.rs");
    if is_test { "" } else { text.split("#[cfg(test)]").next().unwrap() }
}

#[test]
fn imports_go_down_the_table_and_never_up() {
    let may_import: &[(&str, &[&str])] = &[
        ("diagnostic", &["diagnostic"]),
        ("model", &["model", "diagnostic"]),
        ("verdict", &["verdict", "model"]),
        ("syntax", &["syntax", "model", "diagnostic"]),
        ("check", &["check", "syntax", "model", "diagnostic", "verdict"]),
        ("plan", &["plan", "check", "model"]),
        ("engine", &["engine", "plan", "sentence", "check", "model", "verdict"]),
        (
            "analysis",
            &["analysis", "engine", "plan", "check", "syntax", "model", "diagnostic", "verdict"],
        ),
        (
            "comparison",
            &[
                "comparison",
                "analysis",
                "engine",
                "check",
                "syntax",
                "model",
                "diagnostic",
                "verdict",
            ],
        ),
        (
            "ruletest",
            &[
                "ruletest",
                "analysis",
                "engine",
                "plan",
                "check",
                "syntax",
                "model",
                "diagnostic",
                "verdict",
            ],
        ),
        ("history", &["history", "comparison", "check", "syntax", "model", "verdict"]),
        ("feasibility", &["feasibility", "engine", "plan", "check", "model", "verdict"]),
        ("overview", &["overview", "comparison", "model", "verdict"]),
        ("worklist", &["worklist", "engine", "plan", "model", "diagnostic", "verdict"]),
        ("campaign", &["campaign", "engine", "plan", "check", "model", "diagnostic", "verdict"]),
        ("effect", &["effect", "engine", "plan", "check", "model", "diagnostic", "verdict"]),
    ];
    for (folder, allowed) in may_import {
        for (name, text) in sources(&format!("src/{folder}")) {
            for (number, line) in code(&name, &text).lines().enumerate() {
                let is_comment = line.trim_start().starts_with("//");
                for used in line.split("crate::").skip(1).filter(|_| !is_comment) {
                    let module: String =
                        used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    let is_folder = may_import.iter().any(|(folder, _)| *folder == module);
                    assert!(
                        !is_folder || allowed.contains(&module.as_str()),
                        "{name}:{}: {folder} imports {module}",
                        number + 1
                    );
                }
            }
        }
    }
}

#[test]
fn pest_is_known_to_two_files() {
    let knows = |text: &str| text.contains("pest::") || text.contains("pest_derive");
    let files: Vec<String> = sources("src")
        .into_iter()
        .filter(|(name, text)| knows(code(name, text)))
        .map(|(n, _)| n)
        .collect();
    assert!((1..=2).contains(&files.len()), "{files:?}");
    assert!(files.iter().all(|name| name.starts_with("src/syntax/")), "{files:?}");
}

#[test]
fn the_library_reads_no_clock_no_environment_and_no_files() {
    let forbidden = [
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "std::env",
        "std::fs",
        "std::net",
        "File::open",
        "set_call_limit",
        "set_error_detail",
    ];
    for (name, text) in sources("src") {
        for word in forbidden {
            assert!(!code(&name, &text).contains(word), "{name} uses {word}");
        }
    }
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let files = ["src", "crates", "tests"].into_iter().flat_map(sources);
    for (name, text) in files {
        let lines = text.lines().count();
        assert!(lines <= 600, "{name} has {lines} lines");
    }
}

#[test]
fn lints_are_switched_off_nowhere_without_a_reason() {
    for (name, text) in ["src", "crates"].into_iter().flat_map(sources) {
        for (number, line) in text.lines().enumerate() {
            let allows = line.contains(concat!("[", "allow("));
            assert!(!allows, "{name}:{}: use `expect` with a reason", number + 1);
        }
    }
    assert!(Path::new(&root().join("clippy.toml")).exists());
}
