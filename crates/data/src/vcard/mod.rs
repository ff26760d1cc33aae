//! Contacts (vCard 2.1, 3.0 and 4.0) as Outlook, Google and phones export them.
//!
//! ```
//! let vcf = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Berg\r\nORG:Acme;Purchasing\r\n\
//!            EMAIL;TYPE=work:anna@acme.example\r\nEND:VCARD\r\n";
//! let read = kadence_data::vcard::cards(vcf.as_bytes())?;
//! assert_eq!(read.cards[0].name, "Anna Berg");
//! assert_eq!(read.cards[0].org, "Acme");
//! assert_eq!(read.cards[0].emails, ["anna@acme.example"]);
//! # Ok::<(), kadence_data::Fault>(())
//! ```

#[cfg(test)]
mod tests;

use calcard::vcard::{VCard, VCardEntry, VCardParameterName, VCardProperty, VCardValue};
use calcard::{Entry, Parser};

use crate::fault::{self, Fault, push};

/// The contacts of a file.
#[derive(Debug, Clone, Default)]
pub struct Cards {
    /// In the order in which they are written.
    pub cards: Vec<Card>,
    /// The cards that cannot be read, by line.
    pub faults: Vec<Fault>,
    /// What was read, or left out, and is worth saying, by line.
    pub notes: Vec<Fault>,
}

/// A contact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// Where the card gives none: `line-` and its line.
    pub uid: String,
    /// As it is shown. The organization's where there is no other.
    pub name: String,
    /// Whom they work for, without the department.
    pub org: String,
    /// What they are there.
    pub title: String,
    /// Their mail addresses, a preferred one first.
    pub emails: Vec<String>,
    /// Their phone numbers, a preferred one first.
    pub phones: Vec<String>,
    /// The line on which it begins.
    pub line: usize,
}

/// The columns of a table of contacts.
pub const COLUMNS: [&str; 6] = ["id", "name", "org", "title", "emails", "phones"];

impl Card {
    /// The texts of its [`COLUMNS`]; mail addresses and phone numbers are joined by `;`.
    #[must_use]
    pub fn cells(&self) -> [String; 6] {
        [
            self.uid.clone(),
            self.name.clone(),
            self.org.clone(),
            self.title.clone(),
            self.emails.join(";"),
            self.phones.join(";"),
        ]
    }
}

/// The contacts of a file of cards, in any common encoding.
///
/// Lists of members are no contacts and left out; what else stands in a card is not looked at.
///
/// # Errors
///
/// If the file is empty, or larger than 128 MiB. A card that cannot be read is among
/// [`Cards::faults`].
pub fn cards(bytes: &[u8]) -> Result<Cards, Fault> {
    let mut cards = Cards::default();
    let text = fault::text_of(bytes, "file", &mut cards.notes)?;
    let mut open: Option<Open> = None;
    // Whether what is wrong outside of cards was said.
    let mut is_outside = false;
    for (number, line) in (1..).zip(text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match open.as_mut() {
            None if is(line, "BEGIN") => {
                is_outside = false;
                open = Some(Open::new(number));
            }
            None if line.trim().is_empty() || is_outside => {}
            None => {
                is_outside = true;
                let line = crate::text::quoted(line);
                let message = format!("{line} is outside of cards: expected `BEGIN:VCARD`");
                push(&mut cards.faults, Fault { line: number, message });
            }
            Some(card) if is(line, "BEGIN") && !card.awaits_agent() => {
                push(&mut cards.faults, card.never_ends());
                open = Some(Open::new(number));
            }
            Some(card) => {
                if card.take(line) {
                    cards.add(card);
                    open = None;
                }
            }
        }
    }
    if let Some(card) = open {
        push(&mut cards.faults, card.never_ends());
    }
    Ok(cards)
}

/// Whether a line begins or ends a card.
fn is(line: &str, word: &str) -> bool {
    let halves = line.split_once(':');
    halves.is_some_and(|(name, value)| {
        name.trim().eq_ignore_ascii_case(word) && value.trim().eq_ignore_ascii_case("VCARD")
    })
}

/// How many bytes of a card may be looked at.
const LARGEST: usize = 1 << 20;

/// The properties of a card that are looked at.
const LOOKED_AT: [&str; 11] = [
    "END",
    "VERSION",
    "UID",
    "KIND",
    "X-ADDRESSBOOKSERVER-KIND",
    "FN",
    "N",
    "ORG",
    "TITLE",
    "EMAIL",
    "TEL",
];

/// A card of which the end has not been seen.
struct Open {
    number: usize,
    /// What is looked at of it.
    text: String,
    is_too_large: bool,
    /// Whether the property is looked at to which the last line belongs, and goes on in the next.
    keeps: bool,
    is_quoted: bool,
    goes_on: bool,
    awaits_agent: bool,
    /// How many cards of agents, who act for the person, are open within it.
    agents: usize,
}

impl Open {
    fn new(number: usize) -> Open {
        Open {
            number,
            text: "BEGIN:VCARD\n".to_owned(),
            is_too_large: false,
            keeps: true,
            is_quoted: false,
            goes_on: false,
            awaits_agent: false,
            agents: 0,
        }
    }

    fn awaits_agent(&self) -> bool {
        self.agents > 0 || self.awaits_agent
    }

    /// Takes a line; whether it is the last.
    fn take(&mut self, line: &str) -> bool {
        if is(line, "BEGIN") {
            self.agents += 1;
        } else if self.agents == 0 {
            self.keep(line);
        }
        let ends = is(line, "END");
        if ends && self.agents > 0 {
            self.agents -= 1;
            return false;
        }
        ends
    }

    fn keep(&mut self, line: &str) {
        // Quoted-printable goes on in the next line after a `=`, without a blank before it.
        if !self.goes_on && !line.starts_with([' ', '\t']) {
            let head = line.split(':').next().unwrap_or_default();
            let name = head.split(';').next().unwrap_or_default().trim();
            let name = name.rsplit('.').next().unwrap_or_default();
            self.keeps = LOOKED_AT.iter().any(|known| name.eq_ignore_ascii_case(known));
            self.is_quoted = head.to_ascii_uppercase().contains("QUOTED-PRINTABLE");
            self.awaits_agent =
                name.eq_ignore_ascii_case("AGENT") && line.trim_end().ends_with(':');
        }
        self.goes_on = self.is_quoted && line.ends_with('=');
        if self.keeps && self.text.len() + line.len() > LARGEST {
            self.is_too_large = true;
        } else if self.keeps {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn never_ends(&self) -> Fault {
        Fault { line: self.number, message: "`BEGIN:VCARD` has no `END`".to_owned() }
    }
}

impl Cards {
    fn add(&mut self, open: &Open) {
        let line = open.number;
        let fault = |message: &str| Fault { line, message: message.to_owned() };
        if open.is_too_large {
            push(&mut self.faults, fault("a card of more than 1 MiB"));
            return;
        }
        let Entry::VCard(card) = Parser::new(&open.text).entry() else {
            push(&mut self.faults, fault("a card that cannot be read"));
            return;
        };
        if is_group(&card) {
            push(&mut self.notes, fault("a list of members is no contact: it is left out"));
            return;
        }
        let card = contact(&card, line);
        if card.name.is_empty() && card.emails.is_empty() {
            let message = "a card without a name, an organization or a mail address";
            push(&mut self.faults, fault(message));
            return;
        }
        self.cards.push(card);
    }
}

fn is_group(card: &VCard) -> bool {
    let apple = VCardProperty::Other("X-ADDRESSBOOKSERVER-KIND".to_owned());
    let kinds = card.properties(&VCardProperty::Kind).chain(card.properties(&apple));
    kinds.flat_map(texts).any(|kind| kind.eq_ignore_ascii_case("group"))
}

fn contact(card: &VCard, line: usize) -> Card {
    let first = |property| card.property(&property).and_then(|entry| texts(entry).next());
    let uid = first(VCardProperty::Uid).filter(|uid| !uid.is_empty());
    let org = first(VCardProperty::Org).unwrap_or_default();
    let name = first(VCardProperty::Fn).filter(|name| !name.is_empty());
    let name = name.or_else(|| card.property(&VCardProperty::N).and_then(full_name));
    let mails = by_preference(card, &VCardProperty::Email);
    let phones = by_preference(card, &VCardProperty::Tel).into_iter();
    Card {
        uid: uid.unwrap_or_else(|| format!("line-{line}")),
        name: name.unwrap_or_else(|| org.clone()),
        org,
        title: first(VCardProperty::Title).unwrap_or_default(),
        // Exchange has addresses of another form.
        emails: mails.into_iter().filter(|mail| mail.contains('@')).collect(),
        phones: phones.map(|phone| phone.trim_start_matches("tel:").to_owned()).collect(),
        line,
    }
}

/// The parts of a name as they are spoken: family, given, additional, before, after.
fn full_name(entry: &VCardEntry) -> Option<String> {
    let parts: Vec<String> = texts(entry).collect();
    let spoken = [3, 1, 2, 0, 4].into_iter().filter_map(|at| parts.get(at));
    let spoken: Vec<&str> = spoken.map(String::as_str).filter(|part| !part.is_empty()).collect();
    (!spoken.is_empty()).then(|| spoken.join(" "))
}

fn by_preference(card: &VCard, property: &VCardProperty) -> Vec<String> {
    let mut entries: Vec<&VCardEntry> = card.properties(property).collect();
    entries.sort_by_key(|entry| !is_preferred(entry));
    let values = entries.into_iter().filter_map(|entry| texts(entry).next());
    values.filter(|value| !value.is_empty()).collect()
}

fn is_preferred(entry: &VCardEntry) -> bool {
    entry.params.iter().any(|parameter| match parameter.name {
        VCardParameterName::Pref => true,
        VCardParameterName::Type => {
            parameter.value.as_text().is_some_and(|text| text.eq_ignore_ascii_case("pref"))
        }
        _ => false,
    })
}

/// The values of a property: those of one with parts, part by part.
fn texts(entry: &VCardEntry) -> impl Iterator<Item = String> {
    entry.values.iter().map(|value| match value {
        VCardValue::Component(parts) => parts.join(" ").trim().to_owned(),
        other => other.as_text().unwrap_or_default().trim().to_owned(),
    })
}
