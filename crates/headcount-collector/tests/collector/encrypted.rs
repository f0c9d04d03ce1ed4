//! Clients that speak TLS with the collector, and those that should.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use headcount_collector::limits;
use rustls::HandshakeKind;

use crate::client::{Answer, Request, connect, get, post, read};
use crate::connections::requests;
use crate::fixture::{Fixture, line};
use crate::tls_client::{VERSIONS, client, encrypted, send, start};

/// The answers to a request in each dialect, without their time.
fn answers(send: impl Fn(Request) -> Answer) -> Vec<(u16, String)> {
    let answers = requests().into_iter().map(|(request, _)| send(request));
    answers.map(|answer| (answer.status, answer.body)).collect()
}

#[test]
fn every_dialect_is_answered_as_in_the_clear() {
    let plain = Fixture::new();
    let expected = answers(|request| request.send(plain.address()));
    assert!(expected.iter().all(|(status, _)| *status < 300), "{expected:?}");
    for version in VERSIONS {
        let fixture = start();
        let client = client(&[version]);
        let over_tls = answers(|request| {
            request.send_over(encrypted(&client, fixture.address()), fixture.address())
        });
        assert_eq!(over_tls, expected, "{version:?}");
        let page = get("/").send_over(encrypted(&client, fixture.address()), fixture.address());
        assert_eq!(page.status, 200);
    }
}

#[test]
fn a_connection_has_many_requests_and_no_mark() {
    let fixture = start();
    let client = client(&VERSIONS);
    let request = |number| {
        let bytes = post("/api/v1/events", line(number)).key("atomic").bytes(fixture.address());
        String::from_utf8(bytes).unwrap().replace("connection: close\r\n", "")
    };
    for _ in 0..2 {
        let mut stream = encrypted(&client, fixture.address());
        for number in 0..20 {
            stream.write_all(request(number).as_bytes()).unwrap();
            let mut bytes = [0; 4_096];
            let length = stream.read(&mut bytes).unwrap();
            assert!(bytes[..length].starts_with(b"HTTP/1.1 200 OK"), "{number}");
        }
        // Nothing is remembered by which it could be told that the two are of
        // one client.
        assert_eq!(stream.conn.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!(stream.conn.alpn_protocol(), None);
    }
}

#[test]
fn http_1_1_is_what_both_speak() {
    let fixture = start();
    let offered = |protocols: &[&str]| {
        let mut config = client(&VERSIONS);
        let own = Arc::get_mut(&mut config).unwrap();
        own.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let mut stream = encrypted(&config, fixture.address());
        let shaken = stream.conn.complete_io(&mut stream.sock).map(drop);
        shaken.map(|()| stream.conn.alpn_protocol().map(<[u8]>::to_vec)).map_err(drop)
    };
    assert_eq!(offered(&["h2", "http/1.1"]), Ok(Some(b"http/1.1".to_vec())));
    assert_eq!(offered(&["h2"]), Err(()));
}

#[test]
fn plain_http_is_told_in_each_dialect() {
    let fixture = start();
    for (request, told) in requests() {
        let answer = request.send(fixture.address());
        assert_eq!(
            (answer.status, answer.header("connection")),
            (400, Some("close")),
            "{answer:?}"
        );
        // Where the dialect's error is not one of its code 14.
        let text = told(&answer.json()).unwrap_or(&answer.body).to_owned();
        assert!(text.contains("use https:// instead of http://"), "{answer:?}");
    }
    let answer = get("/healthz").send(fixture.address());
    assert_eq!(answer.error(), "this collector speaks TLS here: use https:// instead of http://");
    // A long body is read, so that its client gets the answer.
    let long = post("/api/v1/events", "x".repeat(4_000_000)).key("atomic").send(fixture.address());
    assert_eq!(long.status, 400);
    let metrics = send(get("/metrics"), fixture.address()).body;
    assert!(metrics.contains("# HELP") && !metrics.contains("outcome=\"stored\""), "{metrics}");
}

#[test]
fn what_is_neither_tls_nor_http_ends() {
    let fixture = start();
    for bytes in
        [&b"\x16\x03\x01\x00\x05hello"[..], b"\x15\x03\x01\x00\x02\x02\x28", b"\x80\x2e\x01", b"\0"]
    {
        let mut stream = connect(fixture.address());
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        // It may be reset.
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.len() < 1_000, "{bytes:?}: {answer:?}");
    }
    assert_eq!(send(get("/healthz"), fixture.address()).status, 200);
}

#[test]
fn a_half_close_is_answered_with_and_without_the_word() {
    let fixture = start();
    let config = client(&VERSIONS);
    for says_so in [true, false] {
        let request = post("/api/v1/events", line(1)).key("atomic").bytes(fixture.address());
        let text = String::from_utf8(request).unwrap().replace("connection: close\r\n", "");
        let mut stream = encrypted(&config, fixture.address());
        stream.write_all(text.as_bytes()).unwrap();
        if says_so {
            stream.conn.send_close_notify();
        }
        stream.flush().unwrap();
        stream.sock.shutdown(std::net::Shutdown::Write).unwrap();
        let answer = read(&mut stream);
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[test]
fn a_head_and_a_body_have_their_limits() {
    let fixture = start();
    let cookie = "b".repeat(limits::HEAD_BYTES / 2);
    let half = get("/healthz").header("cookie", &cookie);
    assert_eq!(send(half, fixture.address()).status, 200);
    // As long as a head may be, and not at its end. One byte more might not be
    // read, and then the answer might be lost.
    let head = format!("GET /healthz HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}{cookie}");
    let mut stream = encrypted(&client(&VERSIONS), fixture.address());
    stream.write_all(&head.as_bytes()[..limits::HEAD_BYTES]).unwrap();
    stream.flush().unwrap();
    assert_eq!(read(&mut stream).status, 431);
    let long = post("/api/v1/events", "x".repeat(limits::BODY_BYTES + 1)).key("atomic");
    assert_eq!(send(long, fixture.address()).status, 413);
}

#[test]
fn a_stop_answers_what_has_started() {
    let mut fixture = start();
    let lines: Vec<String> = (0..2_000).map(line).collect();
    let request = post("/api/v1/events", lines.join("\n")).key("atomic");
    let bytes = request.header("expect", "100-continue").bytes(fixture.address());
    let mut stream = encrypted(&client(&VERSIONS), fixture.address());
    stream.write_all(&bytes).unwrap();
    let mut wanted = [0; 25];
    stream.read_exact(&mut wanted).unwrap();
    // Connections that shake hands hold nothing back.
    let _silent: Vec<TcpStream> = (0..10).map(|_| connect(fixture.address())).collect();
    let began = std::time::Instant::now();
    fixture.stop();
    assert!(began.elapsed() < limits::STOP_TIME, "{:?}", began.elapsed());
    let answer = read(&mut stream);
    assert_eq!(answer.status, 200, "{answer:?}");
}
