//! What is decided about subjects of whose activities it is known which count: period by period, so that
//! what is done for one subject after the other is the same little thing.

use std::sync::Arc;

use super::measures::{Of, Seen};
use super::target::{Target, targets};
use super::things::Known;
use crate::engine::decisions::{Mark, Part};
use crate::engine::store::{Stretches, Word};
use crate::engine::view::View;
use crate::verdict::Status;

/// By a whole number.
pub(super) fn compared<W: Word>(
    view: &View<'_>,
    stretches: &Stretches<'_, W>,
    (of, periods): (&Of<'_>, &[Target]),
    subjects: Arc<Vec<u32>>,
    known: &[Known],
) -> Part {
    let mut part = Part::by_period(subjects.clone(), &targets(periods));
    let mut measured = vec![0; subjects.len()];
    let mut with_plans = vec![0; subjects.len()];
    let mut seen = of.seen();
    for (period, known) in periods.iter().zip(known) {
        let Known { done, planned } = known;
        match of {
            Of::Count(_) => {
                done.count_each(stretches, &subjects, &mut measured);
                planned.count_each(stretches, &subjects, &mut with_plans);
                with_plans.iter_mut().zip(&measured).for_each(|(planned, done)| *planned += *done);
            }
            Of::Distinct(_, others) => {
                // Of those with so many activities that all are among them, not all have to be seen.
                let most = u32::try_from(others.count).unwrap_or(u32::MAX);
                let numbers = (&mut *measured, &mut *with_plans);
                let of = (stretches, &**subjects, known);
                match others.few().filter(|_| stretches.are_rows()) {
                    // By far the commonest.
                    Some(few) => distinct(of, numbers, most, &mut seen, |place| {
                        few.get(place).copied().map_or(0, usize::from)
                    }),
                    None => distinct(of, numbers, most, &mut seen, |place| {
                        let other = others.get(stretches.row(place));
                        other.map_or(0, |other| other as usize + 1)
                    }),
                }
            }
            Of::Gap(_) => {
                let times = &view.store.activities.times;
                for (subject, number) in subjects.iter().zip(&mut measured) {
                    let (mut latest, mut longest) = (period.days.0, 0);
                    let mut next = |day: i32| {
                        longest = longest.max(day - latest);
                        latest = day;
                    };
                    done.each_until(stretches, *subject, |place| {
                        next(times.number(stretches.rank(place)));
                        false
                    });
                    next(period.days.1);
                    *number = longest.unsigned_abs();
                }
                with_plans.copy_from_slice(&measured);
            }
        }
        let mark = period.whole().marks();
        let numbers = measured.iter().zip(&with_plans);
        part.add_period(&measured, numbers.map(|(number, with_plans)| mark(*number, *with_plans)));
    }
    part
}

/// How many different ones are done by each subject, and the same where what is planned counts as well.
fn distinct<W: Word>(
    (stretches, subjects, Known { done, planned }): (&Stretches<'_, W>, &[u32], &Known),
    (measured, with_plans): (&mut [u32], &mut [u32]),
    most: u32,
    seen: &mut Seen,
    other: impl Fn(usize) -> usize,
) {
    for (subject, (number, with_plans)) in subjects.iter().zip(measured.iter_mut().zip(with_plans))
    {
        seen.start();
        let mut count = 0;
        for (marked, count_so_far) in [(done, number), (planned, with_plans)] {
            marked.each_until(stretches, *subject, |place| {
                count += seen.count_raised(other(place));
                count == most
            });
            *count_so_far = count;
        }
    }
}

/// By whether there is one that is planned.
pub(super) fn planned<W: Word>(
    stretches: &Stretches<'_, W>,
    subjects: Arc<Vec<u32>>,
    Known { planned, .. }: &Known,
) -> Part {
    let mut part = Part::by_period(subjects.clone(), &[1]);
    let mut counts = vec![0; subjects.len()];
    planned.count_each(stretches, &subjects, &mut counts);
    counts.iter_mut().for_each(|count| *count = (*count).min(1));
    let [missed, met] = [Status::Missed, Status::Met].map(|status| Mark::new(status, false));
    part.add_period(&counts, counts.iter().map(|count| if *count > 0 { met } else { missed }));
    part
}
