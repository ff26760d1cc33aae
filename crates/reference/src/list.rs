//! Worklists.

use std::cmp::Ordering;
use std::collections::HashMap;

use kadence::internals::Item;
use kadence::internals::rules::{List, Per};
use kadence::verdict::{ListedSubject, Worklist};

use crate::phrase::{Bare, Reading};
use crate::view::View;
use crate::world::Known;

impl View<'_> {
    /// The lists, as written.
    pub(crate) fn worklists(&self) -> Vec<Worklist> {
        let lists = self.world.rules.lists.iter();
        let subjects = |list| {
            let items = self.list(list).into_iter();
            items.map(|item| ListedSubject {
                subject: self.subject(item),
                owner: self.world.owner(item).map(|o| self.world.data.id(o).to_owned()),
            })
        };
        lists.map(|l| Worklist { name: l.name.clone(), subjects: subjects(l).collect() }).collect()
    }

    /// What is on a list, in its order: sorted, what is unknown last, equals by id, then cut.
    pub(crate) fn list(&self, list: &List) -> Vec<Item> {
        let reading = Reading::of(Bare::Completed);
        let items = self.world.data.items(list.phrase.noun);
        let mut items: Vec<Item> =
            items.filter(|item| self.is_one_of(*item, &list.phrase, reading).is_yes()).collect();
        items.sort_by_key(|item| self.world.data.id(*item));
        if let Some((path, descending)) = &list.sort {
            items.sort_by(|a, b| {
                let (a, b) = (self.follow(*a, path), self.follow(*b, path));
                match (a, b) {
                    (Some(a), Some(b)) if *descending => self.order(b, a),
                    (Some(a), Some(b)) => self.order(a, b),
                    (a, b) => b.is_some().cmp(&a.is_some()),
                }
            });
        }
        let Some((most, per)) = list.limit else { return items };
        let mut taken: HashMap<Option<Item>, u32> = HashMap::new();
        items.retain(|item| {
            let owner = self.world.owner(*item);
            let holder = match per {
                None => None,
                Some(Per::Seller) => owner,
                Some(Per::Team) => {
                    owner.and_then(|o| self.world.reference(o, self.world.fields.seller_team))
                }
            };
            let count = taken.entry(holder).or_default();
            *count += 1;
            *count <= most
        });
        items
    }

    fn order(&self, a: Known<'_>, b: Known<'_>) -> Ordering {
        match (a, b) {
            (Known::Text(a), Known::Text(b)) => a.cmp(b),
            (Known::Number(a), Known::Number(b)) => a.cmp(&b),
            (Known::Instant(a, _), Known::Instant(b, _)) => a.cmp(&b),
            (Known::YesNo(a), Known::YesNo(b)) => a.cmp(&b),
            (Known::Thing(a), Known::Thing(b)) => self.world.data.id(a).cmp(self.world.data.id(b)),
            (a, b) => a.day().cmp(&b.day()),
        }
    }
}
