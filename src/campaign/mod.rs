//! Campaigns from A to Z: prepared, carried out, followed up, learned, sold.
//!
//! A campaign is over when its members were called, somebody wrote down what was learned, and it is
//! known what it brought. [`Campaigns`] reviews each as of a moment, beside those of the same kind that
//! came before it.
//!
//! What it asks of the data it asks in the language (`grammar/campaigns.kpi`): a member was reached
//! if there was a `touchpoint` with it since its campaign's start, and what a touchpoint is the rule
//! set says. So a review agrees with verdicts about whose activities are whose, what exists as of a
//! moment, and what absence proves.
//!
//! The types of its report are the stable JSON of `docs/campaigns.schema.json`: serialised, they are it.

mod facts;
mod no_campaign;
mod questions;
mod report;
mod review;
mod spread;

use std::cmp::Reverse;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::check::rules::Rule;
use crate::engine::{Evaluation, Options, Store};
use crate::model::{Dataset, Noun};
use crate::plan::Plan;
use crate::ruleset::{AsOf, EvaluateError, RuleSet};
use crate::verdict::RuleInfo;

use facts::{Facts, Fields, facts};
use questions::Questions;

pub use no_campaign::NoCampaign;
pub use report::{
    About, Band, ByStatus, CarriedOut, CostPer, Earlier, Figures, FollowedUp, Lack, LeadCounts,
    Learned, Lesson, MemberFollowUp, NamedByStatus, Noted, OpportunityCounts, Overview, Phase,
    Prepared, Reach, ReachedBy, Review, Sold, Speed, Sum, Touch,
};

/// The campaigns of a dataset, as of a moment.
///
/// ```
/// use kadence::campaign::{Campaigns, Reach};
/// use kadence::{Activity, ActivityStatus, AsOf, Campaign, Customer, Dataset, Member, Moment, NoFiles, RuleSet};
///
/// let rules = RuleSet::compile("calls.kpi", "define touchpoint = call | visit", &NoFiles)?;
/// let mut data = Dataset::builder(rules.schema());
/// let start = "2026-09-15".parse().ok();
/// data.add(Campaign { name: Some("Autumn fair".into()), start, ..Campaign::new("fair") });
/// for id in ["acme", "zeta"] {
///     data.add(Customer::new(id));
///     let (campaign, customer) = (Some("fair".into()), Some(id.into()));
///     data.add(Member { campaign, customer, lead: None, extra: Default::default() });
/// }
/// let at = "2026-09-18T10:00".parse::<Moment>()?;
/// let call = Activity::new("a1", "call", ActivityStatus::Completed, at);
/// data.add(Activity { customer: Some("acme".into()), ..call });
/// let (data, _notes) = data.build()?;
///
/// let campaigns = Campaigns::new(&rules, &data, "2026-10-01".parse::<AsOf>()?)?;
/// let followed_up = campaigns.review("Autumn fair")?.followed_up;
/// assert_eq!((followed_up.reached, followed_up.not_reached), (1, 1));
/// assert_eq!(followed_up.speed.median, Some(3.into()));
/// assert_eq!(followed_up.of[0].member.id, "zeta");
/// assert_eq!(followed_up.of[0].reach, Reach::NotReached);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Campaigns {
    asked: Questions,
    plan: Arc<Plan>,
    store: Store,
    as_of: DateTime<Utc>,
    facts: Vec<Facts>,
}

impl Campaigns {
    /// Reads out of a dataset what there is to say about its campaigns.
    ///
    /// # Errors
    ///
    /// The dataset was built for rules with another zone, other kinds or other fields; or the rules
    /// define `touchpoint` as something that is no activity.
    pub fn new(rules: &RuleSet, data: &Dataset, as_of: AsOf) -> Result<Self, EvaluateError> {
        if !rules.schema().fits(data.schema()) {
            return Err(EvaluateError::OtherSchema);
        }
        let asked = Questions::new(rules.compiled())?;
        let plan = Arc::new(Plan::new(&asked.compiled, data.schema().kinds()));
        let fields = Fields::new(data.schema());
        let read = plan.reads().fields.into_iter().chain(fields.all()).collect();
        let store = Store::new(data, &plan.calendar, &read);
        let as_of = as_of.instant(&asked.compiled);
        let mut campaigns = Campaigns { asked, plan, store, as_of, facts: Vec::new() };
        let of_members = campaigns.rules_about(Noun::Member).map(|(_, rule)| &rule.id);
        let only: Vec<String> =
            of_members.chain(campaigns.asked.all()).map(String::clone).collect();
        let read = facts(&campaigns.evaluation(&only).decide(), &campaigns.asked, fields);
        campaigns.facts = read;
        Ok(campaigns)
    }

    /// All of them, each in a line.
    pub fn overview(&self) -> Overview {
        let mut campaigns: Vec<_> = self.facts.iter().map(Facts::figures).collect();
        campaigns.sort_by_key(|one| Reverse(one.about.start));
        let evaluation = self.evaluation(&[]);
        Overview {
            schema: 1,
            as_of: evaluation.written(),
            day: evaluation.day(),
            campaigns,
            problems: Vec::new(),
        }
    }

    /// One of them from A to Z, by its id or its name.
    ///
    /// # Errors
    ///
    /// There is no such campaign, or several have the name.
    pub fn review(&self, name: &str) -> Result<Review, NoCampaign> {
        let facts = self.find(name)?;
        let evaluation = self.evaluation(&[]);
        let day = evaluation.day();
        let earlier = self.earlier(facts);
        let lessons = earlier.iter().map(|earlier| earlier.lesson()).collect();
        let age = facts.about.start.filter(|start| *start <= day);
        let age = age.map(|start| (day - start).num_days());
        let compared = |earlier: &&Facts| Earlier {
            figures: earlier.figures(),
            reached_at_that_age: age.and_then(|age| earlier.reached_within(age)),
        };
        Ok(Review {
            schema: 1,
            as_of: evaluation.written(),
            day,
            campaign: facts.about.clone(),
            prepared: self.prepared(&evaluation, facts),
            carried_out: facts.carried_out(),
            followed_up: facts.followed_up(),
            learned: facts.learned(day, lessons),
            sold: facts.sold(),
            earlier: earlier.iter().map(compared).collect(),
            problems: Vec::new(),
        })
    }

    /// By id, else by name, else by name in whatever case.
    fn find(&self, name: &str) -> Result<&Facts, NoCampaign> {
        if let Some(one) = self.facts.iter().find(|facts| facts.about.id == name) {
            return Ok(one);
        }
        let named = |is_meant: &dyn Fn(&str) -> bool| -> Vec<&Facts> {
            let is_named = |facts: &&Facts| facts.about.name.as_deref().is_some_and(is_meant);
            self.facts.iter().filter(is_named).collect()
        };
        let mut found = named(&|own| own == name);
        if found.is_empty() {
            let folded = name.to_lowercase();
            found = named(&|own| own.to_lowercase() == folded);
        }
        match found.as_slice() {
            [one] => Ok(one),
            _ => Err(NoCampaign::new(name, &found, &self.facts)),
        }
    }

    /// Those of the same kind that started before it, the latest first.
    fn earlier(&self, of: &Facts) -> Vec<&Facts> {
        let (Some(kind), Some(start)) = (&of.about.kind, of.about.start) else { return Vec::new() };
        let is_earlier = |other: &&Facts| {
            let has_started_before = other.about.start.is_some_and(|other| other < start);
            other.about.kind.as_ref() == Some(kind) && has_started_before
        };
        let mut earlier: Vec<&Facts> = self.facts.iter().filter(is_earlier).collect();
        earlier.sort_by_key(|other| Reverse(other.about.start));
        earlier
    }

    fn prepared(&self, evaluation: &Evaluation<'_>, facts: &Facts) -> Prepared {
        let sources = &self.asked.compiled.sources;
        let judged = self.rules_about(Noun::Campaign).filter_map(|(place, rule)| {
            Some((rule.info(sources), evaluation.verdict(place, &facts.about.id)?))
        });
        let (rules, verdicts) = judged.unzip();
        let member_rules: Vec<RuleInfo> = self
            .rules_about(Noun::Member)
            .filter(|(_, rule)| facts.member_verdicts.iter().any(|judged| judged.id == rule.id))
            .map(|(_, rule)| rule.info(sources))
            .collect();
        let unprepared = facts.planned().filter(|one| !one.is_prepared);
        Prepared {
            members: facts.members.len() as u64,
            members_to_come: facts.members_to_come,
            lacks: facts.lacks(),
            planned: facts.planned().count() as u64,
            unprepared: unprepared.map(|one| one.touch.clone()).collect(),
            rules,
            verdicts,
            member_rules,
            member_verdicts: facts.member_verdicts.clone(),
        }
    }

    /// The rules of the rule set about a noun, with their places: the questions are none.
    fn rules_about(&self, noun: Noun) -> impl Iterator<Item = (usize, &Rule)> {
        let is_asked = |rule: &Rule| self.asked.all().contains(&&rule.id);
        let rules = self.asked.compiled.rules.iter().enumerate();
        rules.filter(move |(_, rule)| rule.subject.noun == noun && !is_asked(rule))
    }

    /// However long ago a deadline was, it is judged.
    fn evaluation<'c>(&'c self, only: &'c [String]) -> Evaluation<'c> {
        let from = Some(NaiveDate::MIN);
        let options = Options { as_of: self.as_of, from, history: false, only };
        Evaluation::new(&self.asked.compiled, self.plan.clone(), &self.store, &options)
    }
}
