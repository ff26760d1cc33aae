//! Mappings, right and wrong: data understood by one is the data that it stands for.

#![cfg(test)]

#[path = "support/mapped.rs"]
mod mapped;

use kadence::Schema;
use kadence_data::{Import, Mapping};
use mapped::{Files, assert_same, assert_same_with, folder, mapped};

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
