//! Which tests to run.

use kadence::TestInfo;

/// Takes every test, or those of which something contains one of some texts.
pub(super) struct Filter {
    /// In lower case.
    texts: Vec<String>,
}

impl Filter {
    pub(super) fn new(texts: &[String]) -> Filter {
        Filter { texts: texts.iter().map(|text| text.to_lowercase()).collect() }
    }

    pub(super) fn takes_all(&self) -> bool {
        self.texts.is_empty()
    }

    /// A test is found by its name, the path of its file, and the rules and lists of which it
    /// expects something.
    pub(super) fn takes(&self, test: &TestInfo<'_>) -> bool {
        let words = [test.name, test.file].into_iter().chain(test.of.iter().copied());
        let words: Vec<String> = words.map(str::to_lowercase).collect();
        let is_in = |text: &String| words.iter().any(|word| word.contains(text));
        self.takes_all() || self.texts.iter().any(is_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_found_by_name_file_rule_and_list() {
        let test = TestInfo {
            name: "Two people",
            file: "rules/a_test.kpi",
            of: vec!["a-breadth", "Call day: fair"],
        };
        let takes = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            Filter::new(&texts).takes(&test)
        };
        assert!(takes(&[]) && takes(&["people"]) && takes(&["PEOPLE"]) && takes(&["rules/a"]));
        assert!(takes(&["breadth"]) && takes(&["call day"]) && takes(&["no", "two"]));
        assert!(!takes(&["three"]) && !takes(&["a-contact", "b-contact"]));
    }
}
