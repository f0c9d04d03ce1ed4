//! Tests of the secret's file.

use std::fs;

use headcount_testkit::Home;

use super::*;
use crate::operator_log::tests::Heard;

fn locked(home: &Home) -> DataFolder {
    DataFolder::lock(&home.path().join("data"), "collector.lock").unwrap()
}

fn open(folder: &DataFolder, events: StoredEvents) -> Result<Secret, StartError> {
    super::open(folder, events, &OperatorLog::unread())
}

#[track_caller]
fn refused(folder: &DataFolder, told: &str) -> StartError {
    let Err(error) = open(folder, StoredEvents::None) else { panic!("opened: {told}") };
    assert!(error.to_string().contains(told), "{told}: {error}");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    error
}

#[test]
fn created_once_and_read_afterwards() {
    let home = Home::new();
    let folder = locked(&home);
    home.write("data/.secret.unfinished", "of a crash");
    let first = open(&folder, StoredEvents::None).unwrap();
    assert_eq!(open(&folder, StoredEvents::Some).unwrap().bytes(), first.bytes());
    assert_eq!(examine(folder.path()).unwrap().bytes(), first.bytes());
    assert!(!folder.path().join(".secret.unfinished").exists());
    let other = Home::new();
    assert_ne!(open(&locked(&other), StoredEvents::None).unwrap().bytes(), first.bytes());
}

#[test]
fn a_missing_or_damaged_secret_is_not_replaced() {
    let home = Home::new();
    let folder = locked(&home);
    let Err(missing) = open(&folder, StoredEvents::Some) else { panic!("opened") };
    assert!(missing.to_string().contains("has events but no file `secret`"), "{missing}");
    assert!(missing.is_damaged(), "{missing}");
    for (content, told) in [
        (vec![], "has 0 bytes instead of 32"),
        (b"short".to_vec(), "has 5 bytes instead of 32"),
        (vec![7; 33], "has 33 bytes instead of 32"),
        (vec![7; 100_000], "has 100000 bytes instead of 32"),
    ] {
        let file = private(&home, &content);
        let error = refused(&folder, told);
        assert!(error.is_damaged(), "{error}");
        assert_eq!(fs::read(file).unwrap(), content);
    }
}

/// A secret with this content, for its owner alone.
fn private(home: &Home, content: &[u8]) -> std::path::PathBuf {
    let file = home.write("data/secret", content);
    private_file::make_private(&fs::File::open(&file).unwrap()).unwrap();
    file
}

#[test]
fn a_secret_that_anybody_can_guess_is_refused() {
    let home = Home::new();
    let folder = locked(&home);
    let counter: Vec<u8> = (0..32).collect();
    let downwards: Vec<u8> = (0..32).map(|place: u8| 250_u8.wrapping_sub(place * 8)).collect();
    for content in [
        vec![0; 32],
        vec![0xff; 32],
        b"x".repeat(32),
        b"changeme".repeat(4),
        b"01".repeat(16),
        counter,
        downwards,
    ] {
        private(&home, &content);
        refused(&folder, "is not random");
    }
    private(&home, b"a passphrase of thirty-two bytes");
    assert!(open(&folder, StoredEvents::None).is_ok(), "not ours, and not guessable by its form");
}

#[test]
fn a_folder_in_its_place_is_not_a_secret() {
    let home = Home::new();
    let folder = locked(&home);
    fs::create_dir(folder.path().join(FILE)).unwrap();
    refused(&folder, "is not a regular file");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    fn mode(home: &Home) -> u32 {
        home.path().join("data/secret").metadata().unwrap().permissions().mode() & 0o777
    }

    fn set_mode(home: &Home, mode: u32) {
        let file = home.path().join("data/secret");
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn readable_for_its_owner_alone() {
        let home = Home::new();
        open(&locked(&home), StoredEvents::None).unwrap();
        assert_eq!(mode(&home), 0o600);
    }

    #[test]
    fn what_others_can_write_is_refused_and_what_they_can_read_is_mended() {
        let home = Home::new();
        let folder = locked(&home);
        let first = open(&folder, StoredEvents::None).unwrap();
        for wide in [0o666, 0o620, 0o602, 0o777] {
            set_mode(&home, wide);
            refused(&folder, "can be written by other users");
            assert_eq!(mode(&home), wide);
        }
        for wide in [0o644, 0o640, 0o604] {
            set_mode(&home, wide);
            let Err(examined) = examine(folder.path()) else { panic!("examined") };
            assert!(examined.to_string().contains("set its mode to 600"), "{examined}");
            let heard = Heard::default();
            let again = super::super::open(&folder, StoredEvents::Some, &heard.log()).unwrap();
            assert_eq!((again.bytes(), mode(&home)), (first.bytes(), 0o600));
            let told = heard.sentences();
            assert!(told.len() == 1 && told[0].contains("its mode is 600 now"), "{told:?}");
        }
    }

    /// Only the superuser can give a file away.
    #[test]
    fn a_file_of_another_user_is_refused() {
        let home = Home::new();
        let folder = locked(&home);
        open(&folder, StoredEvents::None).unwrap();
        let file = home.path().join("data/secret");
        if std::os::unix::fs::chown(&file, Some(12_345), None).is_ok() {
            refused(&folder, "belongs to another user");
        }
    }

    #[test]
    fn nothing_but_a_regular_file_is_opened_and_nothing_is_waited_for() {
        let home = Home::new();
        let folder = locked(&home);
        let path = folder.path().join(FILE);
        let status = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(status.success());
        refused(&folder, "is not a regular file");
        fs::remove_file(&path).unwrap();
        let socket = UnixListener::bind(&path).unwrap();
        refused(&folder, "is not a regular file");
        drop(socket);
        fs::remove_file(&path).unwrap();
        for target in ["/dev/zero", "/nowhere", "../elsewhere"] {
            home.write("elsewhere", [7; 32]);
            symlink(target, &path).unwrap();
            refused(&folder, "is not a regular file");
            fs::remove_file(&path).unwrap();
        }
    }
}
