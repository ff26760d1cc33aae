//! Random cases, and what is compared of them.

pub(crate) mod compare;
pub(crate) mod constructs;
pub(crate) mod data;
pub(crate) mod dice;
pub(crate) mod many;
pub(crate) mod rules;
pub(crate) mod words;

use chrono::NaiveDate;
use data::Company;
use dice::{Dice, plus};
use kadence::{AsOf, Compiler, Language, NoFiles, Options, RuleSet};

/// Rules, data and a moment: all that a seed decides.
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) text: String,
    pub(crate) rules: RuleSet,
    pub(crate) company: Company,
    pub(crate) as_of: String,
    pub(crate) options: Options,
    /// How many rule texts were refused before this one.
    pub(crate) refused: u64,
}

impl Case {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        // Summer; the clock skips and repeats an hour; the ends of a year and of a leap February.
        let middle = dice.pick(&[
            (2026, 6, 15),
            (2026, 6, 15),
            (2026, 3, 29),
            (2026, 10, 25),
            (2026, 12, 31),
            (2024, 2, 29),
        ]);
        let middle = NaiveDate::from_ymd_opt(middle.0, middle.1, middle.2).unwrap();
        let mut refused = 0;
        let (text, rules) = loop {
            let text = rules::rule_file(&mut dice, middle);
            let compilation = Compiler::new().compile("random.kpi", &text, &NoFiles);
            if compilation.diagnostics.errors() == 0 {
                break (text, compilation.rules);
            }
            refused += 1;
        };
        let company = Company::random(&mut dice, rules.schema(), middle);
        let day = match dice.below(3) {
            0 => plus(middle, dice.between(-40, 40)),
            _ => dice.usual_day(middle),
        };
        let as_of = match dice.pick(&["", "", "T00:00", "T00:30", "T02:30", "T12:00", "T23:59"]) {
            "" => day.to_string(),
            clock => format!("{day}{clock}"),
        };
        let mut options = Options::at(as_of.parse::<AsOf>().unwrap());
        options.history = dice.one_in(3);
        let earliest = if options.history { -70 } else { -400 };
        options.from = dice.one_in(2).then(|| plus(day, dice.between(earliest, 20)));
        if dice.one_in(20) {
            options.only.push("r1".to_owned());
        }
        options.language =
            if seed.is_multiple_of(2) { Language::English } else { Language::Danish };
        Case { seed, text, rules, company, as_of, options, refused }
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Options { from, history, language, .. } = &self.options;
        writeln!(f, "KADENCE_AGREEMENT_SEED={}", self.seed)?;
        writeln!(f, "as of {}, from {from:?}, history {history}, in {language}", self.as_of)?;
        write!(f, "{}\n{}", self.text, self.company)
    }
}
