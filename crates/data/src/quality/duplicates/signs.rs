//! What rows have in common that are one.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use kadence::{FieldType, Noun};

use super::contact_data::{Holds, holds, own_address, own_domain, phone};
use super::links::Links;
use super::spelling::{is_slip, nearly, words};
use super::{Common, Reason, Why};
use crate::names::mail_address;
use crate::quality::facts::{Column, Facts};

/// With how many of the next each name is compared that meets others in a word with a letter left
/// out. Where more meet they are too many to be one anyway.
const CROWD: usize = 20;

/// What a row has; another that has it too is probably the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Sign {
    pub(super) reason: Reason,
    value: String,
    /// Only within this, such as the customer of a contact.
    within: String,
}

impl Sign {
    pub(super) fn why(&self) -> Why {
        Why { reason: self.reason, value: self.value.clone() }
    }
}

/// The rows of a noun that are compared with one another.
pub(super) struct Scope<'f, 'd> {
    facts: &'f Facts<'d>,
    noun: Noun,
    rows: Vec<u32>,
    /// For each customer, that which stands for all that are the same.
    customers: &'f [u32],
}

/// Names that are written in the same way.
struct Name {
    within: String,
    words: Vec<String>,
    rows: Vec<u32>,
}

impl<'f, 'd> Scope<'f, 'd> {
    pub(super) fn new(facts: &'f Facts<'d>, noun: Noun, customers: &'f [u32]) -> Scope<'f, 'd> {
        Scope { facts, noun, rows: facts.rows(noun).collect(), customers }
    }

    /// Links the rows that have something in common.
    pub(super) fn link(mut self, links: &mut Links, common: &mut Vec<Common>) {
        if self.noun == Noun::Lead {
            // One who was lost may come again.
            let status = self.facts.column(self.noun, "status");
            let is_open = self.facts.is_open(self.noun);
            self.rows.retain(|row| is_open(*row) || status.text(*row).is_none());
        }
        let mut signs = self.signs();
        signs.sort();
        signs.dedup();
        for rows in signs.chunk_by(|(a, _), (b, _)| a == b) {
            let [(sign, _), ..] = rows else { continue };
            let rows: Vec<u32> = rows.iter().map(|(_, row)| *row).collect();
            self.link_all(&rows, &sign.why(), links, common);
        }
        let names = self.names();
        self.link_spaces(&names, links, common);
        self.link_slips(&names, links, common);
    }

    /// Links these rows, as far as nothing tells them apart.
    fn link_all(&self, rows: &[u32], why: &Why, links: &mut Links, common: &mut Vec<Common>) {
        for part in self.parts(rows, why) {
            self.link_part(part, why, links, common);
        }
    }

    fn link_part(&self, rows: Vec<u32>, why: &Why, links: &mut Links, common: &mut Vec<Common>) {
        if rows.len() > why.reason.most() {
            let table = self.noun.table();
            common.push(Common { table, why: why.clone(), things: rows.len() });
        } else {
            links.link(&rows, why);
        }
    }

    /// The rows by what tells them apart where this does not: a customer's country, the mail address
    /// of a lead, a seller, or a contact of which the first name alone is known. One of which it is
    /// not known is with the others if they all have the same.
    fn parts(&self, rows: &[u32], why: &Why) -> Vec<Vec<u32>> {
        let is_name = matches!(why.reason, Reason::SameName | Reason::SimilarName);
        let field = match self.noun {
            Noun::Customer if is_name || why.reason == Reason::SameDomain => "country",
            Noun::Lead | Noun::Seller if is_name => "email",
            Noun::Contact if is_name && !why.value.contains(' ') => "email",
            _ => return vec![rows.to_vec()],
        };
        let column = self.facts.column(self.noun, field);
        let mut parts: BTreeMap<Option<String>, Vec<u32>> = BTreeMap::new();
        for row in rows {
            let text = column.text(*row).map(|text| text.trim().to_lowercase());
            parts.entry(text).or_default().push(*row);
        }
        if parts.len() <= 2 && parts.contains_key(&None) {
            return vec![rows.to_vec()];
        }
        parts.into_values().collect()
    }

    /// What each row has that tells things of its noun.
    fn signs(&self) -> Vec<(Sign, u32)> {
        let mut signs = self.name_signs();
        match self.noun {
            Noun::Customer => {
                self.add(&mut signs, self.noun, None, &[mail, domain, number]);
                let of = self.facts.column(Noun::Contact, "customer");
                // Whoever changes to another customer takes the phone along.
                self.add(&mut signs, Noun::Contact, Some(of), &[domain]);
            }
            Noun::Lead => self.add(&mut signs, self.noun, None, &[person, number]),
            // A company's people have its number, too.
            _ => self.add(&mut signs, self.noun, None, &[person]),
        }
        signs
    }

    /// What each row has that tells a lead that is a customer.
    pub(super) fn signs_across(&self) -> Vec<(Sign, u32)> {
        let mut signs = self.name_signs();
        let ways: &[Way] = &[mail, domain, number];
        self.add(&mut signs, self.noun, None, ways);
        if self.noun == Noun::Customer {
            let of = self.facts.column(Noun::Contact, "customer");
            self.add(&mut signs, Noun::Contact, Some(of), ways);
        }
        signs
    }

    /// The names, and of people the phone numbers that go with a first name.
    fn name_signs(&self) -> Vec<(Sign, u32)> {
        let mut signs = Vec::new();
        let names = self.facts.column(self.noun, "name");
        let is_person = matches!(self.noun, Noun::Contact | Noun::Seller);
        let fields = if is_person { self.fields(self.noun) } else { Vec::new() };
        for row in &self.rows {
            let mut words = names.text(*row).map(words).unwrap_or_default();
            let Some(first) = words.first().cloned() else { continue };
            for (held, column) in &fields {
                let number = column.text(*row).and_then(|text| number(*held, text));
                signs.extend(number.map(|(why, value)| (sign(why, value, &first), *row)));
            }
            words.sort();
            let within = self.within(*row);
            let name = within.map(|within| sign(Reason::SameName, words.join(" "), &within));
            signs.extend(name.map(|sign| (sign, *row)));
        }
        signs
    }

    /// Within what a name tells a thing from others; none if it does not tell it at all.
    fn within(&self, row: u32) -> Option<String> {
        if self.noun != Noun::Contact {
            return Some(String::new());
        }
        let customer = self.facts.column(self.noun, "customer").target(row)?;
        let customer = self.customers.get(customer as usize).copied().unwrap_or(customer);
        Some(self.facts.id(Noun::Customer, customer).to_owned())
    }

    /// Adds what the fields of a noun hold: of the rows themselves, or of those that refer to
    /// them.
    fn add(&self, signs: &mut Vec<(Sign, u32)>, noun: Noun, of: Option<Column<'_>>, ways: &[Way]) {
        let fields = self.fields(noun);
        let others: Vec<u32>;
        let rows = match of {
            None => &self.rows,
            Some(_) => {
                others = self.facts.rows(noun).collect();
                &others
            }
        };
        for row in rows {
            let Some(target) = of.map_or(Some(*row), |of| of.target(*row)) else { continue };
            for (held, column) in &fields {
                let Some(text) = column.text(*row) else { continue };
                let found = ways.iter().filter_map(|way| way(*held, text));
                signs.extend(found.map(|(reason, value)| (sign(reason, value, ""), target)));
            }
        }
    }

    /// The text fields that hold what things are told by.
    fn fields(&self, noun: Noun) -> Vec<(Holds, Column<'d>)> {
        let texts = self.facts.data.schema().fields(noun).iter();
        let texts = texts.filter(|field| field.kind == FieldType::Text);
        let held = texts
            .filter_map(|field| Some((holds(&field.name)?, self.facts.column(noun, &field.name))));
        held.collect()
    }

    /// Links the rows whose names differ by where their words are parted.
    fn link_spaces(&self, names: &[Name], links: &mut Links, common: &mut Vec<Common>) {
        let mut closed: BTreeMap<(&str, String), Vec<&Name>> = BTreeMap::new();
        for name in names {
            closed.entry((&name.within, name.words.concat())).or_default().push(name);
        }
        for ((_, value), names) in closed {
            if let [first, others @ ..] = names.as_slice() {
                others
                    .iter()
                    .for_each(|other| self.link_names(first, other, &value, links, common));
            }
        }
    }

    /// Links the rows whose names differ by a slip. Only names that meet in one word with a letter
    /// left out are compared, so that the time grows with how many there are and not with its
    /// square.
    fn link_slips(&self, names: &[Name], links: &mut Links, common: &mut Vec<Common>) {
        let mut places: Vec<(u64, u32, u32)> = Vec::new();
        for (index, name) in (0..).zip(names) {
            for (place, _) in (0..).zip(&name.words) {
                for word in nearly(&name.words, place as usize) {
                    places.push((hash(name, place as usize, &word), place, index));
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for met in places.chunk_by(|(a, ..), (b, ..)| a == b) {
            for (i, (_, place, one)) in met.iter().enumerate() {
                for (_, _, other) in met.iter().skip(i + 1).take(CROWD) {
                    if is_pair(names, *one, *other, *place as usize) {
                        pairs.push((*one, *other));
                    }
                }
            }
        }
        let mut slips = Links::new(names.len());
        let why = Why { reason: Reason::SimilarName, value: String::new() };
        pairs.iter().for_each(|(one, other)| slips.link(&[*one, *other], &why));
        for group in slips.groups() {
            let group = group.iter().filter_map(|index| names.get(*index as usize));
            let [first, others @ ..] = &group.collect::<Vec<_>>()[..] else { continue };
            let value = first.words.join(" ");
            if others.len() >= Reason::SimilarName.most() {
                // From slip to slip any name becomes any other.
                let why = Why { reason: Reason::SimilarName, value };
                common.push(Common { table: self.noun.table(), why, things: others.len() + 1 });
                continue;
            }
            others.iter().for_each(|other| self.link_names(first, other, &value, links, common));
        }
    }

    /// Links the rows of two names that are probably one.
    fn link_names(
        &self,
        one: &Name,
        other: &Name,
        value: &str,
        links: &mut Links,
        common: &mut Vec<Common>,
    ) {
        let rows: Vec<u32> = one.rows.iter().chain(&other.rows).copied().collect();
        let why = Why { reason: Reason::SimilarName, value: value.to_owned() };
        for part in self.parts(&rows, &why) {
            if [one, other].iter().all(|name| part.iter().any(|row| name.rows.contains(row))) {
                self.link_part(part, &why, links, common);
            }
        }
    }

    /// The different names, each with its rows, in an order that does not change.
    fn names(&self) -> Vec<Name> {
        let column = self.facts.column(self.noun, "name");
        let mut names: BTreeMap<(String, Vec<String>), Vec<u32>> = BTreeMap::new();
        for row in &self.rows {
            let words = column.text(*row).map(words).unwrap_or_default();
            if let (false, Some(within)) = (words.is_empty(), self.within(*row)) {
                names.entry((within, words)).or_default().push(*row);
            }
        }
        let name = |((within, words), rows)| Name { within, words, rows };
        names.into_iter().map(name).collect()
    }
}

/// Whether two names are the same but for a slip in the word at a place.
fn is_pair(names: &[Name], one: u32, other: u32, place: usize) -> bool {
    let (Some(one), Some(other)) = (names.get(one as usize), names.get(other as usize)) else {
        return false;
    };
    let (Some(a), Some(b)) = (one.words.get(place), other.words.get(place)) else { return false };
    let rest = |name: &'_ Name| -> Vec<String> {
        let others = name.words.iter().enumerate().filter(|(i, _)| *i != place);
        others.map(|(_, word)| word.clone()).collect()
    };
    one.within == other.within && is_slip(a, b) && rest(one) == rest(other)
}

/// Of a name in which a word is replaced.
fn hash(name: &Name, place: usize, word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.within.hash(&mut hasher);
    for (i, own) in name.words.iter().enumerate() {
        if i == place { word } else { own.as_str() }.hash(&mut hasher);
    }
    place.hash(&mut hasher);
    hasher.finish()
}

fn sign(reason: Reason, value: String, within: &str) -> Sign {
    Sign { reason, value, within: within.to_owned() }
}

/// From what a field holds to what others may have too.
type Way = fn(Holds, &str) -> Option<(Reason, String)>;

fn mail(holds: Holds, text: &str) -> Option<(Reason, String)> {
    let address = mail_address(text).filter(|_| holds == Holds::Mail)?;
    Some((Reason::SameMail, address))
}

fn person(holds: Holds, text: &str) -> Option<(Reason, String)> {
    let address = own_address(text).filter(|_| holds == Holds::Mail)?;
    Some((Reason::SameMail, address))
}

fn domain(holds: Holds, text: &str) -> Option<(Reason, String)> {
    let domain = own_domain(text).filter(|_| holds != Holds::Phone)?;
    Some((Reason::SameDomain, domain))
}

fn number(holds: Holds, text: &str) -> Option<(Reason, String)> {
    let number = phone(text).filter(|_| holds == Holds::Phone)?;
    Some((Reason::SamePhone, number))
}
