//! Who has which rule under control.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Group, Person};
use crate::model::Number;
use crate::verdict::{Report, Tally};

/// Sellers, teams and the company against rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heat {
    /// The places in [`Report::rules`] of those that judge something.
    pub rules: Vec<usize>,
    /// The company; then each team, its sellers, and the teams below it; then the sellers of no
    /// team. Those of whom nothing is judged are left out.
    pub rows: Vec<HeatRow>,
}

/// How one holder stands with every rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeatRow {
    /// Whose it is.
    pub holder: Holder,
    /// How many teams it lies below.
    pub depth: usize,
    /// Of all rules, weighted: the tally that it has in [`Report::scores`], and that one who left would
    /// have.
    pub all: Tally,
    /// By rule, in the order of [`Heat::rules`]; none where the rule judges nothing of it.
    pub cells: Vec<Option<Tally>>,
}

/// Whose verdicts are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Holder {
    /// The whole organisation.
    Company,
    /// A team with those below it, by id.
    Team(String),
    /// A seller, by id.
    Seller(String),
}

/// The counts by status of each rule.
type Counts = Vec<[u64; 6]>;

pub(super) fn heat(report: &Report, teams: &[Group], sellers: &[Person]) -> Heat {
    let rules: HashMap<&str, usize> =
        report.rules.iter().enumerate().map(|(place, rule)| (rule.id.as_str(), place)).collect();
    let none = || vec![[0; 6]; report.rules.len()];
    let mut company: Counts = none();
    let mut of_sellers: HashMap<&str, Counts> = HashMap::new();
    let mut of_teams: HashMap<&str, Counts> = HashMap::new();
    for verdict in &report.verdicts {
        let Some(rule) = rules.get(verdict.rule.as_str()) else { continue };
        let raise = |counts: &mut Counts| {
            let cell = counts.get_mut(*rule).and_then(|cell| cell.get_mut(verdict.status as usize));
            cell.into_iter().for_each(|count| *count += 1);
        };
        raise(&mut company);
        match (&verdict.owner, &verdict.team) {
            (Some(owner), _) => raise(of_sellers.entry(owner).or_insert_with(none)),
            (None, Some(team)) => raise(of_teams.entry(team).or_insert_with(none)),
            (None, None) => {}
        }
    }

    let judged: Vec<usize> = (0..report.rules.len())
        .filter(|rule| company.get(*rule).is_some_and(|cell| *cell != [0; 6]))
        .collect();
    let cells = |counts: &Counts| -> Vec<Option<Tally>> {
        let cell = |rule: &usize| counts.get(*rule).filter(|cell| **cell != [0; 6]);
        let alone = |cell: &[u64; 6]| Tally::of(std::iter::once((Number::from(1_u64), *cell)));
        judged.iter().map(|rule| cell(rule).map(alone)).collect()
    };
    let weights = report.rules.iter().map(|rule| rule.weight.clone());
    let mut rows = Vec::new();
    let mut add = |holder: Holder, depth: usize, counts: &Counts| {
        if counts.iter().any(|cell| *cell != [0; 6]) {
            let all = Tally::of(weights.clone().zip(counts.iter().copied()));
            rows.push(HeatRow { holder, depth, all, cells: cells(counts) });
        }
    };
    add(Holder::Company, 0, &company);

    let tree = Tree { teams, sellers };
    let mut open: Vec<(&Group, usize)> = tree.below(None).map(|team| (team, 1)).collect();
    open.reverse();
    while let Some((team, depth)) = open.pop() {
        let sum = tree.sum(team, &of_teams, &of_sellers, none());
        add(Holder::Team(team.id.clone()), depth, &sum);
        for seller in tree.sellers_of(Some(&team.id)) {
            if let Some(counts) = of_sellers.get(seller.id.as_str()) {
                add(Holder::Seller(seller.id.clone()), depth + 1, counts);
            }
        }
        let below: Vec<_> = tree.below(Some(&team.id)).map(|team| (team, depth + 1)).collect();
        open.extend(below.into_iter().rev());
    }
    for seller in tree.sellers_of(None) {
        if let Some(counts) = of_sellers.get(seller.id.as_str()) {
            add(Holder::Seller(seller.id.clone()), 1, counts);
        }
    }
    Heat { rules: judged, rows }
}

/// Who is of which team.
struct Tree<'a> {
    teams: &'a [Group],
    sellers: &'a [Person],
}

impl<'a> Tree<'a> {
    fn below(&self, parent: Option<&str>) -> impl Iterator<Item = &'a Group> {
        self.teams.iter().filter(move |team| team.parent.as_deref() == parent)
    }

    fn sellers_of(&self, team: Option<&str>) -> impl Iterator<Item = &'a Person> {
        self.sellers.iter().filter(move |seller| seller.team.as_deref() == team)
    }

    /// What a team has, its sellers, and the teams below it.
    fn sum(
        &self,
        team: &'a Group,
        of_teams: &HashMap<&str, Counts>,
        of_sellers: &HashMap<&str, Counts>,
        mut sum: Counts,
    ) -> Counts {
        let mut open = vec![team];
        while let Some(team) = open.pop() {
            let sellers = self.sellers_of(Some(&team.id));
            let of_sellers = sellers.filter_map(|seller| of_sellers.get(seller.id.as_str()));
            for counts in of_teams.get(team.id.as_str()).into_iter().chain(of_sellers) {
                for (sum, more) in sum.iter_mut().zip(counts) {
                    sum.iter_mut().zip(more).for_each(|(a, b)| *a += b);
                }
            }
            open.extend(self.below(Some(&team.id)));
        }
        sum
    }
}
