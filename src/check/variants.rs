//! A rule set with one item exchanged for another, as often as is wanted.

use std::sync::Arc;

use super::names::Names;
use super::rules::Compiled;
use super::{Lost, Written, declare, load};
use crate::diagnostic::{Diagnostic, FileId, Level, Sources};
use crate::model::Schema;
use crate::syntax;
use crate::syntax::tree::{Item, ItemKind};

/// A rule set without errors whose items can be exchanged. What does not change with them, the
/// prelude and the calendar, is read once; tests are left alone, since places of rules and lists
/// stay.
pub(crate) struct Variants<'r> {
    of: &'r Compiled,
    sources: Sources,
    prelude: FileId,
    standard: Arc<[Item]>,
    /// As written, without the tests.
    items: Vec<Item>,
}

impl<'r> Variants<'r> {
    pub(crate) fn new(of: &'r Compiled) -> Self {
        let mut sources = of.sources.clone();
        let (prelude, standard) = load::standard(&mut sources);
        let is_rule = |item: &&Item| !matches!(item.kind, ItemKind::Test(_));
        let items = of.items.iter().filter(is_rule).cloned().collect();
        Variants { of, sources, prelude, standard: standard.into(), items }
    }

    /// The items that can be exchanged: all but the tests.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// The texts of the rule set.
    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The same with these items alone, and the rule set that they are; none if that has errors.
    pub(crate) fn part(&self, items: Vec<Item>) -> Option<(Self, Compiled)> {
        let compiled = self.compile(items.clone(), self.sources.clone())?;
        let (sources, standard) = (self.sources.clone(), self.standard.clone());
        Some((Variants { of: self.of, sources, prelude: self.prelude, standard, items }, compiled))
    }

    /// The rule set with another item in that place, whose spans are in `sources`; none if that is
    /// not a rule set without errors.
    pub(crate) fn with(&self, place: usize, item: Item, sources: Sources) -> Option<Compiled> {
        let mut items = self.items.clone();
        *items.get_mut(place)? = item;
        self.compile(items, sources)
    }

    /// The rule set with the items of another text after its own: what could be made of it, and
    /// what is wrong with that text.
    pub(crate) fn with_more(&self, name: &str, text: &str) -> (Compiled, Vec<Diagnostic>) {
        let mut sources = self.sources.clone();
        let file = sources.add(name, text);
        let (more, mut faults) = syntax::parse(&sources, file, usize::MAX);
        let items = self.items.iter().cloned().chain(more.items).collect();
        let (compiled, found) = self.make(items, sources);
        faults.extend(found);
        faults.retain(|fault| fault.primary.span.file == file && fault.level == Level::Error);
        (compiled, faults)
    }

    fn compile(&self, items: Vec<Item>, sources: Sources) -> Option<Compiled> {
        let (compiled, diagnostics) = self.make(items, sources);
        let is_sound = diagnostics.iter().all(|diagnostic| diagnostic.level != Level::Error);
        is_sound.then_some(compiled)
    }

    fn make(&self, items: Vec<Item>, sources: Sources) -> (Compiled, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut schema = Schema::default();
        schema.set_zone(self.of.calendar.zone);
        let names = Names::collect(&items, &self.standard, &mut schema, &mut diagnostics);
        declare::fields(&items, &names, &mut schema, &mut diagnostics);
        let written = Written {
            sources: &sources,
            main: self.prelude,
            prelude: self.prelude,
            lost: &Lost::default(),
            items: &items,
            names: &names,
            schema: &schema,
            calendar: &self.of.calendar,
        };
        let made = written.compile(&mut diagnostics);
        drop(names);
        let calendar = (self.of.calendar.clone(), self.of.work.clone());
        (made.into_compiled(items, schema, calendar, sources), diagnostics)
    }
}
