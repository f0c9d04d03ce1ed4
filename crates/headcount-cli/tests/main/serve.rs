//! `headcount serve`: what it refuses, and that acknowledged events survive
//! `kill -9`.

use headcount_testkit::{Home, RunningProgram};

#[cfg(unix)]
use super::stage::catalog;
use super::stage::{Served, call, counted, headcount, serve};

#[test]
fn what_it_cannot_start_with_is_a_sentence() {
    let home = Home::new();
    home.write("empty/readme.txt", b"no catalogs here");
    for (args, code) in [
        (&["serve", "--development", "--catalogs", "nowhere"][..], 2),
        (&["serve", "--development", "--catalogs", "empty", "--listen", "0.0.0.0:0"], 1),
    ] {
        let output = headcount(&home, args).run();
        assert!(matches!(output.code(), Some(1 | 2)), "{args:?}: {:?}, not {code}", output.code());
        assert_eq!(output.stderr_text().lines().count(), 1, "{}", output.stderr_text());
    }
}

/// Wrong usage of the flags of the door: 2, and a sentence that says what goes
/// with what.
#[test]
fn flags_that_do_not_go_together_are_a_sentence() {
    let home = Home::new();
    for (flags, told) in [
        (&["--tls-cert", "a.pem"][..], "give --tls-key FILE, too"),
        (&["--tls-key", "a.pem"], "give --tls-cert FILE, too"),
        (&["--tls-cert", "a", "--tls-key", "b", "--behind-proxy"], "leave one out"),
        (&["--development", "--behind-proxy=127.0.0.1"], "--development is for this machine alone"),
        (
            &["--development", "--tls-cert", "a", "--tls-key", "b"],
            "--development is for this machine",
        ),
        (&["--behind-proxy", "--identity-header", "x-user"], "give --behind-proxy=ADDRESS, too"),
    ] {
        let args = [&["serve", "--listen", "127.0.0.1:0"], flags].concat();
        let output = headcount(&home, &args).run();
        assert_eq!(output.code(), Some(2), "{args:?}: {}", output.stderr_text());
        let text = output.stderr_text();
        assert!(text.contains(told) && text.lines().count() == 1, "{args:?}: {text}");
    }
    assert!(!home.path().join("headcount-data").exists());
}

/// A line of OpenClacky with its own id.
fn line(number: u32) -> String {
    let day = &today()[..10];
    format!(
        "{{\"id\":\"00000000-0000-4000-8000-{number:012}\",\"event\":\"startup\",\"time\":\"{day}T00:00:00Z\",\
         \"device_id\":\"device-{}\",\"version\":\"1.0.0\",\"os\":\"linux\",\"launch_source\":\"cli\"}}\n",
        number % 7
    )
}

/// Today. The collector uses its own clock, so the lines must have its day.
fn today() -> String {
    let now = headcount::Time::from_system(std::time::SystemTime::now());
    now.format(headcount::catalog::Grain::Second)
}

fn send(url: &str, numbers: std::ops::Range<u32>) -> (u16, String) {
    let body: String = numbers.map(line).collect();
    call(url, "POST", "/api/v1/events", "authorization: Bearer clacky\r\n", &body)
}

#[test]
fn acknowledged_events_survive_a_kill_and_count_once() {
    let home = Home::new();
    let mut acknowledged = 0;
    for round in 0..3 {
        let Served { running, url } = serve(&home);
        let (status, answer) = send(&url, round * 50..round * 50 + 50);
        assert_eq!(status, 200, "{answer}");
        assert!(answer.starts_with("{\"accepted\":50,\"duplicate\":0,\"rejected\":0,"), "{answer}");
        acknowledged += 50;
        kill(running);
    }
    let Served { running, url } = serve(&home);
    assert_eq!(counted(&url, "clacky", "stored"), acknowledged);
    let (_, answer) = send(&url, 0..150);
    assert!(answer.starts_with("{\"accepted\":0,\"duplicate\":150,\"rejected\":0,"), "{answer}");
    let (status, rows) = call(&url, "GET", "/api/v1/ask/events?product=clacky", "", "");
    assert_eq!(status, 200);
    assert!(rows.contains("\"count\":150"), "{rows}");
    let (_, rows) = call(&url, "GET", "/api/v1/ask/active?product=clacky", "", "");
    assert!(rows.contains("\"devices\":7"), "{rows}");
    let (status, page) = call(&url, "GET", "/?product=clacky", "", "");
    assert_eq!(status, 200);
    assert!(page.contains("<svg") && page.contains("OpenClacky"), "no chart");
    kill(running);
}

/// SIGHUP loads catalogs again, and a changed folder is noticed without it.
#[cfg(unix)]
#[test]
fn catalogs_are_loaded_again() {
    let home = Home::new();
    home.write("catalogs/clacky.toml", std::fs::read(catalog("clacky")).unwrap());
    let args = ["serve", "--listen", "127.0.0.1:0", "--development", "--data", "data"];
    let running = headcount(&home, &args).spawn();
    let url = running.line("listening on ").trim().replace("listening on ", "");
    home.write("catalogs/bad.toml", "half a");
    home.write("catalogs/atomic.toml", std::fs::read(catalog("atomic")).unwrap());
    let id = running.id().to_string();
    let told = std::process::Command::new("kill").args(["-HUP", &id]).status().unwrap();
    assert!(told.success());
    let until = |path: &str, wanted: u16| {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while call(&url, "GET", path, "", "").0 != wanted {
            assert!(std::time::Instant::now() < end, "{path} was never {wanted}");
            std::thread::yield_now();
        }
    };
    until("/product/atomic", 200);
    assert_eq!(call(&url, "GET", "/product/archon", "", "").0, 404);
    home.write("catalogs/archon.toml", std::fs::read(catalog("archon")).unwrap());
    until("/product/archon", 200);
    assert!(home.path().join("data/catalogs/archon.1.toml").exists());
    kill(running);
}

fn kill(mut running: RunningProgram) {
    running.kill();
    let _ = running.wait();
}
