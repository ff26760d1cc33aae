//! Where leads came from, and how far they came.

use super::deals::Sales;
use super::steps::Found;
use super::{Fields, Origin};
use crate::engine::{Evaluation, Known};
use crate::model::calendar::{Days, plus_months};
use crate::model::{Item, Noun};

/// The leads that came into being on a known day.
pub(super) fn origins(
    evaluation: &Evaluation<'_>,
    (fields, sales): (Fields, &Sales),
    found: &Found,
    months: u32,
) -> Vec<Origin> {
    let store = evaluation.store();
    let origin = |item: Item| {
        let lead = sales.lead(item.row)?;
        let created = lead.created?;
        let days = Days { first: created, last: plus_months(created, i64::from(months)) };
        let won = sales.won(store.things_of(item, Noun::Opportunity), days);
        let campaign = store.reference(item, store.fields.lead_campaign);
        let named = |campaign| {
            (evaluation.id(campaign).into_owned(), store.name(campaign).map(str::to_owned))
        };
        let source = fields.source.and_then(|field| evaluation.value(item, field));
        Some(Origin {
            id: evaluation.id(item).into_owned(),
            source: match source {
                Some(Known::Text(text)) => Some(text.to_owned()),
                _ => None,
            },
            campaign: campaign.map(named),
            is_old_enough: days.last <= evaluation.day(),
            converted: lead.converted.is_some_and(|day| days.contains(day)),
            steps: found.reached(item.row, days.last),
            won: won.deals,
            amount: won.amount,
            margin: won.margin,
        })
    };
    present(evaluation).filter_map(origin).collect()
}

/// How many came into being on no known day.
pub(super) fn undated(evaluation: &Evaluation<'_>) -> u64 {
    let created = evaluation.store().fields.lead_created;
    let is_undated = |lead: &Item| evaluation.value(*lead, created).is_none();
    present(evaluation).filter(is_undated).count() as u64
}

fn present<'e>(evaluation: &'e Evaluation<'_>) -> impl Iterator<Item = Item> + 'e {
    evaluation.store().items(Noun::Lead).filter(|lead| evaluation.exists(*lead))
}
