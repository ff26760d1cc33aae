//! Measures how kadence loads files: the time until it can judge, and the memory.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use kadence::{NoFiles, Noun, RuleSet};
use kadence_data::Import;
use serde_json::json;

use crate::kadence_peer::status_kib;

/// What to load.
#[derive(Debug, clap::Args)]
pub(crate) struct Load {
    /// The folder with the tables.
    folder: PathBuf,
    /// The rules.
    #[arg(long, default_value = "rules.kpi")]
    rules: PathBuf,
}

impl Load {
    pub(crate) fn run(&self) -> Result<()> {
        let text = fs::read_to_string(&self.rules)
            .with_context(|| format!("cannot read {}", self.rules.display()))?;
        let name = self.rules.to_string_lossy();
        let rules = RuleSet::compile(&name, &text, &NoFiles).map_err(|wrong| anyhow!("{wrong}"))?;
        let start = Instant::now();
        let prepared = Import::new(&self.folder).prepare(&rules, &mut |_| {})?;
        let seconds = start.elapsed().as_secs_f64();
        let (data, _notes) = prepared.context("the files were not taken by columns")?;
        crate::say(&json!({
            "engine": "kadence",
            "seconds": [seconds],
            "activities": data.count(Noun::Activity),
            "activity_bytes": data.activity_bytes(),
            "after_kib": status_kib("VmRSS:")?,
            "peak_kib": status_kib("VmHWM:")?,
        }))
    }
}
