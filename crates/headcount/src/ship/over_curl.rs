//! The transport for hosts that want to stay tiny: the system's `curl`.
//!
//! It is found under an absolute path and never through `PATH`, reads no
//! configuration of the person's (`-q`), follows no redirect, and gets the body
//! on its standard input: nothing that was recorded stands in its arguments.
//! The address and the headers do; the keys among them are public.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Failure, Request, Response, Transport, TransportError};
use crate::limits;

/// Sends through a `curl` process.
#[derive(Debug)]
pub struct Curl {
    program: PathBuf,
}

impl Curl {
    /// The system's own; `None` where there is none in its usual places.
    #[must_use]
    pub fn of_the_system() -> Option<Self> {
        let places: &[&str] = if cfg!(windows) {
            &["C:\\Windows\\System32\\curl.exe"]
        } else {
            &["/usr/bin/curl", "/bin/curl", "/usr/local/bin/curl", "/opt/homebrew/bin/curl"]
        };
        let found = places.iter().map(Path::new).find(|place| place.is_file())?;
        Some(Self { program: found.to_path_buf() })
    }

    fn command(&self, request: &Request, limit: Duration) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["-q", "--silent", "--show-error", "--include", "--suppress-connect-headers"])
            .args(["--http1.1", "--proto", "=http,https", "--max-redirs", "0"])
            .args(["--max-filesize", &limits::ANSWER_BYTES.to_string()])
            .args(["--max-time", &format!("{:.3}", limit.as_secs_f64())])
            .args(["--request", request.method, "--data-binary", "@-"])
            // curl would wait a second for leave to send a long body.
            .args(["--header", "expect:", "--header", "accept:"]);
        if !request.url.starts_with("https://") {
            // A plain address is on loopback, where no proxy has a business.
            command.args(["--noproxy", "*"]);
        }
        for (name, value) in &request.headers {
            command.arg("--header").arg(format!("{name}: {value}"));
        }
        command.arg("--url").arg(&request.url);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Transport for Curl {
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        let failed = |error: io::Error| {
            TransportError::new(Failure::NotRun, format!("curl cannot be run: {error}"))
        };
        let mut child = self.command(request, limit).spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // An answer that comes before the whole body was read closes it.
            let _ = stdin.write_all(&request.sent());
        }
        let mut answer = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            stdout.take(limits::ANSWER_BYTES * 2).read_to_end(&mut answer).map_err(failed)?;
        }
        let output = child.wait_with_output().map_err(failed)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().next().unwrap_or("curl failed");
            return Err(TransportError::new(failure(output.status.code()), said));
        }
        read(&answer).ok_or_else(|| {
            TransportError::new(Failure::BrokenOff, "the answer is not one of HTTP's")
        })
    }
}

/// What curl's exit code says, by its manual.
fn failure(code: Option<i32>) -> Failure {
    match code {
        Some(6) => Failure::Unresolved,
        Some(7) => Failure::Unreachable,
        Some(28) => Failure::TimedOut,
        Some(35 | 51 | 53 | 54 | 58 | 59 | 60 | 66 | 77 | 80 | 82 | 83 | 90 | 91) => {
            Failure::NotSecure
        }
        Some(5 | 97) => Failure::Proxy,
        Some(63) => Failure::TooLong,
        Some(2 | 4 | 127) | None => Failure::NotRun,
        Some(_) => Failure::BrokenOff,
    }
}

/// An answer with its head, after any `100 Continue` before it.
fn read(answer: &[u8]) -> Option<Response> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let body = &answer[end + 4..];
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/")?.split(' ').nth(1)?.parse().ok()?;
    if (100..200).contains(&status) {
        return read(body);
    }
    let fields: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(':')).collect();
    let field = |name: &str| {
        let found = fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(found.1.trim().to_owned())
    };
    let (retry_after, content_type) = (field("retry-after"), field("content-type"));
    let send = field(headcount_wire::SEND_HEADER);
    Some(Response { status, retry_after, content_type, send, body: body.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_with_its_head() {
        let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nContent-Type: text/plain\r\nHeadcount-Send: stop\r\n\r\nlater\r\n\r\n";
        let response = read(text).unwrap();
        assert_eq!(response.status, 429);
        assert_eq!(response.retry_after.as_deref(), Some("7"));
        assert_eq!(response.content_type.as_deref(), Some("text/plain"));
        assert_eq!(response.send.as_deref(), Some("stop"));
        assert_eq!(response.body, b"later\r\n\r\n");
        for broken in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"nonsense\r\n\r\n"] {
            assert_eq!(read(broken), None);
        }
    }
}
