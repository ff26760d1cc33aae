//! Trees made at random: every one could have been written.
//!
//! A phrase with a filter takes what follows it, so one stands only in a bracket or at an end.

use chrono::{DateTime, NaiveDate, TimeDelta, Weekday};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use super::*;
use crate::diagnostic::Span;
use crate::model::Moment;
use crate::model::calendar::{Duration, TimeUnit, Unit};
use crate::syntax::grammar::is_word;
use crate::syntax::tree::{
    Assumption, GivenField, Goal, Limit, List, Modifiers, Path, Per, Phrase, Sort, Spanned, Term,
    When, Words,
};

const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

fn at<T>(value: T) -> Spanned<T> {
    Spanned { value, span: NOWHERE }
}

fn boxed(kind: ExprKind) -> Box<Expr> {
    Box::new(expr(kind))
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: NOWHERE }
}

fn written_word() -> impl Strategy<Value = String> {
    "[a-zA-Zà-öа-я][a-z0-9_-]{0,5}".prop_filter("a word", |word| is_word(word))
}

fn any_word() -> BoxedStrategy<String> {
    prop_oneof![written_word(), select(RESERVED).prop_map(str::to_owned)].boxed()
}

fn word() -> BoxedStrategy<String> {
    let special = select(vec!["sum", "share", "last", "sort", "limit", "gap", "at", "given"]);
    prop_oneof![4 => written_word(), 1 => special.prop_map(str::to_owned)]
        // `days since` would be read as what it looks like.
        .prop_filter("a name", |word| !is_reserved(word) && word != "days")
        .boxed()
}

fn words() -> BoxedStrategy<Words> {
    vec(word(), 1..3).prop_map(|words| at(words.join(" "))).boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![any::<String>(), "[a-z \"\\\\\n\t#é]{0,8}", word()].boxed()
}

fn name() -> BoxedStrategy<Words> {
    prop_oneof![3 => any_word(), 1 => text()].prop_map(at).boxed()
}

fn number() -> BoxedStrategy<Decimal> {
    (0..1_000_000_000_000_i64, 0..6_u32)
        .prop_map(|(digits, scale)| Decimal::new(digits, scale))
        .boxed()
}

fn duration() -> BoxedStrategy<Spanned<Duration>> {
    use TimeUnit::{Day, Hour, Minute, Month, Quarter, Week, Workday, Year};
    let unit = select(vec![Minute, Hour, Day, Workday, Week, Month, Quarter, Year]);
    (0..=Duration::MOST, unit).prop_map(|(amount, unit)| at(Duration { amount, unit })).boxed()
}

fn date() -> BoxedStrategy<NaiveDate> {
    (0..80_000_i64)
        .prop_map(|day| NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + TimeDelta::days(day))
        .boxed()
}

fn moment() -> BoxedStrategy<Moment> {
    (0..4_000_000_000_000_i64, any::<bool>())
        .prop_map(|(milliseconds, is_local)| {
            let instant = DateTime::from_timestamp_millis(milliseconds).unwrap();
            if is_local { Moment::Local(instant.naive_utc()) } else { Moment::Utc(instant) }
        })
        .boxed()
}

fn path(first: BoxedStrategy<String>, more: std::ops::Range<usize>) -> BoxedStrategy<Path> {
    (first, vec(any_word(), more))
        .prop_map(|(first, rest)| {
            let steps = std::iter::once(first).chain(rest).map(at).collect();
            Path { steps, span: NOWHERE }
        })
        .boxed()
}

fn field() -> BoxedStrategy<Path> {
    let edge = select(vec!["from", "until"]).prop_map(str::to_owned);
    path(prop_oneof![4 => word(), 1 => edge].boxed(), 0..3)
}

fn day() -> BoxedStrategy<DateExpr> {
    prop_oneof![
        date().prop_map(DateExpr::Date),
        moment().prop_map(DateExpr::Instant),
        Just(DateExpr::Today),
        path(word(), 0..3).prop_map(DateExpr::Field),
    ]
    .boxed()
}

fn unit() -> BoxedStrategy<Unit> {
    use Unit::{Day, HalfYear, Month, Quarter, Week, Year};
    select(vec![Day, Week, Month, Quarter, HalfYear, Year]).boxed()
}

fn field_window() -> BoxedStrategy<Window> {
    prop_oneof![
        unit().prop_map(Window::This),
        unit().prop_map(Window::Previous),
        duration().prop_map(|duration| Window::Last(duration.value)),
        day().prop_map(Window::Since),
        (day(), day()).prop_map(|(from, until)| Window::FromUntil(from, until)),
    ]
    .boxed()
}

fn window() -> BoxedStrategy<Spanned<Window>> {
    prop_oneof![unit().prop_map(Window::Per), field_window()].prop_map(at).boxed()
}

fn alternatives() -> BoxedStrategy<Vec<Words>> {
    vec(words(), 1..3).boxed()
}

/// A phrase without filters.
fn phrase() -> BoxedStrategy<Phrase> {
    (vec(alternatives(), 1..3), of(field()), of(duration()))
        .prop_map(|(links, dated, spaced)| {
            let link = |alternatives, on| Phrase {
                alternatives,
                on,
                filter: None,
                dated: None,
                spaced: None,
                span: NOWHERE,
            };
            let mut links = links.into_iter().rev();
            let last = link(links.next().unwrap_or_default(), None);
            let whole = links.fold(last, |on, alternatives| link(alternatives, Some(Box::new(on))));
            Phrase { dated, spaced, ..whole }
        })
        .boxed()
}

/// A phrase with a filter at its end, which takes all that follows.
fn filtered(depth: u32) -> BoxedStrategy<Phrase> {
    (phrase(), condition(depth), of(condition(depth)))
        .prop_map(|(mut phrase, inner, outer)| {
            let ends = phrase.dated.is_none() && phrase.spaced.is_none();
            let paren = |inner| boxed(ExprKind::Paren(Box::new(inner)));
            match (&mut phrase.on, outer) {
                (Some(on), Some(outer)) => {
                    on.filter = Some(paren(inner));
                    phrase.filter = Some(paren(outer));
                }
                (Some(on), None) => on.filter = Some(paren(inner)),
                // A bracket at its start would be all of it.
                (None, _) if ends && !inner.to_string().starts_with('(') => {
                    phrase.filter = Some(Box::new(inner))
                }
                (None, _) => phrase.filter = Some(paren(inner)),
            }
            phrase
        })
        .boxed()
}

fn is_only_words(phrase: &Phrase) -> bool {
    phrase.alternatives.len() == 1
        && phrase.on.is_none()
        && phrase.dated.is_none()
        && phrase.spaced.is_none()
}

fn value() -> BoxedStrategy<Expr> {
    let number = number().prop_map(|value| ExprKind::Number { value, percent: false });
    prop_oneof![
        number.clone(),
        number.prop_map(|number| ExprKind::Negative(boxed(number))),
        text().prop_map(ExprKind::Text),
        date().prop_map(ExprKind::Date),
        moment().prop_map(ExprKind::Instant),
        Just(ExprKind::Today),
        words().prop_map(|words| ExprKind::Words(words.value)),
    ]
    .prop_map(expr)
    .boxed()
}

fn atom(depth: u32) -> BoxedStrategy<Expr> {
    let plain = prop_oneof![
        (number(), any::<bool>()).prop_map(|(value, percent)| ExprKind::Number { value, percent }),
        duration().prop_map(|duration| ExprKind::Duration(duration.value)),
        text().prop_map(ExprKind::Text),
        date().prop_map(ExprKind::Date),
        Just(ExprKind::Today),
        words().prop_map(|words| ExprKind::Words(words.value)),
        path(word(), 1..3).prop_map(ExprKind::Path),
        phrase()
            .prop_filter("more than words", |phrase| !is_only_words(phrase))
            .prop_map(ExprKind::Phrase),
        phrase().prop_map(ExprKind::LongestGap),
        phrase().prop_map(ExprKind::DaysSince),
        (function(), field(), phrase()).prop_map(|(function, field, of)| ExprKind::Aggregate {
            function,
            field,
            of
        }),
    ]
    .prop_map(expr);
    if depth == 0 {
        return plain.boxed();
    }
    let filtered = filtered(depth - 1).prop_map(|phrase| expr(ExprKind::Phrase(phrase)));
    let inside = prop_oneof![condition(depth - 1), filtered];
    let share = (phrase(), that(depth - 1))
        .prop_map(|(of, that)| ExprKind::Share { of, that: Box::new(that) });
    prop_oneof![
        6 => plain,
        1 => inside.prop_map(|inside| expr(ExprKind::Paren(Box::new(inside)))),
        1 => share.prop_map(expr),
    ]
    .boxed()
}

fn function() -> BoxedStrategy<Function> {
    use Function::{Average, Distinct, Max, Median, Min, Sum};
    select(vec![Sum, Average, Median, Min, Max, Distinct]).boxed()
}

fn operand(depth: u32) -> BoxedStrategy<Expr> {
    let signed = (atom(depth), prop::bool::weighted(0.1)).prop_map(|(atom, minus)| match minus {
        true => expr(ExprKind::Negative(Box::new(atom))),
        false => atom,
    });
    let terms = |parts: BoxedStrategy<Expr>, join: fn(Vec<Term>) -> ExprKind| {
        vec((parts, any::<bool>()), 1..3).prop_map(move |parts| {
            let terms = parts.into_iter().enumerate();
            let mut terms: Vec<Term> =
                terms.map(|(i, (expr, minus))| Term { minus: minus && i > 0, expr }).collect();
            if terms.len() == 1 { terms.remove(0).expr } else { expr(join(terms)) }
        })
    };
    let product = terms(signed.boxed(), ExprKind::Product);
    prop_oneof![3 => atom(depth), 1 => terms(product.boxed(), ExprKind::Sum)].boxed()
}

/// A test of its subject as a whole.
fn prefix() -> BoxedStrategy<Expr> {
    prop_oneof![
        (phrase(), of(duration())).prop_map(|(phrase, within)| ExprKind::Next { phrase, within }),
        (phrase(), any::<bool>(), duration())
            .prop_map(|(phrase, booked, within)| ExprKind::Followed { phrase, booked, within }),
        name().prop_map(ExprKind::Meets),
        (any::<bool>(), words()).prop_map(|(not, words)| ExprKind::IsA { not, words }),
    ]
    .prop_map(expr)
    .boxed()
}

/// A test of an operand that is no comparison.
fn field_test(depth: u32) -> BoxedStrategy<Expr> {
    let edge = select(vec!["from", "until"]).prop_map(|word| boxed(ExprKind::Words(word.into())));
    let left = prop_oneof![4 => operand(depth).prop_map(Box::new), 1 => edge];
    prop_oneof![
        (left.clone(), any::<bool>(), value()).prop_map(|(left, not, value)| ExprKind::Is {
            left,
            not,
            value: Box::new(value)
        }),
        (left.clone(), any::<bool>()).prop_map(|(left, known)| ExprKind::Known { left, known }),
        (left.clone(), duration(), field()).prop_map(|(left, within, of)| ExprKind::KnownWithin {
            left,
            within,
            of
        }),
        (left.clone(), any::<bool>(), vec(value(), 1..4))
            .prop_map(|(left, not, values)| ExprKind::OneOf { left, not, values }),
        (operand(depth), text())
            .prop_map(|(left, text)| ExprKind::Contains { left: Box::new(left), text: at(text) }),
        (operand(depth), text())
            .prop_map(|(left, text)| ExprKind::StartsWith { left: Box::new(left), text: at(text) }),
        (left.clone(), field_window())
            .prop_map(|(left, window)| ExprKind::InWindow { left, window: at(window) }),
        (left.clone(), day()).prop_map(|(left, date)| ExprKind::Before { left, date: at(date) }),
        (left, day()).prop_map(|(left, date)| ExprKind::After { left, date: at(date) }),
        (phrase(), duration(), any::<bool>(), field()).prop_map(|(phrase, within, before, of)| {
            ExprKind::Within { phrase, within, before, of }
        }),
        (phrase(), duration()).prop_map(|(phrase, every)| ExprKind::Every { phrase, every }),
    ]
    .prop_map(expr)
    .boxed()
}

fn comparison(depth: u32) -> BoxedStrategy<Expr> {
    use Cmp::{AtLeast, AtMost, Equal, Less, More, Unequal};
    let op = select(vec![Less, AtMost, Equal, Unequal, AtLeast, More]).prop_map(at);
    let operand = || operand(depth).prop_map(Box::new);
    prop_oneof![
        (operand(), op, operand(), of(window()))
            .prop_map(|(left, op, right, window)| ExprKind::Compare { left, op, right, window }),
        (operand(), operand(), operand(), of(window()))
            .prop_map(|(left, low, high, window)| ExprKind::Between { left, low, high, window }),
    ]
    .prop_map(expr)
    .boxed()
}

/// `offers where (amount >= 100k) >= 4`
fn lone_bracket(depth: u32) -> BoxedStrategy<Expr> {
    (words(), comparison(depth), comparison(0))
        .prop_map(|(words, inside, mut outside)| {
            let phrase = Phrase {
                alternatives: vec![words],
                on: None,
                filter: Some(boxed(ExprKind::Paren(Box::new(inside)))),
                dated: None,
                spaced: None,
                span: NOWHERE,
            };
            if let ExprKind::Compare { left, .. } | ExprKind::Between { left, .. } =
                &mut outside.kind
            {
                *left = boxed(ExprKind::Phrase(phrase));
            }
            outside
        })
        .boxed()
}

fn that(depth: u32) -> BoxedStrategy<Expr> {
    let bracketed = comparison(depth).prop_map(|inside| expr(ExprKind::Paren(Box::new(inside))));
    // A bracket at the start would be the whole condition.
    let starts_in_bracket = |test: &Expr| test.to_string().starts_with('(');
    let field_test =
        field_test(depth).prop_filter("no bracket", move |test| !starts_in_bracket(test));
    negatable(prop_oneof![prefix(), bracketed, field_test].boxed())
}

fn negatable(test: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    (test, prop::bool::weighted(0.1))
        .prop_map(|(test, not)| if not { expr(ExprKind::Not(Box::new(test))) } else { test })
        .boxed()
}

fn condition(depth: u32) -> BoxedStrategy<Expr> {
    let deeper = depth.saturating_sub(1);
    let test = prop_oneof![prefix(), field_test(deeper), comparison(depth), lone_bracket(deeper),];
    let chain = |parts: BoxedStrategy<Expr>, join: fn(Vec<Expr>) -> ExprKind| {
        vec(parts, 1..3).prop_map(move |mut parts| {
            if parts.len() == 1 { parts.remove(0) } else { expr(join(parts)) }
        })
    };
    let all = chain(negatable(test.boxed()), ExprKind::And);
    chain(all.boxed(), ExprKind::Or).boxed()
}

fn modifiers() -> BoxedStrategy<Modifiers> {
    let named = (of(name()), of(text()), of(name()), of(word()), any::<bool>());
    let measured = (number(), of(date()), of(date()), of(duration()), of(duration()));
    (named, measured, of(condition(1)))
        .prop_map(|((id, because, supports, severity, prorate), measured, unless)| {
            let (weight, since, until, grace, warn) = measured;
            Modifiers {
                id,
                because: because.map(at),
                supports,
                // Always one, so that `since` is never read as the window of the condition.
                weight: Some(at(weight)),
                severity: severity.map(at),
                since: since.map(at),
                until: until.map(at),
                unless,
                prorate: prorate.then_some(NOWHERE),
                grace,
                warn,
            }
        })
        .boxed()
}

fn id() -> BoxedStrategy<Spanned<String>> {
    prop_oneof![any_word(), "[0-9][a-z0-9-]{0,4}", text()].prop_map(at).boxed()
}

fn when() -> BoxedStrategy<When> {
    prop_oneof![date().prop_map(When::Date), moment().prop_map(When::Instant)].boxed()
}

fn given() -> BoxedStrategy<Given> {
    let noun = vec(word(), 1..3).prop_filter("not `at`", |words| !words.contains(&"at".to_owned()));
    let noun = noun.prop_map(|words| at(words.join(" ")));
    let given_value = prop_oneof![
        number().prop_map(GivenValue::Number),
        text().prop_map(GivenValue::Text),
        any_word().prop_map(GivenValue::Text),
        date().prop_map(GivenValue::Date),
        moment().prop_map(GivenValue::Instant),
    ];
    let field = (any_word(), given_value)
        .prop_map(|(name, value)| GivenField { name: at(name), value: at(value) });
    let fields = vec(field, 0..3);
    let odd_id = prop_oneof!["[0-9][a-z0-9-]{0,4}".prop_map(at), text().prop_map(at)];
    prop_oneof![
        (noun.clone(), of(odd_id), fields.clone()).prop_map(|(words, id, fields)| Given::Thing {
            words,
            id,
            fields
        }),
        (noun, of(id()), vec(when().prop_map(at), 1..3), of(id()), of(id()), fields).prop_map(
            |(words, on, at, by, id, fields)| Given::Activity { words, on, at, by, id, fields }
        ),
    ]
    .boxed()
}

fn expectation() -> BoxedStrategy<Expectation> {
    let status = select(vec!["met", "on track", "at risk", "missed", "not applicable", "unknown"]);
    let details = (of(number()), of(number()), of(date())).prop_map(|(measured, missing, due)| {
        let details = [
            measured.map(Detail::Measured),
            missing.map(|number| Detail::Missing(-number)),
            due.map(Detail::Due),
        ];
        details.into_iter().flatten().map(at).collect()
    });
    prop_oneof![
        (name(), id(), status, when(), details).prop_map(
            |(rule, subject, status, at_, details)| {
                let status = at(status.to_owned());
                Expectation::Verdict { rule, subject, status, at: at_, details }
            }
        ),
        (name(), id(), when()).prop_map(|(rule, subject, at)| Expectation::Silent {
            rule,
            subject,
            at
        }),
        (text(), vec(id(), 0..3), when()).prop_map(|(list, ids, when)| Expectation::Lists {
            list: at(list),
            ids,
            at: when
        }),
        (id(), number(), when()).prop_map(|(subject, percent, when)| Expectation::Score {
            subject,
            percent: at(percent),
            at: when
        }),
    ]
    .boxed()
}

fn setting() -> BoxedStrategy<Setting> {
    use Weekday::{Fri, Mon, Sat, Sun};
    let weekday = select(vec![Mon, Fri, Sat, Sun]);
    prop_oneof![
        vec(date(), 1..3).prop_map(Setting::Holidays),
        text().prop_map(Setting::HolidaysFrom),
        vec(weekday, 1..4).prop_map(Setting::Workdays),
        (1..=12_u32, 1..=28_u32).prop_map(|(month, day)| Setting::YearStarts { month, day }),
    ]
    .boxed()
}

fn list() -> BoxedStrategy<List> {
    let per = of(select(vec![Per::Seller, Per::Team]));
    let sort = (field(), any::<bool>()).prop_map(|(field, descending)| Sort { field, descending });
    let limit = (any::<u32>(), per).prop_map(|(count, per)| Limit { count, per });
    (text(), filtered(1), of(sort), of(limit))
        .prop_map(|(name, phrase, sort, limit)| List { name: at(name), phrase, sort, limit })
        .boxed()
}

fn assumption() -> BoxedStrategy<Assumption> {
    (phrase(), phrase(), number(), any::<bool>(), of(duration()))
        .prop_map(|(from, to, rate, percent, within)| {
            let rate = at((rate, percent));
            Assumption { from, to, rate, within, span: NOWHERE }
        })
        // `limit 4` would be read as what it looks like.
        .prop_filter("no limit", |assumed| !assumed.to.to_string().ends_with("limit"))
        .boxed()
}

fn goal() -> BoxedStrategy<Goal> {
    (name(), operand(1), operand(0), window(), vec(phrase(), 0..3), vec(assumption(), 0..2))
        .prop_map(|(name, left, right, window, through, assumed)| {
            let target = expr(ExprKind::Compare {
                left: Box::new(left),
                op: at(Cmp::AtLeast),
                right: Box::new(right),
                window: Some(window),
            });
            Goal { name, target, through, assumed }
        })
        .boxed()
}

pub(super) fn item() -> impl Strategy<Value = Item> {
    let rule =
        (filtered(1), condition(2), modifiers()).prop_map(|(subject, condition, modifiers)| {
            ItemKind::Rule(Box::new(Rule { subject, condition, modifiers, span: NOWHERE }))
        });
    let body =
        prop_oneof![condition(1), operand(1), filtered(1).prop_map(|p| expr(ExprKind::Phrase(p)))];
    let kinds = select(vec!["text", "number", "date", "instant", "yes-no"]);
    let test = (text(), vec(given(), 0..4), vec(expectation(), 0..4)).prop_map(
        |(name, givens, expectations)| {
            ItemKind::Test(Test {
                name: at(name),
                givens: givens.into_iter().map(at).collect(),
                expectations: expectations.into_iter().map(at).collect(),
            })
        },
    );
    prop_oneof![
        4 => rule,
        1 => vec(words(), 1..3).prop_flat_map(move |names| {
            body.clone().prop_map(move |body| ItemKind::Define { names: names.clone(), body })
        }),
        1 => (name(), filtered(1)).prop_map(|(name, body)| ItemKind::Segment { name, body }),
        1 => list().prop_map(ItemKind::List),
        1 => goal().prop_map(ItemKind::Goal),
        2 => test,
        1 => setting().prop_map(|setting| ItemKind::Calendar(vec![at(setting)])),
        1 => text().prop_map(|file| ItemKind::Use(at(file))),
        1 => words().prop_map(ItemKind::Activity),
        1 => (word(), any_word(), kinds).prop_map(|(noun, name, kind)| ItemKind::Field {
            noun: at(noun),
            name: at(name),
            kind: at(kind.to_owned())
        }),
    ]
    .prop_map(|kind| Item { kind, span: NOWHERE })
}
