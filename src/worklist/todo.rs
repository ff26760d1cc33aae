//! The list *what to do*: chosen acts, and what no act serves, by subject and by seller.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::choose::{Chosen, choose};
use super::cluster::{Asking, clusters};
use super::open::{Open, open, sees};
use super::reach::{self, Beside};
use super::trial::{Acts, Made, Moved, run};
use super::{Act, Ask, Doing, FARTHEST, SellerToDo, ToDo, Toward, WhatToDo, Worklists};
use crate::engine::Evaluation;
use crate::model::calendar::plus_days;
use crate::model::{Item, Noun, Number};
use crate::plan::Sees;
use crate::verdict::{Enough, RuleInfo, Subject, What};

pub(super) fn what_to_do(lists: &Worklists<'_>, ask: &Ask) -> WhatToDo {
    let evaluation = lists.evaluation(&lists.store).decide();
    let until = plus_days(evaluation.day(), ask.within.min(FARTHEST).into());
    let open = open(&evaluation, &lists.plan, until);
    let sees = sees(&lists.plan);
    let acts = Acts::new(lists, &evaluation);
    let asking: Vec<Asking> = open.iter().map(Open::asking).collect();
    let mut clusters = clusters(&evaluation, &asking, &sees);
    run(&acts, &mut clusters, &open, &sees, until);
    let chosen: Vec<Chosen> = clusters.iter().flat_map(|cluster| choose(cluster, &open)).collect();
    let mut counts_for = counts_for(&acts, lists, &chosen, (&open, &sees), until);

    let mut of_subject: BTreeMap<Item, (Option<Item>, Vec<Planned>)> = BTreeMap::new();
    let mut served = BTreeSet::new();
    let by_id = lists.rules.rules().map(|rule| (rule.id.clone(), rule));
    let told = Told { evaluation: &evaluation, open: &open, rules: by_id.collect() };
    for (n, act) in chosen.iter().enumerate() {
        served.extend(act.serves.iter().copied());
        let counts_for = std::mem::take(counts_for.get_mut(n).unwrap_or(&mut Vec::new()));
        let (with, acts) = of_subject.entry(act.target.item).or_default();
        *with = with.or(act.target.with);
        let serves = act.serves.iter().map(|place| (*place, None)).collect();
        acts.push(Planned { doing: told.activity(act), serves, counts_for });
    }
    for (place, one) in open.iter().enumerate().filter(|(place, _)| !served.contains(place)) {
        let enough = evaluation.enough_at(one.rule, one.decision);
        if let Some(enough) = enough.filter(asks) {
            let doing = otherwise(&enough);
            let (_, acts) = of_subject.entry(one.subject).or_default();
            let serves = (place, Some(enough));
            // The same thing is done once.
            match acts.iter_mut().find(|other| other.doing == doing) {
                Some(other) => other.serves.push(serves),
                None => acts.push(Planned { doing, serves: vec![serves], counts_for: Vec::new() }),
            }
        }
    }
    let todo = of_subject.into_iter().map(|(item, (with, acts))| {
        told.todo(item, with, acts.into_iter().map(|act| told.act(act)).collect())
    });
    by_seller(lists, &evaluation, todo.collect(), ask, until)
}

/// Which verdicts that are not served by them the acts count for, by act: those of sellers, teams and
/// so on, and of customers that another seller looks after.
fn counts_for(
    acts: &Acts<'_, '_>,
    lists: &Worklists<'_>,
    chosen: &[Chosen],
    (open, sees): (&[Open], &[Sees]),
    until: NaiveDate,
) -> Vec<Vec<Toward>> {
    let names = lists.store.schema.kinds();
    let mut found: Vec<BTreeMap<usize, Vec<String>>> = vec![BTreeMap::new(); chosen.len()];
    for (kind, name) in names.iter().enumerate() {
        let made = chosen.iter().enumerate().filter(|(_, act)| act.kinds.contains(&kind));
        let (places, made): (Vec<usize>, Vec<Made>) =
            made.map(|(place, act)| (place, (act.target, kind))).unzip();
        for (act, place) in counted(acts, lists, (&made, kind), (open, sees), until) {
            let found = places.get(act).and_then(|act| found.get_mut(*act));
            if let Some(kinds) = found.map(|found| found.entry(place).or_default()) {
                kinds.push(name.clone());
            }
        }
    }
    let toward = |(act, found): (&Chosen, BTreeMap<usize, Vec<String>>)| {
        let others = found.into_iter().filter(|(place, _)| !act.serves.contains(place));
        let others = others.filter_map(|(place, kinds)| Some((open.get(place)?, kinds)));
        let toward = |(one, kinds): (&Open, _)| Toward {
            rule: one.verdict.rule.clone(),
            subject: one.verdict.subject.clone(),
            kinds,
        };
        others.map(toward).collect()
    };
    chosen.iter().zip(found).map(toward).collect()
}

/// Which acts of one kind count for which verdicts: pairs of places.
fn counted(
    acts: &Acts<'_, '_>,
    lists: &Worklists<'_>,
    (made, kind): (&[Made], usize),
    (open, sees): (&[Open], &[Sees]),
    until: NaiveDate,
) -> BTreeSet<(usize, usize)> {
    // What asks for less is no reason to act.
    let asks = |one: &Open| {
        one.verdict.missing.as_ref().is_some_and(|missing| !missing.is_zero())
            && sees.get(one.rule).is_some_and(|sees| sees.asks_for(kind))
    };
    let asking: Vec<(usize, &Open)> =
        open.iter().enumerate().filter(|(_, one)| asks(one)).collect();
    if made.is_empty() || asking.is_empty() {
        return BTreeSet::new();
    }
    let Some(store) = acts.enter(made) else { return BTreeSet::new() };
    let evaluation = lists.evaluation(&store);
    let moved = Moved::new(&lists.store, &store, open);
    let outlook = evaluation.outlook(until);
    let of_verdict = |(place, one): (usize, &Open)| {
        let subject = moved.of(one.subject);
        let [_, was] = &one.stands;
        // One more meeting of which half are to be followed up is no help.
        let later = outlook.later(one.rule, subject);
        let is_better = later.is_some_and(|later| later.is_better_than(was))
            && outlook.is_judged_later(one.rule, subject);
        let counted = if is_better { outlook.counted(one.rule, subject) } else { Vec::new() };
        let counted = counted.into_iter();
        let activities = counted.filter(|item| item.noun == Noun::Activity);
        let acts = activities.filter_map(|activity| acts.place(&store, activity));
        acts.map(move |act| (act, place)).collect::<Vec<_>>()
    };
    asking.into_iter().flat_map(of_verdict).collect()
}

/// Whether something has to be done.
fn asks(enough: &Enough) -> bool {
    match enough {
        Enough::Need(_) | Enough::Keep(_) => true,
        Enough::All { of } | Enough::Any { of } => of.iter().any(asks),
        Enough::Already | Enough::TooLate | Enough::NotByDoing | Enough::Open => false,
    }
}

/// What is to be done where no act serves.
fn otherwise(enough: &Enough) -> Doing {
    match recorded(enough) {
        Some(fields) => Doing::Record { fields },
        None => Doing::Enough { enough: enough.clone() },
    }
}

/// The fields that are to be filled in, where that is all.
fn recorded(enough: &Enough) -> Option<Vec<String>> {
    match enough {
        Enough::Need(need) => match &need.what {
            What::Fill { field } => Some(vec![field.clone()]),
            _ => None,
        },
        Enough::All { of } => {
            let fields: Option<Vec<Vec<String>>> = of.iter().map(recorded).collect();
            fields.map(|fields| fields.concat())
        }
        _ => None,
    }
}

/// Something that is to be done, before it is told.
struct Planned {
    doing: Doing,
    /// The places of verdicts, with what would be enough where no activity serves.
    serves: Vec<(usize, Option<Enough>)>,
    counts_for: Vec<Toward>,
}

/// What goes into the list.
struct Told<'t> {
    evaluation: &'t Evaluation<'t>,
    open: &'t [Open],
    rules: HashMap<String, RuleInfo>,
}

impl Told<'_> {
    fn activity(&self, act: &Chosen) -> Doing {
        let store = self.evaluation.store();
        let all = store.schema.kinds();
        let kinds = act.kinds.iter().filter_map(|kind| all.get(*kind).cloned());
        let is_activity = act.target.item.noun == Noun::Activity;
        Doing::Activity {
            kinds: kinds.collect(),
            any: act.kinds.len() == all.len(),
            with: act.target.with.map(|contact| self.evaluation.named(contact)),
            follows: is_activity.then(|| store.id(act.target.item).into_owned()),
        }
    }

    fn act(&self, Planned { doing, serves, counts_for }: Planned) -> Act {
        let day = self.evaluation.day();
        let mut serves: Vec<(Option<NaiveDate>, &Open)> = serves
            .iter()
            .filter_map(|(place, enough)| Some((self.open.get(*place)?, enough.as_ref())))
            .map(|(one, enough)| (one.due(day, enough), one))
            .collect();
        serves.sort_by(|(due, one), (other_due, other)| {
            let by_rule = one.rule.cmp(&other.rule);
            let by_id = one.verdict.subject.id.cmp(&other.verdict.subject.id);
            late(*due).cmp(&late(*other_due)).then(by_rule).then(by_id)
        });
        Act {
            doing,
            due: serves.iter().find_map(|(due, _)| *due),
            serves: serves.into_iter().map(|(_, one)| one.verdict.clone()).collect(),
            counts_for,
        }
    }

    fn todo(&self, item: Item, with: Option<Item>, mut acts: Vec<Act>) -> ToDo {
        let Beside { subject, activity, about, owner, team, last, next, reach } =
            reach::beside(self.evaluation, item, with);
        let weight = |act: &Act| self.weight(act);
        acts.sort_by_cached_key(|act| (late(act.due), Reverse(weight(act))));
        let serves = acts.iter().flat_map(|act| &act.serves);
        let severity =
            serves.filter_map(|one| self.rules.get(&one.rule)).map(|rule| rule.severity).max();
        ToDo {
            due: acts.iter().filter_map(|act| act.due).min(),
            weight: acts.iter().map(weight).fold(Number::zero(), |sum, weight| sum + weight),
            severity: severity.unwrap_or_default(),
            subject,
            activity,
            about,
            owner,
            team,
            acts,
            last,
            next,
            reach,
        }
    }

    fn weight(&self, act: &Act) -> Number {
        let rules = act.serves.iter().filter_map(|one| self.rules.get(&one.rule));
        rules.fold(Number::zero(), |sum, rule| sum + rule.weight.clone())
    }
}

/// What has no day comes last.
fn late(due: Option<NaiveDate>) -> (bool, Option<NaiveDate>) {
    (due.is_none(), due)
}

/// By due date, then the heaviest, then the most severe, then by noun and id.
fn rank(a: &ToDo, b: &ToDo) -> Ordering {
    let noun = |todo: &ToDo| Noun::ALL.iter().position(|noun| noun.singular() == todo.subject.kind);
    (late(a.due).cmp(&late(b.due)))
        .then_with(|| b.weight.cmp(&a.weight))
        .then_with(|| b.severity.cmp(&a.severity))
        .then_with(|| noun(a).cmp(&noun(b)))
        .then_with(|| a.subject.id.cmp(&b.subject.id))
}

fn by_seller(
    lists: &Worklists<'_>,
    evaluation: &Evaluation<'_>,
    todo: Vec<ToDo>,
    ask: &Ask,
    until: NaiveDate,
) -> WhatToDo {
    let serves = |todo: &ToDo| {
        let mut serves = todo.acts.iter().flat_map(|act| &act.serves);
        ask.rules.is_empty() || serves.any(|one| ask.rules.contains(&one.rule))
    };
    let mut by_owner: BTreeMap<(bool, Option<String>), Vec<ToDo>> = BTreeMap::new();
    for todo in todo.into_iter().filter(serves) {
        if ask.seller.is_none() || todo.owner == ask.seller {
            by_owner.entry((todo.owner.is_none(), todo.owner.clone())).or_default().push(todo);
        }
    }
    let seller = |id: &Option<String>| -> Option<Subject> {
        let item = evaluation.store().find(Noun::Seller, id.as_deref()?)?;
        Some(evaluation.named(item))
    };
    let of_seller = |((_, owner), mut todo): ((bool, Option<String>), Vec<ToDo>)| {
        todo.sort_by(rank);
        let all = todo.len();
        todo.truncate(ask.limit.unwrap_or(all));
        SellerToDo { seller: seller(&owner), left_out: (all - todo.len()) as u64, todo }
    };
    let sellers: Vec<SellerToDo> = by_owner.into_iter().map(of_seller).collect();
    let todo = sellers.iter().flat_map(|seller| &seller.todo);
    let acts = todo.flat_map(|todo| &todo.acts);
    let named = acts.flat_map(|act| {
        let served = act.serves.iter().map(|one| one.rule.clone());
        served.chain(act.counts_for.iter().map(|toward| toward.rule.clone()))
    });
    WhatToDo {
        schema: 1,
        as_of: evaluation.written(),
        day: evaluation.day(),
        until,
        rules: lists.infos(&named.collect()),
        lists: lists.lists().collect(),
        sellers,
        problems: Vec::new(),
    }
}
