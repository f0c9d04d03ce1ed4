//! Credentials on disk: whole or not at all, hashed, and by many at once.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use headcount_catalog::Day;
use headcount_testkit::Home;
#[cfg(target_os = "linux")]
use headcount_testkit::TestProgram;

use super::*;
use crate::offline::credentials as offline;
use crate::operator_log::OperatorLog;

const GOOD: &str = "correct horse battery";

fn today() -> Day {
    Day::parse("2026-11-20").unwrap()
}

fn name(text: &str) -> ReaderName {
    ReaderName::new(text).unwrap()
}

fn password(text: &str) -> Result<Password, WeakPassword> {
    Password::new(text, &name("maria"))
}

fn with_maria(data: &Path, role: Role) {
    offline::new_reader(data, &name("maria"), &password(GOOD).unwrap(), role, today()).unwrap();
}

#[test]
fn keys_overlap_until_one_is_revoked() {
    let home = Home::new();
    let data = home.path().join("data");
    let old = offline::new_key(&data, "atomic", today()).unwrap();
    let new = offline::new_key(&data, "atomic", today()).unwrap();
    let other = offline::new_key(&data, "archon", today()).unwrap();
    let product = |key: &IssuedSecret| {
        let all = read_for_examination(&data).unwrap();
        all.key(key.reveal()).map(|own| own.product.clone())
    };
    assert_eq!(product(&old).as_deref(), Some("atomic"));
    assert_eq!(product(&new).as_deref(), Some("atomic"));
    assert_eq!(product(&other).as_deref(), Some("archon"));
    let listed = offline::keys(&data).unwrap();
    assert_eq!(offline::revoke_key(&data, &listed[0].id).unwrap(), "atomic");
    assert_eq!(product(&old), None);
    assert_eq!(product(&new).as_deref(), Some("atomic"));
    assert_eq!(product(&other).as_deref(), Some("archon"));
    let unknown = offline::revoke_key(&data, &listed[0].id).unwrap_err().to_string();
    assert!(unknown.starts_with("no write key has the id `k"), "{unknown}");
}

#[test]
fn nothing_secret_is_in_the_file_in_the_clear() {
    let home = Home::new();
    with_maria(home.path(), Role::Operate);
    let key = offline::new_key(home.path(), "atomic", today()).unwrap();
    let token = offline::new_token(home.path(), "maria", Role::Read, today()).unwrap();
    offline::adopt_key(home.path(), "atomic", "phc_0123456789abcdef", today()).unwrap();
    let text = home.read(FILE);
    for secret in [key.reveal(), token.reveal(), GOOD, "phc_0123456789abcdef"] {
        // Not even the half of one.
        assert!(!text.contains(&secret[secret.len() / 2..]), "{text}");
    }
    let shown = format!("{key:?} {:?}", password(GOOD).unwrap());
    assert!(!shown.contains(&key.reveal()[4..]) && shown.ends_with(" Password(..)"), "{shown}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = fs::metadata(home.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn ten_commands_at_once_all_hold() {
    let home = Home::new();
    let data = home.path().join("data");
    let made: Vec<_> = thread::scope(|scope| {
        let one = || offline::new_key(&data, "atomic", today()).unwrap();
        let all: Vec<_> = (0..10).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|made| made.join().unwrap()).collect()
    });
    let all = read_for_examination(&data).unwrap();
    assert!(made.iter().all(|key| all.key(key.reveal()).is_some()));
    assert_eq!(all.keys().len(), 10);
}

#[test]
fn a_token_is_never_more_than_its_reader_and_goes_with_it() {
    let home = Home::new();
    with_maria(home.path(), Role::Read);
    let token = offline::new_token(home.path(), "maria", Role::Operate, today()).unwrap();
    let role = || {
        let all = read_for_examination(home.path()).unwrap();
        all.token(token.reveal()).map(|(_, role)| role)
    };
    assert_eq!(role(), Some(Role::Read));
    offline::remove_reader(home.path(), "maria").unwrap();
    assert_eq!(role(), None);
    // Somebody of the same name later is somebody else.
    with_maria(home.path(), Role::Operate);
    assert_eq!(role(), None);
    let revoked = offline::new_token(home.path(), "maria", Role::Read, today()).unwrap();
    let id = offline::readers(home.path()).unwrap()[0].tokens[0].id.clone();
    offline::revoke_token(home.path(), &id).unwrap();
    assert!(read_for_examination(home.path()).unwrap().token(revoked.reveal()).is_none());
}

#[test]
fn passwords_that_are_easily_guessed_are_refused() {
    for (text, why) in [
        ("", WeakPassword::TooShort),
        ("x", WeakPassword::TooShort),
        ("hunter2", WeakPassword::TooShort),
        ("ääääääääääää", WeakPassword::TooRegular),
        ("abababababababab", WeakPassword::TooRegular),
        ("maria-maria-2026", WeakPassword::LikeName),
        ("MARIAmaria12", WeakPassword::LikeName),
    ] {
        assert_eq!(password(text).err(), Some(why), "{text}");
    }
    assert_eq!(password(&"abcdefg ".repeat(33)).err(), Some(WeakPassword::TooLong));
    for text in [GOOD, "vier Wörter über Züge", "хороший пароль мой", "0123456789ab"]
    {
        assert!(password(text).is_ok(), "{text}");
    }
}

/// Whoever tries passwords does not make the collector grow. The tests beside
/// this one take memory, too, so it has a process of its own.
#[cfg(target_os = "linux")]
#[test]
fn checking_passwords_keeps_no_more_memory() {
    const ALONE: &str = "HEADCOUNT_TEST_PASSWORDS";

    if std::env::var_os(ALONE).is_some() {
        println!("grown: {}", grown_by_24_checks());
        return;
    }
    let home = Home::new();
    let output = TestProgram::new(std::env::current_exe().unwrap(), &home)
        .args(["--exact", "credentials::tests::checking_passwords_keeps_no_more_memory"])
        .args(["--nocapture"])
        .env(ALONE, "yes")
        .run();
    let text = output.stdout_text();
    let grown = text.split_once("grown: ").and_then(|(_, rest)| rest.lines().next());
    let grown: u64 = grown.and_then(|number| number.parse().ok()).expect(&text);
    // One check more would be as much. It was 450 MB.
    assert!(grown < u64::from(crate::limits::PASSWORD_MEMORY_KIB), "{grown} KiB");
}

/// KiB that this process has grown by, after a first check.
#[cfg(target_os = "linux")]
fn grown_by_24_checks() -> u64 {
    let resident = || {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let check = Arc::new(PasswordCheck::new().unwrap());
    let stored = password(GOOD).unwrap().hash().unwrap();
    let on_threads = |number: usize| {
        let threads: Vec<_> = (0..number)
            .map(|_| {
                let (check, stored) = (Arc::clone(&check), stored.clone());
                thread::spawn(move || check.fits("correct horse batterx", Some(&stored)))
            })
            .collect();
        threads.into_iter().for_each(|thread| assert!(!thread.join().unwrap()));
    };
    on_threads(1);
    let before = resident();
    on_threads(24);
    resident().saturating_sub(before)
}

#[test]
fn a_password_fits_its_own_hash_and_nobodys_fits_none() {
    let check = PasswordCheck::new().unwrap();
    let stored = password(GOOD).unwrap().hash().unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert_ne!(stored, password(GOOD).unwrap().hash().unwrap(), "each has a salt of its own");
    assert!(check.fits(GOOD, Some(&stored)));
    for wrong in ["", "correct horse batterz", &GOOD.repeat(100)] {
        assert!(!check.fits(wrong, Some(&stored)));
        assert!(!check.fits(wrong, None));
    }
    assert!(!check.fits(GOOD, None));
    assert!(!check.fits(GOOD, Some("not a hash")));
}

#[test]
fn existing_keys_are_taken_if_they_cannot_be_guessed() {
    let home = Home::new();
    let adopt = |key: &str| offline::adopt_key(home.path(), "archon", key, today());
    adopt("phc_0123456789abcdef").unwrap();
    let twice = adopt("phc_0123456789abcdef").unwrap_err().to_string();
    assert!(twice.starts_with("this key is a write key already, with the id `k"), "{twice}");
    with_maria(home.path(), Role::Read);
    let token = offline::new_token(home.path(), "maria", Role::Read, today()).unwrap();
    for (key, why) in [
        ("short", "shorter than 16 characters"),
        ("aaaaaaaaaaaaaaaa", "too regular"),
        ("archon-archon-123", "too regular"),
        ("with a space 0123456789", "cannot be sent in a header"),
        ("schlüssel0123456789", "cannot be sent in a header"),
        (token.reveal(), "a reader's token"),
    ] {
        let refused = adopt(key).unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    let unnamed = offline::adopt_key(home.path(), "Archon", "phc_0123456789abcdeg", today());
    assert!(unnamed.unwrap_err().to_string().contains("is not the name of a product"));
}

#[test]
fn what_only_looks_creates_nothing() {
    let home = Home::new();
    let data = home.path().join("nowhere");
    let all = [
        offline::keys(&data).map(drop),
        offline::readers(&data).map(drop),
        offline::revoke_key(&data, "k").map(drop),
        offline::revoke_token(&data, "t"),
        offline::remove_reader(&data, "maria"),
        offline::set_password(&data, &name("maria"), &password(GOOD).unwrap()).map(drop),
        offline::set_role(&data, "maria", Role::Operate),
        offline::new_token(&data, "maria", Role::Read, today()).map(drop),
    ];
    for done in all {
        let error = done.unwrap_err().to_string();
        assert!(error.starts_with("there is no data folder at "), "{error}");
    }
    assert!(!data.exists());
}

/// Every file that cannot be trusted or read is an error: nobody is let in by
/// half of one.
#[test]
fn a_damaged_file_is_refused_whole() {
    let home = Home::new();
    with_maria(home.path(), Role::Read);
    offline::new_key(home.path(), "atomic", today()).unwrap();
    offline::new_token(home.path(), "maria", Role::Read, today()).unwrap();
    let whole = home.read(FILE);
    let id = offline::keys(home.path()).unwrap()[0].id.clone();
    for (from, to) in [
        ("{", ""),
        ("\"format\": 1", "\"format\": 2"),
        ("\"format\": 1", "\"format\": 0"),
        ("\"format\": 1", "\"form\": 1"),
        ("\"keys\"", "\"key\""),
        ("\"role\": \"read\"", "\"role\": \"admin\""),
        ("$argon2id$", "$argon2i$"),
        ("$argon2id$v=19", "plain"),
        ("2026-11-20", "yesterday"),
        ("\"reader\": \"maria\"", "\"reader\": \"nobody\""),
        ("\"sha256\": \"", "\"sha256\": \"Z"),
        (&id, "t0123"),
    ] {
        assert!(whole.contains(from), "{from}");
        home.write(FILE, whole.replacen(from, to, 1));
        private(&home);
        let refused = offline::keys(home.path()).unwrap_err().to_string();
        assert!(refused.contains(FILE), "{refused}");
        // What cannot be read is not written over either.
        offline::new_key(home.path(), "atomic", today()).unwrap_err();
        assert_eq!(home.read(FILE), whole.replacen(from, to, 1));
    }
}

fn private(home: &Home) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        let mode = fs::Permissions::from_mode(0o600);
        fs::set_permissions(home.path().join(FILE), mode).unwrap();
    }
    #[cfg(not(unix))]
    let _ = home;
}

#[cfg(unix)]
#[test]
fn files_that_others_may_use_are_mended_or_refused() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let (home, log) = (Home::new(), Log::default());
    offline::new_key(home.path(), "atomic", today()).unwrap();
    let path = home.path().join(FILE);
    let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    set(0o622);
    let refused = CurrentCredentials::open(home.path(), log.port()).err().unwrap().to_string();
    assert!(refused.contains("can be written by other users"), "{refused}");
    set(0o644);
    assert!(offline::keys(home.path()).unwrap_err().to_string().contains("set the file's mode"));
    let opened = CurrentCredentials::open(home.path(), log.port()).unwrap();
    assert_eq!(opened.now().keys().len(), 1);
    assert!(log.last().contains("could be read by other users"), "{}", log.last());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::rename(&path, home.path().join("elsewhere")).unwrap();
    symlink(home.path().join("elsewhere"), &path).unwrap();
    let refused = CurrentCredentials::open(home.path(), log.port()).err().unwrap().to_string();
    assert!(refused.contains("are not a regular file"), "{refused}");
}

/// Messages for the operator.
#[derive(Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn port(&self) -> OperatorLog {
        let told = Arc::clone(&self.0);
        OperatorLog::new(move |record| told.lock().unwrap().push(record.sentence.to_string()))
    }

    fn last(&self) -> String {
        self.0.lock().unwrap().last().cloned().unwrap_or_default()
    }

    fn number(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

#[test]
fn a_running_collector_follows_the_file_and_keeps_what_it_has() {
    let (home, log) = (Home::new(), Log::default());
    let current = CurrentCredentials::open(home.path(), log.port()).unwrap();
    let key = offline::new_key(home.path(), "atomic", today()).unwrap();
    let knows = || current.now().key(key.reveal()).is_some();
    assert!(!knows());
    current.look();
    assert!(knows());
    assert_eq!(log.last(), "loaded the credentials again: 1 write key and 0 readers");
    current.look();
    assert_eq!(log.number(), 1, "nothing has changed");
    let whole = home.read(FILE);
    home.write(FILE, "half");
    private(&home);
    current.look();
    current.look();
    assert!(knows());
    assert_eq!(log.number(), 2, "a mistake is told once");
    assert!(log.last().ends_with("until then keys and readers stay as they were"));
    fs::remove_file(home.path().join(FILE)).unwrap();
    current.look();
    assert!(knows());
    assert!(log.last().starts_with("the credentials are gone"), "{}", log.last());
    home.write(FILE, whole);
    private(&home);
    current.look();
    assert!(knows());
    let id = offline::keys(home.path()).unwrap()[0].id.clone();
    offline::revoke_key(home.path(), &id).unwrap();
    current.look();
    assert!(!knows());
}

#[test]
fn a_secret_in_an_address_is_found() {
    let token = SecretText::new(SecretKind::Token).unwrap();
    let text = token.as_str();
    for address in [format!("/?token={text}"), format!("/{text}"), format!("/?a=b{text}c")] {
        assert!(SecretKind::Token.is_in(&address), "{address}");
        assert!(!SecretKind::WriteKey.is_in(&address));
    }
    let spelt = text.replace('_', "%5F");
    assert!(SecretKind::Token.is_in(&format!("/?t={spelt}")) && !SecretKind::Token.is_in("/?%5"));
    for address in ["/?q=hcr_", "/?q=hcr_0123", &text[..text.len() - 1], ""] {
        assert!(!SecretKind::Token.is_in(address), "{address}");
    }
}
