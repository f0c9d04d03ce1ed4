//! `headcount export`, `doctor` and `forget`, and the same through a running
//! collector.

use headcount_testkit::Home;
use serde_json::Value as Json;

use super::stage::{COUNT, Served, call, counting, headcount, serve};

const SECRET: &str = "00112233445566778899aabbccddeeff";

/// The id that the SDK derives of [`SECRET`].
fn device() -> String {
    headcount_wire::native::DeviceSecret::from_hex(SECRET).unwrap().device()
}

fn today() -> String {
    let now = headcount::Time::from_system(std::time::SystemTime::now());
    now.format(headcount::catalog::Grain::Second)[..10].to_owned()
}

fn line(number: u32, device: &str) -> String {
    format!(
        "{{\"id\":\"00000000-0000-4000-8000-{number:012}\",\"event\":\"startup\",\"time\":\"{}T00:00:00Z\",\
         \"device_id\":\"{device}\",\"version\":\"1.0.0\",\"os\":\"linux\",\"launch_source\":\"cli\"}}\n",
        today()
    )
}

/// A running collector with three events of one device, and two of another.
fn served(home: &Home) -> Served {
    let served = serve(home);
    let own = (0..3).map(|number| line(number, &device()));
    let body: String = own.chain((3..5).map(|number| line(number, "another"))).collect();
    let key = "authorization: Bearer clacky\r\n";
    let (status, answer) = call(&served.url, "POST", "/api/v1/events", key, &body);
    assert!(status == 200 && answer.starts_with("{\"accepted\":5"), "{answer}");
    served
}

fn export(home: &Home, more: &[&str]) -> Vec<Json> {
    let args = [&["export", "clacky", "--data", "data"], more].concat();
    let output = headcount(home, &args).run();
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""), "{args:?}");
    let text = output.stdout_text();
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn stop(mut served: Served) {
    served.running.kill();
    let _ = served.running.wait();
}

#[test]
fn events_are_exported_while_a_collector_runs_and_after() {
    let home = Home::new();
    let served = served(&home);
    let events = export(&home, &[]);
    assert_eq!(events.len(), 5);
    let first = &events[0];
    assert_eq!((&first["day"], &first["event"]), (&today().into(), &"startup".into()), "{first}");
    assert_eq!(first["id"], "00000000-0000-4000-8000-000000000000");
    assert_eq!((&first["os"], &first["version"]), (&"linux".into(), &"1.0.0".into()));
    let pseudonym = first["device_id"].as_str().unwrap();
    assert!(pseudonym.len() == 32 && !pseudonym.contains('-'), "{pseudonym}");
    assert_ne!(events[4]["device_id"], first["device_id"]);
    stop(served);
    assert_eq!(export(&home, &[]), events);
    assert_eq!(export(&home, &["--from", &today(), "--to", &today()]), events);
    assert_eq!(export(&home, &["--to", "2026-01-01"]), [Json::Null; 0]);
}

#[test]
fn what_cannot_be_exported_is_a_sentence() {
    let home = Home::new();
    stop(served(&home));
    for (args, code, told) in [
        (&["export", "nobody", "--data", "data"][..], 1, "no events of `nobody`: use archon, "),
        (&["export", "clacky", "--data", "nowhere"], 1, "there is no data folder at nowhere"),
        (&["export", "clacky", "--data", "data/catalogs"], 1, "headcount.db"),
        (&["export", "clacky", "--data", "data", "--from", "yesterday"], 2, "not a date"),
        (&["export", "--data", "data"], 2, "PRODUCT"),
        (
            &["export", "clacky", "--data", "data", "--from", "2026-02-01", "--to", "2026-01-01"],
            2,
            "swap them",
        ),
    ] {
        let output = headcount(&home, args).run();
        assert_eq!(output.code(), Some(code), "{args:?}");
        assert!(output.stderr_text().contains(told), "{args:?}: {}", output.stderr_text());
        assert_eq!(output.stdout_text(), "", "{args:?}");
    }
    assert!(!home.path().join("nowhere").exists());
}

/// `headcount export … | head -1`
#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_not_an_error() {
    use std::os::unix::net::UnixStream;
    use std::process::{Command, Stdio};

    let home = Home::new();
    stop(served(&home));
    let (reader, writer) = UnixStream::pair().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_headcount"))
        .args(["export", "clacky", "--data", "data"])
        .current_dir(home.path())
        .stdout(Stdio::from(std::os::fd::OwnedFd::from(writer)))
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{output:?}");
}

#[test]
fn the_collector_erases_and_the_doctor_knows_its_proof() {
    let home = Home::new();
    let Served { running, url } = served(&home);
    let body = format!("{{\"product\":\"clacky\",\"secret\":\"{SECRET}\"}}");
    let (status, answer) = call(&url, "POST", "/api/v1/forget", "", &body);
    let json: Json = serde_json::from_str(&answer).expect(&answer);
    assert_eq!((status, &json["erased"]), (200, &3.into()), "{answer}");
    assert_eq!(export(&home, &[]).len(), 2);
    let proof = json["proof"].as_str().unwrap().to_owned();
    let examined = |proof: &str| {
        let args = ["doctor", "--data", "data", "--json", "--proof", proof];
        let output = headcount(&home, &args).run();
        (output.code(), output.stdout_text())
    };
    let (code, text) = examined(&proof);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("that it had erased 3 events of one person from `clacky`"), "{text}");
    assert!(text.contains("the store has no event of that person now"), "{text}");
    let (code, text) = examined(&proof.replacen(".3.", ".4.", 1));
    assert!(code == Some(1) && text.contains("the proof is not a proof of this"), "{text}");
    let (code, text) = examined("7");
    assert!(code == Some(1) && text.contains("it has the form PRODUCT.DAY"), "{text}");
    stop(Served { running, url });
}

/// From consent to erasure, as a person lives it: what `telemetry forget` asks
/// for is gone from the collector's files.
#[test]
fn what_a_person_has_sent_is_erased_by_their_own_command() {
    let (home, place) = (Home::new(), Home::new());
    let catalog = counting()
        .replace("scheme = \"none\"\n", "scheme = \"random\"\nfile = \"device\"\n")
        .replace(COUNT, "")
        .replace("[envelope]\n", "[envelope]\ndevice = \"device\"\n");
    place.write("catalogs/wren.toml", &catalog);
    home.write("telemetry.toml", &catalog);
    let serving = ["serve", "--listen", "127.0.0.1:0", "--development", "--data", "data"];
    let running = headcount(&place, &serving).spawn();
    let url = running.line("listening on ").trim().replace("listening on ", "");
    let run = |words: &str| {
        let program = headcount(&home, &words.split_whitespace().collect::<Vec<_>>());
        let program = program.env("WREN_TELEMETRY_ENDPOINT", &url);
        let output = program.run();
        assert_eq!((output.code(), output.stderr_text()), (Some(0), String::new()), "{words}");
        output.stdout_text()
    };
    run("telemetry on");
    for _ in 0..3 {
        run("record command name=build worked=true took=7");
    }
    run("flush");
    let stored = || {
        let output = headcount(&place, &["export", "wren", "--data", "data"]).run();
        output.stdout_text().lines().count()
    };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while stored() < 3 {
        // A shipper of one of the records may have been at work.
        assert!(std::time::Instant::now() < end, "{} of 3 arrived", stored());
        run("flush");
    }
    let reply: Json = serde_json::from_str(&run("telemetry forget --json")).expect("JSON");
    let answer = &reply["destinations"][0];
    assert_eq!((&answer["erased"], &answer["confirmed"]), (&3.into(), &true.into()), "{reply}");
    assert_eq!((stored(), &reply["pending"]), (0, &0.into()), "{reply}");
    let proof = answer["proofs"][0].as_str().expect("a proof");
    let doctor = headcount(&place, &["doctor", "--data", "data", "--proof", proof]).run();
    assert_eq!(doctor.code(), Some(0), "{}", doctor.stdout_text());
    drop(running);
}

#[test]
fn an_operator_erases_a_device_or_an_account() {
    let home = Home::new();
    let served = served(&home);
    let erase = |more: &[&str]| {
        let args = [&["forget", "clacky", "--data", "data"], more].concat();
        let output = headcount(&home, &args).run();
        (output.code(), output.stdout_text(), output.stderr_text())
    };
    let (code, _, told) = erase(&["--device", "another"]);
    let holder = format!(
        "process {}, which listens on {}, uses the data folder ",
        served.running.id(),
        served.url
    );
    assert!(code == Some(1) && told.contains(&holder), "{told}");
    assert!(told.contains(" UTC; stop it, or choose another data folder"), "{told}");
    let second = ["serve", "--listen", "127.0.0.1:0", "--development", "--data", "data"];
    home.write("catalogs/wren.toml", counting());
    let second = headcount(&home, &second).run();
    assert_eq!(second.code(), Some(1));
    assert!(second.stderr_text().contains(&holder), "{}", second.stderr_text());
    // A note that cannot be read says nothing, and nothing depends on it.
    home.write("data/collector.lock.holder", "half a");
    let (code, _, told) = erase(&["--device", "another"]);
    assert!(code == Some(1) && told.contains("in use by another process"), "{told}");
    // Killed, the collector takes nothing back, and its note is not believed.
    home.write("data/collector.lock.holder", "process=1 since=1\n");
    stop(served);
    let (code, said, _) = erase(&["--device", "another"]);
    assert!(
        code == Some(0) && said.starts_with("2 events are erased. The proof: clacky."),
        "{said}"
    );
    let (code, said, _) = erase(&["--device", "another", "--json"]);
    assert!(code == Some(0) && said.starts_with("{\"erased\":0,\"proof\":\"clacky."), "{said}");
    let (code, said, _) = erase(&["--account", "nobody"]);
    assert!(code == Some(0) && said.starts_with("0 events are erased."), "{said}");
    assert_eq!(export(&home, &[]).len(), 3);
    for more in [&[][..], &["--device", "a", "--account", "b"]] {
        assert_eq!(erase(more).0, Some(2), "{more:?}");
    }
    let output = headcount(&home, &["forget", "nobody", "--data", "data", "--device", "a"]).run();
    assert_eq!(output.code(), Some(1));
    assert!(output.stderr_text().contains("no events of `nobody`: use clacky"));
}

#[test]
fn the_doctor_looks_at_everything() {
    let home = Home::new();
    let served = served(&home);
    let examined = |more: &[&str]| {
        let args = [&["doctor", "--data", "data"], more].concat();
        let output = headcount(&home, &args).run();
        assert_eq!(output.stderr_text(), "", "{args:?}");
        (output.code(), output.stdout_text())
    };
    let (code, said) = examined(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.ends_with("Everything that was examined is right.\n"), "{said}");
    let (_, json) = examined(&["--json"]);
    let json: Json = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["findings"], serde_json::json!([]));
    stop(served);
    home.write("data/secret", "short");
    home.write("data/catalogs/clacky.1.toml", "half a");
    let (code, said) = examined(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("has 5 bytes instead of 32") || said.contains("other users"), "{said}");
    assert!(said.contains("clacky.1.toml:1:"), "{said}");
    assert!(said.ends_with(" things are wrong.\n"), "{said}");
    let (code, said) = examined(&["--proof", "a"]);
    assert!(code == Some(1) && said.contains("cannot be checked without the secret"), "{said}");
    let output = headcount(&home, &["doctor", "--data", "nowhere"]).run();
    assert_eq!(output.code(), Some(2));
    assert!(output.stderr_text().contains("there is no data folder at nowhere"));
}
