//! `headcount backup`: a copy of a data folder, also while the collector runs.

use headcount_collector::offline::{self, BackupProgress, BackupReport};
use serde_json::json;

use crate::args::Backup;
use crate::print;
use crate::progress::Progress;

const MIB: u64 = 1024 * 1024;

/// Copies the folder. 1 where it cannot: then there is nothing that could be
/// taken for a backup.
pub(crate) fn run(backup: &Backup) -> u8 {
    let mut progress = Progress::new();
    let done = offline::back_up(&backup.folder.data, &backup.to, &mut |so_far| match so_far {
        BackupProgress::Copied(copied, whole) => {
            progress.tell(|| format!("{} of {} MiB copied", copied / MIB, whole.div_ceil(MIB)));
        }
        BackupProgress::Examining => {
            progress.tell_next("everything is copied; the copy is being examined");
        }
    });
    progress.end();
    match done {
        Ok(report) => {
            told(backup, report);
            0
        }
        Err(error) => {
            print::err(format_args!("headcount backup: {error}\n"));
            1
        }
    }
}

fn told(backup: &Backup, report: BackupReport) {
    let BackupReport { events, catalogs, bytes } = report;
    let to = backup.to.display();
    if backup.json {
        let to = to.to_string();
        let line = json!({"to": to, "events": events, "catalogs": catalogs, "bytes": bytes});
        print::out(format_args!("{line}\n"));
    } else {
        print::out(format_args!(
            "{to} has everything: {events} events, {catalogs} catalogs, {} MiB. Restore it with \
             `headcount serve --data {to}`.\n",
            bytes.div_ceil(MIB)
        ));
    }
}
