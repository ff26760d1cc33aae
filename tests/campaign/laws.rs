//! What holds of every company.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kadence::campaign::{Campaigns, Reach, Review, Sum};
use kadence::{AsOf, NoFiles, Noun, Number, RuleSet};
use proptest::prelude::*;

use super::support::{Coverage, Row, as_of, company, coverage, dataset, instant};

const RULES: &str = "\
activity webinar
field seller.meeting_goal : number
member: touchpoint within 30 days of campaign.start    as soon
campaign: learning is known within 14 days of end      as lesson
";

/// Members of two campaigns: customers, leads, both and neither.
fn members() -> impl Strategy<Value = Vec<Row>> {
    let some = |ids: &'static [&'static str]| prop::sample::select(ids);
    let member =
        (some(&["k0", "k1", ""]), some(&["c0", "c1", "c2", ""]), some(&["l0", "l1", "l2", "", ""]));
    prop::collection::vec(member, 0..8).prop_map(|members| {
        let row = |(campaign, customer, lead): &(&str, &str, &str)| {
            let mut row = Row { noun: Noun::Member, cells: Vec::new() };
            row.set("campaign", campaign);
            row.set("customer", customer);
            row.set("lead", lead);
            row
        };
        members.iter().map(row).collect()
    })
}

fn company_with_members() -> impl Strategy<Value = Vec<Row>> {
    (company(), members()).prop_map(|(mut rows, members)| {
        rows.extend(members);
        rows
    })
}

fn campaigns(rows: &[Row], coverage: Coverage, as_of: &str) -> Campaigns {
    let rules = RuleSet::compile("laws.kpi", RULES, &NoFiles).unwrap();
    let data = dataset(&rules, rows, coverage);
    Campaigns::new(&rules, &data, as_of.parse::<AsOf>().unwrap()).unwrap()
}

fn reviews(campaigns: &Campaigns) -> Vec<Review> {
    ["k0", "k1"].map(|id| campaigns.review(id).unwrap()).into()
}

fn date(text: &str) -> NaiveDate {
    text.get(..10).unwrap().parse().unwrap()
}

/// The first touchpoint with each member of a campaign, looked for among the rows without haste.
fn first_days(rows: &[Row], campaign: &str, now: DateTime<Utc>) -> Vec<NaiveDate> {
    let by_id = |noun: Noun, id: &str| {
        rows.iter().find(|row| row.noun == noun && row.get("id") == Some(id)).unwrap()
    };
    let today = (now - TimeDelta::nanoseconds(1)).date_naive();
    let start = by_id(Noun::Campaign, campaign).get("start").map(date);
    let Some(start) = start.filter(|start| *start <= today) else { return Vec::new() };
    let is_before = |text: Option<&str>| text.is_none_or(|at| instant(at) < now);
    let is_there = |noun: Noun, id: Option<&str>| {
        let created = id.and_then(|id| by_id(noun, id).get("created"));
        created.is_none_or(|created| date(created) <= today)
    };
    let touches = |member: &Row, activity: &Row| {
        let kind = activity.get("kind").unwrap();
        let contact = activity.get("contact").map(|id| by_id(Noun::Contact, id));
        let opportunity = activity.get("opportunity").map(|id| by_id(Noun::Opportunity, id));
        let about = [
            activity.get("customer"),
            contact.and_then(|row| row.get("customer")),
            opportunity.and_then(|row| row.get("customer")),
        ];
        let customer = member.get("customer");
        let lead = member.get("lead");
        let is_its = (customer.is_some() && about.contains(&customer))
            || (lead.is_some() && activity.get("lead") == lead);
        is_its
            && ["call", "visit", "meeting", "email"].contains(&kind)
            && activity.get("status") == Some("completed")
            && is_before(activity.get("at"))
            && is_before(activity.get("created"))
            && date(activity.get("at").unwrap()) >= start
    };
    let members = rows.iter().filter(|row| {
        row.noun == Noun::Member
            && row.get("campaign") == Some(campaign)
            && is_there(Noun::Customer, row.get("customer"))
            && is_there(Noun::Lead, row.get("lead"))
    });
    let first = |member: &Row| {
        let activities = rows.iter().filter(|row| row.noun == Noun::Activity);
        let touches = activities.filter(|activity| touches(member, activity));
        touches.map(|activity| date(activity.get("at").unwrap())).min()
    };
    let mut days: Vec<NaiveDate> = members.filter_map(first).collect();
    days.sort_unstable();
    days
}

proptest! {
    #[test]
    fn every_member_is_reached_or_not_or_not_known(
        rows in company_with_members(),
        coverage in coverage(),
        as_of in as_of(),
    ) {
        let campaigns = campaigns(&rows, coverage, &as_of);
        for review in reviews(&campaigns) {
            let id = review.campaign.id.as_str();
            let followed_up = &review.followed_up;
            let sum = followed_up.reached + followed_up.not_reached + followed_up.not_known;
            prop_assert_eq!(followed_up.members, sum);
            prop_assert_eq!(followed_up.of.len() as u64, sum);
            let of = |row: &&Row| row.noun == Noun::Member && row.get("campaign") == Some(id);
            let all = rows.iter().filter(of).count() as u64;
            prop_assert_eq!(all, review.prepared.members + review.prepared.members_to_come);
            let by: u64 = followed_up.by.iter().map(|by| by.reached).sum();
            prop_assert_eq!(by, followed_up.reached);
            let in_days: u64 = followed_up.speed.days.iter().map(|band| band.members).sum();
            prop_assert_eq!(in_days, followed_up.speed.known);
            prop_assert!(in_days <= followed_up.reached);
            for member in &followed_up.of {
                prop_assert_eq!(member.reach == Reach::NotKnown, member.reason.is_some());
                prop_assert_eq!(member.reach == Reach::Reached, member.first.is_some());
                prop_assert_eq!(member.first.is_some(), member.touchpoints > 0);
            }
        }
    }

    #[test]
    fn who_is_reached_is_who_is_found_by_looking(
        rows in company_with_members(),
        coverage in coverage(),
        as_of in as_of(),
    ) {
        let campaigns = campaigns(&rows, coverage, &as_of);
        for review in reviews(&campaigns) {
            let of = review.followed_up.of.iter();
            let mut found: Vec<NaiveDate> =
                of.filter_map(|member| Some(member.first.as_ref()?.day)).collect();
            found.sort_unstable();
            let expected = first_days(&rows, &review.campaign.id, instant(&as_of));
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn who_is_reached_stays_reached(
        rows in company_with_members(),
        coverage in coverage(),
        (earlier, later) in (as_of(), as_of()),
    ) {
        prop_assume!(instant(&earlier) <= instant(&later));
        let (before, after) = (
            campaigns(&rows, coverage, &earlier),
            campaigns(&rows, coverage, &later),
        );
        for (before, after) in reviews(&before).iter().zip(reviews(&after)) {
            let mut reached: BTreeMap<&str, u64> = BTreeMap::new();
            let is_reached = |one: &&kadence::campaign::MemberFollowUp| one.reach == Reach::Reached;
            for member in after.followed_up.of.iter().filter(is_reached) {
                *reached.entry(&member.member.id).or_default() += 1;
            }
            for member in before.followed_up.of.iter().filter(is_reached) {
                let left = reached.get_mut(member.member.id.as_str());
                prop_assert!(left.as_ref().is_some_and(|left| **left > 0), "{:?}", member);
                left.into_iter().for_each(|left| *left -= 1);
            }
            prop_assert!(before.followed_up.reached <= after.followed_up.reached);
            prop_assert!(before.prepared.members <= after.prepared.members);
        }
    }

    #[test]
    fn leads_opportunities_and_money_add_up(
        rows in company_with_members(),
        as_of in as_of(),
    ) {
        let campaigns = campaigns(&rows, (None, None), &as_of);
        for review in reviews(&campaigns) {
            let leads = review.followed_up.leads;
            prop_assert_eq!(leads.leads, leads.open + leads.converted + leads.lost + leads.unknown);
            let sold = &review.sold;
            let of = sold.opportunities;
            prop_assert_eq!(of.opportunities, of.open + of.won + of.lost + of.unknown);
            let is_sound = |sum: &Sum, parts: u64| {
                let known = (sum.unknown == 0).then(|| sum.known.clone());
                sum.total == known && sum.unknown <= parts
                    && (sum.unknown < parts || sum.known == Number::zero())
            };
            prop_assert!(is_sound(&sold.amount_won, of.won) && is_sound(&sold.margin_won, of.won));
            prop_assert!(is_sound(&sold.amount_open, of.open));
        }
    }

    #[test]
    fn a_line_of_the_table_is_what_the_review_says(
        rows in company_with_members(),
        coverage in coverage(),
        as_of in as_of(),
    ) {
        let campaigns = campaigns(&rows, coverage, &as_of);
        for line in campaigns.overview().campaigns {
            let review = campaigns.review(&line.about.id).unwrap();
            prop_assert_eq!(&line.about, &review.campaign);
            let followed_up = &review.followed_up;
            prop_assert_eq!(
                (line.members, line.reached, line.not_reached, line.not_known),
                (
                    followed_up.members,
                    followed_up.reached,
                    followed_up.not_reached,
                    followed_up.not_known,
                )
            );
            prop_assert_eq!(line.median_days, review.followed_up.speed.median);
            prop_assert_eq!(line.amount_won, review.sold.amount_won);
            prop_assert_eq!(line.cost_per, review.sold.cost_per);
        }
    }

    #[test]
    fn the_order_of_rows_makes_no_difference(rows in company_with_members(), as_of in as_of()) {
        let mut turned = rows.clone();
        turned.reverse();
        let told = |rows: &[Row]| {
            let reviews = reviews(&campaigns(rows, (None, None), &as_of));
            serde_json::to_string(&reviews).unwrap()
        };
        prop_assert_eq!(told(&rows), told(&turned));
    }
}
