//! Sends through the system's `curl`, for hosts that want to stay small.
//!
//! `curl` is found under an absolute path and never through `PATH`. It reads no
//! configuration of the person (`-q`), follows no redirect, and gets the body
//! on standard input: no recorded data is in its arguments. The address and the
//! headers are; the keys among them are public. Of the environment it gets the
//! proxies and the certificate authorities, and nothing else. Windows has had
//! one since 1803, which trusts whom the system trusts: `SSL_CERT_FILE` means
//! nothing to it.
//!
//! A `curl` may outlive its parent for the rest of its request's time. Its
//! standard error is the lock of the running request, so an `off` waits for it
//! even if the parent is gone. (Not on Windows, where a lock ends with the
//! process that took it.)

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::guarded::through;
use super::proxy;
use super::via::AUTHORITIES;
use super::{Gate, Request, Response, Transport, TransportError, TransportErrorKind};
use crate::{SystemProxy, limits};

/// The variables without which a program of Windows finds no system library.
const KEPT: [&str; 2] = ["SYSTEMROOT", "WINDIR"];

/// Sends through a `curl` process.
#[derive(Debug)]
pub struct Curl {
    program: PathBuf,
}

/// Where the system keeps it. Only an administrator can write there.
#[cfg(windows)]
fn places() -> Vec<PathBuf> {
    let folder = crate::surroundings::registry_windows::system_folder();
    folder.into_iter().map(|folder| folder.join("curl.exe")).collect()
}

#[cfg(not(windows))]
fn places() -> Vec<PathBuf> {
    let places = ["/usr/bin/curl", "/bin/curl", "/usr/local/bin/curl", "/opt/homebrew/bin/curl"];
    places.map(PathBuf::from).to_vec()
}

/// How the `curl` of Windows treats a certificate whose revocation cannot be
/// asked for, as behind a proxy that lets no such request out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Revocation {
    /// It goes on, as browsers do.
    BestEffort,
    /// Whatever it does by itself. A `curl` before 7.70, as 1809 came with,
    /// knows no other way and ends at once when it is asked.
    Unchanged,
}

/// What a person's `curl` answers to an option that it does not know.
const UNKNOWN_OPTION: i32 = 2;

/// No window of a console opens for it: the shipper has none.
#[cfg(windows)]
fn without_window(command: &mut Command) {
    use std::os::windows::process::CommandExt as _;

    command.creation_flags(windows_sys::Win32::System::Threading::CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn without_window(_command: &mut Command) {}

impl Curl {
    /// The system's own `curl`; `None` if there is none in the usual places.
    #[must_use]
    pub fn of_the_system() -> Option<Self> {
        places().into_iter().find(|place| place.is_file()).map(Self::at)
    }

    /// The `curl` at this absolute path, such as one that the host brings.
    #[must_use]
    pub fn at(program: PathBuf) -> Self {
        Self { program }
    }

    fn command(&self, request: &Request, limit: Duration, revocation: Revocation) -> Command {
        let mut command = Command::new(&self.program);
        // Whatever else is set could change where it connects, whom it trusts,
        // or where it writes its keys (`SSLKEYLOGFILE`).
        let kept = KEPT.into_iter().chain(AUTHORITIES).chain(proxy::NAMES.into_iter().flatten());
        command.env_clear();
        for name in kept {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            // Pass output on at once: a head is read before its body ends.
            .args(["-q", "--silent", "--no-buffer", "--include", "--suppress-connect-headers"])
            .args(["--http1.1", "--proto", "=http,https", "--max-redirs", "0"])
            .args(["--max-time", &format!("{:.3}", limit.as_secs_f64())])
            .args(["--request", request.method, "--data-binary", "@-"])
            // curl would wait a second for `100 Continue` before a long body.
            .args(["--header", "expect:", "--header", "accept:"]);
        if !request.url.starts_with("https://") {
            // A plain address is on loopback, where no proxy is needed.
            command.args(["--noproxy", "*"]);
        } else if let Some(proxy) = of_the_system(&request.url) {
            command.args(["--proxy", &proxy]);
        }
        if revocation == Revocation::BestEffort {
            command.arg("--ssl-revoke-best-effort");
        }
        without_window(&mut command);
        for (name, value) in &request.headers {
            command.arg("--header").arg(format!("{name}: {value}"));
        }
        command.arg("--url").arg(&request.url);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }

    /// Runs one request. `errors` becomes its standard error, to which it
    /// writes nothing.
    fn run(
        &self,
        request: &Request,
        limit: Duration,
        errors: impl Fn() -> io::Result<Stdio>,
    ) -> Result<Response, TransportError> {
        let run = |revocation| {
            let mut command = self.command(request, limit, revocation);
            answer_of(command.stderr(errors().map_err(not_run)?), request)
        };
        match run(if cfg!(windows) { Revocation::BestEffort } else { Revocation::Unchanged }) {
            // It has read its options and nothing else.
            Err(Ended { code: Some(UNKNOWN_OPTION), .. }) if cfg!(windows) => {
                run(Revocation::Unchanged)
            }
            answer => answer,
        }
        .map_err(|ended| ended.error)
    }
}

/// A `curl` without an answer.
struct Ended {
    error: TransportError,
    /// With what it ended, if that is why.
    code: Option<i32>,
}

impl Ended {
    /// One that ended like this; whether without a byte of an answer.
    fn with(status: ExitStatus, is_silent: bool) -> Self {
        let code = status.code();
        let problem = format!("curl ended with {status}");
        let error = TransportError::new(failure(code), problem);
        let is_before = is_silent && code.is_some_and(is_before_the_body);
        Self { error: if is_before { error.before_the_body() } else { error }, code }
    }
}

impl From<TransportError> for Ended {
    fn from(error: TransportError) -> Self {
        Self { error, code: None }
    }
}

/// Runs a `curl` and reads the answer.
fn answer_of(command: &mut Command, request: &Request) -> Result<Response, Ended> {
    let child = command.spawn();
    let mut child = Running(child.map_err(not_run)?);
    if let Some(mut stdin) = child.0.stdin.take() {
        // An answer that comes before the whole body was read closes the
        // pipe.
        let _ = stdin.write_all(&request.sent());
    }
    let stdout = child.0.stdout.take().ok_or_else(|| broken_off("no answer can be read"))?;
    let mut answer = BufReader::new(stdout.take(limits::ANSWER_HEAD_BYTES));
    let head = head(&mut answer).map_err(broken_off)?;
    let left = answer.get_ref().limit();
    if head.is_none() && left == 0 {
        return Err(too_long("head", limits::ANSWER_HEAD_BYTES).into());
    }
    let head = match head {
        Some(head) if !head.response.is_success() => {
            answer.get_mut().set_limit(limits::REFUSAL_BYTES);
            let mut body = Vec::new();
            // Whatever became of the rest, the status came.
            let _ = answer.take(limits::REFUSAL_BYTES).read_to_end(&mut body);
            return Ok(Response { body, ..head.response });
        }
        head => head,
    };
    // One byte more shows that the body is too long.
    answer.get_mut().set_limit(limits::ANSWER_BYTES + 1);
    let mut body = Vec::new();
    answer.take(limits::ANSWER_BYTES + 1).read_to_end(&mut body).map_err(broken_off)?;
    if body.len() as u64 > limits::ANSWER_BYTES {
        return Err(too_long("body", limits::ANSWER_BYTES).into());
    }
    let end = child.0.wait();
    if let Some(head) = head.filter(|head| head.is_whole(body.len(), &end)) {
        return Ok(Response { body, ..head.response });
    }
    Err(match end {
        Ok(status) if status.success() => broken_off("the answer is not valid HTTP").into(),
        Ok(status) => Ended::with(status, left == limits::ANSWER_HEAD_BYTES),
        Err(error) => broken_off(format!("it is not known how curl ended: {error}")).into(),
    })
}

impl Transport for Curl {
    fn send(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        self.send_through(request, limit, &mut Gate::new(&mut || true))
    }

    fn send_through(
        &self,
        request: &Request,
        limit: Duration,
        gate: &mut Gate<'_>,
    ) -> Result<Response, TransportError> {
        through(gate, |gate| {
            gate.pass()?;
            let lock = gate.held();
            let errors = || match lock {
                Some(lock) => Ok(Stdio::from(lock.try_clone()?)),
                None => Ok(Stdio::null()),
            };
            self.run(request, limit, errors)
        })
    }
}

/// The proxy of the system's settings, which no `curl` reads by itself; `None`
/// also where a variable names one.
fn of_the_system(url: &str) -> Option<String> {
    let variable = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
    let address = url.strip_prefix("https://")?;
    let named = proxy::named(address, variable, || SystemProxy::System.settings())?;
    named.variable.is_none().then(|| named.address().to_owned())
}

/// A process that is killed when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended and was waited for, by whomever, has given its
        // number away: whoever has it now is not to be killed.
        if let Ok(None) = self.0.try_wait() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

/// No `curl` was started.
fn not_run(problem: impl std::fmt::Display) -> TransportError {
    let problem = format!("curl cannot be run: {problem}");
    TransportError::new(TransportErrorKind::NotRun, problem).before_the_body()
}

fn broken_off(problem: impl std::fmt::Display) -> TransportError {
    TransportError::new(TransportErrorKind::BrokenOff, problem)
}

fn too_long(part: &str, limit_bytes: u64) -> TransportError {
    let problem = format!("the {part} of the answer is longer than {} KiB", limit_bytes / 1024);
    TransportError::new(TransportErrorKind::TooLong, problem)
}

/// What curl's exit code means, by its manual.
fn failure(code: Option<i32>) -> TransportErrorKind {
    match code {
        Some(6) => TransportErrorKind::Unresolved,
        Some(7) => TransportErrorKind::Unreachable,
        Some(28) => TransportErrorKind::TimedOut,
        Some(35 | 51 | 53 | 54 | 58 | 59 | 60 | 66 | 77 | 80 | 82 | 83 | 90 | 91) => {
            TransportErrorKind::NotSecure
        }
        Some(5 | 97) => TransportErrorKind::Proxy,
        Some(63) => TransportErrorKind::TooLong,
        Some(2 | 4 | 127) => TransportErrorKind::NotRun,
        // A signal has ended it, for one.
        Some(_) | None => TransportErrorKind::BrokenOff,
    }
}

/// Whether curl ends with this before it sends anything, by its manual, if it
/// has read nothing: it cannot begin, it has no connection, or the other side
/// is not the one that it should be.
fn is_before_the_body(code: i32) -> bool {
    let begins_nothing = matches!(code, 1..=4 | 127);
    let has_no_connection = matches!(code, 5..=7 | 97);
    let is_not_secure = matches!(code, 35 | 51 | 53 | 54 | 58..=60 | 66 | 77 | 82 | 83 | 90 | 91);
    begins_nothing || has_no_connection || is_not_secure
}

/// The head of an answer, and how long its body is, if it says so.
struct Head {
    response: Response,
    length_bytes: Option<u64>,
}

impl Head {
    /// Whether so much of a body is all of it. How curl ended says so where the
    /// head does not; where the system knows no end of a child, as in a host
    /// that ignores SIGCHLD, the head counts.
    fn is_whole(&self, read_bytes: usize, end: &io::Result<ExitStatus>) -> bool {
        match (self.length_bytes, end) {
            (Some(length_bytes), _) if length_bytes == read_bytes as u64 => true,
            (_, Ok(status)) => status.success(),
            (length_bytes, Err(_)) => length_bytes.is_none(),
        }
    }
}

/// The head of an answer, after a few interim ones such as `100 Continue`;
/// `None` if there is none.
fn head(answer: &mut impl BufRead) -> io::Result<Option<Head>> {
    for _ in 0..=limits::INTERIM_ANSWERS {
        let mut fields = Vec::new();
        let Some(first) = line(answer)? else { return Ok(None) };
        loop {
            match line(answer)? {
                None => return Ok(None),
                Some(line) if line.is_empty() => break,
                Some(line) => fields.push(line),
            }
        }
        let status =
            first.strip_prefix("HTTP/").and_then(|rest| rest.split(' ').nth(1)?.parse().ok());
        let Some(status) = status else { return Ok(None) };
        if (100..200).contains(&status) {
            continue;
        }
        let field = |name: &str| {
            let mut fields = fields.iter().filter_map(|line| line.split_once(':'));
            let found = fields.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
            Some(found.1.trim().to_owned())
        };
        let (retry_after, content_type) = (field("retry-after"), field("content-type"));
        let send = field(headcount_wire::SEND_HEADER);
        // The length of a body in pieces is known at its end.
        let is_in_pieces = field("transfer-encoding").is_some();
        let length = field("content-length").filter(|_| !is_in_pieces);
        let length_bytes = length.and_then(|length| length.parse().ok());
        let response = Response { status, retry_after, content_type, send, body: Vec::new() };
        return Ok(Some(Head { response, length_bytes }));
    }
    Ok(None)
}

/// A whole line of a head, without its line ending.
fn line(answer: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    answer.read_until(b'\n', &mut line)?;
    let whole = line.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    Ok(whole.map(|line| String::from_utf8_lossy(line).into_owned()))
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use std::fs::File;

    use super::*;

    #[test]
    fn an_answer_is_read_with_its_head() {
        let text = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nContent-Type: text/plain\r\nHeadcount-Send: stop\r\n\r\nlater\r\n\r\n";
        let mut answer = &text[..];
        let response = head(&mut answer).unwrap().unwrap().response;
        assert_eq!(response.status, 429);
        assert_eq!(response.retry_after.as_deref(), Some("7"));
        assert_eq!(response.content_type.as_deref(), Some("text/plain"));
        assert_eq!(response.send.as_deref(), Some("stop"));
        assert_eq!(answer, b"later\r\n\r\n");
        for broken in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"nonsense\r\n\r\n", b"HTTP/1.1 200"] {
            assert!(head(&mut &*broken).unwrap().is_none());
        }
    }

    /// On a thread with the stack that std gives one.
    #[test]
    fn interim_answers_without_an_end_are_no_answer() {
        let reads = std::thread::spawn(|| {
            let text = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100_000);
            let many = head(&mut text.as_bytes()).unwrap().is_none();
            let few = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(3) + "HTTP/1.1 204 \r\n\r\n";
            (many, head(&mut few.as_bytes()).unwrap().map(|head| head.response.status))
        });
        assert_eq!(reads.join().expect("no overflow"), (true, Some(204)));
    }

    /// Not a test: what a child of the test below does.
    #[test]
    #[cfg(unix)]
    fn send_and_be_killed() {
        let (Ok(url), Ok(lock)) = (std::env::var("HEADCOUNT_URL"), std::env::var("HEADCOUNT_LOCK"))
        else {
            return;
        };
        let lock = File::create(lock).expect("a file");
        lock.lock_shared().expect("a lock");
        let request = Request {
            method: "POST",
            url,
            headers: Vec::new(),
            body: b"{}".to_vec(),
            compression: super::super::Compression::None,
        };
        let curl = Curl::of_the_system().expect("it was there");
        let mut open = || true;
        let mut gate = Gate::new(&mut open).holding(Some(&lock));
        let _ = curl.send_through(&request, PATIENCE, &mut gate);
    }

    #[cfg(unix)]
    const PATIENCE: Duration = Duration::from_secs(30);

    /// An `off` waits for what a process that is gone has left under way.
    #[test]
    #[cfg(unix)]
    fn a_request_is_under_way_as_long_as_its_curl_lives() {
        use std::time::Instant;

        use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply, TestProgram};

        if Curl::of_the_system().is_none() {
            eprintln!("not tested: this system has no curl in its usual places");
            return;
        }
        let (server, home) = (CaptureServer::start(), Home::new());
        server.reply_next(ServerReply::Held(CannedAnswer::status(200)));
        let path = home.path().join("lock");
        let mut child = TestProgram::new(std::env::current_exe().expect("this program"), &home)
            .args([
                "--exact",
                "ship::transport::over_curl::tests::send_and_be_killed",
                "--nocapture",
            ])
            .env("HEADCOUNT_URL", &server.url())
            .env("HEADCOUNT_LOCK", &path.to_string_lossy())
            .spawn();
        assert_eq!(server.wait_for(1, PATIENCE).len(), 1);
        child.kill();
        assert_eq!(child.wait().code(), None, "it was killed");
        let lock = File::open(&path).expect("the lock");
        assert!(lock.try_lock().is_err(), "nobody would wait for its curl");
        server.release();
        let end = Instant::now() + PATIENCE;
        while lock.try_lock().is_err() {
            assert!(Instant::now() < end, "the curl did not end");
            std::thread::yield_now();
        }
    }
}
