//! Holds a report against the reference's.

use std::borrow::Cow;

use kadence::{Dataset, Decision, Evaluation, Options, Report, RuleSet, Verdict};
use kadence_reference::Reference;

/// Where the engine and the reference first differ, in words. `changes_of` says of which verdicts
/// `changes` is compared too.
pub(crate) fn difference(
    rules: &RuleSet,
    data: &Dataset,
    options: &Options,
    changes_of: impl Fn(usize) -> bool,
) -> (Report, Option<String>) {
    let engine = rules.evaluate(data, options).unwrap();
    let reference = Reference::new(rules, data, options).unwrap().report(&changes_of);
    let found = first_difference(&engine, &reference, changes_of);
    let found = found.or_else(|| undecided(rules, data, options, &engine));
    (engine, found)
}

/// Where what is decided first differs from what is told.
fn undecided(
    rules: &RuleSet,
    data: &Dataset,
    options: &Options,
    report: &Report,
) -> Option<String> {
    let prepared = rules.prepare_apart(data);
    let evaluation = rules.judge(&prepared, options).unwrap();
    let mut decisions: Vec<_> = evaluation.decisions().collect();
    if let Some(found) = told_otherwise(&evaluation, &decisions) {
        return Some(found);
    }
    // Activities are told by id; everything else is kept in that order.
    let place = |id: &str| report.rules.iter().position(|rule| rule.id == id);
    decisions.sort_by_cached_key(|one| (place(one.rule()), one.subject().into_owned()));
    if decisions.len() != report.verdicts.len() {
        return Some(format!("{} decisions, {:#?}", decisions.len(), report.verdicts));
    }
    let pairs = decisions.iter().zip(&report.verdicts);
    for (decision, verdict) in pairs {
        let subject = decision.subject();
        let figures = (decision.measured(), decision.target());
        let decided = (decision.rule(), &*subject, decision.status(), decision.is_final(), figures);
        let figures = (verdict.measured.clone(), verdict.target.clone());
        let (rule, subject) = (verdict.rule.as_str(), verdict.subject.id.as_str());
        let told = (rule, subject, verdict.status, verdict.is_final, figures);
        if decided != told || decision.evidence() != verdict.evidence {
            return Some(format!("decided: {decided:?}\ntold: {told:?}\n{verdict:#?}"));
        }
    }
    None
}

/// Where the evidence of all decisions first differs from what each decision says when it is asked.
fn told_otherwise(evaluation: &Evaluation<'_>, decisions: &[Decision<'_>]) -> Option<String> {
    let mut told = Vec::new();
    evaluation.each_evidence(|decision, evidence| {
        let ids: Vec<String> = evidence.ids().map(Cow::into_owned).collect();
        assert_eq!((evidence.len(), evidence.is_empty()), (ids.len(), ids.is_empty()));
        told.push((
            decision.rule().to_owned(),
            decision.subject().into_owned(),
            decision.status(),
            ids,
        ));
    });
    let asked = decisions.iter().map(|decision| {
        let (rule, subject) = (decision.rule().to_owned(), decision.subject().into_owned());
        (rule, subject, decision.status(), decision.evidence())
    });
    let asked: Vec<_> = asked.collect();
    if told.len() != asked.len() {
        return Some(format!("evidence of {} decisions, not of {}", told.len(), asked.len()));
    }
    let mut pairs = told.iter().zip(&asked);
    pairs
        .find(|(told, asked)| told != asked)
        .map(|(told, asked)| format!("evidence told:\n{told:#?}\nevidence asked for:\n{asked:#?}"))
}

fn first_difference(
    engine: &Report,
    reference: &Report,
    changes_of: impl Fn(usize) -> bool,
) -> Option<String> {
    for (place, (found, wanted)) in engine.verdicts.iter().zip(&reference.verdicts).enumerate() {
        let found = if changes_of(place) { found.clone() } else { without_changes(found, wanted) };
        if found != *wanted {
            return Some(two("verdict", &found, wanted));
        }
    }
    let rest = |report: &Report| Report { verdicts: Vec::new(), ..report.clone() };
    let (found, wanted) = (rest(engine), rest(reference));
    if engine.verdicts.len() != reference.verdicts.len() {
        let keys = |report: &Report| {
            let key = |verdict: &Verdict| (verdict.rule.clone(), verdict.subject.id.clone());
            report.verdicts.iter().map(key).collect::<Vec<_>>()
        };
        return Some(two("verdicts", &keys(engine), &keys(reference)));
    }
    (found != wanted).then(|| two("report", &found, &wanted))
}

/// Without `changes`, and without a `due` that the reference has not looked for.
fn without_changes(found: &Verdict, wanted: &Verdict) -> Verdict {
    let due = if wanted.due.is_some() { found.due } else { None };
    Verdict { changes: None, due, ..found.clone() }
}

fn two(what: &str, found: &impl std::fmt::Debug, wanted: &impl std::fmt::Debug) -> String {
    format!("{what} of the engine:\n{found:#?}\n{what} of the reference:\n{wanted:#?}")
}
