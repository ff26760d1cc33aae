//! Estimates of data that is made from a seed, as JSON: for `tests/peers/run`, which has others
//! estimate the same.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "an example prints and may fail")]

use kadence_statistics::{KaplanMeier, Random, Rate, Watched, quantile};
use rand::{RngExt, SeedableRng};
use serde_json::json;

fn main() {
    let mut random = Random::seed_from_u64(20);
    let mut curves = Vec::new();
    for n in [1, 2, 5, 20, 100, 1000] {
        for longest in [3_u32, 40, 400] {
            let watched: Vec<Watched> = (0..n)
                .map(|_| Watched {
                    days: random.random_range(0..longest),
                    happened: random.random::<f64>() < 0.6,
                })
                .collect();
            let curve = KaplanMeier::new(watched.clone());
            curves.push(json!({ "watched": watched, "steps": curve.steps }));
        }
    }
    let mut rates = Vec::new();
    for of in [1, 2, 3, 10, 40, 333, 10_000] {
        for part in [0.0, 0.01, 0.3, 0.5, 0.97, 1.0] {
            let rate = Rate { hits: (f64::from(of) * part).round(), of: f64::from(of) };
            for level in [0.5, 0.8, 0.95] {
                rates.push(
                    json!({ "rate": rate, "level": level, "interval": rate.interval(level) }),
                );
            }
        }
    }
    let mut quantiles = Vec::new();
    for n in [1, 2, 3, 10, 101] {
        let mut values: Vec<f64> = (0..n).map(|_| random.random::<f64>() * 1e6).collect();
        values.sort_unstable_by(f64::total_cmp);
        for at in [0.0, 0.1, 0.25, 0.5, 0.9, 1.0] {
            quantiles.push(json!({ "values": values, "at": at, "found": quantile(&values, at) }));
        }
    }
    let all = json!({ "curves": curves, "rates": rates, "quantiles": quantiles });
    println!("{}", serde_json::to_string(&all).unwrap());
}
