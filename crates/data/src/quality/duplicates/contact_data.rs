//! Mail addresses and phone numbers as they are compared.

use crate::names::mail_address;

/// Providers that anybody may have an address of, by their whole domain.
const PROVIDERS: [&str; 39] = [
    "163.com",
    "aol.com",
    "bredband.net",
    "btinternet.com",
    "comcast.net",
    "email.dk",
    "fastmail.com",
    "free.fr",
    "hey.com",
    "home.se",
    "icloud.com",
    "jubii.dk",
    "kolumbus.fi",
    "laposte.net",
    "libero.it",
    "luukku.com",
    "mac.com",
    "mail.com",
    "mail.dk",
    "mail.ru",
    "me.com",
    "msn.com",
    "ofir.dk",
    "online.no",
    "orange.fr",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rocketmail.com",
    "spray.se",
    "stofanet.dk",
    "t-online.de",
    "telia.com",
    "tutanota.com",
    "wanadoo.fr",
    "web.de",
    "webspeed.dk",
    "zoho.com",
];

/// The same under every country's domain: `yahoo.dk`, `yahoo.co.uk`.
const PROVIDERS_EVERYWHERE: [&str; 9] =
    ["gmail", "gmx", "googlemail", "hotmail", "live", "outlook", "yahoo", "yandex", "ymail"];

/// What stands before the `@` of an address that several people read.
const SHARED: [&str; 24] = [
    "admin",
    "bogholderi",
    "booking",
    "contact",
    "ekonomi",
    "faktura",
    "firmapost",
    "hello",
    "hej",
    "info",
    "invoice",
    "kontakt",
    "kontor",
    "mail",
    "no-reply",
    "noreply",
    "office",
    "order",
    "post",
    "reception",
    "sales",
    "salg",
    "service",
    "support",
];

/// The address of a person.
pub(super) fn own_address(text: &str) -> Option<String> {
    let address = mail_address(text)?;
    let (person, _) = address.split_once('@')?;
    (!SHARED.contains(&person)).then_some(address)
}

/// The domain of an address, or of a web page, if it is a company's own.
pub(super) fn own_domain(text: &str) -> Option<String> {
    let domain = match mail_address(text) {
        Some(address) => address.split_once('@')?.1.to_owned(),
        None => {
            let lower = text.trim().to_lowercase();
            let host = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
            host.split(['/', '?', '#', ':']).next()?.to_owned()
        }
    };
    let domain = domain.trim_end_matches('.');
    let domain = domain.strip_prefix("www.").unwrap_or(domain);
    let name = domain.split('.').next()?;
    let is_own = !domain.contains(char::is_whitespace)
        && domain.contains('.')
        && !PROVIDERS.contains(&domain)
        && !PROVIDERS_EVERYWHERE.contains(&name);
    is_own.then(|| domain.to_owned())
}

/// The last eight digits of a phone number, which are the same with and without the country's
/// and the trunk's; none if it has fewer.
pub(super) fn phone(text: &str) -> Option<String> {
    // What follows is an extension, or a second number.
    let number = text.split(|c: char| c.is_alphabetic() || matches!(c, ';' | '/' | ','));
    let digits = number.map(|part| part.chars().filter(char::is_ascii_digit).collect::<String>());
    let digits = digits.into_iter().find(|digits| digits.len() >= 8)?;
    let last = digits.get(digits.len().checked_sub(8)?..)?;
    let is_one_digit = last.chars().all(|digit| last.starts_with(digit));
    (!is_one_digit).then(|| last.to_owned())
}

/// What a field holds, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Mail,
    Phone,
    Web,
}

/// What a text field of that name holds.
pub(super) fn holds(field: &str) -> Option<Holds> {
    let lower = field.to_lowercase();
    let words: Vec<&str> = lower.split(['_', '-']).collect();
    let has = |known: &[&str]| known.iter().any(|word| words.contains(word));
    if lower.contains("mail") {
        Some(Holds::Mail)
    } else if lower.contains("phone")
        || lower.contains("mobil")
        || lower.contains("telefon")
        || lower.contains("puhelin")
        || has(&["tel", "tlf", "cell"])
    {
        Some(Holds::Phone)
    } else if lower.contains("website") || has(&["domain", "homepage", "url", "web"]) {
        Some(Holds::Web)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for text in ["+45 12 34 56 78", "0045 12345678", "12.34.56.78", "(+45) 1234-5678 ext. 9"] {
            assert_eq!(phone(text).as_deref(), Some("12345678"), "{text}");
        }
        assert_eq!(phone("+46 8 123 456 78"), phone("08-123 456 78"));
        assert_eq!(phone("724-857-2625"), phone("+1 (724) 857-2625"));
        for none in ["", "112", "n/a", "00000000", "99999999", "1234567"] {
            assert_eq!(phone(none), None, "{none}");
        }
    }

    #[test]
    fn a_domain_is_a_companys_own() {
        assert_eq!(own_domain("Kim <Kim@Acme.dk>").as_deref(), Some("acme.dk"));
        assert_eq!(own_domain("https://www.acme.dk/about?x").as_deref(), Some("acme.dk"));
        for none in ["kim@gmail.com", "kim@yahoo.co.uk", "kim@mail.dk", "acme", "", "see acme.dk"] {
            assert_eq!(own_domain(none), None, "{none}");
        }
    }

    #[test]
    fn an_address_that_several_read_is_no_persons() {
        assert_eq!(own_address("KIM@gmail.com").as_deref(), Some("kim@gmail.com"));
        assert_eq!(own_address("info@acme.dk"), None);
        assert_eq!(own_address("kim"), None);
    }

    #[test]
    fn a_field_says_by_its_name_what_it_holds() {
        for name in ["phone", "Mobil", "tel_work", "telefonnummer", "tlf"] {
            assert_eq!(holds(name), Some(Holds::Phone), "{name}");
        }
        assert_eq!(holds("email"), Some(Holds::Mail));
        assert_eq!(holds("website"), Some(Holds::Web));
        for name in ["hotel", "region", "webinar_title", "name"] {
            assert_eq!(holds(name), None, "{name}");
        }
    }
}
