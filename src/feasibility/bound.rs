//! How long activities take together at least, where one can serve several rules.

use std::collections::BTreeMap;

use crate::model::Number;

use super::price::Priced;

/// Minutes that certain activities take at least.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    total: Number,
    /// Of single kinds.
    kinds: BTreeMap<usize, Number>,
}

impl Default for Bound {
    fn default() -> Self {
        Bound { total: Number::zero(), kinds: BTreeMap::new() }
    }
}

impl Bound {
    /// Of what is asked for one subject. What is asked of one kind alone adds up with that of other
    /// kinds, for no activity is of two; beside it stands that which asks most of several kinds.
    pub(super) fn of_subject<'p>(asked: impl Iterator<Item = &'p Priced> + Clone) -> Self {
        let mut kinds: BTreeMap<usize, Number> = BTreeMap::new();
        let measured = || asked.clone().filter_map(|one| Some((one, one.least.as_ref()?)));
        for (one, least) in measured() {
            if let [kind] = one.kinds.as_slice() {
                let most = kinds.entry(*kind).or_insert_with(Number::zero);
                *most = most.clone().max(least.clone());
            }
        }
        let sum = |of: &mut dyn Iterator<Item = (&usize, &Number)>| {
            of.fold(Number::zero(), |sum, (_, minutes)| sum + minutes)
        };
        let mut total = sum(&mut kinds.iter());
        for (one, least) in measured() {
            let others = &mut kinds.iter().filter(|(kind, _)| !one.kinds.contains(kind));
            total = total.max(sum(others) + least);
        }
        Bound { total, kinds }
    }

    /// Adds other activities.
    pub(super) fn add(&mut self, other: Bound) {
        self.total = &self.total + &other.total;
        for (kind, minutes) in other.kinds {
            let sum = self.kinds.entry(kind).or_insert_with(Number::zero);
            *sum = &*sum + &minutes;
        }
    }

    /// Adds what the same activities can serve.
    pub(super) fn share(&mut self, other: Bound) {
        for (kind, minutes) in other.kinds {
            let most = self.kinds.entry(kind).or_insert_with(Number::zero);
            *most = most.clone().max(minutes);
        }
        let sum = self.kinds.values().fold(Number::zero(), |sum, minutes| sum + minutes);
        self.total = self.total.clone().max(other.total).max(sum);
    }

    pub(super) fn total(&self) -> &Number {
        &self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Item, Noun};

    fn asked(kinds: &[usize], least: i32) -> Priced {
        Priced {
            rule: 0,
            subject: Item { noun: Noun::Customer, row: 0 },
            activities: Number::from(1),
            kinds: kinds.to_vec(),
            least: Some(Number::from(least)),
            most: None,
            unmeasured: None,
        }
    }

    fn total(all: &[(&[usize], i32)]) -> Number {
        let all: Vec<Priced> = all.iter().map(|(kinds, least)| asked(kinds, *least)).collect();
        Bound::of_subject(all.iter()).total().clone()
    }

    #[test]
    fn activities_of_one_kind_serve_every_rule_that_asks_for_it() {
        assert_eq!(total(&[(&[1], 60), (&[1], 90)]), Number::from(90));
        assert_eq!(total(&[(&[1], 60), (&[2], 90)]), Number::from(150));
        assert_eq!(total(&[(&[1], 60), (&[1, 2], 90)]), Number::from(90));
        assert_eq!(total(&[(&[3], 60), (&[1, 2], 90)]), Number::from(150));
        assert_eq!(total(&[(&[1], 60), (&[2], 60), (&[1, 2], 90)]), Number::from(120));
    }

    #[test]
    fn what_is_asked_of_a_seller_can_be_what_is_asked_for_customers() {
        let bound = |all: &[(&[usize], i32)]| {
            let all: Vec<Priced> = all.iter().map(|(kinds, least)| asked(kinds, *least)).collect();
            Bound::of_subject(all.iter())
        };
        let mut customers = bound(&[(&[1], 60)]);
        customers.add(bound(&[(&[2], 90)]));
        assert_eq!(*customers.total(), Number::from(150));
        customers.share(bound(&[(&[1], 80)]));
        assert_eq!(*customers.total(), Number::from(170));
        customers.share(bound(&[(&[1, 2], 100)]));
        assert_eq!(*customers.total(), Number::from(170));
    }
}
