//! An export with words of its own, and the mapping that knows them.

use proptest::prelude::*;

/// Texts for which a mapping has words of its own.
pub(crate) fn export() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = |texts: &'static str| texts.prop_map(|text: String| text);
    let row = (
        cell("[0-9]{1,2}"),
        cell("(call|Besøg|Møde)"),
        cell("(done|open|)"),
        cell("[0-2][1-8]-1[0-2]-2026( 1[0-9]:30)?"),
        cell("(Acme|Zeta|acme|Nobody|)"),
        cell("(1[.]234,5|17|)"),
    );
    let row = row.prop_map(|(id, kind, done, at, customer, amount)| {
        vec![id, kind, done, at, customer, amount]
    });
    prop::collection::vec(row, 0..9)
}

pub(crate) const MAPPING: &str = r#"
zone = "Europe/Copenhagen"
dates = ["31-12-2026 14:30", "31-12-2026"]
numbers = "1.234,56"

[[customers]]
table = "Firms"
fields.id = "No"
fields.name = "Name"

[[activities]]
table = "Log"
once = true
except = { What = "Other" }
fields.id = "No"
fields.kind = { column = "What", values = { "Besøg" = "visit", "Møde" = "meeting" } }
fields.status = { column = "State", values = { done = "completed", open = "planned" } }
fields.at = "When"
fields.customer = { column = "Who", find = "customers.name" }
fields.amount = "Sum"
"#;
