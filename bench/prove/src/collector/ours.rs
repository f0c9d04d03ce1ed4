//! Our own collector: started, asked, and its books.

use std::fs;
use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::cores::Cores;
use super::form::CATALOGS;
use super::server::{Launch, Server, free_address};
use crate::Fault;
use crate::http::Message;

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long one answer may take: a page of a large store asks many questions.
const ANSWER: Duration = Duration::from_secs(180);

/// How often a collector that starts is asked whether it is well.
const LOOK: Duration = Duration::from_millis(1);

/// Where our collector and its folders are.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// The binary.
    pub(crate) program: PathBuf,
    /// Its data folder.
    pub(crate) data: PathBuf,
    catalogs: PathBuf,
    log: PathBuf,
    /// The address of its store, if that is not in the folder.
    store: Option<String>,
}

/// What a collector has counted since its folder was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Books {
    /// Events that are on disk.
    pub(crate) stored: u64,
    /// Events that were there already.
    pub(crate) duplicate: u64,
    /// Events that a catalog does not allow.
    pub(crate) rejected: u64,
    /// Events that were put off.
    pub(crate) refused: u64,
}

/// Our collector, running.
#[derive(Debug)]
pub(crate) struct Collector {
    /// The process.
    pub(crate) server: Server,
    /// From its start until it said that it is well.
    pub(crate) start: Duration,
}

impl Site {
    /// A site in a folder, with the examples' catalogs and no data.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub(crate) fn new(program: &Path, folder: &Path) -> Result<Self, Fault> {
        let catalogs = folder.join("catalogs");
        fs::create_dir_all(&catalogs)?;
        for (name, text) in CATALOGS {
            fs::write(catalogs.join(name), text)?;
        }
        let (data, log) = (folder.join("data"), folder.join("headcount.log"));
        Ok(Self { program: program.to_owned(), data, catalogs, log, store: None })
    }

    /// The same with another data folder.
    pub(crate) fn with_data(&self, data: &Path) -> Self {
        Self { data: data.to_owned(), ..self.clone() }
    }

    /// The same with its store at an address.
    pub(crate) fn with_store(&self, address: String) -> Self {
        Self { store: Some(address), ..self.clone() }
    }

    /// Removes its data.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub(crate) fn clear(&self) -> Result<(), Fault> {
        if self.data.exists() {
            fs::remove_dir_all(&self.data)?;
        }
        Ok(())
    }

    /// Starts the collector on so many cores, and waits until it is well.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) fn start(&self, cores: &Cores, count: usize) -> Result<Collector, Fault> {
        let launch = self.launch(free_address()?);
        Collector::start(&launch, cores, count)
    }

    /// How it is started at an address.
    pub(crate) fn launch(&self, address: SocketAddr) -> Launch {
        let word = |path: &Path| path.to_string_lossy().into_owned();
        let mut arguments = vec!["serve".to_owned(), "--development".to_owned()];
        arguments.extend(["--listen".to_owned(), address.to_string()]);
        arguments.extend(["--data".to_owned(), word(&self.data)]);
        arguments.extend(["--catalogs".to_owned(), word(&self.catalogs)]);
        if let Some(address) = &self.store {
            arguments.extend(["--store".to_owned(), address.clone()]);
        }
        let (program, log) = (self.program.clone(), self.log.clone());
        Launch { program, arguments, address, log, user: None }
    }

    /// Bytes of everything in its data folder.
    pub(crate) fn bytes(&self) -> u64 {
        let entries = fs::read_dir(&self.data).into_iter().flatten().flatten();
        entries.filter_map(|entry| Some(entry.metadata().ok()?.len())).sum()
    }

    /// What it said last on standard error.
    pub(crate) fn last_words(&self) -> String {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        said.lines().last().unwrap_or("nothing").to_owned()
    }
}

impl Collector {
    /// Starts it as told.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) fn start(launch: &Launch, cores: &Cores, count: usize) -> Result<Self, Fault> {
        let began = Instant::now();
        let server = Server::start(launch, cores, count)?;
        let mut collector = Self { server, start: Duration::ZERO };
        while collector.get("/healthz").is_err() {
            if began.elapsed() > PATIENCE {
                return Err("the collector is not well after its start".into());
            }
            std::thread::sleep(LOOK);
        }
        collector.start = began.elapsed();
        Ok(collector)
    }

    /// Asks for a path.
    ///
    /// # Errors
    ///
    /// It does not answer, or not with success.
    pub(crate) fn get(&self, path: &str) -> Result<String, Fault> {
        let (status, body) = self.ask(path)?;
        if status != 200 {
            return Err(format!("{path} is answered with {status}: {}", body.trim()).into());
        }
        Ok(body)
    }

    /// Asks for a path: the status and the body.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(crate) fn ask(&self, path: &str) -> Result<(u16, String), Fault> {
        ask(self.server.address, path)
    }

    /// Its own counts.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(crate) fn books(&self) -> Result<Books, Fault> {
        let text = self.get("/metrics")?;
        let sum =
            |outcome: &str| sum(&text, "headcount_events_total", &format!("outcome=\"{outcome}\""));
        Ok(Books {
            stored: sum("stored"),
            duplicate: sum("duplicate"),
            rejected: sum("rejected"),
            refused: sum("refused"),
        })
    }

    /// How many events of a product its answers add up to.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(crate) fn answered(&self, product: &str) -> Result<u64, Fault> {
        let from = "from=2020-01-01";
        let text = self.get(&format!("/api/v1/ask/events?product={product}&{from}"))?;
        let json: serde_json::Value = serde_json::from_str(&text)?;
        let rows = json.get("rows").and_then(serde_json::Value::as_array).ok_or("no rows")?;
        Ok(rows.iter().filter_map(|row| row.get("count")?.as_u64()).sum())
    }
}

/// Asks any server for a path: the status and the body.
///
/// # Errors
///
/// It does not answer.
pub(crate) fn ask(address: SocketAddr, path: &str) -> Result<(u16, String), Fault> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(ANSWER))?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let answer = Message::read(&mut BufReader::new(stream))?.ok_or("no answer came")?;
    let status = answer.first.split(' ').nth(1).and_then(|digits| digits.parse().ok());
    Ok((status.ok_or("no status")?, String::from_utf8_lossy(&answer.body).into_owned()))
}

/// The sum of a counter in metrics of Prometheus's form, over the lines that
/// have a label's text in them.
pub(crate) fn sum(metrics: &str, counter: &str, label: &str) -> u64 {
    let lines = metrics.lines().filter(|line| line.starts_with(counter) && line.contains(label));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}
