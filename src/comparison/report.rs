//! What a backtest says: the stable JSON of `docs/diff.schema.json`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::verdict::{NamedTally, ReportProblem, RuleInfo, Scores, Status, Tally, Verdict};

/// What two rule sets judge differently, as of some days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BacktestReport {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The rules of both: the new ones as written, then those that are gone.
    pub rules: Vec<RuleDifference>,
    /// The lists of both: the new ones as written, then those that are gone.
    pub lists: Vec<ItemDifference>,
    /// The goals of both, likewise.
    pub goals: Vec<ItemDifference>,
    /// What else differs in the words of the rules, by what it is and by name.
    pub definitions: Vec<DefinitionDifference>,
    /// As of which moments both were judged, in the order that was asked for.
    pub as_ofs: Vec<AsOfDifference>,
    /// What was wrong with the data, or is worth saying about it.
    pub problems: Vec<ReportProblem>,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is the same.
    Same,
    /// It is written differently and means the same.
    Reworded,
    /// It has another id and means the same.
    Renamed,
    /// It means something else: by its own words, or by those on which it is built.
    Changed,
    /// Only the new rule set has it.
    Added,
    /// Only the old rule set has it.
    Removed,
}

/// A rule of one or both rule sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleDifference {
    /// What became of it.
    pub change: Change,
    /// The rule in the old rule set.
    pub old: Option<RuleInfo>,
    /// The rule in the new rule set.
    pub new: Option<RuleInfo>,
    /// In what its two versions differ.
    pub parts: Vec<PartDifference>,
}

/// A part of a rule that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartDifference {
    /// `rule` (subject and condition), the word of a modifier, such as `weight`, or `definitions`
    /// where the rule is built on words or rules that differ.
    pub part: String,
    /// What the old rule says; none where it says nothing of it.
    pub old: Option<String>,
    /// What the new rule says.
    pub new: Option<String>,
}

/// A list or a goal of one or both rule sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDifference {
    /// What became of it.
    pub change: Change,
    /// As the old rule set has it.
    pub old: Option<NamedText>,
    /// As the new rule set has it.
    pub new: Option<NamedText>,
}

/// A list or a goal in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedText {
    /// Its name.
    pub name: String,
    /// All of it.
    pub text: String,
}

/// A calendar, or something that is declared or defined, that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionDifference {
    /// `calendar`, `activity`, `field`, `define` or `segment`.
    pub kind: String,
    /// Its name; empty for the calendar.
    pub name: String,
    /// As the old rule set has it.
    pub old: Option<String>,
    /// As the new rule set has it.
    pub new: Option<String>,
}

/// What differs as of one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AsOfDifference {
    /// The as-of instant, with the offset of the new rule set's zone.
    pub as_of: String,
    /// The as-of day.
    pub day: NaiveDate,
    /// A line for each of the rules, in the same order.
    pub rules: Vec<RuleCounts>,
    /// How the scores differ.
    pub scores: ScoreDifferences,
    /// The verdicts that differ: rules in the same order, subjects by id. Fewer than were counted,
    /// where only so many were asked for.
    pub differences: Vec<VerdictDifference>,
}

/// How the verdicts of one rule differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleCounts {
    /// The id of the old rule.
    pub old: Option<String>,
    /// The id of the new rule.
    pub new: Option<String>,
    /// How many verdicts differ in which way; of a rule that only one rule set has, none.
    #[serde(flatten)]
    pub counts: Counts,
    /// The verdicts of the old rule.
    pub old_verdicts: Option<Tally>,
    /// The verdicts of the new rule.
    pub new_verdicts: Option<Tally>,
}

/// How many verdicts differ, by direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// How many are better.
    pub better: u64,
    /// How many are worse.
    pub worse: u64,
    /// How many subjects are judged that were not.
    pub now_judged: u64,
    /// How many subjects are no longer judged.
    pub no_longer_judged: u64,
    /// How many are judged by neither, each in its own way.
    pub unjudged: u64,
    /// How many are the same.
    pub same: u64,
}

impl Counts {
    /// How many differ.
    pub fn differing(&self) -> u64 {
        let Counts { better, worse, now_judged, no_longer_judged, unjudged, same: _ } = self;
        better + worse + now_judged + no_longer_judged + unjudged
    }

    /// Counts one more; without a direction, one that is the same.
    pub fn count(&mut self, direction: Option<Direction>) {
        *match direction {
            Some(Direction::Better) => &mut self.better,
            Some(Direction::Worse) => &mut self.worse,
            Some(Direction::NowJudged) => &mut self.now_judged,
            Some(Direction::NoLongerJudged) => &mut self.no_longer_judged,
            Some(Direction::Unjudged) => &mut self.unjudged,
            None => &mut self.same,
        } += 1;
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        let Counts { better, worse, now_judged, no_longer_judged, unjudged, same } = more;
        self.better += better;
        self.worse += worse;
        self.now_judged += now_judged;
        self.no_longer_judged += no_longer_judged;
        self.unjudged += unjudged;
        self.same += same;
    }
}

/// How one status differs from another, seen from the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Better, in the order missed, at risk, on track, met.
    Better,
    /// Worse.
    Worse,
    /// It was not applicable, unknown, or no subject of the rule.
    NowJudged,
    /// It is not applicable, unknown, or no subject of the rule any more.
    NoLongerJudged,
    /// Neither judges it, each in its own way: not applicable, unknown, or no subject of the rule.
    Unjudged,
}

impl Direction {
    /// From one status to another; none where they are the same. No status: no subject of the rule.
    ///
    /// ```
    /// use kadence::{Status, comparison::Direction};
    ///
    /// let direction = Direction::of(Some(Status::OnTrack), Some(Status::AtRisk));
    /// assert_eq!(direction, Some(Direction::Worse));
    /// let direction = Direction::of(Some(Status::Unknown), Some(Status::Missed));
    /// assert_eq!(direction, Some(Direction::NowJudged));
    /// assert_eq!(Direction::of(None, None), None);
    /// ```
    pub fn of(old: Option<Status>, new: Option<Status>) -> Option<Direction> {
        if old == new {
            return None;
        }
        Some(match (old.and_then(rank), new.and_then(rank)) {
            (Some(old), Some(new)) if old < new => Direction::Better,
            (Some(_), Some(_)) => Direction::Worse,
            (None, Some(_)) => Direction::NowJudged,
            (Some(_), None) => Direction::NoLongerJudged,
            (None, None) => Direction::Unjudged,
        })
    }

    /// As tables write it: `no longer judged`.
    pub fn words(self) -> &'static str {
        match self {
            Direction::Better => "better",
            Direction::Worse => "worse",
            Direction::NowJudged => "now judged",
            Direction::NoLongerJudged => "no longer judged",
            Direction::Unjudged => "unjudged",
        }
    }
}

/// How good a status is, if it says that at all.
fn rank(status: Status) -> Option<u8> {
    match status {
        Status::Missed => Some(0),
        Status::AtRisk => Some(1),
        Status::OnTrack => Some(2),
        Status::Met => Some(3),
        Status::NotApplicable | Status::Unknown => None,
    }
}

/// A subject that a rule judges differently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerdictDifference {
    /// How the new verdict differs from the old one.
    pub direction: Direction,
    /// By the old rule; none where it is no subject of it.
    pub old: Option<Verdict>,
    /// By the new rule.
    pub new: Option<Verdict>,
}

impl VerdictDifference {
    /// The new verdict, or the old one where there is no new one.
    pub fn latest(&self) -> Option<&Verdict> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

/// Scores by the old and by the new rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreDifferences {
    /// Of all verdicts.
    pub company: ScoreDifference,
    /// Of each team, by id.
    pub teams: Vec<NamedScoreDifference>,
    /// Of each seller, by id.
    pub sellers: Vec<NamedScoreDifference>,
}

impl ScoreDifferences {
    pub(crate) fn new(old: Option<&Scores>, new: Option<&Scores>) -> Self {
        let company = |scores: Option<&Scores>| scores.and_then(|scores| scores.company.score);
        ScoreDifferences {
            company: ScoreDifference::new(company(old), company(new)),
            teams: named(old.map(|old| &*old.teams), new.map(|new| &*new.teams)),
            sellers: named(old.map(|old| &*old.sellers), new.map(|new| &*new.sellers)),
        }
    }
}

/// The scores of those who have one by either rule set, by id: both are in that order.
fn named(old: Option<&[NamedTally]>, new: Option<&[NamedTally]>) -> Vec<NamedScoreDifference> {
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let mut scores = std::collections::BTreeMap::<&str, (Option<f64>, Option<f64>)>::new();
    for NamedTally { id, tally } in old {
        scores.entry(id).or_default().0 = tally.score;
    }
    for NamedTally { id, tally } in new {
        scores.entry(id).or_default().1 = tally.score;
    }
    let named = |(id, (old, new)): (&str, _)| NamedScoreDifference {
        id: id.to_owned(),
        score: ScoreDifference::new(old, new),
    };
    scores.into_iter().map(named).collect()
}

/// A score by the old and by the new rules, from 0 to 1, at most four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScoreDifference {
    /// By the old rules; none without verdicts.
    pub old: Option<f64>,
    /// By the new rules.
    pub new: Option<f64>,
    /// New − old, at most four decimals; none where there is not both.
    pub change: Option<f64>,
}

impl ScoreDifference {
    /// From one score to another, each of four decimals at most.
    pub fn new(old: Option<f64>, new: Option<f64>) -> Self {
        // Both have four decimals at most, so that this is exact.
        let whole = |part: f64| (part * 10_000.0).round();
        let change = old.zip(new).map(|(old, new)| (whole(new) - whole(old)) / 10_000.0);
        ScoreDifference { old, new, change }
    }
}

/// The score of one team or seller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedScoreDifference {
    /// Its id.
    pub id: String,
    /// The score by both.
    #[serde(flatten)]
    pub score: ScoreDifference,
}
