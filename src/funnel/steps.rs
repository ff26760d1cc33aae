//! What is asked of the data: the goal, and for each step of its funnel how many there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::{NoFunnel, SellerCount, Step, Wants};
use crate::check::rules::{
    Adjective, Assumption, Base, Cmp, Comparison, Compiled, Condition, FieldTest, Function, Goal,
    Literal, Measure, NumberTest, Path, Phrase, Window,
};
use crate::engine::{Counted, Evaluation};
use crate::model::calendar::Days;
use crate::model::{FieldRef, Noun, Schema};

/// A rule set in which every step is a goal of its own, after the one that was asked for.
pub(super) struct Asked {
    pub(super) compiled: Compiled,
    pub(super) steps: Vec<AskedStep>,
    pub(super) assumed: Vec<Assumption>,
    pub(super) wants: Wants,
    /// Whether what the goal counts are opportunities.
    pub(super) ends_with_opportunities: bool,
    /// The field that the goal sums up.
    pub(super) sums: Option<String>,
    /// The same, where it is one of opportunities.
    pub(super) worth: Option<FieldRef>,
}

pub(super) struct AskedStep {
    text: String,
    noun: Noun,
    /// The place of the goal that counts its things.
    pub(super) goal: usize,
}

/// The steps of a goal, and what it counts itself as the last of them.
///
/// # Errors
///
/// A step is of things that no case can be made of.
pub(super) fn asked(rules: &Compiled, goal: usize, schema: &Schema) -> Result<Asked, NoFunnel> {
    let Some(goal) = rules.goals.get(goal) else { return Err(NoFunnel::NoGoal) };
    let (counted, field) = match &goal.target.left {
        Measure::Count(phrase) => (Some(phrase), None),
        Measure::Aggregate { function: Function::Sum, field, of } => (Some(of), Some(field)),
        _ => (None, None),
    };
    let mut goals = vec![goal.clone()];
    let mut steps = Vec::new();
    let is_counted =
        |step: &Arc<Phrase>| counted.is_some_and(|counted| counted.means_as_much_as(step));
    let through = match goal.through.split_last() {
        Some((last, before)) if is_counted(last) => before,
        _ => goal.through.as_slice(),
    };
    for phrase in through {
        steps.push(AskedStep { text: phrase.text.clone(), noun: phrase.noun, goal: goals.len() });
        goals.push(count(phrase, schema));
    }
    let last = goal.through.last().filter(|last| is_counted(last)).or(counted);
    let text = last.map_or_else(|| goal.text.clone(), |phrase| phrase.text.clone());
    let noun = last.map_or(Noun::Company, |phrase| phrase.noun);
    steps.push(AskedStep { text, noun, goal: 0 });
    let is_threaded = |step: &&AskedStep| {
        matches!(step.noun, Noun::Activity | Noun::Lead | Noun::Opportunity | Noun::Customer)
    };
    if let (Some(wrong), true) = (steps.iter().find(|step| !is_threaded(step)), last.is_some()) {
        return Err(NoFunnel::Step { step: wrong.text.clone(), table: wrong.noun.table() });
    }
    let worth = field.and_then(|path| match path.steps.as_slice() {
        [field] if field.noun == Noun::Opportunity => Some(*field),
        _ => None,
    });
    let wants = match &goal.target.test {
        NumberTest::Is(Cmp::AtLeast | Cmp::More, _) => Wants::More,
        NumberTest::Is(Cmp::AtMost, _) => Wants::AtMost,
        NumberTest::Is(Cmp::Less, _) => Wants::Less,
        NumberTest::Is(..) | NumberTest::Between(..) => Wants::Neither,
    };
    let ends_with_opportunities = noun == Noun::Opportunity;
    let compiled = Compiled { goals, ..rules.clone() };
    Ok(Asked {
        compiled,
        steps,
        assumed: goal.assumed.clone(),
        wants,
        ends_with_opportunities,
        sums: field.map(|field| field.text.clone()),
        worth,
    })
}

/// A goal that counts the things of a step, each on the day on which it became one.
fn count(phrase: &Arc<Phrase>, schema: &Schema) -> Goal {
    let created = schema.field_ref(phrase.noun, "created");
    let path = created.map(|created| Path { steps: vec![created], text: "created".to_owned() });
    let began = path.filter(|_| matches!(phrase.noun, Noun::Lead | Noun::Opportunity));
    let phrase = match began {
        Some(path) if phrase.dated.is_none() && !is_settled(phrase) => {
            Arc::new(Phrase { dated: Some(path), ..(**phrase).clone() })
        }
        _ => phrase.clone(),
    };
    let none = Measure::Number(rust_decimal::Decimal::ZERO);
    let target = Comparison {
        text: phrase.text.clone(),
        left: Measure::Count(phrase),
        test: NumberTest::Is(Cmp::AtLeast, none),
        window: Window::Ever,
    };
    let text = target.text.clone();
    Goal { name: text.clone(), text, target, through: Vec::new(), assumed: Vec::new() }
}

/// Whether a lead or an opportunity is only of a phrase once it is decided: then that day counts,
/// else the one on which it came.
fn is_settled(phrase: &Phrase) -> bool {
    let by_adjective = |adjective: &Adjective| match adjective {
        Adjective::Is(phrase) => is_settled(phrase),
        _ => false,
    };
    let by_base = |base: &Base| matches!(base, Base::Phrase(phrase) if is_settled(phrase));
    phrase.adjectives.iter().any(by_adjective)
        || phrase.bases.iter().all(by_base)
        || phrase.filter.as_ref().is_some_and(settles)
}

fn settles(condition: &Condition) -> bool {
    let is_end = |value: &Literal| matches!(value, Literal::Text(text) if matches!(text.as_str(), "won" | "lost" | "converted"));
    match condition {
        Condition::And(parts) => parts.iter().any(settles),
        Condition::Or(parts) => parts.iter().all(settles),
        Condition::Is(phrase) => is_settled(phrase),
        Condition::Field { path, test } if path.text == "status" => match test {
            FieldTest::Equals(value) => is_end(value),
            FieldTest::OneOf(values) => values.iter().all(is_end),
            _ => false,
        },
        _ => false,
    }
}

impl AskedStep {
    pub(super) fn counted(
        &self,
        evaluation: &Evaluation<'_>,
        found: &[Counted],
        period: Option<Days>,
    ) -> Step {
        let store = evaluation.store();
        let is_in = |day: NaiveDate| period.is_some_and(|period| period.contains(day));
        let in_period = found.iter().filter(|thing| thing.day.is_some_and(is_in));
        let mut by_seller: BTreeMap<String, u64> = BTreeMap::new();
        let mut so_far = 0;
        for thing in in_period {
            so_far += 1;
            if let Some(seller) = store.owner(thing.item) {
                *by_seller.entry(store.id(seller).into_owned()).or_default() += 1;
            }
        }
        Step {
            text: self.text.clone(),
            noun: self.noun.singular().to_owned(),
            things: found.len() as u64,
            undated: found.iter().filter(|thing| thing.day.is_none()).count() as u64,
            so_far,
            by_seller: by_seller
                .into_iter()
                .map(|(seller, things)| SellerCount { seller, things })
                .collect(),
        }
    }
}
