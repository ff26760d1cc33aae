//! Whose things are whose.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::OnceLock;

use super::activities::Activities;
use super::group::Group;
use super::{COMPANY, Run, Store, parallel};
use crate::model::{FieldRef, Item, Noun};

/// Whether to go on.
pub(crate) type Flow = ControlFlow<()>;

impl Store {
    /// The seller to whom a verdict about a thing belongs.
    pub(crate) fn owner(&self, item: Item) -> Option<Item> {
        let mut owner = None;
        let _ = self.each_owner(item, Noun::Seller, &mut |seller| {
            owner = Some(seller);
            Flow::Break(())
        });
        owner
    }

    /// To which things of a noun a thing belongs, in their order, each once.
    pub(crate) fn owners(&self, thing: Item, owners: Noun) -> Vec<Item> {
        let mut found = Vec::new();
        let _ = self.each_owner(thing, owners, &mut |owner| {
            found.push(owner);
            Flow::Continue(())
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// To which things of a noun a thing belongs: "Whose activities?", "Whose customers, leads,
    /// opportunities, campaigns?" and `X on Y`, in one place. Some perhaps twice.
    pub(crate) fn each_owner(
        &self,
        thing: Item,
        owners: Noun,
        each: &mut dyn FnMut(Item) -> Flow,
    ) -> Flow {
        let fields = &self.fields;
        match (thing.noun, owners) {
            (_, Noun::Company) => each(COMPANY),
            (Noun::Team, Noun::Team) => {
                self.each_team(self.reference(thing, fields.team_parent), each)
            }
            (Noun::Seller, Noun::Team) => {
                self.each_team(self.reference(thing, fields.seller_team), each)
            }
            (_, Noun::Team) => self.each_owner(thing, Noun::Seller, &mut |seller| {
                self.each_team(self.reference(seller, fields.seller_team), each)
            }),
            (Noun::Seller, Noun::Seller) => each(thing),
            (Noun::Contact, Noun::Seller) => {
                self.through(thing, fields.contact_customer, owners, each)
            }
            (Noun::Opportunity, Noun::Campaign) => {
                self.through(thing, fields.opportunity_lead, owners, each)
            }
            (Noun::Member, Noun::Seller) => {
                let lead = self.reference(thing, fields.member_lead);
                let of_lead = lead.and_then(|lead| self.reference(lead, fields.lead_owner));
                match of_lead {
                    Some(seller) => each(seller),
                    None => self.through(thing, fields.member_customer, owners, each),
                }
            }
            (Noun::Activity, Noun::Customer) => {
                self.one(thing, fields.activity_customer, each)?;
                self.through(thing, fields.activity_contact, owners, each)?;
                self.through(thing, fields.activity_opportunity, owners, each)
            }
            (Noun::Activity, Noun::Member) => {
                let mut members = |target| {
                    let rows = self.things_of(target, Noun::Member).iter();
                    rows.copied().try_for_each(|row| each(Item { noun: Noun::Member, row }))
                };
                self.each_owner(thing, Noun::Customer, &mut members)?;
                self.one(thing, fields.activity_lead, &mut members)
            }
            (thing_noun, _) => match self.link(thing_noun, owners) {
                Some(field) => self.one(thing, field, each),
                None => Flow::Continue(()),
            },
        }
    }

    /// The field by which things of one noun name what they belong to.
    pub(crate) fn link(&self, thing: Noun, owner: Noun) -> Option<FieldRef> {
        let fields = &self.fields;
        Some(match (thing, owner) {
            (Noun::Customer, Noun::Seller) => fields.customer_owner,
            (Noun::Contact, Noun::Customer) => fields.contact_customer,
            (Noun::Lead, Noun::Seller) => fields.lead_owner,
            (Noun::Lead, Noun::Customer) => fields.lead_customer,
            (Noun::Lead, Noun::Campaign) => fields.lead_campaign,
            (Noun::Opportunity, Noun::Seller) => fields.opportunity_owner,
            (Noun::Opportunity, Noun::Customer) => fields.opportunity_customer,
            (Noun::Opportunity, Noun::Lead) => fields.opportunity_lead,
            (Noun::Campaign, Noun::Seller) => fields.campaign_owner,
            (Noun::Absence, Noun::Seller) => fields.absence_seller,
            (Noun::Member, Noun::Campaign) => fields.member_campaign,
            (Noun::Member, Noun::Customer) => fields.member_customer,
            (Noun::Member, Noun::Lead) => fields.member_lead,
            (Noun::Activity, owner) => return fields.of_activity(owner),
            _ => return None,
        })
    }

    fn one(&self, thing: Item, field: FieldRef, each: &mut dyn FnMut(Item) -> Flow) -> Flow {
        self.reference(thing, field).map_or(Flow::Continue(()), each)
    }

    fn through(
        &self,
        thing: Item,
        field: FieldRef,
        owners: Noun,
        each: &mut dyn FnMut(Item) -> Flow,
    ) -> Flow {
        match self.reference(thing, field) {
            Some(other) => self.each_owner(other, owners, each),
            None => Flow::Continue(()),
        }
    }

    /// A team and those above it. There are no circles among teams, and few levels.
    fn each_team(&self, team: Option<Item>, each: &mut dyn FnMut(Item) -> Flow) -> Flow {
        let mut next = team;
        while let Some(team) = next {
            each(team)?;
            next = self.reference(team, self.fields.team_parent);
        }
        Flow::Continue(())
    }

    /// The things of one noun, not activities, that belong to an owner, in the order of their ids.
    pub(crate) fn things_of(&self, owner: Item, things: Noun) -> &[u32] {
        let slot = things.index() * Noun::ALL.len() + owner.noun.index();
        let Some(cell) = self.index.get(slot) else { return &[] };
        let lists = cell.get_or_init(|| self.make_index(things, owner.noun));
        lists.get(owner.row as usize).map_or(&[], Vec::as_slice)
    }

    fn make_index(&self, things: Noun, owners: Noun) -> Vec<Vec<u32>> {
        let mut lists = vec![Vec::new(); self.count(owners).max(1) as usize];
        for thing in self.items(things) {
            for owner in self.owners(thing, owners) {
                if let Some(list) = lists.get_mut(owner.row as usize) {
                    list.push(thing.row);
                }
            }
        }
        lists
    }

    /// The activities of an owner, as runs that share none: those of a partition before those of the
    /// next. Without those of days before a rank, where they are in order.
    pub(crate) fn each_run<'s>(
        &'s self,
        owner: Item,
        from: u32,
        each: &mut dyn FnMut(Run<'s>) -> Flow,
    ) -> Flow {
        match owner.noun {
            Noun::Company => {
                let count = self.count(Noun::Activity) as usize;
                each(Run::of_table(&self.activities.words, count))
            }
            Noun::Customer => {
                self.each_run_of(&self.by_customer, owner.row, from, each)?;
                if self.customers_are_apart() {
                    return Flow::Continue(());
                }
                self.each_run_of(&self.more_by_customer, owner.row, from, each)
            }
            Noun::Team => {
                let sellers = self.things_of(owner, Noun::Seller).iter();
                sellers
                    .copied()
                    .try_for_each(|row| self.each_run(Item { noun: Noun::Seller, row }, from, each))
            }
            Noun::Member => {
                let customer = self.reference(owner, self.fields.member_customer);
                let lead = self.reference(owner, self.fields.member_lead);
                if let Some(customer) = customer {
                    self.each_run(customer, from, each)?;
                }
                match lead {
                    Some(lead) => self.each_run(lead, from, &mut |run| {
                        each(run.not_of(customer.map(|customer| customer.row)))
                    }),
                    None => Flow::Continue(()),
                }
            }
            _ => match self.group(owner.noun) {
                Some(group) => self.each_run_of(group, owner.row, from, each),
                None => Flow::Continue(()),
            },
        }
    }

    fn each_run_of<'s>(
        &'s self,
        group: &'s Group,
        owner: u32,
        from: u32,
        each: &mut dyn FnMut(Run<'s>) -> Flow,
    ) -> Flow {
        let Activities { words, partitions, .. } = &self.activities;
        let mut later = group.slots().partitions(partitions.of_rank(from)..partitions.count());
        let first = later.next().map(|partition| group.run(partition, owner, words).from(from));
        first.map_or(Flow::Continue(()), &mut *each)?;
        later.map(|partition| group.run(partition, owner, words)).try_for_each(each)
    }

    /// The activities of a noun that activities name by one field.
    pub(super) fn group(&self, owners: Noun) -> Option<&Group> {
        let field = self.fields.of_activity(owners)?;
        let group: &OnceLock<Group> = self.groups.get(owners.index())?;
        Some(group.get_or_init(|| {
            let column = self.column(field);
            let rows = 0..self.count(Noun::Activity);
            let pairs = rows.filter_map(|row| Some((column.reference(row)?, row))).collect();
            self.grouped(pairs, owners)
        }))
    }

    /// The same, if it is there already.
    pub(crate) fn known_group(&self, owners: Noun) -> Option<&Group> {
        self.groups.get(owners.index())?.get()
    }

    /// Makes what the first question for the activities of things of these nouns would have to
    /// wait for.
    pub(crate) fn warm(&self, owners: &BTreeSet<Noun>) {
        parallel::each(owners.iter().copied().collect(), |noun| self.group(noun).is_some());
    }

    /// Of pairs of owner and row, in any order; what the owners are.
    pub(super) fn grouped(&self, mut pairs: Vec<(u32, u32)>, noun: Noun) -> Group {
        let Activities { words, partitions, .. } = &self.activities;
        let key = |row: u32| words.rank(row as usize);
        let slots = partitions.slots(noun, self.count(noun));
        for (owner, row) in &mut pairs {
            *owner = slots.of(partitions.of_rank(key(*row)), *owner);
        }
        pairs.sort_unstable_by(|a, b| {
            let by_slot_and_day = (a.0, key(a.1)).cmp(&(b.0, key(b.1)));
            by_slot_and_day.then_with(|| self.compare_ids(a.1, b.1))
        });
        Group::of_pairs(&pairs, slots, words)
    }

    fn compare_ids(&self, a: u32, b: u32) -> std::cmp::Ordering {
        self.by_id(Item { noun: Noun::Activity, row: a }, Item { noun: Noun::Activity, row: b })
    }

    /// The customer that an activity names, where the order of rows implies it.
    pub(super) fn customer_of_activity(&self, row: u32) -> Option<Item> {
        self.by_customer.owner(row).map(|row| Item { noun: Noun::Customer, row })
    }

    /// Whether an activity is a customer's.
    pub(crate) fn is_of_customer(&self, row: u32, customer: u32) -> bool {
        let activity = Item { noun: Noun::Activity, row };
        let found = self.each_owner(activity, Noun::Customer, &mut |owner| {
            if owner.row == customer { Flow::Break(()) } else { Flow::Continue(()) }
        });
        found.is_break()
    }
}
