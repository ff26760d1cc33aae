//! Whether two names or addresses are probably of one.

/// What stands at the end of a company's name and says of what form it is.
const LEGAL_FORMS: [&str; 40] = [
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "doo",
    "ehf",
    "gmbh",
    "hf",
    "holding",
    "inc",
    "incorporated",
    "is",
    "ivs",
    "kft",
    "kg",
    "ks",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "nv",
    "oy",
    "oyj",
    "plc",
    "pty",
    "sa",
    "sarl",
    "sas",
    "se",
    "sl",
    "spa",
    "srl",
    "zoo",
];

/// A name in small letters without signs, and without the legal form at its end; a mail address
/// in small letters.
pub(crate) fn folded(text: &str) -> String {
    let text = text.trim();
    if let Some(address) = mail_address(text) {
        return address;
    }
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '(' | ')' | '_'))
    {
        let word: String =
            word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if !word.is_empty() {
            words.push(word);
        }
    }
    while words.len() > 1 && words.last().is_some_and(|last| LEGAL_FORMS.contains(&last.as_str())) {
        words.pop();
    }
    words.join(" ")
}

/// `mailto:Kim@Acme.dk` and `Kim <kim@acme.dk>` as `kim@acme.dk`.
pub(crate) fn mail_address(text: &str) -> Option<String> {
    let text = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches('>'));
    let lower = text.trim().to_lowercase();
    let address = lower.strip_prefix("mailto:").unwrap_or(&lower);
    let (person, domain) = address.split_once('@')?;
    let is_good =
        !person.is_empty() && !domain.is_empty() && !address.contains(char::is_whitespace);
    is_good.then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one() {
        for name in ["Acme A/S", "ACME", "acme a/s.", " Acme, Inc. ", "Acme Holding ApS"] {
            assert_eq!(folded(name), "acme", "{name}");
        }
        assert_eq!(folded("Møller & Sønner"), "møller sønner");
        assert_eq!(folded("A/S"), "as");
        assert_eq!(folded("Kim Lind <Kim@Acme.dk>"), "kim@acme.dk");
        assert_eq!(folded("MAILTO:Kim@Acme.dk"), "kim@acme.dk");
    }
}
