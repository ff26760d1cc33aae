//! How much of a rule set a change of one item can reach: what is built on it, and what that is
//! built on. The rest means what it meant, and need not be checked and judged again.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::analysis::logic::Ground;
use crate::check::rules::{Compiled, Expectation, ExpectationKind, Goal, List, Rule};
use crate::check::{Mentions, Variants};
use crate::plan::Plan;
use crate::syntax::tree::{Item, ItemKind, Spanned};

/// Items that make a rule set, and what tests expect of them.
pub(super) struct Scope<'r> {
    pub(super) variants: Variants<'r>,
    pub(super) ground: Ground,
    pub(super) asked: Vec<Asked<'r>>,
    /// The rules as they are, if these are not all: scores rest on the others too.
    pub(super) part: Option<(Compiled, Arc<Plan>)>,
}

/// Something that is expected, and that the rules fulfil.
#[derive(Clone)]
pub(super) struct Asked<'r> {
    /// The place of the test.
    pub(super) test: usize,
    pub(super) line: u32,
    /// With the places that rules and lists have in the scope.
    pub(super) expected: Expectation,
    /// With those that they have in the whole.
    pub(super) written: &'r Expectation,
}

impl<'r> Scope<'r> {
    /// Everything; nothing is expected of it yet.
    pub(super) fn whole(rules: &'r Compiled) -> Self {
        let (variants, ground) = (Variants::new(rules), Ground::new(rules));
        Scope { variants, ground, asked: Vec::new(), part: None }
    }

    /// Of the whole, what a change of an item can reach, and the item's place in it. None where
    /// that is everything, or cannot stand for itself.
    pub(super) fn part(
        &self,
        item: usize,
        rules: &Compiled,
        links: &Links,
    ) -> Option<(Self, usize)> {
        let places = places(self.variants.items());
        let kept = links.kept(places.get(item)?)?;
        let mut items = Vec::new();
        let mut place = None;
        for (at, (one, of)) in self.variants.items().iter().zip(&places).enumerate() {
            if !kept.holds(of) {
                continue;
            }
            place = if at == item { Some(items.len()) } else { place };
            let mut one = one.clone();
            if let (ItemKind::Rule(rule), Place::Rule(at)) = (&mut one.kind, of) {
                // An id that is made from the text is that of the whole.
                let id = Spanned { value: rules.rules.get(*at)?.id.clone(), span: rule.span };
                rule.modifiers.id.get_or_insert(id);
            }
            items.push(one);
        }
        let (variants, compiled) = self.variants.part(items)?;
        let plan = Arc::new(Plan::new(&compiled, compiled.schema.kinds()));
        let asked = self.asked.iter().filter_map(|asked| kept.asked(asked)).collect();
        let ground = Ground::new(&compiled);
        Some((Scope { variants, ground, asked, part: Some((compiled, plan)) }, place?))
    }
}

/// What an item is, with its place among those of its sort.
enum Place {
    Rule(usize),
    List(usize),
    Goal(usize),
    /// Everything may be built on it.
    Word,
    /// Nothing is.
    Other,
}

fn places(items: &[Item]) -> Vec<Place> {
    let (mut rules, mut lists, mut goals) = (0.., 0.., 0..);
    let place = |item: &Item| match &item.kind {
        ItemKind::Rule(_) => rules.next().map_or(Place::Other, Place::Rule),
        ItemKind::List(_) => lists.next().map_or(Place::Other, Place::List),
        ItemKind::Goal(_) => goals.next().map_or(Place::Other, Place::Goal),
        ItemKind::Segment { .. } | ItemKind::Define { .. } => Place::Word,
        _ => Place::Other,
    };
    items.iter().map(place).collect()
}

/// What of a rule set is built on which of its rules, by places.
pub(super) struct Links {
    /// The rules that each rule meets.
    met: Vec<BTreeSet<usize>>,
    /// The rules that meet each rule.
    met_by: Vec<BTreeSet<usize>>,
    lists: Vec<BTreeSet<usize>>,
    goals: Vec<BTreeSet<usize>>,
    /// The rules that support each goal.
    supported_by: Vec<BTreeSet<usize>>,
    /// The rules that segments and defines meet.
    words: BTreeSet<usize>,
}

impl Links {
    pub(super) fn new(rules: &Compiled) -> Self {
        let mentioned = |tell: &dyn Fn(&mut Mentions)| {
            let mut mentions = Mentions::default();
            tell(&mut mentions);
            mentions.rules
        };
        let rule = |rule: &Rule| mentioned(&|mentions| mentions.rule(rule));
        let list = |list: &List| mentioned(&|mentions| mentions.phrase(&list.phrase));
        let goal = |goal: &Goal| {
            mentioned(&|mentions| {
                mentions.comparison(&goal.target);
                goal.through.iter().for_each(|step| mentions.phrase(step));
            })
        };
        let met: Vec<BTreeSet<usize>> = rules.rules.iter().map(rule).collect();
        let mut met_by = vec![BTreeSet::new(); met.len()];
        for (by, met) in met.iter().enumerate() {
            for rule in met {
                met_by.get_mut(*rule).into_iter().for_each(|all: &mut BTreeSet<_>| {
                    all.insert(by);
                });
            }
        }
        let supporters = |goal: &Goal| {
            let rules = rules.rules.iter().enumerate();
            let supports = |rule: &Rule| rule.supports.as_ref() == Some(&goal.name);
            rules.filter(|(_, rule)| supports(rule)).map(|(place, _)| place).collect()
        };
        let defined = rules.defines.iter().filter_map(|define| define.phrase.as_ref());
        let words = defined.chain(rules.segments.iter().map(|segment| &segment.phrase));
        let words = mentioned(&|mentions| words.clone().for_each(|word| mentions.phrase(word)));
        Links {
            met,
            met_by,
            lists: rules.lists.iter().map(list).collect(),
            goals: rules.goals.iter().map(goal).collect(),
            supported_by: rules.goals.iter().map(supporters).collect(),
            words,
        }
    }

    /// What goes with an item; none where that is everything.
    fn kept(&self, item: &Place) -> Option<Kept> {
        let (changed, list) = match item {
            Place::Rule(rule) => (reached([*rule].into(), &self.met_by), None),
            Place::List(list) => (BTreeSet::new(), Some(*list)),
            Place::Goal(_) | Place::Word | Place::Other => return None,
        };
        let built_on = |all: &[BTreeSet<usize>]| -> BTreeSet<usize> {
            let all = all.iter().enumerate();
            all.filter(|(_, met)| !met.is_disjoint(&changed)).map(|(place, _)| place).collect()
        };
        let mut lists = built_on(&self.lists);
        lists.extend(list);
        let mut goals = built_on(&self.goals);
        let mut rules: BTreeSet<usize> = changed.union(&self.words).copied().collect();
        rules.extend(lists.iter().filter_map(|list| self.lists.get(*list)).flatten());
        rules.extend(goals.iter().filter_map(|goal| self.goals.get(*goal)).flatten());
        // A goal that is supported is there, with the rules on which it is built.
        loop {
            rules = reached(rules, &self.met);
            let supported = self.supported_by.iter().enumerate();
            let supported = supported.filter(|(_, by)| !by.is_disjoint(&rules));
            let before = (goals.len(), rules.len());
            goals.extend(supported.map(|(goal, _)| goal));
            rules.extend(goals.iter().filter_map(|goal| self.goals.get(*goal)).flatten());
            if before == (goals.len(), rules.len()) {
                return Some(Kept { rules, lists, goals });
            }
        }
    }
}

/// Everything that is reached from some places.
fn reached(from: BTreeSet<usize>, links: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut open: Vec<usize> = from.iter().copied().collect();
    let mut all = from;
    while let Some(place) = open.pop() {
        let next = links.get(place).into_iter().flatten();
        open.extend(next.filter(|next| all.insert(**next)));
    }
    all
}

/// The rules, lists and goals of a part, by their places in the whole.
struct Kept {
    rules: BTreeSet<usize>,
    lists: BTreeSet<usize>,
    goals: BTreeSet<usize>,
}

impl Kept {
    fn holds(&self, item: &Place) -> bool {
        match item {
            Place::Rule(rule) => self.rules.contains(rule),
            Place::List(list) => self.lists.contains(list),
            Place::Goal(goal) => self.goals.contains(goal),
            Place::Word | Place::Other => true,
        }
    }

    /// The same of the part; none if it is about something else.
    fn asked<'r>(&self, asked: &Asked<'r>) -> Option<Asked<'r>> {
        let place =
            |kept: &BTreeSet<usize>, whole: usize| kept.iter().position(|one| *one == whole);
        let here = match &asked.expected.kind {
            ExpectationKind::Verdict { rule, .. } | ExpectationKind::Silent { rule, .. } => {
                place(&self.rules, *rule)?
            }
            ExpectationKind::Lists { list, .. } => place(&self.lists, *list)?,
            ExpectationKind::Score { .. } => return Some(asked.clone()),
        };
        let mut asked = asked.clone();
        match &mut asked.expected.kind {
            ExpectationKind::Verdict { rule: place, .. }
            | ExpectationKind::Silent { rule: place, .. }
            | ExpectationKind::Lists { list: place, .. } => *place = here,
            ExpectationKind::Score { .. } => {}
        }
        Some(asked)
    }
}
