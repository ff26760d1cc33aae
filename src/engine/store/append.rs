//! More activities for a store that is there already.

use std::collections::{BTreeSet, HashMap};

use super::batch::Batch;
use super::build;
use super::builder::StoreBuilder;
use super::column::MISSING;
use super::draft::{Draft, DraftColumn};
use super::lookup::Lookup;
use super::{Store, check};
use crate::model::{FieldRef, Item, Noun, Problem, Problems};

impl Store {
    /// The same with more activities, as [`Store::append`] adds them.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any row.
    pub(crate) fn with(
        &self,
        batch: &Batch<'_>,
        reads: &BTreeSet<FieldRef>,
    ) -> Result<Store, Problems> {
        let mut store = self.clone();
        store.append(batch, reads)?;
        Ok(store)
    }

    /// Adds activities. Of their fields those are read that were read of the others: `reads`. Those
    /// of days that were left out are left out too.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any row; then the store is as it was.
    pub(crate) fn append(
        &mut self,
        batch: &Batch<'_>,
        reads: &BTreeSet<FieldRef>,
    ) -> Result<Vec<Problem>, Problems> {
        let mut builder = StoreBuilder::new(&self.schema, &self.calendar, reads);
        builder.purpose.since = self.since;
        builder.draft.names = self.tables.iter().map(|table| table.ids.names()).collect();
        let count = self.count(Noun::Activity) as usize;
        if batch.noun() != Noun::Activity {
            let message = "rows cannot be appended to what is prepared".to_owned();
            let expected = "expected activities; prepare anew what has other new rows".to_owned();
            builder.say_of_table(batch.noun(), (message, expected));
        } else if count + batch.rows() >= MISSING as usize {
            let message = format!("there are more than {} rows", MISSING - 1);
            builder.say_of_table(batch.noun(), (message, "expected fewer".to_owned()));
        } else {
            builder.add(batch);
            self.resolve(&mut builder);
        }
        if builder.faults.has_errors() {
            return Err(builder.faults.into_problems());
        }
        self.merge(builder.draft);
        Ok(builder.faults.into_problems().notes)
    }

    /// Checks ids, and puts the places of things in the place of their ids. Of activities these are
    /// rows: those of the store as they are, those of the draft counted on from its end.
    fn resolve(&self, builder: &mut StoreBuilder) {
        let added = builder.lookup(Noun::Activity);
        let followed = Lookup::new(&ids_of(&builder.draft, Noun::Activity), |_, _| {});
        let (twice, stored) = self.stored(&builder.draft, &added, &followed);
        for row in twice {
            builder.say_twice(Noun::Activity, row as usize, None);
        }
        let count = self.count(Noun::Activity);
        let lookup = |noun: Noun| {
            let ids = ids_of(&builder.draft, noun);
            let names = builder.draft.names.get(noun.index());
            let id = |row: u32| ids.get(row as usize).copied().unwrap_or(MISSING);
            let mut lookup = Lookup::new(&ids, |_, _| {});
            lookup.replace(|row| {
                let id = id(row);
                if noun != Noun::Activity {
                    let item = names.and_then(|names| self.find(noun, &names.text(id)));
                    return item.map_or(MISSING, |item: Item| item.row);
                }
                match added.get(id) {
                    MISSING => stored.get(&id).copied().unwrap_or(MISSING),
                    row => count + row,
                }
            });
            lookup
        };
        let lookups: Vec<Lookup> = Noun::ALL.into_iter().map(lookup).collect();
        let dangling = build::resolve(&mut builder.draft, &lookups);
        check::say_dangling(builder, Some(self), dangling);
    }

    /// The rows of the draft whose ids the store has, and the rows of the store that are followed.
    fn stored(
        &self,
        draft: &Draft,
        added: &Lookup,
        followed: &Lookup,
    ) -> (Vec<u32>, HashMap<u32, u32>) {
        let (mut twice, mut stored) = (Vec::new(), HashMap::new());
        let names = draft.names.get(Noun::Activity.index());
        let Some((table, names)) = self.table(Noun::Activity).zip(names) else {
            return (twice, stored);
        };
        table.ids.each_code(names, |code, row| {
            let same = added.get(code);
            if same != MISSING {
                twice.push(same);
            }
            if followed.get(code) != MISSING {
                stored.insert(code, row);
            }
        });
        (twice, stored)
    }
}

/// The codes of all ids by which the rows of a draft refer to things of a noun.
fn ids_of(draft: &Draft, noun: Noun) -> Vec<u32> {
    let columns = draft.tables.iter().flat_map(|table| &table.columns);
    let references = columns.filter_map(|column| match column {
        DraftColumn::Reference(target, codes) if *target == noun => Some(codes),
        _ => None,
    });
    references.flatten().copied().filter(|code| *code != MISSING).collect()
}
