//! A small disk: a file system in memory where that may be mounted, otherwise
//! a limit on the size of files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::limits::{BALLAST_BYTES, DISK_BYTES};
use super::server::Launch;
use crate::Fault;

/// A folder that holds little.
#[derive(Debug)]
pub(crate) struct SmallDisk {
    /// The folder.
    pub(crate) folder: PathBuf,
    kind: Kind,
}

/// How it is small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As a file system, with some of it taken by a file that can be removed.
    Mounted,
    /// By `ulimit -f`, which a server gets when it starts.
    Limited,
}

impl SmallDisk {
    /// Makes it.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub(crate) fn make(folder: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(folder)?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={DISK_BYTES}"), "none"]).arg(folder);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        let kind = if mounted { Kind::Mounted } else { Kind::Limited };
        let disk = Self { folder: folder.to_owned(), kind };
        if kind == Kind::Mounted {
            fs::write(disk.ballast(), vec![1; BALLAST_BYTES])?;
        }
        Ok(disk)
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }

    /// What it is, in words.
    pub(crate) fn told(&self) -> String {
        match self.kind {
            Kind::Mounted => format!("a file system of {} MiB", DISK_BYTES >> 20),
            Kind::Limited => {
                let mib = (DISK_BYTES - BALLAST_BYTES as u64) >> 20;
                format!("files limited to {mib} MiB, since no file system may be mounted here")
            }
        }
    }

    /// How a server is started that has only this disk.
    pub(crate) fn restrict(&self, launch: Launch) -> Launch {
        if self.kind == Kind::Mounted {
            return launch;
        }
        // In units of 512 bytes; the signal would end the server.
        let blocks = (DISK_BYTES - BALLAST_BYTES as u64) / 512;
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let program = launch.program.to_string_lossy().into_owned();
        let mut arguments = vec!["-c".to_owned(), script, "sh".to_owned(), program];
        arguments.extend(launch.arguments);
        Launch { program: PathBuf::from("/bin/sh"), arguments, ..launch }
    }

    /// Makes room, if that is possible while a server runs.
    ///
    /// # Errors
    ///
    /// The file system's.
    pub(crate) fn make_room(&self) -> Result<Room, Fault> {
        if self.kind == Kind::Limited {
            return Ok(Room::AfterStart);
        }
        fs::remove_file(self.ballast())?;
        Ok(Room::Now)
    }
}

/// When there is room again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// At once.
    Now,
    /// For the next server that is started.
    AfterStart,
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if self.kind == Kind::Mounted {
            // What stays mounted is named by the system when the folder is
            // removed.
            let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
        }
    }
}
