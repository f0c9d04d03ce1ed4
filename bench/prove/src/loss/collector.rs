//! The real collector, on a folder of its own, killed and started again.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Fault;
use crate::hosts::Stage;
use crate::http::Message;

/// `headcount serve`, running.
#[derive(Debug)]
pub(crate) struct Collector {
    program: PathBuf,
    catalogs: PathBuf,
    data: PathBuf,
    child: Child,
    /// Where it listens, this time.
    pub(crate) address: SocketAddr,
}

impl Collector {
    /// Starts it on a new folder.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) fn start(stage: &Stage) -> Result<Self, Fault> {
        let data = stage.scratch.join("data");
        let (child, address) = serve(&stage.collector, &stage.catalogs, &data)?;
        let (program, catalogs) = (stage.collector.clone(), stage.catalogs.clone());
        Ok(Self { program, catalogs, data, child, address })
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end, which somebody else has brought about, and starts it
    /// again on the same folder.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) fn again(&mut self) -> Result<(), Fault> {
        self.child.wait()?;
        (self.child, self.address) = serve(&self.program, &self.catalogs, &self.data)?;
        Ok(())
    }

    /// How many events ended so, by its own counter.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(crate) fn counted(&self, outcome: &str) -> Result<u64, Fault> {
        let wanted = format!("outcome=\"{outcome}\"");
        let text = self.get("/metrics")?;
        let lines = text.lines().filter(|line| !line.starts_with('#') && line.contains(&wanted));
        let counts = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
        Ok(counts.sum())
    }

    /// How many events it answers that there are.
    ///
    /// # Errors
    ///
    /// It does not answer.
    pub(crate) fn answered(&self) -> Result<u64, Fault> {
        let text = self.get("/api/v1/ask/events?product=hello")?;
        let json: serde_json::Value = serde_json::from_str(&text)?;
        let rows = json.get("rows").and_then(serde_json::Value::as_array).ok_or("no rows")?;
        Ok(rows.iter().filter_map(|row| row.get("count")?.as_u64()).sum())
    }

    fn get(&self, path: &str) -> Result<String, Fault> {
        let mut stream = TcpStream::connect(self.address)?;
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes())?;
        let answer = Message::read(&mut BufReader::new(stream))?.ok_or("no answer came")?;
        if !answer.first.contains(" 200") {
            return Err(format!("{path} is answered with {}", answer.first).into());
        }
        Ok(String::from_utf8(answer.body)?)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // It may have ended; either way it is over.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(program: &Path, catalogs: &Path, data: &Path) -> Result<(Child, SocketAddr), Fault> {
    let mut command = Command::new(program);
    command.args(["serve", "--development", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    command.arg("--catalogs").arg(catalogs);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let out = child.stdout.take().ok_or("its output was asked for")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let address = line.trim().strip_prefix("listening on http://").and_then(|it| it.parse().ok());
    match address {
        Some(address) => Ok((child, address)),
        None => Err(format!("the collector did not start: it said {line:?}").into()),
    }
}
