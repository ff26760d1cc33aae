//! Large data, prepared by columns: never all of it in memory as texts.
//!
//! What is taken in this way is good through and through, and comes to the same as by rows. Where
//! anything is wrong, all of it is left to be read by rows, which says what.

mod fields;
mod gather;
mod instants;
mod pipeline;
mod texts;

use std::collections::BTreeMap;

use kadence::{Batch, Dataset, DatasetBuilder, Noun, Prepared, PreparedBuilder, Problem, Record};
use kadence::{RuleSet, Schema};

use crate::ReadError;
use crate::named::tables;
use crate::rows::Rows;
use crate::source::Source;

#[cfg(feature = "arrow")]
pub(crate) use fields::Shape;
pub(crate) use fields::{Field, Fields};
pub(crate) use gather::{Gathered, no_texts};
#[cfg(feature = "arrow")]
pub(crate) use instants::microseconds_at;
pub(crate) use pipeline::in_order;
pub(crate) use texts::{Column, Texts};

use gather::Gathering;

/// How far the preparing of large data has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Progress {
    /// How many rows were taken.
    pub rows: u64,
    /// How many bytes of the files were read, as far as their form tells.
    pub bytes: u64,
    /// How many bytes all the files have.
    pub of_bytes: u64,
}

/// Something is wrong, or not so plain that columns could be taken as they are.
#[derive(Debug)]
pub(crate) struct NotInBulk;

impl From<ReadError> for NotInBulk {
    fn from(_: ReadError) -> NotInBulk {
        NotInBulk
    }
}

/// Takes columns, and how many bytes of the file they came from.
pub(crate) type Take<'a> = dyn FnMut(&Batch<'_>, u64) + 'a;

/// Takes tables by columns where their source has them so, and else gathers their rows to columns.
pub(crate) struct Bulk<'a> {
    schema: &'a Schema,
    /// What is said of the tables, without any row.
    said: DatasetBuilder,
    data: PreparedBuilder,
    rows: BTreeMap<Noun, Gathering<'a>>,
    has_failed: bool,
    progress: Progress,
    watch: &'a mut dyn FnMut(Progress),
}

impl<'a> Bulk<'a> {
    pub(crate) fn new(
        rules: &'a RuleSet,
        of_bytes: u64,
        watch: &'a mut dyn FnMut(Progress),
    ) -> Bulk<'a> {
        let schema = rules.schema();
        let mut data = rules.prepare_columns();
        data.check_all();
        let progress = Progress { of_bytes, ..Progress::default() };
        let (said, rows) = (Dataset::builder(schema), BTreeMap::new());
        Bulk { schema, said, data, rows, has_failed: false, progress, watch }
    }

    /// All that was taken; nothing where anything is wrong with it.
    pub(crate) fn finish(mut self) -> Option<(Prepared, Vec<Problem>)> {
        for (_, mut gathering) in std::mem::take(&mut self.rows) {
            self.hand_over(&mut gathering);
        }
        if self.has_failed {
            return None;
        }
        let (said, notes) = self.said.build().ok()?;
        // A JSON file with all tables is read into a dataset.
        if tables().any(|noun| said.count(noun) > 0) {
            return None;
        }
        said.complete_from().into_iter().for_each(|day| {
            self.data.complete_from(day);
        });
        said.complete_through().into_iter().for_each(|day| {
            self.data.complete_through(day);
        });
        let (prepared, _) = self.data.finish().ok()?;
        Some((prepared, notes))
    }

    fn gather(&mut self, record: &Record<'_>) -> Result<(), NotInBulk> {
        let (noun, schema, data) = (record.noun, self.schema, &self.data);
        let mut gathering = self.rows.remove(&noun).unwrap_or_else(|| {
            let all: Vec<Option<&str>> =
                schema.fields(noun).iter().map(|field| Some(field.name.as_str())).collect();
            Gathering::new(Fields::new(schema, noun, &all, |name| data.reads(noun, name)))
        });
        gathering.add(record)?;
        if gathering.is_full() {
            self.hand_over(&mut gathering);
        }
        self.rows.insert(noun, gathering);
        Ok(())
    }

    fn hand_over(&mut self, gathering: &mut Gathering<'_>) {
        let gathered = gathering.gathered();
        match gathered {
            Ok(gathered) => self.take(&gathered.batch(gathering.fields()), 0),
            Err(NotInBulk) => self.has_failed = true,
        }
    }

    fn take(&mut self, batch: &Batch<'_>, bytes: u64) {
        self.data.add(batch);
        self.progress.rows += u64::try_from(batch.rows()).unwrap_or(0);
        self.passed(bytes);
    }
}

impl Rows for Bulk<'_> {
    fn record(&mut self, record: Record<'_>) {
        if !self.has_failed {
            self.has_failed = !record.usable || self.gather(&record).is_err();
        }
    }

    fn builder(&mut self) -> &mut DatasetBuilder {
        &mut self.said
    }

    fn passed(&mut self, bytes: u64) {
        self.progress.bytes = self.progress.of_bytes.min(self.progress.bytes + bytes);
        (self.watch)(self.progress);
    }

    fn take_table(
        &mut self,
        source: &dyn Source,
        table: usize,
        noun: Noun,
        columns: &[Option<&str>],
    ) -> bool {
        if self.has_failed {
            return true;
        }
        let fields = Fields::new(self.schema, noun, columns, |name| self.data.reads(noun, name));
        let mut take = |batch: &Batch<'_>, bytes: u64| self.take(batch, bytes);
        match source.batches(table, &fields, &mut take) {
            Ok(has_batches) => has_batches,
            Err(NotInBulk) => {
                self.has_failed = true;
                true
            }
        }
    }
}
