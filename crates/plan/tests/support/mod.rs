//! Small companies that are made up.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "for tests alone")]

use kadence::{
    Absence, Activity, ActivityStatus, AsOf, Customer, Dataset, Lead, LeadStatus, Moment, NoFiles,
    Options, RuleSet, Seller, Status, Tables, Temperature,
};
use proptest::prelude::*;

/// What is asked for, each with a weight.
pub(crate) const RULES: [&str; 16] = [
    "customer: call every 5 days",
    "customer: touchpoints >= 2 per week",
    "customer: visits >= 1 per month",
    "customer: visit | call every 12 days",
    "lead: touchpoint within 5 workdays of created",
    "hot lead: next activity",
    "lead: next call within 14 days",
    "seller: calls >= 2 per week",
    "customer: calls spaced 2 days >= 2 in last 30 days",
    "customer: days since touchpoint <= 10",
    "meeting: followed by call within 7 days",
    "customer: longest gap of touchpoints <= 9 days in last 15 days",
    // What takes several acts, or is best kept by doing less: booked one after the other.
    "customer: calls >= 1 this month and visits >= 1 this month",
    "customer: touchpoints spaced 1 day >= 3 in last 20 days",
    "seller: calls <= 1 this month",
    "seller: visits >= 1 this month",
];

pub(crate) const CALENDAR: &str = "calendar\n    minutes call 30, visit 60, meeting 60, email 30\n\
    \x20   minutes message 30, demo 30, offer 30, task 30\n";

/// A company, what is asked of it, and how much time there is.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) rules: String,
    pub(crate) tables: Tables,
    /// Days from the as-of day.
    pub(crate) days: i64,
    /// Slots of half an hour on a day.
    pub(crate) slots: u32,
}

pub(crate) const AS_OF: &str = "2026-11-15";

pub(crate) fn day(n: i64) -> chrono::NaiveDate {
    let first: chrono::NaiveDate = AS_OF.parse().unwrap();
    first + chrono::TimeDelta::days(n)
}

fn at(n: i64, hour: u32) -> Moment {
    Moment::Local(day(n).and_hms_opt(hour, 0, 0).unwrap())
}

pub(crate) fn cases(
    all: &'static [&'static str],
    sellers: usize,
    subjects: usize,
) -> impl Strategy<Value = Case> {
    let rules = prop::sample::subsequence((0..all.len()).collect::<Vec<_>>(), 1..=3);
    let weights = prop::collection::vec(1_u32..4, 3);
    let past = prop::collection::vec((0..subjects, -14_i64..0, 0..3_usize, 0..sellers), 0..4);
    let planned = prop::collection::vec((0..subjects, 1_i64..6, 0..2_usize, 0..sellers), 0..2);
    let of = prop::collection::vec((any::<bool>(), 0..sellers, 1_i64..12), subjects);
    let absence = prop::option::of((0..sellers, 1_i64..4));
    (rules, weights, past, planned, of, absence, 2_i64..4, 1_u32..3).prop_map(
        move |(rules, weights, past, planned, of, absence, days, slots)| {
            let mut text = CALENDAR.to_owned();
            for (rule, weight) in rules.iter().zip(&weights) {
                text.push_str(&format!("{}   as r{rule}   weight {weight}\n", all[*rule]));
            }
            let mut tables = Tables::default();
            for n in 0..sellers {
                tables.sellers.push(Seller::new(format!("s{n}")));
            }
            for (n, (is_lead, owner, age)) in of.iter().enumerate() {
                let owner = Some(format!("s{owner}"));
                if *is_lead {
                    tables.leads.push(Lead {
                        owner,
                        status: Some(LeadStatus::Open),
                        temperature: Some(Temperature::Hot),
                        created: Some(at(-age / 3, 9)),
                        ..Lead::new(format!("x{n}"))
                    });
                } else {
                    let created = Some(day(-age * 3));
                    tables.customers.push(Customer {
                        owner,
                        created,
                        ..Customer::new(format!("x{n}"))
                    });
                }
            }
            let activity = |id: String, kind: &str, status, when, subject: usize, seller: usize| {
                let is_lead = of[subject].0;
                let name = Some(format!("x{subject}"));
                Activity {
                    seller: Some(format!("s{seller}")),
                    customer: name.clone().filter(|_| !is_lead),
                    lead: name.filter(|_| is_lead),
                    ..Activity::new(id, kind, status, when)
                }
            };
            for (n, (subject, when, kind, seller)) in past.into_iter().enumerate() {
                let kind = ["call", "visit", "meeting"][kind];
                let (id, when) = (format!("a{n}"), at(when, 10));
                let done = ActivityStatus::Completed;
                tables.activities.push(activity(id, kind, done, when, subject, seller));
            }
            for (n, (subject, when, kind, seller)) in planned.into_iter().enumerate() {
                let kind = ["call", "meeting"][kind];
                let (id, when) = (format!("p{n}"), at(when, 9));
                let ahead = ActivityStatus::Planned;
                tables.activities.push(activity(id, kind, ahead, when, subject, seller));
            }
            if let Some((seller, when)) = absence {
                tables.absences.push(Absence {
                    seller: Some(format!("s{seller}")),
                    from: Some(day(when)),
                    until: Some(day(when)),
                    extra: Default::default(),
                });
            }
            Case { rules: text, tables, days, slots }
        },
    )
}

impl Case {
    pub(crate) fn compiled(&self) -> RuleSet {
        RuleSet::compile("case.kpi", &self.rules, &NoFiles).unwrap()
    }

    pub(crate) fn data(&self, rules: &RuleSet, more: &[Activity]) -> Dataset {
        let mut tables = self.tables.clone();
        tables.activities.extend(more.iter().cloned());
        let mut data = Dataset::builder(rules.schema());
        data.tables(tables);
        data.build().unwrap().0
    }

    pub(crate) fn options(&self) -> Options {
        Options::at(AS_OF.parse::<AsOf>().unwrap())
    }

    pub(crate) fn ask(&self) -> kadence_plan::Ask {
        let ask = kadence_plan::Ask::until(day(self.days));
        let minutes = 30 * i64::from(self.slots);
        kadence_plan::Ask { ends: ask.starts + chrono::TimeDelta::minutes(minutes), ..ask }
    }

    /// The weight of what is missed or at risk when the last day is over, with acts as if they had been
    /// done, and what is planned too.
    pub(crate) fn lost(&self, rules: &RuleSet, acts: &[Activity]) -> u32 {
        let mut done = self.clone();
        for one in &mut done.tables.activities {
            if one.status == ActivityStatus::Planned {
                one.status = ActivityStatus::Completed;
            }
        }
        let acts: Vec<Activity> = acts
            .iter()
            .map(|act| Activity { status: ActivityStatus::Completed, ..act.clone() })
            .collect();
        let data = done.data(rules, &acts);
        let options = Options { history: true, ..Options::at(AsOf::Day(day(self.days))) };
        let report = rules.evaluate(&data, &options).unwrap();
        let lost = report
            .verdicts
            .iter()
            .filter(|verdict| matches!(verdict.status, Status::Missed | Status::AtRisk));
        lost.map(|verdict| {
            let rule = report.rules.iter().find(|rule| rule.id == verdict.rule).unwrap();
            rule.weight.to_string().parse::<u32>().unwrap()
        })
        .sum()
    }
}
