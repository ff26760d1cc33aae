//! Things that are probably one under several ids.

mod contact_data;
mod links;
mod signs;
mod spelling;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use kadence::Noun;
use serde::Serialize;

use super::facts::Facts;
use super::{Check, Finding};
use links::Links;
use signs::{Scope, Sign};

/// Why two things are probably one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// The same name, but for case, signs, legal form, accents, or the order of its words.
    SameName,
    /// A name that differs by one letter, or by where its words are parted.
    SimilarName,
    /// The same mail address.
    SameMail,
    /// Mail addresses of one domain that is no provider's.
    SameDomain,
    /// The same phone number, written in whatever way.
    SamePhone,
}

impl Reason {
    /// More things than this that have it in common are no sign that they are one.
    pub fn most(self) -> usize {
        match self {
            Reason::SameName => 10,
            Reason::SimilarName => 4,
            Reason::SameMail | Reason::SameDomain | Reason::SamePhone => 3,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Reason::SameName => "same name",
            Reason::SimilarName => "similar name",
            Reason::SameMail => "same mail",
            Reason::SameDomain => "mail domain",
            Reason::SamePhone => "same phone",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// A reason, with what is the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Why {
    /// What is the same.
    pub reason: Reason,
    /// The name, address, domain or number that they share, in small letters or bare digits.
    pub value: String,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::SameName | Reason::SimilarName => self.reason.fmt(f),
            _ => write!(f, "{} {}", self.reason, self.value),
        }
    }
}

/// Things that are probably one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicates {
    /// Their table: `customers`.
    pub table: &'static str,
    /// The one whose id should stay: that with most activities, then with most known fields, then
    /// with the first id.
    pub stays: One,
    /// The others, by ids.
    pub same: Vec<Duplicate>,
}

/// One of several things that are probably one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct One {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// How many activities are its own.
    pub activities: u32,
    /// How many of its fields are known, beside the id.
    pub known: usize,
}

/// What is probably the same as that which stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// The thing.
    #[serde(flatten)]
    pub one: One,
    /// What it has in common with at least one of the others.
    pub why: Vec<Why>,
}

/// What so many have in common that it is no sign that they are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Common {
    /// Their table.
    pub table: &'static str,
    /// What they have in common, and its value.
    #[serde(flatten)]
    pub why: Why,
    /// How many have it.
    pub things: usize,
}

/// The nouns whose things can be one, in an order in which those that others are told by come
/// first.
const NOUNS: [Noun; 4] = [Noun::Customer, Noun::Contact, Noun::Lead, Noun::Seller];

/// All that are probably one, with what is too common to tell.
pub(super) fn find(facts: &Facts<'_>) -> (Vec<Duplicates>, Vec<Common>) {
    let (mut all, mut common) = (Vec::new(), Vec::new());
    // A contact is told by its customer, whichever of several ids that has.
    let mut customers = Vec::new();
    for noun in NOUNS {
        let scope = Scope::new(facts, noun, &customers);
        let mut links = Links::new(facts.data.count(noun));
        scope.link(&mut links, &mut common);
        all.extend(groups(facts, noun, &mut links));
        if noun == Noun::Customer {
            customers = links.roots();
        }
    }
    common.sort();
    (all, common)
}

/// What is linked, those with most activities first.
fn groups(facts: &Facts<'_>, noun: Noun, links: &mut Links) -> Vec<Duplicates> {
    let activities = facts.activities(noun);
    let one = |row: u32| One {
        id: facts.id(noun, row).to_owned(),
        name: facts.name(noun, row),
        activities: activities.get(row as usize).copied().unwrap_or_default(),
        known: facts.known(noun, row),
    };
    let mut groups: Vec<(u64, Duplicates)> = Vec::new();
    for rows in links.groups() {
        let mut ones: Vec<Duplicate> =
            rows.iter().map(|row| Duplicate { one: one(*row), why: links.why(*row) }).collect();
        ones.sort_by(|Duplicate { one: a, .. }, Duplicate { one: b, .. }| {
            (b.activities, b.known).cmp(&(a.activities, a.known)).then_with(|| a.id.cmp(&b.id))
        });
        let all = ones.iter().map(|same| u64::from(same.one.activities)).sum();
        let mut same = ones.into_iter();
        let Some(Duplicate { one: stays, .. }) = same.next() else { continue };
        let mut same: Vec<Duplicate> = same.collect();
        same.sort_by(|a, b| a.one.id.cmp(&b.one.id));
        groups.push((all, Duplicates { table: noun.table(), stays, same }));
    }
    groups.sort_by(|(a_all, a), (b_all, b)| (b_all, &a.stays.id).cmp(&(a_all, &b.stays.id)));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Leads that are not lost, of which nobody says which customer they are, and that have what a
/// customer has.
pub(super) fn leads_that_are_customers(facts: &Facts<'_>) -> Option<Finding> {
    let mut customers: HashMap<Sign, BTreeSet<&str>> = HashMap::new();
    for (sign, row) in Scope::new(facts, Noun::Customer, &[]).signs_across() {
        customers.entry(sign).or_default().insert(facts.id(Noun::Customer, row));
    }
    let [status, customer] = facts.columns(Noun::Lead, ["status", "customer"]);
    let mut found: HashMap<u32, BTreeMap<&str, BTreeSet<Why>>> = HashMap::new();
    for (sign, row) in Scope::new(facts, Noun::Lead, &[]).signs_across() {
        if status.text(row) == Some("lost") || customer.is_known(row) {
            continue;
        }
        let ids = customers.get(&sign).filter(|ids| ids.len() <= sign.reason.most());
        for id in ids.into_iter().flatten() {
            found.entry(row).or_default().entry(id).or_default().insert(sign.why());
        }
    }
    facts.finding(Check::LeadIsCustomer, Noun::Lead, found.keys().copied().collect(), |row| {
        // That with most in common; of several the first.
        let customers = found.get(&row).into_iter().flatten().rev();
        let Some((id, why)) = customers.max_by_key(|(_, why)| why.len()) else {
            return String::new();
        };
        let why: Vec<String> = why.iter().map(Why::to_string).collect();
        format!("is customer {id}: {}", why.join(", "))
    })
}
