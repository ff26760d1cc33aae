//! The words of pages, in each language.

mod danish;
mod english;

use chrono::{Datelike, NaiveDate};
use kadence::comparison::Direction;
use kadence::worklist::{Act, Doing};
use kadence::{Language, Number, Severity};

use crate::name_of;

/// The words of one language, and how it writes days, numbers and percentages.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) language: Language,
    pub(crate) title: &'static str,
    pub(crate) overview: &'static str,
    pub(crate) sellers: &'static str,
    pub(crate) rules: &'static str,
    pub(crate) verdicts: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) print: &'static str,
    pub(crate) needs_script: &'static str,
    pub(crate) as_of: &'static str,
    pub(crate) score: &'static str,
    pub(crate) score_means: &'static str,
    pub(crate) nothing_judged: &'static str,
    pub(crate) trend: &'static str,
    pub(crate) trend_none: &'static str,
    pub(crate) month: &'static str,
    pub(crate) goals: &'static str,
    pub(crate) goals_need: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) effect: &'static str,
    pub(crate) goal: &'static str,
    pub(crate) control: &'static str,
    pub(crate) control_means: &'static str,
    pub(crate) who: &'static str,
    pub(crate) all: &'static str,
    pub(crate) company: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) show_all_rows: &'static str,
    pub(crate) changes: &'static str,
    pub(crate) changes_none: &'static str,
    pub(crate) nothing_earlier: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) lapsing: &'static str,
    pub(crate) lapsing_means: &'static str,
    pub(crate) dropped: &'static str,
    pub(crate) dropped_means: &'static str,
    pub(crate) targets: &'static str,
    pub(crate) targets_none: &'static str,
    pub(crate) tasks: &'static str,
    pub(crate) tasks_none: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) seller: &'static str,
    pub(crate) team: &'static str,
    pub(crate) status: &'static str,
    pub(crate) measured: &'static str,
    pub(crate) target: &'static str,
    pub(crate) planned: &'static str,
    pub(crate) missing: &'static str,
    pub(crate) due: &'static str,
    pub(crate) changes_on: &'static str,
    pub(crate) was: &'static str,
    pub(crate) why: &'static str,
    pub(crate) weight: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) supports: &'static str,
    pub(crate) distribution: &'static str,
    pub(crate) distribution_none: &'static str,
    pub(crate) median: &'static str,
    pub(crate) count: &'static str,
    pub(crate) percent_of_target: &'static str,
    pub(crate) done: &'static str,
    pub(crate) pace: &'static str,
    pub(crate) day: &'static str,
    pub(crate) search: &'static str,
    pub(crate) any: &'static str,
    pub(crate) change: &'static str,
    pub(crate) new: &'static str,
    pub(crate) explain: &'static str,
    pub(crate) counted: &'static str,
    pub(crate) today: &'static str,
    pub(crate) window: &'static str,
    pub(crate) nothing_counted: &'static str,
    pub(crate) more_rows: &'static str,
    pub(crate) no_rows: &'static str,
    /// `{0}` of `{1}`.
    pub(crate) rows_shown: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) data_problems: &'static str,
    pub(crate) problems: &'static str,
    pub(crate) act: &'static str,
    pub(crate) serves: &'static str,
    pub(crate) last_contact: &'static str,
    pub(crate) next_planned: &'static str,
    pub(crate) reach_at: &'static str,
    pub(crate) no_page: &'static str,
}

/// The words of a language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &english::TEXTS,
        Language::Danish => &danish::TEXTS,
    }
}

impl Texts {
    pub(crate) fn day(&self, day: NaiveDate) -> String {
        self.language.day(day)
    }

    pub(crate) fn number(&self, number: &Number) -> String {
        self.language.number(number)
    }

    /// A score from 0 to 1, in whole percent.
    pub(crate) fn percent(&self, score: Option<f64>) -> String {
        let percent = |score| format!("{}{}", whole_percent(score), self.percent_sign());
        score.map_or_else(|| "–".to_owned(), percent)
    }

    /// As it follows a number: `%`, ` %`.
    pub(crate) fn percent_sign(&self) -> &'static str {
        match self.language {
            Language::English => "%",
            Language::Danish => " %",
        }
    }

    /// How much a score has changed, in percentage points.
    pub(crate) fn points(&self, then: Option<f64>, now: Option<f64>) -> Option<String> {
        let difference = whole_percent(now?) - whole_percent(then?);
        let sign = match difference.signum() {
            1 => "+",
            -1 => "−",
            _ => "±",
        };
        let amount = difference.abs();
        Some(match self.language {
            Language::English if amount == 1 => format!("{sign}1 point"),
            Language::English => format!("{sign}{amount} points"),
            Language::Danish => format!("{sign}{amount} procentpoint"),
        })
    }

    /// A day of some year, as axes have it: `15 Nov`, `15. nov.`
    pub(crate) fn short_day(&self, day: NaiveDate) -> String {
        let dot = if self.language == Language::Danish { "." } else { "" };
        format!("{}{dot} {}", day.day(), self.language.month(day))
    }

    pub(crate) fn changes_since(&self, day: NaiveDate) -> String {
        let day = self.day(day);
        match self.language {
            Language::English => format!("What changed since {day}"),
            Language::Danish => format!("Ændringer siden {day}"),
        }
    }

    pub(crate) fn deadlines_within(&self, days: u32) -> String {
        match self.language {
            Language::English => format!("Due in the next {days} days"),
            Language::Danish => format!("Frister de næste {days} dage"),
        }
    }

    pub(crate) fn no_deadlines(&self, days: u32) -> String {
        match self.language {
            Language::English => format!("Nothing is due in the next {days} days."),
            Language::Danish => format!("Ingen frister de næste {days} dage."),
        }
    }

    /// `312 verdicts`
    pub(crate) fn verdict_count(&self, count: usize) -> String {
        let number = self.number(&Number::from(count as u64));
        match (self.language, count) {
            (Language::English, 1) => "1 verdict".to_owned(),
            (Language::English, _) => format!("{number} verdicts"),
            (Language::Danish, 1) => "1 vurdering".to_owned(),
            (Language::Danish, _) => format!("{number} vurderinger"),
        }
    }

    pub(crate) fn direction(&self, direction: Direction) -> &'static str {
        match (self.language, direction) {
            (Language::English, Direction::Better) => "better",
            (Language::English, Direction::Worse) => "worse",
            (Language::English, Direction::NowJudged) => "new",
            (Language::English, Direction::NoLongerJudged) => "no longer judged",
            (Language::English, Direction::Unjudged) => "not judged",
            (Language::Danish, Direction::Better) => "bedre",
            (Language::Danish, Direction::Worse) => "dårligere",
            (Language::Danish, Direction::NowJudged) => "ny",
            (Language::Danish, Direction::NoLongerJudged) => "vurderes ikke længere",
            (Language::Danish, Direction::Unjudged) => "vurderes ikke",
        }
    }

    pub(crate) fn severity(&self, severity: Severity) -> &'static str {
        match (self.language, severity) {
            (Language::English, Severity::Info) => "info",
            (Language::English, Severity::Warning) => "warning",
            (Language::English, Severity::Critical) => "critical",
            (Language::Danish, Severity::Info) => "til orientering",
            (Language::Danish, Severity::Warning) => "vigtig",
            (Language::Danish, Severity::Critical) => "kritisk",
        }
    }
}

impl Texts {
    /// What is to be done, in words.
    pub(crate) fn doing(&self, act: &Act) -> String {
        if self.language == Language::English {
            return act.to_string();
        }
        match &act.doing {
            Doing::Activity { kinds, any, with, follows } => {
                let kinds = if *any {
                    "en hvilken som helst aktivitet".to_owned()
                } else {
                    alternatives(kinds)
                };
                let with = with.as_ref().map(|with| format!(" med {}", name_of(with)));
                let follows = follows.as_ref().map(|id| format!(", der følger op på {id}"));
                kinds + &with.unwrap_or_default() + &follows.unwrap_or_default()
            }
            Doing::Record { fields } => format!("notér {}", fields.join(" og ")),
            // What would be enough is told in English alone; how it stands is not.
            Doing::Enough { .. } => {
                let stands = act.serves.first().map_or("", |verdict| verdict.sentence.as_str());
                format!("bring i orden: {stands}")
            }
        }
    }
}

/// `call, visit eller møde`
fn alternatives(kinds: &[String]) -> String {
    match kinds {
        [first @ .., before, last] => {
            let first: String = first.iter().map(|kind| format!("{kind}, ")).collect();
            format!("{first}{before} eller {last}")
        }
        [one] => one.clone(),
        [] => String::new(),
    }
}

/// A score in whole percent, rounded half up: it has four decimals at most, so that this is exact.
#[expect(clippy::cast_possible_truncation, reason = "it is from 0 to 1")]
fn whole_percent(score: f64) -> i64 {
    ((score * 10_000.0).round() as i64 + 50).div_euclid(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_rounded_half_up() {
        let english = texts(Language::English);
        for (score, percent) in
            [(0.285, "29%"), (0.145, "15%"), (0.575, "58%"), (0.125, "13%"), (0.0049, "0%")]
        {
            assert_eq!(english.percent(Some(score)), percent);
        }
        assert_eq!(english.points(Some(0.285), Some(0.28)).as_deref(), Some("−1 point"));
        assert_eq!(texts(Language::Danish).percent(Some(1.0)), "100 %");
    }
}
