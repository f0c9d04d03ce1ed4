//! Files that cannot be read at a moment, and those that nobody can read.

use std::fs;

use super::{MONTHLY, after, catalog, used};
use crate::disk::tally;

/// A socket in the place of a file: it cannot be opened, as a sound file cannot
/// be while the process has too many of them open.
#[cfg(target_os = "linux")]
fn unreadable(path: &std::path::Path) {
    fs::remove_file(path).ok();
    std::os::unix::net::UnixListener::bind(path).expect("a socket");
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_read_just_now_is_neither_removed_nor_replaced() {
    use super::{PLANTED, Two, open, record};
    use crate::disk::left::Left;
    use crate::disk::tally::Loss;
    use crate::disk::{agent_notes, kept, quarantine};

    let catalog = catalog("file = \"device\"", "keep-id");
    let (home, paths) = used(catalog);
    let files =
        [paths.quarantine(), paths.sent(), paths.receipts(), paths.agent_notes(), paths.tally()];
    files.iter().for_each(|path| unreadable(path));
    // A shipment adds to these logs, and removes what is too old from them.
    let destinations = Two::default();
    record(catalog, &home, after(40));
    tally::leave(&paths, Loss::Full);
    open(catalog, &home, after(40)).flush(&destinations);
    assert!(!destinations.0.borrow().is_empty(), "it was sent all the same");
    quarantine::drop_lines(&paths, |_| true).unwrap_err();
    agent_notes::read(&paths).unwrap_err();
    tally::release(catalog, &paths, after(40).day()).unwrap_err();
    kept::sweep_id(&paths, PLANTED).unwrap_err();
    for path in files {
        let kind = fs::symlink_metadata(&path).map(|metadata| metadata.is_file());
        assert!(kind.is_ok_and(|is_file| !is_file), "{}", path.display());
    }
    assert!(paths.unrecorded().exists(), "it is counted when the tally can be read");
    unreadable(&paths.left());
    Left::default().write(&paths.left()).unwrap_err();
}

/// The id of a month that is over must not stay in it.
#[test]
fn a_tally_that_is_damaged_goes_with_the_id() {
    let catalog = catalog(MONTHLY, "keep-id");
    let (_home, paths) = used(catalog);
    fs::write(paths.tally(), [0xff, b'\n']).unwrap();
    tally::release(catalog, &paths, after(26).day()).unwrap();
    assert!(!paths.tally().exists());
}
