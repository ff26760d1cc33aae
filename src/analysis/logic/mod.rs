//! What follows from rules: contradictions, implications, conditions that are always or never true,
//! and phrases that nothing is of.
//!
//! Rules are lowered to a plan without their wording, so that what means the same is the same
//! ([`bare`]). From it each phrase gets a [`shape`], the values that its things must have, and each
//! rule its [`demand`]s, numbers over stretches of time ([`windows`]). Of two shapes or demands one
//! may be known to lie within the other, or nothing to be of both; all that is not known for sure is
//! not claimed. A contradiction is shown by a [`witness`] moreover, which is judged before anything
//! is said.

mod alike;
mod always;
pub(crate) mod bare;
mod contradiction;
mod demand;
mod implication;
mod nobody;
mod questions;
mod scene;
mod shape;
mod values;
mod windows;
mod witness;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use bare::Bare;
use demand::Duty;
use questions::Question;
use shape::Shape;
use windows::Timeline;

use crate::check::rules::{Compiled, Rule};
use crate::diagnostic::Diagnostic;
use crate::plan::{Plan, SetId, TestId};

pub(crate) use alike::{Difference, Ground};
pub use contradiction::Contradiction;
pub use implication::Implication;
pub use witness::Witness;

/// With how many others each rule is held together.
const MOST_COMPARED: usize = 500;

/// The kind of activities that rules do not name and data may have.
const OTHER_KIND: &str = "\n";

/// Everything that follows from rules and should not.
pub(super) fn find(rules: &Compiled) -> Vec<Diagnostic> {
    let logic = Logic::new(rules);
    let mut found = nobody::find(&logic);
    found.extend(always::find(&logic));
    found.extend(contradiction::find(&logic));
    found.extend(implication::find(&logic));
    found
}

/// What was claimed of pairs of rules.
#[derive(Debug)]
pub struct Claims {
    /// Rules that cannot both be met.
    pub contradictions: Vec<Contradiction>,
    /// Rules that others imply.
    pub implications: Vec<Implication>,
}

/// What is claimed of the pairs of a rule set.
pub fn claims(rules: &Compiled) -> Claims {
    let logic = Logic::new(rules);
    Claims {
        contradictions: contradiction::contradictions(&logic),
        implications: implication::implications(&logic),
    }
}

/// Rules, and what was found out about them.
struct Logic<'r> {
    rules: &'r Compiled,
    /// The rules without their wording.
    bare: Compiled,
    /// The same without the rules.
    ground: Compiled,
    /// Of the rules without their wording, and after them of the questions.
    plan: Plan,
    questions: Vec<Question>,
    timeline: Timeline,
    duties: Vec<Duty>,
    shapes: RefCell<HashMap<TestId, Option<Rc<Shape>>>>,
    /// Whether there are never more of one set than of another.
    compared: RefCell<HashMap<(SetId, SetId), bool>>,
    depth: Cell<usize>,
}

impl<'r> Logic<'r> {
    fn new(rules: &'r Compiled) -> Self {
        let mut wording = Bare::default();
        let (questions, asked) = questions::questions(rules, &mut wording);
        let mut logic = Logic::asking(rules, &mut wording, questions, asked);
        logic.duties = (0..rules.rules.len()).filter_map(|place| logic.duty(place)).collect();
        logic
    }

    /// Of rules that are only held against each other: nothing is asked of them.
    fn plain(rules: &'r Compiled) -> Self {
        Logic::asking(rules, &mut Bare::default(), Vec::new(), Vec::new())
    }

    fn asking(
        rules: &'r Compiled,
        wording: &mut Bare<'_>,
        questions: Vec<Question>,
        asked: Vec<Rule>,
    ) -> Self {
        let bare = wording.compiled(rules);
        let ground = Compiled { rules: Vec::new(), ..bare.clone() };
        let mut planned = bare.clone();
        planned.rules.extend(asked);
        let mut kinds = rules.schema.kinds().to_vec();
        kinds.push(OTHER_KIND.to_owned());
        let plan = Plan::new(&planned, &kinds);
        Logic {
            rules,
            bare,
            ground,
            plan,
            questions,
            timeline: Timeline::new(&rules.calendar),
            duties: Vec::new(),
            shapes: RefCell::default(),
            compared: RefCell::default(),
            depth: Cell::new(0),
        }
    }
}

impl Logic<'_> {
    /// The questions, as lowered.
    fn asked(&self) -> impl Iterator<Item = (&Question, &crate::plan::Rule)> {
        self.questions.iter().zip(self.plan.rules.iter().skip(self.rules.rules.len()))
    }
}

impl Duty {
    /// Whether nothing can be of its population.
    fn has_nobody(&self) -> bool {
        self.shape.as_ref().is_some_and(|shape| shape.is_empty())
    }
}
