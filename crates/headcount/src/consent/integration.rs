//! The opinion of continuous integration: it refuses.

use super::{Opinion, Says, Why};
use crate::Variables;
use crate::surroundings::ci;

/// Refuses if a vendor's variable is set and not empty.
pub(super) fn opinion(variables: &Variables) -> Option<Opinion> {
    let name = ci::named(variables)?;
    Some(Opinion { says: Says::Refuse, why: Why::Integration(name) })
}
