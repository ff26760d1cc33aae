//! What counted, and what is planned and would.

use chrono::NaiveDate;

use super::super::measure::Frame;
use super::super::span::Span;
use super::super::store::Known;
use super::super::view::View;
use crate::check::rules::Path;
use crate::model::calendar::{Days, plus_days};
use crate::model::{Item, Noun, Number};
use crate::plan::{Measure, Set, SetId};
use crate::verdict::Entry;

/// For how many days ahead plans are told of where no period runs.
pub(super) const AHEAD: i64 = 31;

/// A set that a measure counts, and the field that it reads of each of them.
pub(super) type Asked<'p> = (SetId, Option<&'p Path>);

/// The sets that a measure counts, each once.
pub(super) fn sets(measure: &Measure) -> Vec<Asked<'_>> {
    let mut found = Vec::new();
    let mut open = vec![measure];
    while let Some(measure) = open.pop() {
        match measure {
            Measure::Number(_) | Measure::Field(_) => {}
            Measure::Count(set)
            | Measure::LongestGap(set)
            | Measure::DaysSince(set)
            | Measure::Share { of: set, .. } => found.push((*set, None)),
            Measure::Aggregate { field, of, .. } => found.push((*of, Some(field))),
            Measure::Sum(parts) | Measure::Product(parts) => {
                open.extend(parts.iter().rev().map(|(_, part)| part));
            }
            Measure::Negative(part) => open.push(part),
        }
    }
    let mut once: Vec<Asked<'_>> = Vec::new();
    found.into_iter().for_each(|one| {
        if !once.contains(&one) {
            once.push(one);
        }
    });
    once
}

impl View<'_> {
    /// A thing as a story tells of it, with the number that a field of it says.
    pub(super) fn entry(&self, day: Option<NaiveDate>, item: Item, field: Option<&Path>) -> Entry {
        let fields = &self.store.fields;
        let id = |item: Item| self.store.id(item).into_owned();
        let is_activity = item.noun == Noun::Activity;
        let kind = match self.store.raw(item, fields.activity_kind) {
            Some(Known::Text(kind)) if is_activity => kind.to_owned(),
            _ => item.noun.singular().to_owned(),
        };
        let about = [
            fields.activity_opportunity,
            fields.activity_lead,
            fields.activity_customer,
            fields.activity_contact,
            fields.activity_campaign,
        ];
        let about = about.into_iter().find_map(|field| self.store.reference(item, field));
        let value = field.and_then(|field| match self.follow(item, field) {
            Some(Known::Number(number)) => Some(Number::from(number)),
            _ => None,
        });
        Entry {
            day: day.filter(|day| *day > NaiveDate::MIN),
            kind,
            id: id(item),
            name: self.store.name(item).map(str::to_owned),
            seller: self.store.owner(item).map(id),
            about: about.filter(|_| is_activity).map(id),
            value,
        }
    }

    /// Planned activities of a set that count when they have taken place, with their days.
    pub(super) fn plans(&self, subject: Item, set: &Set, days: Days) -> Vec<(NaiveDate, Item)> {
        let mut plans = Vec::new();
        let last = days.last;
        let days = Days { first: days.first.max(self.now.first_open_day()), last };
        if set.noun != Noun::Activity || days.is_empty() {
            return plans;
        }
        self.each_activity(subject, days, &mut |day, row| {
            let item = Item { noun: Noun::Activity, row };
            if self.is_ahead(row) && self.is_one_of(item, set.kept).is_yes() {
                plans.push((day, item));
            }
            std::ops::ControlFlow::Continue(())
        });
        plans.sort_unstable_by(|a, b| self.by_day_and_id(*a, *b));
        plans
    }

    /// What is planned and would count in a window: of a running period what the pace reckons with,
    /// else what is planned soon.
    pub(super) fn planned(
        &self,
        set: &Set,
        frame: Frame<'_>,
        runs: bool,
    ) -> Vec<(NaiveDate, Item)> {
        let Frame { subject, span, .. } = frame;
        if !runs {
            let reaches_now = span.whole.contains(self.day()) && !span.is_period;
            let last = plus_days(self.day(), AHEAD);
            let days = Days { first: span.whole.first, last };
            return if reaches_now { self.plans(subject, set, days) } else { Vec::new() };
        }
        let now = self.find(subject, set, span, None).items;
        let then = self.find(subject, set, span, Some(span.whole.last)).items;
        then.into_iter().filter(|one| !now.contains(one)).collect()
    }

    /// The days of a window that are not all known, up to the as-of day.
    pub(super) fn not_known(&self, days: Days) -> Vec<crate::verdict::Period> {
        let days = self.elapsed(days);
        let before = self
            .store
            .complete_from
            .map(|from| Days { first: days.first, last: days.last.min(plus_days(from, -1)) });
        let after = self
            .known_through()
            .map(|through| Days { first: days.first.max(plus_days(through, 1)), last: days.last });
        let gaps = before.into_iter().chain(after).filter(|days| !days.is_empty());
        gaps.map(|days| crate::verdict::Period { from: days.first, to: days.last }).collect()
    }

    /// How far outside of a window something is near: a quarter of its days, at least one and at
    /// most 31.
    pub(super) fn reach(span: &Span) -> i64 {
        if span.first_day().is_none() { 31 } else { (span.whole.count() / 4).clamp(1, 31) }
    }
}
