//! Real processes: a binary, its arguments, a clean environment, and the
//! result.
//!
//! A program has the variables of its [`Home`] and those that the test adds,
//! and no others. Each of its outputs is read by a thread, so that it never
//! waits for a reader. A process has finished when it has ended *and* both
//! outputs are closed, because an agent that captures them waits for that: a
//! detached child that inherits one is a fault.

use std::ffi::{OsStr, OsString};
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::Home;
use crate::limits::{BUSY, LOOK_AGAIN, PROGRAM};

/// A program that can be started, also several times.
#[derive(Clone, Debug)]
pub struct TestProgram {
    binary: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    stdin: Option<Vec<u8>>,
    limit: Duration,
    #[cfg(windows)]
    console: Console,
}

/// The console of a program.
#[cfg(windows)]
#[derive(Clone, Copy, Debug)]
enum Console {
    /// That of the test, if it has one.
    Shared,
    /// One of its own, without a window.
    Own,
}

/// The result of a process.
#[derive(Clone, Debug)]
pub struct ProgramOutput {
    /// The exit status.
    pub status: ExitStatus,
    /// Everything that was written to standard output.
    pub stdout: Vec<u8>,
    /// Everything that was written to standard error.
    pub stderr: Vec<u8>,
    /// The time from just before the start until the process had ended and its
    /// outputs were closed.
    pub elapsed: Duration,
}

/// A process that was started. It is killed when dropped.
#[derive(Debug)]
pub struct RunningProgram {
    child: Child,
    stdout: Arc<Stream>,
    stderr: Arc<Stream>,
    started: Instant,
    limit: Duration,
}

impl TestProgram {
    /// Returns a program: a binary, usually `env!("CARGO_BIN_EXE_name")`, that
    /// runs with the environment of `home`, in that folder, without arguments
    /// and with an empty standard input, for at most 30 s.
    #[must_use]
    pub fn new(binary: impl Into<PathBuf>, home: &Home) -> Self {
        Self {
            binary: binary.into(),
            arguments: Vec::new(),
            environment: home.environment(),
            folder: home.path().to_path_buf(),
            stdin: None,
            limit: PROGRAM,
            #[cfg(windows)]
            console: Console::Shared,
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<I: IntoIterator<Item: AsRef<OsStr>>>(mut self, arguments: I) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets a variable, which may also be one of the home.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(present, _)| present != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the folder in which it runs.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// Sets what it reads from standard input.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// Sets how long it may take.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Gives it a console of its own, without a window, so that a test can tell
    /// it Ctrl-C and nobody else.
    #[cfg(windows)]
    #[must_use]
    pub fn own_console(mut self) -> Self {
        self.console = Console::Own;
        self
    }

    /// Runs the program until it finishes.
    ///
    /// # Panics
    ///
    /// If it cannot be started, or does not finish in time.
    #[must_use]
    #[track_caller]
    pub fn run(&self) -> ProgramOutput {
        self.spawn().wait()
    }

    /// Starts the program.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    #[must_use]
    #[track_caller]
    pub fn spawn(&self) -> RunningProgram {
        let mut command = Command::new(&self.binary);
        command.args(&self.arguments).current_dir(&self.folder);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(windows)]
        if matches!(self.console, Console::Own) {
            /// `CREATE_NO_WINDOW`.
            const NO_WINDOW: u32 = 0x0800_0000;
            std::os::windows::process::CommandExt::creation_flags(&mut command, NO_WINDOW);
        }
        let started = Instant::now();
        // A program that a test has just written is busy while the child of
        // another thread, which is about to become its own program, has it
        // open.
        let busy = |error: &std::io::Error| {
            error.kind() == ErrorKind::ExecutableFileBusy && started.elapsed() < BUSY
        };
        let mut spawned = command.spawn();
        while spawned.as_ref().is_err_and(busy) {
            std::thread::yield_now();
            spawned = command.spawn();
        }
        let mut child = spawned
            .unwrap_or_else(|error| panic!("{} did not start: {error}", self.binary.display()));
        if let (Some(mut pipe), Some(bytes)) = (child.stdin.take(), self.stdin.clone()) {
            // In a thread, because the program may write before it reads. An
            // error means that it does not read everything.
            std::thread::spawn(move || pipe.write_all(&bytes));
        }
        let stdout = Stream::read(child.stdout.take().expect("was asked to be piped"));
        let stderr = Stream::read(child.stderr.take().expect("was asked to be piped"));
        RunningProgram { child, stdout, stderr, started, limit: self.limit }
    }
}

impl ProgramOutput {
    /// Returns the exit code; `None` if a signal ended the process.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Returns standard output as text. Invalid UTF-8 is replaced.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Returns standard error as text. Invalid UTF-8 is replaced.
    #[must_use]
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

impl RunningProgram {
    /// Returns the process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a complete line on standard output that contains `part`, and
    /// returns it without its newline.
    ///
    /// # Panics
    ///
    /// If standard output is closed or the time of the program is over before.
    #[must_use]
    #[track_caller]
    pub fn line(&self, part: &str) -> String {
        let found = self.stdout.wait(self.started + self.limit, |bytes| {
            let whole = bytes.iter().rposition(|byte| *byte == b'\n')?;
            let text = String::from_utf8_lossy(&bytes[..whole]);
            text.lines().find(|line| line.contains(part)).map(str::to_owned)
        });
        found.unwrap_or_else(|| panic!("no line with {part:?} came; {}", self.outputs()))
    }

    /// Kills the process, like `kill -9`. [`wait`](Self::wait) returns its exit
    /// status.
    pub fn kill(&mut self) {
        // An error means that it has already ended.
        let _ = self.child.kill();
    }

    /// Waits until the process has ended and both outputs are closed.
    ///
    /// # Panics
    ///
    /// If its time is over before. The process is killed then.
    #[must_use]
    #[track_caller]
    pub fn wait(mut self) -> ProgramOutput {
        let end = self.started + self.limit;
        let closed = self.stdout.wait_closed(end) && self.stderr.wait_closed(end);
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < end => std::thread::park_timeout(LOOK_AGAIN),
                Ok(None) => panic!("still running after {:?}; {}", self.limit, self.outputs()),
                Err(error) => panic!("cannot wait for the process: {error}"),
            }
        };
        assert!(
            closed,
            "the process ended ({status}), but something it started kept an output open for {:?}; {}",
            self.limit,
            self.outputs()
        );
        let elapsed = self.started.elapsed();
        ProgramOutput { status, stdout: self.stdout.bytes(), stderr: self.stderr.bytes(), elapsed }
    }

    fn outputs(&self) -> String {
        let text = |stream: &Stream| String::from_utf8_lossy(&stream.bytes()).into_owned();
        format!("stdout: {:?}, stderr: {:?}", text(&self.stdout), text(&self.stderr))
    }
}

impl Drop for RunningProgram {
    fn drop(&mut self) {
        self.kill();
        // Reaps the process. There is nothing to do about an error.
        let _ = self.child.wait();
    }
}

/// An output of a process.
#[derive(Debug, Default)]
struct Stream {
    state: Mutex<StreamState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct StreamState {
    /// Everything that was read so far.
    bytes: Vec<u8>,
    flow: Flow,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Flow {
    #[default]
    Open,
    Closed,
}

const LOCK: &str = "no thread panics while it holds the lock";

impl Stream {
    fn read(mut pipe: impl Read + Send + 'static) -> Arc<Self> {
        let stream = Arc::new(Self::default());
        let filled = Arc::clone(&stream);
        std::thread::spawn(move || {
            let mut buffer = [0; 8 * 1024];
            loop {
                let count = match pipe.read(&mut buffer) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    read => read.unwrap_or(0),
                };
                let mut state = filled.state.lock().expect(LOCK);
                state.bytes.extend_from_slice(&buffer[..count]);
                if count == 0 {
                    state.flow = Flow::Closed;
                }
                filled.changed.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        stream
    }

    fn bytes(&self) -> Vec<u8> {
        self.state.lock().expect(LOCK).bytes.clone()
    }

    /// Waits until `look` finds something; `None` if the output is closed or
    /// the time is over before.
    fn wait<T>(&self, end: Instant, look: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        let mut state = self.state.lock().expect(LOCK);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let found = look(&state.bytes);
            if found.is_some() || state.flow == Flow::Closed || left.is_zero() {
                return found;
            }
            state = self.changed.wait_timeout(state, left).expect(LOCK).0;
        }
    }

    fn wait_closed(&self, end: Instant) -> bool {
        self.wait(end, |_| None::<()>);
        self.state.lock().expect(LOCK).flow == Flow::Closed
    }
}
