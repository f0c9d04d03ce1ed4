//! Files of the person's alone: whole or not at all, and nobody else's.

use headcount_testkit::Home;

use super::*;
#[cfg(unix)]
use crate::disk::lock::hold;

fn names(home: &Home) -> Vec<String> {
    home.tree().into_iter().map(|entry| entry.path).collect()
}

#[test]
fn a_file_is_written_whole_and_read_back() {
    let home = Home::new();
    let path = home.path().join("a/b/settings.json");
    write(&path, "one").unwrap();
    write(&path, "two").unwrap();
    assert_eq!(read(&path).unwrap().as_deref(), Some("two"));
    assert_eq!(names(&home), ["a/", "a/b/", "a/b/settings.json"]);
    assert_eq!(read(&home.path().join("a/c/settings.json")).unwrap(), None);
}

/// Neither half of a new file nor the loss of the old one.
#[test]
fn what_cannot_be_written_leaves_everything_as_it_was() {
    let home = Home::new();
    // A folder in its place, with something in it.
    home.write("folder/settings.json/file", "mine");
    write(&home.path().join("folder/settings.json"), "new").unwrap_err();
    // A file where its folder should be.
    home.write("file", "mine");
    write(&home.path().join("file/settings.json"), "new").unwrap_err();
    write(&home.path().join("file/deeper/settings.json"), "new").unwrap_err();
    // A name with no room beside it for that of the new file: 255 bytes are the
    // most of every common file system.
    let long = format!("{}.json", "s".repeat(245));
    let path = home.write(&long, "mine");
    write(&path, "new").unwrap_err();
    assert_eq!(home.read("folder/settings.json/file"), "mine");
    assert_eq!((home.read("file"), home.read(&long)), ("mine".to_owned(), "mine".to_owned()));
    let expected = ["file", "folder/", "folder/settings.json/", "folder/settings.json/file", &long];
    assert_eq!(names(&home), expected);
}

/// What a killed process left may hold an id that was deleted since.
#[test]
fn what_a_killed_writer_left_goes_with_the_next_one() {
    let home = Home::new();
    let left = format!(".settings.json.{}", "0a".repeat(16));
    let others = [".settings.json", ".settings.json.backup", "settings.json.0a"];
    for name in others.iter().chain([&left.as_str()]) {
        home.write(name, "mine");
    }
    let path = home.path().join("settings.json");
    write(&path, "new").unwrap();
    let expected = [others[0], others[1], "settings.json", others[2]];
    assert_eq!(names(&home), expected);
    home.write(&left, "mine");
    remove(&path).unwrap();
    assert_eq!(names(&home), others);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    /// As `ln -s /dev/null settings.json` is one, which root could replace.
    #[test]
    fn what_is_not_a_file_is_not_replaced_through_a_link() {
        use std::os::unix::fs::FileTypeExt as _;

        let home = Home::new();
        let (pipe, path) = (home.path().join("pipe"), home.path().join("settings.json"));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        symlink("pipe", &path).unwrap();
        let error = write(&path, "no").unwrap_err();
        assert!(error.to_string().contains(NOT_REGULAR), "{error}");
        crate::disk::refusal::write(&path, Expected::Anything, None, "no").unwrap_err();
        crate::disk::link::rewrite(&path, "no").unwrap();
        let _ = crate::disk::link::wipe(&path);
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(names(&home), ["pipe", "settings.json"]);
    }

    #[test]
    fn new_files_are_the_persons_alone_and_old_ones_keep_their_mode() {
        let home = Home::new();
        let path = home.path().join("new/settings.json");
        write(&path, "one").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        write(&path, "two").unwrap();
        assert_eq!(mode(&path), 0o644);
        let other = home.path().join("new/lines");
        append(&other, "one\n").unwrap();
        append(&other, "two\n").unwrap();
        assert_eq!((mode(&other), home.read("new/lines").as_str()), (0o600, "one\ntwo\n"));
    }

    #[test]
    fn a_file_of_ours_that_became_everybodys_is_ones_own_again() {
        let home = Home::new();
        let path = home.write("state.json", "old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        read(&path).unwrap_err();
        write(&path, "new").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("new"));
    }

    #[test]
    fn a_link_stays_one_and_one_that_leads_nowhere_is_left_alone() {
        let home = Home::new();
        let file = home.write("dotfiles/settings.json", "one");
        let link = home.path().join("settings.json");
        symlink(&file, &link).unwrap();
        write(&link, "two").unwrap();
        assert!(link.is_symlink());
        assert_eq!(home.read("dotfiles/settings.json"), "two");
        fs::remove_file(&file).unwrap();
        assert!(read(&link).unwrap_err().to_string().contains("does not exist"));
    }

    #[test]
    fn what_is_appended_or_locked_is_never_a_link() {
        let home = Home::new();
        let file = home.write("file", "mine");
        let link = home.path().join("link");
        symlink(&file, &link).unwrap();
        append(&link, "more").unwrap_err();
        hold(&link).unwrap_err();
        assert_eq!(home.read("file"), "mine");
    }
}

/// A lock whose file goes while others wait for it locks them all the same.
#[test]
fn a_lock_that_is_removed_still_lets_one_in_at_a_time() {
    // A change of names takes far longer on Windows.
    let (threads, rounds) = if cfg!(windows) { (4, 50) } else { (8, 300) };
    let home = Home::new();
    let path = home.path().join("state/change.lock");
    let inside = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _patient = in_use::Patient::thread();
                for _ in 0..rounds {
                    let held = crate::disk::lock::hold(&path).unwrap();
                    let others = inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    assert_eq!(others, 0);
                    std::thread::yield_now();
                    inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    held.remove();
                }
            });
        }
    });
    assert_eq!(names(&home), Vec::<String>::new());
}

#[test]
fn a_file_of_utf_16_is_told_from_other_bytes() {
    let text = "{\"on\": false}";
    let (little, big): (Vec<u8>, Vec<u8>) = (
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    );
    let mark = |bytes: &[u8], mark: [u8; 2]| [&mark[..], bytes].concat();
    for bytes in [mark(&little, [0xff, 0xfe]), mark(&big, [0xfe, 0xff]), little, big] {
        let problem = decoded(bytes).expect_err("it is not UTF-8");
        assert!(problem.ends_with("save it as UTF-8"), "{problem}");
    }
    for (bytes, problem) in [(&b"\0\0\0"[..], None), (b"{\xff}", Some("not valid UTF-8"))] {
        assert_eq!(decoded(bytes.to_vec()).err(), problem);
    }
    for bytes in ["", "a", "\u{feff}{}", "{\r\n}", text] {
        assert_eq!(decoded(bytes.into()).as_deref(), Ok(bytes));
    }
}

#[test]
fn a_change_begins_anew_where_somebody_else_writes_and_a_no_is_written_at_last() {
    let home = Home::new();
    let path = home.path().join("settings.json");
    let mut turns = 0;
    let mut add = |text: &str, every: usize| {
        retried(|turn| {
            let before = read(&path)?;
            turns += 1;
            if turns % every == 0 {
                fs::write(&path, format!("{}other {turns}\n", before.as_deref().unwrap_or("")))
                    .unwrap();
            }
            let expected = Expected::read(before.as_deref());
            let expected = if text == "no" { turn.of_a_no(expected) } else { expected };
            write_over(&path, expected, &format!("{}{text}\n", before.as_deref().unwrap_or("")))
        })
    };
    add("one", 2).unwrap();
    // Somebody creates the file that was missing, or changes it, once.
    add("two", 2).unwrap();
    assert_eq!(home.read("settings.json"), "one\nother 2\ntwo\n");
    assert!(add("three", 1).unwrap_err().is_changed());
    assert!(!home.read("settings.json").contains("three"));
    add("no", 1).unwrap();
    assert!(home.read("settings.json").ends_with("no\n"));
    fs::remove_file(&path).unwrap();
    assert!(write_over(&path, Expected::Text("one\n"), "two\n").unwrap_err().is_changed());
    assert_eq!(names(&home), Vec::<String>::new());
}

#[cfg(windows)]
mod windows {
    use std::os::windows::fs::OpenOptionsExt as _;
    use std::os::windows::io::AsRawHandle as _;
    use std::ptr;

    use headcount_queue::{WhoElse, access_list_of};
    use windows_sys::Win32::Foundation::GENERIC_READ;
    use windows_sys::Win32::Security::Authorization::{SE_FILE_OBJECT, SetSecurityInfo};
    use windows_sys::Win32::Security::{
        DACL_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION,
    };
    use windows_sys::Win32::Storage::FileSystem::WRITE_DAC;

    use super::*;

    /// Takes the access list away: then everybody may do everything.
    fn open_to_everybody(path: &Path) {
        let mut options = OpenOptions::new();
        let file = options.access_mode(GENERIC_READ | WRITE_DAC).open(path).unwrap();
        // SAFETY: the handle is open until the end of this function, and all
        // pointers are null, which the call allows.
        #[expect(unsafe_code, reason = "std cannot set an access list")]
        let code = unsafe {
            SetSecurityInfo(
                file.as_raw_handle(),
                SE_FILE_OBJECT,
                DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null(),
                ptr::null(),
            )
        };
        assert_eq!(code, 0);
    }

    fn list(path: &Path) -> (WhoElse, WhoElse, bool) {
        let list = access_list_of(&File::open(path).unwrap()).unwrap();
        (list.readers, list.writers, list.is_of_another_user)
    }

    #[test]
    fn new_files_are_the_persons_alone() {
        let home = Home::new();
        let path = home.path().join("new/settings.json");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        let other = home.path().join("new/lines");
        append(&other, "one\n").unwrap();
        append(&other, "two\n").unwrap();
        let lock = crate::disk::lock::hold(&home.path().join("new/change.lock")).unwrap();
        let alone = (WhoElse::OwnerAlone, WhoElse::OwnerAlone, false);
        for name in ["new/settings.json", "new/lines", "new/change.lock"] {
            assert_eq!(list(&home.path().join(name)), alone, "{name}");
        }
        drop(lock);
    }

    #[test]
    fn a_file_of_ours_that_became_everybodys_is_ones_own_again() {
        let home = Home::new();
        let path = home.path().join("state.json");
        write(&path, "old").unwrap();
        open_to_everybody(&path);
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("everybody can write to it"), "{error}");
        write(&path, "new").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("new"));
    }

    #[test]
    fn a_file_that_is_marked_as_read_only_is_replaced_keeps_the_mark_and_goes() {
        let home = Home::new();
        let path = home.write("state.json", "old");
        let mut marked = fs::metadata(&path).unwrap().permissions();
        marked.set_readonly(true);
        fs::set_permissions(&path, marked).unwrap();
        write(&path, "new").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("new"));
        assert!(fs::metadata(&path).unwrap().permissions().readonly());
        assert_eq!(names(&home), ["state.json"]);
        remove(&path).unwrap();
        assert_eq!(names(&home), Vec::<String>::new());
    }

    #[test]
    fn every_name_of_a_file_loses_the_content() {
        let home = Home::new();
        let ours = home.write("ours", "secret");
        fs::hard_link(&ours, home.path().join("theirs")).unwrap();
        crate::disk::link::wipe(&ours).unwrap();
        assert!(!ours.exists());
        assert_eq!(home.read("theirs"), "");
    }
}
