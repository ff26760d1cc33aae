//! Hands columns over to kadence, has them judged and tells the verdicts: the one file that knows
//! how.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use kadence::{
    Batch, Evaluation, Noun, Options, Prepared, RuleSet, Scores, Texts, Validity, Values,
};

use crate::columns::{self, Wanted};

/// What kadence judges.
pub(crate) struct Data(Prepared);

/// What came of it.
pub(crate) struct Judged<'a>(Evaluation<'a>, Scores);

/// Reads the folder; of the activities only those that matter for some options, if they are given.
pub(crate) fn load(rules: &RuleSet, needed: Option<&Options>, folder: &Path) -> Result<Data> {
    let mut data = rules.prepare_columns();
    // No activity names another in `follows`: then none of an earlier day matters.
    let first = needed.and_then(|options| rules.first_day(options));
    if let Some(day) = first {
        data.since(day);
    }
    let nouns =
        [Noun::Team, Noun::Seller, Noun::Customer, Noun::Lead, Noun::Opportunity, Noun::Activity];
    for noun in nouns {
        let fields = rules.schema().fields(noun).iter().map(|field| field.name.as_str());
        let read: Vec<&str> = fields.filter(|name| data.reads(noun, name)).collect();
        let wanted = Wanted {
            column: &|name| read.contains(&name),
            since: first.filter(|_| noun == Noun::Activity).map(|day| ("at", day)),
        };
        columns::each_batch(folder, noun.table(), &wanted, |rows| {
            data.add(&batch(noun, rows).with_context(|| format!("in {}", noun.table()))?);
            Ok(())
        })?;
    }
    let (data, _) = data.finish().map_err(|problems| anyhow!("{problems}"))?;
    Ok(Data(data))
}

impl Data {
    /// How many bytes an activity takes.
    pub(crate) fn activity_bytes(&self) -> usize {
        self.0.activity_bytes() / self.0.count(Noun::Activity).max(1)
    }
}

/// Columns as they lie.
fn batch(noun: Noun, rows: &RecordBatch) -> Result<Batch<'_>> {
    let mut batch = Batch::new(noun, rows.num_rows());
    let schema = rows.schema_ref();
    for (field, column) in schema.fields().iter().zip(rows.columns()) {
        let values = values(column).with_context(|| format!("in the column {}", field.name()))?;
        let known = match column.data_type() {
            DataType::Dictionary(..) => column.as_dictionary::<Int32Type>().keys().nulls(),
            _ => column.nulls(),
        };
        batch = match known {
            Some(known) => {
                let known = Validity::starting_at(known.validity(), known.offset());
                batch.column_where(field.name(), values, known)
            }
            None => batch.column(field.name(), values),
        };
    }
    Ok(batch)
}

fn values(column: &dyn Array) -> Result<Values<'_>> {
    Ok(match column.data_type() {
        DataType::Int64 => Values::I64(column.as_primitive::<Int64Type>().values()),
        DataType::Date32 => Values::Dates(column.as_primitive::<Date32Type>().values()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            Values::Microseconds(column.as_primitive::<TimestampMicrosecondType>().values())
        }
        DataType::Decimal128(_, scale) => Values::WideDecimals {
            mantissas: column.as_primitive::<Decimal128Type>().values(),
            scale: u32::try_from(*scale)?,
        },
        DataType::Dictionary(..) => {
            let column = column.as_dictionary::<Int32Type>();
            let texts = column.values().as_string::<i32>();
            let text = std::str::from_utf8(texts.values())?;
            let texts = Texts::Joined { text, offsets: texts.offsets() };
            Values::Dictionary { codes: column.keys().values(), texts }
        }
        other => bail!("expected ids, dates, moments, money or texts, found {other}"),
    })
}

/// Judges all of it.
pub(crate) fn evaluate<'a>(
    rules: &'a RuleSet,
    data: &'a Data,
    options: &Options,
) -> Result<Judged<'a>> {
    let evaluation = rules.judge(&data.0, options)?;
    let scores = evaluation.scores();
    Ok(Judged(evaluation, scores))
}

impl Judged<'_> {
    /// How many verdicts there are.
    pub(crate) fn verdicts(&self) -> usize {
        self.0.len()
    }

    /// Gathers the evidence of every verdict, and says how many activities that is.
    pub(crate) fn evidence(&self) -> usize {
        let mut count = 0;
        self.0.each_evidence(|_, evidence| count += evidence.len());
        count
    }

    /// Writes the verdicts and the scores as lines of rule, subject, first day of the period,
    /// status and what was measured, in any order.
    pub(crate) fn write(&self, to: &mut impl Write) -> Result<()> {
        for decision in self.0.decisions() {
            let period = decision.period().map(|days| days.from.to_string()).unwrap_or_default();
            let measured = decision.measured().map(|n| n.to_string()).unwrap_or_default();
            let (rule, subject) = (decision.rule(), decision.subject());
            writeln!(to, "{rule},{subject},{period},{},{measured}", decision.status().words())?;
        }
        let scores = &self.1;
        for (holder, tallies) in [("seller", &scores.sellers), ("team", &scores.teams)] {
            for one in tallies {
                let score = one.tally.score.map(|score| score.to_string()).unwrap_or_default();
                writeln!(to, "score of {holder},{},,,{score}", one.id)?;
            }
        }
        Ok(())
    }
}
