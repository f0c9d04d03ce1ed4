//! On Linux: a library that is loaded before the C library, and is told by
//! variables what fails.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::cell::Cell;
use crate::limits;
use crate::stage::{Built, Ended};
use crate::system;

/// Runs commands, and lets their calls fail.
#[derive(Debug)]
pub(crate) struct Injector {
    library: PathBuf,
    /// Where the library notes what it met.
    log: PathBuf,
    /// The process that runs, and until when it may.
    watched: Arc<Mutex<Option<(u32, Instant)>>>,
}

impl Injector {
    pub(crate) fn new(built: &Built, scratch: &Path) -> io::Result<Self> {
        let library = built.preload.clone();
        let library =
            library.ok_or_else(|| io::Error::other("say where the library is: --preload FILE"))?;
        system::adopt_orphans()?;
        let watched = Arc::new(Mutex::new(None));
        let injector = Self { library, log: scratch.join("log"), watched: Arc::clone(&watched) };
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
        Ok(injector)
    }

    /// Runs a command without a failure, and waits for all that it starts.
    pub(crate) fn run(&self, command: &mut Command, limit: Duration) -> io::Result<Ended> {
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

    /// Runs a command whose calls below a folder fail as the cell says, or are
    /// noted. Tells what was met.
    pub(crate) fn run_under(
        &self,
        command: &mut Command,
        below: &Path,
        cell: Option<&Cell>,
        limit: Duration,
    ) -> io::Result<(Ended, String)> {
        let _ = std::fs::remove_file(&self.log);
        let mut below = below.as_os_str().to_os_string();
        below.push("/");
        command.env("LD_PRELOAD", &self.library);
        command.env("FAULTS_BELOW", below).env("FAULTS_LOG", &self.log);
        if let Some(Cell { call, at, fault, .. }) = cell {
            let error =
                fault.number.map_or_else(|| fault.name.to_owned(), |error| error.to_string());
            command.env("FAULTS_CALL", call.name).env("FAULTS_ERROR", error);
            command.env("FAULTS_AT", at.told());
        }
        let ended = self.run(command, limit)?;
        let met = match std::fs::read_to_string(&self.log) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            met => met?,
        };
        Ok((ended, met))
    }

    fn watch(&self, what: Option<(u32, Instant)>) {
        if let Ok(mut watched) = self.watched.lock() {
            *watched = what;
        }
    }
}
