//! What a rule reads that may be otherwise now than it was then.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::engine::{Evaluation, Known, Store};
use crate::model::{FieldRef, Item, Noun, Schema};
use crate::plan::{Plan, Rule};

/// Why it cannot be told who met a rule at the time. Where any of it is so, nothing is to be concluded
/// of who met it: what came after may have decided that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hindsight {
    /// The fields that it tests of which the data has the value of today alone: of an opportunity its
    /// `stage`, say, which is set as the deal ends.
    pub as_now: Vec<String>,
    /// How many leads are lost, if it depends on whether they were lost by then: nobody knows when.
    pub lost_leads: u64,
}

impl Hindsight {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.as_now.is_empty() && self.lost_leads == 0
    }

    /// `is_once`: whether each of its subjects is judged once, from a day of its own on.
    pub(super) fn of(
        plan: &Plan,
        rule: &Rule,
        is_once: bool,
        evaluation: &Evaluation<'_>,
    ) -> Hindsight {
        let (population, asked) = plan.reads_apart(rule);
        let reads = || population.fields.iter().chain(&asked.fields).copied();
        let is_late =
            |field: &FieldRef| is_late(&plan.schema, *field, asked.fields.contains(field));
        let names: BTreeSet<FieldRef> = reads().filter(is_late).collect();
        let name = |field: &FieldRef| Some(plan.schema.definition(*field)?.name.clone());
        let mut as_now: Vec<String> = names.iter().filter_map(name).collect();
        as_now.dedup();
        let status = evaluation.store().fields.lead_status;
        let depends = reads().any(|field| field == status) || (rule.noun == Noun::Lead && !is_once);
        Hindsight { as_now, lost_leads: if depends { lost_leads(evaluation) } else { 0 } }
    }
}

/// Whether the value of today says little of the one at the time. Of what the rules declare beside the
/// standard fields, that of a seller or team says what is expected of it, and that of a customer mostly who it
/// is, unless it is asked for.
fn is_late(schema: &Schema, field: FieldRef, is_asked: bool) -> bool {
    let Some(name) = schema.definition(field).map(|field| field.name.as_str()) else {
        return false;
    };
    if Schema::default().definition(field).is_none() {
        return match field.noun {
            Noun::Opportunity | Noun::Lead | Noun::Activity => true,
            Noun::Seller | Noun::Team => false,
            _ => is_asked,
        };
    }
    match field.noun {
        Noun::Opportunity => matches!(name, "stage" | "amount" | "margin" | "expected_close"),
        Noun::Lead => matches!(name, "temperature" | "customer"),
        Noun::Customer => name == "status",
        Noun::Campaign => matches!(name, "status" | "learning" | "outcome"),
        Noun::Activity => matches!(name, "preparation" | "outcome" | "learning" | "note"),
        _ => false,
    }
}

fn lost_leads(evaluation: &Evaluation<'_>) -> u64 {
    let store: &Store = evaluation.store();
    let is_lost = |lead: &Item| {
        evaluation.value(*lead, store.fields.lead_status) == Some(Known::Text("lost"))
    };
    store.items(Noun::Lead).filter(is_lost).count() as u64
}
