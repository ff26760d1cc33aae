//! A history that is made up to show that two rules contradict each other: of two subjects of both,
//! one meets the first rule and breaks the second, the other does the opposite. It is judged before
//! it is shown.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::Logic;
use super::demand::{Counted, Demand, Duty};
use super::scene::{Activities, Scene, Thing};
use super::shape::{Alternative, Part, Shape, Subject};
use super::values::Values;
use super::windows::{Rolling, Stretch};
use crate::check::Mentions;
use crate::check::rules::{Compiled, DateExpr, Function, Window};
use crate::engine::{Evaluation, Options, Store};
use crate::model::calendar::{Days, plus_days};
use crate::model::{Dataset, FieldType, Noun};
use crate::plan::{Measure, Plan, State, TestId};
use crate::verdict::Status;

/// How many activities a made-up history has at most.
const MOST_ACTIVITIES: usize = 400;

/// How many days it spans at most: ten years.
const MOST_DAYS: i64 = 3660;

/// How many ways of being judged by both rules are tried.
const MOST_TRIED: usize = 4;

/// How many met periods are shown; of more, the last.
const MOST_SHOWN: usize = 4;

/// The ids of the two subjects.
const SUBJECTS: [&str; 2] = ["acme", "bolt"];

/// Two demands that cannot both be fulfilled.
#[derive(Clone, Copy)]
pub(super) struct Clash<'d> {
    pub(super) more: &'d Duty,
    /// At least so many.
    pub(super) low: &'d Demand,
    pub(super) less: &'d Duty,
    /// At most so many.
    pub(super) high: &'d Demand,
}

/// What shows a contradiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The first and last day on which the rules were judged.
    pub days: (NaiveDate, NaiveDate),
    /// A test in the rules language.
    pub text: String,
}

/// A stretch of time in which the history lies, and when each rule is judged.
struct Time {
    days: Days,
    more: Vec<NaiveDate>,
    less: Vec<NaiveDate>,
}

impl Logic<'_> {
    /// A history on which each of the two rules is broken where the other is met.
    pub(super) fn witness(&self, clash: &Clash<'_>) -> Option<Witness> {
        let judge = Judge::new(self, clash)?;
        let time = self.time(clash)?;
        let (a, b) = (clash.more.shape.as_ref()?, clash.less.shape.as_ref()?);
        let both = a.and(b)?;
        let asked = [clash.more, clash.less].map(|duty| self.fields_asked(duty));
        let both = asked.iter().flatten().try_fold(both, |both, asked| both.and(asked))?;
        let before = plus_days(time.days.first, -500);
        let created = [before, time.days.first];
        // Gaps that may not be too long can take one more.
        let histories = (0..2).filter_map(|spare| self.histories(clash, &time, spare));
        let histories = histories.filter(|(enough, _)| enough.len() <= MOST_ACTIVITIES);
        let mut ways = histories.flat_map(|days| {
            let subjects = both.0.iter().take(MOST_TRIED);
            let ways = subjects.flat_map(|alternative| created.map(|day| (alternative, day)));
            ways.map(move |(alternative, created)| (days.clone(), alternative, created))
        });
        ways.find_map(|((enough, few), alternative, created)| {
            let scene = |id: &str, days: &[NaiveDate], demand: &Demand| {
                self.scene(clash, demand, alternative, (id, created), days)
            };
            let [first, second] = SUBJECTS;
            let scenes = [scene(first, &enough, clash.low)?, scene(second, &few, clash.high)?];
            self.shown(&judge, clash, &time, &scenes)
        })
    }

    /// What the condition of a rule asks of fields.
    fn fields_asked(&self, duty: &Duty) -> Option<Shape> {
        let Shape(asked) = self.of_condition(duty.condition, true)?;
        let of_field = |(subject, _): &(Subject, Values)| matches!(subject, Subject::Field(_));
        let asked = asked.into_iter().map(|alternative| Alternative {
            values: alternative.values.into_iter().filter(of_field).collect(),
            ..Alternative::default()
        });
        Some(Shape(asked.collect()))
    }

    /// The days in which the two demands cannot both be fulfilled.
    fn time(&self, clash: &Clash<'_>) -> Option<Time> {
        let calendar = &self.rules.calendar;
        let start = NaiveDate::from_ymd_opt(2026, 1, 1)?;
        let start =
            clash.more.since.into_iter().chain(clash.less.since).fold(start, NaiveDate::max);
        let (low, high) = (&clash.low.stretch, &clash.high.stretch);
        let whole = |stretch: &Stretch| self.whole(stretch, start);
        let days = match (low, high) {
            (low, high) if low == high => whole(low)?,
            (Stretch::Periods(_), Stretch::Rolling(_)) => whole(low)?,
            (Stretch::Rolling(_), Stretch::Periods(_)) => whole(high)?,
            _ => {
                let (a, b) = (whole(low)?, whole(high)?);
                if a.count() >= b.count() { a } else { b }
            }
        };
        // Where the rolling days are the longer, they decide.
        let days = match (low, high) {
            (Stretch::Periods(unit), Stretch::Rolling(rolling))
            | (Stretch::Rolling(rolling), Stretch::Periods(unit))
                if rolling.least > days.count() && !self.timeline.is_aligned(*unit, rolling) =>
            {
                self.whole(&Stretch::Rolling(*rolling), start)?
            }
            _ => days,
        };
        let can_be_written = |day: NaiveDate| (3..=9998).contains(&day.year());
        if days.count() > MOST_DAYS || !can_be_written(days.first) || !can_be_written(days.last) {
            return None;
        }
        let ends = [clash.more.until, clash.less.until];
        if ends.into_iter().flatten().any(|until| until < days.last) {
            return None;
        }
        let judged = |stretch: &Stretch| match stretch {
            _ if low == high => vec![days.last],
            Stretch::Periods(unit) => {
                let mut ends = Vec::new();
                let mut period = calendar.period(*unit, days.first);
                while period.last <= days.last {
                    if days.first <= period.first {
                        ends.push(period.last);
                    }
                    period = calendar.period(*unit, plus_days(period.last, 1));
                }
                if ends.is_empty() { vec![days.last] } else { ends }
            }
            Stretch::Rolling(rolling) if days.count() <= rolling.most => vec![days.last],
            Stretch::Rolling(_) => days.iter().collect(),
            Stretch::Other(_) => vec![days.last],
        };
        Some(Time { days, more: judged(low), less: judged(high) })
    }

    /// The first such days from a day on.
    fn whole(&self, stretch: &Stretch, start: NaiveDate) -> Option<Days> {
        let calendar = &self.rules.calendar;
        let first_period = |unit| {
            let period = calendar.period(unit, start);
            if period.first == start {
                return period;
            }
            calendar.period(unit, plus_days(period.last, 1))
        };
        Some(match stretch {
            Stretch::Periods(unit) => first_period(*unit),
            Stretch::Rolling(rolling) => {
                let last = plus_days(start, rolling.most);
                if rolling.is_cadence {
                    Days { first: plus_days(last, 1 - rolling.most), last }
                } else {
                    calendar.last(last, rolling.duration)
                }
            }
            Stretch::Other(Window::This(unit)) => first_period(*unit),
            Stretch::Other(Window::Ever) => first_period(crate::model::calendar::Unit::Quarter),
            Stretch::Other(Window::FromUntil(DateExpr::Date(first), DateExpr::Date(last))) => {
                Days { first: *first, last: *last }
            }
            Stretch::Other(Window::Since(DateExpr::Date(first))) => {
                Days { first: *first, last: plus_days((*first).max(start), 90) }
            }
            Stretch::Other(_) => return None,
        })
    }

    /// The days of activities with which the one demand is just fulfilled, and those with which the
    /// other is.
    fn histories(
        &self,
        clash: &Clash<'_>,
        time: &Time,
        spare: usize,
    ) -> Option<(Vec<NaiveDate>, Vec<NaiveDate>)> {
        let Clash { low, high, .. } = clash;
        if let (Counted::Other(_), Counted::Other(_)) = (&low.counted, &high.counted) {
            let middle = evenly(1, time.days);
            return Some((middle.clone(), middle));
        }
        let (least, most) = (low.least()?, high.most()?.max(0));
        let fewest = usize::try_from(least).ok()?.saturating_add(spare);
        let allowed = usize::try_from(most).ok()?;
        if fewest > MOST_ACTIVITIES {
            return None;
        }
        if low.stretch == high.stretch {
            return Some((evenly(fewest, time.days), evenly(allowed, time.days)));
        }
        if self.timeline.is_longer(&low.stretch, &high.stretch) {
            let enough = evenly(fewest, time.days);
            let few = self.thinned(&enough, &high.stretch, allowed);
            return Some((enough, few));
        }
        let enough: Vec<NaiveDate> = match &low.stretch {
            Stretch::Periods(_) => {
                let calendar = &self.rules.calendar;
                let Stretch::Periods(unit) = low.stretch else { return None };
                let periods = time.more.iter().map(|last| calendar.period(unit, *last));
                periods.flat_map(|period| evenly(fewest, period)).collect()
            }
            Stretch::Rolling(rolling) => {
                let step = usize::try_from(rolling.least).ok()?.max(1);
                let days = time.days.iter().step_by(step);
                days.flat_map(|day| std::iter::repeat_n(day, fewest)).collect()
            }
            Stretch::Other(_) => return None,
        };
        let few = spread(&enough, allowed);
        Some((enough, few))
    }

    /// As many of some days as a demand allows over its stretches.
    fn thinned(&self, days: &[NaiveDate], stretch: &Stretch, allowed: usize) -> Vec<NaiveDate> {
        let calendar = &self.rules.calendar;
        let mut kept: Vec<NaiveDate> = Vec::new();
        for day in days {
            let near = |other: &&NaiveDate| match stretch {
                Stretch::Periods(unit) => calendar.period(*unit, *day).contains(**other),
                Stretch::Rolling(Rolling { most, .. }) => (*day - **other).num_days() < *most,
                Stretch::Other(_) => true,
            };
            if kept.iter().filter(near).count() < allowed {
                kept.push(*day);
            }
        }
        kept
    }

    /// A subject of both rules, with such activities on some days.
    fn scene(
        &self,
        clash: &Clash<'_>,
        demand: &Demand,
        subject: &Alternative,
        (id, created): (&str, NaiveDate),
        days: &[NaiveDate],
    ) -> Option<Scene> {
        let mut scene = Scene::default();
        let noun = clash.more.noun;
        let mut cells = self.cells(noun, subject, &mut scene, id)?;
        let creation = if noun == Noun::Seller { "started" } else { "created" };
        let has_one = cells.iter().any(|(name, _)| name == creation);
        if self.rules.schema.field(noun, creation).is_some() && !has_one {
            cells.push((creation.to_owned(), created.to_string()));
        }
        let subject = Thing { noun, id: id.to_owned(), cells };
        let mut done = self.activities(clash, demand, days)?;
        match noun {
            Noun::Customer | Noun::Contact | Noun::Lead | Noun::Opportunity | Noun::Campaign => {
                done.on = Some((noun.singular(), id.to_owned()));
            }
            Noun::Seller => done.by = Some(id.to_owned()),
            Noun::Team => {
                let seller = format!("{id}-seller");
                let cells = vec![("team".to_owned(), id.to_owned())];
                scene.things.push(Thing { noun: Noun::Seller, id: seller.clone(), cells });
                done.by = Some(seller);
            }
            _ => return None,
        }
        if let Some((owner, test)) = self.on(clash) {
            if done.on.is_some() {
                return None;
            }
            let thing = format!("{id}-{}", owner.singular());
            let shape = self.shape(test)?;
            let cells = self.cells(owner, shape.0.first()?, &mut scene, &thing)?;
            done.on = Some((owner.singular(), thing.clone()));
            scene.things.push(Thing { noun: owner, id: thing, cells });
        }
        scene.things.insert(0, subject);
        if !done.days.is_empty() {
            scene.activities.push(done);
        }
        Some(scene)
    }

    /// What the activities that both rules count must be like.
    fn counted(&self, clash: &Clash<'_>) -> Option<Alternative> {
        let set = match &clash.low.counted {
            Counted::Set(set) => *set,
            Counted::Other(Measure::Aggregate { of, .. }) => *of,
            Counted::Other(_) => return None,
        };
        let set = self.plan.set(set);
        if set.noun != Noun::Activity {
            return None;
        }
        let shape = self.shape(set.test)?;
        shape.0.iter().find(|alternative| self.kind(alternative).is_some()).cloned()
    }

    /// A kind whose completed activities fit.
    fn kind(&self, alternative: &Alternative) -> Option<String> {
        let class = alternative.class.as_ref()?;
        let kinds = self.rules.schema.kinds().iter().enumerate();
        let mut fitting = kinds.filter(|(place, _)| class.has(*place, State::Completed));
        fitting.next().map(|(_, kind)| kind.clone())
    }

    /// Activities that both rules count, with the number that a demand asks for.
    fn activities(
        &self,
        clash: &Clash<'_>,
        demand: &Demand,
        days: &[NaiveDate],
    ) -> Option<Activities> {
        let alternative = self.counted(clash)?;
        let mut others = Scene::default();
        let mut cells = self.cells(Noun::Activity, &alternative, &mut others, "")?;
        if let Counted::Other(Measure::Aggregate { function, field, .. }) = &demand.counted
            && *function != Function::Distinct
        {
            let [field] = field.steps.as_slice() else { return None };
            let name = self.rules.schema.definition(*field)?.name.clone();
            let number = demand.range.example()?;
            cells.retain(|(known, _)| *known != name);
            cells.push((name, number.normalize().to_string()));
        }
        let kind = self.kind(&alternative)?;
        let is_alone = others.things.is_empty();
        is_alone.then(|| Activities { kind, on: None, by: None, cells, days: days.to_vec() })
    }

    /// What the activities must be on.
    fn on(&self, clash: &Clash<'_>) -> Option<(Noun, TestId)> {
        let alternative = self.counted(clash)?;
        alternative.parts.iter().find_map(|part| match part {
            (Part::On(noun, test), true) => Some((*noun, *test)),
            _ => None,
        })
    }

    /// The fields of a thing that fits, as far as they are its own. What it refers to is made too.
    fn cells(
        &self,
        noun: Noun,
        fitting: &Alternative,
        scene: &mut Scene,
        id: &str,
    ) -> Option<Vec<(String, String)>> {
        let mut cells = Vec::new();
        for (subject, values) in &fitting.values {
            let Subject::Field(steps) = subject else { continue };
            let [field] = steps.as_slice() else { return None };
            let field = self.rules.schema.definition(*field)?;
            let text = match (values, field.kind) {
                (Values::Unknown, _) => continue,
                (Values::Texts(texts), FieldType::Reference(_)) => texts.example()?,
                (Values::Texts(texts), _) => texts.example()?,
                (Values::Numbers(range), FieldType::Number) => {
                    range.example()?.normalize().to_string()
                }
                (Values::Numbers(range), _) => {
                    let day = i32::try_from(range.example()?).ok()?;
                    NaiveDate::from_num_days_from_ce_opt(day)
                        .filter(|day| day.year() > 0)?
                        .to_string()
                }
                (Values::Known, FieldType::Text) => "known".to_owned(),
                (Values::Known, FieldType::Number) => "1".to_owned(),
                (Values::Known, FieldType::YesNo) => "yes".to_owned(),
                (Values::Known, FieldType::OneOf(values)) => (*values.first()?).to_owned(),
                (Values::Known, FieldType::Reference(Noun::Seller)) => {
                    let seller = format!("{id}-owner");
                    let thing = Thing { noun: Noun::Seller, id: seller.clone(), cells: Vec::new() };
                    scene.things.push(thing);
                    seller
                }
                (Values::Known, _) => return None,
            };
            if matches!(field.kind, FieldType::Reference(_)) && *values != Values::Known {
                return None;
            }
            if noun.has_id() && field.name == "id" {
                return None;
            }
            cells.push((field.name.clone(), text));
        }
        Some(cells)
    }

    /// The test that shows it, if the rules are judged as they should.
    fn shown(
        &self,
        judge: &Judge,
        clash: &Clash<'_>,
        time: &Time,
        scenes: &[Scene; 2],
    ) -> Option<Witness> {
        let [first, second] = scenes;
        let id = |duty: &Duty| self.rules.rules.get(duty.place).map(|rule| rule.id.clone());
        let (more, less) = (id(clash.more)?, id(clash.less)?);
        let mut lines = vec![format!("test \"{more} or {less}\"")];
        for scene in scenes {
            let given = scene.lines(&self.rules.schema);
            lines.extend(given.into_iter().map(|line| format!("    {line}")));
        }
        let sides = [
            (first, SUBJECTS.first()?, (0, &more, &time.more), (1, &less, &time.less)),
            (second, SUBJECTS.last()?, (1, &less, &time.less), (0, &more, &time.more)),
        ];
        for (scene, subject, (met, met_id, met_days), (broken, broken_id, broken_days)) in sides {
            let data = judge.store(scene)?;
            let changes = |days: &[NaiveDate]| turning(days, scene);
            let is = |rule: usize, day: NaiveDate| judge.status(&data, rule, subject, day);
            if met_days.is_empty()
                || !changes(met_days).iter().all(|day| is(met, *day) == Some(Status::Met))
            {
                return None;
            }
            let missed = |day: &NaiveDate| is(broken, *day) == Some(Status::Missed);
            let day = changes(broken_days).into_iter().find(missed)?;
            let shown = if met_days.len() > MOST_SHOWN { met_days.len() - 1 } else { 0 };
            for day in met_days.iter().skip(shown) {
                lines.push(format!("    expect  {met_id} for {subject} is met at {day}"));
            }
            lines.push(format!("    expect  {broken_id} for {subject} is missed at {day}"));
        }
        let text = lines.join("\n") + "\n";
        Some(Witness { days: (time.days.first, time.days.last), text })
    }
}

/// The days on which something may have changed, of some: between them nothing happens.
fn turning(days: &[NaiveDate], scene: &Scene) -> Vec<NaiveDate> {
    let is_long = days.len() > 60;
    let done = || scene.activities.iter().flat_map(|done| &done.days);
    let is_turning = |day: &NaiveDate| {
        let distance = |other: &NaiveDate| (*other - *day).num_days();
        done().any(|other| (0..=1).contains(&distance(other)))
    };
    let ends = [days.first().copied(), days.last().copied()];
    let kept = days.iter().copied();
    kept.filter(|day| !is_long || ends.contains(&Some(*day)) || is_turning(day)).collect()
}

/// Days spread evenly over others.
fn evenly(count: usize, days: Days) -> Vec<NaiveDate> {
    let length = days.count();
    let total = i64::try_from(count).unwrap_or(i64::MAX).max(1);
    let at = |n: i64| plus_days(days.first, length * (2 * n + 1) / (2 * total));
    (0..total).map(at).take(count).collect()
}

/// So many of some days, far from each other.
fn spread(days: &[NaiveDate], count: usize) -> Vec<NaiveDate> {
    let count = count.min(days.len());
    let at = |n: usize| days.get(days.len() * (2 * n + 1) / (2 * count.max(1))).copied();
    (0..count).filter_map(at).collect()
}

/// Two rules as the evaluator runs them.
struct Judge {
    rules: Compiled,
    plan: Arc<Plan>,
}

impl Judge {
    fn new(logic: &Logic<'_>, clash: &Clash<'_>) -> Option<Judge> {
        let pair = [clash.more.place, clash.less.place];
        let chosen = pair.map(|place| logic.bare.rules.get(place).cloned());
        let chosen: Vec<_> = chosen.into_iter().collect::<Option<_>>()?;
        // What meets other rules is judged by way of them.
        let mut mentions = Mentions::default();
        chosen.iter().for_each(|rule| mentions.rule(rule));
        logic.bare.segments.iter().for_each(|segment| mentions.phrase(&segment.phrase));
        if !mentions.rules.is_empty() {
            return None;
        }
        let rules = Compiled { rules: chosen, ..logic.ground.clone() };
        let plan = Arc::new(Plan::new(&rules, rules.schema.kinds()));
        Some(Judge { rules, plan })
    }

    fn store(&self, scene: &Scene) -> Option<Store> {
        let mut builder = Dataset::builder(&self.rules.schema);
        for (line, (noun, cells)) in (1..).zip(&scene.rows()) {
            let cells: Vec<(&str, &str, u32)> =
                cells.iter().map(|(name, text)| (name.as_str(), text.as_str(), 1)).collect();
            builder.row(*noun, &cells, "witness", line);
        }
        let (data, _) = builder.build().ok()?;
        Some(Store::new(&data, &self.plan.calendar, &self.plan.reads().fields))
    }

    /// How a rule stands for a subject when a day is over; none if it does not judge it.
    fn status(&self, data: &Store, rule: usize, subject: &str, day: NaiveDate) -> Option<Status> {
        let as_of = self.rules.calendar.end_of(day);
        let options = Options { as_of, from: None, history: false, only: &[] };
        let evaluation = Evaluation::new(&self.rules, self.plan.clone(), data, &options).decide();
        let decided = evaluation.of_rule(rule)?;
        let place = (0..decided.len()).find(|at| evaluation.subject(rule, *at) == subject)?;
        Some(decided.status(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_spread_evenly() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = Days { first: day("2026-01-01"), last: day("2026-12-31") };
        let four = ["2026-02-15", "2026-05-17", "2026-08-17", "2026-11-16"].map(day);
        assert_eq!(evenly(4, days), four);
        assert_eq!(evenly(0, days), []);
        assert_eq!(spread(&four, 2), [day("2026-05-17"), day("2026-11-16")]);
        assert_eq!(spread(&four, 9), four);
    }
}
