//! A plan as text, for those who write rules and those who run them.

mod words;

use std::cmp::Reverse;
use std::fmt::{self, Write};

pub(crate) use self::words::field_test;
use self::words::{Around, in_force, over};
use super::passes::{Ask, Pass};
use super::{Plan, Rule, SetId, TestId};
use crate::check::rules::{Compiled, Per};
use crate::model::Noun;

/// What is run for a rule set, as text: which activities each rule asks for, over which days, and
/// which rules share them.
///
/// [`RuleSet::plan`](crate::RuleSet::plan) makes one. The text is for reading: it is the same for
/// the same rules, but its form may change from version to version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanText(String);

impl fmt::Display for PlanText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PlanText {
    pub(crate) fn new(rules: &Compiled) -> Self {
        let plan = Plan::new(rules, rules.schema.kinds());
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = Names::new(&plan).write(&mut text, rules);
        PlanText(text)
    }
}

/// A plan, and the names by which its parts are called.
struct Names<'p> {
    plan: &'p Plan,
    passes: Vec<Pass>,
    /// `s1`, `s2` and so on: those of the passes first.
    sets: Vec<SetId>,
    /// `p1`, `p2` and so on.
    populations: Vec<(Noun, TestId)>,
    /// How many of the sets are those of passes.
    passed: usize,
}

impl<'p> Names<'p> {
    fn new(plan: &'p Plan) -> Self {
        let passes = plan.passes();
        let mut sets = Vec::new();
        let asked = passes.iter().flat_map(|pass| pass.asks.iter().map(|ask| ask.set));
        asked.for_each(|set| insert(&mut sets, set));
        let passed = sets.len();
        plan.sets.iter().for_each(|(set, _)| insert(&mut sets, plan.first_like(set)));
        let mut populations = Vec::new();
        let ruled = passes.iter().flat_map(|pass| &pass.rules);
        for rule in ruled.filter_map(|rule| plan.rules.get(*rule)) {
            insert(&mut populations, (rule.noun, rule.population));
        }
        Names { plan, passes, sets, populations, passed }
    }

    fn set_name(&self, set: SetId) -> String {
        name("s", &self.sets, self.plan.first_like(set))
    }

    fn write(&self, out: &mut String, rules: &Compiled) -> fmt::Result {
        let number = |count: usize, one: &str, many: &str| {
            format!("{count} {}", if count == 1 { one } else { many })
        };
        writeln!(
            out,
            "{}, {}, {}",
            number(self.plan.rules.len(), "rule", "rules"),
            number(self.sets.len(), "set", "sets"),
            number(self.passes.len(), "pass", "passes"),
        )?;
        for pass in &self.passes {
            self.pass(out, pass)?;
        }
        self.segments(out)?;
        self.lists(out)?;
        self.goals(out, rules)?;
        let others = self.sets.get(self.passed..).unwrap_or_default();
        heading(out, "sets that no pass asks for", others.len())?;
        for set in others {
            writeln!(out, "  {}", self.set(*set))?;
        }
        Ok(())
    }

    fn pass(&self, out: &mut String, pass: &Pass) -> fmt::Result {
        writeln!(out, "\n{}", pass.noun.table())?;
        for (i, (noun, population)) in self.populations.iter().enumerate() {
            let is_of = |rule: &usize| {
                let rule = self.plan.rules.get(*rule);
                rule.is_some_and(|rule| (rule.noun, rule.population) == (*noun, *population))
            };
            let rules: Vec<usize> = pass.rules.iter().copied().filter(is_of).collect();
            if !rules.is_empty() {
                let things = self.things(*population, *noun);
                writeln!(out, "  p{} {things}: {}", i + 1, places(&rules))?;
            }
        }
        for set in &self.sets {
            let asks: Vec<&Ask> = pass.asks.iter().filter(|ask| ask.set == *set).collect();
            if !asks.is_empty() {
                writeln!(out, "  {}", self.set(*set))?;
                windows(out, &asks)?;
            }
        }
        for rule in &pass.rules {
            if let Some(told) = self.plan.rules.get(*rule) {
                self.rule(out, *rule, told)?;
            }
        }
        Ok(())
    }

    fn rule(&self, out: &mut String, place: usize, rule: &Rule) -> fmt::Result {
        let population = name("p", &self.populations, (rule.noun, rule.population));
        let condition = self.condition(rule.condition, Around::Nothing);
        writeln!(out, "  #{} {population}: {condition}  [{}]", place + 1, rule.id)?;
        let mut adds = Vec::new();
        let fields = self.plan.reads_of(rule).fields;
        let fields = fields.iter().filter_map(|field| {
            let definition = self.plan.schema.definition(*field)?;
            Some(format!("{}.{}", field.noun, definition.name))
        });
        let fields: Vec<String> = fields.collect();
        if !fields.is_empty() {
            adds.push(format!("reads {}", fields.join(", ")));
        }
        if let Some(unless) = rule.unless {
            adds.push(format!("exempt if {}", self.condition(unless, Around::Nothing)));
        }
        if rule.prorate {
            adds.push("prorate: target * eligible days / days of the period".to_owned());
        }
        if let Some(grace) = rule.grace {
            adds.push(format!("grace: at risk, not missed, while younger than {grace}"));
        }
        if let Some(warn) = rule.warn {
            adds.push(format!("warn: at risk if missed within {warn} by plans alone"));
        }
        adds.extend(in_force(rule.in_force).map(|days| format!("in force {days}")));
        if adds.is_empty() { Ok(()) } else { writeln!(out, "     {}", adds.join("; ")) }
    }

    fn segments(&self, out: &mut String) -> fmt::Result {
        heading(out, "segments: the first that fits", self.plan.segments.len())?;
        for (segment, test) in &self.plan.segments {
            writeln!(out, "  {segment} = {}", self.things(*test, Noun::Customer))?;
        }
        Ok(())
    }

    fn lists(&self, out: &mut String) -> fmt::Result {
        heading(out, "lists", self.plan.lists.len())?;
        for list in &self.plan.lists {
            let things = self.things(list.population, list.noun);
            write!(out, "  {:?} = {}: {things}", list.name, list.noun)?;
            if let Some((field, is_descending)) = &list.sort {
                let order = if *is_descending { "descending" } else { "ascending" };
                write!(out, ", by {} {order}", field.text)?;
            }
            if let Some((limit, per)) = &list.limit {
                let per = match per {
                    Some(Per::Seller) => " per seller",
                    Some(Per::Team) => " per team",
                    None => "",
                };
                write!(out, ", at most {limit}{per}")?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn goals(&self, out: &mut String, rules: &Compiled) -> fmt::Result {
        heading(out, "goals", self.plan.goals.len())?;
        for (goal, target) in rules.goals.iter().zip(&self.plan.goals) {
            writeln!(out, "  {} = {}", goal.name, self.condition(*target, Around::Nothing))?;
        }
        Ok(())
    }
}

fn heading(out: &mut String, text: &str, things: usize) -> fmt::Result {
    if things == 0 { Ok(()) } else { writeln!(out, "\n{text}") }
}

/// The days that a set is asked for, each below those that it lies within.
fn windows(out: &mut String, asks: &[&Ask]) -> fmt::Result {
    let mut days: Vec<&Ask> = Vec::new();
    for ask in asks {
        if !days.iter().any(|known| (&known.over, known.cut) == (&ask.over, ask.cut)) {
            days.push(ask);
        }
    }
    let holds = |outer: usize, inner: usize| match (days.get(outer), days.get(inner)) {
        (Some(outer), Some(inner)) => inner.cut == outer.cut && inner.over.is_within(&outer.over),
        _ => false,
    };
    // Of two that are the same days, the first holds the other.
    let is_around = |outer: usize, inner: usize| {
        outer != inner && holds(outer, inner) && (outer < inner || !holds(inner, outer))
    };
    let around = |inner| (0..days.len()).filter(move |outer| is_around(*outer, inner));
    let narrowest =
        |inner| around(inner).max_by_key(|outer| (around(*outer).count(), Reverse(*outer)));
    let path = |place| {
        let outwards = std::iter::successors(Some(place), |inner| narrowest(*inner));
        let mut path: Vec<usize> = outwards.collect();
        path.reverse();
        (path, place)
    };
    let mut order: Vec<(Vec<usize>, usize)> = (0..days.len()).map(path).collect();
    order.sort();
    for (path, place) in order {
        let Some(day) = days.get(place) else { continue };
        let same = asks.iter().filter(|ask| (&ask.over, ask.cut) == (&day.over, day.cut));
        let rules = same.map(|ask| {
            let way = if ask.is_countable { "counted" } else { "found" };
            format!("{way} for {}", places(&ask.rules))
        });
        let rules: Vec<String> = rules.collect();
        let cut = in_force(day.cut).map_or_else(String::new, |days| format!(", cut {days}"));
        let indent = 3 + 2 * path.len();
        writeln!(out, "{:indent$}{}{cut}: {}", "", over(&day.over), rules.join(", "))?;
    }
    Ok(())
}

/// `#1 #4`: the places of rules, from one on.
fn places(rules: &[usize]) -> String {
    rules.iter().map(|rule| format!("#{}", rule + 1)).collect::<Vec<_>>().join(" ")
}

fn insert<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}

fn name<T: PartialEq>(letter: &str, all: &[T], one: T) -> String {
    let place = all.iter().position(|known| *known == one).unwrap_or(all.len());
    format!("{letter}{}", place + 1)
}
