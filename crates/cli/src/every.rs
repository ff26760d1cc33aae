//! As of which days: the ends of periods, as `--every` and `--from` ask for them.

use chrono::NaiveDate;
use clap::ValueEnum;
use kadence::{AsOf, Every, RuleSet};

use crate::output::Failure;

/// As of how many days rules are judged at most.
const MOST: usize = 366;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EveryArg {
    Day,
    Week,
    Month,
    Quarter,
    HalfYear,
    Year,
}

impl EveryArg {
    fn every(self) -> Every {
        match self {
            EveryArg::Day => Every::Day,
            EveryArg::Week => Every::Week,
            EveryArg::Month => Every::Month,
            EveryArg::Quarter => Every::Quarter,
            EveryArg::HalfYear => Every::HalfYear,
            EveryArg::Year => Every::Year,
        }
    }

    fn word(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The last days of the periods that are over, the first first: those since `from`, or so many
    /// that they make a year. `else_say` is what else could have been asked for.
    pub(crate) fn days(
        self,
        rules: &RuleSet,
        from: Option<NaiveDate>,
        when: AsOf,
        else_say: &str,
    ) -> Result<Vec<AsOf>, Failure> {
        let ends = self.every().ends(rules, when);
        let days: Vec<NaiveDate> = match from {
            Some(from) => ends.take_while(|day| *day >= from).take(MOST + 1).collect(),
            None => ends.take(self.every().in_a_year()).collect(),
        };
        let from = from.map_or_else(String::new, |from| from.to_string());
        let word = self.word();
        match days.len() {
            0 => Err(Failure(format!(
                "no {word} has ended from `--from` {from} to the as-of; say an earlier `--from`, or {else_say}"
            ))),
            n if n > MOST => Err(Failure(format!(
                "`--every {word}` from {from} is more than {MOST} days to judge as of; say a later `--from` or a longer `--every`"
            ))),
            _ => Ok(days.into_iter().rev().map(AsOf::Day).collect()),
        }
    }
}
