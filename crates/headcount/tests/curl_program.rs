//! How a `curl` is called, with a stand-in that tells: this program itself,
//! since a `curl` is not on every system that runs the tests. It is its own
//! `main`, because the test harness would read `curl`'s options as its own.
//!
//! Wine has no `curl.exe`; a real one has to be tried on a real Windows.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use headcount::ship::{Compression, Curl, Request, Response, Transport, TransportErrorKind};

/// The option by which the stand-in knows what it is.
const MARK: &str = "--suppress-connect-headers";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == MARK) {
        return stand_in(&arguments);
    }
    for (name, check) in CHECKS {
        check();
        println!("{name} ... ok");
    }
    ExitCode::SUCCESS
}

type Check = (&'static str, fn());

const CHECKS: [Check; 4] = [
    ("the_body_is_on_its_input_and_the_rest_in_its_arguments", calls),
    ("of_the_environment_it_gets_what_it_needs", environment),
    ("each_exit_code_has_a_meaning", exit_codes),
    ("an_old_one_is_called_without_what_it_does_not_know", old),
];

/// Answers with its arguments, its environment and its input, or does what the
/// address says.
fn stand_in(arguments: &[String]) -> ExitCode {
    let at = arguments.iter().position(|argument| argument == "--url").expect("an address");
    let address = &arguments[at + 1];
    let is_new = |argument: &String| argument == "--ssl-revoke-best-effort";
    if address.ends_with("/old") && arguments.iter().any(is_new) {
        return ExitCode::from(2);
    }
    if let Some((_, code)) = address.split_once("/exit/") {
        return ExitCode::from(code.parse::<u8>().expect("a code"));
    }
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body).expect("an input");
    let mut answer = String::from("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n");
    for argument in arguments {
        answer.push_str(&format!("argument {argument}\n"));
    }
    for (name, _) in std::env::vars_os() {
        answer.push_str(&format!("variable {}\n", name.display()));
    }
    answer.push_str(&format!("body {}\n", String::from_utf8_lossy(&body)));
    std::io::stdout().write_all(answer.as_bytes()).expect("an output");
    ExitCode::SUCCESS
}

fn send(url: &str) -> Result<Response, TransportErrorKind> {
    let program = std::env::current_exe().expect("this program");
    let request = Request {
        method: "POST",
        url: url.to_owned(),
        headers: vec![("content-type", "application/json; \"quoted\" \\".to_owned())],
        body: b"{\"n\": 1}".to_vec(),
        compression: Compression::None,
    };
    Curl::at(program).send(&request, Duration::from_secs(30)).map_err(|error| error.kind())
}

fn told(url: &str) -> Vec<String> {
    let answer = send(url).expect("an answer");
    assert_eq!((answer.status, answer.content_type.as_deref()), (200, Some("text/plain")));
    String::from_utf8(answer.body).expect("text").lines().map(str::to_owned).collect()
}

fn calls() {
    let told = told("https://stand-in.example/v1?a=b&c=%25");
    assert_eq!(told.last().map(String::as_str), Some("body {\"n\": 1}"));
    let arguments: Vec<&str> =
        told.iter().filter_map(|line| line.strip_prefix("argument ")).collect();
    assert_eq!(arguments[0], "-q", "no configuration of the person");
    for argument in [
        "content-type: application/json; \"quoted\" \\",
        "https://stand-in.example/v1?a=b&c=%25",
        "@-",
        "30.000",
    ] {
        assert!(arguments.contains(&argument), "{argument} in {arguments:?}");
    }
    assert_eq!(arguments.contains(&"--ssl-revoke-best-effort"), cfg!(windows));
}

fn environment() {
    let told = told("https://stand-in.example/");
    let names = told.iter().filter_map(|line| line.strip_prefix("variable "));
    let names: Vec<String> = names
        .map(str::to_ascii_uppercase)
        // What a system adds by itself: macOS, and Wine.
        .filter(|name| !name.starts_with("__CF") && !name.starts_with("WINE"))
        .filter(|name| !["PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE"].contains(&name.as_str()))
        .collect();
    let known = [
        "SYSTEMROOT",
        "WINDIR",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
    ];
    for name in &names {
        assert!(known.contains(&name.as_str()), "{name} is not needed");
    }
    assert_eq!(names.contains(&"SYSTEMROOT".to_owned()), cfg!(windows));
}

fn exit_codes() {
    for (code, kind) in [
        (5, TransportErrorKind::Proxy),
        (6, TransportErrorKind::Unresolved),
        (7, TransportErrorKind::Unreachable),
        (28, TransportErrorKind::TimedOut),
        (35, TransportErrorKind::NotSecure),
        (56, TransportErrorKind::BrokenOff),
        (60, TransportErrorKind::NotSecure),
        (2, TransportErrorKind::NotRun),
    ] {
        let found = send(&format!("https://stand-in.example/exit/{code}"));
        assert_eq!(found, Err(kind), "{code}");
    }
}

fn old() {
    let told = told("https://stand-in.example/old");
    let is_new = |line: &String| line == "argument --ssl-revoke-best-effort";
    assert!(!told.iter().any(is_new), "{told:?}");
}
