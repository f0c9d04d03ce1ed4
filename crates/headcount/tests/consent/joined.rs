//! What joins a refused purpose in a later release: it is refused as well, and
//! nobody is asked about it.

use std::fs;

use headcount::catalog::Raw;
use headcount::person::{self, Audience, Terminal};
use headcount::{Catalog, RecordError};
use headcount_testkit::Home;
use serde_json::json;

use crate::purposes::{self, agreed, command, done, json, panic, text};
use crate::scene::{self, Said, open, stay};

/// A release with one more event of this purpose.
fn with_abort(changes: &[(&str, &str)], purpose: &str) -> &'static Catalog {
    let more = format!(
        "\n[event.abort]\nwhy = \"Where is it stopped?\"\nowner = \"cli team\"\npurpose = \"{purpose}\"\n[event.abort.properties]\nok = \"flag\"\n"
    );
    scene::catalog(&format!("{}{more}", text(changes)))
}

#[track_caller]
fn is_aborted(catalog: &'static Catalog, home: &Home) -> bool {
    let said = Said::new(catalog, "abort", &[("ok", Raw::Flag(true))]);
    match open(catalog, home).try_record(&said) {
        Ok(()) => true,
        Err(error) => {
            assert!(error.is_withheld(), "{error}");
            false
        }
    }
}

#[test]
fn an_event_that_joined_a_refused_purpose_stays_refused() {
    let (first, second) = (purposes::catalog(&[]), with_abort(&[], "crash"));
    let third = with_abort(&[], "usage");
    for word in ["on", "on usage"] {
        let home = agreed(first);
        done(first, &home, "off crash");
        done(second, &home, word);
        assert!(!is_aborted(second, &home));
        done(third, &home, "on");
        assert!(!is_aborted(third, &home), "{word}");
        // One word frees it.
        done(third, &home, "on usage");
        assert!(is_aborted(third, &home), "{word}");
    }
}

/// It had been agreed to under another purpose, so nobody is asked.
#[test]
fn an_event_that_moved_into_a_refused_purpose_stays_refused() {
    let (first, second) = (with_abort(&[], "usage"), with_abort(&[], "crash"));
    let home = agreed(first);
    done(first, &home, "off crash");
    assert!(is_aborted(first, &home));
    open(second, &home).try_record(&command(second)).unwrap();
    assert!(!is_aborted(second, &home));
    assert!(!is_aborted(first, &home), "as the second release noted");
    done(first, &home, "on usage");
    assert!(is_aborted(first, &home));
}

/// Each release knows only the last name.
#[test]
fn a_purpose_that_is_renamed_twice_stays_refused() {
    let first = purposes::catalog(&[]);
    let second = purposes::catalog(&purposes::RENAMED);
    let third = [
        ("[purpose.crash]\n", "[purpose.errors]\nwas = \"faults\"\n"),
        ("purpose = \"crash\"", "purpose = \"errors\""),
    ];
    let third = with_abort(&third, "errors");
    let home = agreed(first);
    done(first, &home, "off crash");
    open(second, &home).try_record(&command(second)).unwrap();
    done(third, &home, "on");
    assert!(!is_aborted(third, &home));
    assert!(purposes::is_withheld(third, &home));
    let state: serde_json::Value = serde_json::from_str(&home.read(purposes::STATE)).unwrap();
    let refused =
        json!({"crash": ["panic"], "errors": ["abort", "panic"], "faults": ["abort", "panic"]});
    assert_eq!(state["refusedPurposes"], refused);
    done(third, &home, "on errors");
    assert!(is_aborted(third, &home));
    assert!(!purposes::is_withheld(third, &home));
}

#[test]
fn nobody_is_asked_about_what_is_refused() {
    let first = purposes::catalog(&[]);
    let home = agreed(first);
    done(first, &home, "off crash");
    let more = ("[event.panic.properties]\n", "[event.panic.properties]\nnew = \"flag\"\n");
    let used = ("[event.command.properties]\n", "[event.command.properties]\nnew = \"flag\"\n");
    let (second, third) = (purposes::catalog(&[more]), purposes::catalog(&[more, used]));
    let abort = with_abort(&[], "crash");
    for later in [second, abort] {
        let session = open(later, &home);
        assert_eq!(session.withheld(), []);
        assert!(person::notice(&session, Terminal::Present, Audience::ForPeople).is_none());
        assert_eq!(json(later, &home, "status")["withheld"], json!([]));
        assert!(!is_new_sent(later, &home));
    }
    let news: Vec<String> = open(third, &home).withheld().iter().map(ToString::to_string).collect();
    assert_eq!(news, ["`new` of `command` is new"]);
    // Whoever takes the refusal back agrees to its events as they are now.
    done(second, &home, "on crash");
    assert_eq!(open(second, &home).withheld(), []);
    let values = [("thread", Raw::Text("main")), ("new", Raw::Flag(true))];
    open(second, &home).try_record(&Said::new(second, "panic", &values)).unwrap();
    assert!(scene::queued(second, &home)[0].contains("\"new\":true"));
}

fn is_new_sent(catalog: &'static Catalog, home: &Home) -> bool {
    done(catalog, home, "inspect --json").contains("\"new\"")
}

/// A host that runs on has not heard of the refusal yet. It makes the file for
/// which it reads everything again.
#[test]
fn a_new_file_gets_no_event_that_was_refused_a_moment_before() {
    let catalog = purposes::catalog(&[]);
    let home = agreed(catalog);
    let (host, _clock) = stay(catalog, &home);
    host.try_record(&command(catalog)).unwrap();
    fs::remove_file(scene::paths(catalog, &home).queue).unwrap();
    done(catalog, &home, "off crash");
    let refused = host.try_record(&panic(catalog)).unwrap_err();
    assert!(RecordError::is_withheld(&refused), "{refused}");
    assert_eq!(scene::queued(catalog, &home), [""; 0]);
    host.try_record(&command(catalog)).unwrap();
    assert_eq!(scene::queued(catalog, &home).len(), 1);
}

/// The same with an administrator's word.
#[test]
fn a_new_file_gets_no_event_that_an_administrator_refused_a_moment_before() {
    let catalog = purposes::catalog(&[]);
    let (home, policies) = (agreed(catalog), Home::new());
    let mut around = scene::surroundings(home.path(), scene::NOW, &[]);
    around.policies = vec![policies.path().to_path_buf()];
    let host = scene::open_in(catalog, around);
    host.try_record(&panic(catalog)).unwrap();
    fs::remove_file(scene::paths(catalog, &home).queue).unwrap();
    let text = "{\"telemetry\": \"on\", \"purposes\": {\"crash\": \"off\"}}";
    policies.write("tool/telemetry.json", text);
    let refused = host.try_record(&panic(catalog)).unwrap_err();
    assert!(RecordError::is_withheld(&refused), "{refused}");
    host.try_record(&command(catalog)).unwrap();
    assert_eq!(scene::queued(catalog, &home).len(), 1);
}
