//! What calendars know acts by: made from the verdict that an act serves, so that it stays.

use kadence::worklist::rehearsal::Lost;

/// What all of them start with.
pub(crate) const START: &str = "plan-";

/// From who acts, the rule, the subject, and the period, or else what counted last.
pub(crate) fn of(seller: &str, rule: &str, lost: &Lost) -> String {
    let period = lost.period.filter(|_| !lost.is_standing).map(|period| period.from.to_string());
    let parts = [
        seller,
        rule,
        &lost.subject,
        period.as_deref().unwrap_or_default(),
        lost.rests_on.as_deref().unwrap_or_default(),
    ];
    of_parts(&parts)
}

/// From another act's, and the moment: no calendar of an earlier plan can have it.
pub(crate) fn new_at(as_of: &str, id: &str) -> String {
    of_parts(&[id, as_of])
}

fn of_parts(parts: &[&str]) -> String {
    format!("{START}{}", hashed(parts))
}

/// Texts as one that is short.
pub(crate) fn hashed(parts: &[&str]) -> String {
    format!("{:016x}", hash(parts.join("\0").as_bytes()))
}

/// The first of an act's ids that is free.
pub(crate) fn free(id: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut free = id.to_owned();
    let mut n = 1;
    while is_taken(&free) {
        n += 1;
        free = format!("{id}-{n}");
    }
    free
}

/// FNV-1a: the same on every machine, and in every version.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
