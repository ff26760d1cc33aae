//! Types, units, windows, segments and the calendar.

use super::{fault, faults, hold};
use crate::diagnostic::Code::*;

#[test]
fn values_and_types() {
    hold(&[
        ("lead: temperature is hto", K024, "hto", "`temperature` is never `hto`"),
        ("lead: status in (open, won)", K024, "won", "`status` is never `won`"),
        (
            "field customer.vip : yes-no\ncustomer: vip is maybe",
            K024,
            "maybe",
            "`vip` is never `maybe`",
        ),
        ("customer: calls >= 1 severity grave", K024, "grave", "unknown severity `grave`"),
        ("customer: country > DK", K025, ">", "`country` cannot be compared by size"),
        ("customer: revenue is large", K025, "large", "`revenue` is a number, `large` is none"),
        ("customer: created >= 5", K025, "5", "a date is expected here"),
        ("customer: country is 5", K025, "5", "`country` holds text, `5` is none"),
        (
            "customer: revenue contains \"5\"",
            K025,
            "revenue",
            "`contains` needs text, `revenue` is none",
        ),
        (
            "seller: sum stage of opportunities >= 5",
            K025,
            "stage",
            "`sum` needs a number field, `stage` is none",
        ),
        ("customer: country before 2026-01-01", K025, "country", "`country` is no date"),
        ("lead: call within 2 days of source", K025, "source", "`source` is no date"),
        (
            "customer: calls >= country per year",
            K025,
            "country",
            "a number is expected here, `country` is none",
        ),
    ]);
}

#[test]
fn units() {
    hold(&[
        (
            "seller: share of leads that are hot >= 60",
            K026,
            "60",
            "a share is compared with a percentage",
        ),
        ("seller: meetings >= 60%", K026, "60%", "`60%` is a percentage, only a share is one"),
        ("seller: 60% <= meetings", K026, "60%", "`60%` is a percentage, only a share is one"),
        (
            "seller: meetings * 50% >= 3",
            K026,
            "50%",
            "a percentage is compared with, not multiplied",
        ),
        (
            "seller: meetings + share of leads that are hot >= 3",
            K026,
            "share of leads that are hot",
            "what is added must be in one unit",
        ),
        (
            "seller: meetings >= 3 days",
            K026,
            "3 days",
            "`3 days` is a duration, a number is expected here",
        ),
        (
            "customer: longest gap of calls <= 2 months",
            K026,
            "2 months",
            "`2 months` is no fixed number of days",
        ),
        (
            "customer: longest gap of calls <= 60%",
            K026,
            "60%",
            "`60%` is a percentage, only a share is one",
        ),
        (
            "seller: won opportunities >= 1 in last 2 hours",
            K026,
            "in last 2 hours",
            "`won opportunities` have a day but no time of day",
        ),
        ("customer: created in last 2 hours", K026, "in last 2 hours", "a date has no time of day"),
        ("customer: visit every 2 hours", K026, "2 hours", "this is measured in days"),
        ("customer: call within 2 hours of created", K026, "2 hours", "a date has no time of day"),
        ("customer: calls spaced 2 hours >= 3", K026, "2 hours", "this is measured in days"),
    ]);
}

#[test]
fn conditions_and_measures() {
    hold(&[
        (
            "customer: visits in last 3 days",
            K027,
            "visits",
            "a field is expected here, `visits` are things",
        ),
        ("customer: revenue", K027, "revenue", "a condition is expected here, `revenue` is none"),
        (
            "customer: touchpoints",
            K027,
            "touchpoints",
            "a condition is expected here, `touchpoints` is none",
        ),
        (
            "field customer.vip : yes-no\ncustomer: vip",
            K027,
            "vip",
            "a condition is expected here, `vip` is none",
        ),
        ("customer: dormant", K027, "dormant", "a condition is expected here, `dormant` is none"),
        (
            "customer: (calls >= 1) >= 2",
            K027,
            "calls >= 1",
            "a measure is expected here, this is a condition",
        ),
        (
            "define effort = 2 * calls\nlist \"l\" = effort",
            K027,
            "effort",
            "`effort` is a number, things are expected here",
        ),
    ]);
    let fault = fault("field customer.vip : yes-no\ncustomer: vip");
    assert_eq!(fault.fix.unwrap().replacement, "vip is yes");
}

#[test]
fn things_and_activities() {
    hold(&[
        ("contact: opportunities >= 1", K028, "opportunities", "a contact has no opportunities"),
        ("meeting: next call", K028, "call", "an activity has no activities"),
        (
            "seller: calls on absence >= 1",
            K028,
            "calls on absence",
            "an activity is never on an absence",
        ),
        ("define busy = leads + 1\ncontact: busy >= 2", K028, "leads", "a contact has no leads"),
        (
            "customer: next opportunity",
            K029,
            "opportunity",
            "`next` needs activities, `opportunity` are opportunities",
        ),
        (
            "customer: opportunity every 3 days",
            K029,
            "opportunity",
            "`every` needs activities, `opportunity` are opportunities",
        ),
        (
            "customer: days since opportunities <= 3",
            K029,
            "opportunities",
            "`days since` needs activities, `opportunities` are opportunities",
        ),
        (
            "list \"l\" = call | customer",
            K030,
            "customer",
            "alternatives must be of one kind: a customer is no activity",
        ),
        ("segment A = lead", K030, "lead", "a segment is of customers, these are leads"),
        (
            "customer: planned completed calls >= 1",
            K031,
            "planned",
            "`planned` and `completed calls` exclude each other",
        ),
        (
            "define held = completed meeting\ncustomer: planned held >= 1",
            K031,
            "planned",
            "`planned` and `held` exclude each other",
        ),
        (
            "list \"l\" = open won opportunity",
            K031,
            "open",
            "`open` and `won opportunity` exclude each other",
        ),
        (
            "customer: next completed call",
            K031,
            "completed call",
            "`next` and `completed call` exclude each other",
        ),
        (
            "customer: next overdue call",
            K031,
            "overdue call",
            "`next` and `overdue call` exclude each other",
        ),
        (
            "customer: followed by call within 3 days",
            K045,
            "followed by",
            "`followed by` needs an activity, this is about a customer",
        ),
        (
            "lead: calls >= 1 as a\ncustomer: meets a",
            K046,
            "a",
            "`a` judges leads, this is about a customer",
        ),
    ]);
}

#[test]
fn windows_and_dates() {
    hold(&[
        (
            "customer: calls >= 1 in last 30 days prorate",
            K032,
            "prorate",
            "there is nothing to prorate",
        ),
        ("customer: next call prorate", K032, "prorate", "there is nothing to prorate"),
        (
            "seller: average amount of opportunities >= 1 per year prorate",
            K032,
            "prorate",
            "there is nothing to prorate",
        ),
        (
            "customer: next meeting dated created",
            K033,
            "created",
            "`dated` says how things are counted, and nothing is counted here",
        ),
        (
            "meeting spaced 10 days: preparation is known",
            K033,
            "10 days",
            "`spaced` says how things are counted, and nothing is counted here",
        ),
        (
            "customer: revenue >= 5 per year",
            K033,
            "per year",
            "a window needs something that is measured over time",
        ),
        (
            "customer: calls >= 1 per year since 2026-05-01 until 2026-04-01",
            K047,
            "2026-05-01",
            "`since 2026-05-01` is after `until 2026-04-01`",
        ),
        (
            "customer: calls >= 1 from 2026-05-01 until 2026-04-01",
            K047,
            "from 2026-05-01 until 2026-04-01",
            "2026-05-01 is after 2026-04-01",
        ),
    ]);
}

#[test]
fn segments_that_overlap() {
    let overlap = |text: &str| {
        let fault = fault(text);
        assert_eq!(fault.code, K034, "{text}");
        fault.primary.text
    };
    assert_eq!(
        overlap(
            "segment A = customer where revenue >= 1m\nsegment B = customer where revenue <= 1m"
        ),
        "a customer that fits both: revenue 1000000"
    );
    assert_eq!(
        overlap(
            "segment A = customer where country is DK\nsegment B = customer where country in (SE, DK)"
        ),
        "a customer that fits both: country `DK`"
    );
    assert_eq!(
        overlap("segment A = customer where country is DK\nsegment B = customer where revenue > 5"),
        "a customer that fits both: country `DK`, revenue 6"
    );
    assert_eq!(
        overlap(
            "segment A = customer where revenue >= 1m\nsegment B = customer where revenue between 1 and 2m"
        ),
        "a customer that fits both: revenue 1000000"
    );
    let apart = [
        "segment A = customer where revenue >= 1m\nsegment B = customer where revenue < 1m",
        "segment A = customer where country is DK\nsegment B = customer where country is not DK",
        "segment A = customer where revenue > 1 and revenue < 3\nsegment B = customer where not (revenue > 1)",
        "segment A = customer where calls >= 1\nsegment B = customer where revenue > 5",
        "segment A = customer where created before 2026-01-01\nsegment B = customer where created after 2025-12-31",
        "segment A = customer where revenue is known\nsegment B = customer where revenue is unknown",
    ];
    for text in apart {
        assert_eq!(faults(text), vec![], "{text}");
    }
}

#[test]
fn the_calendar() {
    hold(&[(
        "calendar\n    timezone UTC\ncalendar\n    timezone UTC",
        K035,
        "calendar",
        "a rule set has one calendar",
    )]);
    let fault = fault("calendar\n    timezone Europe/Copenhagn");
    assert_eq!(fault.code, K036);
    assert_eq!(fault.primary.text, "did you mean `Europe/Copenhagen`?");
}

#[test]
fn paths() {
    hold(&[
        (
            "member: lead.customer.owner.team.name is x",
            K038,
            "lead.customer.owner.team.name",
            "a path of more than 3 dots",
        ),
        (
            "customer: country.name is x",
            K039,
            "country",
            "`country` refers to nothing that has fields",
        ),
    ]);
    assert_eq!(faults("member: lead.customer.owner.team is x"), vec![]);
}
