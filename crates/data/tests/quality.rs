//! What is found in data that can be read: an example of each finding, with its near miss, and laws.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;

use chrono::NaiveDate;
use kadence::{
    Activity, ActivityStatus, Campaign, Contact, Customer, Dataset, DatasetBuilder, Lead,
    LeadStatus, Moment, NoFiles, Noun, Opportunity, OpportunityStatus, RuleSet, Scalar, Seller,
    Temperature,
};
use kadence_data::{Check, Import, Quality, Reason, quality};
use proptest::prelude::*;

const RULES: &str = "\
field customer.phone   : text
field customer.mail    : text
field customer.website : text
field contact.mobile   : text
field lead.email       : text
field lead.phone       : text
";

fn rules() -> RuleSet {
    RuleSet::compile("fields.kpi", RULES, &NoFiles).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What is found on 15 November 2026 in what a test adds.
fn found(add: impl FnOnce(&mut DatasetBuilder)) -> Quality {
    let mut builder = Dataset::builder(rules().schema());
    add(&mut builder);
    let (data, notes) = builder.build().unwrap();
    assert_eq!(notes, []);
    quality(&data, day("2026-11-15"))
}

/// The ids that a check finds, with what it says.
fn of(quality: &Quality, check: Check) -> Vec<(String, String)> {
    let finding = quality.findings.iter().find(|finding| finding.check == check);
    let found = finding.into_iter().flat_map(|finding| &finding.found);
    found.map(|found| (found.id.clone(), found.what.clone())).collect()
}

fn ids(quality: &Quality, check: Check) -> Vec<String> {
    of(quality, check).into_iter().map(|(id, _)| id).collect()
}

/// `c2 is c1: same name`, for each likely duplicate.
fn same(quality: &Quality) -> Vec<String> {
    let groups = quality.duplicates.iter();
    let lines = groups.flat_map(|group| {
        group.same.iter().map(|same| {
            let why: Vec<String> = same.why.iter().map(ToString::to_string).collect();
            format!("{} is {}: {}", same.one.id, group.stays.id, why.join(", "))
        })
    });
    lines.collect()
}

fn customer(id: &str, name: &str) -> Customer {
    Customer { name: Some(name.into()), ..Customer::new(id) }
}

fn contact(id: &str, name: &str, customer: &str, email: &str) -> Contact {
    Contact {
        name: Some(name.into()),
        customer: Some(customer.into()),
        email: Some(email.into()).filter(|email: &String| !email.is_empty()),
        ..Contact::new(id)
    }
}

fn activity(id: &str, status: ActivityStatus, at: &str) -> Activity {
    Activity::new(id, "call", status, format!("{at}T10:00").parse::<Moment>().unwrap())
}

fn extra(field: &str, text: &str) -> BTreeMap<String, Scalar> {
    BTreeMap::from([(field.to_owned(), Scalar::Text(text.to_owned()))])
}

#[test]
fn a_customer_under_two_spellings_is_found_and_another_company_is_not() {
    let quality = found(|data| {
        data.add(customer("c1", "Møller & Søn A/S"));
        data.add(customer("c2", "MOELLER OG SØN"));
        data.add(customer("c3", "Mikkelsen Byg ApS"));
        data.add(customer("c4", "Mikelsen Byg"));
        data.add(customer("c5", "Nordlys Energi"));
        data.add(customer("c6", "Nord Lys Energi AB"));
        for (id, name) in
            [("d1", "Lind"), ("d2", "Lund"), ("d3", "Filial 12345"), ("d4", "Filial 12346")]
        {
            data.add(customer(id, name));
        }
    });
    assert_eq!(
        same(&quality),
        ["c2 is c1: same name", "c4 is c3: similar name", "c6 is c5: similar name"]
    );
}

#[test]
fn companies_of_one_name_in_two_countries_are_two() {
    let named = |id: &str, country: Option<&str>| Customer {
        country: country.map(str::to_owned),
        ..customer(id, "Acme")
    };
    let quality = found(|data| {
        data.add(named("c1", Some("DK")));
        data.add(named("c2", Some("DE")));
        data.add(named("c3", Some("dk ")));
    });
    assert_eq!(same(&quality), ["c3 is c1: same name"]);
    // Where it is not known, and only one can be meant, it is that.
    let quality = found(|data| {
        data.add(named("c1", Some("DK")));
        data.add(named("c2", None));
    });
    assert_eq!(same(&quality), ["c2 is c1: same name"]);
    let quality = found(|data| {
        data.add(named("c1", Some("DK")));
        data.add(named("c2", Some("DE")));
        data.add(named("c3", None));
    });
    assert_eq!(same(&quality), [""; 0]);
}

#[test]
fn customers_are_one_by_mail_domain_web_page_and_phone() {
    let quality = found(|data| {
        data.add(Customer { extra: extra("phone", "+45 12 34 56 78"), ..customer("c1", "Alfa") });
        data.add(Customer { extra: extra("phone", "12345678"), ..customer("c2", "Beta") });
        data.add(Customer {
            extra: extra("website", "https://www.gamma.dk/"),
            ..customer("c3", "Gamma")
        });
        data.add(customer("c4", "Delta"));
        data.add(contact("p1", "Kim Lind", "c4", "Kim Lind <KL@gamma.dk>"));
        data.add(Customer { extra: extra("mail", "info@x.dk"), ..customer("c5", "Epsilon") });
        data.add(Customer { extra: extra("mail", "INFO@X.DK"), ..customer("c6", "Zeta") });
        data.add(customer("c7", "Eta"));
        data.add(customer("c8", "Theta"));
        data.add(contact("p2", "Bo Krag", "c7", "bo@gmail.com"));
        data.add(contact("p3", "Asta Dal", "c8", "asta@gmail.com"));
    });
    assert_eq!(
        same(&quality),
        [
            "c2 is c1: same phone 12345678",
            "c4 is c3: mail domain gamma.dk",
            "c6 is c5: same mail info@x.dk, mail domain x.dk",
        ]
    );
}

#[test]
fn what_many_have_is_no_sign_and_is_said() {
    let quality = found(|data| {
        for n in 0..4 {
            data.add(customer(&format!("c{n}"), &format!("{n}")));
            data.add(contact(
                &format!("p{n}"),
                "Revisor",
                &format!("c{n}"),
                &format!("p{n}@tal.dk"),
            ));
        }
        (0..11).for_each(|n| {
            data.add(customer(&format!("u{n}"), "Unknown"));
        });
    });
    assert_eq!(same(&quality), [""; 0]);
    let common = quality.common.iter().map(|common| {
        format!("{} {}: {}: {}", common.things, common.table, common.why.reason, common.why.value)
    });
    assert_eq!(
        common.collect::<Vec<_>>(),
        ["11 customers: same name: unknown", "4 customers: mail domain: tal.dk"]
    );
}

#[test]
fn from_slip_to_slip_a_name_does_not_become_another() {
    let names = ["Mikkelsen", "Mikkelson", "Mikkolson", "Mokkolson", "Mokkolsin"];
    let quality = found(|data| {
        for (n, name) in names.iter().enumerate() {
            data.add(customer(&format!("c{n}"), name));
        }
    });
    assert_eq!(same(&quality), [""; 0]);
    let common = &quality.common[0];
    assert_eq!((common.why.reason, common.things), (Reason::SimilarName, 5));
}

#[test]
fn people_are_one_by_name_within_a_customer_by_their_own_address_or_by_number() {
    let with_number = |contact: Contact| Contact { extra: extra("mobile", "22334455"), ..contact };
    let quality = found(|data| {
        data.add(customer("c1", "Alfa"));
        data.add(customer("c2", "Omega"));
        data.add(contact("p1", "Kim Lind", "c1", ""));
        data.add(contact("p2", "Lind, Kim", "c1", "kim@alfa.dk"));
        data.add(contact("p3", "Kim Lind", "c2", "kim@omega.dk"));
        data.add(contact("p4", "Asta Dal", "c1", "asta.dal@gmail.com"));
        data.add(contact("p5", "A. Dal", "c2", "Asta.Dal@gmail.com"));
        data.add(with_number(contact("p6", "Bo Krag", "c1", "")));
        data.add(with_number(contact("p7", "Bo H. Krag", "c2", "")));
        data.add(with_number(contact("p8", "Tove", "c2", "")));
        // An address that several read, and first names with addresses of their own.
        data.add(contact("q1", "Ida Holm", "c1", "info@alfa.dk"));
        data.add(contact("q2", "Per Skov", "c1", "info@alfa.dk"));
        data.add(contact("q3", "Nanna", "c1", "n1@alfa.dk"));
        data.add(contact("q4", "Nanna", "c1", "n2@alfa.dk"));
    });
    assert_eq!(
        same(&quality),
        [
            "p1 is p2: same name",
            "p5 is p4: same mail asta.dal@gmail.com",
            "p7 is p6: same phone 22334455",
        ]
    );
}

#[test]
fn a_contact_of_a_customer_under_two_ids_is_found_too() {
    let quality = found(|data| {
        data.add(customer("c1", "Alfa A/S"));
        data.add(customer("c2", "ALFA"));
        data.add(contact("p1", "Kim Lind", "c1", ""));
        data.add(contact("p2", "Kim Lind", "c2", ""));
    });
    assert_eq!(same(&quality), ["c2 is c1: same name", "p2 is p1: same name"]);
}

#[test]
fn leads_and_sellers_are_compared_among_themselves() {
    let lead = |id: &str, name: &str, status| Lead {
        name: Some(name.into()),
        status: Some(status),
        ..Lead::new(id)
    };
    let seller = |id: &str, name: &str, email: &str| Seller {
        name: Some(name.into()),
        email: Some(email.into()),
        ..Seller::new(id)
    };
    let quality = found(|data| {
        data.add(lead("l1", "Havn ApS", LeadStatus::Open));
        data.add(lead("l2", "HAVN", LeadStatus::Open));
        data.add(lead("l3", "Havn", LeadStatus::Lost));
        data.add(seller("s1", "Kim Lind", "kim@firm.dk"));
        data.add(seller("s2", "K. Lind", "KIM@firm.dk"));
        data.add(seller("s3", "Kim Lind", "kim.lind@firm.dk"));
    });
    assert_eq!(same(&quality), ["l2 is l1: same name", "s2 is s1: same mail kim@firm.dk"]);
}

#[test]
fn the_one_with_most_activities_stays_then_that_of_which_most_is_known_then_the_first() {
    let of_customer = |id: &str, customer: &str| Activity {
        customer: Some(customer.into()),
        ..activity(id, ActivityStatus::Completed, "2026-10-01")
    };
    let three = |data: &mut DatasetBuilder| {
        data.add(customer("c1", "Alfa"));
        data.add(Customer { status: Some("active".into()), ..customer("c2", "Alfa") });
        data.add(customer("c3", "Alfa"));
    };
    let stays = |quality: Quality| quality.duplicates[0].stays.id.clone();
    assert_eq!(stays(found(three)), "c2");
    let quality = found(|data| {
        three(data);
        // By its contact, which is as good as by itself, and once.
        data.add(contact("p1", "Kim", "c3", ""));
        data.add(Activity { contact: Some("p1".into()), ..of_customer("a1", "c3") });
    });
    assert_eq!(quality.duplicates[0].stays.activities, 1);
    assert_eq!(stays(quality), "c3");
    let quality = found(|data| {
        data.add(customer("c2", "Alfa"));
        data.add(customer("c1", "Alfa"));
    });
    assert_eq!(stays(quality), "c1");
}

#[test]
fn a_lead_that_is_a_customer_is_found_unless_it_says_so_or_is_lost() {
    let lead = |id: &str, name: &str| Lead {
        name: Some(name.into()),
        status: Some(LeadStatus::Open),
        ..Lead::new(id)
    };
    let quality = found(|data| {
        data.add(Customer { extra: extra("phone", "12345678"), ..customer("c1", "Alfa A/S") });
        data.add(customer("c2", "Omega"));
        data.add(contact("p1", "Kim Lind", "c2", "kim@omega.dk"));
        data.add(lead("l1", "ALFA"));
        data.add(Lead { extra: extra("email", "bo@omega.dk"), ..lead("l2", "Bo") });
        data.add(Lead { extra: extra("phone", "+45 1234 5678"), ..lead("l3", "Tove") });
        data.add(Lead { customer: Some("c1".into()), ..lead("l4", "Alfa") });
        data.add(Lead { status: Some(LeadStatus::Lost), ..lead("l5", "Alfa") });
        data.add(Lead { extra: extra("email", "tove@gmail.com"), ..lead("l6", "Tove Dal") });
    });
    let found = of(&quality, Check::LeadIsCustomer);
    let found: Vec<String> = found.into_iter().map(|(id, what)| format!("{id} {what}")).collect();
    assert_eq!(
        found,
        [
            "l1 is customer c1: same name",
            "l2 is customer c2: mail domain omega.dk",
            "l3 is customer c1: same phone 12345678",
        ]
    );
}

#[test]
fn activities_about_nobody_and_by_nobody() {
    let completed = |id: &str| activity(id, ActivityStatus::Completed, "2026-10-01");
    let quality = found(|data| {
        data.add(Seller::new("kim"));
        data.add(Campaign::new("fair"));
        data.add(Activity { seller: Some("kim".into()), ..completed("a1") });
        data.add(Activity { campaign: Some("fair".into()), ..completed("a2") });
        data.add(activity("a3", ActivityStatus::Cancelled, "2026-10-01"));
    });
    assert_eq!(
        of(&quality, Check::AboutNobody),
        [("a1".to_owned(), "completed call on 2026-10-01".to_owned())]
    );
    assert_eq!(ids(&quality, Check::NoSeller), ["a2"]);
}

#[test]
fn who_left_and_still_has_something_to_do() {
    let ended = |id: &str, ended: &str| Seller { ended: Some(day(ended)), ..Seller::new(id) };
    let owner = |id: &str| Some(id.to_owned());
    let quality = found(|data| {
        data.add(ended("ida", "2026-11-14"));
        data.add(ended("bo", "2026-11-14"));
        data.add(ended("kim", "2026-11-15"));
        data.add(Customer { owner: owner("kim"), ..Customer::new("c1") });
        data.add(Customer { owner: owner("ida"), ..Customer::new("c2") });
        let lead = |id: &str, status, seller| Lead {
            status: Some(status),
            owner: owner(seller),
            ..Lead::new(id)
        };
        data.add(lead("l1", LeadStatus::Open, "ida"));
        data.add(lead("l2", LeadStatus::Lost, "bo"));
        let opportunity = |id: &str, closed: &str| Opportunity {
            status: Some(OpportunityStatus::Won),
            closed: Some(day(closed)),
            owner: owner("ida"),
            ..Opportunity::new(id)
        };
        // Won, but only after the day.
        data.add(opportunity("o1", "2026-11-16"));
        data.add(opportunity("o2", "2026-11-15"));
        data.add(Activity {
            seller: owner("ida"),
            customer: Some("c2".into()),
            ..activity("a1", ActivityStatus::Planned, "2026-12-01")
        });
    });
    let what = "left 2026-11-14: 1 customer, 1 open lead, 1 open opportunity, 1 planned activity";
    assert_eq!(of(&quality, Check::SellerLeft), [("ida".to_owned(), what.to_owned())]);
}

#[test]
fn dates_of_1970_and_2099_are_found_in_any_field() {
    let created =
        |id: &str, created: &str| Customer { created: Some(day(created)), ..Customer::new(id) };
    let quality = found(|data| {
        data.add(created("c1", "1970-12-31"));
        data.add(created("c2", "1971-01-01"));
        data.add(created("c3", "2098-12-31"));
        data.add(Seller { ended: Some(day("2099-01-01")), ..Seller::new("kim") });
        data.add(activity("a1", ActivityStatus::Completed, "1969-12-31"));
    });
    let found = of(&quality, Check::StrangeDate);
    let found: Vec<String> = found.into_iter().map(|(id, what)| format!("{id} {what}")).collect();
    assert_eq!(
        found,
        ["kim `ended` is 2099-01-01", "c1 `created` is 1970-12-31", "a1 `at` is 1969-12-31"]
    );
    let finding = quality.findings.iter().find(|f| f.check == Check::StrangeDate).unwrap();
    assert_eq!((finding.total, finding.of), (3, 5));
}

#[test]
fn what_should_have_been_over_long_ago() {
    let opportunity = |id: &str, status, expected: &str| Opportunity {
        status: Some(status),
        expected_close: Some(day(expected)),
        ..Opportunity::new(id)
    };
    let quality = found(|data| {
        data.add(activity("a1", ActivityStatus::Planned, "2025-11-15"));
        data.add(activity("a2", ActivityStatus::Planned, "2025-11-16"));
        data.add(activity("a3", ActivityStatus::Completed, "2025-11-15"));
        data.add(opportunity("o1", OpportunityStatus::Open, "2026-08-15"));
        data.add(opportunity("o2", OpportunityStatus::Open, "2026-08-16"));
        data.add(opportunity("o3", OpportunityStatus::Lost, "2026-08-15"));
    });
    assert_eq!(ids(&quality, Check::LongPlanned), ["a1"]);
    assert_eq!(ids(&quality, Check::LongOpen), ["o1"]);
}

#[test]
fn leads_without_a_temperature_and_customers_without_anybody() {
    let lead =
        |id: &str, status, temperature| Lead { status: Some(status), temperature, ..Lead::new(id) };
    let quality = found(|data| {
        data.add(Seller::new("kim"));
        data.add(lead("l1", LeadStatus::Open, None));
        data.add(lead("l2", LeadStatus::Open, Some(Temperature::Hot)));
        data.add(lead("l3", LeadStatus::Lost, None));
        data.add(Customer { owner: Some("kim".into()), ..Customer::new("c1") });
        data.add(Customer::new("c2"));
        data.add(Contact { customer: Some("c2".into()), ..Contact::new("p1") });
        data.add(Customer { owner: Some("kim".into()), ..Customer::new("c3") });
        data.add(Activity {
            customer: Some("c3".into()),
            ..activity("a1", ActivityStatus::Completed, "2026-10-01")
        });
    });
    assert_eq!(ids(&quality, Check::NoTemperature), ["l1"]);
    assert_eq!(ids(&quality, Check::NoOwner), ["c2"]);
    assert_eq!(ids(&quality, Check::NothingKnown), ["c1"]);
}

#[test]
fn a_kind_that_is_used_once_and_how_much_is_known() {
    let mut quality = found(|data| {
        let of_kind = |id: &str, kind: &str| Activity {
            kind: kind.into(),
            ..activity(id, ActivityStatus::Completed, "2026-10-01")
        };
        data.add(of_kind("a1", "call"));
        data.add(of_kind("a2", "call"));
        data.add(Activity { note: Some("n".into()), ..of_kind("a3", "visit") });
    });
    assert_eq!(ids(&quality, Check::KindOnce), ["a3"]);
    let known = |quality: &Quality, name: &str| {
        let fields = &quality.tables[0].fields;
        let field = fields.iter().find(|field| field.name == name).unwrap();
        (field.known, field.is_read)
    };
    assert_eq!((quality.tables[0].noun, quality.tables[0].rows), (Noun::Activity, 3));
    assert_eq!(known(&quality, "note"), (1, None));
    assert_eq!(known(&quality, "kind"), (3, None));
    quality.mark_read(&rules());
    assert_eq!(known(&quality, "note"), (1, Some(false)));
    assert_eq!(known(&quality, "kind"), (3, Some(true)));
}

#[test]
fn nothing_is_found_in_nothing() {
    let quality = found(|_| {});
    assert!(quality.is_clean() && quality.tables.is_empty() && quality.common.is_empty());
}

/// A name of two words that are no legal form and do not join.
fn name() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[b-df-hj-np-tv-z][aeiouæøå][a-zæøåé]{2,8}", 1..4)
}

/// The name as somebody else would write it.
fn respelled(words: &[String], (case, form, sign): (usize, usize, usize)) -> String {
    let sign = [" ", "-", ", ", "  "][sign % 4];
    let name = words.join(sign);
    let name = match case % 3 {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        _ => name,
    };
    format!("{name}{}", ["", " A/S", ", Inc.", " gmbh & co. kg", " (ApS)"][form % 5])
}

fn company(names: &[(usize, String)]) -> Quality {
    found(|data| {
        for (n, name) in names {
            data.add(customer(&format!("c{n:03}"), name));
            data.add(contact(&format!("p{n:03}"), "Kim Lind", &format!("c{n:03}"), ""));
            data.add(Activity {
                contact: Some(format!("p{n:03}")),
                ..activity(&format!("a{n:03}"), ActivityStatus::Planned, "2020-01-01")
            });
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_name_that_is_spelled_in_another_way_is_found(
        words in name(),
        others in prop::collection::vec(name(), 0..20),
        spelling in any::<(usize, usize, usize)>(),
    ) {
        let mut names: Vec<String> = others.iter().map(|words| words.join(" ")).collect();
        names.push(words.join(" "));
        names.push(respelled(&words, spelling));
        let (last, before) = (names.len() - 1, names.len() - 2);
        let quality = company(&names.into_iter().enumerate().collect::<Vec<_>>());
        let group = quality.duplicates.iter().find(|group| {
            let all = || group.same.iter().map(|same| &same.one.id).chain([&group.stays.id]);
            let has = |n: usize| all().any(|id| *id == format!("c{n:03}"));
            has(last) && has(before)
        });
        prop_assert!(group.is_some(), "{:?}", quality.duplicates);
    }

    #[test]
    fn what_is_merged_is_found_no_more_and_no_activity_is_lost(
        names in prop::collection::vec("(Alfa|Beta|Gamma Delta)( A/S| ApS|)", 1..8),
        whose in prop::collection::vec(0_usize..8, 0..20),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| fs::write(dir.path().join(name), text).unwrap();
        let rows = names.iter().enumerate().map(|(n, name)| format!("c{n},{name}\n"));
        write("customers.csv", format!("id,name\n{}", rows.collect::<String>()));
        let rows = whose.iter().enumerate();
        let rows = rows.map(|(n, c)| format!("a{n},call,completed,2026-01-01,c{}\n", c % names.len()));
        let head = "id,kind,status,at,customer\n";
        write("activities.csv", format!("{head}{}", rows.collect::<String>()));
        let look = |import: Import| {
            let (data, _) = import.read(rules().schema()).unwrap().build().unwrap();
            (data.count(Noun::Activity), quality(&data, day("2026-11-15")).duplicates)
        };
        let (count, found) = look(Import::new(dir.path()));
        prop_assert_eq!(count, whose.len());
        let lines = found.iter().flat_map(|group| {
            group.same.iter().map(|same| format!("customers,{},{}\n", same.one.id, group.stays.id))
        });
        write("merge.csv", format!("table,id,same_as\n{}", lines.collect::<String>()));
        let merge = Import::new(dir.path()).merge(dir.path().join("merge.csv"));
        prop_assert_eq!(look(merge), (count, Vec::new()));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        names in prop::collection::vec("[abæ]{4}[ab]{1,5}( A/S)?( [ab]{1,6})?", 1..40),
        seed in any::<u64>(),
    ) {
        let names: Vec<(usize, String)> = names.into_iter().enumerate().collect();
        let mut shuffled = names.clone();
        shuffled.sort_by_key(|(n, _)| (*n as u64 + 1).wrapping_mul(seed | 1));
        prop_assert_eq!(company(&names), company(&shuffled));
    }
}
