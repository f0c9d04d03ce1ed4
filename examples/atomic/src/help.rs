//! What Atomic says of itself.

/// The version, as `atomic --version` prints it.
pub(crate) const VERSION: &str = concat!("atomic ", env!("CARGO_PKG_VERSION"), "\n");

/// The help text.
pub(crate) const USAGE: &str = "\
Usage: atomic <COMMAND> [--no-telemetry]
       atomic -a AGENT [-- ARGUMENTS]

Commands:
  init [--agent claude|opencode|copilot]  Set up the current folder
  run -a AGENT [-- ARGUMENTS]             Start a coding agent; the same as `atomic -a AGENT`
  update                                  Check for a newer version
  uninstall                               Remove Atomic from the current folder
  config set telemetry true|false         Turn anonymous telemetry on or off
  telemetry [COMMAND]                     See what is collected, and decide: `telemetry help`

Options:
  --no-telemetry  Record nothing in this run
  -h, --help      Print help, also of a command: `atomic init --help`
  -V, --version   Print the version
";

const INIT: &str = "\
Usage: atomic init [--agent claude|opencode|copilot]

Sets up the current folder: writes `.atomic.json`.

In a terminal it asks which coding agent you use, unless `--agent` says so, and, at the first run,
whether anonymous telemetry may be on. If it is on and there is an agent, the agent gets hooks that
tell when a session ends and which commands of Atomic were used in it:

  claude    .claude/hooks/telemetry-stop.sh, registered in .claude/settings.json
  copilot   .github/hooks/telemetry-end.sh, registered in .github/hooks/atomic-telemetry.json
  opencode  .opencode/plugin/telemetry.ts

`atomic uninstall` takes them out again.
";

const RUN: &str = "\
Usage: atomic run -a AGENT [-- ARGUMENTS]
       atomic -a AGENT [-- ARGUMENTS]

Starts a coding agent: claude, opencode or copilot, from your PATH. What is behind `--` is passed on
as it is, such as a command: atomic -a claude -- /research-codebase src/

The exit code is the agent's; 127 if the agent is not installed, 126 if it cannot be started.
";

const UPDATE: &str = "\
Usage: atomic update

Checks for a newer version.
";

const UNINSTALL: &str = "\
Usage: atomic uninstall

Removes Atomic from the current folder: `.atomic.json`, and the hooks that `atomic init` gave to
coding agents. Then it deletes all telemetry data of Atomic on this machine: the id, the records that
wait and your decision. What you agreed to send is sent before, if that takes less than ten seconds.
";

const CONFIG: &str = "\
Usage: atomic config set telemetry true|false

Turns anonymous telemetry on or off: `true` is your consent, `false` takes it back.
";

/// The help text of a command. `telemetry` has its own.
pub(crate) fn of(command: &str) -> Option<&'static str> {
    Some(match command {
        "init" => INIT,
        "run" => RUN,
        "update" => UPDATE,
        "uninstall" => UNINSTALL,
        "config" => CONFIG,
        _ => return None,
    })
}
