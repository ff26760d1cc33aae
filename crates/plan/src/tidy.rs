//! What is better left out: acts that nothing needs, and acts that cost more than they bring.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kadence::worklist::rehearsal::{Home, Lost};
use kadence::{Activity, Number};

use crate::ask::PlanError;
use crate::id;
use crate::planner::{Act, Planner};
use crate::probe::{Key, key};

/// Whose verdicts acts of many homes bear on: a seller's, or those of teams and the company.
type Holder = Option<String>;

/// Which acts of a holder are left out: some from the front. More than `few` have to go, and `many` are
/// enough.
struct Cut {
    /// Ids, what serves least first.
    order: Vec<String>,
    few: usize,
    many: usize,
}

impl Planner<'_> {
    /// Leaves out what one seller does where another's acts for the same home are enough.
    pub(crate) fn spare(&mut self, day: NaiveDate) -> Result<(), PlanError> {
        let mut of_home: BTreeMap<Home, Vec<&Act>> = BTreeMap::new();
        for act in &self.booked {
            of_home.entry(act.home).or_default().push(act);
        }
        of_home.retain(|_, acts| {
            acts.iter().any(|act| Some(&act.seller) != acts.first().map(|act| &act.seller))
        });
        let mut order: BTreeMap<Home, Vec<String>> = BTreeMap::new();
        for (home, mut acts) in of_home {
            acts.sort_by_cached_key(|act| self.served_by(act));
            order.insert(home, acts.into_iter().map(|act| act.activity.id.clone()).collect());
        }
        let mut left_out: BTreeSet<String> = BTreeSet::new();
        let most = order.values().map(Vec::len).max().unwrap_or(0);
        for n in 0..most {
            let tried: BTreeMap<Home, &String> =
                order.iter().filter_map(|(home, ids)| Some((*home, ids.get(n)?))).collect();
            let now = self.of_homes(&self.lost_without(day, &left_out)?);
            let all = left_out.iter().chain(tried.values().copied()).cloned().collect();
            let then = self.of_homes(&self.lost_without(day, &all)?);
            let is_spared = |home: &Home| then.get(home) <= now.get(home);
            left_out.extend(
                tried.iter().filter(|(home, _)| is_spared(home)).map(|(_, id)| (*id).clone()),
            );
        }
        match left_out.is_empty() {
            true => Ok(()),
            false => self.book_instead(without(&self.booked, &left_out)),
        }
    }

    /// Leaves out acts that cost verdicts of sellers, teams or the company, those that serve least, and
    /// remembers not to propose them again. Whether there were any.
    pub(crate) fn relieve(&mut self, day: NaiveDate, at_first: &[Lost]) -> Result<bool, PlanError> {
        let was: BTreeSet<Key> = at_first.iter().map(key).collect();
        let broken = |lost: &[Lost]| -> BTreeSet<Holder> {
            let new = lost.iter().filter(|one| !was.contains(&key(one)));
            new.filter_map(holder).collect()
        };
        let lost = self.lost(day)?;
        let broken_at_first = broken(&lost);
        let (all, sellers): (Vec<Holder>, Vec<Holder>) =
            broken_at_first.into_iter().partition(Option::is_none);
        let mut left_out: BTreeSet<String> = BTreeSet::new();
        for holders in [sellers, all] {
            let mut cuts: BTreeMap<Holder, Cut> = BTreeMap::new();
            for holder in holders {
                let acts = self.booked.iter().filter(|act| !left_out.contains(&act.activity.id));
                let of_holder = |act: &&Act| holder.as_ref().is_none_or(|id| *id == act.seller);
                let mut acts: Vec<&Act> = acts.filter(of_holder).collect();
                acts.sort_by_cached_key(|act| self.served_by(act));
                let order: Vec<String> =
                    acts.into_iter().map(|act| act.activity.id.clone()).collect();
                cuts.insert(holder, Cut { few: 0, many: order.len(), order });
            }
            while cuts.values().any(|cut| cut.few < cut.many) {
                let middle = |cut: &Cut| cut.few.midpoint(cut.many);
                let fronts = cuts.values().flat_map(|cut| cut.order.iter().take(middle(cut)));
                let tried = left_out.iter().chain(fronts).cloned().collect();
                let still = broken(&self.lost_without(day, &tried)?);
                for (holder, cut) in cuts.iter_mut().filter(|(_, cut)| cut.few < cut.many) {
                    match still.contains(holder) {
                        true => cut.few = middle(cut) + 1,
                        false => cut.many = middle(cut),
                    }
                }
            }
            left_out.extend(cuts.values().flat_map(|cut| cut.order.iter().take(cut.many).cloned()));
        }
        if left_out.is_empty() {
            return Ok(false);
        }
        for act in self.booked.iter().filter(|act| left_out.contains(&act.activity.id)) {
            self.avoided.insert((act.home, act.activity.kind.clone()));
            self.costly.extend(act.serves.iter().map(key));
        }
        self.book_instead(without(&self.booked, &left_out))?;
        Ok(true)
    }

    /// Books what was booked before where that keeps more: all of it, or that of some sellers. Whether
    /// something else stays booked.
    pub(crate) fn keep_the_better(
        &mut self,
        day: NaiveDate,
        before: Vec<Act>,
        lost: &[Lost],
    ) -> Result<bool, PlanError> {
        let after = self.lost(day)?;
        let (was, is) = (self.of_holders(lost), self.of_holders(&after));
        let is_better = |act: &&Act| {
            let holder = Some(act.seller.clone());
            is.get(&holder) < was.get(&holder)
        };
        let mixed = before.iter().filter(|act| !is_better(act));
        let mixed: Vec<Act> = mixed.chain(self.booked.iter().filter(is_better)).cloned().collect();
        let ids: BTreeSet<&str> = mixed.iter().map(|act| &*act.activity.id).collect();
        let is_there = |act: &&Act| {
            let follows = act.activity.follows.as_deref();
            follows.is_none_or(|id| !id.starts_with(id::START) || ids.contains(id))
        };
        let mixed: Vec<Act> = mixed.iter().filter(is_there).cloned().collect();
        let mut best = (self.sum(lost), before);
        let mut is_other = false;
        for acts in [std::mem::take(&mut self.booked), mixed] {
            let activities: Vec<Activity> = acts.iter().map(|act| act.activity.clone()).collect();
            let sum = self.sum(&self.rehearsal.lost_instead(day, &activities)?);
            if sum < best.0 {
                (best, is_other) = ((sum, acts), true);
            }
        }
        self.book_instead(best.1)?;
        Ok(is_other)
    }

    /// What an act serves weighs so much.
    fn served_by(&self, act: &Act) -> Number {
        act.serves.iter().fold(Number::zero(), |sum, one| sum + self.weight(one))
    }

    fn lost_without(
        &self,
        day: NaiveDate,
        acts: &BTreeSet<String>,
    ) -> Result<Vec<Lost>, PlanError> {
        let kept = without(&self.booked, acts);
        let kept: Vec<Activity> = kept.into_iter().map(|act| act.activity).collect();
        Ok(self.rehearsal.lost_instead(day, &kept)?)
    }

    pub(crate) fn of_homes(&self, lost: &[Lost]) -> BTreeMap<Home, Number> {
        self.sums(lost.iter().filter_map(|one| Some((one.home?, one))))
    }

    /// What is lost of sellers, with all that is theirs; and of all together.
    fn of_holders(&self, lost: &[Lost]) -> BTreeMap<Holder, Number> {
        let of_seller = |one: &Lost| holder(one).flatten().or_else(|| one.owner.clone());
        let of_sellers = lost.iter().filter_map(|one| Some((Some(of_seller(one)?), one)));
        self.sums(of_sellers.chain(lost.iter().map(|one| (None, one))))
    }

    fn sums<'l, T: Ord>(&self, lost: impl Iterator<Item = (T, &'l Lost)>) -> BTreeMap<T, Number> {
        let mut sums = BTreeMap::new();
        for (of, one) in lost {
            let sum = sums.entry(of).or_insert_with(Number::zero);
            *sum = &*sum + &self.weight(one);
        }
        sums
    }
}

/// Whose a verdict is that acts of many homes bear on.
fn holder(lost: &Lost) -> Option<Holder> {
    match lost.home {
        Some(home) if home.is_seller() => Some(Some(lost.subject.clone())),
        Some(_) => None,
        None => Some(None),
    }
}

/// Acts without some, and without what follows those.
fn without(acts: &[Act], left_out: &BTreeSet<String>) -> Vec<Act> {
    let mut gone: BTreeSet<&str> = left_out.iter().map(String::as_str).collect();
    loop {
        let follows = |act: &&Act| {
            act.activity.follows.as_deref().is_some_and(|id| gone.contains(id))
                && !gone.contains(&*act.activity.id)
        };
        let more: Vec<&str> = acts.iter().filter(follows).map(|act| &*act.activity.id).collect();
        if more.is_empty() {
            return acts.iter().filter(|act| !gone.contains(&*act.activity.id)).cloned().collect();
        }
        gone.extend(more);
    }
}
