//! Mappings, right and wrong: data understood by one is the data that it stands for.

#![cfg(test)]

use kadence::{Dataset, NoFiles, RuleSet, Schema};
use kadence_data::{Import, Mapping, read};

type Files<'a> = &'a [(&'a str, &'a str)];

fn folder(files: Files<'_>) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn schema(rules: &str) -> Schema {
    RuleSet::compile("fields.kpi", rules, &NoFiles).unwrap().schema().clone()
}

/// The dataset of files among which is `kadence.toml`, and all that is said of it.
fn mapped(files: Files<'_>, schema: &Schema) -> (Dataset, Vec<String>) {
    let dir = folder(files);
    let builder = Import::new(dir.path()).read(schema).unwrap_or_else(|wrong| panic!("{wrong}"));
    let (dataset, problems) = builder.build_lenient();
    let said = problems.errors.iter().chain(&problems.notes).map(ToString::to_string).collect();
    (dataset, said)
}

/// That files with a mapping are the data of other files, with nothing to be said of either.
#[track_caller]
fn assert_same(files: Files<'_>, expected: Files<'_>) {
    assert_same_with("", files, expected);
}

#[track_caller]
fn assert_same_with(rules: &str, files: Files<'_>, expected: Files<'_>) {
    let schema = schema(rules);
    let (found, said) = mapped(files, &schema);
    assert_eq!(said, Vec::<String>::new());
    let dir = folder(expected);
    let (expected, notes) = read(dir.path(), &schema).unwrap().build().unwrap();
    assert_eq!(notes, []);
    assert_eq!(found, expected);
}

/// What is said of a mapping for these files.
fn wrong(files: Files<'_>) -> String {
    let dir = folder(files);
    let error = Import::new(dir.path()).read(&Schema::default()).unwrap_err();
    error.to_string().replace(&dir.path().display().to_string(), "DIR")
}

#[test]
fn columns_constants_templates_and_values_make_fields() {
    let mapping = r#"
        [[customers]]
        table = "Accounts"
        fields.id = { text = "c-{No}" }
        fields.name = ["Trade name", "Name"]
        fields.country = { value = "DK" }
        fields.segment = { column = "Class", values = { Gold = "A", silver = "B" }, else = "C" }
    "#;
    assert_same(
        &[
            ("kadence.toml", mapping),
            (
                "Accounts.csv",
                "No;Name;Trade name;Class\n1;Acme A/S;Acme;Gold\n2;Zeta;;Silver\n3;Ypsilon;;\n",
            ),
        ],
        &[(
            "customers.csv",
            "id,name,country,segment\nc-1,Acme,DK,A\nc-2,Zeta,DK,B\nc-3,Ypsilon,DK,\n",
        )],
    );
}

#[test]
fn dates_and_numbers_are_read_as_the_examples_show() {
    let mapping = r#"
        zone = "Europe/Copenhagen"
        dates = ["31-12-2026 14:30", "31-12-2026"]
        numbers = "1.234,56"

        [[customers]]
        table = "Kunder"
        fields.id = "Nr"
        fields.revenue = "Omsætning"
        fields.created = "Oprettet"

        [[activities]]
        table = "Besøg"
        fields.id = "Nr"
        fields.kind = { value = "visit" }
        fields.status = { value = "completed" }
        fields.at = "Start"
        fields.created = { column = "Stempel", dates = "epoch milliseconds" }
        fields.minutes = { column = "Timer", numbers = "1,234.56" }
    "#;
    assert_same(
        &[
            ("kadence.toml", mapping),
            ("Kunder.csv", "Nr;Omsætning;Oprettet\n17;1.250.000,50;5-2-2026\n"),
            (
                "Besøg.csv",
                "Nr;Start;Stempel;Timer\nb1;29-03-2026 02:30;1575463702000;1,080.5\nb2;5-2-2026;;\n",
            ),
        ],
        &[
            ("customers.csv", "id,revenue,created\n17,1250000.50,2026-02-05\n"),
            (
                "activities.csv",
                "id,kind,status,at,created,minutes\n\
                 b1,visit,completed,2026-03-29T01:30Z,2019-12-04T12:48:22Z,1080.5\n\
                 b2,visit,completed,2026-02-04T23:00Z,,\n",
            ),
        ],
    );
}

#[test]
fn what_cannot_be_read_is_said_with_the_example() {
    let mapping = r#"
        dates = "31.12.2026"
        numbers = "1.234,56"
        [[customers]]
        table = "k"
        fields.id = "id"
        fields.revenue = "sum"
        fields.created = "since"
    "#;
    let files =
        [("kadence.toml", mapping), ("k.csv", "id;sum;since\na;1,234.5;5/2/2026\nb;5;5.2.2026\n")];
    let (dataset, said) = mapped(&files, &Schema::default());
    assert_eq!(dataset.count(kadence::Noun::Customer), 1);
    assert_eq!(
        said,
        [
            "k.csv:2:3: customers: `revenue` cannot be `1,234.5` (expected a number such as 1.234,56)",
            "k.csv:2:11: customers: `created` cannot be `5/2/2026` (expected a date such as 31.12.2026)",
        ]
    );
}

#[test]
fn people_and_companies_are_found_by_mail_and_name() {
    let mapping = r#"
        [[activities]]
        table = "events"
        fields.id = "uid"
        fields.kind = { value = "meeting" }
        fields.status = { value = "completed" }
        fields.at = "start"
        fields.seller = { column = "organizer", find = "sellers.email" }
        fields.contact = { column = "attendees", split = ";", find = "contacts.email" }
        fields.customer = [
            { column = "attendees", split = ";", find = "contacts.email", take = "customer" },
            { column = "company", find = "customers.name" },
        ]
    "#;
    let sellers = ("sellers.csv", "id,email\nkim,Kim@Nordic.example\n");
    let customers = ("customers.csv", "id,name\nacme,Acme A/S\nzeta,Zeta\n");
    let contacts = ("contacts.csv", "id,customer,email\np1,acme,bo@acme.example\n");
    let events = "uid,start,organizer,attendees,company\n\
        e1,2026-02-05,mailto:kim@nordic.example,x@y.example;Bo <BO@acme.example>,\n\
        e2,2026-02-06,kim@nordic.example,,\"ACME, Inc.\"\n\
        e3,2026-02-07,kim@nordic.example,,zeta aps\n";
    assert_same(
        &[sellers, customers, contacts, ("kadence.toml", mapping), ("events.csv", events)],
        &[
            sellers,
            customers,
            contacts,
            (
                "activities.csv",
                "id,kind,status,at,seller,contact,customer\n\
                 e1,meeting,completed,2026-02-05,kim,p1,acme\n\
                 e2,meeting,completed,2026-02-06,kim,,acme\n\
                 e3,meeting,completed,2026-02-07,kim,,zeta\n",
            ),
        ],
    );
}

#[test]
fn what_is_not_found_is_counted_and_two_of_one_name_are_not_chosen_from() {
    let mapping = r#"
        [[opportunities]]
        table = "deals"
        fields.id = "id"
        fields.customer = { column = "company", find = "customers.name" }
    "#;
    let files = [
        ("kadence.toml", mapping),
        ("customers.csv", "id,name\na,Acme A/S\nb,ACME\nc,Zeta\n"),
        ("deals.csv", "id,company\n1,Acme\n2,Zeta\n3,Nobody\n4,Nobody\n5,\n"),
    ];
    let (_, said) = mapped(&files, &Schema::default());
    assert_eq!(
        said,
        ["opportunities: `customer` of 3 of 4 was looked for and not found, it is unknown \
          (most often `Nobody`, `Acme`)"]
    );
}

#[test]
fn tables_are_joined_filtered_and_read_once() {
    let mapping = r#"
        [[sellers]]
        table = "calls"
        once = true
        fields.id = "owner"

        [[activities]]
        table = "calls"
        only = { deleted = ["no", ""], owner = "*" }
        except = { title = "lunch*" }
        fields.id = "id"
        fields.kind = { value = "call" }
        fields.status = [
            { value = "planned", only = { state = "open" } },
            { column = "state", values = { done = "completed" } },
        ]
        fields.at = "on"
        fields.seller = "owner"
        fields.customer = { column = "id", join = { table = "links", key = "call", take = "company" } }
    "#;
    assert_same(
        &[
            ("kadence.toml", mapping),
            ("customers.csv", "id\nacme\n"),
            ("links.csv", "company,call\nacme,1\n"),
            (
                "calls.csv",
                "id,owner,title,deleted,state,on\n\
                 1,kim,First talk,No,open,2026-02-05\n2,kim,Lunch with Bo,,done,2026-02-06\n\
                 3,bo,Other,yes,done,2026-02-06\n4,bo,Other,,done,2026-02-07\n\
                 5,,Other,,done,2026-02-07\n",
            ),
        ],
        &[
            ("customers.csv", "id\nacme\n"),
            ("sellers.csv", "id\nkim\nbo\n"),
            (
                "activities.csv",
                "id,kind,status,at,seller,customer\n1,call,planned,2026-02-05,kim,acme\n\
                 4,call,completed,2026-02-07,bo,\n",
            ),
        ],
    );
}

#[test]
fn json_in_whatever_shape_is_tables_too() {
    let mapping = r#"
        [[customers]]
        table = "accounts"
        fields.id = "key"
        fields.name = "about.name"
        fields.revenue = "about.money.year"
    "#;
    let expected = [("customers.csv", "id,name,revenue\n1,Acme,1500\n2,,\n")];
    let rows = r#"{"key": 1, "about": {"name": "Acme", "money": {"year": 1.5e3}}}"#;
    for (name, text) in [
        ("accounts.json", format!("[{rows}, {{\"key\": 2}}]")),
        ("accounts.ndjson", format!("{rows}\n{{\"key\": 2, \"about\": null}}\n")),
        (
            "export.json",
            format!(
                "{{\"count\": 2, \"Accounts\": [{rows}, {{\"key\": 2}}], \"other\": [{{\"a\": 1}}]}}"
            ),
        ),
    ] {
        assert_same(&[("kadence.toml", mapping), (name, &text)], &expected);
    }
}

#[test]
fn ids_that_are_one_are_put_together() {
    let mapping = r#"
        merge = "same.csv"
        [[customers]]
        table = "accounts"
        fields.id = "no"
        fields.name = "name"
        fields.segment = "class"

        [[activities]]
        table = "calls"
        fields.id = "id"
        fields.kind = { value = "call" }
        fields.status = { value = "completed" }
        fields.at = "on"
        fields.customer = "account"
    "#;
    assert_same(
        &[
            ("kadence.toml", mapping),
            ("same.csv", "table,id,same_as\ncustomers,3,2\ncustomers,2,1\n"),
            ("accounts.csv", "no,name,class\n3,Acme Ltd,A\n1,Acme,\n4,Zeta,C\n2,ACME,B\n"),
            ("calls.csv", "id,on,account\na,2026-02-05,1\nb,2026-02-06,2\nc,2026-02-07,3\n"),
        ],
        &[
            // The rows that are one come after those that are not.
            ("customers.csv", "id,name,segment\n4,Zeta,C\n1,Acme,A\n"),
            (
                "activities.csv",
                "id,kind,status,at,customer\na,call,completed,2026-02-05,1\n\
                 b,call,completed,2026-02-06,1\nc,call,completed,2026-02-07,1\n",
            ),
        ],
    );
}

#[test]
fn a_merge_file_that_contradicts_itself_is_refused() {
    let mapping = "merge = \"same.csv\"\n[[customers]]\ntable = \"k\"\nfields.id = \"id\"\n";
    let files = |merge| [("kadence.toml", mapping), ("k.csv", "id\na\n"), ("same.csv", merge)];
    insta::assert_snapshot!(wrong(&files("table,id,same_as\ncustomers,a,b\ncustomers,b,a\n")), @r"
    same.csv:1:1: same: `a` is the same as itself, by way of others (expected one id that all others lead to)
    same.csv:1:1: same: `b` is the same as itself, by way of others (expected one id that all others lead to)
    ");
    insta::assert_snapshot!(wrong(&files("table,id,same_as\ncustomrs,a,b\ncustomers,a,a\ncustomers,a,\n")), @r"
    same.csv:2:1: same: there is no table `customrs` (expected one such as `customers`)
    same.csv:3:1: same: `a` is itself (expected two ids that are one)
    same.csv:4:1: same: a line without an id (expected two ids of one table)
    ");
    insta::assert_snapshot!(wrong(&files("table,from,to\n")), @r"
    same.csv:1:1: same: there is no column `id` (expected the columns `table`, `id` and `same_as`)
    same.csv:1:1: same: there is no column `same_as` (expected the columns `table`, `id` and `same_as`)
    ");
}

#[test]
fn a_mapping_reads_no_file_elsewhere() {
    for outside in ["../same.csv", "/etc/hosts", "a/../../b.csv"] {
        let mapping =
            format!("merge = \"{outside}\"\n[[customers]]\ntable = \"k\"\nfields.id = \"id\"\n");
        let said = wrong(&[("kadence.toml", &mapping), ("k.csv", "id\na\n")]);
        assert!(said.starts_with("kadence.toml:1:9: `merge` cannot be"), "{said}");
    }
}

#[test]
fn declared_fields_can_be_mapped_too() {
    let mapping = r#"
        [[customers]]
        table = "k"
        fields.id = "id"
        fields.branch = "trade"
    "#;
    assert_same_with(
        "field customer.branch: text\n",
        &[("kadence.toml", mapping), ("k.csv", "id,trade\na,Fish\n")],
        &[("customers.csv", "id,branch\na,Fish\n")],
    );
}

#[test]
fn the_day_of_an_export_is_not_over() {
    let table = "[[customers]]\ntable = \"k\"\nfields.id = \"id\"\n";
    for (settings, from, through) in [
        ("exported = 2026-11-15\n", None, Some("2026-11-14")),
        ("exported = 2026-11-15\ncomplete_through = \"2026-11-10\"\n", None, Some("2026-11-10")),
        ("complete_from = 2026-01-01\n", Some("2026-01-01"), None),
    ] {
        let mapping = format!("{settings}{table}");
        let (dataset, _) =
            mapped(&[("kadence.toml", &mapping), ("k.csv", "id\na\n")], &Schema::default());
        let text = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        assert_eq!(text(dataset.complete_from()).as_deref(), from, "{settings}");
        assert_eq!(text(dataset.complete_through()).as_deref(), through, "{settings}");
    }
}

#[test]
fn everything_that_is_wrong_with_a_mapping_is_said_at_its_place() {
    let text = include_str!("mappings/wrong.toml");
    let problems = Mapping::parse("wrong.toml", text).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!("wrong_as_such", lines.join("\n"));
}

#[test]
fn everything_in_which_a_mapping_does_not_fit_the_data_is_said_at_its_place() {
    let said = wrong(&[
        ("kadence.toml", include_str!("mappings/unfit.toml")),
        ("Accounts.csv", "No,Name,Class,Owner\n1,Acme,A,kim\n"),
        ("Visits.csv", "Id,Account,On\n1,1,2026-02-05\n"),
    ]);
    insta::assert_snapshot!("wrong_for_the_data", said);
}

#[test]
fn what_is_no_mapping_at_all_is_one_clear_line() {
    let parse = |text: &str| match Mapping::parse("kadence.toml", text) {
        Ok(_) => "nothing".to_owned(),
        Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    insta::assert_snapshot!(parse(""), @"nothing");
    insta::assert_snapshot!(parse("[[customers]\n"), @"kadence.toml:1:13: unclosed array table, expected `]` (expected TOML, see docs/mapping.md)");
    insta::assert_snapshot!(parse("customers = \"x\"\ncustomers = 5\n"), @"kadence.toml:2:1: duplicate key (expected TOML, see docs/mapping.md)");
    let said = wrong(&[("export.csv", "a,b\n1,2\n"), ("notes.txt", "")]);
    insta::assert_snapshot!(said, @"nothing says what the tables of `DIR` are: it has `export` (name them as kadence does, or write a mapping: `kadence init` makes one to start from)");
}

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
