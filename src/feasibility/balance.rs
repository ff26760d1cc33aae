//! Who is asked for what, and how much time they have.

use std::collections::{BTreeMap, HashMap};

use super::bound::Bound;
use super::minutes::Minutes;
use super::price::Priced;
use super::{Balance, MOST_NAMED, NamedBalance, RuleDemand, hours};
use crate::engine::{COMPANY, Evaluation};
use crate::model::calendar::Days;
use crate::model::{Dataset, Item, Noun, Number};

/// Of whom things are asked, by a place each: the company, nobody, the sellers, the teams.
pub(super) struct Holders<'e> {
    evaluation: &'e Evaluation<'e>,
    sellers: usize,
    workdays: Vec<i64>,
    hours: Vec<Number>,
    /// The teams of each seller, from its own up.
    teams: Vec<Vec<usize>>,
}

const THE_COMPANY: usize = 0;
const NOBODY: usize = 1;
const SELLERS: usize = 2;

/// What is asked of everybody.
pub(super) struct Balances {
    pub(super) company: Balance,
    pub(super) nobody: Balance,
    pub(super) sellers: Vec<NamedBalance>,
    pub(super) teams: Vec<NamedBalance>,
    pub(super) rules: Vec<RuleDemand>,
}

/// What an activity can be for, at the same time: a customer with its opportunities, or a lead; a
/// campaign; the numbers of whoever does it, of a team, of the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum For {
    Account,
    Campaign,
    Seller,
    Team,
    Company,
}

/// What is asked of one holder.
#[derive(Default)]
struct Sum {
    by_purpose: BTreeMap<For, Bound>,
    by_rule: BTreeMap<usize, Asked>,
    planned: Option<Number>,
    most: Option<Number>,
    unmeasured: Option<Number>,
}

/// What one rule asks for.
#[derive(Debug, Clone)]
struct Asked {
    activities: Number,
    unmeasured: Number,
    /// Minutes.
    least: Number,
    most: Number,
}

impl Default for Asked {
    fn default() -> Self {
        let zero = Number::zero;
        Asked { activities: zero(), unmeasured: zero(), least: zero(), most: zero() }
    }
}

impl Asked {
    fn add(&mut self, one: &Priced) {
        let add = |sum: &mut Number, part: Option<&Number>| {
            part.into_iter().for_each(|part| *sum = &*sum + part);
        };
        add(&mut self.activities, Some(&one.activities));
        add(&mut self.unmeasured, one.unmeasured.as_ref().map(|one| &one.activities));
        add(&mut self.least, one.least.as_ref());
        add(&mut self.most, one.most.as_ref().or(one.least.as_ref()));
    }
}

fn plus(sum: &mut Option<Number>, more: &Number) {
    *sum = Some(match sum.take() {
        Some(sum) => sum + more,
        None => more.clone(),
    });
}

impl<'e> Holders<'e> {
    pub(super) fn new(
        evaluation: &'e Evaluation<'e>,
        data: &Dataset,
        remaining: Days,
        hours_per_workday: &Number,
    ) -> Self {
        let store = evaluation.store();
        let sellers = store.count(Noun::Seller) as usize;
        let fte = data.schema().field_ref(Noun::Seller, "fte");
        let teams = |seller| {
            let teams = store.owners(seller, Noun::Team).into_iter();
            teams.map(|team| SELLERS + sellers + team.row as usize).collect()
        };
        let mut holders = Holders {
            evaluation,
            sellers,
            workdays: vec![0; SELLERS + sellers + store.count(Noun::Team) as usize],
            hours: vec![Number::zero(); SELLERS + sellers + store.count(Noun::Team) as usize],
            teams: store.items(Noun::Seller).map(teams).collect(),
        };
        for seller in store.items(Noun::Seller) {
            let workdays = evaluation.workdays_of(seller, remaining);
            let part = fte.and_then(|fte| evaluation.number(seller, fte));
            let part = part.unwrap_or_else(|| Number::from(1)).max(Number::zero());
            let hours = Number::from(workdays) * part * hours_per_workday;
            for place in holders.of_owner(Some(seller)) {
                if let Some(sum) = holders.workdays.get_mut(place) {
                    *sum += workdays;
                }
                if let Some(sum) = holders.hours.get_mut(place) {
                    *sum = &*sum + &hours;
                }
            }
        }
        holders
    }

    /// Of whom something is asked that a seller owns.
    fn of_owner(&self, owner: Option<Item>) -> Vec<usize> {
        let Some(seller) = owner else { return vec![THE_COMPANY, NOBODY] };
        let row = seller.row as usize;
        let teams = self.teams.get(row).map_or(&[][..], Vec::as_slice);
        [THE_COMPANY, SELLERS + row].iter().chain(teams).copied().collect()
    }

    fn of(&self, subject: Item) -> Vec<usize> {
        let store = self.evaluation.store();
        match subject.noun {
            Noun::Company => vec![THE_COMPANY],
            Noun::Team => {
                let above = store.owners(subject, Noun::Team);
                let teams = above.iter().chain(std::iter::once(&subject));
                let place = |team: &Item| SELLERS + self.sellers + team.row as usize;
                std::iter::once(THE_COMPANY).chain(teams.map(place)).collect()
            }
            _ => self.of_owner(store.owner(subject)),
        }
    }

    /// What an activity for a subject is for: no activity is for two of one purpose.
    fn purpose(&self, subject: Item) -> (For, Item) {
        let first = |noun| self.evaluation.store().owners(subject, noun).first().copied();
        let account = |item: Option<Item>| item.map(|item| (For::Account, item));
        let found = match subject.noun {
            Noun::Company => return (For::Company, COMPANY),
            Noun::Team => return (For::Team, subject),
            Noun::Seller => return (For::Seller, subject),
            Noun::Campaign => return (For::Campaign, subject),
            Noun::Customer => None,
            Noun::Opportunity | Noun::Activity | Noun::Member => account(first(Noun::Customer))
                .or_else(|| {
                    let lead = first(Noun::Lead)?;
                    Some(self.purpose(lead))
                }),
            _ => account(first(Noun::Customer)),
        };
        found.unwrap_or((For::Account, subject))
    }

    pub(super) fn balances(
        &self,
        priced: &[Priced],
        minutes: &Minutes,
        remaining: Days,
    ) -> Balances {
        let mut sums: Vec<Sum> = self.hours.iter().map(|_| Sum::default()).collect();
        let mut rules: BTreeMap<usize, Asked> = BTreeMap::new();
        self.add_duties(priced, &mut sums, &mut rules);
        for (activity, takes) in minutes.planned_in(self.evaluation, remaining) {
            for place in self.of(*activity) {
                let Some(sum) = sums.get_mut(place) else { continue };
                match takes {
                    Some(takes) => plus(&mut sum.planned, takes),
                    None => plus(&mut sum.unmeasured, &Number::from(1)),
                }
            }
        }
        let mut balances =
            sums.into_iter().enumerate().map(|(place, sum)| self.balance(place, sum));
        let (company, nobody) = (balances.next(), balances.next());
        let sellers: Vec<Balance> = balances.by_ref().take(self.sellers).collect();
        let teams: Vec<Balance> = balances.collect();
        let rules = rules.into_iter().map(|(place, asked)| self.rule_demand(place, &asked));
        let store = self.evaluation.store();
        let is_listed = |seller: &(Item, Balance)| {
            let (item, balance) = seller;
            let asks = [&balance.hours, &balance.most, &balance.unmeasured];
            asks.iter().any(|number| !number.is_zero()) || self.evaluation.is_present(*item)
        };
        let sellers = store.items(Noun::Seller).zip(sellers).filter(is_listed);
        Balances {
            company: company.unwrap_or_else(|| self.balance(THE_COMPANY, Sum::default())),
            nobody: nobody.unwrap_or_else(|| self.balance(NOBODY, Sum::default())),
            sellers: self.named(sellers),
            teams: self.named(store.items(Noun::Team).zip(teams)),
            rules: rules.collect(),
        }
    }

    /// What is asked for one purpose together, of everybody of whom it is asked.
    fn add_duties(&self, priced: &[Priced], sums: &mut [Sum], rules: &mut BTreeMap<usize, Asked>) {
        let mut by_purpose: HashMap<(For, Item), Vec<&Priced>> = HashMap::new();
        for one in priced {
            rules.entry(one.rule).or_default().add(one);
            for place in self.of(one.subject) {
                let Some(sum) = sums.get_mut(place) else { continue };
                sum.by_rule.entry(one.rule).or_default().add(one);
                let most = one.most.as_ref().or(one.least.as_ref());
                most.into_iter().for_each(|most| plus(&mut sum.most, most));
                let unmeasured = one.unmeasured.iter();
                unmeasured.for_each(|one| plus(&mut sum.unmeasured, &one.activities));
            }
            by_purpose.entry(self.purpose(one.subject)).or_default().push(one);
        }
        // In an order, though sums of exact numbers have none.
        let mut by_purpose: Vec<_> = by_purpose.into_iter().collect();
        by_purpose.sort_by_key(|(purpose, _)| *purpose);
        for ((purpose, _), all) in by_purpose {
            let mut of: BTreeMap<usize, Vec<&Priced>> = BTreeMap::new();
            for one in all {
                self.of(one.subject)
                    .into_iter()
                    .for_each(|place| of.entry(place).or_default().push(one));
            }
            for (place, asked) in of {
                let Some(sum) = sums.get_mut(place) else { continue };
                let bound = Bound::of_subject(asked.iter().copied());
                let so_far = sum.by_purpose.entry(purpose).or_default();
                // The teams of a team are asked for the same activities as it is.
                if purpose == For::Team { so_far.share(bound) } else { so_far.add(bound) }
            }
        }
    }

    fn balance(&self, place: usize, sum: Sum) -> Balance {
        let mut bound = Bound::default();
        sum.by_purpose.into_values().for_each(|of| bound.share(of));
        let zero = Number::zero;
        let planned = sum.planned.unwrap_or_else(zero);
        let least = hours(&(bound.total() + &planned));
        let most = hours(&(sum.most.unwrap_or_else(zero) + &planned));
        let available = self.hours.get(place).cloned().unwrap_or_else(zero);
        let unmeasured = sum.unmeasured.unwrap_or_else(zero);
        let mut asks_most: Vec<(usize, Asked)> = sum.by_rule.into_iter().collect();
        asks_most.sort_by(|(a, asked_a), (b, asked_b)| {
            let by_hours = asked_b.least.cmp(&asked_a.least);
            by_hours.then(asked_b.unmeasured.cmp(&asked_a.unmeasured)).then(a.cmp(b))
        });
        asks_most.truncate(MOST_NAMED);
        let is_known = unmeasured.is_zero() || !least.is_zero();
        // No activity takes no time.
        let has_no_time = available.is_zero() && !unmeasured.is_zero();
        Balance {
            workdays: self.workdays.get(place).copied().unwrap_or(0),
            planned: hours(&planned),
            share: least.checked_div(&available).filter(|_| is_known),
            is_over: place != NOBODY && (least > available || has_no_time),
            hours: available,
            least,
            most,
            unmeasured,
            asks_most: asks_most.iter().map(|(rule, of)| self.rule_demand(*rule, of)).collect(),
        }
    }

    fn rule_demand(&self, place: usize, asked: &Asked) -> RuleDemand {
        RuleDemand {
            rule: self.evaluation.rule(place).to_owned(),
            activities: asked.activities.clone(),
            unmeasured: asked.unmeasured.clone(),
            least: hours(&asked.least),
            most: hours(&asked.most),
        }
    }

    /// By id.
    fn named(&self, balances: impl Iterator<Item = (Item, Balance)>) -> Vec<NamedBalance> {
        let store = self.evaluation.store();
        let mut balances: Vec<(Item, Balance)> = balances.collect();
        balances.sort_by(|(a, _), (b, _)| store.by_id(*a, *b));
        let named = balances.into_iter().map(|(item, balance)| {
            let subject = self.evaluation.named(item);
            NamedBalance { id: subject.id, name: subject.name, balance }
        });
        named.collect()
    }
}
