//! Which things rules are about, found once for all rules that ask.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::gate::Gate;
use crate::engine::bound::Bound;
use crate::engine::store::{Owned, Word, Work};
use crate::engine::view::View;
use crate::model::{Item, Noun};
use crate::plan::TestId;

/// Some things of a noun, and which of them belong to populations that were asked about.
pub(in crate::engine) struct Things {
    noun: Noun,
    rows: Range<usize>,
    /// Those that can be judged at all.
    present: Option<Vec<u32>>,
    /// Of activities those of the days of all rules: their rows, ranks and classes.
    of_days: Option<Vec<(u32, u32, u32)>>,
    chosen: HashMap<TestId, Vec<u32>>,
    /// Where the activities of a population's subjects start that are not before a day, by its
    /// rank: windows have days in common.
    firsts: HashMap<(TestId, u32), Places>,
}

/// A place for each of some subjects.
pub(super) type Places = Arc<[u32]>;

impl Things {
    pub(in crate::engine) fn new(noun: Noun, rows: Range<usize>) -> Things {
        Things {
            noun,
            rows,
            present: None,
            of_days: None,
            chosen: HashMap::new(),
            firsts: HashMap::new(),
        }
    }

    pub(super) fn noun(&self) -> Noun {
        self.noun
    }

    /// For each subject of a population, its first activity whose rank is not below.
    pub(super) fn first_from(
        &mut self,
        view: &View<'_>,
        test: TestId,
        subjects: &[u32],
        rank: u32,
    ) -> Places {
        let firsts = self.firsts.entry((test, rank));
        let search = || view.store.work(self.noun, FirstFrom { subjects, rank });
        firsts.or_insert_with(search).clone()
    }

    /// The activities that pass a gate and a test.
    pub(super) fn through(
        &mut self,
        view: &View<'_>,
        days: &Range<u32>,
        (gate, rest): (&Gate<'_>, &Bound<'_>),
    ) -> Vec<u32> {
        let all = || {
            let words = &view.store.activities.words;
            let mut all = Vec::new();
            words.each_within(self.rows.clone(), days, |place| {
                let row = u32::try_from(place).unwrap_or(u32::MAX);
                all.push((row, words.rank(place), words.class(place)));
            });
            all
        };
        let is_one = |one: &&(u32, u32, u32)| {
            gate.holds(view, **one) && rest.holds(view, Item { noun: Noun::Activity, row: one.0 })
        };
        self.of_days.get_or_insert_with(all).iter().filter(is_one).map(|one| one.0).collect()
    }

    /// Those of a population.
    pub(super) fn of(&mut self, view: &View<'_>, test: TestId, bound: &Bound<'_>) -> Vec<u32> {
        if let Some(chosen) = self.chosen.get(&test) {
            return chosen.clone();
        }
        let noun = self.noun;
        let rows = self.rows.clone();
        let present = self.present.get_or_insert_with(|| view.present(noun, rows));
        let is_one = |row: &u32| bound.holds(view, Item { noun, row: *row });
        let chosen: Vec<u32> = present.iter().copied().filter(is_one).collect();
        self.chosen.insert(test, chosen.clone());
        chosen
    }
}

/// Searches the activities of subjects for a day.
struct FirstFrom<'s> {
    subjects: &'s [u32],
    rank: u32,
}

impl Work for FirstFrom<'_> {
    type Output = Places;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Places {
        let first = |subject: &u32| {
            let mut first = 0;
            owned.each(*subject, |stretch| first = stretch.first_from(self.rank));
            u32::try_from(first).unwrap_or(u32::MAX)
        };
        self.subjects.iter().map(first).collect()
    }
}
