//! Turns the address of a client into a number that means nothing an hour
//! later.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::connection_facts::PeerHash;
use crate::limits;

/// The salt under which addresses are hashed: random, in memory alone, and
/// replaced every [`limits::PEER_SALT_TIME`]. Nobody can then say which address
/// a hash was of, not even by trying all of them.
pub(crate) struct PeerSalt(Mutex<Salt>);

struct Salt {
    bytes: [u8; 32],
    since: Instant,
}

impl PeerSalt {
    /// # Errors
    ///
    /// Returns an error if the system has no random bytes.
    pub(crate) fn new(now: Instant) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(Mutex::new(Salt { bytes, since: now })))
    }

    /// The hash of an address; of the first half of one of IPv6, because every
    /// household and every machine that is rented has as many as fit into the
    /// other half.
    pub(crate) fn hash(&self, address: IpAddr) -> PeerHash {
        let mut network = match address.to_canonical() {
            IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
            IpAddr::V6(address) => {
                let mut octets = address.octets();
                octets[8..].fill(0);
                octets
            }
        };
        let hash = Sha256::new().chain_update(self.salt().bytes).chain_update(network).finalize();
        network.fill(0);
        let (first, _) = hash.split_at(8);
        PeerHash(first.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    /// Replaces the salt if it is old enough, and says whether it did.
    pub(crate) fn replace_if_old(&self, now: Instant) -> bool {
        let mut salt = self.salt();
        if now.saturating_duration_since(salt.since) < limits::PEER_SALT_TIME {
            return false;
        }
        let mut bytes = [0; 32];
        if getrandom::fill(&mut bytes).is_err() {
            // The system has no random bytes now. From this one nobody gets
            // back to the one before.
            bytes = Sha256::digest(salt.bytes).into();
        }
        *salt = Salt { bytes, since: now };
        true
    }

    fn salt(&self) -> MutexGuard<'_, Salt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_network_is_one_peer() {
        let salt = PeerSalt::new(Instant::now()).unwrap();
        let hash = |text: &str| salt.hash(text.parse().unwrap());
        assert_eq!(hash("203.0.113.5"), hash("203.0.113.5"));
        assert_eq!(hash("203.0.113.5"), hash("::ffff:203.0.113.5"));
        assert_ne!(hash("203.0.113.5"), hash("203.0.113.6"));
        assert_eq!(hash("2001:db8:1:2::1"), hash("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(hash("2001:db8:1:2::1"), hash("2001:db8:1:3::1"));
        assert_ne!(hash("::1"), hash("127.0.0.1"));
    }

    #[test]
    fn another_hour_and_another_collector_have_another_salt() {
        let start = Instant::now();
        let (salt, other) = (PeerSalt::new(start).unwrap(), PeerSalt::new(start).unwrap());
        let address = "203.0.113.5".parse().unwrap();
        let before = salt.hash(address);
        assert_ne!(before, other.hash(address));
        let second = Duration::from_secs(1);
        assert!(!salt.replace_if_old(start + limits::PEER_SALT_TIME - second));
        assert_eq!(salt.hash(address), before);
        assert!(salt.replace_if_old(start + limits::PEER_SALT_TIME));
        assert_ne!(salt.hash(address), before);
        assert!(!salt.replace_if_old(start + limits::PEER_SALT_TIME + second));
    }
}
