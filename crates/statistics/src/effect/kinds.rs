//! What happens before deals are won or lost.

use chrono::Datelike;
use kadence::effect::{DAYS_BEFORE, Deal, Facts};

use super::compare::{Value, compare};
use super::report::{Estimate, KindBefore, KindsBefore};
use super::rules::{Like, Numbers};
use crate::Rate;

pub(super) fn kinds(facts: &Facts) -> KindsBefore {
    let known: Vec<(&Deal, &[usize])> =
        facts.deals.iter().filter_map(|deal| Some((deal, deal.kinds_before.as_deref()?))).collect();
    let won = known.iter().filter(|(deal, _)| deal.won).count() as u64;
    let (mut strata, mut clusters) = (Numbers::new(), Numbers::new());
    let places: Vec<(usize, usize)> = known
        .iter()
        .map(|(deal, _)| {
            let like = Like { period: quarter(deal), ..Like::of(&deal.peer) };
            (clusters.of(&deal.peer.cluster), strata.of(like))
        })
        .collect();
    let kind = |(place, kind): (usize, &String)| {
        let values: Vec<Value> = known
            .iter()
            .zip(&places)
            .map(|((deal, kinds), (subject, stratum))| {
                let sum = f64::from(u8::from(kinds.contains(&place)));
                let (subject, stratum, met) = (*subject, *stratum, deal.won);
                Value { subject, stratum, met, count: 1.0, sum }
            })
            .collect();
        let rate = |won: bool| {
            let own = values.iter().filter(|value| value.met == won);
            own.fold(Rate { hits: 0.0, of: 0.0 }, |rate, value| Rate {
                hits: rate.hits + value.sum,
                of: rate.of + 1.0,
            })
        };
        let (of_won, of_lost) = (rate(true), rate(false));
        let (compared, found) = compare(&values);
        let kind = KindBefore {
            kind: kind.clone(),
            won: of_won,
            lost: of_lost,
            compared,
            among_like: found.ok().map(Estimate::new),
            refused: found.err(),
        };
        (of_won.hits + of_lost.hits > 0.0).then_some(kind)
    };
    KindsBefore {
        days: DAYS_BEFORE.unsigned_abs(),
        won,
        lost: known.len() as u64 - won,
        not_known: (facts.deals.len() - known.len()) as u64,
        kinds: facts.kinds.iter().enumerate().filter_map(kind).collect(),
    }
}

/// The number of the quarter in which a deal closed.
fn quarter(deal: &Deal) -> usize {
    (4 * deal.closed.year_ce().1 + deal.closed.month0() / 3) as usize
}
