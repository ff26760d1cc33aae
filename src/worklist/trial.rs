//! Acts that are made up and judged: each is entered as if it were done at once, so that it is planned
//! as of the moment, and has taken place when the day is over.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Worklists;
use super::cluster::{Cluster, Target};
use super::open::Open;
use crate::engine::{
    Batch, Evaluation, Outlook, Store, Texts, Validity, Values, in_parts, part_size,
};
use crate::model::{Item, Noun};
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
        let ids: Vec<String> = (0..acts.len()).map(|n| format!("{}{n}", self.prefix)).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let kinds: Vec<&str> = store.schema.kinds().iter().map(String::as_str).collect();
        let codes: Option<Vec<i32>> =
            acts.iter().map(|(_, kind)| i32::try_from(*kind).ok()).collect();
        let codes = codes?;
        let now = self.base.instant();
        // The first whole microsecond that has not happened yet, and the one before.
        let is_between = !now.timestamp_subsec_nanos().is_multiple_of(1000);
        let at = now.timestamp_micros() + i64::from(is_between);
        let completed = vec![0; acts.len()];
        let (at, created) = (vec![at; acts.len()], vec![at - 1; acts.len()]);
        let named: Vec<Named<'_>> =
            FIELDS.iter().map(|(_, noun)| self.named(acts, *noun)).collect();
        let texts: Vec<Vec<&str>> =
            named.iter().map(|named| named.ids.iter().map(|id| &**id).collect()).collect();
        let mut batch = Batch::new(Noun::Activity, acts.len())
            .column("id", Values::Texts(Texts::List(&ids)))
            .column("kind", Values::Dictionary { codes: &codes, texts: Texts::List(&kinds) })
            .column(
                "status",
                Values::Dictionary { codes: &completed, texts: Texts::List(&["completed"]) },
            )
            .column("at", Values::Microseconds(&at))
            .column("created", Values::Microseconds(&created));
        for ((field, _), (named, texts)) in FIELDS.iter().zip(named.iter().zip(&texts)) {
            let known = Validity::new(&named.known);
            batch = batch.column_where(field, Values::Texts(Texts::List(texts)), known);
        }
        store.with(&batch, &self.lists.fields).ok()
    }

    /// The things of a noun that acts name.
    fn named(&self, acts: &[Made], noun: Noun) -> Named<'s> {
        let store: &'s Store = self.base.store();
        let fields = &store.fields;
        let mut named = Named { ids: Vec::new(), known: vec![0; acts.len().div_ceil(8)] };
        for (n, (target, _)) in acts.iter().enumerate() {
            let of_target = || match target.item.noun {
                _ if noun == target.item.noun => Some(target.item),
                Noun::Activity => store.reference(
                    target.item,
                    fields.of_activity(noun).unwrap_or(fields.activity_customer),
                ),
                _ => None,
            };
            let thing = match noun {
                Noun::Seller => target.seller,
                Noun::Contact => target.with.or_else(of_target),
                _ => of_target(),
            };
            if let (Some(_), Some(byte)) = (thing, named.known.get_mut(n / 8)) {
                *byte |= 1 << (n % 8);
            }
            named.ids.push(thing.map_or(Cow::Borrowed(""), |thing| store.id(thing)));
        }
        named
    }

    /// The place of an act among those that were entered.
    pub(super) fn place(&self, store: &Store, activity: Item) -> Option<usize> {
        store.id(activity).strip_prefix(self.prefix.as_str())?.parse().ok()
    }
}

/// The fields by which an act names what it is about.
const FIELDS: [(&str, Noun); 7] = [
    ("seller", Noun::Seller),
    ("customer", Noun::Customer),
    ("contact", Noun::Contact),
    ("lead", Noun::Lead),
    ("opportunity", Noun::Opportunity),
    ("campaign", Noun::Campaign),
    ("follows", Noun::Activity),
];

struct Named<'s> {
    ids: Vec<Cow<'s, str>>,
    known: Vec<u8>,
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
