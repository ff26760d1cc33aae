//! What a review of campaigns says: the stable JSON of `docs/campaigns.schema.json`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::Number;
use crate::verdict::{NamedTally, ReportProblem, RuleInfo, Subject, Verdict};

/// All campaigns, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: String,
    /// The as-of day.
    pub day: NaiveDate,
    /// A line for each campaign: by start, the latest first, those without one last; then by id.
    pub campaigns: Vec<Figures>,
    /// What was wrong with the data, or is worth saying about it.
    pub problems: Vec<ReportProblem>,
}

/// One campaign from A to Z.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: String,
    /// The as-of day.
    pub day: NaiveDate,
    /// Which campaign it is.
    pub campaign: About,
    /// How well it was prepared.
    pub prepared: Prepared,
    /// What was done.
    pub carried_out: CarriedOut,
    /// Whom it reached.
    pub followed_up: FollowedUp,
    /// What was learned.
    pub learned: Learned,
    /// What was sold.
    pub sold: Sold,
    /// The campaigns of the same kind that started before it, the latest first.
    pub earlier: Vec<Earlier>,
    /// What was wrong with the data, or is worth saying about it.
    pub problems: Vec<ReportProblem>,
}

/// A campaign as the data has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What sort of campaign it is.
    pub kind: Option<String>,
    /// `marketing` or `sales`.
    pub initiator: Option<String>,
    /// The id of the seller who is responsible.
    pub owner: Option<String>,
    /// `planned`, `prepared`, `running`, `done` or `cancelled`.
    pub status: Option<String>,
    /// Its first day.
    pub start: Option<NaiveDate>,
    /// Its last day.
    pub end: Option<NaiveDate>,
    /// Where the as-of day lies.
    pub phase: Phase,
    /// What it cost.
    pub cost: Option<Number>,
}

impl About {
    /// Whether it was called off.
    pub fn is_cancelled(&self) -> bool {
        self.status.as_deref() == Some("cancelled")
    }
}

/// Where the as-of day lies, seen from a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before its first day.
    NotBegun,
    /// It has begun, and its last day is not over or not known.
    Begun,
    /// Its last day is over.
    Over,
    /// Its first day is unknown, and its last day is not over.
    Unknown,
}

/// How well a campaign was prepared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// How many members it has whose customer or lead is there.
    pub members: u64,
    /// How many more have a customer or lead that came into being later than the as-of day.
    pub members_to_come: u64,
    /// What is not known of it, or not there.
    pub lacks: Vec<Lack>,
    /// How many activities are planned, overdue ones included.
    pub planned: u64,
    /// Those of them whose preparation is unknown, in the order of their days.
    pub unprepared: Vec<Touch>,
    /// The rules about campaigns that judge it, as written.
    pub rules: Vec<RuleInfo>,
    /// Their verdicts, whatever day they look back to.
    pub verdicts: Vec<Verdict>,
    /// The rules about members that judge any of its members, as written.
    pub member_rules: Vec<RuleInfo>,
    /// How they judge its members.
    pub member_verdicts: Vec<NamedTally>,
}

/// What a campaign should have and has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Its first day is unknown.
    Start,
    /// Its last day is unknown.
    End,
    /// What sort of campaign it is is unknown.
    Kind,
    /// Its status is unknown.
    Status,
    /// Nobody is responsible.
    Owner,
    /// Whether marketing or sales set it going is unknown.
    Initiator,
    /// What it costs is unknown.
    Cost,
    /// It has no members.
    Members,
}

impl Lack {
    /// As texts write it.
    pub fn words(self) -> &'static str {
        match self {
            Lack::Start => "start",
            Lack::End => "end",
            Lack::Kind => "kind",
            Lack::Status => "status",
            Lack::Owner => "owner",
            Lack::Initiator => "initiator",
            Lack::Cost => "cost",
            Lack::Members => "members",
        }
    }
}

/// The activities that name a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedOut {
    /// Of all kinds, by all sellers.
    pub all: ByStatus,
    /// By kind, in the order of their names.
    pub kinds: Vec<NamedByStatus>,
    /// By seller, in the order of their ids; those of nobody last, without an id.
    pub sellers: Vec<NamedByStatus>,
    /// The day of the first completed one.
    pub first: Option<NaiveDate>,
    /// The day of the last completed one.
    pub last: Option<NaiveDate>,
    /// The day of the next planned one.
    pub next: Option<NaiveDate>,
}

/// How many activities have which status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ByStatus {
    /// How many are completed.
    pub completed: u64,
    /// How many are planned, on days that are not over.
    pub planned: u64,
    /// How many are planned, and their day is over.
    pub overdue: u64,
    /// How many are cancelled.
    pub cancelled: u64,
}

/// The activities of one kind or seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedByStatus {
    /// The kind, or the seller's id.
    pub id: Option<String>,
    /// How many.
    #[serde(flatten)]
    pub counts: ByStatus,
}

/// Whom a campaign reached: with whom of its members there was a touchpoint, on or after its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowedUp {
    /// How many members it has: reached, not reached and not known.
    pub members: u64,
    /// How many were reached.
    pub reached: u64,
    /// How many were not.
    pub not_reached: u64,
    /// Of how many it is not known.
    pub not_known: u64,
    /// Who was the first to reach how many, in the order of ids; nobody last, without an id.
    pub by: Vec<ReachedBy>,
    /// How fast.
    pub speed: Speed,
    /// The leads that came of it.
    pub leads: LeadCounts,
    /// Every member: those not reached, those not known, those reached; by owner, then id.
    pub of: Vec<MemberFollowUp>,
}

/// The members whom one seller was the first to reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedBy {
    /// The seller's id; none where the first touchpoint names nobody.
    pub seller: Option<String>,
    /// How many.
    pub reached: u64,
    /// The median of their days from the campaign's start, of those that are known.
    pub median_days: Option<Number>,
}

/// The days from a campaign's start to the first touchpoint with each member that was reached.
///
/// Quartiles lie between two values in proportion, as spreadsheets have them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Speed {
    /// Of how many it is known which touchpoint was the first. It is not where activities are known
    /// from a later day than the start, or through an earlier day than that of the touchpoint.
    pub known: u64,
    /// The fewest days.
    pub least: Option<i64>,
    /// The lower quartile.
    pub lower_quartile: Option<Number>,
    /// The median.
    pub median: Option<Number>,
    /// The upper quartile.
    pub upper_quartile: Option<Number>,
    /// The most days.
    pub most: Option<i64>,
    /// How many were reached in which days.
    pub days: Vec<Band>,
}

/// The members that were reached in some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The first of the days after the start; 0 is the day of the start.
    pub from: i64,
    /// The last of them; none where there is no last.
    pub to: Option<i64>,
    /// How many.
    pub members: u64,
}

/// How many leads came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LeadCounts {
    /// All of them.
    pub leads: u64,
    /// How many are open.
    pub open: u64,
    /// How many became customers.
    pub converted: u64,
    /// How many are lost.
    pub lost: u64,
    /// Of how many that is unknown.
    pub unknown: u64,
}

/// How it stands with a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFollowUp {
    /// The customer or lead that it is; where it names neither, the member.
    pub member: Subject,
    /// The id of the seller whose it is.
    pub owner: Option<String>,
    /// Whether it was reached.
    pub reach: Reach,
    /// Why that is not known.
    pub reason: Option<String>,
    /// The first touchpoint with it, of those that are known.
    pub first: Option<Touch>,
    /// The days from the start of the campaign to the first touchpoint, where it is known that it
    /// was the first.
    pub days: Option<i64>,
    /// How many touchpoints there were with it.
    pub touchpoints: u64,
    /// The next planned one.
    pub next: Option<Touch>,
}

/// Whether a member was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// There was no touchpoint with it.
    NotReached,
    /// Nobody can know.
    NotKnown,
    /// There was a touchpoint with it.
    Reached,
}

impl Reach {
    /// As tables write it: `not reached`.
    pub fn words(self) -> &'static str {
        match self {
            Reach::NotReached => "not reached",
            Reach::NotKnown => "not known",
            Reach::Reached => "reached",
        }
    }
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// Its day.
    pub day: NaiveDate,
    /// Its kind.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The id of the seller who performs it.
    pub seller: Option<String>,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// What was learned, if that is recorded.
    pub learning: Option<String>,
    /// What came of it, if that is recorded.
    pub outcome: Option<String>,
    /// Where one of these is missing and the campaign is over: its last day.
    pub missing_since: Option<NaiveDate>,
    /// The days from then to the as-of day.
    pub missing_days: Option<i64>,
    /// What was learned in its activities, in the order of their days.
    pub noted: Vec<Noted>,
    /// What earlier campaigns of the same kind say, the latest first.
    pub lessons: Vec<Lesson>,
}

/// What an activity taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Which activity.
    #[serde(flatten)]
    pub activity: Touch,
    /// What was learned in it.
    pub learning: String,
}

/// What a campaign taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// The campaign's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its first day.
    pub start: Option<NaiveDate>,
    /// What was learned; none if nobody wrote it down.
    pub learning: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
}

/// What was sold to a campaign's leads, and what that cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    /// The opportunities that came of its leads.
    pub opportunities: OpportunityCounts,
    /// What the open ones are worth.
    pub amount_open: Sum,
    /// What the won ones are worth.
    pub amount_won: Sum,
    /// What the won ones earn.
    pub margin_won: Sum,
    /// What the campaign cost.
    pub cost: Option<Number>,
    /// What each result cost.
    pub cost_per: CostPer,
    /// The margin of what was won, less the cost; none where one of them is unknown.
    pub margin_less_cost: Option<Number>,
    /// The amount won for each unit of cost; none where one of them is unknown, or the cost is zero.
    pub amount_per_cost: Option<Number>,
}

/// How many opportunities came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OpportunityCounts {
    /// All of them.
    pub opportunities: u64,
    /// How many are open.
    pub open: u64,
    /// How many are won.
    pub won: u64,
    /// How many are lost.
    pub lost: u64,
    /// Of how many that is unknown.
    pub unknown: u64,
}

/// A sum of which parts may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// All of it; none if any part is unknown.
    pub total: Option<Number>,
    /// What is known of it.
    pub known: Number,
    /// How many parts are unknown.
    pub unknown: u64,
}

/// What each result cost: the cost divided by how many there are. None where the cost is unknown, or
/// where there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CostPer {
    /// For each member reached.
    pub member_reached: Option<Number>,
    /// Whether that is the most that it can be, since more may have been reached than is known.
    pub member_reached_is_at_most: bool,
    /// For each lead.
    pub lead: Option<Number>,
    /// For each lead that became a customer.
    pub converted_lead: Option<Number>,
    /// For each opportunity that was won.
    pub won_opportunity: Option<Number>,
}

/// A campaign in figures, as a line of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Which it is.
    #[serde(flatten)]
    pub about: About,
    /// How many members it has.
    pub members: u64,
    /// How many of them were reached.
    pub reached: u64,
    /// How many were not.
    pub not_reached: u64,
    /// Of how many it is not known.
    pub not_known: u64,
    /// The median of the days to the first touchpoint.
    pub median_days: Option<Number>,
    /// How many of its activities are completed.
    pub completed: u64,
    /// Its leads.
    pub leads: LeadCounts,
    /// Their opportunities.
    pub opportunities: OpportunityCounts,
    /// What the won ones are worth.
    pub amount_won: Sum,
    /// What the won ones earn.
    pub margin_won: Sum,
    /// What each result cost.
    pub cost_per: CostPer,
    /// The margin of what was won, less the cost.
    pub margin_less_cost: Option<Number>,
    /// Whether it is recorded what was learned.
    pub has_learning: bool,
    /// Whether it is recorded what came of it.
    pub has_outcome: bool,
}

/// An earlier campaign of the same kind, in figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Its figures as of the same moment.
    #[serde(flatten)]
    pub figures: Figures,
    /// How many members it had reached when it was as old as the reviewed one is now; none where
    /// that is not known.
    pub reached_at_that_age: Option<u64>,
}
