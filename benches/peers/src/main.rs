//! Holds kadence against DuckDB and Polars on the same Parquet files: makes the files, and is the
//! program that measures kadence.

mod generate;

use clap::Parser;

/// What the program does.
#[derive(Debug, Parser)]
enum Command {
    /// Make a sales organisation as Parquet files.
    Generate(generate::Generate),
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Generate(what) => what.run(),
    }
}
