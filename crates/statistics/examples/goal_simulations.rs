//! Do the ranges of goal forecasts hold what they say? Worlds are made with known rates, times and
//! values, forecast from what can be seen of them half-way, and then lived to the end.
//!
//! `cargo run --release -p kadence-statistics --example goal_simulations [RUNS]` prints how often
//! each range held the truth, of 1,000 worlds unless told otherwise.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "an example prints and may fail")]
#![expect(clippy::indexing_slicing, reason = "a world has as many parts as it has steps")]

#[path = "../tests/world/mod.rs"]
#[expect(dead_code, reason = "the tests ask for more")]
mod world;

use world::{Held, World};

fn main() {
    let runs = std::env::args().nth(1).map_or(1000, |runs| runs.parse().unwrap());
    println!("{runs} worlds each, 400 plays a forecast, ranges of 80 %\n");
    println!("| | {} |", World::ALL.map(|world| world.name).join(" | "));
    println!("| --- |{}", " ---: |".repeat(World::ALL.len()));
    let all: Vec<Held> = World::ALL.iter().map(|world| world.lived(runs)).collect();
    for (row, label) in all[0].shares().iter().map(|(label, _)| label).enumerate() {
        let cells: Vec<String> = all.iter().map(|held| held.shares()[row].1.clone()).collect();
        println!("| {label} | {} |", cells.join(" | "));
    }
    println!("\nWhere a chance of so many percent was told, so many of the goals were reached:\n");
    println!("| chance told | worlds | reached |\n| --- | ---: | ---: |");
    for (told, worlds, reached) in world::calibration(&all) {
        println!("| {told} | {worlds} | {reached} |");
    }
}
