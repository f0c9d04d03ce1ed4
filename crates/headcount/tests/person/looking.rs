//! `dump`, `view` and `inspect`: what lies here, as it is, and what would be
//! sent, byte for byte.

use headcount::catalog::Source;
use headcount_testkit::Home;
use serde_json::Value as Json;

use crate::scene::{self, PRODUCTS};

#[test]
fn dump_prints_the_lines_as_they_are() {
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    let session = scene::open(catalog, &home, &[]);
    let count = scene::record_all(&session, catalog);
    let queue = home.read(".atomcode/telemetry/queue/events.ndjson");
    assert_eq!(scene::say(catalog, &home, "dump").out, queue);
    let lines: Vec<&str> = queue.lines().collect();
    assert_eq!(lines.len(), count);
    let last = scene::say(catalog, &home, "dump --last 2").out;
    assert_eq!(last, format!("{}\n{}\n", lines[count - 2], lines[count - 1]));
    let json = scene::say(catalog, &home, "dump --json --last 2").out;
    assert_eq!(json, format!("[{},{}]\n", lines[count - 2], lines[count - 1]));
    let pretty = scene::say(catalog, &home, "dump --last 50 --pretty").out;
    let read: Vec<Json> = serde_json::Deserializer::from_str(&pretty)
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("a stream of JSON, as jq reads it");
    assert_eq!(read.len(), count);
    assert!(pretty.contains("\n  \"event_id\": \"llm_chat\",\n"), "{pretty}");
    assert_eq!(scene::say(catalog, &home, "dump --last 0").out, "");
}

#[test]
fn local_records_are_seen_and_never_shown_as_something_to_be_sent() {
    for product in PRODUCTS {
        let (catalog, home) = (scene::catalog(product), Home::new());
        assert_eq!(scene::say(catalog, &home, "local").code, 0);
        let count = scene::record_all(&scene::open(catalog, &home, &[]), catalog);
        let dump = scene::say(catalog, &home, "dump").out;
        assert_eq!(dump.lines().count(), count, "{product}");
        let device = catalog.key_of(|source| matches!(source, Source::Device)).expect("a device");
        let own = format!("\"{device}\":\"local\"");
        assert_eq!(dump.matches(&own).count(), count, "{product}: a word for an id in {dump}");
        let inspect = scene::say(catalog, &home, "inspect").out;
        assert!(inspect.contains("None of this is sent"), "{product}: {inspect}");
        assert!(inspect.contains("These are samples"), "{product}: {inspect}");
        let view: Json =
            serde_json::from_str(&scene::say(catalog, &home, "view --json").out).unwrap();
        assert_eq!((&view["local"], &view["waiting"]), (&count.into(), &0.into()), "{product}");
        // On again: what was for oneself alone stays so.
        assert_eq!(scene::say(catalog, &home, "on").code, 0);
        assert_eq!(scene::say(catalog, &home, "dump").out, "", "{product}");
    }
}

#[test]
fn view_draws_days_events_and_values() {
    let (catalog, home) = (scene::catalog("assembly"), Home::new());
    for (day, runs) in [("2026-11-12", 4), ("2026-11-13", 1), ("2026-11-15", 2)] {
        let session = scene::open_at(catalog, &home, &format!("{day}T10:00:00Z"), &[]);
        for _ in 0..runs {
            session.try_record(&scene::Any::named(catalog, "command_run")).unwrap();
        }
    }
    let view = scene::say_with(catalog, &home, "view", &[("COLUMNS", "60")]).out;
    let expected = "\
AssemblyAI CLI on this machine: 7 events (0 for yourself only, 7 waiting to be sent, 0 sent)

By day
  2026-11-12  ############################################ 4
  2026-11-13  ########### 1
  2026-11-14  0
  2026-11-15  ###################### 2

By event
  command_run  ########################################### 7

Top values
  command_run command: assembly agent 7
  command_run duration_ms: median 42, largest 42
  command_run exit_code: 0 7
  command_run outcome: success 7
";
    assert_eq!(view, expected);
    let blocks =
        scene::say_with(catalog, &home, "view", &[("COLUMNS", "40"), ("LANG", "en_US.UTF-8")]);
    assert!(blocks.out.contains("  2026-11-13  ██████ 1\n"), "{}", blocks.out);
    let empty = scene::say(catalog, &Home::new(), "view").out;
    assert_eq!(
        empty,
        "Nothing is recorded on this machine. To record for yourself only: assembly telemetry local.\n"
    );
}

#[test]
fn the_plain_form_of_the_last_events_is_there_for_a_host() {
    let text = scene::text_of("archon");
    let (catalog, home) = (scene::catalog_of(&text), Home::new());
    let samples = headcount::person::last_events(&scene::open(catalog, &home, &[]), 10);
    let head: Vec<&str> = samples.err.lines().collect();
    assert!(head[0].contains("samples"), "{head:?}");
    assert_eq!(head[1], "None of this is sent: telemetry is not on (default).");
    assert_eq!(head[2], "Nothing can be sent to posthog: development build: built without a key.");
    let json: Json = serde_json::from_str(&samples.out).unwrap();
    assert_eq!(json["events"].as_array().unwrap().len(), catalog.events.len());
    assert_eq!(json["events"][0]["distinct_id"], "not created");

    assert_eq!(scene::say(catalog, &home, "on").code, 0);
    let session = scene::open(catalog, &home, &[]);
    scene::record_all(&session, catalog);
    scene::record_all(&session, catalog);
    let recorded = headcount::person::last_events(&session, 10).out;
    let json: Json = serde_json::from_str(&recorded).unwrap();
    let events = json["events"].as_array().unwrap();
    assert_eq!(events.len(), 10);
    assert_eq!(events[9]["event"], catalog.events.last().unwrap().name);
}
