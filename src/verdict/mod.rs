//! What evaluation says: verdicts with their evidence, scores and lists.
//!
//! These types are the stable JSON of `docs/verdicts.schema.json`: serialised, they are it.

mod story;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub(crate) use self::story::either;
pub use self::story::{
    Change, Enough, Entry, Form, Lapse, Modifier, NearMiss, Need, Outline, Pace, Part, Prorated,
    Reason, Silence, State, Story, Stretch, What,
};
use crate::model::Number;

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The condition holds.
    Met,
    /// It does not hold yet, and there is no reason to think that it will not.
    OnTrack,
    /// It does not hold yet, and the pace is too low.
    AtRisk,
    /// It does not hold.
    Missed,
    /// The rule says nothing of this subject; the reason is given.
    NotApplicable,
    /// What would decide is not known; the reason is given.
    Unknown,
}

impl Status {
    /// Every status, in the order of the language reference.
    pub const ALL: [Status; 6] = [
        Status::Met,
        Status::OnTrack,
        Status::AtRisk,
        Status::Missed,
        Status::NotApplicable,
        Status::Unknown,
    ];

    /// As rules and tables write it: `on track`.
    pub fn words(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::OnTrack => "on track",
            Status::AtRisk => "at risk",
            Status::Missed => "missed",
            Status::NotApplicable => "not applicable",
            Status::Unknown => "unknown",
        }
    }
}

/// How much a rule matters when it is missed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Worth acting on.
    #[default]
    Warning,
    /// Not to be let slip.
    Critical,
}

/// What an evaluation gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: String,
    /// The as-of day: the local day of the last moment before the as-of instant.
    pub day: NaiveDate,
    /// The rules, as written.
    pub rules: Vec<RuleInfo>,
    /// Rules as written, subjects by id, periods by date.
    pub verdicts: Vec<Verdict>,
    /// Of the company, and by team, seller and rule.
    pub scores: Scores,
    /// The worklists, as written.
    pub lists: Vec<Worklist>,
    /// The goals, as written.
    pub goals: Vec<GoalVerdict>,
    /// What was wrong with the data, or is worth saying about it.
    pub problems: Vec<ReportProblem>,
}

/// A rule, as a report names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleInfo {
    /// Given by `as`, or made from the rule's text.
    pub id: String,
    /// The subject and the condition, as written.
    pub text: String,
    /// The file that it stands in.
    pub file: String,
    /// The line on which it starts, from one.
    pub line: u32,
    /// The noun of its subjects.
    pub subject: String,
    /// How much it matters.
    pub severity: Severity,
    /// What it counts for in scores, an exact decimal.
    pub weight: Number,
    /// Its purpose.
    pub because: Option<String>,
    /// The goal that it supports.
    pub supports: Option<String>,
}

/// A thing that is judged or listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its noun.
    pub kind: String,
    /// Its id. The company's is `company`; a member's is made from campaign and customer or lead.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
}

/// Whole local days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// What is to be said of one subject under one rule in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The rule's id.
    pub rule: String,
    /// Who or what is judged.
    pub subject: Subject,
    /// The id of the seller it belongs to.
    pub owner: Option<String>,
    /// The id of the team it belongs to.
    pub team: Option<String>,
    /// The days it is about; none for a standing condition without a window.
    pub period: Option<Period>,
    /// How things stand.
    pub status: Status,
    /// Whether no later activity can change it, as long as what is known is not corrected.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Why it is not applicable or unknown.
    pub reason: Option<String>,
    /// What was measured.
    pub measured: Option<Number>,
    /// What was asked for.
    pub target: Option<Number>,
    /// Measured ÷ target, from 0 to 1, at most four decimals.
    pub attainment: Option<f64>,
    /// What is planned on top of what was measured.
    pub planned: Option<Number>,
    /// What is missing of the target.
    pub missing: Option<Number>,
    /// The last day on which acting helps.
    pub due: Option<NaiveDate>,
    /// The first day on which, when it is over, the status would be another if nothing happened
    /// but what is planned.
    pub changes: Option<NaiveDate>,
    /// The ids of what counted, in the order of their days, then ids.
    pub evidence: Vec<String>,
    /// All of it in one plain sentence.
    pub sentence: String,
}

/// Scores of the company and its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Of all verdicts.
    pub company: Tally,
    /// Of each team, its child teams included, by id.
    pub teams: Vec<NamedTally>,
    /// Of each seller, by id.
    pub sellers: Vec<NamedTally>,
    /// Of each rule, as written.
    pub rules: Vec<NamedTally>,
}

/// How many verdicts have which status, and the score that they make.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Σ weight of met and on track ÷ Σ weight of met, on track, at risk and missed, from 0 to 1,
    /// at most four decimals; none where there is no such verdict.
    pub score: Option<f64>,
    /// How many are met.
    pub met: u64,
    /// How many are on track.
    pub on_track: u64,
    /// How many are at risk.
    pub at_risk: u64,
    /// How many are missed.
    pub missed: u64,
    /// How many are not applicable.
    pub not_applicable: u64,
    /// How many are unknown.
    pub unknown: u64,
}

impl Tally {
    /// Of rules, by the weight of each: how many verdicts have which status, in the order of
    /// [`Status::ALL`].
    pub(crate) fn of(rules: impl Iterator<Item = (Number, [u64; 6])> + Clone) -> Tally {
        let mut sum = [0; 6];
        for (_, counts) in rules.clone() {
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        let [met, on_track, at_risk, missed, not_applicable, unknown] = sum;
        let score = Tally::score_of(rules).map(|score| score.round_half_up(4).to_f64());
        Tally { score, met, on_track, at_risk, missed, not_applicable, unknown }
    }

    /// Σ weight of met and on track ÷ Σ weight of met, on track, at risk and missed, exactly.
    pub(crate) fn score_of(rules: impl Iterator<Item = (Number, [u64; 6])>) -> Option<Number> {
        // Most rules have the same weight, and whole numbers are soon added.
        let mut of_weights: Vec<(Number, [u64; 2])> = Vec::new();
        for (weight, [met, on_track, at_risk, missed, ..]) in rules {
            let counts = [met + on_track, met + on_track + at_risk + missed];
            match of_weights.iter_mut().find(|(known, _)| *known == weight) {
                Some((_, sums)) => sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n),
                None => of_weights.push((weight, counts)),
            }
        }
        let (mut good, mut all) = (Number::zero(), Number::zero());
        for (weight, [good_ones, all_ones]) in of_weights {
            good = good + &weight * &Number::from(good_ones);
            all = all + weight * Number::from(all_ones);
        }
        good.checked_div(&all)
    }
}

/// A tally of one team, seller or rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedTally {
    /// Its id.
    pub id: String,
    /// The tally.
    #[serde(flatten)]
    pub tally: Tally,
}

/// A list that the rule set asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Worklist {
    /// Its name.
    pub name: String,
    /// What is on it, in its order.
    pub subjects: Vec<ListedSubject>,
}

/// A thing on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedSubject {
    /// What it is.
    #[serde(flatten)]
    pub subject: Subject,
    /// The id of the seller it belongs to.
    pub owner: Option<String>,
}

/// How the company stands with a goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GoalVerdict {
    /// Its name.
    pub id: String,
    /// As written.
    pub text: String,
    /// The days it is about.
    pub period: Option<Period>,
    /// How things stand.
    pub status: Status,
    /// Why it is not applicable or unknown.
    pub reason: Option<String>,
    /// What was measured.
    pub measured: Option<Number>,
    /// What was asked for.
    pub target: Option<Number>,
    /// Measured ÷ target, from 0 to 1, at most four decimals.
    pub attainment: Option<f64>,
    /// All of it in one plain sentence.
    pub sentence: String,
}

/// Something that is wrong with the data, or worth saying about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportProblem {
    /// `error` (the row was left out), `warning` (probably not what was meant) or `note`.
    pub level: String,
    /// The file, where there is one.
    pub file: Option<String>,
    /// The line, from one.
    pub line: Option<u32>,
    /// The column, from one.
    pub column: Option<u32>,
    /// What it is.
    pub message: String,
}
