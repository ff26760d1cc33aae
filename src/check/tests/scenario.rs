//! Tests in the language: what is wrong with them.

use super::{faults, hold};
use crate::diagnostic::Code::*;

#[test]
fn tests_of_rules() {
    let rules =
        "customer: calls >= 1 as r\ngoal g = won opportunities >= 1 per year\nlist \"l\" = lead\n";
    let cases = [
        (
            "given call on acme at 2026-01-01",
            K041,
            "acme",
            "nothing with the id `acme` is given in this test",
        ),
        (
            "given contact eva : customer acme",
            K041,
            "acme",
            "nothing with the id `acme` is given in this test",
        ),
        (
            "given team north\n    given call on north at 2026-01-01",
            K041,
            "north",
            "an activity cannot be on a team",
        ),
        ("given customer zeta\n    given lead zeta", K042, "zeta", "`zeta` is given twice"),
        ("given customer", K044, "customer", "a customer needs an id"),
        ("given member bo : campaign fair", K044, "bo", "a member has no id"),
        ("given call", K044, "call", "an activity needs its time"),
        (
            "given activity at 2026-01-01",
            K044,
            "activity",
            "an activity that is given needs its kind",
        ),
        ("given overdue call at 2026-01-01", K013, "overdue", "`overdue` cannot be given"),
        ("given custmer zeta", K012, "custmer", "unknown noun `custmer`"),
        ("given customer zeta : revenu 5", K011, "revenu", "a customer has no field `revenu`"),
        ("given customer zeta : revenue 5, revenue 6", K044, "revenue", "`revenue` is given twice"),
        ("given lead bo : temperature hto", K024, "hto", "`temperature` is never `hto`"),
        (
            "given customer zeta : revenue large",
            K025,
            "large",
            "`revenue` is a number, `large` is none",
        ),
        (
            "given call at 2026-01-01, 2026-01-02 as c",
            K044,
            "c",
            "`as` names one activity, here are 2",
        ),
        (
            "expect r for acme is met at 2026-01-01",
            K041,
            "acme",
            "nothing with the id `acme` is given in this test",
        ),
        (
            "given lead bo\n    expect r for bo is met at 2026-01-01",
            K041,
            "bo",
            "`bo` is a lead, `r` is about customers",
        ),
        (
            "given customer acme\n    expect q for acme is met at 2026-01-01",
            K014,
            "q",
            "unknown rule `q`",
        ),
        ("expect \"m\" lists nothing at 2026-01-01", K014, "\"m\"", "unknown list `m`"),
        (
            "expect \"l\" lists bo at 2026-01-01",
            K041,
            "bo",
            "nothing with the id `bo` is given in this test",
        ),
        (
            "given customer acme\n    expect score of acme is 5% at 2026-01-01",
            K041,
            "acme",
            "`acme` is a customer, which has no score",
        ),
    ];
    for (body, code, underlined, message) in cases {
        let text = format!(
            "{rules}test \"t\"\n    {body}\n    expect score of company is 5% at 2026-01-01\n"
        );
        let expected = vec![(code, underlined.to_owned(), message.to_owned())];
        assert_eq!(faults(&text), expected, "{body}");
    }
    hold(&[
        ("test \"t\"\n    given customer acme", K043, "\"t\"", "test \"t\" expects nothing"),
        (
            "test \"t\"\n    expect score of company is 5% at 2026-01-01\ntest \"t\"\n    expect score of company is 5% at 2026-01-01",
            K016,
            "\"t\"",
            "two tests have the name `t`",
        ),
    ]);
}
