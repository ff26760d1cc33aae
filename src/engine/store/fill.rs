//! Columns of a batch into a draft: whole ones at once where their type is the field's, cell by
//! cell where not.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::activities;
use super::at_once::{ASK, Found, Way, dates, local_instants, numbers};
use super::batch::{Column, Values};
use super::builder::{Role, Slot, StoreBuilder};
use super::cells::{Cell, MICROSECONDS, NANOSECONDS};
use super::column::MISSING;
use super::draft::{DraftColumn, LocalInstant, append};
use super::local::day_number;
use super::names::Names;
use crate::check::rules::ActivityStatus;
use crate::model::builder::COMPANY;
use crate::model::builder::read::Input;
use crate::model::builder::say;
use crate::model::{FieldType, Noun, Value};

/// A value of a field's type.
#[derive(Debug, Clone, Copy)]
enum Read {
    Unknown,
    Unreadable,
    /// An id, the place of a text, kind or status, or 0 and 1 for no and yes.
    Code(u32),
    Number(Decimal),
    Date(NaiveDate),
    Instant(LocalInstant),
}

impl StoreBuilder {
    /// Rows of a table whose column of ids is missing.
    pub(super) fn add_without_ids(&mut self, noun: Noun, start: usize, rows: usize) {
        let Some(slot) = self.id_slot(noun) else {
            // They get ids when all rows are there.
            if let Some(table) = self.draft.tables.get_mut(noun.index()) {
                table.ids.resize(start + rows, MISSING);
            }
            return;
        };
        let codes = (start..start + rows).map(|row| self.without(&slot, row)).collect();
        self.put_codes(&slot, start, codes);
    }

    pub(super) fn start_rows(&mut self, noun: Noun, count: usize) {
        if noun == Noun::Activity {
            self.draft.activities.classes.resize(count, 0);
        }
    }

    pub(super) fn start_times(&mut self, count: usize) {
        let activities = &mut self.draft.activities;
        activities.days.resize(count, 0);
        (activities.clock.len()..count).for_each(|_| activities.clock.push(0));
    }

    /// Adds the values of a column, of which some were found at once, for rows from `start` on.
    pub(super) fn fill(
        &mut self,
        slot: &Slot,
        (column, found): (&Column<'_>, Found),
        start: usize,
        rows: usize,
    ) {
        match (slot.role, slot.kind) {
            (Role::At, _) => self.times(slot, (column, found), start, rows),
            (_, FieldType::Number) => {
                let numbers = numbers(column, rows);
                let of = |read| match read {
                    Read::Number(number) => Some(number),
                    _ => None,
                };
                let numbers = self.values(numbers, slot, (column, start, rows), of);
                if let Some(DraftColumn::Number(values)) = self.column_mut(slot) {
                    append(values, start, numbers, None);
                }
            }
            (_, FieldType::Date) => {
                let of = |read| match read {
                    Read::Date(day) => Some(day),
                    _ => None,
                };
                let days = self.values(dates(column, rows), slot, (column, start, rows), of);
                if let Some(DraftColumn::Date(values)) = self.column_mut(slot) {
                    append(values, start, days, None);
                }
            }
            (_, FieldType::Instant) => {
                let of = |read| match read {
                    Read::Instant(instant) => Some(instant),
                    _ => None,
                };
                let instants = self.instants(column, rows);
                let instants = self.values(instants, slot, (column, start, rows), of);
                if let Some(DraftColumn::Instant(values)) = self.column_mut(slot) {
                    append(values, start, instants, None);
                }
            }
            _ => {
                let codes = self.codes(slot, (column, found), start, rows);
                self.put_codes(slot, start, codes);
            }
        }
    }

    /// None where the values are not kept.
    fn column_mut(&mut self, slot: &Slot) -> Option<&mut DraftColumn> {
        if !self.has_column(slot) {
            return None;
        }
        let table = self.draft.tables.get_mut(slot.field.noun.index())?;
        table.columns.get_mut(slot.field.index)
    }

    fn put_codes(&mut self, slot: &Slot, start: usize, codes: Vec<u32>) {
        let noun = slot.field.noun;
        let classes = |builder: &mut Self, weight: u32| {
            let classes = builder.draft.activities.classes.iter_mut().skip(start);
            for (class, code) in classes.zip(&codes) {
                let part = if *code == MISSING { 0 } else { weight * code };
                *class = class.saturating_add(u16::try_from(part).unwrap_or(u16::MAX));
            }
        };
        match slot.role {
            Role::Kind => classes(self, 4),
            Role::Status => classes(self, 1),
            Role::Id => {
                let reads_ids = self.wants(slot.field);
                let texts = reads_ids.then(|| self.texts_of_ids(noun, &codes));
                if let (Some(texts), Some(DraftColumn::Codes(_, values))) =
                    (texts, self.column_mut(slot))
                {
                    append(values, start, texts, MISSING);
                }
                if let Some(table) = self.draft.tables.get_mut(noun.index()) {
                    append(&mut table.ids, start, codes, MISSING);
                }
            }
            _ => {
                if let Some(DraftColumn::Codes(_, values) | DraftColumn::Reference(_, values)) =
                    self.column_mut(slot)
                {
                    append(values, start, codes, MISSING);
                }
            }
        }
    }

    /// For rules that read ids as texts.
    fn texts_of_ids(&mut self, noun: Noun, codes: &[u32]) -> Vec<u32> {
        let Some(names) = self.draft.names.get(noun.index()) else { return Vec::new() };
        let texts = &mut self.draft.texts;
        let text = |code: &u32| match *code {
            MISSING => MISSING,
            code => texts.code(&names.text(code)),
        };
        codes.iter().map(text).collect()
    }

    /// How a column is read at once, where its type is the field's.
    pub(super) fn way(&mut self, slot: &Slot, column: &Column<'_>) -> Way {
        match (slot.role, column.values) {
            (Role::At, Values::Microseconds(_) | Values::Nanoseconds(_)) => Way::Times,
            (Role::At, _) => Way::Cells,
            (_, Values::I32(_) | Values::I64(_)) if self.are_numbers(slot) => Way::Ids,
            (_, Values::Booleans(_)) if slot.kind == FieldType::YesNo => Way::YesNo,
            (_, Values::Dictionary { texts, .. }) if is_code(slot.kind) => {
                let mut code = |place| match self.read(slot, &Input::Text(texts.get(place)?)) {
                    Read::Code(code) => Some(code),
                    Read::Unknown => Some(MISSING),
                    _ => None,
                };
                Way::Texts((0..texts.len()).map(|place| code(place).unwrap_or(ASK)).collect())
            }
            _ => Way::Cells,
        }
    }

    /// The codes of a column, [`MISSING`] where it has none.
    fn codes(
        &mut self,
        slot: &Slot,
        (column, found): (&Column<'_>, Found),
        start: usize,
        rows: usize,
    ) -> Vec<u32> {
        let mut codes = match found {
            Found::Codes(codes) => codes,
            _ => vec![ASK; rows],
        };
        if slot.role != Role::Other && codes.contains(&MISSING) {
            for (row, code) in (start..).zip(&mut codes) {
                if *code == MISSING {
                    *code = self.without(slot, row);
                }
            }
        }
        if codes.contains(&ASK) {
            for (row, code) in codes.iter_mut().enumerate().filter(|(_, code)| **code == ASK) {
                *code = match self.ask(slot, column, start, row) {
                    Read::Code(code) => code,
                    _ => MISSING,
                };
            }
        }
        codes
    }

    /// What stands for a kind, status or id that is not there.
    fn without(&mut self, slot: &Slot, row: usize) -> u32 {
        if slot.field.noun == Noun::Company && slot.role == Role::Id {
            let names = self.draft.names.get_mut(Noun::Company.index());
            return names.map_or(MISSING, |names| names.code(COMPANY));
        }
        self.say_missing(slot, row);
        MISSING
    }

    /// Whether numbers are codes of ids.
    fn are_numbers(&mut self, slot: &Slot) -> bool {
        let noun = match slot.kind {
            FieldType::Reference(noun) => noun,
            _ if slot.role == Role::Id && slot.field.noun != Noun::Company => slot.field.noun,
            _ => return false,
        };
        self.draft.names.get_mut(noun.index()).is_some_and(Names::are_numbers)
    }

    /// Values of a column: those that were read at once, or else cell by cell.
    fn values<T>(
        &mut self,
        read: Option<Vec<Option<T>>>,
        slot: &Slot,
        (column, start, rows): (&Column<'_>, usize, usize),
        of: impl Fn(Read) -> Option<T>,
    ) -> Vec<Option<T>> {
        let ask = |row| of(self.ask(slot, column, start, row));
        read.unwrap_or_else(|| (0..rows).map(ask).collect())
    }

    /// Looks at a cell, and says what is wrong with it.
    fn ask(&mut self, slot: &Slot, column: &Column<'_>, start: usize, row: usize) -> Read {
        let (name, number) = (slot.name.as_str(), start + row);
        let input = match column.cell(row) {
            Cell::Known(input) => input,
            Cell::Unknown => Input::Text(""),
            Cell::Nowhere(place) => {
                let expected = "expected the place of a text, from zero".to_owned();
                self.say(slot.field, number, (format!("`{name}` has no text {place}"), expected));
                return Read::Unreadable;
            }
        };
        let read = self.read(slot, &input);
        match read {
            Read::Unknown if slot.role == Role::At => self.say_missing(slot, number),
            Read::Unknown if slot.role != Role::Other => {
                return Read::Code(self.without(slot, number));
            }
            Read::Unreadable => {
                let (noun, text) = (slot.field.noun, input.text());
                let words = if slot.role == Role::Id {
                    say::other_company(&text)
                } else {
                    let schema = &self.purpose.schema;
                    say::unreadable(&mut self.faults, schema, noun, (name, slot.kind), &text)
                };
                self.say(slot.field, number, words);
            }
            _ => {}
        }
        read
    }

    fn read(&mut self, slot: &Slot, input: &Input<'_>) -> Read {
        let text = input.text();
        let written = text.trim();
        if written.is_empty() {
            return Read::Unknown;
        }
        let noun = slot.field.noun;
        let place = |place: Option<usize>| {
            let code = place.and_then(|place| u32::try_from(place).ok());
            code.map_or(Read::Unreadable, Read::Code)
        };
        let name_of = match (slot.role, slot.kind) {
            (Role::Id, _) if noun == Noun::Company && text != COMPANY => return Read::Unreadable,
            (Role::Id, _) => Some(noun),
            (_, FieldType::Reference(target)) => Some(target),
            _ => None,
        };
        if let Some(noun) = name_of {
            let names = self.draft.names.get_mut(noun.index());
            return names.map_or(Read::Unknown, |names| Read::Code(names.code(&text)));
        }
        if slot.role == Role::Kind {
            let kinds = self.purpose.schema.kinds();
            return place(kinds.iter().position(|kind| kind == written));
        }
        let zone = self.purpose.schema.zone();
        match input.value(slot.kind, zone, &mut self.shared) {
            None | Some(Value::Reference(_)) => Read::Unreadable,
            Some(Value::Unknown) => Read::Unknown,
            Some(Value::Text(text)) if slot.role == Role::Status => Read::Code(status_code(&text)),
            Some(Value::Text(text)) => Read::Code(self.draft.texts.code(&text)),
            Some(Value::YesNo(yes)) => Read::Code(yes.into()),
            Some(Value::Number(number)) => Read::Number(number),
            Some(Value::Date(day)) => Read::Date(day),
            Some(Value::Instant(at, day)) => Read::Instant((at, day)),
        }
    }

    /// The local day that a cell says, if it does.
    pub(super) fn day(
        &mut self,
        slot: &Slot,
        column: &Column<'_>,
        row: usize,
    ) -> Option<NaiveDate> {
        let Cell::Known(input) = column.cell(row) else { return None };
        match self.read(slot, &input) {
            Read::Instant((_, day)) => Some(day),
            _ => None,
        }
    }

    /// Days and times of activities.
    fn times(
        &mut self,
        slot: &Slot,
        (column, found): (&Column<'_>, Found),
        start: usize,
        rows: usize,
    ) {
        self.start_times(start);
        let Found::Times(portions) = found else {
            for row in 0..rows {
                let (mut day, mut time) = (0, 0);
                if let Read::Instant((at, date)) = self.ask(slot, column, start, row) {
                    let day_start = self.purpose.calendar.start_of(date);
                    let since_start = (at - day_start).num_nanoseconds();
                    time = since_start.and_then(|time| u64::try_from(time).ok()).unwrap_or(0);
                    day = day_number(date);
                }
                self.draft.activities.days.push(day);
                self.draft.activities.clock.push(time);
            }
            return;
        };
        for (days, clock, ask) in portions {
            self.draft.activities.days.extend_from_slice(&days);
            self.draft.activities.clock.extend(&clock);
            for row in ask {
                self.ask(slot, column, start, row);
            }
        }
    }

    fn instants(&self, column: &Column<'_>, rows: usize) -> Option<Vec<Option<LocalInstant>>> {
        let calendar = &self.purpose.calendar;
        match column.values {
            Values::Microseconds(of_rows) => {
                local_instants::<MICROSECONDS>(calendar, column, of_rows, rows)
            }
            Values::Nanoseconds(of_rows) => {
                local_instants::<NANOSECONDS>(calendar, column, of_rows, rows)
            }
            _ => None,
        }
    }
}

/// Whether values of a type are kept as codes.
fn is_code(kind: FieldType) -> bool {
    !matches!(kind, FieldType::Number | FieldType::Date | FieldType::Instant)
}

fn status_code(text: &str) -> u32 {
    let status = match text {
        "planned" => ActivityStatus::Planned,
        "completed" => ActivityStatus::Completed,
        _ => ActivityStatus::Cancelled,
    };
    activities::class(0, status)
}
