//! Rules that contradict each other: whoever is judged by both cannot meet both at the end of all
//! their periods, and on all days where they have none.
//!
//! One asks for at least so many and the other for at most so many, of the same things or of some of
//! them, over the same days or over days that lie within the others. It is only said where a
//! [`witness`](super::witness) shows it.

use std::collections::{HashMap, HashSet};

use super::demand::{Counted, Demand, Duty};
use super::windows::Stretch;
use super::witness::{Clash, Witness};
use super::{Logic, MOST_COMPARED};
use crate::check::rules::Function;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Noun;
use crate::plan::Measure;

/// How many witnesses are judged at most.
const MOST_WITNESSES: usize = 100;

/// Two rules that cannot both be met; by their places among the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The rule that asks for at least so many.
    pub more: usize,
    /// The rule that asks for at most so many.
    pub less: usize,
    /// What each of them asks, in words.
    pub asked: (String, String),
    /// What shows it.
    pub witness: Witness,
}

pub(super) fn find(logic: &Logic<'_>) -> Vec<Diagnostic> {
    let told = contradictions(logic).into_iter().filter_map(|found| {
        let (more, less) = (logic.rules.rules.get(found.more)?, logic.rules.rules.get(found.less)?);
        let message = format!("`{}` and `{}` contradict each other", more.id, less.id);
        let (at_least, at_most) = found.asked;
        let ((first, said), (second, answer)) = if found.more < found.less {
            ((more, at_least), (less, at_most))
        } else {
            ((less, at_most), (more, at_least))
        };
        let fault = Diagnostic::warning(Code::K070, second.span, message).label(answer);
        let fault = fault.note_at(first.span, said);
        Some(fault.help("this test shows it").example(found.witness.text))
    });
    told.collect()
}

pub(super) fn contradictions(logic: &Logic<'_>) -> Vec<Contradiction> {
    let mut asking_less: HashMap<Noun, Vec<(&Duty, &Demand)>> = HashMap::new();
    for duty in logic.sound_duties() {
        let demands = duty.demands.iter().filter(|demand| demand.range.high.is_some());
        let of_noun = asking_less.entry(duty.noun).or_default();
        of_noun.extend(demands.map(|demand| (duty, demand)));
    }
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut witnesses = 0;
    for more in logic.sound_duties() {
        let Some(others) = asking_less.get(&more.noun) else { continue };
        for (low, (less, high)) in more
            .demands
            .iter()
            .filter(|demand| demand.range.low.is_some())
            .flat_map(|low| others.iter().take(MOST_COMPARED).map(move |other| (low, other)))
        {
            let pair = (more.place.min(less.place), more.place.max(less.place));
            if more.place == less.place || seen.contains(&pair) {
                continue;
            }
            let Some(asked) = logic.clash(low, high) else { continue };
            if witnesses == MOST_WITNESSES {
                return found;
            }
            witnesses += 1;
            seen.insert(pair);
            let clash = Clash { more, low, less, high };
            if let Some(witness) = logic.witness(&clash) {
                found.push(Contradiction { more: more.place, less: less.place, asked, witness });
                break;
            }
        }
    }
    found
}

impl Logic<'_> {
    /// What two demands ask, in words, if nothing can fulfil both on all days.
    fn clash(&self, low: &Demand, high: &Demand) -> Option<(String, String)> {
        if low.stretch == high.stretch {
            return self.exclude(low, high).then(|| (in_words(low), in_words(high)));
        }
        let (least, most) = (low.least()?, high.most()?);
        let (Counted::Set(few), Counted::Set(many)) = (&low.counted, &high.counted) else {
            return None;
        };
        let apart = self.timeline.apart(&low.stretch, &high.stretch);
        let apart = if self.plan.set(*many).spacing.is_some() { apart.min(1) } else { apart };
        let cover = self.timeline.cover(&high.stretch, &low.stretch);
        let adds_up = apart > 0 && least.saturating_mul(apart) > most;
        let is_too_few = cover.filter(|cover| most.saturating_mul(*cover) < least);
        if !adds_up && is_too_few.is_none() {
            return None;
        }
        let is_sure =
            self.is_steady(*few) && self.is_steady(*many) && self.counts_at_most(*few, *many);
        is_sure.then(|| {
            let sums_to = |words: String, bound: &str, count: i64, times: i64, whole: &Stretch| {
                if times == 1 {
                    return words;
                }
                format!("{words}, so {bound} {} {}", count.saturating_mul(times), whole.words())
            };
            if adds_up {
                let words = sums_to(in_words(low), "at least", least, apart, &high.stretch);
                (words, in_words(high))
            } else {
                let times = cover.unwrap_or(1);
                let words = sums_to(in_words(high), "at most", most, times, &low.stretch);
                (in_words(low), words)
            }
        })
    }

    /// Whether two demands over the same days exclude each other.
    pub(super) fn exclude(&self, low: &Demand, high: &Demand) -> bool {
        if low.counted == high.counted {
            let above = low.range.low.zip(high.range.high).is_some_and(|(a, b)| a.at >= b.at);
            return above && low.range.and(&high.range).is_empty();
        }
        let few = match &low.counted {
            Counted::Set(set) => *set,
            // There are at least as many things as values.
            Counted::Other(Measure::Aggregate { function: Function::Distinct, of, .. }) => *of,
            Counted::Other(_) => return false,
        };
        let Counted::Set(many) = high.counted else { return false };
        let is_more = low.least().zip(high.most()).is_some_and(|(least, most)| least > most);
        is_more && self.counts_at_most(few, many)
    }

    /// The rules that judge somebody.
    fn sound_duties(&self) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(|duty| !duty.has_nobody())
    }
}

fn in_words(demand: &Demand) -> String {
    let edge = |edge: super::values::Edge| edge.at.normalize();
    let low = demand.range.low.filter(|low| !low.at.is_zero() || demand.range.high.is_none());
    let numbers = match (low, demand.range.high) {
        (Some(low), Some(high)) if low.at == high.at => format!("exactly {}", edge(low)),
        (Some(low), Some(high)) => format!("between {} and {}", edge(low), edge(high)),
        (Some(low), None) if low.included => format!("at least {}", edge(low)),
        (Some(low), None) => format!("more than {}", edge(low)),
        (None, Some(high)) if high.included => format!("at most {}", edge(high)),
        (None, Some(high)) => format!("less than {}", edge(high)),
        (None, None) => "some number".to_owned(),
    };
    format!("{numbers} {}", demand.stretch.words())
}
