//! What is said of wrong items: the code, the underlined text, and the words that matter.

use super::*;

/// The faults of a text: code, underlined text, message, and help or label or fix.
fn faults(text: &str) -> Vec<(Code, String, String, String)> {
    let (sources, _, diagnostics) = parse_text(text);
    let told = |d: Diagnostic| {
        let fix = d.fix.map(|fix| format!("→{}", fix.replacement)).unwrap_or_default();
        let help = format!("{}{}{fix}", d.primary.text, d.help.unwrap_or_default());
        (d.code, sources.slice(d.primary.span).to_owned(), d.message, help)
    };
    diagnostics.into_iter().map(told).collect()
}

#[track_caller]
fn fault(text: &str, code: Code, underlined: &str, message: &str, help: &str) {
    let found = faults(text);
    let [(found_code, place, said, mend)] = &found[..] else { panic!("{text}: {found:#?}") };
    assert_eq!((*found_code, &**place), (code, underlined), "{text}: {said}");
    assert!(said.contains(message), "{text}: {said}");
    assert!(mend.contains(help), "{text}: {mend}");
}

#[test]
fn what_was_expected_and_found_is_said_in_the_words_of_the_language() {
    use Code::K001;
    fault("a: b >= ", K001, ">=", "expected a measure, found the end of the rule", "");
    fault("a:", K001, ":", "expected a condition, found the end of the rule", "");
    fault("a: x in ()", K001, ")", "expected a value, found `)`", "");
    fault("a: followed by call", K001, "call", "expected `booked` or `within`", "");
    fault("a: next >= 4", K001, ">=", "expected a noun such as `visit`, found `>=`", "");
    fault("a: b starts \"x\"", K001, "\"x\"", "expected `with`, found the string \"x\"", "");
    fault("a: share of b >= 4", K001, ">=", "expected `that`", "");
    fault("a: calls >= 4 per week foo", K001, "foo", "`and`, `or` or a modifier", "");
    fault("use segments", K001, "segments", "expected a string in double quotes", "");
    fault("goal x = calls >= 5", K001, "5", "expected a window", "");
    fault("define x y", K001, "y", "expected `,` or `=`, found the end of the item", "");
    fault("a: 5 every 3 days", K001, "5", "expected activities before `every`", "");
    fault("a: calls >= (4", K001, "(", "expected `)`", "never closed");
    fault("a: calls >= 4)", K001, ")", "closes nothing", "");
    fault("a: b where c is d where e is f", K001, "where e is f", "second `where`", "`and`");
    fault("a: share of b that hot", K001, "hot", "condition after `that`", "that are won");
}

#[test]
fn common_slips_have_their_mend() {
    use Code::K001;
    let rule = "a rule is `SUBJECT: CONDITION`";
    fault("A-customer touchpoints >= 4", K001, ">=", "expected `:`", rule);
    fault("a: b == 4", K001, "==", "found `==`", "→=");
    fault("a: b => 4", K001, "=>", "found `=>`", "→>=");
    fault("a: b =< 4", K001, "=<", "found `=<`", "→<=");
    fault("a: b <> 4", K001, "<>", "found `<>`", "→!=");
    fault("a: b >= 4 && c >= 5", K001, "&&", "found `&&`", "→and");
    fault("a: b >= 4 || c >= 5", K001, "||", "found `||`", "→or");
    fault("a: b >= 4 then c", K001, "then", "found `then`", "`followed by`");
    fault("a: visit every 5days", K001, "5days", "a duration", "→5 days");
    fault("a: b >= 4 per 2 weeks", K001, "2", "found `2`", "in last 2 weeks");
    fault("a: b >= 4 in last month", K001, "month", "a duration", "in previous month");
    fault("a: b >= 4 in last 1 half-year", K001, "half-year", "a unit of time", "6 months");
    fault("a: b in last 30 days >= 4", K001, ">=", "found `>=`", "after the comparison");
    fault("a: b >= 50 %", K001, "%", "found `%`", "→50%");
    fault("a: b >= 1,000", K001, ",", "found `,`", "→1_000");
    fault("a: b is “c”", K001, "“", "found `“`", "straight double quotes");
    fault("a: b is 'c'", K001, "'", "found `'`", "straight double quotes");
    fault("a: b\u{a0}is c", K001, "\u{a0}", "found", "no-break space");
    fault("a: b is in (c)", K001, "in", "found `in`", "without `is`");
    fault("a: sum of b >= 4", K001, "of", "found `of`", "takes a field");
    fault("field x : text", K001, ":", "expected `.`", "field customer.region : text");
}

#[test]
fn each_kind_of_fault_has_its_code() {
    fault("  a: b\n  c\nd: e is f", Code::K002, "a: b\n  c", "continue", "start of a line");
    fault(
        &format!("a: {}b", "(".repeat(65)),
        Code::K003,
        "(",
        "nested more than 64 deep",
        "define",
    );
    fault(
        "a: b >= 123456789012345678901234567890",
        Code::K005,
        "123456789012345678901234567890",
        "held exactly",
        "28 digits",
    );
    fault("a: b every 10001 days", Code::K005, "10001", "at most 10000", "");
    fault("a: b every 2.5 days", Code::K005, "2.5", "a whole number", "");
    fault("a: b = 2026-02-30", Code::K006, "2026-02-30", "there is no date", "28 days");
    fault("a: b = 2026-2-3", Code::K006, "2026-2-3", "there is no date", "→2026-02-03");
    fault("a: b before 2026-01-05T25:00", Code::K006, "2026-01-05T25:00", "no instant", "14:30");
    fault("a: b is \"c\n  # d", Code::K007, "\"c", "end of the line", "\\n");
    fault("a: b is \"c\\q\"", Code::K007, "\\q", "unknown escape", "\\u{…}");
    fault("a: b is \"\\u{d800}\"", Code::K007, "\\u", "unknown escape", "");
    fault("a: share of b that c >= 1k >= 5%", Code::K008, "c >= 1k", "without brackets", "that (");
    fault("defin x = y", Code::K009, "defin", "unknown kind of item `defin`", "→define");
    fault("customer", Code::K009, "customer", "unknown kind", "SUBJECT: CONDITION");
    fault("a: b is c as x\n  as y", Code::K010, "as y", "`as` is given twice", "");
    fault("a: b is c as since", Code::K022, "since", "reserved word", "another name");
    fault("define x on y = z", Code::K001, "on", "expected `,` or `=`", "");
}

#[test]
fn calendars_and_tests_report_each_line() {
    let found = faults(
        "calendar\n  timezone\n  year starts 31 February\n  week starts monday\n  hollidays 2026-12-12\n  timezone A\n  timezone B\n",
    );
    let codes: Vec<_> = found.iter().map(|(code, place, ..)| (*code, &**place)).collect();
    let expected = [
        (Code::K001, "timezone"),
        (Code::K036, "31 February"),
        (Code::K036, "monday"),
        (Code::K036, "hollidays"),
        (Code::K010, "timezone B"),
    ];
    assert_eq!(codes, expected);
    assert!(found[2].3.contains("→Monday") && found[3].3.contains("→holidays"));

    let found = faults(
        "test \"x\"\n  given call on a at tomorrow\n  expct b\n  given call on a\n  expect b for c is met at 2026-01-01 due 2026-01-01 due 2026-01-02\n  expect b\n",
    );
    let codes: Vec<_> = found.iter().map(|(code, place, ..)| (*code, &**place)).collect();
    let expected = [
        (Code::K001, "tomorrow"),
        (Code::K001, "expct"),
        (Code::K001, "call on a"),
        (Code::K010, "due 2026-01-02"),
        (Code::K001, "b"),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn one_faulty_item_hides_no_other() {
    let text = "a: b >=\nc: d is e\nf: g >= (\nh: i is j\n";
    let (sources, tree, diagnostics) = parse_text(text);
    assert_eq!(diagnostics.len(), 2);
    assert_eq!(tree.items.len(), 2);
    let broken: Vec<&str> = tree.broken.iter().map(|span| sources.slice(*span)).collect();
    assert_eq!(broken, ["a: b >=", "f: g >= ("]);
}

#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let mut sources = Sources::default();
    let file = sources.add("big.kpi", "a: b is c\n");
    assert!(parse(&sources, file, 10).1.is_empty());
    let (tree, diagnostics) = parse(&sources, file, 9);
    assert!(tree.items.is_empty());
    assert_eq!(diagnostics[0].code, Code::K004);
}
