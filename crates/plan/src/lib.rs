//! Books what activity rules ask for into workdays.
//!
//! A [`Schedule`] says of each seller what to do when, which verdicts that serves, what stays as it is
//! planned, and what does not fit, with the reason. Nothing is known here of what rules mean: acts are
//! made up, the rules judge the data with them (`kadence::worklist::rehearsal`), and a solver chooses
//! among those that serve.
//!
//! ```
//! use kadence::{AsOf, Customer, Dataset, NoFiles, Options, RuleSet, Seller};
//! use kadence_plan::{Ask, plan};
//!
//! let text = "customer: visit every 90 days\ncustomer: touchpoint every 60 days\n";
//! let rules = RuleSet::compile("calls.kpi", text, &NoFiles)?;
//! let mut data = Dataset::builder(rules.schema());
//! data.add(Seller::new("kim"));
//! for id in ["acme", "zeta"] {
//!     let (owner, created) = (Some("kim".into()), "2024-01-01".parse().ok());
//!     data.add(Customer { owner, created, ..Customer::new(id) });
//! }
//! let (data, _notes) = data.build()?;
//!
//! let options = Options::at("2026-11-15".parse::<AsOf>()?);
//! let schedule = plan(&rules, &data, &options, &Ask::until("2026-11-27".parse()?))?;
//! let kim = &schedule.sellers[0];
//! // One visit of each serves both rules.
//! assert_eq!(kim.booked.len(), 2);
//! assert_eq!((&*kim.booked[0].kind, kim.booked[0].serves.len()), ("visit", 2));
//! assert_eq!(kim.booked[0].start.to_string(), "2026-11-16 09:00:00");
//! assert!(schedule.unmet.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - `diary`: the time of sellers; `probe`: what acts would do on their days
//! - `program`: which acts are booked on which days, `proposal` of one seller, `place` at which hours
//! - `round`: all that once; `bundle`: several acts for what one alone brings no nearer; `tidy`: what is
//!   better left out; `planner`: from what will be lost to what is booked
//! - `schedule`: the plan, as data; `id`: what calendars know acts by
//! - `calendar`: the plan as iCalendar; `earlier`: what calendars have already; [`rows`]: as planned activities of a dataset

mod ask;
mod bundle;
mod calendar;
mod diary;
mod earlier;
mod id;
mod made;
mod place;
mod planner;
mod probe;
mod program;
mod proposal;
mod round;
pub mod rows;
mod schedule;
mod tidy;

pub use ask::{Ask, FARTHEST, PlanError};
pub use earlier::Earlier;
pub use made::plan;
pub use schedule::{Booked, Kept, Names, Planned, Schedule, SellerPlan, Serves, Unmet, Why};
