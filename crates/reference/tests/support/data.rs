//! Random companies: small, and full of edges.

use chrono::NaiveDate;
use kadence::{Dataset, FieldDef, FieldType, Noun, Schema};

use super::dice::{Dice, plus};

/// A row as a file would hold it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) noun: Noun,
    pub(crate) cells: Vec<(String, String)>,
}

impl Row {
    /// What an id would be made from: the references, and the days of an absence.
    fn id(&self, schema: &Schema) -> Vec<&str> {
        let is_part = |name: &str| {
            let kind = schema.field(self.noun, name).map(|field| field.kind);
            matches!(kind, Some(FieldType::Reference(_) | FieldType::Date))
        };
        let parts = self.cells.iter().filter(|(name, _)| is_part(name));
        parts.map(|(_, text)| text.as_str()).collect()
    }
}

/// A whole company.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Company {
    pub(crate) rows: Vec<Row>,
    pub(crate) complete_from: Option<NaiveDate>,
    pub(crate) complete_through: Option<NaiveDate>,
}

impl Company {
    pub(crate) fn random(dice: &mut Dice, schema: &Schema, middle: NaiveDate) -> Self {
        let mut ids: Vec<(Noun, Vec<String>)> = Vec::new();
        for noun in Noun::ALL {
            ids.push((noun, some_ids(dice, noun)));
        }
        let mut rows = Vec::new();
        for (noun, own) in &ids {
            let mut seen = Vec::new();
            for (place, id) in own.iter().enumerate() {
                let row = row(dice, schema, middle, &ids, (*noun, place, id));
                // Absences and members that refer to the same have the same id.
                let refers = row.id(schema);
                if noun.has_id() || seen.iter().all(|other: &Row| other.id(schema) != refers) {
                    seen.push(row);
                }
            }
            rows.append(&mut seen);
        }
        let complete_from = dice.one_in(3).then(|| plus(middle, dice.between(-60, 10)));
        let complete_through = dice.one_in(3).then(|| plus(middle, dice.between(-20, 60)));
        let complete_from = complete_from.min(complete_through.or(complete_from));
        let mut company = Company { rows, complete_from, complete_through };
        company.as_much_data_is(dice);
        company
    }

    /// Often all is known, nobody notes when an activity was entered or what it follows, and many
    /// activities are on one day.
    fn as_much_data_is(&mut self, dice: &mut Dice) {
        if dice.one_in(2) {
            (self.complete_from, self.complete_through) = (None, None);
        }
        let (without_created, without_follows) = (dice.one_in(2), !dice.one_in(4));
        let is_left_out = |name: &str| {
            (without_created && name == "created") || (without_follows && name == "follows")
        };
        let is_busy = dice.one_in(3);
        let mut first_day: Option<String> = None;
        for row in self.rows.iter_mut().filter(|row| row.noun == Noun::Activity) {
            row.cells.retain(|(name, _)| !is_left_out(name));
            for (_, at) in row.cells.iter_mut().filter(|(name, _)| name == "at") {
                let day = first_day.get_or_insert_with(|| at[..10].to_owned());
                if is_busy && dice.one_in(2) {
                    at.replace_range(..10, day);
                }
            }
        }
    }

    pub(crate) fn dataset(&self, schema: &Schema) -> Dataset {
        let mut builder = Dataset::builder(schema);
        for (line, row) in (1..).zip(&self.rows) {
            let cells = row.cells.iter().map(|(name, text)| (name.as_str(), text.as_str(), 1));
            builder.row(row.noun, &cells.collect::<Vec<_>>(), "random", line);
        }
        if let Some(day) = self.complete_from {
            builder.complete_from(day);
        }
        if let Some(day) = self.complete_through {
            builder.complete_through(day);
        }
        builder.build().unwrap_or_else(|problems| panic!("{problems}\n{self}")).0
    }
}

impl std::fmt::Display for Company {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for row in &self.rows {
            let cells: Vec<String> =
                row.cells.iter().map(|(name, text)| format!("{name} {text}")).collect();
            writeln!(f, "{}: {}", row.noun, cells.join(", "))?;
        }
        write!(f, "complete from {:?} through {:?}", self.complete_from, self.complete_through)
    }
}

/// Ids whose order is not that of their numbers or of their letters without case.
fn some_ids(dice: &mut Dice, noun: Noun) -> Vec<String> {
    let count = match noun {
        Noun::Company => 0,
        Noun::Team | Noun::Opportunity | Noun::Lead | Noun::Campaign => 3,
        Noun::Seller | Noun::Customer => 3 + dice.below(2),
        Noun::Contact | Noun::Absence => 2,
        Noun::Member => 4,
        Noun::Activity => dice.below(40),
    };
    let first = noun.singular().chars().next().unwrap_or('x');
    let second = noun.singular().chars().nth(1).unwrap_or('x');
    let odd = ["10", "9", "-B", "ø", "_a", "100", "A"];
    let name = |place: usize| match odd.get(place) {
        Some(odd) => format!("{first}{second}{odd}"),
        None => format!("{first}{second}{}", 11 + place * 7 % 80),
    };
    (0..count).map(name).collect()
}

/// A row of random cells. Most are there.
fn row(
    dice: &mut Dice,
    schema: &Schema,
    middle: NaiveDate,
    ids: &[(Noun, Vec<String>)],
    (noun, place, id): (Noun, usize, &str),
) -> Row {
    let mut cells: Vec<(String, String)> = Vec::new();
    if noun.has_id() {
        cells.push(("id".to_owned(), id.to_owned()));
    }
    for field in schema.fields(noun) {
        let is_required = noun.required().contains(&field.name.as_str());
        if field.name == "id" || (!is_required && is_left_out(dice, noun, field)) {
            continue;
        }
        let text = match field.kind {
            FieldType::Text => text(dice, schema, noun, &field.name),
            FieldType::Number => {
                dice.pick(&["0", "1", "2", "5", "33.33", "100.5", "-3", "250000"]).to_owned()
            }
            FieldType::Date => dice.day(middle).to_string(),
            FieldType::Instant => dice.moment(middle),
            FieldType::YesNo => dice.pick(&["yes", "no"]).to_owned(),
            FieldType::OneOf(values) => dice.pick(values).to_owned(),
            FieldType::Reference(other) => {
                let known = ids.iter().find(|(n, _)| *n == other).map_or(&[][..], |(_, i)| i);
                // No team is its own parent, and nothing follows itself.
                let known = if other == noun { &known[..place] } else { known };
                match known {
                    [] => continue,
                    known => known[dice.below(known.len())].clone(),
                }
            }
        };
        cells.push((field.name.clone(), text));
    }
    let mut row = Row { noun, cells };
    straighten(&mut row, dice, middle);
    row
}

fn is_left_out(dice: &mut Dice, noun: Noun, field: &FieldDef) -> bool {
    match (noun, field.kind, field.name.as_str()) {
        // A few references are enough, so that not everything is about everything.
        (Noun::Activity, FieldType::Reference(Noun::Seller), _) => dice.one_in(4),
        (Noun::Activity, FieldType::Reference(Noun::Customer), _) => dice.one_in(2),
        (Noun::Activity, FieldType::Reference(_), _) => !dice.one_in(4),
        (Noun::Activity, _, "created") => dice.one_in(2),
        (Noun::Seller, _, "ended") => !dice.one_in(4),
        (Noun::Member, FieldType::Reference(_), _) => false,
        _ => dice.one_in(5),
    }
}

fn text(dice: &mut Dice, schema: &Schema, noun: Noun, field: &str) -> String {
    let of: &[&str] = match (noun, field) {
        (Noun::Activity, "kind") => {
            let known = schema.kinds();
            let any = known[dice.below(known.len())].as_str();
            return dice.pick(&["call", "visit", "meeting", "email", "offer", any, any]).to_owned();
        }
        (_, "segment") => &["A", "A", "B"],
        (_, "source" | "kind") => &["fair", "web"],
        (_, "country" | "region") => &["dk", "se", "north"],
        (_, "stage" | "status") => &["on hold", "active"],
        _ => &["much", "agenda", "a fair", "N"],
    };
    dice.pick(of).to_owned()
}

/// Makes a row one that the data can hold: an absence ends after it began, a member is either a
/// customer or a lead. Campaigns end together at times.
fn straighten(row: &mut Row, dice: &mut Dice, middle: NaiveDate) {
    match row.noun {
        Noun::Absence => {
            let from = dice.day(middle);
            let until = plus(from, dice.between(0, 20));
            row.cells.retain(|(name, _)| name != "from" && name != "until");
            row.cells.push(("from".to_owned(), from.to_string()));
            row.cells.push(("until".to_owned(), until.to_string()));
        }
        Noun::Campaign if dice.one_in(2) => {
            row.cells.retain(|(name, _)| name != "end");
            row.cells.push(("end".to_owned(), plus(middle, -7).to_string()));
        }
        Noun::Member => {
            let other = dice.pick(&["customer", "lead"]);
            row.cells.retain(|(name, _)| name != other);
        }
        _ => {}
    }
}
