//! After a restart every number and every id is there.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::client;
use crate::fixture::{Fixture, line};

#[test]
fn counters_and_ids_survive() {
    let mut fixture = Fixture::new();
    let unknown = line(3).replace("atomic_command", "invented");
    fixture.send(&[line(1), line(2), line(1), unknown]);
    fixture.stop();
    fixture.start();
    fixture.assert_taken("atomic", 2, 1);
    assert_eq!(fixture.counter("atomic", "rejected", "unknown-event"), 1);
    let answer = fixture.send(&[line(1), line(2), line(4)]);
    answer.assert_taken(1, 2);
    let active = fixture.get("/api/v1/ask/active?product=atomic").json();
    assert_eq!(active["rows"][0]["devices"], 3, "the same devices under the same secret: {active}");
}

#[test]
fn a_stop_waits_for_a_request_and_not_for_a_silent_connection() {
    let mut fixture = Fixture::new();
    let address = fixture.address();
    let _silent = TcpStream::connect(address).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let body = line(1);
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer atomic\r\n\
         expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The collector asks for the body, so it has the request.
    let mut wanted = [0; 25];
    stream.read_exact(&mut wanted).unwrap();
    assert_eq!(&wanted, b"HTTP/1.1 100 Continue\r\n\r\n");
    let stopping = std::thread::spawn(move || {
        fixture.stop();
        fixture
    });
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
    stream.write_all(body.as_bytes()).unwrap();
    let answer = client::read(&mut stream);
    assert_eq!((answer.status, &answer.json()["accepted"]), (200, &1.into()), "{answer:?}");
    let mut fixture = stopping.join().unwrap();
    fixture.start();
    assert_eq!(fixture.counter("atomic", "stored", ""), 1);
}

#[test]
fn many_clients_at_once_and_every_event_is_counted() {
    let mut fixture = Fixture::new();
    let address = fixture.address();
    // Every two clients send the same events.
    let senders: Vec<_> = (0..8)
        .map(|sender| {
            std::thread::spawn(move || {
                (0..5).for_each(|batch| {
                    let first = (sender / 2) * 100 + batch * 20;
                    let lines: Vec<String> = (first..first + 20).map(line).collect();
                    let request = client::post("/api/v1/events", lines.join("\n")).key("atomic");
                    assert_eq!(request.send(address).status, 200);
                });
            })
        })
        .collect();
    senders.into_iter().for_each(|sender| sender.join().unwrap());
    fixture.stop();
    fixture.start();
    fixture.assert_taken("atomic", 400, 400);
    assert_eq!(fixture.arrivals(), 800);
}
