//! Acts in plain words.

use std::fmt;

use super::{Act, Doing};
use crate::verdict::either;

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
            Doing::Enough { enough } => enough.fmt(f),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.doing.fmt(f)
    }
}
