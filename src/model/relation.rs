//! Which things belong to which.

use super::Noun;

/// Whether things of one noun can belong to a thing of another: `customer: calls >= 1` asks for a
/// customer's calls, `call on customer` for calls that are some customer's.
///
/// An activity belongs to the activity that it follows.
#[doc(hidden)]
pub fn relates(thing: Noun, owner: Noun) -> bool {
    use Noun::{
        Absence, Activity, Campaign, Company, Contact, Customer, Lead, Member, Opportunity, Seller,
        Team,
    };
    match owner {
        Company => thing != Company,
        Team => thing != Company,
        Seller => !matches!(thing, Company | Team | Seller),
        Customer => matches!(thing, Activity | Opportunity | Contact | Lead | Member),
        Lead => matches!(thing, Activity | Opportunity | Member),
        Campaign => matches!(thing, Member | Lead | Opportunity | Activity),
        Opportunity | Contact | Member | Activity => thing == Activity,
        Absence => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_the_company_and_the_company_has_everything() {
        for noun in Noun::ALL {
            assert!(!relates(Noun::Company, noun), "{noun}");
            assert_eq!(relates(noun, Noun::Company), noun != Noun::Company, "{noun}");
        }
    }

    #[test]
    fn a_team_has_what_its_sellers_have_and_the_sellers() {
        for noun in Noun::ALL {
            if relates(noun, Noun::Seller) {
                assert!(relates(noun, Noun::Team), "{noun}");
            }
        }
        assert!(relates(Noun::Seller, Noun::Team));
        assert!(!relates(Noun::Seller, Noun::Seller));
    }
}
