//! With whom somebody can be compared.

use super::Fields;
use crate::engine::{Evaluation, Known};
use crate::model::{FieldRef, Item, Noun, Number};

/// Somebody whose results are looked at, and what it is like: what is compared has all of that in
/// common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its noun.
    pub kind: Noun,
    /// Its id.
    pub id: String,
    /// Those that have it in common depend on each other: the customer of an opportunity or a lead, the
    /// topmost of a team and the teams above it, else itself.
    pub cluster: (Noun, String),
    /// The customer's segment; of a lead, its source. None of sellers, teams and campaigns.
    pub segment: Option<String>,
    /// The id of the seller who is responsible; of a seller, of its team.
    pub owner: Option<String>,
    /// A customer's revenue or an opportunity's amount, beside those of the others.
    pub size: Size,
}

/// In which third of the known values one lies. What is equal lies in one third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// It has none, or none that is known.
    Unknown,
    /// The lowest third.
    Small,
    /// The middle third.
    Middle,
    /// The highest third.
    Large,
}

/// Somebody whose third is not known before all are there.
#[derive(Debug)]
pub(super) struct Sized {
    peer: Peer,
    value: Option<Number>,
}

impl Sized {
    pub(super) fn new(evaluation: &Evaluation<'_>, item: Item, fields: Fields) -> Sized {
        let store = evaluation.store();
        let text = |item: Item, field: FieldRef| match evaluation.value(item, field) {
            Some(Known::Text(text)) => Some(text.to_owned()),
            _ => None,
        };
        let customer = match item.noun {
            Noun::Customer => Some(item),
            Noun::Opportunity => store.reference(item, store.fields.opportunity_customer),
            _ => None,
        };
        let segment = match item.noun {
            Noun::Lead => fields.source.and_then(|field| text(item, field)),
            _ => customer.and_then(|customer| text(customer, store.fields.customer_segment)),
        };
        let owner = match item.noun {
            Noun::Seller => store.reference(item, store.fields.seller_team),
            _ => store.owner(item),
        };
        let field = match item.noun {
            Noun::Customer => fields.revenue,
            Noun::Opportunity => fields.amount,
            _ => None,
        };
        let cluster = cluster(evaluation, item);
        let peer = Peer {
            kind: item.noun,
            id: evaluation.id(item).into_owned(),
            cluster: (cluster.noun, evaluation.id(cluster).into_owned()),
            segment,
            owner: owner.map(|owner| evaluation.id(owner).into_owned()),
            size: Size::Unknown,
        };
        Sized { peer, value: field.and_then(|field| evaluation.number(item, field)) }
    }
}

fn cluster(evaluation: &Evaluation<'_>, item: Item) -> Item {
    let store = evaluation.store();
    let customer = match item.noun {
        Noun::Opportunity => store.reference(item, store.fields.opportunity_customer),
        Noun::Lead => store.reference(item, store.fields.lead_customer),
        Noun::Team => {
            let mut top = item;
            while let Some(above) = store.reference(top, store.fields.team_parent) {
                top = above;
            }
            Some(top)
        }
        _ => None,
    };
    customer.unwrap_or(item)
}

/// All of them, each in its third of those of its noun.
pub(super) fn in_thirds(all: Vec<Sized>) -> Vec<Peer> {
    let borders = |kind: Noun| {
        let mut values: Vec<&Number> = all
            .iter()
            .filter(|one| one.peer.kind == kind)
            .filter_map(|one| one.value.as_ref())
            .collect();
        values.sort();
        let at = |third: usize| {
            let place = (values.len() * third).div_ceil(3).checked_sub(1)?;
            values.get(place).map(|value| (*value).clone())
        };
        (at(1), at(2))
    };
    let (customers, opportunities) = (borders(Noun::Customer), borders(Noun::Opportunity));
    let size = |one: &Sized| {
        let (low, high) = if one.peer.kind == Noun::Customer { &customers } else { &opportunities };
        match (&one.value, low, high) {
            (Some(value), Some(low), _) if value <= low => Size::Small,
            (Some(value), _, Some(high)) if value <= high => Size::Middle,
            (Some(_), ..) => Size::Large,
            (None, ..) => Size::Unknown,
        }
    };
    let sizes: Vec<Size> = all.iter().map(size).collect();
    all.into_iter().zip(sizes).map(|(one, size)| Peer { size, ..one.peer }).collect()
}
