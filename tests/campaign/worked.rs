//! A company that is small enough to be reckoned on paper.

use kadence::campaign::{Campaigns, Reach};
use kadence::{Noun, Number, Status};

use super::{Table, campaigns, reach};

const RULES: &str = "\
campaign: learning is known within 14 days of end     as lesson
member: touchpoint within 7 days of campaign.start    as quick
seller: calls >= 1 per month
";

const TABLES: [Table<'_>; 9] = [
    (Noun::Seller, "id\nkim\nbob"),
    (Noun::Customer, "id,name,owner\nc1,One,kim\nc2,Two,kim\nc3,Three,bob\nc4,Four,"),
    (Noun::Contact, "id,customer\np2,c2"),
    (
        Noun::Campaign,
        "id,name,kind,initiator,owner,start,end,status,learning,outcome,cost
         fair26,Fair 2026,fair,sales,kim,2026-09-01,2026-09-03,done,,4 leads,12000
         fair25,Fair 2025,fair,sales,kim,2025-09-01,2025-09-03,done,Bring chairs,,9000
         fair24,Fair 2024,fair,,,2024-09-02,,done,,,
         mail25,Letter,mailing,sales,kim,2025-10-01,2025-10-03,done,Call first,,10
         fair27,Fair 2027,fair,sales,kim,2027-09-01,2027-09-03,planned,,,",
    ),
    (
        Noun::Lead,
        "id,name,owner,campaign,status,created,converted
         l1,Ann,bob,fair26,converted,2026-09-01T10:00,2026-10-10
         l2,Ben,bob,fair26,open,2026-10-05T10:00,
         l3,Cid,kim,fair26,lost,2026-09-02T10:00,
         l4,Dot,kim,fair26,converted,2026-09-03T10:00,2026-09-20",
    ),
    (
        Noun::Opportunity,
        "id,customer,lead,status,amount,margin,created,closed
         o1,c1,l4,won,50000,20000,2026-09-21,2026-09-25
         o2,c1,l4,won,7000,,2026-09-21,2026-10-03
         o3,,l3,lost,100,,2026-09-04,2026-09-05
         o4,c1,,won,999999,999999,2026-09-04,2026-09-05
         o5,c1,l4,open,1,,2026-10-01,",
    ),
    (
        Noun::Member,
        "campaign,customer,lead
         fair26,c1,
         fair26,c2,
         fair26,c3,
         fair26,c4,
         fair26,,l1
         fair26,,l2
         fair25,c1,",
    ),
    (
        Noun::Activity,
        "id,kind,status,at,seller,customer,contact,lead,campaign,preparation,learning
         a0,call,completed,2025-09-20T10:00,kim,c1,,,fair25,,
         a1,call,completed,2026-09-02T10:00,kim,c1,,,fair26,,They want oak
         a2,visit,completed,2026-09-10T10:00,bob,c1,,,fair26,Map,
         a3,email,completed,2026-09-05T10:00,bob,,p2,,,,
         a4,call,completed,2026-09-11T10:00,bob,,,l1,fair26,,
         a5,call,completed,2026-08-31T10:00,bob,c3,,,,,
         a6,offer,completed,2026-09-12T10:00,bob,c3,,,,,
         a7,call,planned,2026-10-10T10:00,bob,c3,,,fair26,,
         a8,call,completed,2026-10-02T10:00,kim,c4,,,,,
         a9,visit,planned,2026-09-20T10:00,kim,c2,,,fair26,Samples,
         b1,visit,cancelled,2026-09-20T10:00,,c2,,,fair26,,",
    ),
    (Noun::Absence, "seller,from,until"),
];

fn at(as_of: &str) -> Campaigns {
    campaigns(RULES, &TABLES, as_of)
}

fn number(text: &str) -> Option<Number> {
    Some(text.parse().unwrap())
}

#[test]
fn who_was_reached_by_whom_and_how_fast() {
    let review = at("2026-09-30").review("fair26").unwrap();
    let expected = [
        ("c1", "reached"),
        ("c2", "reached"),
        ("c3", "not reached"),
        ("c4", "not reached"),
        ("l1", "reached"),
    ];
    assert_eq!(reach(&review), expected);
    // l2 is a member too, but there is no such lead yet.
    assert_eq!((review.prepared.members, review.prepared.members_to_come), (5, 1));
    let followed_up = &review.followed_up;
    let by: Vec<_> = followed_up.by.iter().map(|by| (by.seller.as_deref(), by.reached)).collect();
    assert_eq!(by, [(Some("bob"), 2), (Some("kim"), 1)]);
    // bob: 4 and 10 days; kim: 1.
    let medians: Vec<_> = followed_up.by.iter().map(|by| by.median_days.clone()).collect();
    assert_eq!(medians, [number("7"), number("1")]);
    let speed = &followed_up.speed;
    assert_eq!((speed.known, speed.least, speed.most), (3, Some(1), Some(10)));
    let quartiles = [&speed.lower_quartile, &speed.median, &speed.upper_quartile];
    assert_eq!(quartiles.map(Clone::clone), [number("2.5"), number("4"), number("7")]);
    let bands: Vec<_> = speed.days.iter().map(|band| (band.from, band.members)).collect();
    assert_eq!(bands, [(0, 1), (3, 1), (8, 1), (15, 0), (31, 0), (61, 0), (91, 0)]);

    let of = |id: &str| followed_up.of.iter().find(|one| one.member.id == id).unwrap();
    assert_eq!(of("c1").touchpoints, 2);
    assert_eq!(of("c1").first.as_ref().map(|first| first.id.as_str()), Some("a1"));
    assert_eq!((of("c3").owner.as_deref(), of("c4").owner.as_deref()), (Some("bob"), None));
    assert_eq!(of("c3").next.as_ref().map(|next| next.id.as_str()), Some("a7"));
    // What the data calls completed on a day to come is planned.
    assert_eq!(of("c4").next.as_ref().map(|next| next.id.as_str()), Some("a8"));
    let order: Vec<_> = followed_up.of.iter().map(|one| one.member.id.as_str()).collect();
    assert_eq!(order, ["c3", "c4", "l1", "c1", "c2"]);
}

#[test]
fn what_was_done() {
    let review = at("2026-09-30").review("fair26").unwrap();
    let done = &review.carried_out;
    let counts =
        |by: &kadence::campaign::ByStatus| [by.completed, by.planned, by.overdue, by.cancelled];
    assert_eq!(counts(&done.all), [3, 1, 1, 1]);
    let kinds: Vec<_> =
        done.kinds.iter().map(|one| (one.id.as_deref(), counts(&one.counts))).collect();
    assert_eq!(kinds, [(Some("call"), [2, 1, 0, 0]), (Some("visit"), [1, 0, 1, 1])]);
    let sellers: Vec<_> =
        done.sellers.iter().map(|one| (one.id.as_deref(), counts(&one.counts))).collect();
    assert_eq!(
        sellers,
        [(Some("bob"), [2, 1, 0, 0]), (Some("kim"), [1, 0, 1, 0]), (None, [0, 0, 0, 1])]
    );
    let day = |text: &str| text.parse().ok();
    assert_eq!(
        [done.first, done.last, done.next],
        [day("2026-09-02"), day("2026-09-11"), day("2026-10-10")]
    );
    // Of the two that are planned, the overdue visit is prepared and the call is not.
    assert_eq!(review.prepared.planned, 2);
    let unprepared: Vec<_> = review.prepared.unprepared.iter().map(|one| &one.id).collect();
    assert_eq!(unprepared, ["a7"]);
}

#[test]
fn what_was_learned_and_what_is_missing() {
    let review = at("2026-09-30").review("fair26").unwrap();
    let learned = &review.learned;
    assert_eq!((learned.learning.as_deref(), learned.outcome.as_deref()), (None, Some("4 leads")));
    assert_eq!(
        (learned.missing_since, learned.missing_days),
        ("2026-09-03".parse().ok(), Some(27))
    );
    let noted: Vec<_> = learned.noted.iter().map(|one| one.learning.as_str()).collect();
    assert_eq!(noted, ["They want oak"]);
    let lessons: Vec<_> =
        learned.lessons.iter().map(|one| (one.id.as_str(), one.learning.as_deref())).collect();
    assert_eq!(lessons, [("fair25", Some("Bring chairs")), ("fair24", None)]);
    // While it lasts nothing is missing.
    let learned = at("2026-09-02").review("fair26").unwrap().learned;
    assert_eq!((learned.missing_since, learned.missing_days), (None, None));
}

#[test]
fn what_was_sold_and_what_that_cost() {
    let review = at("2026-09-30").review("fair26").unwrap();
    let leads = review.followed_up.leads;
    // l1 is converted later, l2 comes later.
    assert_eq!((leads.leads, leads.open, leads.converted, leads.lost), (3, 1, 1, 1));
    let sold = &review.sold;
    let deals = sold.opportunities;
    // o2 is won later, o4 is nobody's lead's, o5 comes later.
    assert_eq!((deals.opportunities, deals.open, deals.won, deals.lost), (3, 1, 1, 1));
    assert_eq!(sold.amount_open.total, number("7000"));
    assert_eq!(
        (&sold.amount_won.total, &sold.margin_won.total),
        (&number("50000"), &number("20000"))
    );
    assert_eq!(sold.margin_less_cost, number("8000"));
    assert_eq!(sold.amount_per_cost.as_ref().unwrap().to_string(), "4.1667");
    let per = &sold.cost_per;
    assert_eq!((&per.member_reached, &per.lead), (&number("4000"), &number("4000")));
    assert_eq!((&per.converted_lead, &per.won_opportunity), (&number("12000"), &number("12000")));
}

#[test]
fn a_margin_that_is_unknown_is_not_zero() {
    let sold = at("2026-10-31").review("fair26").unwrap().sold;
    assert_eq!(sold.opportunities.won, 2);
    assert_eq!(sold.amount_won.total, number("57000"));
    assert_eq!((&sold.margin_won.total, sold.margin_won.unknown), (&None, 1));
    assert_eq!(Some(sold.margin_won.known), number("20000"));
    assert_eq!(sold.margin_less_cost, None);
    assert_eq!(sold.amount_per_cost.unwrap().to_string(), "4.75");
}

#[test]
fn the_rules_judge_it_and_its_members() {
    let review = at("2026-09-30").review("fair26").unwrap();
    let prepared = &review.prepared;
    let rules: Vec<_> = prepared.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(rules, ["lesson"]);
    assert_eq!(prepared.verdicts[0].status, Status::Missed);
    assert_eq!(prepared.verdicts[0].due, None);
    let tally = &prepared.member_verdicts[0];
    assert_eq!((tally.id.as_str(), tally.tally.met, tally.tally.missed), ("quick", 2, 4));
    assert_eq!(tally.tally.score, Some(0.3333));
    assert_eq!(prepared.member_rules[0].id, "quick");
    // A deadline of another year is judged as well.
    let earlier = at("2026-09-30").review("fair25").unwrap();
    assert_eq!(earlier.prepared.verdicts[0].status, Status::Met);
}

#[test]
fn earlier_campaigns_of_its_kind_stand_beside_it() {
    let earlier = |as_of: &str| {
        let review = at(as_of).review("fair26").unwrap();
        let earlier = review.earlier.into_iter();
        earlier
            .map(|one| (one.figures.about.id, one.figures.reached, one.reached_at_that_age))
            .collect::<Vec<_>>()
    };
    // fair25 reached its member after 19 days; fair26 is 29, or 9, days old. fair24 has no member.
    let none = ("fair24".to_owned(), 0, Some(0));
    assert_eq!(earlier("2026-09-30"), [("fair25".to_owned(), 1, Some(1)), none.clone()]);
    assert_eq!(earlier("2026-09-10"), [("fair25".to_owned(), 1, Some(0)), none]);
}

#[test]
fn all_of_them_in_a_table_the_newest_first() {
    let overview = at("2026-09-30").overview();
    let ids: Vec<_> = overview.campaigns.iter().map(|one| one.about.id.as_str()).collect();
    assert_eq!(ids, ["fair27", "fair26", "mail25", "fair25", "fair24"]);
    let fair26 = &overview.campaigns[1];
    assert_eq!((fair26.members, fair26.reached, fair26.completed), (5, 3, 3));
    assert_eq!(fair26.margin_less_cost, number("8000"));
    assert!(!fair26.has_learning && fair26.has_outcome);
    // Nobody knows what fair24 cost.
    assert_eq!(overview.campaigns[4].margin_less_cost, None);
    assert_eq!(overview.as_of, "2026-10-01T00:00:00+00:00");
}

#[test]
fn what_is_entered_later_is_not_yet_known() {
    let tables: Vec<Table<'_>> = TABLES
        .into_iter()
        .map(|(noun, text)| match noun {
            Noun::Activity => (
                noun,
                "id,kind,status,at,created,seller,customer
                 a1,call,completed,2026-09-02T10:00,2026-09-20T10:00,kim,c1",
            ),
            _ => (noun, text),
        })
        .collect();
    let of_c1 = |as_of: &str| {
        let review = campaigns(RULES, &tables, as_of).review("fair26").unwrap();
        review.followed_up.of.into_iter().find(|one| one.member.id == "c1").unwrap()
    };
    assert_eq!(of_c1("2026-09-19").reach, Reach::NotReached);
    assert_eq!((of_c1("2026-09-20").reach, of_c1("2026-09-20").days), (Reach::Reached, Some(1)));
}
