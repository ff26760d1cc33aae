//! Customers and the people who work there.

use chrono::NaiveDate;
use serde::Serialize;

use crate::leads::Lead;
use crate::names::{self, Names};
use crate::people::{self, NILS_LEFT, TUVA_STARTED};
use crate::random::Random;
use crate::story::{
    AS_OF, COUNTRIES, Country, FIRST_DAY, LEFT_BEHIND, WITHOUT_CREATED, WITHOUT_REGION,
    WITHOUT_REVENUE, day,
};

#[derive(Serialize)]
pub(crate) struct Customer {
    pub(crate) id: String,
    name: String,
    pub(crate) owner: Option<&'static str>,
    created: Option<NaiveDate>,
    status: &'static str,
    pub(crate) revenue: Option<u64>,
    country: &'static str,
    region: Option<&'static str>,
    /// Who looked after it until when, if that is somebody else.
    #[serde(skip)]
    before: Option<(&'static str, NaiveDate)>,
    #[serde(skip)]
    pub(crate) team: &'static str,
}

impl Customer {
    /// As `segments.kpi` has it.
    pub(crate) fn segment(&self) -> Option<char> {
        self.revenue.map(|revenue| match revenue {
            2_000_000.. => 'A',
            500_000.. => 'B',
            _ => 'C',
        })
    }

    /// Whether it is a customer on that day.
    pub(crate) fn is_there(&self, day: NaiveDate) -> bool {
        self.created.is_none_or(|created| created <= day)
    }

    /// The first day on which it is worked on.
    pub(crate) fn first_day(&self) -> NaiveDate {
        self.created.map_or(FIRST_DAY, |created| created.max(FIRST_DAY))
    }

    /// Who looks after it on that day.
    pub(crate) fn keeper(&self, day: NaiveDate) -> Option<&'static str> {
        self.before.filter(|(_, until)| day <= *until).map(|(seller, _)| seller).or(self.owner)
    }
}

/// Old customers, and those that leads became.
pub(crate) fn customers(names: &mut Names, leads: &[Lead]) -> Vec<Customer> {
    let mut random = Random::new(4);
    let mut customers = Vec::new();
    for country in COUNTRIES {
        for _ in 0..country.old_customers {
            let id = format!("c{:03}", customers.len() + 1);
            let created = day(2015, 1, 1) + random.days(0, 3_700);
            let created = (!random.chance(WITHOUT_CREATED)).then_some(created);
            let name = names.take(country.code);
            let (owner, before) = keepers(&mut random, country);
            let customer = customer(&mut random, id, name, country, created);
            customers.push(Customer { owner, before, ..customer });
        }
    }
    for lead in leads {
        let country = COUNTRIES.iter().find(|country| country.code == lead.country);
        if let (Some(id), Some(country)) = (&lead.customer, country) {
            let customer =
                customer(&mut random, id.clone(), lead.name.clone(), *country, lead.converted);
            let stays = people::find(lead.owner).is_some_and(|seller| seller.ended.is_none());
            let (owner, before) =
                if stays { (lead.owner, None) } else { ("linnea", Some((lead.owner, NILS_LEFT))) };
            customers.push(Customer { owner: Some(owner), before, ..customer });
        }
    }
    customers
}

fn customer(
    random: &mut Random,
    id: String,
    name: String,
    country: Country,
    created: Option<NaiveDate>,
) -> Customer {
    let (low, high) = random.weighted(&[
        (3, (5_000, 12_000)),
        (10, (2_000, 4_900)),
        (34, (500, 1_990)),
        (53, (20, 490)),
    ]);
    let revenue = 10_000 * random.between(low / 10, high / 10);
    Customer {
        id,
        name,
        owner: None,
        created,
        status: random.weighted(&[(94, "active"), (6, "paused")]),
        revenue: (!random.chance(WITHOUT_REVENUE)).then_some(revenue),
        country: country.code,
        region: (!random.chance(WITHOUT_REGION)).then(|| names::region(random, country.code)),
        before: None,
        team: country.team,
    }
}

/// The owner of an old customer, and who was it before. Linnea has taken over from Nils, save
/// what was left behind; Tuva has got a part of Håkon's.
fn keepers(
    random: &mut Random,
    country: Country,
) -> (Option<&'static str>, Option<(&'static str, NaiveDate)>) {
    let owner = people::anyone(random, country.team, FIRST_DAY, FIRST_DAY);
    if owner == "nils" {
        let taken_over = !random.chance(LEFT_BEHIND);
        return (taken_over.then_some("linnea"), Some((owner, NILS_LEFT)));
    }
    if owner == "håkon" && random.chance(40) {
        return (Some("tuva"), Some((owner, TUVA_STARTED.pred_opt().unwrap_or(AS_OF))));
    }
    (Some(owner), None)
}

#[derive(Serialize)]
pub(crate) struct Contact {
    pub(crate) id: String,
    name: &'static str,
    pub(crate) customer: String,
    role: Option<&'static str>,
    email: String,
}

/// Three people at an A-customer, two at a B-customer, else one.
pub(crate) fn contacts(customers: &[Customer]) -> Vec<Contact> {
    const ROLES: [Option<&str>; 5] =
        [Some("facility manager"), Some("buyer"), Some("head of HR"), Some("owner"), None];
    let mut random = Random::new(5);
    let mut contacts = Vec::new();
    for customer in customers {
        let count = match customer.segment() {
            Some('A') => 3,
            Some('B') => 2,
            _ => 1,
        };
        for _ in 0..count {
            let id = format!("p{:03}", contacts.len() + 1);
            let email = format!("{id}@{}.example", customer.id);
            let name = names::first_name(&mut random);
            let role = random.pick(&ROLES);
            contacts.push(Contact { id, name, customer: customer.id.clone(), role, email });
        }
    }
    contacts
}
