//! Every limit of this crate, with its unit and its arithmetic.

use std::time::Duration;

/// Most bytes of a payload. Prompts with pasted text are the longest of what
/// agents send; one that is longer than a mebibyte is not read to its end.
pub(crate) const PAYLOAD_BYTES: usize = 1024 * 1024;

/// How long a payload is waited for. Codex allows a hook one second at the end
/// of a session, of which a quarter may go to waiting for other hooks.
pub(crate) const PAYLOAD_WAIT: Duration = Duration::from_millis(300);

/// Most bytes of an agent's session id, a word or a path in a payload. Ids are
/// UUIDs of 36; paths end at 4096 on Linux.
pub(crate) const TEXT_BYTES: usize = 4096;

/// Most bytes of the name of a command.
pub(crate) const NAME_BYTES: usize = 64;

/// Most bytes of a transcript that are read: a quarter of a second at 1 GB/s.
pub(crate) const TRANSCRIPT_BYTES: u64 = 256 * 1024 * 1024;

/// Bytes of a transcript that are read at once.
pub(crate) const TRANSCRIPT_CHUNK: usize = 256 * 1024;

/// Most bytes of a line of a transcript. What a person typed to invoke a
/// command is shorter; a longer line is skipped.
pub(crate) const LINE_BYTES: usize = 128 * 1024;

/// Most commands that are taken from one transcript: a person who invokes one a
/// minute does so for a working day.
pub(crate) const TRANSCRIPT_COMMANDS: usize = 500;

/// Most bytes of lines that look like a command and are parsed: a tenth of a
/// second.
pub(crate) const TRANSCRIPT_PARSED: usize = 16 * 1024 * 1024;

/// Lines at the beginning of a transcript in which its first time is looked
/// for.
pub(crate) const FIRST_LINES: usize = 20;

/// How long a session may be silent before it counts as over, in milliseconds:
/// a day. Where the system tells that its agent has ended, nobody waits.
pub(crate) const SILENCE: i64 = 86_400_000;

/// How long it is remembered that a session was told, in milliseconds: agents
/// that tell an end twice do it within a minute, and a person who resumes a
/// session mostly does it on the same day.
pub(crate) const TOLD: i64 = 86_400_000;

/// Notes beyond which those of told sessions are dropped, where they are half
/// or more: rewriting the file costs as much as fifty additions to it.
pub(crate) const NOTES: usize = 100;

/// Shells and starters between a hook and its agent: `sh -c`, `env`, `timeout`.
/// An agent's own wrapper is none of them.
#[cfg(target_os = "linux")]
pub(crate) const ANCESTORS: usize = 8;
