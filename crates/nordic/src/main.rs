//! Writes the data of `examples/nordic` into a folder:
//! `cargo run -p kadence-nordic -- examples/nordic/data`.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).map(PathBuf::from).ok_or("expected a folder to write to")?;
    fs::create_dir_all(&folder)?;
    for (name, text) in kadence_nordic::files()? {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}
