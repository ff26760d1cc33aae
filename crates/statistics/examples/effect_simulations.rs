//! How often effects are found in made companies whose truth is known: 1,000 of each, from seeds.
//!
//! `cargo run --release -p kadence-statistics --example effect_simulations`, and the number of runs
//! behind `--` if it is to be another.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "it prints a table, and knows what it has made"
)]

use std::env;

#[path = "../tests/support/effect.rs"]
mod effect;
#[path = "../tests/support/empty.rs"]
mod empty;

use effect::{Tally, WORLDS, tally};
use empty::{Alarms, EMPTY};

fn main() {
    let runs = env::args().nth(1).and_then(|runs| runs.parse().ok()).unwrap_or(1000);
    println!("The estimator alone, {runs} runs each");
    table(|world| tally((0..runs).map(|seed| WORLDS[world].estimate(seed))), false);
    println!("\nThrough rules, data and engine to the report, {runs} runs each");
    table(|world| tally((0..runs).map(|seed| WORLDS[world].report(seed))), true);
    println!("\nOther companies in which activities do nothing, {runs} reports each");
    println!("{:<44} found   of kinds   any finding   compared", "");
    for world in &EMPTY {
        let Alarms { runs, rules, kinds, any, compared } = world.alarms(0..runs);
        let percent = |part: usize| format!("{:.1}%", 100.0 * part as f64 / runs as f64);
        println!(
            "{:<43} {:>6}   {:>8}   {:>11}   {:>8}",
            world.name,
            percent(rules),
            percent(kinds),
            percent(any),
            percent(compared),
        );
    }
}

fn table(of: impl Fn(usize) -> Tally, is_whole: bool) {
    let last = if is_whole { "   of kinds   any finding" } else { "" };
    println!("{:<44} found   raw found   interval holds   refused{last}", "");
    for (place, world) in WORLDS.iter().enumerate() {
        let Tally { runs, alarms, raw_alarms, estimated, holds, kinds, any } = of(place);
        let percent = |part: usize, of: usize| match of {
            0 => "–".to_owned(),
            of => format!("{:.1}%", 100.0 * part as f64 / of as f64),
        };
        // Where sellers and segments differ in truth, that they are found to is no false alarm.
        let is_empty = world.seen == 0.0 && world.hidden == 0.0 && world.effect == 0.0;
        let any = if is_empty { percent(any, runs) } else { String::new() };
        let more = match is_whole {
            true => format!("   {:>8}   {:>11}", percent(kinds, runs), any),
            false => String::new(),
        };
        println!(
            "{:<43} {:>6}   {:>9}   {:>14}   {:>7}{more}",
            world.name,
            percent(alarms, runs),
            percent(raw_alarms, runs),
            percent(holds, estimated),
            percent(runs - estimated, runs),
        );
    }
}
