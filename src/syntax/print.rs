//! The tree back to text: one spelling for each item.

use std::fmt::{self, Display, Formatter, Write as _};

use super::calendar::{month_name, weekday_name};
use super::grammar::{is_word, is_word_char};
use super::is_reserved;
use super::tree::{
    DateExpr, Detail, Expectation, Expr, ExprKind, Given, GivenField, GivenValue, Goal, Item,
    ItemKind, Limit, List, Modifiers, Path, Per, Phrase, Setting, Spanned, Term, Test, When,
    Window,
};

/// A string with its quotes and escapes.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                c if c.is_control() => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// A name: a word if it can be one, else a string.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_word(self.0) && !is_reserved(self.0) {
            f.write_str(self.0)
        } else {
            Quoted(self.0).fmt(f)
        }
    }
}

/// An id: as it is if it has only letters, digits and the like, else a string.
struct Id<'a>(&'a str);

impl Display for Id<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.0.is_empty() && self.0.chars().all(is_word_char) {
            f.write_str(self.0)
        } else {
            Quoted(self.0).fmt(f)
        }
    }
}

/// The parts with a sign between them.
fn joined<T: Display>(
    f: &mut Formatter<'_>,
    parts: impl IntoIterator<Item = T>,
    sign: &str,
) -> fmt::Result {
    for (i, part) in parts.into_iter().enumerate() {
        if i > 0 {
            f.write_str(sign)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}

impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ItemKind::Calendar(settings) => {
                f.write_str("calendar")?;
                settings.iter().try_for_each(|setting| write!(f, "\n    {}", setting.value))
            }
            ItemKind::Use(file) => write!(f, "use {}", Quoted(&file.value)),
            ItemKind::Activity(name) => write!(f, "activity {}", Name(&name.value)),
            ItemKind::Field { noun, name, kind } => {
                write!(f, "field {}.{} : {}", noun.value, name.value, kind.value)
            }
            ItemKind::Define { names, body } => {
                f.write_str("define ")?;
                joined(f, names.iter().map(|name| &name.value), ", ")?;
                write!(f, " = {body}")
            }
            ItemKind::Segment { name, body } => {
                write!(f, "segment {} = {body}", Name(&name.value))
            }
            ItemKind::Rule(rule) => {
                write!(f, "{}: {}{}", rule.subject, rule.condition, rule.modifiers)
            }
            ItemKind::List(list) => list.fmt(f),
            ItemKind::Goal(goal) => goal.fmt(f),
            ItemKind::Test(test) => test.fmt(f),
        }
    }
}

impl Display for Setting {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Timezone(zone) => write!(f, "timezone {zone}"),
            Setting::YearStarts { month, day } => {
                write!(f, "year starts {day} {}", month_name(*month))
            }
            Setting::WeekStarts(day) => write!(f, "week starts {}", weekday_name(*day)),
            Setting::Workdays(days) => {
                f.write_str("workdays ")?;
                joined(f, days.iter().map(|day| weekday_name(*day)), ", ")
            }
            Setting::Holidays(dates) => {
                f.write_str("holidays ")?;
                joined(f, dates, ", ")
            }
            Setting::HolidaysFrom(file) => write!(f, "holidays from {}", Quoted(file)),
            Setting::Hours { hours, per } => {
                write!(f, "hours {} per {}", hours.value, per.name())
            }
            Setting::Minutes(kinds) => {
                f.write_str("minutes ")?;
                let kinds = kinds.iter();
                let each = kinds.map(|(kind, n)| format!("{} {}", Name(&kind.value), n.value));
                joined(f, each, ", ")
            }
        }
    }
}

/// Each on a line of its own. `since` comes late, so that it is not read as the window of a
/// comparison without one.
impl Display for Modifiers {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        fn line(f: &mut Formatter<'_>, word: &str, value: Option<impl Display>) -> fmt::Result {
            value.map_or(Ok(()), |value| write!(f, "\n    {word} {value}"))
        }
        line(f, "as", self.id.as_ref().map(|id| Name(&id.value)))?;
        line(f, "because", self.because.as_ref().map(|text| Quoted(&text.value)))?;
        line(f, "supports", self.supports.as_ref().map(|goal| Name(&goal.value)))?;
        line(f, "weight", self.weight.as_ref().map(|weight| weight.value))?;
        line(f, "severity", self.severity.as_ref().map(|severity| &severity.value))?;
        if self.prorate.is_some() {
            f.write_str("\n    prorate")?;
        }
        line(f, "grace", self.grace.as_ref().map(|grace| grace.value))?;
        line(f, "warn", self.warn.as_ref().map(|warn| warn.value))?;
        line(f, "until", self.until.as_ref().map(|until| until.value))?;
        line(f, "since", self.since.as_ref().map(|since| since.value))?;
        line(f, "unless", self.unless.as_ref())
    }
}

impl Display for List {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "list {} = {}", Quoted(&self.name.value), self.phrase)?;
        if let Some(sort) = &self.sort {
            let order = if sort.descending { " descending" } else { "" };
            write!(f, " sort by {}{order}", sort.field)?;
        }
        if let Some(Limit { count, per }) = &self.limit {
            let per = match per {
                Some(Per::Seller) => " per seller",
                Some(Per::Team) => " per team",
                None => "",
            };
            write!(f, " limit {count}{per}")?;
        }
        Ok(())
    }
}

impl Display for Goal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "goal {} = {}", Name(&self.name.value), self.target)?;
        if !self.through.is_empty() {
            f.write_str("\n    through ")?;
            joined(f, &self.through, " > ")?;
        }
        for assumed in &self.assumed {
            let (rate, percent) = assumed.rate.value;
            let sign = if percent { "%" } else { "" };
            write!(f, "\n    assume {} > {} {rate}{sign}", assumed.from, assumed.to)?;
            if let Some(within) = &assumed.within {
                write!(f, " within {}", within.value)?;
            }
        }
        Ok(())
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Or(parts) => joined(f, parts, " or "),
            ExprKind::And(parts) => joined(f, parts, " and "),
            ExprKind::Not(part) => write!(f, "not {part}"),
            ExprKind::Compare { left, op, right, window } => {
                write!(f, "{left} {} {right}", op.value.sign())?;
                windowed(f, window)
            }
            ExprKind::Between { left, low, high, window } => {
                write!(f, "{left} between {low} and {high}")?;
                windowed(f, window)
            }
            ExprKind::Is { left, not, value } => {
                write!(f, "{left} is {}{value}", if *not { "not " } else { "" })
            }
            ExprKind::IsA { not, words } => {
                write!(f, "is {}{}", if *not { "not " } else { "" }, words.value)
            }
            ExprKind::Known { left, known } => {
                write!(f, "{left} is {}", if *known { "known" } else { "unknown" })
            }
            ExprKind::KnownWithin { left, within, of } => {
                write!(f, "{left} is known within {} of {of}", within.value)
            }
            ExprKind::OneOf { left, not, values } => {
                write!(f, "{left} {}in (", if *not { "not " } else { "" })?;
                joined(f, values, ", ")?;
                f.write_char(')')
            }
            ExprKind::Contains { left, text } => {
                write!(f, "{left} contains {}", Quoted(&text.value))
            }
            ExprKind::StartsWith { left, text } => {
                write!(f, "{left} starts with {}", Quoted(&text.value))
            }
            ExprKind::InWindow { left, window } => match &window.value {
                Window::Previous(_) | Window::Last(_) => write!(f, "{left} {}", window.value),
                window => write!(f, "{left} in {window}"),
            },
            ExprKind::Before { left, date } => write!(f, "{left} before {}", date.value),
            ExprKind::After { left, date } => write!(f, "{left} after {}", date.value),
            ExprKind::Next { phrase, within } => {
                write!(f, "next {phrase}")?;
                within.as_ref().map_or(Ok(()), |within| write!(f, " within {}", within.value))
            }
            ExprKind::Followed { phrase, booked, within } => {
                let booked = if *booked { " booked" } else { "" };
                write!(f, "followed by {phrase}{booked} within {}", within.value)
            }
            ExprKind::Within { phrase, within, before, of } => {
                let side = if *before { "before" } else { "of" };
                write!(f, "{phrase} within {} {side} {of}", within.value)
            }
            ExprKind::Every { phrase, every } => write!(f, "{phrase} every {}", every.value),
            ExprKind::Meets(rule) => write!(f, "meets {}", Name(&rule.value)),
            ExprKind::Sum(terms) => chain(f, terms, " + ", " - "),
            ExprKind::Product(factors) => chain(f, factors, " * ", " / "),
            ExprKind::Negative(part) => write!(f, "-{part}"),
            ExprKind::Aggregate { function, field, of } => {
                write!(f, "{} {field} of {of}", function.name())
            }
            ExprKind::LongestGap(phrase) => write!(f, "longest gap of {phrase}"),
            ExprKind::DaysSince(phrase) => write!(f, "days since {phrase}"),
            ExprKind::Share { of, that } => write!(f, "share of {of} that {that}"),
            ExprKind::Phrase(phrase) => phrase.fmt(f),
            ExprKind::Words(words) => f.write_str(words),
            ExprKind::Path(path) => path.fmt(f),
            ExprKind::Paren(inner) => write!(f, "({inner})"),
            ExprKind::Number { value, percent } => {
                write!(f, "{value}{}", if *percent { "%" } else { "" })
            }
            ExprKind::Text(text) => Quoted(text).fmt(f),
            ExprKind::Duration(duration) => duration.fmt(f),
            ExprKind::Date(date) => date.fmt(f),
            ExprKind::Instant(instant) => instant.fmt(f),
            ExprKind::Today => f.write_str("today"),
        }
    }
}

fn windowed(f: &mut Formatter<'_>, window: &Option<Spanned<Window>>) -> fmt::Result {
    window.as_ref().map_or(Ok(()), |window| write!(f, " {}", window.value))
}

fn chain(f: &mut Formatter<'_>, terms: &[Term], plus: &str, minus: &str) -> fmt::Result {
    for (i, term) in terms.iter().enumerate() {
        if i > 0 {
            f.write_str(if term.minus { minus } else { plus })?;
        }
        term.expr.fmt(f)?;
    }
    Ok(())
}

impl Display for Window {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Window::Per(unit) => write!(f, "per {}", unit.name()),
            Window::This(unit) => write!(f, "this {}", unit.name()),
            Window::Previous(unit) => write!(f, "in previous {}", unit.name()),
            Window::Last(duration) => write!(f, "in last {duration}"),
            Window::Since(date) => write!(f, "since {date}"),
            Window::FromUntil(from, until) => write!(f, "from {from} until {until}"),
        }
    }
}

impl Display for DateExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            DateExpr::Date(date) => date.fmt(f),
            DateExpr::Instant(instant) => instant.fmt(f),
            DateExpr::Today => f.write_str("today"),
            DateExpr::Field(path) => path.fmt(f),
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        joined(f, self.steps.iter().map(|step| &step.value), ".")
    }
}

impl Display for Phrase {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut links = vec![self];
        while let Some(on) = links.last().and_then(|link| link.on.as_deref()) {
            links.push(on);
        }
        for (i, link) in links.iter().enumerate() {
            f.write_str(if i > 0 { " on " } else { "" })?;
            joined(f, link.alternatives.iter().map(|words| &words.value), " | ")?;
        }
        for filter in links.iter().rev().filter_map(|link| link.filter.as_ref()) {
            write!(f, " where {filter}")?;
        }
        if let Some(field) = &self.dated {
            write!(f, " dated {field}")?;
        }
        self.spaced.as_ref().map_or(Ok(()), |spaced| write!(f, " spaced {}", spaced.value))
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "test {}", Quoted(&self.name.value))?;
        for given in &self.givens {
            write!(f, "\n    given {}", given.value)?;
        }
        for expectation in &self.expectations {
            write!(f, "\n    expect {}", expectation.value)?;
        }
        Ok(())
    }
}

impl Display for Given {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let fields = match self {
            Given::Thing { words, id, fields } => {
                f.write_str(&words.value)?;
                match id.as_ref().map(|id| &*id.value) {
                    Some(id) if id.starts_with(|c: char| c.is_ascii_digit()) => {
                        write!(f, " {}", Id(id))?;
                    }
                    Some(id) => write!(f, " {}", Quoted(id))?,
                    None => {}
                }
                fields
            }
            Given::Activity { words, on, at, by, id, fields } => {
                f.write_str(&words.value)?;
                on.as_ref().map_or(Ok(()), |on| write!(f, " on {}", Id(&on.value)))?;
                f.write_str(" at ")?;
                joined(f, at.iter().map(|at| at.value), ", ")?;
                by.as_ref().map_or(Ok(()), |by| write!(f, " by {}", Id(&by.value)))?;
                id.as_ref().map_or(Ok(()), |id| write!(f, " as {}", Id(&id.value)))?;
                fields
            }
        };
        if !fields.is_empty() {
            f.write_str(" : ")?;
            joined(f, fields, ", ")?;
        }
        Ok(())
    }
}

impl Display for GivenField {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name.value)?;
        match &self.value.value {
            GivenValue::Number(number) => number.fmt(f),
            GivenValue::Text(text) if is_word(text) => f.write_str(text),
            GivenValue::Text(text) => Quoted(text).fmt(f),
            GivenValue::Date(date) => date.fmt(f),
            GivenValue::Instant(instant) => instant.fmt(f),
        }
    }
}

impl Display for When {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            When::Date(date) => date.fmt(f),
            When::Instant(instant) => instant.fmt(f),
        }
    }
}

impl Display for Expectation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::Verdict { rule, subject, status, at, details } => {
                let (rule, subject) = (Name(&rule.value), Id(&subject.value));
                write!(f, "{rule} for {subject} is {} at {at}", status.value)?;
                details.iter().try_for_each(|detail| write!(f, " {}", detail.value))
            }
            Expectation::Silent { rule, subject, at } => {
                write!(f, "{} is silent for {} at {at}", Name(&rule.value), Id(&subject.value))
            }
            Expectation::Lists { list, ids, at } => {
                write!(f, "{} lists ", Quoted(&list.value))?;
                if ids.is_empty() {
                    f.write_str("nothing")?;
                }
                for (i, id) in ids.iter().map(|id| &*id.value).enumerate() {
                    f.write_str(if i > 0 { ", " } else { "" })?;
                    // Bare, this one would be the absence of ids.
                    if id == "nothing" { Quoted(id).fmt(f)? } else { Id(id).fmt(f)? }
                }
                write!(f, " at {at}")
            }
            Expectation::Score { subject, percent, at } => {
                write!(f, "score of {} is {}% at {at}", Id(&subject.value), percent.value)
            }
        }
    }
}

impl Display for Detail {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Detail::Measured(number) => write!(f, "measured {number}"),
            Detail::Target(number) => write!(f, "target {number}"),
            Detail::Planned(number) => write!(f, "planned {number}"),
            Detail::Missing(number) => write!(f, "missing {number}"),
            Detail::Due(date) => write!(f, "due {date}"),
            Detail::Changes(date) => write!(f, "changes {date}"),
        }
    }
}
