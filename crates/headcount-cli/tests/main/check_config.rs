//! `headcount serve --check-config` says what `headcount serve` would say, and
//! changes nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use headcount_testkit::{Home, ProgramOutput};

use super::serving::{CONFIG, configured};
use super::stage::{headcount, serve_from};

const SERVER: &[u8] = include_bytes!("../../../headcount/tests/ship/tls/server.der");
const EXPIRED: &[u8] = include_bytes!("../../../headcount/tests/ship/tls/expired.der");
const OTHER: &[u8] = include_bytes!("../../../headcount/tests/ship/tls/authority.pem");
const KEY: &[u8] = include_bytes!("../../../headcount/tests/ship/tls/server.key.der");

fn check(home: &Home, more: &[&str]) -> ProgramOutput {
    let args = ["serve", "--config", "etc/headcount.toml", "--check-config"];
    headcount(home, &[&args[..], more].concat()).run()
}

#[test]
fn a_check_says_what_would_hold_and_makes_nothing() {
    let home = configured(CONFIG);
    let output = check(&home, &["--log", "json"]);
    let text = output.stdout_text();
    assert_eq!(output.code(), Some(0), "{text}{}", output.stderr_text());
    for line in [
        "listen = 127.0.0.1:0 (file, etc/headcount.toml:1)",
        "data = etc/kept (file, etc/headcount.toml:2)",
        "development = false (default)",
        "log = json (flag)",
        "right: the catalogs can be used: clacky",
        "note: the data folder etc/kept is not there yet: it would be made",
        "right: 127.0.0.1:0 is free",
    ] {
        let line = line.replace("etc/kept", &format!("etc{}kept", std::path::MAIN_SEPARATOR));
        assert!(text.lines().any(|own| own == line), "{line}: {text}");
    }
    assert!(!home.path().join("etc/kept").exists());
}

#[test]
fn a_check_fails_where_a_start_would() {
    let home = configured(&CONFIG.replace("kept", "headcount.toml"));
    let output = check(&home, &[]);
    assert_eq!(output.code(), Some(1), "{}", output.stdout_text());
    let told = output.stderr_text();
    assert!(told.contains("cannot create the data folder"), "{told}");
    let home = configured(&CONFIG.replace("all", "none"));
    let output = check(&home, &[]);
    assert_eq!(output.code(), Some(2), "{}", output.stdout_text());
    assert!(output.stderr_text().contains("cannot list the catalogs"), "{}", output.stderr_text());
    let home = configured(CONFIG);
    // Of nobody's network.
    let output = check(&home, &["--listen", "192.0.2.1:7070"]);
    assert_eq!(output.code(), Some(1), "{}", output.stdout_text());
    assert!(output.stderr_text().contains("cannot listen on"), "{}", output.stderr_text());
}

/// Every file and folder of a home, with mode, time of change and length.
fn everything(folder: &Path) -> BTreeMap<std::path::PathBuf, (bool, u64, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.symlink_metadata().unwrap();
        if metadata.is_dir() {
            found.extend(everything(&path));
        }
        #[cfg(unix)]
        let mode = u64::from(std::os::unix::fs::MetadataExt::mode(&metadata)) << 32;
        #[cfg(not(unix))]
        let mode = 0;
        let seen = (metadata.is_dir(), metadata.len() | mode, metadata.modified().unwrap());
        found.insert(path, seen);
    }
    found
}

/// What a check says that changes nothing.
#[track_caller]
fn checked(home: &Home, more: &[&str]) -> (Option<i32>, String, String) {
    let before = everything(home.path());
    let output = check(home, more);
    assert_eq!(everything(home.path()), before, "it changes nothing");
    (output.code(), output.stdout_text(), output.stderr_text())
}

/// A check and a start refuse with 1, and say the same.
#[track_caller]
fn refused(home: &Home, more: &[&str], told: &str) {
    let (code, out, err) = checked(home, more);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(err.lines().any(|line| line.starts_with("wrong: ") && line.contains(told)), "{err}");
    let args = ["serve", "--config", "etc/headcount.toml"];
    let started = headcount(home, &[&args[..], more].concat()).run();
    assert_eq!(started.code(), Some(1), "{}", started.stderr_text());
    let sentence = started.stderr_text();
    let sentence = sentence.lines().last().unwrap().replace("headcount serve: ", "wrong: ");
    assert!(err.lines().any(|line| line == sentence), "{err}{sentence}");
}

#[track_caller]
fn noted(home: &Home, more: &[&str], told: &str) {
    let (code, out, err) = checked(home, more);
    assert_eq!((code, &*err), (Some(0), ""), "{out}");
    assert!(out.lines().any(|line| line.starts_with("note: ") && line.contains(told)), "{out}");
}

/// DER as PEM.
fn pem(label: &str, der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in der.chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Sets the mode of a file.
#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(path, mode).unwrap();
}

const TLS: [&str; 4] = ["--tls-cert", "etc/cert.pem", "--tls-key", "etc/key.pem"];

/// A configuration with a certificate that can be used.
fn encrypted() -> Home {
    let home = configured(CONFIG);
    home.write("etc/cert.pem", pem("CERTIFICATE", SERVER));
    let key = home.write("etc/key.pem", pem("PRIVATE KEY", KEY));
    #[cfg(unix)]
    set_mode(&key, 0o600);
    let _ = key;
    home
}

#[test]
fn a_certificate_that_cannot_be_used_is_told() {
    let home = encrypted();
    noted(&home, &TLS, "is not there yet: it would be made");
    for (certificate, told) in [
        (pem("CERTIFICATE", EXPIRED).as_bytes(), "has expired"),
        (OTHER, "is not of the key"),
        (b"", "is not one in PEM"),
    ] {
        home.write("etc/cert.pem", certificate);
        refused(&home, &TLS, told);
    }
    let missing = ["--tls-cert", "etc/none.pem", "--tls-key", "etc/key.pem"];
    refused(&home, &missing, "there is no certificate etc/none.pem");
    let home = encrypted();
    let missing = ["--tls-cert", "etc/cert.pem", "--tls-key", "etc/none.pem"];
    refused(&home, &missing, "there is no key etc/none.pem");
    #[cfg(unix)]
    {
        set_mode(&home.path().join("etc/key.pem"), 0o644);
        refused(&home, &TLS, "can be read by everybody");
    }
}

#[test]
fn an_address_for_others_needs_what_keeps_them_out() {
    let home = encrypted();
    let open = ["--listen", "0.0.0.0:0"];
    refused(&home, &open, "there is no write key, no reader and no encryption");
    refused(&home, &[&open[..], &["--development"]].concat(), "listen on 127.0.0.1");
    let encrypted = [&open[..], &TLS].concat();
    refused(&home, &encrypted, "there is no write key and no reader");
    let run = |args: &[&str]| {
        let done = headcount(&home, args).args(["--data", "etc/kept"]);
        assert_eq!(done.stdin("correct horse battery\n").run().code(), Some(0), "{args:?}");
    };
    run(&["keys", "new", "clacky"]);
    run(&["readers", "new", "maria"]);
    let (code, out, err) = checked(&home, &encrypted);
    assert_eq!((code, &*err), (Some(0), ""), "{out}");
    assert!(!out.contains("note: "), "{out}");
    noted(&home, &["--development"], "the data folder has keys or readers");
}

#[test]
fn a_data_folder_that_a_collector_uses_is_a_note() {
    let home = configured(CONFIG);
    let mut served = serve_from(&home, "etc/kept");
    noted(&home, &[], "uses the data folder");
    noted(&home, &[], "right if that is the collector that runs now");
    served.running.kill();
    let _ = served.running.wait();
    let (code, out, err) = checked(&home, &[]);
    assert_eq!((code, &*err), (Some(0), ""), "{out}");
    assert!(out.contains("kept is there"), "{out}");
}

#[test]
fn an_unfinished_backup_is_refused() {
    let home = configured(CONFIG);
    home.write("etc/kept/unfinished-backup", "");
    refused(&home, &[], "is a backup that was not finished");
    for command in ["keys", "readers"] {
        let output = headcount(&home, &[command, "list", "--data", "etc/kept"]).run();
        assert_eq!((output.code(), output.stdout_text().as_str()), (Some(1), ""));
        let told = output.stderr_text();
        assert!(told.contains("is a backup that was not finished: remove it"), "{told}");
    }
}

#[test]
fn files_that_cannot_be_trusted_are_told() {
    let home = configured(CONFIG);
    for (file, content, told) in [
        ("secret", &[0; 32][..], "is not random"),
        ("secret", b"short", "has 5 bytes instead of 32"),
        ("credentials.json", b"{", "are damaged"),
        ("credentials.json", b"{\"format\":9}", "a newer version of Headcount wrote"),
    ] {
        let path = home.write(&format!("etc/kept/{file}"), content);
        #[cfg(unix)]
        set_mode(&path, 0o600);
        refused(&home, &[], told);
        std::fs::remove_file(path).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn modes_are_told_and_not_mended() {
    let home = configured(CONFIG);
    let mut served = serve_from(&home, "etc/kept");
    served.running.kill();
    let _ = served.running.wait();
    let keys = headcount(&home, &["keys", "new", "clacky", "--data", "etc/kept"]).run();
    assert_eq!(keys.code(), Some(0));
    for file in ["secret", "credentials.json"] {
        let path = home.path().join("etc/kept").join(file);
        set_mode(&path, 0o644);
        noted(&home, &[], "can be read by other users; a start sets");
        set_mode(&path, 0o666);
        refused(&home, &[], "can be written by other users");
        set_mode(&path, 0o600);
    }
}

#[cfg(unix)]
#[test]
fn a_data_folder_that_cannot_be_made_or_written_is_told() {
    let home = configured(CONFIG);
    let locked = home.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    set_mode(&locked, 0o500);
    // The superuser may write everywhere.
    if std::fs::write(locked.join("probe"), "").is_err() {
        refused(&home, &["--data", "locked/deep/data"], "cannot create the data folder");
        refused(&home, &["--data", "locked"], "cannot ");
    }
    set_mode(&locked, 0o700);
    refused(&home, &["--data", "etc/headcount.toml"], "cannot create the data folder");
    refused(&home, &["--data", "etc/headcount.toml/below"], "cannot create the data folder");
}

#[test]
fn what_is_printed_cannot_command_the_terminal() {
    let home = configured(&CONFIG.replace("kept", "a\\u001b[2Jb"));
    let output = check(&home, &[]);
    let text = output.stdout_text() + &output.stderr_text();
    assert!(text.contains("a\\x1b[2Jb") && !text.contains('\u{1b}'), "{text}");
    let home = configured(&CONFIG.replace("127.0.0.1:0", "\\u001b[2J"));
    let text = check(&home, &[]).stderr_text();
    assert!(text.contains("\\x1b[2J") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_catalog_that_says_something_else_than_the_kept_one_is_refused() {
    let home = configured(CONFIG);
    let mut served = serve_from(&home, "etc/kept");
    served.running.kill();
    let _ = served.running.wait();
    let text = home.read("etc/all/clacky.toml");
    let title = text.lines().find(|line| line.starts_with("title = ")).unwrap();
    home.write("etc/all/clacky.toml", text.replacen(title, "title = \"Another\"", 1));
    refused(&home, &[], "clacky.1.toml");
}
