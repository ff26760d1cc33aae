//! Sellers who left and still have something to do.

use std::collections::BTreeMap;

use kadence::Noun;

use super::facts::Facts;
use super::{Check, Finding};

/// What somebody has to do.
#[derive(Default)]
struct Work {
    customers: usize,
    leads: usize,
    opportunities: usize,
    campaigns: usize,
    activities: usize,
}

/// Sellers who ended before the day, and own customers, what is open, or plan something.
pub(super) fn still_busy(facts: &Facts<'_>) -> Option<Finding> {
    let ended = facts.column(Noun::Seller, "ended");
    let mut left: BTreeMap<u32, Work> = facts
        .rows(Noun::Seller)
        .filter(|row| ended.day(*row).is_some_and(|ended| ended < facts.day))
        .map(|row| (row, Work::default()))
        .collect();
    if left.is_empty() {
        return None;
    }
    let mut give = |noun: Noun, wanted: &dyn Fn(u32) -> bool, part: fn(&mut Work) -> &mut usize| {
        let field = if noun == Noun::Activity { "seller" } else { "owner" };
        let owner = facts.column(noun, field);
        for row in facts.rows(noun) {
            let work = owner.target(row).and_then(|seller| left.get_mut(&seller));
            if let Some(work) = work.filter(|_| wanted(row)) {
                *part(work) += 1;
            }
        }
    };
    let status = facts.column(Noun::Campaign, "status");
    let is_over = |row| matches!(status.text(row), Some("done" | "cancelled"));
    give(Noun::Customer, &|_| true, |work| &mut work.customers);
    give(Noun::Lead, &facts.is_open(Noun::Lead), |work| &mut work.leads);
    give(Noun::Opportunity, &facts.is_open(Noun::Opportunity), |work| &mut work.opportunities);
    give(Noun::Campaign, &|row| !is_over(row), |work| &mut work.campaigns);
    give(Noun::Activity, &facts.is_planned(), |work| &mut work.activities);
    let busy = left.iter().filter(|(_, work)| !work.parts().is_empty()).map(|(row, _)| *row);
    facts.finding(Check::SellerLeft, Noun::Seller, busy.collect(), |row| {
        let day = ended.day(row).map(|day| format!("left {day}: ")).unwrap_or_default();
        let parts = left.get(&row).map(Work::parts).unwrap_or_default();
        format!("{day}{}", parts.join(", "))
    })
}

impl Work {
    /// `2 customers`, `1 open lead`; what there is none of is left out.
    fn parts(&self) -> Vec<String> {
        let Work { customers, leads, opportunities, campaigns, activities } = *self;
        let parts = [
            (customers, "customer", "customers"),
            (leads, "open lead", "open leads"),
            (opportunities, "open opportunity", "open opportunities"),
            (campaigns, "campaign", "campaigns"),
            (activities, "planned activity", "planned activities"),
        ];
        let parts = parts.into_iter().filter(|(n, ..)| *n > 0);
        parts.map(|(n, one, many)| format!("{n} {}", if n == 1 { one } else { many })).collect()
    }
}
