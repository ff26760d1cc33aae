//! Lengths of time and dates that are one off, or of another unit.

use chrono::NaiveDate;

use super::MutantKind;
use super::edit::Editor;
use super::threshold::beside;
use crate::diagnostic::Span;
use crate::model::calendar::{Duration, TimeUnit};
use crate::syntax::tree::Spanned;

/// Up to how many days are also counted in hours.
const FEW_DAYS: u32 = 7;

impl Editor<'_> {
    /// One more and one less; workdays for days and hours for days, and back.
    pub(super) fn duration(&mut self, duration: &Spanned<Duration>) {
        let Spanned { value: Duration { amount, unit }, span } = duration;
        let amount_at =
            self.tokens(*span).first().map(|token| (token.span, token.value.to_owned()));
        let Some((place, written)) = amount_at else { return };
        for up in [false, true] {
            // Nothing is within no time at all: that is not what people write by mistake.
            if let Some(other) = beside(&written, up).filter(|_| up || *amount > 1) {
                self.replace(MutantKind::Duration, place, other);
            }
        }
        for (amount, unit) in other_units(*amount, *unit) {
            let other = Duration { amount, unit };
            self.replace(MutantKind::Workdays, *span, other.to_string());
        }
    }

    /// The `within` of a `next`, which can be missing.
    pub(super) fn next_within(&mut self, within: &Spanned<Duration>) {
        if let Some(clause) = self.with_word_before("within", within.span) {
            self.leave_out(MutantKind::Duration, clause);
        }
        self.duration(within);
    }

    /// A day earlier and a day later.
    pub(super) fn date(&mut self, span: Span) {
        let Ok(date) = self.slice(span).parse::<NaiveDate>() else { return };
        for other in [date.pred_opt(), date.succ_opt()].into_iter().flatten() {
            self.replace(MutantKind::Date, span, other.to_string());
        }
    }
}

/// As many of the unit that is taken for this one.
fn other_units(amount: u32, unit: TimeUnit) -> Vec<(u32, TimeUnit)> {
    let mut others = Vec::new();
    match unit {
        TimeUnit::Day => {
            others.push((amount, TimeUnit::Workday));
            if amount <= FEW_DAYS {
                others.push((24 * amount, TimeUnit::Hour));
            }
        }
        TimeUnit::Workday => others.push((amount, TimeUnit::Day)),
        TimeUnit::Hour if amount.is_multiple_of(24) => others.push((amount / 24, TimeUnit::Day)),
        _ => {}
    }
    others
}
