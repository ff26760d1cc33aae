//! Bytes as text, and places in it.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use kadence::{Place, Problem};

/// A line and a column, from one; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Spot {
    pub(crate) const START: Spot = Spot { line: 1, column: 1 };

    pub(crate) fn in_file(self, file: &str) -> Place {
        Place { file: file.to_owned(), line: self.line, column: self.column }
    }

    /// The place after these bytes. Lines end with `\n`, `\r\n` or `\r`.
    pub(crate) fn after(mut self, bytes: &[u8]) -> Spot {
        let mut rest = bytes.iter().copied().peekable();
        while let Some(byte) = rest.next() {
            self = self.after_byte(byte, rest.peek().copied());
        }
        self
    }

    pub(crate) fn after_byte(self, byte: u8, next: Option<u8>) -> Spot {
        match byte {
            b'\r' if next == Some(b'\n') => self,
            b'\n' | b'\r' => Spot { line: self.line.saturating_add(1), column: 1 },
            continuation if continuation & 0xC0 == 0x80 => self,
            _ => Spot { column: self.column.saturating_add(1), ..self },
        }
    }
}

/// The places in a text of which many are asked for.
#[derive(Debug)]
pub(crate) struct Spots<'t> {
    text: &'t [u8],
    /// That of every so many bytes.
    known: Vec<Spot>,
}

impl<'t> Spots<'t> {
    const EVERY: usize = 256;

    pub(crate) fn of(text: &'t [u8]) -> Spots<'t> {
        let (mut known, mut at) = (Vec::new(), Spot::START);
        for (i, byte) in text.iter().copied().enumerate() {
            if i.is_multiple_of(Self::EVERY) {
                known.push(at);
            }
            at = at.after_byte(byte, text.get(i + 1).copied());
        }
        Spots { text, known }
    }

    /// The place of that byte, or the end.
    pub(crate) fn at(&self, byte: usize) -> Spot {
        let byte = byte.min(self.text.len());
        let before = (byte / Self::EVERY).min(self.known.len().saturating_sub(1));
        let rest = self.text.get(before * Self::EVERY..byte).unwrap_or_default();
        self.known.get(before).copied().unwrap_or(Spot::START).after(rest)
    }
}

/// The first byte that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotUtf8 {
    pub(crate) byte: u8,
    pub(crate) at: Spot,
}

/// What is expected where bytes are not UTF-8.
pub(crate) const EXPECTED_UTF8: &str =
    "expected UTF-8; a file saved as Latin-1 or Windows-1252 has such bytes";

impl NotUtf8 {
    pub(crate) fn message(self) -> String {
        format!("byte 0x{:02X} is not UTF-8", self.byte)
    }

    pub(crate) fn problem(self, file: &str) -> Problem {
        Problem {
            place: Some(self.at.in_file(file)),
            subject: String::new(),
            message: self.message(),
            expected: Some(EXPECTED_UTF8.to_owned()),
        }
    }
}

/// The text of a file in whatever encoding, as UTF-8 without a mark.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// Where there are letters of several bytes and others that are none, these are left as they
    /// are: the file is UTF-8, and damaged.
    pub(crate) text: Cow<'a, [u8]>,
    /// The encoding, if it is another.
    pub(crate) encoding: Option<&'static Encoding>,
}

/// Finds out the encoding: by its mark, else by whether it is UTF-8, else by what its bytes would
/// mean in which.
pub(crate) fn decoded(bytes: &[u8]) -> Decoded<'_> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) if encoding != UTF_8 => encoding,
        Some(_) => return Decoded { text: Cow::Borrowed(without_bom(bytes)), encoding: None },
        None if !is_of_single_bytes(bytes) => {
            return Decoded { text: Cow::Borrowed(bytes), encoding: None };
        }
        None => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
            detector.feed(bytes, true);
            detector.guess(None, Utf8Detection::Deny)
        }
    };
    let (text, encoding, _) = encoding.decode(bytes);
    Decoded { text: Cow::Owned(text.into_owned().into_bytes()), encoding: Some(encoding) }
}

/// Whether there are bytes that are not UTF-8, and no letter of several bytes.
fn is_of_single_bytes(bytes: &[u8]) -> bool {
    let chunks = || bytes.utf8_chunks();
    chunks().any(|chunk| !chunk.invalid().is_empty())
        && chunks().all(|chunk| chunk.valid().is_ascii())
}

/// The bytes as text; where they are none, the place of the first that is not, counted from
/// `start`.
pub(crate) fn utf8(bytes: &[u8], start: Spot) -> Result<&str, NotUtf8> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (good, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
        NotUtf8 { byte: rest.first().copied().unwrap_or(0), at: start.after(good) }
    })
}

/// The mark that some programs put before UTF-8.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Without the mark that some programs put before UTF-8.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BOM).unwrap_or(bytes)
}

/// That a file is UTF-16, if it has the mark of that.
pub(crate) fn utf16_problem(bytes: &[u8], file: &str) -> Option<Problem> {
    let is_utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    is_utf16.then(|| Problem {
        place: Some(Spot::START.in_file(file)),
        subject: String::new(),
        message: "the file is UTF-16".to_owned(),
        expected: Some("expected UTF-8: save it as that".to_owned()),
    })
}

/// A text from a file in back-ticks, on one line and not too long.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 64;
    let mut quoted = String::from("`");
    for c in text.chars().take(LONGEST) {
        if c.is_control() { quoted.extend(c.escape_default()) } else { quoted.push(c) }
    }
    quoted.push_str(if text.chars().nth(LONGEST).is_some() { "…`" } else { "`" });
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_place_is_what_comes_after_all_before_it(
            text in "(a|ø|\r\n|\n| ){0,900}",
            byte in 0_usize..2000,
        ) {
            let bytes = text.as_bytes();
            let before = bytes.get(..byte).unwrap_or(bytes);
            // A line that ends with two bytes has no place between them.
            prop_assume!(!before.ends_with(b"\r"));
            prop_assert_eq!(Spots::of(bytes).at(byte), Spot::START.after(before));
        }
    }
}
