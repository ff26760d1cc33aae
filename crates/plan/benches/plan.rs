//! How long it takes to plan two weeks of 200 sellers with 20,000 customers, leads and opportunities.
//!
//! ```console
//! $ cargo bench -p kadence-plan
//! ```

#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::time::Instant;

use kadence::{
    Activity, ActivityStatus, AsOf, Customer, Dataset, Lead, LeadStatus, Moment, NoFiles,
    Opportunity, OpportunityStatus, Options, RuleSet, Seller, Tables, Temperature,
};
use kadence_plan::{Ask, plan};

const RULES: &str = "\
calendar
    hours   5 per workday
    minutes call 15, visit 60, meeting 60, email 10, message 5, demo 60, offer 90, task 15
customer: touchpoint every 90 days                              as in-touch
customer where revenue >= 1m: visit every 180 days              as visited    weight 3
customer where revenue >= 500k: touchpoints >= 4 per year       as four
customer where revenue >= 1m: touchpoints spaced 30 days >= 2 in last 6 months as apart
lead: touchpoint within 3 workdays of created                   as speed      weight 2
hot lead: next activity                                         as hot-next   weight 2
open opportunity: next activity within 14 days                  as in-motion  weight 2
meeting: followed by activity within 7 days                     as progress
seller: meetings >= 12 per month                                as month
";

const SELLERS: u64 = 200;
const CUSTOMERS: u64 = 16_000;
const LEADS: u64 = 2_000;
const OPPORTUNITIES: u64 = 2_000;
const ACTIVITIES: u64 = 200_000;

/// The same numbers everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn company() -> Tables {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut tables = Tables::default();
    let first = chrono::NaiveDate::from_ymd_opt(2026, 11, 15).unwrap_or_default();
    let ago = |days: u64| first - chrono::TimeDelta::days(days.try_into().unwrap_or(0));
    tables.sellers = (0..SELLERS).map(|n| Seller::new(format!("s{n}"))).collect();
    let owner = |n: u64| Some(format!("s{}", n % SELLERS));
    for n in 0..CUSTOMERS {
        let (created, revenue) = (ago(400 + random.below(2_000)), 1_000 * random.below(1_200));
        tables.customers.push(Customer {
            owner: owner(n),
            created: Some(created),
            revenue: Some(revenue.into()),
            ..Customer::new(format!("c{n}"))
        });
    }
    let temperatures = [Temperature::Hot, Temperature::Warm, Temperature::Cold];
    for n in 0..LEADS {
        let temperature = temperatures.get(random.below(3) as usize).copied();
        tables.leads.push(Lead {
            owner: owner(n),
            temperature,
            status: Some(LeadStatus::Open),
            created: Some(ago(random.below(30)).into()),
            ..Lead::new(format!("l{n}"))
        });
    }
    for n in 0..OPPORTUNITIES {
        // Of a customer of the same seller.
        let customer = (n % SELLERS) + SELLERS * random.below(CUSTOMERS / SELLERS);
        tables.opportunities.push(Opportunity {
            owner: owner(n),
            customer: Some(format!("c{customer}")),
            status: Some(OpportunityStatus::Open),
            created: Some(ago(random.below(200))),
            ..Opportunity::new(format!("o{n}"))
        });
    }
    let kinds = ["call", "call", "call", "email", "email", "visit", "meeting", "meeting"];
    for n in 0..ACTIVITIES {
        let customer = random.below(CUSTOMERS);
        let kind = kinds.get(random.below(8) as usize).copied().unwrap_or("call");
        let is_ahead = random.below(100) == 0;
        let (status, day) = match is_ahead {
            true => (ActivityStatus::Planned, first + chrono::TimeDelta::days(1 + n as i64 % 20)),
            false => (ActivityStatus::Completed, ago(random.below(500))),
        };
        let at = day.and_hms_opt(9 + random.below(8) as u32, 0, 0).unwrap_or_default();
        tables.activities.push(Activity {
            seller: owner(customer),
            customer: Some(format!("c{customer}")),
            ..Activity::new(format!("a{n}"), kind, status, Moment::Local(at))
        });
    }
    tables
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = RuleSet::compile("bench.kpi", RULES, &NoFiles)?;
    let mut data = Dataset::builder(rules.schema());
    data.tables(company());
    let (data, _notes) = data.build()?;
    let options = Options::at("2026-11-15".parse::<AsOf>()?);
    let ask = Ask::until("2026-11-27".parse()?);
    let started = Instant::now();
    let schedule = plan(&rules, &data, &options, &ask)?;
    let booked: usize = schedule.sellers.iter().map(|seller| seller.booked.len()).sum();
    println!(
        "{} sellers, {} subjects, {ACTIVITIES} activities: {booked} booked, {} unmet, {} of {} kept, at most {}: {:.1} s",
        SELLERS,
        CUSTOMERS + LEADS + OPPORTUNITIES,
        schedule.unmet.len(),
        schedule.kept.kept,
        schedule.kept.asked,
        schedule.kept.most,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
