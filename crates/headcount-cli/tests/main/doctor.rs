//! `headcount doctor --catalog`: what an author can get wrong, before a
//! release.

use headcount_testkit::{CannedAnswer, CaptureServer, Home, ProgramOutput};

use super::stage::{Served, counted, counting, headcount, serve_catalogs};

fn doctor(home: &Home, variables: &[(&str, &str)], more: &[&str]) -> ProgramOutput {
    let program = headcount(home, &["doctor", "--catalog", "telemetry.toml"]).args(more);
    variables.iter().fold(program, |own, (name, value)| own.env(name, value)).run()
}

fn next(output: &ProgramOutput) -> String {
    let told = output.stdout_text();
    told.lines().last().and_then(|line| line.strip_prefix("Next: ")).expect("a next").to_owned()
}

#[test]
fn a_collector_is_asked_and_stores_nothing() {
    let (home, place) = (Home::new(), Home::new());
    home.write("telemetry.toml", counting());
    place.write("catalogs/wren.toml", counting());
    let Served { running, url } = serve_catalogs(&place, "data", &place.path().join("catalogs"));
    let there = [("WREN_TELEMETRY_ENDPOINT", url.as_str())];

    let well = doctor(&home, &there, &[]);
    let told = well.stdout_text();
    assert_eq!((well.code(), well.stderr_text().as_str()), (Some(0), ""), "{told}");
    for line in [
        "right: telemetry.toml passes its check.",
        &format!("right: {url}/api/v1/events answers as headcount does, and takes the key."),
        "right: It has version 1 of the catalog, which is this one.",
        "right: On this machine: Telemetry is off: ",
        "right: A person whose program runs here next is shown nothing, and nothing is recorded",
    ] {
        assert!(told.lines().any(|own| own.starts_with(line)), "{line}: {told}");
    }
    assert!(next(&well).starts_with("nothing needs doing"), "{told}");

    // A release that the collector does not know yet.
    home.write("telemetry.toml", counting().replace("catalog = 1", "catalog = 2"));
    let newer = doctor(&home, &there, &[]);
    assert_eq!(newer.code(), Some(1));
    assert!(newer.stdout_text().contains("WRONG: It has version 1 of the catalog, and this is 2"));
    assert_eq!(next(&newer), "give the collector this catalog before the release that uses it.");
    // Another product's key.
    home.write("telemetry.toml", counting().replace("name = \"wren\"", "name = \"robin\""));
    let unknown = doctor(&home, &there, &["--json"]);
    assert_eq!(unknown.code(), Some(1));
    let told: serde_json::Value = serde_json::from_str(&unknown.stdout_text()).unwrap();
    let wrong = |finding: &&serde_json::Value| finding["wrong"] == true;
    let found = told["findings"].as_array().unwrap().iter().find(wrong).unwrap();
    assert!(
        found["text"].as_str().unwrap().contains("does not take the key (it answered 401"),
        "{told}"
    );
    for outcome in ["stored", "rejected", "duplicate"] {
        assert_eq!(counted(&url, "wren", outcome), 0, "{outcome}");
    }
    assert_eq!(home.tree().len(), 1, "nothing is made on the machine: {:?}", home.tree());
    drop(running);
}

#[test]
fn each_thing_that_is_wrong_has_its_cure() {
    let (home, server) = (Home::new(), CaptureServer::start());
    server.reply_otherwise(CannedAnswer::status(200).body("<html>Sign in</html>"));
    let url = server.url();
    let there = [("WREN_TELEMETRY_ENDPOINT", url.as_str())];
    let off = [("WREN_TELEMETRY_ENDPOINT", "http://127.0.0.1:1")];
    let elsewhere = [("WREN_TELEMETRY_ENDPOINT", "https://wren.example")];
    let broken = counting().replace("owner = ", "ownr = ");
    for (text, variables, wrong, cure) in [
        (counting(), &there, "does not answer as headcount does", "look at `endpoint` and `kind`"),
        (counting(), &off, "cannot be reached", "whether something listens there"),
        (counting(), &elsewhere, "is not a loopback address", "give the destination `headcount`"),
        (broken, &there, "telemetry.toml has 1 mistake.", "run `headcount check telemetry.toml`."),
    ] {
        home.write("telemetry.toml", text);
        let output = doctor(&home, variables, &[]);
        let told = output.stdout_text();
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(1), ""), "{told}");
        let is_it = |line: &str| line.starts_with("WRONG: ") && line.contains(wrong);
        assert!(told.lines().any(is_it), "{wrong}: {told}");
        assert!(next(&output).contains(cure), "{cure}: {told}");
    }
    let missing = headcount(&home, &["doctor", "--catalog", "gone.toml"]).run();
    assert_eq!((missing.code(), missing.stdout_text().contains("1 mistake")), (Some(1), true));
    let both = headcount(&home, &["doctor", "--catalog", "telemetry.toml", "--data", "d"]).run();
    assert_eq!(both.code(), Some(2), "{}", both.stderr_text());
}

#[test]
fn a_person_asks_through_the_program() {
    let home = Home::new();
    home.write("telemetry.toml", counting());
    let asked = headcount(&home, &["telemetry", "doctor", "--program", "wren"]).run();
    assert_eq!(asked.code(), Some(0), "{}", asked.stderr_text());
    assert_eq!(next(&asked), "nothing needs doing; `wren telemetry on` would turn it on.");
}
