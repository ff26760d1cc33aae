//! How a report is shown: the same whether it was just made or kept.

use clap::ValueEnum;
use kadence::{Report, Status};

use crate::output::Failure;
use crate::report::{self, By, View};

/// What of a report is shown, and how.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub(crate) struct Shown {
    /// What the table's summary goes by
    #[arg(long, value_enum, default_value_t = By::Rule)]
    by: By,
    /// Show only verdicts of this status; may be repeated. Scores stay those of all
    #[arg(long, value_enum)]
    status: Vec<StatusArg>,
    /// How the result is written. In csv, a text that a spreadsheet would run as a formula gets a
    /// `'` in front; json has everything as it is
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StatusArg {
    Met,
    OnTrack,
    AtRisk,
    Missed,
    NotApplicable,
    Unknown,
}

impl StatusArg {
    fn status(self) -> Status {
        match self {
            StatusArg::Met => Status::Met,
            StatusArg::OnTrack => Status::OnTrack,
            StatusArg::AtRisk => Status::AtRisk,
            StatusArg::Missed => Status::Missed,
            StatusArg::NotApplicable => Status::NotApplicable,
            StatusArg::Unknown => Status::Unknown,
        }
    }
}

impl Shown {
    /// Whether the problems of the data are shown with the rest.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    pub(crate) fn write(&self, mut report: Report) -> Result<String, Failure> {
        let statuses: Vec<Status> = self.status.iter().map(|status| status.status()).collect();
        if self.format == Format::Table {
            let width = report::width();
            let view = View { report: &report, by: self.by, statuses: &statuses, width };
            return Ok(view.table());
        }
        if !statuses.is_empty() {
            report.verdicts.retain(|verdict| statuses.contains(&verdict.status));
        }
        match self.format {
            Format::Csv => report::csv(&report),
            _ => report::json(&report),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_can_be_asked_for() {
        let asked = StatusArg::value_variants().iter().map(|status| status.status());
        assert_eq!(asked.collect::<Vec<_>>(), Status::ALL);
    }
}
