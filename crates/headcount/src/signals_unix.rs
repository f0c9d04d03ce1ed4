//! Signals of Unix: each is a byte in a pipe.

use std::io::{self, Read as _};
use std::os::unix::net::UnixStream;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::low_level::pipe;

#[derive(Debug)]
pub(super) struct Signals(UnixStream);

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        let (receiver, sender) = UnixStream::pair()?;
        pipe::register(SIGINT, sender.try_clone()?)?;
        pipe::register(SIGTERM, sender)?;
        Ok(Self(receiver))
    }

    pub(super) fn first(mut self) {
        // An error means that no signal can arrive any more, which ends the
        // wait too.
        let _ = self.0.read_exact(&mut [0]);
    }
}
