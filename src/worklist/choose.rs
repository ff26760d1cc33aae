//! Which acts are done: always the one that serves most, until no act serves anything that is left.

use std::cmp::Reverse;

use super::cluster::{Cluster, Target, Trial};
use super::open::Open;
use crate::model::Number;

/// An act that is to be done.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) target: Target,
    /// Places of kinds, in their order.
    pub(super) kinds: Vec<usize>,
    /// Places of verdicts.
    pub(super) serves: Vec<usize>,
}

/// The acts of a cluster. None of its verdicts is served twice.
pub(super) fn choose(cluster: &Cluster, open: &[Open]) -> Vec<Chosen> {
    let of_group = |group: usize| {
        let trials = cluster.trials.iter().filter(move |trial| trial.group == group);
        acts(trials.collect(), open)
    };
    (0..cluster.groups.len()).flat_map(of_group).collect()
}

fn acts(trials: Vec<&Trial>, open: &[Open]) -> Vec<Chosen> {
    let mut done: Vec<usize> = Vec::new();
    let mut chosen = Vec::new();
    loop {
        let left = |trial: &Trial| -> Vec<usize> {
            trial.served.iter().copied().filter(|place| !done.contains(place)).collect()
        };
        let weight = |places: &[usize]| {
            let weights = places.iter().filter_map(|place| open.get(*place));
            weights.fold(Number::zero(), |sum, one| sum + one.weight.clone())
        };
        // The first of those that serve most: trials are in the order of preference.
        let best = trials.iter().enumerate().filter(|(_, trial)| !left(trial).is_empty());
        let best = best.max_by_key(|(n, trial)| {
            let serves = left(trial);
            (weight(&serves), serves.len(), Reverse(*n))
        });
        let Some((_, best)) = best else { return chosen };
        let serves = left(best);
        let as_good = trials.iter().filter(|other| other.target == best.target);
        let as_good = as_good.filter(|other| left(other) == serves);
        let mut kinds: Vec<usize> = as_good.flat_map(|other| other.kinds.clone()).collect();
        kinds.sort_unstable();
        done.extend(&serves);
        chosen.push(Chosen { target: best.target, kinds, serves });
    }
}
