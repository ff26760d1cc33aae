//! Whether targets work: what comes of meeting a rule, which effort yields nothing, what precedes deals
//! that are won, and which leads are worth having.
//!
//! The facts are those of [`kadence::effect`]. Those that met a rule are compared with their like that
//! missed it, by segment, owner, size and period, because good customers are called more. One family of
//! questions is asked in a report, and corrected as one: where there is nothing to be found, at most
//! one report in twenty finds something.

mod compare;
mod effort;
mod fisher;
mod holm;
mod kinds;
mod ranks;
mod report;
mod round;
mod rules;
mod sources;

use kadence::effect::{Asked, Facts, NoEffect};
use kadence::{AsOf, Dataset, RuleSet};

pub use compare::{
    Compared, Difference, LEAST_DIFFERENT, LEAST_EFFECTIVE, LEAST_STRATA, LEAST_SUBJECTS, LEVEL,
    Refusal, Side, Value, compare, raw, side,
};
pub use fisher::fisher;
pub use holm::holm;
pub use report::{
    Against, Carry, Effects, EffortYield, Estimate, KindBefore, KindsBefore, Outcome, Periods,
    RawDifference, ResultEffect, RuleEffect, Source, Sources, Yield,
};

/// In how many reports in which there is nothing to be found something may be found.
pub const FALSE_ALARMS: f64 = 0.05;

/// What cannot be concluded, whatever the figures are.
const CAVEATS: [&str; 5] = [
    "this observes and does not experiment: who is called is chosen by people who know things that the data does not, and what they know can be the cause of both the call and the sale",
    "segment, owner, revenue and amount are as the data has them now, not as they were at the time",
    "what was entered late or corrected counts as it is known now",
    "no detectable effect is not the same as no effect: each result says how large one would have been noticed",
    "a difference in what comes after does not say that more of the same would bring more",
];

impl Effects {
    /// Looks at whether the rules of a rule set work.
    ///
    /// ```
    /// use kadence::effect::Asked;
    /// use kadence::{AsOf, Customer, Dataset, NoFiles, RuleSet};
    /// use kadence_statistics::effect::{Effects, Refusal};
    ///
    /// let text = "goal sales = sum amount of won opportunities >= 1m per year\n\
    ///             customer: calls >= 1 per month   as called   supports sales\n";
    /// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
    /// let mut data = Dataset::builder(rules.schema());
    /// data.add(Customer::new("acme"));
    /// data.complete_from("2026-01-01".parse()?);
    /// let (data, _notes) = data.build()?;
    /// let effects = Effects::new(&rules, &data, "2026-12-31".parse::<AsOf>()?, &Asked::default())?;
    /// let called = &effects.rules[0];
    /// assert_eq!((called.periods.count, called.missed), (6, 6));
    /// // One customer that nobody called says nothing about calls.
    /// assert_eq!(called.results[1].refused, Some(Refusal::Nothing { met: 0, missed: 1 }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Facts::new`].
    pub fn new(
        rules: &RuleSet,
        data: &Dataset,
        as_of: AsOf,
        asked: &Asked,
    ) -> Result<Effects, NoEffect> {
        Facts::new(rules, data, as_of, asked).map(|facts| Effects::of(&facts))
    }

    /// The estimates that facts allow.
    pub fn of(facts: &Facts) -> Effects {
        let mut effects = Effects {
            schema: 1,
            as_of: facts.as_of.clone(),
            day: facts.day,
            months: facts.months,
            questions: 0,
            rules: facts.rules.iter().map(rules::effect).collect(),
            effort: effort::effort(facts),
            kinds: kinds::kinds(facts),
            sources: sources::sources(facts),
            gaps: facts.gaps,
            caveats: CAVEATS.map(str::to_owned).to_vec(),
            problems: Vec::new(),
        };
        effects.correct();
        effects.round();
        effects
    }

    /// Takes account of how many questions were asked at once. Half of the false alarms are for rules,
    /// half for all else, so that neither hides behind the number of the other.
    fn correct(&mut self) {
        let (mut of_rules, mut others) = (Vec::new(), Vec::new());
        self.each_of_rules(&mut |one| of_rules.push(one.p));
        self.each_of_kinds(&mut |one| others.push(one.p));
        self.each_against(&mut |one| others.push(one.p));
        let share = |ps: &[f64]| 1.0 / ps.len().max(1) as f64;
        let weigh =
            |ps: &[f64]| -> Vec<(f64, f64)> { ps.iter().map(|p| (*p, share(ps))).collect() };
        let family = [weigh(&of_rules), weigh(&others)].concat();
        let all: f64 = family.iter().map(|(_, weight)| weight).sum();
        // At which level the first of the questions of one part is answered.
        let level = |ps: &[f64]| FALSE_ALARMS * share(ps) / all.max(1.0);
        let (level_of_rules, level_of_others) = (level(&of_rules), level(&others));
        let mut adjusted = holm(&family).into_iter();
        let mut next = || adjusted.next().unwrap_or(1.0);
        self.each_of_rules(&mut |one| one.correct(next(), level_of_rules));
        self.each_of_kinds(&mut |one| one.correct(next(), level_of_others));
        self.each_against(&mut |one| {
            one.adjusted = next();
            one.is_detected = one.adjusted <= FALSE_ALARMS;
        });
        self.questions = family.len() as u64;
        effort::mark(&mut self.effort);
    }

    fn each_of_rules(&mut self, each: &mut dyn FnMut(&mut Estimate)) {
        let of_rules = self.rules.iter_mut().flat_map(|rule| &mut rule.results);
        of_rules.filter_map(|result| result.among_like.as_mut()).for_each(each);
    }

    fn each_of_kinds(&mut self, each: &mut dyn FnMut(&mut Estimate)) {
        let kinds = self.kinds.kinds.iter_mut();
        kinds.filter_map(|kind| kind.among_like.as_mut()).for_each(each);
    }

    fn each_against(&mut self, each: &mut dyn FnMut(&mut Against)) {
        let EffortYield { sellers, segments, .. } = &mut self.effort;
        for one in sellers.iter_mut().chain(segments) {
            one.win_rate.as_mut().into_iter().chain(&mut one.margins).for_each(&mut *each);
        }
    }
}
