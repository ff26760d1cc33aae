//! Tests in the language.

use super::super::grammar::{Kind, Node};
use super::super::tree::{Detail, Expectation, Given, GivenField, GivenValue, Spanned, Test, When};
use super::{Builder, Parts};

impl Builder<'_> {
    pub(super) fn test_item(&mut self, node: &Node<'_>) -> Option<Test> {
        let mut parts = Parts::of(node);
        let name = self.string(parts.next()?);
        let (mut givens, mut expectations) = (Vec::new(), Vec::new());
        for part in parts.all() {
            let form = part.first()?;
            if part.kind == Kind::given {
                let given = self.given(form)?;
                givens.push(self.spanned(part, given));
            } else {
                let expectation = self.expectation(form)?;
                expectations.push(self.spanned(part, expectation));
            }
        }
        Some(Test { name, givens, expectations })
    }

    fn given(&mut self, node: &Node<'_>) -> Option<Given> {
        let fields = node.child(Kind::given_fields);
        let fields = fields.map_or_else(Vec::new, |fields| {
            fields.children.iter().filter_map(|field| self.given_field(field)).collect()
        });
        let mut parts = Parts::of(node);
        let words = self.words(parts.next()?);
        if node.kind == Kind::given_thing {
            let id = match parts.next() {
                Some(id) if id.kind == Kind::string => Some(self.string(id)),
                Some(id) if id.kind == Kind::digits => Some(self.spanned(id, id.text.to_owned())),
                _ => None,
            };
            return Some(Given::Thing { words, id, fields });
        }
        let mut id = |kind| {
            let holder = node.child(kind)?;
            holder.first().map(|id| self.name(id))
        };
        let (on, by, own) = (id(Kind::subject_id), id(Kind::by_id), id(Kind::as_id));
        let whens = node.children.iter().filter(|child| child.kind == Kind::when);
        let at =
            whens.map(|when| Spanned { value: self.when(when), span: self.span(when) }).collect();
        Some(Given::Activity { words, on, at, by, id: own, fields })
    }

    fn given_field(&mut self, node: &Node<'_>) -> Option<GivenField> {
        let mut parts = Parts::of(node);
        let name = self.words(parts.next()?);
        let value = parts.next()?;
        let inner = value.first()?;
        let given = match inner.kind {
            Kind::instant => GivenValue::Instant(self.instant(inner)),
            Kind::date => GivenValue::Date(self.date(inner)),
            Kind::signed => GivenValue::Number(self.signed(inner).value),
            Kind::string => GivenValue::Text(self.string(inner).value),
            _ => GivenValue::Text(inner.text.to_owned()),
        };
        Some(GivenField { name, value: self.spanned(value, given) })
    }

    fn when(&mut self, node: &Node<'_>) -> When {
        match node.first() {
            Some(at) if at.kind == Kind::instant => When::Instant(self.instant(at)),
            Some(date) => When::Date(self.date(date)),
            None => When::Date(chrono::NaiveDate::default()),
        }
    }

    fn expectation(&mut self, node: &Node<'_>) -> Option<Expectation> {
        let at = self.when(node.child(Kind::when)?);
        let mut parts = Parts::of(node);
        let first = parts.next()?;
        Some(match node.kind {
            Kind::expect_lists => {
                let list = self.string(first);
                let ids = parts.all().filter(|part| part.kind == Kind::any_id);
                Expectation::Lists { list, ids: ids.map(|id| self.name(id)).collect(), at }
            }
            Kind::expect_score => {
                let subject = self.name(first);
                let number = parts.next()?;
                let percent = self.number(number).0;
                Expectation::Score { subject, percent: self.spanned(number, percent), at }
            }
            Kind::expect_silent => {
                let rule = self.name(first);
                Expectation::Silent { rule, subject: self.name(parts.next()?), at }
            }
            _ => {
                let rule = self.name(first);
                let subject = self.name(parts.next()?);
                let status = self.words(parts.next()?);
                let details = node.children.iter().filter(|child| child.kind == Kind::detail);
                let details = details.filter_map(|detail| self.detail(detail)).collect();
                Expectation::Verdict { rule, subject, status, at, details }
            }
        })
    }

    fn detail(&mut self, node: &Node<'_>) -> Option<Spanned<Detail>> {
        let form = node.first()?;
        let value = form.first()?;
        let detail = match form.kind {
            Kind::due => Detail::Due(self.date(value)),
            Kind::changes => Detail::Changes(self.date(value)),
            kind => {
                let number = self.signed(value).value;
                match kind {
                    Kind::measured => Detail::Measured(number),
                    Kind::target => Detail::Target(number),
                    Kind::planned => Detail::Planned(number),
                    _ => Detail::Missing(number),
                }
            }
        };
        Some(self.spanned(node, detail))
    }
}
