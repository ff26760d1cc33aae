//! The steps of a funnel, asked in the language.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::Effort;
use crate::check::Variants;
use crate::check::rules::{Compiled, Goal, Rule};
use crate::engine::{Evaluation, Known};
use crate::funnel::Thread;
use crate::model::{Item, Noun};

/// What the ids of the questions start with, if no rule is called so.
const PREFIX: &str = "effect-step";

/// The steps where no goal says any about leads.
const USUAL: [&str; 4] = ["lead", "converted lead", "opportunity", "won opportunity"];

/// A rule set with the questions after its own rules: which things of each step there are.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) compiled: Compiled,
    /// The goal that says them.
    pub(super) goal: Option<String>,
    pub(super) written: Vec<String>,
    /// Whether the first is about leads.
    pub(super) is_of_leads: bool,
    /// The questions, by their ids.
    pub(super) ids: Vec<String>,
}

/// The things of each step, with the day of each.
pub(super) struct Found(Vec<Vec<(Item, NaiveDate)>>, ByLead);

/// The first day on which a lead reached each step.
type ByLead = HashMap<u32, Vec<Option<NaiveDate>>>;

impl Steps {
    /// The funnel of a goal by its name; else of the first goal whose funnel starts with leads, those
    /// that a chosen rule supports before others; else the usual one.
    pub(super) fn of(rules: &Compiled, goal: Option<&str>, chosen: &[&Rule]) -> Steps {
        let is_supported = |goal: &&Goal| {
            let supports = |rule: &&Rule| rule.supports.as_ref() == Some(&goal.name);
            chosen.iter().any(supports)
        };
        let has_leads =
            |goal: &&Goal| goal.through.first().is_some_and(|step| step.noun == Noun::Lead);
        let mut goals = rules.goals.iter();
        let goal = match goal {
            Some(name) => goals.find(|goal| goal.name == name && !goal.through.is_empty()),
            None => {
                let mut with_leads = goals.filter(has_leads);
                with_leads.clone().find(is_supported).or_else(|| with_leads.next())
            }
        };
        let told = |goal: &Goal| goal.through.iter().map(|step| step.text.clone()).collect();
        let written = goal.map_or_else(|| USUAL.map(str::to_owned).to_vec(), told);
        let is_of_leads = goal.as_ref().is_none_or(has_leads);
        let mut prefix = PREFIX.to_owned();
        while rules.rules.iter().any(|rule| rule.id.starts_with(&prefix)) {
            prefix.push('s');
        }
        let ids: Vec<String> = (0..written.len()).map(|n| format!("{prefix}-{n}")).collect();
        let ask = |(step, id): (&String, &String)| format!("company: ({step}) >= 0    as {id}\n");
        let text: String = written.iter().zip(&ids).map(ask).collect();
        let (compiled, faults) = Variants::new(rules).with_more("effect.kpi", &text);
        if faults.is_empty() {
            let goal = goal.map(|goal| goal.name.clone());
            return Steps { compiled, goal, written, is_of_leads, ids };
        }
        // A rule set may mean something else by `lead` or `opportunity` adjectives: then there is no
        // funnel to follow.
        Steps {
            compiled: rules.clone(),
            goal: None,
            written: Vec::new(),
            is_of_leads: true,
            ids: Vec::new(),
        }
    }

    /// What an evaluation that has decided the questions finds.
    pub(super) fn found(&self, evaluation: &Evaluation<'_>) -> Found {
        let mut all = vec![Vec::new(); self.ids.len()];
        if !self.ids.is_empty() {
            evaluation.each_evidence(|place, _, items| {
                let id = evaluation.rule(place);
                let step = self.ids.iter().position(|own| own == id);
                let is_last = step.is_some_and(|step| step + 1 == self.ids.len());
                let Some(things) = step.and_then(|step| all.get_mut(step)) else { return };
                let dated = items.iter().filter_map(|item| {
                    Some((*item, day_of(evaluation, *item, (step == Some(0), is_last))?))
                });
                *things = dated.collect();
            });
        }
        let mut by_lead = ByLead::new();
        for (step, things) in all.iter().enumerate() {
            for (thing, day) in things {
                let Some(lead) = Thread::of(evaluation.store(), *thing).lead else { continue };
                let days = by_lead.entry(lead.row).or_insert_with(|| vec![None; self.ids.len()]);
                if let Some(first) = days.get_mut(step) {
                    *first = Some(first.map_or(*day, |first| first.min(*day)));
                }
            }
        }
        Found(all, by_lead)
    }
}

impl Found {
    /// Which steps a lead had reached by a day.
    pub(super) fn reached(&self, lead: u32, by: NaiveDate) -> Vec<bool> {
        let Found(all, by_lead) = self;
        let reached = |day: &Option<NaiveDate>| day.is_some_and(|day| day <= by);
        let days = by_lead.get(&lead);
        days.map_or_else(|| vec![false; all.len()], |days| days.iter().map(reached).collect())
    }

    /// How often each seller took the step before the last since a day.
    pub(super) fn by_seller(&self, evaluation: &Evaluation<'_>, since: NaiveDate) -> Vec<Effort> {
        let store = evaluation.store();
        let counts = self.counts(since, |thing| store.owners(thing, Noun::Seller));
        let sellers = store.items(Noun::Seller).filter(|seller| evaluation.exists(*seller));
        let effort = |seller: Item| Effort {
            id: evaluation.id(seller).into_owned(),
            name: store.name(seller).map(str::to_owned),
            things: counts.get(&seller).copied().unwrap_or(0),
        };
        sellers.map(effort).collect()
    }

    /// How often it was taken with customers of each segment since a day.
    pub(super) fn by_segment(&self, evaluation: &Evaluation<'_>, since: NaiveDate) -> Vec<Effort> {
        let store = evaluation.store();
        let mut things: BTreeMap<String, u64> = BTreeMap::new();
        for (customer, count) in self.counts(since, |thing| match thing.noun {
            Noun::Customer => vec![thing],
            _ => store.owners(thing, Noun::Customer),
        }) {
            let segment = evaluation.value(customer, store.fields.customer_segment);
            if let Some(Known::Text(segment)) = segment {
                *things.entry(segment.to_owned()).or_default() += count;
            }
        }
        things.into_iter().map(|(id, things)| Effort { id, name: None, things }).collect()
    }

    fn counts(&self, since: NaiveDate, whose: impl Fn(Item) -> Vec<Item>) -> HashMap<Item, u64> {
        let Found(all, _) = self;
        let step = all.len().checked_sub(2).and_then(|step| all.get(step));
        let mut counts = HashMap::new();
        for (thing, _) in step.into_iter().flatten().filter(|(_, day)| *day >= since) {
            for owner in whose(*thing) {
                *counts.entry(owner).or_default() += 1;
            }
        }
        counts
    }
}

/// The day on which a thing takes a step: an activity's own; of an opportunity its `created`, at the last
/// step its `closed` once it is decided; of a lead its `created`, later than at the first step its
/// `converted` once it is.
fn day_of(
    evaluation: &Evaluation<'_>,
    thing: Item,
    (is_first, is_last): (bool, bool),
) -> Option<NaiveDate> {
    let store = evaluation.store();
    let day = |field| evaluation.value(thing, field).and_then(Known::day);
    let fields = &store.fields;
    let is = |field, status| evaluation.value(thing, field) == Some(Known::Text(status));
    let is_decided =
        || is(fields.opportunity_status, "won") || is(fields.opportunity_status, "lost");
    match thing.noun {
        Noun::Activity => Some(store.day(thing.row)),
        Noun::Opportunity if is_last && is_decided() => day(fields.opportunity_closed),
        Noun::Opportunity => day(fields.opportunity_created),
        Noun::Lead if !is_first && is(fields.lead_status, "converted") => {
            day(fields.lead_converted)
        }
        Noun::Lead => day(fields.lead_created),
        noun => store.creation_field(noun).and_then(day),
    }
}
