//! Certificates that can be used and those that cannot, and what happens when
//! their files change.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use headcount_catalog::Day;
use headcount_collector::{Collector, Config, Encryption, HostName, LogPart, OperatorLog};

use crate::client::get;
use crate::fixture::{Fixture, TODAY};
use crate::tls_client::{
    BETWEEN, ELSEWHERE, EXPIRED, FUTURE, KEY, RSA, RSA_KEY, SEC1_KEY, SERVER, VERSIONS, chain,
    client, config, encrypted, files, pem, replace, send, set_mode, shown, write,
};

const PKCS8: &str = "PRIVATE KEY";
const PKCS1: &str = "RSA PRIVATE KEY";
const SEC1: &str = "EC PRIVATE KEY";

fn stopped() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.stop();
    fixture
}

fn hosts(names: &[&str]) -> Vec<HostName> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

/// Why it does not start with the files that are in the home.
#[track_caller]
fn refusal(fixture: &Fixture, names: &[&str]) -> String {
    let encryption = Encryption::Own(files(&fixture.home));
    let started = Collector::start(Config { encryption, hosts: hosts(names), ..fixture.config() });
    let sentence = started.expect_err("a certificate that is refused").to_string();
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    sentence
}

#[test]
fn every_form_of_a_key_is_read() {
    let mut fixture = stopped();
    for (certificates, label, key) in [
        (&[SERVER, BETWEEN][..], PKCS8, KEY),
        (&[SERVER, BETWEEN], SEC1, SEC1_KEY),
        (&[RSA], PKCS1, RSA_KEY),
    ] {
        let encryption = Encryption::Own(write(&fixture.home, certificates, (label, key)));
        let running = Collector::start(Config { encryption, ..fixture.config() }).unwrap();
        assert!(running.url().starts_with("https://127.0.0.1:"), "{}", running.url());
        fixture.run(running);
        assert_eq!(shown(fixture.address()), certificates[0]);
        assert_eq!(send(get("/healthz"), fixture.address()).status, 200);
        fixture.stop();
    }
    // One file for both.
    let both = chain(&[SERVER, BETWEEN]) + &pem(PKCS8, KEY);
    let one = files(&fixture.home).key;
    replace(&fixture.home, &one, &both);
    let files = headcount_collector::TlsFiles { certificate: one.clone(), key: one };
    let config = Config { encryption: Encryption::Own(files), ..fixture.config() };
    fixture.run(Collector::start(config).unwrap());
    assert_eq!(send(get("/healthz"), fixture.address()).status, 200);
}

#[test]
fn what_cannot_be_used_is_a_sentence_that_says_what_to_do() {
    let fixture = stopped();
    let home = &fixture.home;
    for (certificates, label, key, told) in [
        (&[RSA][..], PKCS8, KEY, "is not of the key"),
        // The wrong order.
        (&[BETWEEN, SERVER], PKCS8, KEY, "the collector's own certificate first"),
        (
            &[EXPIRED],
            PKCS8,
            KEY,
            "has expired at 2021-01-01T00:00:00Z, and clients refuse it: renew it",
        ),
        (
            &[FUTURE],
            PKCS8,
            KEY,
            "is not valid before 2110-01-01T00:00:00Z, and this machine's clock",
        ),
        (&[], PKCS8, KEY, "is not one in PEM (`BEGIN CERTIFICATE`)"),
        (&[b"nonsense"], PKCS8, KEY, "is not one in PEM"),
        (&[SERVER], "ENCRYPTED PRIVATE KEY", KEY, "is encrypted with a password"),
        (&[SERVER], "CERTIFICATE", SERVER, "is not one in PEM (`BEGIN PRIVATE KEY`)"),
        (&[SERVER], PKCS8, b"nonsense", "is of a kind that TLS here does not use"),
    ] {
        write(home, certificates, (label, key));
        let sentence = refusal(&fixture, &[]);
        assert!(sentence.contains(told), "{sentence}");
        assert!(sentence.contains("/tls/"), "no file: {sentence}");
    }
    // A key where the certificate should be, and DER instead of PEM.
    write(home, &[SERVER], (PKCS8, KEY));
    replace(home, &files(home).certificate, &pem(PKCS8, KEY));
    assert!(refusal(&fixture, &[]).contains("is not one in PEM"));
    std::fs::write(files(home).certificate, SERVER).unwrap();
    assert!(refusal(&fixture, &[]).contains("is not one in PEM"));
    std::fs::remove_file(files(home).certificate).unwrap();
    assert!(refusal(&fixture, &[]).contains("there is no certificate"));
    std::fs::create_dir(files(home).certificate).unwrap();
    assert!(refusal(&fixture, &[]).contains("is not a regular file"));
    // Nothing was made on the way.
    assert!(!home.path().join("data/.tls").exists());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_could_know_is_refused() {
    let fixture = stopped();
    let files = write(&fixture.home, &[SERVER, BETWEEN], (PKCS8, KEY));
    for (mode, told) in [
        (0o644, "can be read by everybody on this machine: set its mode to 600"),
        (0o604, "can be read by everybody"),
        (0o620, "can be written by other users"),
        (0o602, "can be written by other users"),
        (0o666, "can be written by other users"),
    ] {
        set_mode(&files.key, mode);
        let sentence = refusal(&fixture, &[]);
        assert!(sentence.contains(told), "{mode:o}: {sentence}");
    }
    // A group such as Debian's `ssl-cert` may read it, and everybody may read
    // the certificate.
    for mode in [0o400, 0o600, 0o440, 0o640] {
        set_mode(&files.key, mode);
        set_mode(&files.certificate, 0o644);
        let encryption = Encryption::Own(files.clone());
        let started = Collector::start(Config { encryption, ..fixture.config() });
        started.unwrap_or_else(|error| panic!("{mode:o}: {error}")).stop();
    }
    // certbot's are links.
    let linked = fixture.home.path().join("tls/live.pem");
    std::os::unix::fs::symlink(&files.key, &linked).unwrap();
    let linked = headcount_collector::TlsFiles { key: linked, ..files };
    let encryption = Encryption::Own(linked);
    Collector::start(Config { encryption, ..fixture.config() }).unwrap().stop();
}

#[test]
fn a_certificate_without_the_name_is_refused() {
    let fixture = stopped();
    config(&fixture);
    let sentence = refusal(&fixture, &["other.example.org"]);
    assert!(sentence.contains("is not for other.example.org"), "{sentence}");
    assert!(refusal(&fixture, &["127.0.0.2", "a.example"]).contains("127.0.0.2, a.example"));
    write(&fixture.home, &[ELSEWHERE], (PKCS8, KEY));
    assert!(refusal(&fixture, &["example.org"]).contains("is not for"));
    for names in [
        &["elsewhere.example.org"][..],
        &["one.apart.example.org"],
        // Others may be names in the machine's own network.
        &["elsewhere.example.org", "collector.internal"],
    ] {
        let encryption = Encryption::Own(files(&fixture.home));
        let own = Config { encryption, hosts: hosts(names), ..fixture.config() };
        Collector::start(own).unwrap().stop();
    }
    let told = fixture.told.lock().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("the certificate is not for collector.internal,"), "{told:?}");
}

/// A collector that speaks TLS, and what its operator is told.
fn started() -> (Fixture, Receiver<String>) {
    let mut fixture = stopped();
    let mut config = config(&fixture);
    let (teller, told) = channel();
    config.log = OperatorLog::new(move |record| {
        if record.part == LogPart::Encryption {
            // A test that is over does not listen.
            let _ = teller.send(record.sentence.to_string());
        }
    });
    fixture.run(Collector::start(config).unwrap());
    (fixture, told)
}

/// What the operator is told next.
#[track_caller]
fn next(told: &Receiver<String>) -> String {
    told.recv_timeout(Duration::from_secs(60)).expect("something that is told")
}

#[test]
fn a_renewed_certificate_is_taken_up_by_itself() {
    let (fixture, told) = started();
    let address = fixture.address();
    assert_eq!(shown(address), SERVER);
    // A connection from before goes on.
    let old = encrypted(&client(&VERSIONS), address);
    let began = Instant::now();
    write(&fixture.home, &[RSA], (PKCS1, RSA_KEY));
    let sentence = next(&told);
    assert!(sentence.starts_with("loaded the certificate "), "{sentence}");
    assert!(sentence.ends_with("valid until 2119-01-01T00:00:00Z"), "{sentence}");
    assert_eq!(shown(address), RSA);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!(get("/healthz").send_over(old, address).status, 200);
}

#[test]
fn a_bad_new_pair_changes_nothing_and_is_told_once() {
    let (fixture, told) = started();
    let (home, address) = (&fixture.home, fixture.address());
    // The key comes later, or never.
    replace(home, &files(home).certificate, &chain(&[RSA]));
    let sentence = next(&told);
    assert!(sentence.contains("is not of the key"), "{sentence}");
    let stays = "the certificate from before stays in use, valid until 2120-01-01T00:00:00Z";
    assert!(sentence.ends_with(stays), "{sentence}");
    assert_eq!(shown(address), SERVER);
    write(home, &[EXPIRED], (PKCS8, KEY));
    let sentence = next(&told);
    assert!(sentence.contains("has expired at 2021"), "{sentence}");
    assert_eq!(shown(address), SERVER);
    // What a stamp does not tell: the mode of a file.
    #[cfg(unix)]
    {
        // Both looks that agree may come between the files: then it is told
        // that they do not belong together.
        let but_that = || {
            let sentence = next(&told);
            if sentence.contains("is not of the key") { next(&told) } else { sentence }
        };
        set_mode(&write(home, &[RSA], (PKCS1, RSA_KEY)).key, 0o644);
        let sentence = but_that();
        assert!(sentence.contains("can be read by everybody"), "{sentence}");
        set_mode(&files(home).key, 0o600);
        let sentence = but_that();
        assert!(sentence.starts_with("loaded the certificate "), "each once: {sentence}");
        assert_eq!(shown(address), RSA);
    }
}

#[test]
fn a_hangup_reads_the_files_at_once() {
    let mut fixture = stopped();
    let running = Collector::start(config(&fixture)).unwrap();
    let reloader = running.reloader().unwrap();
    fixture.run(running);
    let told_at_reload = || {
        reloader.reload();
        let told = fixture.told.lock().unwrap();
        // The catalogs are told of last, and here they are built in.
        told.iter().rev().find(|sentence| !sentence.contains("are built in")).unwrap().clone()
    };
    assert!(told_at_reload().starts_with("loaded the certificate "));
    write(&fixture.home, &[RSA], (PKCS1, RSA_KEY));
    told_at_reload();
    assert_eq!(shown(fixture.address()), RSA);
    std::fs::remove_file(files(&fixture.home).key).unwrap();
    assert!(told_at_reload().starts_with("there is no key "));
    assert_eq!(shown(fixture.address()), RSA);
}

/// It is served on, because whoever refuses it would refuse no answer as well.
#[test]
fn a_certificate_that_expires_while_it_runs_is_told_of_daily() {
    let (fixture, told) = started();
    let start_of = |day: &str| Day::parse(day).unwrap().start().seconds();
    let mut now = start_of(TODAY) + 12 * 3_600;
    let mut wait_until = |day: &str| {
        let passed = u64::try_from(start_of(day) - now).unwrap();
        fixture.clock.advance(Duration::from_secs(passed));
        now = start_of(day);
        next(&told)
    };
    for day in ["2119-12-20", "2119-12-21", "2119-12-31"] {
        let sentence = wait_until(day);
        let expected = "expires at 2120-01-01T00:00:00Z and is not renewed yet: look why";
        assert!(sentence.contains(expected), "once on {day}: {sentence}");
    }
    for day in ["2120-01-02", "2120-01-03"] {
        let sentence = wait_until(day);
        assert!(sentence.contains("has expired at 2120-01-01T00:00:00Z"), "once: {sentence}");
    }
    // The client's own clock is another. A start would not help, so it is
    // alive, and somebody has to renew it, so it is not ready.
    assert_eq!(send(get("/healthz"), fixture.address()).status, 200);
    let ready = send(get("/readyz"), fixture.address());
    assert_eq!(ready.status, 503, "{ready:?}");
    assert!(ready.body.contains("\"problem\":\"it has expired: renew it\""), "{ready:?}");
    let metrics = send(get("/metrics"), fixture.address()).body;
    let expiry = "\nheadcount_certificate_expiry_timestamp_seconds 4733510400\n";
    assert!(metrics.contains(expiry), "{metrics}");
}
