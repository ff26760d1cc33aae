//! Which things rules are about, found once for all rules that ask.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::gate::Gate;
use super::kinds::{Classes, Kinds, Which};
use super::marks::{Days, Mark, MarkDays, Marked, Marks, OfAll, Piece};
use crate::engine::bound::Bound;
use crate::engine::store::{Owned, Word, Work, kind_of};
use crate::engine::view::View;
use crate::model::{Item, Noun};
use crate::plan::{SetId, TestId};

/// Some things of a noun, and which of them belong to populations that were asked about.
pub(in crate::engine) struct Things<'q> {
    noun: Noun,
    rows: Range<usize>,
    /// Those that can be judged at all.
    present: Option<Vec<u32>>,
    /// Of activities those of the days and classes of all rules, by kind: their rows, ranks and classes.
    of_days: Option<Vec<Vec<(u32, u32, u32)>>>,
    chosen: HashMap<TestId, Arc<Vec<u32>>>,
    /// Which of their activities are on days of some ranks, by partition: windows have days in common.
    days: HashMap<(Range<u32>, u32), Days>,
    /// Which of their activities are of some kinds, by partition.
    marks: HashMap<(SetId, Which, u32), Arc<Marks>>,
    of_all: &'q OfAll,
}

/// Those of some rows, days and classes, by kind.
struct OfDays<'t> {
    rows: &'t Range<usize>,
    days: &'t Range<u32>,
    classes: &'t Classes,
    kinds: usize,
}

impl Work for OfDays<'_> {
    /// Their rows, ranks and classes.
    type Output = Vec<Vec<(u32, u32, u32)>>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Self::Output {
        let OfDays { rows, days, classes, kinds } = self;
        // All activities stand in the order of their customers.
        let all = owned.main();
        let kept = all.marks_of(&classes.all());
        let mut found = vec![Vec::new(); kinds];
        for partition in all.partitions(days) {
            let places = all.all_of(partition);
            let places = places.start.max(rows.start)..places.end.min(rows.end);
            if places.is_empty() {
                continue;
            }
            let stretch = all.in_words(places.clone(), partition);
            let marks = classes.marked(kept.as_ref(), &stretch);
            marks.and(&Marks::of_days(&stretch, days)).each(places, |place| {
                let class = all.class(place);
                if let Some(of_kind) = found.get_mut(kind_of(class)) {
                    of_kind.push((all.row(place), all.rank(place), class));
                }
            });
        }
        found
    }
}

/// What is known of the activities of some things in a period: those that are done, and those that
/// are planned.
pub(super) struct Known {
    pub(super) done: Marked,
    pub(super) planned: Marked,
}

impl<'q> Things<'q> {
    pub(super) fn new(noun: Noun, rows: Range<usize>, of_all: &'q OfAll) -> Things<'q> {
        Things {
            noun,
            rows,
            present: None,
            of_days: None,
            chosen: HashMap::new(),
            days: HashMap::new(),
            marks: HashMap::new(),
            of_all,
        }
    }

    /// Their activities that are of some kinds and days, if each has but its own.
    pub(super) fn marked(
        &mut self,
        view: &View<'_>,
        (kinds, which): (&Kinds<'_>, Which),
        ranks: &Range<u32>,
    ) -> Marked {
        let partitions = view.store.activities.partitions.within(ranks);
        let piece = |partition| {
            let marks = self.marks(view, kinds, (which, partition));
            match self.days(view, ranks, partition) {
                Days::All => Piece { marks, within: None },
                Days::These(days) => Piece { marks: Arc::new(marks.and(&days)), within: None },
                Days::Within(ranks) => Piece { marks, within: Some(ranks) },
            }
        };
        Marked { from: partitions.start, pieces: partitions.map(piece).collect() }
    }

    fn days(&mut self, view: &View<'_>, ranks: &Range<u32>, partition: u32) -> Days {
        let of_partition = view.store.activities.partitions.ranks(partition);
        if ranks.start <= of_partition.start && of_partition.end <= ranks.end {
            return Days::All;
        }
        let mark = || {
            let things = self.range();
            view.store.work(self.noun, MarkDays { things, ranks: ranks.clone(), partition })
        };
        if let Some(days) = self.days.get(&(ranks.clone(), partition)) {
            return days.clone();
        }
        let days = mark();
        self.days.insert((ranks.clone(), partition), days.clone());
        days
    }

    fn marks(
        &mut self,
        view: &View<'_>,
        kinds: &Kinds<'_>,
        (which, partition): (Which, u32),
    ) -> Arc<Marks> {
        if let Some(marks) = self.of_all.get(self.noun, kinds.id, which) {
            return marks.clone();
        }
        let things = self.range();
        let mark = || {
            let mark = Mark { view, kinds, which, things, partition };
            Arc::new(view.store.work(self.noun, mark))
        };
        self.marks.entry((kinds.id, which, partition)).or_insert_with(mark).clone()
    }

    fn range(&self) -> Range<u32> {
        let row = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        row(self.rows.start)..row(self.rows.end)
    }

    /// The activities that pass a gate and a test.
    pub(super) fn through(
        &mut self,
        view: &View<'_>,
        (days, classes): &(Range<u32>, Classes),
        (gate, rest): (&Gate<'_>, &Bound<'_>),
    ) -> Vec<u32> {
        let all = || {
            let kinds = view.store.schema.kinds().len();
            view.store.work(Noun::Customer, OfDays { rows: &self.rows, days, classes, kinds })
        };
        let of_days = self.of_days.get_or_insert_with(all);
        let is_one = |one: &&(u32, u32, u32)| {
            gate.holds(view, **one) && rest.holds(view, Item { noun: Noun::Activity, row: one.0 })
        };
        let mut rows = Vec::new();
        let mut kinds = 0;
        for (_, of_kind) in of_days.iter().enumerate().filter(|(kind, _)| gate.has_kind(*kind)) {
            kinds += 1;
            rows.extend(of_kind.iter().filter(is_one).map(|one| one.0));
        }
        if kinds > 1 {
            rows.sort_unstable();
        }
        rows
    }

    /// Those of a population.
    pub(super) fn of(&mut self, view: &View<'_>, test: TestId, bound: &Bound<'_>) -> Arc<Vec<u32>> {
        if let Some(chosen) = self.chosen.get(&test) {
            return chosen.clone();
        }
        let noun = self.noun;
        let rows = self.rows.clone();
        let present = self.present.get_or_insert_with(|| view.present(noun, rows));
        let chosen = Arc::new(bound.of(view, noun, present));
        self.chosen.insert(test, chosen.clone());
        chosen
    }
}
