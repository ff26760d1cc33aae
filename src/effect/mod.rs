//! Whether targets work: what came of those that met a rule, and of those that missed it.
//!
//! Only facts are here, exact and by the same engine that judges: who met which rule in which earlier
//! period, with whom it can be compared, and what came of it afterwards. Estimates are made of them in
//! `kadence-statistics`.
//!
//! A rule is judged as of the end of each earlier period, the **landmark**; where it asks that a deadline is
//! kept and nothing else, the landmark of each subject is that day. Results are what happens in
//! the months after it, the **follow-up**: what was sold before cannot be an effect, and whoever had
//! been decided by then is left out. Only landmarks whose whole follow-up is over count, so that all
//! have had the same time. What was known at the landmark goes with each case: how old its subject was, and
//! what was open with it. What cannot have been known then is not taken for known: an activity of which
//! nobody knows when it was entered is known once it is held, and of a rule that tests what may have been
//! set later, that is said ([`Hindsight`]).

mod asked;
mod deals;
mod hindsight;
mod leads;
mod observe;
mod steps;
mod strata;

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::check::rules::{Compiled, Rule};
use crate::engine::{Evaluation, Options, Store};
use crate::model::calendar::{plus_days, plus_months};
use crate::model::{Dataset, FieldRef, Noun, Number, Schema};
use crate::plan::Plan;
use crate::ruleset::{AsOf, RuleSet};
use crate::verdict::RuleInfo;

use deals::Sales;
use steps::Steps;

pub use asked::{Asked, NoEffect};
pub use hindsight::Hindsight;
pub use strata::{Peer, Size};

/// For how many days before it closed the activities of a deal are looked at.
pub const DAYS_BEFORE: i64 = 90;

/// How many months back effort is counted.
pub const EFFORT_MONTHS: i64 = 12;

/// What the data says of whether rules work.
///
/// ```
/// use kadence::effect::{Asked, Facts};
/// use kadence::{Activity, ActivityStatus, AsOf, Customer, Dataset, Moment, NoFiles, Opportunity,
///     OpportunityStatus, RuleSet};
///
/// let text = "goal sales = sum amount of won opportunities >= 1m per year\n\
///             customer: calls >= 1 per quarter   as called   supports sales\n";
/// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
/// let mut data = Dataset::builder(rules.schema());
/// data.add(Customer::new("acme"));
/// data.add(Customer::new("zeta"));
/// let at = "2026-02-01T10:00".parse::<Moment>()?;
/// let call = Activity::new("a1", "call", ActivityStatus::Completed, at);
/// data.add(Activity { customer: Some("acme".into()), ..call });
/// let (created, closed) = ("2026-01-10".parse().ok(), "2026-05-10".parse().ok());
/// let (customer, amount) = (Some("acme".into()), Some(rust_decimal::Decimal::from(9000)));
/// let won = Opportunity { customer, amount, created, closed, ..Opportunity::new("deal") };
/// data.add(Opportunity { status: Some(OpportunityStatus::Won), ..won });
/// data.complete_from("2026-01-01".parse()?);
/// let (data, _notes) = data.build()?;
///
/// let asked = Asked { months: 3, ..Asked::default() };
/// let facts = Facts::new(&rules, &data, "2026-06-30".parse::<AsOf>()?, &asked)?;
/// let called = &facts.rules[0];
/// let told: Vec<_> = called.observations.iter().map(|one| {
///     (called.subjects[one.subject].id.as_str(), one.met, one.results.won)
/// }).collect();
/// // As of the end of March: what came of it until the end of June.
/// assert_eq!(told, [("acme", true, 1), ("zeta", false, 0)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: String,
    /// The as-of day.
    pub day: NaiveDate,
    /// How many months after a landmark, and after a lead came into being, results count.
    pub months: u32,
    /// The goal whose funnel is followed; none where the usual one is, because no goal says one.
    pub goal: Option<String>,
    /// The steps of that funnel, as written.
    pub steps: Vec<String>,
    /// Whether it starts with leads: if not, no lead can be followed through it.
    pub is_of_leads: bool,
    /// The rules that were asked about, as written.
    pub rules: Vec<Observed>,
    /// The kinds of activities.
    pub kinds: Vec<String>,
    /// The opportunities that closed on a known day, by that day, then id.
    pub deals: Vec<Deal>,
    /// The leads, by id, of which it is known when they came into being and, if they converted, when.
    pub leads: Vec<Origin>,
    /// What is left out everywhere.
    pub gaps: Gaps,
    /// The first day of those in which effort is counted.
    pub effort_since: NaiveDate,
    /// How often each seller took the step before the last, by id.
    pub sellers: Vec<Effort>,
    /// How often it was taken with customers of each segment that has any, by name.
    pub segments: Vec<Effort>,
}

/// How many things have no place in time, so that nothing can be said of them, and up to when activities
/// are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gaps {
    /// Opportunities that are won or lost on no known day.
    pub undated_deals: u64,
    /// Opportunities that closed before they were created. How long they took is unknown.
    pub reversed_deals: u64,
    /// Leads that came into being on no known day.
    pub undated_leads: u64,
    /// Leads that converted on no known day.
    pub undated_conversions: u64,
    /// The last day of which all activities are known, where the follow-up goes on after it.
    pub complete_through: Option<NaiveDate>,
}

/// Who met a rule and who missed it, period by period.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The rule.
    pub rule: RuleInfo,
    /// Whose results are looked at: those whom the rule judges; of activities and of members, whom they
    /// are about. In the order in which they first occur.
    pub subjects: Vec<Peer>,
    /// By landmark.
    pub observations: Vec<Observation>,
    /// The landmarks as of which it was judged, the earliest first.
    pub landmarks: Vec<NaiveDate>,
    /// Who was judged and is left out.
    pub left_out: LeftOut,
    /// Why nothing can be concluded of who met it, if that is so.
    pub hindsight: Hindsight,
}

/// One subject in one period, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Its place among the subjects.
    pub subject: usize,
    /// The place of its period among the landmarks.
    pub period: usize,
    /// The last day of the period, or that of the deadline where nothing else is asked; the follow-up begins
    /// on the next.
    pub landmark: NaiveDate,
    /// How many whole months before it the customer, lead or opportunity was created, where that is known.
    pub months_old: Option<u32>,
    /// How many opportunities of a customer were open.
    pub open_deals: u64,
    /// Whether one of a customer's was created or closed in the period.
    pub deals_moved: bool,
    /// Whether the rule was met; if not, it was missed.
    pub met: bool,
    /// What happened in the follow-up.
    pub results: Results,
}

/// What happened in a follow-up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// How many of the subject's opportunities were won.
    pub won: u64,
    /// How many were lost.
    pub lost: u64,
    /// What those that were won come to; none where that of one is unknown.
    pub amount: Option<Number>,
    /// The margin of those that were won; none where that of one is unknown.
    pub margin: Option<Number>,
    /// Of an opportunity that was won, the days from the landmark to its close. Of others, of each that was
    /// created after the landmark and won: the days from its creation to its close.
    pub days_to_close: Vec<i64>,
    /// How many of the subject's leads could convert: those that came in the follow-up. A lead itself is
    /// one.
    pub leads: u64,
    /// How many of these did.
    pub converted: u64,
}

/// How many cases are left out, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The rule did not apply.
    pub not_applicable: u64,
    /// Nobody knows: data is missing.
    pub unknown: u64,
    /// On track or at risk still: a part of a longer period, grace, a warning.
    pub undecided: u64,
    /// The opportunity was closed or the lead converted by the landmark.
    pub settled: u64,
    /// The activity is about nobody whose results are known.
    pub about_nobody: u64,
}

/// An opportunity that was won or lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Deal {
    /// With whom it can be compared.
    pub peer: Peer,
    /// The day on which it closed.
    pub closed: NaiveDate,
    /// Whether it was won; if not, it was lost.
    pub won: bool,
    /// Its amount.
    pub amount: Option<Number>,
    /// Its margin.
    pub margin: Option<Number>,
    /// The places of the kinds of which there was an activity with its customer, or about itself where
    /// it has none, in the [`DAYS_BEFORE`] days before the one on which it closed; none where the
    /// activities of these days are not all known.
    pub kinds_before: Option<Vec<usize>>,
}

/// A lead and what came of it within so many months.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Its id.
    pub id: String,
    /// Where it came from.
    pub source: Option<String>,
    /// The id and the name of its campaign.
    pub campaign: Option<(String, Option<String>)>,
    /// Whether these months are over.
    pub is_old_enough: bool,
    /// Whether it was converted in them.
    pub converted: bool,
    /// Which of the steps it reached in them.
    pub steps: Vec<bool>,
    /// How many opportunities by it were won in them.
    pub won: u64,
    /// What these come to; none where that of one is unknown.
    pub amount: Option<Number>,
    /// Their margin; none where that of one is unknown.
    pub margin: Option<Number>,
}

/// How often the step before the last was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effort {
    /// The id of the seller, or the name of the segment.
    pub id: String,
    /// The seller's name.
    pub name: Option<String>,
    /// How many things of the step there are.
    pub things: u64,
}

impl Facts {
    /// Reads out of a dataset what there is to say.
    ///
    /// # Errors
    ///
    /// There is no such goal or rule, nothing supports a goal, the months are none or too many, or the
    /// dataset was built for other rules.
    pub fn new(
        rules: &RuleSet,
        data: &Dataset,
        as_of: AsOf,
        asked: &Asked,
    ) -> Result<Facts, NoEffect> {
        if !rules.schema().fits(data.schema()) {
            return Err(crate::ruleset::EvaluateError::OtherSchema.into());
        }
        let chosen = asked.chosen(rules.compiled())?;
        let steps = Steps::of(rules.compiled(), asked.goal.as_deref(), &chosen);
        let plan = Arc::new(Plan::new(&steps.compiled, data.schema().kinds()));
        let fields = Fields::new(data.schema());
        let read = plan.reads().fields.into_iter().chain(fields.all()).collect();
        let store = Store::new(data, &plan.calendar, &read).known_when_held();
        let desk = Desk { rules: &steps.compiled, plan, store: &store, fields };
        let now = as_of.instant(&steps.compiled);
        let of_steps = desk.judge(now, &steps.ids);
        let day = of_steps.day();
        let sales = Sales::new(&of_steps, fields);
        let found = steps.found(&of_steps);
        let effort_since = plus_days(plus_months(day, -EFFORT_MONTHS), 1);
        Ok(Facts {
            as_of: of_steps.written(),
            day,
            months: asked.months,
            rules: desk.observe(&chosen, (&of_steps, &sales), asked.months),
            kinds: data.schema().kinds().to_vec(),
            deals: sales.closed_deals(&of_steps, fields),
            gaps: sales.gaps(&of_steps),
            leads: leads::origins(&of_steps, (fields, &sales), &found, asked.months),
            effort_since,
            sellers: found.by_seller(&of_steps, effort_since),
            segments: found.by_segment(&of_steps, effort_since),
            is_of_leads: steps.is_of_leads,
            goal: steps.goal,
            steps: steps.written,
        })
    }
}

/// What it takes to judge as of one moment after another.
struct Desk<'d> {
    rules: &'d Compiled,
    plan: Arc<Plan>,
    store: &'d Store,
    fields: Fields,
}

impl<'d> Desk<'d> {
    fn judge(&self, as_of: chrono::DateTime<chrono::Utc>, only: &[String]) -> Evaluation<'d> {
        let options = Options { as_of, from: Some(NaiveDate::MIN), history: false, only };
        Evaluation::new(self.rules, self.plan.clone(), self.store, &options).decide()
    }

    fn info(&self, rule: &Rule) -> RuleInfo {
        rule.info(&self.rules.sources)
    }
}

/// The fields that are read beside those of the rules.
#[derive(Debug, Clone, Copy)]
struct Fields {
    amount: Option<FieldRef>,
    margin: Option<FieldRef>,
    revenue: Option<FieldRef>,
    source: Option<FieldRef>,
}

impl Fields {
    fn new(schema: &Schema) -> Self {
        Fields {
            amount: schema.field_ref(Noun::Opportunity, "amount"),
            margin: schema.field_ref(Noun::Opportunity, "margin"),
            revenue: schema.field_ref(Noun::Customer, "revenue"),
            source: schema.field_ref(Noun::Lead, "source"),
        }
    }

    fn all(self) -> impl Iterator<Item = FieldRef> {
        [self.amount, self.margin, self.revenue, self.source].into_iter().flatten()
    }
}

/// The sum of what is known; none where one of them is not.
fn total<'n>(numbers: impl Iterator<Item = Option<&'n Number>>) -> Option<Number> {
    numbers.into_iter().try_fold(Number::zero(), |sum, number| Some(sum + number?))
}
