//! Which acts are booked on which days: a mixed integer program for each seller, and its bound.
//!
//! An act can be booked in a gap of a day; a verdict is kept if the acts that serve it bring what it
//! needs. What is kept counts first, by weight; then that acts come in time, are few and short, are
//! early, and that those with the same subject are not bunched. The numbers of the solver are floats; they
//! propose, and the rules judge what they propose.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOptions, Variable};

use crate::diary::{Day, Gap};

/// What keeping a verdict of weight one is worth, beside what acts cost.
const KEPT: f64 = 10_000.0;
/// What an act costs: by slot, by day that it waits, and if it comes late.
const SLOT: f64 = 4.0;
const OPEN: f64 = 3.0;
const LATE: f64 = 400.0;
const BUNCHED: f64 = 30.0;
const CLOSE: f64 = 15.0;
/// How many nodes the solver looks at. A limit by time would make plans depend on the machine.
const NODES: u64 = 400;
const FEWEST_NODES: u64 = 40;

/// What one seller can do, and what for.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) verdicts: Vec<Wanted>,
    pub(crate) offers: Vec<Offer>,
    /// What was found out about acts together.
    pub(crate) cuts: Vec<Cut>,
}

/// What some acts do not do together, though each by itself does: the rules judged them so.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    pub(crate) what: Together,
    /// Offers and cells.
    pub(crate) acts: BTreeMap<(usize, usize), u32>,
}

/// What acts do together.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Together {
    /// They do not keep the verdict at a place, nor do some of them: it takes others.
    DoNotKeep(usize),
    /// So many did not keep the verdict at a place that it is left: nothing that bounds what could be.
    Leave(usize),
    /// Verdicts of this weight are lost.
    Lose(f64),
}

/// A verdict that needs acts.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) weight: f64,
    /// How much it needs, in the unit of [`Cell::gains`].
    pub(crate) need: f64,
}

/// An act that could be done.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    /// Acts of one home are about the same customer, say.
    pub(crate) home: usize,
    pub(crate) slots: u32,
    pub(crate) minutes: u32,
    /// How often at most.
    pub(crate) most: u32,
    /// Whether several are about different things, so that they may be on one day.
    pub(crate) is_spread: bool,
    /// Whether it is left open with whom: somebody is preferred.
    pub(crate) is_open: bool,
    pub(crate) cells: Vec<Cell>,
}

/// An act on a day.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    /// Its place among the days.
    pub(crate) day: usize,
    /// The slots in which it can start.
    pub(crate) starts: RangeInclusive<u32>,
    /// Places of verdicts, with what it brings them.
    pub(crate) gains: Vec<(usize, f64)>,
    /// The weight of what it would have missed.
    pub(crate) harm: f64,
    pub(crate) is_late: bool,
}

/// An act that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) offer: usize,
    pub(crate) cell: usize,
    pub(crate) gap: usize,
    pub(crate) times: u32,
}

/// What is booked, and no booking keeps more than `most`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) picks: Vec<Pick>,
    /// Which verdicts are taken to be kept.
    pub(crate) keeps: Vec<bool>,
    /// What these weigh.
    pub(crate) kept: f64,
    pub(crate) most: f64,
}

/// What is sought.
#[derive(Debug, Clone, Copy)]
enum Aim<'k> {
    /// To keep as much as can be.
    Keep,
    /// To keep these, in the way that suits best.
    Suit(&'k [bool]),
    /// What could be kept if acts could be done in parts: no plan keeps more.
    Bound,
}

struct Columns {
    picks: Vec<(Pick, Variable)>,
    kept: Vec<Variable>,
    /// What is paid for.
    slack: Vec<Variable>,
}

/// A solution: the values of all columns, and what they mean.
#[derive(Debug)]
struct Found {
    columns: Vec<f64>,
    keeps: Vec<bool>,
    picks: Vec<Pick>,
}

impl Program {
    /// The best bookings that the solver finds: first what is kept, then how.
    pub(crate) fn solve(&self, days: &[Day]) -> Answer {
        let all: f64 = self.verdicts.iter().map(|one| one.weight).sum();
        // To do nothing is always possible: so there is an answer even when the limit is reached.
        let nothing = Found { columns: Vec::new(), keeps: Vec::new(), picks: Vec::new() };
        let Some(found) = self.search(days, Aim::Keep, &nothing) else {
            return Answer { most: all, ..Answer::default() };
        };
        let found = self.search(days, Aim::Suit(&found.keeps), &found).unwrap_or(found);
        let kept = found.keeps.iter().zip(&self.verdicts).filter(|(keeps, _)| **keeps);
        let kept: f64 = kept.map(|(_, one)| one.weight).sum();
        let most = if kept + 1e-6 >= all { all } else { self.most(days).clamp(kept, all) };
        Answer { picks: found.picks, keeps: found.keeps, kept, most }
    }

    /// The best that is found from what was found before.
    fn search(&self, days: &[Day], aim: Aim<'_>, before: &Found) -> Option<Found> {
        let (problem, columns) = self.problem(days, aim);
        let all: Vec<Variable> = (columns.picks.iter().map(|(_, column)| *column))
            .chain(columns.kept.iter().copied())
            .chain(columns.slack.iter().copied())
            .collect();
        let value = |n: usize| before.columns.get(n).copied().unwrap_or(0.0);
        let mut options = SolveOptions::default();
        let nodes = NODES.saturating_mul(NODES) / (all.len() as u64).max(1);
        options.node_limit = Some(nodes.clamp(FEWEST_NODES, NODES));
        options.mip_gap = match aim {
            // Less than what the lightest verdict weighs: then no more can be kept.
            Aim::Keep => self.lightest() * 0.4,
            Aim::Suit(_) | Aim::Bound => 0.01,
        };
        options.warm_start =
            Some(all.iter().enumerate().map(|(n, one)| (*one, value(n))).collect());
        let solution = problem.solve_with(options).ok()?.into_solution().ok()?;
        let times = |column: Variable| solution.var_value(column).round();
        let picks = columns.picks.iter().filter(|(_, column)| times(*column) > 0.5);
        Some(Found {
            columns: all.iter().map(|column| solution.var_value(*column)).collect(),
            keeps: columns.kept.iter().map(|column| times(*column) > 0.5).collect(),
            picks: picks
                .map(|(pick, column)| Pick { times: times(*column) as u32, ..*pick })
                .collect(),
        })
    }

    /// What the lightest verdict weighs of all.
    fn lightest(&self) -> f64 {
        let weights = self.verdicts.iter().map(|one| one.weight).filter(|weight| *weight > 0.0);
        let (least, sum) =
            weights.fold((f64::INFINITY, 0.0), |(least, sum), one| (one.min(least), one + sum));
        if sum > 0.0 { least / sum } else { 0.0 }
    }

    /// What is kept at most if acts could be done in parts: no plan keeps more.
    fn most(&self, days: &[Day]) -> f64 {
        let (problem, columns) = self.problem(days, Aim::Bound);
        let all: f64 = self.verdicts.iter().map(|one| one.weight).sum();
        let Ok(outcome) = problem.solve() else { return all };
        let Ok(solution) = outcome.into_solution() else { return all };
        let kept = columns.kept.iter().zip(&self.verdicts);
        kept.map(|(column, one)| solution.var_value(*column) * one.weight).sum()
    }

    fn problem(&self, days: &[Day], aim: Aim<'_>) -> (Problem, Columns) {
        let is_whole = !matches!(aim, Aim::Bound);
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let mut columns = Columns { picks: Vec::new(), kept: Vec::new(), slack: Vec::new() };
        let mut brought: Vec<LinearExpr> = Vec::new();
        for one in &self.verdicts {
            let worth = KEPT * one.weight;
            let kept = match aim {
                Aim::Keep => problem.add_binary_var(worth),
                Aim::Suit(keeps) => {
                    let keeps = i32::from(keeps.get(columns.kept.len()).copied().unwrap_or(false));
                    problem.add_integer_var(0.0, (keeps, keeps))
                }
                Aim::Bound => problem.add_var(worth, (0.0, 1.0)),
            };
            let mut row = LinearExpr::empty();
            row.add(kept, -one.need);
            columns.kept.push(kept);
            brought.push(row);
        }
        let mut of_day = vec![LinearExpr::empty(); days.len()];
        let mut of_gap: BTreeMap<(usize, usize), LinearExpr> = BTreeMap::new();
        let mut of_home: BTreeMap<(usize, usize), Vec<Variable>> = BTreeMap::new();
        for (place, offer) in self.offers.iter().enumerate() {
            let mut of_offer = LinearExpr::empty();
            for (cell, one) in offer.cells.iter().enumerate() {
                let Some(day) = days.get(one.day) else { continue };
                let fits = |gap: &Gap| gap.first(&one.starts, offer.slots).is_some();
                for (gap, _) in day.gaps.iter().enumerate().filter(|(_, gap)| fits(gap)) {
                    let late = if one.is_late { LATE } else { 0.0 };
                    let open = if offer.is_open { OPEN } else { 0.0 };
                    let cost = f64::from(offer.slots) * SLOT + one.day as f64 + late + open;
                    let cost = cost + KEPT * one.harm + gap as f64 / 8.0;
                    let most = i32::try_from(offer.most).unwrap_or(i32::MAX);
                    let column = match is_whole {
                        true => problem.add_integer_var(-cost, (0, most)),
                        false => problem.add_var(-KEPT * one.harm, (0.0, most.into())),
                    };
                    for (verdict, gain) in &one.gains {
                        if let Some(row) = brought.get_mut(*verdict) {
                            row.add(column, *gain);
                        }
                    }
                    if let Some(row) = of_day.get_mut(one.day) {
                        row.add(column, offer.minutes.into());
                    }
                    let row = of_gap.entry((one.day, gap)).or_insert_with(LinearExpr::empty);
                    row.add(column, offer.slots.into());
                    of_offer.add(column, 1.0);
                    if !offer.is_spread {
                        of_home.entry((offer.home, one.day)).or_default().push(column);
                    }
                    let pick = Pick { offer: place, cell, gap, times: 0 };
                    columns.picks.push((pick, column));
                }
            }
            problem.add_constraint(of_offer, ComparisonOp::Le, offer.most.into());
        }
        for row in brought {
            problem.add_constraint(row, ComparisonOp::Ge, 0.0);
        }
        for (row, day) in of_day.into_iter().zip(days) {
            problem.add_constraint(row, ComparisonOp::Le, day.minutes as f64);
        }
        for ((day, gap), row) in of_gap {
            let gap = days.get(day).and_then(|day| day.gaps.get(gap));
            let slots = gap.map_or(0, |gap| gap.slots);
            problem.add_constraint(row, ComparisonOp::Le, slots.into());
        }
        self.cut(&mut problem, &mut columns, !is_whole);
        if is_whole {
            self.spread(&mut problem, &mut columns, &of_home);
        }
        (problem, columns)
    }

    fn cut(&self, problem: &mut Problem, columns: &mut Columns, is_bound: bool) {
        for Cut { what, acts } in &self.cuts {
            let count: u32 = acts.values().sum();
            let mut row = LinearExpr::empty();
            let verdict = match what {
                Together::DoNotKeep(verdict) => Some(verdict),
                Together::Leave(verdict) => {
                    if let (false, Some(kept)) = (is_bound, columns.kept.get(*verdict)) {
                        row.add(*kept, 1.0);
                        problem.add_constraint(row, ComparisonOp::Le, 0.0);
                    }
                    continue;
                }
                Together::Lose(weight) => {
                    let lost = problem.add_var(-KEPT * weight, (0.0, f64::INFINITY));
                    columns.slack.push(lost);
                    row.add(lost, -1.0);
                    None
                }
            };
            if let Some(kept) = verdict.and_then(|verdict| columns.kept.get(*verdict)) {
                row.add(*kept, 1.0);
            }
            for (pick, column) in &columns.picks {
                let cell = self.offers.get(pick.offer).and_then(|offer| offer.cells.get(pick.cell));
                let brings = |verdict: &usize| {
                    cell.is_some_and(|cell| cell.gains.iter().any(|(one, _)| one == verdict))
                };
                let is_one = acts.contains_key(&(pick.offer, pick.cell));
                match verdict {
                    Some(verdict) if !is_one && brings(verdict) => row.add(*column, -1.0),
                    None if is_one => row.add(*column, 1.0),
                    _ => {}
                }
            }
            // It takes an act beside those; or there is one of them less.
            let most = if verdict.is_some() { 0 } else { count.saturating_sub(1) };
            problem.add_constraint(row, ComparisonOp::Le, most.into());
        }
    }

    /// More than one act with the same subject on a day, or on two days in a row, costs something.
    fn spread(
        &self,
        problem: &mut Problem,
        columns: &mut Columns,
        of_home: &BTreeMap<(usize, usize), Vec<Variable>>,
    ) {
        let mut acts: BTreeMap<usize, u32> = BTreeMap::new();
        for offer in &self.offers {
            *acts.entry(offer.home).or_default() += offer.most;
        }
        for (home, day) in of_home.keys() {
            if acts.get(home).is_none_or(|acts| *acts < 2) {
                continue;
            }
            let next = of_home.get(&(*home, day + 1)).map_or(&[][..], Vec::as_slice);
            for (beside, cost) in [(&[][..], BUNCHED), (next, CLOSE)] {
                let mut row = LinearExpr::empty();
                let all = of_home.get(&(*home, *day)).into_iter().flatten().chain(beside);
                all.for_each(|column| row.add(*column, 1.0));
                let over = problem.add_var(-cost, (0.0, f64::INFINITY));
                columns.slack.push(over);
                row.add(over, -1.0);
                problem.add_constraint(row, ComparisonOp::Le, 1.0);
            }
        }
    }
}
