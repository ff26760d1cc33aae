//! The grammar, and the only place that knows pest: items in, plain nodes out.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/kadence.pest"]
struct Grammar;

pub(super) use Rule as Kind;

/// What stands in a part of an item, without keywords and white space.
#[derive(Debug)]
pub(super) struct Node<'i> {
    pub(super) kind: Kind,
    pub(super) text: &'i str,
    /// The first byte in the item.
    pub(super) start: usize,
    pub(super) children: Vec<Node<'i>>,
}

/// Where an item stops making sense, and what could have stood there.
#[derive(Debug)]
pub(super) struct Unexpected {
    /// The byte in the item.
    pub(super) at: usize,
    pub(super) expected: Vec<&'static str>,
}

/// Parses an item by a rule of the grammar.
pub(super) fn parse(kind: Kind, text: &str) -> Result<Node<'_>, Unexpected> {
    let pair = Grammar::parse(kind, text).ok().and_then(|mut pairs| pairs.next());
    match pair {
        Some(pair) => Ok(node(pair)),
        None => Err(unexpected(kind, text)),
    }
}

fn unexpected(kind: Kind, text: &str) -> Unexpected {
    let Err(error) = Grammar::parse(kind, text) else {
        return Unexpected { at: 0, expected: Vec::new() };
    };
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rules = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    let mut expected: Vec<&'static str> = rules.into_iter().filter_map(describe).collect();
    expected.sort_unstable();
    expected.dedup();
    Unexpected { at, expected }
}

/// Whether a word has a meaning of its own and can be no name.
pub(crate) fn is_reserved(word: &str) -> bool {
    let found = Grammar::parse(Rule::reserved, word);
    found.is_ok_and(|pairs| pairs.as_str().len() == word.len())
}

fn node(pair: Pair<'_, Rule>) -> Node<'_> {
    let (kind, text, start) = (pair.as_rule(), pair.as_str(), pair.as_span().start());
    let children = pair.into_inner().filter(|pair| !is_noise(pair.as_rule())).map(node).collect();
    Node { kind, text: text.trim_end(), start, children }
}

macro_rules! keywords {
    ($($rule:ident $text:literal,)+) => {
        /// Keywords say nothing that the rule around them does not say.
        fn is_noise(rule: Rule) -> bool {
            matches!(rule, Rule::EOI $(| Rule::$rule)+)
        }

        fn keyword(rule: Rule) -> Option<&'static str> {
            match rule {
                $(Rule::$rule => Some($text),)+
                _ => None,
            }
        }
    };
}

keywords! {
    kw_after "`after`",
    kw_and "`and`",
    kw_are "`are`",
    kw_as "`as`",
    kw_at "`at`",
    kw_because "`because`",
    kw_before "`before`",
    kw_between "`between`",
    kw_by "`by`",
    kw_changes "`changes`",
    kw_contains "`contains`",
    kw_dated "`dated`",
    kw_days "`days`",
    kw_due "`due`",
    kw_every "`every`",
    kw_expect "`expect`",
    kw_followed "`followed`",
    kw_for "`for`",
    kw_from "`from`",
    kw_gap "`gap`",
    kw_given "`given`",
    kw_grace "`grace`",
    kw_holidays "`holidays`",
    kw_in "`in`",
    kw_is "`is`",
    kw_known "`known`",
    kw_last "`last`",
    kw_limit "`limit`",
    kw_lists "`lists`",
    kw_longest "`longest`",
    kw_measured "`measured`",
    kw_meet "`meet`",
    kw_meets "`meets`",
    kw_missing "`missing`",
    kw_next "`next`",
    kw_not "`not`",
    kw_of "`of`",
    kw_on "`on`",
    kw_or "`or`",
    kw_per "`per`",
    kw_planned "`planned`",
    kw_previous "`previous`",
    kw_prorate "`prorate`",
    kw_score "`score`",
    kw_severity "`severity`",
    kw_share "`share`",
    kw_silent "`silent`",
    kw_since "`since`",
    kw_sort "`sort`",
    kw_spaced "`spaced`",
    kw_starts "`starts`",
    kw_supports "`supports`",
    kw_target "`target`",
    kw_that "`that`",
    kw_this "`this`",
    kw_through "`through`",
    kw_timezone "`timezone`",
    kw_unless "`unless`",
    kw_until "`until`",
    kw_warn "`warn`",
    kw_week "`week`",
    kw_weight "`weight`",
    kw_where "`where`",
    kw_with "`with`",
    kw_within "`within`",
    kw_workdays "`workdays`",
    kw_year "`year`",
}

/// What a rule stands for, in words.
fn describe(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::expr | Rule::and_expr | Rule::not_expr | Rule::test => "a condition",
        Rule::operand | Rule::sum | Rule::product | Rule::factor => "a measure or a value",
        Rule::phrase | Rule::nouns | Rule::words | Rule::word => "a noun",
        Rule::compare | Rule::cmp => "a comparison such as `>= 4`",
        Rule::field_test | Rule::known | Rule::is_value => "`is`",
        Rule::window | Rule::window_of => "a window such as `per year`",
        Rule::duration | Rule::whole => "a duration such as `14 days`",
        Rule::time_unit => "`days`, `weeks` or another unit of time",
        Rule::unit => "`day`, `week`, `month`, `quarter`, `half-year` or `year`",
        Rule::number | Rule::signed | Rule::digits => "a number",
        Rule::date => "a date such as `2026-11-15`",
        Rule::when | Rule::date_expr => "a date or an instant",
        Rule::path | Rule::path_head | Rule::dotted => "a field",
        Rule::value => "a value",
        Rule::name | Rule::raw_word | Rule::raw_words | Rule::thing_words => "a name",
        Rule::any_id | Rule::subject_id | Rule::by_id | Rule::as_id => "an id",
        Rule::string => "a text in quotes",
        Rule::paren => "`(`",
        Rule::modifier => "a modifier such as `as` or `because`",
        Rule::setting => "a setting such as `timezone`",
        Rule::given => "`given`",
        Rule::expect => "`expect`",
        Rule::given_fields => "`:`",
        Rule::given_value => "a value",
        Rule::status => "a status",
        Rule::detail => "`measured`, `target`, `planned`, `missing`, `due` or `changes`",
        Rule::function => "`sum`",
        Rule::add | Rule::mul => "an operator such as `+`",
        Rule::EOI => "the end",
        other => return keyword(other),
    })
}
