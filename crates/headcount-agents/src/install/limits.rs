//! The limits of installing hooks, with their units and their arithmetic.

/// Bytes of a configuration file that is read, at most. Agents' settings are a
/// few kilobytes; those of people with many permissions reach 200 KiB. A file
/// is parsed once for each change to it, ten times at most.
pub(crate) const FILE_BYTES: u64 = 4 * 1024 * 1024;

/// New files that are created before a file cannot be replaced: another one
/// where a process that sweeps has taken it for a leftover.
pub(crate) const CREATE_TRIES: u32 = 10;

/// Seconds that an agent waits for a hook. The hook needs 10 ms; this is for a
/// machine that is busy or has just woken up.
pub(crate) const WAIT_SECONDS: u32 = 5;

/// The same at the end of a session of Codex, which warns above 3 and waits 1
/// where nothing is said.
pub(crate) const CODEX_END_SECONDS: u32 = 1;

/// Milliseconds that OpenCode, which runs the plugin in its own thread, is held
/// up by a hook that hangs.
pub(crate) const OPENCODE_WAIT_MILLISECONDS: u32 = 1_000;

/// Sessions that the plugin of OpenCode remembers, at most: 64 bytes each.
pub(crate) const OPENCODE_SESSIONS: u32 = 1_000;

/// Lines around a change that a diff shows.
pub(crate) const CONTEXT_LINES: usize = 3;

/// Lines that differ for which a diff looks for the shortest way, at most: the
/// square of it are the steps and the numbers kept, 4 MiB. Beyond, all lines
/// between the first and the last difference count as changed.
pub(crate) const DIFF_LINES: usize = 1_000;

/// Bytes of a command line: 32,767 letters is what Windows takes, 8,191 what
/// its `cmd` does.
pub(crate) const COMMAND_BYTES: usize = 8_000;
