//! SIGHUP loads catalogs and certificate again, as operators expect of a
//! server.

pub(crate) use system::Hangups;

#[cfg(unix)]
mod system {
    use std::io::{self, Read as _};
    use std::os::unix::net::UnixStream;
    use std::thread;

    use signal_hook::consts::SIGHUP;
    use signal_hook::low_level::pipe;

    /// Listens for SIGHUP: each is a byte in a pipe.
    pub(crate) struct Hangups(UnixStream);

    impl Hangups {
        /// From now on the signal does not end the process.
        ///
        /// # Errors
        ///
        /// Returns an error if the system refuses.
        pub(crate) fn listen() -> io::Result<Self> {
            let (receiver, sender) = UnixStream::pair()?;
            pipe::register(SIGHUP, sender)?;
            Ok(Self(receiver))
        }

        /// Does this at each signal, on a thread of its own.
        ///
        /// # Errors
        ///
        /// Returns an error if the system starts no thread.
        pub(crate) fn at_each(self, act: impl Fn() + Send + 'static) -> io::Result<()> {
            let mut signals = self.0;
            let wait = move || {
                // Several signals at once are one.
                while matches!(signals.read(&mut [0; 64]), Ok(1..)) {
                    act();
                }
            };
            thread::Builder::new().name("headcount-hangup".to_owned()).spawn(wait).map(drop)
        }
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    /// There is no such signal.
    pub(crate) struct Hangups;

    impl Hangups {
        #[expect(clippy::unnecessary_wraps, reason = "Unix may refuse")]
        pub(crate) fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        #[expect(clippy::unnecessary_wraps, reason = "Unix may refuse")]
        pub(crate) fn at_each(self, _act: impl Fn() + Send + 'static) -> io::Result<()> {
            Ok(())
        }
    }
}
