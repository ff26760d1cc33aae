use proptest::prelude::*;

use super::*;

fn card(lines: &str) -> Card {
    let text = format!("BEGIN:VCARD\r\n{lines}\r\nEND:VCARD\r\n");
    let read = cards(text.as_bytes()).unwrap();
    assert_eq!(read.faults, []);
    read.cards.into_iter().next().unwrap()
}

/// As Outlook writes it.
const OUTLOOK: &[u8] = b"BEGIN:VCARD\r
VERSION:2.1\r
X-MS-OL-DEFAULT-POSTAL-ADDRESS:0\r
N;LANGUAGE=da;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:S=F8rensen;Bj=F8rn\r
FN;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Bj=F8rn S=F8rensen\r
ORG;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:S=F8rensen og =\r
S=F8n A/S;Indk=F8b\r
NOTE;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Ring f=F8rst til =\r
EMAIL;INTERNET:reception@soerensen.example\r
TITLE;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Indk=F8bschef\r
TEL;WORK;VOICE:+45 33 12 34 56\r
TEL;CELL;VOICE:+45 20 12 34 56\r
EMAIL;PREF;INTERNET:bjorn@soerensen.example\r
PHOTO;TYPE=JPEG;ENCODING=BASE64:\r
 /9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQY\r
 GBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYa\r
\r
REV:20261101T080000Z\r
END:VCARD\r
";

#[test]
fn a_card_of_outlook_is_read_with_its_letters() {
    let read = cards(OUTLOOK).unwrap();
    assert_eq!((read.faults, read.notes), (vec![], vec![]));
    let expected = Card {
        uid: "line-1".to_owned(),
        name: "Bj\u{f8}rn S\u{f8}rensen".to_owned(),
        org: "S\u{f8}rensen og S\u{f8}n A/S".to_owned(),
        title: "Indk\u{f8}bschef".to_owned(),
        emails: vec!["bjorn@soerensen.example".to_owned()],
        phones: vec!["+45 33 12 34 56".to_owned(), "+45 20 12 34 56".to_owned()],
        line: 1,
    };
    let cells = "line-1|Bj\u{f8}rn S\u{f8}rensen|S\u{f8}rensen og S\u{f8}n A/S|Indk\u{f8}bschef|\
                 bjorn@soerensen.example|+45 33 12 34 56;+45 20 12 34 56";
    assert_eq!(expected.cells().join("|"), cells);
    assert_eq!(read.cards, [expected]);
}

#[test]
fn cards_of_google_and_of_version_4_are_read() {
    let google = card(
        "VERSION:3.0\r\nFN:Anna Berg\r\nN:Berg;Anna;;;\r\nitem1.EMAIL;TYPE=INTERNET:anna@acme.example\r\n\
         item1.X-ABLabel:\r\nEMAIL;TYPE=INTERNET;TYPE=WORK;TYPE=PREF:berg@acme.example\r\n\
         ORG:Acme\\, Inc.;Purchasing\r\nTITLE:Buyer\r\nNOTE:a\\nb\r\nTEL;TYPE=CELL:+45 2\r\n  0123456",
    );
    assert_eq!(google.emails, ["berg@acme.example", "anna@acme.example"]);
    assert_eq!((google.name.as_str(), google.org.as_str()), ("Anna Berg", "Acme, Inc."));
    assert_eq!(google.phones, ["+45 2 0123456"]);
    let four = card(
        "VERSION:4.0\r\nUID:urn:uuid:4fbe8971\r\nFN:Kim\r\n\
         TEL;VALUE=uri;PREF=1;TYPE=\"voice,home\":tel:+1-555-555-5555\r\nEMAIL:kim@x.example",
    );
    assert_eq!(four.uid, "urn:uuid:4fbe8971");
    assert_eq!(four.phones, ["+1-555-555-5555"]);
}

#[test]
fn a_name_comes_from_what_there_is() {
    assert_eq!(card("N:Berg;Anna;Maria;Dr.;").name, "Dr. Anna Maria Berg");
    assert_eq!(card("FN:\r\nORG:Acme").name, "Acme");
    assert_eq!(card("EMAIL:a@b.example").name, "");
}

#[test]
fn an_address_of_exchange_is_no_mail_address() {
    let read = card("FN:a\r\nEMAIL;EX:/o=Acme/ou=Exchange/cn=a\r\nEMAIL:a@b.example");
    assert_eq!(read.emails, ["a@b.example"]);
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let text = "hello\nworld\nBEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\n\
                BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\nBEGIN:VCARD\nFN:c";
    let read = cards(text.as_bytes()).unwrap();
    let said: Vec<String> = read.faults.iter().map(Fault::to_string).collect();
    assert_eq!(
        said,
        [
            "line 1: `hello` is outside of cards: expected `BEGIN:VCARD`",
            "line 3: `BEGIN:VCARD` has no `END`",
            "line 8: a card without a name, an organization or a mail address",
            "line 11: `BEGIN:VCARD` has no `END`",
        ]
    );
    assert_eq!(read.cards.iter().map(|card| card.name.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(cards(b" \n").unwrap_err().to_string(), "line 1: the file is empty");
}

#[test]
fn a_large_picture_is_no_fault_and_a_large_card_is_one() {
    let picture = " /9j/4AAQSkZJRgABAQEAYABg\n".repeat(100_000);
    let phones = "TEL:1\n".repeat(200_000);
    let text = format!(
        "BEGIN:VCARD\nFN:a\nPHOTO;ENCODING=b:\n{picture}TEL:2\nEND:VCARD\n\
         BEGIN:VCARD\nFN:b\n{phones}END:VCARD\n"
    );
    let read = cards(text.as_bytes()).unwrap();
    assert_eq!(read.cards.len(), 1);
    assert_eq!(read.cards[0].phones, ["2"]);
    assert_eq!(read.faults[0].to_string(), "line 100006: a card of more than 1 MiB");
}

#[test]
fn lists_and_agents_are_no_contacts() {
    let text = "BEGIN:VCARD\nFN:a\nAGENT:\nBEGIN:VCARD\nFN:b\nEND:VCARD\nORG:x\nEND:VCARD\n\
                BEGIN:VCARD\nKIND:group\nFN:all\nEND:VCARD\n";
    let read = cards(text.as_bytes()).unwrap();
    assert_eq!(read.cards.len(), 1);
    assert_eq!((read.cards[0].name.as_str(), read.cards[0].org.as_str()), ("a", "x"));
    assert_eq!(read.notes.len(), 1);
    assert_eq!(read.notes[0].line, 9);
}

#[test]
fn a_file_in_another_encoding_is_read_as_that() {
    let read = cards(b"BEGIN:VCARD\nFN:S\xF8ren N\xE6r\nEND:VCARD\n").unwrap();
    assert_eq!(read.cards[0].name, "S\u{f8}ren N\u{e6}r");
    assert!(read.notes[0].message.starts_with("read as windows-125"));
    let utf16: Vec<u8> = "\u{feff}BEGIN:VCARD\nFN:a\nEND:VCARD\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(cards(&utf16).unwrap().cards[0].name, "a");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = cards(&bytes);
    }

    #[test]
    fn no_change_of_a_card_makes_it_panic(
        at in 0..OUTLOOK.len(),
        bytes in prop::collection::vec(any::<u8>(), 0..8),
        cut in 0..20_usize,
    ) {
        let mut card = OUTLOOK.to_vec();
        let end = (at + cut).min(card.len());
        card.splice(at..end, bytes);
        let _ = cards(&card);
    }
}
