//! Rows, taken together as columns.

use kadence::{Batch, Record};

use super::{Column, Field, Fields, NotInBulk, Texts};

/// So many rows or bytes are handed over at a time.
const ROWS: usize = 1 << 15;
const BYTES: usize = 1 << 22;

/// Rows that have become columns.
#[derive(Debug)]
pub(crate) struct Gathered {
    rows: usize,
    columns: Vec<Option<Column>>,
}

impl Gathered {
    pub(crate) fn new(
        rows: usize,
        columns: Vec<Option<Texts>>,
        fields: &Fields<'_>,
    ) -> Result<Gathered, NotInBulk> {
        let typed = |(texts, field): (Option<Texts>, &Option<Field<'_>>)| match (texts, field) {
            // A column of which nothing is known is as good as none.
            (Some(texts), _) if texts.is_blank() => Ok(None),
            (Some(texts), Some(field)) => texts.typed(field, fields.zone).map(Some),
            _ => Ok(None),
        };
        let columns = columns.into_iter().zip(&fields.columns).map(typed).collect::<Result<_, _>>();
        Ok(Gathered { rows, columns: columns? })
    }

    pub(crate) fn batch<'a>(&'a self, fields: &'a Fields<'_>) -> Batch<'a> {
        let columns = self.columns.iter().zip(&fields.columns);
        columns.fold(Batch::new(fields.noun, self.rows), |batch, pair| match pair {
            (Some(column), Some(field)) => column.add_to(batch, field.name),
            _ => batch,
        })
    }
}

/// The texts of the columns that are wanted, none yet.
pub(crate) fn no_texts(fields: &Fields<'_>) -> Vec<Option<Texts>> {
    fields.columns.iter().map(|field| field.map(|_| Texts::default())).collect()
}

/// Gathers the rows of a noun.
#[derive(Debug)]
pub(super) struct Gathering<'a> {
    fields: Fields<'a>,
    rows: usize,
    bytes: usize,
    columns: Vec<Option<Texts>>,
    /// In which columns the cells of the last row stand: most rows are alike.
    places: Vec<Option<usize>>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(fields: Fields<'a>) -> Gathering<'a> {
        let columns = no_texts(&fields);
        Gathering { fields, rows: 0, bytes: 0, columns, places: Vec::new() }
    }

    pub(super) fn fields(&self) -> &Fields<'a> {
        &self.fields
    }

    pub(super) fn add(&mut self, row: &Record<'_>) -> Result<(), NotInBulk> {
        for (number, cell) in row.cells.iter().enumerate() {
            let place = self.place(number, cell.field);
            let texts =
                place.and_then(|place| self.columns.get_mut(place)).and_then(Option::as_mut);
            let Some(texts) = texts else { continue };
            if texts.len() > self.rows {
                return Err(NotInBulk);
            }
            texts.push(cell.text.as_bytes());
            self.bytes += cell.text.len();
        }
        self.rows += 1;
        for texts in self.columns.iter_mut().flatten().filter(|texts| texts.len() < self.rows) {
            texts.push(b"");
        }
        Ok(())
    }

    /// The column of the field that a cell is for, the cell being at a place in its row.
    fn place(&mut self, number: usize, field: &str) -> Option<usize> {
        let is_of = |place: usize| {
            self.fields
                .columns
                .get(place)
                .is_some_and(|column| column.as_ref().is_some_and(|column| column.name == field))
        };
        let known = self.places.get(number).copied().flatten();
        if known.is_some_and(is_of) {
            return known;
        }
        let place = (0..self.fields.columns.len()).find(|place| is_of(*place));
        self.places.resize(self.places.len().max(number + 1), None);
        if let Some(known) = self.places.get_mut(number) {
            *known = place;
        }
        place
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= ROWS || self.bytes >= BYTES
    }

    /// What was gathered since it was last asked for.
    pub(super) fn gathered(&mut self) -> Result<Gathered, NotInBulk> {
        let columns = std::mem::replace(&mut self.columns, no_texts(&self.fields));
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        Gathered::new(rows, columns, &self.fields)
    }
}
