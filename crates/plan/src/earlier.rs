//! What the calendar of an earlier plan has, and what a new plan keeps of it: the ids that calendars know
//! acts by.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use kadence::Noun;

use crate::id;
use crate::schedule::{Booked, Names, Schedule};

/// What stands behind every id in a calendar, so that it is a plan's, and no other program's.
const DOMAIN: &str = "@kadence";

/// An event of an earlier plan, as its calendar has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The id of the act: see [`Earlier::id_of`].
    pub id: String,
    /// Which version of the event it is.
    pub sequence: u32,
    /// Whether it was cancelled then.
    pub is_cancelled: bool,
    /// The id of the seller (`X-KADENCE-SELLER`).
    pub seller: Option<String>,
    /// Who serves which verdicts with it, and about what it is: as hashes (`X-KADENCE-SERVES`).
    pub serves: Vec<String>,
    /// Its title.
    pub summary: String,
    /// What is said of it.
    pub description: String,
    /// When it was to start.
    pub start: DateTime<Utc>,
    /// When it was to end.
    pub end: DateTime<Utc>,
}

impl Earlier {
    /// The id of the act that an event is of; none where it is no plan's.
    ///
    /// ```
    /// use kadence_plan::Earlier;
    ///
    /// assert_eq!(Earlier::id_of("plan-ed39bfc002d4131a@kadence"), Some("plan-ed39bfc002d4131a"));
    /// assert_eq!(Earlier::id_of("040000008200E00074C5B7101A82E008"), None);
    /// ```
    pub fn id_of(uid: &str) -> Option<&str> {
        uid.strip_suffix(DOMAIN).filter(|id| id.starts_with(id::START))
    }

    /// Whether it is still to come at a moment.
    pub(crate) fn is_to_come(&self, now: DateTime<Utc>) -> bool {
        !self.is_cancelled && self.start >= now
    }
}

/// What a calendar knows an act by.
pub(crate) fn uid(id: &str) -> String {
    format!("{id}{DOMAIN}")
}

/// The new ids of acts, by the old ones.
type Renamed = BTreeMap<String, String>;

impl Schedule {
    /// The first instant that had not happened when it was made.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let now = DateTime::parse_from_rfc3339(&self.as_of).map(|at| at.to_utc());
        now.unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Gives acts the ids of events that are to come and serve the same; other acts get ids that no
    /// calendar has. What is done keeps its own: the id of an event that is over, or of an activity of
    /// the data (`known`), is never given.
    pub(crate) fn keep_ids(&mut self, earlier: &[Earlier], known: &HashSet<String>) {
        if earlier.is_empty() {
            return;
        }
        let (now, as_of) = (self.now(), self.as_of.clone());
        let mut taken = known.clone();
        taken.extend(earlier.iter().map(|one| one.id.clone()));
        let mut to_come: Vec<&Earlier> =
            earlier.iter().filter(|one| one.is_to_come(now) && !known.contains(&one.id)).collect();
        to_come.sort_by_key(|one| (one.start, &one.id));
        let mut acts: Vec<&Booked> =
            self.sellers.iter().flat_map(|seller| &seller.booked).collect();
        acts.sort_by_key(|one| (one.start, &one.id));
        let mut renamed = Renamed::new();
        for act in acts {
            let serves = act.serves_as(&renamed);
            let shared =
                |one: &Earlier| one.serves.iter().filter(|served| serves.contains(served)).count();
            let best = to_come.iter().enumerate().map(|(n, one)| (shared(one), Reverse(n))).max();
            let id = match best {
                Some((shared, Reverse(n))) if shared > 0 => to_come.remove(n).id.clone(),
                _ => id::free(&id::new_at(&as_of, &act.id), |id| taken.contains(id)),
            };
            taken.insert(id.clone());
            renamed.insert(act.id.clone(), id);
        }
        self.rename(&renamed);
    }

    fn rename(&mut self, renamed: &Renamed) {
        let rename = |id: &mut String| {
            if let Some(new) = renamed.get(id) {
                id.clone_from(new);
            }
        };
        let activity = Noun::Activity.singular();
        for seller in &mut self.sellers {
            for act in &mut seller.booked {
                rename(&mut act.id);
                act.names.follows.iter_mut().for_each(rename);
                let served = act.serves.iter_mut().map(|one| &mut one.subject);
                let subjects = act.subject.iter_mut().chain(&mut act.about).chain(served);
                subjects.filter(|one| one.kind == activity).for_each(|one| rename(&mut one.id));
            }
            seller.booked.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
        }
        let unmet = self.unmet.iter_mut().map(|one| &mut one.subject);
        unmet.filter(|one| one.kind == activity).for_each(|one| rename(&mut one.id));
    }
}

impl Booked {
    /// Of each verdict that it serves, what tells it from every other, from who does it, and from about
    /// what it is. What last counted is no part of it: that changes with what is done.
    pub(crate) fn serves_as(&self, renamed: &Renamed) -> Vec<String> {
        let new = |id: &String| renamed.get(id).unwrap_or(id).clone();
        let Names { seller, customer, contact, lead, opportunity, campaign, follows } = &self.names;
        let follows = follows.as_ref().map(new);
        let about = [
            (Noun::Activity, &follows),
            (Noun::Campaign, campaign),
            (Noun::Opportunity, opportunity),
            (Noun::Lead, lead),
            (Noun::Customer, customer),
            (Noun::Contact, contact),
        ];
        let about =
            about.into_iter().find_map(|(noun, id)| Some((noun.singular(), id.as_deref()?)));
        let (noun, about) = about.unwrap_or_default();
        let seller = seller.as_deref().unwrap_or_default();
        let serves = self.serves.iter().map(|one| {
            let subject = &one.subject;
            let is_act = subject.kind == Noun::Activity.singular();
            let id = if is_act { new(&subject.id) } else { subject.id.clone() };
            let period = one.period.filter(|_| !one.is_standing);
            let period = period.map(|period| period.from.to_string()).unwrap_or_default();
            id::hashed(&[seller, noun, about, &one.rule, &subject.kind, &id, &period])
        });
        serves.collect()
    }
}
