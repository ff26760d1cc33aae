//! What the one form looks like.

use super::*;

#[track_caller]
fn formatted(text: &str) -> String {
    match format("test.kpi", text, 1 << 20) {
        Ok(formatted) => formatted,
        Err(diagnostics) => panic!("{text}\n{diagnostics}"),
    }
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    let text = formatted(text);
    assert_eq!(text, expected);
    assert_eq!(formatted(&text), text, "again");
}

#[track_caller]
fn stays(text: &str) {
    becomes(text, text);
}

#[test]
fn nothing_stays_nothing() {
    becomes("", "");
    becomes("\u{feff} \r\n\t\n", "");
    becomes("\n\n# only this", "# only this\n");
}

#[test]
fn spaces_stand_where_a_reader_expects_them() {
    becomes(
        "define x,y=(  20*meetings+ -2*( calls -emails ) ) / 2",
        "define x, y = (20 * meetings + -2 * (calls - emails)) / 2\n",
    );
    becomes(
        "lead :campaign.learning is known and segment in(A,B) and not(calls>=1)",
        "lead: campaign.learning is known and segment in (A, B) and not (calls >= 1)\n",
    );
    becomes("field customer . region:text", "field customer.region : text\n");
}

#[test]
fn a_minus_that_negates_stands_close() {
    becomes("define x = - 3 - - calls", "define x = -3 - -calls\n");
    becomes("lead: today - 3 days > a.is - 5", "lead: today - 3 days > a.is - 5\n");
    becomes("lead: x between - 2 and - 1", "lead: x between -2 and -1\n");
}

#[test]
fn words_and_numbers_stay_as_they_were_written() {
    stays("seller: sum amount of offers >= 1_000_000\n");
    stays("seller: calls >= 5m per half-year\n");
    stays("meeting: followed by call within 1 days and are new or meet a\n");
    becomes("seller: a ≥ 1 and b ≤ 2 and c ≠ 3", "seller: a >= 1 and b <= 2 and c != 3\n");
}

#[test]
fn strings_have_no_escape_that_they_do_not_need() {
    becomes(r#"use "\u{e6}\u{22}\u{5c}\u{A}\u{1F600}""#, "use \"æ\\\"\\\\\\n😀\"\n");
    becomes("use \"a\tb\u{7}\"", "use \"a\\tb\\u{7}\"\n");
}

#[test]
fn what_cannot_be_seen_in_a_string_stays_as_it_was_written() {
    becomes(r#"use "\u{200B}\u{A0}\u{301}""#, "use \"\\u{200b}\\u{a0}\\u{301}\"\n");
    stays("use \"\u{200b}\u{a0}e\u{301}\"\n");
}

#[test]
fn the_strings_of_which_a_rule_has_its_id_stay_as_they_were_written() {
    becomes(
        "lead: source is \"\\u{e6}\" because \"\\u{e6}\"",
        "lead: source is \"\\u{e6}\"\n    because \"æ\"\n",
    );
    becomes("lead: source is \"\\u{e6}ble\" as a", "lead: source is \"æble\"    as a\n");
}

#[test]
fn modifiers_stand_on_the_line_of_a_short_rule() {
    becomes(
        "seller: calls >= 8 per month\n  as new-calls\n  supports new-sales\n  prorate",
        "seller: calls >= 8 per month    as new-calls   supports new-sales   prorate\n",
    );
}

#[test]
fn modifiers_have_lines_of_their_own_with_a_purpose_or_where_they_are_many() {
    becomes(
        "lead: next call as a because \"so\"",
        "lead: next call\n    as      a\n    because \"so\"\n",
    );
    becomes(
        "lead: next call as a weight 2 prorate warn 2 days",
        "lead: next call\n    as      a\n    weight  2\n    prorate\n    warn    2 days\n",
    );
    becomes(
        "lead: next call because \"so\" as a supports b",
        "lead: next call\n    because  \"so\"\n    as       a\n    supports b\n",
    );
    let long = "x".repeat(100);
    becomes(
        &format!("lead: next call as {long} weight 2"),
        &format!("lead: next call\n    as      {long}\n    weight  2\n"),
    );
}

#[test]
fn neighbours_share_columns_until_a_blank_line_a_comment_or_another_item() {
    becomes(
        "lead: next call as a\nhot lead: next call warn 2 days as b\nlead: next visit weight 2\n\
         lead: next call as c\n\nlead: next visit as d\n# e\nlead: next call as f\nuse \"g\"\n\
         hot lead: next call as h",
        "lead: next call                      as a\n\
         hot lead: next call   warn 2 days    as b\n\
         lead: next visit   weight 2\n\
         lead: next call                      as c\n\n\
         lead: next visit    as d\n\
         # e\n\
         lead: next call    as f\n\
         use \"g\"\n\
         hot lead: next call    as h\n",
    );
    becomes(
        "define a=b\ndefine long name,c=d\nsegment E=customer where f>=1\nlist \"g h\"=lead\nlist i=lead",
        "define a            = b\n\
         define long name, c = d\n\
         segment E = customer where f >= 1\n\
         list \"g h\" = lead\n\
         list i     = lead\n",
    );
    becomes(
        "field lead.a : text\nfield lead.bcd : text",
        "field lead.a   : text\nfield lead.bcd : text\n",
    );
}

#[test]
fn a_long_neighbour_sticks_out() {
    let long = "a".repeat(80);
    stays(&format!(
        "lead: {long} >= 1    as a\nlead: calls >= 2    as b\nlead: next call     as c\n"
    ));
    stays(&format!("define {long} = a\ndefine b  = c\ndefine de = f\n"));
}

#[test]
fn wide_characters_count_twice_and_marks_not_at_all() {
    stays("define 会議 = meeting\ndefine møde = meeting\ndefine mø\u{308}de = meeting\n");
}

#[test]
fn settings_stand_in_two_columns() {
    becomes(
        "calendar timezone Etc/GMT+5\n year starts 1 July\n holidays 2026-12-24,2026-12-25\n",
        "calendar\n    timezone Etc/GMT+5\n    year     starts 1 July\n    \
         holidays 2026-12-24, 2026-12-25\n",
    );
}

#[test]
fn lines_of_a_test_stand_in_two_columns() {
    becomes(
        "test \"x\"\n  given customer acme:segment A,revenue - 5\n  given call on -x--y at 2026-02-01,\n    2026-04-01\n  expect a for acme is met at 2026-11-15 measured - 3",
        "test \"x\"\n    given   customer acme : segment A, revenue -5\n    given   call on -x--y at 2026-02-01, 2026-04-01\n    expect  a for acme is met at 2026-11-15 measured -3\n",
    );
}

#[test]
fn long_conditions_break_at_their_outermost_words() {
    becomes(
        "team: sum amount of open opportunities where (expected_close after today and expected_close before 2027-01-01 and amount >= 100_000) >= 3m",
        "team: sum amount of open opportunities\n        where (expected_close after today and expected_close before 2027-01-01 and amount >= 100_000) >= 3m\n",
    );
    becomes(
        "customer: calls >= 3 per year and visits >= 2 in last 12 months or touchpoints >= 22 in last 30 days or segment in (A, B) unless revenue is unknown and owner is unknown and created in last 30 days and country is not \"Denmark, without the islands\"",
        "customer: calls >= 3 per year and visits >= 2 in last 12 months\n        or touchpoints >= 22 in last 30 days\n        or segment in (A, B)\n    unless  revenue is unknown\n            and owner is unknown\n            and created in last 30 days\n            and country is not \"Denmark, without the islands\"\n",
    );
}

#[test]
fn long_lists_of_things_fill_their_lines() {
    let words = |n: usize| vec!["conversation"; n].join(" | ");
    becomes(
        &format!("define x = {}", words(10)),
        &format!("define x = {}\n    | {}\n", words(7), words(3)),
    );
    let days = |n: usize| vec!["2026-12-24"; n].join(", ");
    becomes(
        &format!("calendar\n holidays {}", days(10)),
        &format!("calendar\n    holidays {},\n             {}\n", days(9), days(1)),
    );
}

#[test]
fn a_long_list_breaks_before_its_order_and_its_limit() {
    becomes(
        "list \"x\" = open opportunity where amount >= 100_000 and stage is negotiation or stage is offer sort by amount descending limit 20 per seller",
        "list \"x\" = open opportunity where amount >= 100_000 and stage is negotiation or stage is offer\n    sort by amount descending\n    limit 20 per seller\n",
    );
}

#[test]
fn a_goal_has_its_funnel_below() {
    becomes(
        "goal g = calls >= 5 per year through lead>offer assume lead>offer 40%  within 2  weeks",
        "goal g = calls >= 5 per year\n    through lead > offer\n    assume lead > offer 40% within 2 weeks\n",
    );
}

#[test]
fn comments_stay_where_they_are() {
    let text = [
        "# above",
        "",
        "calendar          # a",
        "    timezone UTC  # bb",
        "    # between",
        "    week     starts Monday",
        "    # below, inside",
        "# outside",
        "lead: next call  # c",
        "    as      d",
        "# the end",
        "",
    ];
    stays(&text.join("\n"));
    becomes(
        "seller: calls >= 3# a\n\n\n   and visits >= 3 \n # b\n  as # c\n x\n    # d\n# e\n  # f\nuse \"g\"",
        "seller: calls >= 3  # a\n\n        and visits >= 3\n    # b\n    as  # c\n            x\n    # d\n# e\n# f\nuse \"g\"\n",
    );
}

#[test]
fn blank_lines_are_at_most_two_between_items_and_one_inside() {
    becomes(
        "\n\nuse \"a\"\n\n\n\nuse \"b\"\r\n \r\nuse \"c\"\ntest \"d\"\n\n\n given lead e\n\n\n",
        "use \"a\"\n\n\nuse \"b\"\n\nuse \"c\"\ntest \"d\"\n\n    given   lead e\n",
    );
}

#[test]
fn a_line_of_a_test_never_starts_with_a_field_that_is_called_as_its_keyword() {
    let long = "x".repeat(80);
    let line = format!("given   lead e : a {long}, expect 5, given 3,");
    stays(&format!("test \"x\"\n    {line}\n            another 5\n"));
}

#[test]
fn a_rule_that_starts_as_a_test_keeps_its_colon_on_the_first_line() {
    let long = ["conversation"; 12].join(" | ");
    stays(&format!("test call | {long}: next call\n"));
}

#[test]
fn errors_in_syntax_are_all_told_and_others_do_not_matter() {
    let faults = format("test.kpi", "lead next\nuse\nlead: nxt >= 1\n", 1 << 20).unwrap_err();
    assert_eq!(faults.errors(), 2, "{faults}");
    stays("undefined: nothing >= 1 per year    as it\nundefined: nothing >= 1 per year    as it\n");
}

#[test]
fn a_file_that_would_grow_too_large_to_be_read_is_refused() {
    let faults = format("test.kpi", "use\"a\"\n", 7).unwrap_err();
    assert_eq!(
        faults.to_string(),
        "test.kpi:1:1: error[K004]: in form, a file of 8 bytes; at most 7 are read (spread the rules over several files, joined by `use`)"
    );
}

/// The example with which the language is told.
const EXAMPLE: &str = r#"# Activity targets, Nordic sales
calendar
    timezone Europe/Copenhagen

define key customer = A-customer where revenue >= 5m

A-customer: touchpoints >= 4 per year
    as      a-contact
    because "A-customers leave when we go quiet"
    weight  3

key customer: visit every 90 days                as key-visit
hot lead: next activity                          as hot-next
lead: touchpoint within 2 workdays of created    as speed-to-lead
open opportunity: expected_close is known and next activity within 14 days
meeting: followed by activity within 7 days      as progress
planned meeting: preparation is known
seller: meetings on lead >= 8 per month          as new-meetings   supports new-sales
seller: share of A-customers that meet a-contact >= 90%
team: share of closed opportunities that are won >= 25% per year
campaign: learning is known within 14 days of end
campaign: share of members that (touchpoint within 30 days of campaign.start) >= 90%

list "Call day: pipeline" = overdue opportunity sort by amount descending limit 20 per seller
list "Call day: campaign" = open lead on latest campaign
list "Call day: fair"     = open lead where source is fair and created in previous month

goal new-sales = sum amount of won opportunities >= 5m per year
    through lead > meeting on lead > offer > won opportunity
"#;

#[test]
fn the_example_of_the_language_is_in_form() {
    stays(EXAMPLE);
}
