//! Holds kadence against DuckDB and Polars on the same Parquet files: makes the files, and is the
//! program that measures kadence.

mod columns;
mod generate;
mod handover;
mod kadence_peer;
mod load;
mod plain_sum;

use std::io::Write;

use anyhow::Result;
use clap::Parser;

/// What the program does.
#[derive(Debug, Parser)]
enum Command {
    /// Make a sales organisation as Parquet files.
    Generate(generate::Generate),
    /// Have kadence judge it, and say how long that took.
    Kadence(kadence_peer::Kadence),
    /// Have kadence load the files, and say how long that took.
    Load(load::Load),
    /// Sum some bytes, and say how long that took.
    PlainSum(plain_sum::PlainSum),
}

fn main() -> Result<()> {
    match Command::parse() {
        Command::Generate(what) => what.run(),
        Command::Kadence(what) => what.run(),
        Command::Load(what) => what.run(),
        Command::PlainSum(what) => what.run(),
    }
}

fn say(result: &serde_json::Value) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{result}")?)
}
