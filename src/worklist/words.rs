//! Acts in plain words.

use std::fmt;

use super::{Act, Doing, Toward};
use crate::verdict::{Enough, Need, What, either};

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doing::Activity { kinds, any, with, follows } => {
                if *any {
                    f.write_str("any activity")?;
                } else {
                    f.write_str(&either(kinds))?;
                }
                if let Some(contact) = with {
                    write!(f, " with {}", contact.name.as_deref().unwrap_or(&contact.id))?;
                }
                follows.as_ref().map_or(Ok(()), |id| write!(f, " that follows {id}"))
            }
            Doing::Record { fields } => write!(f, "record {}", fields.join(" and ")),
            Doing::Enough {
                enough: Enough::Need(Need { what: What::Change { asked, found }, .. }),
            } => {
                write!(f, "put right: {found}, asked {asked}")
            }
            Doing::Enough { enough } => enough.fmt(f),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.doing.fmt(f)
    }
}

impl Act {
    /// What it counts for beside what it serves, in words: the rules, and as which kinds where not
    /// all of its own count. Empty where there is nothing.
    ///
    /// ```
    /// use kadence::worklist::{Ask, Worklists};
    /// use kadence::{AsOf, Customer, Dataset, NoFiles, Options, RuleSet, Seller};
    ///
    /// let text = "customer: visit | meeting every 90 days\nseller: meetings >= 9 per month as month\n";
    /// let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
    /// let mut data = Dataset::builder(rules.schema());
    /// data.add(Seller::new("kim"));
    /// let (owner, created) = (Some("kim".into()), "2024-01-01".parse().ok());
    /// data.add(Customer { owner, created, ..Customer::new("acme") });
    /// let (data, _notes) = data.build()?;
    ///
    /// let options = Options::at("2026-11-15".parse::<AsOf>()?);
    /// let todo = Worklists::new(&rules, &data, &options)?.what_to_do(&Ask::default())?;
    /// let act = &todo.sellers[0].todo[0].acts[0];
    /// assert_eq!(act.to_string(), "visit or meeting");
    /// assert_eq!(act.also(), "as meeting it counts for month too");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn also(&self) -> String {
        let own: &[String] = match &self.doing {
            Doing::Activity { kinds, .. } => kinds,
            Doing::Record { .. } | Doing::Enough { .. } => &[],
        };
        let mut by_kinds: Vec<(&[String], Vec<&str>)> = Vec::new();
        for Toward { rule, kinds, .. } in &self.counts_for {
            match by_kinds.iter_mut().find(|(others, _)| others == kinds) {
                Some((_, rules)) if rules.contains(&rule.as_str()) => {}
                Some((_, rules)) => rules.push(rule),
                None => by_kinds.push((kinds, vec![rule])),
            }
        }
        let said = by_kinds.into_iter().map(|(kinds, rules)| {
            let rules = rules.join(", ");
            match kinds == own {
                true => format!("it counts for {rules} too"),
                false => format!("as {} it counts for {rules} too", either(kinds)),
            }
        });
        said.collect::<Vec<_>>().join("; ")
    }
}
