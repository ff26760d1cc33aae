//! Who is judged differently.

use kadence::Verdict;
use kadence::comparison::AsOfDifference;

use super::super::grid::{Column, fit, grid};
use super::super::table::SHOWN;
use super::{DiffView, of_moment};

impl DiffView<'_> {
    /// The last as-of first; so many in all.
    pub(super) fn who(&self) -> Option<String> {
        let mut left = if self.all { usize::MAX } else { SHOWN };
        let mut texts = Vec::new();
        let mut more = 0;
        for at in self.report.as_ofs.iter().rev() {
            let differing = of_moment(at).differing();
            let shown = at.differences.len().min(left);
            left -= shown;
            more += differing - shown as u64;
            if shown > 0 {
                texts.push(self.as_of(at, differing, shown));
            }
        }
        if more > 0 {
            texts.push(format!("… and {more} more (--all shows all, --format csv too)\n"));
        }
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    fn as_of(&self, at: &AsOfDifference, differing: u64, shown: usize) -> String {
        let columns = [
            ("subject", Column::Upto(self.width / 5)),
            ("owner", Column::Upto(self.width / 8)),
            ("rule, by the old and by the new", Column::Free),
        ];
        let rows = at.differences.iter().take(shown).filter_map(|difference| {
            let verdict = difference.latest()?;
            let subject = verdict.subject.name.as_ref().unwrap_or(&verdict.subject.id);
            let owner = verdict.owner.clone().unwrap_or_else(|| "–".to_owned());
            let rule = fit(&verdict.rule, self.width / 4);
            Some(vec![
                subject.clone(),
                owner,
                format!("{rule}: {}", said(difference.old.as_ref(), difference.new.as_ref())),
            ])
        });
        let table = grid(self.width, 4, &columns, rows);
        format!("Judged differently as of {} ({differing})\n{table}", at.day)
    }
}

/// Both verdicts: from → to, then what was said of each.
pub(crate) fn said(old: Option<&Verdict>, new: Option<&Verdict>) -> String {
    let status =
        |verdict: Option<&Verdict>| verdict.map_or("not judged", |verdict| verdict.status.words());
    let statuses = match (status(old), status(new)) {
        (from, to) if from == to => to.to_owned(),
        (from, to) => format!("{from} → {to}"),
    };
    let sentence = |verdict: &Verdict| verdict.reason.as_ref().unwrap_or(&verdict.sentence).clone();
    let sentences = match (old.map(sentence), new.map(sentence)) {
        (Some(old), Some(new)) if old == new => new,
        (old, new) => [old, new].into_iter().flatten().collect::<Vec<_>>().join(" → "),
    };
    format!("{statuses}, {sentences}")
}
