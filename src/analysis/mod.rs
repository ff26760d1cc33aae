//! What can be known of rules without data: findings, which are warnings.
//!
//! A file for each finding. Each is one function from the compiled rules to what it found, sure of
//! what it says: what cannot be decided is not claimed.

mod alternatives;
mod because;
mod between;
mod cadence;
mod figures;
mod gap;
mod goals;
mod hidden;
mod influence;
mod kinds;
mod limit;
mod modifiers;
mod names;
mod outside;
mod phrases;
mod place;
mod proof;
mod silence;
mod spacing;
mod spans;
mod threshold;
mod unsorted;
mod walk;
mod weight;

use crate::check::rules::Compiled;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Everything that is looked for.
const FINDINGS: &[fn(&Compiled) -> Vec<Diagnostic>] = &[
    names::find,
    kinds::find,
    hidden::find,
    because::find,
    weight::find,
    modifiers::find,
    outside::find,
    proof::find,
    between::find,
    threshold::find,
    spacing::find,
    cadence::find,
    alternatives::find,
    limit::find,
    gap::find,
    influence::find,
    unsorted::find,
    goals::find,
];

/// Everything that is found and not silenced, by file and place. It takes rules without errors:
/// of others it does not know all that is used.
pub(crate) fn analyse(rules: &Compiled) -> Diagnostics {
    let found = FINDINGS.iter().flat_map(|find| find(rules)).collect();
    let mut all = silence::silence(rules, found);
    all.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.span, d.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    Diagnostics { all, sources: rules.sources.clone() }
}
