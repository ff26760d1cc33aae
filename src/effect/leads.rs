//! Where leads came from, and how far they came.

use super::deals::Sales;
use super::steps::Found;
use super::{Fields, Origin};
use crate::engine::{Evaluation, Known};
use crate::model::calendar::{Days, plus_months};
use crate::model::{Item, Noun};

/// The leads that came into being on a known day, and converted on one, if they did.
pub(super) fn origins(
    evaluation: &Evaluation<'_>,
    (fields, sales): (Fields, &Sales),
    found: &Found,
    months: u32,
) -> Vec<Origin> {
    let store = evaluation.store();
    let origin = |item: Item| {
        let lead = sales.lead(item.row)?;
        let created = lead.created.filter(|_| !lead.is_undated_conversion())?;
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
    let present = store.items(Noun::Lead).filter(|lead| evaluation.exists(*lead));
    present.filter_map(origin).collect()
}
