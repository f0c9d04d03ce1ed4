//! Requests that no queue's lock stands for: a farewell, a record sent from
//! memory. Each holds a shared lock while it is under way, so that an `off` can
//! wait for them: nothing leaves once it has returned.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::thread;
use std::time::Instant;

use crate::{Paths, limits, private_file};

/// A request under way, until it is dropped.
#[derive(Debug)]
pub(super) struct UnderWay {
    _lock: File,
}

/// Says that a request is about to leave. Whether it may is to be asked after
/// that.
///
/// # Errors
///
/// What the system says.
pub(super) fn begin(paths: &Paths) -> io::Result<UnderWay> {
    private_file::make_folder(&paths.state_folder)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let lock = options.open(paths.sending())?;
    lock.lock_shared()?;
    Ok(UnderWay { _lock: lock })
}

/// Waits until no request is under way that began before; makes nothing.
///
/// # Errors
///
/// One that has not ended after a request's time and more, or what the system
/// says.
pub(crate) fn wait_for_all(paths: &Paths) -> io::Result<()> {
    let file = match OpenOptions::new().read(true).write(true).open(paths.sending()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        file => file?,
    };
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if start.elapsed() < limits::SHIPPER_WAIT => {
                thread::sleep(limits::SENDING_PAUSE);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other(
                    "a request is still under way; wait until it has ended",
                ));
            }
        }
    }
}
