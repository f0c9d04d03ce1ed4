//! No personal data is in the data folder afterwards.

use headcount_testkit::Canary;

use crate::client::post;
use crate::fixture::{Fixture, TODAY, id, line, line_from};
use crate::otlp;
use crate::stored::stored_bytes;

#[test]
fn no_canary_is_in_any_file() {
    let mut fixture = Fixture::new();
    let canary = |label: &str| Canary::new(label);
    let [device, word, foreign, header, path, session, account, reason, service, query] = [
        "device",
        "word",
        "foreign",
        "header",
        "path",
        "session",
        "account",
        "unknown-event",
        "service",
        "query",
    ]
    .map(canary);
    let lines = [
        line_from(device.text(), 1, TODAY, "update"),
        line_from(device.text(), 2, TODAY, word.text()),
        line(3)
            .replace("{\"anonymousId", &format!("{{\"{0}\":\"{0}\",\"anonymousId", foreign.text())),
        line(4).replace("\"update\"", &format!("\"/home/{}/project\"", path.text())),
        line(5).replace("atomic_command", reason.text()),
        foreign.text().to_owned(),
    ];
    let answer = post("/api/v1/events", lines.join("\n"))
        .key("atomic")
        .header("user-agent", header.text())
        .header("x-forwarded-for", header.text())
        .header("cookie", header.text())
        .send(fixture.address());
    assert_eq!(answer.json()["accepted"], 2, "{answer:?}");
    for told in [&device, &word, &foreign, &header] {
        assert_eq!(told.find_in(answer.body.as_bytes()), None);
    }
    // Events of AtomCode have a session and an account.
    let of_atomcode = format!(
        "{{\"id\":\"{}\",\"event_id\":\"open_atomcode\",\"device_id\":\"{}\",\"account_id\":\"{}\",\
         \"session_id\":\"{}\",\"mode\":\"tui\",\"ts\":\"{TODAY}T10:00:00Z\",\"schema_version\":1,\
         \"app_version\":\"1.0.0\",\"os\":\"linux\",\"arch\":\"x86_64\",\"type\":\"/\"}}",
        id(6),
        device.text(),
        account.text(),
        session.text(),
    );
    let answer = post("/api/v1/events", of_atomcode).key("atomcode").send(fixture.address());
    assert_eq!(answer.json()["accepted"], 1, "{answer:?}");
    let body = otlp::body("atomic", &[line_from(device.text(), 7, TODAY, "init")]);
    let body = String::from_utf8(body).unwrap();
    let body = body.replace("headcount", service.text());
    let answer =
        post("/v1/logs", body).header("content-type", "application/json").send(fixture.address());
    assert_eq!(answer.status, 200, "{answer:?}");
    fixture.get(&format!("/product/{0}?days={0}", query.text()));

    let data = fixture.home.path().join("data");
    let search = |canaries: &[&Canary]| {
        let stored = stored_bytes(&data);
        let found = canaries.iter().flat_map(|canary| {
            let rows = canary.find_in(&stored).map(|sighting| format!("the store: {sighting}"));
            canary.find_in_tree(&data).into_iter().chain(rows)
        });
        found.collect::<Vec<_>>()
    };
    let all =
        [&device, &word, &foreign, &header, &path, &session, &account, &reason, &service, &query];
    // On Windows a locked file cannot be read.
    if cfg!(unix) {
        assert_eq!(search(&all), Vec::<String>::new(), "while it runs");
    }
    fixture.stop();
    assert_eq!(search(&all), Vec::<String>::new(), "after it ran");
    assert_eq!(fixture.told.lock().unwrap().as_slice(), [] as [String; 0]);
}

#[test]
fn the_address_of_the_client_is_in_no_file() {
    let mut fixture = Fixture::new();
    fixture.send(&[line(1)]);
    fixture.stop();
    let data = fixture.home.path().join("data");
    let mut all = stored_bytes(&data);
    for file in fixture.home.tree() {
        if file.path.starts_with("data/") && !file.path.ends_with('/') {
            all.extend(std::fs::read(fixture.home.path().join(&file.path)).unwrap());
        }
    }
    assert!(!all.windows(9).any(|window| window == b"127.0.0.1"));
}
