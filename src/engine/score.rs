//! Scores: how much of what is asked is met or on track.

use super::decisions::Decisions;
use super::parallel::in_parts;
use super::store::{COMPANY, Codes, Column, Sparse, Store};
use super::view::View;
use crate::model::{Item, Noun, Number};
use crate::plan::Rule;
use crate::verdict::{NamedTally, Scores, Tally};

/// How many verdicts of each status there are, for every rule and everybody whom they belong to.
#[derive(PartialEq, Eq)]
pub(super) struct Counts {
    /// By rule and seller; those of no seller come last.
    sellers: Vec<Vec<[u64; 6]>>,
    /// Of verdicts on teams themselves, by rule and team.
    teams: Vec<Vec<[u64; 6]>>,
}

impl Counts {
    /// Of rules about things of a noun, with what they decide.
    pub(super) fn new(store: &Store, rules: &[(Noun, &Decisions)]) -> Self {
        let of_rule = |rule: &(Noun, &Decisions)| of_rule(store, rule.0, rule.1);
        let counts = in_parts(rules.len(), 1, |part| {
            rules.get(part).unwrap_or(&[]).iter().map(of_rule).collect::<Vec<_>>()
        });
        let (sellers, teams) = counts.into_iter().flatten().unzip();
        Counts { sellers, teams }
    }

    /// The counts by rule of one holder.
    fn of(of_rules: &[Vec<[u64; 6]>], holder: usize) -> Vec<[u64; 6]> {
        let of_rule = |cells: &Vec<[u64; 6]>| cells.get(holder).copied().unwrap_or_default();
        of_rules.iter().map(of_rule).collect()
    }

    fn of_seller(&self, seller: u32) -> Vec<[u64; 6]> {
        Counts::of(&self.sellers, seller as usize)
    }

    /// A team has its own verdicts, its sellers', and those of the teams below it.
    fn of_team(&self, store: &Store, team: u32) -> Vec<[u64; 6]> {
        let team = Item { noun: Noun::Team, row: team };
        let mut sum = Counts::of(&self.teams, team.row as usize);
        for below in store.things_of(team, Noun::Team) {
            plus(&mut sum, &Counts::of(&self.teams, *below as usize));
        }
        for seller in store.things_of(team, Noun::Seller) {
            plus(&mut sum, &self.of_seller(*seller));
        }
        sum
    }

    fn of_company(&self) -> Vec<[u64; 6]> {
        let of_rule = |(sellers, teams): (&Vec<[u64; 6]>, &Vec<[u64; 6]>)| {
            let mut sum = [[0; 6]];
            sellers.iter().chain(teams).for_each(|cell| plus(&mut sum, &[*cell]));
            let [sum] = sum;
            sum
        };
        self.sellers.iter().zip(&self.teams).map(of_rule).collect()
    }
}

/// The counts of a rule: of each seller and of nobody, and of each team.
fn of_rule(store: &Store, noun: Noun, decisions: &Decisions) -> (Vec<[u64; 6]>, Vec<[u64; 6]>) {
    let none = store.count(Noun::Seller) as usize;
    let teams = store.count(Noun::Team) as usize;
    if noun == Noun::Team {
        return (vec![[0; 6]; none + 1], decisions.tally(teams, |team| team as usize));
    }
    let seller = |seller: Option<u32>| seller.map_or(none, |seller| seller as usize);
    let named = store.link(noun, Noun::Seller).map(|field| store.column(field));
    let sellers = match named {
        // By far the commonest: raised by one, and zero is none.
        Some(Column::Reference(_, Sparse::Dense { codes: Codes::U8(codes), .. })) => {
            let code = |row: u32| codes.get(row as usize).copied().unwrap_or(0);
            decisions.tally(none + 1, |row| seller(code(row).checked_sub(1).map(u32::from)))
        }
        Some(column) => decisions.tally(none + 1, |row| seller(column.reference(row))),
        None => decisions.tally(none + 1, |row| {
            seller(store.owner(Item { noun, row }).map(|seller| seller.row))
        }),
    };
    (sellers, vec![[0; 6]; teams])
}

fn plus(sum: &mut [[u64; 6]], more: &[[u64; 6]]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        sum.iter_mut().zip(more).for_each(|(a, b)| *a += b);
    }
}

/// The weights of rules with their counts.
fn weighed<'c>(
    rules: &'c [&Rule],
    counts: &'c [[u64; 6]],
) -> impl Iterator<Item = (Number, [u64; 6])> + Clone + use<'c> {
    rules.iter().zip(counts).map(|(rule, counts)| (Number::from(rule.weight), *counts))
}

pub(super) fn tally(rules: &[&Rule], counts: &[[u64; 6]]) -> Tally {
    Tally::of(weighed(rules, counts))
}

impl View<'_> {
    /// The score of a seller, a team or the company, from 0 to 1; none without verdicts.
    pub(super) fn score_of(
        &self,
        holder: Item,
        rules: &[&Rule],
        counts: &Counts,
    ) -> Option<Number> {
        let counts = match holder.noun {
            Noun::Seller => counts.of_seller(holder.row),
            Noun::Team => counts.of_team(self.store, holder.row),
            _ if holder == COMPANY => counts.of_company(),
            _ => return None,
        };
        Tally::score_of(weighed(rules, &counts))
    }

    /// All scores: sellers and teams by id, rules as written.
    pub(super) fn scores(&self, rules: &[&Rule], counts: &Counts) -> Scores {
        let named = |noun, of: &dyn Fn(u32) -> Vec<[u64; 6]>| {
            let present = self.store.items(noun).filter(|item| self.is_present(*item));
            let named = |item: Item| NamedTally {
                id: self.store.id(item).into_owned(),
                tally: tally(rules, &of(item.row)),
            };
            present.map(named).collect()
        };
        let company = counts.of_company();
        let of_rule = |(rule, counts): (&&Rule, &[u64; 6])| NamedTally {
            id: rule.id.to_string(),
            tally: tally(&[rule], &[*counts]),
        };
        Scores {
            company: tally(rules, &company),
            teams: named(Noun::Team, &|team| counts.of_team(self.store, team)),
            sellers: named(Noun::Seller, &|seller| counts.of_seller(seller)),
            rules: rules.iter().zip(&company).map(of_rule).collect(),
        }
    }
}
