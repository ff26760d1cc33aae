//! Several acts for a verdict that none of them brings nearer alone, or not on any days: one of each of
//! two kinds, or three that have to lie apart. Some patterns are tried, one after the other.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{NaiveDate, TimeDelta};
use kadence::worklist::rehearsal::{Home, Lost, Try};
use kadence::{Activity, Number};

use crate::ask::PlanError;
use crate::diary::Diary;
use crate::place::Met;
use crate::planner::{Act, Planner};
use crate::probe::{Key, Tried, key};

/// How many days lie between acts.
const APART: [i64; 9] = [1, 2, 3, 5, 7, 10, 14, 21, 30];

/// How many acts there are in a bundle at most.
const MOST: u32 = 12;

/// How many acts of several kinds there are in a bundle at most.
const MOST_MIXED: u32 = 5;

/// For how many verdicts of a home bundles are tried at most.
const VERDICTS: usize = 3;

/// So many of each act that could serve, some days apart, the first after some days.
#[derive(Debug, Clone)]
struct Pattern {
    counts: Vec<u32>,
    apart: i64,
    after: i64,
    /// Whether the last kind of act comes first.
    is_turned: bool,
}

/// A verdict for which bundles are tried.
struct Wish {
    lost: Lost,
    tries: Vec<Tried>,
    patterns: std::vec::IntoIter<Pattern>,
}

impl Planner<'_> {
    /// Books bundles for what is lost in spite of all single acts.
    pub(crate) fn bundles(&mut self, day: NaiveDate) -> Result<(), PlanError> {
        let mut given_up: BTreeSet<Key> = BTreeSet::new();
        for _ in 0..VERDICTS {
            let lost = self.lost(day)?;
            let mut wishes = self.wishes(&lost, &given_up);
            if wishes.is_empty() {
                break;
            }
            given_up.extend(wishes.values().map(|wish| key(&wish.lost)));
            let mut before = self.of_homes(&lost);
            while !wishes.is_empty() {
                let mut bundles = self.next_bundles(&mut wishes);
                let acts = bundles.values().flatten();
                let acts: Vec<Activity> = acts.map(|act| act.activity.clone()).collect();
                if acts.is_empty() {
                    continue;
                }
                let after = self.rehearsal.lost(day, &acts)?;
                let still: BTreeSet<Key> = after.iter().map(key).collect();
                let then = self.of_homes(&after);
                let zero = Number::zero();
                bundles.retain(|home, _| {
                    let is_kept =
                        wishes.get(home).is_some_and(|wish| !still.contains(&key(&wish.lost)));
                    is_kept && then.get(home).unwrap_or(&zero) < before.get(home).unwrap_or(&zero)
                });
                for home in bundles.keys() {
                    wishes.remove(home);
                    before.insert(*home, then.get(home).cloned().unwrap_or_else(Number::zero));
                }
                let booked: Vec<Act> = bundles.into_values().flatten().collect();
                for one in booked.iter().flat_map(|act| &act.serves) {
                    self.served.entry(key(one)).or_default();
                }
                self.book(booked)?;
            }
        }
        Ok(())
    }

    /// The heaviest verdict of each home that acts of one seller could serve.
    fn wishes(&self, lost: &[Lost], given_up: &BTreeSet<Key>) -> BTreeMap<Home, Wish> {
        let mut heaviest: BTreeMap<Home, &Lost> = BTreeMap::new();
        for one in lost.iter().filter(|one| !given_up.contains(&key(one))) {
            let Some(home) = one.home.filter(|home| !home.is_seller()) else { continue };
            let other = heaviest.entry(home).or_insert(one);
            if self.weight(one) > self.weight(other) {
                *other = one;
            }
        }
        let wanted: Vec<Lost> = heaviest.values().map(|one| (*one).clone()).collect();
        let mut tries: BTreeMap<Home, Vec<Tried>> = BTreeMap::new();
        for one in self.rehearsal.tries(&wanted) {
            let Try { home, .. } = one;
            tries.entry(home).or_default().extend(self.with_seller(one));
        }
        let wish = |(home, tries): (Home, Vec<Tried>)| {
            let lost = (*heaviest.get(&home)?).clone();
            let patterns = patterns(&lost, tries.len()).into_iter();
            Some((home, Wish { lost, tries, patterns }))
        };
        tries.into_iter().filter_map(wish).collect()
    }

    fn with_seller(&self, of: Try) -> Option<Tried> {
        let seller = of.seller.clone().filter(|seller| self.diaries.contains_key(seller))?;
        let kind = self.kinds(&of.kinds).first()?.clone();
        Some(Tried::new(of, seller, kind))
    }

    /// The next bundle of each home for which there is time; who has none left is taken out.
    fn next_bundles(&self, wishes: &mut BTreeMap<Home, Wish>) -> BTreeMap<Home, Vec<Act>> {
        let mut diaries = self.diaries.clone();
        let mut taken = HashSet::new();
        let mut bundles = BTreeMap::new();
        wishes.retain(|home, wish| {
            let Wish { lost, tries, patterns } = wish;
            let bundle = patterns
                .by_ref()
                .find_map(|pattern| self.bundle(lost, tries, &pattern, &mut diaries, &mut taken));
            bundle.map(|bundle| bundles.insert(*home, bundle)).is_some()
        });
        bundles
    }

    fn bundle(
        &self,
        lost: &Lost,
        tries: &[Tried],
        pattern: &Pattern,
        diaries: &mut BTreeMap<String, Diary>,
        taken: &mut HashSet<String>,
    ) -> Option<Vec<Act>> {
        let (mut own, mut met) = (BTreeMap::new(), Met::default());
        for seller in tries.iter().map(|one| &one.seller) {
            own.insert(seller.clone(), diaries.get(seller)?.clone());
        }
        let most = pattern.counts.iter().copied().max().unwrap_or(0);
        let turns =
            (0..most).flat_map(|turn| tries.iter().zip(&pattern.counts).map(move |of| (turn, of)));
        let turns = turns.filter(|(turn, (_, count))| turn < *count).map(|(_, (one, _))| one);
        let mut turns: Vec<&Tried> = turns.collect();
        if pattern.is_turned {
            turns.reverse();
        }
        let first = self.rehearsal.first_open_day();
        let first = lost.period.map_or(first, |period| first.max(period.from));
        let mut next = first + TimeDelta::days(pattern.after);
        let mut acts = Vec::new();
        for one in turns {
            let kinds = self.kinds(&one.of.kinds);
            let minutes = self.lengths.minutes(&one.kind);
            let slots = self.lengths.slots(minutes);
            let diary = own.get_mut(&one.seller)?;
            let place = (0..diary.days.len()).find_map(|n| {
                let day = diary.days.get(n)?;
                let is_meant = day.date >= next && !day.is_after && day.minutes >= minutes.into();
                let from = self.hours().first(&one.seller, one.of.about.first()?, n);
                let slot = diary.take(n, from.filter(|_| is_meant)?..=u32::MAX, slots, minutes)?;
                Some((n, slot))
            });
            let date = place.and_then(|(n, _)| Some(diary.days.get(n)?.date));
            let act = place.zip(date).and_then(|((n, slot), date)| {
                let about = self.next_about(one, date, &mut met)?;
                let place = (n, slot, slots, minutes);
                let serves = vec![lost.clone()];
                self.act((&one.seller, one.of.home), place, (&kinds, about), serves, taken)
            });
            let act = act?;
            next = act.start.date() + TimeDelta::days(pattern.apart);
            acts.push(act);
        }
        diaries.extend(own);
        Some(acts)
    }
}

/// What is tried for a verdict: as many as are missing and one more, at several distances; where several acts could
/// serve, some of each.
fn patterns(lost: &Lost, tries: usize) -> Vec<Pattern> {
    let missing = lost.missing.as_ref().map(|missing| -(-missing.clone()).floor());
    let missing = missing.and_then(|missing| missing.to_string().parse::<u32>().ok());
    let counts = match missing {
        // One more may be needed where what is planned stands in the way.
        Some(missing) => missing.clamp(1, MOST)..=missing.saturating_add(1).clamp(1, MOST),
        None => 2..=4,
    };
    let mut patterns = mixed(tries);
    for (count, one) in counts.flat_map(|count| (0..tries).map(move |one| (count, one))) {
        let counts: Vec<u32> = (0..tries).map(|n| if n == one { count } else { 0 }).collect();
        for apart in APART {
            for after in [0, apart] {
                patterns.push(Pattern { counts: counts.clone(), apart, after, is_turned: false });
            }
        }
    }
    patterns
}

/// Some of each of several acts, the fewest first.
fn mixed(tries: usize) -> Vec<Pattern> {
    if !(2..=3).contains(&tries) {
        return Vec::new();
    }
    let mut all: Vec<Vec<u32>> = vec![Vec::new()];
    for _ in 0..tries {
        let more = |counts: &Vec<u32>| {
            (0..MOST_MIXED).map(|count| [&counts[..], &[count]].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(more).collect();
    }
    let sum = |counts: &Vec<u32>| counts.iter().sum::<u32>();
    let is_mixed = |counts: &Vec<u32>| {
        counts.iter().filter(|count| **count > 0).count() > 1 && sum(counts) <= MOST_MIXED
    };
    all.retain(is_mixed);
    all.sort_by_key(sum);
    let ways = [(1, false), (1, true), (0, false), (0, true)];
    let of = |counts: Vec<u32>| {
        ways.map(|(apart, is_turned)| Pattern {
            counts: counts.clone(),
            apart,
            after: 0,
            is_turned,
        })
    };
    all.into_iter().flat_map(of).collect()
}
