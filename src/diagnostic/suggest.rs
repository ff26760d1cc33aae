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

/// The ids and names of the things that were probably meant: all that have the name, else all whose
/// names begin so, else the nearest by id or by name.
pub(crate) fn nearest_things<'a>(
    written: &str,
    known: impl IntoIterator<Item = (String, Option<&'a str>)>,
) -> Vec<(String, Option<String>)> {
    let known: Vec<(String, Option<&str>)> = known.into_iter().collect();
    let folded = written.to_lowercase();
    let named = |is_meant: &dyn Fn(&str) -> bool| {
        let is_named = |(_, name): &&(String, Option<&str>)| {
            !folded.is_empty() && name.is_some_and(|name| is_meant(&name.to_lowercase()))
        };
        known.iter().filter(is_named).collect::<Vec<_>>()
    };
    let by_id = || {
        let near = nearest(written, known.iter().map(|(id, _)| id.as_str()))?;
        known.iter().find(|(id, _)| id == near)
    };
    let by_like_name = || {
        let near = nearest(written, known.iter().filter_map(|(_, name)| *name))?;
        known.iter().find(|(_, name)| *name == Some(near))
    };
    let mut found = named(&|name| name == folded);
    if found.is_empty() {
        found = named(&|name| name.starts_with(&folded));
    }
    if found.is_empty() {
        found.extend(by_id().or_else(by_like_name));
    }
    found.into_iter().map(|(id, name)| (id.clone(), name.map(str::to_owned))).collect()
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
