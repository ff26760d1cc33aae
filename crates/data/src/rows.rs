//! What takes the rows of nouns: a dataset, or what prepares large data by columns.

use kadence::{DatasetBuilder, Noun, Record};

use crate::source::Source;

/// Takes the rows that are read, and what is said of them.
pub(crate) trait Rows {
    fn record(&mut self, record: Record<'_>);

    /// What takes all that is said of the rows.
    fn builder(&mut self) -> &mut DatasetBuilder;

    /// So many more bytes of the data were read.
    fn passed(&mut self, _bytes: u64) {}

    /// Takes a whole table in a way of its own, if it has one: whether it did. `columns` are the
    /// fields that its columns are for.
    fn take_table(
        &mut self,
        _source: &dyn Source,
        _table: usize,
        _noun: Noun,
        _columns: &[Option<&str>],
    ) -> bool {
        false
    }
}

impl Rows for DatasetBuilder {
    fn record(&mut self, record: Record<'_>) {
        DatasetBuilder::record(self, record);
    }

    fn builder(&mut self) -> &mut DatasetBuilder {
        self
    }
}
