//! Mappings over several tables and files: what is joined, found, merged, and complete.

#![cfg(test)]

#[path = "support/mapped.rs"]
mod mapped;

use kadence::Schema;
use kadence_data::Import;
use mapped::{assert_same, folder, mapped};

#[test]
fn meetings_come_from_calendars_with_whoever_is_asked_to_come() {
    let mapping = r#"
        zone = "Europe/Copenhagen"
        calendar = { from = 2026-03-01, through = 2026-04-30 }
        complete_from = 2026-03-15
        [[contacts]]
        table = "cards"
        fields.id = "id"
        fields.name = "name"
        fields.email = { column = "emails", split = ";" }
        fields.customer = { column = "org", find = "customers.name" }

        [[activities]]
        table = "events"
        except = { all_day = "yes" }
        fields.id = "id"
        fields.kind = { value = "meeting" }
        fields.status = { column = "status", values = { cancelled = "cancelled" }, else = "completed" }
        fields.at = "start"
        fields.minutes = "minutes"
        fields.seller = { column = ["organizer", "attendees"], split = ";", find = "sellers.email" }
        fields.contact = { column = "attendees", split = ";", find = "contacts.email" }
        fields.customer = { column = "attendees", split = ";", find = "contacts.email", take = "customer" }
    "#;
    let event = |lines: &str| format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n");
    let calendar =
        |events: &str| format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
    let weekly = event(
        "UID:w\r\nDTSTART:20260324T090000\r\nDTEND:20260324T100000\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\n\
         ORGANIZER:mailto:kim@nordic.example\r\nATTENDEE:mailto:BO@acme.example\r\n",
    );
    let day = event("UID:d\r\nDTSTART;VALUE=DATE:20260401\r\n");
    let off = event(
        "UID:x\r\nDTSTART:20260402T070000Z\r\nDURATION:PT30M\r\nSTATUS:CANCELLED\r\n\
         ORGANIZER:mailto:Kim@Nordic.example\r\n",
    );
    let old = event("UID:o\r\nDTSTART:20260228T090000\r\nATTENDEE:mailto:bo@acme.example\r\n");
    let off = old + &off;
    let (kim, more) = (calendar(&(weekly + &day)), calendar(&off));
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:p1\r\nFN:Bo\r\nORG:Acme\r\nEMAIL:bo@acme.example\r\nEND:VCARD\r\n";
    let sellers = ("sellers.csv", "id,email\nkim,kim@nordic.example\n");
    let customers = ("customers.csv", "id,name\nacme,Acme A/S\n");
    assert_same(
        &[
            sellers,
            customers,
            ("kadence.toml", mapping),
            ("kim.ics", &kim),
            ("more.ics", &more),
            ("people.vcf", card),
        ],
        &[
            ("dataset.json", r#"{"complete_from": "2026-03-15"}"#),
            sellers,
            customers,
            ("contacts.csv", "id,name,customer,email\np1,Bo,acme,bo@acme.example\n"),
            (
                "activities.csv",
                "id,kind,status,at,minutes,seller,contact,customer\n\
                 w/2026-03-24T09:00:00,meeting,completed,2026-03-24T08:00Z,60,kim,p1,acme\n\
                 w/2026-03-31T09:00:00,meeting,completed,2026-03-31T07:00Z,60,kim,p1,acme\n\
                 x,meeting,cancelled,2026-04-02T07:00Z,30,kim,,\n",
            ),
        ],
    );
}

#[test]
fn tables_by_the_beginning_of_their_names_are_all_read() {
    let mapping = r#"
        [[customers]]
        table = ["Accounts", "accounts-*"]
        fields.id = "no"
    "#;
    assert_same(
        &[
            ("kadence.toml", mapping),
            ("Accounts-1.csv", "no\na\n"),
            ("accounts-2.csv", "no\nb\n"),
            ("other.csv", "no\nc\n"),
        ],
        &[("customers.csv", "id\na\nb\n")],
    );
}

#[test]
fn times_are_those_of_the_table_and_of_a_date_that_says_so() {
    let mapping = r#"
        zone = "Europe/Copenhagen"
        dates = ["2026-12-31 14:30:00 UTC", "2026-12-31T14:30:00Z", "2026-12-31 14:30:00"]

        [[activities]]
        table = "calls"
        zone = "America/New_York"
        fields.id = "id"
        fields.kind = { value = "call" }
        fields.status = { value = "completed" }
        fields.at = "at"

        [[activities]]
        table = "visits"
        fields.id = "id"
        fields.kind = { value = "visit" }
        fields.status = { value = "completed" }
        fields.at = "at"
    "#;
    assert_same(
        &[
            ("kadence.toml", mapping),
            (
                "calls.csv",
                "id,at\n1,2026-02-05 9:00:00\n2,2026-02-05 09:00:00 UTC\n3,2026-02-05T09:00:00Z\n",
            ),
            ("visits.csv", "id,at\n4,2026-02-05 09:00:00\n"),
        ],
        &[(
            "activities.csv",
            "id,kind,status,at\n1,call,completed,2026-02-05T14:00Z\n\
             2,call,completed,2026-02-05T09:00Z\n3,call,completed,2026-02-05T09:00Z\n\
             4,visit,completed,2026-02-05T08:00Z\n",
        )],
    );
}

#[test]
fn a_join_takes_the_rows_that_pass_by_any_of_several_keys() {
    let mapping = r#"
        [[opportunities]]
        table = "deals"
        fields.id = "id"
        fields.customer = { column = "links", split = ";", join = { table = "parties", key = "no", take = "customer", only.role = "buyer" } }
    "#;
    let customers = ("customers.csv", "id\na\nb\n");
    assert_same(
        &[
            customers,
            ("kadence.toml", mapping),
            ("parties.csv", "no,customer,role\n1,b,seller\n1,a,buyer\n2,b,buyer\n"),
            ("deals.csv", "id,links\nx,1\ny,7;2\nz,7\n"),
        ],
        &[customers, ("opportunities.csv", "id,customer\nx,a\ny,b\nz,\n")],
    );
}

#[test]
fn an_id_is_looked_for_as_it_is_written() {
    let mapping = r#"
        [[opportunities]]
        table = "deals"
        fields.id = "id"
        fields.customer = { column = "company", find = "customers.id" }
    "#;
    let files = [
        ("kadence.toml", mapping),
        ("customers.csv", "id\n0015x\n0015X\n"),
        ("deals.csv", "id,company\n1,0015X\n2,0015-x\n"),
    ];
    let (_, said) = mapped(&files, &Schema::default());
    assert_eq!(
        said,
        ["opportunities: `customer` of 1 of 2 was looked for and not found, it is unknown \
          (most often `0015-x`)"]
    );
}

#[test]
fn what_lies_in_january_1970_is_noted() {
    let mapping = r#"
        [[customers]]
        table = "k"
        fields.id = "id"
        fields.created = { column = "at", dates = "epoch milliseconds" }
    "#;
    let files = [
        ("kadence.toml", mapping),
        ("k.csv", "id,at\na,1575463702000\nb,1575463702\nc,1575463703\n"),
    ];
    let (_, said) = mapped(&files, &Schema::default());
    assert_eq!(
        said,
        ["k.csv:3:3: customers: `created` of 2 lies in January 1970, the first is here \
          (were seconds read as milliseconds?)"]
    );
}

#[test]
fn a_calendar_is_complete_from_the_first_day_that_is_asked_for() {
    let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:w\r\nDTSTART:20260324T090000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let entry = "[[activities]]\ntable = \"events\"\nfields.id = \"id\"\nfields.at = \"start\"\n\
                 fields.kind = { value = \"meeting\" }\nfields.status = { value = \"completed\" }\n";
    let asked = format!("calendar = {{ from = 2026-03-01 }}\n{entry}");
    let (dataset, said) =
        mapped(&[("kadence.toml", &asked), ("kim.ics", calendar)], &Schema::default());
    assert_eq!((dataset.complete_from(), said), ("2026-03-01".parse().ok(), Vec::new()));
    // Where nothing is asked for, it is said what is read.
    let (dataset, said) =
        mapped(&[("kadence.toml", entry), ("kim.ics", calendar)], &Schema::default());
    assert_eq!(dataset.complete_from(), None);
    assert_eq!(
        said,
        ["kim.ics:1:1: events: what takes place from 2000 to 2040 is read \
          (say which days are meant: `calendar = { from = …, through = … }`)"]
    );
}

#[test]
fn what_is_found_by_name_is_one_where_its_ids_are() {
    let mapping = r#"
        merge = "same.csv"
        [[opportunities]]
        table = "deals"
        fields.id = "id"
        fields.customer = { column = "company", find = "customers.name" }
    "#;
    assert_same(
        &[
            ("kadence.toml", mapping),
            ("same.csv", "table,id,same_as\ncustomers,b,a\n"),
            ("customers.csv", "id,name\na,Acme A/S\nb,ACME\n"),
            ("deals.csv", "id,company\n1,Acme\n"),
        ],
        &[("customers.csv", "id,name\na,Acme A/S\n"), ("opportunities.csv", "id,customer\n1,a\n")],
    );
}

#[test]
fn an_id_to_be_merged_that_is_not_there_is_said() {
    let mapping = "merge = \"same.csv\"\n[[customers]]\ntable = \"k\"\nfields.id = \"id\"\n";
    let (_, said) = mapped(
        &[
            ("kadence.toml", mapping),
            ("same.csv", "table,id,same_as\ncustomers,b,a\ncustomers,x,a\n"),
            ("k.csv", "id\na\nb\n"),
        ],
        &Schema::default(),
    );
    assert_eq!(
        said,
        ["same.csv:3:1: customers: no customer has the id `x` (it is the same as nothing)"]
    );
}

#[test]
fn what_is_wrong_with_a_table_that_is_only_joined_is_said_too() {
    let mapping = r#"
        [[customers]]
        table = "k"
        fields.id = "id"
        fields.segment = { column = "id", join = { table = "links", key = "k", take = "class" } }
    "#;
    let files =
        [("kadence.toml", mapping), ("k.csv", "id\na\n"), ("links.csv", "k,class\na,A,too much\n")];
    let (_, said) = mapped(&files, &Schema::default());
    assert_eq!(
        said,
        ["links.csv:2:5: links: a row of 3 cells (expected at most 2, as in the first line)"]
    );
}

#[test]
fn what_stands_beside_the_tables_holds_with_a_mapping_too() {
    let about = ("dataset.json", r#"{"complete_through": "2026-11-10"}"#);
    let mapping = "[[customers]]\ntable = \"k\"\nfields.id = \"id\"\n";
    assert_same(
        &[("kadence.toml", mapping), ("k.csv", "id\na\n"), about],
        &[("customers.csv", "id\na\n"), about],
    );
}

#[test]
fn an_export_with_its_day_in_its_name_is_complete_up_to_the_day_before() {
    let dir = folder(&[
        ("kadence.toml", "[[customers]]\ntable = \"crm-2026-11-15\"\nfields.id = \"id\"\n"),
        ("crm-2026-11-15.csv", "id\na\n"),
    ]);
    let builder =
        Import::new(dir.path().join("crm-2026-11-15.csv")).read(&Schema::default()).unwrap();
    let (dataset, notes) = builder.build().unwrap();
    assert_eq!(dataset.complete_through(), "2026-11-14".parse().ok());
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        ["the data is taken for an export of 2026-11-15, by the name `crm-2026-11-15.csv` \
          (say `exported` or `complete_through` in the mapping if not)"]
    );
}
