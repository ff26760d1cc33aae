//! The nearest known name to one that is unknown.

/// The name of `known` that `written` most probably was meant to be: few edits away, the
/// alphabetically first of equals.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match written.chars().count() {
        0 => return None,
        1..=4 => 1,
        5..=7 => 2,
        _ => 3,
    };
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(written, name), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_letter_is_found_and_a_stranger_is_not() {
        let known = ["touchpoints", "touchpoint", "visits"];
        assert_eq!(nearest("touchpionts", known), Some("touchpoints"));
        assert_eq!(nearest("revenue", known), None);
        assert_eq!(nearest("", known), None);
    }
}
