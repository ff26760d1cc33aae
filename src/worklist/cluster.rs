//! What one act could serve: verdicts about a customer and all that is its belong together, those about a
//! lead likewise, and no act about one such cluster touches another. What is judged of campaigns can
//! rest on all of them.

use std::collections::{BTreeMap, HashMap};

use crate::engine::{Evaluation, Store};
use crate::model::{Item, Noun};
use crate::plan::Sees;

/// A verdict that an act is wanted for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    /// The place of the rule.
    pub(super) rule: usize,
    pub(super) subject: Item,
    /// Who is to act.
    pub(super) owner: Option<Item>,
}

/// Verdicts among which acts are shared.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) home: Item,
    pub(super) is_campaign: bool,
    /// By who is to act.
    pub(super) groups: Vec<Group>,
    /// The acts that are tried, one after the other.
    pub(super) trials: Vec<Trial>,
}

/// Those of a cluster that the same seller is to do something about.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) owner: Option<Item>,
    /// Places of verdicts.
    pub(super) open: Vec<usize>,
}

/// An act that is made up.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    /// The place of the group that it is tried for.
    pub(super) group: usize,
    pub(super) target: Target,
    /// Places of kinds; to all rules of the group they are the same.
    pub(super) kinds: Vec<usize>,
    /// The places of verdicts that it makes better.
    pub(super) served: Vec<usize>,
}

/// About what an activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// A customer, contact, lead, opportunity or campaign; or the activity that it follows.
    pub(super) item: Item,
    /// The contact with whom it is.
    pub(super) with: Option<Item>,
    pub(super) seller: Option<Item>,
}

/// Where acts are preferred to be about, of those that serve the same.
fn order(noun: Noun) -> usize {
    let nouns = [Noun::Customer, Noun::Lead, Noun::Opportunity, Noun::Contact, Noun::Campaign];
    nouns.iter().position(|other| *other == noun).unwrap_or(nouns.len())
}

/// The clusters of some verdicts, with the acts that are to be tried. What is about nobody whom an
/// activity could be about, a seller's month say, is in none.
pub(super) fn clusters(
    evaluation: &Evaluation<'_>,
    open: &[Asking],
    sees: &[Sees],
) -> Vec<Cluster> {
    let store = evaluation.store();
    let homes = Homes::new(store);
    let mut by_home: BTreeMap<Item, BTreeMap<Option<Item>, Vec<usize>>> = BTreeMap::new();
    for (place, one) in open.iter().enumerate() {
        if let Some(home) = homes.of(store, one.subject) {
            by_home.entry(home).or_default().entry(one.owner).or_default().push(place);
        }
    }
    let cluster = |(home, by_owner): (Item, BTreeMap<Option<Item>, Vec<usize>>)| {
        let groups = by_owner.into_iter().map(|(owner, open)| Group { owner, open });
        let groups: Vec<Group> = groups.collect();
        let trials = groups.iter().enumerate();
        let trials = trials.flat_map(|(n, group)| trials_of(evaluation, open, sees, (n, group)));
        Cluster { home, is_campaign: home.noun == Noun::Campaign, trials: trials.collect(), groups }
    };
    by_home.into_iter().map(cluster).collect()
}

fn trials_of(
    evaluation: &Evaluation<'_>,
    open: &[Asking],
    sees: &[Sees],
    (place, group): (usize, &Group),
) -> Vec<Trial> {
    let store = evaluation.store();
    let ones = || group.open.iter().filter_map(|place| open.get(*place));
    let mut rules: Vec<&Sees> = ones().filter_map(|one| sees.get(one.rule)).collect();
    rules.dedup();
    let alike = alike(&rules);
    let matters_who = rules.iter().any(|sees| sees.contact);
    let mut targets: Vec<Item> =
        ones().filter_map(|one| target(store, one.subject, group.owner)).collect();
    targets.sort_by_key(|item| (order(item.noun), *item));
    targets.dedup();
    let mut trials = Vec::new();
    for item in targets {
        let whom = matters_who.then(|| least_recent(evaluation, item).first().copied()).flatten();
        for with in [None, whom].into_iter().take(1 + usize::from(whom.is_some())) {
            let target = Target { item, with, seller: group.owner };
            trials.extend(alike.iter().map(|kinds| Trial {
                group: place,
                target,
                kinds: kinds.clone(),
                served: Vec::new(),
            }));
        }
    }
    trials
}

/// Kinds that some rules ask for: those that none of them tells apart are together.
pub(super) fn alike(rules: &[&Sees]) -> Vec<Vec<usize>> {
    let kinds = rules.first().map_or(0, |sees| sees.kinds.len());
    let mut alike: Vec<(Vec<_>, Vec<usize>)> = Vec::new();
    for kind in 0..kinds {
        let seen: Vec<_> = rules.iter().map(|sees| sees.kinds.get(kind)).collect();
        if !rules.iter().any(|sees| sees.asks_for(kind)) {
            continue;
        }
        match alike.iter_mut().find(|(other, _)| *other == seen) {
            Some((_, kinds)) => kinds.push(kind),
            None => alike.push((seen, vec![kind])),
        }
    }
    alike.into_iter().map(|(_, kinds)| kinds).collect()
}

/// About what an act for a verdict would be, if the same seller looks after that; else it follows the
/// activity that is judged.
fn target(store: &Store, subject: Item, owner: Option<Item>) -> Option<Item> {
    let fields = &store.fields;
    match subject.noun {
        Noun::Customer | Noun::Contact | Noun::Lead | Noun::Opportunity | Noun::Campaign => {
            Some(subject)
        }
        Noun::Member => store
            .reference(subject, fields.member_customer)
            .or_else(|| store.reference(subject, fields.member_lead)),
        Noun::Activity => {
            let about = followed_in(store, subject);
            about.filter(|about| store.owner(*about) == owner).or(Some(subject))
        }
        Noun::Company | Noun::Team | Noun::Seller | Noun::Absence => None,
    }
}

/// Where what follows an activity is looked for: with the same opportunity, else the same lead, else
/// the same customer.
pub(super) fn followed_in(store: &Store, activity: Item) -> Option<Item> {
    let fields = &store.fields;
    let named = |field| store.reference(activity, field);
    named(fields.activity_opportunity)
        .or_else(|| named(fields.activity_lead))
        .or_else(|| store.owners(activity, Noun::Customer).first().copied())
}

/// The contacts of a customer, first the one with whom nobody has spoken for longest.
pub(super) fn least_recent(evaluation: &Evaluation<'_>, target: Item) -> Vec<Item> {
    let store = evaluation.store();
    let customer = match target.noun {
        Noun::Customer => Some(target),
        Noun::Opportunity => store.reference(target, store.fields.opportunity_customer),
        _ => None,
    };
    let contacts = customer.map_or(&[][..], |customer| store.things_of(customer, Noun::Contact));
    let mut contacts: Vec<Item> =
        contacts.iter().map(|row| Item { noun: Noun::Contact, row: *row }).collect();
    contacts.sort_by_cached_key(|contact| {
        let (last, _) = evaluation.last_and_next(*contact, |_| true);
        (last.map(|activity| store.day(activity.row)), *contact)
    });
    contacts
}

/// In which cluster things are. Customers, leads and opportunities that are of one another are in the
/// same; a campaign is in one by itself.
#[derive(Debug)]
pub(super) struct Homes {
    /// Where something that is not the first of its cluster leads, perhaps by way of others.
    joined: HashMap<Item, Item>,
}

impl Homes {
    pub(super) fn new(store: &Store) -> Self {
        let fields = &store.fields;
        let mut homes = Homes { joined: HashMap::new() };
        for opportunity in store.items(Noun::Opportunity) {
            homes
                .join(Some(opportunity), store.reference(opportunity, fields.opportunity_customer));
            homes.join(Some(opportunity), store.reference(opportunity, fields.opportunity_lead));
        }
        for lead in store.items(Noun::Lead) {
            homes.join(Some(lead), store.reference(lead, fields.lead_customer));
        }
        for member in store.items(Noun::Member) {
            let customer = store.reference(member, fields.member_customer);
            homes.join(store.reference(member, fields.member_lead), customer);
        }
        homes
    }

    fn join(&mut self, a: Option<Item>, b: Option<Item>) {
        let (Some(a), Some(b)) = (a.map(|a| self.first(a)), b.map(|b| self.first(b))) else {
            return;
        };
        if a != b {
            self.joined.insert(a.max(b), a.min(b));
        }
    }

    fn first(&self, thing: Item) -> Item {
        let mut thing = thing;
        while let Some(next) = self.joined.get(&thing) {
            thing = *next;
        }
        thing
    }

    pub(super) fn of(&self, store: &Store, thing: Item) -> Option<Item> {
        let fields = &store.fields;
        let named = |field| store.reference(thing, field);
        let about = match thing.noun {
            Noun::Customer | Noun::Lead | Noun::Opportunity | Noun::Campaign => thing,
            Noun::Contact => named(fields.contact_customer).unwrap_or(thing),
            Noun::Member => named(fields.member_customer).or_else(|| named(fields.member_lead))?,
            Noun::Activity => followed_in(store, thing).unwrap_or(thing),
            Noun::Company | Noun::Team | Noun::Seller | Noun::Absence => return None,
        };
        Some(self.first(about))
    }
}
