//! What things must be like to be of a phrase: alternatives, each with the values that fields and
//! measures must have.
//!
//! What is not understood stays as a part that is true or false as a whole. So of two shapes it can
//! be said for sure that one lies within the other, or that nothing is of both; where neither is
//! said, nothing is known.

use std::rc::Rc;

use std::collections::BTreeSet;

use chrono::Datelike;
use rust_decimal::Decimal;

use super::Logic;
use super::values::{Range, Texts, Values};
use crate::check::rules::{Cmp, DateExpr, FieldTest, Function, Literal, Window};
use crate::model::{FieldRef, FieldType, Noun};
use crate::plan::{
    Class, ClassSet, Comparison, Condition, ConditionId, Measure, NumberTest, Test, TestId,
};

/// How many alternatives there may be before nothing is said of them.
const MOST: usize = 64;

/// How deep tests may lie in each other before nothing is said of them.
const DEEPEST: usize = 64;

/// What is tested for its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A field, reached over references.
    Field(Vec<FieldRef>),
    /// The segment of a customer, where rules say what segments are.
    Segment,
    /// What is measured over a window that ends with the as-of day.
    Measure(Box<Measure>, Window),
}

/// What is true or false as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Condition(ConditionId),
    On(Noun, TestId),
    Latest(Box<Test>),
    Overdue,
    Is(TestId),
}

/// One way to be of a phrase.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Alternative {
    /// Of activities: which kinds in which states.
    pub(super) class: Option<ClassSet>,
    pub(super) values: Vec<(Subject, Values)>,
    pub(super) parts: Vec<(Part, bool)>,
}

/// The ways to be of a phrase: none if nothing can be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape(pub(super) Vec<Alternative>);

impl Alternative {
    fn value(subject: Subject, values: Values) -> Vec<Alternative> {
        if values.is_empty() {
            return Vec::new();
        }
        vec![Alternative { values: vec![(subject, values)], ..Alternative::default() }]
    }

    fn part(part: Part, wanted: bool) -> Vec<Alternative> {
        vec![Alternative { parts: vec![(part, wanted)], ..Alternative::default() }]
    }

    /// What fits both; none where nothing can.
    pub(super) fn and(&self, other: &Alternative) -> Option<Alternative> {
        let class = match (&self.class, &other.class) {
            (Some(a), Some(b)) => Some(a.and(b)),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        if class.as_ref().is_some_and(ClassSet::is_empty) {
            return None;
        }
        let mut both = Alternative { class, ..self.clone() };
        for (subject, values) in &other.values {
            match both.values.iter_mut().find(|(known, _)| known == subject) {
                Some((_, known)) => *known = known.and(values)?,
                None => both.values.push((subject.clone(), values.clone())),
            }
        }
        for (part, wanted) in &other.parts {
            match both.parts.iter().find(|(known, _)| known == part) {
                Some((_, known)) if known != wanted => return None,
                Some(_) => {}
                None => both.parts.push((part.clone(), *wanted)),
            }
        }
        Some(both)
    }
}

impl Shape {
    fn everything() -> Shape {
        Shape(vec![Alternative::default()])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is of both; `None` where the alternatives are too many.
    pub(super) fn and(&self, other: &Shape) -> Option<Shape> {
        if self.0.len().saturating_mul(other.0.len()) > MOST {
            return None;
        }
        let pairs = self.0.iter().flat_map(|a| other.0.iter().filter_map(move |b| a.and(b)));
        Some(Shape(pairs.collect()))
    }

    fn or(mut self, other: Shape) -> Option<Shape> {
        for alternative in other.0 {
            if !self.0.contains(&alternative) {
                self.0.push(alternative);
            }
        }
        (self.0.len() <= MOST).then_some(self)
    }
}

impl Logic<'_> {
    /// What things must be like to pass; `None` where they can be in too many ways.
    pub(super) fn shape(&self, id: TestId) -> Option<Rc<Shape>> {
        if let Some(known) = self.shapes.borrow().get(&id) {
            return known.clone();
        }
        if self.depth.get() >= DEEPEST {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let shape = self.of_test(self.plan.test(id)).map(Rc::new);
        self.depth.set(self.depth.get() - 1);
        self.shapes.borrow_mut().insert(id, shape.clone());
        shape
    }

    fn of_test(&self, test: &Test) -> Option<Shape> {
        Some(match test {
            Test::Always => Shape::everything(),
            Test::Never => Shape(Vec::new()),
            Test::Class(class) if class.is_empty() => Shape(Vec::new()),
            Test::Class(class) => {
                Shape(vec![Alternative { class: Some(class.clone()), ..Alternative::default() }])
            }
            Test::Segment(name) => self.of_segment(name)?,
            Test::OverdueOpportunity => {
                let open = self.plan.schema.field_ref(Noun::Opportunity, "status")?;
                let open = self.texts(vec![open], BTreeSet::from(["open".to_owned()]), true);
                Shape(Alternative::part(Part::Overdue, true)).and(&Shape(open))?
            }
            Test::Latest(inner) => {
                let part = Shape(Alternative::part(Part::Latest(inner.clone()), true));
                part.and(&self.of_test(inner)?)?
            }
            Test::On(noun, id) => {
                if self.shape(*id).is_some_and(|shape| shape.is_empty()) {
                    return Some(Shape(Vec::new()));
                }
                Shape(Alternative::part(Part::On(*noun, *id), true))
            }
            Test::Where(condition) => self.of_filter(*condition)?,
            Test::And(parts) => parts
                .iter()
                .try_fold(Shape::everything(), |all, part| all.and(&self.of_test(part)?))?,
            Test::Or(parts) => {
                let joined = parts
                    .iter()
                    .try_fold(Shape(Vec::new()), |all, part| all.or(self.of_test(part)?))?;
                with_classes_joined(joined)
            }
        })
    }

    fn of_segment(&self, name: &str) -> Option<Shape> {
        let only = BTreeSet::from([name.to_owned()]);
        let Some((_, test)) = self.plan.segments.iter().find(|(known, _)| known == name) else {
            let field = self.plan.schema.field_ref(Noun::Customer, "segment")?;
            return Some(Shape(self.texts(vec![field], only, true)));
        };
        let segment = Values::Texts(Texts::one_of(only));
        let segment = Shape(Alternative::value(Subject::Segment, segment));
        segment.and(self.shape(*test)?.as_ref())
    }

    /// Of what passes a `where`. What may not apply is left out of an `and`, and by itself is a no:
    /// then the whole is one part.
    pub(super) fn of_filter(&self, condition: ConditionId) -> Option<Shape> {
        if !self.always_applies(condition) {
            return Some(Shape(Alternative::part(Part::Condition(condition), true)));
        }
        self.of_condition(condition, true)
    }

    /// Of those for which a condition holds, or is false where it is not wanted. Unknown is neither.
    pub(super) fn of_condition(&self, id: ConditionId, wanted: bool) -> Option<Shape> {
        let whole = || Some(Shape(Alternative::part(Part::Condition(id), wanted)));
        match self.plan.condition(id) {
            Condition::Not(inner) => self.of_condition(*inner, !wanted),
            Condition::And(parts) | Condition::Or(parts) => {
                let is_and = matches!(self.plan.condition(id), Condition::And(_));
                if is_and == wanted {
                    parts.iter().try_fold(Shape::everything(), |all, part| {
                        all.and(&self.of_condition(*part, wanted)?)
                    })
                } else {
                    parts.iter().try_fold(Shape(Vec::new()), |all, part| {
                        all.or(self.of_condition(*part, wanted)?)
                    })
                }
            }
            Condition::Compare(comparison) => match self.of_comparison(comparison, wanted) {
                Some(alternatives) => Some(Shape(alternatives)),
                None => whole(),
            },
            Condition::Field { path, test } => match self.of_field(&path.steps, test, wanted) {
                Some(alternatives) => Some(Shape(alternatives)),
                // It is known, or it would decide nothing.
                None => {
                    let known =
                        Alternative::value(Subject::Field(path.steps.clone()), Values::Known);
                    whole()?.and(&Shape(known))
                }
            },
            Condition::Is { test, .. } if wanted => Some(self.shape(*test)?.as_ref().clone()),
            Condition::Is { test, .. } => Some(Shape(Alternative::part(Part::Is(*test), false))),
            _ => whole(),
        }
    }

    fn of_comparison(&self, comparison: &Comparison, wanted: bool) -> Option<Vec<Alternative>> {
        let domain = domain(comparison);
        let ranges = ranges(comparison, wanted)?;
        let subject = match &comparison.left {
            Measure::Field(path) => Subject::Field(path.steps.clone()),
            left => Subject::Measure(Box::new(left.clone()), comparison.window.clone()),
        };
        let is_field = matches!(subject, Subject::Field(_));
        // A running period is on track before it is met: what holds of its numbers says little.
        let runs = matches!(comparison.window, Window::Per(_) | Window::FromUntil(..));
        // Between two sides it is on track even where no number will do in the end.
        let has_two_sides =
            matches!(comparison.test, NumberTest::Is(Cmp::Equal, _) | NumberTest::Between(..));
        if runs && has_two_sides {
            return None;
        }
        let ranges = ranges.into_iter().map(|range| range.and(&domain));
        let ranges: Vec<Range> = ranges.filter(|range| !range.is_empty()).collect();
        if ranges.is_empty() {
            return Some(Vec::new());
        }
        if !is_field && ranges.iter().any(|range| domain.is_within(range)) && is_number(comparison)
        {
            return Some(vec![Alternative::default()]);
        }
        if runs {
            return None;
        }
        let value = |range| Alternative::value(subject.clone(), Values::Numbers(range));
        Some(ranges.into_iter().flat_map(value).collect())
    }

    fn of_field(
        &self,
        steps: &[FieldRef],
        test: &FieldTest,
        wanted: bool,
    ) -> Option<Vec<Alternative>> {
        let field = || Subject::Field(steps.to_vec());
        let values = |values| Some(Alternative::value(field(), values));
        match test {
            FieldTest::Known if wanted => values(Values::Known),
            FieldTest::Unknown if !wanted => values(Values::Known),
            FieldTest::Known | FieldTest::Unknown => values(Values::Unknown),
            FieldTest::Equals(literal) => {
                self.literals(steps, std::slice::from_ref(literal), wanted)
            }
            FieldTest::OneOf(literals) => self.literals(steps, literals, wanted),
            FieldTest::Date(cmp, DateExpr::Date(day)) => {
                let cmp = if wanted { *cmp } else { negated(*cmp) };
                let day = Decimal::from(day.num_days_from_ce());
                values(Values::Numbers(Range::of(cmp, day, true)))
            }
            _ => None,
        }
    }

    fn literals(
        &self,
        steps: &[FieldRef],
        literals: &[Literal],
        wanted: bool,
    ) -> Option<Vec<Alternative>> {
        let texts: Option<BTreeSet<String>> = literals.iter().map(text).collect();
        if let Some(texts) = texts {
            return Some(self.texts(steps.to_vec(), texts, wanted));
        }
        let numbers: Vec<(Decimal, bool)> = literals.iter().map(number).collect::<Option<_>>()?;
        let ranges: Vec<Range> = if wanted {
            numbers.into_iter().map(|(at, whole)| Range::of(Cmp::Equal, at, whole)).collect()
        } else {
            let whole = numbers.iter().all(|(_, whole)| *whole);
            let unequal = numbers.into_iter().map(|(at, whole)| Range::of(Cmp::Unequal, at, whole));
            vec![unequal.fold(Range::all(whole), |all, one| all.and(&one))]
        };
        let field = Subject::Field(steps.to_vec());
        let value = |range| Alternative::value(field.clone(), Values::Numbers(range));
        Some(ranges.into_iter().flat_map(value).collect())
    }

    /// One of some texts, or none of them: of a field with few values, one of the others.
    fn texts(
        &self,
        steps: Vec<FieldRef>,
        texts: BTreeSet<String>,
        wanted: bool,
    ) -> Vec<Alternative> {
        let last = steps.last().and_then(|field| self.plan.schema.definition(*field));
        let all: Option<BTreeSet<String>> = match last.map(|field| field.kind) {
            Some(FieldType::OneOf(values)) => {
                Some(values.iter().map(|value| (*value).to_owned()).collect())
            }
            Some(FieldType::YesNo) => Some(["yes", "no"].map(str::to_owned).into()),
            _ => None,
        };
        let texts = match (all, wanted) {
            (Some(all), true) => Texts::one_of(&all & &texts),
            (Some(all), false) => Texts::one_of(&all - &texts),
            (None, true) => Texts::one_of(texts),
            (None, false) => Texts::none_of(texts),
        };
        Alternative::value(Subject::Field(steps), Values::Texts(texts))
    }

    /// Whether whatever is of the one is of the other too, for sure.
    pub(super) fn is_within(&self, inner: &Shape, outer: &Shape) -> bool {
        let fits = |a: &Alternative| outer.0.iter().any(|b| self.fits(a, b));
        inner.0.iter().all(fits)
    }

    /// The same of tests.
    pub(super) fn test_is_within(&self, inner: TestId, outer: TestId) -> bool {
        if inner == outer {
            return true;
        }
        let (Some(inner), Some(outer)) = (self.shape(inner), self.shape(outer)) else {
            return false;
        };
        self.is_within(&inner, &outer)
    }

    fn fits(&self, inner: &Alternative, outer: &Alternative) -> bool {
        let class = match (&inner.class, &outer.class) {
            (_, None) => true,
            (Some(inner), Some(outer)) => inner.and(outer) == *inner,
            (None, Some(_)) => false,
        };
        let values = || {
            outer.values.iter().all(|(subject, values)| {
                let known = inner.values.iter().find(|(known, _)| known == subject);
                known.is_some_and(|(_, known)| known.is_within(values))
                    || (*subject == Subject::Segment && self.is_in_segment(inner, values))
            })
        };
        let has = |part: &(Part, bool)| match part {
            (Part::On(noun, test), true) => inner.parts.iter().any(|known| match known {
                (Part::On(other, narrower), true) => {
                    other == noun && self.test_is_within(*narrower, *test)
                }
                _ => false,
            }),
            part => inner.parts.contains(part),
        };
        class && values() && outer.parts.iter().all(has)
    }

    /// Whether whatever is so is of one of these segments, although it does not say so: it fits that
    /// segment, and none before it.
    fn is_in_segment(&self, customers: &Alternative, segments: &Values) -> bool {
        for (name, test) in &self.plan.segments {
            let Some(shape) = self.shape(*test) else { return false };
            if shape.0.iter().any(|segment| self.fits(customers, segment)) {
                let name = Texts::one_of(BTreeSet::from([name.clone()]));
                return Values::Texts(name).is_within(segments);
            }
            if shape.0.iter().any(|segment| customers.and(segment).is_some()) {
                return false;
            }
        }
        false
    }

    /// Whether it is never not applicable.
    pub(super) fn always_applies(&self, id: ConditionId) -> bool {
        match self.plan.condition(id) {
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().all(|part| self.always_applies(*part))
            }
            Condition::Not(part) => self.always_applies(*part),
            Condition::Compare(comparison) => is_number(comparison),
            Condition::Next { .. }
            | Condition::Every { .. }
            | Condition::Field { .. }
            | Condition::Is { .. } => true,
            Condition::Followed { .. }
            | Condition::Within { .. }
            | Condition::KnownWithin { .. }
            | Condition::Meets(_) => false,
        }
    }
}

/// Alternatives that differ in their class alone are one.
fn with_classes_joined(shape: Shape) -> Shape {
    let mut joined: Vec<Alternative> = Vec::new();
    for alternative in shape.0 {
        let same = joined.iter_mut().find(|known| {
            known.class.is_some() == alternative.class.is_some()
                && known.values == alternative.values
                && known.parts == alternative.parts
        });
        match same {
            Some(same) => {
                if let (Some(a), Some(b)) = (&same.class, &alternative.class) {
                    same.class = Some(a.or(b));
                }
            }
            None => joined.push(alternative),
        }
    }
    Shape(joined)
}

fn text(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Text(text) => Some(text.clone()),
        Literal::YesNo(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

fn number(literal: &Literal) -> Option<(Decimal, bool)> {
    match literal {
        Literal::Number(number) => Some((*number, false)),
        Literal::Date(day) => Some((Decimal::from(day.num_days_from_ce()), true)),
        _ => None,
    }
}

pub(super) fn negated(cmp: Cmp) -> Cmp {
    match cmp {
        Cmp::Less => Cmp::AtLeast,
        Cmp::AtMost => Cmp::More,
        Cmp::Equal => Cmp::Unequal,
        Cmp::Unequal => Cmp::Equal,
        Cmp::AtLeast => Cmp::Less,
        Cmp::More => Cmp::AtMost,
    }
}

/// The number that a measure is, whatever the data.
pub(super) fn constant(measure: &Measure) -> Option<Decimal> {
    match measure {
        Measure::Number(number) => Some(*number),
        Measure::Negative(inner) => constant(inner).map(|number| -number),
        _ => None,
    }
}

/// The numbers with which a comparison holds, or does not where that is not wanted.
pub(super) fn ranges(comparison: &Comparison, wanted: bool) -> Option<Vec<Range>> {
    let whole = is_whole(comparison);
    let one = |cmp: Cmp, at: &Measure| {
        let cmp = if wanted { cmp } else { negated(cmp) };
        Some(Range::of(cmp, constant(at)?, whole))
    };
    Some(match &comparison.test {
        NumberTest::Is(cmp, at) => vec![one(*cmp, at)?],
        NumberTest::Between(low, high) => {
            let (low, high) = (one(Cmp::AtLeast, low)?, one(Cmp::AtMost, high)?);
            if wanted { vec![low.and(&high)] } else { vec![low, high] }
        }
    })
}

fn is_whole(comparison: &Comparison) -> bool {
    let is_days = matches!(comparison.left, Measure::LongestGap(_) | Measure::DaysSince(_));
    comparison.is_whole && comparison.class == Class::Count || is_days
}

/// The numbers that a measure can be at all.
pub(super) fn domain(comparison: &Comparison) -> Range {
    let whole = is_whole(comparison);
    match &comparison.left {
        _ if comparison.class == Class::Count => Range::from(Decimal::ZERO, whole),
        Measure::LongestGap(_) | Measure::DaysSince(_) => Range::from(Decimal::ZERO, whole),
        Measure::Share { .. } => Range::from(Decimal::ZERO, false).and(&Range::of(
            Cmp::AtMost,
            Decimal::ONE_HUNDRED,
            false,
        )),
        _ => Range::all(whole),
    }
}

/// Whether there is a number on both sides even of nothing.
fn is_number(comparison: &Comparison) -> bool {
    let sides: &[&Measure] = match &comparison.test {
        NumberTest::Is(_, value) => &[&comparison.left, value],
        NumberTest::Between(low, high) => &[&comparison.left, low, high],
    };
    sides.iter().all(|side| has_number(side))
}

fn has_number(measure: &Measure) -> bool {
    match measure {
        Measure::Number(_)
        | Measure::Field(_)
        | Measure::Count(_)
        | Measure::Aggregate { function: Function::Sum | Function::Distinct, .. } => true,
        Measure::Sum(parts) => parts.iter().all(|(_, part)| has_number(part)),
        Measure::Product(parts) => parts.iter().all(|(divides, part)| !divides && has_number(part)),
        Measure::Negative(part) => has_number(part),
        _ => false,
    }
}
