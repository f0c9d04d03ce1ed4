//! `forget`: who is asked, with what, and what is kept until they answer.
#![cfg(feature = "ureq")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use headcount::{Catalog, Host, Session, Surroundings, Telemetry, Time};
use headcount_testkit::{CannedAnswer, CaptureServer, CapturedRequest, Home, ServerReply};
use serde_json::Value as Json;

use crate::scene;

const ERASURES: &str = "tool/telemetry-state/erasures.json";

/// A product with an id in a file of its own and these destinations.
fn tool(destinations: &[(&str, &str)]) -> &'static Catalog {
    let head = headcount_testkit::CatalogHead {
        name: "tool",
        default: "ask",
        settings: ("settings.json", "telemetry"),
        queue: "events.jsonl",
    };
    let mut text = head.with(
        r#"
[identity]
scheme = "random"
file = "device"

[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "second" }
device = "device"
version = "version"

[shipping]
mode = "detached"

[retention]
on-machine = "30d"
raw = "90d"

[event.run]
why = "How many people use it?"
owner = "tests"
"#,
    );
    for (name, kind) in destinations {
        text.push_str(&format!(
            "\n[[destination]]\nname = \"{name}\"\nkind = \"{kind}\"\nendpoint = \"https://{name}.example\"\nkey = \"{name}-key\"\n"
        ));
    }
    scene::catalog_of(&text.replace("folder = \"~/.tool\"", "folder = \"~/tool\""))
}

struct Scene {
    catalog: &'static Catalog,
    home: Home,
    server: CaptureServer,
}

impl Scene {
    fn of(destinations: &[(&str, &str)]) -> Self {
        let scene =
            Self { catalog: tool(destinations), home: Home::new(), server: CaptureServer::start() };
        scene.live();
        scene
    }

    fn open(&self) -> Session {
        scene::open(self.catalog, &self.home, &[("TOOL_TELEMETRY_ENDPOINT", &self.server.url())])
    }

    fn say(&self, words: &str) -> String {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        let reply = headcount::person::run(&self.open(), &words);
        assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{words:?}");
        reply.out
    }

    fn json(&self, words: &str) -> Json {
        serde_json::from_str(&self.say(&format!("{words} --json"))).expect("JSON")
    }

    /// Consents and records; returns the id and its secret.
    fn live(&self) -> (String, String) {
        self.say("on");
        scene::record_all(&self.open(), self.catalog);
        self.proof()
    }

    fn proof(&self) -> (String, String) {
        let state: Json =
            serde_json::from_str(&self.home.read("tool/telemetry-state.json")).expect("JSON");
        let id = self.home.read("tool/device").trim().to_owned();
        (id, state["secret"].as_str().expect("a secret").to_owned())
    }

    /// The files in which a text is.
    fn holders(&self, text: &str) -> Vec<String> {
        let files = scene::files(&self.home).into_iter();
        let content = |path: &str| fs::read(self.home.path().join(path)).unwrap_or_default();
        let holds = |path: &String| String::from_utf8_lossy(&content(path)).contains(text);
        files.filter(holds).collect()
    }

    fn asked(&self) -> Vec<CapturedRequest> {
        let requests = self.server.requests().into_iter();
        requests.filter(|request| request.path == "/api/v1/forget").collect()
    }
}

fn yes() -> CannedAnswer {
    CannedAnswer::status(200).header("content-type", "application/json").body("{}")
}

#[test]
fn a_collector_is_asked_with_the_proof_and_ends_it() {
    let scene = Scene::of(&[("home", "headcount")]);
    scene.server.reply_otherwise(yes());
    let (id, secret) = scene.proof();
    let said = scene.say("forget");
    assert!(said.contains("(home) confirmed that your events are erased."), "{said}");
    assert!(said.contains("are deleted. Your decision is kept"), "{said}");
    let [request] = &scene.asked()[..] else { panic!("{:?}", scene.asked()) };
    assert_eq!(request.method, "POST");
    assert_eq!(request.header("authorization"), Some("Bearer home-key"));
    assert_eq!(request.text(), format!("{{\"product\":\"tool\",\"secret\":\"{secret}\"}}"));
    assert_eq!(scene.holders(&id), [""; 0]);
    assert_eq!(scene.holders(&secret), [""; 0]);
    assert_eq!(scene.json("status")["erasures"], serde_json::json!([]));
    // There is nothing left to ask for.
    assert_eq!(scene.json("forget")["destinations"][0]["asked"], false);
    assert_eq!(scene.asked().len(), 1);
}

#[test]
fn whoever_does_not_answer_owes_an_answer_and_the_proof_is_kept_for_it_alone() {
    let html = CannedAnswer::status(200).body("<html>Sign in</html>");
    for (reply, told) in [
        (CannedAnswer::status(404).into(), "(home) cannot erase yet."),
        (CannedAnswer::status(401).into(), "(home) has not erased anything: it answered 401."),
        (CannedAnswer::status(503).into(), "it answered 503."),
        (CannedAnswer::status(202).into(), "it answered 202."),
        (html.into(), "the answer is not a collector's."),
        (ServerReply::Lost, "has not erased anything: "),
    ] {
        let scene = Scene::of(&[("home", "headcount")]);
        scene.server.reply_next(reply);
        let (id, secret) = scene.proof();
        let said = scene.say("forget");
        assert!(said.contains(told), "{told}: {said}");
        assert!(said.contains("An erasure is pending"), "{said}");
        assert_eq!(scene.holders(&id), [ERASURES]);
        assert_eq!(scene.holders(&secret), [ERASURES]);
        let status = scene.say("status");
        assert!(
            status.contains(
                "Erasure pending since 2026-11-15: not confirmed by home (tool telemetry forget)"
            ),
            "{status}"
        );
        // Nothing but the person's own command sends it.
        assert_ne!(scene.live().0, id, "the next id is another");
        scene.say("flush");
        scene.say("off");
        assert_eq!(scene.asked().len(), 1);
        scene.server.reply_otherwise(yes());
        scene.say("clear");
        assert_eq!(scene.holders(&secret), [ERASURES]);
        let said = scene.say("forget");
        assert!(
            said.starts_with("What you asked to be erased before is asked for again."),
            "{said}"
        );
        let again = scene.asked().last().expect("a request").text();
        assert!(again.contains(&secret) && !again.contains(&id), "{again}");
        assert_eq!(scene.holders(&secret), [""; 0]);
        assert!(!scene.home.path().join(ERASURES).exists());
    }
}

#[test]
#[cfg(unix)]
fn the_proof_is_readable_for_its_person_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let scene = Scene::of(&[("home", "otlp")]);
    scene.say("forget");
    let mode = |path: &str| {
        std::fs::metadata(scene.home.path().join(path)).unwrap().permissions().mode() & 0o777
    };
    assert_eq!((mode(ERASURES), mode("tool/telemetry-state")), (0o600, 0o700));
}

#[test]
fn each_destination_owes_its_own_answer() {
    let scene = Scene::of(&[("one", "headcount"), ("two", "headcount"), ("three", "otlp")]);
    scene.server.reply_next(yes());
    scene.server.reply_next(CannedAnswer::status(503));
    let (_, secret) = scene.proof();
    let reply = scene.json("forget");
    let destinations = &reply["destinations"];
    assert_eq!(
        (&destinations[0]["erased"], &destinations[1]["erased"]),
        (&true.into(), &false.into())
    );
    assert_eq!(destinations[1]["reason"], "it answered 503");
    assert_eq!(destinations[2]["reason"], "cannot erase yet");
    assert_eq!((&destinations[2]["asked"], &reply["pending"]), (&false.into(), &1.into()));
    let pending = &scene.json("status")["erasures"][0];
    assert_eq!(pending["destinations"], serde_json::json!(["two", "three"]));
    scene.server.reply_otherwise(yes());
    scene.say("forget");
    let keys: Vec<_> = scene
        .asked()
        .iter()
        .map(|request| request.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["Bearer one-key", "Bearer two-key", "Bearer two-key"]);
    assert_eq!(scene.holders(&secret), [ERASURES], "the third cannot be asked");
}

#[test]
fn every_id_that_was_forgotten_is_asked_for() {
    let scene = Scene::of(&[("home", "headcount")]);
    scene.server.reply_otherwise(CannedAnswer::status(404));
    let (_, first) = scene.proof();
    scene.say("forget");
    let (_, second) = scene.live();
    scene.server.reply_otherwise(yes());
    scene.say("forget");
    let bodies: Vec<String> = scene.asked().iter().skip(1).map(CapturedRequest::text).collect();
    assert!(bodies.len() == 2 && bodies[0].contains(&first) && bodies[1].contains(&second));
    assert_eq!(scene.json("status")["erasures"], serde_json::json!([]));
}

/// What a destination says is told: the sum of all ids, and each proof.
#[test]
fn the_answers_of_destinations_are_told() {
    let scene = Scene::of(&[("home", "headcount"), ("other", "headcount"), ("third", "otlp")]);
    scene.server.reply_otherwise(CannedAnswer::status(503));
    scene.say("forget");
    scene.live();
    let erased = |number: u32, proof: &str| {
        yes().body(format!("{{\"erased\":{number},\"proof\":\"{proof}\"}}"))
    };
    scene.server.reply_next(erased(7, "tool.a"));
    scene.server.reply_next(erased(2, "tool.b"));
    scene.server.reply_otherwise(yes());
    let reply = scene.json("forget");
    let answers = reply["destinations"].as_array().expect("destinations");
    let told =
        |place: usize| ["erased", "confirmed", "proofs"].map(|name| answers[place][name].clone());
    assert_eq!(told(0), [9.into(), true.into(), serde_json::json!(["tool.a", "tool.b"])]);
    assert_eq!(told(1), [true.into(), true.into(), serde_json::json!([])]);
    assert_eq!(told(2), [false.into(), false.into(), serde_json::json!([])]);

    let scene = Scene::of(&[("home", "headcount")]);
    scene.server.reply_otherwise(erased(1, "\\u001b[2J"));
    let said = scene.say("forget");
    assert!(said.contains("confirmed that your events are erased. home: 1 event."), "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn clear_all_gives_the_proof_up_and_says_so() {
    let scene = Scene::of(&[("home", "otlp")]);
    scene.say("forget");
    assert_eq!(scene.json("status")["erasures"][0]["destinations"], serde_json::json!(["home"]));
    let said = scene.say("clear --all");
    assert!(said.contains("what was sent (home) can no longer be erased by proof."), "{said}");
    assert_eq!(scene::files(&scene.home), [""; 0]);
}

/// A request under way is bounded like any other.
#[test]
fn a_collector_that_never_answers_is_not_waited_for_for_ever() {
    let scene = Scene::of(&[("home", "headcount")]);
    scene.server.reply_otherwise(ServerReply::Never);
    let said = scene.say("forget");
    assert!(said.contains("has not erased anything: timed-out"), "{said}");
    assert_eq!(scene.json("status")["erasures"].as_array().map(Vec::len), Some(1));
}

#[test]
fn where_nobody_may_be_asked_the_proof_waits() {
    let scene = Scene::of(&[("home", "headcount")]);
    let elsewhere = [("TOOL_TELEMETRY_ENDPOINT", "https://evil.example")];
    let reply = scene::say_with(scene.catalog, &scene.home, "forget", &elsewhere);
    assert!(reply.out.contains("(home) was not asked: TOOL_TELEMETRY_ENDPOINT="), "{}", reply.out);
    assert_eq!(scene.json("status")["erasures"].as_array().map(Vec::len), Some(1));
    assert_eq!(scene.server.connections(), 0);
}

/// It is the person's own command. Only an administrator forbids it.
#[test]
fn a_person_who_refuses_telemetry_can_still_ask_for_erasure() {
    let scene = Scene::of(&[("home", "headcount")]);
    let url = scene.server.url();
    let policies = Home::new();
    policies.write("tool/telemetry.json", "{\"telemetry\": \"off\"}");
    let given = HashMap::from([("TOOL_TELEMETRY_ENDPOINT".to_owned(), url.clone())]);
    let mut surroundings =
        Surroundings::given(scene.home.path(), given, Time::parse(scene::NOW).unwrap());
    surroundings.policies = vec![policies.path().to_path_buf()];
    let session = Telemetry::new(scene.catalog, Host::new("1.2.3"), surroundings).open();
    let reply = headcount::person::run(&session, &["forget".to_owned()]);
    let told = "(home) was not asked: an administrator has turned telemetry off.";
    assert!(reply.out.contains(told), "{}", reply.out);
    assert_eq!(scene.server.connections(), 0);
    scene.server.reply_otherwise(yes());
    let refusing = [("TOOL_TELEMETRY_ENDPOINT", url.as_str()), ("DO_NOT_TRACK", "1"), ("CI", "1")];
    let reply = scene::say_with(scene.catalog, &scene.home, "forget", &refusing);
    assert!(reply.out.contains("(home) confirmed"), "{}", reply.out);
}

/// Whatever makes a file unreadable for a moment, or until the person mends it:
/// the secret in it is the only proof.
#[test]
fn a_proof_that_cannot_be_read_ends_it_and_nothing_is_cleared() {
    let folder: fn(&Path) = |path| fs::create_dir(path).unwrap();
    let damaged: fn(&Path) = |path| fs::write(path, "{\"secret\":").unwrap();
    let newer: fn(&Path) = |path| fs::write(path, "{\"format\":99,\"secret\":\"\"}").unwrap();
    let (state, id) = ("tool/telemetry-state.json", "tool/device");
    let pending = "tool/telemetry-state/erasures.json";
    let cases = vec![
        (state, folder),
        (state, damaged),
        (state, newer),
        (id, folder),
        (pending, folder),
        (pending, damaged),
    ];
    #[cfg(unix)]
    let cases = {
        let coming = "tool/telemetry-state/new-id.json";
        let circle: fn(&Path) = |path| std::os::unix::fs::symlink(path, path).unwrap();
        let open_to_all: fn(&Path) = |path| {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::Permissions::from_mode(0o666);
            fs::copy(path.with_extension("aside"), path).unwrap();
            fs::set_permissions(path, mode).unwrap();
        };
        let circles = [state, id, pending, coming].map(|path| (path, circle));
        [cases, circles.into(), vec![(state, open_to_all)]].concat()
    };
    for (file, spoil) in cases {
        let scene = Scene::of(&[("home", "headcount")]);
        scene.server.reply_otherwise(yes());
        let (_, secret) = scene.proof();
        let path = scene.home.path().join(file);
        let aside = path.with_extension("aside");
        let was_there = fs::rename(&path, &aside).is_ok();
        spoil(&path);
        let before = scene.holders(&secret);
        let reply = headcount::person::run(&scene.open(), &["forget".to_owned()]);
        assert_eq!((reply.code, reply.out.as_str()), (1, ""), "{file}");
        assert!(reply.err.contains("Nothing was cleared, since what proves"), "{}", reply.err);
        assert!(reply.err.contains(path.to_str().unwrap()), "{}", reply.err);
        assert_eq!(scene.holders(&secret), before, "{file}");
        assert_eq!(scene.asked().len(), 0);
        // Once it is mended, it is asked for.
        let _ = fs::remove_dir(&path);
        let _ = fs::remove_file(&path);
        if was_there {
            fs::rename(&aside, &path).unwrap();
        }
        let said = scene.say("forget");
        assert!(said.contains("(home) confirmed that your events are erased."), "{said}");
        assert!(scene.asked()[0].text().contains(&secret));
    }
}

#[test]
fn an_id_that_is_not_in_its_place_any_more_can_still_be_forgotten() {
    for other in [None, Some("7f3b2a8c-0000-4000-8000-000000000000")] {
        let scene = Scene::of(&[("home", "headcount")]);
        scene.server.reply_otherwise(yes());
        let (_, secret) = scene.proof();
        match other {
            None => fs::remove_file(scene.home.path().join("tool/device")).unwrap(),
            Some(other) => drop(scene.home.write("tool/device", other)),
        }
        let said = scene.say("forget");
        assert!(said.contains("is not in its place any more, but its secret is"), "{said}");
        assert!(said.contains("(home) confirmed that your events are erased."), "{said}");
        let [request] = &scene.asked()[..] else { panic!("{:?}", scene.asked()) };
        assert!(request.text().contains(&secret));
        assert_eq!(scene.holders(&secret), [""; 0]);
    }
}
