//! What can be known of rules without data: findings, which are warnings.
//!
//! A file for each finding. Each is one function from the compiled rules to what it found, sure of
//! what it says: what cannot be decided is not claimed.

pub(crate) mod logic;

use crate::check::rules::Compiled;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Everything that is looked for.
const FINDINGS: &[fn(&Compiled) -> Vec<Diagnostic>] = &[logic::find];

/// Everything that is found, by file and place. It takes rules without errors: of others it does
/// not know all that is used.
pub(crate) fn analyse(rules: &Compiled) -> Diagnostics {
    let mut all: Vec<Diagnostic> = FINDINGS.iter().flat_map(|find| find(rules)).collect();
    all.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.span, d.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    Diagnostics { all, sources: rules.sources.clone() }
}
