//! From the tree to resolved, typed rules.

mod calendar;
mod checker;
mod compare;
mod condition;
mod cycles;
mod declare;
mod expect;
mod field;
mod given;
mod load;
mod measure;
mod names;
mod phrase;
mod rule;
#[doc(hidden)]
pub mod rules;
mod segments;
mod status;
mod variants;
mod window;
mod work;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use checker::Checker;
pub(crate) use cycles::Mentions;
use cycles::{Fallen, Graph};
use expect::Lists;
use load::Lost;
pub use load::{NoFiles, Resolver};
use names::Names;
use rule::Rulebook;
use rules::{Compiled, Define, Goal, List, Rule, Segment, Test, Work};
pub(crate) use variants::Variants;

use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Span};
use crate::model::Schema;
use crate::model::calendar::Calendar;
use crate::syntax::tree::{Item, ItemKind};

/// The standard vocabulary, written in the rules language.
pub const PRELUDE: &str = include_str!("../../grammar/prelude.kpi");

/// How many segments each other one is held against.
const MOST_COMPARED: usize = 500;

/// Compiles a rule set: what could be made of it (what has an error is left out), and everything
/// that is wrong with it, by file and place. Each file may have `limit` bytes.
pub(crate) fn compile(
    name: &str,
    text: &str,
    host: &dyn Resolver,
    limit: usize,
) -> (Compiled, Vec<Diagnostic>) {
    let loaded = load::load(name, text, host, limit);
    let mut diagnostics = loaded.diagnostics;
    let calendar = calendar::calendar(&loaded.items, host, &mut diagnostics);
    let mut schema = Schema::default();
    schema.set_zone(calendar.zone);
    let names = Names::collect(&loaded.items, &loaded.standard, &mut schema, &mut diagnostics);
    let work = work::work(&loaded.items, &names, &schema, &calendar, &mut diagnostics);
    declare::fields(&loaded.items, &names, &mut schema, &mut diagnostics);
    let written = Written {
        sources: &loaded.sources,
        main: loaded.main,
        prelude: loaded.prelude,
        lost: &loaded.lost,
        items: &loaded.items,
        names: &names,
        schema: &schema,
        calendar: &calendar,
    };
    let misread: Vec<Span> =
        diagnostics.iter().filter(|d| d.code == Code::K008).map(|d| d.primary.span).collect();
    let made = written.compile(&mut diagnostics);
    // What a comparison after `that` leaves behind is no condition; that is said already.
    diagnostics
        .retain(|d| d.code != Code::K027 || !misread.iter().any(|m| holds(d.primary.span, *m)));
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.span, d.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup_by(|a, b| {
        a.primary.span == b.primary.span && a.code == b.code && a.message == b.message
    });
    let calendar = (calendar, work);
    let compiled = made.into_compiled(loaded.items, schema, calendar, loaded.sources);
    (compiled, diagnostics)
}

/// A rule set whose names are known.
struct Written<'a> {
    sources: &'a Sources,
    main: FileId,
    prelude: FileId,
    lost: &'a Lost,
    items: &'a [Item],
    names: &'a Names<'a>,
    schema: &'a Schema,
    calendar: &'a Calendar,
}

/// What was made of the items; none in the place of what has an error.
#[derive(Default)]
struct Made {
    segments: Vec<(String, Span, Option<Segment>)>,
    rules: Vec<Option<Rule>>,
    lists: Vec<List>,
    goals: Vec<Goal>,
    tests: Vec<Test>,
    defines: Vec<Define>,
    meets: Vec<(usize, Span)>,
    diagnostics: Vec<Diagnostic>,
}

impl Made {
    fn into_compiled(
        self,
        items: Vec<Item>,
        schema: Schema,
        (calendar, work): (Calendar, Work),
        sources: Sources,
    ) -> Compiled {
        Compiled {
            segments: self.segments.into_iter().filter_map(|(_, _, segment)| segment).collect(),
            rules: self.rules.into_iter().flatten().collect(),
            lists: self.lists,
            goals: self.goals,
            tests: self.tests,
            defines: self.defines,
            items,
            schema,
            calendar,
            work,
            sources,
        }
    }
}

impl<'a> Written<'a> {
    fn compile(&self, diagnostics: &mut Vec<Diagnostic>) -> Made {
        let mut rulebook = Rulebook::default();
        for item in self.items {
            if let ItemKind::Rule(rule) = &item.kind {
                let text = checker::fold(self.sources.slice(rule.span));
                rulebook.add(rule, text, self.names, diagnostics);
            }
        }
        let goals = self.goals(diagnostics);
        let mut made = self.check(&rulebook, &goals, &Fallen::default());
        diagnostics.append(&mut made.diagnostics);
        let graph = Graph::new(&rulebook.entries, &made.meets, &made.rules, &made.segments);
        let fallen = graph.check(diagnostics);
        if fallen.is_empty() {
            return made;
        }
        // Again without what cannot be made, so that the rest has its final places.
        rulebook.leave_out(&fallen.rules);
        self.check(&rulebook, &goals, &fallen)
    }

    fn goals(&self, diagnostics: &mut Vec<Diagnostic>) -> BTreeSet<&'a str> {
        let mut goals: BTreeMap<&str, Span> = BTreeMap::new();
        for item in self.items {
            let ItemKind::Goal(goal) = &item.kind else { continue };
            let name = &goal.name;
            match goals.get(name.value.as_str()) {
                Some(first) => diagnostics.push(twice("goals", &name.value, name.span, *first)),
                None => {
                    goals.insert(&name.value, name.span);
                }
            }
        }
        goals.into_keys().collect()
    }

    fn check(&self, rulebook: &Rulebook<'a>, goals: &BTreeSet<&'a str>, fallen: &Fallen) -> Made {
        let mut checker = Checker::new(self, rulebook, goals);
        let mut made = Made::default();
        checker.check_defines();
        made.segments = checker.segments(fallen);
        made.rules = (0..rulebook.entries.len()).map(|index| checker.rule(index)).collect();
        let mut lists: HashMap<&str, (Span, Option<usize>)> = HashMap::new();
        for item in self.items {
            match &item.kind {
                ItemKind::List(list) => {
                    let name = &list.name;
                    if let Some((first, _)) = lists.get(name.value.as_str()) {
                        checker.report(twice("lists", &name.value, name.span, *first));
                        continue;
                    }
                    let sound = |list: &List| {
                        let mut mentions = Mentions::default();
                        mentions.phrase(&list.phrase);
                        mentions.segments.is_disjoint(&fallen.segments)
                    };
                    let place = checker.list(list).filter(sound).map(|list| {
                        made.lists.push(list);
                        made.lists.len() - 1
                    });
                    lists.insert(&name.value, (name.span, place));
                }
                ItemKind::Goal(goal) => {
                    let known = made.goals.iter().any(|other| other.name == goal.name.value);
                    let sound = |goal: &Goal| {
                        let mut mentions = Mentions::default();
                        mentions.comparison(&goal.target);
                        goal.through.iter().for_each(|step| mentions.phrase(step));
                        mentions.segments.is_disjoint(&fallen.segments)
                    };
                    let goal = checker.goal(goal).filter(sound);
                    made.goals.extend(goal.filter(|_| !known));
                }
                _ => {}
            }
        }
        let lists = Lists { by_name: lists, made: &made.lists };
        made.tests = self.tests(&mut checker, &lists);
        made.defines = checker.defines();
        made.meets = std::mem::take(&mut checker.meets);
        made.diagnostics = checker.diagnostics;
        made
    }

    fn tests(&self, checker: &mut Checker<'_>, lists: &Lists<'_>) -> Vec<Test> {
        let mut made = Vec::new();
        let mut tests: HashMap<&str, Span> = HashMap::new();
        for item in self.items.iter().filter(|item| item.span.file == self.main) {
            let ItemKind::Test(test) = &item.kind else { continue };
            let name = &test.name;
            if let Some(first) = tests.get(name.value.as_str()) {
                checker.report(twice("tests", &name.value, name.span, *first));
                continue;
            }
            tests.insert(&name.value, name.span);
            made.extend(checker.test(test, item.span, lists));
        }
        made
    }
}

impl Checker<'_> {
    fn segments(&mut self, fallen: &Fallen) -> Vec<(String, Span, Option<Segment>)> {
        let names = self.names;
        let mut made: Vec<(String, Span, Option<Segment>)> = Vec::new();
        let mut shapes = Vec::new();
        for item in &names.segments {
            self.start_item();
            let name = item.name;
            let phrase = self.phrase(item.body).and_then(|phrase| {
                if phrase.noun == crate::model::Noun::Customer {
                    return Some(phrase);
                }
                let message =
                    format!("a segment is of customers, these are {}", phrase.noun.table());
                let words = item.body.alternatives.first();
                let span = words.map_or(item.body.span, |words| words.span);
                self.fail(Diagnostic::error(Code::K030, span, message))
            });
            if let Some(phrase) = &phrase {
                let shape = segments::Shape::of(phrase);
                let mut compared = shapes.iter().take(MOST_COMPARED);
                let overlap = compared.find_map(|(other, at): &(segments::Shape, usize)| {
                    Some((shape.overlap(other)?, names.segments.get(*at)?))
                });
                if let Some((example, other)) = overlap {
                    let message =
                        format!("segments `{}` and `{}` overlap", other.name.value, name.value);
                    self.report(
                        Diagnostic::error(Code::K034, name.span, message)
                            .label(format!("a customer that fits both: {example}"))
                            .note_at(other.name.span, "the other is here"),
                    );
                }
                shapes.push((shape, made.len()));
            }
            let segment = phrase
                .filter(|_| !fallen.segments.contains(&name.value))
                .map(|phrase| Segment { name: name.value.clone(), phrase });
            made.push((name.value.clone(), name.span, segment));
        }
        made
    }
}

fn twice(what: &str, name: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::K016, second, format!("two {what} have the name `{name}`"))
        .label("this is the second")
        .note_at(first, "the first is here")
}

/// Whether one place lies in another.
fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}
