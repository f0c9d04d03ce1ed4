//! Where commands run: one home, one loopback address that notes who connects,
//! one address that takes a request and never answers it.

use std::io::{self, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::cell::Cell;
use crate::home::{self, Tree};
use crate::inject::Injector;
use crate::limits;
use crate::products::Product;

/// Where programs, library and catalogs are.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    /// The folder of the programs.
    pub(crate) programs: PathBuf,
    /// The library that makes calls fail, on Linux.
    pub(crate) preload: Option<PathBuf>,
}

/// Where one worker runs commands.
#[derive(Debug)]
pub(crate) struct Stage {
    built: Built,
    scratch: PathBuf,
    listener: TcpListener,
    /// Where a request leaves the machine and is broken off.
    cutting: String,
    injector: Injector,
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
    /// It may start one, whose requests are broken off.
    IsCutOff,
}

impl Stage {
    pub(crate) fn new(built: Built, scratch: PathBuf) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let injector = Injector::new(&built, &scratch)?;
        Ok(Self { built, scratch, listener, cutting: cutting()?, injector })
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

    /// Runs a command without a failure.
    pub(crate) fn run(
        &self,
        product: &Product,
        words: &[String],
        shipper: Shipper,
    ) -> io::Result<Ended> {
        let mut command = self.command(product, words, shipper);
        self.injector.run(&mut command, limits::PERSON)
    }

    /// Runs a cell's command with its failure. Tells whether it met that.
    pub(crate) fn run_under(&self, cell: &Cell) -> io::Result<(Ended, String)> {
        let mut command = self.command(cell.scene.product, &cell.scene.words(), cell.shipper());
        self.injector.run_under(&mut command, &self.home(), Some(cell), cell.limit())
    }

    /// Runs a cell's command without the failure, and tells its calls.
    pub(crate) fn run_noted(&self, cell: &Cell) -> io::Result<(Ended, String)> {
        let mut command = self.command(cell.scene.product, &cell.scene.words(), cell.shipper());
        self.injector.run_under(&mut command, &self.home(), None, limits::PERSON)
    }

    fn command(&self, product: &Product, words: &[String], shipper: Shipper) -> Command {
        let mut command = Command::new(self.built.programs.join(product.program));
        command.args(words).env_clear().envs(self.environment()).stdin(Stdio::null());
        let endpoint = match shipper {
            Shipper::ReachesUs => self.address(),
            Shipper::IsNotStarted | Shipper::IsCutOff => self.cutting.clone(),
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

    /// What says where the home is.
    #[cfg(unix)]
    fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![("HOME", self.home())]
    }

    /// What says where the home is, and what no program on Windows opens a
    /// socket without.
    #[cfg(windows)]
    fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let below = |name| self.home().join("AppData").join(name);
        let system = std::env::var_os("SystemRoot").unwrap_or_default();
        vec![
            ("USERPROFILE", self.home()),
            ("APPDATA", below("Roaming")),
            ("LOCALAPPDATA", below("Local")),
            ("TEMP", self.scratch.clone()),
            ("TMP", self.scratch.clone()),
            ("SystemRoot", system.into()),
        ]
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

/// Starts to listen, takes what comes, and closes each connection without a
/// word. Returns the address.
fn cutting() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    thread::Builder::new().spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { continue };
            let _ = connection.set_read_timeout(Some(limits::TAKEN));
            // A request of a few records, which comes in one or two parts.
            let _ = connection.read(&mut [0; 64 * 1024]);
        }
    })?;
    Ok(address)
}
