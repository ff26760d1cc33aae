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
pub(crate) mod items;
mod kinds;
mod limit;
pub(crate) mod logic;
mod modifiers;
mod names;
mod outside;
mod phrases;
mod place;
mod proof;
pub(crate) mod silence;
mod spacing;
mod spans;
mod threshold;
mod unsorted;
mod walk;
mod weight;

use std::collections::BTreeSet;

use items::Places;

use crate::check::rules::Compiled;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

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
    logic::find,
];

/// Everything that is found and not silenced, by file and place. It takes rules without errors:
/// of others it does not know all that is used.
pub(crate) fn analyse(rules: &Compiled) -> Diagnostics {
    let places = Places::new(&rules.sources, &rules.items);
    let found = FINDINGS.iter().flat_map(|find| find(rules)).collect();
    let mut all = silence::silence(&places, without_consequences(&places, found));
    all.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.span, d.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    Diagnostics { all, sources: rules.sources.clone() }
}

/// Leaves out what only follows from another finding of the same item: a threshold that nobody
/// reaches contradicts all that is asked of the same subjects, and is told of once. What shows the
/// consequence then shows its cause.
fn without_consequences(places: &Places<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_cause = |code: Code| matches!(code, Code::K059 | Code::K060 | Code::K061 | Code::K062);
    let items = |finding: &Diagnostic| -> BTreeSet<usize> {
        let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
        labels.filter_map(|label| places.item_at(label.span)).collect()
    };
    let causes = found.iter().filter(|finding| is_cause(finding.code));
    let causes: BTreeSet<usize> =
        causes.filter_map(|finding| places.item_at(finding.primary.span)).collect();
    // What follows from the rules together has the codes from here on.
    let (hidden, mut left): (Vec<Diagnostic>, _) = found
        .into_iter()
        .partition(|finding| finding.code.name() >= "K070" && !items(finding).is_disjoint(&causes));
    for consequence in hidden.into_iter().filter(|finding| finding.example.is_some()) {
        let about = items(&consequence);
        let cause = left.iter_mut().find(|cause| is_cause(cause.code) && items(cause) == about);
        if let Some(cause) = cause {
            cause.example = consequence.example;
            cause.help = cause.help.take().or(consequence.help);
        }
    }
    left
}
