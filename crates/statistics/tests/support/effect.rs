//! Made companies whose truth is known.

use kadence::effect::Asked;
use kadence::{
    Activity, ActivityStatus, AsOf, Customer, Dataset, NoFiles, Opportunity, OpportunityStatus,
    RuleSet, Seller,
};
use kadence_statistics::Random;
use kadence_statistics::effect::{Effects, Outcome, Value, compare, holm, raw};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal, Poisson};
use rust_decimal::Decimal;

/// How a company is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    pub(crate) name: &'static str,
    pub(crate) customers: usize,
    pub(crate) sellers: usize,
    pub(crate) quarters: usize,
    /// How much more good customers are called, and how much better they buy, by what the data has:
    /// segment, owner and size.
    pub(crate) seen: f64,
    /// The same by what the data does not have.
    pub(crate) hidden: f64,
    /// How much the chance to win rises where the rule is met.
    pub(crate) effect: f64,
    /// The usual chance that it is met, as log odds.
    pub(crate) usual: f64,
    /// Deals that close for each customer and quarter.
    pub(crate) deals: f64,
}

pub(crate) const PLAIN: World = World {
    name: "no effect",
    customers: 300,
    sellers: 6,
    quarters: 4,
    seen: 0.0,
    hidden: 0.0,
    effect: 0.0,
    usual: 0.0,
    deals: 0.6,
};

/// Every one of which a table is made.
pub(crate) const WORLDS: [World; 9] = [
    PLAIN,
    World { name: "no effect, good ones called more", seen: 1.0, ..PLAIN },
    World { name: "the same, few customers", seen: 1.0, customers: 120, ..PLAIN },
    World { name: "the same, met by one in eight", seen: 1.0, usual: -2.2, ..PLAIN },
    World { name: "the same, a deal in five quarters", seen: 1.0, deals: 0.2, ..PLAIN },
    World { name: "effect of 10 points", effect: 0.10, ..PLAIN },
    World { name: "effect of 10 points, good ones called more", seen: 1.0, effect: 0.10, ..PLAIN },
    World {
        name: "effect of 10 points, 900 customers",
        seen: 1.0,
        effect: 0.10,
        customers: 900,
        ..PLAIN
    },
    World { name: "no effect, chosen by what nobody sees", hidden: 1.0, ..PLAIN },
];

/// One customer in one quarter, and the deals that closed in the next.
struct Case {
    customer: usize,
    quarter: usize,
    met: bool,
    /// Whether each was won, and its amount.
    deals: Vec<(bool, f64)>,
}

/// A customer as it is.
struct Made {
    segment: usize,
    seller: usize,
    revenue: f64,
    third: usize,
}

/// What one run came to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Run {
    /// Whether anything was detected of the rule.
    pub(crate) alarm: bool,
    /// Whether anything would have been by comparing everybody with everybody.
    pub(crate) raw_alarm: bool,
    /// Whether the interval of the win rate holds the truth; none where it was refused.
    pub(crate) holds: Option<bool>,
    /// Whether any kind of activity was found to precede deals that are won or lost.
    pub(crate) kinds: bool,
    /// Whether anything in the whole report was detected.
    pub(crate) any: bool,
}

impl World {
    fn make(&self, random: &mut Random) -> (Vec<Made>, Vec<Case>) {
        let size = LogNormal::new(13.0, 1.0).unwrap();
        let mut customers: Vec<Made> = (0..self.customers)
            .map(|_| Made {
                segment: random.random_range(0..3),
                seller: random.random_range(0..self.sellers),
                revenue: size.sample(random),
                third: 0,
            })
            .collect();
        let mut order: Vec<usize> = (0..customers.len()).collect();
        order.sort_by(|a, b| customers[*a].revenue.total_cmp(&customers[*b].revenue));
        for (rank, place) in order.into_iter().enumerate() {
            customers[place].third = rank * 3 / self.customers;
        }
        let mut cases = Vec::new();
        for (customer, made) in customers.iter().enumerate() {
            // From -1 to 1 each.
            let segment = 1.0 - made.segment as f64;
            let third = made.third as f64 - 1.0;
            let seller = 2.0 * made.seller as f64 / (self.sellers - 1) as f64 - 1.0;
            let seen = self.seen * (segment + third + seller);
            let hidden = self.hidden * random.random_range(-1.7..1.7);
            let (taste, luck) = (random.random_range(-1.0..1.0), random.random_range(-0.15..0.15));
            for quarter in 0..self.quarters {
                let odds: f64 = self.usual + 0.8 * seen + 0.8 * hidden + taste;
                let met = random.random_bool(1.0 / (1.0 + (-odds).exp()));
                let chance =
                    0.35 + 0.06 * seen + 0.1 * hidden + luck + if met { self.effect } else { 0.0 };
                let amount = LogNormal::new(10.5 + 0.3 * seen, 0.8).unwrap();
                let count = Poisson::new(self.deals).unwrap().sample(random) as usize;
                let deal = |_| {
                    let won = random.random_bool(chance.clamp(0.0, 1.0));
                    (won, amount.sample(random).round())
                };
                let deals = (0..count).map(deal).collect();
                cases.push(Case { customer, quarter, met, deals });
            }
        }
        (customers, cases)
    }

    /// The estimator alone: what it says of the win rate and of the amount won.
    pub(crate) fn estimate(&self, seed: u64) -> Run {
        let (customers, cases) = self.make(&mut Random::seed_from_u64(seed));
        let value = |case: &Case, count: f64, sum: f64| {
            let Made { segment, seller, third, .. } = customers[case.customer];
            let stratum = ((segment * self.sellers + seller) * 3 + third) * self.quarters;
            let stratum = stratum + case.quarter;
            // What closes in the next quarter was opened in this one, and what was opened in the last has
            // closed.
            let is_last = |other: &&Case| {
                other.customer == case.customer && other.quarter + 1 == case.quarter
            };
            let place = case.customer * self.quarters + case.quarter;
            let before = place.checked_sub(1).and_then(|place| cases.get(place)).filter(is_last);
            let moved = !case.deals.is_empty() || before.is_some_and(|case| !case.deals.is_empty());
            let stratum = 6 * stratum + 2 * case.deals.len().min(2) + usize::from(moved);
            Value { subject: case.customer, stratum, met: case.met, count, sum }
        };
        let won = |case: &Case| case.deals.iter().filter(|deal| deal.0).count() as f64;
        let sold = |case: &Case| case.deals.iter().filter(|deal| deal.0).map(|deal| deal.1).sum();
        let rates: Vec<Value> = cases
            .iter()
            .filter(|case| !case.deals.is_empty())
            .map(|case| value(case, case.deals.len() as f64, won(case)))
            .collect();
        let amounts: Vec<Value> = cases.iter().map(|case| value(case, 1.0, sold(case))).collect();
        let found = [compare(&rates).1.ok(), compare(&amounts).1.ok()];
        let ps: Vec<f64> = found.iter().flatten().map(|one| one.p()).collect();
        let raws: Vec<f64> =
            [raw(&rates), raw(&amounts)].iter().flatten().map(|one| one.p()).collect();
        Run {
            alarm: alarms(&ps),
            raw_alarm: alarms(&raws),
            holds: found[0].map(|one| one.interval(0.95).contains(self.effect)),
            kinds: false,
            any: false,
        }
    }

    /// The whole way: a rule, a dataset, the engine, and a report.
    pub(crate) fn report(&self, seed: u64) -> Run {
        let (customers, cases) = self.make(&mut Random::seed_from_u64(seed));
        let text = "goal sales = sum amount of won opportunities >= 1m per year\n\
                    customer: calls >= 1 per quarter   as called   supports sales\n";
        let rules = RuleSet::compile("made.kpi", text, &NoFiles).unwrap();
        let mut data = Dataset::builder(rules.schema());
        for seller in 0..self.sellers {
            data.add(Seller::new(format!("s{seller}")));
        }
        for (n, made) in customers.iter().enumerate() {
            data.add(Customer {
                segment: Some(["A", "B", "C"][made.segment].into()),
                owner: Some(format!("s{}", made.seller)),
                revenue: Some(Decimal::from(made.revenue as i64)),
                ..Customer::new(format!("c{n}"))
            });
        }
        let first: chrono::NaiveDate = "2024-01-01".parse().unwrap();
        let start = |quarter: usize| first + chrono::Months::new(3 * quarter as u32);
        for (n, case) in cases.iter().enumerate() {
            let at = format!("{}T10:00", start(case.quarter) + chrono::Days::new(20));
            let of = format!("c{}", case.customer);
            if case.met {
                let call = Activity::new(
                    format!("a{n}"),
                    "call",
                    ActivityStatus::Completed,
                    at.parse::<kadence::Moment>().unwrap(),
                );
                let seller = Some(format!("s{}", customers[case.customer].seller));
                data.add(Activity { customer: Some(of.clone()), seller, ..call });
            }
            for (k, (won, amount)) in case.deals.iter().enumerate() {
                let closed = start(case.quarter + 1) + chrono::Days::new(10 + 7 * k as u64);
                data.add(Opportunity {
                    customer: Some(of.clone()),
                    owner: Some(format!("s{}", customers[case.customer].seller)),
                    status: Some(if *won {
                        OpportunityStatus::Won
                    } else {
                        OpportunityStatus::Lost
                    }),
                    amount: Some(Decimal::from(*amount as i64)),
                    created: Some(closed - chrono::Days::new(60)),
                    closed: Some(closed),
                    ..Opportunity::new(format!("o{n}-{k}"))
                });
            }
        }
        data.complete_from(first);
        let (data, _notes) = data.build().unwrap();
        let end = start(self.quarters + 1) - chrono::Days::new(1);
        let asked = Asked { months: 3, ..Asked::default() };
        let effects = Effects::new(&rules, &data, AsOf::Day(end), &asked).unwrap();
        let rule = &effects.rules[0];
        assert_eq!((rule.met + rule.missed) as usize, cases.len());
        assert_eq!(rule.met as usize, cases.iter().filter(|case| case.met).count());
        let estimates: Vec<_> = rule.results.iter().filter_map(|one| one.among_like).collect();
        let raws: Vec<f64> = rule.results.iter().filter_map(|one| Some(one.raw?.p)).collect();
        let win_rate = rule.results.iter().find(|one| one.outcome == Outcome::WinRate);
        let win_rate = win_rate.and_then(|one| one.among_like);
        let both = || effects.effort.sellers.iter().chain(&effects.effort.segments);
        let mut against = both().flat_map(|one| [one.win_rate, one.margins]).flatten();
        let mut kinds = effects.kinds.kinds.iter().filter_map(|kind| kind.among_like);
        let alarm = estimates.iter().any(|one| one.is_detected);
        let kinds = kinds.any(|one| one.is_detected);
        Run {
            alarm,
            raw_alarm: alarms(&raws),
            holds: win_rate.map(|one| one.interval.contains(self.effect)),
            kinds,
            any: alarm || kinds || against.any(|one| one.is_detected),
        }
    }
}

fn alarms(ps: &[f64]) -> bool {
    let family: Vec<(f64, f64)> = ps.iter().map(|p| (*p, 1.0)).collect();
    holm(&family).iter().any(|p| *p <= 0.05)
}

/// What many runs came to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) runs: usize,
    pub(crate) alarms: usize,
    pub(crate) raw_alarms: usize,
    pub(crate) estimated: usize,
    pub(crate) holds: usize,
    pub(crate) kinds: usize,
    pub(crate) any: usize,
}

pub(crate) fn tally(runs: impl Iterator<Item = Run>) -> Tally {
    let mut tally = Tally::default();
    for run in runs {
        tally.runs += 1;
        tally.alarms += usize::from(run.alarm);
        tally.raw_alarms += usize::from(run.raw_alarm);
        tally.estimated += usize::from(run.holds.is_some());
        tally.holds += usize::from(run.holds == Some(true));
        tally.kinds += usize::from(run.kinds);
        tally.any += usize::from(run.any);
    }
    tally
}
