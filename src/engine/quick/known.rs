//! What is decided about subjects of whose activities it is known which count: period by period, so that
//! what is done for one subject after the other is the same little thing.

use std::sync::Arc;

use super::measures::Of;
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
    for (period, Known { done, planned }) in periods.iter().zip(known) {
        match of {
            Of::Count(_) => {
                done.count_each(stretches, &subjects, &mut measured);
                planned.count_each(stretches, &subjects, &mut with_plans);
                with_plans.iter_mut().zip(&measured).for_each(|(planned, done)| *planned += *done);
            }
            Of::Distinct(_, others) => {
                let numbers = measured.iter_mut().zip(&mut with_plans);
                for (subject, (number, with_plans)) in subjects.iter().zip(numbers) {
                    seen.start();
                    let mut count = 0;
                    let mut see = |place| count += seen.count(others.get(stretches.row(place)));
                    done.each(stretches, *subject, &mut see);
                    *number = count;
                    let mut see = |place| count += seen.count(others.get(stretches.row(place)));
                    planned.each(stretches, *subject, &mut see);
                    *with_plans = count;
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
                    done.each(stretches, *subject, |place| {
                        next(times.number(stretches.rank(place)));
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
