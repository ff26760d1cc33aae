//! Which things rules are about, found once for all rules that ask.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::gate::Gate;
use super::kinds::{Classes, Kinds, Which};
use super::marks::{Mark, Marks};
use crate::engine::bound::Bound;
use crate::engine::store::{Owned, Stretch, Word, Work};
use crate::engine::view::View;
use crate::model::{Item, Noun};
use crate::plan::{SetId, TestId};

/// Some things of a noun, and which of them belong to populations that were asked about.
pub(in crate::engine) struct Things {
    noun: Noun,
    rows: Range<usize>,
    /// Those that can be judged at all.
    present: Option<Vec<u32>>,
    /// Of activities those of the days and classes of all rules: their rows, ranks and classes.
    of_days: Option<Vec<(u32, u32, u32)>>,
    chosen: HashMap<TestId, Vec<u32>>,
    /// Where their activities start that are not before a day, by its rank: windows have days in
    /// common.
    edges: HashMap<u32, Edge>,
    /// Which of their activities are of some kinds, by partition.
    marks: HashMap<(SetId, Which, u32), Arc<Marks>>,
}

/// What is known of the activities of some things in a period: those that are done, and those that
/// are planned.
pub(super) struct Known {
    pub(super) done: Marked,
    pub(super) planned: Marked,
}

/// Where activities of some days are, and which of them count.
pub(super) struct Marked {
    /// The first thing of which it is known.
    things: u32,
    first: Edge,
    end: Edge,
    /// By partition, from that one on.
    from: u32,
    marks: Vec<Arc<Marks>>,
}

impl Marked {
    /// Those of a thing in a stretch.
    #[inline]
    pub(super) fn places<W: Word>(
        &self,
        thing: u32,
        stretch: &Stretch<'_, W>,
    ) -> (Range<usize>, Option<&Marks>) {
        let of = (stretch.partition, stretch.len());
        let n = thing.wrapping_sub(self.things) as usize;
        let first = self.first.place(n, of);
        let marks = stretch.partition.checked_sub(self.from);
        let marks = marks.and_then(|place| self.marks.get(place as usize));
        (first..self.end.place(n, of).max(first), marks.map(|marks| &**marks))
    }
}

/// Where in the activities of some things those start that are not before a day.
#[derive(Clone)]
struct Edge {
    partition: u32,
    /// The place in that partition, for each thing; none where it is the first for all of them.
    places: Option<Arc<[u32]>>,
}

impl Edge {
    /// The place of the n-th thing in its activities, so many, of a partition.
    #[inline]
    fn place(&self, n: usize, (partition, count): (u32, usize)) -> usize {
        match (partition.cmp(&self.partition), &self.places) {
            (Ordering::Less, _) => count,
            (Ordering::Equal, Some(places)) => places.get(n).map_or(0, |place| *place as usize),
            (Ordering::Equal, None) | (Ordering::Greater, _) => 0,
        }
    }
}

impl Things {
    pub(in crate::engine) fn new(noun: Noun, rows: Range<usize>) -> Things {
        Things {
            noun,
            rows,
            present: None,
            of_days: None,
            chosen: HashMap::new(),
            edges: HashMap::new(),
            marks: HashMap::new(),
        }
    }

    pub(super) fn noun(&self) -> Noun {
        self.noun
    }

    /// Their activities that are of some kinds and days, if each has but its own.
    pub(super) fn marked(
        &mut self,
        view: &View<'_>,
        (kinds, which): (&Kinds<'_>, Which),
        ranks: &Range<u32>,
    ) -> Marked {
        let first = self.edge(view, ranks.start);
        let end = self.edge(view, ranks.end.max(ranks.start));
        let partitions = view.store.activities.partitions.within(ranks);
        let from = partitions.start;
        let marks = partitions.map(|one| self.marks(view, kinds, (which, one))).collect();
        Marked { things: self.range().start, first, end, from, marks }
    }

    fn marks(
        &mut self,
        view: &View<'_>,
        kinds: &Kinds<'_>,
        (which, partition): (Which, u32),
    ) -> Arc<Marks> {
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

    /// Where of each thing those activities start whose rank is not below.
    fn edge(&mut self, view: &View<'_>, rank: u32) -> Edge {
        let things = self.range();
        let search = || {
            let partitions = &view.store.activities.partitions;
            let partition = partitions.of_rank(rank);
            let is_first = rank == partitions.first_rank(partition);
            let search = FirstFrom { things, rank, partition };
            let places = (!is_first).then(|| view.store.work(self.noun, search));
            Edge { partition, places }
        };
        self.edges.entry(rank).or_insert_with(search).clone()
    }

    /// The activities that pass a gate and a test.
    pub(super) fn through(
        &mut self,
        view: &View<'_>,
        (days, classes): &(Range<u32>, Classes),
        (gate, rest): (&Gate<'_>, &Bound<'_>),
    ) -> Vec<u32> {
        let all = || {
            let words = &view.store.activities.words;
            let mut all = Vec::new();
            for places in view.store.rows_within(days) {
                let places = places.start.max(self.rows.start)..places.end.min(self.rows.end);
                words.each_within(places, (days, |class| classes.has(class)), |place| {
                    let row = u32::try_from(place).unwrap_or(u32::MAX);
                    all.push((row, words.rank(place), words.class(place)));
                });
            }
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

/// Searches the activities of things for a day.
struct FirstFrom {
    things: Range<u32>,
    rank: u32,
    partition: u32,
}

impl Work for FirstFrom {
    type Output = Arc<[u32]>;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Arc<[u32]> {
        let first = |thing: u32| {
            let first = owned.of(thing, self.partition).first_from(self.rank);
            u32::try_from(first).unwrap_or(u32::MAX)
        };
        self.things.map(first).collect()
    }
}
