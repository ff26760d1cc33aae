//! Scores: how much of what is asked is met or on track.

use std::collections::HashMap;

use kadence::internals::Item;
use kadence::internals::rules::Rule;
use kadence::verdict::{NamedTally, Scores, Status, Tally, Verdict};
use kadence::{Noun, Number};

use crate::view::View;
use crate::world::COMPANY;

/// Verdicts that belong to somebody, with their weights.
#[derive(Default)]
struct Sum {
    tally: Tally,
    /// Σ weight of met and on track.
    good: Option<Number>,
    /// Σ weight of met, on track, at risk and missed.
    all: Option<Number>,
}

impl Sum {
    fn add(&mut self, status: Status, weight: &Number) {
        let tally = &mut self.tally;
        let count = match status {
            Status::Met => &mut tally.met,
            Status::OnTrack => &mut tally.on_track,
            Status::AtRisk => &mut tally.at_risk,
            Status::Missed => &mut tally.missed,
            Status::NotApplicable => &mut tally.not_applicable,
            Status::Unknown => &mut tally.unknown,
        };
        *count += 1;
        let plus = |sum: &mut Option<Number>| {
            *sum = Some(sum.take().unwrap_or_else(Number::zero) + weight.clone());
        };
        match status {
            Status::Met | Status::OnTrack => {
                plus(&mut self.good);
                plus(&mut self.all);
            }
            Status::AtRisk | Status::Missed => plus(&mut self.all),
            Status::NotApplicable | Status::Unknown => {}
        }
    }

    /// "Score = Σ weight of met and on track ÷ Σ weight of met, on track, at risk and missed."
    fn score(&self) -> Option<Number> {
        let good = self.good.clone().unwrap_or_else(Number::zero);
        good.checked_div(self.all.as_ref()?)
    }

    fn tally(self) -> Tally {
        let score = self.score().map(|score| score.round_half_up(4).to_f64());
        Tally { score, ..self.tally }
    }
}

impl View<'_> {
    /// "A verdict belongs to the subject's owner, through it to the team and its parents, and to the
    /// company."
    fn holders(&self, subject: Item) -> Vec<Item> {
        let mut holders = vec![COMPANY];
        holders.extend(self.world.owner(subject));
        if subject.noun == Noun::Team {
            holders.push(subject);
        }
        holders.extend(self.world.belongs_to(subject, Noun::Team));
        holders
    }

    fn sums(&self, rules: &[&Rule], judged: &[(Item, Verdict)]) -> HashMap<Item, Sum> {
        let weights = weights(rules);
        let zero = Number::zero();
        let mut sums: HashMap<Item, Sum> = HashMap::new();
        for (subject, verdict) in judged {
            let weight = weights.get(verdict.rule.as_str()).unwrap_or(&zero);
            for holder in self.holders(*subject) {
                sums.entry(holder).or_default().add(verdict.status, weight);
            }
        }
        sums
    }

    /// All scores: sellers and teams by id, rules as written.
    pub(crate) fn scores(&self, rules: &[&Rule], judged: &[(Item, Verdict)]) -> Scores {
        let mut sums = self.sums(rules, judged);
        let company = sums.remove(&COMPANY).unwrap_or_default().tally();
        let mut named = |noun| {
            let items = self.world.data.items(noun).filter(|item| self.is_present(*item));
            let mut tallies: Vec<NamedTally> = items
                .map(|item| NamedTally {
                    id: self.world.data.id(item).to_owned(),
                    tally: sums.remove(&item).unwrap_or_default().tally(),
                })
                .collect();
            tallies.sort_by(|a, b| a.id.cmp(&b.id));
            tallies
        };
        let (teams, sellers) = (named(Noun::Team), named(Noun::Seller));
        Scores { company, teams, sellers, rules: by_rule(rules, judged) }
    }
}

fn weights<'r>(rules: &[&'r Rule]) -> HashMap<&'r str, Number> {
    rules.iter().map(|rule| (rule.id.as_str(), Number::from(rule.weight))).collect()
}

fn by_rule(rules: &[&Rule], judged: &[(Item, Verdict)]) -> Vec<NamedTally> {
    let weights = weights(rules);
    let zero = Number::zero();
    let mut sums: HashMap<&str, Sum> = HashMap::new();
    for (_, verdict) in judged {
        let weight = weights.get(verdict.rule.as_str()).unwrap_or(&zero);
        sums.entry(&verdict.rule).or_default().add(verdict.status, weight);
    }
    let tally = |rule: &&Rule| NamedTally {
        id: rule.id.clone(),
        tally: sums.remove(rule.id.as_str()).unwrap_or_default().tally(),
    };
    rules.iter().map(tally).collect()
}
