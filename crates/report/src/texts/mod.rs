//! The words of pages, in each language.

mod danish;
mod english;

use chrono::{Datelike, NaiveDate};
use kadence::comparison::Direction;
use kadence::{Language, Number, Severity};

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
    pub(crate) is_final: &'static str,
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
        let Some(score) = score else { return "–".to_owned() };
        match self.language {
            // Half up, as everywhere.
            Language::English => format!("{:.0}%", (score * 100.0).round()),
            Language::Danish => format!("{:.0} %", (score * 100.0).round()),
        }
    }

    /// How much a score has changed, in percentage points.
    pub(crate) fn points(&self, then: Option<f64>, now: Option<f64>) -> Option<String> {
        let difference = (now? * 100.0).round() - (then? * 100.0).round();
        let sign = if difference > 0.0 {
            "+"
        } else if difference < 0.0 {
            "−"
        } else {
            "±"
        };
        let amount = difference.abs();
        Some(match self.language {
            Language::English if amount == 1.0 => format!("{sign}1 point"),
            Language::English => format!("{sign}{amount:.0} points"),
            Language::Danish => format!("{sign}{amount:.0} procentpoint"),
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

    /// `312 verdicts: 120 met, …`
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
