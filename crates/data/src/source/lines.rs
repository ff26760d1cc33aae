//! Calendars and contacts: files of which the libraries make rows at once.

use std::borrow::Cow;

use kadence::Problem;

use super::{Head, HeadColumn, Input, RawCell, RawRow, Sink, Source};
use crate::text::Spot;
use crate::{Fault, ReadError};

/// The occurrences of a calendar's events, or the cards of an address book.
pub(super) struct Lines {
    head: [Head; 1],
    /// Each with its line.
    rows: Vec<(usize, Vec<String>)>,
    faults: Vec<Fault>,
}

fn spot(line: usize) -> Spot {
    Spot { line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 }
}

impl Lines {
    /// The table `events`: what takes place from 2000 to 2040.
    #[cfg(feature = "ics")]
    pub(super) fn of_calendar(input: &Input) -> Result<Lines, ReadError> {
        use chrono::NaiveDate;

        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let range = day(2000, 1, 1)..=day(2040, 12, 31);
        // Times without a zone are handed on as they are written.
        let found = crate::calendar::occurrences(&input.read()?, chrono_tz::Tz::UTC, range)
            .map_err(|fault| broken(input, &fault, "expected an iCalendar file"))?;
        let rows = found.occurrences.iter();
        let rows = rows.map(|one| (one.event.line, one.cells().to_vec())).collect();
        let columns = &crate::calendar::COLUMNS;
        Ok(Lines::new("events", input, columns, rows, (found.faults, found.notes)))
    }

    /// The table `cards`.
    #[cfg(feature = "vcf")]
    pub(super) fn of_cards(input: &Input) -> Result<Lines, ReadError> {
        let found = crate::vcard::cards(&input.read()?)
            .map_err(|fault| broken(input, &fault, "expected a vCard file"))?;
        let rows = found.cards.iter().map(|card| (card.line, card.cells().to_vec())).collect();
        let columns = &crate::vcard::COLUMNS;
        Ok(Lines::new("cards", input, columns, rows, (found.faults, found.notes)))
    }

    fn new(
        name: &str,
        input: &Input,
        columns: &[&str],
        rows: Vec<(usize, Vec<String>)>,
        (faults, notes): (Vec<Fault>, Vec<Fault>),
    ) -> Lines {
        let column = |name: &&str| HeadColumn { name: (*name).to_owned(), at: Spot::START };
        let mut head = Head {
            name: name.to_owned(),
            file: input.name.clone(),
            columns: columns.iter().map(column).collect(),
            starts: columns.iter().position(|name| *name == "start"),
            ..Head::default()
        };
        let note = |fault: Fault| Problem { expected: None, ..problem(&head, fault) };
        head.notes = notes.into_iter().map(note).collect();
        Lines { head: [head], rows, faults }
    }
}

fn broken(input: &Input, fault: &Fault, expected: &str) -> ReadError {
    ReadError::broken(&input.name, spot(fault.line), fault.message.clone(), expected)
}

fn problem(head: &Head, fault: Fault) -> Problem {
    head.problem(spot(fault.line), fault.message, "it is left out")
}

impl Source for Lines {
    fn tables(&self) -> &[Head] {
        &self.head
    }

    fn read(&self, _table: usize, into: &mut dyn Sink) -> Result<(), ReadError> {
        let [head] = &self.head;
        for fault in &self.faults {
            into.problem(problem(head, fault.clone()));
        }
        for (line, texts) in &self.rows {
            let at = spot(*line);
            let cell =
                |text: &String| RawCell { text: Cow::Owned(text.clone()), is_exact: true, at };
            let cells: Vec<RawCell<'_>> = texts.iter().map(cell).collect();
            into.row(&RawRow { at, cells: &cells, usable: true });
        }
        Ok(())
    }
}
