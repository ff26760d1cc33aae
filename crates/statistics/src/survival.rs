//! How long something takes, where some of it has not happened yet.

use serde::{Deserialize, Serialize};

use crate::Rate;

/// How long something was watched, and whether what was waited for happened then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Watched {
    /// In days.
    pub days: u32,
    /// Whether it happened at the end of them; else nobody knows what comes later.
    pub happened: bool,
}

/// How large a share it has happened to, by day: the product-limit estimate of Kaplan and Meier
/// (*Nonparametric Estimation from Incomplete Observations*, Journal of the American Statistical
/// Association 53, 1958), with the variance of Greenwood (1926).
///
/// What is still waited for counts for the days on which it was watched, and for none after them. So
/// a lead of last week is no failure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KaplanMeier {
    /// How many were watched.
    pub of: u64,
    /// To how many it happened.
    pub happened: u64,
    /// The days on which it did, in their order.
    pub steps: Vec<Step>,
}

/// A day on which it happened to some.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The day, counted from the start of each.
    pub day: u32,
    /// How many were watched on it to whom it had not happened.
    pub at_risk: u64,
    /// To how many of them it did.
    pub events: u64,
    /// The share to whom it has happened when that day is over, from 0 to 1.
    pub share: f64,
    /// The variance of that share.
    pub variance: f64,
}

/// So many would have to be still watched for a day to be relied on.
const FEW: f64 = 10.0;

impl KaplanMeier {
    /// From what was watched, in any order.
    ///
    /// ```
    /// use kadence_statistics::{KaplanMeier, Watched};
    ///
    /// let watched = [(3, true), (5, false), (7, true), (7, true), (9, false)];
    /// let watched = watched.map(|(days, happened)| Watched { days, happened });
    /// let curve = KaplanMeier::new(watched.to_vec());
    /// // One of five by day 3, then two of the three that were left on day 7.
    /// assert!((curve.share(6) - 0.2).abs() < 1e-12);
    /// assert!((curve.share(7) - (1.0 - 0.8 / 3.0)).abs() < 1e-12);
    /// ```
    pub fn new(mut watched: Vec<Watched>) -> Self {
        watched.sort_unstable();
        let mut at_risk = watched.len() as u64;
        let (mut left, mut sum) = (1.0_f64, 0.0_f64);
        let mut steps = Vec::new();
        for day in watched.chunk_by(|a, b| a.days == b.days) {
            let events = day.iter().filter(|one| one.happened).count() as u64;
            if let (true, Some(first)) = (events > 0, day.first()) {
                let (risk, gone) = (at_risk as f64, events as f64);
                left *= 1.0 - gone / risk;
                sum += if events < at_risk { gone / (risk * (risk - gone)) } else { 0.0 };
                let variance = left * left * sum;
                steps.push(Step { day: first.days, at_risk, events, share: 1.0 - left, variance });
            }
            at_risk -= day.len() as u64;
        }
        let happened = watched.iter().filter(|one| one.happened).count() as u64;
        KaplanMeier { of: watched.len() as u64, happened, steps }
    }

    /// The share to whom it has happened when a day is over.
    pub fn share(&self, day: u32) -> f64 {
        let after = self.steps.partition_point(|step| step.day <= day);
        after.checked_sub(1).and_then(|place| self.steps.get(place)).map_or(0.0, |step| step.share)
    }

    /// The days that can be relied on: as long as ten would still be watched, or half of all where
    /// fewer than twenty were, had it happened to nobody before.
    fn reliable(&self) -> &[Step] {
        let enough = FEW.min(self.of as f64 / 2.0);
        let before = std::iter::once(0.0).chain(self.steps.iter().map(|step| step.share));
        let watched = |(step, before): (&Step, f64)| step.at_risk as f64 / (1.0 - before) >= enough;
        let days = self.steps.iter().zip(before).take_while(|pair| watched(*pair)).count();
        self.steps.get(..days).unwrap_or_default()
    }

    /// The share to whom it happens in the end, as far as it was watched, as a rate: of as many as
    /// would have the same variance had all been watched to the end (the effective sample size of
    /// Korn and Graubard, *Confidence Intervals for Proportions with Small Expected Number of
    /// Positive Counts Estimated from Survey Data*, Survey Methodology 24, 1998). Where all were,
    /// these are all. Where it happened to all who were watched long enough, it is of these; where it
    /// happened on no day that can be relied on, of none.
    ///
    /// ```
    /// use kadence_statistics::{KaplanMeier, Watched};
    ///
    /// let all = (0..20).map(|n| Watched { days: if n < 8 { 5 } else { 90 }, happened: n < 8 });
    /// let rate = KaplanMeier::new(all.collect()).rate();
    /// assert!((rate.hits - 8.0).abs() < 1e-9 && (rate.of - 20.0).abs() < 1e-9);
    /// ```
    pub fn rate(&self) -> Rate {
        let steps = self.reliable();
        let Some((last, before)) = steps.split_last() else { return Rate { hits: 0.0, of: 0.0 } };
        let before = before.last().map_or(0.0, |step| step.share);
        let binomial = last.share * (1.0 - last.share);
        let watched = last.at_risk as f64 / (1.0 - before);
        let of = if last.variance > 0.0 { binomial / last.variance } else { watched };
        let of = of.min(self.of as f64);
        Rate { hits: last.share * of, of }
    }

    /// To how many it happened on days that can be relied on.
    pub fn relied_on(&self) -> u64 {
        self.reliable().iter().map(|step| step.events).sum()
    }

    /// The days that it took those to whom it happened, with the share of them by then: rising to 1.
    pub fn times(&self) -> Vec<(u32, f64)> {
        let steps = self.reliable();
        let end = steps.last().map_or(1.0, |last| last.share);
        steps.iter().map(|step| (step.day, step.share / end)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Where nothing is cut short, it is the plain share, and its variance that of a plain rate.
        #[test]
        fn without_anything_cut_short_it_is_counting(days in proptest::collection::vec(0_u32..50, 1..60), late in 0_usize..60) {
            let n = (days.len() + late) as f64;
            let watched = days.iter().map(|day| Watched { days: *day, happened: true });
            let watched = watched.chain((0..late).map(|_| Watched { days: 50, happened: false }));
            let curve = KaplanMeier::new(watched.collect());
            for day in 0..50 {
                let by_then = days.iter().filter(|other| **other <= day).count() as f64 / n;
                prop_assert!((curve.share(day) - by_then).abs() < 1e-9);
            }
            for step in &curve.steps {
                prop_assert!((step.variance - step.share * (1.0 - step.share) / n).abs() < 1e-9);
            }
        }

        #[test]
        fn it_rises_and_stays_a_share(watched in proptest::collection::vec((0_u32..40, any::<bool>()), 0..60)) {
            let watched = watched.into_iter().map(|(days, happened)| Watched { days, happened });
            let curve = KaplanMeier::new(watched.collect());
            let shares: Vec<f64> = curve.steps.iter().map(|step| step.share).collect();
            prop_assert!(shares.is_sorted());
            prop_assert!(shares.iter().all(|share| (0.0..=1.0 + 1e-12).contains(share)));
            let rate = curve.rate();
            prop_assert!(rate.hits <= rate.of + 1e-9 && rate.of <= curve.of as f64);
            let times = curve.times();
            prop_assert!(times.last().is_none_or(|(_, part)| (part - 1.0).abs() < 1e-12));
        }
    }

    /// The data of Freireich et al. (1963), 6-MP arm, as in every textbook on survival.
    #[test]
    fn leukaemia_patients_stay_in_remission_as_published() {
        let happened = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let cut = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        let watched = happened.map(|days| Watched { days, happened: true }).into_iter();
        let watched = watched.chain(cut.map(|days| Watched { days, happened: false }));
        let curve = KaplanMeier::new(watched.collect());
        let published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448];
        let errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346];
        assert_eq!(curve.steps.len(), published.len());
        for ((step, left), error) in curve.steps.iter().zip(published).zip(errors) {
            assert!((1.0 - step.share - left).abs() < 6e-4, "{step:?}");
            assert!((step.variance.sqrt() - error).abs() < 6e-5, "{step:?}");
        }
        assert_eq!(curve.steps.first().unwrap().at_risk, 21);
    }
}
