//! Made companies in which activities do nothing, each of a shape that deceives whoever does not look at
//! what was known at the time.

use chrono::{Datelike, Days, Months, NaiveDate};
use kadence::effect::Asked;
use kadence::{
    Activity, ActivityStatus, AsOf, Customer, Dataset, DatasetBuilder, Lead, LeadStatus, Moment,
    NoFiles, Opportunity, OpportunityStatus, RuleSet, Seller,
};
use kadence_statistics::Random;
use kadence_statistics::effect::Effects;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp};
use rust_decimal::Decimal;

/// A shape of company.
#[derive(Clone, Copy)]
pub(crate) struct Empty {
    pub(crate) name: &'static str,
    rules: &'static str,
    months: u32,
    make: fn(&mut Made, &mut Random),
}

/// Every one of which a table is made.
pub(crate) const EMPTY: [Empty; 8] = [
    Empty {
        name: "deals that are met while they last",
        rules: "open opportunity: meeting every 30 days   as monthly   supports sales\n\
                open opportunity: meetings >= 2           as two       supports sales\n",
        months: 6,
        make: lasting_deals,
    },
    Empty {
        name: "leads that are called less as they age",
        rules: "lead: calls >= 1 per month   as called   supports sales\n",
        months: 6,
        make: ageing_leads,
    },
    Empty {
        name: "deals of few customers, each with a taste",
        rules: "opportunity: meeting within 10 days of created   as early   supports sales\n",
        months: 6,
        make: customers_with_taste,
    },
    Empty {
        name: "rising win rates, calls logged only later",
        rules: "customer: calls >= 1 per quarter   as called   supports sales\n",
        months: 6,
        make: rising_rates,
    },
    Empty {
        name: "calls and sales by the season",
        rules: "customer: calls >= 1 per month   as called   supports sales\n",
        months: 1,
        make: seasons,
    },
    Empty {
        name: "customers called while a deal is open",
        rules: "customer: calls >= 1 per month   as called   supports sales\n",
        months: 6,
        make: open_deals,
    },
    Empty {
        name: "meetings of which nobody knows since when",
        rules: "open opportunity: next meeting within 21 days   as ahead    supports sales\n\
                open opportunity: stage is agreed               as agreed   supports sales\n",
        months: 6,
        make: signing,
    },
    Empty {
        name: "leads that are called and given up",
        rules: "open lead: call within 3 days of created   as open   supports sales\n\
                lead: call within 3 days of created        as any    supports sales\n",
        months: 6,
        make: given_up,
    },
];

/// What is found where there is nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Alarms {
    pub(crate) runs: usize,
    pub(crate) rules: usize,
    pub(crate) kinds: usize,
    pub(crate) any: usize,
    /// In how many runs anything of a rule could be compared.
    pub(crate) compared: usize,
}

impl Empty {
    pub(crate) fn alarms(&self, seeds: std::ops::Range<u64>) -> Alarms {
        let mut alarms = Alarms::default();
        for seed in seeds {
            let effects = self.report(seed);
            let mut of_rules = effects.rules.iter().flat_map(|rule| &rule.results);
            let compared = of_rules.clone().any(|one| one.among_like.is_some());
            let rules = of_rules.any(|one| one.among_like.is_some_and(|one| one.is_detected));
            let mut kinds = effects.kinds.kinds.iter().filter_map(|kind| kind.among_like);
            let kinds = kinds.any(|one| one.is_detected);
            let both = effects.effort.sellers.iter().chain(&effects.effort.segments);
            let mut against = both.flat_map(|one| [one.win_rate, one.margins]).flatten();
            let any = rules || kinds || against.any(|one| one.is_detected);
            alarms.runs += 1;
            alarms.rules += usize::from(rules);
            alarms.kinds += usize::from(kinds);
            alarms.any += usize::from(any);
            alarms.compared += usize::from(compared);
        }
        alarms
    }

    fn report(&self, seed: u64) -> Effects {
        let goal = "goal sales = sum amount of won opportunities >= 1m per year\n";
        let rules =
            RuleSet::compile("made.kpi", &format!("{goal}{}", self.rules), &NoFiles).unwrap();
        let mut made = Made { data: Dataset::builder(rules.schema()), activities: 0 };
        for seller in 0..SELLERS {
            made.data.add(Seller::new(format!("s{seller}")));
        }
        (self.make)(&mut made, &mut Random::seed_from_u64(seed));
        let (data, _notes) = made.data.build().unwrap();
        let asked = Asked { months: self.months, ..Asked::default() };
        Effects::new(&rules, &data, AsOf::Day(last()), &asked).unwrap()
    }
}

const SELLERS: usize = 3;

fn first() -> NaiveDate {
    "2024-01-01".parse().unwrap()
}

fn last() -> NaiveDate {
    "2026-06-30".parse().unwrap()
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day + Days::new(days)
}

fn tenth_of_month(month: u32) -> NaiveDate {
    after(first() + Months::new(month), 9)
}

fn exponential(random: &mut Random, mean: f64) -> u64 {
    Exp::new(1.0 / mean).unwrap().sample(random) as u64 + 1
}

/// A company as it is made.
struct Made {
    data: DatasetBuilder,
    activities: usize,
}

/// A deal as it goes.
struct Deal<'d> {
    customer: usize,
    created: NaiveDate,
    closed: NaiveDate,
    won: bool,
    amount: i64,
    stage: Option<&'d str>,
}

impl Made {
    fn customers(&mut self, count: usize, random: &mut Random) {
        for n in 0..count {
            self.data.add(Customer {
                segment: Some(["A", "B"][n % 2].into()),
                owner: Some(format!("s{}", n % SELLERS)),
                created: Some("2020-01-01".parse().unwrap()),
                revenue: Some(Decimal::from(random.random_range(1000..9999))),
                ..Customer::new(format!("c{n}"))
            });
        }
    }

    fn act(&mut self, kind: &str, day: NaiveDate, about: impl FnOnce(Activity) -> Activity) {
        let at: Moment = format!("{day}T10:00").parse().unwrap();
        let id = format!("a{}", self.activities);
        self.activities += 1;
        self.data.add(about(Activity::new(id, kind, ActivityStatus::Completed, at)));
    }

    fn on_customer(&mut self, kind: &str, day: NaiveDate, customer: usize) {
        self.act(kind, day, |one| Activity { customer: Some(format!("c{customer}")), ..one });
    }

    fn on_deal(&mut self, kind: &str, day: NaiveDate, deal: &str) {
        self.act(kind, day, |one| Activity { opportunity: Some(deal.to_owned()), ..one });
    }

    fn deal(&mut self, id: &str, deal: &Deal<'_>) {
        let is_closed = deal.closed <= last();
        let status = match (is_closed, deal.won) {
            (false, _) => OpportunityStatus::Open,
            (true, true) => OpportunityStatus::Won,
            (true, false) => OpportunityStatus::Lost,
        };
        self.data.add(Opportunity {
            customer: Some(format!("c{}", deal.customer)),
            owner: Some(format!("s{}", deal.customer % SELLERS)),
            status: Some(status),
            stage: deal.stage.map(str::to_owned),
            amount: Some(Decimal::from(deal.amount)),
            margin: Some(Decimal::from(deal.amount / 5)),
            created: Some(deal.created),
            closed: Some(deal.closed).filter(|_| is_closed),
            ..Opportunity::new(id)
        });
    }

    fn lead(
        &mut self,
        id: &str,
        created: NaiveDate,
        status: LeadStatus,
        converted: Option<NaiveDate>,
    ) {
        self.data.add(Lead {
            source: Some(["web", "fair"][created.ordinal0() as usize % 2].into()),
            owner: Some(format!("s{}", created.day0() as usize % SELLERS)),
            created: Some(format!("{created}T09:00").parse().unwrap()),
            status: Some(status),
            converted,
            ..Lead::new(id)
        });
    }
}

fn amount(random: &mut Random) -> i64 {
    [10_000, 50_000, 90_000][random.random_range(0..3)]
}

/// Deals last for any time, and are met at any time while they do.
fn lasting_deals(made: &mut Made, random: &mut Random) {
    made.customers(150, random);
    for n in 0..500 {
        let created = after(first(), random.random_range(0..760));
        let closed = after(created, exponential(random, 100.0));
        let (customer, won) = (random.random_range(0..150), random.random_bool(0.35));
        let id = format!("o{n}");
        made.deal(
            &id,
            &Deal { customer, created, closed, won, amount: amount(random), stage: None },
        );
        let mut day = after(created, exponential(random, 40.0));
        while day < closed.min(last()) {
            made.on_deal("meeting", day, &id);
            day = after(day, exponential(random, 40.0));
        }
    }
}

/// Leads are called less as they age, and convert less.
fn ageing_leads(made: &mut Made, random: &mut Random) {
    for n in 0..400 {
        let id = format!("l{n}");
        let created = after(first(), random.random_range(0..800));
        let converts = after(created, exponential(random, 90.0));
        let converts = Some(converts).filter(|day| random.random_bool(0.4) && *day <= last());
        let status = if converts.is_some() { LeadStatus::Converted } else { LeadStatus::Open };
        made.lead(&id, created, status, converts);
        let days = (converts.unwrap_or(last()) - created).num_days();
        for age in 0..days {
            if random.random_bool(0.05 * (-age as f64 / 120.0).exp()) {
                let day = after(created, age as u64);
                made.act("call", day, |one| Activity { lead: Some(id.clone()), ..one });
            }
        }
    }
    made.data.complete_from(first());
}

/// Customers differ in how often they are met, and beside that in how they buy.
fn customers_with_taste(made: &mut Made, random: &mut Random) {
    made.customers(60, random);
    for customer in 0..60 {
        let met = if random.random_bool(0.5) { 0.1 } else { 0.9 };
        let buys = if random.random_bool(0.5) { 0.1 } else { 0.6 };
        for n in 0..random.random_range(6..14) {
            let id = format!("o{customer}-{n}");
            let created = after(first(), random.random_range(0..700));
            let closed = after(created, random.random_range(45..125));
            let won = random.random_bool(buys);
            made.deal(&id, &Deal { customer, created, closed, won, amount: 50_000, stage: None });
            if random.random_bool(met) {
                made.on_deal("meeting", after(created, 2), &id);
            }
        }
    }
    made.data.complete_from(first());
}

/// Nothing was logged in the first year, in which less was won.
fn rising_rates(made: &mut Made, random: &mut Random) {
    made.customers(120, random);
    let start = first() + Months::new(12);
    for n in 0..500 {
        let closed = after(first(), random.random_range(0..900));
        let won = random.random_bool(if closed < start + Months::new(3) { 0.2 } else { 0.4 });
        let (customer, created) = (random.random_range(0..120), closed - Days::new(60));
        let deal = Deal { customer, created, closed, won, amount: amount(random), stage: None };
        made.deal(&format!("o{n}"), &deal);
    }
    for customer in 0..120 {
        for part in 0..27 {
            if random.random_bool(0.3) {
                let day = after(start, part * 20 + random.random_range(0..19));
                made.on_customer("call", day, customer);
            }
        }
    }
}

/// Most are called in the first month of a quarter, and most is sold in December.
fn seasons(made: &mut Made, random: &mut Random) {
    made.customers(200, random);
    for customer in 0..200 {
        for month in 0..30 {
            if random.random_bool(if month % 3 == 0 { 0.9 } else { 0.1 }) {
                made.on_customer("call", tenth_of_month(month), customer);
            }
            if random.random_bool(if month % 12 == 11 { 0.25 } else { 0.04 }) {
                let closed = after(first() + Months::new(month), random.random_range(0..28));
                let created = closed - Days::new(random.random_range(20..100));
                let won = random.random_bool(0.5);
                let deal =
                    Deal { customer, created, closed, won, amount: amount(random), stage: None };
                made.deal(&format!("o{customer}-{month}"), &deal);
            }
        }
    }
    made.data.complete_from(first());
}

/// Customers are called while a deal of theirs is open.
fn open_deals(made: &mut Made, random: &mut Random) {
    made.customers(200, random);
    for customer in 0..200 {
        let mut open = Vec::new();
        let mut created = after(first() - Days::new(90), random.random_range(0..300));
        while created < last() - Days::new(120) {
            let closed = after(created, random.random_range(60..180));
            let won = random.random_bool(0.5);
            let deal = Deal { customer, created, closed, won, amount: amount(random), stage: None };
            made.deal(&format!("o{customer}-{created}"), &deal);
            open.push(created..closed);
            created = after(closed, random.random_range(60..300));
        }
        for month in 0..30 {
            let day = tenth_of_month(month);
            let is_open = open.iter().any(|days| days.contains(&day));
            if random.random_bool(if is_open { 0.6 } else { 0.1 }) {
                made.on_customer("call", day, customer);
            }
        }
    }
    made.data.complete_from(first());
}

/// A deal that is about to be won is met to sign it, and its stage is set as it ends.
fn signing(made: &mut Made, random: &mut Random) {
    made.customers(300, random);
    for customer in 0..300 {
        let id = format!("o{customer}");
        let created = after(first(), random.random_range(0..700));
        let days = random.random_range(45..125);
        let (closed, won) = (after(created, days), random.random_bool(0.4));
        let agreed = random.random_bool(if won { 0.9 } else { 0.3 });
        let stage = Some(if agreed { "agreed" } else { "offered" });
        made.deal(&id, &Deal { customer, created, closed, won, amount: 50_000, stage });
        for _ in 0..2 {
            made.on_deal("meeting", after(created, random.random_range(0..days)), &id);
            if won {
                made.on_deal("meeting", closed - Days::new(random.random_range(1..11)), &id);
            }
        }
    }
    made.data.complete_from(first());
}

/// Leads that were called and did not convert are lost; the others stay open.
fn given_up(made: &mut Made, random: &mut Random) {
    for n in 0..400 {
        let id = format!("l{n}");
        let created = after(first(), random.random_range(0..700));
        let called = random.random_bool(0.5);
        let converts = after(created, random.random_range(5..135));
        let converts = Some(converts).filter(|_| random.random_bool(0.3));
        let status = match (converts, called) {
            (Some(_), _) => LeadStatus::Converted,
            (None, true) => LeadStatus::Lost,
            (None, false) => LeadStatus::Open,
        };
        made.lead(&id, created, status, converts);
        if called {
            made.act("call", after(created, 1), |one| Activity { lead: Some(id.clone()), ..one });
        }
    }
    made.data.complete_from(first());
}
