//! Two sides compared among their like.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::Interval;

/// How many subjects there must be on each side that can be compared.
pub const LEAST_SUBJECTS: u64 = 20;

/// In how many strata.
pub const LEAST_STRATA: u64 = 3;

/// How many values must be other than the commonest one.
pub const LEAST_DIFFERENT: u64 = 10;

/// As how many subjects of equal weight those of each side must at least count.
pub const LEAST_EFFECTIVE: f64 = 10.0;

/// The level of intervals.
pub const LEVEL: f64 = 0.95;

/// In how many of a hundred cases an effect is noticed that is called noticeable.
const POWER: f64 = 0.8;

/// Values of one subject in one stratum, on one side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// Whose they are. Values of one subject depend on each other; the deals of a customer are the
    /// customer's.
    pub subject: usize,
    /// Only values of one stratum are compared.
    pub stratum: usize,
    /// On which side they are.
    pub met: bool,
    /// How many they are.
    pub count: f64,
    /// What they come to.
    pub sum: f64,
}

/// All values of one side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// Of how many subjects there are values.
    pub subjects: u64,
    /// How many values there are.
    pub values: f64,
    /// Their mean.
    pub mean: Option<f64>,
}

/// Who could be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// How many subjects that met it were compared. Who met it in one period and missed it in another
    /// counts on both sides.
    pub met: u64,
    /// How many that missed it.
    pub missed: u64,
    /// In how many strata.
    pub strata: u64,
    /// How many subjects had nobody to be compared with.
    pub nobody: u64,
}

/// How much higher the mean is on the side that met it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference.
    pub difference: f64,
    /// Its standard error.
    pub error: f64,
    /// The degrees of freedom of the t distribution by which it is weighed.
    pub degrees: f64,
}

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// There is nothing to compare on one side or both.
    Nothing {
        /// How many subjects that met it have such results.
        met: u64,
        /// How many that missed it.
        missed: u64,
    },
    /// Of too many that sold something it is not known how much. To leave them out would leave those that
    /// sold nothing.
    NotKnown {
        /// In how many cases.
        unknown: u64,
        /// Of how many in which something was sold.
        sold: u64,
    },
    /// The rule tests what may have been set by what came after.
    InHindsight,
    /// Too few subjects have their like on the other side.
    TooFewSubjects {
        /// How many of those that met it have.
        met: u64,
        /// How many of those that missed it.
        missed: u64,
        /// How many are needed on each side.
        needed: u64,
    },
    /// They have their like in too few strata.
    TooFewStrata {
        /// In how many.
        strata: u64,
        /// In how many it must be.
        needed: u64,
    },
    /// Too many results are the same.
    TooAlike {
        /// How many are not.
        different: u64,
        /// How many must not be.
        needed: u64,
    },
    /// Within each side all results are the same: chance has no measure.
    Parted,
    /// A few subjects weigh so much that it all hangs on them.
    TooUneven {
        /// As how many of equal weight those of the weaker side count.
        effective: f64,
        /// As how many they must.
        needed: f64,
    },
}

impl Difference {
    /// What the difference divided by its error would be this seldom, if there were none: both ends
    /// together.
    pub fn p(self) -> f64 {
        self.student().map_or(1.0, |t| 2.0 * t.sf((self.difference / self.error).abs())).min(1.0)
    }

    /// Within what it lies.
    pub fn interval(self, level: f64) -> Interval {
        let half = self.quantile((1.0 + level) / 2.0) * self.error;
        Interval { low: self.difference - half, high: self.difference + half }
    }

    /// How large an effect would have to be to be noticed in four of five cases, if it is only called
    /// one where `p` is at most `alpha`.
    pub fn noticeable(self, alpha: f64) -> f64 {
        (self.quantile(1.0 - alpha / 2.0) + self.quantile(POWER)) * self.error
    }

    /// Whether within each side all values are the same. What is left of rounding is no chance.
    pub(super) fn is_parted(self) -> bool {
        self.error <= self.difference.abs() * 1e-9
    }

    fn student(self) -> Option<StudentsT> {
        StudentsT::new(0.0, 1.0, self.degrees).ok()
    }

    fn quantile(self, at: f64) -> f64 {
        self.student().map_or(f64::INFINITY, |t| t.inverse_cdf(at))
    }
}

/// What there is of values in a stratum.
#[derive(Debug, Default)]
struct Stratum {
    met: f64,
    missed: f64,
    met_sum: f64,
    missed_sum: f64,
    /// How many values each subject has.
    of: BTreeMap<usize, f64>,
}

impl Stratum {
    fn count(&self) -> f64 {
        self.met + self.missed
    }

    /// Whether there are two to be compared.
    fn compares(&self) -> bool {
        self.met > 0.0 && self.missed > 0.0 && self.of.len() > 1
    }

    fn mean(&self) -> f64 {
        (self.met_sum + self.missed_sum) / self.count()
    }

    /// How far the side of a value is from the stratum's average side.
    fn lean(&self, met: bool) -> f64 {
        f64::from(u8::from(met)) - self.met / self.count()
    }

    /// The weight by which strata are combined.
    fn overlap(&self) -> f64 {
        self.met * self.missed / self.count()
    }
}

/// What one subject adds to the estimate.
#[derive(Debug, Default)]
struct Share {
    influence: f64,
    /// Of its values that met it, and of those that missed it.
    met: f64,
    missed: f64,
}

/// All values of one side.
pub fn side(values: &[Value], met: bool) -> Side {
    let own = || values.iter().filter(|value| value.met == met);
    let subjects: BTreeSet<usize> = own().map(|value| value.subject).collect();
    let (count, sum) = own().fold((0.0, 0.0), |(n, s), value| (n + value.count, s + value.sum));
    let mean = (count > 0.0).then(|| sum / count);
    Side { subjects: subjects.len() as u64, values: count, mean }
}

/// The difference of two sides without strata, as one who looks no closer would see it.
pub fn raw(values: &[Value]) -> Option<Difference> {
    let one: Vec<Value> = values.iter().map(|value| Value { stratum: 0, ..*value }).collect();
    difference(&one, &strata(&one)).ok().filter(|found| !found.is_parted())
}

/// The difference of two sides within strata: the mean of those that met it less the mean of those
/// that missed it in each, weighed by how much the sides overlap there, `n₁n₀/(n₁+n₀)`.
///
/// `docs/statistics.md` has the formulas and where they come from.
///
/// ```
/// use kadence_statistics::effect::{Value, compare};
///
/// // Forty pairs: whoever met it sells one more than its like.
/// let values = (0..80).map(|n| {
///     let (stratum, met) = (n / 2, n % 2 == 0);
///     let sum = (stratum % 7) as f64 + if met { 1.0 } else { 0.0 } + (n % 5) as f64 / 10.0;
///     Value { subject: n, stratum, met, count: 1.0, sum }
/// });
/// let (compared, found) = compare(&values.collect::<Vec<_>>());
/// let found = found.unwrap();
/// assert_eq!((compared.met, compared.missed, compared.strata), (40, 40, 40));
/// assert!(found.interval(0.95).contains(1.0) && found.p() < 0.001);
/// ```
///
/// # Errors
///
/// There are too few subjects or strata, results are too much alike, or it all hangs on a few.
pub fn compare(values: &[Value]) -> (Compared, Result<Difference, Refusal>) {
    let (compared, found) = among_like(values, refusal);
    let parted =
        |found: Difference| if found.is_parted() { Err(Refusal::Parted) } else { Ok(found) };
    (compared, found.and_then(parted))
}

/// The same where there are enough subjects, in how few strata and how much alike they may be. Chance
/// perhaps has no measure.
pub(super) fn compare_few(values: &[Value]) -> (Compared, Result<Difference, Refusal>) {
    among_like(values, |values, _, found| too_few(values, found))
}

fn among_like(
    values: &[Value],
    refusal: impl Fn(&[Value], &[Value], Compared) -> Option<Refusal>,
) -> (Compared, Result<Difference, Refusal>) {
    let strata = strata(values);
    let compares = |value: &&Value| strata.get(&value.stratum).is_some_and(Stratum::compares);
    let all: BTreeSet<usize> = values.iter().map(|value| value.subject).collect();
    let compared: Vec<Value> = values.iter().filter(compares).copied().collect();
    let subjects = |of: &dyn Fn(&Value) -> bool| {
        let own = compared.iter().filter(|value| of(value)).map(|value| value.subject);
        own.collect::<BTreeSet<usize>>().len() as u64
    };
    let found = Compared {
        met: subjects(&|value| value.met),
        missed: subjects(&|value| !value.met),
        strata: strata.values().filter(|stratum| stratum.compares()).count() as u64,
        nobody: all.len() as u64 - subjects(&|_| true),
    };
    let refusal = refusal(values, &compared, found);
    (found, refusal.map_or_else(|| difference(&compared, &strata), Err))
}

fn refusal(values: &[Value], compared: &[Value], found: Compared) -> Option<Refusal> {
    let few = too_few(values, found);
    if few.is_some() {
        return few;
    }
    if found.strata < LEAST_STRATA {
        return Some(Refusal::TooFewStrata { strata: found.strata, needed: LEAST_STRATA });
    }
    let different = different(compared);
    let needed = LEAST_DIFFERENT;
    (different < needed).then_some(Refusal::TooAlike { different, needed })
}

fn too_few(values: &[Value], found: Compared) -> Option<Refusal> {
    let (met, missed) = (side(values, true).subjects, side(values, false).subjects);
    if met == 0 || missed == 0 {
        return Some(Refusal::Nothing { met, missed });
    }
    let Compared { met, missed, .. } = found;
    let needed = LEAST_SUBJECTS;
    (met.min(missed) < needed).then_some(Refusal::TooFewSubjects { met, missed, needed })
}

/// How many values are other than the commonest. Of several that are counted together as yes and no,
/// the fewer of these.
fn different(values: &[Value]) -> u64 {
    if values
        .iter()
        .all(|value| (0.0..=value.count).contains(&value.sum) && value.sum.fract() == 0.0)
    {
        let (count, sum) = values.iter().fold((0.0, 0.0), |(n, s), v| (n + v.count, s + v.sum));
        return sum.min(count - sum) as u64;
    }
    let mut means: Vec<f64> = values.iter().map(|value| value.sum / value.count).collect();
    means.sort_unstable_by(f64::total_cmp);
    let same = means.chunk_by(|a, b| a == b).map(<[f64]>::len).max().unwrap_or(0);
    (means.len() - same) as u64
}

fn strata(values: &[Value]) -> BTreeMap<usize, Stratum> {
    let mut strata: BTreeMap<usize, Stratum> = BTreeMap::new();
    for value in values {
        let stratum = strata.entry(value.stratum).or_default();
        let (count, sum) = match value.met {
            true => (&mut stratum.met, &mut stratum.met_sum),
            false => (&mut stratum.missed, &mut stratum.missed_sum),
        };
        *count += value.count;
        *sum += value.sum;
        *stratum.of.entry(value.subject).or_default() += value.count;
    }
    strata
}

/// Of values that can be compared.
fn difference(values: &[Value], strata: &BTreeMap<usize, Stratum>) -> Result<Difference, Refusal> {
    let compared = strata.values().filter(|stratum| stratum.compares());
    let (mut gain, mut weight) = (0.0, 0.0);
    for stratum in compared {
        gain +=
            (stratum.missed * stratum.met_sum - stratum.met * stratum.missed_sum) / stratum.count();
        weight += stratum.overlap();
    }
    let difference = gain / weight;
    let mut shares: BTreeMap<usize, Share> = BTreeMap::new();
    for value in values {
        let Some(stratum) = strata.get(&value.stratum).filter(|stratum| stratum.compares()) else {
            continue;
        };
        let lean = stratum.lean(value.met);
        let residual = value.sum - value.count * (stratum.mean() + difference * lean);
        // A subject draws the mean of its stratum towards itself: its residual is too small by that.
        let own = stratum.of.get(&value.subject).copied().unwrap_or(0.0) / stratum.count();
        let share = shares.entry(value.subject).or_default();
        share.influence += lean * residual / (1.0 - own).sqrt();
        *(if value.met { &mut share.met } else { &mut share.missed }) += value.count * lean * lean;
    }
    let square = |share: &Share| {
        let own = (share.met + share.missed) / weight;
        share.influence * share.influence / (1.0 - own).max(f64::EPSILON)
    };
    let error = shares.values().map(square).sum::<f64>().sqrt() / weight;
    let met = effective(shares.values().map(|share| share.met));
    let missed = effective(shares.values().map(|share| share.missed));
    let effective = met.min(missed);
    if effective < LEAST_EFFECTIVE || !error.is_finite() {
        return Err(Refusal::TooUneven { effective, needed: LEAST_EFFECTIVE });
    }
    Ok(Difference { difference, error, degrees: effective - 1.0 })
}

/// As how many of equal weight some weights count.
fn effective(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}
