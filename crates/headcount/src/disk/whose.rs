//! What was found out about whose a file is, and what follows from it.

use super::error::Cause;

/// Who may write to a file, besides administrators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writers {
    /// Its owner alone.
    Owner,
    /// Members of a group that is not the owner's own. On Windows also accounts
    /// that its access list names.
    Group,
}

/// An open file, as far as it matters whose it is.
#[derive(Debug)]
pub(super) struct Ownership {
    /// Who may write to it.
    pub(super) writers: Writers,
    /// Whether everybody may.
    pub(super) is_everybodys: bool,
    /// Whether it is neither the person's nor an administrator's.
    pub(super) is_of_another_user: bool,
}

impl Ownership {
    /// Returns an error if everybody can write to it, or if it is another
    /// user's. A file of an administrator is trusted like the person's own.
    pub(super) fn check(&self) -> Result<(), Cause> {
        if self.is_everybodys {
            return Err(Cause::NotOurs("everybody can write to it"));
        }
        self.check_owner()
    }

    /// Returns an error if it is another user's.
    pub(super) fn check_owner(&self) -> Result<(), Cause> {
        if self.is_of_another_user {
            return Err(Cause::NotOurs("it belongs to another user"));
        }
        Ok(())
    }
}
