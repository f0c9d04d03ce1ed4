//! The notice of a product, and the news of a release: when each is due, and
//! that each is shown once.
//!
//! A notice is remembered once it is printed: whoever is killed while it is
//! printed has told nobody, and a later run prints it again. A lock that is
//! held for that long lets one process at a time print it. What is on by
//! default is sent only by a run after the one that told.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::audience::Audience;
use super::reply::call;
use super::screen::{Stream, columns_of, given_columns};
use super::shell::{ShellKind, whole};
use super::terminal::Terminal;
use super::texts;
use super::wrapped::wrapped;
use crate::DiskError;
use crate::built::BUILT;
use crate::consent::{self, Told};
use crate::disk::lock::{self, Held, Patience, Terms};
use crate::disk::private_file;
use crate::disk::state::State;
use crate::standing::Standing;
use crate::{Owner, Paths, Session};

/// A text for the person that is due at this run.
#[must_use = "until it is printed, nothing that is on by default is sent"]
#[derive(Debug)]
pub struct Notice<'a> {
    standing: &'a Standing,
    paths: &'a Paths,
    text: String,
    /// The marker file to create.
    marker: Option<PathBuf>,
    /// Whether it tells what the product reports.
    subject: Subject,
}

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// What the product reports from now on.
    WhatIsReported,
    /// What a release adds, which is withheld.
    News,
    /// That nothing is reported unless the person turns it on.
    NothingIsReported,
}

/// What to print to standard error at this run; almost always `None`.
///
/// A product that is on by default prints its notice at the first run, in a
/// terminal or not, and sends nothing before a later one. A product with a
/// marker file prints it at the very first run, whatever the decision; the
/// marker is the only file created then. After a release that collects more,
/// the withheld data is announced once, in a terminal. Where a program reads
/// standard error, nothing is printed, and nothing counts as said.
///
/// It creates nothing: [`Notice::print`] does, and remembers. If that cannot be
/// remembered, nothing is printed, and nothing is sent.
#[must_use]
pub fn notice(session: &Session, terminal: Terminal, audience: Audience) -> Option<Notice<'_>> {
    let standing = session.opened();
    if !BUILT || audience == Audience::ForMachines {
        return None;
    }
    let paths = standing.paths()?;
    if paths.owner(standing.surroundings()) != Owner::User {
        return None;
    }
    let due = |text, marker, subject| Some(Notice { standing, paths, text, marker, subject });
    let (catalog, call) = (standing.catalog(), call(standing));
    let shell = ShellKind::of(standing.surroundings());
    let marker = catalog.files.marker.map(|marker| paths.folder.join(marker));
    let marker = marker.filter(|marker| marker.symlink_metadata().is_err());
    let is_untold = standing.decision().is_on_by_default(catalog.consent.default)
        && standing.told() == Told::Never;
    if is_untold {
        return due(texts::notice_for(catalog, &call, shell), marker, Subject::WhatIsReported);
    }
    if marker.is_some() {
        return due(texts::notice_for(catalog, &call, shell), marker, Subject::NothingIsReported);
    }
    if terminal == Terminal::Present && has_untold_news(standing) {
        let news = texts::news_for(catalog, standing.withheld(), &call);
        return due(news, None, Subject::News);
    }
    None
}

impl Notice<'_> {
    /// Prints it to standard error, once: not if another run was faster.
    /// Returns whether it is printed. If it cannot be, a later run tries again:
    /// also where standard error is closed, or leads to the null device.
    #[expect(clippy::must_use_candidate, reason = "hosts print it and go on")]
    pub fn print(self) -> bool {
        if is_thrown_away() {
            return false;
        }
        if self.subject == Subject::NothingIsReported {
            return self.print_marked();
        }
        let Ok(Some(alone)) = self.begin() else { return false };
        let printed = self.write();
        if printed {
            self.remember();
        }
        alone.remove();
        printed
    }

    /// Prints what permits nothing. Its marker comes first: it is all that is
    /// kept of it, and where it cannot be kept this would be printed at every
    /// run.
    fn print_marked(&self) -> bool {
        if self.remember() == Shown::Before {
            return false;
        }
        let printed = self.write();
        // Errors are dropped: the disk is as broken as standard error.
        if let Some(marker) = self.marker.as_ref().filter(|_| !printed) {
            let _ = private_file::remove(marker);
        }
        printed
    }

    fn write(&self) -> bool {
        let columns = columns_of(Stream::Err, given_columns(self.standing.surroundings()));
        let text = match columns {
            Some(columns) => wrapped(&whole(&self.text, self.standing), columns),
            None => self.text.clone(),
        };
        io::stderr().write_all(text.as_bytes()).is_ok()
    }

    /// Takes the lock under which the notice is printed; `None` if it was
    /// printed before.
    ///
    /// # Errors
    ///
    /// Returns an error if another process prints it at this moment, or if it
    /// could not be remembered: then it would be printed at every run.
    fn begin(&self) -> Result<Option<Held>, DiskError> {
        let usual = self.paths.usual();
        let alone = lock::hold_for(&usual.telling(), Duration::ZERO)?;
        if told(self.standing, self.paths, Mark::Untold)? == Shown::Before {
            alone.remove();
            return Ok(None);
        }
        Ok(Some(alone))
    }

    /// Returns the text for a host that shows it in another way, which must do
    /// so at once: from now on the person counts as told. `None` if another run
    /// was faster, or if that cannot be remembered.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        (self.remember() == Shown::Now).then_some(self.text)
    }

    /// If it cannot be remembered, it is not shown.
    fn remember(&self) -> Shown {
        let marked = match &self.marker {
            Some(marker) => mark(marker),
            None => Ok(Shown::Now),
        };
        let shown = match (marked, self.subject) {
            (Ok(_), Subject::WhatIsReported | Subject::News) => remember(self.standing, self.paths),
            (marked, _) => marked,
        };
        let shown = shown.unwrap_or(Shown::Before);
        if shown == Shown::Now && self.subject == Subject::WhatIsReported {
            // What is told of is what is agreed to: a later release that
            // reports more has to tell of that.
            if let Some(permit) = self.standing.permit() {
                let is_still_on: &dyn Fn() -> bool = &|| self.standing.still_gives(permit);
                let terms = Terms { patience: Patience::Host, is_still_on };
                let _ = consent::agree(self.standing.catalog(), permit, self.paths, terms);
            }
            self.standing.telemetry().note_told(true);
        }
        shown
    }
}

/// Whether nobody can read what is printed to standard error: it is the null
/// device, which also stands in for a stream that was closed.
#[cfg(unix)]
fn is_thrown_away() -> bool {
    use std::fs::File;
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;

    let stream = io::stderr().as_fd().try_clone_to_owned().map(File::from);
    match (stream.and_then(|stream| stream.metadata()), std::fs::metadata("/dev/null")) {
        (Ok(stream), Ok(null)) => (stream.dev(), stream.ino()) == (null.dev(), null.ino()),
        // It is closed.
        (Err(_), _) => true,
        (Ok(_), Err(_)) => false,
    }
}

/// Likewise: a program without a console may have no stream at all, and the
/// null device is the one character device that is not a console.
#[cfg(windows)]
fn is_thrown_away() -> bool {
    use std::os::windows::io::AsRawHandle as _;
    use windows_sys::Win32::Foundation::INVALID_HANDLE_VALUE;
    use windows_sys::Win32::Storage::FileSystem::{FILE_TYPE_CHAR, GetFileType};

    use super::console;

    let stream = io::stderr().as_raw_handle();
    if stream.is_null() || stream == INVALID_HANDLE_VALUE {
        return true;
    }
    // SAFETY: the handle is the standard error of this process, which std
    // leaves open; the call refuses one that is not, and takes no pointer.
    #[expect(unsafe_code, reason = "std has no way to ask what a stream is")]
    let kind = unsafe { GetFileType(stream) };
    kind == FILE_TYPE_CHAR && console::mode(&io::stderr()).is_err()
}

/// Whether a text is to be shown now, or was shown before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Now,
    Before,
}

/// What is written about a person who was not told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// That they are told now.
    Told,
    /// Nothing yet: whether it can be written is to be known.
    Untold,
}

/// Remembers that the person was told about this catalog.
pub(super) fn remember(standing: &Standing, paths: &Paths) -> Result<Shown, DiskError> {
    told(standing, paths, Mark::Told)
}

fn told(standing: &Standing, paths: &Paths, mark: Mark) -> Result<Shown, DiskError> {
    let usual = paths.usual();
    let _held = lock::hold(&usual.lock())?;
    private_file::retried(|_| {
        let state = State::read(&usual.state).belonging_to(usual.product);
        if state.was_told_of(standing.catalog()) {
            return Ok(Shown::Before);
        }
        match mark {
            Mark::Told => state.told_of(standing.catalog()).write(&usual.state)?,
            Mark::Untold => state.write(&usual.state)?,
        }
        Ok(Shown::Now)
    })
}

/// Creates the marker, unless it exists: of two processes only one prints the
/// notice.
fn mark(path: &Path) -> Result<Shown, DiskError> {
    if let Some(folder) = path.parent() {
        private_file::make_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(Shown::Now),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Shown::Before),
        Err(error) => Err(DiskError::new(path, error)),
    }
}

/// Whether the person was not yet told what is new in this release.
pub(super) fn has_untold_news(standing: &Standing) -> bool {
    let told = |paths: &Paths| {
        let usual = paths.usual();
        State::read(&usual.state).belonging_to(usual.product).was_told_of(standing.catalog())
    };
    standing.is_on()
        && !standing.withheld().is_empty()
        && standing.surroundings().agent_marker().is_none()
        && !standing.paths().is_some_and(told)
}
