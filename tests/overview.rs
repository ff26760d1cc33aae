//! What an overview says beside its report is what the report says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::HashMap;

use kadence::comparison::Direction;
use kadence::overview::{Holder, Overview, Past};
use kadence::verdict::Tally;
use kadence::{NoFiles, Options, RuleSet, Status};
use proptest::prelude::*;
use support::{Row, as_of, company, coverage, dataset, instant};

const RULES: &str = include_str!("support/every_construct.kpi");

fn rules() -> RuleSet {
    RuleSet::compile("laws.kpi", RULES, &NoFiles).unwrap()
}

fn at(as_of: &str) -> Options {
    Options::at(as_of.parse::<kadence::AsOf>().unwrap())
}

fn counts(tally: &Tally) -> [u64; 6] {
    let Tally { met, on_track, at_risk, missed, not_applicable, unknown, .. } = *tally;
    [met, on_track, at_risk, missed, not_applicable, unknown]
}

fn sum<'t>(tallies: impl Iterator<Item = &'t Tally>) -> [u64; 6] {
    tallies.map(counts).fold([0; 6], |mut sum, more| {
        sum.iter_mut().zip(more).for_each(|(a, b)| *a += b);
        sum
    })
}

fn overview(rules: &RuleSet, rows: &[Row], coverage: support::Coverage, as_of: &str) -> Overview {
    let data = dataset(rules, rows, coverage);
    Overview::new(rules, &data, &at(as_of), &Past::Judged, 14).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_heat_map_counts_each_verdict_where_its_score_does(
        rows in company(), as_of in as_of(), coverage in coverage(),
    ) {
        let overview = overview(&rules(), &rows, coverage, &as_of);
        let scores = &overview.report.scores;
        for row in &overview.heat.rows {
            let named = match &row.holder {
                Holder::Company => Some(&scores.company),
                Holder::Team(id) => scores.teams.iter().find(|named| named.id == *id).map(|named| &named.tally),
                Holder::Seller(id) => scores.sellers.iter().find(|named| named.id == *id).map(|named| &named.tally),
            };
            let cells = sum(row.cells.iter().flatten());
            // Who left has no score, but may own what is judged.
            if let Some(named) = named {
                prop_assert_eq!(cells, counts(named), "{:?}", row.holder);
                prop_assert_eq!(&row.all, named);
            }
            prop_assert_eq!(cells, counts(&row.all));
        }
        let company = overview.heat.rows.iter().find(|row| row.holder == Holder::Company);
        let all = company.map_or([0; 6], |row| sum(row.cells.iter().flatten()));
        prop_assert_eq!(all.iter().sum::<u64>(), overview.report.verdicts.len() as u64);
    }

    #[test]
    fn outlines_tell_of_the_evidence_and_of_the_change(
        rows in company(), as_of in as_of(), coverage in coverage(),
    ) {
        let rules = rules();
        let overview = overview(&rules, &rows, coverage, &as_of);
        prop_assert_eq!(overview.outlines.len(), overview.report.verdicts.len());
        let data = rules.prepare(&dataset(&rules, &rows, coverage)).unwrap();
        let options = at(&as_of);
        let evaluation = rules.judge(&data, &options).unwrap();
        for (verdict, outline) in overview.report.verdicts.iter().zip(&overview.outlines) {
            let counted: Vec<&String> = outline.counted.iter().map(|entry| &entry.id).collect();
            prop_assert_eq!(counted, verdict.evidence.iter().collect::<Vec<_>>(), "{} {}", verdict.rule, verdict.sentence);
            prop_assert_eq!(outline.change.map(|change| change.day), verdict.changes);
            let story = evaluation.explain(&verdict.rule, &verdict.subject.id, None);
            // The subject of a member's id is not looked up by it.
            if let Ok(story) = story {
                prop_assert_eq!(story.change, outline.change);
                let parts = story.deciding();
                let last = parts.last().unwrap();
                // Of who is exempt a story tells the condition all the same.
                if verdict.status != Status::NotApplicable {
                    prop_assert_eq!(&last.planned, &outline.planned);
                }
                prop_assert_eq!(last.days, outline.days);
            }
        }
    }

    #[test]
    fn what_changed_is_what_was_otherwise_as_of_then(rows in company(), as_of in as_of()) {
        let rules = rules();
        let overview = overview(&rules, &rows, (None, None), &as_of);
        let since = overview.since.as_ref().unwrap();
        prop_assert!(since.day < instant(&as_of).date_naive());
        let then = rules.evaluate(&dataset(&rules, &rows, (None, None)), &at(&since.day.to_string())).unwrap();
        let key = |verdict: &kadence::Verdict| (verdict.rule.clone(), verdict.subject.kind.clone(), verdict.subject.id.clone());
        let before: HashMap<_, Status> = then.verdicts.iter().map(|verdict| (key(verdict), verdict.status)).collect();
        let mut changed = since.changed.iter().peekable();
        for (place, verdict) in overview.report.verdicts.iter().enumerate() {
            let was = before.get(&key(verdict)).copied();
            let told = changed.next_if(|changed| changed.verdict == place);
            prop_assert_eq!(told.map(|changed| changed.direction), Direction::of(was, Some(verdict.status)));
            if let Some(told) = told {
                prop_assert_eq!(told.before, was);
            }
        }
        prop_assert_eq!(changed.next(), None);
        let now: std::collections::HashSet<_> = overview.report.verdicts.iter().map(key).collect();
        let gone = before.keys().filter(|key| !now.contains(*key)).count();
        prop_assert_eq!(since.gone.len(), gone);
        let last = &overview.trend[overview.trend.len() - 2];
        prop_assert_eq!((last.day, &last.scores), (since.day, &then.scores));
    }

    #[test]
    fn what_is_soon_or_dropped_is_so(rows in company(), as_of in as_of(), days in 0_u32..60) {
        let rules = rules();
        let data = dataset(&rules, &rows, (None, None));
        let overview = Overview::new(&rules, &data, &at(&as_of), &Past::Judged, days).unwrap();
        let report = &overview.report;
        let last = report.day + chrono::Days::new(u64::from(days));
        let is_good = |status| matches!(status, Status::Met | Status::OnTrack);
        for (place, verdict) in report.verdicts.iter().enumerate() {
            let is_due = verdict.due.is_some_and(|due| due <= last)
                && matches!(verdict.status, Status::OnTrack | Status::AtRisk | Status::Missed);
            prop_assert_eq!(overview.due.contains(&place), is_due);
            // Changes are held against stories above.
            let change = overview.outlines[place].change;
            let lapses = is_good(verdict.status)
                && change.is_some_and(|change| change.day <= last && !is_good(change.status));
            prop_assert_eq!(overview.lapsing.contains(&place), lapses);
            let is_dropped = verdict.status == Status::Missed && verdict.is_final;
            prop_assert_eq!(overview.dropped.contains(&place), is_dropped);
        }
        let dues: Vec<_> = overview.due.iter().map(|place| report.verdicts[*place].due).collect();
        prop_assert!(dues.is_sorted());
        let lapse = |place: &usize| overview.outlines[*place].change.map(|change| change.day);
        prop_assert!(overview.lapsing.iter().map(lapse).is_sorted());
        let ended = |place: &usize| report.verdicts[*place].period.map(|period| period.to);
        prop_assert!(overview.dropped.iter().rev().map(ended).is_sorted());
    }

    #[test]
    fn a_distribution_has_each_measured_verdict_once_where_it_belongs(rows in company(), as_of in as_of()) {
        let overview = overview(&rules(), &rows, (None, None), &as_of);
        for (rule, distribution) in overview.report.rules.iter().zip(&overview.distributions) {
            let of = overview.report.verdicts.iter().filter(|verdict| verdict.rule == rule.id);
            let measured: Vec<_> = of.filter_map(|verdict| verdict.measured.as_ref().zip(verdict.target.as_ref())).collect();
            let Some(distribution) = distribution else {
                prop_assert!(measured.is_empty());
                continue;
            };
            let binned: u64 = distribution.bins.iter().flat_map(|bin| bin.counts).sum();
            let without = measured.iter().filter(|(_, target)| target.is_zero()).count();
            let of_percent = distribution.scale == kadence::overview::Scale::Percent;
            prop_assert_eq!(binned as usize, measured.len() - if of_percent { without } else { 0 });
            if !of_percent {
                for bin in &distribution.bins {
                    let is_last = Some(bin) == distribution.bins.last();
                    let within = measured.iter().filter(|(value, _)| {
                        **value >= bin.from && (**value < bin.to || bin.from == bin.to && **value == bin.from || is_last)
                    });
                    prop_assert_eq!(within.count() as u64, bin.counts.iter().sum::<u64>(), "{:?}", bin);
                }
                let below = measured.iter().filter(|(value, _)| **value < distribution.median).count();
                let above = measured.iter().filter(|(value, _)| **value > distribution.median).count();
                prop_assert!(below * 2 <= measured.len() && above * 2 <= measured.len());
            }
            prop_assert!(distribution.bins.len() <= 17);
        }
    }

    #[test]
    fn a_line_ends_with_what_is_measured_and_was_measured_as_of_its_days(rows in company(), as_of in as_of()) {
        let rules = rules();
        let overview = overview(&rules, &rows, (None, None), &as_of);
        let data = dataset(&rules, &rows, (None, None));
        for line in overview.lines.iter().take(12) {
            let verdict = &overview.report.verdicts[line.verdict];
            let last = line.points.last().unwrap();
            prop_assert_eq!(Some(&last.value), verdict.measured.as_ref());
            prop_assert!(line.points.is_sorted_by(|a, b| a.day < b.day));
            if let Some(point) = line.points.iter().rev().nth(1) {
                let then = rules.evaluate(&data, &at(&point.day.to_string())).unwrap();
                let of = |other: &&kadence::Verdict| other.rule == verdict.rule && other.subject == verdict.subject;
                prop_assert_eq!(then.verdicts.iter().find(of).unwrap().measured.as_ref(), Some(&point.value));
            }
        }
    }
}

#[test]
fn what_was_kept_is_compared_with_instead() {
    let rules = RuleSet::compile("calls.kpi", "customer: calls >= 1 per year", &NoFiles).unwrap();
    let mut data = kadence::Dataset::builder(rules.schema());
    data.add(kadence::Customer::new("acme"));
    let (data, _) = data.build().unwrap();
    let mut last = rules.evaluate(&data, &at("2026-10-10")).unwrap();
    last.verdicts[0].status = Status::Met;
    last.scores.company.score = Some(1.0);
    let trend = vec![kadence::overview::Standing { day: last.day, scores: last.scores.clone() }];
    let past = Past::Kept { trend, last: Some(Box::new(last)) };
    let overview = Overview::new(&rules, &data, &at("2026-11-15"), &past, 14).unwrap();
    let since = overview.since.unwrap();
    assert_eq!((since.score, since.changed[0].before), (Some(1.0), Some(Status::Met)));
    assert_eq!(since.changed[0].direction, Direction::Worse);
    let days: Vec<String> = overview.trend.iter().map(|one| one.day.to_string()).collect();
    assert_eq!(days, ["2026-10-10", "2026-11-15"]);
}

#[test]
fn only_what_is_to_be_reached_has_a_pace() {
    let text = "seller: calls >= 4 per month as reach\nseller: calls <= 4 per month as limit\n\
                seller: calls between 1 and 4 per month as both\nseller: calls >= 4 as ever\n";
    let rules = RuleSet::compile("calls.kpi", text, &NoFiles).unwrap();
    let mut data = kadence::Dataset::builder(rules.schema());
    data.add(kadence::Seller::new("kim"));
    let (data, _) = data.build().unwrap();
    let overview = Overview::new(&rules, &data, &at("2026-11-15"), &Past::Judged, 14).unwrap();
    let paced = overview
        .lines
        .iter()
        .map(|line| (overview.report.verdicts[line.verdict].rule.as_str(), line.is_paced));
    let expected = [("reach", true), ("limit", false), ("both", false), ("ever", false)];
    assert_eq!(paced.collect::<Vec<_>>(), expected);
}
