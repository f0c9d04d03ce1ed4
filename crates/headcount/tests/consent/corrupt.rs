//! Settings that cannot be trusted: telemetry is off, nothing is touched, and
//! `status` says which file it is and why.
//!
//! The product is on by default, so that nothing but the broken file keeps it
//! off.

use std::fs;
use std::path::Path;

use headcount::consent::{ConsentState, Why};
use headcount::{Catalog, RecordError, person};
use headcount_testkit::Home;

use crate::damage::{self, Damage};
use crate::scene::{self, Said};

struct Format {
    extension: &'static str,
    /// A file that says yes.
    whole: &'static str,
    /// What may stand at its end as often as one likes.
    padding: &'static str,
}

const JSON: Format = Format {
    extension: "json",
    whole: "{\"model\": \"large\", \"telemetry\": {\"enabled\": true}}\n",
    padding: " \n                                                                       ",
};

const TOML: Format = Format {
    extension: "toml",
    whole: "# Mine.\n[telemetry]\nenabled = true\n",
    padding: "# More of the same, for as long as it takes to be too long.\n",
};

const YAML: Format = Format {
    extension: "yaml",
    whole: "# Mine.\ntelemetry:\n  enabled: true\n",
    padding: "# More of the same, for as long as it takes to be too long.\n",
};

impl Format {
    /// A product that is on unless somebody says no.
    fn catalog(&self) -> &'static Catalog {
        let file = format!("\"config.{}\"", self.extension);
        let text = scene::text_of("atomcode");
        scene::catalog(&scene::edited(&text, &[("\"config.toml\"", &file)]))
    }

    fn file(&self) -> String {
        format!(".atomcode/config.{}", self.extension)
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// An event this product could record any time.
fn any_event(catalog: &'static Catalog) -> Said {
    Said::new(catalog, "open_atomcode", &[])
}

/// Everything that must hold while the file at `file` is as it is.
fn is_off_and_untouched(catalog: &'static Catalog, home: &Home, file: &Path, what: &str) {
    let before = scene::tree(home);
    let session = scene::open(catalog, home);
    assert_eq!(session.decision().state(), ConsentState::Off, "{what}");
    match &session.decision().winner().why {
        Why::File { path, problem } => {
            assert_eq!(path, file, "{what}");
            assert!(problem.len() > 10, "{what}: {problem}");
        }
        other => panic!("{what}: {other}"),
    }
    let refused = session.try_record(&any_event(catalog));
    assert!(refused.as_ref().is_err_and(RecordError::is_off), "{what}: {refused:?}");

    let status = person::run(&session, &words(&["status"]));
    assert_eq!((status.code, status.err.as_str()), (0, ""), "{what}");
    let reason = format!("file:{}", file.display());
    assert!(status.out.contains(&reason), "{what}: {}", status.out);
    let Why::File { problem, .. } = &session.decision().winner().why else { unreachable!() };
    let first = problem.lines().next().unwrap_or_default();
    assert!(status.out.contains(first), "{what}: {problem}\n{}", status.out);

    let status = person::run(&session, &words(&["status", "--json"]));
    assert_eq!((status.code, status.out.lines().count()), (0, 1), "{what}");
    let told: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!((&told["on"], &told["reason"]), (&false.into(), &reason.into()), "{what}");
    assert_eq!(person::run(&session, &words(&["inspect"])).code, 0, "{what}");
    session.finish();
    assert_eq!(scene::tree(home), before, "{what}");
}

/// A yes either mends the file or leaves it alone, in one sentence.
fn can_be_answered_or_is_left(catalog: &'static Catalog, home: &Home, file: &Path, what: &str) {
    let bytes = || file.metadata().is_ok_and(|it| it.is_file()).then(|| fs::read(file).ok());
    let before = bytes();
    let reply = person::run(&scene::open(catalog, home), &words(&["on"]));
    let on = scene::open(catalog, home).decision().is_on();
    if reply.code == 0 {
        assert!(on, "{what}: {}", reply.out);
    } else {
        assert!(!on, "{what}");
        assert_eq!(reply.err.trim_end().lines().count(), 1, "{what}: {}", reply.err);
        assert!(reply.err.contains(&*file.to_string_lossy()), "{what}: {}", reply.err);
        assert_eq!(bytes(), before, "{what}");
    }
}

fn check(format: &Format, damages: &[Damage]) {
    let catalog = format.catalog();
    let home = Home::new();
    home.write(&format.file(), format.whole);
    assert!(scene::open(catalog, &home).decision().is_on(), "it is on before");
    assert!(damages.len() > 30);
    for Damage { what, bytes } in damages {
        let home = Home::new();
        let file = home.write(&format.file(), bytes);
        is_off_and_untouched(catalog, &home, &file, what);
        can_be_answered_or_is_left(catalog, &home, &file, what);
    }
}

#[test]
fn broken_json_is_off() {
    let mut damages = damage::of_any(JSON.whole, JSON.padding);
    damages.extend(damage::json(JSON.whole));
    check(&JSON, &damages);
}

#[test]
fn broken_toml_is_off() {
    let mut damages = damage::of_any(TOML.whole, TOML.padding);
    damages.extend(damage::toml());
    check(&TOML, &damages);
}

#[test]
fn broken_yaml_is_off() {
    let mut damages = damage::of_any(YAML.whole, YAML.padding);
    damages.extend(damage::yaml());
    check(&YAML, &damages);
}

/// What is no regular file at all, or not the person's alone.
#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use super::*;

    /// A user that nobody is.
    const NOBODY: u32 = 54_321;

    fn check(what: &str, make: impl Fn(&Path)) {
        for format in [JSON, TOML, YAML] {
            let catalog = format.catalog();
            let home = Home::new();
            home.write(".atomcode/other", format.whole);
            let file = home.path().join(format.file());
            make(&file);
            is_off_and_untouched(catalog, &home, &file, what);
            can_be_answered_or_is_left(catalog, &home, &file, what);
        }
    }

    fn mode(file: &Path, mode: u32) {
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn is_root() -> bool {
        let home = Home::new();
        chown(home.write("file", ""), Some(NOBODY), None).is_ok()
    }

    #[test]
    fn a_folder_in_its_place_is_off() {
        check("a folder", |file| fs::create_dir(file).unwrap());
    }

    #[test]
    fn a_pipe_in_its_place_is_off_and_hangs_nobody() {
        check("a pipe", |file| {
            let made = std::process::Command::new("mkfifo").arg(file).status().unwrap();
            assert!(made.success());
        });
    }

    #[test]
    fn a_device_in_its_place_is_off() {
        check("a device", |file| symlink("/dev/null", file).unwrap());
        check("an endless device", |file| symlink("/dev/zero", file).unwrap());
    }

    #[test]
    fn a_socket_in_its_place_is_off() {
        check("a socket", |file| drop(std::os::unix::net::UnixListener::bind(file).unwrap()));
    }

    #[test]
    fn a_link_that_leads_nowhere_or_round_in_circles_is_off() {
        check("nowhere", |file| symlink("nowhere", file).unwrap());
        check("in circles", |file| symlink(file.file_name().unwrap(), file).unwrap());
        check("through a file", |file| symlink("other/deeper", file).unwrap());
    }

    #[test]
    fn a_file_where_its_folder_should_be_is_off() {
        let catalog = TOML.catalog();
        let home = Home::new();
        home.write(".atomcode", "");
        is_off_and_untouched(catalog, &home, &home.path().join(TOML.file()), "no folder");
    }

    #[test]
    fn a_file_that_everybody_may_write_is_off() {
        check("everybody's", |file| {
            fs::copy(file.with_file_name("other"), file).unwrap();
            mode(file, 0o666);
        });
        check("everybody's, by a link", |file| {
            mode(&file.with_file_name("other"), 0o602);
            symlink("other", file).unwrap();
        });
    }

    #[test]
    fn a_file_that_cannot_be_read_is_off() {
        if is_root() {
            return; // To whom everything is readable.
        }
        check("unreadable", |file| {
            fs::copy(file.with_file_name("other"), file).unwrap();
            mode(file, 0o000);
        });
    }

    #[test]
    fn what_another_user_made_is_off() {
        if !is_root() {
            return; // Only root gives files away.
        }
        check("another user's", |file| {
            fs::copy(file.with_file_name("other"), file).unwrap();
            chown(file, Some(NOBODY), None).unwrap();
        });
        check("another user's link", |file| {
            symlink("other", file).unwrap();
            std::os::unix::fs::lchown(file, Some(NOBODY), None).unwrap();
        });
    }

    /// One's own link to one's own file is how dotfiles are kept.
    #[test]
    fn ones_own_link_is_followed_and_stays_one() {
        for format in [JSON, TOML, YAML] {
            let catalog = format.catalog();
            let home = Home::new();
            let other = home.write(".atomcode/other", format.whole);
            let file = home.path().join(format.file());
            symlink("other", &file).unwrap();
            assert!(scene::open(catalog, &home).decision().is_on());
            assert_eq!(person::run(&scene::open(catalog, &home), &words(&["off"])).code, 0);
            assert!(file.is_symlink());
            assert!(fs::read_to_string(other).unwrap().contains("false"));
        }
    }
}
