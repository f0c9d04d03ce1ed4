//! Where commands run: one home, one loopback address that notes who connects,
//! one address where nobody listens.

use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::cell::Cell;
use crate::home::{self, Tree};
use crate::limits;
use crate::products::Product;
use crate::system;

/// Where programs, library and catalogs are.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    /// The folder of the programs.
    pub(crate) programs: PathBuf,
    /// The library that makes calls fail.
    pub(crate) preload: PathBuf,
}

/// Where one worker runs commands.
#[derive(Debug)]
pub(crate) struct Stage {
    built: Built,
    scratch: PathBuf,
    listener: TcpListener,
    /// The process that runs, and until when it may.
    watched: Arc<Mutex<Option<(u32, Instant)>>>,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// `None` if a signal ended it: it crashed, or took too long.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// What a process may do at its end, and where it would send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shipper {
    /// It is marked as a shipper, so that it starts none.
    IsNotStarted,
    /// It may start one, which reaches our own address.
    ReachesUs,
    /// It may start one, which reaches nobody.
    ReachesNobody,
}

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

impl Stage {
    pub(crate) fn new(built: Built, scratch: PathBuf) -> io::Result<Self> {
        system::adopt_orphans()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let watched = Arc::new(Mutex::new(None));
        let stage = Self { built, scratch, listener, watched: Arc::clone(&watched) };
        thread::spawn(move || {
            loop {
                thread::sleep(limits::WATCH);
                if let Ok(Some((process, until))) = watched.lock().map(|held| *held)
                    && until < Instant::now()
                {
                    system::kill(process);
                }
            }
        });
        Ok(stage)
    }

    /// The person's home. Its path is always the same.
    pub(crate) fn home(&self) -> PathBuf {
        self.scratch.join("home")
    }

    /// A text on one line, without the path of the home.
    pub(crate) fn shown(&self, text: &str) -> String {
        let home = self.home().display().to_string();
        text.replace(&home, "~").replace(['\n', '\t'], " ")
    }

    /// Where a home is kept that others are copies of.
    pub(crate) fn kept(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    /// Where the library notes what it met.
    pub(crate) fn log(&self) -> PathBuf {
        self.scratch.join("log")
    }

    /// Runs a command without a failure.
    pub(crate) fn run(
        &self,
        product: &Product,
        words: &[String],
        shipper: Shipper,
    ) -> io::Result<Ended> {
        let mut command = self.command(product, words, shipper);
        self.finish(&mut command, limits::PERSON)
    }

    /// Runs a command with the library before it: with a failure, or only to
    /// note the calls. Tells whether it met that.
    pub(crate) fn run_under(
        &self,
        cell: &Cell,
        fault: bool,
        limit: Duration,
    ) -> io::Result<(Ended, String)> {
        let scene = &cell.scene;
        let _ = std::fs::remove_file(self.log());
        let mut command = self.command(scene.product, &scene.words(), cell.shipper());
        let mut below = self.home().into_os_string();
        below.push("/");
        command.env("LD_PRELOAD", &self.built.preload);
        command.env("FAULTS_BELOW", below).env("FAULTS_LOG", self.log());
        if fault {
            command.env("FAULTS_CALL", cell.call.name).env("FAULTS_ERROR", cell.fault.told());
            command.env("FAULTS_AT", cell.at.told());
        }
        let ended = self.finish(&mut command, limit)?;
        let met = match std::fs::read_to_string(self.log()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            met => met?,
        };
        Ok((ended, met))
    }

    fn command(&self, product: &Product, words: &[String], shipper: Shipper) -> Command {
        let mut command = Command::new(self.built.programs.join(product.program));
        command.args(words).env_clear().env("HOME", self.home()).stdin(Stdio::null());
        let endpoint = match shipper {
            Shipper::ReachesUs => self.address(),
            Shipper::IsNotStarted | Shipper::ReachesNobody => NOWHERE.to_owned(),
        };
        command.env(product.endpoint, endpoint);
        if shipper == Shipper::IsNotStarted {
            command.env(product.marker, "1");
        }
        command
    }

    fn address(&self) -> String {
        let port = self.listener.local_addr().map_or(9, |address| address.port());
        format!("http://127.0.0.1:{port}")
    }

    fn finish(&self, command: &mut Command, limit: Duration) -> io::Result<Ended> {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        self.watch(Some((child.id(), Instant::now() + limit)));
        let output = child.wait_with_output();
        self.watch(None);
        let output = output?;
        system::wait_for_all();
        Ok(Ended {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    fn watch(&self, what: Option<(u32, Instant)>) {
        if let Ok(mut watched) = self.watched.lock() {
            *watched = what;
        }
    }

    /// Whether somebody connected since the last call.
    pub(crate) fn was_reached(&self) -> bool {
        let mut reached = false;
        while self.listener.accept().is_ok() {
            reached = true;
        }
        reached
    }

    /// Everything in the home.
    pub(crate) fn tree(&self) -> io::Result<Tree> {
        home::tree(&self.home())
    }

    /// Makes the home what it was in a state.
    pub(crate) fn restore(&self, from: &Path) -> io::Result<()> {
        home::replace(from, &self.home())
    }
}
