//! A person who has agreed, and the payloads that their agent sends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nix::sys::resource::{UsageWho, getrusage};

use crate::Fault;
use crate::process::{self, Call, Watch};

/// What the product may report: a session, with its commands.
const CATALOG: &str = include_str!("telemetry.toml");

/// A home, a catalog, and the hook.
pub(crate) struct HookHome {
    pub(crate) hook: PathBuf,
    pub(crate) catalog: PathBuf,
    pub(crate) folder: PathBuf,
}

impl HookHome {
    /// Makes one below `scratch`, and says yes.
    ///
    /// # Errors
    ///
    /// The files cannot be written, or the program fails.
    pub(crate) fn set(hook: &Path, scratch: &Path) -> Result<Self, Fault> {
        process::adopt_orphans()?;
        let folder = scratch.join("home");
        fs::create_dir(&folder)?;
        let catalog = scratch.join("telemetry.toml");
        fs::write(&catalog, CATALOG)?;
        let home = Self { hook: hook.to_path_buf(), catalog, folder };
        home.call("telemetry", &["on"]).output()?;
        Ok(home)
    }

    /// A call of the binary for this catalog.
    pub(crate) fn call(&self, command: &str, words: &[&str]) -> Call {
        let catalog = self.catalog.to_string_lossy().into_owned();
        let mut arguments = vec![command.to_owned(), "--catalog".to_owned(), catalog];
        arguments.extend(words.iter().map(|word| (*word).to_owned()));
        self.program(&self.hook, arguments)
    }

    /// A call of any program, in this home.
    pub(crate) fn program(&self, program: &Path, arguments: Vec<String>) -> Call {
        let home = self.folder.to_string_lossy().into_owned();
        let variables = [
            ("HOME", home.as_str()),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("LANG", "C.UTF-8"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Call { program: program.to_path_buf(), arguments, variables: variables.to_vec() }
    }

    /// Writes a payload of Claude Code's and returns its file.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub(crate) fn payload(&self, session: &str, event: &str, rest: &str) -> Result<PathBuf, Fault> {
        let path = self.folder.with_file_name(format!("{event}-{session}.json"));
        let text = format!(
            "{{\"session_id\":\"{session}\",\"transcript_path\":\"/none.jsonl\",\"cwd\":\"/srv/demo\",\
             \"hook_event_name\":\"{event}\"{rest}}}\n"
        );
        fs::write(&path, text)?;
        Ok(path)
    }

    /// The same for the end of a session with a transcript.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub(crate) fn transcript_payload(&self, session: &str, rest: &str) -> Result<PathBuf, Fault> {
        let path = self.folder.with_file_name(format!("{session}.json"));
        let text =
            format!("{{\"session_id\":\"{session}\",\"hook_event_name\":\"SessionEnd\"{rest}}}\n");
        fs::write(&path, text)?;
        Ok(path)
    }

    /// Makes a pause as after a failure, of an hour, so that no shipper starts.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub(crate) fn pause(&self) -> Result<(), Fault> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let path = self.folder.join(".proof/telemetry-state/headcount.backoff.json");
        Ok(fs::write(path, format!("{{\"failures\":9,\"until\":{}}}", now + 3_600))?)
    }

    /// Forgets everything that was recorded or noted, and pauses after
    /// failures.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub(crate) fn clean(&self) -> Result<(), Fault> {
        let state = self.folder.join(".proof/telemetry-state");
        for entry in fs::read_dir(self.folder.join(".proof"))?.chain(fs::read_dir(&state)?) {
            let path = entry?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            if name.starts_with("events")
                || name.starts_with("agent-notes")
                || name.contains("backoff")
            {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// Runs a call with a file as its standard input, and says how many seconds it
/// took.
///
/// # Errors
///
/// It does not start, or fails.
pub(crate) fn fed(call: &Call, input: &Path, watch: &Watch) -> Result<f64, Fault> {
    let mut command: Command = call.command();
    command.stdin(Stdio::from(fs::File::open(input)?));
    let started = Instant::now();
    let mut child = command.spawn()?;
    watch.over(&child, started + Duration::from_secs(20));
    let status = child.wait()?;
    let wall_s = started.elapsed().as_secs_f64();
    watch.forget(&child);
    if !status.success() {
        return Err(
            format!("{} {:?} ended with {status}", call.program.display(), call.arguments).into()
        );
    }
    Ok(wall_s)
}

/// The most memory that one run of a call had resident, in MiB, measured by a
/// process that starts nothing else.
///
/// # Errors
///
/// It does not start, or fails.
pub(crate) fn peak_mib(call: &Call, input: &Path) -> Result<f64, Fault> {
    let own = std::env::current_exe()?;
    let mut peak = Command::new(own);
    peak.arg("peak").arg(input).arg(&call.program).args(&call.arguments).env_clear();
    peak.envs(call.variables.iter().map(|(name, value)| (name, value)));
    let output = peak.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse::<f64>()? / 1024.0)
}

/// `prove peak INPUT PROGRAM ARGUMENT…`: prints the kibibytes.
///
/// # Errors
///
/// It does not start.
pub(crate) fn print_peak(mut words: impl Iterator<Item = String>) -> Result<(), Fault> {
    let input = words.next().ok_or("peak needs a file")?;
    let program = words.next().ok_or("peak needs a program")?;
    let input = fs::File::open(input)?;
    Command::new(program).args(words).stdin(Stdio::from(input)).stdout(Stdio::null()).status()?;
    println!("{}", getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss());
    Ok(())
}
