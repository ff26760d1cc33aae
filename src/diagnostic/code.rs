//! The codes of diagnostics. Each has a page in `docs/errors/`.

use std::fmt;

macro_rules! codes {
    ($($name:ident $summary:literal,)*) => {
        /// What kind of fault a diagnostic is about. Codes are never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $summary] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as it is written, `K012`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$name => stringify!($name),)* }
            }

            /// What it is about, in a few words.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$name => $summary,)* }
            }

            /// The page that explains it, in Markdown: what is wrong, an example, the mend.
            pub fn page(self) -> &'static str {
                match self {
                    $(Code::$name => include_str!(concat!("../../docs/errors/", stringify!($name), ".md")),)*
                }
            }
        }
    };
}

codes! {
    K001 "a word or sign that cannot stand here",
    K002 "an indented line that continues nothing",
    K003 "brackets or phrases nested too deeply",
    K004 "a file that is too large",
    K005 "a number that cannot be held exactly",
    K006 "a day or time that does not exist",
    K007 "a string that does not end, or an unknown escape",
    K008 "a comparison after `that` without brackets",
    K009 "an unknown kind of item",
    K010 "a modifier or setting given twice",
    K011 "an unknown field",
    K012 "an unknown noun",
    K013 "an unknown adjective",
    K014 "an unknown rule or list",
    K015 "an unknown goal",
    K016 "a name defined twice",
    K017 "two rules with one id",
    K018 "definitions that go in a circle",
    K019 "rules that meet each other in a circle",
    K020 "files that use each other in a circle",
    K021 "a file that the host does not give",
    K022 "a reserved word as a name",
    K023 "a standard noun defined anew",
    K024 "a value that the field does not have",
    K025 "a value of the wrong type",
    K026 "a value in the wrong unit",
    K027 "a condition where a measure belongs, or the other way round",
    K028 "things that the subject does not have",
    K029 "a phrase that must be about activities",
    K030 "alternatives of different kinds",
    K031 "adjectives that exclude each other",
    K032 "nothing to prorate",
    K033 "a window that does not fit",
    K034 "segments that overlap",
    K035 "a second calendar",
    K036 "a calendar setting that cannot be",
    K037 "an unknown segment",
    K038 "a path of more than three dots",
    K039 "a dot after something that refers to nothing",
    K040 "a definition that grows too large",
    K041 "a test that names an unknown id",
    K042 "a test that gives an id twice",
    K043 "a test that expects nothing",
    K044 "a `given` that cannot be read",
    K045 "`followed by` for a subject that is no activity",
    K046 "a rule met by a subject of another kind",
    K047 "dates in the wrong order",
    K048 "holidays that cannot be read",
    K049 "a silence without a reason",
    K050 "a silence that silences nothing",
    K051 "a name that is never used",
    K052 "an activity kind that no rule looks at",
    K053 "a number field that hides a noun",
    K054 "a rule that does not say why",
    K055 "a rule of no weight",
    K056 "a modifier that changes nothing, or everything",
    K057 "a rule that no test looks at while it is in force",
    K058 "an expectation that cannot fail",
    K059 "a range with its ends exchanged",
    K060 "a threshold that no calendar allows",
    K061 "a goal that its spacing does not allow",
    K062 "a cadence and a count that clash",
    K063 "an alternative that another one has already",
    K065 "a list that lists nothing",
    K066 "segments that leave a gap",
    K067 "a result without an effort that leads to it",
    K068 "a list with a limit and no order",
    K069 "a goal that no rule supports",
    K070 "rules that contradict each other",
    K071 "a rule that another implies",
    K072 "a condition that is never true",
    K073 "a condition that is always true",
    K074 "a phrase that nothing is of",
    K075 "a rate that cannot be assumed",
}

impl Code {
    /// Whether it is about rules that can be used but are probably not what was meant: what
    /// [`RuleSet::findings`](crate::RuleSet::findings) finds, and a comment can silence.
    pub fn is_finding(self) -> bool {
        ("K049".."K075").contains(&self.name())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such code `{0}`: codes run from K001 to {last}{but}", last = last(), but = unused())]
pub struct UnknownCode(String);

fn last() -> &'static str {
    Code::ALL.last().map_or("", |code| code.name())
}

/// `, without K064`: the numbers between the codes that are no code.
fn unused() -> String {
    let is_code = |name: &String| Code::ALL.iter().any(|code| code.name() == name);
    let names = (1..).map(|n| format!("K{n:03}")).take_while(|name| name != last());
    let unused: Vec<String> = names.filter(|name| !is_code(name)).collect();
    if unused.is_empty() { String::new() } else { format!(", without {}", unused.join(" and ")) }
}

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let wanted = text.trim().to_uppercase();
        let found = Code::ALL.iter().find(|c| c.name() == wanted);
        found.copied().ok_or_else(|| UnknownCode(text.to_owned()))
    }
}
