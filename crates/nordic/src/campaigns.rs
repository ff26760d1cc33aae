//! Campaigns, and whom they target.

use chrono::NaiveDate;
use serde::Serialize;

use crate::customers::Customer;
use crate::leads::Lead;
use crate::random::Random;
use crate::story::day;

#[derive(Serialize)]
pub(crate) struct Campaign {
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    initiator: &'static str,
    owner: &'static str,
    start: NaiveDate,
    end: NaiveDate,
    status: &'static str,
    learning: Option<&'static str>,
    outcome: Option<&'static str>,
    cost: u32,
}

pub(crate) const FAIR_2025: &str = "fair-2025";
pub(crate) const FAIR_2026: &str = "fair-2026";
const STANDING: &str = "stå-op";
const AUTUMN: &str = "efterår";

pub(crate) const FAIR_2025_START: NaiveDate = day(2025, 9, 16);
pub(crate) const FAIR_2026_START: NaiveDate = day(2026, 9, 15);
const STANDING_START: NaiveDate = day(2026, 2, 2);
const AUTUMN_START: NaiveDate = day(2026, 10, 19);

pub(crate) fn campaigns() -> Vec<Campaign> {
    vec![
        Campaign {
            id: FAIR_2025,
            name: "Arbejdspladsmessen 2025",
            kind: "fair",
            initiator: "marketing",
            owner: "asta",
            start: FAIR_2025_START,
            end: day(2025, 9, 18),
            status: "done",
            learning: Some("Take the order for the site visit at the stand, not afterwards"),
            outcome: Some("24 leads"),
            cost: 185_000,
        },
        Campaign {
            id: STANDING,
            name: "Stå op på jobbet",
            kind: "mailing",
            initiator: "sales",
            owner: "åsa",
            start: STANDING_START,
            end: day(2026, 3, 13),
            status: "done",
            learning: Some("A call in the week of the letter; later nobody remembers it"),
            outcome: None,
            cost: 22_000,
        },
        Campaign {
            id: FAIR_2026,
            name: "Arbejdspladsmessen 2026",
            kind: "fair",
            initiator: "marketing",
            owner: "bjørn",
            start: FAIR_2026_START,
            end: day(2026, 9, 17),
            status: "done",
            learning: None,
            outcome: Some("17 leads"),
            cost: 210_000,
        },
        Campaign {
            id: AUTUMN,
            name: "Efterårets stole",
            kind: "calls",
            initiator: "sales",
            owner: "ingrid",
            start: AUTUMN_START,
            end: day(2026, 11, 27),
            status: "running",
            learning: None,
            outcome: None,
            cost: 8_000,
        },
    ]
}

#[derive(Serialize)]
pub(crate) struct Member {
    pub(crate) campaign: &'static str,
    pub(crate) customer: Option<String>,
    pub(crate) lead: Option<String>,
    #[serde(skip)]
    pub(crate) start: NaiveDate,
}

/// A fair targets the leads that it brought and some customers; a mailing or a round of calls,
/// customers alone.
pub(crate) fn members(customers: &[Customer], leads: &[Lead]) -> Vec<Member> {
    let mut random = Random::new(2);
    let mut members = Vec::new();
    for (campaign, start, segment, percent) in [
        (FAIR_2025, FAIR_2025_START, 'A', 45),
        (STANDING, STANDING_START, 'B', 55),
        (FAIR_2026, FAIR_2026_START, 'A', 40),
        (AUTUMN, AUTUMN_START, 'C', 25),
    ] {
        for lead in leads.iter().filter(|lead| lead.campaign == Some(campaign)) {
            members.push(Member { campaign, customer: None, lead: Some(lead.id.clone()), start });
        }
        for customer in customers.iter().filter(|customer| customer.segment() == Some(segment)) {
            if customer.is_there(start) && random.chance(percent) {
                let customer = Some(customer.id.clone());
                members.push(Member { campaign, customer, lead: None, start });
            }
        }
    }
    members
}
