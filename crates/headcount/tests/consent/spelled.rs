//! Folders as Windows lets them be named: longer than 260 characters, verbatim,
//! in other letters than they were created with, or not from a drive's root.

use std::ffi::OsString;
use std::fs;
use std::os::windows::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use headcount::{Catalog, Surroundings, Variables, person};
use headcount_testkit::Home;

use crate::scene::{self, NOW, Said};

fn around(home: &Path, folder: &Path) -> Surroundings {
    let mut surroundings = scene::surroundings(home, NOW, &[]);
    if let Variables::Given(given) = &mut surroundings.variables {
        given.insert("LOCALAPPDATA".to_owned(), folder.as_os_str().to_owned());
    }
    surroundings
}

fn say(catalog: &'static Catalog, around: &Surroundings, word: &str) -> person::Reply {
    person::run(&scene::open_in(catalog, around.clone()), &[word.to_owned()])
}

/// It can be turned on, used, looked at and turned off.
fn works(around: &Surroundings, what: &str) {
    use headcount::catalog::Raw;

    let catalog = scene::catalog(&scene::text_of("atomic"));
    let update = [("command", Raw::Text("update")), ("success", Raw::Flag(true))];
    let event = Said::new(catalog, "atomic_command", &update);
    for _ in 0..2 {
        // Who waited for a lock of their own would fail after two seconds.
        let reply = say(catalog, around, "on");
        assert_eq!(reply.code, 0, "{what}: {}", reply.err);
        let session = scene::open_in(catalog, around.clone());
        assert!(session.decision().is_on(), "{what}");
        session.try_record(&event).expect(what);
        let status = say(catalog, around, "status");
        assert_eq!(status.code, 0, "{what}: {}", status.out);
        for word in ["off", "clear"] {
            let reply = say(catalog, around, word);
            assert_eq!(reply.code, 0, "{what}, {word}: {}", reply.err);
        }
        assert!(!scene::open_in(catalog, around.clone()).decision().is_on(), "{what}");
    }
}

#[test]
fn a_path_longer_than_260_characters_works_and_is_shown_plain() {
    let home = Home::new();
    let mut long = home.path().to_path_buf();
    long.extend(std::iter::repeat_n("a".repeat(60), 6));
    fs::create_dir_all(&long).unwrap();
    let around = around(&long, &long.join("AppData").join("Local"));
    // Wine cannot resolve a path of that length ("more data available"), which
    // `clear` does.
    if !Path::new("C:\\windows\\system32\\winecfg.exe").exists() {
        works(&around, "a long path");
    }
    let catalog = scene::catalog(&scene::text_of("atomic"));
    for word in ["on", "status", "off"] {
        let reply = say(catalog, &around, word);
        assert!(!reply.out.contains("\\\\?\\") && !reply.err.contains("\\\\?\\"), "{}", reply.out);
    }
}

#[test]
fn a_verbatim_home_works() {
    let home = Home::new();
    let verbatim = PathBuf::from(format!("\\\\?\\{}", home.path().display()));
    works(&around(&verbatim, &verbatim.join("AppData").join("Local")), "verbatim");
    works(&around(home.path(), &verbatim.join("AppData").join("Local")), "one of two verbatim");
}

/// A no that is said under one spelling counts under each, and nobody waits for
/// a lock that is their own.
#[test]
fn two_spellings_of_one_folder_are_one_place() {
    let home = Home::new();
    let folder = home.path().join("AppData").join("Local");
    let text = folder.display().to_string();
    let spellings = [
        text.to_uppercase(),
        text.to_lowercase(),
        text.replace('\\', "/"),
        format!("{text}\\..\\Local"),
        format!("{text}\\"),
        format!("\\\\?\\{text}"),
    ];
    let catalog = scene::catalog(&scene::text_of("atomic"));
    let usual = around(home.path(), &folder);
    for spelling in &spellings {
        let other = around(home.path(), Path::new(spelling));
        works(&other, spelling);
        assert_eq!(say(catalog, &usual, "on").code, 0);
        assert_eq!(say(catalog, &other, "off").code, 0, "{spelling}");
        assert!(!scene::open_in(catalog, usual.clone()).decision().is_on(), "{spelling}");
        assert_eq!(say(catalog, &other, "on").code, 0, "{spelling}");
        assert_eq!(say(catalog, &usual, "off").code, 0);
        assert!(!scene::open_in(catalog, other).decision().is_on(), "{spelling}");
    }
}

/// Half of a surrogate pair. Wine cannot create such a name on every file
/// system; then telemetry is off, as anywhere where nothing can be written.
#[test]
fn a_name_that_is_not_utf_16_works_or_is_off() {
    let home = Home::new();
    let folder = home.path().join(OsString::from_wide(&[0x61, 0xd800, 0x62]));
    let around = around(home.path(), &folder);
    if fs::create_dir_all(&folder).is_ok() {
        works(&around, "half a pair");
    } else {
        let catalog = scene::catalog(&scene::text_of("atomic"));
        assert!(!scene::open_in(catalog, around).decision().is_on());
    }
}

#[test]
fn what_is_no_whole_path_or_no_folder_is_not_used() {
    let catalog = scene::catalog(&scene::text_of("atomic"));
    let here: Vec<_> = fs::read_dir(".").unwrap().map(|entry| entry.unwrap().path()).collect();
    for folder in ["C:tool", "\\tool", "tool", "", "NUL", "\\\\.\\NUL", "C:\\NUL", "C:\\a:b"] {
        let home = Home::new();
        let around = around(home.path(), Path::new(folder));
        for word in ["status", "on", "off", "clear"] {
            let _ = say(catalog, &around, word);
        }
        assert!(!scene::open_in(catalog, around).decision().is_on(), "{folder}");
    }
    let after: Vec<_> = fs::read_dir(".").unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(here, after);
}
