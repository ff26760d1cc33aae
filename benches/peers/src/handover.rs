//! Hands columns over to kadence, has them judged and tells the verdicts: the one file that knows
//! how.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, NaiveDate};
use kadence::{
    Activity, ActivityStatus, Customer, Dataset, DatasetBuilder, Evaluation, Lead, LeadStatus,
    Moment, Opportunity, OpportunityStatus, Options, Prepared, RuleSet, Scores, Seller, Team,
    Temperature,
};

use crate::columns::{self, Batch, get};

/// Adds some rows of a table.
type Add = fn(&mut DatasetBuilder, &Batch) -> Result<()>;

/// What kadence judges.
pub(crate) struct Data(Prepared);

/// What came of it.
pub(crate) struct Judged<'a>(Evaluation<'a>, Scores);

/// Reads the folder.
pub(crate) fn load(rules: &RuleSet, folder: &Path) -> Result<Data> {
    let mut data = Dataset::builder(rules.schema());
    let tables: [(&str, Add); 6] = [
        ("teams", teams),
        ("sellers", sellers),
        ("customers", customers),
        ("leads", leads),
        ("opportunities", opportunities),
        ("activities", activities),
    ];
    for (table, add) in tables {
        for batch in columns::batches(folder, table)? {
            add(&mut data, &batch?).with_context(|| format!("in the table {table}"))?;
        }
    }
    let (data, _) = data.build()?;
    Ok(Data(rules.prepare(&data)?))
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
        self.0.decisions().map(|decision| decision.evidence().len()).sum()
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

fn id(ids: &arrow_array::Int64Array, row: usize) -> Option<String> {
    get(ids, row).map(|id| id.to_string())
}

fn own_id(batch: &Batch, row: usize) -> Result<String> {
    id(batch.ids("id")?, row).context("an id is missing")
}

fn date(days: &arrow_array::Date32Array, row: usize) -> Option<NaiveDate> {
    get(days, row).and_then(NaiveDate::from_epoch_days)
}

fn moment(instants: &arrow_array::TimestampMicrosecondArray, row: usize) -> Option<Moment> {
    get(instants, row).and_then(DateTime::from_timestamp_micros).map(Moment::Utc)
}

fn teams(data: &mut DatasetBuilder, batch: &Batch) -> Result<()> {
    for row in 0..batch.rows() {
        data.add(Team::new(own_id(batch, row)?));
    }
    Ok(())
}

fn sellers(data: &mut DatasetBuilder, batch: &Batch) -> Result<()> {
    let team = batch.ids("team")?;
    for row in 0..batch.rows() {
        data.add(Seller { team: id(team, row), ..Seller::new(own_id(batch, row)?) });
    }
    Ok(())
}

fn customers(data: &mut DatasetBuilder, batch: &Batch) -> Result<()> {
    let (segment, owner) = (batch.texts("segment")?, batch.ids("owner")?);
    let created = batch.days("created")?;
    for row in 0..batch.rows() {
        data.add(Customer {
            segment: segment.get(row).map(str::to_owned),
            owner: id(owner, row),
            created: date(created, row),
            ..Customer::new(own_id(batch, row)?)
        });
    }
    Ok(())
}

fn leads(data: &mut DatasetBuilder, batch: &Batch) -> Result<()> {
    let (temperature, status) = (batch.texts("temperature")?, batch.texts("status")?);
    let (owner, created) = (batch.ids("owner")?, batch.instants("created")?);
    let converted = batch.days("converted")?;
    for row in 0..batch.rows() {
        data.add(Lead {
            temperature: match temperature.get(row) {
                Some("hot") => Some(Temperature::Hot),
                Some("warm") => Some(Temperature::Warm),
                Some("cold") => Some(Temperature::Cold),
                _ => None,
            },
            status: match status.get(row) {
                Some("open") => Some(LeadStatus::Open),
                Some("converted") => Some(LeadStatus::Converted),
                Some("lost") => Some(LeadStatus::Lost),
                _ => None,
            },
            owner: id(owner, row),
            created: moment(created, row),
            converted: date(converted, row),
            ..Lead::new(own_id(batch, row)?)
        });
    }
    Ok(())
}

fn opportunities(data: &mut DatasetBuilder, batch: &Batch) -> Result<()> {
    let (customer, owner) = (batch.ids("customer")?, batch.ids("owner")?);
    let (status, amount) = (batch.texts("status")?, batch.money("amount")?);
    let (created, expected) = (batch.days("created")?, batch.days("expected_close")?);
    let closed = batch.days("closed")?;
    for row in 0..batch.rows() {
        let amount = get(amount, row).map(decimal).transpose()?;
        data.add(Opportunity {
            customer: id(customer, row),
            owner: id(owner, row),
            status: match status.get(row) {
                Some("open") => Some(OpportunityStatus::Open),
                Some("won") => Some(OpportunityStatus::Won),
                Some("lost") => Some(OpportunityStatus::Lost),
                _ => None,
            },
            amount,
            created: date(created, row),
            expected_close: date(expected, row),
            closed: date(closed, row),
            ..Opportunity::new(own_id(batch, row)?)
        });
    }
    Ok(())
}

fn decimal(hundredths: i128) -> Result<rust_decimal::Decimal> {
    Ok(rust_decimal::Decimal::try_from_i128_with_scale(hundredths, 2)?)
}

fn activities(data: &mut DatasetBuilder, batch: &Batch) -> Result<()> {
    let (kind, status) = (batch.texts("kind")?, batch.texts("status")?);
    let (at, seller) = (batch.instants("at")?, batch.ids("seller")?);
    let (customer, lead) = (batch.ids("customer")?, batch.ids("lead")?);
    let opportunity = batch.ids("opportunity")?;
    for row in 0..batch.rows() {
        let kind = kind.get(row).context("an activity has no kind")?;
        let status = match status.get(row) {
            Some("planned") => ActivityStatus::Planned,
            Some("completed") => ActivityStatus::Completed,
            Some("cancelled") => ActivityStatus::Cancelled,
            other => bail!("an activity has the status {other:?}"),
        };
        let at = moment(at, row).context("an activity has no time")?;
        data.add(Activity {
            seller: id(seller, row),
            customer: id(customer, row),
            lead: id(lead, row),
            opportunity: id(opportunity, row),
            ..Activity::new(own_id(batch, row)?, kind, status, at)
        });
    }
    Ok(())
}
