//! `status`: the first line and the reasons that the documents pin, and every
//! rule that lost.

use headcount::Catalog;
use headcount_catalog::Key;
use headcount_testkit::Home;

use crate::scene::{self, PRODUCTS};

fn first(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[test]
fn the_first_line_has_one_form() {
    let home = Home::new();
    let atomcode = scene::catalog("atomcode");
    assert_eq!(first(&scene::say(atomcode, &home, "status").out), "Telemetry: ENABLED");
    let off = scene::say_with(atomcode, &home, "", &[("ATOMCODE_TELEMETRY", "0")]);
    assert_eq!(first(&off.out), "Telemetry: DISABLED (reason: env:ATOMCODE_TELEMETRY=0)");
    assert_eq!(scene::say(atomcode, &home, "local").code, 0);
    let local = scene::say(atomcode, &home, "status");
    assert_eq!(first(&local.out), "Telemetry: LOCAL (reason: config:local=true)");
}

#[test]
fn archons_example_is_to_the_letter() {
    let text = scene::text_of("archon")
        .replace("key = { build = \"POSTHOG_PUBLIC_KEY\" }", "key = \"phc_abcdefghijkl\"");
    let (catalog, home) = (scene::catalog_of(&text), Home::new());
    assert_eq!(scene::say(catalog, &home, "on").code, 0);
    let session = scene::open_at(catalog, &home, "2026-11-15T12:31:50Z", &[]);
    session.try_record(&scene::Any::named(catalog, "cli.command_completed")).unwrap();
    let status = scene::say(catalog, &home, "status").out;
    let id = home.read(".archon/telemetry-id");
    let settings = if cfg!(windows) {
        // Not every shell there knows `~`.
        home.path().join(".archon").join("config.yaml").display().to_string()
    } else {
        "~/.archon/config.yaml".to_owned()
    };
    let expected = [
        "Telemetry: ENABLED".to_owned(),
        format!("Source: {settings} (telemetry.enabled = true)"),
        format!("Anonymous ID: {}-... (created 2026-11-15)", &id[..8]),
        "PostHog host: https://telemetry.archon.example".to_owned(),
        "PostHog key: phc_abc... (from the catalog)".to_owned(),
        "Last event: cli.command_completed (3 minutes ago)".to_owned(),
        "To disable: archon telemetry off".to_owned(),
        "To inspect what is being sent: archon telemetry inspect".to_owned(),
        "Full policy: https://archon.example/docs/telemetry".to_owned(),
    ];
    let mut rest = status.lines();
    for line in expected {
        assert!(rest.any(|it| it == line), "{line:?}, in this order, in\n{status}");
    }
    assert!(!status.contains("phc_abcdefghijkl"), "the key is masked");
}

#[test]
fn a_key_of_the_environment_is_told_where_it_counts() {
    let (catalog, home) = (scene::catalog("assembly"), Home::new());
    let token = ("AAI_TELEMETRY_CLIENT_TOKEN", "pub1111222233334444");
    let loopback = ("AAI_TELEMETRY_ENDPOINT", "http://127.0.0.1:9");
    let key = |variables: &[(&str, &str)]| {
        let status = scene::say_with(catalog, &home, "status", variables).out;
        status.lines().find(|line| line.starts_with("Datadog key: ")).map(str::to_owned)
    };
    let own = Some("Datadog key: pub0000... (from the catalog)".to_owned());
    assert_eq!(key(&[]), own);
    assert_eq!(key(&[token]), own, "beside a loopback address alone");
    let taken = "Datadog key: pub1111... (from AAI_TELEMETRY_CLIENT_TOKEN)".to_owned();
    assert_eq!(key(&[token, loopback]), Some(taken));
}

#[test]
fn without_a_key_it_is_a_development_build() {
    let (catalog, home) = (scene::catalog("archon"), Home::new());
    let status = scene::say(catalog, &home, "status").out;
    assert!(status.contains("development build"), "{status}");
    assert!(status.contains("Anonymous ID: not created"), "{status}");
}

/// A product whose build was given this key.
fn built_with(name: &str, key: Option<&'static str>) -> &'static Catalog {
    let catalog = scene::catalog(name);
    let mut destination = catalog.destinations[0];
    if let Key::Public(setting) | Key::Optional(setting) = &mut destination.key {
        setting.built = key;
    }
    Box::leak(Box::new(Catalog { destinations: Box::leak(Box::new([destination])), ..*catalog }))
}

#[test]
fn a_key_that_a_build_gave_is_told_as_it_is_sent() {
    let home = Home::new();
    let told = |name: &str, key| scene::say(built_with(name, key), &home, "status").out;
    let bare = told("atomic", None);
    assert!(!bare.contains(" key: ") && !bare.contains("without a key"), "{bare}");
    let whole = told("atomic", Some("hcw_00399574a96084b42b0fa607112b9f42c42e63c6\n"));
    let line = "\nOpenTelemetry key: hcw_003... (embedded at build time)\n";
    assert!(whole.contains(line), "{whole}");
    // What is refused is not sent, so it is not told either.
    let token = Some("hcr_3aa2bef462ba6589eb70b8fd5efd7417ff29e424");
    let refused = told("atomic", token);
    assert!(refused.contains("built with a key that is not public"), "{refused}");
    let instead = told("assembly", token);
    assert!(instead.contains("\nDatadog key: pub0000... (from the catalog)\n"), "{instead}");
    for status in [refused, instead] {
        assert!(!status.contains("hcr_"), "{status}");
    }
}

#[test]
fn every_rule_is_there_with_its_opinion_and_the_winner_is_marked() {
    let (catalog, home) = (scene::catalog("atomic"), Home::new());
    assert_eq!(scene::say(catalog, &home, "on").code, 0);
    let variables = [("CI", "true"), ("ATOMIC_TELEMETRY", "maybe"), ("DO_NOT_TRACK", "1")];
    let status = scene::say_with(catalog, &home, "status", &variables);
    assert_eq!(status.code, 0);
    for line in [
        "Telemetry: DISABLED (reason: ci:CI)",
        "   administrator no opinion",
        "-> ci            off (ci:CI)",
        "   environment   off (env:ATOMIC_TELEMETRY=maybe: unknown value, so it refuses)",
        "   do-not-track  off (env:DO_NOT_TRACK=1)",
        "   flag          no opinion",
        "   settings      on (config:consentGiven=true)",
        "   default       off",
    ] {
        assert!(status.out.lines().any(|it| it == line), "{line:?} in\n{}", status.out);
    }
    let maybe = scene::say_with(catalog, &home, "status", &[("ATOMIC_TELEMETRY", "maybe")]);
    assert!(maybe.out.contains("its value `maybe` is unknown"), "{}", maybe.out);
}

#[test]
fn an_administrator_is_named() {
    let (catalog, home) = (scene::catalog("clacky"), Home::new());
    let policy = home.write("etc/clacky/telemetry.json", "{\"telemetry\": \"off\"}");
    let mut session = scene::open(catalog, &home, &[]);
    let surroundings = headcount::Surroundings {
        policies: vec![home.path().join("etc")],
        ..headcount::Surroundings::given(
            home.path(),
            std::collections::HashMap::new(),
            headcount::Time::parse(scene::NOW).unwrap(),
        )
    };
    drop(std::mem::replace(
        &mut session,
        headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings).open(),
    ));
    let status = headcount::person::run(&session, &[]).out;
    let reason = format!("Telemetry: DISABLED (reason: admin:{})", policy.display());
    assert_eq!(first(&status), reason);
    assert!(status.contains("-> administrator off"), "{status}");
}

#[test]
fn a_linkable_id_says_so() {
    let (catalog, home) = (scene::catalog("clacky"), Home::new());
    let status = scene::say_with(catalog, &home, "status", &[("USER", "me")]).out;
    assert!(status.contains("linkable, since others can compute it"), "{status}");
}

#[test]
fn it_is_zero_in_every_state_and_one_line_of_json() {
    for product in PRODUCTS {
        let (catalog, home) = (scene::catalog(product), Home::new());
        let state = |reply: headcount::person::Reply| {
            assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{product}");
            assert_eq!(reply.out.matches('\n').count(), 1, "{product}: {}", reply.out);
            let json: serde_json::Value = serde_json::from_str(&reply.out).unwrap();
            assert_eq!(json["product"], product);
            json["state"].as_str().unwrap().to_owned()
        };
        for (word, told) in [("on", "on"), ("local", "local"), ("off", "off")] {
            assert_eq!(scene::say(catalog, &home, word).code, 0, "{product} {word}");
            assert_eq!(state(scene::say(catalog, &home, "status --json")), told, "{product}");
            assert_eq!(scene::say(catalog, &home, "status").code, 0, "{product} {word}");
        }
        let settings = headcount::Paths::of(
            catalog,
            &headcount::Surroundings::given(
                home.path(),
                std::collections::HashMap::new(),
                headcount::Time::parse(scene::NOW).unwrap(),
            ),
        );
        std::fs::write(settings.unwrap().settings, "{[broken").unwrap();
        assert_eq!(state(scene::say(catalog, &home, "status --json")), "off", "{product}");
    }
}
