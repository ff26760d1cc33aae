use proptest::prelude::*;

use super::*;

fn days(text: &str) -> Result<Vec<NaiveDate>, String> {
    holidays(text.as_bytes())
}

fn calendar(events: &[&str]) -> String {
    let events: String =
        events.iter().map(|lines| format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")).collect();
    format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n")
}

fn days_of(events: &[&str]) -> String {
    let days = days(&calendar(events)).unwrap();
    days.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(" ")
}

fn error_of(event: &str) -> String {
    days(&calendar(&[event])).unwrap_err()
}

#[test]
fn an_event_is_on_its_days_and_its_end_is_not_one_of_them() {
    assert_eq!(days_of(&["DTSTART;VALUE=DATE:20261225"]), "2026-12-25");
    assert_eq!(
        days_of(&["DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227"]),
        "2026-12-24 2026-12-25 2026-12-26"
    );
    assert_eq!(days_of(&["DTSTART;VALUE=DATE:20261224\r\nDURATION:P1W"]).len(), 7 * 11 - 1);
}

#[test]
fn an_event_with_hours_is_on_the_days_that_they_are_written_on() {
    let event = "DTSTART;TZID=\"Europe:x\":20261231T220000\r\nDTEND:20270101T000000";
    assert_eq!(days_of(&[event]), "2026-12-31");
    let event = "DTSTART:20261231T220000Z\r\nDTEND:20270101T010000Z";
    assert_eq!(days_of(&[event]), "2026-12-31 2027-01-01");
    assert_eq!(days_of(&["DTSTART:20261231T220000Z\r\nDURATION:PT3H"]), "2026-12-31 2027-01-01");
}

#[test]
fn a_recurring_event_is_repeated_with_its_additions_and_exceptions() {
    let yearly = "DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY";
    assert!(days_of(&[yearly]).starts_with("2026-12-25 2027-12-25"));
    assert!(days_of(&[yearly]).ends_with("2099-12-25 2100-12-25"));
    let until = "DTSTART;VALUE=DATE:20261101\r\nRRULE:FREQ=WEEKLY;UNTIL=20261115;BYDAY=SU\r\n\
                 EXDATE;VALUE=DATE:20261108\r\nRDATE;VALUE=DATE:20261224,20261226";
    assert_eq!(days_of(&[until]), "2026-11-01 2026-11-15 2026-12-24 2026-12-26");
    let twice =
        "DTSTART;VALUE=DATE:20260403\r\nDTEND;VALUE=DATE:20260405\r\nRRULE:FREQ=YEARLY;COUNT=2";
    assert_eq!(days_of(&[twice]), "2026-04-03 2026-04-04 2027-04-03 2027-04-04");
    let thanksgiving =
        "DTSTART;VALUE=DATE:20261126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2";
    assert_eq!(days_of(&[thanksgiving]), "2026-11-26 2027-11-25");
}

#[test]
fn one_of_a_series_may_be_moved_or_cancelled() {
    let series = "UID:a\r\nDTSTART:20261101T090000\r\nRRULE:FREQ=DAILY;COUNT=4";
    let moved = "UID:a\r\nRECURRENCE-ID:20261102T090000\r\nDTSTART:20261201T090000";
    let cancelled =
        "UID:a\r\nRECURRENCE-ID:20261103T090000\r\nDTSTART:20261103T090000\r\nSTATUS:CANCELLED";
    let other = "UID:b\r\nDTSTART:20261103T100000";
    assert_eq!(days_of(&[series, moved, cancelled]), "2026-11-01 2026-11-04 2026-12-01");
    assert!(days_of(&[series, cancelled, other]).contains("2026-11-03"));
}

#[test]
fn folded_lines_and_alarms_are_read_as_what_they_are() {
    let event = "SUMMARY:long\r\n  text\r\nDTSTART;VALUE=DA\r\n TE:2026\r\n\t1225\r\n\
                 BEGIN:VALARM\r\nDURATION:P90D\r\nEND:VALARM";
    assert_eq!(days_of(&[event]), "2026-12-25");
    let tasks = "BEGIN:VCALENDAR\nBEGIN:VTODO\nDTSTART:20260101\nEND:VTODO\nEND:VCALENDAR\n";
    assert_eq!(days(tasks), Ok(Vec::new()));
}

#[test]
fn days_outside_of_1970_to_2100_are_left_out() {
    let event = "DTSTART;VALUE=DATE:19681225\r\nRRULE:FREQ=YEARLY;COUNT=3";
    assert_eq!(days_of(&[event]), "1970-12-25");
    let event = "DTSTART;VALUE=DATE:21001231\r\nDTEND;VALUE=DATE:99990101";
    assert_eq!(days_of(&[event]), "2100-12-31");
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    assert_eq!(
        error_of("DTSTART:tomorrow"),
        "line 3: `DTSTART` cannot be `tomorrow`: expected a date such as 20261225"
    );
    assert_eq!(error_of("SUMMARY:x"), "line 2: an event without `DTSTART`");
    assert_eq!(
        error_of("DTSTART:20261225\r\nDTEND:20261224"),
        "line 4: the event ends before it starts"
    );
    assert_eq!(
        error_of("DTSTART:20261225\r\nRRULE:FREQ=HOURLY"),
        "line 4: `RRULE` cannot be `FREQ=HOURLY`: expected `FREQ` DAILY, WEEKLY, MONTHLY or YEARLY"
    );
    assert!(error_of("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYMONTH=13").starts_with("line 4: "));
    assert_eq!(
        error_of("DTSTART:20261225\r\nDURATION:-P1D"),
        "line 4: `DURATION` cannot be `-P1D`: expected a duration such as P1D"
    );
    assert_eq!(
        error_of("DTSTART;VALUE=DATE"),
        "line 3: `DTSTART;VALUE=DATE` is no line of a calendar: expected `NAME:VALUE`"
    );
    assert_eq!(days("hello: world"), Err("line 1: expected `BEGIN:VCALENDAR`".to_owned()));
    assert_eq!(days(" \n"), Err("the calendar is empty".to_owned()));
    assert_eq!(
        days("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR"),
        Err("line 3: `END` cannot be `VCALENDAR`: expected `END:VEVENT` for line 2".to_owned())
    );
    assert_eq!(
        days("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101"),
        Err("line 2: `BEGIN:VEVENT` has no `END`".to_owned())
    );
}

#[test]
fn a_calendar_without_measure_is_refused() {
    let daily = "DTSTART:19700101\r\nRRULE:FREQ=DAILY";
    assert_eq!(days(&calendar(&[daily])).unwrap().len(), 47_847);
    assert_eq!(
        days(&calendar(&[daily, daily, daily])),
        Err("line 12: the calendar has too many days".to_owned())
    );
    let long = "DTSTART:19700101\r\nDURATION:P99999D\r\nRRULE:FREQ=DAILY;COUNT=99999";
    assert!(days(&calendar(&[long])).unwrap_err().ends_with("too many days"));
    let rules = "DTSTART:20260101\r\nRRULE:FREQ=YEARLY";
    assert!(days(&calendar(&[rules; 501])).unwrap_err().starts_with("501 recurring events"));
}

#[test]
fn a_rule_that_is_never_fulfilled_is_refused() {
    for rule in ["YEARLY;BYMONTH=2;BYMONTHDAY=30", "DAILY;BYMONTH=2;BYMONTHDAY=30"] {
        let event = format!("DTSTART:20260101\r\nRRULE:FREQ={rule}");
        assert_eq!(error_of(&event), "line 4: a recurrence that is on no day");
    }
}

/// Calendars of another project, where they are there.
#[test]
fn calendars_from_elsewhere_are_read_or_refused_in_words() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/ics/files");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: no folder {folder}");
        return;
    };
    let mut read = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        match days(&text) {
            Ok(_) => read += 1,
            Err(error) => println!("{}: {error}", path.display()),
        }
    }
    assert!(read >= 15, "{read}");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,200}") {
        let _ = days(&text);
    }

    #[test]
    fn no_event_makes_it_panic(
        start in "(19|20|99|00)[0-9]{2}[01][0-9][0-3][0-9](T[0-2][0-9]0000Z?)?",
        freq in "(DAILY|WEEKLY|MONTHLY|YEARLY)",
        parts in prop::collection::vec(
            "(INTERVAL|COUNT|BYDAY|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYSETPOS|BYHOUR|WKST|UNTIL)\
             =(-?[0-9]{1,3}(,-?[0-9]{1,2}){0,2}|-?[0-9]?(MO|SU|TH)|20[0-9]{2}0101)",
            0..3,
        ),
    ) {
        let event = format!("DTSTART:{start}\r\nRRULE:FREQ={freq};{}", parts.join(";"));
        if let Ok(found) = days(&calendar(&[&event])) {
            prop_assert!(found.is_sorted());
        }
    }
}
