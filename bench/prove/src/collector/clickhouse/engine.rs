//! ClickHouse's engine behind `peers/clickhouse/serve.py`: started on some
//! cores, asked, and looked at.

use std::fmt::Write as _;
use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::super::cores::Cores;
use super::super::limits::{ASKED, ENGINE_ANSWER, ENGINE_RESTS, ENGINE_RESTS_AT_MOST};
use super::super::server::{Launch, Server, free_address};
use crate::Fault;
use crate::http::Message;
use crate::sample::Sample;

/// The folder into which `.ci/clickhouse` installs the engine begins so.
const INSTALLED: &str = "chdb-core-";

/// At rest, it is on a processor for at most this share of the time.
const IDLE: f64 = 0.05;

/// Where the engine is.
#[derive(Debug, Clone)]
pub(crate) struct EnginePlaces {
    server: PathBuf,
    packages: String,
}

/// The engine, running.
#[derive(Debug)]
pub(crate) struct Engine {
    /// The process: the engine, and Python in front of it.
    pub(crate) server: Server,
}

/// Rows of a table that hold, and their bytes on disk.
#[derive(Debug, Clone)]
pub(crate) struct TableSize {
    /// The table.
    pub(crate) table: String,
    /// Rows, of all generations.
    pub(crate) rows: u64,
    /// Bytes.
    pub(crate) bytes: u64,
}

impl EnginePlaces {
    /// Looks where Python finds the engine.
    ///
    /// # Errors
    ///
    /// It does not find one.
    pub(crate) fn find(repository: &Path, target: &Path) -> Result<Self, Fault> {
        let folders = [Some(target), target.parent()].into_iter().flatten();
        let entries = folders.flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten());
        let installed = entries.flatten().map(|entry| entry.path()).filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(INSTALLED))
        });
        let named = std::env::var("PYTHONPATH").unwrap_or_default();
        let packages = installed.fold(named, |mut all, path| {
            let _ = write!(all, ":{}", path.display());
            all
        });
        let places = Self { server: repository.join("peers/clickhouse/serve.py"), packages };
        match places.version() {
            said if said.is_empty() => Err(
                "ClickHouse's engine is not here: `.ci/clickhouse` installs it, or PYTHONPATH may \
                 name the folder of `chdb-core`"
                    .into(),
            ),
            _ => Ok(places),
        }
    }

    /// The engine's version.
    pub(crate) fn version(&self) -> String {
        let mut python = Command::new("python3");
        python.env("PYTHONPATH", &self.packages).stderr(Stdio::null());
        python.args(["-c", "import chdb; print(chdb.engine_version)"]);
        let said = python.output().map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&said).trim().to_owned()
    }

    /// Starts it in a folder, which keeps what is stored, on these cores.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) fn start(
        &self,
        folder: &Path,
        own: &[usize],
        cores: &Cores,
    ) -> Result<Engine, Fault> {
        std::fs::create_dir_all(folder)?;
        let address = free_address()?;
        let word = |path: &Path| path.to_string_lossy().into_owned();
        let arguments = vec![
            format!("PYTHONPATH={}", self.packages),
            "python3".to_owned(),
            word(&self.server),
            word(folder),
            "--port".to_owned(),
            address.port().to_string(),
        ];
        let log = folder.with_extension("log");
        let launch = Launch { program: "env".into(), arguments, address, log, user: None };
        Ok(Engine { server: Server::start_on(&launch, own, cores)? })
    }
}

impl Engine {
    /// What a collector is told of it.
    pub(crate) fn store(&self, database: &str) -> String {
        format!("clickhouse://default@{}/{database}", self.server.address)
    }

    /// Runs a statement in a database; the answer has columns between tabs.
    ///
    /// # Errors
    ///
    /// It refuses, or does not answer.
    pub(crate) fn run(&self, database: &str, sql: &str) -> Result<String, Fault> {
        let answer = post(self.server.address, &format!("/?database={database}"), sql)?;
        let text = String::from_utf8_lossy(&answer.body).trim().to_owned();
        match answer.first.contains(" 200 ") {
            true => Ok(text),
            false => Err(format!("the engine refuses `{sql}`: {text}").into()),
        }
    }

    /// The one number that a statement asks for.
    ///
    /// # Errors
    ///
    /// It refuses, or answers with something else.
    pub(crate) fn number(&self, database: &str, sql: &str) -> Result<u64, Fault> {
        let said = self.run(database, sql)?;
        said.parse().map_err(|_| format!("`{sql}` is answered with `{said}`").into())
    }

    /// Median and 99th percentile of `SELECT 1`, in milliseconds, a connection
    /// each: what no statement is quicker than.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(crate) fn floor_ms(&self) -> Result<(f64, f64), Fault> {
        let mut taken = Vec::with_capacity(ASKED);
        for _ in 0..ASKED {
            let began = Instant::now();
            self.run("default", "SELECT 1")?;
            taken.push(began.elapsed().as_secs_f64() * 1e3);
        }
        let sample = Sample::of(taken);
        Ok((sample.median(), sample.quantile(0.99)))
    }

    /// How many statements it has been asked, as far as it remembers.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(crate) fn statements(&self) -> Result<usize, Fault> {
        let (status, told) = super::super::ours::ask(self.server.address, "/test/requests")?;
        if status != 200 {
            return Err(format!("the engine's list of requests is answered with {status}").into());
        }
        Ok(told.lines().count())
    }

    /// The tables of a database.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(crate) fn sizes(&self, database: &str) -> Result<Vec<TableSize>, Fault> {
        let said = self.run(
            database,
            &format!(
                "SELECT table, sum(rows), sum(bytes_on_disk) FROM system.parts \
                 WHERE database = '{database}' AND active GROUP BY table ORDER BY table"
            ),
        )?;
        let mut sizes = Vec::new();
        for line in said.lines() {
            if let [table, rows, bytes] = line.split('\t').collect::<Vec<_>>()[..] {
                let (rows, bytes) = (rows.parse()?, bytes.parse()?);
                sizes.push(TableSize { table: table.to_owned(), rows, bytes });
            }
        }
        Ok(sizes)
    }

    /// Waits until it has nothing to do but to be asked for.
    pub(crate) fn rest(&self) {
        let began = Instant::now();
        while began.elapsed() < ENGINE_RESTS_AT_MOST {
            let busy = self.server.busy_s();
            std::thread::sleep(ENGINE_RESTS);
            if self.server.busy_s() - busy < IDLE * ENGINE_RESTS.as_secs_f64() {
                return;
            }
        }
    }

    /// Mebibytes in memory now, and at most so far.
    pub(crate) fn memory_mib(&self) -> (f64, f64) {
        let (now, most) = self.server.memory_kib();
        (now as f64 / 1024.0, most as f64 / 1024.0)
    }
}

fn post(address: SocketAddr, path: &str, body: &str) -> Result<Message, Fault> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ENGINE_ANSWER))?;
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    Message::read(&mut BufReader::new(stream))?.ok_or_else(|| "the engine did not answer".into())
}

/// Asks until something is so.
///
/// # Errors
///
/// It is not so in time, or cannot be asked.
pub(crate) fn until(
    what: &str,
    (every, at_most): (Duration, Duration),
    mut is_so: impl FnMut() -> Result<bool, Fault>,
) -> Result<Duration, Fault> {
    let began = Instant::now();
    while !is_so()? {
        if began.elapsed() > at_most {
            return Err(format!("{what} has taken more than {} s", at_most.as_secs()).into());
        }
        std::thread::sleep(every);
    }
    Ok(began.elapsed())
}
