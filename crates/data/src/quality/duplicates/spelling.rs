//! Names as they are compared.

use deunicode::deunicode_char;

use crate::names::folded;

/// What joins names, or stands before one, and does not tell it from others.
const JOINING: [&str; 6] = ["and", "og", "och", "und", "et", "ja"];
const BEFORE: [&str; 4] = ["ab", "as", "oy", "the"];

/// The shortest name, and the shortest word of it, that a letter may be wrong in.
const LEAST_NAME: usize = 8;
const LEAST_WORD: usize = 5;

/// The words that tell a name from others, in plain small letters: without signs, accents, legal
/// form, and what joins names. `ä`, `ae` and `æ` are one.
pub(super) fn words(name: &str) -> Vec<String> {
    let folded = folded(name);
    let mut words: Vec<String> = folded.split(' ').map(plain).filter(|w| !w.is_empty()).collect();
    let telling = words.iter().filter(|word| !JOINING.contains(&word.as_str())).count();
    if telling > 0 {
        words.retain(|word| !JOINING.contains(&word.as_str()));
    }
    let is_before = |word: &String| BEFORE.contains(&word.as_str());
    if words.len() > 1 && words.first().is_some_and(is_before) {
        words.remove(0);
    }
    words
}

/// A word in letters without accents.
fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        // What is not Latin says more as it is.
        match deunicode_char(c).filter(|_| c < '\u{250}') {
            Some(letters) => plain.push_str(&letters.to_lowercase()),
            None => plain.push(c),
        }
    }
    let mut one = String::with_capacity(plain.len());
    let mut letters = plain.chars().peekable();
    while let Some(c) = letters.next() {
        one.push(c);
        let is_double = match c {
            'a' => letters.peek().is_some_and(|next| matches!(next, 'a' | 'e')),
            'o' | 'u' => letters.peek() == Some(&'e'),
            _ => false,
        };
        if is_double {
            letters.next();
        }
    }
    one
}

/// The word of a name with one of its letters left out, for each letter but the first, and whole:
/// two words that differ by one letter, or by two that are swapped, have one of these in common.
pub(super) fn nearly(words: &[String], place: usize) -> Vec<String> {
    let letters = words.iter().map(|word| word.chars().count()).sum::<usize>();
    let Some(word) = words.get(place) else { return Vec::new() };
    let count = word.chars().count();
    // A number is never a slip for another one.
    let is_long_enough = letters >= LEAST_NAME && count >= LEAST_WORD;
    if !is_long_enough || word.contains(|c: char| c.is_numeric()) {
        return Vec::new();
    }
    let without = |left_out: usize| {
        word.chars().enumerate().filter(|(i, _)| *i != left_out).map(|(_, c)| c).collect()
    };
    (1..=count).map(without).collect()
}

/// Whether two words are one, but for a letter that is wrong, missing, too many or swapped.
pub(super) fn is_slip(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next() && strsim::osa_distance(a, b) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> String {
        words(name).join(" ")
    }

    #[test]
    fn names_that_are_one_have_the_same_words() {
        for name in ["Møller & Søn A/S", "MOELLER OG SØN", "Moller och Son AB", "A/S Møller, Søn"]
        {
            assert_eq!(key(name), "moller son", "{name}");
        }
        assert_eq!(key("Cafe\u{301} Aarhus"), key("Café Århus"));
        assert_eq!(key("日本海上"), "日本海上");
        assert_eq!(key("A/S"), "as");
        assert_eq!(key("Og"), "og");
        assert_eq!(key(" - "), "");
    }

    #[test]
    fn a_slip_is_one_letter_and_not_the_first() {
        for other in ["mikkelsen", "mikelsen", "mikkelesn", "mikkelsens"] {
            assert!(other == "mikkelsen" || is_slip("mikkelsen", other), "{other}");
        }
        for other in ["mikkelsen", "nikkelsen", "mikkolsan"] {
            assert!(!is_slip("mikkelsen", other), "{other}");
        }
    }

    #[test]
    fn slips_meet_in_a_word_with_a_letter_left_out() {
        let meet = |a: &str, b: &str| {
            let (a, b) = (words(a), words(b));
            let others = nearly(&b, 0);
            nearly(&a, 0).iter().any(|one| others.contains(one))
        };
        assert!(meet("Mikkelsen", "Mikelsen") && meet("Mikkelsen", "Mikkelesn"));
        assert!(meet("Mikkelsen", "Mikkolsen"));
        assert!(!meet("Mikkelsen", "Nikkelsen"));
        assert!(!meet("Kunde12345", "Kunde12346"), "numbers");
        assert!(!meet("Lind", "Lund"), "short");
    }
}
