//! Releases that take turns on one machine: two that agree with each other, and
//! one that finds what a newer one has written.

use std::fs;

use headcount::{Catalog, person};
use headcount_testkit::Home;

use crate::scene::{self, open};

fn say(catalog: &'static Catalog, home: &Home, word: &str) -> person::Reply {
    person::run(&open(catalog, home), &[word.to_owned()])
}

/// Every file but the lock, which comes and goes.
fn tree(home: &Home) -> Vec<(String, Vec<u8>)> {
    let mut tree = scene::tree(home);
    tree.retain(|(path, _)| !path.ends_with(".lock"));
    tree
}

/// AtomCode with one more event.
fn release(name: &str) -> &'static Catalog {
    let more = format!(
        "\n[event.{name}]\nwhy = \"Is it used?\"\nowner = \"cli team\"\n[event.{name}.properties]\nok = \"flag\"\n"
    );
    scene::catalog(&format!("{}{more}", scene::text_of("atomcode")))
}

#[test]
fn agreements_unite_when_releases_take_turns() {
    let (one, two, home) = (release("first"), release("second"), Home::new());
    for catalog in [one, two, one, two] {
        assert_eq!(say(catalog, &home, "on").code, 0);
    }
    let before = tree(&home);
    for catalog in [one, two, one, two] {
        let session = open(catalog, &home);
        assert!(session.withheld().is_empty(), "{:?}", session.withheld());
        assert_eq!(say(catalog, &home, "on").code, 0);
        assert_eq!(tree(&home), before, "nothing is written again");
    }
    // A third is told of its own news, once.
    let three = release("third");
    let session = open(three, &home);
    assert_eq!(session.withheld().len(), 1, "{:?}", session.withheld());
}

#[test]
fn what_a_newer_release_wrote_is_left_alone_but_for_a_no() {
    for file in ["state", "agreed"] {
        let (catalog, home) = (scene::catalog(&scene::text_of("atomcode")), Home::new());
        assert_eq!(say(catalog, &home, "on").code, 0);
        let paths = scene::paths(catalog, &home);
        let path = match file {
            "state" => paths.state.clone(),
            _ => paths.state_folder.join("agreed.json"),
        };
        let newer = fs::read_to_string(&path)
            .unwrap()
            .replace("\"format\": 1", "\"format\": 2, \"more\": {\"than\": [\"we\", \"know\"]}");
        // The catalog of this release is another than that which wrote it.
        let catalog = release("newer");
        fs::write(&path, &newer).unwrap();
        let before = tree(&home);
        let session = open(catalog, &home);
        let event = scene::Said::new(catalog, "open_atomcode", &[]);
        assert!(session.try_record(&event).is_err(), "{file}");
        drop(session);
        let status = say(catalog, &home, "status");
        assert_eq!(status.code, 0);
        let on = say(catalog, &home, "on");
        assert_eq!(on.code, 1, "{file}: {}", on.out);
        assert!(on.err.contains("a newer release of this program wrote"), "{}", on.err);
        assert_eq!(tree(&home), before, "{file}: nothing changed");
        if file == "state" {
            assert!(status.out.contains("a newer release of this program wrote"), "{}", status.out);
        }

        let off = say(catalog, &home, "off");
        assert_eq!(off.code, 0, "{file}: {}", off.err);
        assert!(!open(catalog, &home).decision().is_on());
        let after: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut expected: serde_json::Value = serde_json::from_str(&newer).unwrap();
        if file == "state" {
            expected["answer"] = "off".into();
        }
        assert_eq!(after, expected, "{file}");
    }
}

/// A person who was told of one release and has recorded nothing yet has not
/// agreed to the next one's news.
#[test]
fn what_was_told_of_is_what_is_agreed_to() {
    use headcount::person::{Audience, Terminal, notice};

    let (one, two, home) =
        (scene::catalog(&scene::text_of("atomcode")), release("more"), Home::new());
    let session = open(one, &home);
    let told = notice(&session, Terminal::Absent, Audience::ForPeople).expect("a notice");
    assert!(told.into_text().expect("it is remembered").contains("AtomCode"));
    let later = open(two, &home);
    assert_eq!(later.withheld().len(), 1, "{:?}", later.withheld());
    assert!(open(one, &home).withheld().is_empty());
}
