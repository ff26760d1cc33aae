//! Whether people have the time for what rules ask of them.
//!
//! - `minutes`: how long activities take
//! - `price`: how many activities, and how long they take at least and at most
//! - `bound`: what they take together, where one can serve several rules
//! - `balance`: who is asked, and has how much time

mod balance;
mod bound;
mod minutes;
mod price;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::check::rules::Work;
use crate::engine::Evaluation;
use crate::model::calendar::Days;
use crate::model::{Dataset, Number};
use crate::verdict::{Period, Subject};

use balance::Holders;
use minutes::Minutes;
use price::Priced;

/// How many hours a workday has where the calendar does not say it.
const USUAL_HOURS: u32 = 8;

/// How many rules of those that ask most are named.
const MOST_NAMED: usize = 3;

/// What rules ask of people in the days that remain, and the time that there is for it.
///
/// Made by [`RuleSet::feasibility`](crate::RuleSet::feasibility). Hours are of activities: what is
/// planned already, and what is missing beyond it. Nothing is foretold: customers, leads and
/// opportunities stay as they are, none come, and what is planned happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feasibility {
    /// The as-of day.
    pub day: NaiveDate,
    /// The days that remain; none if none do.
    pub period: Option<Period>,
    /// How many hours of a workday there are for activities.
    pub hours_per_workday: Number,
    /// Whether the calendar says so, and it is not taken to be 8.
    pub hours_are_given: bool,
    /// How long activities take, by kind.
    pub kinds: Vec<KindMinutes>,
    /// What is asked for or planned though nobody knows how long it takes: where there is any, it
    /// is not known whether the time is enough. By kinds.
    pub unmeasured: Vec<Unmeasured>,
    /// The whole company, what is nobody's included.
    pub company: Balance,
    /// Teams by id, each with its child teams.
    pub teams: Vec<NamedBalance>,
    /// Sellers by id: those who have time, and those of whom anything is asked.
    pub sellers: Vec<NamedBalance>,
    /// What is asked for things that nobody owns.
    pub nobody: Balance,
    /// What each rule asks that asks for anything, as written.
    pub rules: Vec<RuleDemand>,
    /// What is not reckoned with: as written, then what is not known.
    pub not_counted: Vec<NotCounted>,
    /// Every single one: rules as written.
    pub duties: Vec<Duty>,
}

/// How long an activity of a kind takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindMinutes {
    /// The kind.
    pub kind: String,
    /// Its minutes; none if neither the calendar nor the data have any.
    pub minutes: Option<Number>,
    /// Where they are from.
    pub from: MinutesFrom,
}

/// Where the minutes of a kind are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MinutesFrom {
    /// The calendar says them.
    Calendar,
    /// The median of the completed activities of that kind whose minutes are known.
    Median,
    /// They are not known: a rule that can be served by other kinds is reckoned by those.
    Unknown,
}

/// Activities whose length neither the calendar nor the data tell. They are in none of the hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmeasured {
    /// Of one of these kinds each.
    pub kinds: Vec<String>,
    /// How many rules ask for, of everybody together, each for itself.
    pub asked: Number,
    /// How many are planned.
    pub planned: Number,
}

/// What is asked of somebody, beside the time that there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The workdays that there are, absences left out.
    pub workdays: i64,
    /// The hours that there are for activities: workdays × fte × hours of a workday.
    pub hours: Number,
    /// The hours of what is planned.
    pub planned: Number,
    /// The hours that it takes at least, what is planned included: of every rule the kind of
    /// activity that takes least, and one activity for as many rules as it can serve.
    pub least: Number,
    /// The hours that it takes if every activity serves one rule and is of the kind that takes
    /// longest, what is planned included. What is unmeasured is not in it.
    pub most: Number,
    /// `least` ÷ `hours`; none where there are no hours, or where the length of nothing that is
    /// planned or asked for is known. Where something is unmeasured it is more than that.
    pub share: Option<Number>,
    /// Whether it certainly takes more than `hours`.
    pub is_over: bool,
    /// How many activities are planned or asked for whose kind has no minutes. They are in none of
    /// the hours.
    pub unmeasured: Number,
    /// The rules that ask most, at most three.
    pub asks_most: Vec<RuleDemand>,
}

/// The balance of one seller or team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedBalance {
    /// Its id.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The balance.
    #[serde(flatten)]
    pub balance: Balance,
}

/// What one rule asks, by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleDemand {
    /// The rule's id.
    pub rule: String,
    /// How many activities.
    pub activities: Number,
    /// How many of them are of unknown length, and in none of the hours.
    pub unmeasured: Number,
    /// The hours that they take at least.
    pub least: Number,
    /// The hours that they take at most.
    pub most: Number,
}

/// What a rule asks for one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The rule's id.
    pub rule: String,
    /// For whom or what.
    pub subject: Subject,
    /// The id of the seller of whom it is asked.
    pub owner: Option<String>,
    /// How many activities, beside those that are planned.
    pub activities: Number,
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// The hours that they take at least; none where no kind has minutes.
    pub least: Option<Number>,
    /// The hours that they take at most; none where the length of some is unknown.
    pub most: Option<Number>,
}

/// A rule, or a part of it, that is not reckoned with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCounted {
    /// The rule's id.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// For how many subjects, where it is not for all.
    pub subjects: Option<u64>,
}

/// What evaluation decides of, until a day.
pub(crate) fn feasibility(
    evaluation: &Evaluation<'_>,
    data: &Dataset,
    work: &Work,
    until: NaiveDate,
) -> Feasibility {
    let remaining = evaluation.remaining(until);
    let minutes = Minutes::new(evaluation, data, work);
    let asked = if remaining.is_empty() { Vec::new() } else { evaluation.asked(until) };
    let rule = |place: usize| evaluation.rule(place).to_owned();
    let mut not_counted: Vec<NotCounted> = evaluation
        .not_counted()
        .into_iter()
        .map(|(place, why)| NotCounted { rule: rule(place), reason: why.into(), subjects: None })
        .collect();
    let mut unknown: Vec<(usize, u64)> = Vec::new();
    let mut priced = Vec::new();
    for asked in asked {
        match &asked.demand {
            Some(demand) => priced.extend(price::of(&asked, demand, &minutes)),
            None => match unknown.last_mut() {
                Some((place, subjects)) if *place == asked.rule => *subjects += 1,
                _ => unknown.push((asked.rule, 1)),
            },
        }
    }
    not_counted.extend(unknown.into_iter().map(|(place, subjects)| NotCounted {
        rule: rule(place),
        reason: "what decides how many it asks for is not known".to_owned(),
        subjects: Some(subjects),
    }));
    let hours = work.hours_per_workday.clone();
    let hours_per_workday = hours.clone().unwrap_or_else(|| Number::from(USUAL_HOURS));
    let holders = Holders::new(evaluation, data, remaining, &hours_per_workday);
    let balances = holders.balances(&priced, &minutes, remaining);
    Feasibility {
        day: evaluation.day(),
        period: (!remaining.is_empty())
            .then_some(Period { from: remaining.first, to: remaining.last }),
        hours_per_workday,
        hours_are_given: hours.is_some(),
        kinds: minutes.by_kind(),
        unmeasured: unmeasured(evaluation, &minutes, &priced, remaining),
        company: balances.company,
        teams: balances.teams,
        sellers: balances.sellers,
        nobody: balances.nobody,
        rules: balances.rules,
        not_counted,
        duties: priced.iter().map(|one| duty(evaluation, &minutes, one)).collect(),
    }
}

/// What nobody knows the length of, by kinds.
fn unmeasured(
    evaluation: &Evaluation<'_>,
    minutes: &Minutes,
    priced: &[Priced],
    remaining: Days,
) -> Vec<Unmeasured> {
    let mut found: BTreeMap<Vec<usize>, [Number; 2]> = BTreeMap::new();
    let zero = || [Number::zero(), Number::zero()];
    for one in priced.iter().filter_map(|one| one.unmeasured.as_ref()) {
        let [asked, _] = found.entry(one.kinds.clone()).or_insert_with(zero);
        *asked = &*asked + &one.activities;
    }
    for (activity, takes) in minutes.planned_in(evaluation, remaining) {
        if takes.is_none() {
            let kinds = vec![evaluation.kind(*activity)];
            let [_, planned] = found.entry(kinds).or_insert_with(zero);
            *planned = &*planned + &Number::from(1);
        }
    }
    let entry = |(kinds, [asked, planned]): (Vec<usize>, [Number; 2])| Unmeasured {
        kinds: kinds.into_iter().map(|kind| minutes.kind(kind).to_owned()).collect(),
        asked,
        planned,
    };
    found.into_iter().map(entry).collect()
}

fn duty(evaluation: &Evaluation<'_>, minutes: &Minutes, one: &Priced) -> Duty {
    let owner = evaluation.store().owner(one.subject);
    Duty {
        rule: evaluation.rule(one.rule).to_owned(),
        subject: evaluation.named(one.subject),
        owner: owner.map(|owner| evaluation.id(owner).into_owned()),
        activities: one.activities.clone(),
        kinds: one.kinds.iter().map(|kind| minutes.kind(*kind).to_owned()).collect(),
        least: one.least.as_ref().map(hours),
        most: one.most.as_ref().map(hours),
    }
}

/// Minutes in hours.
fn hours(minutes: &Number) -> Number {
    minutes / &Number::from(60)
}
