//! What counted for decisions, found on the walks on which they were made.

use super::followed::Answer;
use super::kinds::{Kinds, Which};
use super::target::Target;
use super::{OfNoun, Quick, QuickRule, Shape};
use crate::engine::evidence::Gathered;
use crate::engine::store::{Owned, Word, Work};
use crate::engine::view::View;
use crate::model::{Item, Noun};

impl Quick<'_> {
    /// What counted for the decisions of a rule about some of its subjects, if it is one that can
    /// be judged quickly.
    pub(in crate::engine) fn evidence(
        &self,
        view: &View<'_>,
        rule: usize,
        noun: Noun,
        subjects: &[u32],
    ) -> Option<Gathered> {
        let place = match self.rules.get(rule)?.as_ref()? {
            QuickRule::Followed(.., place) => place,
            QuickRule::Shaped { shape, .. } => {
                let (answers, of_all) = (&*self.found.answers, OfNoun(&self.found.of_all, noun));
                let gather = Gather { view, shape, answers, of_all, subjects };
                return Some(view.store.work(noun, gather));
            }
        };
        let (question, answer) = (self.questions.get(*place)?, self.found.answers.get(*place)?);
        let mut gathered = Gathered::default();
        for row in subjects {
            if let Some(follower) = question.follower(view, answer, *row) {
                gathered.push(activity(follower));
            }
            gathered.close();
        }
        Some(gathered)
    }
}

/// Gathers what counted for decisions about some subjects.
struct Gather<'g, 'v> {
    view: &'g View<'g>,
    shape: &'g Shape<'v>,
    answers: &'g [Answer],
    of_all: OfNoun<'g>,
    subjects: &'g [u32],
}

impl Work for Gather<'_, '_> {
    type Output = Gathered;

    fn run<W: Word>(self, owned: &Owned<'_, W>) -> Gathered {
        match self.shape {
            Shape::Compare { of, periods } => match of.others() {
                None => self.counted(owned, of.kinds(), periods, |_, _| true),
                Some(others) => {
                    self.counted(owned, of.kinds(), periods, |row, _| others.is_named_by(row))
                }
            },
            Shape::Share { of, answer, periods } => {
                let answer = self.answers.get(*answer);
                self.counted(owned, of, periods, |row, rank| {
                    answer.is_some_and(|answer| answer.is_yes(row, rank))
                })
            }
            Shape::Next { of, ranks } => {
                let mut gathered = Gathered::default();
                for subject in self.subjects {
                    let mut firsts = Vec::new();
                    owned.each(*subject, ranks, |stretch| {
                        let first = of.first_ahead(self.view, &stretch, ranks);
                        firsts.extend(first.map(|place| (stretch.rank(place), stretch.row(place))));
                    });
                    sort(self.view, &mut firsts);
                    firsts.iter().take(1).for_each(|(_, row)| gathered.push(activity(*row)));
                    gathered.close();
                }
                gathered
            }
        }
    }
}

impl Gather<'_, '_> {
    /// Those of some kinds in each period that count, by their rows and ranks.
    fn counted<W: Word>(
        &self,
        owned: &Owned<'_, W>,
        of: &Kinds<'_>,
        periods: &[Target],
        counts: impl Fn(u32, u32) -> bool,
    ) -> Gathered {
        let mut gathered = Gathered::default();
        let mut found = Vec::new();
        let marks = self.of_all.get(of, Which::Over);
        for subject in self.subjects {
            for period in periods {
                owned.each(*subject, &period.elapsed, |stretch| {
                    of.each(self.view, &stretch, (&period.elapsed, marks), |place| {
                        let (row, rank) = (stretch.row(place), stretch.rank(place));
                        if counts(row, rank) {
                            if owned.is_in_order() {
                                gathered.push(activity(row));
                            } else {
                                found.push((rank, row));
                            }
                        }
                    });
                });
                sort(self.view, &mut found);
                found.drain(..).for_each(|(_, row)| gathered.push(activity(row)));
                gathered.close();
            }
        }
        gathered
    }
}

fn activity(row: u32) -> Item {
    Item { noun: Noun::Activity, row }
}

/// Sorts ranks and rows by day, then by id.
fn sort(view: &View<'_>, found: &mut [(u32, u32)]) {
    let key = |row: u32| view.store.id_key(activity(row));
    let by_id = |a: u32, b: u32| view.store.by_id(activity(a), activity(b));
    match found.first() {
        Some((_, row)) if key(*row).is_some() => {
            found.sort_by_cached_key(|(rank, row)| (*rank, key(*row)));
        }
        _ => found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| by_id(a.1, b.1))),
    }
}
