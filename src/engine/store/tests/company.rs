//! A company made from a seed: its tables as texts, and those as batches or as a dataset.

use std::collections::BTreeSet;

use crate::engine::store::{Batch, Store, StoreBuilder, Texts, Validity, Values};
use crate::model::calendar::Calendar;
use crate::model::{Cell, Dataset, FieldRef, Moment, Noun, Problems, Record, Schema};

/// Small numbers from a seed.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Dice(seed)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub(super) fn pick<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> &'t T {
        of[self.below(of.len())]
    }
}

/// Rows of one noun, a text for each field; a blank one is unknown.
pub(super) struct Rows {
    pub(super) noun: Noun,
    pub(super) fields: &'static [&'static str],
    pub(super) rows: Vec<Vec<String>>,
}

pub(super) struct Company {
    pub(super) tables: Vec<Rows>,
}

const TABLES: &[(Noun, &[&str])] = &[
    (Noun::Team, &["id", "name", "parent"]),
    (Noun::Seller, &["id", "name", "team", "started"]),
    (Noun::Customer, &["id", "segment", "owner", "created", "revenue"]),
    (Noun::Contact, &["id", "customer"]),
    (Noun::Lead, &["id", "temperature", "owner", "created", "customer"]),
    (Noun::Opportunity, &["id", "customer", "lead", "owner", "status", "amount", "closed"]),
    (Noun::Campaign, &["id", "owner", "start"]),
    (Noun::Absence, &["seller", "from", "until"]),
    (Noun::Member, &["campaign", "customer", "lead"]),
    (
        Noun::Activity,
        &[
            "id",
            "kind",
            "status",
            "at",
            "created",
            "seller",
            "customer",
            "contact",
            "lead",
            "opportunity",
            "follows",
            "minutes",
        ],
    ),
];

/// How the things of a noun are called.
fn id(style: usize, number: usize) -> String {
    match style {
        0 => number.to_string(),
        1 => format!("c{number}"),
        2 => format!("x-{number:04}"),
        3 => format!("{number:03}"),
        _ => format!("{}{number}", ["æ", "b", "0"][number % 3]),
    }
}

impl Company {
    /// With `is_faulty`, some of the values cannot be used.
    pub(super) fn new(seed: u64, is_faulty: bool) -> Company {
        let mut dice = Dice::new(seed);
        let styles: Vec<usize> = Noun::ALL.iter().map(|_| dice.below(5)).collect();
        let counts: Vec<usize> = TABLES
            .iter()
            .map(|(noun, _)| if *noun == Noun::Activity { dice.below(60) } else { dice.below(6) })
            .collect();
        let tables = TABLES.iter().zip(&counts).map(|((noun, fields), count)| {
            let mut ids: Vec<usize> = (0..*count).map(|n| n * 7 + 1).collect();
            for n in (1..ids.len()).rev() {
                ids.swap(n, dice.below(n + 1));
            }
            let mut row = |number: usize| {
                let mut cell = |field: &&str| {
                    let bad = is_faulty && dice.one_in(40);
                    let of = |noun: Noun, dice: &mut Dice| {
                        let table = TABLES.iter().position(|(other, _)| *other == noun).unwrap();
                        if counts[table] == 0 || dice.one_in(3) {
                            return if bad { "nobody".to_owned() } else { String::new() };
                        }
                        let number = dice.below(counts[table]) * 7 + 1 + usize::from(bad);
                        id(styles[noun.index()], number)
                    };
                    let optional = |text: String, dice: &mut Dice| {
                        if dice.one_in(3) { String::new() } else { text }
                    };
                    let day = format!("2026-0{}-1{}", 1 + dice.below(3), dice.below(4));
                    match *field {
                        "id" if bad && dice.one_in(2) => String::new(),
                        "id" if bad => id(styles[noun.index()], 1),
                        "id" => id(styles[noun.index()], number),
                        "kind" if bad => "cal".to_owned(),
                        "kind" => dice.pick(&["call", "visit", "email"]).to_owned(),
                        "status" if bad => "plannd".to_owned(),
                        "status" if *noun == Noun::Activity => {
                            dice.pick(&["planned", "completed", "cancelled"]).to_owned()
                        }
                        "status" => dice.pick(&["open", "won", ""]).to_owned(),
                        "temperature" => dice.pick(&["hot", "cold", ""]).to_owned(),
                        "at" if bad => String::new(),
                        "at" => {
                            let seconds = if dice.one_in(9) { ":07.25" } else { "" };
                            format!("{day}T{:02}:{:02}{seconds}Z", dice.below(24), dice.below(60))
                        }
                        "created" if matches!(noun, Noun::Activity | Noun::Lead) => {
                            optional(format!("{day}T07:30Z"), &mut dice)
                        }
                        "started" | "closed" | "start" | "from" | "until" | "created" => {
                            let day = if bad { "2026-02-30".to_owned() } else { day };
                            optional(day, &mut dice)
                        }
                        "revenue" | "amount" | "minutes" => {
                            let number = format!("{}.{}5", dice.below(90), dice.below(10));
                            let number = if bad { "5 €".to_owned() } else { number };
                            optional(number, &mut dice)
                        }
                        "team" => of(Noun::Team, &mut dice),
                        // Without circles: a team is below those before it.
                        "parent" if number > 1 && !dice.one_in(3) => {
                            id(styles[Noun::Team.index()], 7 * dice.below(number / 7) + 1)
                        }
                        "parent" if bad => id(styles[Noun::Team.index()], number),
                        "parent" => String::new(),
                        "owner" | "seller" => of(Noun::Seller, &mut dice),
                        "customer" => of(Noun::Customer, &mut dice),
                        "contact" => of(Noun::Contact, &mut dice),
                        "lead" => of(Noun::Lead, &mut dice),
                        "opportunity" => of(Noun::Opportunity, &mut dice),
                        "campaign" => of(Noun::Campaign, &mut dice),
                        "follows" => of(Noun::Activity, &mut dice),
                        _ => optional(dice.pick(&["A", "B", "Æ C"]).to_owned(), &mut dice),
                    }
                };
                fields.iter().map(&mut cell).collect()
            };
            let rows = ids.into_iter().map(&mut row).collect();
            Rows { noun: *noun, fields, rows }
        });
        let tables = tables.collect();
        Company { tables }
    }

    pub(super) fn store_of_dataset(
        &self,
        schema: &Schema,
        calendar: &Calendar,
        reads: &BTreeSet<FieldRef>,
    ) -> Result<Store, Problems> {
        let mut builder = Dataset::builder(schema);
        for table in &self.tables {
            for (row, line) in table.rows.iter().zip(1..) {
                let cell = |(text, field): (&'_ String, &'static str)| {
                    let place = schema.field_ref(table.noun, field).unwrap().index;
                    let column = u32::try_from(place).unwrap() + 1;
                    (text.clone(), field, column)
                };
                let cells: Vec<_> =
                    row.iter().zip(table.fields.iter().copied()).map(cell).collect();
                let cells: Vec<Cell<'_>> = cells
                    .iter()
                    .map(|(text, field, column)| Cell { field, text, line, column: *column })
                    .collect();
                let (noun, file) = (table.noun, table.noun.table());
                builder.record(Record { noun, file, line, column: 1, cells: &cells, usable: true });
            }
        }
        let (data, _) = builder.build()?;
        Ok(Store::new(&data, calendar, reads))
    }

    /// Each table in up to `most` batches, whose columns are encoded in one of several ways.
    pub(super) fn fill(&self, builder: &mut StoreBuilder, dice: &mut Dice, most: usize) {
        for table in &self.tables {
            let mut start = 0;
            for part in (1..=most).rev() {
                let left = table.rows.len() - start;
                let count = if part == 1 { left } else { dice.below(left + 1) };
                table.with_batch(start..start + count, dice, &mut |batch| {
                    builder.add(batch);
                });
                start += count;
            }
        }
    }
}

/// A column with its own memory.
enum Owned {
    Texts(Vec<String>),
    Joined(String, Vec<i32>),
    Dictionary(Vec<i32>, Vec<String>),
    Numbers(Vec<i64>),
    Decimals(Vec<i64>),
    Dates(Vec<i32>),
    Microseconds(Vec<i64>),
}

fn encode(texts: &[&str], dice: &mut Dice) -> Owned {
    fn all<T>(texts: &[&str], of: impl Fn(&str) -> Option<T>) -> Option<Vec<T>>
    where
        T: Default,
    {
        let of = |text: &&str| if text.is_empty() { Some(T::default()) } else { of(text) };
        texts.iter().map(of).collect()
    }
    let typed = dice.below(4) > 0;
    let number = |t: &str| t.parse::<i64>().ok().filter(|n| n.to_string() == t);
    let numbers = all(texts, number).filter(|_| typed);
    let hundredths = |t: &str| {
        let (whole, rest) = t.split_once('.').filter(|(_, rest)| rest.len() == 2)?;
        Some(number(whole)? * 100 + rest.parse::<i64>().ok()?)
    };
    let dates = |t: &str| {
        let day: chrono::NaiveDate = t.parse().ok()?;
        Some(crate::engine::store::local::day_number(day))
    };
    let micros = |t: &str| match t.parse().ok()? {
        Moment::Utc(at) => Some(at.timestamp_micros()),
        Moment::Local(_) => None,
    };
    if let Some(numbers) = numbers {
        return Owned::Numbers(numbers);
    }
    if let Some(mantissas) = all(texts, hundredths).filter(|_| typed) {
        return Owned::Decimals(mantissas);
    }
    if let Some(days) = all(texts, dates).filter(|_| typed) {
        return Owned::Dates(days);
    }
    if let Some(instants) = all(texts, micros).filter(|_| typed) {
        return Owned::Microseconds(instants);
    }
    let owned = || texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    match dice.below(3) {
        0 => Owned::Texts(owned()),
        1 => {
            let mut offsets = vec![0];
            for text in texts {
                offsets.push(offsets.last().unwrap() + i32::try_from(text.len()).unwrap());
            }
            Owned::Joined(texts.concat(), offsets)
        }
        _ => {
            let known: BTreeSet<&str> = texts.iter().copied().collect();
            let place = |text: &&str| known.iter().position(|other| other == text).unwrap();
            let codes = texts.iter().map(|text| i32::try_from(place(text)).unwrap()).collect();
            Owned::Dictionary(codes, known.into_iter().map(str::to_owned).collect())
        }
    }
}

impl Rows {
    /// The position of a field.
    pub(super) fn at(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|name| *name == field)
    }

    pub(super) fn with_batch(
        &self,
        rows: std::ops::Range<usize>,
        dice: &mut Dice,
        take: &mut dyn FnMut(&Batch<'_>),
    ) {
        let (count, rows) = (rows.len(), &self.rows[rows]);
        let mut columns = Vec::new();
        for (field, name) in self.fields.iter().enumerate() {
            let texts: Vec<&str> = rows.iter().map(|row| row[field].as_str()).collect();
            let mut bits = vec![0_u8; count.div_ceil(8) + 1];
            for (row, text) in texts.iter().enumerate() {
                bits[(row + 3) / 8] |= u8::from(!text.is_empty()) << ((row + 3) % 8);
            }
            let owned = encode(&texts, dice);
            columns.push((*name, owned, bits));
        }
        let slices: Vec<Vec<&str>> = columns
            .iter()
            .map(|(_, owned, _)| match owned {
                Owned::Texts(texts) | Owned::Dictionary(_, texts) => {
                    texts.iter().map(String::as_str).collect()
                }
                _ => Vec::new(),
            })
            .collect();
        let mut batch = Batch::new(self.noun, count);
        for ((name, owned, bits), slices) in columns.iter().zip(&slices) {
            let values = match owned {
                Owned::Texts(_) => Values::Texts(Texts::List(slices)),
                Owned::Joined(text, offsets) => Values::Texts(Texts::Joined { text, offsets }),
                Owned::Dictionary(codes, _) => {
                    Values::Dictionary { codes, texts: Texts::List(slices) }
                }
                Owned::Numbers(numbers) => Values::I64(numbers),
                Owned::Decimals(mantissas) => Values::Decimals { mantissas, scale: 2 },
                Owned::Dates(days) => Values::Dates(days),
                Owned::Microseconds(instants) => Values::Microseconds(instants),
            };
            batch = batch.column_where(name, values, Validity::starting_at(bits, 3));
        }
        take(&batch);
    }
}
