//! What a person would want to mend in data before anybody is judged by it.

mod about;
mod complete;
mod customers;
mod dates;
mod duplicates;
mod facts;
mod kinds;
mod leads;
mod left;
mod overdue;

use std::fmt;

use chrono::NaiveDate;
use kadence::{Dataset, RuleSet};
use serde::Serialize;

pub use complete::{FieldKnown, TableKnown};
pub use duplicates::{Common, Duplicate, Duplicates, One, Reason, Why};
use facts::Facts;

/// How many of what was found are kept; the others are counted.
const KEPT: usize = 10_000;

/// What is wrong with a dataset as it stands, though every row of it can be read.
///
/// Serialised it is a part of what `docs/data-check.schema.json` describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// The day as of which it is.
    pub day: NaiveDate,
    /// Things that are probably one, by tables; in each those with most activities come first.
    pub duplicates: Vec<Duplicates>,
    /// What so many have in common that it is no sign that they are one.
    pub common: Vec<Common>,
    /// Everything else that was found, the most important first.
    pub findings: Vec<Finding>,
    /// How many of its rows a field is known for, by tables that have rows.
    pub tables: Vec<TableKnown>,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked for.
    pub check: Check,
    /// What is wrong with these.
    pub title: String,
    /// What to do about it.
    pub mend: String,
    /// How many were found.
    pub total: usize,
    /// Among how many they were looked for.
    pub of: usize,
    /// Each of them, by ids: the first ten thousand.
    pub found: Vec<Found>,
}

/// A thing that something is wrong with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Its table: `customers`.
    pub table: &'static str,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// The id of the seller whose it is.
    pub owner: Option<String>,
    /// What there is to say of it, in a few words.
    pub what: String,
}

/// What is looked for beside duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Check {
    /// A lead that is a customer already.
    LeadIsCustomer,
    /// An activity about no customer, contact, lead, opportunity or campaign.
    AboutNobody,
    /// An activity that nobody did.
    NoSeller,
    /// Somebody who left and still has something to do.
    SellerLeft,
    /// A date in 1970 or before, or in 2099 or later.
    StrangeDate,
    /// An activity that is planned for a day a year ago or more.
    LongPlanned,
    /// An open opportunity that should have been decided months ago.
    LongOpen,
    /// An open lead of which nobody says how warm it is.
    NoTemperature,
    /// A customer that nobody looks after.
    NoOwner,
    /// A customer with neither a contact nor an activity.
    NothingKnown,
    /// A kind of activity that there is one of.
    KindOnce,
}

impl Check {
    /// Every check, the most important first.
    pub const ALL: [Check; 11] = [
        Check::LeadIsCustomer,
        Check::AboutNobody,
        Check::NoSeller,
        Check::SellerLeft,
        Check::StrangeDate,
        Check::LongPlanned,
        Check::LongOpen,
        Check::NoTemperature,
        Check::NoOwner,
        Check::NothingKnown,
        Check::KindOnce,
    ];

    /// What is wrong with what it finds.
    pub fn title(self) -> &'static str {
        match self {
            Check::LeadIsCustomer => "Leads that are probably customers",
            Check::AboutNobody => "Activities about nobody",
            Check::NoSeller => "Activities without a seller",
            Check::SellerLeft => "Sellers who left and still have something to do",
            Check::StrangeDate => "Dates in 1970 or before, or in 2099 or later",
            Check::LongPlanned => "Activities planned for a day a year ago or more",
            Check::LongOpen => "Open opportunities expected to close 3 months ago or more",
            Check::NoTemperature => "Open leads without a temperature",
            Check::NoOwner => "Customers without an owner",
            Check::NothingKnown => "Customers without a contact and without an activity",
            Check::KindOnce => "Kinds of activities that are used once",
        }
    }

    /// What to do about it.
    pub fn mend(self) -> &'static str {
        match self {
            Check::LeadIsCustomer => "convert the lead, or say its `customer`",
            Check::AboutNobody => {
                "say the customer, contact, lead, opportunity or campaign: else it counts for none"
            }
            Check::NoSeller => "say who did it: else it counts for no seller and no team",
            Check::SellerLeft => "give it to somebody who is there",
            Check::StrangeDate => {
                "look at how dates are exported: an empty one is often written as 1970"
            }
            Check::LongPlanned => "complete or cancel it",
            Check::LongOpen => "close it, or say when it is expected now",
            Check::NoTemperature => {
                "say whether it is hot, warm or cold: rules about those miss it"
            }
            Check::NoOwner => "say who looks after it: else nobody is judged by it",
            Check::NothingKnown => "add whom to talk to, or take it out",
            Check::KindOnce => "see whether it is another kind, written differently",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl Finding {
    /// None if nothing was found.
    fn new(check: Check, (total, of): (usize, usize), found: Vec<Found>) -> Option<Finding> {
        let (title, mend) = (check.title().to_owned(), check.mend().to_owned());
        (total > 0).then_some(Finding { check, title, mend, total, of, found })
    }
}

impl Quality {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.duplicates.is_empty() && self.findings.is_empty()
    }

    /// Marks the fields that are read by these rules or by every evaluation.
    pub fn mark_read(&mut self, rules: &RuleSet) {
        let reads = rules.prepare_columns();
        for table in &mut self.tables {
            for field in &mut table.fields {
                field.is_read = Some(reads.reads(table.noun, &field.name));
            }
        }
    }
}

/// Looks through a dataset for what is probably not meant.
///
/// What comes out does not depend on the order of the rows.
///
/// ```
/// use kadence::{Customer, Dataset, Schema};
///
/// let mut data = Dataset::builder(&Schema::default());
/// for (id, name) in [("c1", "Møller & Søn A/S"), ("c2", "MOLLER OG SØN"), ("c3", "Lund ApS")] {
///     data.add(Customer { name: Some(name.into()), ..Customer::new(id) });
/// }
/// let (data, _notes) = data.build()?;
/// let quality = kadence_data::quality(&data, "2026-11-15".parse()?);
/// let duplicates = &quality.duplicates[0];
/// assert_eq!((duplicates.stays.id.as_str(), duplicates.same[0].one.id.as_str()), ("c1", "c2"));
/// assert_eq!(duplicates.same[0].why[0].to_string(), "same name");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn quality(data: &Dataset, day: NaiveDate) -> Quality {
    let facts = Facts::new(data, day);
    let (duplicates, common) = duplicates::find(&facts);
    let findings = [
        duplicates::leads_that_are_customers(&facts),
        about::nobody(&facts),
        about::without_seller(&facts),
        left::still_busy(&facts),
        dates::strange(&facts),
        overdue::activities(&facts),
        overdue::opportunities(&facts),
        leads::without_temperature(&facts),
        customers::without_owner(&facts),
        customers::without_anything(&facts),
        kinds::used_once(&facts),
    ];
    Quality {
        day,
        duplicates,
        common,
        findings: findings.into_iter().flatten().collect(),
        tables: complete::tables(&facts),
    }
}
