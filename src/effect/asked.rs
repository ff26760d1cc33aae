//! Which rules are asked about.

use crate::check::rules::{Compiled, Rule};
use crate::diagnostic::nearest;
use crate::ruleset::EvaluateError;

/// For how many months results can be followed.
const MOST_MONTHS: u32 = 60;

/// Which rules are asked about, and how long results are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Only the rules that support this goal, and its funnel.
    pub goal: Option<String>,
    /// The ids of the rules, whether they support a goal or not; where there are none, all that
    /// support one.
    pub rules: Vec<String>,
    /// How many months after a landmark results count, from 1 to 60.
    pub months: u32,
}

impl Default for Asked {
    /// All rules that support a goal, with results in the six months after.
    fn default() -> Self {
        Asked { goal: None, rules: Vec::new(), months: 6 }
    }
}

/// Why nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoEffect {
    /// There is no such goal.
    #[error("no goal is called `{name}`{}", if *is_any { meant(nearest.as_deref()) } else { ": the rules have none".to_owned() })]
    UnknownGoal {
        /// What was asked for.
        name: String,
        /// Whether there is any goal.
        is_any: bool,
        /// What was perhaps meant.
        nearest: Option<String>,
    },
    /// There is no such rule.
    #[error("no rule has the id `{id}`{}", meant(nearest.as_deref()))]
    UnknownRule {
        /// What was asked for.
        id: String,
        /// What was perhaps meant.
        nearest: Option<String>,
    },
    /// No rule says that it supports a goal.
    #[error(
        "no rule supports a goal: say `supports GOAL` of the rules that are to lead to one, or name the rules to look at"
    )]
    NothingSupports,
    /// No rule supports this one.
    #[error(
        "no rule supports the goal `{0}`: say `supports {0}` of the rules that are to lead to it, or name the rules to look at"
    )]
    NothingSupportsIt(String),
    /// The follow-up is too short or too long.
    #[error("results cannot be followed for {0} months: expected 1 to {MOST_MONTHS}")]
    Months(u32),
    /// The data does not go with the rules.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"))
}

impl Asked {
    /// The rules that are meant, as written.
    pub(super) fn chosen<'r>(&self, rules: &'r Compiled) -> Result<Vec<&'r Rule>, NoEffect> {
        if !(1..=MOST_MONTHS).contains(&self.months) {
            return Err(NoEffect::Months(self.months));
        }
        if let Some(name) = &self.goal
            && !rules.goals.iter().any(|goal| goal.name == *name)
        {
            let known = rules.goals.iter().map(|goal| goal.name.as_str());
            let nearest = nearest(name, known).map(str::to_owned);
            let is_any = !rules.goals.is_empty();
            return Err(NoEffect::UnknownGoal { name: name.clone(), is_any, nearest });
        }
        let ids = || rules.rules.iter().map(|rule| rule.id.as_str());
        if let Some(id) = self.rules.iter().find(|id| !ids().any(|known| known == **id)) {
            let nearest = nearest(id, ids()).map(str::to_owned);
            return Err(NoEffect::UnknownRule { id: id.clone(), nearest });
        }
        let is_meant = |rule: &&Rule| match (&self.goal, rule.supports.as_ref()) {
            _ if !self.rules.is_empty() => self.rules.contains(&rule.id),
            (Some(goal), supported) => supported == Some(goal),
            (None, supported) => supported.is_some(),
        };
        let chosen: Vec<&Rule> = rules.rules.iter().filter(is_meant).collect();
        match &self.goal {
            _ if !chosen.is_empty() => Ok(chosen),
            Some(goal) => Err(NoEffect::NothingSupportsIt(goal.clone())),
            None => Err(NoEffect::NothingSupports),
        }
    }
}
