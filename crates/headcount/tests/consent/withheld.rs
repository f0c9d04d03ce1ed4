//! What goes nowhere until it is agreed to: to another host, under another id,
//! or where what was agreed to cannot be told any more.

use std::fs;

use headcount::ship::Request;
use headcount::{RecordError, Session};
use headcount_testkit::Home;

use crate::scene::{self, Said, Taken, edited, open_at};
use crate::widening::{
    EVENT, HOST, JUNE, agreed_to_the_first, command, first_text, grant, lines, second, without_id,
};

const AUGUST: &str = "2026-08-15T12:34:56Z";
const JULY: &str = "2026-07-15T12:34:56Z";
/// The id still changes by the month, and no longer once that was agreed to.
#[test]
fn a_slower_rotation_waits() {
    let second = second(&[("rotate = \"monthly\"\n", "")]);
    let home = agreed_to_the_first();
    let device = |now: &str| {
        open_at(second, &home, now).try_record(&command(second, "build", &[])).unwrap();
        let line = lines(&home).pop().unwrap();
        let (_, tail) = line.split_once("\"device\":\"").unwrap();
        tail[..36].to_owned()
    };
    let june = device(JUNE);
    assert!(lines(&home)[0].contains(&june), "it is June's still");
    let july = device(JULY);
    assert_ne!(june, july);
    grant(&open_at(second, &home, JULY));
    assert_eq!(device(JULY), july);
    assert_eq!(device(AUGUST), july);
}

/// Under an id that says more nobody is counted, nor under none that was made.
#[test]
fn a_linkable_identity_records_nothing_until_agreed() {
    let linkable =
        second(&[("\"random\"\nfile = \"device-id\"\nrotate = \"monthly\"", "\"machine-hash\"")]);
    let home = agreed_to_the_first();
    let before = scene::tree(&home);
    let upgraded = open_at(linkable, &home, JUNE);
    assert_eq!(upgraded.withheld().len(), 1);
    let refused = upgraded.try_record(&command(linkable, "build", &[]));
    assert!(refused.as_ref().is_err_and(RecordError::is_withheld), "{refused:?}");
    upgraded.finish();
    assert_eq!(scene::tree(&home), before);
}

/// Where there was no id, what says nothing of the device goes on.
#[test]
fn an_identity_where_there_was_none_is_not_told_of() {
    let random = "\"random\"\nfile = \"device-id\"\nrotate = \"monthly\"";
    let changes = [(random, "\"none\""), ("device = \"device\"\n", "")];
    let before = scene::catalog(&edited(&first_text(), &changes));
    let home = Home::new();
    open_at(before, &home, JUNE).try_record(&command(before, "build", &[])).unwrap();
    let upgraded = second(&[]);
    open_at(upgraded, &home, JUNE).try_record(&command(upgraded, "build", &[])).unwrap();
    let [one, other] = lines(&home).try_into().unwrap();
    assert_eq!(one, other);
    assert!(!home.path().join(".tool/device-id").exists(), "none was made");
}

/// What arrives, and where: the second half of an address tells the two apart.
fn shipped(session: &Session) -> Vec<Request> {
    let taken = Taken::default();
    let _ = session.flush(&taken);
    taken.requests()
}

fn addresses(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(|it| it.url.trim_start_matches("http://127.0.0.1:9")).collect()
}

#[test]
fn a_new_host_gets_nothing_until_agreed() {
    let second = second(&[HOST]);
    let home = agreed_to_the_first();
    let sent = shipped(&open_at(second, &home, JUNE));
    assert_eq!(addresses(&sent), ["/api/v1/events"]);
    assert_eq!(lines(&home), [""; 0]);

    grant(&open_at(second, &home, JUNE));
    open_at(second, &home, JUNE).try_record(&command(second, "build", &[])).unwrap();
    let sent = shipped(&open_at(second, &home, JUNE));
    assert_eq!(addresses(&sent), ["/api/v1/events", "/v1/logs"]);
}

/// A product that moves to another host waits to be allowed to, and loses
/// nothing by it.
#[test]
fn what_only_a_new_host_would_get_waits() {
    let second = second(&[("telemetry.tool.example", "elsewhere.example")]);
    let home = agreed_to_the_first();
    let before = lines(&home);
    assert_eq!(shipped(&open_at(second, &home, JUNE)).len(), 0);
    let waits = |home: &Home| {
        let folder = fs::read_dir(home.path().join(".tool")).unwrap();
        let segments = folder.map(|entry| entry.unwrap().path());
        let segments = segments.filter(|path| path.extension().is_some_and(|it| it == "jsonl"));
        segments.map(|path| fs::read_to_string(path).unwrap()).collect::<String>()
    };
    assert_eq!(waits(&home).lines().map(without_id).collect::<Vec<_>>(), before);

    grant(&open_at(second, &home, JUNE));
    assert_eq!(addresses(&shipped(&open_at(second, &home, JUNE))), ["/api/v1/events"]);
    assert_eq!(waits(&home), "");
}

/// A list of what was agreed to that is lost or cannot be read allows nothing.
#[test]
fn a_lost_or_corrupt_list_withholds_everything() {
    let second = second(&[EVENT]);
    let whole = agreed_to_the_first().read(".tool/telemetry-state/agreed.json");
    let texts = [
        "",
        "{}",
        "null",
        "[]",
        "\0\0\0\0",
        &whole[..whole.len() / 2],
        &whole.replace("\"rawDays\"", "\"rawWeeks\""),
        &whole.replace("\"random\"", "\"machine\""),
        &whole.replace("\"most\": [", "\"most\": [-1,"),
    ];
    for text in texts.into_iter().map(Some).chain([None]) {
        let home = agreed_to_the_first();
        let list = home.path().join(".tool/telemetry-state/agreed.json");
        match text {
            Some(text) => {
                assert_ne!(text, whole);
                fs::write(&list, text).unwrap();
            }
            None => fs::remove_file(&list).unwrap(),
        }
        let before = scene::tree(&home);
        let upgraded = open_at(second, &home, JUNE);
        let refused = upgraded.try_record(&command(second, "build", &[]));
        assert!(refused.as_ref().is_err_and(RecordError::is_withheld), "{text:?}: {refused:?}");
        assert_eq!(shipped(&open_at(second, &home, JUNE)).len(), 0, "{text:?}");
        assert_eq!(scene::tree(&home), before, "{text:?}");

        grant(&open_at(second, &home, JUNE));
        open_at(second, &home, JUNE).try_record(&command(second, "build", &[])).unwrap();
        assert_eq!(lines(&home).len(), 2, "{text:?}");
    }
}

/// A yes from before there was a list agrees to the catalog that finds it.
#[test]
fn a_yes_without_a_list_agrees_to_the_catalog_that_finds_it() {
    let home = Home::new();
    home.write(".tool/telemetry.json", "{\"enabled\": true}");
    let second = second(&[EVENT]);
    let session = open_at(second, &home, JUNE);
    assert_eq!(session.withheld(), []);
    session.try_record(&Said::new(second, "start", &[])).unwrap();
    let list = home.path().join(".tool/telemetry-state/agreed.json");
    assert!(fs::read_to_string(&list).unwrap().contains("\"start\""));
    // Once a run, not with every event.
    fs::remove_file(&list).unwrap();
    session.try_record(&Said::new(second, "start", &[])).unwrap();
    assert!(!list.exists());
}
