//! Two rule sets over the same data: who would be judged differently.
//!
//! Whoever changes rules wants to know first what the change would have done. A [`Backtest`] holds
//! an old and a new rule set, says which of their rules belong together and in what they differ, and
//! judges the same past by both, as of as many days as are asked for.
//!
//! The types of its report are the stable JSON of `docs/diff.schema.json`: serialised, they are it.

mod definitions;
mod every;
mod moment;
mod named;
mod report;
mod rules;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::check::rules::Compiled;
use crate::engine::Store;
use crate::model::Noun;
use crate::prepared::{Evaluation, Prepared};
use crate::ruleset::{AsOf, EvaluateError, Options, RuleSet};
use crate::verdict::RuleInfo;

use rules::Differences;

pub use every::Every;
pub use moment::{Comparison, Difference};
pub use report::{
    AsOfDifference, BacktestReport, Change, Counts, DefinitionDifference, Direction,
    ItemDifference, NamedScoreDifference, NamedText, PartDifference, RuleCounts, RuleDifference,
    ScoreDifference, ScoreDifferences, VerdictDifference,
};

/// Which rules of two rule sets belong together, and in what they differ, as a [`Backtest`] has it: the
/// new ones as written, then those that are gone.
pub fn rule_differences(old: &RuleSet, new: &RuleSet) -> Vec<RuleDifference> {
    rules::differences(old.compiled(), new.compiled()).rules
}

/// A rule set with the data that was prepared for it.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// The data.
    pub data: &'a Prepared,
}

/// An old and a new rule set over the same data.
///
/// Rules belong together if they have the same id, or else the same subject and condition; give
/// them names with `as`, and a change of a rule is seen as one. Things belong together by their ids.
///
/// ```
/// use kadence::comparison::{Change, Direction, Side};
/// use kadence::{AsOf, Backtest, Customer, Dataset, NoFiles, RuleSet};
///
/// let old = RuleSet::compile("old.kpi", "customer: calls >= 0 per year   as called", &NoFiles)?;
/// let new = RuleSet::compile("new.kpi", "customer: calls >= 1 per year   as called", &NoFiles)?;
/// let mut data = Dataset::builder(new.schema());
/// data.add(Customer::new("acme"));
/// let (data, _notes) = data.build()?;
/// let (of_old, of_new) = (old.prepare(&data)?, new.prepare(&data)?);
///
/// let backtest = Backtest::new(
///     Side { rules: &old, data: &of_old },
///     Side { rules: &new, data: &of_new },
/// );
/// assert_eq!(backtest.rules()[0].change, Change::Changed);
///
/// let comparison = backtest.at("2026-12-31".parse::<AsOf>()?)?;
/// for difference in comparison.differences() {
///     assert_eq!(difference.direction(), Direction::Worse);
///     assert_eq!(difference.by_new().ok_or("no new one")?.subject(), "acme");
/// }
/// assert_eq!(comparison.counts().worse, 1);
/// assert_eq!(comparison.scores().company.change, Some(-1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Backtest<'a> {
    old: Side<'a>,
    new: Side<'a>,
    /// Those that are looked at.
    rules: Vec<RuleDifference>,
    lists: Vec<ItemDifference>,
    goals: Vec<ItemDifference>,
    /// Whether those are all.
    is_everything: bool,
    /// By noun, which of the old rows is which of the new ones.
    rows: [OnceLock<Rows>; Noun::ALL.len()],
}

impl<'a> Backtest<'a> {
    /// Finds out which rules belong together.
    pub fn new(old: Side<'a>, new: Side<'a>) -> Self {
        let Differences { rules, lists, goals } =
            rules::differences(old.rules.compiled(), new.rules.compiled());
        Backtest { old, new, rules, lists, goals, is_everything: true, rows: Default::default() }
    }

    /// Looks at these rules alone, by an id that they have in one of the rule sets. Scores are then
    /// made of their verdicts alone. Lists and goals are then not looked at.
    ///
    /// # Errors
    ///
    /// Neither rule set has a rule of that id.
    pub fn only(mut self, ids: &[String]) -> Result<Self, EvaluateError> {
        let has = |rule: &RuleDifference, id: &str| {
            [&rule.old, &rule.new].into_iter().flatten().any(|rule| rule.id == id)
        };
        let is_known = |id: &&String| self.rules.iter().any(|rule| has(rule, id));
        if let Some(unknown) = ids.iter().find(|id| !is_known(id)) {
            return Err(EvaluateError::UnknownRule(unknown.clone()));
        }
        if !ids.is_empty() {
            self.rules.retain(|rule| ids.iter().any(|id| has(rule, id)));
            self.lists.clear();
            self.goals.clear();
            self.is_everything = false;
        }
        Ok(self)
    }

    /// The rules of both: the new ones as written, then those that are gone.
    pub fn rules(&self) -> &[RuleDifference] {
        &self.rules
    }

    /// The lists of both: the new ones as written, then those that are gone. They belong together if
    /// they have the same name, or else mean the same.
    pub fn lists(&self) -> &[ItemDifference] {
        &self.lists
    }

    /// The goals of both, likewise.
    pub fn goals(&self) -> &[ItemDifference] {
        &self.goals
    }

    /// What else differs in the words of the rules.
    pub fn definitions(&self) -> Vec<DefinitionDifference> {
        definitions::differences(self.old.rules.compiled(), self.new.rules.compiled())
    }

    /// Judges by both rule sets as of a moment. A day is over in the zone of each.
    ///
    /// # Errors
    ///
    /// As [`RuleSet::judge`] has them.
    pub fn at(&self, as_of: AsOf) -> Result<Comparison<'_>, EvaluateError> {
        let old = self.judge(self.old, as_of, |rule| rule.old.as_ref())?;
        let new = self.judge(self.new, as_of, |rule| rule.new.as_ref())?;
        Ok(Comparison::new(self, as_of, old, new))
    }

    /// Everything, as of some moments. Of the verdicts that differ, no more than `most` are told,
    /// those of the last moments first; all are counted.
    ///
    /// # Errors
    ///
    /// As [`RuleSet::judge`] has them.
    pub fn report(&self, as_ofs: &[AsOf], most: usize) -> Result<BacktestReport, EvaluateError> {
        let mut left = most;
        let mut told = Vec::new();
        for as_of in as_ofs.iter().rev() {
            let comparison = self.at(*as_of)?;
            let at = comparison.told(left);
            left -= at.differences.len();
            told.push(at);
        }
        told.reverse();
        Ok(BacktestReport {
            schema: 1,
            rules: self.rules.clone(),
            lists: self.lists.clone(),
            goals: self.goals.clone(),
            definitions: self.definitions(),
            as_ofs: told,
            problems: Vec::new(),
        })
    }

    /// What a rule set decides; nothing where none of its rules is looked at.
    fn judge(
        &self,
        side: Side<'a>,
        as_of: AsOf,
        rule_of: impl Fn(&RuleDifference) -> Option<&RuleInfo>,
    ) -> Result<Option<Evaluation<'a>>, EvaluateError> {
        let ids = self.rules.iter().filter_map(rule_of).map(|rule| rule.id.clone());
        let only: Vec<String> = ids.filter(|_| !self.is_everything).collect();
        if !self.is_everything && only.is_empty() {
            return Ok(None);
        }
        side.rules.judge(side.data, &Options { only, ..Options::at(as_of) }).map(Some)
    }

    fn compiled(&self) -> &Compiled {
        self.new.rules.compiled()
    }

    /// Which old row is which new one, of things of a noun.
    fn rows(&self, noun: Noun) -> &Rows {
        static SAME: Rows = Rows::Same;
        let rows = self.rows.get(noun.index());
        rows.map_or(&SAME, |rows| {
            rows.get_or_init(|| Rows::new(noun, self.old.data.store(), self.new.data.store()))
        })
    }
}

/// For each new row, the old row of the same thing.
#[derive(Debug)]
enum Rows {
    Same,
    Other(Vec<Option<u32>>),
}

impl Rows {
    fn new(noun: Noun, old: &Store, new: &Store) -> Self {
        let same = old.count(noun) == new.count(noun)
            && new.items(noun).all(|item| old.id(item) == new.id(item));
        if same {
            return Rows::Same;
        }
        let of_old: HashMap<_, _> = numbered(old, noun).zip(old.items(noun)).collect();
        let row = |key| of_old.get(&key).map(|item| item.row);
        Rows::Other(numbered(new, noun).map(row).collect())
    }

    fn old(&self, new: u32) -> Option<u32> {
        match self {
            Rows::Same => Some(new),
            Rows::Other(rows) => rows.get(new as usize).copied().flatten(),
        }
    }
}

/// The ids of things. Members and absences may share one: each has a number too.
fn numbered(store: &Store, noun: Noun) -> impl Iterator<Item = (String, u32)> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    store.items(noun).map(move |item| {
        let id = store.id(item).into_owned();
        let times = seen.entry(id.clone()).or_default();
        *times += 1;
        (id, *times)
    })
}
