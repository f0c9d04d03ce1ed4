//! Who may do what: every route says what it needs, and one gate looks.
//!
//! A route is a [`Row`], and rows are the only way to a router: there is no
//! route that nobody has decided about. What a role may do is checked here; a
//! write key is checked where its dialect has it (`intake/write_key.rs`),
//! since some have it in the body.

mod row;
mod table;
mod gate;
mod caller;
mod check;
mod denial;
mod missing;
mod cookie;
mod sign_ins;
mod sign_in;
mod reload;
mod watch;
#[cfg(test)]
mod tests;

pub(crate) use caller::{Caller, Means};
pub(crate) use gate::{Gate, GuardedAccess};
pub(crate) use missing::Missing;
pub(crate) use row::Row;
pub(crate) use sign_in::rows;
pub(crate) use table::router;
pub(crate) use watch::watch;
