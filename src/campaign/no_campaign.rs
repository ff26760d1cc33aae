//! Why there is no review, in words.

use super::facts::Facts;
use crate::diagnostic::nearest_things;
use crate::prepared::did_you_mean;

/// Why a campaign cannot be reviewed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoCampaign {
    /// There is none at all.
    #[error("no campaign `{name}`: the data has no campaigns")]
    None {
        /// What was asked for.
        name: String,
    },
    /// There is no such campaign.
    #[error("no campaign has the id or the name `{name}`{}", did_you_mean(nearest))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The ids and the names of those that were perhaps meant.
        nearest: Vec<(String, Option<String>)>,
    },
    /// Several have the name.
    #[error("{} campaigns have the name `{name}`: name one by its id, {}", ids.len(), one_of(ids))]
    Several {
        /// What was asked for.
        name: String,
        /// Their ids, in their order.
        ids: Vec<String>,
    },
}

impl NoCampaign {
    /// `found` are those that have the name, none or several.
    pub(super) fn new(name: &str, found: &[&Facts], all: &[Facts]) -> Self {
        let name = name.to_owned();
        if all.is_empty() {
            return NoCampaign::None { name };
        }
        if found.is_empty() {
            let known = |facts: &'_ Facts| (facts.about.id.clone(), facts.about.name.clone());
            let known: Vec<(String, Option<String>)> = all.iter().map(known).collect();
            let known = known.iter().map(|(id, name)| (id.clone(), name.as_deref()));
            return NoCampaign::Unknown { nearest: nearest_things(&name, known), name };
        }
        let ids = found.iter().map(|facts| facts.about.id.clone()).collect();
        NoCampaign::Several { name, ids }
    }
}

fn one_of(ids: &[String]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    match ids.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => ids.concat(),
    }
}
