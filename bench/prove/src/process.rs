//! Running a host: how long it took by the clock, how long on a processor, and
//! what it left behind.
//!
//! The harness adopts every process that outlives its parent, so that it can
//! wait for the shippers of one run before the next, and count what they cost.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{Signal, kill};
use nix::sys::time::TimeVal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::Fault;

/// How often the watch looks for processes that overstay.
const LOOK: Duration = Duration::from_millis(50);

/// How often it is asked whether a detached process has ended.
const POLL: Duration = Duration::from_micros(200);

/// A program, its arguments, and its whole environment.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The program.
    pub(crate) program: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Every variable it sees.
    pub(crate) variables: Vec<(String, String)>,
}

/// What a run cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    /// From before it was started until it was known to have ended, in seconds.
    pub(crate) wall_s: f64,
    /// Time on a processor, in user and system, in seconds.
    pub(crate) cpu_s: f64,
    /// How it ended.
    pub(crate) end: End,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// By itself, with success.
    Well,
    /// By itself, otherwise.
    Badly,
    /// By the watch, because its time was over.
    Stopped,
}

/// What became of detached processes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reaped {
    /// Their time on a processor, in seconds.
    pub(crate) cpu_s: f64,
}

impl Call {
    /// The call as std has it; standard output goes nowhere.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The same with one more variable.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with these arguments.
    pub(crate) fn saying(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// Runs it to its end, or until the watch stops it.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) fn run(&self, watch: &Watch, limit: Duration) -> Result<Spent, Fault> {
        let mut command = self.command();
        let before = cpu_s(UsageWho::RUSAGE_CHILDREN)?;
        let started = Instant::now();
        let mut child = command
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", self.program.display()))?;
        watch.over(&child, started + limit);
        let status = child.wait()?;
        let wall_s = started.elapsed().as_secs_f64();
        let cpu_s = cpu_s(UsageWho::RUSAGE_CHILDREN)? - before;
        let end = match (watch.forget(&child), status.success()) {
            (Kept::Stopped, _) => End::Stopped,
            (Kept::Running, true) => End::Well,
            (Kept::Running, false) => End::Badly,
        };
        Ok(Spent { wall_s, cpu_s, end })
    }

    /// Runs it and gives what it says on standard output.
    ///
    /// # Errors
    ///
    /// It does not start, or fails.
    pub(crate) fn output(&self) -> Result<String, Fault> {
        let output = self.command().stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
        if !output.status.success() {
            let program = self.program.display();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{program} {:?} failed: {said}", self.arguments).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// Kills processes that overstay, from a thread of its own: setting an alarm
/// costs a run nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch {
    alarms: Arc<Mutex<Vec<Alarm>>>,
}

#[derive(Debug)]
struct Alarm {
    process: u32,
    due: Instant,
    state: Kept,
}

/// Whether a process's alarm rang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It did not.
    Running,
    /// It did.
    Stopped,
}

impl Watch {
    /// Starts it; it ends with the harness.
    pub(crate) fn start() -> Self {
        let watch = Self::default();
        let mine = watch.clone();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(LOOK);
                mine.look();
            }
        });
        watch
    }

    fn alarms(&self) -> std::sync::MutexGuard<'_, Vec<Alarm>> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets an alarm for a process.
    pub(crate) fn over(&self, child: &Child, due: Instant) {
        self.alarms().push(Alarm { process: child.id(), due, state: Kept::Running });
    }

    /// Takes it back, and says whether it rang.
    pub(crate) fn forget(&self, child: &Child) -> Kept {
        let mut alarms = self.alarms();
        let found = alarms.iter().position(|alarm| alarm.process == child.id());
        found.map_or(Kept::Running, |at| alarms.swap_remove(at).state)
    }

    fn look(&self) {
        let now = Instant::now();
        for alarm in self.alarms().iter_mut().filter(|alarm| alarm.due <= now) {
            alarm.state = Kept::Stopped;
            end(alarm.process);
        }
    }
}

/// Ends a process at once, as `kill -9` does.
pub(crate) fn end(process: u32) {
    if let Ok(process) = i32::try_from(process) {
        // An error means that it has ended already.
        let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
    }
}

/// From now on processes whose parent ends become children of the harness.
///
/// # Errors
///
/// The system does not know how.
pub(crate) fn adopt_orphans() -> Result<(), Fault> {
    nix::sys::prctl::set_child_subreaper(true)?;
    Ok(())
}

/// Waits for adopted processes to end: for all of them, or as long as
/// `patience` lasts. Only while the harness has no other children.
///
/// # Errors
///
/// The system's.
pub(crate) fn reap(patience: Duration) -> Result<Reaped, Fault> {
    let until = Instant::now() + patience;
    let before = cpu_s(UsageWho::RUSAGE_CHILDREN)?;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) if Instant::now() >= until => break,
            Ok(WaitStatus::StillAlive) => std::thread::sleep(POLL),
            Ok(_) => {}
            Err(nix::errno::Errno::ECHILD) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Reaped { cpu_s: cpu_s(UsageWho::RUSAGE_CHILDREN)? - before })
}

fn cpu_s(who: UsageWho) -> Result<f64, Fault> {
    let usage = getrusage(who)?;
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}
