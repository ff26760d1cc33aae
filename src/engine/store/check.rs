//! What can only be said when all rows are there.

use super::Store;
use super::batch::Batch;
use super::build::Dangling;
use super::builder::StoreBuilder;
use super::column::MISSING;
use super::draft::DraftColumn;
use super::lookup::Lookup;
use crate::model::builder::say::{self, Words};
use crate::model::builder::teams;
use crate::model::{FieldRef, Noun};

impl StoreBuilder {
    /// There is one company, said or not.
    pub(super) fn add_company(&mut self) {
        if self.count(Noun::Company) == 0 {
            self.add(&Batch::new(Noun::Company, 1));
        }
    }

    /// Members and absences are called after what they refer to.
    pub(super) fn make_ids(&mut self) {
        for noun in [Noun::Member, Noun::Absence] {
            let made: Vec<String> =
                (0..self.count(noun)).map(|row| self.made_id(noun, row)).collect();
            let Some(names) = self.draft.names.get_mut(noun.index()) else { continue };
            let codes = made.iter().map(|id| names.code(id)).collect();
            if let Some(table) = self.draft.tables.get_mut(noun.index()) {
                table.ids = codes;
            }
        }
    }

    fn made_id(&self, noun: Noun, row: usize) -> String {
        let columns = self.draft.table(noun).map_or(&[][..], |table| &table.columns);
        let name = |column: &DraftColumn| match column {
            DraftColumn::Reference(target, codes) => {
                let code = codes.get(row).copied().filter(|code| *code != MISSING)?;
                Some(self.draft.names.get(target.index())?.text(code).into_owned())
            }
            _ => None,
        };
        let names: Vec<String> = columns.iter().filter_map(name).collect();
        let first_day = columns.iter().find_map(|column| match column {
            DraftColumn::Date(days) => days.get(row).copied().flatten(),
            _ => None,
        });
        say::made_id(noun, names.iter().map(String::as_str), first_day)
    }

    /// Teams that are above themselves, or below too many.
    pub(super) fn check_teams(&mut self, lookups: &[Lookup]) {
        let field = self.purpose.fields.team_parent;
        let Some(lookup) = lookups.get(Noun::Team.index()) else { return };
        let row = |code: &u32| {
            let row = lookup.get(*code);
            (*code != MISSING && row != MISSING).then_some(row as usize)
        };
        let mut parents: Vec<Option<usize>> =
            self.draft.references(Noun::Team, field.index).iter().map(row).collect();
        parents.resize(self.count(Noun::Team), None);
        let circles = teams::circles(&parents);
        for circle in &circles {
            let ids: Vec<String> = circle.iter().map(|team| self.id(Noun::Team, *team)).collect();
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            if let Some(first) = circle.first() {
                self.say(field, *first, teams::say_circle(&ids));
            }
        }
        let is_sound = |team| !circles.iter().flatten().any(|other| *other == team);
        for team in teams::too_deep(&parents, is_sound) {
            self.say(field, team, teams::say_too_deep());
        }
    }
}

/// Says which references lead neither to what was added nor to what is in a store. Where activities
/// were left out, one of them may be meant.
pub(super) fn say_dangling(
    builder: &mut StoreBuilder,
    store: Option<&Store>,
    mut dangling: Vec<Dangling>,
) {
    if builder.purpose.since.is_some() {
        dangling.retain(|reference| reference.target != Noun::Activity);
    }
    let mut known: Vec<Option<Vec<String>>> = vec![None; Noun::ALL.len()];
    for reference in &dangling {
        let Some(known) = known.get_mut(reference.target.index()) else { continue };
        let words = nowhere(builder, store, reference, known);
        builder.say(reference.field, reference.row as usize, words);
    }
}

fn nowhere(
    builder: &mut StoreBuilder,
    store: Option<&Store>,
    reference: &Dangling,
    known: &mut Option<Vec<String>>,
) -> Words {
    let Dangling { field, target, code, .. } = *reference;
    let name = builder.purpose.schema.definition(field).map_or("", |field| &field.name).to_owned();
    let names = builder.draft.names.get(target.index());
    let id = names.map_or(String::new(), |names| names.text(code).into_owned());
    let added = builder.count(target);
    let count = added + store.map_or(0, |store| store.count(target) as usize);
    let named = (name.as_str(), target);
    if !builder.faults.compares(count) {
        let many = std::iter::repeat_n("", count);
        return say::leads_nowhere(&mut builder.faults, named, &id, many);
    }
    let all = || {
        let stored = store.into_iter().flat_map(|s| s.items(target).map(|i| s.id(i).into_owned()));
        stored.chain((0..added).map(|row| builder.id(target, row))).collect()
    };
    let known = known.get_or_insert_with(all).iter().map(String::as_str);
    say::leads_nowhere(&mut builder.faults, named, &id, known)
}

impl super::draft::Draft {
    /// Whether anything names a thing of a noun.
    pub(super) fn refers_to(&self, noun: Noun) -> bool {
        let mut columns = self.tables.iter().flat_map(|table| &table.columns);
        columns.any(|column| match column {
            DraftColumn::Reference(target, codes) => {
                *target == noun && codes.iter().any(|code| *code != MISSING)
            }
            _ => false,
        })
    }

    /// The fields that name a thing of a noun.
    pub(super) fn referring(&self, noun: Noun) -> Vec<FieldRef> {
        let mut fields = Vec::new();
        for (table, of) in self.tables.iter().zip(Noun::ALL) {
            for (index, column) in table.columns.iter().enumerate() {
                if matches!(column, DraftColumn::Reference(target, _) if *target == noun) {
                    fields.push(FieldRef { noun: of, index });
                }
            }
        }
        fields
    }
}
