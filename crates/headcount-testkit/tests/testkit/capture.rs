//! The capture server: what it keeps, and how it answers.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use headcount_testkit::{CannedAnswer, CaptureServer, ServerReply};

/// Long enough for a busy machine. Nothing waits that long if all is well.
const LIMIT: Duration = Duration::from_secs(20);

fn connect(server: &CaptureServer) -> TcpStream {
    TcpStream::connect(server.url().strip_prefix("http://").unwrap()).unwrap()
}

/// Sends a request and reads until the server closes the connection.
fn exchange(server: &CaptureServer, request: &str) -> String {
    let mut stream = connect(server);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn post(path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi")
}

#[test]
fn answers_200_until_told_otherwise() {
    let server = CaptureServer::start();
    assert_eq!(exchange(&server, &post("/a")), "HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n");
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].path.as_str(), requests[0].text().as_str()), ("/a", "hi"));
    assert_eq!(requests[0].header("Connection"), Some("close"));
}

#[test]
fn queued_replies_come_first_and_in_order() {
    let server = CaptureServer::start();
    server.reply_next(CannedAnswer::status(503).header("retry-after", "9").body("soon"));
    server.reply_next(CannedAnswer::status(413));
    server.reply_otherwise(CannedAnswer::status(204));
    let first = exchange(&server, &post("/a"));
    assert_eq!(first, "HTTP/1.1 503 \r\nretry-after: 9\r\ncontent-length: 4\r\n\r\nsoon");
    assert!(exchange(&server, &post("/b")).starts_with("HTTP/1.1 413"));
    assert!(exchange(&server, &post("/c")).starts_with("HTTP/1.1 204"));
    assert!(exchange(&server, &post("/d")).starts_with("HTTP/1.1 204"));
}

#[test]
fn one_connection_carries_many_requests() {
    let server = CaptureServer::start();
    let answers = exchange(&server, &format!("GET /a HTTP/1.1\r\n\r\n{}", post("/b")));
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 2);
    assert_eq!((server.requests().len(), server.connections()), (2, 1));
}

#[test]
fn a_client_that_asks_first_is_told_to_continue() {
    let server = CaptureServer::start();
    let mut stream = connect(&server);
    let head = "POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hi").unwrap();
    assert_eq!(server.wait_for(1, LIMIT)[0].text(), "hi");
}

#[test]
fn what_is_not_a_request_is_answered_with_an_error() {
    let server = CaptureServer::start();
    let answer = exchange(&server, "hello\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.ends_with("\"hello\" is not an HTTP/1.1 request line"), "{answer}");
    assert_eq!(server.requests(), []);
}

#[test]
fn a_held_answer_comes_when_released() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Held(CannedAnswer::status(200)));
    let mut stream = connect(&server);
    stream.write_all(post("/slow").as_bytes()).unwrap();
    assert_eq!(server.wait_for(1, LIMIT).len(), 1);
    stream.set_nonblocking(true).unwrap();
    let nothing_yet = stream.read(&mut [0; 1]).unwrap_err();
    assert_eq!(nothing_yet.kind(), std::io::ErrorKind::WouldBlock);
    stream.set_nonblocking(false).unwrap();
    server.release();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_lost_answer_closes_the_connection_after_the_request_was_kept() {
    let server = CaptureServer::start();
    server.reply_next(ServerReply::Lost);
    assert_eq!(exchange(&server, &post("/lost")), "");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_black_hole_says_nothing_until_the_server_is_gone() {
    let server = CaptureServer::start();
    server.reply_otherwise(ServerReply::Never);
    let mut stream = connect(&server);
    stream.write_all(post("/hole").as_bytes()).unwrap();
    assert_eq!(server.wait_for(1, LIMIT).len(), 1);
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    assert!(stream.read(&mut [0; 1]).is_err(), "a black hole answered");
    stream.set_read_timeout(None).unwrap();
    drop(server);
    assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
}

#[test]
fn refuses_connections_after_so_many() {
    let server = CaptureServer::start();
    let address = server.url().replace("http://", "");
    server.refuse_after(2);
    exchange(&server, &post("/a"));
    exchange(&server, &post("/b"));
    assert!(TcpStream::connect(&address).is_err());
    assert_eq!(server.connections(), 2);
}

#[test]
fn refuses_at_once_when_so_many_have_come_already() {
    let server = CaptureServer::start();
    let address = server.url().replace("http://", "");
    exchange(&server, &post("/a"));
    server.refuse_after(0);
    assert!(TcpStream::connect(&address).is_err());
    assert_eq!(server.connections(), 1);
}

#[test]
#[should_panic(expected = "waited 10ms for 2 requests; 1 came over 1 connections: [\"POST /a\"]")]
fn the_message_after_waiting_lists_the_requests() {
    let server = CaptureServer::start();
    exchange(&server, &post("/a"));
    let _ = server.wait_for(2, Duration::from_millis(10));
}

#[test]
fn requests_of_many_connections_are_kept() {
    let server = CaptureServer::start();
    std::thread::scope(|scope| {
        for number in 0..16 {
            let server = &server;
            scope.spawn(move || exchange(server, &post(&format!("/{number}"))));
        }
    });
    let mut paths: Vec<String> =
        server.wait_for(16, LIMIT).into_iter().map(|request| request.path).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 16);
}
