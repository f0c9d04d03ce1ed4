//! How a `curl` is called, with a stand-in that tells: this program itself,
//! since a `curl` is not on every system that runs the tests. It is its own
//! `main`, because the test harness would read `curl`'s options as its own.
//!
//! Wine has no `curl.exe`; a real one has to be tried on a real Windows.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use headcount::ship::{
    Compression, Curl, Request, Response, Transport, TransportError, TransportErrorKind,
};

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

const CHECKS: [Check; 6] = [
    ("the_body_is_on_its_input_and_the_rest_in_its_arguments", calls),
    ("of_the_environment_it_gets_what_it_needs", environment),
    ("each_exit_code_has_a_meaning", exit_codes),
    ("an_answer_that_was_read_whole_counts_however_it_ended", whole),
    ("what_may_have_left_is_not_taken_to_be_here", left),
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
    if let Some((said, code)) = SAID
        .iter()
        .find_map(|(name, said)| Some((said, address.split_once(&format!("/{name}/"))?.1)))
    {
        std::io::stdout().write_all(said.as_bytes()).expect("an output");
        if code == "killed" {
            std::process::abort();
        }
        return ExitCode::from(code.parse::<u8>().expect("a code"));
    }
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

/// What the stand-in says, after it has read the body, before it ends as it is
/// told to.
const SAID: [(&str, &str); 4] = [
    ("nothing", ""),
    ("a-word", "HTTP/1.1 200"),
    ("half", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nyes"),
    ("all", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nyes"),
];

fn send(url: &str) -> Result<Response, TransportErrorKind> {
    answer(url).map_err(|error| error.kind())
}

fn answer(url: &str) -> Result<Response, TransportError> {
    answer_of(std::env::current_exe().expect("this program"), url)
}

fn answer_of(program: PathBuf, url: &str) -> Result<Response, TransportError> {
    let request = Request {
        method: "POST",
        url: url.to_owned(),
        headers: vec![("content-type", "application/json; \"quoted\" \\".to_owned())],
        body: b"{\"n\": 1}".to_vec(),
        compression: Compression::None,
    };
    Curl::at(program).send(&request, Duration::from_secs(30))
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

fn whole() {
    for code in ["0", "18", "56", "80"] {
        let answer = send(&format!("https://stand-in.example/all/{code}")).expect(code);
        assert_eq!((answer.status, answer.body.as_slice()), (200, &b"yes"[..]), "{code}");
    }
    let half = send("https://stand-in.example/half/18");
    assert_eq!(half, Err(TransportErrorKind::BrokenOff));
}

fn left() {
    let is_here = |path: &str| {
        let error = answer(&format!("https://stand-in.example/{path}")).expect_err(path);
        error.is_before_the_body()
    };
    for code in [2, 4, 5, 6, 7, 35, 51, 60, 77, 90, 127] {
        assert!(is_here(&format!("exit/{code}")), "{code}");
        assert!(!is_here(&format!("a-word/{code}")), "{code}, after a word of an answer");
    }
    for code in [8, 18, 22, 26, 28, 52, 55, 56, 63, 80, 92] {
        assert!(!is_here(&format!("nothing/{code}")), "{code}");
    }
    let nobody = answer_of("/no/such/curl".into(), "https://stand-in.example/");
    let error = nobody.expect_err("there is none");
    assert!(error.is_before_the_body() && error.kind() == TransportErrorKind::NotRun);
    if cfg!(unix) {
        let killed = answer("https://stand-in.example/nothing/killed").expect_err("no answer");
        let kind = TransportErrorKind::BrokenOff;
        assert_eq!((killed.kind(), killed.is_before_the_body()), (kind, false));
    }
}

fn old() {
    let told = told("https://stand-in.example/old");
    let is_new = |line: &String| line == "argument --ssl-revoke-best-effort";
    assert!(!told.iter().any(is_new), "{told:?}");
}
