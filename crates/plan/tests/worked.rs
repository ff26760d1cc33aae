//! Worked examples: what a person would book.

#![expect(clippy::unwrap_used, reason = "for tests alone")]

use kadence::{
    Activity, ActivityStatus, AsOf, Contact, Customer, Dataset, Lead, LeadStatus, Moment, NoFiles,
    Opportunity, OpportunityStatus, Options, RuleSet, Seller, Tables,
};
use kadence_plan::{Ask, Booked, Schedule, Why, plan};

/// Kim and Bo; Acme, Beta and Zeta are Kim's.
fn company() -> Tables {
    let customer = |id: &str| Customer {
        owner: Some("kim".to_owned()),
        created: "2024-01-01".parse().ok(),
        ..Customer::new(id)
    };
    Tables {
        sellers: ["kim", "bo"].map(Seller::new).to_vec(),
        customers: ["acme", "beta", "zeta"].map(customer).to_vec(),
        ..Tables::default()
    }
}

fn planned(rules: &str, tables: Tables, as_of: &str, until: &str) -> Schedule {
    let rules = RuleSet::compile("worked.kpi", rules, &NoFiles).unwrap();
    let mut data = Dataset::builder(rules.schema());
    data.tables(tables);
    let (data, _) = data.build().unwrap();
    let options = Options::at(as_of.parse::<AsOf>().unwrap());
    plan(&rules, &data, &options, &Ask::until(until.parse().unwrap())).unwrap()
}

fn november(rules: &str, tables: Tables) -> Schedule {
    planned(rules, tables, "2026-11-15", "2026-11-30")
}

fn booked(schedule: &Schedule) -> Vec<&Booked> {
    schedule.sellers.iter().flat_map(|seller| &seller.booked).collect()
}

/// Day, time, kind, and whom or what it is about.
fn lines(schedule: &Schedule) -> Vec<String> {
    let line = |one: &&Booked| {
        let about = one.subject.as_ref().map_or("", |subject| &subject.id);
        format!("{} {} {about}", one.start.format("%m-%d %H:%M"), one.kind)
    };
    booked(schedule).iter().map(line).collect()
}

fn activity(id: &str, kind: &str, status: ActivityStatus, at: &str) -> Activity {
    let created = "2026-11-01T08:00".parse::<Moment>().ok();
    Activity {
        seller: Some("kim".to_owned()),
        created,
        ..Activity::new(id, kind, status, at.parse::<Moment>().unwrap())
    }
}

#[test]
fn what_customers_ask_for_counts_for_their_seller() {
    let rules =
        "customer: meetings >= 1 this month as one\nseller: meetings >= 3 this month as three";
    let mut tables = company();
    tables.sellers.pop();
    let schedule = november(rules, tables);
    let lines = lines(&schedule);
    assert_eq!(
        lines,
        ["11-16 09:00 meeting acme", "11-16 09:30 meeting beta", "11-16 10:00 meeting zeta"]
    );
    let serves = |one: &&Booked| one.serves.iter().map(|one| one.rule.clone()).collect::<Vec<_>>();
    assert_eq!(booked(&schedule).iter().map(serves).collect::<Vec<_>>(), vec![["one", "three"]; 3]);
    assert!(schedule.unmet.is_empty());
}

#[test]
fn a_cap_that_weighs_more_is_not_broken() {
    for cap in ["seller: meetings <= 1 this month", "company: meetings <= 1 this month"] {
        let rules = format!("customer: meetings >= 1 this month\n{cap} weight 5");
        let schedule = november(&rules, company());
        assert_eq!(booked(&schedule).len(), 1, "{cap}");
        assert_eq!(schedule.unmet.iter().map(|one| one.why).collect::<Vec<_>>(), [Why::Costs; 2]);
    }
    // One that weighs less is.
    let rules = "customer: meetings >= 1 this month\nseller: meetings <= 1 this month weight 0.5";
    assert_eq!(booked(&november(rules, company())).len(), 3);
}

#[test]
fn where_a_kind_is_capped_another_is_taken() {
    let rules = "calendar\n    minutes call 60, email 15\n\
        customer: call | email every 30 days\nseller: emails <= 1 this month weight 5";
    let mut tables = company();
    for n in 0..9 {
        let done = ActivityStatus::Completed;
        tables.activities.push(activity(&format!("e{n}"), "email", done, "2026-09-01T10:00"));
    }
    let schedule = november(rules, tables);
    assert!(schedule.unmet.is_empty());
    let of_kind = |kind: &str| booked(&schedule).iter().filter(|one| one.kind == kind).count();
    assert_eq!((of_kind("email"), of_kind("call")), (1, 2));
}

#[test]
fn several_acts_are_booked_for_what_one_brings_no_nearer() {
    let mut tables = company();
    tables.customers.truncate(1);
    for n in 0..4 {
        let id = format!("p{n}");
        tables.contacts.push(Contact { customer: Some("acme".to_owned()), ..Contact::new(id) });
    }
    let rules = [
        ("customer: touchpoints spaced 5 days >= 3 per quarter", 3),
        ("customer: calls >= 1 this quarter and visits >= 3 this quarter", 4),
        ("customer: distinct contact of touchpoints >= 3 per quarter", 3),
        ("customer: longest gap of touchpoints <= 20 in last 45 days", 3),
    ];
    for (rule, count) in rules {
        let schedule = planned(rule, tables.clone(), "2026-11-15", "2026-12-31");
        assert!(schedule.unmet.is_empty(), "{rule}: {:#?}", schedule.unmet);
        assert_eq!(booked(&schedule).len(), count, "{rule}");
    }
}

#[test]
fn an_act_is_booked_for_nothing_that_it_breaks() {
    let rules = "customer: emails < 2 and calls >= 1 in last 20 days as few\n\
        customer: emails >= 2 in last 30 days as many weight 2";
    let mut tables = company();
    tables.customers.truncate(1);
    let email = activity("e1", "email", ActivityStatus::Completed, "2026-11-10T10:00");
    tables.activities.push(Activity { customer: Some("acme".to_owned()), ..email });
    let schedule = planned(rules, tables, "2026-11-15", "2026-11-20");
    let unmet: Vec<&str> = schedule.unmet.iter().map(|one| one.rule.as_str()).collect();
    for one in booked(&schedule).iter().flat_map(|one| &one.serves) {
        assert!(!unmet.contains(&one.rule.as_str()));
    }
    assert_eq!(schedule.kept.kept.to_string(), "2");
}

#[test]
fn what_follows_a_planned_meeting_comes_after_it() {
    let rules = "meeting: followed by call within 2 days";
    for owner in ["kim", "bo"] {
        let mut tables = company();
        tables.customers.iter_mut().for_each(|customer| customer.owner = Some(owner.to_owned()));
        let meeting = activity("m", "meeting", ActivityStatus::Planned, "2026-11-20T10:00");
        tables.activities.push(Activity { customer: Some("acme".to_owned()), ..meeting });
        let schedule = planned(rules, tables, "2026-11-15", "2026-11-27");
        assert!(schedule.unmet.is_empty());
        let starts: Vec<String> =
            booked(&schedule).iter().map(|one| one.start.to_string()).collect();
        assert_eq!(starts, ["2026-11-20 10:30:00"], "{owner}");
    }
}

#[test]
fn what_has_to_be_done_within_hours_comes_first_on_its_day() {
    let rules = "customer: visit within 3 days of created as new weight 3\n\
        lead: touchpoint within 2 hours of created as fast";
    let mut tables = company();
    tables.customers.iter_mut().for_each(|customer| customer.created = "2026-11-13".parse().ok());
    for n in 0..4 {
        let more = Customer { id: format!("more{n}"), ..tables.customers[0].clone() };
        tables.customers.push(more);
    }
    tables.leads.push(Lead {
        owner: Some("kim".to_owned()),
        status: Some(LeadStatus::Open),
        created: "2026-11-16T08:30".parse().ok(),
        ..Lead::new("l1")
    });
    let schedule = planned(rules, tables, "2026-11-16T09:00", "2026-11-20");
    assert!(schedule.unmet.is_empty());
    assert_eq!(lines(&schedule)[0], "11-16 09:00 call l1");
}

#[test]
fn what_is_asked_of_a_seller_is_spread_over_customers() {
    let rules = "seller where id is \"kim\": meetings >= 5 per month";
    let schedule = planned(rules, company(), "2026-11-15", "2026-12-31");
    let mut by_customer = std::collections::BTreeMap::new();
    let mut by_day = std::collections::BTreeMap::new();
    for one in booked(&schedule) {
        let id = one.subject.as_ref().unwrap().id.clone();
        *by_day.entry((one.start.date(), id.clone())).or_insert(0) += 1;
        *by_customer.entry(id).or_insert(0) += 1;
    }
    assert_eq!(by_customer.values().sum::<i32>(), 10);
    assert!(by_customer.values().all(|count| (3..=4).contains(count)), "{by_customer:?}");
    assert!(by_day.values().all(|count| *count == 1), "{by_day:?}");
}

#[test]
fn two_sellers_do_not_do_what_one_does() {
    let rules = "customer: touchpoint every 30 days\nopen opportunity: touchpoint every 30 days";
    let mut tables = company();
    tables.customers.truncate(1);
    tables.opportunities.push(Opportunity {
        customer: Some("acme".to_owned()),
        owner: Some("bo".to_owned()),
        status: Some(OpportunityStatus::Open),
        created: "2026-03-01".parse().ok(),
        ..Opportunity::new("o1")
    });
    let schedule = november(rules, tables);
    assert!(schedule.unmet.is_empty());
    assert_eq!(booked(&schedule).len(), 1);
}

#[test]
fn how_long_acts_take_is_judged_too() {
    let minutes = "calendar\n    minutes meeting 60\n";
    let rules = format!("{minutes}customer: sum minutes of meetings >= 120 this month");
    let mut tables = company();
    tables.customers.truncate(1);
    let schedule = november(&rules, tables.clone());
    assert!(schedule.unmet.is_empty());
    assert_eq!(booked(&schedule).len(), 2);
    let rules = format!(
        "{minutes}customer: meetings >= 1 this month\ncustomer: sum minutes of meetings <= 30 this month weight 9"
    );
    let schedule = november(&rules, tables);
    assert!(booked(&schedule).is_empty());
    assert_eq!(schedule.unmet[0].why, Why::Costs);
}
