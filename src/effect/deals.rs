//! Opportunities and leads as they stand, and what came of whose.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::strata::{Sized, in_thirds};
use super::{DAYS_BEFORE, Deal, Fields, Gaps, Results, total};
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

impl Standing {
    /// Whether it was open at the end of a day.
    fn is_open(&self, day: NaiveDate) -> bool {
        let is_there = self.created.is_none_or(|created| created <= day);
        is_there && (self.won.is_none() || self.closed.is_some_and(|closed| closed > day))
    }

    fn is_reversed(&self) -> bool {
        self.closed.zip(self.created).is_some_and(|(closed, created)| closed < created)
    }
}

/// How a lead stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prospect {
    pub(super) created: Option<NaiveDate>,
    pub(super) converted: Option<NaiveDate>,
    is_converted: bool,
}

impl Prospect {
    /// Whether it converted, and nobody knows when.
    pub(super) fn is_undated_conversion(&self) -> bool {
        self.is_converted && self.converted.is_none()
    }
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

    /// What is left out everywhere.
    pub(super) fn gaps(&self, evaluation: &Evaluation<'_>) -> Gaps {
        let deals = |is: &dyn Fn(&Standing) -> bool| {
            self.deals.iter().filter(|deal| deal.won.is_some() && is(deal)).count() as u64
        };
        let leads = |is: &dyn Fn(&Prospect) -> bool| {
            self.leads.iter().filter(|lead| is(lead)).count() as u64
        };
        let through = evaluation.store().complete_through;
        Gaps {
            undated_deals: deals(&|deal| deal.closed.is_none()),
            reversed_deals: deals(&Standing::is_reversed),
            undated_leads: leads(&|lead| lead.created.is_none()),
            undated_conversions: leads(&Prospect::is_undated_conversion),
            complete_through: through.filter(|through| *through < evaluation.day()),
        }
    }

    /// How many opportunities of a customer were open at the end of a period, and whether one was created
    /// or closed in it.
    pub(super) fn open_deals(&self, store: &Store, whose: Item, period: Days) -> (u64, bool) {
        if whose.noun != Noun::Customer {
            return (0, false);
        }
        let deals = store.things_of(whose, Noun::Opportunity).iter();
        let deals = deals.filter_map(|row| self.deals.get(*row as usize));
        let moved = |deal: &Standing| {
            [deal.created, deal.closed].into_iter().flatten().any(|day| period.contains(day))
        };
        let open = deals.clone().filter(|deal| deal.is_open(period.last)).count();
        (open as u64, deals.into_iter().any(moved))
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
        let is_deal = thing.noun == Noun::Opportunity;
        let in_days = |(deal, won): (&Standing, bool)| {
            let later = deal.created.filter(|day| *day > landmark && !deal.is_reversed());
            let since = if is_deal { Some(landmark) } else { later };
            Some((deal.closed? - since.filter(|_| won)?).num_days())
        };
        let leads = things(store, thing, Noun::Lead);
        let could_convert = |lead: &&Prospect| {
            let comes = |day: NaiveDate| thing.noun == Noun::Lead || days.contains(day);
            !lead.is_undated_conversion() && lead.created.is_some_and(comes)
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

/// From which day on activities are known: the one that the dataset names, else that of the earliest.
pub(super) fn first_activities(store: &Store) -> Option<NaiveDate> {
    store.complete_from.or_else(|| store.activities.times.days.first().copied())
}

/// The opportunities or leads that are a thing's.
fn things(store: &Store, thing: Item, noun: Noun) -> Vec<u32> {
    if thing.noun == noun { vec![thing.row] } else { store.things_of(thing, noun).to_vec() }
}

/// The kinds of the activities of a thing in the days before the one on which something closed; none
/// where those of these days are not all known.
fn kinds_before(store: &Store, whose: Item, closed: NaiveDate) -> Option<Vec<usize>> {
    let days = Days { first: plus_days(closed, -DAYS_BEFORE), last: plus_days(closed, -1) };
    let is_early = first_activities(store).is_none_or(|from| days.first < from);
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
