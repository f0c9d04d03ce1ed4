//! Random ids: a secret that never leaves the machine, and its hash.

use std::cell::RefCell;
use std::io;
use std::process;

use headcount_wire::native::DeviceSecret;

use crate::limits;

/// 128 random bits.
///
/// # Errors
///
/// Returns an error if the system has no randomness.
pub(crate) fn secret() -> io::Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

thread_local! {
    /// Each thread has its own: threads that record at once share nothing.
    static POOL: RefCell<Pool> = const { RefCell::new(Pool::new()) };
}

/// 128 random bits for the id of an event, which no other event gets.
///
/// # Errors
///
/// Returns an error if the system has no randomness.
pub(crate) fn event_bits() -> io::Result<[u8; 16]> {
    // The pool is gone if the thread is ending.
    POOL.try_with(|pool| pool.borrow_mut().take()).unwrap_or_else(|_| secret())
}

/// Random bits, taken from the system a few ids at a time.
#[derive(Debug)]
struct Pool {
    bytes: Vec<u8>,
    /// The process that owns these bytes: a child of `fork` has the same bytes
    /// and must not use them.
    process: u32,
}

impl Pool {
    const fn new() -> Self {
        Self { bytes: Vec::new(), process: 0 }
    }

    fn take(&mut self) -> io::Result<[u8; 16]> {
        let process = process::id();
        if self.process != process || self.bytes.is_empty() {
            // Most programs record one event.
            let ids = if self.process == process { limits::POOL_IDS } else { 1 };
            self.bytes.resize(16 * ids, 0);
            self.process = 0;
            getrandom::fill(&mut self.bytes).map_err(io::Error::other)?;
            self.process = process;
        }
        let start = self.bytes.len() - 16;
        let mut bits = [0; 16];
        bits.copy_from_slice(&self.bytes[start..]);
        self.bytes.truncate(start);
        Ok(bits)
    }
}

/// A random name for a file.
///
/// # Errors
///
/// Those of [`secret`].
pub(crate) fn random_hex() -> io::Result<String> {
    Ok(hex(&secret()?))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of a secret; `None` if the text is not one.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 16]> {
    DeviceSecret::from_hex(text).map(DeviceSecret::bytes)
}

/// The id of a secret. A collector that is told the secret derives the same.
pub(crate) fn id(secret: &[u8; 16]) -> String {
    DeviceSecret::from_bytes(*secret).device()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_pool_gives_nothing_twice_and_nothing_to_another_process() {
        let mut pool = Pool::new();
        let taken: HashSet<_> = (0..100).map(|_| pool.take().expect("randomness")).collect();
        assert_eq!(taken.len(), 100);
        // What a child of `fork` finds.
        let ours = pool.bytes.clone();
        assert!(!ours.is_empty());
        let mut child = Pool { bytes: ours.clone(), process: process::id() + 1 };
        let bits = child.take().expect("randomness");
        assert!(!ours.chunks(16).any(|chunk| chunk == bits));
    }

    #[test]
    fn an_id_follows_from_its_secret() {
        assert_eq!(id(&[7; 16]), id(&[7; 16]));
        assert_ne!(id(&[7; 16]), id(&[8; 16]));
        assert_ne!(secret().expect("randomness"), secret().expect("randomness"));
        assert_eq!(from_hex(&hex(&[7; 16])), Some([7; 16]));
    }
}
