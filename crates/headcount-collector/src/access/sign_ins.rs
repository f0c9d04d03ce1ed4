//! Who is signed in. It is kept in memory alone: after a restart people sign in
//! again, and no file has anything to steal.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::credentials::{ReaderName, SecretHash};
use crate::limits;

/// Everybody who is signed in, by the hash of what their browser holds.
#[derive(Debug, Default)]
pub(super) struct SignIns(Mutex<HashMap<SecretHash, SignedIn>>);

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignedIn {
    pub(super) name: ReaderName,
    /// The hash of the stored password at that time.
    pub(super) password: SecretHash,
    /// When it began and when it was last used, in seconds since 1970.
    began: i64,
    used: i64,
}

impl SignIns {
    /// Remembers somebody. If there are too many, the one who came first is
    /// signed out.
    pub(super) fn add(&self, secret: SecretHash, name: ReaderName, password: SecretHash, now: i64) {
        let mut all = self.all();
        all.retain(|_, signed_in| signed_in.holds(now));
        let of_one = all.values().filter(|signed_in| signed_in.name == name).count();
        let crowded = (of_one >= limits::SIGNED_IN_OF_ONE).then_some(&name);
        if crowded.is_some() || all.len() >= limits::SIGNED_IN {
            let may_go = all.iter().filter(|(_, own)| crowded.is_none_or(|name| own.name == *name));
            let oldest = may_go.min_by_key(|(_, own)| own.began).map(|(secret, _)| *secret);
            oldest.and_then(|secret| all.remove(&secret));
        }
        all.insert(secret, SignedIn { name, password, began: now, used: now });
    }

    /// Who holds this secret, as long as it holds.
    pub(super) fn find(&self, secret: SecretHash, now: i64) -> Option<SignedIn> {
        let mut all = self.all();
        let signed_in = all.get_mut(&secret)?;
        if signed_in.holds(now) {
            signed_in.used = signed_in.used.max(now);
            Some(signed_in.clone())
        } else {
            all.remove(&secret);
            None
        }
    }

    pub(super) fn remove(&self, secret: SecretHash) {
        self.all().remove(&secret);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<SecretHash, SignedIn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SignedIn {
    fn holds(&self, now: i64) -> bool {
        // A clock that is set back by days prolongs nothing.
        let since = |time: i64| now.saturating_sub(time);
        since(self.used) <= limits::SIGN_IN_IDLE_SECONDS
            && (-limits::SIGN_IN_IDLE_SECONDS..=limits::SIGN_IN_SECONDS)
                .contains(&since(self.began))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(number: usize) -> SecretHash {
        SecretHash::of(&number.to_string())
    }

    fn maria() -> ReaderName {
        ReaderName::new("maria").unwrap()
    }

    #[test]
    fn a_sign_in_ends_after_idleness_and_after_a_week() {
        let sign_ins = SignIns::default();
        let (idle, most) = (limits::SIGN_IN_IDLE_SECONDS, limits::SIGN_IN_SECONDS);
        sign_ins.add(secret(1), maria(), secret(0), 1_000);
        assert_eq!(sign_ins.find(secret(1), 1_000 + idle).unwrap().name, maria());
        assert_eq!(sign_ins.find(secret(1), 1_000 + idle + idle + 1), None);
        assert_eq!(sign_ins.find(secret(1), 1_000 + idle), None, "it is gone for good");
        sign_ins.add(secret(2), maria(), secret(0), 0);
        for time in (0..=most).step_by(usize::try_from(idle).unwrap()) {
            assert!(sign_ins.find(secret(2), time).is_some(), "{time}");
        }
        assert_eq!(sign_ins.find(secret(2), most + 1), None);
        sign_ins.add(secret(3), maria(), secret(0), 10 * idle);
        assert_eq!(sign_ins.find(secret(3), 0), None, "a clock that was set back");
    }

    #[test]
    fn the_first_of_too_many_is_signed_out() {
        let sign_ins = SignIns::default();
        let name = |number| ReaderName::new(&format!("reader-{number}")).unwrap();
        for number in 0..=limits::SIGNED_IN {
            sign_ins.add(secret(number), name(number), secret(0), i64::try_from(number).unwrap());
        }
        assert_eq!(sign_ins.find(secret(0), 1_000), None);
        assert!(sign_ins.find(secret(1), 1_000).is_some());
        sign_ins.remove(secret(1));
        assert_eq!(sign_ins.find(secret(1), 1_000), None);
    }

    #[test]
    fn one_reader_signs_nobody_else_out() {
        let sign_ins = SignIns::default();
        sign_ins.add(secret(0), maria(), secret(0), 0);
        let otto = ReaderName::new("otto").unwrap();
        for number in 1..=1 + limits::SIGNED_IN_OF_ONE {
            sign_ins.add(secret(number), otto.clone(), secret(0), 1);
        }
        assert!(sign_ins.find(secret(0), 1).is_some());
        let of_otto = (1..=1 + limits::SIGNED_IN_OF_ONE)
            .filter(|number| sign_ins.find(secret(*number), 1).is_some());
        assert_eq!(of_otto.count(), limits::SIGNED_IN_OF_ONE);
    }
}
