//! What is said of whether targets work: the stable JSON of `docs/effect.schema.json`.

use chrono::NaiveDate;
use kadence::effect::{Gaps, Hindsight, LeftOut};
use kadence::verdict::{ReportProblem, RuleInfo};
use serde::{Deserialize, Serialize};

use super::FALSE_ALARMS;
use super::compare::{Compared, Difference, LEVEL, Refusal, Side};
use crate::{Interval, Rate};

/// Whether targets work, as far as the data tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: String,
    /// The as-of day.
    pub day: NaiveDate,
    /// How many months after a period, and after a lead came into being, results count.
    pub months: u32,
    /// How many questions were asked of the data at once: `adjusted` takes account of all of them.
    pub questions: u64,
    /// The rules, as written.
    pub rules: Vec<RuleEffect>,
    /// Who takes pains and sells little.
    pub effort: EffortYield,
    /// What happens before deals are won or lost.
    pub kinds: KindsBefore,
    /// What leads of each source and campaign come to.
    pub sources: Sources,
    /// What has no place in time and is left out everywhere.
    pub gaps: Gaps,
    /// What cannot be concluded from it, a sentence each.
    pub caveats: Vec<String>,
    /// What was wrong with the data, or is worth saying about it.
    pub problems: Vec<ReportProblem>,
}

/// An estimate of how much higher a mean or share is on one side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// By how much.
    pub difference: f64,
    /// Its standard error.
    pub error: f64,
    /// The degrees of freedom of the t distribution by which it is weighed.
    pub degrees: f64,
    /// Within what it lies: 95 % of such intervals hold the truth.
    pub interval: Interval,
    /// How seldom such a difference would be seen if there were none.
    pub p: f64,
    /// The same with all questions of the report taken into account (Holm).
    pub adjusted: f64,
    /// Whether it can be told from none: `adjusted` is at most 0.05.
    pub is_detected: bool,
    /// How large an effect would have been noticed in four of five cases.
    pub noticeable: f64,
}

impl Estimate {
    /// Before it is known how many questions are asked beside it.
    pub(super) fn new(found: Difference) -> Estimate {
        Estimate {
            difference: found.difference,
            error: found.error,
            degrees: found.degrees,
            interval: found.interval(LEVEL),
            p: found.p(),
            adjusted: 1.0,
            is_detected: false,
            noticeable: 0.0,
        }
    }

    /// Once the p value is raised, and it is known at which level the first of all questions is
    /// answered.
    pub(super) fn correct(&mut self, adjusted: f64, level: f64) {
        let Estimate { difference, error, degrees, .. } = *self;
        self.adjusted = adjusted;
        self.is_detected = adjusted <= FALSE_ALARMS;
        self.noticeable = Difference { difference, error, degrees }.noticeable(level);
    }
}

/// A difference as one sees it who compares everybody with everybody.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RawDifference {
    /// By how much the mean of those that met it is higher.
    pub difference: f64,
    /// Within what it lies, if nothing else made a difference.
    pub interval: Interval,
    /// How seldom such a difference would be seen if there were none.
    pub p: f64,
}

/// What comes of meeting one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleEffect {
    /// The rule.
    pub rule: RuleInfo,
    /// The ends of the periods as of which it was judged.
    pub periods: Periods,
    /// How many subjects there are.
    pub subjects: u64,
    /// In how many cases, a subject in a period each, it was met.
    pub met: u64,
    /// In how many it was missed.
    pub missed: u64,
    /// How many cases are left out.
    pub left_out: LeftOut,
    /// Why nothing is compared, if the rule tests what may have been set by what came after.
    pub hindsight: Hindsight,
    /// Every result, in the order of [`Outcome`].
    pub results: Vec<ResultEffect>,
}

/// The ends of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Periods {
    /// How many.
    pub count: u64,
    /// The first.
    pub first: Option<NaiveDate>,
    /// The last.
    pub last: Option<NaiveDate>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The share of opportunities that were won, of those that closed.
    WinRate,
    /// What was won.
    AmountWon,
    /// The margin of what was won.
    MarginWon,
    /// The days to close, of opportunities that were won: of an opportunity from the end of the period, else
    /// from creation, of those that were created after it.
    DaysToClose,
    /// The share of leads that converted.
    Conversion,
}

impl Outcome {
    /// All of them, in the order in which they are told.
    pub const ALL: [Outcome; 5] = [
        Outcome::WinRate,
        Outcome::AmountWon,
        Outcome::MarginWon,
        Outcome::DaysToClose,
        Outcome::Conversion,
    ];

    /// As texts write it.
    pub fn words(self) -> &'static str {
        match self {
            Outcome::WinRate => "win rate",
            Outcome::AmountWon => "amount won",
            Outcome::MarginWon => "margin won",
            Outcome::DaysToClose => "days to close",
            Outcome::Conversion => "leads that convert",
        }
    }

    /// Whether it is a share.
    pub fn is_share(self) -> bool {
        matches!(self, Outcome::WinRate | Outcome::Conversion)
    }
}

/// One result of those that met a rule beside that of those that missed it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ResultEffect {
    /// What is looked at.
    pub outcome: Outcome,
    /// Those that met it.
    pub met: Side,
    /// Those that missed it.
    pub missed: Side,
    /// Their difference, everybody compared with everybody.
    pub raw: Option<RawDifference>,
    /// Who could be compared among their like.
    pub compared: Compared,
    /// Their difference among their like; none where it is refused.
    pub among_like: Option<Estimate>,
    /// Why there is no estimate, if there is none.
    pub refused: Option<Refusal>,
}

/// Who takes pains and sells little.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffortYield {
    /// The goal whose funnel it is; none where it is the usual one.
    pub goal: Option<String>,
    /// The step that counts as effort: the one before the last; none where there is no funnel.
    pub step: Option<String>,
    /// The first day of those in which effort and results count.
    pub since: NaiveDate,
    /// The sellers, by id.
    pub sellers: Vec<Yield>,
    /// The segments, by name.
    pub segments: Vec<Yield>,
}

/// Effort and what comes of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Yield {
    /// The id of the seller, or the name of the segment.
    pub id: String,
    /// The seller's name.
    pub name: Option<String>,
    /// How many things of the step there are.
    pub effort: u64,
    /// How many opportunities were won, of those that closed.
    pub won: Rate,
    /// Within what the win rate lies, at 95 %; none where nothing closed.
    pub interval: Option<Interval>,
    /// The same of all others.
    pub others: Rate,
    /// How the win rate differs from that of the others, among deals of one segment (of segments: of one
    /// seller) and size.
    pub win_rate: Option<Against>,
    /// Why there is none, if there is none.
    pub refused: Option<Refusal>,
    /// The middle one of the shares of the amount that are margin, of the deals that were won.
    pub margin: Option<f64>,
    /// The same of all others.
    pub others_margin: Option<f64>,
    /// How `margin` differs from that of the others; none where too few were won. `p` is that of ranks
    /// among like deals, and 1 where these say the opposite.
    pub margins: Option<Against>,
    /// Whether there is effort without yield: as much effort as half of the others or more, and a win
    /// rate or margin that is detectably lower.
    pub is_without_yield: bool,
}

/// A difference from all others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Against {
    /// By how much it is higher.
    pub difference: f64,
    /// How seldom such a difference would be seen if there were none.
    pub p: f64,
    /// The same with all questions of the report taken into account (Holm).
    pub adjusted: f64,
    /// Whether it can be told from none: `adjusted` is at most 0.05.
    pub is_detected: bool,
}

/// What happens before deals are won or lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindsBefore {
    /// On how many days before the one on which a deal closed.
    pub days: u64,
    /// How many won deals there are whose days before are known.
    pub won: u64,
    /// How many lost ones.
    pub lost: u64,
    /// How many deals there are whose days before are not all known.
    pub not_known: u64,
    /// The kinds of which there was any, in their order.
    pub kinds: Vec<KindBefore>,
}

/// How often there was an activity of a kind before deals were won or lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindBefore {
    /// The kind.
    pub kind: String,
    /// Before how many of the deals that were won.
    pub won: Rate,
    /// Before how many of those that were lost.
    pub lost: Rate,
    /// Which deals could be compared: `met` are customers with a deal that was won.
    pub compared: Compared,
    /// How much larger the share is before won deals, among deals of one segment, size, owner and quarter.
    pub among_like: Option<Estimate>,
    /// Why there is no estimate, if there is none.
    pub refused: Option<Refusal>,
}

/// What leads of each source and campaign come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    /// The goal whose funnel is followed; none where it is the usual one.
    pub goal: Option<String>,
    /// Its steps, as written; none where it does not start with leads.
    pub steps: Vec<String>,
    /// All leads that came into being on a known day, and converted on one, if they did.
    pub all: Source,
    /// By source, those whose source is unknown last.
    pub sources: Vec<Source>,
    /// By campaign.
    pub campaigns: Vec<Source>,
    /// Whether sources that do well early do well late.
    pub carry: Carry,
}

/// What the leads of one source or campaign come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The source, or the id of the campaign; none where it is unknown.
    pub id: Option<String>,
    /// The campaign's name.
    pub name: Option<String>,
    /// How many leads there are.
    pub leads: u64,
    /// How many of them are old enough. All else is of these.
    pub old_enough: u64,
    /// How many converted.
    pub converted: Rate,
    /// Within what that share lies, at 95 %; none where no lead is old enough.
    pub interval: Option<Interval>,
    /// How many led to an opportunity that was won.
    pub won: Rate,
    /// Within what that share lies, at 95 %.
    pub won_interval: Option<Interval>,
    /// What was won for each lead; none where an amount is unknown.
    pub amount_per_lead: Option<f64>,
    /// The margin of that; none where one is unknown.
    pub margin_per_lead: Option<f64>,
    /// How many reached each step.
    pub steps: Vec<Rate>,
}

/// Whether sources that do well early do well late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Carry {
    /// The early step, as written.
    pub early: Option<String>,
    /// The late step, as written.
    pub late: Option<String>,
    /// How many sources have enough leads, some of which reached the early step.
    pub sources: u64,
    /// How many are needed.
    pub needed: u64,
    /// How many leads of a source are enough.
    pub leads_needed: u64,
    /// The rank correlation of the share that reaches the early step and the share of these that goes on to
    /// the late one, from −1 to 1; none where there are too few sources, or all are alike.
    pub correlation: Option<f64>,
    /// How seldom it would be as large by chance.
    pub p: Option<f64>,
}
