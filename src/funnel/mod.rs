//! The way to a goal: what went how far through its funnel, and when.
//!
//! `goal … through lead > meeting on lead > offer > won opportunity` names the steps that lead to a
//! result. A [`Funnel`] has the goal's cases: a lead, say, with the meeting that it came to, the offer
//! and the sale. These are facts, as of a moment; what may be expected of them is for others to
//! estimate.
//!
//! - `steps`: what is asked of the data, in the language
//! - `thread`: which things are about the same; `cases`: things threaded to cases

mod cases;
mod no_funnel;
mod steps;
mod thread;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::{self, Evaluation, Store};
use crate::model::calendar::{Days, plus_days};
use crate::model::{Dataset, Item, Noun, Number};
use crate::ruleset::{EvaluateError, Options, RuleSet};
use crate::verdict::{GoalVerdict, Period, RuleInfo, Subject};

pub use no_funnel::NoFunnel;
pub(crate) use thread::Thread;

/// What went how far on the way to a goal.
///
/// Made by [`RuleSet::funnel`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// The as-of day.
    pub day: NaiveDate,
    /// The last day of which all activities are known: the as-of day, or an earlier one. Everything
    /// here is as of that day.
    pub known_through: NaiveDate,
    /// The goal, and how the company stands with it.
    pub goal: GoalVerdict,
    /// What is better.
    pub wants: Wants,
    /// Whether what the goal measures adds up, a count or a sum. Of a share or an average there is
    /// nothing to be said here, and there are no cases.
    pub adds_up: bool,
    /// The field that the goal sums up, as written; none where it counts.
    pub sums: Option<String>,
    /// The days in which it is to be reached; none where they have no end, or where the end moves.
    pub period: Option<Period>,
    /// The workdays of the period.
    pub workdays: Workdays,
    /// The days from which the pace of today is taken.
    pub pace: Pace,
    /// From the first step to what the goal counts.
    pub steps: Vec<Step>,
    /// The rates that the rules assume.
    pub assumed: Vec<Assumed>,
    /// In the order of their first days.
    pub cases: Vec<Case>,
    /// Those who are there, by id.
    pub sellers: Vec<SellerDays>,
    /// The rules that support the goal, as written.
    pub supported_by: Vec<RuleInfo>,
}

/// What is better for a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    /// `>=` and `>`.
    More,
    /// `<=`.
    AtMost,
    /// `<`.
    Less,
    /// `=`, `!=` and `between`.
    Neither,
}

/// How many workdays there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workdays {
    /// Of the whole period.
    pub of: i64,
    /// After the last day that is known.
    pub left: i64,
}

/// The days whose cases say how fast new ones come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// The first of them: a year back, or that of the first case, or that from which activities are
    /// complete, whichever is the latest. The last one is [`Funnel::known_through`].
    pub from: NaiveDate,
    /// How many of them are workdays.
    pub workdays: i64,
    /// How many workdays follow until the end of the period, those before its start too.
    pub ahead: i64,
}

/// A step of the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// As written.
    pub text: String,
    /// The noun of its things.
    pub noun: String,
    /// How many things are of it, whenever that was.
    pub things: u64,
    /// How many of these are in no case, since nobody knows on which day they were.
    pub undated: u64,
    /// How many there were in the period so far.
    pub so_far: u64,
    /// The same by seller, by id; without what is nobody's.
    pub by_seller: Vec<SellerCount>,
}

/// How many things of a step are a seller's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SellerCount {
    /// The seller's id.
    pub seller: String,
    /// How many.
    pub things: u64,
}

/// A rate that the rules assume: `assume offer > won opportunity 25% within 60 days`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumed {
    /// The place of the step from which it leads to the next one.
    pub step: usize,
    /// How many of a hundred go on.
    pub percent: Number,
    /// In how many days, counted from the as-of day.
    pub days: Option<i64>,
}

/// Something on its way through the steps.
///
/// Things are of the same case if they are about the same opportunity, or, where one of them names
/// none, the same lead, or else the same customer. A thing that could go on with several goes on with
/// the one that moved last. Anything that no case was waiting for begins one, at whichever step; a lead
/// or an opportunity that was entered late is put in front of what came of it. What skips a step has
/// reached it when it reached a later one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The step at which it began.
    pub start: usize,
    /// The days on which it reached the steps from there on, as far as it came.
    pub reached: Vec<NaiveDate>,
    /// How many things of each step there were, from the first step on.
    pub things: Vec<u32>,
    /// Whether it was lost: its opportunity was, or its lead; or its opportunity was won and is not
    /// what the goal counts.
    pub is_lost: bool,
    /// The day on which it was, if that is known: of leads that are lost it is not.
    pub lost: Option<NaiveDate>,
    /// What it counts for, where it has reached the last step and that is known.
    pub worth: Option<Number>,
    /// What it would count for by its opportunity, where it is on its way.
    pub expected: Option<Number>,
    /// Whether all that happened of it is known: it began on a day from which activities are
    /// complete.
    pub is_whole: bool,
    /// The id of the seller to whom its last thing belongs.
    pub seller: Option<String>,
}

impl Case {
    /// The last step that it reached.
    pub fn last(&self) -> usize {
        self.start + self.reached.len().saturating_sub(1)
    }

    /// The day on which it reached a step.
    pub fn reached(&self, step: usize) -> Option<NaiveDate> {
        self.reached.get(step.checked_sub(self.start)?).copied()
    }
}

/// The days that a seller has left in the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SellerDays {
    /// Who.
    pub seller: Subject,
    /// Workdays left, without absences.
    pub workdays: i64,
    /// The same times `fte`; an unknown `fte` is 1.
    pub weighed: Number,
}

impl RuleSet {
    /// What went how far on the way to a goal, as of a moment.
    ///
    /// ```
    /// use kadence::{Activity, ActivityStatus, AsOf, Dataset, Lead, Moment, NoFiles, Options, RuleSet};
    ///
    /// let text = "goal meetings = meetings >= 10 per year\n    through lead > meeting";
    /// let rules = RuleSet::compile("goals.kpi", text, &NoFiles)?;
    /// let mut data = Dataset::builder(rules.schema());
    /// let created = Some("2026-03-02T09:00".parse::<Moment>()?);
    /// data.add(Lead { created, ..Lead::new("bo") });
    /// data.add(Lead { created, ..Lead::new("ida") });
    /// let at = "2026-03-12T10:00".parse::<Moment>()?;
    /// let met = Activity::new("a1", "meeting", ActivityStatus::Completed, at);
    /// data.add(Activity { lead: Some("bo".into()), ..met });
    /// let (data, _notes) = data.build()?;
    ///
    /// let options = Options::at("2026-06-30".parse::<AsOf>()?);
    /// let funnel = rules.funnel(&data, &options, "meetings")?;
    /// let steps: Vec<usize> = funnel.cases.iter().map(|case| case.last()).collect();
    /// assert_eq!(steps, [1, 0]);
    /// assert_eq!(funnel.cases[0].reached[1], "2026-03-12".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is no such goal; a step of it is of things that no case can be made of; or as
    /// [`RuleSet::evaluate`].
    pub fn funnel(
        &self,
        data: &Dataset,
        options: &Options,
        goal: &str,
    ) -> Result<Funnel, NoFunnel> {
        if !self.schema().fits(data.schema()) {
            return Err(EvaluateError::OtherSchema.into());
        }
        let compiled = self.compiled();
        let place = compiled.goals.iter().position(|known| known.name == goal);
        let place = place.ok_or_else(|| NoFunnel::unknown(goal, &compiled.goals))?;
        let asked = steps::asked(compiled, place, data.schema())?;
        let plan =
            std::sync::Arc::new(crate::plan::Plan::new(&asked.compiled, data.schema().kinds()));
        let mut fields = plan.reads().fields;
        fields.extend(data.schema().field_ref(Noun::Seller, "fte"));
        let store = Store::new(data, &plan.calendar, &fields);
        let as_of = options.as_of.instant(compiled);
        let asked_for = engine::Moment::new(&plan.calendar, as_of).day;
        let known = store.complete_through.filter(|through| *through < asked_for);
        let as_of = known.map_or(as_of, |through| plan.calendar.end_of(through));
        let moment = engine::Options { as_of, from: options.from, history: false, only: &[] };
        let evaluation = Evaluation::new(&asked.compiled, plan.clone(), &store, &moment)
            .in_language(options.language);
        let supports = |rule: &&RuleInfo| rule.supports.as_deref() == Some(goal);
        let supported_by: Vec<RuleInfo> = self.rules().filter(|rule| supports(&rule)).collect();
        let verdict = evaluation.goal(0).ok_or(NoFunnel::NoGoal)?;
        let funnel = funnel(&evaluation, &asked, verdict);
        Ok(Funnel { day: asked_for, supported_by, ..funnel })
    }

    /// The names of the goals, as written.
    pub fn goals(&self) -> impl Iterator<Item = &str> {
        self.compiled().goals.iter().map(|goal| goal.name.as_str())
    }
}

fn funnel(evaluation: &Evaluation<'_>, asked: &steps::Asked, goal: GoalVerdict) -> Funnel {
    let (day, store) = (evaluation.day(), evaluation.store());
    let calendar = &asked.compiled.calendar;
    let period = evaluation.goal_days(0);
    let left = period.map(|period| Days { first: plus_days(day, 1).max(period.first), ..period });
    let count = |days: Option<Days>| days.map_or(0, |days| calendar.workdays_in(days));
    let found: Vec<_> = asked.steps.iter().map(|step| evaluation.counted(step.goal)).collect();
    let adds_up = found.iter().all(Option::is_some);
    let found: Vec<_> = found.into_iter().map(Option::unwrap_or_default).collect();
    let steps = asked.steps.iter().zip(&found);
    let steps = steps.map(|(step, found)| step.counted(evaluation, found, period)).collect();
    let cases = if adds_up { cases::cases(evaluation, asked, found) } else { Vec::new() };
    let assumed = asked.assumed.iter().map(|assumed| Assumed {
        step: assumed.step,
        percent: Number::from(assumed.percent),
        days: assumed.within.map(|within| (calendar.plus(day, within) - day).num_days()),
    });
    let sellers = store.items(Noun::Seller).filter(|seller| evaluation.is_there(*seller));
    let mut sellers: Vec<SellerDays> =
        sellers.map(|seller| seller_days(evaluation, seller, left)).collect();
    sellers.sort_by(|a, b| a.seller.id.cmp(&b.seller.id));
    let first = cases.first().and_then(|case| case.reached.first().copied());
    let starts = [Some(plus_days(day, -364)), first, store.complete_from];
    let from = starts.into_iter().flatten().max().unwrap_or(day);
    let workdays = calendar.workdays_in(Days { first: from, last: day });
    let ahead = period.map(|period| Days { first: plus_days(day, 1), ..period });
    Funnel {
        day,
        known_through: day,
        goal,
        wants: asked.wants,
        adds_up,
        sums: asked.sums.clone(),
        period: period.map(|days| Period { from: days.first, to: days.last }),
        workdays: Workdays { of: count(period), left: count(left) },
        pace: Pace { from, workdays, ahead: count(ahead) },
        steps,
        assumed: assumed.collect(),
        cases,
        sellers,
        supported_by: Vec::new(),
    }
}

fn seller_days(evaluation: &Evaluation<'_>, seller: Item, left: Option<Days>) -> SellerDays {
    let fte = evaluation.store().schema.field_ref(Noun::Seller, "fte");
    let fte = fte.and_then(|fte| evaluation.number(seller, fte));
    let workdays = left.map_or(0, |left| evaluation.workdays_of(seller, left));
    let part = fte.unwrap_or_else(|| Number::from(1)).max(Number::zero());
    SellerDays {
        seller: evaluation.named(seller),
        workdays,
        weighed: Number::from(workdays) * part,
    }
}
