//! Tests, conditions and measures in words, near to those of the language.

use super::Names;
use crate::check::rules::{DateExpr, FieldTest, Literal, Window};
use crate::model::Noun;
use crate::model::calendar::Days;
use crate::plan::classes::EVERY;
use crate::plan::passes::Over;
use crate::plan::{
    ALWAYS, ClassSet, Condition, ConditionId, Dating, Measure, NumberTest, SetId, Spacing, State,
    Test, TestId,
};

/// How tightly what is around a text binds, and whether the text needs brackets in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    Nothing,
    Something,
}

impl Around {
    fn bracket(self, text: String) -> String {
        if self == Around::Something { format!("({text})") } else { text }
    }
}

impl Names<'_> {
    /// Which things of a noun: `segment A`, `every seller`.
    pub(super) fn things(&self, test: TestId, noun: Noun) -> String {
        match self.plan.test(test) {
            Test::Always => format!("every {noun}"),
            test => self.test(test, Around::Nothing),
        }
    }

    fn test(&self, test: &Test, around: Around) -> String {
        let all = |parts: &[Test], word: &str| {
            let parts: Vec<String> =
                parts.iter().map(|part| self.test(part, Around::Something)).collect();
            around.bracket(parts.join(word))
        };
        match test {
            Test::Always => "all".to_owned(),
            Test::Never => "none".to_owned(),
            Test::Class(classes) => self.classes(classes),
            Test::Segment(name) => format!("segment {name}"),
            Test::OverdueOpportunity => "overdue".to_owned(),
            Test::Latest(rest) => format!("latest of ({})", self.test(rest, Around::Nothing)),
            Test::On(noun, test) => match self.plan.test(*test) {
                Test::Always => format!("on {noun}"),
                test => format!("on {noun} ({})", self.test(test, Around::Nothing)),
            },
            Test::Where(condition) => self.condition(*condition, around),
            Test::And(parts) => all(parts, " and "),
            Test::Or(parts) => all(parts, " or "),
        }
    }

    /// `call, visit: completed; task: planned`
    fn classes(&self, classes: &ClassSet) -> String {
        let kinds = self.plan.schema.kinds();
        let mut by_states: Vec<(u8, Vec<&str>)> = Vec::new();
        for (kind, name) in kinds.iter().enumerate() {
            let states = classes.states(kind);
            match by_states.iter_mut().find(|(known, _)| *known == states) {
                _ if states == 0 => {}
                Some((_, names)) => names.push(name),
                None => by_states.push((states, vec![name])),
            }
        }
        let told = by_states.iter().map(|(states, names)| {
            let is_every = names.len() == kinds.len();
            let names = if is_every { "every kind".to_owned() } else { names.join(", ") };
            format!("{names}: {}", self::states(*states))
        });
        told.collect::<Vec<_>>().join("; ")
    }

    /// `s1 touchpoints = call, visit, meeting, email: completed`
    pub(super) fn set(&self, id: SetId) -> String {
        let set = self.plan.set(id);
        let mut text = format!("{} {} = ", self.set_name(id), set.written.text);
        match set.noun {
            Noun::Activity => text.push_str(&self.things(set.test, set.noun)),
            noun if *self.plan.test(set.test) == Test::Always => {
                text.push_str(&format!("every {noun}"));
            }
            noun => text.push_str(&format!("{noun}: {}", self.things(set.test, noun))),
        }
        text.push_str(&self.dating(&set.dating));
        text.extend(set.spacing.iter().map(|spacing| self.spacing(spacing)));
        text
    }

    fn dating(&self, dating: &Dating) -> String {
        match dating {
            Dating::Own => String::new(),
            Dating::By(path) => format!(", dated {}", path.text),
            Dating::Parts(parts) => {
                let part = |(test, dating): &(TestId, Dating)| {
                    let test = self.test(self.plan.test(*test), Around::Nothing);
                    format!("{} if ({test})", self.dating(dating))
                };
                parts.iter().map(part).collect()
            }
        }
    }

    fn spacing(&self, spacing: &Spacing) -> String {
        let parts = spacing.parts.iter().map(|part| {
            let test = self.test(self.plan.test(part.test), Around::Nothing);
            format!("{} if ({test})", self.spacing(&part.spacing))
        });
        let apart = spacing.apart.iter().map(|apart| format!(", spaced {apart}"));
        parts.chain(apart).collect()
    }

    /// A condition over named sets: `count of s2 per year >= 4`.
    pub(super) fn condition(&self, id: ConditionId, around: Around) -> String {
        let all = |parts: &[ConditionId], word: &str| {
            let parts: Vec<String> =
                parts.iter().map(|part| self.condition(*part, Around::Something)).collect();
            around.bracket(parts.join(word))
        };
        match self.plan.condition(id) {
            Condition::And(parts) => all(parts, " and "),
            Condition::Or(parts) => all(parts, " or "),
            Condition::Not(part) => format!("not {}", self.condition(*part, Around::Something)),
            Condition::Compare(comparison) => {
                let measure = |measure| self.measure(measure, Around::Nothing);
                let left = measure(&comparison.left);
                let window = match &comparison.window {
                    Window::Ever => String::new(),
                    window => format!(" {}", self::window(window)),
                };
                match &comparison.test {
                    NumberTest::Is(cmp, value) => {
                        format!("{left}{window} {} {}", cmp.sign(), measure(value))
                    }
                    NumberTest::Between(low, high) => {
                        format!("{left}{window} between {} and {}", measure(low), measure(high))
                    }
                }
            }
            Condition::Next { set, within } => {
                let within = within.map_or_else(String::new, |within| format!(" within {within}"));
                format!("next {}{within}", self.set_name(*set))
            }
            Condition::Followed { set, booked, within } => {
                let booked = if *booked { " booked" } else { "" };
                format!("followed by {}{booked} within {within}", self.set_name(*set))
            }
            Condition::Within { set, within, before, of } => {
                let side = if *before { "before" } else { "of" };
                format!("{} within {within} {side} {}", self.set_name(*set), of.text)
            }
            Condition::KnownWithin { field, within, of } => {
                format!("{} is known within {within} of {}", field.text, of.text)
            }
            Condition::Every { set, every } => format!("{} every {every}", self.set_name(*set)),
            Condition::Field { path, test } => format!("{} {}", path.text, field_test(test)),
            Condition::Is { test, .. } => {
                format!("is ({})", self.test(self.plan.test(*test), Around::Nothing))
            }
            Condition::Meets(rule) => format!("meets #{}", rule + 1),
        }
    }

    fn measure(&self, measure: &Measure, around: Around) -> String {
        let joined = |parts: &[(bool, Measure)], plus: &str, minus: &str| {
            let mut text = String::new();
            for (i, (is_inverse, part)) in parts.iter().enumerate() {
                text.push_str(match (i, is_inverse) {
                    (0, false) => "",
                    (_, true) => minus,
                    (_, false) => plus,
                });
                text.push_str(&self.measure(part, Around::Something));
            }
            around.bracket(text.trim_start().to_owned())
        };
        match measure {
            Measure::Number(number) => number.normalize().to_string(),
            Measure::Field(path) => path.text.clone(),
            Measure::Count(set) => format!("count of {}", self.set_name(*set)),
            Measure::Aggregate { function, field, of } => {
                format!("{} {} of {}", function.name(), field.text, self.set_name(*of))
            }
            Measure::LongestGap(set) => format!("longest gap of {}", self.set_name(*set)),
            Measure::DaysSince(set) => format!("days since {}", self.set_name(*set)),
            Measure::Share { of, that } => {
                let that = self.condition(*that, Around::Nothing);
                format!("share of {} that ({that})", self.set_name(*of))
            }
            Measure::Sum(parts) => joined(parts, " + ", " - "),
            Measure::Product(parts) => joined(parts, " * ", " / "),
            Measure::Negative(part) => format!("-{}", self.measure(part, Around::Something)),
        }
    }
}

fn states(states: u8) -> String {
    if states == EVERY {
        return "in any state".to_owned();
    }
    let is_in = |state: &&State| states & **state as u8 != 0;
    let words: Vec<&str> = State::ALL.iter().filter(is_in).map(|state| state.word()).collect();
    words.join(" or ")
}

/// Over which days, as a line of its own.
pub(super) fn over(over: &Over) -> String {
    match over {
        Over::Window(Window::Ever) => "up to the as-of day".to_owned(),
        Over::Window(window) => self::window(window),
        Over::Next(None) => "next".to_owned(),
        Over::Next(Some(within)) => format!("next, within {within}"),
        Over::Followed { booked: false, within } => format!("afterwards, within {within}"),
        Over::Followed { booked: true, within } => format!("afterwards, booked within {within}"),
        Over::Within { within, before: false, of } => format!("within {within} of {}", of.text),
        Over::Within { within, before: true, of } => format!("within {within} before {}", of.text),
        Over::Every(every) => format!("every {every}"),
    }
}

fn window(window: &Window) -> String {
    match window {
        Window::Ever => String::new(),
        Window::Per(unit) => format!("per {}", unit.name()),
        Window::This(unit) => format!("this {}", unit.name()),
        Window::Previous(unit) => format!("in previous {}", unit.name()),
        Window::Last(duration) => format!("in last {duration}"),
        Window::Since(from) => format!("since {}", date(from)),
        Window::FromUntil(from, until) => format!("from {} until {}", date(from), date(until)),
    }
}

/// `from 2026-05-10 until 2026-08-01`; nothing for all days.
pub(super) fn in_force(days: Days) -> Option<String> {
    match (days.first > ALWAYS.first, days.last < ALWAYS.last) {
        (false, false) => None,
        (true, false) => Some(format!("from {}", days.first)),
        (false, true) => Some(format!("until {}", days.last)),
        (true, true) => Some(format!("from {} until {}", days.first, days.last)),
    }
}

fn date(date: &DateExpr) -> String {
    match date {
        DateExpr::Date(day) => day.to_string(),
        DateExpr::Instant(at) => at.format("%Y-%m-%dT%H:%MZ").to_string(),
        DateExpr::Today => "today".to_owned(),
        DateExpr::Field(path) => path.text.clone(),
    }
}

/// What a test of a field asks, as it follows the field's name.
pub(crate) fn field_test(test: &FieldTest) -> String {
    match test {
        FieldTest::Known => "is known".to_owned(),
        FieldTest::Unknown => "is unknown".to_owned(),
        FieldTest::Equals(value) => format!("is {}", literal(value)),
        FieldTest::OneOf(values) => {
            let values: Vec<String> = values.iter().map(literal).collect();
            format!("in ({})", values.join(", "))
        }
        FieldTest::Contains(part) => format!("contains {part:?}"),
        FieldTest::StartsWith(start) => format!("starts with {start:?}"),
        FieldTest::Date(cmp, date) => format!("{} {}", cmp.sign(), self::date(date)),
        FieldTest::In(window) => self::window(window),
    }
}

fn literal(literal: &Literal) -> String {
    let is_word = |text: &str| {
        text.starts_with(char::is_alphabetic)
            && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    };
    match literal {
        Literal::Text(text) if is_word(text) => text.clone(),
        Literal::Text(text) => format!("{text:?}"),
        Literal::Number(number) => number.normalize().to_string(),
        Literal::Date(day) => day.to_string(),
        Literal::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
    }
}
