//! What stands on the time line of a verdict.

use chrono::NaiveDate;

use super::super::rule::Scope;
use super::super::view::View;
use crate::model::Item;
use crate::plan::Rule;
use crate::verdict::{Change, Outline, Part};

impl View<'_> {
    /// The outline of a verdict, of the part of the condition that decides.
    pub(in super::super) fn outline(
        &self,
        rule: &Rule,
        subject: Item,
        period_day: NaiveDate,
    ) -> Outline {
        let scope = Scope { subject, period_day, in_force: rule.in_force, prorate: rule.prorate };
        let (whole, _) = self.part(&scope, rule.condition, false);
        let changes = self.verdict(rule, subject, period_day).changes;
        let change = changes.map(|day| {
            let later = self.on(day);
            Change { day, status: later.stand(rule, subject, period_day).status }
        });
        let Part { form, days, pace, counted, planned, .. } = deciding(whole);
        let is_exempt = rule.unless.is_some_and(|unless| self.passes(subject, unless).is_yes());
        if is_exempt {
            let (counted, planned) = (Vec::new(), Vec::new());
            return Outline { form, days, pace: None, counted, planned, change };
        }
        Outline { form, days, pace, counted, planned, change }
    }
}

/// The innermost part on which a condition rests.
fn deciding(mut part: Part) -> Part {
    while let Some(place) = part.parts.iter().position(|inner| inner.decides) {
        part = part.parts.swap_remove(place);
    }
    part
}
