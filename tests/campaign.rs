//! Reviews of campaigns: worked examples, laws, and data that is not as it should be.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "campaign/laws.rs"]
mod laws;
mod support;
#[path = "campaign/worked.rs"]
mod worked;

use kadence::campaign::{Campaigns, Lack, NoCampaign, Phase, Reach, Review};
use kadence::{AsOf, Dataset, EvaluateError, NoFiles, Noun, Number, RuleSet};

/// A header and lines, as a CSV file without quotes has them.
type Table<'t> = (Noun, &'t str);

fn data_for(rules: &RuleSet, tables: &[Table<'_>], coverage: [&str; 2]) -> Dataset {
    let mut data = Dataset::builder(rules.schema());
    for (noun, text) in tables {
        let mut lines = text.lines().map(|line| line.trim().split(',').collect::<Vec<_>>());
        let header = lines.next().unwrap();
        for line in lines {
            let cells = header.iter().zip(line).filter(|(_, cell)| !cell.is_empty());
            let cells: Vec<_> = cells.map(|(name, cell)| (*name, cell, 1)).collect();
            data.row(*noun, &cells, "table", 1);
        }
    }
    let [from, through] = coverage;
    from.parse().into_iter().for_each(|day| {
        data.complete_from(day);
    });
    through.parse().into_iter().for_each(|day| {
        data.complete_through(day);
    });
    data.build().unwrap().0
}

fn campaigns(rules: &str, tables: &[Table<'_>], as_of: &str) -> Campaigns {
    let rules = RuleSet::compile("sales.kpi", rules, &NoFiles).unwrap();
    let data = data_for(&rules, tables, ["", ""]);
    Campaigns::new(&rules, &data, as_of.parse::<AsOf>().unwrap()).unwrap()
}

/// `reached`, `not reached` or `not known` for each member, by id.
fn reach(review: &Review) -> Vec<(&str, &'static str)> {
    let of = review.followed_up.of.iter();
    let mut reach: Vec<_> = of.map(|one| (one.member.id.as_str(), one.reach.words())).collect();
    reach.sort_unstable();
    reach
}

const CUSTOMERS: Table<'_> = (Noun::Customer, "id,name\nacme,Acme\nzeta,Zeta");
const CALLS: Table<'_> =
    (Noun::Activity, "id,kind,status,at,customer\na1,call,completed,2026-09-20T10:00,acme");

#[test]
fn there_is_no_campaign() {
    let campaigns = campaigns("", &[CUSTOMERS], "2026-10-01");
    assert_eq!(campaigns.overview().campaigns, []);
    let wrong = campaigns.review("fair").unwrap_err();
    assert_eq!(wrong.to_string(), "no campaign `fair`: the data has no campaigns");
}

#[test]
fn a_campaign_of_which_nothing_is_known_says_so_and_nothing_is_zero() {
    let campaigns = campaigns("", &[(Noun::Campaign, "id\nfair")], "2026-10-01");
    let review = campaigns.review("fair").unwrap();
    assert_eq!(review.campaign.phase, Phase::Unknown);
    let lacks = review.prepared.lacks.iter().map(|lack| lack.words()).collect::<Vec<_>>();
    assert_eq!(lacks, ["kind", "status", "start", "end", "owner", "initiator", "cost", "members"]);
    assert_eq!(review.followed_up.speed.median, None);
    assert_eq!(review.sold.cost_per.member_reached, None);
    assert_eq!(review.sold.margin_less_cost, None);
    // What was won of nothing is nothing, and is known.
    assert_eq!(review.sold.amount_won.total, Some(Number::zero()));
    assert_eq!(review.learned.missing_since, None);
    assert_eq!(review.earlier, []);
}

#[test]
fn without_a_start_nobody_knows_whom_it_reached() {
    let tables = [
        CUSTOMERS,
        CALLS,
        (Noun::Campaign, "id,end\nfair,2026-09-30"),
        (Noun::Member, "campaign,customer\nfair,acme\nfair,zeta"),
    ];
    let campaigns = campaigns("", &tables, "2026-10-01");
    let review = campaigns.review("fair").unwrap();
    assert_eq!(review.campaign.phase, Phase::Over);
    assert_eq!(reach(&review), [("acme", "not known"), ("zeta", "not known")]);
    let reason = review.followed_up.of[0].reason.as_deref();
    assert_eq!(reason, Some("`campaign.start` is unknown"));
    assert_eq!(review.prepared.lacks.first(), Some(&Lack::Kind));
}

#[test]
fn before_it_begins_nobody_is_unreached() {
    let tables = [
        CUSTOMERS,
        CALLS,
        (Noun::Campaign, "id,start,end,status,cost\nfair,2026-10-02,2026-10-05,planned,900"),
        (Noun::Member, "campaign,customer\nfair,acme\nfair,zeta"),
    ];
    let review = |as_of| campaigns("", &tables, as_of).review("fair").unwrap();
    let before = review("2026-10-01");
    assert_eq!(before.campaign.phase, Phase::NotBegun);
    assert_eq!((before.followed_up.not_reached, before.followed_up.not_known), (0, 2));
    let reason = before.followed_up.of[0].reason.as_deref();
    assert_eq!(reason, Some("the campaign starts on 2026-10-02"));
    assert_eq!(before.sold.cost_per.member_reached, None);
    let after = review("2026-10-02");
    assert_eq!(after.campaign.phase, Phase::Begun);
    assert_eq!((after.followed_up.not_reached, after.followed_up.not_known), (2, 0));
    // Its last day is over when that day is, not before.
    assert_eq!(review("2026-10-05T23:59").campaign.phase, Phase::Begun);
    assert_eq!(review("2026-10-05").campaign.phase, Phase::Over);
}

#[test]
fn a_member_that_names_nobody_is_not_known() {
    let tables = [(Noun::Campaign, "id,start\nfair,2026-09-15"), (Noun::Member, "campaign\nfair")];
    let campaigns = campaigns("", &tables, "2026-10-01");
    let review = campaigns.review("fair").unwrap();
    assert_eq!(review.followed_up.of[0].reach, Reach::NotKnown);
    let reason = review.followed_up.of[0].reason.as_deref();
    assert_eq!(reason, Some("the member names neither a customer nor a lead"));
}

#[test]
fn where_activities_are_not_all_known_nobody_is_called_unreached() {
    let rules = RuleSet::compile("sales.kpi", "", &NoFiles).unwrap();
    let tables = [
        CUSTOMERS,
        CALLS,
        (Noun::Campaign, "id,start,cost\nfair,2026-09-15,900"),
        (Noun::Member, "campaign,customer\nfair,acme\nfair,zeta"),
    ];
    let review = |coverage| {
        let data = data_for(&rules, &tables, coverage);
        let as_of = "2026-10-01".parse::<AsOf>().unwrap();
        Campaigns::new(&rules, &data, as_of).unwrap().review("fair").unwrap()
    };
    let known = review(["2026-09-15", "2026-10-01"]);
    assert_eq!(reach(&known), [("acme", "reached"), ("zeta", "not reached")]);
    assert_eq!(known.followed_up.speed.median, Some(Number::from(5)));
    assert!(!known.sold.cost_per.member_reached_is_at_most);

    let through = review(["", "2026-09-30"]);
    assert_eq!(reach(&through), [("acme", "reached"), ("zeta", "not known")]);
    let reason = through.followed_up.of[0].reason.as_deref();
    assert_eq!(reason, Some("activities are known through 2026-09-30"));
    assert_eq!(through.followed_up.speed.median, Some(Number::from(5)));
    assert_eq!(through.sold.cost_per.member_reached, Some(Number::from(900)));
    assert!(through.sold.cost_per.member_reached_is_at_most);

    // There may have been an earlier call than the first that is known.
    for coverage in [["2026-09-16", ""], ["", "2026-09-19"]] {
        let review = review(coverage);
        assert_eq!(review.followed_up.reached, 1);
        assert_eq!((review.followed_up.speed.known, review.followed_up.speed.median), (0, None));
    }
}

#[test]
fn a_name_is_looked_up_as_people_write_it() {
    let long = "x".repeat(500);
    let table = format!(
        "id,name\nfair,Autumn Fair\na,Twice\nb,Twice\nc,TWICE\nrtl,\u{202E}معرض الخريف\nlong,{long}\n\
         odd,<script>\"*'\nfair2,a"
    );
    let campaigns = campaigns("", &[(Noun::Campaign, &table)], "2026-10-01");
    let id = |name: &str| campaigns.review(name).map(|review| review.campaign.id);
    let said = |name: &str| id(name).unwrap_err().to_string();
    assert_eq!(id("autumn fair").unwrap(), "fair");
    assert_eq!(id("TWICE").unwrap(), "c");
    assert_eq!(id("\u{202E}معرض الخريف").unwrap(), "rtl");
    assert_eq!(id(&long).unwrap(), "long");
    assert_eq!(id("<script>\"*'").unwrap(), "odd");
    // An id goes before a name.
    assert_eq!(id("a").unwrap(), "a");
    assert_eq!(said("Twice"), "2 campaigns have the name `Twice`: name one by its id, `a` or `b`");
    assert_eq!(
        said("twice"),
        "3 campaigns have the name `twice`: name one by its id, `a`, `b` or `c`"
    );
    assert_eq!(
        said("autum"),
        "no campaign has the id or the name `autum`; did you mean `fair` (Autumn Fair)?"
    );
    assert_eq!(
        said("fait"),
        "no campaign has the id or the name `fait`; did you mean `fair` (Autumn Fair)?"
    );
    assert_eq!(said("spring"), "no campaign has the id or the name `spring`");
    assert!(
        matches!(campaigns.review(""), Err(NoCampaign::Unknown { nearest, .. }) if nearest.is_empty())
    );
}

#[test]
fn what_a_touchpoint_is_the_rules_say() {
    let tables = [
        CUSTOMERS,
        CALLS,
        (Noun::Campaign, "id,start\nfair,2026-09-15"),
        (Noun::Member, "campaign,customer\nfair,acme"),
    ];
    let reached =
        |rules| campaigns(rules, &tables, "2026-10-01").review("fair").unwrap().followed_up.reached;
    assert_eq!(reached("define touchpoint = call | meeting"), 1);
    assert_eq!(reached("define touchpoint = visit"), 0);
    // A rule of that name is another thing than the question.
    assert_eq!(reached("customer: calls >= 1   as campaign-review-reached"), 1);

    for text in ["define touchpoint = opportunity", "define touchpoint = 2 * calls"] {
        let rules = RuleSet::compile("sales.kpi", text, &NoFiles).unwrap();
        let data = data_for(&rules, &tables, ["", ""]);
        let wrong = Campaigns::new(&rules, &data, "2026-10-01".parse().unwrap()).unwrap_err();
        assert!(matches!(wrong, EvaluateError::NoTouchpoints(_)), "{text}: {wrong}");
    }
}

#[test]
fn ten_thousand_members_are_no_matter() {
    let customers: String = (0..10_000).map(|n| format!("\nc{n}")).collect();
    let members: String = (0..10_000).map(|n| format!("\nfair,c{n}")).collect();
    let calls: String = (0..5_000)
        .map(|n| format!("\na{n},call,completed,2026-09-{:02}T10:00,c{n}", 15 + n % 10))
        .collect();
    let tables = [
        (Noun::Customer, format!("id{customers}")),
        (Noun::Campaign, "id,start\nfair,2026-09-15".to_owned()),
        (Noun::Member, format!("campaign,customer{members}")),
        (Noun::Activity, format!("id,kind,status,at,customer{calls}")),
    ];
    let tables = tables.each_ref().map(|(noun, text)| (*noun, text.as_str()));
    let review = campaigns("", &tables, "2026-10-01").review("fair").unwrap();
    assert_eq!((review.followed_up.reached, review.followed_up.not_reached), (5_000, 5_000));
    assert_eq!(review.followed_up.speed.median.unwrap().to_string(), "4.5");
}
