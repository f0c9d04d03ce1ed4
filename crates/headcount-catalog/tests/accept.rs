//! The catalogs of the five products and the smallest possible one are
//! accepted, and say what the document of each product says.
#![cfg(feature = "parse")]

use std::fs;
use std::path::Path;

use headcount_catalog::{
    Absent, Catalog, ConsentDefault, Dialect, Event, IdPlace, Key, Kind, Mode, OnOff,
    RefusingValues, Rotation, Rule, Scheme, Setting, SettingsFormat, Source, Words, parse,
};

fn read(path: &str) -> Catalog {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&path).expect("the catalog is in the repository");
    parse(&text).unwrap_or_else(|mistakes| panic!("{}:\n{mistakes}", path.display()))
}

fn product(name: &str) -> Catalog {
    read(&format!("../../examples/{name}/telemetry.toml"))
}

fn event(catalog: &Catalog, name: &str) -> &'static Event {
    catalog.event(name).unwrap_or_else(|| panic!("{name} is an event"))
}

/// The keys of an event's line, in order.
fn line(catalog: &Catalog, name: &str) -> Vec<String> {
    let event = event(catalog, name);
    let mut keys = Vec::new();
    for (_, entry) in catalog.entries(event) {
        if entry.source == Source::Properties {
            let holder =
                if entry.key.is_empty() { String::new() } else { format!("{}.", entry.key) };
            keys.extend(
                event.properties.iter().map(|property| format!("{holder}{}", property.name)),
            );
        } else {
            keys.push(entry.key.to_owned());
        }
    }
    keys
}

fn names(catalog: &Catalog) -> Vec<&'static str> {
    catalog.events.iter().map(|event| event.name).collect()
}

fn properties(event: &Event) -> Vec<&'static str> {
    event.properties.iter().map(|property| property.name).collect()
}

#[test]
fn the_smallest_catalog_has_the_defaults() {
    let catalog = read("tests/accept/smallest.toml");
    assert_eq!(catalog.consent.off, OnOff::DeleteId);
    let variable = catalog.consent.variables[0];
    assert_eq!((variable.name, variable.refuses), ("TOOL_TELEMETRY", RefusingValues::Zero));
    assert_eq!(catalog.files.state, "telemetry-state.json");
    assert_eq!(catalog.identity.rotation, Rotation::Never);
    assert_eq!(catalog.destinations[0].name, "headcount");
    assert_eq!(catalog.shipping.mode, Mode::Detached);
    assert_eq!(catalog.shipping.command, ["telemetry", "flush"]);
    assert_eq!(catalog.shipping.marker, "TOOL_TELEMETRY_FLUSH");
    assert_eq!((catalog.retention.on_machine.0, catalog.retention.raw.0), (30, 90));
    assert_eq!(line(&catalog, "command"), ["id", "event", "time", "device", "name", "works"]);
}

/// An id in a file of its own can rotate: its month is in the state file.
#[test]
fn a_monthly_id_can_be_in_a_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accept/smallest.toml");
    let text = fs::read_to_string(path).unwrap();
    let monthly =
        text.replace("file = \"device-id\"", "file = \"device-id\"\nrotate = \"monthly\"");
    assert_ne!(text, monthly);
    let catalog = parse(&monthly).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(catalog.identity.rotation, Rotation::Monthly);
    assert_eq!(catalog.identity.place, IdPlace::File("device-id"));
}

/// Wherever the section is in the file, the report is the last event.
#[test]
fn a_report_is_turned_on_by_its_owner() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accept/smallest.toml");
    let text = fs::read_to_string(path).unwrap();
    let turned_on = |section: &str| {
        let text = text.replace("[[destination]]", &format!("{section}\n[[destination]]"));
        parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    };
    let catalog = turned_on("[report]\nowner = \"upload team\"\n");
    assert_eq!(names(&catalog), ["command", "telemetry_report"]);
    let report = event(&catalog, "telemetry_report");
    assert!(report.is_report() && !event(&catalog, "command").is_report());
    assert_eq!(report.owner, "upload team");
    assert_eq!(report.why, "Do events arrive, and what becomes of those that do not?");
    assert_eq!((report.id, report.path, report.restated), (None, None, &[][..]));
    let always: Vec<&str> = report
        .properties
        .iter()
        .filter(|property| property.optional.is_none())
        .map(|property| property.name)
        .collect();
    assert_eq!(always, ["uploads_tried", "uploads_failed"]);
    assert_eq!(
        properties(report)[2..],
        [
            "lost_full",
            "lost_busy",
            "lost_not_written",
            "lost_over_bytes",
            "lost_over_count",
            "lost_over_age",
            "lost_spoiled",
            "lost_not_allowed",
            "lost_not_asked",
            "lost_rejected",
        ]
    );
    for property in report.properties {
        assert_eq!(property.kind, Kind::Count { cap: 1_000_000 }, "{}", property.name);
        assert!(property.why.is_some_and(|why| why.ends_with('.')), "{}", property.name);
    }
    let asked = turned_on("[report]\nowner = \"o\"\nwhy = \"Is anything lost?\"\n");
    assert_eq!(event(&asked, "telemetry_report").why, "Is anything lost?");
}

#[test]
fn atomic_writes_the_lines_of_its_document() {
    let catalog = product("atomic");
    assert_eq!(
        names(&catalog),
        ["atomic_command", "cli_command", "agent_session", "telemetry_report"]
    );
    assert_eq!(
        line(&catalog, "atomic_command"),
        [
            "anonymousId",
            "eventId",
            "eventType",
            "timestamp",
            "command",
            "agentType",
            "success",
            "platform",
            "atomicVersion",
            "source",
        ]
    );
    assert_eq!(
        line(&catalog, "cli_command"),
        [
            "anonymousId",
            "eventId",
            "eventType",
            "timestamp",
            "agentType",
            "commands",
            "commandCount",
            "platform",
            "atomicVersion",
            "source",
        ]
    );
    assert_eq!(
        line(&catalog, "agent_session"),
        [
            "anonymousId",
            "eventType",
            "timestamp",
            "sessionId",
            "sessionStartedAt",
            "agentType",
            "commands",
            "commandCount",
            "platform",
            "atomicVersion",
            "source",
        ]
    );
    let session = event(&catalog, "agent_session");
    assert_eq!(session.id, Some("sessionId"));
    assert_eq!(session.constant("source", "cli"), "session_hook");

    let (_, agent) = event(&catalog, "atomic_command").property("agentType").unwrap();
    assert_eq!(agent.optional, Some(Absent::Null));
    assert_eq!(agent.kind, Kind::Choice { set: &["claude", "opencode", "copilot"], other: None });
    for name in ["cli_command", "agent_session"] {
        let (_, commands) = event(&catalog, name).property("commands").unwrap();
        let (set, other) = commands.kind.set().unwrap();
        assert_eq!((set.len(), other), (13, None), "{name}");
        let (_, count) = event(&catalog, name).property("commandCount").unwrap();
        assert_eq!(count.kind, Kind::CountOf("commands"));
    }
}

#[test]
fn atomic_asks_and_rotates() {
    let catalog = product("atomic");
    let consent = catalog.consent;
    assert_eq!(consent.default, ConsentDefault::Ask);
    assert_eq!(
        consent.order,
        [Rule::Ci, Rule::Environment, Rule::DoNotTrack, Rule::Flag, Rule::Settings]
    );
    assert_eq!(consent.off, OnOff::DeleteId);
    assert_eq!((consent.texts.collected.len(), consent.texts.never.len()), (3, 3));
    assert_eq!(catalog.identity.rotation, Rotation::Monthly);
    let place = IdPlace::Settings { id: "anonymousId", rotated: Some("rotatedAt") };
    assert_eq!(catalog.identity.place, place);
    let settings = catalog.files.settings;
    assert_eq!(settings.format, SettingsFormat::Json);
    assert_eq!((settings.enabled, settings.given), ("enabled", Some("consentGiven")));
    assert_eq!(settings.created, Some("createdAt"));
    assert_eq!(catalog.files.queue, "telemetry-events.jsonl");
    assert_eq!(catalog.shipping.command, ["--upload-telemetry"]);
    assert_eq!(catalog.shipping.marker, "ATOMIC_TELEMETRY_UPLOAD");
    assert_eq!(catalog.destinations[0].dialect, Dialect::Otlp);
}

#[test]
fn atomcode_has_its_envelope_and_its_seven_events() {
    let catalog = product("atomcode");
    assert_eq!(
        names(&catalog),
        [
            "open_atomcode",
            "llm_chat",
            "use_command",
            "login_success",
            "take_codingplan",
            "panic",
            "telemetry_disabled",
        ]
    );
    assert_eq!(
        line(&catalog, "take_codingplan"),
        [
            "id",
            "event_id",
            "device_id",
            "account_id",
            "session_id",
            "mode",
            "turn_id",
            "ts",
            "schema_version",
            "app_version",
            "os",
            "arch",
            "locale",
            "provider",
            "model",
            "repo_origin.host",
            "repo_origin.has_git",
            "type",
        ]
    );
    assert_eq!(
        properties(event(&catalog, "llm_chat")),
        [
            "duration_ms",
            "tool_calls_count",
            "input_tokens",
            "output_tokens",
            "cached_tokens",
            "had_error",
        ]
    );
    assert_eq!(
        properties(event(&catalog, "panic")),
        ["type", "location", "message_head", "thread", "backtrace_top_5"]
    );
    let (_, plan) = event(&catalog, "take_codingplan").property("type").unwrap();
    assert_eq!(plan.kind, Kind::Choice { set: &["success", "fail"], other: None });
    assert_eq!(catalog.consent.default, ConsentDefault::On);
    assert_eq!(catalog.consent.farewell, Some("telemetry_disabled"));
    assert_eq!(catalog.identity.place, IdPlace::File("device_id"));
    assert_eq!(catalog.files.settings.format, SettingsFormat::Toml);
    assert_eq!(catalog.files.settings.enabled, "telemetry.enabled");
    assert!(catalog.files.queue.starts_with("telemetry/queue/"));
    let mode = catalog.envelope.iter().find(|entry| entry.key == "mode").unwrap();
    let set = Kind::Choice { set: &["headless", "tui", "ide"], other: None };
    assert_eq!(mode.source, Source::Host(set));
}

#[test]
fn archon_nests_its_properties_and_ships_no_key() {
    let catalog = product("archon");
    assert_eq!(
        line(&catalog, "cli.command_invoked"),
        [
            "event",
            "distinctId",
            "uuid",
            "timestamp",
            "properties.command",
            "properties.subcommand",
            "properties.archon_version",
            "properties.archon_git_commit",
            "properties.archon_is_binary",
            "properties.platform",
            "properties.arch",
            "properties.bun_version",
            "properties.node_version",
        ]
    );
    assert_eq!(catalog.events.len(), 9);
    assert_eq!(catalog.consent.default, ConsentDefault::Off);
    assert_eq!(
        catalog.consent.order,
        [Rule::DoNotTrack, Rule::Environment, Rule::Flag, Rule::Settings]
    );
    assert_eq!(catalog.files.marker, Some(".first-run-completed"));
    assert_eq!(catalog.files.settings.format, SettingsFormat::Yaml);
    let destination = catalog.destinations[0];
    let key = Setting { written: "", build: Some("POSTHOG_PUBLIC_KEY"), built: None, run: None };
    assert_eq!(destination.key, Key::Public(key));
    assert_eq!(key.value(), None);
    assert_eq!(destination.endpoint.build, Some("POSTHOG_HOST"));
    let failed = event(&catalog, "workflow.node_failed");
    let (_, class) = failed.property("error_classification").unwrap();
    let set = Kind::Choice { set: &["transient", "fatal", "credit_exhausted"], other: None };
    assert_eq!(class.kind, set);
}

#[test]
fn assembly_reports_one_event_for_each_command() {
    let catalog = product("assembly");
    assert_eq!(
        line(&catalog, "command_run"),
        [
            "event_id",
            "event",
            "timestamp",
            "command",
            "outcome",
            "exit_code",
            "duration_ms",
            "cli_version",
            "os",
            "python_version",
            "ci",
            "device_id",
        ]
    );
    let variable = catalog.consent.variables[0];
    assert_eq!((variable.name, variable.refuses), ("AAI_TELEMETRY_DISABLED", RefusingValues::One));
    assert_eq!(catalog.shipping.marker, "AAI_TELEMETRY_FLUSH");
    let place = IdPlace::Settings { id: "device_id", rotated: None };
    assert_eq!(catalog.identity.place, place);
    assert_eq!(catalog.files.settings.enabled, "telemetry_enabled");
    let Key::Public(key) = catalog.destinations[0].key else { panic!("a public key") };
    assert_eq!(key.value(), Some("pub00000000000000000000000000000000"));
    assert_eq!(key.run, Some("AAI_TELEMETRY_CLIENT_TOKEN"));
    let (_, command) = event(&catalog, "command_run").property("command").unwrap();
    assert!(command.kind.set().unwrap().0.contains(&"assembly telemetry status"));
}

#[test]
fn clacky_hashes_the_machine_and_has_a_path_for_each_event() {
    let catalog = product("clacky");
    assert_eq!(names(&catalog), ["startup", "task"]);
    assert_eq!(event(&catalog, "startup").path, Some("/api/v1/telemetry/startup"));
    assert_eq!(event(&catalog, "task").path, Some("/api/v1/telemetry/task"));
    assert_eq!(
        line(&catalog, "startup"),
        ["id", "event", "time", "device_id", "version", "os", "brand", "launch_source"]
    );
    assert_eq!(catalog.identity.scheme, Scheme::MachineHash);
    assert_eq!(catalog.identity.place, IdPlace::Nowhere);
    assert_eq!(catalog.shipping.mode, Mode::Thread);
}

#[test]
fn platforms_are_named_as_each_product_names_them() {
    for (name, words) in [
        ("atomic", Words::Node),
        ("atomcode", Words::Rust),
        ("archon", Words::Node),
        ("assembly", Words::OpenTelemetry),
    ] {
        let catalog = product(name);
        let platform = Source::Platform(words);
        assert!(catalog.envelope.iter().any(|entry| entry.source == platform), "{name}");
    }
}

/// No example sends to a real service.
#[test]
fn every_endpoint_has_a_reserved_host() {
    for name in ["atomic", "atomcode", "archon", "assembly", "clacky"] {
        let catalog = product(name);
        for destination in catalog.destinations {
            let address = destination.endpoint.written;
            let host = address.split('/').nth(2).unwrap();
            assert!(host.ends_with(".example"), "{name}: {address}");
        }
    }
}

/// The key of a product's destination, whose catalog has this line for it.
fn keyed(name: &str, line: &str) -> Key {
    let path = format!("{}/../../examples/{name}/telemetry.toml", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the catalog is in the repository");
    let (before, after) = text.split_at(text.find("[[destination]]").expect("it has one"));
    let own = after.lines().find(|line| line.starts_with("key = ")).expect("it has one");
    let text = format!("{before}{}", after.replacen(own, line, 1));
    parse(&text).unwrap_or_else(|mistakes| panic!("{name}:\n{mistakes}")).destinations[0].key
}

#[test]
fn a_key_that_a_build_may_give_is_optional_for_dialects_that_need_none() {
    let setting = |build| Setting { written: "", build: Some(build), built: None, run: None };
    let of = |name| product(name).destinations[0].key;
    assert_eq!(of("atomic"), Key::Optional(setting("ATOMIC_BUILD_KEY")));
    assert_eq!(of("clacky"), Key::Optional(setting("CLACKY_BUILD_KEY")));
    assert_eq!(of("atomic").setting().and_then(|key| key.value()), None);
    let needed = keyed("atomic", "key = { build = \"ATOMIC_BUILD_KEY\" }");
    assert_eq!(needed, Key::Public(setting("ATOMIC_BUILD_KEY")));
}

#[test]
fn a_collectors_write_key_is_public_in_every_dialect() {
    let key = "hcw_00399574a96084b42b0fa607112b9f42c42e63c6";
    for name in ["archon", "assembly", "atomcode", "atomic", "clacky"] {
        let read = keyed(name, &format!("key = {key:?}"));
        assert_eq!(read, Key::Public(Setting::fixed(key)), "{name}");
    }
}
