//! Measures kadence: loading and evaluating apart, again and again, with the peak of memory.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use chrono::NaiveDate;
use kadence::{NoFiles, Options, RuleSet};
use serde_json::json;

use crate::handover::{self, Data, Judged};

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Kadence {
    /// The folder with the Parquet files.
    folder: PathBuf,
    /// The rules.
    #[arg(long, default_value = "rules.kpi")]
    rules: PathBuf,
    /// The as-of day, which is over.
    #[arg(long, default_value = "2026-12-15")]
    as_of: NaiveDate,
    /// The first day of the history.
    #[arg(long, default_value = "2026-01-01")]
    from: NaiveDate,
    /// Load anew before each evaluation, from the Parquet files.
    #[arg(long)]
    files: bool,
    /// How often to evaluate.
    #[arg(long, default_value_t = 1)]
    repeat: usize,
    /// Gather the evidence of every verdict after each evaluation.
    #[arg(long)]
    evidence: bool,
    /// Write the verdicts and the scores to this CSV file.
    #[arg(long)]
    verdicts: Option<PathBuf>,
}

impl Kadence {
    pub(crate) fn run(&self) -> Result<()> {
        let text = fs::read_to_string(&self.rules)
            .with_context(|| format!("cannot read {}", self.rules.display()))?;
        let name = self.rules.to_string_lossy();
        let rules = RuleSet::compile(&name, &text, &NoFiles).map_err(|wrong| anyhow!("{wrong}"))?;
        let options = Options { history: true, from: Some(self.from), ..Options::at(self.as_of) };
        let (mut loading, mut evaluating, mut gathering) = (Vec::new(), Vec::new(), Vec::new());
        let mut data: Option<Data> = None;
        // In memory, all of it is there.
        let needed = self.files.then_some(&options);
        let (mut verdicts, mut bytes) = (0, 0);
        for round in 0..self.repeat {
            if self.files {
                data = None;
            }
            let start = Instant::now();
            let data = match &mut data {
                Some(loaded) => loaded,
                none => none.insert(handover::load(&rules, needed, &self.folder)?),
            };
            loading.push(start.elapsed().as_secs_f64());
            let start = Instant::now();
            let judged = handover::evaluate(&rules, data, &options)?;
            evaluating.push(start.elapsed().as_secs_f64());
            verdicts = judged.verdicts();
            bytes = data.activity_bytes();
            if self.evidence {
                let start = Instant::now();
                judged.evidence();
                gathering.push(start.elapsed().as_secs_f64());
            }
            if let (Some(path), true) = (&self.verdicts, round + 1 == self.repeat) {
                write(&judged, path).with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
        let both: Vec<f64> = loading.iter().zip(&evaluating).map(|(a, b)| a + b).collect();
        let seconds = if self.files { &both } else { &evaluating };
        crate::say(&json!({
            "engine": "kadence",
            "load_seconds": loading.first(),
            "evaluate_seconds": evaluating,
            "seconds": seconds,
            "evidence_seconds": gathering,
            "verdicts": verdicts,
            "bytes_an_activity": bytes,
            "peak_kib": status_kib("VmHWM:")?,
        }))
    }
}

/// What the system says of this process, in KiB: `VmHWM:` is the most memory that it has had.
pub(crate) fn status_kib(what: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("the system does not tell the memory of a process")?.parse()?)
}

fn write(judged: &Judged<'_>, path: &Path) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    judged.write(&mut file)?;
    Ok(file.flush()?)
}
