//! Collectors that do not start, and why.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use headcount_collector::{Collector, Config, Running, StartError, StoreConfig};
use headcount_store::{AnswerRows, Commit, Question, RowStatus, StoreError};

use crate::fixture::{Fixture, line};
use crate::store_choice::is_embedded;
use crate::stores::{Failing, FailingStore};

#[track_caller]
fn refused(started: Result<Running, StartError>, told: &str) -> StartError {
    match started {
        Ok(_) => panic!("the collector started, and should have said {told:?}"),
        Err(error) => {
            assert!(error.to_string().contains(told), "{error}");
            error
        }
    }
}

#[test]
fn one_folder_one_collector() {
    let fixture = Fixture::new();
    let error = refused(Collector::start(fixture.config()), ", which listens on http://127.0.0.1:");
    assert!(error.is_busy() && !error.is_address_in_use(), "{error}");
}

#[test]
fn a_port_that_is_taken() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = fixture.config();
    config.listen = other.local_addr().unwrap();
    let error = refused(Collector::start(config), "stop the other program");
    assert!(error.is_address_in_use() && !error.is_busy(), "{error}");
    assert!(std::error::Error::source(&error).is_some(), "the system's own error");
    // The lock of the data folder is released.
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
    refused(Collector::start(config), "cannot create the data folder");
}

#[test]
fn events_whose_secret_is_gone() {
    let mut fixture = Fixture::new();
    fixture.send(&[line(1)]);
    fixture.stop();
    std::fs::remove_file(fixture.home.path().join("data/secret")).unwrap();
    let error = refused(Collector::start(fixture.config()), "has events but no file `secret`");
    assert!(error.is_damaged(), "{error}");
}

#[test]
fn a_damaged_store() {
    let mut fixture = Fixture::new();
    fixture.send(&[line(1)]);
    fixture.stop();
    // What ClickHouse has is not in the folder, but for what waits for it.
    let file = if is_embedded() { "headcount.db" } else { "00000000000000000099.batch" };
    let folder = if is_embedded() { "data" } else { "data/spool" };
    fixture.home.write(&format!("{folder}/{file}"), "not a store's bytes ".repeat(100));
    let error = refused(Collector::start(fixture.config()), file);
    assert!(error.is_damaged() && !error.is_storage_full(), "{error}");
}

#[test]
fn a_store_on_a_full_disk() {
    struct FullStore;

    impl Failing for FullStore {
        fn append(&self, _: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
            Ok(Vec::new())
        }

        fn ask(&self, _: &Question) -> Result<AnswerRows, StoreError> {
            let source = io::Error::from(io::ErrorKind::StorageFull);
            Err(StoreError::with_source("cannot write the spool; free some space", source))
        }
    }

    let mut fixture = Fixture::new();
    fixture.stop();
    // One on ClickHouse starts, and waits until it is answered.
    let config = Config { store: StoreConfig::Embedded, ..fixture.config() };
    let error =
        refused(Collector::start_on(config, Arc::new(FailingStore(FullStore))), "free some");
    assert!(error.is_storage_full() && !error.is_damaged(), "{error}");
}
