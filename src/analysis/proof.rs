//! An expectation that cannot fail.
//!
//! That a list of customers lists nothing where no customer is given, and what the same test has
//! expected before, are true whatever the rules say.

use std::collections::HashSet;

use crate::check::rules::{Compiled, ExpectationKind, Test};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Noun;

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    rules.tests.iter().flat_map(|test| of_test(rules, test)).collect()
}

fn of_test(rules: &Compiled, test: &Test) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for expectation in &test.expectations {
        let written = rules.sources.slice(expectation.span);
        let folded: Vec<&str> = written.split_whitespace().collect();
        if !seen.insert(folded.join(" ")) {
            found.push(
                Diagnostic::warning(Code::K058, expectation.span, "this is expected twice")
                    .label("the test expects the same above"),
            );
            continue;
        }
        let ExpectationKind::Lists { list, ids } = &expectation.kind else { continue };
        let Some(list) = rules.lists.get(*list).filter(|_| ids.is_empty()) else { continue };
        let noun = list.phrase.noun;
        let is_there = noun == Noun::Company || test.rows.iter().any(|row| row.noun == noun);
        if !is_there {
            let message = format!("\"{}\" has nothing to list", list.name);
            let label = format!("the test gives no {noun}, so this cannot fail");
            found.push(Diagnostic::warning(Code::K058, expectation.span, message).label(label));
        }
    }
    found
}
