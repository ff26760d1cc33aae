//! Contacts as vCard.
#![no_main]

use importing::{by_mapping, hold};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = kadence_data::vcard::cards(bytes);
    hold(&by_mapping("cards.vcf", bytes));
});
