//! A report as a few bytes, and back, without losing anything.
//!
//! It is a text of JSON lines: what there is beside the verdicts, then a line for each verdict. Lines
//! of the same verdict on two days have nearly everything in common, so that a text is compressed
//! after that of an earlier run, and takes little more than what differs.

use std::borrow::Cow;
use std::io::{self, Read, Write};

use chrono::NaiveDate;
use kadence::verdict::{
    GoalVerdict, Period, Report, ReportProblem, RuleInfo, Scores, Subject, Worklist,
};
use kadence::{Number, Status, Verdict};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How hard is tried to make it small: more takes much longer and saves little.
const LEVEL: i32 = 9;

/// The largest text of a report that is read: far above what anybody judges at once.
pub(crate) const LARGEST: u64 = 1 << 31;

/// As much of the text before as can matter.
const WINDOW: std::ops::RangeInclusive<u32> = 10..=31;

/// A number as a text that loses nothing.
#[derive(Debug, Clone)]
struct Exact(Number);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.exact())
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Number::from_exact(&text).map(Exact).map_err(de::Error::custom)
    }
}

/// A share as the shortest digits that are no other share.
#[derive(Debug, Clone, Copy)]
struct Share(f64);

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Share).map_err(de::Error::custom)
    }
}

/// What a report has beside its verdicts and scores.
#[derive(Serialize, Deserialize)]
struct Head<'r> {
    schema: u32,
    as_of: Cow<'r, str>,
    day: NaiveDate,
    rules: Cow<'r, [RuleInfo]>,
    weights: Vec<Exact>,
    lists: Cow<'r, [Worklist]>,
    /// With their numbers and shares, which would lose something otherwise.
    goals: Vec<(Cow<'r, GoalVerdict>, Figures)>,
    problems: Cow<'r, [ReportProblem]>,
}

/// Measured, target and attainment.
#[derive(Serialize, Deserialize)]
struct Figures(Option<Exact>, Option<Exact>, Option<Share>);

/// A verdict: rule, kind, id and name of the subject, owner, team, first and last day, status, whether
/// it is final, reason, figures, planned, missing, due, changes, evidence and sentence.
#[derive(Serialize, Deserialize)]
struct Line<'v>(
    Cow<'v, str>,
    Cow<'v, str>,
    Cow<'v, str>,
    Option<Cow<'v, str>>,
    Option<Cow<'v, str>>,
    Option<Cow<'v, str>>,
    Option<(NaiveDate, NaiveDate)>,
    Status,
    bool,
    Option<Cow<'v, str>>,
    Figures,
    Option<Exact>,
    Option<Exact>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Cow<'v, [String]>,
    Cow<'v, str>,
);

fn exact(number: &Option<Number>) -> Option<Exact> {
    number.clone().map(Exact)
}

impl<'v> From<&'v Verdict> for Line<'v> {
    fn from(verdict: &'v Verdict) -> Self {
        let text = |text: &'v Option<String>| text.as_deref().map(Cow::Borrowed);
        Line(
            Cow::Borrowed(&verdict.rule),
            Cow::Borrowed(&verdict.subject.kind),
            Cow::Borrowed(&verdict.subject.id),
            text(&verdict.subject.name),
            text(&verdict.owner),
            text(&verdict.team),
            verdict.period.map(|period| (period.from, period.to)),
            verdict.status,
            verdict.is_final,
            text(&verdict.reason),
            Figures(
                exact(&verdict.measured),
                exact(&verdict.target),
                verdict.attainment.map(Share),
            ),
            exact(&verdict.planned),
            exact(&verdict.missing),
            verdict.due,
            verdict.changes,
            Cow::Borrowed(&verdict.evidence),
            Cow::Borrowed(&verdict.sentence),
        )
    }
}

impl From<Line<'_>> for Verdict {
    fn from(line: Line<'_>) -> Self {
        let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
        let number = |number: Option<Exact>| number.map(|Exact(number)| number);
        let Line(rule, kind, id, name, owner, team, days, status, is_final, reason, figures, ..) =
            line;
        let Line(.., planned, missing, due, changes, evidence, sentence) = line;
        let Figures(measured, target, attainment) = figures;
        Verdict {
            rule: rule.into_owned(),
            subject: Subject { kind: kind.into_owned(), id: id.into_owned(), name: text(name) },
            owner: text(owner),
            team: text(team),
            period: days.map(|(from, to)| Period { from, to }),
            status,
            is_final,
            reason: text(reason),
            measured: number(measured),
            target: number(target),
            attainment: attainment.map(|Share(share)| share),
            planned: number(planned),
            missing: number(missing),
            due,
            changes,
            evidence: evidence.into_owned(),
            sentence: sentence.into_owned(),
        }
    }
}

/// The text of a report, without its scores.
pub(crate) fn text(report: &Report) -> serde_json::Result<Vec<u8>> {
    let Report { schema, as_of, day, rules, verdicts, scores: _, lists, goals, problems } = report;
    let goal = |goal: &'_ GoalVerdict| {
        Figures(exact(&goal.measured), exact(&goal.target), goal.attainment.map(Share))
    };
    let head = Head {
        schema: *schema,
        as_of: Cow::Borrowed(as_of),
        day: *day,
        rules: Cow::Borrowed(rules),
        weights: rules.iter().map(|rule| Exact(rule.weight.clone())).collect(),
        lists: Cow::Borrowed(lists),
        goals: goals.iter().map(|of| (Cow::Borrowed(of), goal(of))).collect(),
        problems: Cow::Borrowed(problems),
    };
    let mut text = serde_json::to_vec(&head)?;
    for verdict in verdicts {
        text.push(b'\n');
        serde_json::to_writer(&mut text, &Line::from(verdict))?;
    }
    Ok(text)
}

/// The report of a text, with its scores.
pub(crate) fn report(text: &[u8], scores: Scores) -> serde_json::Result<Report> {
    let mut lines = text.split(|byte| *byte == b'\n');
    let head: Head<'_> = serde_json::from_slice(lines.next().unwrap_or_default())?;
    let mut rules = head.rules.into_owned();
    for (rule, Exact(weight)) in rules.iter_mut().zip(head.weights) {
        rule.weight = weight;
    }
    let goals = head.goals.into_iter().map(|(goal, figures)| {
        let Figures(measured, target, attainment) = figures;
        let number = |number: Option<Exact>| number.map(|Exact(number)| number);
        GoalVerdict {
            measured: number(measured),
            target: number(target),
            attainment: attainment.map(|Share(share)| share),
            ..goal.into_owned()
        }
    });
    let goals = goals.collect();
    let verdict = |line| serde_json::from_slice::<Line<'_>>(line).map(Verdict::from);
    Ok(Report {
        schema: head.schema,
        as_of: head.as_of.into_owned(),
        day: head.day,
        rules,
        verdicts: lines.map(verdict).collect::<Result<_, _>>()?,
        scores,
        lists: head.lists.into_owned(),
        goals,
        problems: head.problems.into_owned(),
    })
}

/// A text in few bytes, after another one that whoever unpacks it has too.
pub(crate) fn pack(text: &[u8], after: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::with_ref_prefix(Vec::new(), LEVEL, after)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(u64::try_from(text.len()).ok())?;
    // The text before is looked at as far as it goes.
    let reach = (text.len() + after.len()).max(1).ilog2() + 1;
    encoder.window_log(reach.clamp(*WINDOW.start(), *WINDOW.end()))?;
    encoder.long_distance_matching(!after.is_empty())?;
    encoder.write_all(text)?;
    encoder.finish()
}

/// The text again. It must have so many bytes.
pub(crate) fn unpack(packed: &[u8], after: &[u8], bytes: u64) -> io::Result<Vec<u8>> {
    let wrong = |what: &str| Err(io::Error::new(io::ErrorKind::InvalidData, what.to_owned()));
    if bytes > LARGEST {
        return wrong("a report is too large");
    }
    let mut decoder = zstd::Decoder::with_ref_prefix(packed, after)?;
    decoder.window_log_max(*WINDOW.end())?;
    let mut text = Vec::new();
    decoder.take(bytes + 1).read_to_end(&mut text)?;
    match u64::try_from(text.len()) {
        Ok(length) if length == bytes => Ok(text),
        _ => wrong("a report is cut off"),
    }
}
