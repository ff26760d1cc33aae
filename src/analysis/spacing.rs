//! A goal that its spacing does not allow: `touchpoints spaced 30 days >= 14 per year`.
//!
//! Of contacts that lie at least thirty days apart, thirteen fit into the longest year. What asks
//! for more is missed by everybody.

use rust_decimal::Decimal;

use super::figures::{Bounds, decided};
use super::place::place;
use super::spans::Spans;
use super::walk::{Part, written};
use crate::check::rules::{Compiled, Condition, Function, Measure, Window};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Item, ItemKind};

pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let spans = Spans::new(&rules.calendar);
    let mut found = Vec::new();
    written(rules, |item, part| {
        let Part::Condition(Condition::Compare(comparison)) = part else { return };
        let (Measure::Count(of) | Measure::Aggregate { function: Function::Distinct, of, .. }) =
            &comparison.left
        else {
            return;
        };
        let is_eased = matches!(comparison.window, Window::Per(_)) && is_prorated(item);
        let Some(apart) = of.spaced.filter(|_| !is_eased) else { return };
        let Some(most) = spans.fitting(&comparison.window, apart) else { return };
        let bounds = Bounds { least: Some(Decimal::ZERO), most: Some(Decimal::from(most)) };
        if decided(&comparison.test, bounds) != Some(false) {
            return;
        }
        let Some(span) = place(&rules.sources, item, &comparison.text) else { return };
        let message = format!("`{}` is out of reach", comparison.text);
        let label = format!("at most {most} fit, {apart} apart");
        found.push(Diagnostic::warning(Code::K061, span, message).label(label));
    });
    found
}

/// Whether targets become smaller for who was there for a part of the period.
fn is_prorated(item: &Item) -> bool {
    match &item.kind {
        ItemKind::Rule(rule) => rule.modifiers.prorate.is_some(),
        _ => false,
    }
}
