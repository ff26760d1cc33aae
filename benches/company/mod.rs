//! A large company as columns: activities in the order of time, each of a customer, some about a
//! lead or an opportunity.

use kadence::{Batch, Noun, Prepared, RuleSet, Texts, Validity, Values};

pub(crate) struct Company {
    ids: Vec<i64>,
    at: Vec<i64>,
    kinds: Vec<i32>,
    statuses: Vec<i32>,
    sellers: Vec<i64>,
    customers: Vec<i64>,
    leads: Vec<i64>,
    lead_is_known: Vec<u8>,
    opportunities: Vec<i64>,
    opportunity_is_known: Vec<u8>,
}

const SELLERS: i64 = 200;
const CUSTOMERS: i64 = 100_000;
const LEADS: i64 = 50_000;
const OPPORTUNITIES: i64 = 60_000;

/// 2023-01-01T00:00Z, and three years.
const START: i64 = 1_672_531_200;
const MINUTES: i64 = 3 * 365 * 24 * 60;

impl Company {
    pub(crate) fn new(count: usize) -> Company {
        let mut state = 42_u64;
        let mut below = move |limit: i64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            i64::try_from(state >> 33).unwrap_or(0) % limit
        };
        let mut company = Company {
            ids: Vec::new(),
            at: Vec::new(),
            kinds: Vec::new(),
            statuses: Vec::new(),
            sellers: Vec::new(),
            customers: Vec::new(),
            leads: Vec::new(),
            lead_is_known: vec![0; count.div_ceil(8)],
            opportunities: Vec::new(),
            opportunity_is_known: vec![0; count.div_ceil(8)],
        };
        let total = i64::try_from(count).unwrap_or(i64::MAX);
        for (n, row) in (0..total).zip(0_usize..) {
            company.ids.push(n + 1);
            company.at.push((START + 60 * (n * MINUTES / total)) * 1_000_000);
            company.kinds.push(i32::try_from(below(8)).unwrap_or(0));
            company.statuses.push(i32::from(below(10) == 0));
            company.sellers.push(below(SELLERS));
            company.customers.push(below(CUSTOMERS));
            company.leads.push(below(LEADS));
            company.opportunities.push(below(OPPORTUNITIES));
            let bit = 1_u8 << (row % 8);
            if let Some(byte) = company.lead_is_known.get_mut(row / 8).filter(|_| below(5) == 0) {
                *byte |= bit;
            }
            if let Some(byte) =
                company.opportunity_is_known.get_mut(row / 8).filter(|_| below(4) == 0)
            {
                *byte |= bit;
            }
        }
        company
    }

    fn activities(&self) -> Batch<'_> {
        const KINDS: &[&str] =
            &["call", "visit", "meeting", "email", "message", "demo", "offer", "task"];
        let kinds = Values::Dictionary { codes: &self.kinds, texts: Texts::List(KINDS) };
        let statuses = Texts::List(&["completed", "planned"]);
        let opportunities = Values::I64(&self.opportunities);
        Batch::new(Noun::Activity, self.ids.len())
            .column("id", Values::I64(&self.ids))
            .column("kind", kinds)
            .column("status", Values::Dictionary { codes: &self.statuses, texts: statuses })
            .column("at", Values::Microseconds(&self.at))
            .column("seller", Values::I64(&self.sellers))
            .column("customer", Values::I64(&self.customers))
            .column_where("lead", Values::I64(&self.leads), Validity::new(&self.lead_is_known))
            .column_where("opportunity", opportunities, Validity::new(&self.opportunity_is_known))
    }

    /// The data, prepared for rules that read no further fields.
    pub(crate) fn prepared(&self, rules: &RuleSet) -> Option<Prepared> {
        let mut builder = rules.prepare_columns();
        let ids = |count: i64| (0..count).collect::<Vec<i64>>();
        let (sellers, customers) = (ids(SELLERS), ids(CUSTOMERS));
        let (leads, opportunities) = (ids(LEADS), ids(OPPORTUNITIES));
        let owners = |ids: &[i64]| ids.iter().map(|id| id % SELLERS).collect::<Vec<i64>>();
        builder.add(&Batch::new(Noun::Seller, sellers.len()).column("id", Values::I64(&sellers)));
        for (noun, ids) in [
            (Noun::Customer, &customers),
            (Noun::Lead, &leads),
            (Noun::Opportunity, &opportunities),
        ] {
            let batch = Batch::new(noun, ids.len()).column("id", Values::I64(ids));
            builder.add(&batch.column("owner", Values::I64(&owners(ids))));
        }
        builder.add(&self.activities());
        Some(builder.finish().ok()?.0)
    }
}
