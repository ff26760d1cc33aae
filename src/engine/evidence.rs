//! What counted for every decision, gathered in parts and told in order.

use super::decisions::Decisions;
use super::evaluation::Evaluation;
use super::parallel::{in_parts, part_size, threads};
use super::quick::Quick;
use super::view::Mode;
use crate::model::Item;
use crate::plan::Rule;

/// For how many subjects evidence is gathered before it is told.
const PART: usize = 512;

/// How many parts are gathered before they are told, so that no thread waits long for another.
const PARTS: usize = 16;

/// What counted for some decisions, one after the other.
#[derive(Default)]
pub(super) struct Gathered {
    items: Vec<Item>,
    /// Where what counted for each decision ends.
    ends: Vec<usize>,
}

impl Gathered {
    /// Adds to what counted for the decision that is not yet closed.
    #[inline]
    pub(super) fn push(&mut self, item: Item) {
        self.items.push(item);
    }

    /// Closes a decision.
    pub(super) fn close(&mut self) {
        self.ends.push(self.items.len());
    }

    /// What counted for each decision.
    fn each(&self) -> impl Iterator<Item = &[Item]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.items.get(start..*end).unwrap_or(&[]))
    }
}

impl Evaluation<'_> {
    /// Goes through all decisions in their order: tells the place of the rule, that of the
    /// decision among the rule's, and what counted.
    pub(crate) fn each_evidence(&self, mut each: impl FnMut(usize, usize, &[Item])) {
        let quick = self.quick();
        for (place, decisions) in self.decided() {
            let Some(rule) = self.rule_at(place) else { continue };
            let subjects: Vec<u32> = decisions.subjects().collect();
            let size = part_size(subjects.len(), PART);
            let mut decision = 0;
            for some in subjects.chunks(size * PARTS.max(threads())) {
                let gathered = in_parts(some.len(), size, |part| {
                    let subjects = some.get(part).unwrap_or(&[]);
                    self.gather(&quick, place, (rule, decisions), subjects)
                });
                for items in gathered.iter().flat_map(Gathered::each) {
                    each(place, decision, items);
                    decision += 1;
                }
            }
        }
    }

    /// What counted for the decisions of a rule about some of its subjects.
    fn gather(
        &self,
        quick: &Quick<'_>,
        place: usize,
        (rule, decisions): (&Rule, &Decisions),
        subjects: &[u32],
    ) -> Gathered {
        let view = self.view(Mode::Show);
        quick.evidence(&view, place, rule.noun, subjects).unwrap_or_else(|| {
            let mut gathered = Gathered::default();
            for row in subjects {
                for day in &decisions.periods {
                    let subject = Item { noun: rule.noun, row: *row };
                    view.evidence_of(rule, subject, *day).for_each(|item| gathered.push(item));
                    gathered.close();
                }
            }
            gathered
        })
    }
}
