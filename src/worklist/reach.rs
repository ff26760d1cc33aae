//! How somebody is reached, and when that was tried last.

use super::cluster::followed_in;
use super::{Person, Reach, Touch};
use crate::engine::{Evaluation, Store};
use crate::model::{FieldRef, Item, Noun, Schema};
use crate::verdict::Subject;

/// The fields that hold a telephone number, in the order in which they are looked at. None of them is
/// a standard field: they are those of customers, contacts and leads that a rule file declares.
/// Capital letters make no difference, and `-` is `_`.
pub const PHONE_FIELDS: [&str; 9] = [
    "mobile",
    "mobile_phone",
    "mobil",
    "phone",
    "phone_number",
    "telephone",
    "telefon",
    "tlf",
    "tel",
];

/// The fields that hold a mail address, likewise: `email` of contacts is a standard field.
pub const MAIL_FIELDS: [&str; 4] = ["email", "e_mail", "mail", "email_address"];

/// Whoever has a telephone.
const REACHED: [Noun; 3] = [Noun::Customer, Noun::Contact, Noun::Lead];

/// Everything that is to be read beside what rules read.
pub(super) fn fields(schema: &Schema) -> Vec<FieldRef> {
    let of = |noun: Noun| {
        let named = [&PHONE_FIELDS[..], &MAIL_FIELDS[..]].concat();
        named.into_iter().flat_map(move |name| like(schema, noun, name))
    };
    REACHED.into_iter().flat_map(of).chain(schema.field_ref(Noun::Contact, "role")).collect()
}

/// The fields of a noun that are called like this.
fn like(schema: &Schema, noun: Noun, name: &str) -> Vec<FieldRef> {
    let plain = |name: &str| name.to_lowercase().replace('-', "_");
    let found = schema.fields(noun).iter().filter(|field| plain(&field.name) == name);
    found.filter_map(|field| schema.field_ref(noun, &field.name)).collect()
}

/// What a caller needs beside a subject.
pub(super) struct Beside {
    pub(super) subject: Subject,
    pub(super) activity: Option<Touch>,
    pub(super) about: Option<Subject>,
    pub(super) owner: Option<String>,
    pub(super) team: Option<String>,
    pub(super) last: Option<Touch>,
    pub(super) next: Option<Touch>,
    pub(super) reach: Reach,
}

/// What is to be known of a subject before one acts; `with` is whom one is to speak to, where that is
/// said.
pub(super) fn beside(evaluation: &Evaluation<'_>, subject: Item, with: Option<Item>) -> Beside {
    let store = evaluation.store();
    let owner = match subject.noun {
        Noun::Seller => Some(subject),
        _ => store.owner(subject),
    };
    let team = match subject.noun {
        Noun::Team => Some(subject),
        _ => owner.and_then(|owner| store.reference(owner, store.fields.seller_team)),
    };
    let id = |item: Item| store.id(item).into_owned();
    // Activities have none of their own: those of what they are about are meant.
    let spoken_of = match subject.noun {
        Noun::Activity => followed_in(store, subject),
        Noun::Seller | Noun::Team | Noun::Company | Noun::Absence => None,
        _ => Some(subject),
    };
    // A task is no contact.
    let is_contact = |activity: Item| kind(store, activity) != "task";
    let (last, next) =
        spoken_of.map_or((None, None), |thing| evaluation.last_and_next(thing, is_contact));
    let behind = spoken_of.and_then(|thing| behind(store, thing));
    let with = with.or((subject.noun == Noun::Contact).then_some(subject));
    Beside {
        subject: evaluation.named(subject),
        activity: (subject.noun == Noun::Activity).then(|| touch(store, subject)),
        about: behind.filter(|thing| *thing != subject).map(|thing| evaluation.named(thing)),
        owner: owner.map(id),
        team: team.map(id),
        reach: behind.map_or_else(Reach::default, |thing| {
            reach(evaluation, thing, with.or_else(|| spoken_to(store, last?)))
        }),
        last: last.map(|activity| touch(store, activity)),
        next: next.map(|activity| touch(store, activity)),
    }
}

fn kind(store: &Store, activity: Item) -> &str {
    let kind = crate::engine::kind_of(store.activities.class(activity.row));
    store.schema.kinds().get(kind).map_or("activity", String::as_str)
}

fn touch(store: &Store, activity: Item) -> Touch {
    Touch {
        id: store.id(activity).into_owned(),
        day: store.day(activity.row),
        kind: kind(store, activity).to_owned(),
        seller: store.owner(activity).map(|seller| store.id(seller).into_owned()),
    }
}

fn spoken_to(store: &Store, activity: Item) -> Option<Item> {
    store.reference(activity, store.fields.activity_contact)
}

/// The customer or lead that is reached.
fn behind(store: &Store, thing: Item) -> Option<Item> {
    let fields = &store.fields;
    match thing.noun {
        Noun::Customer | Noun::Lead => Some(thing),
        Noun::Contact => store.reference(thing, fields.contact_customer),
        Noun::Opportunity => store
            .reference(thing, fields.opportunity_customer)
            .or_else(|| store.reference(thing, fields.opportunity_lead)),
        Noun::Member => store
            .reference(thing, fields.member_customer)
            .or_else(|| store.reference(thing, fields.member_lead)),
        _ => None,
    }
}

fn reach(evaluation: &Evaluation<'_>, thing: Item, with: Option<Item>) -> Reach {
    let store = evaluation.store();
    let first = |item: Item, names: &[&str]| {
        let fields = names.iter().flat_map(|name| like(&store.schema, item.noun, name));
        let texts = fields.filter_map(|field| evaluation.text(item, field));
        texts.map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
    };
    let is_reached =
        |item: &Item| first(*item, &PHONE_FIELDS).or_else(|| first(*item, &MAIL_FIELDS)).is_some();
    let contacts = match thing.noun {
        Noun::Customer => store.things_of(thing, Noun::Contact),
        _ => &[],
    };
    let mut contacts = contacts.iter().map(|row| Item { noun: Noun::Contact, row: *row });
    let person = with.or_else(|| contacts.find(is_reached));
    let known = |names: &[&str]| {
        person.and_then(|person| first(person, names)).or_else(|| first(thing, names))
    };
    let role = store.schema.field_ref(Noun::Contact, "role");
    Reach {
        phone: known(&PHONE_FIELDS),
        mail: known(&MAIL_FIELDS),
        person: person.map(|person| Person {
            id: store.id(person).into_owned(),
            name: store.name(person).map(str::to_owned),
            role: role.and_then(|role| evaluation.text(person, role)),
        }),
    }
}
