//! Who holds the lock of a data folder, told in a file beside the lock: Windows
//! lets nobody else read a file that is locked.
//!
//! ```text
//! process=4711 since=1795176000 address=http://127.0.0.1:7070
//! ```
//!
//! Only the lock says whether a folder is in use. The note is read when the
//! lock is held, and never believed when it is free.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use headcount_catalog::{Grain, Time};

use crate::limits;

/// Who holds the lock of a data folder. It names no person and no machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockHolder {
    /// The number of the process.
    pub process: u32,
    /// Where it listens, as a URL, if it does.
    pub address: Option<String>,
    /// When it began to use the folder.
    pub since: Time,
}

impl LockHolder {
    /// Reads the note; `None` if there is none that can be read. It may be half
    /// written.
    pub(super) fn read(note: &Path) -> Option<Self> {
        // A pipe would never end, a device may do anything, and a link may lead
        // anywhere.
        if !note.symlink_metadata().ok()?.is_file() {
            return None;
        }
        let mut text = String::new();
        File::open(note).ok()?.take(limits::LOCK_NOTE_BYTES).read_to_string(&mut text).ok()?;
        Self::parse(text.strip_suffix('\n')?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let process = words.next()?.strip_prefix("process=")?.parse().ok()?;
        let since = words.next()?.strip_prefix("since=")?.parse().ok()?;
        let address = match words.next() {
            None => None,
            Some(word) => Some(word.strip_prefix("address=")?),
        };
        let is_plain = |address: &str| address.bytes().all(|byte| byte.is_ascii_graphic());
        let is_whole = words.next().is_none() && address.is_none_or(is_plain);
        let (address, since) = (address.map(str::to_owned), Time::from_seconds(since));
        is_whole.then_some(Self { process, address, since })
    }

    /// Writes the note. Without it, others are told less.
    pub(super) fn write(&self, note: &Path, options: &mut OpenOptions) {
        let Self { process, address, since } = self;
        let mut text = format!("process={process} since={}", since.seconds());
        if let Some(address) = address {
            text.push_str(" address=");
            text.push_str(address);
        }
        text.push('\n');
        let file = own(note).or_else(|| {
            // Whatever else has the name loses the name, and nothing more.
            let _ = fs::remove_file(note);
            options.write(true).create_new(true).open(note).ok()
        });
        if let Some(mut file) = file {
            let _ = file.set_len(0).and_then(|()| file.write_all(text.as_bytes()));
        }
    }

    /// Empties the note, if there is one.
    pub(super) fn erase(note: &Path) {
        if let Some(file) = own(note) {
            let _ = file.set_len(0);
        }
    }
}

/// Opens the note for writing; `None` if that would open anything but a regular
/// file that has no other name. Whoever may write in the folder must not have
/// another file emptied, by somebody who may write that one.
fn own(note: &Path) -> Option<File> {
    if !note.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let mut options = OpenOptions::new();
    // Somebody may put something else there meanwhile.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NOFOLLOW | libc::O_NONBLOCK,
    );
    let file = options.write(true).open(note).ok()?;
    let found = file.metadata().ok()?;
    #[cfg(unix)]
    let has_one_name = std::os::unix::fs::MetadataExt::nlink(&found) == 1;
    #[cfg(not(unix))]
    let has_one_name = true;
    (found.is_file() && has_one_name).then_some(file)
}

/// As the beginning of a sentence: `process 4711, which listens on …,`.
impl fmt::Display for LockHolder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "process {}", self.process)?;
        match &self.address {
            Some(address) => write!(out, ", which listens on {address},"),
            None => Ok(()),
        }
    }
}

impl LockHolder {
    /// The beginning as a time of UTC, to the minute.
    pub(crate) fn since(&self) -> String {
        let time = self.since.format(Grain::Second);
        let minute = time.get(..16).unwrap_or(&time);
        format!("{} UTC", minute.replace('T', " "))
    }
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn a_note_says_who_holds_the_lock() {
        let home = Home::new();
        let note = home.path().join("a.holder");
        let address = Some("http://127.0.0.1:7070".to_owned());
        let holder =
            LockHolder { process: 4711, address, since: Time::from_seconds(1_795_168_800) };
        holder.write(&note, OpenOptions::new().create(true));
        let read = LockHolder::read(&note).unwrap();
        assert_eq!(read, holder);
        assert_eq!(read.to_string(), "process 4711, which listens on http://127.0.0.1:7070,");
        assert_eq!(read.since(), "2026-11-20 10:00 UTC");
        let without = LockHolder { address: None, ..holder };
        without.write(&note, OpenOptions::new().create(true));
        assert_eq!(LockHolder::read(&note), Some(without));
        LockHolder::erase(&note);
        assert_eq!(LockHolder::read(&note), None);
    }

    #[test]
    fn a_note_that_cannot_be_read_says_nothing() {
        let home = Home::new();
        let nul = "process=1 since=1 address=a\u{7}b\n".as_bytes();
        let long = [b"process=1 since=1 address=".as_slice(), &[b'a'; 9_000], b"\n"].concat();
        for note in [
            b"".as_slice(),
            b"\n",
            b"process=1 since=1",
            b"process=-1 since=1\n",
            b"process=1 since=x\n",
            b"process=1 since=1 host=a\n",
            b"\xff\n",
            b"process=1 since=1 address=a more\n",
            nul,
            &long,
        ] {
            home.write("note", note);
            assert_eq!(LockHolder::read(&home.path().join("note")), None, "{note:?}");
        }
        std::fs::create_dir(home.path().join("folder")).unwrap();
        assert_eq!(LockHolder::read(&home.path().join("folder")), None);
        LockHolder::erase(&home.path().join("folder"));
        assert_eq!(LockHolder::read(&home.path().join("nothing")), None);
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_neither_read_nor_written() {
        let home = Home::new();
        let since = Time::from_seconds(1_795_168_800);
        let holder = LockHolder { process: 4711, address: None, since };
        let told = "process=1 since=1\n";
        let victim = home.write("victim", told);
        let note = home.path().join("a.holder");
        let plant: [fn(&Path, &Path); 2] = [
            |victim, note| std::os::unix::fs::symlink(victim, note).unwrap(),
            |victim, note| fs::hard_link(victim, note).unwrap(),
        ];
        for plant in plant {
            plant(&victim, &note);
            LockHolder::erase(&note);
            assert_eq!(home.read("victim"), told);
            holder.write(&note, OpenOptions::new().create(true));
            assert_eq!(home.read("victim"), told);
            assert_eq!(LockHolder::read(&note).as_ref(), Some(&holder));
            fs::remove_file(&note).unwrap();
        }
        std::os::unix::fs::symlink(&victim, &note).unwrap();
        assert_eq!(LockHolder::read(&note), None);
        // Nothing is made where a link leads.
        fs::remove_file(&victim).unwrap();
        holder.write(&note, OpenOptions::new().create(true));
        assert!(!victim.exists());
        assert_eq!(LockHolder::read(&note), Some(holder));
    }
}
