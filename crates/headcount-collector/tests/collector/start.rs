//! Collectors that do not start, and say why.

use std::net::{SocketAddr, TcpListener};

use headcount_collector::{Collector, StartError};

use crate::fixture::{Fixture, line};

#[track_caller]
fn refused(started: Result<headcount_collector::Running, StartError>, told: &str) {
    match started {
        Ok(_) => panic!("it started, and should have said {told:?}"),
        Err(error) => assert!(error.to_string().contains(told), "{error}"),
    }
}

#[test]
fn one_folder_one_collector() {
    let fixture = Fixture::new();
    refused(Collector::start(fixture.config()), "another collector runs on the data folder");
}

#[test]
fn a_port_that_is_taken() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = fixture.config();
    config.listen = other.local_addr().unwrap();
    refused(Collector::start(config), "another program listens there");
    // What it had taken it let go of.
    fixture.start();
}

#[test]
fn development_is_for_this_machine_alone() {
    let mut fixture = Fixture::new();
    fixture.stop();
    for address in [SocketAddr::from(([0, 0, 0, 0], 0)), SocketAddr::from(([0; 16], 0))] {
        let mut config = fixture.config();
        config.listen = address;
        refused(Collector::start(config), "listen on 127.0.0.1");
    }
}

#[test]
fn a_folder_that_cannot_be_used() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let mut config = fixture.config();
    config.data = fixture.home.write("file", "").join("data");
    refused(Collector::start(config), "cannot be made");
}

#[test]
fn events_whose_secret_is_gone() {
    let mut fixture = Fixture::new();
    fixture.send(&[line(1)]);
    fixture.stop();
    std::fs::remove_file(fixture.home.path().join("data/secret")).unwrap();
    refused(Collector::start(fixture.config()), "has events but no file `secret`");
}
