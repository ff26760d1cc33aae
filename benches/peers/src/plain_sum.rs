//! The least that reading memory can take: a plain sum over as many bytes.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use serde_json::{Value, json};

/// What to sum.
#[derive(Debug, clap::Args)]
pub(crate) struct PlainSum {
    /// How many bytes to read.
    bytes: usize,
    /// How often.
    #[arg(long, default_value_t = 5)]
    repeat: usize,
}

impl PlainSum {
    pub(crate) fn run(&self) -> Result<()> {
        // Not zeros: those the system would not have to put anywhere.
        let bytes: Vec<u8> = (0..self.bytes).map(|at| at as u8).collect();
        let words: Vec<u64> = (0..self.bytes / 8).map(|at| at as u64).collect();
        let mut results = Vec::new();
        for threads in [1, 2] {
            results.push(self.measure("u8", threads, || {
                sum(&bytes, threads, |part| part.iter().map(|b| u64::from(*b)).sum())
            }));
            results.push(self.measure("u64", threads, || {
                sum(&words, threads, |part| part.iter().fold(0, |sum, word| word.wrapping_add(sum)))
            }));
        }
        crate::say(&json!({ "bytes": self.bytes, "sums": results }))
    }

    fn measure(&self, read: &str, threads: usize, work: impl Fn() -> u64) -> Value {
        let seconds: Vec<f64> = (0..self.repeat)
            .map(|_| {
                let start = Instant::now();
                black_box(work());
                start.elapsed().as_secs_f64()
            })
            .collect();
        json!({ "read": read, "threads": threads, "seconds": seconds })
    }
}

fn sum<T: Sync>(all: &[T], threads: usize, of: impl Fn(&[T]) -> u64 + Sync) -> u64 {
    let part = all.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let of = &of;
        let running: Vec<_> =
            all.chunks(part).map(|part| scope.spawn(move || of(black_box(part)))).collect();
        running.into_iter().filter_map(|one| one.join().ok()).fold(0, u64::wrapping_add)
    })
}
