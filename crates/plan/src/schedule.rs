//! A plan, as data: the stable JSON of `docs/plan.schema.json`.

use chrono::{NaiveDate, NaiveDateTime};
use kadence::verdict::{Period, ReportProblem, RuleInfo, Subject};
use kadence::{Number, Status};
use serde::{Deserialize, Serialize};

/// What is booked, and what does not fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: String,
    /// The zone that all times of the plan are in.
    pub zone: String,
    /// The first day on which something can be booked.
    pub from: NaiveDate,
    /// The last day; how things stand when it is over is what the plan is made for.
    pub until: NaiveDate,
    /// How many hours of a workday there are for activities.
    pub hours_per_workday: Number,
    /// The rules that something of the plan serves, or that are not kept, as written.
    pub rules: Vec<RuleInfo>,
    /// By id: those who have time or plans, or of whom something is asked.
    pub sellers: Vec<SellerPlan>,
    /// What will be missed or at risk when the last day is over, with the plan as if done: rules as
    /// written, then subjects.
    pub unmet: Vec<Unmet>,
    /// What all verdicts weigh that the plan could keep, and what it keeps.
    pub kept: Kept,
    /// The last day of which all activities are known, where that is before the as-of day: what rules ask
    /// since then is not known, and not planned.
    pub known_through: Option<NaiveDate>,
    /// The same in words; and what was wrong with the data, or is
    /// worth saying about it: a host that read it says so here.
    pub problems: Vec<ReportProblem>,
}

/// The plan of one seller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SellerPlan {
    /// The seller.
    pub seller: Subject,
    /// The workdays on which the seller is there, up to the last day.
    pub workdays: u32,
    /// The minutes that there are for activities on those days.
    pub minutes: i64,
    /// What is booked, in the order of time.
    pub booked: Vec<Booked>,
    /// What is planned already and stays as it is, in the order of time.
    pub planned: Vec<Planned>,
    /// What the seller's verdicts weigh that could be kept, and what is kept.
    pub kept: Kept,
}

/// How good a plan is, by the weights of verdicts that need acts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Of verdicts that would be missed or at risk without a plan and that acts can serve.
    pub asked: Number,
    /// Of those that the plan keeps.
    pub kept: Number,
    /// Nothing of what was tried keeps more than this. Where it is `kept`, no choice among the acts and
    /// days that were tried is better.
    pub most: Number,
}

impl Default for Kept {
    fn default() -> Self {
        Kept { asked: Number::zero(), kept: Number::zero(), most: Number::zero() }
    }
}

/// An activity that is booked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Booked {
    /// Stays the same in a new plan for the same verdict, whatever its day: what a calendar knows it by.
    /// Where an earlier calendar is given, it is that of the event that it takes the place of.
    pub id: String,
    /// When it starts, by the clock of the zone.
    pub start: NaiveDateTime,
    /// How long it takes.
    pub minutes: u32,
    /// Its kind.
    pub kind: String,
    /// These would serve as well.
    pub or: Vec<String>,
    /// With whom or about what; none where that is left open.
    pub subject: Option<Subject>,
    /// The customer or lead behind it, where that is not the subject.
    pub about: Option<Subject>,
    /// The contact with whom; none where it does not matter.
    pub with: Option<Subject>,
    /// What it names in the data.
    pub names: Names,
    /// The last day on which it serves all that it serves; none where any day would do.
    pub by: Option<NaiveDate>,
    /// The verdicts that it serves, the heaviest first.
    pub serves: Vec<Serves>,
}

/// The ids of what an activity is about, as the dataset names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// The seller.
    pub seller: Option<String>,
    /// The customer.
    pub customer: Option<String>,
    /// The contact.
    pub contact: Option<String>,
    /// The lead.
    pub lead: Option<String>,
    /// The opportunity.
    pub opportunity: Option<String>,
    /// The campaign.
    pub campaign: Option<String>,
    /// The activity that led to it.
    pub follows: Option<String>,
}

/// A verdict that something serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serves {
    /// The rule's id.
    pub rule: String,
    /// Who or what is judged.
    pub subject: Subject,
    /// The days that the verdict is about.
    pub period: Option<Period>,
    /// Whether it holds or does not on every day anew, as `every 90 days` does.
    pub is_standing: bool,
}

/// An activity that was planned before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Its id.
    pub id: String,
    /// When it starts, by the clock of the zone.
    pub start: NaiveDateTime,
    /// How long it takes.
    pub minutes: u32,
    /// Its kind.
    pub kind: String,
}

/// What will not be kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unmet {
    /// The rule's id.
    pub rule: String,
    /// Who or what is judged.
    pub subject: Subject,
    /// The id of the seller it belongs to.
    pub owner: Option<String>,
    /// The days that the verdict is about.
    pub period: Option<Period>,
    /// Missed or at risk.
    pub status: Status,
    /// What is missing of a target that is higher than what is measured.
    pub missing: Option<Number>,
    /// Why it is not in the plan.
    pub why: Why,
}

/// Why something is not in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The seller has no time left for it on a day that would do.
    NoTime,
    /// Acts bring it nearer and there is time left, but what can be done is not enough.
    NotEnough,
    /// No workday of the seller lies in time.
    NotThere,
    /// Nobody owns it.
    Nobodys,
    /// It is asked of a team or the company: no one seller's plan.
    Shared,
    /// What would keep it would lose more.
    Costs,
    /// No activity serves it.
    NoAct,
}

impl Why {
    /// In plain words.
    pub fn words(self) -> &'static str {
        match self {
            Why::NoTime => "no time left on a day that would do",
            Why::NotEnough => "what can be done in these days is not enough",
            Why::NotThere => "no workday of the seller lies in time",
            Why::Nobodys => "nobody owns it",
            Why::Shared => "asked of a team or the company",
            Why::Costs => "what would keep it would break what weighs more",
            Why::NoAct => "no single activity serves it",
        }
    }
}
