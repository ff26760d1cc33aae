//! How long activities take, by kind: as the calendar says, else as long as they took.

use super::{KindMinutes, MinutesFrom};
use crate::check::rules::Work;
use crate::engine::Evaluation;
use crate::model::calendar::Days;
use crate::model::{Dataset, FieldRef, Item, Noun, Number};
use crate::plan::State;

/// The minutes of each kind, and what is planned.
pub(super) struct Minutes {
    /// In the order of the data's kinds.
    kinds: Vec<KindMinutes>,
    /// What is ahead, with its minutes, where they are known.
    planned: Vec<(Item, Option<Number>)>,
}

impl Minutes {
    pub(super) fn new(evaluation: &Evaluation<'_>, data: &Dataset, work: &Work) -> Self {
        let schema = data.schema();
        let field = schema.field_ref(Noun::Activity, "minutes");
        let kinds = schema.kinds();
        let mut taken: Vec<Vec<Number>> = vec![Vec::new(); kinds.len()];
        let mut ahead = Vec::new();
        evaluation.each_activity(|activity, state| {
            if !matches!(state, State::Completed | State::Ahead) {
                return;
            }
            let own = field.and_then(|field| of(evaluation, activity, field));
            let kind = evaluation.kind(activity);
            match (state, own) {
                (State::Ahead, own) => ahead.push((activity, kind, own)),
                (_, Some(own)) => {
                    taken.get_mut(kind).into_iter().for_each(|all| all.push(own.clone()))
                }
                _ => {}
            }
        });
        let minutes = kinds.iter().zip(taken).map(|(kind, taken)| {
            let given = work.minutes.get(kind).cloned();
            let (minutes, from) = match given {
                Some(given) => (Some(given), MinutesFrom::Calendar),
                None => match median(taken) {
                    Some(median) => (Some(median), MinutesFrom::Median),
                    None => (None, MinutesFrom::Unknown),
                },
            };
            KindMinutes { kind: kind.clone(), minutes, from }
        });
        let mut minutes = Minutes { kinds: minutes.collect(), planned: Vec::new() };
        let planned = ahead
            .into_iter()
            .map(|(activity, kind, own)| (activity, own.or_else(|| minutes.of(kind).cloned())));
        minutes.planned = planned.collect();
        minutes
    }

    /// What is planned on certain days.
    pub(super) fn planned_in(
        &self,
        evaluation: &Evaluation<'_>,
        days: Days,
    ) -> impl Iterator<Item = &(Item, Option<Number>)> {
        let store = evaluation.store();
        self.planned.iter().filter(move |(activity, _)| days.contains(store.day(activity.row)))
    }

    /// How long one of a kind takes.
    pub(super) fn of(&self, kind: usize) -> Option<&Number> {
        self.kinds.get(kind)?.minutes.as_ref()
    }

    pub(super) fn kind(&self, kind: usize) -> &str {
        self.kinds.get(kind).map_or("", |kind| &kind.kind)
    }

    pub(super) fn by_kind(&self) -> Vec<KindMinutes> {
        self.kinds.clone()
    }
}

/// The minutes of an activity. None takes no time.
fn of(evaluation: &Evaluation<'_>, activity: Item, field: FieldRef) -> Option<Number> {
    let minutes = evaluation.number(activity, field)?;
    (!minutes.is_zero() && !minutes.is_negative()).then_some(minutes)
}

fn median(mut numbers: Vec<Number>) -> Option<Number> {
    numbers.sort_unstable();
    let upper = numbers.get(numbers.len() / 2)?;
    let lower = numbers.get((numbers.len() - 1) / 2)?;
    Some(if upper == lower { upper.clone() } else { (lower + upper) / Number::from(2) })
}
