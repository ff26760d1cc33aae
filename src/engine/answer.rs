//! Answers that are not a plain yes, no or number.

/// Whether a thing is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// It would depend on activities of days that are not covered.
    Uncovered,
}

impl Answer {
    pub(super) fn of(yes: bool) -> Self {
        if yes { Answer::Yes } else { Answer::No }
    }

    pub(super) fn is_yes(self) -> bool {
        self == Answer::Yes
    }

    /// All of them: no if one is no.
    pub(super) fn all(answers: impl IntoIterator<Item = Answer>) -> Answer {
        let mut found = Answer::Yes;
        for answer in answers {
            match answer {
                Answer::No => return Answer::No,
                Answer::Uncovered => found = Answer::Uncovered,
                Answer::Yes => {}
            }
        }
        found
    }

    /// Any of them: yes if one is yes.
    pub(super) fn any(answers: impl IntoIterator<Item = Answer>) -> Answer {
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

/// Why there is no number, or no verdict; the reason is empty where it is not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Gap {
    /// The rule says nothing of this subject.
    NotApplicable(String),
    /// A field is unknown.
    Unknown(String),
    /// Activities are not known for all the days that matter.
    Uncovered(String),
}
