//! Two products in one folder: the second leaves the first one's state alone.

use headcount::Catalog;
use headcount_testkit::Home;
use serde_json::Value as Json;

use crate::scene;

/// The same catalog under another name, with its own switch in the settings.
fn pair() -> (&'static Catalog, &'static Catalog) {
    let text = scene::text_of("atomcode");
    let second = text
        .replace("name = \"atomcode\"", "name = \"second\"")
        .replace("enabled = \"telemetry.enabled\"", "enabled = \"second.enabled\"");
    (scene::catalog_of(&text), scene::catalog_of(&second))
}

fn status(catalog: &'static Catalog, home: &Home) -> Json {
    serde_json::from_str(&scene::say(catalog, home, "status --json").out).expect("JSON")
}

#[test]
fn the_second_records_nothing_and_changes_nothing_of_the_first() {
    let ((first, second), home) = (pair(), Home::new());
    assert_eq!(scene::say(first, &home, "on").code, 0);
    scene::record_all(&scene::open(first, &home, &[]), first);
    let state = home.read(".atomcode/telemetry-state.json");
    assert!(state.contains("\"product\": \"atomcode\""), "{state}");
    let before: Vec<_> =
        scene::files(&home).iter().map(|path| (path.clone(), home.read(path))).collect();
    for words in ["on", "clear", "clear --all", "forget"] {
        let reply = scene::say(second, &home, words);
        assert_eq!(reply.code, 1, "{words}: {}", reply.out);
        let told =
            "telemetry-state.json was not changed: it belongs to another product, `atomcode`";
        assert!(reply.err.contains(told), "{words}: {}", reply.err);
    }
    let session = scene::open(second, &home, &[]);
    assert!(!session.decision().is_on());
    let event = second.events.first().expect("an event");
    assert!(session.try_record(&scene::Any::of(second, event)).is_err());
    scene::say(second, &home, "flush");
    let after: Vec<_> =
        scene::files(&home).iter().map(|path| (path.clone(), home.read(path))).collect();
    assert_eq!(before, after);
    let said = scene::say(second, &home, "status").out;
    assert!(said.contains("it belongs to another product, `atomcode`"), "{said}");
    // A no of the second is kept, and is not the first one's.
    let reply = scene::say(second, &home, "off");
    assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{}", reply.out);
    assert_eq!(status(first, &home)["state"], "on");
    assert_eq!(status(first, &home)["waiting"]["events"], first.events.len());
    assert_eq!(home.read(".atomcode/telemetry-state.json"), state);
}

#[test]
fn a_state_that_does_not_say_whose_it_is_is_taken_on() {
    let ((first, second), home) = (pair(), Home::new());
    assert_eq!(scene::say(first, &home, "on").code, 0);
    let state = home.read(".atomcode/telemetry-state.json");
    let nameless = state.replace("  \"product\": \"atomcode\",\n", "");
    assert_ne!(state, nameless);
    home.write(".atomcode/telemetry-state.json", nameless);
    assert_eq!(status(first, &home)["state"], "on");
    let secret =
        |text: &str| text.split("\"secret\": \"").nth(1).expect("a secret")[..32].to_owned();
    scene::record_all(&scene::open(first, &home, &[]), first);
    assert_eq!(secret(&home.read(".atomcode/telemetry-state.json")), secret(&state));
    // Whoever writes it next has it.
    assert_eq!(scene::say(first, &home, "off").code, 0);
    assert!(home.read(".atomcode/telemetry-state.json").contains("\"product\": \"atomcode\""));
    assert_ne!(status(second, &home)["state"], "on");
}
