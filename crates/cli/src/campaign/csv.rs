//! Campaigns and members as rows.

use kadence::campaign::{Figures, MemberFollowUp, Overview, Review, Touch};

use crate::output::Failure;
use crate::report::{csv_table, inert, shown};

const CAMPAIGN: [&str; 35] = [
    "id",
    "name",
    "kind",
    "initiator",
    "owner",
    "status",
    "start",
    "end",
    "cost",
    "members",
    "reached",
    "not_reached",
    "not_known",
    "median_days",
    "completed",
    "leads",
    "leads_open",
    "leads_converted",
    "leads_lost",
    "leads_unknown",
    "opportunities",
    "opportunities_open",
    "opportunities_won",
    "opportunities_lost",
    "opportunities_unknown",
    "amount_won",
    "margin_won",
    "cost_per_member_reached",
    "cost_per_member_reached_is_at_most",
    "cost_per_lead",
    "cost_per_converted_lead",
    "cost_per_won_opportunity",
    "margin_less_cost",
    "has_learning",
    "has_outcome",
];

const MEMBER: [&str; 18] = [
    "campaign",
    "kind",
    "member",
    "name",
    "owner",
    "reach",
    "reason",
    "days",
    "touchpoints",
    "first_day",
    "first_kind",
    "first_activity",
    "first_seller",
    "next_day",
    "next_kind",
    "next_activity",
    "next_seller",
    "start",
];

/// A row for each campaign. What is unknown is empty; so is a sum of which a part is.
pub(super) fn overview(all: &Overview) -> Result<String, Failure> {
    csv_table(CAMPAIGN, all.campaigns.iter().map(campaign))
}

/// A row for each member.
pub(super) fn review(one: &Review) -> Result<String, Failure> {
    csv_table(MEMBER, one.followed_up.of.iter().map(|of| member(one, of)))
}

fn optional(text: &Option<String>) -> String {
    inert(text.as_deref().unwrap_or_default())
}

fn campaign(one: &Figures) -> [String; CAMPAIGN.len()] {
    let (about, leads, deals, per) = (&one.about, one.leads, one.opportunities, &one.cost_per);
    [
        inert(&about.id),
        optional(&about.name),
        optional(&about.kind),
        optional(&about.initiator),
        optional(&about.owner),
        optional(&about.status),
        shown(about.start),
        shown(about.end),
        shown(about.cost.as_ref()),
        one.members.to_string(),
        one.reached.to_string(),
        one.not_reached.to_string(),
        one.not_known.to_string(),
        shown(one.median_days.as_ref()),
        one.completed.to_string(),
        leads.leads.to_string(),
        leads.open.to_string(),
        leads.converted.to_string(),
        leads.lost.to_string(),
        leads.unknown.to_string(),
        deals.opportunities.to_string(),
        deals.open.to_string(),
        deals.won.to_string(),
        deals.lost.to_string(),
        deals.unknown.to_string(),
        shown(one.amount_won.total.as_ref()),
        shown(one.margin_won.total.as_ref()),
        shown(per.member_reached.as_ref()),
        per.member_reached_is_at_most.to_string(),
        shown(per.lead.as_ref()),
        shown(per.converted_lead.as_ref()),
        shown(per.won_opportunity.as_ref()),
        shown(one.margin_less_cost.as_ref()),
        one.has_learning.to_string(),
        one.has_outcome.to_string(),
    ]
}

fn member(review: &Review, of: &MemberFollowUp) -> [String; MEMBER.len()] {
    let touch = |touch: &Option<Touch>| match touch {
        Some(Touch { day, kind, id, seller }) => {
            [day.to_string(), inert(kind), inert(id), optional(seller)]
        }
        None => Default::default(),
    };
    let [first_day, first_kind, first_id, first_seller] = touch(&of.first);
    let [next_day, next_kind, next_id, next_seller] = touch(&of.next);
    [
        inert(&review.campaign.id),
        of.member.kind.clone(),
        inert(&of.member.id),
        optional(&of.member.name),
        optional(&of.owner),
        of.reach.words().replace(' ', "_"),
        optional(&of.reason),
        shown(of.days),
        of.touchpoints.to_string(),
        first_day,
        first_kind,
        first_id,
        first_seller,
        next_day,
        next_kind,
        next_id,
        next_seller,
        shown(review.campaign.start),
    ]
}
