//! Rule sets as text, and what becomes of them.

mod names;
mod scenario;
mod shape;
mod types;

use std::collections::HashMap;

use chrono::NaiveDate;

use super::rules::Compiled;
use super::{NoFiles, Resolver, compile};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

const LIMIT: usize = 1 << 20;

fn compiled(text: &str) -> (Compiled, Vec<Diagnostic>) {
    compile("rules.kpi", text, &NoFiles, LIMIT)
}

/// What a rule set without any fault compiles to.
fn sound(text: &str) -> Compiled {
    let (compiled, diagnostics) = compiled(text);
    let sources = compiled.sources.clone();
    assert!(diagnostics.is_empty(), "{text}\n{}", Diagnostics { all: diagnostics, sources });
    compiled
}

/// Code, underlined text and message of every fault.
fn faults(text: &str) -> Vec<(Code, String, String)> {
    let (compiled, diagnostics) = compiled(text);
    let told = |d: Diagnostic| {
        let underlined = compiled.sources.slice(d.primary.span).to_owned();
        (d.code, underlined, d.message)
    };
    diagnostics.into_iter().map(told).collect()
}

/// Rules, and the one fault that they have: code, underlined text, message.
type Case = (&'static str, Code, &'static str, &'static str);

fn hold(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (text, code, underlined, message) in cases {
        let expected = vec![(*code, (*underlined).to_owned(), (*message).to_owned())];
        let found = faults(text);
        if found != expected {
            wrong.push(format!("{text}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The only fault of a rule set.
fn fault(text: &str) -> Diagnostic {
    let (_, mut diagnostics) = compiled(text);
    assert_eq!(diagnostics.len(), 1, "{text}\n{diagnostics:#?}");
    diagnostics.remove(0)
}

/// A host with some files, and some holidays in `days.ics`.
struct Files(HashMap<&'static str, &'static str>);

impl Files {
    fn of<const N: usize>(files: [(&'static str, &'static str); N]) -> Self {
        Files(HashMap::from(files))
    }
}

impl Resolver for Files {
    fn read(&self, name: &str) -> Result<String, String> {
        self.0.get(name).map(|text| (*text).to_owned()).ok_or_else(|| "no such file".to_owned())
    }

    fn holidays(&self, name: &str) -> Result<Vec<NaiveDate>, String> {
        match name {
            "days.ics" => Ok(vec!["2026-05-01".parse().unwrap()]),
            _ => Err("no such calendar".to_owned()),
        }
    }
}
