//! Which values a field or a measure can have.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::check::rules::Cmp;

/// What a field or a measure must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    Unknown,
    /// Known, whatever it is.
    Known,
    Numbers(Range),
    Texts(Texts),
}

/// Numbers; days are counted from a fixed one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Range {
    pub(super) low: Option<Edge>,
    pub(super) high: Option<Edge>,
    not: BTreeSet<Decimal>,
    /// Only whole numbers.
    whole: bool,
}

/// Where numbers begin or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) at: Decimal,
    pub(super) included: bool,
}

/// One of `only`, if there is such a list, and none of `not`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Texts {
    pub(super) only: Option<BTreeSet<String>>,
    pub(super) not: BTreeSet<String>,
}

impl Values {
    /// Those that are of both; none where there are none.
    pub(super) fn and(&self, other: &Values) -> Option<Values> {
        match (self, other) {
            (Values::Unknown, Values::Unknown) => Some(Values::Unknown),
            (Values::Unknown, _) | (_, Values::Unknown) => None,
            (Values::Known, values) | (values, Values::Known) => Some(values.clone()),
            (Values::Numbers(a), Values::Numbers(b)) => {
                let both = a.and(b);
                (!both.is_empty()).then_some(Values::Numbers(both))
            }
            (Values::Texts(a), Values::Texts(b)) => {
                let both = a.and(b);
                (!both.is_empty()).then_some(Values::Texts(both))
            }
            // A field has one type: these cannot meet. To keep one of the two claims nothing.
            (values, _) => Some(values.clone()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Values::Unknown | Values::Known => false,
            Values::Numbers(range) => range.is_empty(),
            Values::Texts(texts) => texts.is_empty(),
        }
    }

    /// Whether each of these is one of those, for sure.
    pub(super) fn is_within(&self, outer: &Values) -> bool {
        match (self, outer) {
            (Values::Unknown, Values::Unknown) => true,
            (Values::Unknown, _) | (_, Values::Unknown) => false,
            (_, Values::Known) => true,
            (Values::Numbers(inner), Values::Numbers(outer)) => inner.is_within(outer),
            (Values::Texts(inner), Values::Texts(outer)) => inner.is_within(outer),
            _ => false,
        }
    }
}

impl Range {
    /// All numbers; only the whole ones where `whole`.
    pub(super) fn all(whole: bool) -> Range {
        Range { whole, ..Range::default() }
    }

    pub(super) fn from(low: Decimal, whole: bool) -> Range {
        let low = Some(Edge { at: low, included: true });
        Range { low, ..Range::all(whole) }
    }

    /// The numbers that stand so to another.
    pub(super) fn of(cmp: Cmp, at: Decimal, whole: bool) -> Range {
        let open = Some(Edge { at, included: false });
        let closed = Some(Edge { at, included: true });
        let all = Range::all(whole);
        let range = match cmp {
            Cmp::Less => Range { high: open, ..all },
            Cmp::AtMost => Range { high: closed, ..all },
            Cmp::Equal => Range { low: closed, high: closed, ..all },
            Cmp::Unequal => Range { not: BTreeSet::from([at]), ..all },
            Cmp::AtLeast => Range { low: closed, ..all },
            Cmp::More => Range { low: open, ..all },
        };
        range.rounded()
    }

    pub(super) fn and(&self, other: &Range) -> Range {
        let tighter = |a: Option<Edge>, b: Option<Edge>, upwards: bool| match (a, b) {
            (Some(a), Some(b)) if a.at == b.at => {
                Some(Edge { at: a.at, included: a.included && b.included })
            }
            (Some(a), Some(b)) => Some(if (a.at > b.at) == upwards { a } else { b }),
            (a, b) => a.or(b),
        };
        let both = Range {
            low: tighter(self.low, other.low, true),
            high: tighter(self.high, other.high, false),
            not: self.not.union(&other.not).copied().collect(),
            whole: self.whole || other.whole,
        };
        both.rounded()
    }

    /// Of whole numbers, with ends that are included and not left out.
    fn rounded(mut self) -> Range {
        if !self.whole {
            return self;
        }
        let one = Decimal::ONE;
        let up = |edge: Edge| {
            let at = edge.at.ceil();
            let is_next = !edge.included && at == edge.at;
            Edge {
                at: if is_next { at.checked_add(one).unwrap_or(at) } else { at },
                included: true,
            }
        };
        let down = |edge: Edge| {
            let at = edge.at.floor();
            let is_next = !edge.included && at == edge.at;
            Edge {
                at: if is_next { at.checked_sub(one).unwrap_or(at) } else { at },
                included: true,
            }
        };
        self.low = self.low.map(up);
        self.high = self.high.map(down);
        while let Some(low) = self.low.filter(|low| self.not.contains(&low.at)) {
            self.not.remove(&low.at);
            self.low = Some(up(Edge { included: false, ..low }));
        }
        while let Some(high) = self.high.filter(|high| self.not.contains(&high.at)) {
            self.not.remove(&high.at);
            self.high = Some(down(Edge { included: false, ..high }));
        }
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        let (Some(low), Some(high)) = (self.low, self.high) else { return false };
        match low.at.cmp(&high.at) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => {
                !(low.included && high.included) || self.not.contains(&low.at)
            }
        }
    }

    /// Whether numbers between its ends are left out.
    pub(super) fn has_gaps(&self) -> bool {
        !self.not.is_empty()
    }

    pub(super) fn is_within(&self, outer: &Range) -> bool {
        let starts = match (self.low, outer.low) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => a.at > b.at || (a.at == b.at && (b.included || !a.included)),
        };
        let ends = match (self.high, outer.high) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => a.at < b.at || (a.at == b.at && (b.included || !a.included)),
        };
        let avoids = outer.not.iter().all(|at| !self.holds(*at));
        starts && ends && avoids && (self.whole || !outer.whole)
    }

    pub(super) fn holds(&self, at: Decimal) -> bool {
        let above = self.low.is_none_or(|low| low.at < at || (low.included && low.at == at));
        let below = self.high.is_none_or(|high| at < high.at || (high.included && high.at == at));
        above && below && !self.not.contains(&at) && (!self.whole || at.fract().is_zero())
    }

    /// A number that is one of these, if one is easily found: the least there is, where there is
    /// a least.
    pub(super) fn example(&self) -> Option<Decimal> {
        let one = Decimal::ONE;
        let mut candidates = Vec::new();
        for edge in [self.low, self.high].into_iter().flatten() {
            candidates.push(edge.at);
            candidates.extend(edge.at.checked_add(one));
            candidates.extend(edge.at.checked_sub(one));
        }
        for at in &self.not {
            candidates.extend(at.checked_add(one));
            candidates.extend(at.checked_sub(one));
        }
        if let (Some(low), Some(high)) = (self.low, self.high) {
            let sum = low.at.checked_add(high.at);
            candidates.extend(sum.and_then(|sum| sum.checked_div(Decimal::TWO)));
        }
        candidates.push(one);
        candidates.into_iter().find(|at| self.holds(*at))
    }
}

impl Texts {
    pub(super) fn one_of(texts: BTreeSet<String>) -> Texts {
        Texts { only: Some(texts), not: BTreeSet::new() }
    }

    pub(super) fn none_of(texts: BTreeSet<String>) -> Texts {
        Texts { only: None, not: texts }
    }

    fn and(&self, other: &Texts) -> Texts {
        let only = match (&self.only, &other.only) {
            (Some(a), Some(b)) => Some(a & b),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        let not = &self.not | &other.not;
        Texts { only: only.map(|only| &only - &not), not }
    }

    fn is_empty(&self) -> bool {
        self.only.as_ref().is_some_and(BTreeSet::is_empty)
    }

    fn is_within(&self, outer: &Texts) -> bool {
        let holds = |text: &String| {
            outer.only.as_ref().is_none_or(|only| only.contains(text)) && !outer.not.contains(text)
        };
        match &self.only {
            Some(only) => only.difference(&self.not).all(holds),
            None => outer.only.is_none() && outer.not.is_subset(&self.not),
        }
    }

    /// A text that is one of these.
    pub(super) fn example(&self) -> Option<String> {
        match &self.only {
            Some(only) => only.difference(&self.not).next().cloned(),
            None => {
                let others = ["other", "another", "else"].into_iter().map(str::to_owned);
                others.into_iter().find(|text| !self.not.contains(text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(cmp: Cmp, at: i64, whole: bool) -> Range {
        Range::of(cmp, Decimal::from(at), whole)
    }

    #[test]
    fn between_two_whole_numbers_there_is_none() {
        let more = range(Cmp::More, 3, true);
        assert!(more.and(&range(Cmp::Less, 4, true)).is_empty());
        assert!(!more.and(&range(Cmp::AtMost, 4, true)).is_empty());
        assert!(!range(Cmp::More, 3, false).and(&range(Cmp::Less, 4, false)).is_empty());
        let four = more.and(&range(Cmp::AtMost, 4, true));
        assert!(four.and(&range(Cmp::Unequal, 4, true)).is_empty());
    }

    #[test]
    fn a_range_lies_within_a_wider_one() {
        assert!(range(Cmp::More, 3, true).is_within(&range(Cmp::AtLeast, 4, true)));
        assert!(!range(Cmp::More, 3, false).is_within(&range(Cmp::AtLeast, 4, false)));
        assert!(range(Cmp::Equal, 3, false).is_within(&range(Cmp::Unequal, 4, false)));
        assert!(!range(Cmp::AtLeast, 3, false).is_within(&range(Cmp::Unequal, 4, false)));
        assert!(!range(Cmp::AtLeast, 3, false).is_within(&range(Cmp::AtMost, 4, false)));
    }

    #[test]
    fn texts_are_held_against_lists() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let open = Texts::one_of(texts(&["open"]));
        let not_won = Texts::none_of(texts(&["won"]));
        assert!(open.is_within(&not_won));
        assert!(!not_won.is_within(&open));
        assert!(open.and(&Texts::none_of(texts(&["open"]))).is_empty());
        assert_eq!(not_won.example().as_deref(), Some("other"));
    }
}
