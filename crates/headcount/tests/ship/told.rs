//! What is on by default is sent only after the person was told, in an earlier
//! run: by the shipper, by a daemon, by hand, from memory, and as a farewell.

use std::collections::HashMap;
use std::time::Duration;

use headcount::daemon::ShutdownEnd;
use headcount::person::{self, Audience, Notice, Terminal};
use headcount::ship::{FlushEnd, Started, Ureq};
use headcount::{Catalog, Host, Session, Surroundings, Telemetry};
use headcount_testkit::{CaptureServer, Home};

use crate::daemon::NoContext;
use crate::scene::{self, Tick};

const BUDGET: Duration = Duration::from_secs(30);

/// A run of the host, with these variables.
fn run(catalog: &'static Catalog, home: &Home, variables: &[(&str, &str)]) -> Telemetry {
    let variables: HashMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let surroundings = Surroundings::given(home.path(), variables, scene::after(0));
    Telemetry::new(catalog, Host::new("1.2.3"), surroundings)
}

/// What a run for people shows.
fn tell(session: &Session) -> Option<String> {
    person::notice(session, Terminal::Absent, Audience::ForPeople).and_then(Notice::into_text)
}

/// Every way in which a run can send.
fn try_all(telemetry: &Telemetry, catalog: &'static Catalog) -> Vec<String> {
    let session = telemetry.open();
    let flushed = session.flush(&Ureq::new()).ended;
    let started = session.start_shipper().expect("a look");
    let daemon = telemetry.daemon(Ureq::new()).expect("a thread");
    daemon.record(&NoContext, &Tick::new(catalog, 9));
    assert_eq!(daemon.shutdown(BUDGET), ShutdownEnd::InTime);
    person::flush(&session);
    vec![format!("{flushed:?}"), format!("{started:?}")]
}

#[test]
fn the_run_that_tells_sends_nothing_whatever_it_tries() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let nothing = [format!("{:?}", FlushEnd::NotPermitted), format!("{:?}", Started::Untold)];

    // A host whose author forgot the notice sends nothing, ever.
    for number in 0..3 {
        let telemetry = run(catalog, &home, &[]);
        telemetry.open().try_record(&Tick::new(catalog, number)).expect("a record");
        assert_eq!(try_all(&telemetry, catalog), nothing);
        let status = scene_status(&telemetry);
        assert!(status.contains("Not sent yet: "), "{status}");
    }
    // One whose standard error a program reads cannot tell.
    let telemetry = run(catalog, &home, &[]);
    let session = telemetry.open();
    assert!(person::notice(&session, Terminal::Present, Audience::ForMachines).is_none());
    assert_eq!(try_all(&telemetry, catalog), nothing);

    let telemetry = run(catalog, &home, &[]);
    assert!(tell(&telemetry.open()).is_some());
    telemetry.open().try_record(&Tick::new(catalog, 3)).expect("a record");
    assert_eq!(try_all(&telemetry, catalog), nothing, "it was told in this very run");
    assert_eq!(server.connections(), 0);

    let telemetry = run(catalog, &home, &[]);
    assert!(tell(&telemetry.open()).is_none(), "once");
    assert!(!scene_status(&telemetry).contains("Not sent yet"));
    assert_eq!(telemetry.open().flush(&Ureq::new()).ended, FlushEnd::Done);
    let numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
    let recorded: Vec<i64> = numbers.into_iter().filter(|number| *number != 9).collect();
    assert_eq!(recorded, [0, 1, 2, 3], "nothing was lost");
}

/// As `make -j` starts them: what one of them tells, the person has not read
/// when another ends.
#[test]
fn a_run_that_began_before_another_told_sends_nothing() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let nothing = [format!("{:?}", FlushEnd::NotPermitted), format!("{:?}", Started::Untold)];
    let (open, staying) = (run(catalog, &home, &[]), run(catalog, &home, &[]));
    let session = open.open();
    let daemon = staying.daemon(Ureq::new()).expect("a thread");
    session.try_record(&Tick::new(catalog, 1)).expect("a record");
    assert!(tell(&run(catalog, &home, &[]).open()).is_some());

    assert!(tell(&session).is_none(), "once");
    assert_eq!(try_all(&open, catalog), nothing);
    daemon.record(&NoContext, &Tick::new(catalog, 2));
    assert_eq!(daemon.shutdown(BUDGET), ShutdownEnd::InTime);
    assert_eq!(server.connections(), 0);

    let later = run(catalog, &home, &[]);
    assert_eq!(later.open().flush(&Ureq::new()).ended, FlushEnd::Done);
    let numbers: Vec<i64> = server.requests().iter().flat_map(scene::numbers).collect();
    assert_eq!(numbers, [1, 9, 2], "nothing was lost");

    // Nor does a run go on that was told before, once that is forgotten.
    std::fs::remove_file(scene::paths(catalog, &home).state).expect("it was there");
    later.open().try_record(&Tick::new(catalog, 3)).expect("a record");
    assert_eq!(later.open().flush(&Ureq::new()).ended, FlushEnd::NotPermitted);
}

/// In a log, what another run has said counts too.
#[test]
fn in_ci_the_notice_of_another_run_counts_at_once() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let session = run(catalog, &home, &[("CI", "true")]).open();
    session.try_record(&Tick::new(catalog, 1)).expect("a record");
    assert!(tell(&run(catalog, &home, &[("CI", "true")]).open()).is_some());
    assert_eq!(session.flush(&Ureq::new()).ended, FlushEnd::Done);
    assert_eq!(server.requests().len(), 1);
}

fn scene_status(telemetry: &Telemetry) -> String {
    person::run(&telemetry.open(), &["status".to_owned()]).out
}

#[test]
fn an_explicit_yes_counts_in_the_same_run() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let telemetry = run(catalog, &home, &[]);
    telemetry.open().try_record(&Tick::new(catalog, 1)).expect("a record");
    person::grant(&telemetry.open()).expect("a yes");
    assert_eq!(telemetry.open().flush(&Ureq::new()).ended, FlushEnd::Done);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn in_ci_the_notice_in_the_log_counts_at_once() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    let telemetry = run(catalog, &home, &[("CI", "true")]);
    let session = telemetry.open();
    session.try_record(&Tick::new(catalog, 1)).expect("a record");
    assert_eq!(session.start_shipper().expect("a look"), Started::Untold);
    assert!(tell(&session).is_some());
    assert_eq!(session.flush(&Ureq::new()).ended, FlushEnd::Done);
    assert_eq!(server.requests().len(), 1);
}

/// What cannot be remembered is not said at every run, and nothing is sent.
#[test]
#[cfg(unix)]
fn where_nothing_can_be_remembered_nothing_is_said_and_nothing_sent() {
    use std::os::unix::fs::PermissionsExt as _;

    let server = CaptureServer::start();
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    // A file where the folder should be: root, too, cannot write there.
    home.write(".tick", "not a folder");
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o500)).expect("a mode");
    for _ in 0..2 {
        let telemetry = run(catalog, &home, &[]);
        assert_eq!(tell(&telemetry.open()), None);
        assert_eq!(telemetry.open().flush(&Ureq::new()).ended, FlushEnd::NotPermitted);
    }
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).expect("a mode");
    assert_eq!(server.connections(), 0);
}

/// A product that keeps no event on disk loses those of its first run.
#[test]
fn from_memory_nothing_goes_before_the_person_was_told() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let text = scene::text(&[scene::destination("one", "http", &format!("{}/e", server.url()))]);
    let catalog = scene::catalog(&text.replace("mode = \"detached\"", "mode = \"thread\""));
    let home = Home::new();
    let telemetry = run(catalog, &home, &[]);
    let session = telemetry.open();
    let error = session.try_record(&Tick::new(catalog, 1)).expect_err("not told");
    assert!(error.to_string().contains("was not told before this run"), "{error}");
    assert!(tell(&session).is_some());
    assert!(session.try_record(&Tick::new(catalog, 2)).is_err(), "told in this run");
    session.finish();
    assert_eq!(server.connections(), 0);

    let session = run(catalog, &home, &[]).open();
    session.try_record(&Tick::new(catalog, 3)).expect("a record");
    let requests = server.wait_for(1, BUDGET);
    assert_eq!(requests.iter().flat_map(scene::numbers).collect::<Vec<_>>(), [3]);
}

/// A project that moves the folder by a variable cannot say for the person that
/// they were told.
#[test]
fn a_state_that_a_project_planted_tells_nobody() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("http"));
    let text = scene::text(&[scene::destination("one", "http", &format!("{}/e", server.url()))]);
    let folder = text.lines().find(|line| line.starts_with("folder")).expect("a folder");
    let catalog = scene::catalog(&text.replace(folder, "folder = \"${TICKDIR:-~/.config}/tick\""));
    let (home, elsewhere) = (Home::new(), Home::new());
    let moved = elsewhere.path().display().to_string();
    // Somebody who was told, and whose files are copied.
    let other = Home::new();
    scene::tell(catalog, &other);
    let state = other.read(".config/tick/telemetry-state.json");
    assert!(state.contains("told"), "{state}");
    elsewhere.write("tick/telemetry-state.json", state);
    let telemetry = run(catalog, &home, &[("TICKDIR", &moved)]);
    telemetry.open().try_record(&Tick::new(catalog, 1)).expect("a record");
    assert_eq!(telemetry.open().flush(&Ureq::new()).ended, FlushEnd::NotPermitted);
    assert!(tell(&telemetry.open()).is_some());
    assert_eq!(server.connections(), 0);

    // Who was told in the usual place is told wherever the folder is.
    let telemetry = run(catalog, &home, &[("TICKDIR", &moved)]);
    assert!(tell(&telemetry.open()).is_none());
    assert_eq!(telemetry.open().flush(&Ureq::new()).ended, FlushEnd::Done);
    assert_eq!(server.requests().len(), 1);
}
