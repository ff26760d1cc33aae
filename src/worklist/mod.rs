//! From verdicts to what is to be done: the lists that a rule file asks for, and the list *what to
//! do*.
//!
//! Nothing is known here of what rules mean. Whether an act would serve a rule is found out by making
//! it up: the rules judge the data once more with the act in it, and where a verdict is better then,
//! the act serves it. What no act serves is worded by the story of the verdict.
//!
//! The types of both lists are the stable JSON of `docs/lists.schema.json`: serialised, they are it.
//!
//! - `open`: verdicts that ask for something; `cluster`: what one act could serve of them
//! - `trial`: acts that are made up and judged; `choose`: which of them are done
//! - `todo`: what to do; `listed`: the file's own lists
//! - `rehearsal`: how things will stand on a later day, with acts in the data
//! - `reach`: how somebody is reached, and when that was tried last; `words`: acts in plain words

mod choose;
mod cluster;
mod listed;
mod open;
mod reach;
pub mod rehearsal;
mod todo;
mod trial;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::diagnostic::nearest;
use crate::engine::{self, Evaluation, Store};
use crate::model::{Dataset, FieldRef, Noun, Number};
use crate::plan::Plan;
use crate::ruleset::{EvaluateError, Options, RuleSet};
use crate::verdict::{Enough, ReportProblem, RuleInfo, Severity, Subject, Verdict};

pub use reach::{MAIL_FIELDS, PHONE_FIELDS};

/// For how many days it is looked ahead at most: as far as verdicts do.
const FARTHEST: u32 = 400;

/// Rules and data as of a moment, from which lists are made.
///
/// ```
/// use kadence::worklist::{Ask, Doing, Worklists};
/// use kadence::{AsOf, Customer, Dataset, NoFiles, Options, RuleSet, Seller};
///
/// let text = "customer: touchpoints >= 2 per year     as in-touch\n\
///             customer: visit every 90 days           as seen   weight 3\n";
/// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
/// let mut data = Dataset::builder(rules.schema());
/// data.add(Seller::new("kim"));
/// let (owner, created) = (Some("kim".into()), "2024-01-01".parse().ok());
/// data.add(Customer { owner, created, ..Customer::new("acme") });
/// let (data, _notes) = data.build()?;
///
/// let options = Options::at("2026-11-15".parse::<AsOf>()?);
/// let lists = Worklists::new(&rules, &data, &options)?;
/// let todo = lists.what_to_do(&Ask::default())?;
/// let acme = &todo.sellers[0].todo[0];
/// assert_eq!(acme.subject.id, "acme");
/// // One visit serves both rules.
/// assert!(matches!(&acme.acts[0].doing, Doing::Activity { kinds, .. } if *kinds == ["visit"]));
/// assert_eq!(acme.acts[0].serves.len(), 2);
/// assert_eq!(acme.acts[0].to_string(), "visit");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Worklists<'r> {
    rules: &'r RuleSet,
    plan: Arc<Plan>,
    store: Store,
    fields: BTreeSet<FieldRef>,
    options: Options,
}

/// What is wanted of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// How many days ahead it is looked for what stands well and would not any more, if nothing
    /// happened but what is planned; 14 unless set, and 400 at most. What is missed or at risk is
    /// listed whenever it is due.
    pub within: u32,
    /// Only what this seller is to do, by id.
    pub seller: Option<String>,
    /// Only what serves one of these rules, by their ids; all if empty.
    pub rules: Vec<String>,
    /// How many of each seller's are listed at most, the first of them.
    pub limit: Option<usize>,
}

impl Default for Ask {
    fn default() -> Self {
        Ask { within: 14, seller: None, rules: Vec::new(), limit: None }
    }
}

/// Every subject that needs an act, once.
///
/// Every verdict that is missed or at risk and on which acting helps is served by exactly one act,
/// and so is every one that would stand worse within the days that are looked ahead. What is final
/// is not on it, and nothing for which it is too late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhatToDo {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: String,
    /// The as-of day.
    pub day: NaiveDate,
    /// The last day that is looked ahead to.
    pub until: NaiveDate,
    /// The rules that something on the list serves or counts for, as written.
    pub rules: Vec<RuleInfo>,
    /// The lists that the rule file has beside this one, as written.
    pub lists: Vec<ListInfo>,
    /// By who is to act: sellers by id, then what is nobody's.
    pub sellers: Vec<SellerToDo>,
    /// What was wrong with the data, or is worth saying about it: a host that read it says so here.
    pub problems: Vec<ReportProblem>,
}

/// What one seller is to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SellerToDo {
    /// The seller; none of what nobody owns, or what is a team's or the company's.
    pub seller: Option<Subject>,
    /// How many were left out by the limit.
    pub left_out: u64,
    /// By due date, then by weight, the heaviest first, then by severity, noun and id.
    pub todo: Vec<ToDo>,
}

/// A subject, and what is to be done about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToDo {
    /// With whom or about what something is to be done.
    pub subject: Subject,
    /// What it is, where the subject is an activity.
    pub activity: Option<Touch>,
    /// The customer or lead behind it, where that is not the subject.
    pub about: Option<Subject>,
    /// The id of the seller who is to act.
    pub owner: Option<String>,
    /// The id of the team that it belongs to.
    pub team: Option<String>,
    /// The first day on which something of it is due.
    pub due: Option<NaiveDate>,
    /// What all rules weigh that it serves.
    pub weight: Number,
    /// The highest severity of these.
    pub severity: Severity,
    /// What is to be done, the first due first.
    pub acts: Vec<Act>,
    /// The last contact.
    pub last: Option<Touch>,
    /// The next planned one.
    pub next: Option<Touch>,
    /// How somebody is reached.
    pub reach: Reach,
}

/// Something that is to be done, with all that it serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// What.
    #[serde(flatten)]
    pub doing: Doing,
    /// The first day on which something that it serves is due.
    pub due: Option<NaiveDate>,
    /// The verdicts that it makes better: by due date, then rules as written, then subjects by id.
    pub serves: Vec<Verdict>,
    /// What it counts for beside them and that has a line of its own: a seller's month, say.
    pub counts_for: Vec<Toward>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Doing {
    /// One activity.
    Activity {
        /// Of one of these kinds: each serves as well as the others.
        kinds: Vec<String>,
        /// Whether any kind that there is will do.
        any: bool,
        /// The contact with whom; none where it does not matter.
        with: Option<Subject>,
        /// The id of the activity that it has to name as the one that led to it.
        follows: Option<String>,
    },
    /// Something is to be written down.
    Record {
        /// These fields of the subject.
        fields: Vec<String>,
    },
    /// What no single act reaches: several activities, or something else that has to change.
    Enough {
        /// What would be enough.
        enough: Enough,
    },
}

/// A verdict that something counts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toward {
    /// The rule's id.
    pub rule: String,
    /// Who or what is judged.
    pub subject: Subject,
    /// As one of these kinds it counts.
    pub kinds: Vec<String>,
}

/// An activity: when, and what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// Its id.
    pub id: String,
    /// Its day.
    pub day: NaiveDate,
    /// Its kind.
    pub kind: String,
    /// The id of the seller whose it is.
    pub seller: Option<String>,
}

/// How somebody is reached, as far as the data says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Whom to ask for: the contact with whom to speak, else the one of the last contact, else the
    /// first by id of whom a number or an address is known.
    pub person: Option<Person>,
    /// The person's number, else the customer's or lead's.
    pub phone: Option<String>,
    /// The person's mail address, else the customer's or lead's.
    pub mail: Option<String>,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: String,
    /// What people call them.
    pub name: Option<String>,
    /// What they do at the customer.
    pub role: Option<String>,
}

/// A list of the rule file, with what a caller needs beside each subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallList {
    /// The version of this format; goes up when a field changes its meaning or goes away.
    pub schema: u32,
    /// The as-of instant, with the offset of the rule set's zone.
    pub as_of: String,
    /// The as-of day.
    pub day: NaiveDate,
    /// Its name.
    pub name: String,
    /// How many were left out by what was asked for, beside the list's own limit.
    pub left_out: u64,
    /// In the order of the list.
    pub subjects: Vec<Listed>,
    /// What was wrong with the data, or is worth saying about it: a host that read it says so here.
    pub problems: Vec<ReportProblem>,
}

/// A subject of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// What it is.
    pub subject: Subject,
    /// What it is, where the subject is an activity.
    pub activity: Option<Touch>,
    /// The customer or lead behind it, where that is not the subject.
    pub about: Option<Subject>,
    /// The id of the seller it belongs to.
    pub owner: Option<String>,
    /// The id of the team that it belongs to.
    pub team: Option<String>,
    /// The last contact.
    pub last: Option<Touch>,
    /// The next planned one.
    pub next: Option<Touch>,
    /// How somebody is reached.
    pub reach: Reach,
    /// The rules that it misses or is at risk to miss, and that can still be met, as written.
    pub open: Vec<String>,
}

/// A list that a rule set has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListInfo {
    /// Its name.
    pub name: String,
    /// The noun of its subjects.
    pub subject: String,
    /// Which they are, as written.
    pub of: String,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorklistError {
    /// Nothing can be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// There is no such list, seller or rule.
    #[error("no {what} {named} `{written}`{}", nearest.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?")))]
    Unknown {
        /// `list`, `seller` or `rule`.
        what: &'static str,
        /// `is called` or `has the id`.
        named: &'static str,
        /// What was asked for.
        written: String,
        /// What was perhaps meant.
        nearest: Option<String>,
    },
}

impl<'r> Worklists<'r> {
    /// Prepares data for rules as of a moment.
    ///
    /// [`Options::only`] and [`Options::history`] are not looked at: an act is chosen by all that it
    /// serves, and serves what is now.
    ///
    /// # Errors
    ///
    /// The dataset was built for rules with another zone, other kinds or other fields.
    pub fn new(
        rules: &'r RuleSet,
        data: &Dataset,
        options: &Options,
    ) -> Result<Self, EvaluateError> {
        if !rules.schema().fits(data.schema()) {
            return Err(EvaluateError::OtherSchema);
        }
        let plan = rules.plan_for(data.schema());
        let mut fields = plan.reads().fields;
        fields.extend(reach::fields(data.schema()));
        let store = Store::new(data, &plan.calendar, &fields);
        store.warm(&plan.owners());
        let options = Options { history: false, only: Vec::new(), ..options.clone() };
        Ok(Worklists { rules, plan, store, fields, options })
    }

    /// The lists that the rules have, as written.
    pub fn lists(&self) -> impl Iterator<Item = ListInfo> {
        self.rules.compiled().lists.iter().map(|list| ListInfo {
            name: list.name.clone(),
            subject: list.phrase.noun.singular().to_owned(),
            of: list.phrase.text.clone(),
        })
    }

    /// Every subject that needs an act, once, with all the rules that one act would serve.
    ///
    /// # Errors
    ///
    /// What is asked for names a seller or a rule that there is not.
    pub fn what_to_do(&self, ask: &Ask) -> Result<WhatToDo, WorklistError> {
        self.knows(ask)?;
        Ok(todo::what_to_do(self, ask))
    }

    /// A list of the rule file, by name.
    ///
    /// # Errors
    ///
    /// There is no such list; or what is asked for names a seller or a rule that there is not.
    pub fn list(&self, name: &str, ask: &Ask) -> Result<CallList, WorklistError> {
        let lists = &self.rules.compiled().lists;
        let Some(index) = lists.iter().position(|list| list.name == name) else {
            let known = lists.iter().map(|list| list.name.as_str());
            return Err(unknown(("list", "is called"), name, known));
        };
        self.knows(ask)?;
        Ok(listed::list(self, index, ask))
    }

    fn knows(&self, ask: &Ask) -> Result<(), WorklistError> {
        let rules: Vec<&str> = self.plan.rules.iter().map(|rule| rule.id.as_ref()).collect();
        if let Some(rule) = ask.rules.iter().find(|id| !rules.contains(&id.as_str())) {
            return Err(unknown(("rule", "has the id"), rule, rules));
        }
        match &ask.seller {
            Some(seller) if self.store.find(Noun::Seller, seller).is_none() => {
                let sellers = self.store.items(Noun::Seller);
                let ids: Vec<_> = sellers.map(|item| self.store.id(item)).collect();
                Err(unknown(("seller", "has the id"), seller, ids.iter().map(|id| &**id)))
            }
            _ => Ok(()),
        }
    }

    /// The data, or the same with acts in it, as of the moment; nothing is decided yet.
    fn evaluation<'s>(&'s self, store: &'s Store) -> Evaluation<'s> {
        let rules = self.rules.compiled();
        let options = engine::Options {
            as_of: self.options.as_of.instant(rules),
            from: self.options.from,
            history: false,
            only: &[],
        };
        Evaluation::new(rules, self.plan.clone(), store, &options)
            .in_language(self.options.language)
    }

    /// The rules of some ids, as written.
    fn infos(&self, ids: &BTreeSet<String>) -> Vec<RuleInfo> {
        self.rules.rules().filter(|rule| ids.contains(&rule.id)).collect()
    }
}

fn unknown<'a>(
    (what, named): (&'static str, &'static str),
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> WorklistError {
    let nearest = nearest(written, known).map(str::to_owned);
    WorklistError::Unknown { what, named, written: written.to_owned(), nearest }
}
