//! Opportunities and leads as they stand, and what came of whose.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::strata::{Sized, in_thirds};
use super::{DAYS_BEFORE, Deal, Fields, Results, total};
use crate::check::rules::ActivityStatus;
use crate::engine::{Evaluation, Known, Store};
use crate::model::calendar::{Days, plus_days, plus_months};
use crate::model::{FieldRef, Item, Noun, Number};

/// What is known of opportunities and leads, by their rows.
#[derive(Debug)]
pub(super) struct Sales {
    deals: Vec<Standing>,
    leads: Vec<Prospect>,
}

/// How an opportunity stands.
#[derive(Debug)]
struct Standing {
    /// Whether it was won; none while it is open.
    won: Option<bool>,
    closed: Option<NaiveDate>,
    created: Option<NaiveDate>,
    amount: Option<Number>,
    margin: Option<Number>,
}

/// How a lead stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prospect {
    pub(super) created: Option<NaiveDate>,
    pub(super) converted: Option<NaiveDate>,
    is_converted: bool,
}

/// What was won on some days.
pub(super) struct Won {
    pub(super) deals: u64,
    pub(super) amount: Option<Number>,
    pub(super) margin: Option<Number>,
}

impl Sales {
    pub(super) fn new(evaluation: &Evaluation<'_>, fields: Fields) -> Sales {
        let store = evaluation.store();
        let status = |item, field| match evaluation.value(item, field) {
            Some(Known::Text(text)) => text,
            _ => "",
        };
        let day = |item, field| evaluation.value(item, field).and_then(Known::day);
        let number = |item, field: Option<FieldRef>| evaluation.number(item, field?);
        let own = &store.fields;
        let deal = |item| Standing {
            won: match status(item, own.opportunity_status) {
                "won" => Some(true),
                "lost" => Some(false),
                _ => None,
            },
            closed: day(item, own.opportunity_closed),
            created: day(item, own.opportunity_created),
            amount: number(item, fields.amount),
            margin: number(item, fields.margin),
        };
        let lead = |item| Prospect {
            created: day(item, own.lead_created),
            converted: day(item, own.lead_converted),
            is_converted: status(item, own.lead_status) == "converted",
        };
        Sales {
            deals: store.items(Noun::Opportunity).map(deal).collect(),
            leads: store.items(Noun::Lead).map(lead).collect(),
        }
    }

    pub(super) fn undated(&self) -> u64 {
        let is_undated = |deal: &&Standing| deal.won.is_some() && deal.closed.is_none();
        self.deals.iter().filter(is_undated).count() as u64
    }

    pub(super) fn lead(&self, row: u32) -> Option<&Prospect> {
        self.leads.get(row as usize)
    }

    /// The deals of some rows that closed on some days.
    fn closed<'s>(
        &'s self,
        rows: &'s [u32],
        days: Days,
    ) -> impl Iterator<Item = (&'s Standing, bool)> {
        let deals = rows.iter().filter_map(|row| self.deals.get(*row as usize));
        deals
            .filter(move |deal| deal.closed.is_some_and(|day| days.contains(day)))
            .filter_map(|deal| deal.won.map(|won| (deal, won)))
    }

    /// What was won of the opportunities of some rows on some days.
    pub(super) fn won(&self, rows: &[u32], days: Days) -> Won {
        let won: Vec<&Standing> =
            self.closed(rows, days).filter(|(_, won)| *won).map(|(deal, _)| deal).collect();
        Won {
            deals: won.len() as u64,
            amount: total(won.iter().map(|deal| deal.amount.as_ref())),
            margin: total(won.iter().map(|deal| deal.margin.as_ref())),
        }
    }

    /// Whether what became of a thing was known by a day, or nobody knows when.
    pub(super) fn is_settled(&self, thing: Item, by: NaiveDate) -> bool {
        let (is_decided, day) = match thing.noun {
            Noun::Opportunity => match self.deals.get(thing.row as usize) {
                Some(deal) => (deal.won.is_some(), deal.closed),
                None => return false,
            },
            Noun::Lead => match self.lead(thing.row) {
                Some(lead) => (lead.is_converted, lead.converted),
                None => return false,
            },
            _ => return false,
        };
        is_decided && day.is_none_or(|day| day <= by)
    }

    /// What came of a thing in the months after a landmark.
    pub(super) fn results(
        &self,
        store: &Store,
        thing: Item,
        (landmark, months): (NaiveDate, u32),
    ) -> Results {
        let months = i64::from(months);
        let days = Days { first: plus_days(landmark, 1), last: plus_months(landmark, months) };
        let deals = things(store, thing, Noun::Opportunity);
        let Won { deals: won, amount, margin } = self.won(&deals, days);
        let in_days = |(deal, won): (&Standing, bool)| {
            Some((deal.closed? - deal.created.filter(|_| won)?).num_days())
        };
        let since = plus_months(landmark, -months);
        let leads = things(store, thing, Noun::Lead);
        let could_convert = |lead: &&Prospect| {
            let is_there =
                |day: NaiveDate| day <= landmark && (thing.noun == Noun::Lead || day > since);
            let is_open = !lead.is_converted || lead.converted.is_some_and(|day| day > landmark);
            is_open && lead.created.is_some_and(is_there)
        };
        let open: Vec<&Prospect> =
            leads.iter().filter_map(|row| self.lead(*row)).filter(could_convert).collect();
        let converts = |lead: &&&Prospect| lead.converted.is_some_and(|day| days.contains(day));
        Results {
            won,
            lost: self.closed(&deals, days).count() as u64 - won,
            amount,
            margin,
            days_to_close: self.closed(&deals, days).filter_map(in_days).collect(),
            leads: open.len() as u64,
            converted: open.iter().filter(converts).count() as u64,
        }
    }

    /// The opportunities that closed on a known day.
    pub(super) fn closed_deals(&self, evaluation: &Evaluation<'_>, fields: Fields) -> Vec<Deal> {
        let store = evaluation.store();
        let rows = store.items(Noun::Opportunity).zip(&self.deals);
        let mut closed: Vec<(Item, &Standing, NaiveDate, bool)> =
            rows.filter_map(|(item, deal)| Some((item, deal, deal.closed?, deal.won?))).collect();
        // Rows are in the order of ids.
        closed.sort_by_key(|(item, _, day, _)| (*day, *item));
        let peers = closed.iter().map(|(item, ..)| Sized::new(evaluation, *item, fields));
        let peers = in_thirds(peers.collect());
        let deal = |(peer, (item, deal, closed, won)): (_, (Item, &Standing, NaiveDate, bool))| {
            let whose = store.reference(item, store.fields.opportunity_customer).unwrap_or(item);
            Deal {
                peer,
                cluster: evaluation.id(whose).into_owned(),
                closed,
                won,
                amount: deal.amount.clone(),
                margin: deal.margin.clone(),
                kinds_before: kinds_before(store, whose, closed),
            }
        };
        peers.into_iter().zip(closed).map(deal).collect()
    }
}

/// The opportunities or leads that are a thing's.
fn things(store: &Store, thing: Item, noun: Noun) -> Vec<u32> {
    if thing.noun == noun { vec![thing.row] } else { store.things_of(thing, noun).to_vec() }
}

/// The kinds of the activities of a thing in the days before the one on which something closed.
fn kinds_before(store: &Store, whose: Item, closed: NaiveDate) -> Option<Vec<usize>> {
    let days = Days { first: plus_days(closed, -DAYS_BEFORE), last: plus_days(closed, -1) };
    let is_early = store.complete_from.is_some_and(|from| days.first < from);
    let is_late = store.complete_through.is_some_and(|through| days.last > through);
    if is_early || is_late {
        return None;
    }
    let activities = &store.activities;
    let from = activities.times.first_from(days.first);
    let mut kinds = BTreeSet::new();
    let _ = store.each_run(whose, from, &mut |run| {
        for row in run.places.clone().map(|place| run.row(place)) {
            let is_done = activities.status(row) == ActivityStatus::Completed;
            if is_done && days.contains(store.day(row)) {
                kinds.insert(activities.kind(row));
            }
        }
        std::ops::ControlFlow::Continue(())
    });
    Some(kinds.into_iter().collect())
}
