//! Figures rounded to six digits, so that the last ones of a machine's arithmetic are not told.

use super::compare::Refusal;
use super::report::{Effects, Estimate, RawDifference, Source, Yield};
use crate::Interval;

/// A number of six digits.
fn rounded(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    // Written out and read back: nothing else is sure to be the nearest number of six digits.
    format!("{number:.5e}").parse().unwrap_or(number)
}

fn all<'f>(numbers: impl IntoIterator<Item = &'f mut f64>) {
    numbers.into_iter().for_each(|number| *number = rounded(*number));
}

fn ends(interval: &mut Interval) {
    all([&mut interval.low, &mut interval.high]);
}

impl Effects {
    /// Rounds whatever is an estimate.
    pub(super) fn round(&mut self) {
        for result in self.rules.iter_mut().flat_map(|rule| &mut rule.results) {
            all([&mut result.met.mean, &mut result.missed.mean].into_iter().flatten());
            result.raw.iter_mut().for_each(raw);
            result.among_like.iter_mut().for_each(estimate);
            result.refused.iter_mut().for_each(refusal);
        }
        for kind in &mut self.kinds.kinds {
            kind.among_like.iter_mut().for_each(estimate);
            kind.refused.iter_mut().for_each(refusal);
        }
        let effort = &mut self.effort;
        effort.sellers.iter_mut().chain(&mut effort.segments).for_each(yields);
        let sources = &mut self.sources;
        let of_both = sources.sources.iter_mut().chain(&mut sources.campaigns);
        of_both.chain([&mut sources.all]).for_each(source);
        all(sources.carry.correlation.iter_mut().chain(&mut sources.carry.p));
    }
}

fn raw(one: &mut RawDifference) {
    all([&mut one.difference, &mut one.p]);
    ends(&mut one.interval);
}

fn estimate(one: &mut Estimate) {
    all([&mut one.difference, &mut one.error, &mut one.degrees]);
    all([&mut one.p, &mut one.adjusted, &mut one.noticeable]);
    ends(&mut one.interval);
}

fn refusal(why: &mut Refusal) {
    if let Refusal::TooUneven { effective, .. } = why {
        all([effective]);
    }
}

fn yields(one: &mut Yield) {
    one.interval.iter_mut().for_each(ends);
    one.refused.iter_mut().for_each(refusal);
    all(one.margin.iter_mut().chain(&mut one.others_margin));
    for against in one.win_rate.as_mut().into_iter().chain(&mut one.margins) {
        all([&mut against.difference, &mut against.p, &mut against.adjusted]);
    }
}

fn source(one: &mut Source) {
    one.interval.iter_mut().chain(&mut one.won_interval).for_each(ends);
    all(one.amount_per_lead.iter_mut().chain(&mut one.margin_per_lead));
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn six_digits_are_left() {
        let shown = [1.0 / 3.0, 123_456_789.0, -0.000_012_345_678, 0.0].map(rounded);
        assert_eq!(shown, [0.333_333, 123_457_000.0, -0.000_012_345_7, 0.0]);
    }
}
