//! Opportunities: with customers, and with what leads became.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::customers::Customer;
use crate::leads::Lead;
use crate::people;
use crate::random::Random;
use crate::story::{AS_OF, FIRST_DAY, STILL_OPEN, WON};

#[derive(Serialize)]
pub(crate) struct Opportunity {
    pub(crate) id: String,
    name: &'static str,
    pub(crate) customer: String,
    lead: Option<String>,
    pub(crate) owner: &'static str,
    stage: &'static str,
    pub(crate) status: &'static str,
    pub(crate) amount: Option<u64>,
    margin: Option<i64>,
    pub(crate) created: NaiveDate,
    expected_close: Option<NaiveDate>,
    pub(crate) closed: Option<NaiveDate>,
}

impl Opportunity {
    /// The last day on which somebody works on it.
    pub(crate) fn last(&self) -> NaiveDate {
        self.closed.unwrap_or(AS_OF)
    }
}

pub(crate) fn opportunities(customers: &[Customer], leads: &[Lead]) -> Vec<Opportunity> {
    let mut random = Random::new(6);
    let mut opportunities = Vec::new();
    let whole_time = AS_OF.signed_duration_since(FIRST_DAY).num_days().unsigned_abs();
    for customer in customers {
        let lead = leads.iter().find(|lead| lead.customer.as_ref() == Some(&customer.id));
        let count = match customer.segment() {
            _ if lead.is_some() => 1,
            Some('A') => random.between(1, 3),
            Some('B') => random.between(0, 2),
            _ => random.weighted(&[(80, 0), (20, 1)]),
        };
        for _ in 0..count {
            // A lead's opportunity comes up some days before it becomes a customer's.
            let created = match lead.and_then(|lead| lead.converted) {
                Some(converted) => converted - random.days(0, 10),
                None => FIRST_DAY + random.days(0, whole_time),
            };
            opportunities.push(opportunity(&mut random, customer, lead, created));
        }
    }
    opportunities.sort_by_key(|opportunity| opportunity.created);
    for (place, opportunity) in opportunities.iter_mut().enumerate() {
        opportunity.id = format!("o{:03}", place + 1);
    }
    opportunities
}

fn opportunity(
    random: &mut Random,
    customer: &Customer,
    lead: Option<&Lead>,
    created: NaiveDate,
) -> Opportunity {
    let expected = created + random.days(30, 150);
    let decided = expected + random.days(0, 20) - Days::new(8);
    let is_open = decided > AS_OF || random.chance(STILL_OPEN);
    let status = match is_open {
        true => "open",
        false => random.weighted(&[(WON, "won"), (100 - WON, "lost")]),
    };
    let stage = match is_open {
        true => random.weighted(&[
            (30, "needs"),
            (25, "site survey"),
            (25, "offer"),
            (15, "negotiation"),
            (5, "on hold: tender"),
        ]),
        false => "closed",
    };
    let last = if is_open { AS_OF } else { decided };
    let stays = |id: &&str| people::find(id).is_some_and(|seller| seller.employed(created, last));
    let owner = customer.keeper(created).filter(stays).or(customer.owner.filter(stays));
    let amount = 5_000
        * match customer.segment() {
            Some('A') => random.between(40, 260),
            Some('B') => random.between(10, 90),
            _ => random.between(3, 40),
        };
    let percent = random.between(0, 34).cast_signed() - 2;
    let has_amount = status == "won" || !random.chance(6);
    Opportunity {
        id: String::new(),
        name: random.pick(&[
            "Hæve-sænkeborde",
            "Kontorstole",
            "Støjskærme",
            "Belysning",
            "Mødelokaler",
            "Kantine",
            "Hele etagen",
        ]),
        customer: customer.id.clone(),
        lead: lead.map(|lead| lead.id.clone()),
        owner: owner.unwrap_or_else(|| people::anyone(random, customer.team, created, last)),
        stage,
        status,
        amount: has_amount.then_some(amount),
        margin: (status == "won").then(|| amount.cast_signed() * percent / 100),
        created,
        expected_close: (!is_open || !random.chance(8)).then_some(expected),
        closed: (!is_open).then_some(decided),
    }
}
