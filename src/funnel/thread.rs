//! Which things are about the same.

use crate::engine::Store;
use crate::model::{Item, Noun};

/// What a thing, or a case, is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Thread {
    pub(super) opportunity: Option<Item>,
    pub(crate) lead: Option<Item>,
    pub(super) customer: Option<Item>,
}

impl Thread {
    pub(crate) fn of(store: &Store, thing: Item) -> Thread {
        let named = |noun| {
            if thing.noun == noun {
                return Some(thing);
            }
            store.link(thing.noun, noun).and_then(|field| store.reference(thing, field))
        };
        let opportunity = named(Noun::Opportunity);
        let lead = named(Noun::Lead).or_else(|| {
            opportunity.and_then(|one| store.reference(one, store.link(one.noun, Noun::Lead)?))
        });
        let own = match thing.noun {
            Noun::Customer => Some(thing),
            _ => store.owners(thing, Noun::Customer).first().copied(),
        };
        let customer = own.or_else(|| {
            lead.and_then(|lead| store.reference(lead, store.link(lead.noun, Noun::Customer)?))
        });
        Thread { opportunity, lead, customer }
    }

    /// Both together.
    pub(super) fn and(self, other: Thread) -> Thread {
        Thread {
            opportunity: self.opportunity.or(other.opportunity),
            lead: self.lead.or(other.lead),
            customer: self.customer.or(other.customer),
        }
    }

    /// What it is about, the nearest first.
    pub(super) fn keys(self) -> impl Iterator<Item = Item> {
        [self.opportunity, self.lead, self.customer].into_iter().flatten()
    }
}
