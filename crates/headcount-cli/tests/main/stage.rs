//! What the tests use: catalogs, a running collector, a simple HTTP client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use headcount_testkit::{Home, RunningProgram, TestProgram};

/// The binary, with a home.
pub(crate) fn headcount(home: &Home, args: &[&str]) -> TestProgram {
    TestProgram::new(env!("CARGO_BIN_EXE_headcount"), home).args(args)
}

/// A catalog of the five products.
pub(crate) fn catalog(product: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("catalogs/{product}.toml"))
}

/// What README's catalog says of counting.
pub(crate) const COUNT: &str = "count = [\"day\", \"week\", \"month\"]\n";

/// README's catalog, which counts devices without an id.
pub(crate) fn counting() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/wren/telemetry.toml");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(COUNT), "{text}");
    text
}

/// A collector in development on all five catalogs, with its data in `home`.
pub(crate) struct Served {
    pub(crate) running: RunningProgram,
    pub(crate) url: String,
}

pub(crate) fn serve(home: &Home) -> Served {
    serve_from(home, "data")
}

/// The same from a data folder of another name.
pub(crate) fn serve_from(home: &Home, data: &str) -> Served {
    serve_catalogs(home, data, &Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogs"))
}

/// The same on the catalogs of another folder.
pub(crate) fn serve_catalogs(home: &Home, data: &str, catalogs: &Path) -> Served {
    let running = headcount(home, &["serve", "--listen", "127.0.0.1:0", "--development"])
        .args(["--data", data, "--catalogs"])
        .args([catalogs])
        .spawn();
    let line = running.line("listening on ");
    let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    Served { running, url }
}

/// Sends a request. Returns the status and the body of the answer.
pub(crate) fn call(
    url: &str,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> (u16, String) {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    (status, body)
}

/// Returns the number of events of a product with an outcome, from the counter
/// of the collector.
pub(crate) fn counted(url: &str, product: &str, outcome: &str) -> u64 {
    let (_, metrics) = call(url, "GET", "/metrics", "", "");
    let wanted = |line: &&str| {
        line.starts_with("headcount_events_total{")
            && line.contains(&format!("product=\"{product}\""))
            && line.contains(&format!("outcome=\"{outcome}\""))
    };
    let count = |line: &str| line.rsplit(' ').next().unwrap().trim().parse::<u64>().unwrap();
    metrics.lines().filter(wanted).map(count).sum()
}
