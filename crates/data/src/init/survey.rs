//! What the columns of a source hold.

use std::collections::BTreeMap;

use kadence::Problem;

use crate::ReadError;
use crate::mapping::formats::{DateFormat, NumberFormat};
use crate::source::{Head, RawRow, Sink, Source};

/// A column with more different values than this is not one of few.
const FEW: usize = 40;

/// How many texts are held against formats.
const SAMPLES: usize = 500;

/// How dates may be written, the likeliest first; as kadence itself does before all others.
const DATES: [&str; 22] = [
    "31-12-2026",
    "31.12.2026",
    "31/12/2026",
    "12/31/2026",
    "31-12-2026 14:30",
    "31.12.2026 14:30",
    "31/12/2026 14:30",
    "12/31/2026 14:30",
    "12/31/2026 2:30 PM",
    "31-12-2026 14:30:00",
    "31.12.2026 14:30:00",
    "31/12/2026 14:30:00",
    "12/31/2026 14:30:00",
    "12/31/2026 2:30:00 PM",
    "2026-12-31 14:30:00",
    "2026-12-31T14:30:00+0100",
    "31.12.26",
    "31/12/26",
    "31 Dec 2026",
    "Dec 31, 2026",
    "epoch milliseconds",
    "epoch seconds",
];
const NUMBERS: [&str; 5] = ["1.234,56", "1,234.56", "1 234,56", "1'234.56", "1234,56"];

/// What a table holds.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) rows: usize,
    pub(super) columns: Vec<Column>,
}

/// What a column holds.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) known: usize,
    /// The first texts.
    pub(super) samples: Vec<String>,
    /// How often each value is there, where they are few.
    values: Option<BTreeMap<String, usize>>,
}

/// What the texts of a column are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// As kadence writes dates, or as the example shows.
    Date(Option<&'static str>),
    /// As kadence writes numbers, or as the example shows.
    Number(Option<&'static str>),
    YesNo,
    Text,
}

impl Survey {
    pub(super) fn of(source: &dyn Source, table: usize, head: &Head) -> Result<Survey, ReadError> {
        let column = |column: &crate::source::HeadColumn| Column {
            name: column.name.clone(),
            known: 0,
            samples: Vec::new(),
            values: Some(BTreeMap::new()),
        };
        let columns = head.columns.iter().map(column).collect();
        let mut survey = Survey { rows: 0, columns };
        source.read(table, &mut survey)?;
        Ok(survey)
    }
}

impl Sink for Survey {
    fn row(&mut self, row: &RawRow<'_>) {
        self.rows += 1;
        for (column, cell) in self.columns.iter_mut().zip(row.cells) {
            let text = cell.text.trim();
            if !text.is_empty() {
                column.add(text);
            }
        }
    }

    // It is said when the data is read.
    fn problem(&mut self, _problem: Problem) {}
}

impl Column {
    fn add(&mut self, text: &str) {
        self.known += 1;
        if self.samples.len() < SAMPLES {
            self.samples.push(text.to_owned());
        }
        let Some(values) = &mut self.values else { return };
        if let Some(count) = values.get_mut(text) {
            *count += 1;
        } else if values.len() < FEW {
            values.insert(text.to_owned(), 1);
        } else {
            self.values = None;
        }
    }

    /// The values, the most frequent first, where they are few.
    pub(super) fn values(&self) -> Option<Vec<&str>> {
        let mut values: Vec<(&String, &usize)> = self.values.as_ref()?.iter().collect();
        values.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        Some(values.into_iter().map(|(value, _)| value.as_str()).collect())
    }

    pub(super) fn form(&self) -> Form {
        if self.samples.is_empty() {
            return Form::Text;
        }
        let all = |fits: &dyn Fn(&str) -> bool| self.samples.iter().all(|text| fits(text));
        let is_plain = |text: &str| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let is_number = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            is_number
                && digits.parse::<f64>().is_ok()
                && digits.starts_with(|c: char| c.is_ascii_digit())
        };
        if all(&|text| text.parse::<kadence::Moment>().is_ok()) {
            return Form::Date(None);
        }
        if all(&|text| matches!(text.to_lowercase().as_str(), "true" | "false" | "yes" | "no")) {
            return Form::YesNo;
        }
        if all(&is_plain) {
            // Only the digits of a moment are as many as that.
            let are_moments = all(&|text| matches!(text.len(), 10 | 13) && !text.contains('.'));
            let epoch = if self.samples.iter().all(|text| text.len() == 13) {
                "epoch milliseconds"
            } else {
                "epoch seconds"
            };
            let sounds_so = ["time", "date", "at", "timestamp", "created"]
                .iter()
                .any(|word| super::words::plain(&self.name).split(' ').any(|part| part == *word));
            return if are_moments && sounds_so {
                Form::Date(Some(epoch))
            } else {
                Form::Number(None)
            };
        }
        let date = DATES.iter().filter(|example| !example.starts_with("epoch")).find(|example| {
            DateFormat::new(example).is_ok_and(|format| all(&|text| format.read(text).is_some()))
        });
        let number = || {
            NUMBERS.iter().find(|example| {
                let format = NumberFormat::new(example);
                format.is_ok_and(|format| all(&|text| format.read(text).is_some()))
            })
        };
        match (date, number) {
            (Some(example), _) => Form::Date(Some(example)),
            (None, number) => match number() {
                Some(example) => Form::Number(Some(example)),
                None => Form::Text,
            },
        }
    }
}
