//! What the grammar expected and what it found, in words.

use crate::diagnostic::{Code, Diagnostic};

use super::grammar::{Failure, Part, Rule};
use super::hints::{self, Place};
use super::scan::{Token, TokenKind, Tokens};
use super::value::shown;

/// At most so many things are listed as expected.
const MOST_EXPECTED: usize = 4;

/// Says why a part cannot be read as `rule`.
pub(super) fn explain(rule: Rule, part: Part<'_>, failure: &Failure) -> Diagnostic {
    if failure.gave_up {
        let message = format!("this {} needs more stack than there is", noun(rule));
        return Diagnostic::error(Code::K003, part.whole(), message)
            .help("nest it less, or read it in a thread with a larger stack");
    }
    let mut before: [Option<Token<'_>>; 2] = [None, None];
    let mut found = None;
    for token in Tokens::new(part.text) {
        if token.end() > failure.at {
            found = Some(token);
            break;
        }
        before = [before[1], Some(token)];
    }
    let place = Place { rule, part, found, before, expected: &failure.expected };
    let offending = found.or(before[1]);
    let span = offending.map_or(part.whole(), |token| part.span(token.start, token.end()));
    let what = found.map_or_else(|| format!("the end of the {}", noun(rule)), quoted);
    if let Some(found) = found
        && place.is_name()
        && super::is_reserved(found.text)
    {
        let message = format!("`{}` is a reserved word and cannot be a name", found.text);
        return Diagnostic::error(Code::K022, span, message)
            .help("choose another name, or add a word to it with `-`");
    }
    let expected = list(&expected(&place));
    let message = match expected.as_str() {
        "" => format!("found {what}, which cannot stand here"),
        expected => format!("expected {expected}, found {what}"),
    };
    hints::add(&place, Diagnostic::error(Code::K001, span, message))
}

fn quoted(token: Token<'_>) -> String {
    match token.kind {
        TokenKind::Text { .. } => format!("the string {}", shown(token.text)),
        _ => format!("`{}`", shown(token.text)),
    }
}

/// What a part is called.
fn noun(rule: Rule) -> &'static str {
    match rule {
        Rule::rule_item => "rule",
        Rule::given | Rule::expectation | Rule::setting | Rule::test_head => "line",
        _ => "item",
    }
}

/// `a, b or c`
fn list(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// What could have stood there, the most telling first, without doubles.
fn expected(place: &Place<'_>) -> Vec<String> {
    let rules = place.expected;
    let mut things: Vec<(u8, String)> = rules
        .iter()
        .filter_map(|rule| in_context(*rule, place).or_else(|| describe(*rule)))
        .collect();
    let has = |rank| things.iter().any(|(other, _)| *other == rank);
    // Where a condition can start, so can all that a measure starts with; and a name that could
    // merely go on is not worth a word.
    let hidden: &[u8] = match (has(CONDITION), has(VALUE)) {
        (true, _) => &[VALUE, NAME, LITERAL, BRACKET],
        (false, true) => &[NAME, LITERAL, BRACKET],
        (false, false) if has(MARK) || has(COMPARISON) || has(TEST) || has(KEYWORD) => &[NAME],
        (false, false) => &[],
    };
    things.retain(|(rank, _)| !hidden.contains(rank));
    things.sort();
    things.dedup();
    if things.iter().any(|(rank, _)| *rank < LAST_RESORT) {
        things.retain(|(rank, _)| *rank < LAST_RESORT);
    }
    if things.is_empty() && rules.contains(&Rule::EOI) {
        things.push((MARK, format!("the end of the {}", noun(place.rule))));
    }
    things.into_iter().map(|(_, thing)| thing).take(MOST_EXPECTED).collect()
}

/// What a rule stands for here, where that is not what it stands for elsewhere.
fn in_context(rule: Rule, place: &Place<'_>) -> Option<(u8, String)> {
    let expects = |rule| place.expected.contains(&rule);
    let said = |rank, thing: &str| Some((rank, thing.to_owned()));
    let previous = place.previous();
    match rule {
        Rule::minus if matches!(place.rule, Rule::given | Rule::expectation) => {
            said(LITERAL, "a number")
        }
        Rule::number
            if matches!(previous, "within" | "every" | "spaced" | "last" | "grace" | "warn") =>
        {
            said(LITERAL, "a duration such as `14 days`")
        }
        Rule::name_word if matches!(previous, "next" | "by" | "of" | "on" | "|") => {
            said(NAME, "a noun such as `visit`")
        }
        Rule::k_since | Rule::k_until if expects(Rule::k_as) => said(MODIFIER, A_MODIFIER),
        Rule::k_from if expects(Rule::k_this) => said(WINDOW, A_WINDOW),
        Rule::k_is | Rule::k_within if place.rule == Rule::expectation || !expects(Rule::cmp) => {
            keyword(rule)
        }
        _ => None,
    }
}

// The ranks of what can be expected, in the order of mention.
const MARK: u8 = 0;
const CONDITION: u8 = 1;
const VALUE: u8 = 2;
const NAME: u8 = 3;
const COMPARISON: u8 = 4;
const TEST: u8 = 5;
const LITERAL: u8 = 6;
const BRACKET: u8 = 7;
const WINDOW: u8 = 8;
const KEYWORD: u8 = 9;
const MODIFIER: u8 = 10;
/// Said only where there is nothing else to say.
const LAST_RESORT: u8 = 11;

fn describe(rule: Rule) -> Option<(u8, String)> {
    let (rank, thing) = match rule {
        Rule::EOI | Rule::reserved | Rule::measure_ahead | Rule::condition_ahead => return None,
        Rule::lone_bracket | Rule::k_not => return None,
        Rule::colon => (MARK, "`:`"),
        Rule::equals => (MARK, "`=`"),
        Rule::comma => (MARK, "`,`"),
        Rule::close => (MARK, "`)`"),
        Rule::dot => (MARK, "`.`"),
        Rule::step => (MARK, "`>`"),
        Rule::expr | Rule::test | Rule::that | Rule::k_next | Rule::k_meets | Rule::k_followed => {
            (CONDITION, "a condition")
        }
        Rule::next | Rule::followed | Rule::meets | Rule::is_a => (CONDITION, "a condition"),
        Rule::operand | Rule::minus | Rule::function | Rule::aggregate => (VALUE, "a measure"),
        Rule::share | Rule::k_share | Rule::k_days | Rule::k_longest => (VALUE, "a measure"),
        Rule::longest_gap | Rule::days_since => (VALUE, "a measure"),
        Rule::open | Rule::paren => (BRACKET, "`(`"),
        Rule::phrase | Rule::simple => (NAME, "a phrase such as `visits on hot lead`"),
        Rule::words | Rule::name => (NAME, "a name"),
        // A name goes on wherever one has begun.
        Rule::name_word => (LAST_RESORT, "a name"),
        Rule::word | Rule::field | Rule::plain_field | Rule::edge | Rule::path => (NAME, "a field"),
        Rule::given_words | Rule::given_word => (NAME, "a noun"),
        Rule::id | Rule::odd_id | Rule::digit_id => (NAME, "an id"),
        Rule::status => (NAME, "a status such as `met` or `at risk`"),
        Rule::month => (NAME, "a month such as `July`"),
        Rule::weekday => (NAME, "a weekday such as `Monday`"),
        Rule::zone => (NAME, "a time zone such as `Europe/Copenhagen`"),
        Rule::field_type => (NAME, "`text`, `number`, `date`, `instant` or `yes-no`"),
        Rule::fields | Rule::given_field => (NAME, "a field and its value"),
        Rule::cmp | Rule::compare | Rule::bare => (COMPARISON, "a comparison such as `>= 4`"),
        Rule::is | Rule::k_is | Rule::one_of | Rule::in_window | Rule::contains => (TEST, A_TEST),
        Rule::starts_with | Rule::before | Rule::after | Rule::within => (TEST, A_TEST),
        Rule::every | Rule::between | Rule::k_between | Rule::k_contains => (TEST, A_TEST),
        Rule::k_starts | Rule::k_before | Rule::k_after | Rule::k_within => (TEST, A_TEST),
        Rule::k_every => (TEST, A_TEST),
        Rule::value | Rule::given_value | Rule::loose_word => (LITERAL, "a value"),
        Rule::number => (LITERAL, "a number"),
        Rule::string => (LITERAL, "a string in double quotes"),
        Rule::date | Rule::instant | Rule::moment | Rule::when | Rule::k_today => {
            (LITERAL, "a date such as `2026-11-15`")
        }
        Rule::duration => (LITERAL, "a duration such as `14 days`"),
        Rule::time_unit => (LAST_RESORT, "a unit of time such as `days`"),
        Rule::unit => (LITERAL, "`day`, `week`, `month`, `quarter`, `half-year` or `year`"),
        Rule::k_hours_per => (KEYWORD, "`per workday` or `per week`"),
        Rule::window | Rule::w_per | Rule::w_this | Rule::w_previous => (WINDOW, A_WINDOW),
        Rule::w_last | Rule::w_since | Rule::w_from | Rule::k_per => (WINDOW, A_WINDOW),
        Rule::k_this | Rule::k_in => (WINDOW, A_WINDOW),
        Rule::k_previous | Rule::k_last => {
            (WINDOW, "`last` and a duration, or `previous` and a period")
        }
        Rule::m_as | Rule::k_as | Rule::k_because | Rule::k_supports => (MODIFIER, A_MODIFIER),
        Rule::k_weight | Rule::k_severity | Rule::k_unless => (MODIFIER, A_MODIFIER),
        Rule::k_prorate | Rule::m_prorate | Rule::k_grace | Rule::k_warn => (MODIFIER, A_MODIFIER),
        Rule::m_because | Rule::m_supports | Rule::m_weight => (MODIFIER, A_MODIFIER),
        Rule::m_severity | Rule::m_since | Rule::m_until => (MODIFIER, A_MODIFIER),
        Rule::m_unless | Rule::m_grace | Rule::m_warn => (MODIFIER, A_MODIFIER),
        Rule::d_measured | Rule::k_measured | Rule::k_target | Rule::k_planned => {
            (MODIFIER, A_DETAIL)
        }
        Rule::k_missing | Rule::k_due | Rule::k_changes => (MODIFIER, A_DETAIL),
        Rule::sign => (LAST_RESORT, "`+`, `-`, `*` or `/`"),
        Rule::bar => (LAST_RESORT, "`|`"),
        _ => return keyword(rule),
    };
    Some((rank, thing.to_owned()))
}

const A_TEST: &str = "a test such as `is known`";
const A_WINDOW: &str = "a window such as `per month`";
const A_MODIFIER: &str = "a modifier such as `as`";
const A_DETAIL: &str = "a detail such as `measured 3`";

/// A word of the language is expected as it is written.
fn keyword(rule: Rule) -> Option<(u8, String)> {
    let name = format!("{rule:?}");
    let word = name.strip_prefix("k_")?;
    let rank = match rule {
        Rule::k_on | Rule::k_where | Rule::k_dated | Rule::k_spaced => LAST_RESORT,
        _ => KEYWORD,
    };
    Some((rank, format!("`{word}`")))
}
