//! A server as a process: started on some cores, looked at, and ended.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::cores::{Cores, stay_on};
use super::limits::START;
use crate::Fault;

/// How often it is asked whether it listens.
const LOOK: Duration = Duration::from_millis(1);

/// How long a server has to end by itself.
const END: Duration = Duration::from_secs(30);

/// Ticks of `/proc/PID/stat` in a second: Linux promises as many to programs.
const TICKS: f64 = 100.0;

/// How to start a server.
#[derive(Debug, Clone)]
pub(crate) struct Launch {
    /// The program.
    pub(crate) program: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Where what it says goes.
    pub(crate) log: PathBuf,
    /// Who it runs as, if not as whoever runs the proof.
    pub(crate) user: Option<u32>,
}

/// A server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// How long it took until it could be connected to.
    pub(crate) start: Duration,
}

impl Server {
    /// Starts it on so many cores, and waits until it can be connected to.
    ///
    /// # Errors
    ///
    /// It does not start, or ends at once; with the last thing it said.
    pub(crate) fn start(launch: &Launch, cores: &Cores, count: usize) -> Result<Self, Fault> {
        Self::start_on(launch, cores.for_server(count), cores)
    }

    /// The same on these cores.
    ///
    /// # Errors
    ///
    /// It does not start, or ends at once; with the last thing it said.
    pub(crate) fn start_on(launch: &Launch, own: &[usize], cores: &Cores) -> Result<Self, Fault> {
        let log = File::create(&launch.log)?;
        let mut command = Command::new(&launch.program);
        command.args(&launch.arguments).stdin(Stdio::null());
        command.stdout(log.try_clone()?).stderr(log);
        if let Some(user) = launch.user {
            command.uid(user).gid(user);
        }
        let began = Instant::now();
        // A process stays where the thread that starts it is.
        stay_on(own)?;
        let spawned = command.spawn();
        stay_on(cores.for_load())?;
        let program = launch.program.display();
        let child = spawned.map_err(|error| format!("{program} does not start: {error}"))?;
        let mut server = Self { child, address: launch.address, start: Duration::ZERO };
        loop {
            if TcpStream::connect(launch.address).is_ok() {
                server.start = began.elapsed();
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() || began.elapsed() > START {
                let said = fs::read_to_string(&launch.log).unwrap_or_default();
                let last = said.lines().last().unwrap_or("nothing");
                return Err(format!("{program} did not start; the last it said: {last}").into());
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Kibibytes in memory now, and at most so far.
    pub(crate) fn memory_kib(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
        };
        (field("VmRSS:"), field("VmHWM:"))
    }

    /// Seconds that it has been on a processor, in user and system.
    pub(crate) fn busy_s(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.unwrap_or_default();
        // The name, in parentheses, may have spaces in it; it is the second
        // field, and the times are the fourteenth and fifteenth.
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
        fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS
    }

    /// How many files and sockets it has open.
    pub(crate) fn handles(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).map_or(0, Iterator::count)
    }

    /// Asks it to end, and waits.
    ///
    /// # Errors
    ///
    /// It does not end.
    pub(crate) fn stop(mut self) -> Result<(), Fault> {
        kill(Pid::from_raw(i32::try_from(self.child.id())?), Signal::SIGTERM)?;
        let until = Instant::now() + END;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > until {
                return Err("the server did not end when it was asked to".into());
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended; either way it is over.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address that nobody listens on.
///
/// # Errors
///
/// The system has none.
pub(crate) fn free_address() -> Result<SocketAddr, Fault> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
