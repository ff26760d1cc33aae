//! One row: its cells read, its id taken, what is wrong with it said.

use super::draft::{DraftRow, DraftTable, Slot};
use super::faults::{FileNumber, Spot};
use super::read::Input;
use super::say;
use super::{DatasetBuilder, FieldType, Noun, Problem, Value};

/// The id of the one company.
pub(crate) const COMPANY: &str = "company";

impl DatasetBuilder {
    pub(super) fn push<'a, N: AsRef<str>>(
        &mut self,
        noun: Noun,
        (file, start): (FileNumber, Spot),
        cells: impl Iterator<Item = (N, Input<'a>, Spot)>,
        usable: bool,
    ) {
        let Some(table) = self.tables.get_mut(noun.index()) else { return };
        let mut row = table.start_row(file, start);
        for (name, input, spot) in cells {
            self.cell(noun, &mut row, name.as_ref(), &input, spot);
        }
        if usable {
            self.check_required(noun, &mut row);
        } else {
            row.is_bad = true;
        }
        self.say_findings(noun, &mut row);
        if let Some(table) = self.table_mut(noun) {
            table.rows.push(row);
        }
    }

    fn table_mut(&mut self, noun: Noun) -> Option<&mut DraftTable> {
        self.tables.get_mut(noun.index())
    }

    fn cell(&mut self, noun: Noun, row: &mut DraftRow, name: &str, input: &Input<'_>, spot: Spot) {
        let Some(slot) = self.table_mut(noun).and_then(|table| table.slot(name)) else {
            return self.say_unknown_field(noun, row.file, name, spot);
        };
        let text = input.text();
        if text.trim().is_empty() {
            return;
        }
        if row.has(slot) {
            return row.find(spot, format!("`{name}` is given twice"), "expected it once");
        }
        let value = match slot.kind {
            FieldType::Reference(target) => self.reference(noun, slot, target, &text, spot),
            FieldType::Text if name == "id" && noun.has_id() => {
                self.id(noun, row, &text, spot);
                Some(Value::Text(row.id.clone()))
            }
            FieldType::Text if name == "kind" && noun == Noun::Activity => {
                let kind = text.trim();
                let is_known = self.schema.kinds().iter().any(|known| known == kind);
                is_known.then(|| Value::Text(self.texts.shared(kind)))
            }
            kind => input.value(kind, self.schema.zone(), &mut self.texts),
        };
        match value {
            Some(value) => row.set(slot, value),
            None => self.say_unreadable(noun, row, (name, slot), &text, spot),
        }
    }

    fn reference(
        &mut self,
        noun: Noun,
        slot: Slot,
        target: Noun,
        text: &str,
        spot: Spot,
    ) -> Option<Value> {
        self.table_mut(noun)?.set_spot(slot, spot);
        Some(Value::Reference(self.table_mut(target)?.symbol(text)))
    }

    fn id(&mut self, noun: Noun, row: &mut DraftRow, text: &str, spot: Spot) {
        if noun == Noun::Company && text != COMPANY {
            let (message, expected) = say::other_company(text);
            return row.find(spot, message, expected);
        }
        let Some(table) = self.table_mut(noun) else { return };
        let (id, first) = table.define(text);
        row.id = id;
        if let Some(first) = first {
            let place = self.faults.place(first.0, first.1).map(|place| place.to_string());
            let (message, expected) = say::given_twice(noun, text, place);
            row.find(spot, message, expected);
        }
    }

    fn check_required(&mut self, noun: Noun, row: &mut DraftRow) {
        if noun == Noun::Company && row.id.is_empty() {
            let start = row.start;
            self.cell(noun, row, "id", &Input::Text(COMPANY), start);
        }
        let id = noun.has_id().then_some("id");
        for name in id.into_iter().chain(noun.required().iter().copied()) {
            let slot = self.table_mut(noun).and_then(|table| table.slot(name));
            if slot.is_some_and(|slot| !row.has(slot)) {
                let (message, expected) = say::missing(noun, name);
                let start = row.start;
                row.find(start, message, expected);
            }
        }
    }

    fn say_unreadable(
        &mut self,
        noun: Noun,
        row: &mut DraftRow,
        (name, slot): (&str, Slot),
        text: &str,
        spot: Spot,
    ) {
        let said = (name, slot.kind);
        let (message, mend) = say::unreadable(&mut self.faults, &self.schema, noun, said, text);
        row.find_in(slot, spot, message, mend);
    }

    /// Once for each table.
    pub(super) fn say_unknown_field(
        &mut self,
        noun: Noun,
        file: FileNumber,
        name: &str,
        spot: Spot,
    ) {
        let key = (noun, Box::from(name));
        if self.unknown_fields.contains(&key) {
            return;
        }
        self.unknown_fields.insert(key);
        let note = say::unknown_field(&mut self.faults, &self.schema, noun, name);
        self.faults.note(Problem { place: self.faults.place(file, spot), ..note });
    }

    fn say_findings(&mut self, noun: Noun, row: &mut DraftRow) {
        if row.findings.is_empty() {
            return;
        }
        row.is_bad = true;
        let subject = row.subject(noun);
        for finding in std::mem::take(&mut row.findings) {
            self.faults.error(Problem {
                place: self.faults.place(row.file, finding.spot),
                subject: subject.clone(),
                message: finding.message,
                expected: Some(finding.expected),
            });
        }
    }
}
