//! Acts that are made up and judged: each is entered as if it were done at once, so that it is planned
//! as of the moment, and has taken place when the day is over.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::Worklists;
use super::cluster::{Cluster, Target};
use super::open::Open;
use crate::engine::{
    Batch, Evaluation, Outlook, Store, Texts, Validity, Values, in_parts, part_size,
};
use crate::model::{FieldRef, Item, Noun, Problems};
use crate::plan::Sees;

/// Data with acts in it.
pub(super) struct Acts<'w, 's> {
    lists: &'w Worklists<'w>,
    base: &'s Evaluation<'s>,
    /// What no id of an activity starts with.
    prefix: String,
}

/// An act of a kind.
pub(super) type Made = (Target, usize);

impl<'w, 's> Acts<'w, 's> {
    pub(super) fn new(lists: &'w Worklists<'_>, base: &'s Evaluation<'s>) -> Acts<'w, 's>
    where
        's: 'w,
    {
        let store = base.store();
        let mut prefix = "act".to_owned();
        let is_used = |prefix: &str| {
            store.items(Noun::Activity).any(|item| store.id(item).starts_with(prefix))
        };
        while is_used(&prefix) {
            prefix.push('+');
        }
        Acts { lists, base, prefix }
    }

    /// The data with some acts. None where they cannot be entered, which does not happen: what they
    /// name is there.
    pub(super) fn enter(&self, acts: &[Made]) -> Option<Store> {
        let store = self.base.store();
        let now = self.base.instant();
        // The first whole microsecond that has not happened yet, and the one before.
        let is_between = !now.timestamp_subsec_nanos().is_multiple_of(1000);
        let at = now.timestamp_micros() + i64::from(is_between);
        let entry = |(n, (target, kind)): (usize, &Made)| Entry {
            id: Cow::Owned(format!("{}{n}", self.prefix)),
            kind: store.schema.kinds().get(*kind).map_or("", String::as_str),
            at,
            created: at - 1,
            minutes: None,
            names: FIELDS.map(|(_, noun)| target.thing(store, noun).map(|thing| store.id(thing))),
        };
        let entries: Vec<Entry<'_>> = acts.iter().enumerate().map(entry).collect();
        enter(store, &entries, &self.lists.fields).ok()
    }

    /// The place of an act among those that were entered.
    pub(super) fn place(&self, store: &Store, activity: Item) -> Option<usize> {
        store.id(activity).strip_prefix(self.prefix.as_str())?.parse().ok()
    }
}

impl Target {
    /// The thing of a noun that an act names.
    pub(super) fn thing(&self, store: &Store, noun: Noun) -> Option<Item> {
        let of_target = || match self.item.noun {
            _ if noun == self.item.noun => Some(self.item),
            Noun::Activity => {
                let fields = &store.fields;
                let field = fields.of_activity(noun).unwrap_or(fields.activity_customer);
                store.reference(self.item, field)
            }
            _ => None,
        };
        match noun {
            Noun::Seller => self.seller,
            Noun::Contact => self.with.or_else(of_target),
            _ => of_target(),
        }
    }
}

/// The fields by which an act names what it is about.
pub(super) const FIELDS: [(&str, Noun); 7] = [
    ("seller", Noun::Seller),
    ("customer", Noun::Customer),
    ("contact", Noun::Contact),
    ("lead", Noun::Lead),
    ("opportunity", Noun::Opportunity),
    ("campaign", Noun::Campaign),
    ("follows", Noun::Activity),
];

/// An act that is entered as done.
pub(super) struct Entry<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) kind: &'a str,
    /// In microseconds.
    pub(super) at: i64,
    pub(super) created: i64,
    /// How long it takes, where that is known.
    pub(super) minutes: Option<i64>,
    /// The ids of what it names, in the order of [`FIELDS`].
    pub(super) names: [Option<Cow<'a, str>>; FIELDS.len()],
}

/// Data with acts in it.
///
/// # Errors
///
/// An id is there already, or a kind or something that is named is not.
pub(super) fn enter(
    store: &Store,
    entries: &[Entry<'_>],
    reads: &BTreeSet<FieldRef>,
) -> Result<Store, Problems> {
    let ids: Vec<&str> = entries.iter().map(|entry| &*entry.id).collect();
    let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind).collect();
    let completed = vec![0; entries.len()];
    let at: Vec<i64> = entries.iter().map(|entry| entry.at).collect();
    let created: Vec<i64> = entries.iter().map(|entry| entry.created).collect();
    let minutes: Vec<i64> = entries.iter().map(|entry| entry.minutes.unwrap_or(0)).collect();
    let is_long = bits(entries.iter().map(|entry| entry.minutes.is_some()));
    let named: Vec<(Vec<&str>, Vec<u8>)> =
        (0..FIELDS.len()).map(|field| named(entries, field)).collect();
    let mut batch = Batch::new(Noun::Activity, entries.len())
        .column("id", Values::Texts(Texts::List(&ids)))
        .column("kind", Values::Texts(Texts::List(&kinds)))
        .column(
            "status",
            Values::Dictionary { codes: &completed, texts: Texts::List(&["completed"]) },
        )
        .column("at", Values::Microseconds(&at))
        .column("created", Values::Microseconds(&created))
        .column_where("minutes", Values::I64(&minutes), Validity::new(&is_long));
    for ((field, _), (texts, known)) in FIELDS.iter().zip(&named) {
        let known = Validity::new(known);
        batch = batch.column_where(field, Values::Texts(Texts::List(texts)), known);
    }
    store.with(&batch, reads)
}

/// What entries name in one field, and whether they name anything, a bit each.
fn named<'e>(entries: &'e [Entry<'_>], field: usize) -> (Vec<&'e str>, Vec<u8>) {
    let id = |entry: &'e Entry<'_>| entry.names.get(field).and_then(Option::as_deref);
    let known = bits(entries.iter().map(|entry| id(entry).is_some()));
    (entries.iter().map(|entry| id(entry).unwrap_or("")).collect(), known)
}

fn bits(known: impl ExactSizeIterator<Item = bool>) -> Vec<u8> {
    let mut bytes = vec![0; known.len().div_ceil(8)];
    for (n, _) in known.enumerate().filter(|(_, is_known)| *is_known) {
        if let Some(byte) = bytes.get_mut(n / 8) {
            *byte |= 1 << (n % 8);
        }
    }
    bytes
}

/// Tries every act of every cluster: one of each at a time, so that none is judged with another. Those
/// about campaigns are tried by themselves, since what is judged of these rests on others too.
pub(super) fn run(
    acts: &Acts<'_, '_>,
    clusters: &mut [Cluster],
    open: &[Open],
    sees: &[Sees],
    until: chrono::NaiveDate,
) {
    let (mut campaigns, mut others): (Vec<_>, Vec<_>) =
        clusters.iter_mut().partition(|cluster| cluster.is_campaign);
    for together in [&mut others, &mut campaigns] {
        run_together(acts, together, open, sees, until);
    }
}

fn run_together(
    acts: &Acts<'_, '_>,
    clusters: &mut [&mut Cluster],
    open: &[Open],
    sees: &[Sees],
    until: chrono::NaiveDate,
) {
    let rounds = clusters.iter().map(|cluster| cluster.trials.len()).max().unwrap_or(0);
    for round in 0..rounds {
        let tried = |cluster: &Cluster| {
            let trial = cluster.trials.get(round)?;
            Some((trial.target, *trial.kinds.first()?))
        };
        let made: Vec<Made> = clusters.iter().filter_map(|cluster| tried(cluster)).collect();
        let Some(store) = acts.enter(&made) else { continue };
        let evaluation = acts.lists.evaluation(&store);
        let judged = clusters.iter().map(|cluster| &**cluster);
        let judged: Vec<&Cluster> =
            judged.filter(|cluster| cluster.trials.get(round).is_some()).collect();
        let moved = Moved::new(acts.base.store(), &store, open);
        let parts = in_parts(judged.len(), part_size(judged.len(), 64), |part| {
            let outlook = evaluation.outlook(until);
            let of = |cluster: &&Cluster| served(&outlook, &moved, cluster, round, (open, sees));
            judged.get(part).unwrap_or_default().iter().map(of).collect::<Vec<_>>()
        });
        let trials = clusters.iter_mut().filter_map(|cluster| cluster.trials.get_mut(round));
        for (trial, served) in trials.zip(parts.into_iter().flatten()) {
            trial.served = served;
        }
    }
}

/// Which verdicts the act of a round makes better.
fn served(
    outlook: &Outlook<'_>,
    moved: &Moved,
    cluster: &Cluster,
    round: usize,
    (open, sees): (&[Open], &[Sees]),
) -> Vec<usize> {
    let Some(trial) = cluster.trials.get(round) else { return Vec::new() };
    let group = cluster.groups.get(trial.group).map(|group| group.open.as_slice());
    let Some(kind) = trial.kinds.first() else { return Vec::new() };
    let is_seen = |one: &Open| sees.get(one.rule).is_some_and(|sees| sees.asks_for(*kind));
    let is_served = |place: &&usize| {
        let Some(one) = open.get(**place).filter(|one| is_seen(one)) else { return false };
        let (rule, subject) = (one.rule, moved.of(one.subject));
        let [was_now, was_later] = &one.stands;
        let helps_later = || {
            let later = outlook.later(rule, subject);
            later.is_some_and(|later| later.is_better_than(was_later))
                && outlook.is_judged_later(rule, subject)
        };
        outlook.now(rule, subject).is_some_and(|now| now.is_better_than(was_now)) || helps_later()
    };
    group.unwrap_or_default().iter().filter(is_served).copied().collect()
}

/// Where activities that are judged have come to stand.
pub(super) struct Moved(HashMap<Item, Item>);

impl Moved {
    pub(super) fn new(before: &Store, after: &Store, open: &[Open]) -> Moved {
        let subjects = open.iter().map(|one| one.subject);
        let judged = subjects.filter(|subject| subject.noun == Noun::Activity);
        let by_id: HashMap<Cow<'_, str>, Item> =
            judged.map(|activity| (before.id(activity), activity)).collect();
        if by_id.is_empty() {
            return Moved(HashMap::new());
        }
        let place = |item: Item| Some((*by_id.get(&after.id(item))?, item));
        Moved(after.items(Noun::Activity).filter_map(place).collect())
    }

    pub(super) fn of(&self, subject: Item) -> Item {
        self.0.get(&subject).copied().unwrap_or(subject)
    }
}
