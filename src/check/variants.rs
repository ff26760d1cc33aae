//! A rule set with one item exchanged for another, as often as is wanted.

use std::sync::Arc;

use super::names::Names;
use super::rules::Compiled;
use super::{Lost, Written, declare, load};
use crate::diagnostic::{FileId, Level, Sources};
use crate::model::Schema;
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

    fn compile(&self, items: Vec<Item>, sources: Sources) -> Option<Compiled> {
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
        if diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error) {
            return None;
        }
        drop(names);
        let calendar = (self.of.calendar.clone(), self.of.work.clone());
        Some(made.into_compiled(items, schema, calendar, sources))
    }
}
