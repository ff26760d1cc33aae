//! What tables, columns and values are called in exports, in English, Danish and German.

use kadence::Noun;

/// What a word in the name of a table says that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) noun: Noun,
    /// The kind of all activities of it, where the word is one.
    pub(super) kind: Option<&'static str>,
}

type Words = &'static [&'static str];

const NOUNS: [(Noun, Words); 9] = [
    (
        Noun::Team,
        &["team", "teams", "department", "departments", "afdeling", "afdelinger", "abteilung"],
    ),
    (
        Noun::Seller,
        &[
            "seller",
            "sellers",
            "user",
            "users",
            "owner",
            "owners",
            "rep",
            "reps",
            "salesperson",
            "salespeople",
            "employee",
            "employees",
            "sælger",
            "sælgere",
            "medarbejder",
            "medarbejdere",
            "verkäufer",
            "mitarbeiter",
        ],
    ),
    (
        Noun::Customer,
        &[
            "customer",
            "customers",
            "account",
            "accounts",
            "company",
            "companies",
            "client",
            "clients",
            "organization",
            "organizations",
            "organisation",
            "organisations",
            "kunde",
            "kunder",
            "kunden",
            "firma",
            "firmaer",
            "firmen",
            "virksomhed",
            "virksomheder",
        ],
    ),
    (
        Noun::Contact,
        &[
            "contact",
            "contacts",
            "person",
            "persons",
            "people",
            "kontakt",
            "kontakter",
            "kontaktperson",
            "kontaktpersoner",
            "ansprechpartner",
        ],
    ),
    (
        Noun::Lead,
        &[
            "lead",
            "leads",
            "prospect",
            "prospects",
            "emne",
            "emner",
            "interessent",
            "interessenten",
        ],
    ),
    (
        Noun::Opportunity,
        &[
            "opportunity",
            "opportunities",
            "deal",
            "deals",
            "sale",
            "sales",
            "salg",
            "salgsmulighed",
            "salgsmuligheder",
            "verkaufschance",
            "verkaufschancen",
            "pipeline",
        ],
    ),
    (Noun::Campaign, &["campaign", "campaigns", "kampagne", "kampagner", "kampagnen"]),
    (Noun::Absence, &["absence", "absences", "vacation", "vacations", "fravær", "ferie", "urlaub"]),
    (
        Noun::Activity,
        &[
            "activity",
            "activities",
            "aktivitet",
            "aktiviteter",
            "aktivität",
            "aktivitäten",
            "engagement",
            "engagements",
        ],
    ),
];

const KINDS: [(&str, Words); 8] = [
    (
        "call",
        &["call", "calls", "called", "phone", "telephone", "opkald", "telefon", "anruf", "anrufe"],
    ),
    ("visit", &["visit", "visits", "visited", "besøg", "besuch", "besuche", "in person", "onsite"]),
    (
        "meeting",
        &[
            "meeting",
            "meetings",
            "møde",
            "møder",
            "event",
            "events",
            "appointment",
            "appointments",
            "calendar",
            "kalender",
            "termin",
            "termine",
            "aftale",
            "aftaler",
        ],
    ),
    ("email", &["email", "emails", "mail", "mails", "e-mail"]),
    (
        "task",
        &["task", "tasks", "todo", "todos", "to-do", "opgave", "opgaver", "aufgabe", "aufgaben"],
    ),
    (
        "message",
        &["message", "messages", "sms", "whatsapp", "linkedin", "chat", "besked", "nachricht"],
    ),
    ("demo", &["demo", "demos", "demonstration", "presentation"]),
    (
        "offer",
        &[
            "offer",
            "offers",
            "quote",
            "quotes",
            "proposal",
            "proposals",
            "tilbud",
            "angebot",
            "angebote",
        ],
    ),
];

/// The names of columns that hold a field; what stands first is meant first.
const FIELDS: [(&str, Words); 34] = [
    (
        "id",
        &[
            "id",
            "no",
            "nr",
            "number",
            "key",
            "nummer",
            "guid",
            "code",
            "record id",
            "object id",
            "uid",
            "kundenr",
            "kundenummer",
            "kundennummer",
        ],
    ),
    ("name", &["name", "title", "full name", "display name", "navn", "bezeichnung", "subject"]),
    (
        "owner",
        &[
            "owner",
            "owner id",
            "owner email",
            "owner name",
            "assigned to",
            "assigned to email",
            "assigned to id",
            "seller",
            "seller id",
            "rep",
            "salesperson",
            "account manager",
            "responsible",
            "ansvarlig",
            "sælger",
            "user",
            "user id",
            "organizer",
            "participant email",
            "employee",
            "consultant",
            "konsulent",
            "verantwortlich",
            "bearbeiter",
        ],
    ),
    (
        "customer",
        &[
            "customer",
            "customer id",
            "account",
            "account id",
            "company",
            "company id",
            "client",
            "client id",
            "kunde",
            "kundenr",
            "kundennummer",
            "customer name",
            "account name",
            "company name",
            "associated company",
            "firma",
            "organization",
            "organisation",
        ],
    ),
    (
        "contact",
        &[
            "contact",
            "contact id",
            "contact name",
            "person",
            "person id",
            "kontakt",
            "kontaktperson",
        ],
    ),
    ("lead", &["lead", "lead id"]),
    ("opportunity", &["opportunity", "opportunity id", "deal", "deal id"]),
    ("campaign", &["campaign", "campaign id", "kampagne"]),
    (
        "segment",
        &[
            "segment",
            "class",
            "category",
            "tier",
            "grade",
            "abc",
            "klasse",
            "kategori",
            "kategorie",
        ],
    ),
    (
        "revenue",
        &[
            "revenue",
            "annual revenue",
            "yearly revenue",
            "turnover",
            "omsætning",
            "umsatz",
            "sales",
        ],
    ),
    ("country", &["country", "land", "nation"]),
    (
        "created",
        &[
            "created",
            "created at",
            "created on",
            "create date",
            "created date",
            "creation date",
            "since",
            "customer since",
            "oprettet",
            "erstellt",
            "erstellt am",
            "kunde siden",
        ],
    ),
    ("email", &["email", "e mail", "mail", "email address"]),
    ("role", &["role", "job title", "position", "stilling", "titel", "funktion"]),
    ("temperature", &["temperature", "heat", "warmth", "temp", "rating"]),
    ("source", &["source", "lead source", "origin", "kilde", "quelle"]),
    ("converted", &["converted", "converted date", "conversion date", "converted at"]),
    ("stage", &["stage", "deal stage", "pipeline stage", "phase", "fase"]),
    ("amount", &["amount", "value", "beløb", "betrag", "expected revenue", "sum"]),
    ("margin", &["margin", "profit", "dækningsbidrag", "deckungsbeitrag"]),
    (
        "expected_close",
        &[
            "expected close",
            "expected close date",
            "close date",
            "estimated close date",
            "forventet lukning",
            "forventet lukkedato",
        ],
    ),
    ("closed", &["closed", "closed at", "closed on", "closed date", "won time", "won date"]),
    ("kind", &["kind", "type", "activity type", "art", "typ"]),
    ("status", &["status", "state", "list name", "done", "completed", "is closed", "tilstand"]),
    (
        "at",
        &[
            "at",
            "date",
            "start",
            "start date",
            "start time",
            "event start",
            "starts at",
            "due date",
            "due",
            "activity date",
            "when",
            "timestamp",
            "sent datetime",
            "sent at",
            "dato",
            "tid",
            "starttid",
            "datum",
            "beginn",
            "on",
        ],
    ),
    ("minutes", &["minutes", "duration", "duration minutes", "varighed", "dauer", "length"]),
    ("outcome", &["outcome", "result", "resultat", "ergebnis"]),
    ("note", &["note", "notes", "description", "body", "bemærkning", "notiz"]),
    ("team", &["team", "team id", "department", "afdeling", "abteilung"]),
    ("parent", &["parent", "parent id", "parent team"]),
    ("started", &["started", "start date", "hire date", "ansat"]),
    ("ended", &["ended", "end date", "left"]),
    ("from", &["from", "start", "start date", "fra", "von"]),
    ("until", &["until", "to", "end", "end date", "til", "bis"]),
];

const STATUSES: [(&str, Words); 3] = [
    (
        "completed",
        &[
            "completed",
            "complete",
            "done",
            "closed",
            "held",
            "finished",
            "sent",
            "true",
            "yes",
            "afholdt",
            "udført",
            "afsluttet",
            "ja",
            "erledigt",
            "durchgeführt",
        ],
    ),
    (
        "planned",
        &[
            "planned",
            "scheduled",
            "open",
            "todo",
            "to do",
            "backlog",
            "in progress",
            "in review",
            "pending",
            "not started",
            "waiting",
            "false",
            "no",
            "planlagt",
            "åben",
            "nej",
            "geplant",
            "offen",
        ],
    ),
    ("cancelled", &["cancelled", "canceled", "no show", "aflyst", "annulleret", "abgesagt"]),
];
const OPPORTUNITY: [(&str, Words); 2] = [
    ("won", &["won", "closed won", "closedwon", "vundet", "gewonnen"]),
    ("lost", &["lost", "closed lost", "closedlost", "tabt", "verloren"]),
];
const LEAD: [(&str, Words); 2] = [
    ("converted", &["converted", "customer", "won", "konverteret"]),
    ("lost", &["lost", "disqualified", "unqualified", "dead", "junk", "tabt", "verloren"]),
];
const TEMPERATURES: [(&str, Words); 3] = [
    ("hot", &["hot", "high", "varm nu", "heiß"]),
    ("warm", &["warm", "medium", "lun", "varm"]),
    ("cold", &["cold", "low", "kold", "kalt"]),
];

/// Small letters, and a blank for whatever is no letter or digit.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut before: Option<char> = None;
    for c in text.chars() {
        // `createdAt` is two words.
        if c.is_uppercase() && before.is_some_and(char::is_lowercase) {
            plain.push(' ');
        }
        before = Some(c);
        if c.is_alphanumeric() { plain.extend(c.to_lowercase()) } else { plain.push(' ') }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the last telling word of a table's name says.
pub(super) fn of_table(name: &str) -> Option<Meaning> {
    plain(name).split(' ').rev().find_map(|word| {
        let noun = NOUNS.iter().find(|(_, words)| words.contains(&word));
        let kind = KINDS.iter().find(|(_, words)| words.contains(&word));
        match (noun, kind) {
            (Some((noun, _)), _) => Some(Meaning { noun: *noun, kind: None }),
            (None, Some((kind, _))) => Some(Meaning { noun: Noun::Activity, kind: Some(kind) }),
            (None, None) => None,
        }
    })
}

/// How well the name of a column fits a field of a noun: the less the better.
pub(super) fn fit(column: &str, noun: Noun, field: &str) -> Option<usize> {
    let named = if field == "seller" { "owner" } else { field };
    let (_, names) = FIELDS.iter().find(|(name, _)| *name == named)?;
    let place = |name: &str| names.iter().position(|known| *known == name);
    let column = plain(column);
    // `deal amount` in a table of deals is the amount.
    let own = NOUNS.iter().find(|(other, _)| *other == noun).map_or(&[][..], |(_, words)| words);
    let kinds = KINDS.iter().flat_map(|(_, words)| words.iter());
    let kinds = kinds.filter(|_| noun == Noun::Activity);
    let without = own.iter().chain(kinds).find_map(|word| {
        let rest = column.strip_prefix(word)?.strip_prefix(' ')?;
        Some(rest.to_owned())
    });
    let of_rest = without.and_then(|rest| place(&rest)).map(|place| place + 1);
    // A table of customers does not refer to customers.
    let is_own_noun = noun.singular() == field;
    place(&column).filter(|_| !is_own_noun).or(of_rest)
}

fn meaning(of: &[(&'static str, Words)], text: &str) -> Option<&'static str> {
    let text = plain(text);
    let whole = of.iter().find(|(_, words)| words.contains(&text.as_str()));
    whole.map(|(name, _)| *name)
}

/// The kind that the words of a text say.
pub(super) fn kind(text: &str) -> Option<&'static str> {
    let text = plain(text);
    let of =
        |part: &str| KINDS.iter().find(|(_, words)| words.contains(&part)).map(|(kind, _)| *kind);
    of(&text).or_else(|| text.split(' ').rev().find_map(of)).or_else(|| {
        KINDS.iter().find_map(|(kind, words)| {
            words.iter().any(|word| word.contains(' ') && text.contains(word)).then_some(*kind)
        })
    })
}

/// What a text says that a field of few values has.
pub(super) fn value(noun: Noun, field: &str, text: &str) -> Option<&'static str> {
    match (noun, field) {
        (Noun::Activity, "status") => meaning(&STATUSES, text),
        (Noun::Opportunity, "status") => meaning(&OPPORTUNITY, text),
        (Noun::Lead, "status") => meaning(&LEAD, text),
        (Noun::Lead, "temperature") => meaning(&TEMPERATURES, text),
        (Noun::Activity, "kind") => kind(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_known_by_their_last_telling_word() {
        let of = |name: &str| of_table(name).map(|m| (m.noun, m.kind));
        assert_eq!(of("customer_relationship_manager_data"), Some((Noun::Customer, None)));
        assert_eq!(of("project_tasks"), Some((Noun::Activity, Some("task"))));
        assert_eq!(of("activities_from_notes"), Some((Noun::Activity, None)));
        assert_eq!(of("CustomerCalls"), Some((Noun::Activity, Some("call"))));
        assert_eq!(of("Sheet1"), None);
    }

    #[test]
    fn columns_are_known_by_what_they_are_called() {
        assert!(fit("Customer name", Noun::Customer, "name").is_some());
        assert!(fit("Customer name", Noun::Activity, "customer").is_some());
        assert!(fit("event_start", Noun::Activity, "at").is_some());
        assert!(fit("assigned_to_email", Noun::Customer, "owner").is_some());
        assert!(fit("assigned_to_email", Noun::Activity, "seller").is_some());
        assert_eq!(fit("product_interest", Noun::Customer, "source"), None);
        assert!(fit("id", Noun::Customer, "id") < fit("Customer No", Noun::Customer, "id"));
    }

    #[test]
    fn values_are_known_by_their_words() {
        assert_eq!(kind("Had a call"), Some("call"));
        assert_eq!(kind("Met in person"), Some("visit"));
        assert_eq!(kind("On holiday"), None);
        assert_eq!(value(Noun::Activity, "status", "COMPLETED"), Some("completed"));
        assert_eq!(value(Noun::Activity, "status", "In Progress"), Some("planned"));
        assert_eq!(value(Noun::Lead, "temperature", "Hot"), Some("hot"));
    }
}
