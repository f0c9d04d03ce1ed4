//! The files on the person's machine: one module for each file.
//!
//! [`private_file`] reads and writes files that only the person may use,
//! [`refusal`] writes a no by every means there is, [`before`] puts back what
//! was before a yes that failed, [`link`] removes what is in a file that may be
//! a link, [`content`] decides what becomes of a file that cannot be read,
//! [`kept`] is the list of all files and of what becomes of each at
//! `off`, `clear` and so on, [`lock`] has the locks between processes,
//! [`paths`] has the path of every file of a product, and [`error`] says why a
//! file cannot be used. [`in_use`] waits for files that other programs have
//! open, and [`opened`] and [`ownership`] have what differs between systems.
//! Each other module knows the content of one file, and
//! none decides what it is used for. The queue's files belong to the crate
//! `headcount-queue`.

pub(crate) mod error;
mod missing;
#[cfg(unix)]
mod accounts;
mod whose;
pub(crate) mod ownership;
#[cfg(windows)]
#[path = "standing_windows.rs"]
mod standing;
#[cfg(unix)]
#[path = "opened_unix.rs"]
mod opened;
#[cfg(windows)]
#[path = "opened_windows.rs"]
mod opened;
pub(crate) mod in_use;
pub(crate) mod private_file;
pub(crate) mod refusal;
pub(crate) mod before;
pub(crate) mod link;
mod content;
pub(crate) mod lock;
pub(crate) mod small_json;
mod bounded_log;
mod same_place;
pub(crate) mod paths;

// The person's decision, and what they agreed to.
pub(crate) mod settings;
mod marked_json;
pub(crate) mod state;
pub(crate) mod agreed;
pub(crate) mod new_id;
pub(crate) mod counted;
pub(crate) mod agent_notes;

// What may still have to be erased elsewhere, and the list of all files.
pub(crate) mod erasures;
pub(crate) mod kept;

// Shipping: when, how much, what is left and for whom, what was lost.
pub(crate) mod backoff;
pub(crate) mod pace;
pub(crate) mod left;
pub(crate) mod versions;
pub(crate) mod quarantine;
pub(crate) mod receipts;
pub(crate) mod sent;
pub(crate) mod line;
pub(crate) mod tally;
pub(crate) mod unanswered;
pub(crate) mod late;

pub(crate) use missing::is_missing;

/// The path is a folder, a FIFO, a device or a socket.
const NOT_REGULAR: &str = "not a regular file";

/// The missing file may have held a no.
const LEADS_NOWHERE: &str = "a link to a file that does not exist";
