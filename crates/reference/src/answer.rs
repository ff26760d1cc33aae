//! Answers that are not a plain yes, no or number.

/// Whether a thing is one of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// It would depend on activities of days that are not covered.
    Uncovered,
}

impl Answer {
    pub(crate) fn of(yes: bool) -> Self {
        if yes { Answer::Yes } else { Answer::No }
    }

    pub(crate) fn is_yes(self) -> bool {
        self == Answer::Yes
    }

    /// Both: no if one is no.
    pub(crate) fn and(self, other: impl FnOnce() -> Answer) -> Answer {
        match self {
            Answer::No => Answer::No,
            Answer::Yes => other(),
            Answer::Uncovered => match other() {
                Answer::No => Answer::No,
                _ => Answer::Uncovered,
            },
        }
    }

    /// Any of them: yes if one is yes.
    pub(crate) fn any(answers: impl IntoIterator<Item = Answer>) -> Answer {
        let mut found = Answer::No;
        for answer in answers {
            match answer {
                Answer::Yes => return Answer::Yes,
                Answer::Uncovered => found = Answer::Uncovered,
                Answer::No => {}
            }
        }
        found
    }
}

/// Why there is no number, or no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gap {
    /// The rule says nothing of this subject.
    NotApplicable(String),
    /// A field is unknown.
    Unknown(String),
    /// Activities are not known for all the days that matter.
    Uncovered(String),
}

impl Gap {
    pub(crate) fn reason(&self) -> &str {
        match self {
            Gap::NotApplicable(reason) | Gap::Unknown(reason) | Gap::Uncovered(reason) => reason,
        }
    }
}
