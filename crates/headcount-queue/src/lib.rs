//! Lines of text that many processes append and one process ships, on disk.
//!
//! **An append never waits, and every appended line is shipped at least once,
//! whichever process dies at whatever moment.**
//!
//! ```text
//! host ──┐  append                       claim                        remove
//! host ──┼──────────► events.jsonl ─────────────► events.<claim>.jsonl ────► (removed)
//! host ──┘            (open segment)              events.<claim>.otlp.progress
//!                     events.side-0.jsonl         events.<claim>.http.progress
//! ```
//!
//! ```
//! use headcount_queue::{Bounds, DestinationName, LineSet, LineOutcome, Queue, Removal};
//! # use std::{path::Path, time::Duration};
//! # let home = tempfile::tempdir()?;
//! # let (folder, state) = (home.path().join("tool"), home.path().join("state"));
//! let queue = Queue::new(&folder.join("events.jsonl"), Bounds::USUAL)?;
//! queue.append(r#"{"event":"start"}"#)?;                 // in every host
//!
//! let shipper = queue.shipper(&state, Duration::ZERO)?;   // in one process at a time
//! let otlp = DestinationName::new("otlp").ok_or("a bad name")?;
//! let (now_s, all) = (1_800_000_000, std::slice::from_ref(&otlp));
//! for claim in shipper.claim(now_s, all)?.claims {
//!     let mut progress = shipper.progress(&claim, &otlp)?;
//!     let lines = claim.lines()?.collect::<Result<Vec<_>, _>>()?;
//!     let free: LineSet = lines.iter().map(|line| line.index).collect();
//!     progress.seal(free, now_s)?;                        // on disk before anything is sent
//!     for batch in progress.batches().to_vec() {
//!         // … send the lines of the batch, and wait for the answer of the destination …
//!         progress.settle(batch.lines(), LineOutcome::Done)?;
//!     }
//!     let removal = shipper.remove_when_settled(&claim, all)?;
//!     assert!(matches!(removal, Removal::Removed(_)));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ## The files
//!
//! The open segment is `STEM.EXT`, in a folder that may contain other files.
//! The queue touches only files with these names, all of them in that folder
//! except the last:
//!
//! | name | content |
//! | --- | --- |
//! | `STEM.EXT` | the open segment |
//! | `STEM.side-0.EXT` to `STEM.side-3.EXT` | side segments, for when another program keeps the open segment locked |
//! | `STEM.<claim>.EXT` | a claim; `<claim>` is its time in seconds as 16 hexadecimal digits, `-`, and 16 random hexadecimal digits |
//! | `STEM.<claim>.<destination>.progress` | which lines of a claim are sealed for a destination, and which are settled |
//! | `STEM.<claim>.floor` | how many lines at the start of a claim were given up |
//! | `….new` | one of the last two while it is being written |
//! | `STEM.lock` | in the state folder: the ship lock, with the process id of its holder for people to read |
//!
//! Files have mode 0600 (a claim has 0400) and folders 0700. Links are never
//! followed, only regular files are used, and no `open` can block.
//!
//! ## The protocol
//!
//! **Append.** Open or create the segment and take a *shared* lock on it. Read
//! its metadata once (`fstat`): it must be a regular file, still have a name,
//! not be *sealed*, and be within its share of the bound, and within half of
//! the limit on the size of files, if the process has one (that limit is read
//! once, before the first append). Read its last byte. Write the line and its
//! newline in one `write`. Check that it is a line of its own; unlock; close.
//! If the file is sealed or locked, open it again; after a millisecond of that,
//! do the same with a side segment.
//!
//! **Claim.** Hold the ship lock. Rename the segment to the name of the claim.
//! Take the *exclusive* lock on it, which waits for the writers that opened it
//! under its old name. Seal it: remove its write permission. Unlock. From now
//! on nothing is added to it. A claim is read only after it is sealed; if
//! another shipper left one unsealed, it is sealed first.
//!
//! **Remove lines.** Hold the ship lock. Write the claim again without the text
//! of these lines, under the name that its floor file has while it is being
//! written, and rename that to the name of the claim: the others keep their
//! numbers, and a reader sees one claim or the other. Where there is no space
//! for that, write over these lines with cancel characters, under the exclusive
//! lock while the seal is off.
//!
//! **Ship.** Seal lines into batches, send, settle. Each step is in the
//! progress file of the destination (written under another name, then renamed)
//! before the next one starts. When every destination has settled every line,
//! remove the claim, then its small files. A destination that has a progress
//! file counts, also if this version of the program does not know it: another
//! version has begun with it.
//!
//! On Windows a lock would keep its own holder from writing, so the share mode
//! of `open` is both lock and seal; see `platform_windows.rs`.
//!
//! ## Every race, and why it does no harm
//!
//! - *Two writers append at the same time.* `O_APPEND` puts one write after the
//!   other. The lock is shared. But the size of a file grows page by page while
//!   a line is written: a writer may read it when another line is half-written,
//!   and take that line for a torn one. By the time of its own write that line
//!   is complete, so the cancel character is on a line of its own, which
//!   readers skip. The check after the write cannot make that mistake, because
//!   everything before its line is written then. No line is written twice
//!   unless it continues a fragment. (On a file system where appends do not
//!   follow one another, a line could be written twice; its event then has the
//!   same id twice, and the collector counts it once.)
//! - *A claim happens between a writer's `open` and its lock.* The writer has
//!   the old file. If it locks before the seal, its line is in the claim before
//!   the claim is read, because the exclusive lock waits for it. If it locks
//!   after the seal, it sees the seal and opens again, and the path leads to a
//!   new segment. There is no third case, because the lock orders the two.
//! - *The claim is shipped and removed before a slow writer locks.* The file
//!   has no name any more; the writer sees that and opens again. The same holds
//!   for [`Queue::clear`].
//! - *Two writers create the new open segment.* `O_CREAT` creates one file, and
//!   both have it.
//! - *Two shippers run.* The ship lock excludes one of them. The kernel
//!   releases it when a process dies; there is no timeout. If the file of the
//!   lock is removed, the lock excludes nobody any more. Headcount removes it
//!   only as the last thing that its holder does with the queue
//!   ([`Shipper::remove_lock`]). A process that waited for it has then locked a
//!   file without a name, sees that, and opens again.
//! - *A writer dies, or the disk becomes full, in the middle of a write.* A
//!   torn line without a newline is left at the end. The next writer sees that
//!   and starts with the cancel character and a newline, so that readers count
//!   the fragment as torn. If the line was torn between the check and the write
//!   of that writer, its own line continues the fragment; it notices that from
//!   where its write ended, and writes the line once more. (Fragment and line
//!   together are then a line that is not a record, which the reader of records
//!   counts.) Nothing is ever cut off a file, because another writer may have
//!   appended after the torn line. On Windows the line is looked for in the
//!   file instead; see there.
//! - *The disk is full* while a shipper works. The ship lock needs only a file
//!   name, a claim needs nothing, and removing frees space. So the bounds are
//!   kept, if not to the line then to the claim, and [`Queue::clear`] works.
//!   Nothing can be sealed, so nothing is sent until there is space.
//! - *The process may not write files of that size* (`ulimit -f`). A write at
//!   the limit would kill it and so the host (SIGXFSZ), so none is started: the
//!   segment is full for this process, and a progress file is an error. A limit
//!   that a host sets after its first append is not noticed.
//! - *A writer is stopped (or swapped out for a minute) while it holds its
//!   shared lock.* Other writers share it. A shipper renames the segment,
//!   cannot seal it, and reports that. This claim waits until the writer goes
//!   on or dies, while everything that is appended later is claimed and
//!   shipped.
//! - *A shipper is stopped.* It holds an exclusive lock only on a file with the
//!   name of a claim, which no writer opens. Writers that had opened it before
//!   open again and get the new segment.
//! - *Another program keeps the open segment locked.* After a millisecond
//!   writers use the side segments, with the same protocol. If all five are
//!   locked, they get [`AppendError::Busy`].
//! - *A shipper dies.* Before the rename: nothing happened. Before the seal:
//!   the next shipper finds an unsealed claim by its name and seals it. Before
//!   a batch is in the progress file: its lines are free. Before it was sent,
//!   or before the answer came: the batch is found sealed, with the same lines,
//!   number and time, so its body is the same and is sent again: *at least
//!   once*, and the event ids in the lines make it once. Before the outcome is
//!   written: likewise. Before the claim is removed: it is found settled, and
//!   removed. Before its small files are removed: they are found without a
//!   claim, and removed.
//! - *A progress file is damaged by a crash of the machine.* It is ignored
//!   ([`Origin::StartedOver`]): that destination gets the claim again, and the
//!   others are not affected.
//! - *Somebody reads the queue* ([`Queue::lines`]) *while a shipper works.* A
//!   line may be seen twice or not at all; nothing relies on it.
//! - *The clock jumps.* The name of a claim contains the shipper's time, from
//!   which its age is counted. Set back: claims from the future have no age
//!   until the clock has reached their time. Set forward: claims seem old, and
//!   what seems too old is given up and counted. Nothing else reads a clock
//!   except the waits, which use one that does not jump.
//!
//! ## The bounds
//!
//! Appends keep [`Bounds::bytes`] without listing the folder: a quarter is for
//! the open segment, a thirty-second for each side segment, and the rest for
//! the claims. Writers that read the size at the same moment may exceed it by a
//! line each. Claiming keeps [`Bounds::lines`], [`Bounds::days`], and the rest
//! of the bytes. It also keeps no more than 1,024 claims: while one destination
//! is unreachable and another is not, every attempt leaves a claim, and each
//! has one to three files that every later attempt reads. (Waiting until a
//! claim is larger would delay the destination that is reachable.) The oldest
//! lines are given up first, and each [`DropReason`] counts the lines that a
//! destination still lacked.
//!
//! Another program may write a file that is larger than anything that was
//! appended. Of a segment no more is read than the queue may hold (and at least
//! 8 MiB), and of everything that is given up at one time no more than that,
//! either. What is not read of a segment counts as one line. It is removed
//! before it is read, so it takes that time once.
//!
//! ## Where to look
//!
//! | to change | open |
//! | --- | --- |
//! | how a line is appended, and when a writer takes a side segment | `append.rs`; the time in `limits.rs` |
//! | how segments are claimed and bounds kept | `claiming.rs`, `enforce.rs`, `limits.rs` |
//! | what a shipper may do with a claim | `shipper.rs`, `progress.rs`, `line_set.rs` |
//! | how lines are read, and which are skipped | `lines.rs`, `drops.rs` |
//! | how lines are removed although their claim stays | `remove_lines.rs` |
//! | what `status`, `inspect` and `dump` see | `peek.rs` |
//! | the names of the files | `names.rs` |
//! | locks, modes and links of a system | `platform_unix.rs`, `platform_windows.rs` |
//! | folders and files that only the person may use | `private_unix.rs`, `access_list.rs`, `access_list_windows.rs`, `private_windows.rs` |
//! | an error message | `error.rs` |
//!
//! ## What it does not do
//!
//! It knows no JSON, no events, no network and no consent: a line is just text.
//! It does not call `fsync`: a line survives the death of every process, and
//! that of the machine if the file system had written it. It does not
//! coordinate several machines: on a network folder, `O_APPEND` of two machines
//! can collide. It never sleeps longer than the waits that it is given, and
//! starts no thread.

// The queue, what is in it, and how lines are appended.
mod queue;
mod bounds;
mod append;
mod lines;
mod drops;
mod peek;

// The shipper, from the lock to the removal of a claim.
mod shipper;
mod ship_lock;
mod claiming;
mod enforce;
mod claim;
mod destination_name;
mod progress;
mod line_set;
mod clear;
mod remove_lines;

// Files: their names, and what differs between systems.
mod names;
mod small_file;
mod platform;
mod locked_segment;
mod obstacle;
mod lock_retry;

// Folders and files that only the person may use.
#[cfg(unix)]
mod private_unix;
#[cfg(any(windows, test))]
#[cfg_attr(not(windows), expect(unreachable_pub, reason = "public on Windows alone"))]
mod access_list;
#[cfg(windows)]
mod access_list_windows;
#[cfg(windows)]
mod private_windows;

mod error;
mod limits;

#[cfg(windows)]
pub use access_list::{AccessList, WhoElse};
#[cfg(windows)]
pub use access_list_windows::{access_list_of, create_private};
pub use append::Appended;
pub use bounds::Bounds;
pub use claim::Claim;
pub use claiming::Claimed;
pub use destination_name::DestinationName;
pub use drops::{DropReason, Dropped, Drops};
pub use error::{AppendError, QueueError, ShipError};
pub use limits::MAX_LINE_BYTES;
pub use line_set::LineSet;
pub use lines::{Line, Lines};
pub use names::ClaimName;
pub use peek::{Glance, Waiting};
#[cfg(unix)]
pub use private_unix::create_private_folder;
#[cfg(windows)]
pub use private_windows::{create_private_folder, is_in_use, open_or_create_private};
pub use progress::{Batch, LineOutcome, Origin, Progress};
pub use queue::{Queue, file_limit_bytes};
pub use shipper::{ProgressWriter, Removal, Shipper};
