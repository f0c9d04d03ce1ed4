//! # headcount-queue
//!
//! Lines of text that many processes append and one process ships. **An append never waits, and a
//! line that was appended is shipped at least once, whoever dies when.**
//!
//! ```text
//! host ──┐  append                       claim                        remove
//! host ──┼──────────► events.jsonl ─────────────► events.<claim>.jsonl ────► (gone)
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
//! queue.append(r#"{"event":"start"}"#)?;                 // in every host, all the time
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
//!         // … send the lines of the batch; the destination says that it has them …
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
//! The open segment is `STEM.EXT` in a folder that may have other files in it; only these names
//! are ever touched, all in that folder but the last:
//!
//! | name | what |
//! | --- | --- |
//! | `STEM.EXT` | the open segment |
//! | `STEM.side-0.EXT` to `STEM.side-3.EXT` | side segments, for when somebody keeps the open one locked |
//! | `STEM.<claim>.EXT` | a claim; `<claim>` is 16 hexadecimal digits of its time in seconds, `-`, 16 random ones |
//! | `STEM.<claim>.<destination>.progress` | what of a claim is sealed for, and settled with, one destination |
//! | `STEM.<claim>.floor` | how many lines at the head of a claim were given up |
//! | `….new` | one of the last two while it is being written |
//! | `STEM.lock` | in the state folder: the ship lock, with the holder's process id for people |
//!
//! Files are made with mode 0600 (a claim is 0400), folders with 0700; nothing is opened through a
//! link, nothing but a regular file is used, and no `open` can block.
//!
//! ## The protocol
//!
//! **Append.** Open the segment (making it if need be), take a *shared* lock on it, look at the
//! file once (`fstat`): a regular file, still linked, not *sealed*, within its share of the bound
//! (and within half of what the process may write to a file at all, should it have such a limit: it
//! is asked for once, before the first append). Look at its last byte. Write the line and its
//! newline in one `write`. Ask where the write ended; unlock; close. If the file is sealed or locked,
//! open again; after a millisecond of that, do the same with a side segment.
//!
//! **Claim.** Hold the ship lock. Rename the segment to its claim's name. Take the *exclusive* lock
//! on it, which waits for those writers that opened it under its old name and are writing. Seal it:
//! take its write permission away. Unlock. From here on it never changes. A claim is only read
//! when it is sealed; one that another shipper left unsealed is sealed first.
//!
//! **Ship.** Seal lines into batches, send, settle, each step in the progress file of the
//! destination (written beside it, then renamed) before the next. When every destination has
//! settled every line, remove the claim, then its small files.
//!
//! On Windows, where a lock would keep its own holder from writing, the share mode of `open` is both
//! lock and seal; see `platform_windows.rs`.
//!
//! ## Every race, and why it is harmless
//!
//! - *Two writers.* `O_APPEND` puts each write, whole, behind the other. The lock is shared. But a
//!   file's size is seen to grow page by page: a writer's first look may find another's line
//!   half-written, and takes it for a torn one. By the time of its own write that line is whole: the
//!   cancel character then stands on a line of its own, which the reader skips. Its look after the
//!   write cannot err so, because what stands before its line was written to the end; no line is
//!   written twice unless it hangs on a fragment. (Where appends are not one behind the other, a
//!   line could be: its event has the same id then, and is one event after the far side's check.)
//! - *A claim between a writer's `open` and its lock.* The writer has the old file. If it locks
//!   before the seal, its line is in the claim before the claim is read: the exclusive lock waits for
//!   it. If it locks after, it sees the seal and opens again, and the path leads to a new segment.
//!   There is no third case, because the lock orders the two.
//! - *The claim is shipped and removed before a slow writer locks.* The file has no link left; the
//!   writer sees that and opens again. The same holds for [`Queue::clear`].
//! - *Two writers make the new open segment.* `O_CREAT` makes one file; both have it.
//! - *Two shippers.* The ship lock excludes one. It belongs to the kernel, which takes it back from
//!   a process that dies; no timer does. Should somebody remove the lock's file, its holder's lock
//!   would exclude nobody any more. Of ours only the holder removes it, as the last thing that it
//!   does with the queue ([`Shipper::remove_lock`]); whoever waited for it has then locked a file
//!   without a link, sees that, and opens again.
//! - *A writer dies, or the disk is full, in the middle of a write.* A torn line without its newline
//!   is left at the end. The next writer sees it and begins with the cancel character and a newline:
//!   the reader counts the fragment as torn. If the line was torn between that writer's look and its
//!   write, its own line hangs on the fragment; it notices from where its write ended, and writes
//!   the line once more, on its own. (Fragment and line together are then one line that is no
//!   record, for the reader of records to count.) Nothing is ever cut off a file: another writer
//!   may be behind the tear. Under Windows the second look is missing; see there.
//! - *The disk is full* while a shipper works. The ship lock needs no room but its file's name, a
//!   claim none, and removing gives some: the bounds are kept, to the claim if not to the line, and
//!   [`Queue::clear`] works. Nothing is sealed, so nothing is sent until there is room.
//! - *The process may not write files of that size* (`ulimit -f`). A write at that limit would end
//!   it, the host included (SIGXFSZ), so none is begun: the segment is full for this process, a
//!   progress file is an error. A limit that a host sets after its first append is not seen.
//! - *A writer is stopped (or swapped out for a minute) holding its shared lock.* Other writers share
//!   it. A claim renames the segment all the same, cannot seal it, and says so; that one claim waits
//!   for its writer to go on or die, while everything appended since is claimed and shipped.
//! - *A shipper is stopped.* It holds an exclusive lock only on a file that already has a claim's
//!   name, which no writer opens. Writers that had opened it try again and get the new one.
//! - *A foreign program keeps the open segment locked.* Writers use the side segments after a
//!   millisecond, by the same protocol. If it keeps all five locked, [`AppendError::Busy`].
//! - *A shipper dies.* Before the rename: nothing happened. Before the seal: an unsealed claim, which
//!   the next shipper finds by its name and seals. Before a batch is in the progress file: its lines
//!   are free. Before it was sent, or before the answer came: the batch is found sealed, its lines,
//!   number and time the same, so its body is the same, and is sent again: *at least once*, with
//!   event ids in the lines to make it once. Before the settlement is written: likewise. Before the
//!   claim is removed: it is found settled, and removed. Before its small files are removed: they
//!   are found without a claim, and removed.
//! - *A progress file is torn by a crash of the machine.* It says nothing ([`Origin::StartedOver`]):
//!   that destination gets that claim once more, the others notice nothing.
//! - *Somebody looks* ([`Queue::lines`]) *while a shipper works.* He may see a line twice or not at
//!   all; nothing relies on it.
//! - *A clock jumps.* The shipper's time is in a claim's name, its age is counted from it. Set back:
//!   claims from the future have no age until the clock is there again. Set forward: claims seem
//!   old, and what seems too old is given up and counted. Nothing else reads a clock but the
//!   waits, which use one that does not jump.
//!
//! ## The bounds
//!
//! [`Bounds::bytes`] holds on the write path without reading the folder: a quarter for the open
//! segment, a thirty-second for each side segment, the rest for the claims, kept at each claim.
//! Writers that look at the size at the same moment may exceed it by a line each.
//! [`Bounds::lines`] and [`Bounds::days`] are kept at each claim, and no more than 1,024 claims are: a
//! destination that is dead while another one is alive leaves a claim at every attempt, and each is a
//! file or three that every attempt looks at. (To wait with a claim until it is larger would hold up
//! the one that is alive.) The oldest go first, and each [`DropReason`] is counted for the lines that
//! somebody still lacked.
//!
//! A file can be larger than anything that was appended, by somebody else's hand. Of a segment no
//! more is ever read than the queue may hold (and 8 MiB, should that be less), and of everything that
//! is given up at one claim no more either; whatever is not read of a segment counts as one line. It
//! is removed before it is read, so it takes its time once.
//!
//! ## What it does not do
//!
//! It knows no JSON, no event, no network and no consent: it moves opaque lines. It does not call
//! `fsync`: a line survives the death of every process, and of the machine when the file system had
//! it. It does not coordinate machines: on a network folder, `O_APPEND` of two of them can collide.
//! It never sleeps longer than the waits it is given, and starts no thread.

mod append;
mod bounds;
mod claim;
mod clear;
mod destination_name;
mod drops;
mod error;
mod enforce;
mod limits;
mod lines;
mod line_set;
mod ship_lock;
mod locked_segment;
mod names;
mod obstacle;
mod lock_retry;
mod peek;
mod platform;
mod progress;
mod queue;
mod small_file;
mod shipper;
mod claiming;

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
pub use progress::{Batch, LineOutcome, Origin, Progress};
pub use queue::{Queue, file_limit_bytes};
pub use shipper::{ProgressWriter, Removal, Shipper};
